//! Mistakes of a policy that loads, and what a run says of them.

use crate::kit::Repository;

use super::{CONFIG, KIND, PROFILE, RULE};

pub(super) const MEMO: (&str, &str) = (
    "docs/memos/12-db.md",
    "# Use Postgres\n\nState: accepted\nDay: 14.03.2025\nTags: a, b\n\n## Why\n\nBecause.\n",
);

/// A policy with this profile, and a page in its format.
pub(super) fn repository(profile: &str) -> Repository {
    Repository::folder_with(&[
        ("alignlint.yaml", CONFIG),
        ("policy/profiles/memo.yaml", profile),
        MEMO,
        ("governance/people.yaml", "people: [{id: ada, title: Ada}]\n"),
    ])
}

/// The notices of a run that begin with its name.
pub(super) fn notices(repository: &Repository) -> Vec<String> {
    let output = repository.run_today(&["-q"]);
    let lines = output.err.lines().filter_map(|line| line.strip_prefix("alignlint: "));
    lines.filter(|line| !line.starts_with("no Git history")).map(str::to_owned).collect()
}

#[test]
fn paths_of_a_profile_that_match_no_file_are_named() {
    let with_path = |path: &str| notices(&repository(&PROFILE.replace("**/memos/*.md", path)));
    assert_eq!(with_path("**/memos/*.md"), [""; 0]);
    assert_eq!(
        with_path("**/memo/*.md"),
        [
            "no file matches `**/memo/*.md` under `recognise` (policy/profiles/memo.yaml:5), so none is in the format `memo`"
        ]
    );
    assert_eq!(
        with_path("docs/memos"),
        [
            "no file matches `docs/memos` under `recognise` (policy/profiles/memo.yaml:5), so none is in the format `memo`; \
             `docs/memos` is a folder: write `docs/memos/**` for the files in it"
        ]
    );
}

#[test]
fn a_page_that_a_profile_does_not_recognise_is_named_with_what_it_lacks() {
    let profile =
        PROFILE.replace("[{ path: \"**/memos/*.md\" }]", "[{ path: \"**/memos/*.md\" }, { heading: State }]");
    assert_eq!(
        notices(&repository(&profile)),
        [
            "no file is in the format `memo` of `policy/profiles/memo.yaml`: `docs/memos/12-db.md` has no section `State`"
        ]
    );
}

#[test]
fn patterns_of_the_configuration_that_match_no_file_have_their_line() {
    let repository = repository(PROFILE);
    let config = format!(
        "{CONFIG}exclude: [vendr/**]\nrecords: {{ kpi: metrcs/*.yaml }}\n\
         overrides: [{{ files: archve/**, rules: {{ kpi/undefined: off }} }}]\npractices: {{ owner: docs/adrs/** }}\n"
    );
    repository.write(&[("alignlint.yaml", &config)]);
    assert_eq!(
        notices(&repository),
        [
            "the patterns of `records: kpi` match no file: `metrcs/*.yaml` (alignlint.yaml:3)",
            "the pattern `vendr/**` of `exclude` matches no file (alignlint.yaml:2)",
            "the pattern `archve/**` of `overrides` matches no file (alignlint.yaml:4)",
            "the pattern `docs/adrs/**` of `practices: owner` matches no file (alignlint.yaml:5)",
        ]
    );
}

/// Pages stay as they are where the profile reads their dates in another form.
#[test]
fn dates_that_a_profile_does_not_read_are_told_at_the_profile() {
    for (formats, text, other) in [
        ("[\"%Y-%d-%m\"]", "14.03.2025", "%d.%m.%Y"),
        ("[\"%d.%m.%y\"]", "14.03.2025", "%d.%m.%Y"),
        ("[\"%m.%d.%Y\"]", "14.03.2025", "%d.%m.%Y"),
        ("[]", "14 March 2025", "%d %B %Y"),
        ("[\"%d.%m.%Y\"]", "03/04/2025", "%d/%m/%Y` or `%m/%d/%Y"),
    ] {
        let fields = "  date: [{ header: Day }]\ndates: ";
        let profile = PROFILE.replace("dates: [\"%d %B %Y\"]", &format!("{fields}{formats}"));
        let repository = repository(&profile);
        let page = MEMO.1.replace("14.03.2025", text);
        repository.write(&[(MEMO.0, &page)]);
        let output = repository.run_today(&["--fix=all", "--select", "schema/*"]);
        let told = output.out.split_whitespace().collect::<Vec<_>>().join(" ");
        let expected = format!(
            "help: if this is how dates are written, add `{other}` to `dates` in `policy/profiles/memo.yaml`"
        );
        assert!(told.contains(&expected), "{formats}: {output:?}");
        assert_eq!(repository.read(MEMO.0), page, "{formats}");
    }
}

