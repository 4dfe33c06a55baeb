//! `--policy-from`: a change can neither weaken the policy that it is checked by, nor suppress its own findings, nor
//! grant itself a right.

use crate::kit::{Output, Repository};

const CONFIG: &str = "extends: [recommended, ./policy]\n";

const RULE: &str = "id: garden/weeds\ntitle: Weeds\nseverity: error\npreset: recommended\nfacet: garden\nfor: decision\n\
                    expect: record.id != 'D-9'\nmessage: \"`{record.id}` is a weed\"\nwhy: They grow.\n";

const KIND: &str = "title: Garden\ndescription: Where things grow.\ntype: object\nx-plural: gardens\nrequired: \
                    [beds]\nproperties: { beds: { type: integer, description: How many. } }\n";

const PEOPLE: &str = "people: [{id: ada, title: Ada, email: ada@example.org}, {id: tim, title: Tim, email: \
                      tim@example.org}]\nroles: [{id: chief, title: Chief, holder: ada}]\n";

/// A decision with more lines.
fn decision(id: &str, more: &str) -> String {
    format!(
        "decisions:\n  - id: {id}\n    title: T {id}\n    status: accepted\n    date: 2026-10-01\n    options: [a, b]\n    \
         trade-offs: [c]\n    context: why\n    consequences: [what]\n{more}"
    )
}

/// A repository without findings.
fn sound() -> Repository {
    let decisions = decision("D-1", "    owner: ada\n");
    Repository::with(&[
        ("alignlint.yaml", CONFIG),
        ("policy/rules/garden/weeds.yaml", RULE),
        ("policy/kinds/garden.yaml", KIND),
        ("governance/people.yaml", PEOPLE),
        ("governance/decisions.yaml", &decisions),
        ("governance/gardens.yaml", "gardens: [{id: G-1, beds: 3}]\n"),
    ])
}

const UNKNOWN: &str = "the owner `eve` of `D-2` is not a known person, role or team";

/// A decision with an unknown owner.
fn broken() -> String {
    decision("D-2", "    owner: eve\n")
}

/// The output for a branch that writes these files, under the policy of `main`.
fn check_change(repository: &Repository, files: &[(&str, &str)]) -> Output {
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write(files);
    repository.commit("2026-10-02");
    repository.check(&["--since", "main", "--policy-from", "main"])
}

/// Asserts that a change is reported under the policy of `main`, with notes about the changed policy, and that it is
/// not reported under its own policy.
fn still_reported(files: &[(&str, &str)], wanted: &str, notes: &[&str]) {
    let repository = sound();
    let output = check_change(&repository, files);
    let messages = output.messages();
    let (found, noted): (Vec<&str>, Vec<&str>) = messages.into_iter().partition(|one| *one == wanted);
    assert_eq!(found, [wanted], "{}", output.out);
    assert_eq!(noted, notes);
    assert_eq!(output.code, Some(1));
    let alone = repository.check(&["--since", "main"]);
    assert!(!alone.out.contains(wanted), "the change does not weaken anything: {}", alone.out);
}

#[test]
fn a_rule_that_the_change_switches_off_still_holds() {
    let config = format!("{CONFIG}rules: {{ ownership/unknown: off }}\n");
    let files = [("alignlint.yaml", &*config), ("strategy/decisions.yaml", &broken())];
    still_reported(&files, UNKNOWN, &["the configuration `alignlint.yaml` was changed"]);
}

#[test]
fn a_severity_that_the_change_lowers_stays() {
    let repository = sound();
    let config = format!("{CONFIG}rules: {{ ownership/unknown: note }}\nfail-on: error\n");
    let output =
        check_change(&repository, &[("alignlint.yaml", &config), ("strategy/decisions.yaml", &broken())]);
    assert!(output.out.contains(&format!("error[ownership/unknown] {UNKNOWN}")), "{}", output.out);
    assert_eq!(output.code, Some(1));
    assert_eq!(repository.check(&["--since", "main"]).code, Some(0), "alone it would have passed");
}

#[test]
fn a_threshold_that_the_change_lowers_stays() {
    let repository = sound();
    let config = format!("{CONFIG}fail-on: never\n");
    let output =
        check_change(&repository, &[("alignlint.yaml", &config), ("strategy/decisions.yaml", &broken())]);
    assert_eq!(output.code, Some(1));
    assert_eq!(repository.check(&["--since", "main"]).code, Some(0));
}

