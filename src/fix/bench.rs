//! One file on the workbench: what its fixes change, as edits of its bytes, each in the file's own spelling and
//! in its own place.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalog::{self, Catalog};
use crate::finding::{FieldValue, Fix, SemanticEdit};
use crate::kind::{Field, FieldType};
use crate::node::{Mapping, Node};
use crate::profile::{Profile, TemplateValues, View, WriteLocation, is_placeholder};
use crate::record::Record;
use crate::syntax::edit::{self, Editor, NewScalar, NewValue, NodePath, ScalarType, TreeEdit};
use crate::syntax::markdown::Link;
use crate::syntax::{self, Document};
use crate::text::{Edit, Source, Span};

use super::words;

/// A file that has something to mend.
pub(super) struct Bench<'c> {
    pub catalog: &'c Catalog,
    pub file: &'c catalog::SourceFile,
    pub document: Document,
    /// The links of a page, by where their destination stands.
    links: HashMap<Span, usize>,
}

/// What a fix comes to.
#[derive(Clone, Debug, Default)]
pub(super) struct Proposal {
    /// Edits of trees.
    pub tree: Vec<TreeEdit>,
    /// Edits of a page's text.
    pub text: Vec<Edit>,
    /// What has to be read afterwards.
    pub wants: Vec<Want>,
    /// Links of a page, each with its destination afterwards.
    pub links: Vec<(Span, String)>,
}

/// A field, and what it is to hold.
#[derive(Clone, Debug)]
pub(super) struct Want {
    /// The record's number.
    pub record: u32,
    pub field: Arc<str>,
    pub more: bool,
    pub value: FieldValue,
}

impl Proposal {
    pub fn edits(&self) -> impl Iterator<Item = &Edit> {
        self.tree.iter().map(|edit| &edit.edit).chain(&self.text)
    }
}