/// A word that the kind knows is missing in the profile, and no slip of the page.
#[test]
fn a_slip_in_the_words_of_a_profile_is_told_there() {
    let repository =
        repository(&format!("{PROFILE}values: {{ status: {{ words: {{ aproved: accepted }} }} }}\n"));
    let page = MEMO.1.replace("accepted", "approved");
    repository.write(&[(MEMO.0, &page)]);
    let output = repository.run_today(&["--fix=all", "--select", "schema/*"]);
    let told = output.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = "help: if it is a word of the format, add `approved: accepted` under `values` in `policy/profiles/memo.yaml`";
    assert!(told.contains(expected), "{output:?}");
    assert_eq!(repository.read(MEMO.0), page);
}

#[test]
fn a_required_field_without_a_place_is_told_at_the_profile() {
    let output = repository(&format!("{PROFILE}requires: [owner]\n")).run_today(&["--select", "schema/*"]);
    let told = output.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected =
        "help: add `owner`, or say under `fields` in `policy/profiles/memo.yaml` where pages state it";
    assert!(told.contains(expected), "{output:?}");
}

/// The help is how the profile states the field, and not what the field means.
#[test]
fn a_field_that_no_page_states_is_told_in_the_form_of_the_profile() {
    let profile = PROFILE.replace("{ file: \"^([0-9]+)\" }", "{ header: Number }");
    let output = repository(&profile).run_today(&["--select", "schema/*"]);
    assert!(output.out.contains("help: add a line `Number: …`"), "{output:?}");
}

#[test]
fn a_separator_that_no_page_has_is_named() {
    let with = |separator: &str| {
        let tags = format!("  tags: [{{ header: Tags, split: \"{separator}\" }}]\ndates:");
        notices(&repository(&PROFILE.replace("dates:", &tags)))
    };
    assert_eq!(
        with(";"),
        [
            "`tags` of `policy/profiles/memo.yaml` is never split: no value has `;`; for `a, b`, write `split: \",\"`"
        ]
    );
    assert_eq!(with(","), [""; 0]);
}

#[test]
fn a_field_that_differs_from_one_of_the_base_in_its_number_is_named() {
    let repository = repository(PROFILE);
    let kind = |field: &str| {
        format!("base: decision\nproperties:\n  {field}: {{ type: array, items: {{ type: string }} }}\n")
    };
    repository.write(&[("policy/kinds/decision.yaml", &kind("topics"))]);
    assert_eq!(
        notices(&repository),
        [
            "`topics` is another field than `topic` of the base, which rules and formats read; to change that one, write `topic` (policy/kinds/decision.yaml:3)"
        ]
    );
    repository.write(&[("policy/kinds/decision.yaml", &kind("regions"))]);
    assert_eq!(notices(&repository), [""; 0]);
}

#[test]
fn parts_of_a_policy_at_the_root_are_said_not_to_be_read() {
    let repository = Repository::folder_with(&[
        ("rules/pricing/kpi.yaml", RULE),
        ("governance/decisions.yaml", "decisions: [{id: D-1, title: Hire}]\n"),
    ]);
    assert_eq!(
        notices(&repository),
        [
            "`rules/` is not read; move it into a folder such as `policy/`, and write `extends: [recommended, ./policy]` into `alignlint.yaml`"
        ]
    );
    let named = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [recommended, ./rules]\n"),
        ("rules/kpi.yaml", RULE),
        ("governance/decisions.yaml", "decisions: [{id: D-1, title: Hire}]\n"),
    ]);
    let fault = named.run_today(&[]).fault();
    assert!(fault.contains("move this file to `rules/FAMILY/kpi.yaml`"), "{fault}");
}