#[test]
fn an_override_that_the_change_adds_does_not_hold() {
    let config =
        format!("{CONFIG}overrides: [ {{ files: strategy/**, rules: {{ \"ownership/*\": off }} }} ]\n");
    let files = [("alignlint.yaml", &*config), ("strategy/decisions.yaml", &broken())];
    still_reported(&files, UNKNOWN, &["the configuration `alignlint.yaml` was changed"]);
}

#[test]
fn a_folder_that_the_change_excludes_is_read() {
    let config = format!("{CONFIG}exclude: [strategy/**]\n");
    let files = [("alignlint.yaml", &*config), ("strategy/decisions.yaml", &broken())];
    still_reported(&files, UNKNOWN, &["the configuration `alignlint.yaml` was changed"]);
}

#[test]
fn a_rule_that_the_change_weakens_is_checked_as_before() {
    let rule = RULE.replace("record.id != 'D-9'", "record.id != 'D-10'");
    let weed = decision("D-9", "    owner: ada\n");
    let files = [("policy/rules/garden/weeds.yaml", &*rule), ("strategy/decisions.yaml", &weed)];
    let note = "the rule `policy/rules/garden/weeds.yaml` was changed";
    still_reported(&files, "`D-9` is a weed", &[note]);
}

#[test]
fn rules_that_the_change_no_longer_builds_on_hold() {
    let weed = decision("D-9", "    owner: ada\n");
    let files = [("alignlint.yaml", "extends: [recommended]\n"), ("strategy/decisions.yaml", &*weed)];
    let repository = sound();
    let output = check_change(&repository, &files);
    assert_eq!(
        output.messages(),
        ["the configuration `alignlint.yaml` was changed", "`D-9` is a weed"],
        "{}",
        output.out
    );
}

#[test]
fn a_schema_that_the_change_loosens_is_as_strict_as_before() {
    let kind = KIND.replace("required: [beds]\n", "");
    let files = [("policy/kinds/garden.yaml", &*kind), ("strategy/gardens.yaml", "gardens: [{id: G-2}]\n")];
    let note = "the kind `policy/kinds/garden.yaml` was changed";
    still_reported(&files, "`G-2`: `beds` is missing", &[note]);
}

#[test]
fn a_format_that_the_change_adds_recognises_nothing() {
    let repository = sound();
    let format = "kind: decision\ntitle: Sketches\nrecognise: [{ in: \"strategy/*.md\" }]\n";
    let page = "# Sell huts\n\nOwner: nobody\n";
    let files = [("policy/formats/sketch.yaml", format), ("strategy/huts.md", page)];
    let output = check_change(&repository, &files);
    assert!(
        output.messages().contains(&"the format `policy/formats/sketch.yaml` was added"),
        "{}",
        output.out
    );
}

#[test]
fn an_exception_that_the_change_adds_suppresses_nothing() {
    let exception = "exceptions: [{id: X-1, rule: ownership/unknown, reason: R, approved-by: ada, expires: 2027-01-31}]\n";
    let files = [("governance/exceptions.yaml", exception), ("strategy/decisions.yaml", &broken())];
    still_reported(&files, UNKNOWN, &["the exception `X-1` was added"]);
}

#[test]
fn an_earlier_exception_suppresses_and_can_be_ended_but_not_extended() {
    let repository = sound();
    let exception = |until: &str| {
        format!("exceptions: [{{id: X-1, rule: ownership/unknown, reason: R, expires: {until}}}]\n")
    };
    repository.write(&[("governance/exceptions.yaml", &exception("2027-01-31"))]);
    repository.commit("2026-10-01");
    let output = check_change(&repository, &[("strategy/decisions.yaml", &broken())]);
    assert_eq!(output.messages(), [""; 0], "{}", output.out);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(&[("governance/exceptions.yaml", &exception("2026-11-01"))]);
    repository.commit("2026-10-03");
    repository.git(&["checkout", "--quiet", "side"]);
    let output = repository.check(&["--since", "main", "--policy-from", "main"]);
    assert_eq!(
        output.messages(),
        [UNKNOWN],
        "the branch's own exception lasts longer than that of the policy"
    );
    repository.write(&[("governance/exceptions.yaml", &exception("2028-01-31"))]);
    let output = repository.check(&["--since", "main", "--policy-from", "main"]);
    assert_eq!(output.messages(), ["the exception `X-1` was changed", UNKNOWN]);
}

