//! Pages of kinds, and the examples that kinds carry: they are what users copy, so the program has no objection to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use alignlint::calendar::parse_date;
use alignlint::embedded;
use alignlint::finding::Fault;
use alignlint::format::{Formats, Globs};
use alignlint::kind::editor::records_schema;
use alignlint::kind::{Kinds, Shape};
use alignlint::schema::{Schema, Violation, to_json};
use alignlint::syntax::{Format, parse};
use alignlint::text::Source;
use globset::GlobBuilder;
use jiff::civil::Date;

use super::readers::walk;
use crate::kit::{Repository, project_file};

fn kinds() -> Kinds {
    Kinds::load(&[]).expect("the embedded kinds have no faults")
}

fn date(day: &str) -> Date {
    parse_date(day).expect("a date")
}

/// Checks one file for each kind by all rules, on this day.
fn check(day: &str, files: &[(String, String)]) -> String {
    let repository = Repository::folder_with(&[("alignlint.yaml", "extends: [all]\n")]);
    files.iter().for_each(|(path, text)| repository.write_file(path, text));
    let output = repository.run(&["--as-of", day, "--format", "concise", "--fail-on", "note"]);
    let is_directory = output.err.contains("nothing to check: found only people, roles and teams");
    assert!(is_directory || output.code != Some(2), "{}", output.err);
    output.out
}

#[test]
fn the_full_examples_of_all_kinds_are_a_company_without_findings() {
    for day in ["2026-11-20", "2026-12-31", "2027-01-01", "2024-02-29", "2030-04-01"] {
        let file = |kind: &alignlint::kind::Kind| {
            let items =
                kind.full_example(date(day)).unwrap_or_else(|| panic!("{} has no example", kind.name));
            (format!("governance/{}.yaml", kind.plural), kind.list_file(&items))
        };
        let files: Vec<_> = kinds().iter().map(|kind| file(kind)).collect();
        assert_eq!(check(day, &files), "", "on {day}");
    }
}

#[test]
fn the_shortest_example_of_each_kind_is_a_repository_without_findings() {
    for kind in kinds().iter() {
        let items = kind.shortest_example(date("2026-11-20"));
        let path = format!("governance/{}.yaml", kind.plural);
        let found = check("2026-11-20", &[(path, kind.list_file(&items))]);
        // The lead of a team and the holder of a role are other records.
        let found: Vec<&str> = found.lines().filter(|line| !line.contains("[ownership/unknown]")).collect();
        assert_eq!(found, Vec::<&str>::new(), "{}", kind.name);
    }
}

#[test]
fn the_page_and_the_list_of_an_example_are_the_same_record() {
    for kind in kinds().iter() {
        let page = project_file(&format!("docs/kinds/{}.md", kind.name));
        let block = |language: &str| {
            let (_, rest) = page.split_once(&format!("```{language}\n")).expect("an example");
            rest.split_once("```").expect("its end").0.to_owned()
        };
        let fields = |path: String, text: String| {
            let listing =
                Repository::folder_with(&[(&path, &text)]).run(&["records", "--format", "json"]).json();
            listing["records"][0]["fields"].as_object().cloned().unwrap_or_default()
        };
        let list = fields(format!("governance/{}.yaml", kind.plural), block("yaml"));
        let mut page = fields(format!("governance/{}/example.md", kind.plural), block("markdown"));
        // A page has a heading also where the record has no title.
        page.retain(|name, _| list.contains_key(name));
        assert_eq!(page, list, "{}", kind.name);
    }
}

const RISK: &str = "title: Risk\ndescription: Something that may go wrong\ntype: object\nx-plural: risks\nx-status: status\nx-live: [open]\n\
                    x-owner: [owner]\nrequired: [likelihood]\nproperties:\n  status: { type: string, enum: [closed, open], description: Whether it can still happen. }\n  \
                    likelihood: { type: string, enum: [rare, likely], description: How often., x-synonyms: { rare: [seldom] } }\n  \
                    mitigated-by: { type: array, items: { type: string, x-ref: decision }, description: What helps. }\nadditionalProperties: false\n";

#[test]
fn a_kind_of_ones_own_has_a_page() {
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/kinds/risk.yaml", RISK),
    ]);
    let page = repository.run(&["explain", "risk"]).out;
    for part in [
        "risk\n\nSomething that may go wrong.\n",
        "  risks:\n        - id: risk\n          title: …\n          owner: …\n          status: open\n          likelihood: rare\n",
        "  `likelihood`\n      type: `rare`, `likely`\n      meaning: Required. How often.\n",
        "  `open`    yes\n",
        "  `rare`    seldom\n",
        "  `mitigated-by`\n      type: list: reference to decision\n",
        "`reference/unknown`",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
}