/// What is wrong with the records of an example may be the reason why the rule does not judge them as meant.
#[test]
fn mistakes_in_the_records_of_an_example_are_listed() {
    let example = "examples:\n  - name: no metric\n    files:\n      governance/decisions.yaml: |\n        decisions:\n          \
                   - { id: D-1, title: Prices, topc: pricing, status: acepted }\n    finds:\n      \
                   - { at: \"governance/decisions.yaml:2:11\", message: \"`D-1` names no metric\" }\n";
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", CONFIG),
        ("policy/kinds/risk.yaml", KIND),
        ("policy/rules/pricing/kpi.yaml", &format!("{RULE}{example}")),
    ]);
    let output = repository.run(&["test", "policy"]);
    for line in [
        "  governance/decisions.yaml:2:31: `topc` is not a field of a decision; did you mean `topic`?\n",
        "; did you mean `accepted`?\n",
    ] {
        assert!(output.out.contains(line) || output.err.contains(line), "{output:?}");
    }
}

/// A word that is none of the format's, where no practice asks for them.
#[test]
fn a_status_that_is_none_of_the_words_is_named_with_its_line() {
    let words = "values: { status: { words: { agreed: accepted } } }\n";
    let page = MEMO.1.replace("accepted", "parked");
    let with = |profile: &str| {
        let repository = repository(profile);
        repository.write(&[(MEMO.0, &page)]);
        notices(&repository)
    };
    assert_eq!(
        with(&format!("{PROFILE}{words}")),
        [
            "`status` is `parked` in `docs/memos/12-db.md:3`, which is none of its words; add `parked: …` to them in \
             `policy/profiles/memo.yaml:11`, or correct the page"
        ]
    );
    assert_eq!(with(&format!("{PROFILE}{words}requires: [status]\n")), [""; 0], "a finding says so");
    assert_eq!(with(PROFILE), [""; 0]);
}

#[test]
fn a_location_that_no_page_has_is_told_with_the_one_that_pages_have() {
    let told = |location: &str, page: &str| {
        let profile = PROFILE.replace("dates:", &format!("  date: [{{ {location} }}]\ndates:"));
        let repository = repository(&profile);
        repository.write(&[(MEMO.0, page)]);
        notices(&repository)
    };
    let expected = |place: &str, meant: &str| {
        format!(
            "`date` is not found in `docs/memos/12-db.md`, in the {place}; write `{meant}`, in `policy/profiles/memo.yaml:10`"
        )
    };
    let line = MEMO.1.replace("14.03.2025", "14 March 2025");
    let below = |name: &str| format!("line `{name}` below the title");
    assert_eq!(told("header: Date", &line), [expected(&below("Date"), "header: Day")]);
    assert_eq!(told("header: Dya", &line), [expected(&below("Dya"), "header: Day")]);
    assert_eq!(told("header: D.*", &line), [expected(&below("D.*"), "header: Day")]);
    assert_eq!(told("row: Day", &line), [expected("row `Day` of the first table", "header: Day")]);
    assert_eq!(told("header: Day", &line), [""; 0]);
    let without = line.replace("Day: 14 March 2025\n", "");
    assert_eq!(told("header: Date", &without), [""; 0], "one page may lack a field");
}

#[test]
fn patterns_that_match_no_file_are_told_with_the_nearest_that_does() {
    let repository = repository(&PROFILE.replace("**/memos/*.md", "memos/*.md"));
    let config = format!("{CONFIG}exclude: [docs/memo/**]\nrecords: {{ person: goverance/*.yaml }}\n");
    repository.write(&[("alignlint.yaml", &config)]);
    assert_eq!(
        notices(&repository),
        [
            "the patterns of `records: person` match no file: `goverance/*.yaml`; did you mean `governance/*.yaml`? (alignlint.yaml:3)",
            "the pattern `docs/memo/**` of `exclude` matches no file; did you mean `docs/memos/**`? (alignlint.yaml:2)",
            "no file matches `memos/*.md` under `recognise` (policy/profiles/memo.yaml:5), so none is in the format `memo`; did you mean `docs/memos/*.md`?",
        ]
    );
}

#[test]
fn files_that_have_one_id_and_formats_that_come_later_are_named() {
    let repository = repository(&PROFILE.replace("^([0-9]+)", "^([0-9]{2})"));
    repository.write(&[
        ("docs/memos/1203-a.md", MEMO.1),
        ("policy/profiles/zmemo.yaml", &PROFILE.replace("name: memo", "name: zmemo")),
    ]);
    assert_eq!(
        notices(&repository),
        [
            "no file is in the format `zmemo` of `policy/profiles/zmemo.yaml`: `docs/memos/12-db.md` is read in the format `memo`, which comes \
             first; tell them apart under `recognise`, or delete one of them",
            "all 2 files of the format `memo` have the id `12`; capture more of their names, in `policy/profiles/memo.yaml:7`",
        ]
    );
}

