//! The reference page of the rule language, `docs/rule-language.md`, from the declarations of the builtins.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use serde::Deserialize;

use super::builtins::{functions, members};
use super::file::{Example, page};
use super::runtime::{Argument, FactType, Function, FunctionParam, Member, ReceiverType, Type};

mod keys;

const INTRODUCTION: &str = include_str!("introduction.md");
const EXAMPLE: &str = include_str!("example.yaml");

/// The repository on which the examples of the page are true.
pub fn example_repository() -> Result<Example, serde_yaml::Error> {
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
    LazyLock::new(|| serde_yaml::from_str(include_str!("names.yaml")).unwrap_or_default());

static UNKNOWN: Doc = Doc { is: String::new(), example: String::new(), not_judged: String::new() };

impl Names {
    fn of_function(&self, function: &Function) -> &Doc {
        self.functions.get(&signature(function)).unwrap_or(&UNKNOWN)
    }

    fn of_member(&self, member: &Member) -> &Doc {
        let owner = format!("{:?}", member.owner);
        self.members.get(&owner).and_then(|members| members.get(member.name)).unwrap_or(&UNKNOWN)
    }

    fn examples_of(&self, fact: Option<&FactType>) -> impl Iterator<Item = &str> {
        let object = fact.and_then(|fact| self.objects.get(fact.name));
        object.into_iter().flat_map(|object| &object.examples).map(String::as_str)
    }
}

/// The distinct names of functions, of members of values, and of members of objects.
pub fn names() -> Vec<&'static str> {
    let facts =
        functions::all().map(result).chain(members::MEMBERS.iter().map(|member| (member.ty)(&Type::Any)));
    let facts: Vec<&'static FactType> = facts.filter_map(|ty| fact_of(&ty)).collect();
    let of_facts = facts.into_iter().flat_map(|fact| fact.members.iter().map(|(name, _)| *name));
    let mut names: Vec<&str> = functions::all().map(|function| function.name).chain(of_facts).collect();
    names.extend(members::MEMBERS.iter().map(|member| member.name));
    names.sort_unstable();
    names.dedup();
    names
}

/// All examples, each with the `for` of a rule that can evaluate it: `decision`, `file`, `policy-file`, `citing-file`,
/// `unread-file`, or `group` for groups of decisions.
pub fn examples() -> Vec<(&'static str, &'static str)> {
    let names: &'static Names = &NAMES;
    let functions = functions::all().flat_map(move |function| {
        let is_for_files = function.params.first() == Some(&FunctionParam::Place);
        let subject = if is_for_files { "file" } else { "decision" };
        let own = [&*names.of_function(function).example];
        names.examples_of(fact_of(&result(function))).chain(own).map(move |example| (subject, example))
    });
    let members = members::MEMBERS.iter().flat_map(move |member| {
        let subject = subject(member.owner);
        let own = [&*names.of_member(member).example];
        let of_object = names.examples_of(fact_of(&(member.ty)(&Type::Any)));
        of_object.chain(own).map(move |example| (subject, example))
    });
    functions.chain(members).collect()
}