#[test]
fn a_name_that_nothing_has_is_answered_with_the_nearest() {
    let repository = Repository::folder();
    for (arguments, help) in [
        (["explain", "decison"], "did you mean `decision`?"),
        (["explain", "ownershp"], "did you mean `ownership`?"),
        (["explain", "ownership/mising"], "did you mean `ownership/missing`?"),
        (["explain", "ownership/quite-another"], "list the rules with `alignlint rules`"),
        (["explain", "foo"], "the kinds are `assumption`, `decision`"),
        (["schema", "foo"], "the kinds are `assumption`, `decision`"),
        (["schema", "confg"], "did you mean `config`?"),
        (["schema", "desicions"], "did you mean `decisions`?"),
        (["records", "decison"], "did you mean `decision`?"),
    ] {
        let fault = repository.run(&arguments).fault();
        assert!(fault.contains(help), "{arguments:?}: {fault}");
    }
    let family = repository.run(&["explain", "ownership"]).out;
    let missing = "`ownership/missing`\n    severity: error\n    preset: essential\n    finds: The record has no owner\n";
    assert!(family.contains(missing), "{family}");
}

/// What records of a directory, of roles in decisions and of a rhythm of meetings look like in files of teams that use a
/// method by its own words.
const METHODS: [(&str, &str); 5] = [
    (
        "governance/raci.yaml",
        "decisions:\n  - id: D-1\n    title: Charge for each site\n    status: accepted\n    responsible: [bo]\n    accountable: ada\n    \
         consulted: [cy]\n    informed: [sales]\n    door: one-way door\n    effective-from: 2027-01-01\n",
    ),
    (
        "governance/daci.yaml",
        "decision-rights:\n  - { id: pricing, what: Prices, driver: bo, approver: ada, contributors: [cy], informed: [sales], region: Norway }\n",
    ),
    (
        "governance/rapid.yaml",
        "decisions:\n  - { id: D-2, status: proposed, recommend: bo, agree: [cy], perform: [sales], input: [cy], decide: ada }\n",
    ),
    (
        "governance/forums.yaml",
        "forums:\n  - { id: l10, purpose: [Review, decide, alignment], cadence: every Monday, duration: 90 minutes, participants: [sales] }\n  \
         - { id: task-force, purpose: decide, temporary: true, ends: 2026-12-31, paused: { from: 2026-11-01, to: 2026-11-15 }, minutes-in: Notion }\n",
    ),
    (
        "okrs/2026-Q4.yaml",
        "objectives:\n  - id: O-1\n    title: Learn to sell\n    level: personal\n    period: 2026-Q4\n    owner: bo\n    commitment: learning\n    \
         status: partly achieved\n    health: amber\n    score: 0.6\n    key-results:\n      \
         - { milestone: First contract signed, due: 2026-11-30, done-when: The contract is in the archive, owner: bo }\n",
    ),
];

#[test]
fn the_words_of_known_methods_are_read() {
    let repository = Repository::folder_with(&METHODS);
    repository.write_file(
        "governance/directory.yaml",
        "people: [{ id: ada, active-from: 2024-01-01 }, { id: bo, reports-to: ada }, { id: cy }]\n\
         roles: [{ id: cfo, holder: ada, acting: true }]\nteams: [{ id: sales, lead: ada, okrs: none }]\n",
    );
    let output = repository.run(&["--select", "schema/*,reference/*,document/*", "--format", "concise"]);
    assert_eq!(output.out, "");
    for (id, field, value) in [
        ("D-1", "owner", serde_json::json!("ada")),
        ("D-1", "performers", serde_json::json!(["bo"])),
        ("D-1", "reversible", serde_json::json!(false)),
        ("D-2", "decision-makers", serde_json::json!(["ada"])),
        ("D-2", "authors", serde_json::json!(["bo"])),
        ("D-2", "agreed", serde_json::json!(["cy"])),
        ("pricing", "owner", serde_json::json!("ada")),
        ("pricing", "proposers", serde_json::json!(["bo"])),
        ("pricing", "applies-to", serde_json::json!(["Norway"])),
        ("l10", "purpose", serde_json::json!(["review", "decide", "align"])),
        ("O-1", "level", serde_json::json!("individual")),
        ("O-1", "status", serde_json::json!("partially-achieved")),
        ("O-1", "health", serde_json::json!("at-risk")),
    ] {
        assert_eq!(record_fields(&repository, id)[field], value, "`{field}` of `{id}`");
    }
}

fn record_fields(repository: &Repository, id: &str) -> serde_json::Value {
    let records = repository.run(&["records", "--format", "json"]).out;
    let records: serde_json::Value = serde_json::from_str(&records).expect("JSON");
    let all = records["records"].as_array().expect("records").iter();
    let mut found = all.filter(|record| record["id"] == id).map(|record| record["fields"].clone());
    found.next().unwrap_or_else(|| panic!("{id} in {records}"))
}

