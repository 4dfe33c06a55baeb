//! The page of a file, for `alignlint explain`: how it is read, and why; or why not, and what to do about that.

use std::fmt::Write as _;

use crate::catalog::{Catalog, is_index_path};
use crate::format::is_template;
use crate::input::Input;
use crate::layout::{self, Part, Statement, label_key};
use crate::node::{Entry, Node};
use crate::policy::Policy;
use crate::record::{Record, is_introduction, is_listing, page_kind};
use crate::schema::{did_you_mean, shorten, to_json};
use crate::syntax::{self, Document};
use crate::text::{Source, Span, single_spaced};

use super::terminal;

pub fn render(input: &Input, policy: &Policy, path: &str) -> String {
    let document = document(input.catalog(), path);
    let part = document.as_ref().map(layout::read);
    let records: Vec<&Record> = input.records().iter().filter(|record| *record.path == *path).collect();
    let text = match records.as_slice() {
        [] => {
            let (reason, help) = reason(input, policy, path, part.as_ref());
            let help = help.map_or_else(String::new, |help| format!("\nTo have it read, {help}.\n"));
            format!("Not read as a record: {reason}.\n{help}")
        }
        records => read(input, policy, records, part.as_ref()),
    };
    terminal::render(&format!("# {path}\n\n{text}"))
}

pub fn render_record(input: &Input, record: &Record, name: &str) -> String {
    let source = input.file_of(record).source();
    let line = source.position(record.name_span.start as usize).line;
    terminal::render(&format!(
        "# {name}\n\nThe {} `{}` in `{path}`, line {line}.\n{}\n`alignlint explain RULE {name}` shows how a rule judges it, \
         `alignlint blame {name}` its history, `alignlint explain {path}` how the file is read.\n",
        record.kind.name,
        record.id,
        values(record, source),
        path = record.path
    ))
}

fn document(catalog: &Catalog, path: &str) -> Option<Document> {
    let source = catalog.snapshot().read(catalog.snapshot().get(path)?).ok()?;
    Some(syntax::parse(source, catalog.config().format_of(path)?))
}

fn read(input: &Input, policy: &Policy, records: &[&Record], part: Option<&Part<'_>>) -> String {
    // Of more records, the rest is like the first ones.
    const MOST_SHOWN: usize = 10;
    let Some(first) = records.first() else { return String::new() };
    let source = input.file_of(first).source();
    let what = match records.len() {
        1 => format!("the {} `{}`", first.kind.name, first.id),
        count => format!("{count} records, such as the {} `{}`", first.kind.name, first.id),
    };
    let is_named = policy.config.record_files(&first.path).is_some();
    let named = if is_named { " `records:` in `alignlint.yaml` names it." } else { "" };
    let format = match &first.format {
        None => "the native format".to_owned(),
        Some(format) => format!("the format `{}`: {}", format.name, format.definition.title),
    };
    let read: String = records.iter().take(MOST_SHOWN).map(|record| values(record, source)).collect();
    let part = part.filter(|_| records.len() == 1);
    let mut left: Vec<_> = records.iter().flat_map(|record| untaken(policy, record, part)).collect();
    left.sort_by_key(|(span, _)| span.start);
    left.dedup();
    let left = left.iter().map(|(span, text)| format!("- {text} (line {})\n", line_of(source, *span)));
    let left: String = left.collect();
    let left = if left.is_empty() { left } else { format!("\n## What no field takes\n\n{left}") };
    format!("Read as {what}, in {format}.{named}\n{read}{left}")
}

fn line_of(source: &Source, span: Span) -> usize {
    source.position(span.start as usize).line
}

/// The fields that are read, each with its line, and its label there if that is another one.
fn values(record: &Record, source: &Source) -> String {
    // A longer text is no label.
    const LONGEST_LABEL: usize = 40;
    let mut text = format!("\n## What is read of `{}`\n\n", record.id);
    for Entry { key, value } in record.fields.entries() {
        let first = value.as_sequence().and_then(<[Node]>::first).unwrap_or(value);
        let label = source.slice(key.span).trim();
        let is_other = *key.name != *"title" && label_key(label) != label_key(&key.name);
        let is_label = is_other
            && label.len() <= LONGEST_LABEL
            && label.contains(char::is_alphabetic)
            && key.span != first.span;
        let under = if is_label { format!(", under `{label}`") } else { String::new() };
        let _ = writeln!(
            text,
            "- `{}`: {} (line {}{under})",
            key.name,
            shown(value),
            line_of(source, first.span)
        );
    }
    text
}

