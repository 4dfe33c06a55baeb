//! Views of what names a partner or a supplier, which is neither a person nor a team.

use crate::kit::{Repository, TODAY};

const KIND: &str = "title: Supplier\ndescription: A supplier.\ntype: object\nx-plural: suppliers\nproperties:\n  portal: { type: string }\n";

const RECORDS: &str = "people: [{ id: ada, title: Ada Byron }, { id: bo, title: Bo Ek }]
suppliers: [{ id: portal, title: Southern Hosting }]
exceptions:
  - { id: E-1, title: They pay later, rule: terms, scope: [carelink], owner: bo, approved-by: ada, reason: They asked., expires: 2026-12-31 }
  - { id: E-2, title: Nobody else may, rule: terms, owner: bo, approved-by: ada, reason: The portal waits for it., expires: 2026-12-31 }
decisions:
  - { id: D-1, title: CareLink gets its own price, status: accepted, owner: ada, date: 2026-11-02, context: 'We lose money. All others pay more. Southern  Hosting is dear.', review-by: 2026-12-01 }
  - { id: D-2, title: Prices rise, status: proposed, owner: ada, review-by: 2026-12-01 }
meetings:
  - id: M-1
    date: 2026-11-03
    actions:
      - { what: Visit CareLink in Ghent, owner: bo, due: 2026-12-04, status: open }
      - { what: Call the clinics, owner: ada, due: 2026-12-04, status: open }
";

fn repository() -> Repository {
    Repository::with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/kinds/supplier.yaml", KIND),
        ("governance/records.yaml", RECORDS),
    ])
}

fn report(repository: &Repository, arguments: &[&str]) -> String {
    repository.run(&[arguments, &["--as-of", TODAY]].concat()).out
}

#[test]
fn a_record_may_be_named_with_its_kind() {
    let repository = repository();
    let about = |name| report(&repository, &["report", "--for", name]);
    assert!(about("D-1").starts_with("Report about "));
    assert_eq!(about("decision/D-1"), about("D-1"));
    let unknown = repository.run(&["report", "--for", "decision/D-9", "--as-of", TODAY]);
    assert!(unknown.err.contains("`decision/D-9` is no person"), "{}", unknown.err);
}

#[test]
fn each_of_several_records_with_one_id_is_explained() {
    let again = "decisions: [{ id: D-1, title: Rooms are free on Fridays, status: accepted }]\n";
    let repository =
        Repository::with(&[("governance/records.yaml", RECORDS), ("governance/again.yaml", again)]);
    let page = report(&repository, &["explain", "D-1"]);
    assert!(page.contains("governance/records.yaml") && page.contains("governance/again.yaml"), "{page}");
}

#[test]
fn a_report_about_a_partner_lists_what_names_it_by_kind() {
    let text = report(&repository(), &["report", "--for", "carelink"]);
    let listed = text.split("\nRights").next().unwrap_or_default();
    let expected = "Report about CareLink, as of 2026-11-20

Decisions

decision D-1  CareLink gets its own price
  status  accepted
  days    date 2026-11-02, review by 2026-12-01
  owner   Ada Byron
  at      governance/records.yaml:7

Exceptions

exception E-1  They pay later
  says   scope: carelink
  days   expires 2026-12-31
  owner  Bo Ek
  at     governance/records.yaml:4

Meetings

meeting M-1
  says    Visit CareLink in Ghent
  status  open
  days    due 2026-12-04
  owner   Bo Ek
  at      governance/records.yaml:13
";
    assert!(listed.starts_with(expected), "{text}");
    // The other parts have what names it, and nothing else.
    assert!(text.contains("They pay later") && text.contains("D-1"), "{text}");
    assert!(!text.contains("D-2") && !text.contains("E-2") && !text.contains("Call the clinics"), "{text}");
}

#[test]
fn a_supplier_is_found_by_its_identifier_and_its_title() {
    for name in ["portal", "southern hosting"] {
        let text = report(&repository(), &["report", "--for", name]);
        assert!(text.starts_with("Report about Southern Hosting, as of"), "{text}");
        assert!(
            text.contains("decision D-1  CareLink gets its own price\n  says    Southern Hosting is dear."),
            "{text}"
        );
        assert!(text.contains("supplier portal  Southern Hosting"), "{text}");
        // An ordinary word is no name.
        assert!(!text.contains("E-2"), "{text}");
    }
}

#[test]
fn what_falls_due_about_a_partner_is_what_names_it() {
    let text = report(&repository(), &["due", "--for", "CareLink", "--within", "2 months"]);
    assert!(text.starts_with("What falls due about CareLink"), "{text}");
    assert!(text.contains("Visit CareLink") && text.contains("D-1") && text.contains("E-1"), "{text}");
    assert!(!text.contains("D-2") && !text.contains("Call the clinics"), "{text}");
}