/// A schema of records.
const RECORD: &str = include_str!("../../readers/record.yaml");

/// A kind of one's own, to which a case adds lines.
const LIKELIHOOD: &str = "title: Risk\ndescription: What may go wrong.\nx-plural: risks\nproperties:\n  likelihood: { enum: [low, high] }\n";

#[test]
fn violations_and_faults_are_worded_at_their_places() {
    let record: serde_json::Value = serde_yaml::from_str(RECORD).expect("YAML");
    let schema = Schema::compile(&record).expect("a schema");
    walk("kinds.txt", |case| {
        let (view, text) = case.split_once(" | ").expect("it names a view");
        match view {
            "record" => violations(&schema, &format!("id: 0007\ntitle: 2024\n{text}")),
            "file" => violations(&schema, text),
            "kind" => {
                shown_faults(Kinds::load(&[source("kinds/risk.yaml", &format!("{LIKELIHOOD}{text}\n"))]))
            }
            "schema" => shown_faults(
                Schema::compile(&serde_json::from_str(text).expect("JSON")).map_err(|fault| vec![fault]),
            ),
            _ => panic!("unknown view {view}"),
        }
    });
}

fn source(path: &str, text: &str) -> Arc<Source> {
    Arc::new(Source::new(path, text.into()))
}

fn violations(schema: &Schema, text: &str) -> String {
    let document = parse(source("a.yaml", text), Format::Yaml);
    let shown = |it: &Violation| {
        let help = it.help.iter().map(|help| format!(" → {help}")).collect::<String>();
        format!("[{}] {}: {}{help}", document.source.slice(it.span).trim_end(), it.keyword, it.message)
    };
    let found: Vec<String> = schema.violations(&document.roots[0]).iter().map(shown).collect();
    if found.is_empty() { "none".to_owned() } else { found.join(" · ") }
}

fn shown_faults<T>(result: Result<T, Vec<Fault>>) -> String {
    let faults = result.err().unwrap_or_default();
    let shown: Vec<String> = faults.iter().map(|it| it.to_string().replace("kinds/risk.yaml:", "")).collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join(" · ") }
}

/// A copy of each of the program's kinds is a kind of one's own without faults, and each of its fields is described.
#[test]
fn the_kinds_of_the_program_follow_the_rules_for_those_of_users() {
    let sources: Vec<_> = embedded::paths("schemas/kinds")
        .map(|path| source(path, embedded::file(path).expect("a text")))
        .collect();
    let kinds = Kinds::load(&sources).unwrap_or_else(|faults| panic!("{}", faults[0]));
    kinds.iter().for_each(|kind| assert_described(&kind.shape, &kind.name));
}

fn assert_described(shape: &Shape, path: &str) {
    for field in &shape.fields {
        assert!(!field.description.is_empty(), "`{}` of {path} is not described", field.name);
        let names = field.natural_key.iter().chain(field.item_shape().and_then(|inner| inner.text.as_ref()));
        for name in names {
            let has_it = field.item_shape().is_some_and(|inner| inner.field(name).is_some());
            assert!(has_it, "`{}` of {path} has no `{name}`", field.name);
        }
        field.ty.shape().iter().for_each(|inner| assert_described(inner, &field.name));
    }
}

#[test]
fn what_is_read_as_json_says_the_same_in_yaml() {
    let files = ["schemas", "packs"].into_iter().flat_map(embedded::paths);
    let mut compared = 0;
    for path in files.filter(|path| !path.contains("/rules/")) {
        let Some(json) = embedded::as_json(path) else { continue };
        let json: serde_json::Value = serde_json::from_str(json).expect("it is JSON");
        let document = parse(embedded::source(path), Format::Yaml);
        assert_eq!(to_json(&document.roots[0]).to_string(), json.to_string(), "{path}");
        compared += 1;
    }
    assert!(compared > embedded::paths("schemas/kinds").count());
}

#[test]
fn the_schema_for_editors_accepts_what_the_program_reads() {
    let schema = Schema::compile(&records_schema(&kinds())).expect("a schema");
    for path in [
        "strategy/objectives-2026-Q4",
        "strategy/kpis",
        "strategy/initiatives",
        "governance/forums",
        "governance/decision-log",
    ] {
        let text = project_file(&format!("examples/clean/{path}.yaml"));
        assert_eq!(violations(&schema, &text), "none", "{path}");
    }
    for (text, is_valid) in [
        (
            "goals:\n  O-1: { title: T, owned-by: ada, state: On Track }\nadr: [{ identifier: 7, status: WIP }]\n",
            true,
        ),
        ("kind: decision\nassumptions: [A-1]\n", true),
        ("decisions: none\n", false),
        ("people:\n  - { id: ada, nmae: Ada }\n", false),
        ("kind: kpi\nunit: [a]\n", false),
    ] {
        assert_eq!(violations(&schema, text) == "none", is_valid, "{text}");
    }
}

