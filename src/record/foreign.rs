//! Builds records of foreign formats: first the fields that the profile extracts, then fields in the native form.

use std::collections::HashSet;
use std::sync::Arc;

use super::RecordContent;
use super::build::{self, Draft};
use super::canonical::Canonical;
use super::identity::id_key;
use super::page::SectionFields;
use crate::kind::Field;
use crate::node::{Entry, Key, Mapping, Node, Value};
use crate::profile::{FieldVocabulary, Profile, TextSpans, View};
use crate::schema::{self, Violation};
use crate::text::Span;

pub(super) fn record(view: View<'_>, profile: &Arc<Profile>, sections: &SectionFields) -> RecordContent {
    let view = &view.with_kind(&profile.kind, Some(profile));
    let mut reader = ForeignReader {
        view,
        profile,
        canonical: Canonical { source: view.source(), profile: Some(profile) },
        fields: Mapping::default(),
        extends_format: false,
        format_violations: Vec::new(),
    };
    reader.read_profile();
    if view.row.is_none() {
        reader.read_keys();
        build::add_title(view, &mut reader.fields);
        sections.add_fields(view, &reader.canonical, &profile.kind, &mut reader.fields);
    }
    reader.finish()
}

const MAX_MISSPELT: usize = 100;

struct ForeignReader<'a> {
    view: &'a View<'a>,
    profile: &'a Arc<Profile>,
    canonical: Canonical<'a>,
    fields: Mapping,
    extends_format: bool,
    format_violations: Vec<Violation>,
}

impl ForeignReader<'_> {
    fn read_profile(&mut self) {
        let profile = self.profile;
        for (name, extractors) in profile.fields() {
            let Some(field) = profile.kind.shape.field(name) else { continue };
            let found = extractors.iter().find_map(|extractor| {
                let value = self.canonical(extractor.read(self.view)?, field)?;
                Some((extractor.key_span(self.view).unwrap_or(value.span), value))
            });
            if let Some((span, value)) = found {
                self.fields.push(Key { name: field.name.clone(), span }, value);
            }
        }
    }

    /// Reads keys that are unknown to the profile as fields of the kind, and reports those that look misspelt.
    fn read_keys(&mut self) {
        let profile = self.profile;
        let shape = &profile.kind.shape;
        let taken: HashSet<Arc<str>> =
            self.fields.entries().iter().map(|entry| entry.key.name.clone()).collect();
        for Entry { key, value } in
            self.view.root.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries)
        {
            if profile.knows_key(&key.name) || matches!(&*key.name, "kind" | "$schema") {
                continue;
            }
            match shape.by_key(&key.name) {
                Some(field) if !taken.contains(&field.name) && self.fields.get(&field.name).is_none() => {
                    if let Some(value) = self.canonical(value.clone(), field) {
                        self.fields.push(Key { name: field.name.clone(), span: key.span }, value);
                        self.extends_format |= self.profile.lacks(&field.name);
                    }
                }
                Some(_) => {}
                None if self.format_violations.len() < MAX_MISSPELT => {
                    self.format_violations.extend(misspelt_key(key, profile));
                }
                None => {}
            }
        }
    }

    fn canonical(&mut self, found: Node, field: &Field) -> Option<Node> {
        match self.profile.vocabulary(&field.name) {
            Some(vocabulary) => self.translate(found, field, vocabulary),
            None => self.canonical.field(found, field),
        }
    }

    /// Translates the format's words to the kind's values. An unknown word stays as it is, with a violation.
    fn translate(&mut self, node: Node, field: &Field, vocabulary: &FieldVocabulary) -> Option<Node> {
        match node.value {
            Value::Sequence(items) => {
                let items =
                    items.into_iter().filter_map(|item| self.translate(item, field, vocabulary)).collect();
                Some(Node::sequence(node.span, items)).filter(|list| !list.is_empty())
            }
            Value::Scalar(ref scalar) if self.canonical.is_absent(scalar) => None,
            Value::Scalar(ref scalar) => {
                let written = strip_symbols(self.canonical.source, &node);
                Some(match vocabulary.value_of(&scalar.text) {
                    Some(value) => Node::text(written.span, value),
                    None => {
                        self.format_violations.push(unknown_word(&written, field, vocabulary));
                        written
                    }
                })
            }
            Value::Mapping(_) => self.canonical.field(node, field),
        }
    }

    fn finish(mut self) -> RecordContent {
        let source = self.view.source();
        let file_id = self.profile.file_id(self.view);
        let anchor = self.view.anchor();
        let name_span = self.resolve_id(file_id.as_deref(), anchor);
        let draft = Draft {
            kind: self.profile.kind.clone(),
            span: self.view.row.map_or_else(|| build::text_span(source), row_span),
            fields: self.fields,
            anchor,
            fallback_id: "".into(),
        };
        let mut record = draft.finish(source);
        record.name_span = build::first_line(source, name_span);
        record.profile = Some(self.profile.clone());
        record.file_id = file_id;
        record.extends_format = self.extends_format;
        record.format_violations = self.format_violations;
        let missing = self.profile.required_fields.iter().filter(|name| record.field(name).is_none());
        let missing: Vec<Violation> = missing.map(|name| missing_field(name, &record)).collect();
        record.format_violations.extend(missing);
        record
    }

    fn resolve_id(&mut self, file_id: Option<&str>, anchor: Span) -> Span {
        let Some(id) = self.fields.get("id").cloned() else { return anchor };
        let same = |file_id: &&str| {
            let key = |text: &str| id_key(text, &self.profile.prefixes);
            id.as_text().is_some_and(|id| key(id) == key(file_id))
        };
        if let Some(file_id) = file_id.filter(same) {
            let entries = std::mem::take(&mut self.fields).into_entries().into_iter();
            let respelt = entries.map(|entry| match &*entry.key.name {
                "id" => Entry { key: entry.key, value: Node::text(id.span, file_id) },
                _ => entry,
            });
            self.fields = Mapping::new(respelt.collect());
        }
        let page = Some(self.view).filter(|view| view.row.is_none());
        let heading = page.and_then(View::title).map(|heading| heading.span);
        heading.filter(|span| span.contains(id.span)).unwrap_or(id.span)
    }
}

