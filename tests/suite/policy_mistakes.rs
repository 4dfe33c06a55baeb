//! Typical mistakes of people who write rules, kinds, profiles and a configuration: each is reported when the policy is loaded, at its place.

use std::fmt::Write as _;

use crate::kit::{Repository, assert_golden};

mod configuration;
mod profile;
mod without_value;

const CONFIG: &str = "extends: [recommended, ./policy]\n";
const RULE: &str = "for: decision\nexpect: record.topic != \"pricing\" || has(record.kpis)\nmessage: \"`{record.id}` names no metric\"\n";
const KIND: &str = "title: Risk\ndescription: What may go wrong.\ntype: object\nx-plural: risks\nx-status: status\nx-live: [open]\n\
    x-owner: [owner]\nproperties:\n  status: { type: string, enum: [open, closed] }\n  reviewed: { type: string, format: date }\n";
const PROFILE: &str = "name: memo\ntitle: Memo\nkind: decision\nrecognise:\n  all: [{ path: \"**/memos/*.md\" }]\nfields:\n  id: [{ file: \"^([0-9]+)\" }]\n  title: [{ title: \"^(.+)$\" }]\n  \
    status: [{ header: State }]\ndates: [\"%d %B %Y\"]\n";

/// The files of a policy, of which one is wrong.
fn message(path: &str, text: &str) -> String {
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", CONFIG),
        ("policy/rules/pricing/kpi.yaml", RULE),
        ("policy/kinds/risk.yaml", KIND),
        ("policy/profiles/memo.yaml", PROFILE),
        ("governance/decisions.yaml", "decisions: [{id: D-1, title: Hire}]\n"),
    ]);
    if path.contains("/wrong/") {
        repository.remove("policy/rules/pricing/kpi.yaml");
    }
    repository.write(&[(path, text)]);
    let output = repository.run_today(&["-q"]);
    assert_eq!(output.code, Some(2), "{path} with\n{text}\nis not a mistake: {output:?}");
    output.err
}

/// Rules, kinds and profiles of the program are compiled when a record needs them; those of a user at once.
#[test]
fn a_mistake_is_told_though_no_record_needs_its_file() {
    for (path, text, told) in [
        ("policy/rules/wrong/kpi.yaml", RULE.replacen("decision", "kpi", 1), "a kpi has no field `topic`"),
        ("policy/rules/wrong/risk.yaml", RULE.replacen("decision", "risk", 1), "a risk has no field `topic`"),
        ("policy/kinds/risk.yaml", KIND.replace("[open, closed]", "7"), "`enum`"),
        ("policy/kinds/risk.yaml", KIND.replace("format: date", "pattern: '('"), "unclosed group"),
        ("policy/profiles/memo.yaml", PROFILE.replace("memos/*.md", "memos/[*.md"), "invalid glob"),
        ("policy/profiles/memo.yaml", PROFILE.replace("^([0-9]+)", "^([0-9]+"), "unclosed group"),
    ] {
        let message = message(path, &text);
        assert!(message.contains(told), "{path}:\n{message}");
    }
}

/// The places of the mistakes in one file, on a line each.
fn assert_places(file: &str, path: &str, good: &str, mistakes: &[(&str, &str, &str)]) {
    let mut page = String::new();
    for (what, from, to) in mistakes {
        let wrong = if from.is_empty() { format!("{good}{to}") } else { good.replacen(from, to, 1) };
        assert_ne!(wrong, good, "{what}");
        let _ = writeln!(page, "{what}: {}", places(&message(path, &wrong)));
    }
    assert_golden(&format!("tests/suite/golden/mistakes_{file}.txt"), &page);
}

/// The lines and columns of the faults in a message.
fn places(message: &str) -> String {
    let places = message.lines().filter_map(|line| line.trim_start().strip_prefix("╭─[")?.strip_suffix(']'));
    let places = places.map(|place| place.split_once(':').map_or(place, |(_, place)| place));
    places.collect::<Vec<_>>().join(", ")
}

