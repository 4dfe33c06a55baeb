//! `docs/rule-language.md`, from the declarations of the builtins and what `names.yaml` says of each name. Its examples are true.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use alignlint::policy::Policy;
use alignlint::rule::Rule;
use alignlint::rule::builtins::{facts, functions};
use alignlint::rule::file::{Example, RuleBody, page};
use alignlint::rule::runtime::{Argument, FactType, Function, Ty, Type};
use alignlint::rule_test;
use alignlint::snapshot::Snapshot;
use alignlint::text::Source;
use serde::Deserialize;
use serde_json::Value;

use crate::kit::assert_golden;

/// How many names the language may have: each serves several rules.
const MOST_NAMES: usize = 120;

const INTRODUCTION: &str = include_str!("rule_language/introduction.md");
const EXAMPLE: &str = include_str!("rule_language/example.yaml");

/// The repository on which the examples of the page are true.
fn example_repository() -> Result<Example, serde_yaml::Error> {
    serde_yaml::from_str(EXAMPLE)
}

/// What the page says of the names, which `names.yaml` lists in any order.
#[derive(Default, Deserialize)]
struct Names {
    /// By the signature.
    functions: BTreeMap<String, Doc>,
    /// By the owner and the name.
    members: BTreeMap<String, BTreeMap<String, Doc>>,
    objects: BTreeMap<String, ObjectDoc>,
}

/// The entry of a function or member.
#[derive(Default, Deserialize)]
struct Doc {
    /// A phrase without a full stop.
    is: String,
    /// An expression that is true on the page's example files.
    example: String,
    /// When it has no value although its arguments have one; empty if always.
    #[serde(default, rename = "not-judged")]
    not_judged: String,
}

#[derive(Default, Deserialize)]
struct ObjectDoc {
    members: BTreeMap<String, ObjectMember>,
    /// Expressions that are true on the example files; together they use every member.
    examples: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ObjectMember {
    Always(String),
    Sometimes { is: String, absent: String },
}

static NAMES: LazyLock<Names> =
    LazyLock::new(|| serde_yaml::from_str(include_str!("rule_language/names.yaml")).unwrap_or_default());

static UNKNOWN: Doc = Doc { is: String::new(), example: String::new(), not_judged: String::new() };

impl Names {
    fn of_function(&self, function: &Function) -> &Doc {
        self.functions.get(&signature(function)).unwrap_or(&UNKNOWN)
    }

    fn of_member(&self, member: &Function) -> &Doc {
        let owner = OwnerDoc::of(member).title.trim_end_matches('s');
        self.members.get(owner).and_then(|members| members.get(member.name)).unwrap_or(&UNKNOWN)
    }

