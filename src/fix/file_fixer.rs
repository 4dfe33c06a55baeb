//! Turns the semantic edits of fixes into text edits of one file, in the file's own layout and spelling.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalog::{self, Catalog, relative_to};
use crate::finding::{FieldValue, Fix, SemanticEdit};
use crate::format::{Cite, Format, Write};
use crate::kind::{Field, FieldType};
use crate::layout::{self, Part, label_key};
use crate::node::{Entry, Node};
use crate::record::{Record, is_absent};
use crate::syntax::edit::{self, Editor, NewScalar, NewValue, NodePath, ScalarType, TreeEdit};
use crate::syntax::markdown::{Heading, Link};
use crate::syntax::{self, Document};
use crate::text::{Edit, Source, Span, capital};

pub(super) struct FileFixer<'c> {
    pub catalog: &'c Catalog,
    pub file: &'c catalog::SourceFile,
    pub document: Document,
    /// The indices of a page's links by the place where their destination is written; a definition is that of several.
    links: HashMap<Span, Vec<usize>>,
}

/// The edits of one fix, and what the file has to contain afterwards.
#[derive(Clone, Debug, Default)]
pub(super) struct ProposedEdits {
    pub tree: Vec<TreeEdit>,
    pub text: Vec<Edit>,
    pub expected: Vec<ExpectedField>,
    /// Each edited link of a page, with its new destination.
    pub links: Vec<(Span, String)>,
}

#[derive(Clone, Debug)]
pub(super) struct ExpectedField {
    pub record: u32,
    pub field: Arc<str>,
    pub append: bool,
    pub value: FieldValue,
}

impl ProposedEdits {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Edit> {
        self.tree.iter().map(|edit| &edit.edit).chain(&self.text)
    }
}

