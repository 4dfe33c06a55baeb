//! Parts of a policy that load and have no effect, and what a run says of them.

use crate::kit::Repository;

use super::told::{MEMO, notices, repository};
use super::{CONFIG, KIND, PROFILE, RULE};

const DECISIONS: (&str, &str) = ("governance/decisions.yaml", "decisions: [{id: D-1, title: Hire}]\n");

#[test]
fn parts_of_a_policy_beside_its_folder_are_said_not_to_be_read() {
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", CONFIG),
        ("policy/kinds/risk.yaml", KIND),
        ("rules/pricing/kpi.yaml", RULE),
        ("profiles/memo.yaml", PROFILE),
        DECISIONS,
    ]);
    assert_eq!(
        notices(&repository),
        ["`rules/` and `profiles/` are not read; move their files to the same places in `policy/`"]
    );
    repository.remove("rules/pricing/kpi.yaml");
    repository.remove("profiles/memo.yaml");
    repository.write(&[("team/rules/pricing/kpi.yaml", RULE)]);
    assert_eq!(notices(&repository), ["`team/` holds rules, which are not read; add `./team` to `extends`"]);
    repository.write(&[("team/alignlint.yaml", "extends: [./rules]\n")]);
    repository.write(&[("alignlint.yaml", &format!("{CONFIG}exclude: [team/**]\n"))]);
    assert_eq!(notices(&repository), [""; 0], "a project of its own");
}

#[test]
fn a_configuration_in_a_folder_is_said_not_to_be_read() {
    let repository = Repository::folder_with(&[
        ("governance/alignlint.yaml", CONFIG),
        ("policy/kinds/risk.yaml", KIND),
        DECISIONS,
    ]);
    let expected = "`governance/alignlint.yaml` is not read: the configuration is `alignlint.yaml` at the root; move its entries \
                    there, or, if `governance/` is a project of its own, add `governance/**` to `exclude:` there";
    assert_eq!(notices(&repository), [expected]);
    repository.write(&[("alignlint.yaml", CONFIG)]);
    assert_eq!(notices(&repository), [expected], "beside one at the root");
    let config = format!("{CONFIG}exclude: [governance/**]\n");
    repository.write(&[("alignlint.yaml", &config)]);
    assert_eq!(notices(&repository), [""; 0]);
}

#[test]
fn files_that_are_named_and_excluded_are_told() {
    let repository = repository(PROFILE);
    let config = format!("{CONFIG}records: {{ kpi: metrics.yaml }}\nexclude: [docs/x/**, metrics.yaml]\n");
    repository.write(&[
        ("alignlint.yaml", &config),
        ("metrics.yaml", "kpis: []\n"),
        ("docs/x/a.md", "# A\n"),
    ]);
    assert_eq!(
        notices(&repository),
        [
            "the patterns of `records: kpi` match only files that `exclude` leaves out: `metrics.yaml`; remove or narrow \
             `metrics.yaml` in line 3 (alignlint.yaml:2)"
        ]
    );
}

#[test]
fn a_pattern_that_matches_the_configuration_alone_is_told() {
    let repository = repository(PROFILE);
    let config = |pattern: &str| {
        format!("{CONFIG}overrides: [{{ files: \"{pattern}\", rules: {{ kpi/undefined: off }} }}]\n")
    };
    repository.write(&[("alignlint.yaml", &config("*.yaml"))]);
    assert_eq!(
        notices(&repository),
        [
            "the pattern `*.yaml` of `overrides` matches only `alignlint.yaml`, since `*` is no folder; did you mean \
             `**/*.yaml`? (alignlint.yaml:2)"
        ]
    );
    repository.write(&[("alignlint.yaml", &config("**/*.yaml"))]);
    assert_eq!(notices(&repository), [""; 0]);
    repository.write(&[("alignlint.yaml", &config("*.yaml")), ("settings.yaml", "depth: 2\n")]);
    assert_eq!(notices(&repository), [""; 0]);
}