    fn examples_of(&self, fact: &FactType) -> &[String] {
        self.objects.get(fact.name).map_or(&[], |object| &object.examples)
    }
}

/// A type of objects: where one comes from, and the `for` of a rule that can evaluate its examples.
struct Object {
    fact: &'static FactType,
    source: String,
    subject: &'static str,
}

/// All types of objects, in the order of the page.
fn objects() -> Vec<Object> {
    let mut found = Vec::new();
    for function in functions::all() {
        add_objects(&result(function), &signature(function), subject_of(function), &mut found);
    }
    for member in functions::MEMBERS {
        let owner = OwnerDoc::of(member);
        let source = format!("{}.{}", owner.variable, member.name);
        add_objects(&member.result.of(&[]), &source, owner.subject, &mut found);
    }
    let files = [&facts::POLICY_FILE, &facts::CITING_FILE, &facts::UNREAD_FILE];
    for (fact, subject) in files.into_iter().zip(["policy-file", "citing-file", "unread-file"]) {
        add_objects(&Type::Fact(fact), "file", subject, &mut found);
    }
    found
}

fn add_objects(ty: &Type, source: &str, subject: &'static str, found: &mut Vec<Object>) {
    let fact = match ty {
        Type::Fact(fact) => *fact,
        Type::List(of) => return add_objects(of, source, subject, found),
        _ => return,
    };
    if found.iter().any(|object| object.fact == fact) {
        return;
    }
    found.push(Object { fact, source: source.to_owned(), subject });
    for (name, ty) in fact.members() {
        if let Ty::List(Ty::Fact(_)) = ty {
            add_objects(&ty.of(&[]), &format!("{source}.{name}"), subject, found);
        }
    }
}

/// All examples, each with the `for` of a rule that can evaluate it; `group` for groups of decisions.
fn examples() -> Vec<(&'static str, &'static str)> {
    let names: &'static Names = &NAMES;
    let functions = functions::all().map(|it| (subject_of(it), &*names.of_function(it).example));
    let members = functions::MEMBERS.iter();
    let members = members.map(|it| (OwnerDoc::of(it).subject, &*names.of_member(it).example));
    let objects = objects().into_iter().flat_map(|object| {
        names.examples_of(object.fact).iter().map(move |example| (object.subject, example.as_str()))
    });
    functions.chain(members).chain(objects).collect()
}

fn render() -> Result<String, serde_yaml::Error> {
    let mut page = INTRODUCTION.to_owned();
    add_keys(&mut page);
    page.push_str(
        "\n## Functions\n\nA call is not judged if one of its arguments is not judged. Arguments in brackets are optional.\n",
    );
    for (title, functions) in &functions::GROUPS {
        start_table(&mut page, title, "function");
        for function in *functions {
            row(&mut page, &signature(function), &result(function), NAMES.of_function(function));
        }
    }
    page.push_str(
        "\n## Members\n\nFields of records and items are members, too; their kind declares them.\n",
    );
    for owner in &OWNERS {
        start_table(&mut page, owner.title, "member");
        for member in functions::MEMBERS.iter().filter(|member| member.params == [owner.owner]) {
            let name = format!("{}.{}", owner.variable, member.name);
            row(&mut page, &name, &member.result.of(&[]), NAMES.of_member(member));
        }
    }
    page.push_str("\n## Objects that functions and members return\n");
    objects().iter().for_each(|object| add_section(&mut page, object));
    page.push_str("\n## The example repository\n\n");
    page.push_str(
        "As of 2026-11-20. `record` is the decision `D-1`. An example with `file` is true of one of the files; one with \
         `group`, of one of the groups of `group-by: record.topic`.\n\n",
    );
    page.push_str(&page::repository(&example_repository()?));
    page.truncate(page.trim_end().len());
    page.push('\n');
    Ok(page)
}

fn start_table(page: &mut String, title: &str, first_column: &str) {
    let _ =
        write!(page, "\n### {title}\n\n| {first_column} | result | meaning | example |\n|---|---|---|---|\n");
}

fn row(page: &mut String, name: &str, ty: &Type, doc: &Doc) {
    let not_judged = match &*doc.not_judged {
        "" => String::new(),
        reason => format!(". *Not judged:* {reason}"),
    };
    let ty = match ty {
        Type::Fact(fact) => link(fact),
        Type::List(of) if let Type::Fact(fact) = &**of => format!("a list, each {}", link(fact)),
        _ => ty.to_string(),
    };
    let _ = writeln!(page, "| `{name}` | {ty} | {}{not_judged} | {} |", doc.is, code(&doc.example));
}

fn link(fact: &FactType) -> String {
    format!("[{}](#{})", fact.name, title_of(fact).replace(' ', "-"))
}

/// The name without its article.
fn title_of(fact: &FactType) -> &str {
    fact.name.split_once(' ').map_or(fact.name, |(_, name)| name)
}

/// Code in a table: backticks need longer fences, and a pipe would end the cell.
fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

fn add_section(page: &mut String, Object { fact, source, .. }: &Object) {
    let _ = write!(page, "\n### {}\n\nFrom `{source}`.\n\n", alignlint::text::capital(title_of(fact)));
    page.push_str("| member | type | meaning |\n|---|---|---|\n");
    let docs = NAMES.objects.get(fact.name);
    for (name, ty) in fact.members() {
        let (is, absent) = match docs.and_then(|docs| docs.members.get(name)) {
            Some(ObjectMember::Always(is)) => (&**is, String::new()),
            Some(ObjectMember::Sometimes { is, absent }) => (&**is, format!(". *Absent:* {absent}")),
            None => ("", String::new()),
        };
        let _ = writeln!(page, "| `{name}` | {} | {is}{absent} |", ty.of(&[]));
    }
    let _ = writeln!(page, "\n```text\n{}\n```", NAMES.examples_of(fact).join("\n"));
}

fn result(function: &Function) -> Type {
    let params = function.params.iter();
    let arguments: Vec<Argument> =
        params.map(|param| Argument { ty: param.of(&[]), literal: None }).collect();
    function.result.of(&arguments)
}

fn signature(function: &Function) -> String {
    let receiver = usize::from(function.has_receiver());
    let mut text = match function.params.first() {
        Some(param) if function.has_receiver() => format!("{}.{}(", param_name(*param), function.name),
        _ => format!("{}(", function.name),
    };
    for (index, param) in function.params.iter().enumerate().skip(receiver) {
        let separator = if index > receiver { ", " } else { "" };
        let optional = if index >= function.required { "[" } else { "" };
        let _ = write!(text, "{optional}{separator}{}", param_name(*param));
    }
    text.push_str(&"]".repeat(function.params.len() - function.required));
    text.push_str(if function.is_variadic { ", …)" } else { ")" });
    text
}

fn param_name(param: Ty) -> &'static str {
    match param {
        Ty::Sized => "value",
        Ty::String | Ty::DateString | Ty::DurationString => "string",
        Ty::Int => "count",
        Ty::Date => "date",
        Ty::Duration => "duration",
        Ty::Period => "period",
        Ty::List(_) => "list",
        Ty::Record | Ty::RecordOrItem => "record",
        Ty::Fact(fact) => fact.name.split(' ').nth(1).unwrap_or(fact.name),
        Ty::Place | Ty::File => "file",
        Ty::Kind => "kind",
        Ty::Field | Ty::FieldPath => "field",
        Ty::Pattern => "pattern",
        Ty::Glob => "glob",
        Ty::Part => "part",
        Ty::Key => "key",
        _ => "value",
    }
}