#[test]
fn a_comment_that_the_change_adds_suppresses_nothing() {
    let excused = decision(
        "D-2",
        "    # alignlint: ignore ownership/unknown until 2027-01-31 because Eve starts in January\n    owner: eve\n",
    );
    let note = "the ignore comment `ownership/unknown` was added";
    still_reported(&[("strategy/decisions.yaml", &excused)], UNKNOWN, &[note]);
}

#[test]
fn an_earlier_comment_suppresses_the_same_finding_and_no_other() {
    let comment = "    # alignlint: ignore ownership/unknown until 2027-01-31 because Eve starts in January\n    owner: eve\n";
    let repository = sound();
    repository.write(&[("strategy/decisions.yaml", &decision("D-2", comment))]);
    repository.commit("2026-10-01");
    let moved = decision("D-2", comment).replace("    title: T D-2\n", "    title: Other words\n");
    repository.remove("strategy/decisions.yaml");
    let output = check_change(&repository, &[("strategy/more/decisions.yaml", &moved)]);
    assert_eq!(output.messages(), [""; 0], "{}", output.out);
    let other = decision("D-3", comment);
    repository.write(&[("strategy/more/decisions.yaml", &other)]);
    let output = repository.check(&["--since", "main", "--policy-from", "main"]);
    let note = "the ignore comment `ownership/unknown` was";
    assert_eq!(
        output.messages(),
        [
            "deleted: decision `D-2`",
            &*format!("{note} removed"),
            &*format!("{note} added"),
            "the owner `eve` of `D-3` is not a known person, role or team"
        ],
        "{}",
        output.out
    );
}

#[test]
fn an_earlier_comment_suppresses_until_the_day_that_was_granted() {
    let comment = |until: &str| {
        decision(
            "D-2",
            &format!("    # alignlint: ignore ownership/unknown until {until} because R\n    owner: eve\n"),
        )
    };
    for (granted, expected) in [("2026-11-20", &[][..]), ("2026-11-19", &[UNKNOWN])] {
        let repository = Repository::with(&[
            ("governance/people.yaml", PEOPLE),
            ("strategy/decisions.yaml", &comment(granted)),
        ]);
        repository.write(&[("strategy/decisions.yaml", &comment("2029-01-31"))]);
        let output = repository.check(&["--policy-from", "main", "--select", "ownership/*"]);
        assert_eq!(output.messages(), expected, "until {granted}");
        assert_eq!(repository.check(&["--select", "ownership/*"]).messages(), [""; 0]);
    }
}

#[test]
fn a_comment_on_a_page_speaks_for_the_words_that_it_was_granted_for() {
    let page = |text: &str| {
        format!(
            "---\nid: \"0007\"\nstatus: accepted\ndate: 2026-10-01\nowner: ada\n---\n# Sell through partners\n\n## Context\n\n\
             <!-- alignlint: ignore term/avoided because it quotes the contract -->\n{text}\n"
        )
    };
    let path = "docs/decisions/0007-partners.md";
    let repository = sound();
    let terms = "terms: [{id: customer, title: Customer, definition: Who pays., avoid: [client]}]\n";
    repository.write(&[("governance/terms.yaml", terms), (path, &page("The client pays\nthe partner."))]);
    repository.commit("2026-10-01");
    let select = ["--policy-from", "main", "--select", "term/*"];
    assert_eq!(repository.check(&select).messages(), [""; 0]);
    repository.write(&[(path, &page("The client pays the partner."))]);
    assert_eq!(repository.check(&select).messages(), [""; 0], "another line break is no other text");
    repository.write(&[(path, &page("Every client is always right."))]);
    assert_eq!(repository.check(&select).messages().len(), 1, "other words were not granted");
    assert_eq!(repository.check(&["--select", "term/*"]).messages(), [""; 0]);
}

/// A rule about who may decide.
const RIGHTS: &str = "id: garden/rights\ntitle: Not the chief's\nseverity: error\npreset: recommended\nfacet: rights\nfor: \
                      decision\nauthority: true\nwhen: record.id == 'D-5'\nexpect: \
                      records('role').exists(r, r.id == 'chief' && r.holder == record.owner)\nmessage: \
                      \"`{record.id}` is owned by `{record.owner}`, who is not the chief\"\nwhy: Chiefs decide.\n";