/// A glob with its wildcards filled in, and with one of the alternatives of each group.
fn path_of(glob: &str, fill: &str, at: usize) -> String {
    let filled = glob.replace("**/", &format!("{fill}/")).replace("[0-9]", "7").replace(['*', '?'], fill);
    let (mut path, mut rest) = (String::new(), &*filled);
    while let Some((before, group)) = rest.split_once(['{', '[']) {
        let (inner, after) = group.split_once(['}', ']']).expect("the group ends");
        let alternatives: Vec<&str> = inner.split(',').collect();
        path += before;
        path += alternatives[at % alternatives.len()];
        rest = after;
    }
    (path + rest).trim_start_matches('/').to_uppercase()
}

/// Those of the program are not validated when they are loaded.
#[test]
fn each_format_of_the_program_is_valid_as_one_of_a_user() {
    let as_own = |path: &str| {
        let text = embedded::file(path).expect("a text").lines().filter(|line| !line.starts_with("name: "));
        Arc::new(Source::new(path, text.collect::<Vec<_>>().join("\n").into()))
    };
    let of_packs = |part: &'static str| embedded::paths("packs").filter(move |path| path.contains(part));
    let kinds = Kinds::load(&of_packs("/kinds/").map(embedded::source).collect::<Vec<_>>()).expect("kinds");
    let sources = embedded::paths("schemas/formats").chain(of_packs("/formats/")).map(as_own);
    let sources: Vec<Arc<Source>> = sources.collect();
    let own = Formats::load(&sources, &[], &kinds).unwrap_or_else(|faults| panic!("{}", faults[0]));
    assert!(sources.iter().all(|source| own.iter().any(|it| it.own_path.as_ref() == Some(source.path()))));
}

#[test]
fn a_glob_of_a_format_that_takes_too_much_is_a_fault() {
    let nested = format!("{}a{}", "{".repeat(300), "}".repeat(300));
    for (glob, why) in [(nested, "nested too deeply"), ("a*/".repeat(400), "longer than 1024 bytes")] {
        let text = format!("name: null\nkind: decision\nrecognise: [{{ in: '{glob}' }}]\n").into();
        let own = Arc::new(Source::new("formats/own.yaml", text));
        let faults = Formats::load(&[own], &[], &kinds()).err().expect("a fault");
        assert_eq!(faults[0].message, format!("invalid glob `{glob}`: {why}"));
    }
}

#[test]
fn a_glob_matches_the_same_paths_whether_or_not_it_is_compiled() {
    let formats = Formats::load(&[], &[], &kinds()).expect("the formats are valid");
    let templates = std::fs::read_to_string("schemas/templates.yaml").expect("the file is there");
    let templates: BTreeMap<String, Vec<String>> = serde_yaml::from_str(&templates).expect("it is YAML");
    let beside = [
        "keps/**",
        "**/keps/**/{README,readme}.md",
        "a\\*b/**",
        "**/[!a]b",
        "{a,{b,c}}d/**",
        "[]x]y/**",
        "[{]aa,bb[}]cc/**",
        "[ab*c]",
        "[ab[c]",
        "a{**/b,c}",
        "[0-9]{[a,b],c}",
    ];
    let globs = formats.iter().flat_map(|format| format.paths()).chain(beside).map(str::to_owned);
    let globs: Vec<String> = globs.chain(templates.into_values().flatten()).collect();
    assert!(globs.len() > 60, "{globs:?}");
    for glob in &globs {
        let lazy = Globs::of(std::iter::once(&**glob));
        let mut compiled = GlobBuilder::new(glob);
        let compiled = compiled.literal_separator(true).case_insensitive(true).empty_alternates(true).build();
        let compiled = compiled.expect("the glob is valid").compile_matcher();
        let paths =
            globs.iter().filter(|it| !it.contains(['\\', '!']) && !it.contains("{a,{") && !it.contains("[]"));
        let paths = paths.flat_map(|glob| {
            ["", "x", "9", "-a", "a/b"]
                .into_iter()
                .flat_map(move |fill| (0..3).map(move |at| path_of(glob, fill, at)))
        });
        let more = ["a*b/c", "cb", "ab", "bd/x", "]y/z", "xy/z", "{aa,bb}cc/z", "a", "1b"].map(str::to_owned);
        for path in paths.chain(more) {
            assert_eq!(lazy.is_match(&*path), compiled.is_match(&path), "{glob} on {path}");
        }
    }
}