impl<'c> FileFixer<'c> {
    pub(super) fn new(catalog: &'c Catalog, file: &'c catalog::SourceFile) -> FileFixer<'c> {
        let document = syntax::parse(file.source().clone(), file.document.format);
        let mut links: HashMap<Span, Vec<usize>> = HashMap::new();
        for (at, link) in document.markdown.iter().flat_map(|page| &page.links).enumerate() {
            links.entry(link.definition.unwrap_or(link.destination_span)).or_default().push(at);
        }
        FileFixer { catalog, file, document, links }
    }

    /// Returns the edits of a fix; `None` if a part of it can't be expressed in this file or nothing would change.
    pub(super) fn propose(&self, fix: &Fix) -> Option<ProposedEdits> {
        let editor = Editor::new(&self.document)?;
        let mut proposed = ProposedEdits::default();
        for change in &fix.changes {
            match change {
                SemanticEdit::ReplaceText { span, old, new } => {
                    self.replace_text(&editor, *span, old, new, &mut proposed)?;
                }
                SemanticEdit::ReplaceTerm { span, plural, capitals, new } => {
                    let new = self.term(*span, new, *plural)?;
                    let new = if *capitals { new.to_uppercase() } else { new };
                    self.replace_span(&editor, *span, &new, &mut proposed)?;
                }
                SemanticEdit::SetField { record, item, field, append, value } => {
                    let record = self.catalog.record(*record);
                    let (holder, field) = holder_and_field(record, *item, field)?;
                    let (item, append) = (*item, *append);
                    FieldTarget { fixer: self, editor: &editor, record, item, holder, field, append, value }
                        .set(&mut proposed)?;
                }
            }
        }
        let has_effect = proposed.iter().any(|edit| self.source().slice(edit.span) != edit.replacement);
        has_effect.then_some(proposed)
    }

    fn source(&self) -> &'c Source {
        self.file.source()
    }

    /// Replaces a value, a key or the destination of a link, or a part of one.
    fn replace_text(
        &self,
        editor: &Editor,
        span: Span,
        old: &str,
        new: &str,
        out: &mut ProposedEdits,
    ) -> Option<()> {
        let source_text = self.source().slice(span);
        if let Some(path) = editor.scalar_at(span) {
            let text = editor.node(&path)?.as_text()?;
            let new = if old == source_text { new.to_owned() } else { substitute(text, old, new)? };
            let ty = if matches!(&*new, "true" | "false") { ScalarType::Bare } else { ScalarType::Text };
            out.tree.push(editor.set(&path, &NewValue::Scalar(NewScalar { text: new, ty }))?);
            return Some(());
        }
        if let Some(path) = editor.key_at(span) {
            out.tree.push(editor.rename_key(&path, &key_like(new, [source_text].into_iter()))?);
            return Some(());
        }
        let mut new = substitute(source_text, old, new)?;
        let all = self.document.markdown.as_ref().map_or(&[][..], |page| &page.links);
        let here = self.links.get(&span).into_iter().flatten();
        let links: Vec<&Link> = here.filter_map(|at| all.get(*at)).collect();
        if links.iter().any(|link| link.span == span || source_text != &*link.destination) {
            return None;
        }
        if !links.is_empty() && !self.source().text().get(..span.start as usize)?.ends_with('<') {
            new = new.replace(' ', "%20");
        }
        out.links.extend(links.iter().map(|link| (link.span, new.clone())));
        self.replace_span(editor, span, &new, out)
    }

    /// Returns a term in the number and case of the word that it replaces; `None` for a difficult plural, or if an article may not fit it.
    fn term(&self, span: Span, new: &str, plural: bool) -> Option<String> {
        if plural && new.ends_with(['s', 'x', 'y', 'z', 'h']) {
            return None;
        }
        let old = self.source().slice(span);
        let new = if plural { format!("{new}s") } else { new.to_owned() };
        let is_plural = |word: &str| word.ends_with(['s', 'S']) && !word.ends_with("ss");
        let before = self.source().text().get(..span.start as usize)?.trim_end();
        let article = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        if is_plural(old) != is_plural(&new) || !fits_behind(article, &new) {
            return None;
        }
        let has_capital =
            old.starts_with(char::is_uppercase) && !old.chars().skip(1).take(1).any(char::is_uppercase);
        Some(if has_capital { capital(&new) } else { new })
    }

    fn replace_span(&self, editor: &Editor, span: Span, new: &str, out: &mut ProposedEdits) -> Option<()> {
        match editor.scalar_containing(span) {
            Some(path) => out.tree.push(editor.replace_text(&path, span, new)?),
            None => {
                let is_outside = self.document.front_matter().is_none_or(|front| !front.block.contains(span));
                let is_page = self.document.markdown.is_some() && is_outside;
                let edit = Edit { span, replacement: new.to_owned() };
                is_page.then(|| out.text.push(edit))?;
            }
        }
        Some(())
    }

    /// Returns a link to another record, with the heading of its page, or where titles are numbered by a key, its letters and number.
    fn link_to(&self, other: &Record, by_number: bool) -> String {
        let source = self.catalog.file_of(other).source();
        let title = other.title.as_deref().unwrap_or("");
        let named = source.slice(other.name_span).trim();
        let heading = if !title.is_empty() && named.contains(title) { named } else { title };
        let is_number = other.id.bytes().all(|byte| byte.is_ascii_digit());
        let text = match other.prefixes().first().filter(|_| is_number && by_number) {
            Some(prefix) => format!("{prefix}-{}", other.id),
            None => {
                let text = if heading.is_empty() { &other.id } else { heading };
                text.replace('[', "\\[").replace(']', "\\]")
            }
        };
        let path = relative_to(self.file.path(), &other.path);
        self.document.format.link(&text, &path)
    }
}

/// Returns false for a word behind an article that its first letter does not ask for, or that only its sound could tell.
fn fits_behind(before: &str, word: &str) -> bool {
    let is_spelt = word.chars().take(2).all(char::is_uppercase);
    let has_unknown_sound = is_spelt || word.starts_with(['u', 'U']);
    let has_vowel = word.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
    match &*before.to_lowercase() {
        "a" => !has_vowel && !has_unknown_sound,
        "an" => has_vowel && !has_unknown_sound,
        _ => true,
    }
}