#[test]
fn a_right_that_the_change_gives_itself_does_not_hold() {
    let repository = sound();
    repository.write(&[("policy/rules/garden/rights.yaml", RIGHTS)]);
    repository.commit("2026-10-01");
    let crowned = PEOPLE.replace("holder: ada", "holder: tim");
    let coup = decision("D-5", "    owner: tim\n");
    let output = check_change(
        &repository,
        &[("governance/people.yaml", &crowned), ("strategy/decisions.yaml", &coup)],
    );
    let unlawful = "`D-5` is owned by `tim`, who is not the chief";
    assert_eq!(output.messages(), ["the role `chief` was changed", unlawful], "{}", output.out);
    assert_eq!(repository.check(&["--since", "main"]).messages(), [""; 0]);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.git(&["merge", "--quiet", "side"]);
    assert_eq!(repository.check(&["--policy-from", "main"]).messages(), [""; 0], "merged, it holds");
}

#[test]
fn an_address_that_the_change_adds_to_a_person_grants_no_role() {
    let repository = sound();
    let by_author = RIGHTS.replace(
        "expect: records('role').exists(r, r.id == 'chief' && r.holder == record.owner)",
        "expect: records('role').exists(r, r.id == 'chief' && record.changed('status').people.exists(p, p == r.holder))",
    );
    assert_ne!(by_author, RIGHTS);
    let people = PEOPLE.replace("id: ada, title: Ada, email: ada@", "id: grace, title: Grace, email: chief@");
    let people = people.replace("holder: ada", "holder: grace");
    assert!(!people.contains("ada"));
    repository.write(&[("governance/decisions.yaml", &decision("D-1", "    owner: tim\n"))]);
    repository.write(&[("policy/rules/garden/rights.yaml", &by_author), ("governance/people.yaml", &people)]);
    repository.commit("2026-10-01");
    // Ada commits; the chief has another address.
    let coup = decision("D-5", "    owner: tim\n");
    let unlawful = "`D-5` is owned by `tim`, who is not the chief";
    let output = check_change(&repository, &[("strategy/decisions.yaml", &coup)]);
    assert_eq!(output.messages(), [unlawful], "{}", output.out);
    let wider =
        people.replace("email: chief@example.org", "email: chief@example.org, aliases: [ada@example.org]");
    repository.write(&[("governance/people.yaml", &wider)]);
    let output = repository.check(&["--since", "main", "--policy-from", "main"]);
    assert_eq!(output.messages(), ["the person `grace` was changed", unlawful]);
    assert_eq!(repository.check(&["--since", "main"]).messages(), [""; 0]);
    let mailmap = "Chief <chief@example.org> <ada@example.org>\n";
    repository.write(&[("governance/people.yaml", &people), (".mailmap", mailmap)]);
    let output = repository.check(&["--since", "main", "--policy-from", "main"]);
    assert_eq!(output.messages(), ["the mailmap `.mailmap` was added", unlawful]);
    assert_eq!(repository.check(&["--since", "main"]).messages(), [""; 0]);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(&[(".mailmap", mailmap)]);
    repository.commit("2026-10-03");
    let output = repository.check(&["--rev", "side", "--since", "main", "--policy-from", "main"]);
    assert_eq!(output.messages(), [""; 0], "merged, it holds");
}

#[test]
fn a_change_that_deletes_the_directory_makes_no_unknown_owner_harmless() {
    let repository = sound();
    repository.remove("governance/people.yaml");
    let output = check_change(&repository, &[("strategy/decisions.yaml", &broken())]);
    let unknown =
        output.messages().into_iter().filter(|it| it.ends_with("is not a known person, role or team"));
    assert_eq!(unknown.count(), 2, "{}", output.out);
}

#[test]
fn whoever_joins_may_own_at_once_and_whoever_leaves_is_missed() {
    let joined = PEOPLE.replace("people: [", "people: [{id: eve, title: Eve}, ");
    let repository = sound();
    let output = check_change(
        &repository,
        &[("governance/people.yaml", &joined), ("strategy/decisions.yaml", &broken())],
    );
    assert_eq!(output.messages(), ["the person `eve` was added"], "{}", output.out);
    let repository = sound();
    let left = PEOPLE.replace("people: [{id: ada, title: Ada, email: ada@example.org}, ", "people: [");
    let output =
        check_change(&repository, &[("governance/people.yaml", &left.replace("holder: ada", "holder: tim"))]);
    assert_eq!(
        output.messages(),
        [
            "the owner `ada` of `D-1` is not a known person, role or team",
            "the person `ada` was removed",
            "the role `chief` was changed"
        ],
        "{}",
        output.out
    );
}