#[test]
fn a_profile_that_skips_all_of_its_files_is_told() {
    let repository = repository(&format!("{PROFILE}skip: [\"**/memos/**\"]\n"));
    assert_eq!(
        notices(&repository),
        [
            "no file is in the format `memo` of `policy/profiles/memo.yaml`: its `skip` leaves out `docs/memos/12-db.md`; narrow \
             the patterns there"
        ]
    );
}

/// One page may lack a field, but not a page without front matter or tables one that stands there.
#[test]
fn a_location_in_a_part_that_the_only_page_lacks_is_told() {
    let told = |location: &str| {
        let profile = PROFILE.replace("dates:", &format!("  topic: [{{ {location} }}]\ndates:"));
        notices(&repository(&profile))
    };
    let expected = |place: &str| {
        format!(
            "`topic` is not found in `docs/memos/12-db.md`, in the {place}; correct where it stands, or list the field under `optional`, in `policy/profiles/memo.yaml:10`"
        )
    };
    assert_eq!(told("key: Subject"), [expected("key `Subject`")]);
    assert_eq!(told("row: Subject"), [expected("row `Subject` of the first table")]);
    assert_eq!(told("header: Subject"), [""; 0]);
}

#[test]
fn a_title_with_the_marks_of_a_heading_is_told() {
    let repository =
        repository(&PROFILE.replace("title: [{ title: \"^(.+)$\" }]", "title: [{ title: \"^# (.+)$\" }]"));
    assert_eq!(
        notices(&repository),
        [
            "`title` is not found in `docs/memos/12-db.md`, in the title; a title is matched without `#` or other marks: write \
             `title: \"^(.+)$\"`, in `policy/profiles/memo.yaml:8`"
        ]
    );
}

#[test]
fn plain_values_of_a_kind_without_a_field_for_them_are_told() {
    let repository = Repository::folder_with(&[
        (
            "alignlint.yaml",
            "extends: [recommended, ./policy]\nrecords: { risk: { files: RISKS, as: yaml, at: /risks } }\n",
        ),
        ("policy/kinds/risk.yaml", KIND),
        ("RISKS", "risks:\n  fire: [ada]\n  flood: [ada]\n"),
        DECISIONS,
    ]);
    let output = repository.run_today(&["--select", "document/unrecognised"]);
    let told = output.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = "help: write a mapping for each record; in a kind of your own, `x-value: FIELD` in `kinds/risk.yaml` names the field of \
                    a plain value";
    assert!(told.contains(expected), "{output:?}");
}

#[test]
fn words_for_a_field_that_takes_any_text_are_told_at_the_profile() {
    let values = "values: { context: { words: { good: fine } } }\n";
    let fields = "  context: [{ section: Why }]\ndates:";
    let repository = repository(&format!("{}{values}", PROFILE.replace("dates:", fields)));
    let output = repository.run_today(&["--select", "schema/*"]);
    let told = output.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = "help: `context` takes any text: write one of these words, or remove `context` under `values` in \
                    `policy/profiles/memo.yaml`";
    assert!(told.contains(expected), "{output:?}");
}

/// The rest of the message is there, and says what is missing.
#[test]
fn a_message_that_reads_an_absent_value_says_the_rest() {
    let rule =
        "for: decision\nexpect: has(record.kpis)\nmessage: \"`{record.id}`, due on {record.review_by}\"\n";
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", CONFIG),
        ("policy/rules/pricing/kpi.yaml", rule),
        DECISIONS,
    ]);
    let output = repository.run_today(&["--select", "pricing/*", "--format", "concise", "-q"]);
    assert_eq!(output.out, "governance/decisions.yaml:1:18: warning[pricing/kpi] `D-1`, due on …\n");
}

#[test]
fn the_absence_of_a_part_of_an_item_is_asked_for_there() {
    let rule = "for: decision\nexpect: record.options[0].reason != \"x\"\nmessage: none\n";
    let repository = repository(PROFILE);
    repository.remove(MEMO.0);
    repository.remove("policy/profiles/memo.yaml");
    repository.write(&[
        ("policy/rules/pricing/kpi.yaml", rule),
        (
            "governance/decisions.yaml",
            "decisions: [{id: D-1, title: Hire, options: [{title: A}, {title: B}]}]\n",
        ),
    ]);
    assert_eq!(
        notices(&repository),
        [
            "the rule `pricing/kpi` is never judged: `reason` is absent (governance/decisions.yaml:1:46); where its absence is a \
             finding, write `has(record.options[0].reason) && …`"
        ]
    );
}