/// The labels of a record that no field takes, and what else on its page gave no value, with the reasons.
fn untaken(policy: &Policy, record: &Record, part: Option<&Part<'_>>) -> Vec<(Span, String)> {
    let is_read = |it: &Statement<'_>| {
        let of_field =
            |field: &Entry| field.key.span == it.label_span || field.value.span.contains(it.label_span);
        record.fields.entries().iter().any(of_field)
            || record.unread.iter().any(|other| [it.label_span, it.span].contains(&other.span))
            || matches!(&*it.key, "" | "kind" | "id")
    };
    let reason = |label: &str, meant: Option<&str>| {
        let named = || record.kind.shape.by_key(label).or_else(|| record.kind.section_field(label));
        match (meant, record.unstated_field(label)) {
            (Some(meant), _) => format!("no field has this name; {}", did_you_mean(meant)),
            (_, Some(field)) => format!("it says nothing that `{}` can be", field.name),
            _ if let Some(field) = named() => format!("`{}` has a value already", field.name),
            _ if policy.config.is_free_label(label) => "`free:` in `alignlint.yaml` names it".to_owned(),
            _ => "no field has this name".to_owned(),
        }
    };
    let unread = record.unread.iter().map(|it| (it.span, &*it.label, it.nearest.as_deref()));
    let others = part.into_iter().flat_map(|part| &part.statements).filter(|it| !is_read(it));
    let all = unread.chain(others.map(|it| (it.label_span, &*it.label, None)));
    all.map(|(span, label, meant)| (span, format!("`{label}`: {}", reason(label, meant)))).collect()
}

fn shown(value: &Node) -> String {
    let texts: Option<Vec<&str>> = value.items().iter().map(Node::as_text).collect();
    let text = texts.map_or_else(|| to_json(value).to_string(), |texts| texts.join(", "));
    shorten(&single_spaced(&text))
}

fn reason(input: &Input, policy: &Policy, path: &str, part: Option<&Part<'_>>) -> (String, Option<String>) {
    let (kinds, config, classifier) = (&policy.kinds, &policy.config, policy.classifier());
    let problem = input.file_at(path).and_then(|file| file.problems().first());
    let unread = input.unread_files().iter().find(|unread| unread.paths.iter().any(|one| **one == *path));
    let stated = part.and_then(|part| part.document.roots.first()?.get("kind")?.as_text());
    let stated = stated.and_then(|name| kinds.get(name).or_else(|| kinds.by_key(name)));
    let kind = stated.or_else(|| classifier.kind(path)).or_else(|| classifier.kind_of_folder(path));
    let entry = match kind {
        Some(kind) => format!("name its kind in `alignlint.yaml`: `records: {{ {}: {path} }}`", kind.name),
        None => format!(
            "name its kind, such as `{}`, in `alignlint.yaml`: `records: {{ KIND: {path} }}`",
            page_kind()
        ),
    };
    let (reason, help) = match () {
        () if config.excludes(path) => {
            ("`exclude:` in `alignlint.yaml` leaves it out", Some("take it out of `exclude:`".to_owned()))
        }
        () if let Some(problem) = problem => {
            return (format!("it can't be parsed: {}", problem.message), None);
        }
        () if let Some(unread) = unread => {
            return (unread.refusal.reason.clone(), unread.refusal.help.clone().or(Some(entry)));
        }
        () if config.format_of(path).is_none() => {
            ("only YAML, JSON, TOML, Markdown, reStructuredText, AsciiDoc and MediaWiki are read", None)
        }
        () if is_template(path) => ("its path is that of a template, a stub or a copy from elsewhere", None),
        () if is_index_path(path) || part.is_some_and(|part| is_listing(part.document)) => {
            ("it lists other pages, as an index does; its rows are compared with the records", None)
        }
        () if is_introduction(path) => ("its name is that of a page about what lies beside it", None),
        () if stated.is_some() => {
            ("it states a kind, but no records are looked for in its folder", Some(entry))
        }
        () => ("neither its place nor its content shows that it is one", Some(entry)),
    };
    (reason.to_owned(), help)
}
