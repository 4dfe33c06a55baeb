//! Who settled what the views show, and who settles the rest.

use crate::asked::{DIRECTORY, FORUMS, rows};
use crate::kit::{ADA, BO, Repository};

#[test]
fn a_target_that_minutes_settled_says_so_and_what_it_was_against() {
    let goals = "objectives: [{ id: O-1, title: Answer, owner: bo, status: active, period: 2026-Q4, key-results: [{ kpi: reply, baseline: 5 hours, \
                 target: 3 hours, current: 3.6 hours, updated: 2026-11-16 }] }]
kpis: [{ id: reply, title: Reply, owner: bo, unit: hours, direction: down, decides: hours, definition: Hours }]
decision-rights: [{ id: hours, title: Hours, owner: bo, covers: Hours }]
forums: [{ id: board, title: Board, chair: ada, cadence: weekly }]
";
    let minutes = "---\nkind: meeting\nforum: board\ndate: 2026-09-29\n---\n\n# Board\n\n## Decisions\n\n- The goals are as in \
                   `strategy/goals.yaml`.\n- The office stays.\n";
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("strategy/goals.yaml", goals),
        ("minutes/2026-09-29.md", minutes),
    ]);
    repository.write(&[("strategy/goals.yaml", &goals.replace("target: 3 hours", "target: 4 hours"))]);
    repository.commit_as("2026-11-09", BO, "Be realistic");
    let digest = ["digest", "--since", "2026-11-01"];
    let settled = "Board on 2026-09-29 (“The goals are as in strategy/goals.yaml.”)";
    assert_eq!(
        rows(&repository, &digest, "Goals that moved", &["settled", "right"]),
        [format!("{settled}; no minutes since then name the change | Bo Ek, as the right hours says")]
    );
    let course = rows(
        &repository,
        &["report", "course"],
        "Is each key result on course? 1 at its target",
        &["state", "way"],
    );
    assert_eq!(
        course,
        [
            "at its target | 140% of the way, 50% of the time on 2026-11-16; 70% of the way to 3 hours, its target until 2026-11-09"
        ]
    );
    // It stays on the agenda until minutes name it.
    repository.write(&[(
        "minutes/2026-11-16.md",
        &minutes.replace("2026-09-29", "2026-11-16").replace("strategy/goals.yaml", "the plan"),
    )]);
    let agenda = || {
        rows(
            &repository,
            &["agenda", "board"],
            "Targets that were moved earlier, and that no minutes or decision has named since",
            &["goal", "what"],
        )
    };
    assert_eq!(agenda(), ["O-1 | target 3 hours to 4 hours"]);
    repository.write(&[("minutes/2026-11-16.md", &minutes.replace("2026-09-29", "2026-11-16"))]);
    assert!(agenda().is_empty(), "{:?}", agenda());
    repository.remove("minutes/2026-11-16.md");
    let later = minutes.replace("2026-09-29", "2026-11-10");
    repository.write(&[("minutes/2026-11-10.md", &later)]);
    assert_eq!(
        rows(&repository, &digest, "Goals that moved", &["settled"]),
        [settled.replace("2026-09-29", "2026-11-10")]
    );
    repository.write(&[
        ("minutes/2026-09-29.md", &minutes.replace("goals.yaml", "goals-of-2025.yaml")),
        ("minutes/2026-11-10.md", &later.replace("strategy/goals.yaml", "the plan")),
    ]);
    assert_eq!(rows(&repository, &digest, "Goals that moved", &["settled"]), [""]);
}

