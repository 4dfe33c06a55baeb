//! What the fields of a record hold: values that are empty, written twice, taken from a default or from prose; and the
//! item of a list at which a finding is shown.

use serde_json::{Value, json};

use crate::kit::Repository;

const VENDOR: &str = "\
title: Vendor
description: A company that we buy from.
type: object
x-plural: vendors
required: [members, links]
properties:
  members: { type: array, items: { type: string }, description: Who works there }
  links: { type: object, description: Where to read more }
  marks: { type: array, items: { type: string }, minItems: 1, description: How they are filed }
  lead: { type: [string, array], items: { type: string }, x-ref: who, description: Who answers }
  regions: { type: array, items: { type: string }, default: [], description: Where they are }
  terms: { type: array, items: { type: string }, default: [net 30, no returns], description: What holds }
  score: { type: integer, default: 3, description: How good they are }
  notes: { type: string, description: Anything else }
additionalProperties: false
";

/// Directories call the job of a person `title`, beside the name.
#[test]
fn a_title_beside_a_name_is_the_job() {
    let people = "people:\n  - { id: ada, name: Ada Byron, title: Chief of Staff }\n  - { id: bo, title: Bo Ek }\n  - { id: cy, name: Cy Roe, title: Chair, job-title: Lead }\n";
    let repository = Repository::folder_with(&[
        ("governance/people.yaml", people),
        ("governance/kpis.yaml", "kpis: [{ id: churn }]\n"),
    ]);
    let listing = repository.run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().expect("records").iter();
    let all: Vec<&Value> = records.filter(|record| record["kind"] == "person").collect();
    let people = |at: usize| &all[at]["fields"];
    assert_eq!(people(0)["title"], "Ada Byron");
    assert_eq!(people(0)["job-title"], "Chief of Staff");
    assert_eq!(people(1)["title"], "Bo Ek");
    let output = repository.check(&["--select", "schema/*"]);
    assert_eq!(output.messages(), ["`cy`: `name` sets the same field as `title`"]);
}

/// The head of the rule `house/NAME` for a kind.
fn head(name: &str, kind: &str) -> String {
    format!(
        "id: house/{name}\ntitle: Ours\nseverity: error\npreset: essential\nfacet: outcome\nwhy: It is.\nfor: {kind}\n"
    )
}

fn rule(name: &str, expect: &str) -> (String, String) {
    let text = format!(
        "{}expect: {}\nmessage: \"`{{record.id}}` fails {name}\"\n",
        head(name, "vendor"),
        json!(expect)
    );
    (format!("policy/rules/house/{name}.yaml"), text)
}

/// A repository with the kind `vendor`, rules of ours that expect something of each vendor, and more files.
fn vendors(expectations: &[(&str, &str)], files: &[(&str, &str)]) -> Repository {
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [./policy]\n"),
        ("policy/kinds/vendor.yaml", VENDOR),
    ]);
    for (name, expect) in expectations {
        let (path, text) = rule(name, expect);
        repository.write_file(&path, &text);
    }
    repository.write(files);
    repository
}

/// The fields of each record, by `alignlint records --format json`.
fn fields(repository: &Repository) -> Vec<Value> {
    let listed = repository.run(&["records", "--format", "json"]);
    let records = listed.json()["records"].as_array().expect("a list").clone();
    records.into_iter().map(|record| record["fields"].clone()).collect()
}

/// Asserts that no mapping in the JSON of the records holds a key twice.
fn assert_unique_keys(repository: &Repository, keys: &[&str]) {
    let listed = repository.run(&["records", "--format", "json"]).out;
    for key in keys {
        assert_eq!(
            listed.matches(&format!("\"{key}\": ")).count(),
            2,
            "`{key}` of the record and of its fields: {listed}"
        );
    }
}

mod empty {
    use super::*;

    #[test]
    fn an_empty_list_or_mapping_satisfies_what_requires_a_value() {
        let text = "vendors:\n  - { id: V-1, members: [], links: {} }\n  - { id: V-2, members: [ada], links: { a: b } }\n";
        let repository = vendors(&[], &[("governance/vendors.yaml", text)]);
        assert_eq!(repository.check(&[]).messages(), Vec::<&str>::new());
        assert_eq!(fields(&repository)[0], json!({ "id": "V-1", "members": [], "links": {} }));
    }