#[test]
fn a_policy_that_the_change_breaks_is_named_and_not_used() {
    let repository = sound();
    let broken_config = "extends: [recommended, ./policy\n";
    let output = check_change(
        &repository,
        &[("alignlint.yaml", broken_config), ("strategy/decisions.yaml", &broken())],
    );
    assert!(output.out.contains("alignlint.yaml:"), "{}", output.out);
    assert!(output.out.contains("error[policy/broken]"), "{}", output.out);
    assert!(output.messages().contains(&UNKNOWN), "{}", output.out);
    assert_eq!(repository.check(&["--since", "main"]).code, Some(2), "its own policy can't be used");
    repository.write(&[("alignlint.yaml", CONFIG), ("policy/rules/garden/weeds.yaml", "id: garden/weeds\n")]);
    let output = repository.check(&["--since", "main", "--policy-from", "main"]);
    assert!(
        output.out.contains("policy/rules/garden/weeds.yaml:1:1: error[policy/broken]"),
        "{}",
        output.out
    );
}

#[test]
fn a_link_where_each_later_run_reads_the_policy_is_reported_by_the_change_that_adds_it() {
    let links = [
        "alignlint-baseline.yaml",
        ".alignlint.yaml",
        "policy/rules/garden/other.yaml",
        "policy/kinds/other.yaml",
    ];
    for (path, is_policy) in links.map(|path| (path, true)).into_iter().chain([("notes/alignlint.md", false)])
    {
        let repository = sound();
        repository.git(&["checkout", "--quiet", "-b", "side"]);
        repository.write(&[("notes/a.txt", "a\n")]);
        std::os::unix::fs::symlink("nowhere", repository.join(path)).expect("a link");
        repository.commit("2026-10-02");
        let output = repository.check(&["--rev", "HEAD", "--since", "main", "--policy-from", "main"]);
        assert_eq!(output.code, Some(i32::from(is_policy)), "{path}: {output:?}");
        assert_eq!(output.out.contains("error[policy/broken]"), is_policy, "{path}: {}", output.out);
    }
}

#[test]
fn an_export_that_each_later_run_would_refuse_is_reported_by_the_change_that_names_it() {
    let config = format!("{CONFIG}repositories: {{ platform: estate/platform.jsonl }}\n");
    let output = check_change(&sound(), &[("alignlint.yaml", &config), ("estate/platform.jsonl", "{}\n")]);
    assert!(
        output.out.contains("error[policy/broken] `estate/platform.jsonl` is no export"),
        "{}",
        output.out
    );
}

#[test]
fn many_exceptions_leave_room_for_a_changed_right_in_a_report_with_a_limit() {
    let repository = sound();
    let exceptions = (0..600).map(|it| {
        format!("  - {{id: X-{it}, scope: [docs/{it}], owner: ada, reason: r, expires: 2027-01-01}}\n")
    });
    let exceptions = format!("exceptions:\n{}", exceptions.collect::<String>());
    let rights = "decision-rights: [{id: spend, scope: [money], decides: tim}]\n";
    check_change(
        &repository,
        &[("governance/exceptions.yaml", &exceptions), ("governance/rights.yaml", rights)],
    );
    for format in ["github", "markdown"] {
        let report = repository.run_today(&["--since", "main", "--policy-from", "main", "--format", format]);
        assert!(
            report.out.contains("decision-right `spend` was added") && report.out.contains("left out"),
            "{format}: {}",
            report.out
        );
    }
}

#[test]
fn a_policy_that_is_broken_where_it_comes_from_ends_the_run() {
    let repository = sound();
    repository.write(&[("alignlint.yaml", "extends: [nonsense]\n")]);
    repository.commit("2026-10-01");
    let output = check_change(&repository, &[("alignlint.yaml", CONFIG)]);
    assert!(output.fault().contains("unknown preset or pack `nonsense` (as of `main`)"), "{}", output.err);
}