const UNJUDGED: &str =
    "for: decision\nexpect: size(record.kpis) > 0\nmessage: \"`{record.id}` names no metric\"\n";

/// Where a field is absent, a rule that reads it has no result. Its author may have meant otherwise.
#[test]
fn a_rule_that_is_never_judged_is_told_with_what_to_write() {
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", CONFIG),
        ("policy/rules/pricing/kpi.yaml", UNJUDGED),
        ("governance/decisions.yaml", "decisions: [{id: D-1, title: Hire}, {id: D-2, title: Rent}]\n"),
    ]);
    let remedy = "where its absence is a finding, write `has(record.kpis) && …`";
    assert_eq!(
        notices(&repository),
        [format!(
            "the rule `pricing/kpi` is never judged: `kpis` is absent (governance/decisions.yaml:1:18 and 1 more); {remedy}"
        )]
    );
    let decisions = "decisions: [{id: D-1, title: Hire}, {id: D-2, title: Rent, kpis: [churn]}]\n";
    repository.write(&[("governance/decisions.yaml", decisions)]);
    assert_eq!(notices(&repository), [""; 0]);
    assert_eq!(
        repository.run(&["test", "--here"]).out,
        format!(
            "pricing/kpi: judged for 1 of 2: `kpis` is absent (governance/decisions.yaml:1:18); {remedy}\n1 judged, 0 never judged\n"
        )
    );
    // A format without the field is no reason that the author of the rule can mend.
    let page = "# 1. Logs\n\n## Status\n\nAccepted\n\n## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n";
    repository.write(&[("docs/adr/0001-logs.md", page), ("docs/adr/0002-traces.md", page)]);
    assert_eq!(
        repository.run(&["test", "--here"]).out,
        format!(
            "pricing/kpi: judged for 1 of 4: `kpis` is absent (governance/decisions.yaml:1:18); {remedy}\n1 judged, 0 never judged\n"
        )
    );
}

#[test]
fn a_kind_without_active_statuses_is_told() {
    let kind = |keys: &str| {
        let repository = repository(PROFILE);
        let text = KIND.replace("x-status: status\nx-live: [open]\n", keys);
        repository.write(&[("policy/kinds/risk.yaml", &text)]);
        notices(&repository)
    };
    assert_eq!(
        kind(""),
        [
            "each `risk` counts as active, whatever its `status`; if some don't, add `x-status: status` and `x-live: [open]` (policy/kinds/risk.yaml:7)"
        ]
    );
    assert_eq!(kind("x-status: status\nx-live: [open]\n"), [""; 0]);
}

/// The name of a kind is that of its file.
#[test]
fn a_kind_in_a_file_that_is_called_like_its_records_is_one_error() {
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", CONFIG),
        ("policy/kinds/risks.yaml", KIND),
        ("policy/rules/risk/a.yaml", &RULE.replace("decision", "risk")),
        ("policy/rules/risk/b.yaml", &RULE.replace("decision", "risk")),
    ]);
    assert_eq!(
        repository.run_today(&["-q"]).err,
        "error: the kind of this file is called `risks`, like its records, and rules are
  for `risk`
   ╭─[policy/kinds/risks.yaml:1:1]
 1 │ title: Risk
   · ───────────
   ╰────
  help: rename the file to `risk.yaml`
"
    );
    let other = Repository::folder_with(&[
        ("alignlint.yaml", CONFIG),
        ("policy/kinds/decison.yaml", "base: decision\nproperties: { topic: { enum: [prices] } }\n"),
    ]);
    let told = other.run_today(&["-q"]).err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains(
            "help: rename the file to `decision.yaml` to change `decision` itself, or add `x-plural`"
        ),
        "{told}"
    );
}