impl<'c> Bench<'c> {
    pub fn new(catalog: &'c Catalog, file: &'c catalog::SourceFile) -> Bench<'c> {
        // The catalog has let go of the tree.
        let document = syntax::parse(file.source().clone(), file.document.format);
        let links = document.markdown.iter().flat_map(|page| &page.links).enumerate();
        let links = links.map(|(at, link)| (link.destination_span, at)).collect();
        Bench { catalog, file, document, links }
    }

    /// What a fix changes here; none where the file has no place for a part of it.
    pub fn proposal(&self, fix: &Fix) -> Option<Proposal> {
        let editor = Editor::new(&self.document)?;
        let mut proposal = Proposal::default();
        for change in &fix.changes {
            match change {
                SemanticEdit::ReplaceText { span, old, new } => {
                    self.words(&editor, *span, old, new, &mut proposal)?
                }
                SemanticEdit::ReplaceTerm { span, plural, new } => {
                    let (span, new) = words::fitted(self.source(), *span, *plural, new);
                    self.replace(&editor, span, &new, &mut proposal)?;
                }
                SemanticEdit::SetField { record, item, field, append: more, value } => {
                    let record = self.catalog.record(*record);
                    let target = Target { bench: self, editor: &editor, record, item: *item };
                    target.change(field, *more, value, &mut proposal)?;
                }
            }
        }
        // What says already what it should is not mended by saying it again.
        let says_so = |edit: &Edit| self.source().slice(edit.span) == edit.replacement;
        let is_idle = proposal.edits().all(says_so);
        (!is_idle).then_some(proposal)
    }

    fn source(&self) -> &'c Source {
        self.file.source()
    }

    /// Words that are a value, a key, a link's destination, or a part of one.
    fn words(&self, editor: &Editor, span: Span, old: &str, new: &str, out: &mut Proposal) -> Option<()> {
        let written = self.source().slice(span);
        if let Some(spot) = editor.scalar_at(span) {
            let text = editor.node(&spot)?.as_text()?;
            let new = if old == written { new.to_owned() } else { respelt(text, old, new)? };
            let ty = if matches!(&*new, "true" | "false") { ScalarType::Bare } else { ScalarType::Text };
            out.tree.push(editor.set(&spot, &NewValue::Scalar(NewScalar { text: new, ty }))?);
            return Some(());
        }
        if let Some(spot) = editor.key_at(span) {
            out.tree.push(editor.rename_key(&spot, &like_key(new, written))?);
            return Some(());
        }
        let mut new = respelt(written, old, new)?;
        if let Some(link) = self.link_to(span) {
            // A link by reference is written elsewhere.
            if link.span == span || written != &*link.destination {
                return None;
            }
            let in_brackets = self.source().text().get(..span.start as usize)?.ends_with('<');
            if !in_brackets {
                new = new.replace(' ', "%20");
            }
            out.links.push((link.span, new.clone()));
        }
        self.replace(editor, span, &new, out)
    }

    /// The link of the page whose destination stands at a place.
    fn link_to(&self, span: Span) -> Option<&Link> {
        let at = self.links.get(&span)?;
        self.document.markdown.as_ref()?.links.get(*at)
    }

    /// Replaces bytes as they stand, in a scalar or in a page.
    fn replace(&self, editor: &Editor, span: Span, new: &str, out: &mut Proposal) -> Option<()> {
        match editor.scalar_containing(span) {
            Some(spot) => out.tree.push(editor.replace_text(&spot, span, new)?),
            None => {
                let is_page = self.document.markdown.is_some() && !self.is_in_front_matter(span);
                let edit = Edit { span, replacement: new.to_owned() };
                is_page.then(|| out.text.push(edit))?;
            }
        }
        Some(())
    }

    fn is_in_front_matter(&self, span: Span) -> bool {
        let page = self.document.markdown.as_ref();
        let front_matter = page.and_then(|page| page.front_matter.as_ref());
        front_matter.is_some_and(|front_matter| front_matter.block.contains(span))
    }

    /// A reference to a record, as a spelling may write it in this file.
    fn spelt<'s>(&self, other: &'s Record, texts: &'s mut Texts) -> TemplateValues<'s> {
        let source = self.catalog.file_of(other).source();
        let title = other.title.as_deref().unwrap_or("");
        let named = source.slice(other.name_span).trim();
        let heading = if !title.is_empty() && named.contains(title) { named } else { title };
        let number = other.id.bytes().all(|byte| byte.is_ascii_digit());
        let prefix = other.prefixes().first().filter(|_| number);
        texts.heading = in_link(if heading.is_empty() { &other.id } else { heading });
        texts.title = in_link(title);
        texts.label = match prefix {
            Some(prefix) => format!("{prefix}-{}", other.id),
            None => texts.heading.clone(),
        };
        texts.path = self.catalog.relative_path(self.file.path(), &other.path);
        texts.place = other.paths().pop().unwrap_or_default();
        TemplateValues {
            value: &other.id,
            id: &other.id,
            title: &texts.title,
            heading: &texts.heading,
            label: &texts.label,
            path: &texts.path,
            root_path: &texts.place,
        }
    }
}

#[derive(Default)]
struct Texts {
    heading: String,
    title: String,
    label: String,
    path: String,
    place: String,
}

/// A text as it may stand in the brackets of a link.
fn in_link(text: &str) -> String {
    text.replace('[', "\\[").replace(']', "\\]")
}

/// What is written, with the part that says `old` saying `new`: a reference may stand in a longer text, and a path
/// without the `/` that begins it.
fn respelt(written: &str, old: &str, new: &str) -> Option<String> {
    let at_root = |path: &'_ str| path.strip_prefix('/').map(str::to_owned);
    let (old, new) = match (written.contains(old), at_root(old), at_root(new)) {
        (true, ..) => (old.to_owned(), new.to_owned()),
        (false, Some(old), Some(new)) => (old, new),
        _ => return None,
    };
    let mut found = written.match_indices(&*old);
    let (at, _) = found.next().filter(|_| !old.is_empty())?;
    found.next().is_none().then(|| format!("{}{new}{}", &written[..at], &written[at + old.len()..]))
}

