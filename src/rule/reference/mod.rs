//! The reference page of the rule language, `docs/rule-language.md`, from the declarations of the builtins.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::builtins::{functions, members};
use super::file::{Example, page};
use super::runtime::{Argument, Doc, FactType, Function, FunctionParam, Member, ReceiverType, Type};

mod keys;

const INTRODUCTION: &str = include_str!("introduction.md");
const EXAMPLE: &str = include_str!("example.yaml");

/// The repository on which the examples of the page are true.
pub fn example_repository() -> Result<Example, serde_yaml::Error> {
    serde_yaml::from_str(EXAMPLE)
}

/// All examples, each with the `for` of a rule that can evaluate it: `decision`, `file`, `policy-file`, `citing-file`,
/// `unread-file`, or `group` for groups of decisions.
pub fn examples() -> Vec<(&'static str, &'static str)> {
    let functions = functions::all().flat_map(|function| {
        let is_for_files =
            matches!(function.params.first(), Some(FunctionParam::Place | FunctionParam::Fact(_)));
        let subject = if is_for_files { "file" } else { "decision" };
        let facts = fact_of(&result(function)).into_iter().flat_map(|fact| fact.examples);
        facts.chain([&function.doc.example]).map(move |example| (subject, *example))
    });
    let members = members::MEMBERS.iter().flat_map(|member| {
        let subject = subject(member.owner);
        let facts = fact_of(&(member.ty)(&Type::Any)).into_iter().flat_map(|fact| fact.examples);
        facts.chain([&member.doc.example]).map(move |example| (subject, *example))
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
            row(&mut page, &signature(function), &ty, &function.doc);
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
            row(&mut page, &name, &ty, &member.doc);
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
    let not_judged = match doc.not_judged {
        "" => String::new(),
        reason => format!(". *Not judged:* {reason}"),
    };
    let ty = match fact_of(ty) {
        Some(fact) if matches!(ty, Type::List(_)) => format!("a list, each {}", link(fact)),
        Some(fact) => link(fact),
        None => ty.to_string(),
    };
    let _ = writeln!(page, "| `{name}` | {ty} | {}{not_judged} | {} |", doc.about, code(doc.example));
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
    for member in fact.members {
        let absent = if member.3.is_empty() { String::new() } else { format!(". *Absent:* {}", member.3) };
        let _ = writeln!(page, "| `{}` | {} | {}{absent} |", member.0, member.1.ty(), member.2);
    }
    page.push_str("\n```text\n");
    fact.examples.iter().for_each(|example| {
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
