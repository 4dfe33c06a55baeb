//! Adds a record to a list, in the layout of the last one.

use super::page::Layout;
use super::{Editor, NewScalar, NewValue, format_scalar, is_bare_key};
use crate::node::{Entry, Node};
use crate::syntax::{Document, Format};
use crate::text::{Edit, Span};

/// A key of a new record. Without a value it is left to be filled in; in braces, only if it is required.
#[derive(Clone, Debug, PartialEq)]
pub struct NewField {
    pub key: String,
    pub value: Option<NewScalar>,
    pub is_required: bool,
}

/// Where a list of records is in a document.
#[derive(Clone, Copy, Debug)]
pub struct RecordList<'d> {
    /// A sequence of mappings, or a mapping of them by identifier.
    node: &'d Node,
    key: Option<&'d str>,
}

impl<'d> RecordList<'d> {
    pub fn around(document: &'d Document, record: Span) -> Option<RecordList<'d>> {
        document.roots.iter().find_map(|root| around(root, None, record))
    }

    pub fn items(self) -> Vec<&'d Node> {
        match (self.node.as_sequence(), self.node.as_mapping()) {
            (Some(items), _) => items.iter().collect(),
            (None, Some(entries)) => entries.entries().iter().map(|entry| &entry.value).collect(),
            (None, None) => Vec::new(),
        }
    }

    /// True if the records are named by their keys.
    pub fn is_keyed(self) -> bool {
        self.node.as_mapping().is_some()
    }

    /// Adds a record behind the last one. `id` is its key if the list is keyed. `None` if the layout is not understood.
    pub fn append(self, document: &Document, id: &str, fields: &[NewField]) -> Option<Edit> {
        let items = self.items();
        let last = *items.last()?;
        let layout = Layout { text: document.source.text() };
        let writer = Writer { layout, format: document.format, list: self };
        let is_bracketed = writer.written(self.node).starts_with(if self.is_keyed() { '{' } else { '[' });
        if is_bracketed && document.format != Format::Toml {
            let spans: Vec<Span> = items.iter().map(|item| item.span).collect();
            let record = writer.braced(last, fields).filter(|_| !self.is_keyed())?;
            return layout.insert_member_after(&spans, spans.len() - 1, &record);
        }
        match document.format {
            Format::Toml => writer.toml(last, fields),
            _ => writer.yaml(last, id, fields),
        }
    }
}

fn around<'d>(node: &'d Node, key: Option<&'d str>, record: Span) -> Option<RecordList<'d>> {
    if let Some(items) = node.as_sequence() {
        if items.iter().any(|item| item.span == record) {
            return Some(RecordList { node, key });
        }
        return items.iter().find_map(|item| around(item, None, record));
    }
    let entries = node.entries();
    let is_record = |entry: &Entry| {
        let whole = entry.key.span.to(entry.value.span);
        entry.value.as_mapping().is_some() && [entry.value.span, whole].contains(&record)
    };
    if key.is_some() && entries.iter().any(is_record) {
        return Some(RecordList { node, key });
    }
    entries.iter().find_map(|entry| around(&entry.value, Some(&*entry.key.name), record))
}

struct Writer<'d> {
    layout: Layout<'d>,
    format: Format,
    list: RecordList<'d>,
}