    #[test]
    fn null_blank_text_and_placeholders_are_absent() {
        let text = "vendors:\n  - { id: V-1, members: , links: }\n  - { id: V-2, members: '', links: TBD }\n  \
                    - { id: V-3, members: [TBD], links: 'n/a' }\n  - { id: V-4, members: [null, ''], links: '' }\n";
        let repository = vendors(
            &[("none", "!has(record.members) && !has(record.links)")],
            &[("governance/vendors.yaml", text)],
        );
        let blank = ["V-1 members", "V-1 links", "V-2 members", "V-4 links"];
        let missing = ["V-1", "V-2", "V-3", "V-4"].map(|id| {
            ["members", "links"].map(|field| match blank.contains(&&*format!("{id} {field}")) {
                true => format!("`{id}`: `{field}` has no value"),
                false => format!("`{id}`: `{field}` is missing"),
            })
        });
        let mut found = repository.check(&[]).messages().iter().map(ToString::to_string).collect::<Vec<_>>();
        found.sort();
        let mut missing = missing.concat();
        missing.sort();
        assert_eq!(found, missing);
    }

    #[test]
    fn a_list_that_must_not_be_empty_is_counted() {
        let text = "vendors:\n  - { id: V-1, members: [], links: {}, marks: [] }\n";
        let repository = vendors(&[], &[("governance/vendors.yaml", text)]);
        assert_eq!(repository.check(&[]).messages(), ["`V-1`: `marks` has 0 items; expected at least 1"]);
    }

    #[test]
    fn in_a_rule_an_empty_list_is_there_and_has_no_items() {
        let text = "vendors:\n  - { id: V-1, members: [], links: {} }\n";
        let repository = vendors(
            &[
                ("has", "has(record.members) && has(record.links)"),
                ("size", "size(record.members) == 0"),
                ("optional", "size(record.?members.orValue(['x'])) == 0"),
                ("mapping", "!has(record.links.home)"),
                ("absent", "!has(record.marks)"),
            ],
            &[("governance/vendors.yaml", text)],
        );
        assert_eq!(repository.check(&[]).messages(), Vec::<&str>::new());
    }

    #[test]
    fn an_empty_list_instead_of_a_name_names_nobody() {
        let text = "vendors:\n  - { id: V-1, members: [], links: {}, lead: [] }\n";
        let repository = vendors(&[("lead", "!has(record.lead)")], &[("governance/vendors.yaml", text)]);
        assert_eq!(repository.check(&[]).messages(), Vec::<&str>::new());
    }

    #[test]
    fn a_record_s_own_empty_list_overrides_that_of_the_file() {
        let text = "marks: [all]\nvendors:\n  - { id: V-1, members: [], links: {}, regions: [] }\nregions: [north]\n";
        let repository = vendors(&[], &[("governance/vendors.yaml", text)]);
        assert_eq!(
            fields(&repository)[0],
            json!({ "id": "V-1", "members": [], "links": {}, "regions": [], "marks": ["all"] })
        );
    }

    #[test]
    fn a_section_adds_to_an_empty_list_in_the_front_matter() {
        let page = "---\nid: D-1\nstatus: accepted\noptions: []\n---\n# Sell abroad\n\n## Options\n\n- Norway\n- Sweden\n";
        let repository = Repository::folder_with(&[("governance/decisions/sell.md", page)]);
        let options = json!([{ "title": "Norway" }, { "title": "Sweden" }]);
        assert_eq!(fields(&repository)[0]["options"], options);
    }

    #[test]
    fn an_empty_list_in_a_foreign_format_is_a_value_unless_another_place_says_more() {
        let profile = "name: card\ntitle: A card\nkind: vendor\nrecognise: { key: card }\n\
                       fields:\n  id: [{ key: card }]\n  members: [{ key: crew }, { header: Crew, split: ',' }]\n  \
                       links: [{ key: links }]\n  marks: [{ key: tags, pattern: '^(\\w+)$' }]\n  \
                       regions: [{ key: regions, split: ',' }]\n";
        let empty = "---\ncard: V-1\ncrew: []\nlinks: {}\ntags: []\nregions: ','\n---\n# One\n";
        let more = "---\ncard: V-2\ncrew: []\nlinks: {}\ntags: [a]\n---\n# Two\n\nCrew: ada, bo\n";
        let repository = vendors(
            &[],
            &[
                ("policy/profiles/card.yaml", profile),
                ("governance/one.md", empty),
                ("governance/two.md", more),
            ],
        );
        assert_eq!(
            fields(&repository),
            [
                json!({ "id": "V-1", "members": [], "links": {}, "marks": [], "title": "One" }),
                json!({ "id": "V-2", "members": ["ada", "bo"], "links": {}, "marks": ["a"], "title": "Two" }),
            ]
        );
        assert_eq!(repository.check(&[]).messages(), ["`V-1`: `tags` has 0 items; expected at least 1"]);
    }
}