fn subject_of(function: &Function) -> &'static str {
    match function.params.first() {
        Some(Ty::Place | Ty::File) => "file",
        _ => "decision",
    }
}

/// What the page says of values of a type.
struct OwnerDoc {
    owner: Ty,
    title: &'static str,
    variable: &'static str,
    subject: &'static str,
}

static OWNERS: [OwnerDoc; 5] = [
    OwnerDoc { owner: Ty::Record, title: "Records", variable: "record", subject: "decision" },
    OwnerDoc { owner: Ty::File, title: "Files", variable: "file", subject: "file" },
    OwnerDoc { owner: Ty::Group, title: "Groups", variable: "group", subject: "group" },
    OwnerDoc { owner: Ty::Period, title: "Periods", variable: "period", subject: "decision" },
    OwnerDoc { owner: Ty::Amount, title: "Amounts", variable: "amount", subject: "decision" },
];

impl OwnerDoc {
    fn of(member: &Function) -> &'static OwnerDoc {
        let owner = OWNERS.iter().find(|owner| member.params == [owner.owner]);
        owner.unwrap_or_else(|| panic!("{} is a member of a type without a description", member.name))
    }
}

/// The parts of a rule file that are mappings, each with its place in the schema.
const PARTS: [(&str, &str); 6] = [
    ("A parameter under `params`", "/$defs/param"),
    ("`related`", "/properties/related"),
    ("`fix`", "/properties/fix"),
    ("An example under `examples`", "/$defs/example"),
    ("A finding under `finds`", "/$defs/example/properties/finds/items"),
    ("A commit under `history`", "/$defs/commit"),
];