#[test]
fn a_section_without_what_is_taken_of_it_is_told_also_of_one_page() {
    let profile = PROFILE.replace("dates:", "  outcome: [{ section: Why, take: items }]\ndates:");
    let repository = repository(&profile);
    let expected = "`outcome` is not found in `docs/memos/12-db.md`, in the section `Why`; the section has no list items: \
        remove `take: items`, in `policy/profiles/memo.yaml:10`";
    assert_eq!(notices(&repository), [expected]);
    let explained = repository.run(&["explain", MEMO.0]).out;
    let told = "- `outcome`, looked for in: section `Why`, which has no list items, and `take: items` reads nothing else\n";
    assert!(explained.contains(told), "{explained}");
    repository.write(&[(MEMO.0, &MEMO.1.replace("Because.", "* Because."))]);
    assert_eq!(notices(&repository), [""; 0]);
    repository.write(&[(MEMO.0, &MEMO.1.replace("Because.", ""))]);
    let explained = repository.run(&["explain", MEMO.0]).out;
    assert!(explained.contains("section `Why`, which is empty or a placeholder"), "{explained}");
}

#[test]
fn a_title_that_its_pattern_does_not_fit_is_told() {
    let repository = repository(&PROFILE.replace("\"^(.+)$\"", "\"^Us: (.+)$\""));
    let expected = "`title` is not found in `docs/memos/12-db.md`, in the title; the pattern there does not fit `Use Postgres`, \
        in `policy/profiles/memo.yaml:8`";
    assert_eq!(notices(&repository), [expected]);
    let explained = repository.run(&["explain", MEMO.0]).out;
    assert!(
        explained.ends_with("- `title`, looked for in: title; the whole heading is read in its place\n"),
        "{explained}"
    );
}

#[test]
fn sections_of_a_log_are_compared_with_their_own_places_and_one_that_is_no_record_is_named() {
    let profile = "title: Log\nkind: decision\nrecognise:\n  all: [{ path: \"registers/log*.md\" }, { title: \"^Log\" }]\n\
        sections: { each: { preamble: \"State:\" } }\nfields:\n  id: [{ title: \"^(L-[0-9]+)\" }]\n  title: [{ title: \"^L-[0-9]+ (.+)$\" }]\n  \
        status: [{ header: State }]\nvalues: { status: { words: { Agreed: accepted, No: rejected } } }\n";
    let log = "# Log 2026\n\n## L-1 Use ink\n\nState: Agreed\n\n## L-2 No paper\n\nState: No\n";
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", CONFIG),
        ("policy/profiles/log.yaml", profile),
        ("registers/log-2026.md", log),
    ]);
    assert_eq!(notices(&repository), [""; 0]);
    let more = format!("{log}\n## L-3 Odd\n\nStat: Agreed\n\n## Purpose\n\nTo remember.\n");
    repository.write(&[("registers/log-2026.md", &more)]);
    let expected = "the section `L-3 Odd` (`registers/log-2026.md:11`) is no record of the format `log`: \
        it has no text below the title that matches `State:`";
    assert_eq!(notices(&repository), [expected], "and an introduction is none by its name");
    let explained = repository.run(&["explain", "registers/log-2026.md"]).out;
    let lines = "## Not read\n\n- section `L-3 Odd`, which is no record, as it has no text below the title that matches `State:` (line 11)\n\
        - section `Purpose`, which is no record, as it has no text below the title that matches `State:` (line 15)\n";
    assert!(explained.contains(lines), "{explained}");
    let misplaced = profile.replace("header: State", "header: Stand");
    repository.write(&[("policy/profiles/log.yaml", &*misplaced), ("registers/log-2026.md", log)]);
    let told = notices(&repository).join("\n");
    assert!(told.contains("`status` is found in none of the 2 records of the format `log`"), "{told}");
}