#[test]
fn an_exception_quotes_the_minutes_that_granted_it() {
    let exceptions = "exceptions:
  - { id: E-1, title: Merrow renews at a rebate, rule: decision D-1, scope: [Renewal of Merrow], owner: di, approved-by: ada, reason: r, expires: 2027-01-31 }
  - { id: E-2, title: Alder pays later, rule: decision D-1, scope: [Alder], owner: di, approved-by: bo, reason: r, expires: 2027-01-31 }
  - { id: E-3, title: Lists, rule: ownership/missing, scope: [\"kpi/*\"], owner: di, approved-by: bo, reason: r, expires: 2027-01-31 }
";
    let minutes = "---\nkind: meeting\nforum: board\ndate: 2026-10-20\n---\n\n# Board\n\n## Discussion\n\nThe office is cold.\n\nMerrow renews \
                   for a year. Approved as an exception.\n";
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("governance/forums.yaml", FORUMS),
        ("minutes/2026-10-20.md", minutes),
    ]);
    repository.write(&[("governance/exceptions.yaml", exceptions)]);
    repository.commit_as("2026-11-09", "Di Fox <di@example.org>", "Write it up");
    let found = rows(
        &repository,
        &["report", "exceptions"],
        "Departures from rules",
        &["exception", "right", "minutes", "recorded"],
    );
    assert_eq!(
        found,
        [
            "E-1 | Prices, held by Ada Byron; the approver may allow it | “Merrow renews for a year. Approved as an exception.” (Board, 2026-10-20) | 2026-11-09",
            "E-2 | Prices, held by Ada Byron | no minutes speak of it | 2026-11-09, in a commit of Di Fox, not of who approved it",
            "E-3 |  |  | 2026-11-09, in a commit of Di Fox, not of who approved it",
        ]
    );
}

#[test]
fn whoever_a_decision_lets_allow_exceptions_needs_no_other_right() {
    let records = "roles: [{ id: cto, title: Technology, holder: di }]
exceptions: [{ id: E-1, title: Mend the rota, rule: decision D-2, owner: bo, approved-by: cto, reason: r, expires: 2027-01-31 }]
decisions: [{ id: D-2, title: Stop, status: accepted, date: 2026-08-01, owner: bo, domain: prices, outcome: We stop; the CTO allows exceptions. }]
";
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("governance/forums.yaml", FORUMS),
        ("governance/records.yaml", records),
    ]);
    let call = |repository: &Repository| {
        rows(repository, &["report", "exceptions"], "Departures from rules", &["right"])
    };
    assert_eq!(call(&repository), ["Prices, held by Ada Byron; the approver may allow it"]);
    repository.write(&[("governance/records.yaml", &records.replace("the CTO allows", "there are no"))]);
    assert_eq!(call(&repository), ["Prices, held by Ada Byron"]);
}

#[test]
fn a_pair_that_competes_names_who_stands_above_both_and_until_when_it_holds() {
    let records = "trade-offs:
  - { id: ours-first, title: Ours, prefer: ours, over: theirs, scope: Belgium, period: 2026-Q4, owner: bo }
  - { id: theirs-first, title: Theirs, prefer: theirs, over: ours, scope: Belgium, period: 2026-Q4, owner: eve }
people: [{ id: eve, title: Eve Roy, reports-to: ada }]
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/pay.yaml", records)]);
    let found = rows(
        &repository,
        &["report", "conflicts"],
        "Preferences that compete",
        &["preference", "scope", "settler"],
    );
    assert_eq!(found, ["ours-first | Belgium, 2026-Q4 (until 2026-12-31) | Ada Byron, above both"]);
    repository.write(&[("governance/pay.yaml", &records.replace("owner: eve", "owner: ada"))]);
    let found = rows(&repository, &["report", "conflicts"], "Preferences that compete", &["settler"]);
    assert_eq!(found, ["Ada Byron, who owns one and stands above the other"]);
}

#[test]
fn a_new_reward_names_the_right_that_covers_what_is_paid() {
    let right = "decision-rights: [{ id: pay, title: Pay, owner: ada, covers: How salaries and bonuses are worked out }]\n";
    let reward = "incentives: [{ id: calls, title: Bonus for calls, owner: bo, who: [di], kpis: [{ kpi: calls, weight: 100% }] }]\n";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("governance/rights.yaml", right)]);
    repository.write(&[("governance/pay.yaml", reward)]);
    repository.commit_as("2026-11-09", ADA, "Pay for calls");
    let expected = ["Pay, held by Ada Byron; no decision names it"];
    assert_eq!(rows(&repository, &["digest", "--since", "2026-11-01"], "New rewards", &["call"]), expected);
    let rewarded =
        |repository: &Repository| rows(repository, &["report", "practices"], "What is rewarded", &["call"]);
    assert_eq!(rewarded(&repository), expected);
    repository.write(&[("governance/pay.yaml", &reward.replace("owner: bo", "owner: ada"))]);
    assert_eq!(rewarded(&repository), [""], "its owner holds the right");
}