#[expect(clippy::too_many_lines, reason = "a list of mistakes")]
#[test]
fn mistakes_in_a_rule() {
    assert_places(
        "rule",
        "policy/rules/pricing/kpi.yaml",
        RULE,
        &[
            ("a misspelt key", "message:", "mesage:"),
            ("a misspelt field", "record.topic", "record.topik"),
            (
                "a kind for a list",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "against: decision",
            ),
            (
                "kinds for a list",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "each: decisions\nexpect: has(item.owner)",
            ),
            ("a rule for files about records", "for: decision", "for: file\nat: topic"),
            (
                "two conditions on two lines",
                "record.topic != \"pricing\" || has(record.kpis)",
                "|\n  has(record.kpis)\n  has(record.owner)",
            ),
            ("several rules in a file", "for: decision", "rules:\n  - for: decision"),
            ("another name of a field", "record.topic", "record.deciders"),
            ("a practice but for a letter", "", "practice: ownr\n"),
            ("a misspelt function", "has(record.kpis)", "sise(record.kpis) > 0"),
            ("an unbalanced parenthesis", "has(record.kpis)", "has(record.kpis"),
            ("a single =", "!= \"pricing\"", "= \"pricing\""),
            (
                "a negation without quotes",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "expect: !has(record.kpis)",
            ),
            ("a date and a string", "record.topic != \"pricing\"", "record.date < \"2026-01-01\""),
            ("an unknown kind", "for: decision", "for: decison"),
            ("the plural of a kind", "for: decision", "for: people"),
            ("a fix that is called unsafe", "", "fix: { safety: unsafe, set: { topic: pricing } }\n"),
            ("a day and a task without `due`", "", "by: today\ntask: name one\n"),
            (
                "a title as a day",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "due: record.review_by\nby: record.title",
            ),
            ("no message", "message: \"`{record.id}` names no metric\"\n", ""),
            ("no condition", "expect: record.topic != \"pricing\" || has(record.kpis)\n", ""),
            ("a wrong severity", "", "severity: warn\n"),
            ("another id", "", "id: pricing/other\n"),
            ("an unknown parameter", "has(record.kpis)", "size(record.kpis) > params.min"),
            (
                "a parameter that is not used",
                "",
                "params:\n  min: { type: integer, default: 1, description: Fewest }\n",
            ),
            ("a let that is not used", "", "let: { many: size(record.kpis) > 3 }\n"),
            ("a bad pattern", "has(record.kpis)", "record.title.matches(\"[a\")"),
            ("an unclosed brace", "{record.id}", "{record.id"),
            ("a wrong value of a status", "has(record.kpis)", "record.status == \"acepted\""),
            ("a tab", "expect:", "\texpect:"),
            ("a severity of another linter", "", "severity: critical\n"),
            ("a parameter without a type", "", "params: { max: 3 }\n"),
            ("examples as a mapping", "", "examples: { good: a }\n"),
            (
                "a finding as text",
                "",
                "examples:\n  - name: a\n    files: { a.yaml: x }\n    finds: a message\n",
            ),
            ("a list of conditions", "", "when: [record.live, has(record.owner)]\n"),
            ("if instead of when", "", "if: record.live\n"),
            ("assert instead of expect", "expect:", "assert:"),
            ("description instead of why", "", "description: because\n"),
            ("an unknown preset", "", "preset: default\n"),
            ("severities without a last one", "", "severity: [{ when: record.live, is: error }]\n"),
            ("a list of severities", "", "severity: [error, note]\n"),
            (
                "an element by another name",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "each: record.kpis\nexpect: has(it.owner)",
            ),
            (
                "a message without quotes",
                "message: \"`{record.id}` names no metric\"",
                "message: {record.id} names no metric",
            ),
            (
                "a list as a condition",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "expect: record.kpis",
            ),
            ("the length of a list", "has(record.kpis)", "len(record.kpis) > 0"),
            ("a field below a list", "message:", "at: options.title\nmessage:"),
            ("a variable in `at`", "message:", "at: record.topic\nmessage:"),
            ("an item without `each`", "has(record.kpis)", "has(item.target)"),
            (
                "an item as a text",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "each: record.options\nexpect: item.matches(\"^[A-Z]\")",
            ),
            (
                "the item in `at`",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "each: record.options\nat: item\nexpect: has(item.title)",
            ),
            ("the selector of another linter", "for: decision", "given: $.decisions"),
            ("tags", "", "tags: [prices]\n"),
            (
                "a place as a finding",
                "",
                "examples:\n  - name: a\n    files: { a.yaml: x }\n    finds: [a.yaml:3]\n",
            ),
            ("a list as a fix", "", "fix: { safety: safe, set: { kpis: [churn] } }\n"),
            ("a list of rules", RULE, "- for: decision\n  expect: has(record.owner)\n  message: none\n"),
            ("a message in backticks", "\"`{record.id}` names no metric\"", "`{record.id}` names no metric"),
            ("a key that is indented by one", "expect:", " expect:"),
            (
                "a negation in parentheses without quotes",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "expect: !(record.topic == \"pricing\")",
            ),
            (
                "a duration as a number",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "due: record.date + 90 days",
            ),
            (
                "a field with a hyphen and without its record",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "due: review-by",
            ),
            ("two kinds without a comma", "for: decision", "for: [decision risk]"),
            ("a `let` without a name", "", "let: size(record.kpis)\n"),
            (
                "a negation with single quotes",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "expect: !(record.topic == 'pricing')",
            ),
            (
                "the size of a group",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "group-by: record.topic\nexpect: group.size() < 3",
            ),
            (
                "a field that no owned kind has",
                "for: decision\nexpect: record.topic",
                "for: owned\nexpect: record.likelihood",
            ),
            ("an expression in braces", "message: \"`{record.id}` names no metric\"", "message: {record.id}"),
            (
                "the message of an example beside its name",
                "",
                "examples:\n  - name: a\n    files: { a.yaml: x }\n    at: a.yaml:1:1\n",
            ),
            (
                "a key of a parameter beside its name",
                "",
                "params:\n  notice: 3 days\n  description: How long before\n",
            ),
            (
                "a key of a parameter to the left of the others",
                "",
                "params:\n  notice:\n    type: duration\n    default: 3 days\n  description: How long before\n",
            ),
            (
                "a comma in a text between braces",
                "",
                "params: { max: { type: integer, default: 3, description: Fewest, of all } }\n",
            ),
            ("a condition that begins with a text", "", "when: \"accepted\" == record.status\n"),
            (
                "a condition in single quotes that begins with a text",
                "",
                "when: 'accepted' == record.status\n",
            ),
            (
                "a file of an example without a bar",
                "",
                "examples:\n  - name: a\n    files:\n      governance/decisions.yaml:\n        decisions:\n          - { id: D-1, title: x }\n",
            ),
            (
                "a day that is compared",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "due: record.review_by > today",
            ),
            (
                "a day that is compared in another way",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "due: has(record.review_by)",
            ),
            (
                "a parameter without `params`",
                "has(record.kpis)\n",
                "record.date > today - notice\nparams: { notice: { type: duration, default: 3 days, description: x } }\n",
            ),
            ("a text that goes on at the left edge", "", "why: Prices move\nthe most\n"),
            ("several kinds in one text", "for: decision", "for: decision, kpi"),
            (
                "the findings of an example among its files",
                "",
                "examples:\n  - name: a\n    files:\n      a.yaml: |\n        x: y\n      finds: []\n",
            ),
            ("a pattern without quotes", "has(record.kpis)", "record.id.matches(^D-[0-9]+$)"),
            ("a pattern between slashes", "has(record.kpis)", "record.id.matches(/^D-/)"),
            ("a group without its key", "has(record.kpis)", "size(group.records) < 3"),
            (
                "a comparison with another record",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "against: record.topic == other.topic",
            ),
            (
                "a name with a hyphen",
                "has(record.kpis)\n",
                "too-many\nlet: { too-many: size(record.kpis) > 3 }\n",
            ),
            (
                "a day that is a subtraction",
                "expect: record.topic != \"pricing\" || has(record.kpis)",
                "due: 2026-12-01",
            ),
            ("a number as a duration", "has(record.kpis)", "age(record.date) < duration(90)"),
            (
                "a duration that is one already",
                "has(record.kpis)\n",
                "age(record.date) < duration(params.notice)\nparams: { notice: { type: duration, default: 3 days, description: x } }\n",
            ),
            ("two values of one comparison", "!= \"pricing\" || has(record.kpis)", "== \"a\" || \"b\""),
            ("a brace in a label that stays open", "", "label: \"no {record.id\"\n"),
            ("a brace in a label that is not opened", "", "label: \"no record.id}\"\n"),
            ("a field of another kind", "has(record.kpis)", "has(record.reviewed)"),
            ("two rules in one file", "", "---\nfor: kpi\n"),
            (
                "the outcome of an example",
                "",
                "examples:\n  - name: a\n    files: { a.yaml: x }\n    expect: pass\n",
            ),
            ("files of an example as a list", "", "examples:\n  - name: a\n    files: [a.yaml]\n"),
            ("a fix by its parts", "", "fix: { safety: safe, set: { field: topic, to: pricing } }\n"),
            ("no kind", "for: decision\n", ""),
            ("all kinds by another word", "for: decision", "for: all"),
            ("pages in place of kinds", "for: decision", "for: pages"),
            ("a path in place of a kind", "for: decision", "for: handbook/*.md"),
            (
                "the member of a heading under `at`",
                RULE,
                "for: file\neach: file.headings\nexpect: item.level < 3\nat: title\nmessage: no\n",
            ),
            ("an unknown function like no other", "has(record.kpis)", "frobnicate(record.topic)"),
            ("a bad glob", "has(record.kpis)", "has_files('docs/[a')"),
            ("several fields as one text", "", "at: topic, title\n"),
            ("a mark of a merge that was left", "expect:", "=======\nexpect:"),
            (
                "a message that begins with a hash",
                "message: \"`{record.id}` names no metric\"",
                "message: #1 of the rules",
            ),
        ],
    );
}