#[test]
fn without_an_earlier_policy_the_default_applies() {
    let decisions = decision("D-1", "    owner: ada\n");
    let repository =
        Repository::with(&[("governance/people.yaml", PEOPLE), ("governance/decisions.yaml", &decisions)]);
    let config = "rules: { ownership/unknown: off }\n";
    let output =
        check_change(&repository, &[("alignlint.yaml", config), ("strategy/decisions.yaml", &broken())]);
    assert_eq!(output.messages(), ["the configuration `alignlint.yaml` was added", UNKNOWN]);
    let repository = Repository::with(&[("README.md", "")]);
    let config = "records: { decision: notes/*.yaml }\n";
    let output = check_change(&repository, &[("alignlint.yaml", config), ("notes/a.yaml", &decisions)]);
    assert_eq!(output.messages(), ["the configuration `alignlint.yaml` was added"], "{}", output.err);
    assert_eq!(output.code, Some(0), "there was nothing to check before, either");
}

#[test]
fn a_change_that_leaves_nothing_to_check_does_not_pass() {
    let repository = sound();
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.git(&["rm", "--quiet", "-r", "governance"]);
    repository
        .write(&[("alignlint.yaml", "records: { decision: notes/*.yaml }\n"), ("notes/a.yaml", &broken())]);
    repository.commit("2026-10-02");
    assert!(repository.check(&["--policy-from", "main"]).fault().contains("nothing to check"));
}

#[test]
fn the_policy_of_the_branch_tip_applies_and_not_of_the_merge_base() {
    let repository = sound();
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write(&[("strategy/decisions.yaml", &decision("D-9", "    owner: ada\n"))]);
    repository.commit("2026-10-02");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(&[("alignlint.yaml", "extends: [recommended]\n")]);
    repository.commit("2026-10-03");
    let output = repository.check(&["--rev", "side", "--since", "main", "--policy-from", "main"]);
    assert_eq!(
        output.messages(),
        [""; 0],
        "main has dropped the rule, and what it changed is no news of the side's"
    );
    let output = repository.check(&["--rev", "side", "--since", "main", "--policy-from", "main~1"]);
    assert_eq!(output.messages(), ["`D-9` is a weed"]);
}

#[test]
fn in_a_hook_the_policy_of_the_last_commit_applies() {
    let repository = sound();
    repository.write(&[
        ("alignlint.yaml", "rules: { ownership/unknown: off }\n"),
        ("strategy/decisions.yaml", &broken()),
    ]);
    repository.git(&["add", "--all"]);
    let output = repository.check(&["--staged", "--since", "HEAD", "--policy-from", "HEAD"]);
    assert_eq!(output.messages(), ["the configuration `alignlint.yaml` was changed", UNKNOWN]);
    let first = Repository::empty();
    first.write(&[
        ("alignlint.yaml", "rules: { ownership/unknown: off }\n"),
        ("governance/people.yaml", PEOPLE),
    ]);
    first.write(&[("governance/decisions.yaml", &broken())]);
    first.git(&["add", "--all"]);
    let output = first.check(&["--staged", "--since", "HEAD", "--policy-from", "HEAD"]);
    assert!(output.messages().contains(&UNKNOWN), "{}", output.out);
    assert!(output.messages().contains(&"the configuration `alignlint.yaml` was added"), "{}", output.out);
}

#[test]
fn a_named_configuration_is_read_where_the_policy_is_from() {
    let repository = sound();
    let ours = format!("{CONFIG}rules: {{ ownership/missing: error }}\n");
    repository.write(&[("ci/align.yaml", &ours)]);
    repository.commit("2026-10-01");
    let weak = format!("{CONFIG}rules: {{ ownership/unknown: off }}\n");
    let files = [("ci/align.yaml", &*weak), ("ci/new.yaml", &*weak), ("strategy/decisions.yaml", &broken())];
    check_change(&repository, &files);
    let check = |arguments: &[&str]| {
        repository.check(&[&["--since", "main", "--policy-from", "main"], arguments].concat())
    };
    let output = check(&["--config", "ci/align.yaml"]);
    assert_eq!(output.messages(), ["the configuration `ci/align.yaml` was changed", UNKNOWN]);
    let output = check(&["--config", "ci/new.yaml"]);
    assert_eq!(output.messages(), ["the configuration `ci/new.yaml` was added", UNKNOWN]);
    assert!(
        output.err.contains("`main` has no configuration file, so the default configuration is used"),
        "{}",
        output.err
    );
    let output = check(&["--no-config"]);
    assert_eq!(output.messages(), [UNKNOWN], "no configuration is asked, so none has changed");
    assert!(
        check(&["--config", "ci/none.yaml"])
            .fault()
            .contains("can't read the configuration file `ci/none.yaml`")
    );
    let elsewhere = Repository::folder_with(&[("align.yaml", &weak)]);
    let output = check(&["--config", elsewhere.join("align.yaml").to_str().expect("names are UTF-8")]);
    assert_eq!(
        output.messages(),
        [""; 0],
        "a file outside the repository is in nobody's change: {}",
        output.out
    );
}

