//! The structure of the program: the order of modules, the users of each dependency, embedded rules and their pages.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use alignlint::check::Check;
use alignlint::config::Preset;
use alignlint::embedded;
use alignlint::explain;
use alignlint::kind::Kind;
use alignlint::policy::Policy;
use alignlint::rule::file::EXAMPLE_DATE;
use alignlint::rule::{self, Rule, embedded_rules};
use alignlint::rule_test;
use alignlint::snapshot::Snapshot;

use crate::kit::{assert_golden_folder, files_below, project, project_file};

/// The modules in their order: each imports only from those before it.
const ORDER: &[&str] = &[
    "limits",
    "lazy",
    "text",
    "node",
    "finding",
    "output",
    "cache",
    "embedded",
    "syntax",
    "value",
    "calendar",
    "layout",
    "schema",
    "snapshot",
    "estate",
    "config",
    "citation",
    "kind",
    "format",
    "record",
    "history",
    "suppression",
    "catalog",
    "governing",
    "term",
    "input",
    "rule",
    "policy",
    "adoption",
    "explain",
    "check",
    "triage",
    "view",
    "report",
    "fix",
    "rename",
    "rule_test",
    "linter",
    "lsp",
    "starter",
    "draft",
    "cli",
    "main",
];

/// Dependencies, and the only modules that may use each.
const KNOWN_TO: [(&str, &[&str]); 12] = [
    ("gix", &["snapshot", "history"]),
    ("ignore", &["snapshot"]),
    ("rustix", &["output"]),
    ("cel", &["rule"]),
    ("miette", &["report"]),
    ("maud", &["report"]),
    ("rust_sugiyama", &["report"]),
    ("clap", &["cli"]),
    ("lsp_server", &["lsp"]),
    ("lsp_types", &["lsp"]),
    ("pulldown_cmark", &["syntax"]),
    ("granit_parser", &["syntax"]),
];

fn sources() -> BTreeMap<String, String> {
    files_below("src", Some("rs"))
}

/// The module of a file: `rule` for `src/rule/compile/calls.rs`.
fn module_of(path: &str) -> &str {
    let below = path.strip_prefix("src/").unwrap_or(path);
    below.split('/').next().unwrap_or(below).trim_end_matches(".rs")
}

fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The words that follow `before` in a text; for `{a, b}` each of them.
fn words_after<'t>(text: &'t str, before: &str) -> Vec<&'t str> {
    let word = |text: &'t str| {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
        &text[..end]
    };
    text.match_indices(before)
        .flat_map(|(at, _)| {
            let rest = &text[at + before.len()..];
            match rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
                Some((several, _)) => several.split(',').map(|one| word(one.trim())).collect(),
                None => vec![word(rest)],
            }
        })
        .collect()
}

/// The name of each pack and its rules.
fn packs() -> Vec<(&'static str, Vec<Arc<Rule>>)> {
    embedded::packs().into_iter().map(|pack| (pack, rule::pack_rules(pack))).collect()
}

/// The rules that come with the program, and those of packs.
fn all_rules() -> Vec<Arc<Rule>> {
    embedded_rules().iter().cloned().chain(packs().into_iter().flat_map(|(_, rules)| rules)).collect()
}

#[test]
fn imports_run_one_way() {
    let rank = |module: &str| ORDER.iter().position(|name| *name == module);
    let mut backwards = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| *path != "src/lib.rs") {
        let own = module_of(path);
        let here = rank(own).unwrap_or_else(|| panic!("`{own}` has no place in the order"));
        for imported in words_after(&code(text), "crate::") {
            let there =
                rank(imported).unwrap_or_else(|| panic!("{path}: `{imported}` has no place in the order"));
            if there > here {
                backwards.push(format!("{path} imports {imported}"));
            }
        }
    }
    assert_eq!(backwards, Vec::<String>::new());
}