#[expect(clippy::too_many_lines, reason = "a list of mistakes")]
#[test]
fn mistakes_in_a_kind() {
    assert_places(
        "kind",
        "policy/kinds/risk.yaml",
        KIND,
        &[
            ("a misspelt key", "x-plural", "x-plurall"),
            ("the beginning of a key", "x-owner", "x-own"),
            (
                "a reference to the plural of a kind",
                "{ type: string, format: date }",
                "{ type: string, format: date }\n  by: { type: string, x-ref: people }",
            ),
            ("a wrong type", "type: string, format", "type: sting, format"),
            ("the day of a review as a text", "x-status", "x-review: reviewed\nx-status"),
            (
                "a list of kinds as a text",
                "{ type: string, format: date }",
                "{ type: string, format: date }\n  by:\n    type: string\n    x-ref: decision, team",
            ),
            (
                "a list of kinds as a phrase",
                "{ type: string, format: date }",
                "{ type: string, format: date }\n  by:\n    type: string\n    x-ref: decision and team",
            ),
            (
                "a list of kinds between braces",
                "{ type: string, format: date }",
                "{ type: string, format: date }\n  by: { type: string, x-ref: decision, team }",
            ),
            (
                "a call between braces",
                "{ type: string, format: date }",
                "{ type: string, format: date }\n  days: { type: integer, x-computed: days_between(reviewed, today) }",
            ),
            ("a wrong format", "format: date", "format: dat"),
            (
                "a pattern for names that stays open",
                "properties:",
                "patternProperties: { '^[a-z': { type: string } }\nproperties:",
            ),
            (
                "a pattern for names that is too large",
                "properties:",
                "patternProperties: { '^\\w{200}$': { type: string } }\nproperties:",
            ),
            ("a status that is not listed", "x-live: [open]", "x-live: [opne]"),
            ("an owner that is no field", "x-owner: [owner]", "x-owner: [steward]"),
            ("a reference to an unknown kind", "", "  by: { type: string, x-ref: desicion }\n"),
            ("a required field that is missing", "", "required: [reviewd]\n"),
            (
                "two fields in one section",
                "",
                "  a: { type: string, x-headings: [Impact] }\n  b: { type: string, x-headings: [impact] }\n",
            ),
            (
                "fields derived from each other",
                "",
                "  a: { type: string, x-derived: { from: b } }\n  b: { type: string, x-derived: { from: a } }\n",
            ),
            ("a name of another kind", "x-plural: risks", "x-plural: decisions"),
            ("an unknown base", "title: Risk", "base: desicion\ntitle: Risk"),
            ("a bad pattern", "format: date", "pattern: \"[a\""),
            (
                "properties as a list",
                "properties:\n  status: { type: string, enum: [open, closed] }\n  reviewed: { type: string, format: date }\n",
                "properties: [status, reviewed]\n",
            ),
            ("a field in snake case", "reviewed:", "last_reviewed:"),
            ("a type of another language", "type: string, format: date", "type: date"),
            ("a list of values as text", "enum: [open, closed]", "enum: open"),
            ("several values as text", "enum: [open, closed]", "enum: \"open, closed\""),
            ("an owner that is no list", "x-owner: [owner]", "x-owner: owner"),
            ("a field that says that it is required", "format: date", "required: true"),
            ("values instead of enum", "enum: [open, closed]", "values: [open, closed]"),
            ("fields instead of properties", "properties:", "fields:"),
            ("property instead of properties", "properties:", "property:"),
            ("a field in one word", "reviewed: { type: string, format: date }", "reviewed: date"),
            ("a review as a field", "x-owner: [owner]", "x-review: reviewed"),
            ("a review by its cadence alone", "x-owner: [owner]", "x-review: { last: reviewed }"),
            ("a review by another key", "x-owner: [owner]", "x-review: { by: reviewed }"),
            ("a review day that is no date", "x-owner: [owner]", "x-review: { due: status }"),
            ("a status without values", "type: string, enum: [open, closed]", "type: string"),
            ("active statuses without the field of the status", "x-status: status\n", ""),
            ("statuses of another kind", "x-live: [open]", "x-live: [planned, active]"),
            ("a field of the status that is called otherwise", "x-status: status", "x-status: state"),
            ("a kind as the items of a list", "type: string, format: date", "type: array, items: decision"),
            ("a colon in a text in braces", "format: date", "description: Day: of the last look"),
            ("a look-around", "format: date", "pattern: \"^(?!D-)\""),
            ("a field without its indentation", "  status: {", "status: {"),
            ("a status of which none is active", "x-live: [open]\n", ""),
            ("an owner that is no reference", "x-owner: [owner]", "x-owner: [status]"),
            ("a field that is called `kind`", "reviewed:", "kind:"),
            (
                "a field that is another name in the base",
                KIND,
                "base: decision\ntitle: Risk\nx-plural: risks\nproperties:\n  champion: { type: string }\n",
            ),
            ("references to an unknown kind too", "format: date", "x-ref: [person, squad]"),
            ("a type without a space", "type: string, format", "type:string, format"),
            ("a key without a value", "format: date", "required"),
            ("two values without a comma", "enum: [open, closed]", "enum: [open closed]"),
            (
                "a duration as the field of a cadence",
                "x-owner: [owner]",
                "x-review: { last: reviewed, every: 1 quarter }",
            ),
            ("a list where one name is due", "x-status: status", "x-status: [status]"),
            (
                "a field in the column of its keys",
                "  status: { type: string, enum: [open, closed] }\n  reviewed: { type: string, format: date }\n",
                "  status:\n    type: string\n    enum: [open, closed]\n    reviewed:\n    type: string\n    format: date\n",
            ),
            (
                "a key of a field in the column of the field",
                "  reviewed: { type: string, format: date }\n",
                "  reviewed:\n    type: string\n   format: date\n",
            ),
            ("a list in braces", "enum: [open, closed]", "enum: {open, closed}"),
            (
                "the fields of items without `properties`",
                "type: string, format: date",
                "type: array, items: { name: { type: string } }",
            ),
            ("active statuses at the field", "enum: [open, closed]", "enum: [open, closed], x-live: [open]"),
            ("a reference to the kind itself", "format: date", "x-ref: self"),
            (
                "statuses under no field",
                "  status: { type: string, enum: [open, closed] }",
                "  status:\n  type: string",
            ),
            ("a comma in a text in braces", "format: date", "format: date, description: The day, if any"),
            (
                "the values of a field beside it",
                "  status: { type: string, enum: [open, closed] }",
                "  status:\n    type: string\n  enum: [open, closed]",
            ),
            (
                "the values of a field at the left edge",
                "  status: { type: string, enum: [open, closed] }",
                "  status:\n    type: string\nenum: [open, closed]",
            ),
            (
                "a field at the left edge",
                "  status: { type: string, enum: [open, closed] }",
                "  impact:\n    type: string\nstatus:\n    type: string\n    enum: [open, closed]",
            ),
            ("the last field at the left edge", "  reviewed: {", "reviewed: {"),
            ("one field with a dash", "  status: {", "  - status: {"),
            ("a kind as a schema", "type: string, format: date", "$ref: decision"),
            ("a field below another one", "  reviewed: {", "  impact:\n    type: string\n    reviewed: {"),
            ("a kind as a format", "format: date", "format: person"),
            (
                "fields without `properties`",
                "properties:\n  status: { type: string, enum: [open, closed] }\n  reviewed: {",
                "status: { type: string, enum: [open, closed] }\nreviewed: {",
            ),
            ("a list as a field", "{ type: string, format: date }", "[soon, late]"),
            ("a type as the items", "type: string, format: date", "type: array, items: [string]"),
            ("a date among types", "type: string, format: date", "type: [string, date]"),
            ("a plural in capitals", "x-plural: risks", "x-plural: Risks"),
            ("values with their titles", "enum: [open, closed]", "enum: { open: Open, closed: Closed }"),
            ("a base of one's own", "title: Risk", "base: risks\ntitle: Risk"),
            ("a reference in capitals", "type: string, format: date", "type: string, x-ref: Person"),
            (
                "fields that are computed from each other",
                "{ type: string, format: date }",
                "{ type: string, format: date }\n  a:\n    type: integer\n    description: One.\n    x-computed: record.b + 1\n  b:\n    type: integer\n    \
                 description: Two.\n    x-computed: record.?a.orValue(0) + 1",
            ),
            (
                "a computed field with a pattern that is none",
                "{ type: string, format: date }",
                "{ type: string, format: date }\n  code: { type: string, description: A code., x-computed: \"record.id.find('(R-')\" }",
            ),
            (
                "fields with dashes",
                "  status: { type: string, enum: [open, closed] }\n  reviewed:",
                "  - status: { type: string, enum: [open, closed] }\n  - reviewed:",
            ),
        ],
    );
}