#[test]
fn a_price_set_under_another_right_names_whose_call_prices_are() {
    let rights = "decision-rights:
  - { id: pricing, title: Pricing, owner: ada, covers: What a site costs }
  - { id: offers, title: Offers, owner: bo, covers: Terms within the price list }
";
    let decision = |id: &str, title: &str, more: &str| {
        format!(
            "  - {{ id: {id}, title: {title}, status: accepted, date: 2026-11-02, owner: bo, domain: offers{more} }}\n"
        )
    };
    let records = [
        "decisions:\n".to_owned(),
        decision("D-1", "Partners get two months free", ""),
        decision("D-2", "Partners may give 5% off", ", agreed: [ada]"),
        decision("D-3", "Visits are free from May on", ""),
        decision("D-4", "Northwind gets its own price", "").replace("domain: offers", "domain: pricing"),
        decision("D-5", "Southwind gets its own price", ""),
    ];
    let repository = Repository::with(&[
        ("governance/directory.yaml", DIRECTORY),
        ("governance/rights.yaml", rights),
        ("governance/records.yaml", &records.concat()),
    ]);
    let prices = "prices (Pricing, which is the call of Ada Byron)";
    let expected = [
        format!("D-1 | {prices}"),
        "D-2 | ".into(),
        "D-3 | ".into(),
        "D-5 | PRICES".replace("PRICES", prices),
        "D-4 | ".into(),
    ];
    let in_force = rows(&repository, &["report", "decisions"], "Decisions in force", &["decision", "speaks"]);
    assert_eq!(in_force, expected);
    let digest = |who: &[&str]| {
        let arguments = [&["digest", "--since", "2026-11-01"], who].concat();
        rows(&repository, &arguments, "Decisions taken", &["decision", "speaks"])
    };
    let heard = digest(&["--for", "ada"]);
    assert!(
        heard.contains(&expected[0]) && heard.contains(&expected[3]) && !heard.contains(&expected[2]),
        "{heard:?}"
    );
    let rights = rows(&repository, &["report", "rights"], "Who decides what", &["right", "elsewhere"]);
    let elsewhere = "prices under other rights: D-1 Partners get two months free (Offers); D-5 Southwind gets its own price (Offers)";
    assert!(
        rights.contains(&format!("pricing | {elsewhere}")) && rights.contains(&"offers | ".to_owned()),
        "{rights:?}"
    );
}

#[test]
fn a_digest_tells_what_ended_what_was_learnt_and_what_is_wrong_with_a_decision() {
    let records = "objectives: [{ id: O-3, title: Answer, owner: bo, status: missed, period: 2026-Q3, key-results: [{ kpi: reply, target: 3 hours, current: 5 hours }] }]
kpis: [{ id: reply, title: Reply, owner: di, unit: hours, direction: down, on-miss: { threshold: 9 hours, for: 1 month, action: We stop, within: 1 week } }]
initiatives: [{ id: I-3, title: Robots, owner: di, status: done, start: 2026-07-01, end: 2026-09-11, priority: 3, objectives: [O-3] }]
retrospectives: [{ id: R-3, title: Summer, date: 2026-10-08, participants: [di], learnings: [Ten weeks fit into a quarter.], actions: [] }]
values: [{ id: quick, title: Quick, owner: bo, behaviours: [{ description: We answer before lunch., measures: reply, limit: 3 hours }] }]
";
    let repository =
        Repository::with(&[("governance/directory.yaml", DIRECTORY), ("strategy/goals.yaml", records)]);
    let digest =
        |title: &str, keys: &[&str]| rows(&repository, &["digest", "--since", "2026-08-20"], title, keys);
    assert_eq!(
        digest("Goals that ended", &["goal", "ended", "metrics"]),
        ["O-3 | missed, 2026-09-30 | reply to 3 hours, was 5 hours"]
    );
    assert_eq!(digest("Work that ended", &["work", "ended"]), ["I-3 | done, 2026-09-11"]);
    let learnt = ["Ten weeks fit into a quarter. | R-3 Summer, 2026-10-08"];
    assert_eq!(digest("Learnt", &["learnt", "session"]), learnt);
    let of_di = ["digest", "--since", "2026-08-20", "--for", "di"];
    assert_eq!(rows(&repository, &of_di, "Learnt", &["learnt", "session"]), learnt);
    assert_eq!(
        rows(&repository, &["report", "practices"], "What is valued", &["behaviours"]),
        ["We answer before lunch. (3 hours)"]
    );
    assert_eq!(
        rows(&repository, &["report", "governance"], "The other metrics", &["consequence"]),
        ["above 9 hours for 1 month: We stop (within 1 week)"]
    );
}