pub fn render() -> Result<String, serde_yaml::Error> {
    let mut page = INTRODUCTION.to_owned();
    keys::add(&mut page);
    page.push_str(
        "\n## Functions\n\nA call is not judged if one of its arguments is not judged. Arguments in brackets are optional.\n",
    );
    let mut facts: Vec<(&FactType, String)> = Vec::new();
    for (title, functions) in &functions::GROUPS {
        start_table(&mut page, 3, title, "function");
        for function in *functions {
            let ty = result(function);
            row(&mut page, &signature(function), &ty, NAMES.of_function(function));
            add_fact(&mut facts, &ty, || signature(function));
        }
    }
    page.push_str(
        "\n## Members\n\nFields of records and items are members, too; their kind declares them.\n",
    );
    let mut owners: BTreeMap<usize, Vec<&Member>> = BTreeMap::new();
    for member in members::MEMBERS {
        owners.entry(member.owner as usize).or_default().push(member);
    }
    for members in owners.values() {
        let Some(owner) = members.first().map(|member| member.owner) else { continue };
        start_table(&mut page, 3, title(owner), "member");
        for member in members {
            let (name, ty) = (format!("{}.{}", variable(owner), member.name), (member.ty)(&Type::Any));
            row(&mut page, &name, &ty, NAMES.of_member(member));
            add_fact(&mut facts, &ty, || name);
        }
    }
    page.push_str("\n## Objects that functions and members return\n");
    for (fact, source) in facts {
        fact_section(&mut page, fact, &source);
    }
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

fn start_table(page: &mut String, level: usize, title: &str, first_column: &str) {
    let _ = write!(
        page,
        "\n{} {title}\n\n| {first_column} | result | meaning | example |\n|---|---|---|---|\n",
        "#".repeat(level)
    );
}

fn row(page: &mut String, name: &str, ty: &Type, doc: &Doc) {
    let not_judged = match &*doc.not_judged {
        "" => String::new(),
        reason => format!(". *Not judged:* {reason}"),
    };
    let ty = match fact_of(ty) {
        Some(fact) if matches!(ty, Type::List(_)) => format!("a list, each {}", link(fact)),
        Some(fact) => link(fact),
        None => ty.to_string(),
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

fn fact_section(page: &mut String, fact: &FactType, source: &str) {
    let _ = write!(page, "\n### {}\n\nFrom `{source}`.\n\n", crate::text::capital(title_of(fact)));
    page.push_str("| member | type | meaning |\n|---|---|---|\n");
    let docs = NAMES.objects.get(fact.name);
    for (name, ty) in fact.members {
        let (is, absent) = match docs.and_then(|docs| docs.members.get(*name)) {
            Some(ObjectMember::Always(is)) => (&**is, String::new()),
            Some(ObjectMember::Sometimes { is, absent }) => (&**is, format!(". *Absent:* {absent}")),
            None => ("", String::new()),
        };
        let _ = writeln!(page, "| `{name}` | {} | {is}{absent} |", ty.ty());
    }
    page.push_str("\n```text\n");
    NAMES.examples_of(Some(fact)).for_each(|example| {
        let _ = writeln!(page, "{example}");
    });
    page.push_str("```\n");
}

fn fact_of(ty: &Type) -> Option<&'static FactType> {
    match ty {
        Type::Fact(fact) => Some(fact),
        Type::List(of) => fact_of(of),
        _ => None,
    }
}

fn add_fact(facts: &mut Vec<(&FactType, String)>, ty: &Type, source: impl FnOnce() -> String) {
    if let Some(fact) = fact_of(ty)
        && facts.iter().all(|(other, _)| *other != fact)
    {
        facts.push((fact, source()));
    }
}

fn result(function: &Function) -> Type {
    let params = function.params.iter();
    let arguments: Vec<Argument> =
        params.map(|param| Argument { ty: param.ty().unwrap_or(Type::Any), literal: None }).collect();
    (function.result)(&arguments)
}

fn signature(function: &Function) -> String {
    let receiver = usize::from(function.is_method);
    let mut text = match function.params.first() {
        Some(param) if function.is_method => format!("{}.{}(", param_name(*param), function.name),
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

fn param_name(param: FunctionParam) -> &'static str {
    match param {
        FunctionParam::Any | FunctionParam::Sized => "value",
        FunctionParam::Mapping => "mapping",
        FunctionParam::String
        | FunctionParam::DateString
        | FunctionParam::DurationString
        | FunctionParam::PeriodString
        | FunctionParam::GlobString => "string",
        FunctionParam::Int => "count",
        FunctionParam::Date => "date",
        FunctionParam::Duration => "duration",
        FunctionParam::Period => "period",
        FunctionParam::List | FunctionParam::Numbers => "list",
        FunctionParam::Record | FunctionParam::RecordOrItem => "record",
        FunctionParam::Fact(fact) => fact.name.split(' ').nth(1).unwrap_or(fact.name),
        FunctionParam::Place => "file",
        FunctionParam::Kind => "kind",
        FunctionParam::Field | FunctionParam::FieldPath | FunctionParam::OwnFieldPath => "field",
        FunctionParam::Pattern => "pattern",
        FunctionParam::Glob => "glob",
        FunctionParam::Key => "key",
    }
}

fn title(owner: ReceiverType) -> &'static str {
    match owner {
        ReceiverType::Record => "Records",
        ReceiverType::File => "Files",
        ReceiverType::PolicyFile => "Policy files",
        ReceiverType::CitingFile => "Citing files",
        ReceiverType::UnreadFile => "Unread files",
        ReceiverType::Group => "Groups",
        ReceiverType::Entry => "Entries of mappings",
        ReceiverType::Period => "Periods",
        ReceiverType::Amount => "Amounts",
    }
}

fn variable(owner: ReceiverType) -> &'static str {
    match owner {
        ReceiverType::Record => "record",
        ReceiverType::File
        | ReceiverType::PolicyFile
        | ReceiverType::CitingFile
        | ReceiverType::UnreadFile => "file",
        ReceiverType::Group => "group",
        ReceiverType::Entry => "entry",
        ReceiverType::Period => "period",
        ReceiverType::Amount => "amount",
    }
}

fn subject(owner: ReceiverType) -> &'static str {
    match owner {
        ReceiverType::Record | ReceiverType::Entry | ReceiverType::Period | ReceiverType::Amount => {
            "decision"
        }
        ReceiverType::File => "file",
        ReceiverType::PolicyFile => "policy-file",
        ReceiverType::CitingFile => "citing-file",
        ReceiverType::UnreadFile => "unread-file",
        ReceiverType::Group => "group",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_described_and_no_other_one() {
        let functions: Vec<String> = functions::all().map(signature).collect();
        let members = members::MEMBERS.iter().map(|member| (format!("{:?}", member.owner), member.name));
        let members: Vec<(String, &str)> = members.collect();
        assert_eq!(functions.iter().filter(|name| !NAMES.functions.contains_key(*name)).count(), 0);
        assert_eq!(NAMES.functions.len(), functions.len());
        let is_described = |(owner, name): &&(String, &str)| {
            NAMES.members.get(owner).is_some_and(|members| members.contains_key(*name))
        };
        assert_eq!(members.iter().filter(is_described).count(), members.len());
        assert_eq!(NAMES.members.values().map(BTreeMap::len).sum::<usize>(), members.len());
        let facts = functions::all().map(result).chain(members::MEMBERS.iter().map(|it| (it.ty)(&Type::Any)));
        let mut facts: Vec<&FactType> = facts.filter_map(|ty| fact_of(&ty)).collect();
        facts.sort_unstable_by_key(|fact| fact.name);
        facts.dedup();
        assert_eq!(
            NAMES.objects.keys().collect::<Vec<_>>(),
            facts.iter().map(|it| it.name).collect::<Vec<_>>()
        );
        for fact in facts {
            let described: Vec<&String> = NAMES.objects[fact.name].members.keys().collect();
            let mut own: Vec<&str> = fact.members.iter().map(|(name, _)| *name).collect();
            own.sort_unstable();
            assert_eq!(described, own, "{}", fact.name);
        }
    }
}