#[test]
fn mistakes_in_a_kind_with_a_base() {
    assert_places(
        "kind_with_base",
        "policy/kinds/risk.yaml",
        "base: decision\nx-plural: risks\n",
        &[("another name of a field of the base", "", "required: [deciders]\n")],
    );
}

/// Files of other names than that of their kind or profile, and those of built-in ones.
#[test]
fn mistakes_in_the_name_of_a_file() {
    let values = "values: { status: { words: { beschlossen: accepted } } }\n";
    let kind = KIND.replace("risks", "incident-reviews");
    let mut page = String::new();
    for (what, path, text) in [
        ("a kind in capitals", "policy/kinds/IncidentReview.yaml", &*kind),
        ("a profile in capitals", "policy/profiles/BoardMemo.yaml", &PROFILE.replace("name: memo\n", "")),
        ("a rule in capitals", "policy/rules/pricing/NamesKpi.yaml", RULE),
        (
            "a built-in kind without `base`",
            "policy/kinds/decision.yaml",
            "properties: { risk: { type: string } }\n",
        ),
        ("a built-in profile without `base`", "policy/profiles/nygard.yaml", values),
        ("a profile without `base`", "policy/profiles/ours.yaml", values),
        (
            "a kind that is called like its records",
            "policy/kinds/decisions.yaml",
            "base: decision\nproperties: { risk: { type: string } }\n",
        ),
    ] {
        let _ = writeln!(page, "{what}: {}", places(&message(path, text)));
    }
    assert_golden("tests/suite/golden/mistakes_name.txt", &page);
}