mod twice {
    use super::*;

    /// The findings and the value of a field in a file of decisions with these two lines.
    fn found(lines: &str, field: &str) -> (Vec<String>, Value) {
        let text = format!("decisions:\n  - id: D-1\n    owner: ada\n    tags: [a, b]\n{lines}");
        let repository = Repository::folder_with(&[("governance/decisions.yaml", &text)]);
        assert_unique_keys(&repository, &["id", "title"]);
        let output = repository.check(&["--select", "schema/*"]);
        let lines = output.out.lines().map(str::to_owned).collect();
        (lines, fields(&repository)[0][field].clone())
    }

    #[test]
    fn an_alias_beside_the_field_s_own_name_is_one_finding_in_either_order() {
        let finding = |place: &str, text: &str| {
            vec![format!("governance/decisions.yaml:{place}: error[schema/invalid] `D-1`: {text}")]
        };
        let title = "`name` sets the same field as `title`";
        assert_eq!(
            found("    name: A\n    title: B\n    status: draft\n", "title"),
            (finding("5:5", title), json!("B"))
        );
        assert_eq!(
            found("    title: B\n    name: A\n    status: draft\n", "title"),
            (finding("6:5", title), json!("B"))
        );
        let status = "`state` sets the same field as `status`";
        assert_eq!(
            found("    state: accepted\n    status: draft\n    title: T\n", "status"),
            (finding("5:5", status), json!("draft"))
        );
        assert_eq!(
            found("    status: draft\n    state: accepted\n    title: T\n", "status"),
            (finding("6:5", status), json!("draft"))
        );
    }

    #[test]
    fn of_two_aliases_the_first_is_read_and_of_three_keys_each_other_one_is_reported() {
        let messages = |lines: &str, field| {
            let (lines, value) = found(lines, field);
            let text = lines.iter().map(|line| line.split("`D-1`: ").last().expect("a message").to_owned());
            (text.collect::<Vec<String>>(), value)
        };
        let (texts, value) = messages(
            "    decided: 2026-01-01\n    decided-on: 2026-02-02\n    title: T\n    status: draft\n",
            "date",
        );
        assert_eq!(
            (texts, value),
            (vec!["`decided-on` sets the same field as `decided`".into()], json!("2026-01-01"))
        );
        let (texts, value) = messages(
            "    decided: 2026-01-01\n    decided-on: 2026-02-02\n    Date: 2026-03-03\n    title: T\n    status: draft\n",
            "date",
        );
        assert_eq!(
            (texts, value),
            (
                vec![
                    "`decided` sets the same field as `Date`".into(),
                    "`decided-on` sets the same field as `decided`".into()
                ],
                json!("2026-03-03")
            )
        );
    }

    #[test]
    fn a_key_without_a_value_is_not_a_second_one() {
        let (lines, value) = found("    title:\n    name: A\n    status: TBD\n    state: draft\n", "title");
        assert_eq!((lines, value), (vec![], json!("A")));
    }

    #[test]
    fn the_report_shows_both_keys() {
        let text = "decisions:\n  - { id: D-1, name: A, title: B, status: draft }\n";
        let repository = Repository::folder_with(&[("governance/decisions.yaml", text)]);
        let report = repository.run_today(&["--select", "schema/*", "--format", "json"]).json();
        let finding = &report["findings"][0];
        assert_eq!(finding["start"]["column"], 16);
        assert_eq!(finding["related"][0]["start"]["column"], 25);
        assert_eq!(finding["help"], "remove one of the two keys; `title` is read");
    }