#[test]
fn each_dependency_is_known_to_one_module() {
    for (path, text) in sources() {
        let own = module_of(&path);
        for (dependency, homes) in KNOWN_TO.iter().filter(|(_, homes)| !homes.contains(&own)) {
            let uses = code(&text).match_indices(&format!("{dependency}::")).any(|(at, _)| {
                // `jsonschema::` does not use `schema::`.
                !code(&text)[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
            });
            assert!(!uses, "{path} uses `{dependency}`, which only {homes:?} should know");
        }
    }
}

/// Calls that create, change, rename or delete files.
const WRITES: [&str; 13] = [
    "fs::write(",
    "fs::rename(",
    "fs::copy(",
    "fs::remove_",
    "fs::create_dir",
    "fs::hard_link(",
    "fs::set_permissions(",
    "DirBuilder",
    "File::create",
    "File::options",
    "OpenOptions",
    "fs::symlink(",
    "rustix::",
];

#[test]
fn everything_is_written_by_one_module() {
    for (path, text) in sources().iter().filter(|(path, _)| module_of(path) != "output") {
        // Tests make the files that they need.
        let is_test = path.ends_with("tests.rs") || path.contains("/tests/");
        let program = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
        let call = WRITES.iter().find(|call| !is_test && code(program).contains(**call));
        assert_eq!(call, None, "{path} writes; only `output` should");
    }
}

#[test]
fn standard_output_and_standard_error_have_one_way() {
    let homes = ["src/cli/streams.rs", "src/cli/terminal.rs", "src/cli/progress.rs"];
    for (path, text) in sources().iter().filter(|(path, _)| !homes.contains(&path.as_str())) {
        for stream in ["stdout()", "stderr()", "println!", "print!", "dbg!"] {
            let code = code(text);
            let mut found = code.match_indices(stream);
            // `terminal.stdout_style()` and `streams::stdout(…)` are fine, and so is `use_stderr()`.
            let raw = found.any(|(at, _)| !code[..at].ends_with("use_"));
            assert!(!raw, "{path} uses `{stream}` instead of `cli::streams`");
        }
    }
}

#[test]
fn no_rule_is_named_in_the_program() {
    let rules: HashSet<String> = all_rules().iter().map(|rule| rule.id.to_string()).collect();
    let quoted = regex::Regex::new(r#"["`\[]([a-z0-9-]+/[a-z0-9-]+)["`\]]"#).expect("a pattern");
    for (path, text) in sources() {
        for found in quoted.captures_iter(&text) {
            assert!(!rules.contains(&found[1]), "{path} names the rule {}", &found[1]);
        }
    }
}

#[test]
fn the_program_has_no_unsafe_code() {
    assert!(sources()["src/lib.rs"].contains("#![forbid(unsafe_code)]"));
}

#[test]
fn a_rule_is_called_by_its_path() {
    let files = files_below("rules", Some("yaml"));
    assert_eq!(files.len(), embedded_rules().len());
    for rule in embedded_rules() {
        assert!(files.contains_key(&format!("rules/{}.yaml", rule.id)), "{}", rule.id);
    }
}

/// What a user's rule may leave out. Rules of packs leave it out too, except for texts and examples.
#[test]
fn every_rule_says_all_of_it() {
    let texts = ["title", "severity", "for", "message", "help", "why", "examples"];
    let settings = ["id", "preset", "facet"];
    let packs = files_below("packs", Some("yaml")).into_iter().filter(|(path, _)| path.contains("/rules/"));
    for (path, text) in files_below("rules", Some("yaml")).into_iter().chain(packs) {
        let is_of_pack = path.starts_with("packs/");
        for key in texts.iter().chain(settings.iter().filter(|_| !is_of_pack)) {
            let is_stated = text.lines().any(|line| line.starts_with(&format!("{key}:")));
            assert!(is_stated, "{path} has no `{key}`");
        }
    }
}

#[test]
fn every_rule_has_two_examples_that_pass_and_two_that_fail_and_all_are_right() {
    for rule in embedded_rules() {
        let (pass, fail): (Vec<_>, Vec<_>) =
            rule.examples.iter().partition(|example| example.finds.is_empty());
        assert!(pass.len() >= 2, "{} has {} examples that pass", rule.id, pass.len());
        assert!(fail.len() >= 2, "{} has {} examples that fail", rule.id, fail.len());
    }
    let policy =
        Policy::load(&Snapshot::in_memory([]), None).unwrap_or_else(|faults| panic!("{}", faults[0]));
    let failures: Vec<String> =
        rule_test::run(embedded_rules(), &policy).failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The patterns of the program's rules are compiled when a rule needs them, those of a user's rules when they are loaded.
#[test]
fn the_patterns_of_all_rules_are_valid() {
    let as_own = |path: &str| {
        let text = embedded::file(path).expect("a text");
        let name = path.trim_start_matches("rules/").replace('/', "-");
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("id: ")).collect();
        (format!("policy/house/{name}"), lines.join("\n"))
    };
    let configuration = ("alignlint.yaml".to_owned(), "extends: [all, ./policy]\n".to_owned());
    let files = embedded::paths("rules").map(as_own).chain([configuration]);
    let snapshot = Arc::new(Snapshot::in_memory(files));
    let policy = Policy::load(&snapshot, None).unwrap_or_else(|faults| panic!("{}", faults[0]));
    let own: Vec<Arc<Rule>> = policy.rules.rules().iter().filter(|rule| rule.is_own).cloned().collect();
    assert_eq!(own.len(), embedded_rules().len());
    let input = policy.read(&snapshot, &own);
    let check = Check { input: &input, config: &policy.config, today: EXAMPLE_DATE, diff: None };
    check.run(&own).unwrap_or_else(|faults| panic!("{}", faults[0]));
}

#[test]
fn a_pack_is_a_folder_whose_rules_bear_its_name_and_are_tested_and_described() {
    let files = files_below("packs", None);
    for (pack, rules) in packs() {
        assert_eq!(Preset::from_name(pack), None, "a preset and a pack are called `{pack}`");
        assert!(!rules.is_empty(), "the pack {pack} has no rules");
        let page = std::fs::read_to_string(project().join(format!("docs/packs/{pack}.md"))).expect(pack);
        for rule in &rules {
            assert_eq!(rule.family(), pack);
            assert!(files.contains_key(&format!("packs/{pack}/rules/{}.yaml", rule.id)), "{}", rule.id);
            let (pass, fail): (Vec<_>, Vec<_>) =
                rule.examples.iter().partition(|example| example.finds.is_empty());
            assert!(!pass.is_empty() && !fail.is_empty(), "{} has no example of both sorts", rule.id);
            assert!(page.contains(&format!("`{}`", rule.id)), "docs/packs/{pack}.md lacks {}", rule.id);
        }
        let configuration = ("alignlint.yaml".to_owned(), format!("extends: [{pack}]\n"));
        let policy = Policy::load(&Snapshot::in_memory([configuration]), None)
            .unwrap_or_else(|faults| panic!("{}", faults[0]));
        let failures: Vec<String> =
            rule_test::run(&rules, &policy).failures.iter().map(ToString::to_string).collect();
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}

#[test]
fn every_fix_is_shown_by_an_example() {
    for rule in all_rules().iter().filter(|rule| rule.fix.is_some()) {
        let shows = |fixed: &BTreeMap<String, String>| !fixed.is_empty();
        let shown = rule.examples.iter().filter_map(|example| example.fixed.as_ref()).any(shows);
        assert!(shown, "{} has a fix, and no example with `fixed`", rule.id);
    }
    let rules = all_rules();
    let mut without = rules.iter().filter(|rule| rule.fix.is_none());
    let idle = without.find(|rule| rule.examples.iter().any(|example| example.fixed.is_some()));
    assert_eq!(idle.map(|rule| &rule.id), None, "it has an example with `fixed`, and no fix");
}

/// The page of every kind, and the index of kinds.
fn kind_pages() -> BTreeMap<String, String> {
    let policy =
        Policy::load(&Snapshot::in_memory([]), None).unwrap_or_else(|faults| panic!("{}", faults[0]));
    let page = |kind: &Kind| (format!("docs/kinds/{}.md", kind.name), explain::kind::render(kind, &policy));
    let pages = policy.kinds.iter().map(|kind| page(kind));
    pages.chain([("docs/kinds/README.md".to_string(), explain::kind::index(&policy.kinds))]).collect()
}

#[test]
fn the_pages_of_kinds_are_fresh() {
    assert_golden_folder("docs/kinds", "md", &kind_pages());
}

#[test]
fn the_page_of_a_rule_has_at_most_a_hundred_lines_of_eighty_columns() {
    let configuration = ("alignlint.yaml".to_owned(), "extends: [all]\n".to_owned());
    let policy = Policy::load(&Snapshot::in_memory([configuration]), None)
        .unwrap_or_else(|faults| panic!("{}", faults[0]));
    let rows = |page: &str| page.lines().map(|line| line.chars().count().div_ceil(80).max(1)).sum::<usize>();
    for rule in policy.rules.rules() {
        let page = explain::pages(&rule.id, &policy).unwrap_or_else(|faults| panic!("{}", faults[0]));
        assert!(rows(&page) <= 100, "{}: {}", rule.id, rows(&page));
    }
}

/// The lines of a rule file beside its texts and examples.
fn own_lines(rule: &Rule) -> usize {
    const TEXTS: [&str; 6] = ["title", "message", "label", "help", "why", "examples"];
    let mut is_counted = false;
    let lines = rule.source.text().lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let counted = lines.filter(|line| {
        if !line.starts_with(' ') {
            is_counted = line.split(':').next().is_some_and(|key| !TEXTS.contains(&key));
        }
        is_counted
    });
    counted.count()
}

#[test]
fn the_page_of_packs_says_how_long_their_rules_are() {
    let page = project_file("docs/packs.md");
    for (pack, rules) in packs() {
        let mut lines: Vec<usize> = rules.iter().map(|rule| own_lines(rule)).collect();
        lines.sort_unstable();
        let (median, longest) = (lines[lines.len() / 2], lines[lines.len() - 1]);
        let row = format!("| `{pack}` | {} | {median} | {longest} |", rules.len());
        assert!(median <= 9 && page.contains(&row), "{row}");
    }
}

/// A rule fits on a screen.
const MOST_LINES: usize = 150;
const MOST_LOGIC: usize = 20;
const MOST_CHARACTERS: usize = 140;
const MOST_PATTERN: usize = 60;
/// Together they can be known.
const MOST_RULES: usize = 176;
const MOST_LINES_OF_RULES: usize = 11_700;

/// Rules that are still larger, until they are cut.
const LARGER: &[&str] = &["objective/shifted", "objective/two-targets", "reference/same-title"];

/// The keys of a rule that say what it finds, how and where.
const LOGIC: [&str; 14] = [
    "let", "when", "each", "group-by", "expect", "due", "against", "by", "at", "label", "related", "message",
    "help", "key",
];

/// Returns what is too large about a rule.
fn excess(text: &str) -> Vec<String> {
    let head = text.split_once("\nexamples:").map_or(text, |(head, _)| head);
    let (mut logic, mut is_logic) = (0, false);
    for line in head.lines().filter(|line| !line.trim_start().starts_with('#')) {
        if let Some((key, _)) = line.split_once(':').filter(|_| line.starts_with(char::is_alphabetic)) {
            is_logic = LOGIC.contains(&key);
        }
        logic += usize::from(is_logic);
    }
    let patterns = patterns(head);
    let longest = patterns.iter().map(|pattern| pattern.chars().count()).max().unwrap_or_default();
    let measures = [
        ("lines", text.lines().count(), MOST_LINES),
        ("lines of logic", logic, MOST_LOGIC),
        (
            "characters in a line",
            text.lines().map(|line| line.chars().count()).max().unwrap_or(0),
            MOST_CHARACTERS,
        ),
        ("regular expressions", patterns.len(), 1),
        ("characters in one", longest, MOST_PATTERN),
    ];
    let above = measures.into_iter().filter(|(_, count, most)| count > most);
    above.map(|(of, count, most)| format!("{count} {of}, at most {most}")).collect()
}

/// Returns the regular expressions of a rule: literals in calls, and defaults of parameters.
fn patterns(head: &str) -> HashSet<&str> {
    let literals =
        [".matches(", ".find(", ".find_all("].into_iter().flat_map(|call| head.split(call).skip(1));
    let literal = |rest: &'_ str| -> Option<usize> {
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        rest[1..].find(quote)
    };
    let of_calls = literals
        .map(|rest| rest.trim_start_matches(['\\', 'r']))
        .filter_map(|rest| Some(&rest[1..=literal(rest)?]));
    let parameters = head.split("type: pattern").skip(1).filter_map(|rest| {
        let default = &rest[rest.find("default:")? + "default:".len()..];
        default.trim_start().lines().next()?.split("', ").next()
    });
    let parameters = parameters.map(|default| default.trim_matches(['\'', ' ', '}']));
    of_calls.chain(parameters).collect()
}

#[test]
fn a_rule_fits_on_a_screen() {
    let files = files_below("rules", Some("yaml"));
    let id = |path: &str| path.trim_start_matches("rules/").trim_end_matches(".yaml").to_owned();
    let larger: BTreeMap<String, Vec<String>> = files
        .iter()
        .map(|(path, text)| (id(path), excess(text)))
        .filter(|(_, excess)| !excess.is_empty())
        .collect();
    let new: Vec<_> = larger.iter().filter(|(id, _)| !LARGER.contains(&id.as_str())).collect();
    assert!(new.is_empty(), "{new:#?}");
    let lines: usize = files.values().map(|text| text.lines().count()).sum();
    assert!(
        files.len() <= MOST_RULES && lines <= MOST_LINES_OF_RULES,
        "{} files, {lines} lines",
        files.len()
    );
}