/// A built-in rule may name a status that one's own kind does not allow any more. One's own rule is mistaken.
#[test]
fn a_rule_of_ones_own_names_the_values_of_its_kind() {
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", CONFIG),
        (
            "policy/kinds/decision.yaml",
            "base: decision\nproperties: { status: { enum: [proposed, accepted] } }\n",
        ),
        (
            "policy/rules/pricing/kpi.yaml",
            "for: decision\nexpect: record.status != \"rejected\"\nmessage: wrong\n",
        ),
        ("governance/decisions.yaml", "decisions: [{id: D-1, title: Hire}]\n"),
    ]);
    let output = repository.run_today(&["-q"]);
    assert_eq!((output.code, &*places(&output.err)), (Some(2), "2:26"));
}

/// A profile that extends another one reads a field for which that has no place.
#[test]
fn a_field_that_only_the_base_lacks_is_read() {
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", CONFIG),
        ("policy/profiles/nygard.yaml", "base: nygard\nfields: { topic: [{ header: Topic }] }\n"),
        (
            "policy/rules/pricing/topic.yaml",
            "for: decision\nexpect: has(record.topic)\nmessage: \"`{record.id}` has no topic\"\n",
        ),
        (
            "docs/adr/0001-a.md",
            "# 1. A\n\nDate: 2026-01-02\nTopic: prices\n\n## Status\n\nAccepted\n\n## Context\n\nx\n\n## Decision\n\nx\n\n## Consequences\n\nx\n",
        ),
        (
            "docs/adr/0002-b.md",
            "# 2. B\n\nDate: 2026-01-02\n\n## Status\n\nAccepted\n\n## Context\n\nx\n\n## Decision\n\nx\n\n## Consequences\n\nx\n",
        ),
    ]);
    let output = repository.run_today(&["--select", "pricing/*", "--format", "concise", "-q"]);
    assert_eq!(output.out, "docs/adr/0002-b.md:1:3: warning[pricing/topic] `0002` has no topic\n");
}