#[test]
fn a_name_that_one_record_contains_is_unknown() {
    let repository = repository();
    let fault = |name: &str| repository.run(&["report", "--for", name, "--as-of", TODAY]).fault();
    let unknown = fault("Carelnk");
    assert!(unknown.contains("`Carelnk` is no person, role or team here"), "{unknown}");
    assert!(unknown.contains("did you mean `CareLink`?"), "{unknown}");
    assert!(fault("Ghent").contains("no two contain it"), "{}", fault("Ghent"));
    assert!(fault("pay").contains("no two contain it"), "{}", fault("pay"));
}

#[test]
fn what_falls_due_for_no_one_is_for_nobody() {
    let kind = "title: Supplier\ndescription: A supplier.\ntype: object\nx-plural: suppliers\nx-review: { last: reviewed, every: review-every }\nproperties:\n  reviewed: { type: string, format: date }\n  review-every: { type: string, format: duration, default: 1 year }\n";
    let repository = Repository::with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/kinds/supplier.yaml", kind),
        ("governance/records.yaml", "suppliers: [{ id: desk, title: Deskline, reviewed: 2025-06-02 }]\n"),
    ]);
    let text = report(&repository, &["due"]);
    assert!(text.contains("supplier desk  Deskline\n") && text.contains("  for    nobody\n"), "{text}");
    let json = report(&repository, &["due", "--format", "json"]);
    assert!(json.contains("\"text\": \"nobody\""), "{json}");
    let calendar = report(&repository, &["due", "--format", "ical"]).replace("\r\n ", "");
    assert!(calendar.contains("\\nFor nobody\\n"), "{calendar}");
}

#[test]
fn what_a_comment_excuses_falls_due_for_the_owner_of_its_record() {
    let records = "people: [{ id: ada, title: Ada Byron }]
kpis:
  # alignlint: ignore kpi/no-target until 2026-11-01 because we wait for figures
  - { id: churn, title: Churn, owner: ada }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let text = report(&repository, &["due"]);
    let expected = "kpi churn: the comment that excuses `kpi/no-target`  Churn\n";
    assert!(
        text.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains(expected.trim().replace("  ", " ").as_str()),
        "{text}"
    );
    assert!(text.contains("  for    Ada Byron\n"), "{text}");
}