    #[test]
    fn it_is_the_same_in_an_item_at_the_top_of_a_file_and_for_an_identifier() {
        let text = "period: 2026-Q4\nquarter: 2026-Q3\nobjectives:\n  \
                    - { id: O-1, title: A, key-results: [{ metric: churn, kpi: growth }] }\n  - { id: O-2, title: B }\n";
        let repository = Repository::folder_with(&[("strategy/objectives.yaml", text)]);
        assert_eq!(
            repository.check(&["--select", "schema/*"]).messages(),
            [
                "`O-1`: `quarter` sets the same field as `period`",
                "`O-1`: `metric` sets the same field as `kpi`"
            ]
        );
        assert_eq!(fields(&repository)[0]["period"], "2026-Q4");
        assert_eq!(fields(&repository)[0]["key-results"], json!([{ "kpi": "growth" }]));
        let shared = |lines: &str| {
            let text = format!("{lines}objectives:\n  - {{ id: O-1, title: A }}\n");
            let repository = Repository::folder_with(&[("strategy/objectives.yaml", &text)]);
            let count = repository.check(&["--select", "schema/*"]).messages().len();
            (count, fields(&repository)[0]["period"].clone())
        };
        assert_eq!(shared("quarter: 2026-Q3\nperiod: 2026-Q4\n"), (1, json!("2026-Q4")));
        assert_eq!(shared("period: TBD\nquarter: 2026-Q3\n"), (0, json!("2026-Q3")));
        let keyed = Repository::folder_with(&[(
            "governance/decisions.yaml",
            "decisions:\n  D-1: { identifier: D-2, title: T, status: draft }\n",
        )]);
        assert_unique_keys(&keyed, &["id"]);
    }

    #[test]
    fn front_matter_counts_before_a_heading_without_a_finding() {
        let page = "---\nid: D-1\nstate: accepted\nname: Sell abroad\ntitle: Sell in Norway\n---\n# Sell\n\n## Status\n\nRejected\n";
        let repository =
            Repository::folder_with(&[("governance/decisions/sell.md", page), ("alignlint.yaml", "")]);
        assert_eq!(
            repository.check(&["--select", "schema/*"]).messages(),
            ["`D-1`: `name` sets the same field as `title`"]
        );
        let fields = &fields(&repository)[0];
        assert_eq!((&fields["status"], &fields["title"]), (&json!("accepted"), &json!("Sell in Norway")));
    }

    #[test]
    fn a_part_of_another_field_s_value_is_no_key() {
        let page = "---\nstatus: superseded by [ADR-0009](0009-b.md)\nreplaced-by: '0009'\n---\n# A\n\n\
                    ## Context and Problem Statement\n\nx\n\n## Considered Options\n\n* a\n";
        let repository = Repository::folder_with(&[("docs/adr/0007-a.md", page)]);
        assert_eq!(repository.check(&["--select", "schema/*"]).messages(), Vec::<&str>::new());
    }

    #[test]
    fn a_key_that_a_profile_names_in_two_spellings_is_one() {
        let profile = "name: card\ntitle: A card\nkind: decision\nrecognise: { key: card }\n\
                       fields:\n  id: [{ key: card }]\n  status: [{ key: [step-now, Step_Now] }]\n";
        let page = "---\ncard: D-1\nstep-now: draft\n---\n# One\n";
        let repository = Repository::folder_with(&[
            ("alignlint.yaml", "extends: [./policy]\n"),
            ("policy/profiles/card.yaml", profile),
            ("governance/one.md", page),
        ]);
        assert_eq!(repository.check(&["--select", "schema/*"]).messages(), Vec::<&str>::new());
        assert_eq!(fields(&repository)[0]["status"], "draft");
    }

    #[test]
    fn in_a_foreign_format_the_profile_s_first_key_counts() {
        let profile = "name: card\ntitle: A card\nkind: decision\nrecognise: { key: card }\n\
                       fields:\n  id: [{ key: card }]\n  status: [{ key: [phase, step] }]\n  date: [{ key: when }]\n";
        let page = "---\ncard: D-1\nstep: draft\nphase: accepted\nwhen: 2026-01-01\ndecided: 2026-02-02\n\
                    supersedes: [D-0]\nreplaces: [D-9]\n---\n# One\n";
        let repository = Repository::folder_with(&[
            ("alignlint.yaml", "extends: [./policy]\n"),
            ("policy/profiles/card.yaml", profile),
            ("governance/one.md", page),
        ]);
        assert_eq!(
            repository.check(&["--select", "schema/*"]).messages(),
            [
                "`D-1`: `step` sets the same field as `phase`",
                "`D-1`: `decided` sets the same field as `when`",
                "`D-1`: `replaces` sets the same field as `supersedes`",
            ]
        );
        let fields = &fields(&repository)[0];
        assert_eq!((&fields["status"], &fields["date"]), (&json!("accepted"), &json!("2026-01-01")));
    }
}