#[test]
fn a_project_in_a_folder_is_checked_by_the_policy_of_that_folder() {
    let decisions = decision("D-1", "    owner: ada\n");
    let repository = Repository::with(&[
        ("shop/alignlint.yaml", "extends: [recommended]\n"),
        ("shop/governance/people.yaml", PEOPLE),
        ("shop/governance/decisions.yaml", &decisions),
    ]);
    let files = [
        ("shop/alignlint.yaml", "extends: [recommended]\nrules: { ownership/unknown: off }\n"),
        ("shop/strategy/decisions.yaml", &*broken()),
        ("shop/strategy/alignlint.yaml", "rules: { \"*\": off }\n"),
        (".mailmap", "Ada <ada@example.org> <tim@example.org>\n"),
    ];
    check_change(&repository, &files);
    let check = |folder: &str| repository.check(&["-C", folder, "--since", "main", "--policy-from", "main"]);
    let output = check("shop");
    assert!(output.out.starts_with("../.mailmap:1:1: note[policy/authority]"), "{}", output.out);
    let (mailmap, config) =
        ("the mailmap `../.mailmap` was added", "the configuration `alignlint.yaml` was changed");
    assert_eq!(output.messages(), [mailmap, config, UNKNOWN]);
    let cut_off = "the configuration `strategy/alignlint.yaml` was added";
    assert_eq!(check("shop/strategy").messages(), [mailmap, config, cut_off, UNKNOWN]);
    let above = repository.check(&["--policy-from", "main", "--select", "ownership/*"]);
    assert_eq!(above.messages(), [UNKNOWN; 0], "the folder is no governed place of the whole repository");
}

#[test]
fn the_output_is_the_same_for_every_state_of_the_change() {
    let repository = sound();
    let config = format!("{CONFIG}rules: {{ ownership/unknown: off }}\n");
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write(&[("alignlint.yaml", &config), ("strategy/decisions.yaml", &broken())]);
    repository.git(&["add", "--all"]);
    let check_change = ["--since", "main", "--policy-from", "main"];
    let worktree = repository.check(&check_change).out;
    assert_eq!(repository.check(&[&["--staged"][..], &check_change].concat()).out, worktree);
    repository.commit("2026-10-02");
    assert_eq!(repository.check(&[&["--rev", "side"][..], &check_change].concat()).out, worktree);
    let bare = Repository::clone(&repository, &["--bare"]);
    assert_eq!(bare.check(&[&["--rev", "side"][..], &check_change].concat()).out, worktree);
}

#[test]
fn a_revision_that_is_not_there_ends_the_run() {
    assert!(sound().check(&["--policy-from", "mian"]).fault().contains("unknown revision `mian`"));
    let folder = Repository::folder();
    folder.write(&[("governance/people.yaml", PEOPLE)]);
    assert!(folder.check(&["--policy-from", "main"]).fault().contains("is not in a Git repository"));
}

#[test]
fn a_page_that_the_base_has_adopted_stays_adopted() {
    let (path, kind) = ("docs/adr/0009-sell.md", "---\nkind: decision\nid: \"0009\"\n---\n");
    let body = "# 9. Sell\n\n- Status: accepted\n- Date: 2026-10-01\n- Owner: ada\n\n## Context\n\nWe know the market.\n\n\
                ## Decision\n\nAgents sell.\n\n## Consequences\n\nMargins shrink.\n";
    let base = |text: &str| Repository::with(&[(path, text), ("README.md", "# R\n")]);
    let check = |repository: &Repository, text: &str| {
        repository.write(&[(path, text)]);
        let options = ["--since", "HEAD", "--policy-from", "HEAD", "--select", "ownership/missing"];
        repository.check(&options).messages().len()
    };
    let without = body.replace("- Owner: ada\n", "");
    for head in ["", "---\nkid: decision\n---\n", "---\nid: \"0009\"\n---\n"] {
        assert_eq!(check(&base(&format!("{kind}{body}")), &format!("{head}{without}")), 1, "{head}");
    }
    // Honest: one that is not adopted.
    assert_eq!(check(&base(body), &without), 0);
}