/// What the configuration says of records is not said in an example.
#[test]
fn a_file_of_an_example_in_another_place_is_named() {
    let example = "examples:\n  - name: fine\n    files:\n      registers/decisions.txt.yaml: |\n        decisions: [{ id: D-1, title: Hire }]\n";
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", CONFIG),
        ("policy/kinds/risk.yaml", KIND),
        ("policy/rules/pricing/kpi.yaml", &format!("{RULE}{example}")),
    ]);
    let output = repository.run(&["test", "policy"]);
    assert!(
        output.out.contains("registers/decisions.txt.yaml: not read: no records are looked for there; write `governance/decisions.txt.yaml`"),
        "{output:?}"
    );
    assert!(!output.out.contains("judged: false"), "{output:?}");
}

#[test]
fn a_folder_that_is_called_almost_like_one_that_is_read_is_named() {
    let notices_of = |path: &str, text: &str| {
        notices(&Repository::folder_with(&[
            (path, text),
            ("governance/people.yaml", "people: [{id: ada, title: Ada}]\n"),
            ("governance/kpis.yaml", "kpis: [{id: churn, title: Churn}]\n"),
        ]))
    };
    let list = "decisions: [{id: D-1, title: Hire}]\n";
    assert_eq!(
        notices_of("goverance/log.yaml", list),
        [
            "`goverance/log.yaml` is not read: did you mean `governance/` by `goverance/`? Otherwise, name its files under `records:` in \
             `alignlint.yaml`"
        ]
    );
    assert_eq!(notices_of("goverance/log.yaml", "services: [{id: D-1}]\n"), [""; 0]);
    assert_eq!(notices_of("governed/log.yaml", list), [""; 0]);
}

#[test]
fn a_configuration_that_switches_every_rule_off_is_told() {
    let repository = repository(PROFILE);
    repository.write(&[("alignlint.yaml", &format!("{CONFIG}rules: {{ \"*\": off }}\n"))]);
    assert_eq!(
        notices(&repository),
        [
            "no rule is on: `rules` in `alignlint.yaml` switches all off; set those that are to run, such as `decision/*: warning`"
        ]
    );
}

#[test]
fn a_condition_at_the_beginning_of_the_text_is_told_with_that_of_a_line() {
    let with = |pattern: &str| {
        let profile = PROFILE.replace(
            "[{ path: \"**/memos/*.md\" }]",
            &format!("[{{ path: \"**/memos/*.md\" }}, {{ preamble: \"{pattern}\" }}]"),
        );
        notices(&repository(&profile))
    };
    assert_eq!(
        with("^Day:"),
        [
            "no file is in the format `memo` of `policy/profiles/memo.yaml`: `docs/memos/12-db.md` has no text below the title that matches \
             `^Day:`; `^` is the beginning of all that text; write `preamble: \"(?m)^Day:\"`"
        ]
    );
}

#[test]
fn a_word_with_more_behind_it_may_have_it() {
    let repository =
        repository(&format!("{PROFILE}values: {{ status: {{ words: {{ carried: accepted }} }} }}\n"));
    repository.write(&[(MEMO.0, &MEMO.1.replace("accepted", "carried (7:2)"))]);
    assert_eq!(
        notices(&repository),
        [
            "`status` is `carried (7:2)` in `docs/memos/12-db.md:3`, which is none of its words; write `detail: true` beside them in \
             `policy/profiles/memo.yaml:11`, so that text may follow `carried`"
        ]
    );
}

#[test]
fn paths_that_a_profile_opens_in_vain_are_named() {
    let profile = PROFILE.replace("recognise:", "paths: [\"memo/*.md\"]\nrecognise:");
    assert_eq!(
        notices(&repository(&profile)),
        ["no file matches `memo/*.md` under `paths` (policy/profiles/memo.yaml:4)"]
    );
}

#[test]
fn a_misspelt_line_of_one_page_is_corrected_on_the_page() {
    let profile = format!("{PROFILE}requires: [status]\n");
    let repository = repository(&profile);
    repository.write(&[("docs/memos/13-go.md", "# Use Go\n\nStaet: accepted\n\n## Why\n\nBecause.\n")]);
    let output = repository.run_today(&[]);
    let told = output.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = "help: the page has the line `Staet: …`: write `State`, or correct the name in `policy/profiles/memo.yaml` \
        if the other pages write it so, too";
    assert!(told.contains(expected), "{told}");
    repository.write(&[("docs/memos/13-go.md", "# Use Go\n\nStanding: accepted\n\n## Why\n\nBecause.\n")]);
    let other = repository.run_today(&[]).out;
    assert!(!other.contains("write `State`"), "another name is that of the format: {other}");
}