mod sources {
    use super::*;

    #[test]
    fn a_default_may_be_a_list() {
        let text = "vendors:\n  - { id: V-1, members: [], links: {} }\n";
        let repository = vendors(
            &[
                ("empty", "record.regions == []"),
                ("filled", "record.terms == ['net 30', 'no returns']"),
                ("number", "record.score == 3"),
            ],
            &[("governance/vendors.yaml", text)],
        );
        assert_eq!(repository.check(&[]).messages(), Vec::<&str>::new());
    }

    const RISK: &str = "\
title: Risk
description: What may happen.
type: object
x-plural: risks
properties:
  impact: { type: integer, minimum: 1, maximum: 5, description: How bad it is, x-headings: [Impact] }
  chance: { type: number, description: How likely it is }
  open: { type: boolean, description: Whether it can still happen }
  steps:
    type: array
    description: What to do.
    x-headings: [Steps]
    items:
      type: object
      properties:
        what: { type: string, description: What to do }
        days: { type: integer, description: How long it takes }
        done: { type: boolean, description: Whether it is done }
  levels: { type: array, items: { type: integer }, description: The impact in each year }
additionalProperties: false
";
    const SHEET: &str = "\
name: sheet
title: A risk sheet
kind: risk
recognise: { key: sheet }
fields:
  id: [{ key: sheet }]
  impact: [{ header: Impact }]
  chance: [{ title: '([0-9.]+) %' }]
  open: [{ header: Open }]
  levels: [{ key: levels, split: ',' }]
values: { open: { words: { still: 'true', over: 'false' } } }
";

    fn risks(files: &[(&str, &str)]) -> Repository {
        let repository = Repository::folder_with(&[
            ("alignlint.yaml", "extends: [./policy]\n"),
            ("policy/kinds/risk.yaml", RISK),
            ("policy/profiles/sheet.yaml", SHEET),
        ]);
        repository.write(files);
        repository
    }

    #[test]
    fn a_profile_fills_numbers_and_booleans_from_headers_and_patterns() {
        let page = "---\nsheet: R-1\nlevels: '1, 2'\n---\n# Flood, 2.5 %\n\n- Impact: 4\n- Open: still\n";
        let repository = risks(&[("governance/flood.md", page)]);
        assert_eq!(repository.check(&["--select", "schema/*"]).messages(), Vec::<&str>::new());
        let fields = &fields(&repository)[0];
        assert_eq!(fields["impact"], json!(4));
        assert_eq!((&fields["chance"], &fields["open"]), (&json!(2.5), &json!(true)));
        assert_eq!(fields["levels"], json!([1, 2]));
    }

    #[test]
    fn what_is_no_number_is_still_reported() {
        let page = "---\nsheet: R-1\n---\n# Flood\n\n- Impact: high\n";
        let quoted = "---\nkind: risk\nid: R-2\nimpact: '4'\n---\n# Fire\n";
        let repository = risks(&[("governance/fire.md", quoted), ("governance/flood.md", page)]);
        assert_eq!(
            repository.check(&["--select", "schema/*"]).messages(),
            [
                "`R-2`: `impact` is `4`; expected a whole number",
                "`R-1`: `Impact` is `high`; expected a whole number"
            ]
        );
    }

    #[test]
    fn a_section_and_a_table_fill_them_too() {
        let page = "---\nkind: risk\nid: R-1\n---\n# Flood\n\n## Impact\n\n4\n\n## Steps\n\n\
                    | What | Days | Done |\n|---|---|---|\n| Dig | 3 | yes |\n";
        let repository = risks(&[("governance/flood.md", page)]);
        assert_eq!(repository.check(&["--select", "schema/*"]).messages(), Vec::<&str>::new());
        let fields = &fields(&repository)[0];
        assert_eq!(fields["impact"], json!(4));
        assert_eq!(fields["steps"][0]["days"], json!(3));
    }

