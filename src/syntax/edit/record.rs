//! Adds a record to a list, in the layout of the last one.

use super::layout::Layout;
use super::{Editor, NewScalar, NodePath, ScalarType, is_bare_key, scalar};
use crate::node::{Entry, Mapping, Node};
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
    /// The key of the list.
    key: Option<&'d str>,
}

impl<'d> RecordList<'d> {
    /// Finds the list that has a record with this span.
    pub fn around(document: &'d Document, record: Span) -> Option<RecordList<'d>> {
        document.roots.iter().find_map(|root| around(root, None, record))
    }

    /// The records, in order.
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
        let last = *self.items().last()?;
        let writer =
            Writer { layout: Layout { text: document.source.text() }, format: document.format, list: self };
        match document.format {
            Format::Json => writer.json(last, fields),
            Format::Toml => writer.toml(last, fields),
            Format::Yaml | Format::Markdown | Format::Rst | Format::MediaWiki | Format::AsciiDoc => {
                writer.yaml(last, id, fields)
            }
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
    let entries = node.as_mapping().map_or(&[][..], Mapping::entries);
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
        scalar::format_scalar(self.format, new, "", in_flow)
    }

    /// `key: value`, or `key:` to fill in.
    fn yaml_line(&self, field: &NewField) -> Option<String> {
        let key = self.scalar(&NewScalar::text(field.key.as_str()), false)?;
        match &field.value {
            Some(value) => Some(format!("{key}: {}", self.scalar(value, false)?)),
            None => Some(format!("{key}:")),
        }
    }

    fn yaml(&self, last: &Node, id: &str, fields: &[NewField]) -> Option<Edit> {
        let is_keyed = self.list.is_keyed();
        if self.written(self.list.node).starts_with(if is_keyed { '{' } else { '[' }) {
            return None;
        }
        let start = match is_keyed {
            false => last.span.start,
            true => self.list.node.as_mapping()?.entries().last()?.key.span.start,
        };
        let prefix = self.layout.line_prefix(start as usize);
        let column = if is_keyed { prefix.len() } else { prefix.rfind('-')? };
        if !prefix.chars().all(|c| matches!(c, ' ' | '-')) {
            return None;
        }
        let lead = " ".repeat(column);
        let head = if is_keyed {
            format!("{lead}{}:", self.scalar(&NewScalar::text(id), false)?)
        } else {
            format!("{lead}{}", &prefix[column..])
        };
        let newline = self.layout.newline(start as usize);
        let body = if self.written(last).starts_with('{') {
            let members = fields.iter().filter_map(|field| {
                let blank = field.is_required.then(|| NewScalar::text(""));
                let value = self.scalar(field.value.as_ref().or(blank.as_ref())?, true)?;
                Some(format!("{}: {value}", field.key))
            });
            let inner = if self.written(last).starts_with("{ ") { " " } else { "" };
            let members = members.collect::<Vec<_>>().join(", ");
            let gap = if is_keyed { " " } else { "" };
            format!("{head}{gap}{{{inner}{members}{inner}}}")
        } else {
            let indentation = match is_keyed {
                true => self.layout.line_prefix(last.span.start as usize).to_owned(),
                false => " ".repeat(prefix.len()),
            };
            let lines: Option<Vec<String>> = fields.iter().map(|field| self.yaml_line(field)).collect();
            let lines = lines?.join(&format!("{newline}{indentation}"));
            if is_keyed { format!("{head}{newline}{indentation}{lines}") } else { format!("{head}{lines}") }
        };
        let end = self.layout.end_of_comments(last.span.end as usize, column);
        let apart = if self.is_apart() { newline } else { "" };
        Some(self.layout.insert_line_after(end, &format!("{apart}{body}")))
    }

    /// True if a blank line stands between the last two records.
    fn is_apart(&self) -> bool {
        let items = self.list.items();
        let [.., before, last] = items.as_slice() else { return false };
        let between = self.layout.slice(before.span.end as usize, last.span.start as usize);
        between.replace('\r', "").contains("\n\n")
    }

    fn json(&self, last: &Node, fields: &[NewField]) -> Option<Edit> {
        let members = fields.iter().map(|field| {
            let value = field.value.clone().unwrap_or_else(|| NewScalar::text(""));
            Some(format!("\"{}\": {}", field.key, self.scalar(&value, true)?))
        });
        let members: Vec<String> = members.collect::<Option<_>>()?;
        let written = self.written(last);
        let record = match (written.contains('\n'), last.as_mapping()?.entries().first()) {
            (true, Some(first)) => {
                let newline = self.layout.newline(last.span.start as usize);
                let inner = self.layout.line_prefix(first.key.span.start as usize);
                let outer = self.layout.line_prefix(last.span.end as usize - 1);
                format!("{{{newline}{inner}{}{newline}{outer}}}", members.join(&format!(",{newline}{inner}")))
            }
            _ if written.starts_with("{ ") => format!("{{ {} }}", members.join(", ")),
            _ => format!("{{{}}}", members.join(", ")),
        };
        let spans: Vec<Span> = self.list.items().iter().map(|item| item.span).collect();
        (!self.list.is_keyed()).then(|| self.layout.insert_member_after(&spans, spans.len() - 1, &record))?
    }

    fn toml(&self, last: &Node, fields: &[NewField]) -> Option<Edit> {
        let key = self.list.key.filter(|key| is_bare_key(key) && !self.list.is_keyed())?;
        let header = format!("[[{key}]]");
        self.layout.text.contains(&header).then_some(())?;
        let newline = self.layout.newline(last.span.start as usize);
        let line = |field: &NewField| {
            let value = field.value.clone().unwrap_or_else(|| NewScalar::text(""));
            Some(format!("{} = {}", field.key, self.scalar(&value, false)?))
        };
        let lines: Vec<String> = fields.iter().map(line).collect::<Option<_>>()?;
        let end = self.layout.text.trim_end().len();
        Some(
            self.layout.insert_line_after(end, &format!("{newline}{header}{newline}{}", lines.join(newline))),
        )
    }
}

/// Sets a top-level entry of a document to one value; of a list, only this value is left.
pub fn set_entry(document: &Document, entry: usize, value: &NewScalar) -> Option<Edit> {
    let editor = Editor::new(document)?;
    let root: NodePath = editor.root()?;
    let node = &document.roots.first()?.as_mapping()?.entries().get(entry)?.value;
    let written = document.source.slice(node.span);
    if node.as_mapping().is_some() && written.starts_with('{') {
        // A placeholder in braces.
        let replacement = scalar::format_scalar(document.format, value, "", false)?;
        return Some(Edit { span: node.span, replacement });
    }
    if node.as_sequence().is_some_and(<[Node]>::is_empty) && written.starts_with('[') {
        let item = scalar::format_scalar(document.format, value, "", true)?;
        return Some(Edit { span: node.span, replacement: format!("[{item}]") });
    }
    let Some(first) = node.as_sequence().and_then(<[Node]>::first) else {
        let new = super::NewValue::Scalar(value.clone());
        return Some(editor.set(&editor.entry(&root, entry), &new)?.edit);
    };
    let written = document.source.slice(first.span);
    let in_flow = document.source.slice(node.span).starts_with('[');
    let new = scalar::format_scalar(document.format, value, written, in_flow)?;
    let last = node.as_sequence()?.last()?;
    Some(Edit { span: first.span.to(last.span), replacement: new })
}

/// A number without quotes, or a text.
pub fn bare_or_text(text: &str, is_bare: bool) -> NewScalar {
    NewScalar { text: text.to_owned(), ty: if is_bare { ScalarType::Bare } else { ScalarType::Text } }
}