/// Adds a table for each part.
fn add_keys(page: &mut String) {
    let schema = include_str!("../../../schemas/rule.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap_or_default();
    page.push_str("\n## Keys below other keys\n");
    for (title, pointer) in PARTS {
        let _ = write!(page, "\n### {title}\n\n| key | meaning |\n|---|---|\n");
        let part = schema.pointer(pointer).unwrap_or(&Value::Null);
        let keys = part["properties"].as_object();
        for (name, key) in keys.into_iter().flatten() {
            let _ = writeln!(page, "| `{name}` | {} |", meaning(part, name, key));
        }
    }
}

/// The description as a part of a table, with the values that there are and whether the key is needed.
fn meaning(part: &Value, name: &str, key: &Value) -> String {
    let description = key["description"].as_str().unwrap_or_default().trim_end_matches('.');
    let values = key["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let values: Vec<String> = values.map(|value| format!("`{value}`")).collect();
    let are_told = values.iter().all(|value| description.contains(value));
    let values = if are_told { String::new() } else { format!("; one of {}", values.join(", ")) };
    let is_required = part["required"].as_array().is_some_and(|keys| keys.iter().any(|key| key == name));
    let required = if is_required { ". Required" } else { "" };
    format!("{}{values}{required}", uncapital(&description.replace('|', "\\|")))
}

fn uncapital(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next();
    first.into_iter().flat_map(char::to_lowercase).chain(rest).collect()
}

/// A rule that reports where an expression is true, with a repository as its example.
fn rule(subject: &str, expression: &str, after_triage: bool, repository: &Example) -> Arc<Rule> {
    let scope = match subject {
        "group" => "for: decision\ngroup-by: record.topic",
        "decision" => "for: decision\nwhen: record.id == 'D-1'",
        files => &format!("for: {files}"),
    };
    let text = format!(
        "id: own/example\ntitle: An example\nseverity: note\npreset: essential\nfacet: record\n{scope}\n\
         after-triage: {after_triage}\nexpect: |-\n  !({expression})\nmessage: found\nwhy: It is an example.\n"
    );
    let source = Arc::new(Source::new("own/example.yaml", text.into_bytes()));
    let rule = Rule::parse(&source, "own/example").unwrap_or_else(|it| panic!("{expression}: {}", it[0]));
    let examples = Arc::new(vec![repository.clone()].into());
    let body = RuleBody { examples, ..(**rule.body).clone() };
    Arc::new(Rule { body: Arc::new(body.into()), ..rule })
}

#[test]
fn examples_are_true() {
    let repository = example_repository().expect("a valid example");
    let policy = Policy::load(&Arc::new(Snapshot::in_memory([])), None).expect("the default policy");
    let mut wrong = Vec::new();
    for (subject, expression) in examples() {
        let mut faults = Vec::new();
        let is_true = [false, true].into_iter().any(|after_triage| {
            let rule = rule(subject, expression, after_triage, &repository);
            let failures = rule_test::run(&[rule], &policy).failures;
            faults.extend(failures.iter().flat_map(|failure| failure.problems.clone()));
            failures.iter().flat_map(|failure| &failure.problems).any(|it| it.starts_with("unexpected"))
        });
        if !is_true {
            wrong.push((expression, faults));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_page_is_up_to_date() {
    assert_golden("docs/rule-language.md", &render().expect("a valid example"));
}

#[test]
fn each_name_is_described_and_no_other_one() {
    let of_objects = objects().into_iter().flat_map(|it| it.fact.members().map(|(name, _)| name));
    let of_values = functions::MEMBERS.iter().map(|member| member.name);
    let names: std::collections::BTreeSet<&str> =
        functions::all().map(|function| function.name).chain(of_objects).chain(of_values).collect();
    assert!(names.len() <= MOST_NAMES, "{} names of the rule language", names.len());
    let functions: Vec<String> = functions::all().map(signature).collect();
    let missing = functions.iter().filter(|name| !NAMES.functions.contains_key(*name));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(NAMES.functions.len(), functions.len());
    let members = functions::MEMBERS.iter().filter(|member| NAMES.of_member(member).is.is_empty());
    assert_eq!(members.map(|member| member.name).collect::<Vec<_>>(), Vec::<&str>::new());
    assert_eq!(NAMES.members.values().map(BTreeMap::len).sum::<usize>(), functions::MEMBERS.len());
    let objects = objects();
    assert_eq!(NAMES.objects.len(), objects.len());
    for Object { fact, .. } in objects {
        let described: Vec<&String> = NAMES.objects[fact.name].members.keys().collect();
        let mut own: Vec<&str> = fact.members().map(|(name, _)| name).collect();
        own.sort_unstable();
        assert_eq!(described, own, "{}", fact.name);
    }
}