impl Writer<'_> {
    fn written(&self, node: &Node) -> &str {
        self.layout.slice(node.span.start as usize, node.span.end as usize)
    }

    fn scalar(&self, new: &NewScalar, in_flow: bool) -> Option<String> {
        format_scalar(self.format, new, "", in_flow)
    }

    /// Writes `key: value`; `key:` to fill in, where the format has such.
    fn member(&self, field: &NewField, in_flow: bool) -> Option<String> {
        let (key, blank) = (NewScalar::text(field.key.as_str()), NewScalar::text(""));
        let needs_value = in_flow || self.format == Format::Toml;
        let value = match &field.value {
            None if !needs_value => return Some(format!("{}:", self.scalar(&key, false)?)),
            value => self.scalar(value.as_ref().unwrap_or(&blank), in_flow)?,
        };
        Some(match self.format {
            Format::Json => format!("\"{}\": {value}", field.key),
            Format::Toml => format!("{} = {value}", field.key),
            _ => format!("{}: {value}", self.scalar(&key, in_flow)?),
        })
    }

    /// The new record in braces, in the layout of the last one.
    fn braced(&self, last: &Node, fields: &[NewField]) -> Option<String> {
        let is_json = self.format == Format::Json;
        let fields = fields.iter().filter(|field| is_json || field.value.is_some() || field.is_required);
        let members: Vec<String> = fields.map(|field| self.member(field, true)).collect::<Option<_>>()?;
        let written = self.written(last);
        let first = last.entries().first().filter(|_| written.contains('\n'));
        let indentation = first.map(|first| self.layout.line_prefix(first.key.span.start as usize));
        if let Some(inner) = indentation.filter(|inner| inner.trim().is_empty()) {
            let newline = self.layout.newline(last.span.start as usize);
            let outer = self.layout.line_prefix(last.span.end as usize - 1);
            let members = members.join(&format!(",{newline}{inner}"));
            return Some(format!("{{{newline}{inner}{members}{newline}{outer}}}"));
        }
        let blank = if written.starts_with("{ ") { " " } else { "" };
        Some(format!("{{{blank}{}{blank}}}", members.join(", ")))
    }

    fn yaml(&self, last: &Node, id: &str, fields: &[NewField]) -> Option<Edit> {
        let is_keyed = self.list.is_keyed();
        let start = if is_keyed { self.list.node.entries().last()?.key.span.start } else { last.span.start };
        let prefix = self.layout.line_prefix(start as usize);
        let column = if is_keyed { prefix.len() } else { prefix.rfind('-')? };
        if !prefix.chars().all(|c| matches!(c, ' ' | '-')) {
            return None;
        }
        let newline = self.layout.newline(start as usize);
        let head = match is_keyed {
            true => format!("{}{}:", " ".repeat(column), self.scalar(&NewScalar::text(id), false)?),
            false => format!("{}{}", " ".repeat(column), &prefix[column..]),
        };
        let indentation = match is_keyed {
            true => self.layout.line_prefix(last.span.start as usize).to_owned(),
            false => " ".repeat(prefix.len()),
        };
        let (gap, record) = if self.written(last).starts_with('{') {
            (if is_keyed { " " } else { "" }.to_owned(), self.braced(last, fields)?)
        } else {
            let lines: Vec<String> = fields.iter().map(|it| self.member(it, false)).collect::<Option<_>>()?;
            let break_line = format!("{newline}{indentation}");
            (if is_keyed { break_line.clone() } else { String::new() }, lines.join(&break_line))
        };
        let end = self.layout.end_of_comments(last.span.end as usize, column);
        let apart = if self.is_apart() { newline } else { "" };
        Some(self.layout.insert_line_after(end, &format!("{apart}{head}{gap}{record}")))
    }

    /// True if a blank line stands between the last two records.
    fn is_apart(&self) -> bool {
        let items = self.list.items();
        let [.., before, last] = items.as_slice() else { return false };
        let between = self.layout.slice(before.span.end as usize, last.span.start as usize);
        between.replace('\r', "").contains("\n\n")
    }

    fn toml(&self, last: &Node, fields: &[NewField]) -> Option<Edit> {
        let key = self.list.key.filter(|key| is_bare_key(key) && !self.list.is_keyed())?;
        let header = format!("[[{key}]]");
        self.layout.text.contains(&header).then_some(())?;
        let newline = self.layout.newline(last.span.start as usize);
        let mut record = format!("{newline}{header}");
        for field in fields {
            record += &format!("{newline}{}", self.member(field, false)?);
        }
        Some(self.layout.insert_line_after(self.layout.text.trim_end().len(), &record))
    }
}

/// Sets a top-level entry of a document to one value; of a list, only this value is left.
pub fn set_entry(document: &Document, entry: usize, value: &NewScalar) -> Option<Edit> {
    let editor = Editor::new(document)?;
    let path = editor.entry(&editor.root()?, entry);
    let node = editor.node(&path)?;
    let written = document.source.slice(node.span);
    let scalar = |like: &str, in_flow| format_scalar(document.format, value, like, in_flow);
    let (span, replacement) = match node.as_sequence() {
        Some([]) if written.starts_with('[') => (node.span, format!("[{}]", scalar("", true)?)),
        Some(items @ [first, ..]) => {
            let like = document.source.slice(first.span);
            (first.span.to(items.last()?.span), scalar(like, written.starts_with('['))?)
        }
        // A placeholder in braces.
        None if node.as_mapping().is_some() && written.starts_with('{') => (node.span, scalar("", false)?),
        _ => return Some(editor.set(&path, &NewValue::Scalar(value.clone()))?.edit),
    };
    Some(Edit { span, replacement })
}