#[test]
fn the_work_for_a_key_result_may_be_that_of_a_goal_below_it_or_with_its_metric() {
    let records = "people: [{ id: ada, title: Ada Byron }]
kpis: [{ id: churn, title: Churn, owner: ada, unit: \"%\", direction: down }, { id: share, title: Share, owner: ada, unit: \"%\", direction: up }]
objectives:
  - { id: O-1, title: Stay, owner: ada, level: company, status: active, period: 2026-Q4, key-results: [{ kpi: churn, baseline: 4%, target: 3%, current: 4%, updated: 2026-11-12 }] }
  - { id: O-2, title: Help, owner: ada, parent: O-1, status: active, period: 2026-Q4 }
  - { id: O-3, title: Also stay, owner: ada, status: active, period: 2026-Q4, key-results: [{ kpi: churn, baseline: 4%, target: 2%, current: 4%, updated: 2026-11-12 }] }
  - { id: O-4, title: Sell, owner: ada, status: active, period: 2026-Q4, key-results: [{ kpi: share, baseline: 4%, target: 8%, current: 4%, updated: 2026-11-12 }] }
initiatives:
  - { id: I-1, title: Guide them, owner: ada, status: running, start: 2026-10-01, end: 2026-12-04, objectives: [O-2] }
  - { id: I-2, title: Ask them, owner: ada, status: planned, start: 2027-01-11, end: 2027-03-01, objectives: [O-3] }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let json = repository.run(&["report", "course", "--format", "json", "--as-of", TODAY]).json();
    let rows = json["sections"][0]["rows"].as_array().expect("rows").clone();
    let work = rows.iter().map(|row| {
        let cell = |key: &str| row["cells"][key]["text"].as_str().unwrap_or_default().to_owned();
        format!("{}: {}", cell("goal").split(' ').next().unwrap_or_default(), cell("work"))
    });
    assert_eq!(
        work.collect::<Vec<_>>(),
        [
            "O-1: below it, for O-2: I-1 Guide them (Ada Byron), until 2026-12-04; for the same metric in O-3: I-2 Ask them (Ada Byron), planned, from 2027-01-11, until 2027-03-01, which begins after its end",
            "O-3: I-2 Ask them (Ada Byron), planned, from 2027-01-11, until 2027-03-01, which begins after its end",
            "O-4: none, nor below it",
        ]
    );
}

#[test]
fn documents_that_people_act_on_are_listed_and_their_links_are_checked() {
    let records = "people: [{ id: ada, title: Ada Byron }]
documents:
  - { id: handbook, title: Handbook, path: docs/handbook.md, owner: ada, review-every: 3 months, last-reviewed: 2026-08-01 }
  - { id: prices, title: Prices, path: docs/other.md }
";
    let repository = Repository::with(&[
        ("governance/records.yaml", records),
        ("docs/handbook.md", "# Handbook\n\nWhat it costs is in the [price list](prices.md).\n"),
        ("docs/other.md", "# Prices\n\nAll is well.\n"),
        ("docs/unlisted.md", "# Notes\n\nSee [this](nothing.md).\n"),
    ]);
    let text = report(&repository, &["report", "practices"]);
    let listed = text.split_once("Documents that people act on\n\n").expect("the section").1;
    let expected = "handbook  Handbook
  page          docs/handbook.md
  kept by       Ada Byron
  last read     2026-08-01
  next reading  2026-11-01, overdue
  at            governance/records.yaml:3

prices  Prices
  page          docs/other.md
  kept by       nobody
  next reading  no day
  at            governance/records.yaml:4
";
    assert_eq!(listed, expected);
    let output = repository.check(&["--select", "reference/broken-link"]);
    assert_eq!(output.messages(), ["broken link to `prices.md`"]);
}

#[test]
fn a_goal_that_is_over_names_its_open_milestones() {
    let records = "people: [{ id: ada, title: Ada Byron }]
objectives:
  - { id: O-1, title: Print, owner: ada, status: active, period: 2026-Q3, key-results: [{ milestone: The handbook is printed, due: 2026-09-18 }, { milestone: It is read, due: 2026-09-30, reached: 2026-09-29 }] }
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let text = report(&repository, &["due"]).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("not reached in it: The handbook is printed, due 2026-09-18 for Ada"), "{text}");
}

#[test]
fn a_page_for_the_browser_has_the_agenda_of_each_forum_and_what_names_each_partner() {
    let records = "people: [{ id: ada, title: Ada Byron }]
forums: [{ id: board, title: Board, chair: ada, cadence: weekly, decides: [prices] }]
decision-rights: [{ id: prices, title: Prices, owner: ada }]
meetings: [{ id: M-1, forum: board, date: 2026-11-17, actions: [{ what: Visit CareLink, owner: ada, due: 2026-12-01 }] }]
exceptions:
  - { id: E-1, title: They pay later, rule: terms, scope: [CareLink], owner: ada, reason: They asked., expires: 2026-12-31 }
  - { id: E-2, title: They keep more, rule: terms, scope: [CareLink], owner: ada, reason: They asked., expires: 2026-12-31 }
  - { id: E-3, title: Others, rule: terms, scope: [Nordic], owner: ada, reason: They asked., expires: 2026-12-31 }
decisions: [{ id: D-9, title: Prices rise, status: proposed, domain: prices, owner: ada, context: Costs rose., trade-offs: [Some may leave.] }]
";
    let repository = Repository::with(&[("governance/records.yaml", records)]);
    let output = repository.run(&["report", "--html", "out/report.html", "--as-of", TODAY]);
    assert_eq!((output.code, &*output.err), (Some(0), ""));
    let page = repository.read("out/report.html");
    let agenda = page.split("<details class=\"unfolded\">").nth(1).expect("the agenda");
    let agenda = agenda.split("</details>").next().unwrap_or_default();
    assert!(agenda.starts_with("<summary>Agenda"), "{agenda}");
    assert!(agenda.contains("<h5>Decisions pending</h5>") && agenda.contains("Some may leave."), "{agenda}");
    assert!(agenda.contains("<h5>Actions open</h5>") && agenda.contains("Visit CareLink"), "{agenda}");
    let partners = page.split("id=\"partners-title\"").nth(1).expect("the partners");
    let partners = partners.split("</section>").next().unwrap_or_default();
    assert!(partners.contains("<b>CareLink</b>") && !partners.contains("Nordic"), "{partners}");
    assert!(partners.contains("They keep more") && partners.contains("“Visit CareLink”"), "{partners}");
}

#[test]
fn an_owner_who_has_left_is_said_to_have_left() {
    let people =
        RECORDS.replace("{ id: bo, title: Bo Ek }", "{ id: bo, title: Bo Ek, active-until: 2026-10-31 }");
    let repository = repository();
    repository.write(&[("governance/records.yaml", &people)]);
    let text = report(&repository, &["report", "--for", "carelink"]);
    assert!(text.contains("  owner   Bo Ek, who has left\n"), "{text}");
}