/// Replaces the only occurrence of `old` in a text; a path may lack its leading `/` there.
fn substitute(source_text: &str, old: &str, new: &str) -> Option<String> {
    let without_slash = |path: &str| path.strip_prefix('/').map(str::to_owned);
    let (old, new) = match (source_text.contains(old), without_slash(old), without_slash(new)) {
        (true, ..) => (old.to_owned(), new.to_owned()),
        (false, Some(old), Some(new)) => (old, new),
        _ => return None,
    };
    let mut found = source_text.match_indices(&*old);
    let (at, _) = found.next().filter(|_| !old.is_empty())?;
    found.next().is_none().then(|| format!("{}{new}{}", &source_text[..at], &source_text[at + old.len()..]))
}

/// Writes a key in kebab, snake or camel case, as other keys of its mapping.
fn key_like<'k>(key: &str, others: impl Iterator<Item = &'k str> + Clone) -> String {
    let any = |mark: char| others.clone().any(|other| other.contains(mark));
    let is_camel = |other: &str| other.starts_with(char::is_lowercase) && other.contains(char::is_uppercase);
    if any('-') {
        return key.to_owned();
    }
    let mut words = key.split('-');
    match words.next() {
        Some(_) if any('_') => key.replace('-', "_"),
        Some(first) if others.clone().any(is_camel) => {
            first.to_owned() + &words.map(capital).collect::<String>()
        }
        _ => key.to_owned(),
    }
}

/// Returns the mapping of a record, or of an item in one of its lists, and a field of that.
fn holder_and_field<'c>(record: &'c Record, item: Option<Span>, name: &str) -> Option<(&'c Node, &'c Field)> {
    let Some(span) = item else { return Some((&record.fields, record.kind.shape.field(name)?)) };
    record.fields.as_mapping()?.entries().iter().find_map(|entry| {
        let of = record.kind.shape.field(&entry.key.name)?;
        let items = entry.value.items();
        let item = items.iter().find(|item| item.span == span)?;
        Some((item, of.ty.shape()?.field(name)?))
    })
}

struct FieldTarget<'b, 'c> {
    fixer: &'b FileFixer<'c>,
    editor: &'b Editor<'b>,
    record: &'c Record,
    /// The item in a list of the record that has the field.
    item: Option<Span>,
    holder: &'c Node,
    field: &'c Field,
    /// True to add the value to those of a list.
    append: bool,
    value: &'b FieldValue,
}