    #[test]
    fn a_title_from_the_file_s_name_is_none_that_somebody_wrote() {
        let profile = "name: card\ntitle: A card\nkind: decision\nrecognise: { key: card }\n\
                       fields:\n  id: [{ key: card }]\n  title: [{ key: title }, { file: '^(.+)$' }]\nrequires: [title]\n\
                       practices: { title: { source: The manual } }\n";
        let repository = Repository::folder_with(&[
            ("alignlint.yaml", "extends: [./policy]\n"),
            ("policy/profiles/card.yaml", profile),
            ("governance/one.md", "---\ncard: D-1\n---\nText.\n"),
            ("governance/three.md", "---\ncard: D-3\n---\n# Three\n"),
            ("governance/two.md", "---\ncard: D-2\ntitle: Two\n---\nText.\n"),
        ]);
        assert_eq!(repository.check(&["--select", "schema/*"]).messages(), ["`D-1`: `title` is missing"]);
        let listed = repository.run(&["records", "--format", "json"]).json();
        let titles: Vec<&Value> =
            listed["records"].as_array().expect("a list").iter().map(|record| &record["title"]).collect();
        assert_eq!(titles, ["one", "Three", "Two"], "it is still shown by that name");
    }

    #[test]
    fn a_file_s_name_is_the_identifier_as_a_whole_unless_it_is_numbered() {
        let one = |path: &str, text: &str| {
            let repository = Repository::folder_with(&[(path, text)]);
            let listed = repository.run(&["records", "--format", "json"]).json();
            listed["records"][0]["id"].as_str().expect("an identifier").to_owned()
        };
        let team = "kind: team\ntitle: A team\nmembers: [ada]\n";
        for name in ["git2-rs", "crew-7-alpha", "3d", "wg-2024"] {
            assert_eq!(one(&format!("governance/teams/{name}.yaml"), team), name);
        }
        let page = "---\nkind: team\nmembers: [ada]\n---\n# A team\n";
        for name in ["git2-rs", "team7-alpha", "crew-7-alpha", "3d"] {
            assert_eq!(one(&format!("governance/teams/{name}.md"), page), name);
        }
        let decision = "---\nkind: decision\nstatus: draft\n---\n# Use Rust\n";
        for (name, id) in [
            ("0007-use-rust", "0007"),
            ("ADR-0007-use-rust", "ADR-0007"),
            ("adr-0007-use-rust", "adr-0007"),
            ("D-7-use-rust", "D-7"),
        ] {
            assert_eq!(one(&format!("governance/decisions/{name}.md"), decision), id);
            assert_eq!(
                one(&format!("governance/decisions/{name}.yaml"), "kind: decision\nstatus: draft\n"),
                id
            );
        }
    }
}

mod items {
    use super::*;

    const PEOPLE: &str = "people: [{ id: ada }, { id: bo }]\n";

    /// The places of the findings of a rule on decisions.
    fn places(each: &str, rest: &str, record: &str) -> Vec<String> {
        let rule = format!(
            "{}each: {}\nexpect: 'false'\nmessage: \"{{item}}\"\n{rest}",
            head("each", "decision"),
            json!(each)
        );
        let repository = Repository::folder_with(&[
            ("alignlint.yaml", "extends: [./policy]\n"),
            ("policy/rules/house/each.yaml", &rule),
            ("governance/people.yaml", PEOPLE),
            ("governance/a.yaml", record),
        ]);
        let output = repository.check(&["--select", "house/*"]);
        assert!(output.code != Some(2), "{}", output.err);
        let place = |line: &str| {
            let place = line.split(": ").next().expect("a place").rsplit('/').next().expect("a file");
            format!("{place} {}", line.rsplit("] ").next().expect("a message"))
        };
        output.out.lines().map(place).collect()
    }