/// A key in the style of another: with its separators.
fn like_key(key: &str, other: &str) -> String {
    if other.contains('_') && !other.contains('-') { key.replace('-', "_") } else { key.to_owned() }
}

/// The record, or the item in it, whose field is changed.
struct Target<'b, 'c> {
    bench: &'b Bench<'c>,
    editor: &'b Editor<'b>,
    record: &'c Record,
    item: Option<Span>,
}

impl<'c> Target<'_, 'c> {
    fn change(&self, name: &Arc<str>, more: bool, value: &FieldValue, out: &mut Proposal) -> Option<()> {
        let (holder, field) = self.field(name)?;
        match holder.get(name) {
            Some(node) if more => self.append(node, field, value, out)?,
            Some(node) => self.set(holder, node, field, value, out)?,
            None => self.add(holder, field, more, value, out)?,
        }
        if self.item.is_none() {
            let want = Want { record: self.record.number, field: name.clone(), more, value: value.clone() };
            out.wants.push(want);
        }
        Some(())
    }

    fn profile(&self) -> Option<&'c Profile> {
        self.record.profile.as_deref()
    }

    /// The mapping, in the kind's names, that the field belongs to, and the field.
    fn field(&self, name: &str) -> Option<(&'c Node, &'c Field)> {
        let record = self.record;
        let Some(span) = self.item else { return Some((&record.fields, record.kind.shape.field(name)?)) };
        record.fields.as_mapping()?.entries().iter().find_map(|entry| {
            let of = record.kind.shape.field(&entry.key.name)?;
            let shape = match &of.ty {
                FieldType::Struct(shape) => shape,
                FieldType::List(inner) => match &**inner {
                    FieldType::Struct(shape) => shape,
                    _ => return None,
                },
                _ => return None,
            };
            let items = entry.value.as_sequence().unwrap_or(std::slice::from_ref(&entry.value));
            let item = items.iter().find(|item| item.span == span)?;
            Some((item, shape.field(name)?))
        })
    }

    /// The mapping of the file that holds the fields.
    fn mapping(&self, holder: &Node) -> Option<NodePath> {
        if self.profile().is_some_and(|profile| profile.rows) {
            return None; // a row of a table has no keys
        }
        if self.profile().is_some() || self.bench.document.markdown.is_some() {
            return if self.item.is_none() { self.editor.root() } else { None };
        }
        // The key that a record stands under may be its identifier; it is none of its own keys.
        let entries = holder.as_mapping().map_or(&[][..], Mapping::entries).iter();
        let own = entries.filter(|entry| entry.key.span != entry.value.span);
        let keys: Vec<Span> = own.map(|entry| entry.key.span).collect();
        self.editor.mapping_with(self.item.unwrap_or(self.record.span), &keys)
    }

    /// Gives a field that is there another value.
    fn set(
        &self,
        holder: &Node,
        node: &Node,
        field: &Field,
        value: &FieldValue,
        out: &mut Proposal,
    ) -> Option<()> {
        let old = node.as_text()?;
        let written = self.bench.source().slice(node.span);
        let is_page = self.bench.document.markdown.is_some();
        // What a file says once for all of its records is not one record's to change.
        let is_own = || self.editor.node(&self.mapping(holder)?).map(|own| own.span.contains(node.span));
        if !is_page && is_own() != Some(true) || !self.stands_alone(field, node, old) {
            return None;
        }
        let new = cased(&self.value(field, value)?, written);
        if let Some(spot) = self.editor.scalar_at(node.span) {
            let scalar = NewScalar { text: new, ty: scalar_type(&field.ty) };
            out.tree.push(self.editor.set(&spot, &NewValue::Scalar(scalar))?);
            return Some(());
        }
        let is_whole = self.editor.scalar_containing(node.span).is_none() && !written.is_empty();
        let new = format!("{new}{}", closing_marks(written));
        is_whole.then(|| self.bench.replace(self.editor, node.span, &new, out)).flatten()
    }

    /// Whether the value is a word of its format, or any value, and neither a sign before it nor words after it
    /// say more.
    fn stands_alone(&self, field: &Field, node: &Node, old: &str) -> bool {
        let before = self.bench.source().text().get(..node.span.start as usize).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("");
        let sign = line.trim_end().chars().next_back().is_some_and(|c| !c.is_ascii());
        let vocabulary = self.profile().and_then(|profile| profile.vocabulary(&field.name));
        // The text of the file, not the kind's word for it.
        let written = self.bench.source().slice(node.span).trim_matches(['"', '\'']);
        let is_word = match vocabulary {
            Some(vocabulary) => vocabulary.is_word(written),
            None => field.values.is_empty() || field.canonical(written).is_some() || written == old,
        };
        is_word && !sign
    }

    /// The value as the format has it, without regard to where it stands.
    fn value(&self, field: &Field, value: &FieldValue) -> Option<String> {
        match value {
            FieldValue::Text(text) => {
                let vocabulary = self.profile().and_then(|profile| profile.vocabulary(&field.name));
                Some(match vocabulary {
                    Some(vocabulary) => vocabulary.word_for(text)?.to_owned(),
                    None => text.to_string(),
                })
            }
            FieldValue::Record(number) => {
                let other = self.bench.catalog.record(*number);
                let writing =
                    self.profile().into_iter().flat_map(|profile| profile.write_targets(&field.name));
                let mut under_key =
                    writing.filter(|writing| matches!(writing.location, WriteLocation::Key(_)));
                match under_key.next() {
                    Some(writing) => writing.template.render(&self.bench.spelt(other, &mut Texts::default())),
                    // An identifier that is another's too names neither.
                    None if self.bench.catalog.duplicates(other).next().is_some() => None,
                    None => Some(other.id.to_string()),
                }
            }
        }
    }

    /// Adds a value to a field that has some.
    fn append(&self, node: &Node, field: &Field, value: &FieldValue, out: &mut Proposal) -> Option<()> {
        let mapping = self.mapping(&self.record.fields)?;
        let entries = self.editor.node(&mapping)?.as_mapping()?.entries();
        let at = entries.iter().position(|entry| self.is_key_of(&entry.key.name, field))?;
        let there = &entries[at].value;
        if !node.span.contains(there.span) && !there.span.contains(node.span) {
            return None;
        }
        let new = self.value(field, value)?;
        let spot = self.editor.entry(&mapping, at);
        let separator = self.profile().and_then(|profile| profile.separator(&field.name));
        let edit = match (there.as_text(), separator) {
            (Some(text), Some(separator)) => {
                let text = format!("{text}{} {new}", separator.trim_end());
                self.editor.set(&spot, &NewValue::Scalar(NewScalar::text(text)))?
            }
            _ => self.editor.append_item(&spot, &NewScalar { text: new, ty: scalar_type(&field.ty) })?,
        };
        out.tree.push(edit);
        Some(())
    }

    fn is_key_of(&self, key: &str, field: &Field) -> bool {
        match self.profile() {
            Some(profile) => profile
                .keys_of(&field.name)
                .any(|known| crate::kind::fold_name(known) == crate::kind::fold_name(key)),
            None => self.shape_field(key).is_some_and(|known| known.name == field.name),
        }
    }

    fn shape_field(&self, key: &str) -> Option<&'c Field> {
        if self.item.is_some() {
            return None;
        }
        self.record.kind.shape.by_key(key)
    }

    /// Writes a field that is not there.
    fn add(
        &self,
        holder: &Node,
        field: &Field,
        more: bool,
        value: &FieldValue,
        out: &mut Proposal,
    ) -> Option<()> {
        if let Some(mapping) = self.mapping(holder) {
            let entries = self.editor.node(&mapping)?.as_mapping()?.entries();
            if let Some(at) = entries.iter().position(|entry| self.is_key_of(&entry.key.name, field)) {
                let spot = self.editor.entry(&mapping, at);
                out.tree.push(self.fill(spot, &entries[at].value, field, self.value(field, value)?, more)?);
                return Some(());
            }
            if self.profile().is_none() {
                let new = self.content(field, self.value(field, value)?, more);
                let key = self.key_style(entries, &field.name);
                let after = self.siblings(entries, field);
                out.tree.push(self.editor.insert_entry(&mapping, &after, &key, &new)?);
                return Some(());
            }
        }
        self.write(field, more, value, out)
    }

    /// Gives a value to a key that is there and says nothing yet: nothing that the format understands.
    fn fill(&self, spot: NodePath, there: &Node, field: &Field, new: String, more: bool) -> Option<TreeEdit> {
        let is_absent = |node: &Node| match (node.as_text(), self.profile()) {
            (Some(text), Some(profile)) => profile.is_absent(text),
            (Some(text), None) => is_placeholder(text),
            (None, _) => node.is_empty(),
        };
        let scalar = NewScalar { text: new, ty: scalar_type(&field.ty) };
        match there.as_sequence() {
            Some([only]) if more && is_absent(only) => {
                self.editor.set(&self.editor.entry(&spot, 0), &NewValue::Scalar(scalar))
            }
            Some([_, ..]) if more => self.editor.append_item(&spot, &scalar),
            None if !is_absent(there) => None,
            _ => self.editor.set(&spot, &self.content(field, scalar.text, more)),
        }
    }

    /// What the field's key is to hold: where a format has several values in one text, that.
    fn content(&self, field: &Field, text: String, more: bool) -> NewValue {
        let scalar = NewScalar { text, ty: scalar_type(&field.ty) };
        let in_one_text = self.profile().is_some_and(|profile| profile.separator(&field.name).is_some());
        if more && !in_one_text { NewValue::List(scalar) } else { NewValue::Scalar(scalar) }
    }

    /// A key as the other keys of the mapping are written.
    fn key_style(&self, entries: &[crate::node::Entry], name: &str) -> String {
        let any = |sign: char| entries.iter().any(|entry| entry.key.name.contains(sign));
        let camel = |name: &str| {
            let mut letters = name.chars().zip(name.chars().skip(1));
            letters.any(|(one, next)| one.is_lowercase() && next.is_uppercase())
        };
        if any('-') {
            return name.to_owned();
        }
        if any('_') {
            return name.replace('-', "_");
        }
        if entries.iter().any(|entry| camel(&entry.key.name)) {
            let mut parts = name.split('-');
            let first = parts.next().unwrap_or_default().to_owned();
            return parts.fold(first, |name, part| {
                let mut letters = part.chars();
                let capital = letters.next().map(|first| first.to_uppercase().to_string());
                name + &capital.unwrap_or_default() + letters.as_str()
            });
        }
        name.to_owned()
    }

    /// The entries that a new key may follow, the best one first: the last of those that the kind names before it,
    /// then the first of those after it.
    fn siblings(&self, entries: &[crate::node::Entry], field: &Field) -> Vec<usize> {
        let order = |name: &str| -> Option<usize> {
            match self.profile() {
                Some(profile) => profile.field_names().position(|known| {
                    known == name
                        || profile
                            .keys_of(known)
                            .any(|key| crate::kind::fold_name(key) == crate::kind::fold_name(name))
                }),
                None => {
                    let known = self.shape_field(name)?;
                    self.record.kind.shape.fields.iter().position(|one| one.name == known.name)
                }
            }
        };
        let own = order(&field.name).unwrap_or(usize::MAX);
        let mut known: Vec<(usize, usize)> = entries
            .iter()
            .enumerate()
            .filter_map(|(at, entry)| Some((order(&entry.key.name)?, at)))
            .collect();
        let rank = |&(place, at): &(usize, usize)| if place < own { (0, usize::MAX - at) } else { (1, at) };
        known.sort_by_key(rank);
        let mut after: Vec<usize> = known.into_iter().map(|(_, at)| at).collect();
        if self.profile().is_none() {
            after.extend((0..entries.len()).rev());
        }
        after
    }

    /// Writes a field where its format has a place for it, and the file that place.
    fn write(&self, field: &Field, more: bool, value: &FieldValue, out: &mut Proposal) -> Option<()> {
        let profile = self.profile().filter(|_| self.item.is_none())?;
        let kind = &self.record.kind;
        let view = View::new(&self.bench.document, self.bench.document.roots.first(), None)
            .with_kind(kind, Some(profile));
        let mut texts = Texts::default();
        let text = self.value(field, value);
        let spelt = match value {
            FieldValue::Record(number) => self.bench.spelt(self.bench.catalog.record(*number), &mut texts),
            FieldValue::Text(_) => TemplateValues { value: text.as_deref()?, ..TemplateValues::default() },
        };
        profile.write_targets(&field.name).iter().find_map(|writing| {
            let said = writing.template.render(&spelt)?;
            match &writing.location {
                WriteLocation::Key(key) => {
                    let mapping = self.editor.root()?;
                    let entries = self.editor.node(&mapping)?.as_mapping()?.entries();
                    let after = self.siblings(entries, field);
                    let new = self.content(field, said, more);
                    out.tree.push(self.editor.insert_entry(&mapping, &after, key, &new)?);
                }
                WriteLocation::Header(name) => out.text.push(self.header_line(&view, name, &said)?),
                WriteLocation::Section(keys) => {
                    out.text.push(edit::page::append_to_section(
                        self.bench.source(),
                        view.section(keys)?,
                        &said,
                    ));
                }
                WriteLocation::BelowTitle => {
                    out.text.push(edit::page::insert_below(self.bench.source(), view.title()?, &said));
                }
                WriteLocation::Within(other) => self.write_within(other, &said, out)?,
            }
            Some(())
        })
    }

    /// A header line after the last of those that stand together.
    fn header_line(&self, view: &View<'_>, name: &str, value: &str) -> Option<Edit> {
        let source = self.bench.source();
        let header = view.header()?;
        let entries = header.as_mapping()?.entries();
        entries.iter().find(|entry| self.record.kind.shape.by_key(&entry.key.name).is_some())?;
        let line = |byte: u32| source.position(byte as usize).line;
        let apart = entries.windows(2).position(|pair| {
            let end = pair[0].key.span.to(pair[0].value.span).end;
            line(pair[1].key.span.start) > line(end) + 1
        });
        edit::header::insert_line(source, header, apart.unwrap_or(entries.len() - 1), name, value)
    }

    /// Puts words in the place of a value that they imply. Only of a record that is in force, whose status is a
    /// word and nothing more.
    fn write_within(&self, other: &str, said: &str, out: &mut Proposal) -> Option<()> {
        let kind = &self.record.kind;
        let field = kind.shape.field(other)?;
        let node = self.record.field(other)?;
        let value = node.as_text()?;
        let is_live =
            kind.status.as_deref() != Some(other) || kind.live_statuses.iter().any(|live| **live == *value);
        if !is_live || !self.stands_alone(field, node, value) {
            return None;
        }
        let written = self.bench.source().slice(node.span);
        let new = cased(said, written);
        match self.editor.scalar_at(node.span) {
            Some(spot) => out.tree.push(self.editor.set(&spot, &NewValue::Scalar(NewScalar::text(new)))?),
            None => {
                let new = format!("{new}{}", closing_marks(written));
                self.bench.replace(self.editor, node.span, &new, out)?;
            }
        }
        Some(())
    }
}

/// The marks of emphasis that end some words: those that begin it stand before them.
fn closing_marks(written: &str) -> &str {
    &written[written.trim_end_matches(['*', '_', '`']).len()..]
}

/// The word with a capital, where the one that it replaces has one.
fn cased(new: &str, old: &str) -> String {
    let mut letters = new.chars();
    match letters.next() {
        Some(first) if old.trim_start_matches(['"', '\'']).starts_with(char::is_uppercase) => {
            first.to_uppercase().chain(letters).collect()
        }
        _ => new.to_owned(),
    }
}

fn scalar_type(ty: &FieldType) -> ScalarType {
    match ty {
        FieldType::Date => ScalarType::Date,
        FieldType::Bool | FieldType::Integer | FieldType::Number => ScalarType::Bare,
        FieldType::List(inner) => scalar_type(inner),
        _ => ScalarType::Text,
    }
}