impl<'c> FieldTarget<'_, 'c> {
    fn set(&self, out: &mut ProposedEdits) -> Option<()> {
        match self.holder.get(&self.field.name) {
            Some(node) if self.append => out.tree.push(self.append_to(node)?),
            Some(node) => self.replace(node, out)?,
            None => self.add(out)?,
        }
        if self.item.is_none() {
            let (record, field) = (self.record.number, self.field.name.clone());
            let (append, value) = (self.append, self.value.clone());
            out.expected.push(ExpectedField { record, field, append, value });
        }
        Some(())
    }

    fn format(&self) -> Option<&'c Format> {
        self.record.format.as_deref()
    }

    /// The mapping in the file that contains the fields; `None` for a row of a table.
    fn mapping(&self) -> Option<NodePath> {
        if self.format().is_some_and(|format| format.signs.several) {
            return None;
        }
        if self.format().is_some() || self.fixer.document.markdown.is_some() {
            return if self.item.is_none() { self.editor.root() } else { None };
        }
        // An identifier may come from the key of the record's mapping, which is not a key inside it.
        let entries = self.holder.entries().iter();
        let own = entries.filter(|entry| entry.key.span != entry.value.span);
        let keys: Vec<Span> = own.map(|entry| entry.key.span).collect();
        self.editor.mapping_with(self.item.unwrap_or(self.record.span), &keys)
    }

    fn replace(&self, node: &Node, out: &mut ProposedEdits) -> Option<()> {
        let is_page = self.fixer.document.markdown.is_some();
        // A value outside of the record's own mapping applies to all records of the file.
        let is_own = || self.editor.node(&self.mapping()?).map(|own| own.span.contains(node.span));
        if !is_page && is_own() != Some(true) || !self.is_sole_value(self.field, node, node.as_text()?) {
            return None;
        }
        self.write_over(node, self.scalar()?, out)
    }

    fn write_over(&self, node: &Node, new: NewScalar, out: &mut ProposedEdits) -> Option<()> {
        let source_text = self.fixer.source().slice(node.span);
        let has_capital = source_text.trim_start_matches(['"', '\'']).starts_with(char::is_uppercase);
        let text = if has_capital { capital(&new.text) } else { new.text };
        if let Some(path) = self.editor.scalar_at(node.span) {
            let new = NewScalar { text, ty: new.ty };
            out.tree.push(self.editor.set(&path, &NewValue::Scalar(new))?);
            return Some(());
        }
        let is_whole = self.editor.scalar_containing(node.span).is_none() && !source_text.is_empty();
        // The start of an emphasis lies before the span.
        let end = &source_text[source_text.trim_end_matches(['*', '_', '`']).len()..];
        is_whole.then(|| self.fixer.replace_span(self.editor, node.span, &(text + end), out)).flatten()
    }

    /// True if the source text is nothing but the value: no emoji before it, no further words after it.
    fn is_sole_value(&self, field: &Field, node: &Node, old: &str) -> bool {
        let source = self.fixer.source();
        let before = source.text().get(..node.span.start as usize).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("");
        let has_symbol = line.trim_end().chars().next_back().is_some_and(|c| !c.is_ascii());
        let written = source.slice(node.span).trim_matches(['"', '\'']);
        let is_word = match self.format().and_then(|format| format.words(&field.name)) {
            Some(words) => words.value_of(written).is_some(),
            None => field.values.is_empty() || field.canonical(written).is_some() || written == old,
        };
        // Words may follow on the line or in the cell: `Accepted in spring`.
        let behind = source.text().get(node.span.end as usize..).unwrap_or("");
        let behind = behind.lines().next().and_then(|line| line.split(['|', '<']).next()).unwrap_or("");
        let is_in_text = self.editor.scalar_containing(node.span).is_none();
        is_word && !has_symbol && !(is_in_text && behind.contains(char::is_alphanumeric))
    }

    /// The new value in the vocabulary of the file's format.
    fn scalar(&self) -> Option<NewScalar> {
        let text = match self.value {
            FieldValue::Text(text) => match self.format().and_then(|format| format.words(&self.field.name)) {
                Some(words) => words.word_for(text)?.to_owned(),
                None => text.to_string(),
            },
            FieldValue::Record(number) => {
                let other = self.fixer.catalog.record(*number);
                // An ambiguous identifier refers to nothing.
                match self.format().map(|format| &format.definition) {
                    Some(it) if it.write == Some(Write::FrontMatter) && it.cites.contains(&Cite::Path) => {
                        format!("/{}", other.paths().pop()?)
                    }
                    _ if self.fixer.catalog.namesakes(other).len() > 1 => return None,
                    _ => other.id.to_string(),
                }
            }
        };
        Some(NewScalar { text, ty: scalar_type(&self.field.ty) })
    }

    fn append_to(&self, node: &Node) -> Option<TreeEdit> {
        let mapping = self.mapping()?;
        let (at, existing) = self.entry(&mapping)?;
        if !node.span.contains(existing.span) && !existing.span.contains(node.span) {
            return None;
        }
        let (new, path) = (self.scalar()?, self.editor.entry(&mapping, at));
        match (existing.as_text(), self.format().and_then(Format::separator)) {
            (Some(text), Some(separator)) => {
                let text = format!("{text}{} {}", separator.trim_end(), new.text);
                self.editor.set(&path, &NewValue::Scalar(NewScalar::text(text)))
            }
            _ => self.editor.append_item(&path, &new),
        }
    }

    /// The entry of a mapping that states the field, whether or not it has a value.
    fn entry(&self, mapping: &NodePath) -> Option<(usize, &Node)> {
        let is_key = |key: &str| match self.format() {
            Some(format) => format.is_name_of(&self.field.name, key),
            None => self.field_of_key(key).is_some_and(|known| known.name == self.field.name),
        };
        let entries = self.editor.node(mapping)?.as_mapping()?.entries();
        let at = entries.iter().position(|entry| is_key(&entry.key.name))?;
        Some((at, &entries[at].value))
    }

    fn field_of_key(&self, key: &str) -> Option<&'c Field> {
        if self.item.is_some() { None } else { self.record.kind.shape.by_key(key) }
    }

    fn add(&self, out: &mut ProposedEdits) -> Option<()> {
        if let Some(mapping) = self.mapping() {
            if let Some((at, empty)) = self.entry(&mapping) {
                out.tree.push(self.set_empty(&self.editor.entry(&mapping, at), empty)?);
                return Some(());
            }
            if self.format().is_none() {
                out.tree.push(self.insert_key(&mapping, &self.field.name)?);
                return Some(());
            }
        }
        self.add_to_format(out)
    }

    fn insert_key(&self, mapping: &NodePath, key: &str) -> Option<TreeEdit> {
        let entries = self.editor.node(mapping)?.as_mapping()?.entries();
        let key = key_like(key, entries.iter().map(|entry| &*entry.key.name));
        self.editor.insert_entry(mapping, &self.insertion_points(entries), &key, &self.new_value()?)
    }

    /// Sets a key whose value is empty or a placeholder.
    fn set_empty(&self, path: &NodePath, existing: &Node) -> Option<TreeEdit> {
        let is_absent = |node: &Node| match node.as_scalar() {
            Some(scalar) => node.is_empty() || is_absent(scalar, self.field.absent),
            None => node.is_empty(),
        };
        match existing.as_sequence() {
            Some([only]) if self.append && is_absent(only) => {
                self.editor.set(&self.editor.entry(path, 0), &NewValue::Scalar(self.scalar()?))
            }
            Some([_, ..]) if self.append => self.editor.append_item(path, &self.scalar()?),
            None if !is_absent(existing) => None,
            _ => self.editor.set(path, &self.new_value()?),
        }
    }

    /// The node for a key: a list only if the format doesn't write several values as one text.
    fn new_value(&self) -> Option<NewValue> {
        let in_one_text = self.format().and_then(Format::separator).is_some();
        let scalar = self.scalar()?;
        Some(if self.append && !in_one_text { NewValue::List(scalar) } else { NewValue::Scalar(scalar) })
    }

    /// The entries that a new key may follow, best first, by the kind's order of fields.
    fn insertion_points(&self, entries: &[Entry]) -> Vec<usize> {
        let order = |name: &str| {
            let known = match self.format() {
                Some(format) => format.field_of(name),
                None => self.field_of_key(name),
            }?;
            self.record.kind.shape.fields.iter().position(|one| one.name == known.name)
        };
        let own = order(&self.field.name).unwrap_or(usize::MAX);
        let known = entries.iter().enumerate().filter_map(|(at, entry)| Some((at, order(&entry.key.name)?)));
        let (mut before, behind): (Vec<_>, Vec<_>) = known.partition(|(_, order)| *order < own);
        before.reverse();
        let known = before.into_iter().chain(behind).map(|(at, _)| at);
        let others = (0..entries.len()).rev().filter(|_| self.format().is_none());
        known.chain(others).collect()
    }

    fn add_to_format(&self, out: &mut ProposedEdits) -> Option<()> {
        let format = self.format().filter(|_| self.item.is_none())?;
        let (write, cites) = (&format.definition.write, &format.definition.cites);
        let header = layout::read(&self.fixer.document);
        if let FieldValue::Record(number) = self.value
            && cites.contains(&Cite::Link)
        {
            return self.add_link(*number, *write, &header, out);
        }
        let label = format.label_of(self.field);
        let title = capital(&label.replace('-', " "));
        let value = || Some(self.scalar()?.text);
        match write {
            Some(Write::FrontMatter | Write::Key) if self.editor.root().is_some() => {
                out.tree.push(self.insert_key(&self.editor.root()?, label)?);
            }
            Some(Write::Header) => out.text.push(self.insert_header_line(&header, label, &value()?)?),
            _ => out.text.push(match self.insert_header_line(&header, &title, &value()?) {
                Some(line) => line,
                None => {
                    let line = format!("{title}: {}", value()?);
                    edit::page::insert_below(self.fixer.source(), header.heading()?, &line)
                }
            }),
        }
        Some(())
    }

    /// Refers to another record by a link: as the new status of what it replaces, or in the section of the status.
    fn add_link(
        &self,
        other: u32,
        write: Option<Write>,
        header: &Part<'_>,
        out: &mut ProposedEdits,
    ) -> Option<()> {
        let (other, kind) = (self.fixer.catalog.record(other), &self.record.kind);
        let is = |name: &Option<Box<str>>| name.as_deref() == Some(&*self.field.name);
        // A link leads to a page.
        if !syntax::Format::is_page_path(&other.path) {
            return None;
        }
        let link = self.fixer.link_to(other, write == Some(Write::FrontMatter));
        if is(&kind.successor) {
            return self.replace_status(&format!("superseded by {link}"), out);
        }
        let names = ["status", "more information", "links"].into_iter();
        let mut names = names.skip(usize::from(write != Some(Write::Section)));
        let section = names.find_map(|name| section(header, name)).filter(|_| is(&kind.predecessor))?;
        let line = format!("Supersedes {link}");
        out.text.push(edit::page::append_to_section(self.fixer.source(), section, &line));
        Some(())
    }

    fn insert_header_line(&self, header: &Part<'_>, name: &str, value: &str) -> Option<Edit> {
        let source = self.fixer.source();
        let stated = header.header_lines();
        stated.iter().find(|it| self.record.kind.shape.by_key(&it.label).is_some())?;
        let lines: Vec<_> = stated.iter().map(|it| (it.label_span, it.span)).collect();
        let line = |byte: u32| source.position(byte as usize).line;
        let apart = lines.windows(2).position(|pair| {
            let [(label, value), (next, _)] = [pair[0], pair[1]];
            line(next.start) > line(label.to(value).end) + 1
        });
        edit::page::insert_line(source, &lines, apart.unwrap_or(lines.len() - 1), name, value)
    }

    /// Replaces a status by one with the successor: `Accepted` or `Superseded` by `Superseded by ADR-4`.
    fn replace_status(&self, text: &str, out: &mut ProposedEdits) -> Option<()> {
        let kind = &self.record.kind;
        let field = kind.shape.field(kind.status.as_deref()?)?;
        let node = self.record.field(&field.name)?;
        let value = node.as_text()?;
        let is_live = kind.live_statuses.iter().any(|status| **status == *value);
        ((is_live || text.starts_with(value)) && self.is_sole_value(field, node, value)).then_some(())?;
        self.write_over(node, NewScalar::text(text), out)
    }
}

fn section<'h>(header: &Part<'h>, key: &str) -> Option<&'h Heading> {
    header.document.markdown.as_ref()?.headings.iter().find(|heading| label_key(&heading.title) == key)
}

fn scalar_type(ty: &FieldType) -> ScalarType {
    match ty {
        FieldType::Date => ScalarType::Date,
        FieldType::Bool | FieldType::Integer | FieldType::Number => ScalarType::Bare,
        FieldType::List(inner) => scalar_type(inner),
        _ => ScalarType::Text,
    }
}