    const TWO: &str = "\
decisions:
  - id: D-1
    status: accepted
    supersedes: [D-2]
    related: [D-2]
    depends-on: [D-3, D-2]
    consequences: [\"more work\", less pay]
    kpis: []
  - { id: D-2 }
  - { id: D-3 }
";

    #[test]
    fn a_reference_is_underlined_in_the_field_that_was_asked() {
        assert_eq!(places("record.depends_on", "", TWO), ["a.yaml:6:18 D-3", "a.yaml:6:23 D-2"]);
        assert_eq!(places("record.related", "", TWO), ["a.yaml:5:15 D-2"]);
        assert_eq!(places("record.?related.orValue([])", "", TWO), ["a.yaml:5:15 D-2"]);
        assert_eq!(places("record.depends_on.filter(d, d.id == \"D-2\")", "", TWO), ["a.yaml:6:23 D-2"]);
        assert_eq!(
            places("mine", "let: { mine: record.depends_on }\n", TWO),
            ["a.yaml:6:18 D-3", "a.yaml:6:23 D-2"]
        );
        assert_eq!(places("record.cites(\"decision\", \"related\")", "", TWO), ["a.yaml:5:15 D-2"]);
        assert_eq!(
            places("record.depends_on + record.related", "", TWO),
            ["a.yaml:5:15 D-2", "a.yaml:6:18 D-3", "a.yaml:6:23 D-2"]
        );
    }

    #[test]
    fn an_owner_is_underlined_where_it_is_accountable() {
        let text = "decisions:\n  - id: D-1\n    consulted: [ada]\n    owner: ada\n";
        assert_eq!(places("record.owners", "", text), ["a.yaml:4:12 ada"]);
        assert_eq!(places("[record.owner]", "", text), ["a.yaml:4:12 ada"]);
    }

    #[test]
    fn an_item_of_a_list_of_texts_is_underlined_itself() {
        assert_eq!(places("record.consequences", "", TWO), ["a.yaml:7:20 more work", "a.yaml:7:33 less pay"]);
        assert_eq!(
            places("record.consequences.filter(c, c.startsWith(\"less\"))", "at: consequences\n", TWO),
            ["a.yaml:7:33 less pay"]
        );
        let block = "decisions:\n  - id: D-1\n    drivers:\n      - speed\n      - cost\n      - speed\n";
        assert_eq!(
            places("record.drivers", "", block),
            ["a.yaml:4:9 speed", "a.yaml:5:9 cost", "a.yaml:6:9 speed"]
        );
        // The same words at one place are told once.
        assert_eq!(places("record.drivers", "at: id\n", block), ["a.yaml:2:9 cost", "a.yaml:2:9 speed"]);
    }

    #[test]
    fn so_is_an_item_of_a_list_of_numbers_or_dates() {
        let kind = "title: Risk\ndescription: What may happen.\ntype: object\nx-plural: risks\nproperties:\n  \
                    levels: { type: array, items: { type: integer }, description: The impact }\n  \
                    days: { type: array, items: { type: string, format: date }, description: When }\n";
        let rule = |each: &str| {
            format!("{}each: record.{each}\nexpect: 'false'\nmessage: \"{{item}}\"\n", head(each, "risk"))
        };
        let repository = Repository::folder_with(&[
            ("alignlint.yaml", "extends: [./policy]\n"),
            ("policy/kinds/risk.yaml", kind),
            ("policy/rules/house/days.yaml", &rule("days")),
            ("policy/rules/house/levels.yaml", &rule("levels")),
            ("governance/risks.yaml", "risks:\n  - { id: R-1, levels: [4, 5], days: [2026-01-02] }\n"),
        ]);
        let output = repository.check(&["--select", "house/*"]);
        let places: Vec<&str> =
            output.out.lines().map(|line| line.split(": ").next().expect("a place")).collect();
        assert_eq!(
            places,
            ["governance/risks.yaml:2:25", "governance/risks.yaml:2:28", "governance/risks.yaml:2:39"]
        );
    }
}

#[test]
fn a_misspelt_key_is_one_finding() {
    let repository = Repository::with(&[(
        "governance/all.yaml",
        "people: [{ id: ada, name: Ada }]\n\
         decisions:\n  - { id: D-1, title: Sell, onwer: ada, status: accepted, date: 2026-01-02, trade-offs: Time, context: why, consequences: [what] }\n\
         kpis:\n  - { id: churn, definiton: Who left, unit: \"%\", direction: down, source: Billing, owner: ada }\n",
    )]);
    assert_eq!(
        repository.check(&[]).messages(),
        ["`D-1`: `onwer` is not a field of a decision", "`churn`: `definiton` is not a field of a kpi"]
    );
    repository.write(&[(
        "governance/all.yaml",
        "people: [{ id: ada, name: Ada }]\n\
         decisions:\n  - { id: D-1, title: Sell, onwer: bo, owner: ada, status: accepted, date: 2026-01-02, trade-offs: Time, context: why, consequences: [what] }\n",
    )]);
    let messages = ["`D-1`: `onwer` is not a field of a decision"];
    assert_eq!(repository.check(&[]).messages(), messages, "the field's own key counts");
}