fn row_span(row: crate::profile::TableRow<'_>) -> Span {
    row.cells.iter().map(|cell| cell.span).reduce(Span::to).unwrap_or_default()
}

fn strip_symbols(source: &crate::text::Source, node: &Node) -> Node {
    let text = node.as_text().unwrap_or_default();
    let words = text.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end();
    if words.is_empty() {
        return node.clone();
    }
    let start = words.as_ptr() as usize - text.as_ptr() as usize;
    Node::text(TextSpans::new(source, node).span(start..start + words.len()), words)
}

fn unknown_word(value: &Node, field: &Field, vocabulary: &FieldVocabulary) -> Violation {
    let text = value.as_text().unwrap_or_default();
    let words: Vec<&str> = vocabulary.words().collect();
    let suggestion = schema::nearest(text, words.iter().copied());
    Violation {
        keyword: "enum".into(),
        pointer: format!("/{}", field.name).into(),
        span: value.span,
        message: format!("`{}` is `{}`; expected one of {}", field.name, shorten(text), words.join(", ")),
        help: suggestion.map(schema::did_you_mean),
        suggestion: suggestion.map(Box::from),
        field: (*field.name).into(),
        missing: false,
    }
}

fn missing_field(name: &str, record: &RecordContent) -> Violation {
    Violation {
        keyword: "required".into(),
        pointer: format!("/{name}").into(),
        span: record.name_span,
        message: format!("`{name}` is missing"),
        help: None,
        suggestion: None,
        field: name.into(),
        missing: true,
    }
}

fn misspelt_key(key: &Key, profile: &Profile) -> Option<Violation> {
    let first = key.name.chars().next()?.to_ascii_lowercase();
    let alike = profile.keys().filter(|known| known.starts_with(first));
    let suggestion = schema::nearest(&key.name, alike)?;
    Some(Violation {
        keyword: "additional-properties".into(),
        pointer: format!("/{}", key.name.replace('~', "~0").replace('/', "~1")).into(),
        span: key.span,
        message: format!("`{}` is not a key of this format ({})", shorten(&key.name), profile.name),
        help: Some(schema::did_you_mean(suggestion)),
        suggestion: Some(suggestion.into()),
        field: (*key.name).into(),
        missing: false,
    })
}

fn shorten(text: &str) -> String {
    const MAX_LEN: usize = 60;
    let line: String = text.lines().next().unwrap_or_default().chars().take(MAX_LEN + 1).collect();
    match line.char_indices().nth(MAX_LEN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
