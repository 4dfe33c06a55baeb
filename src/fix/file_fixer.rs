//! Turns the semantic edits of fixes into text edits of one file, in the file's own layout and spelling.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalog::{self, Catalog};
use crate::finding::{FieldValue, Fix, SemanticEdit};
use crate::format::{Cite, Format, Write};
use crate::kind::{Field, FieldType};
use crate::layout::{PageHeader, label_key, page_header};
use crate::node::{Mapping, Node};
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
                    let target = FieldTarget { fixer: self, editor: &editor, record, item: *item };
                    target.set_field(field, *append, value, &mut proposed)?;
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
            out.tree.push(editor.rename_key(&path, &with_separators_of(new, source_text))?);
            return Some(());
        }
        let mut new = substitute(source_text, old, new)?;
        let links = self.links_written_at(span);
        if links.iter().any(|link| link.span == span || source_text != &*link.destination) {
            return None;
        }
        if !links.is_empty() && !self.source().text().get(..span.start as usize)?.ends_with('<') {
            new = new.replace(' ', "%20");
        }
        out.links.extend(links.iter().map(|link| (link.span, new.clone())));
        self.replace_span(editor, span, &new, out)
    }

    /// Returns a term with the capital and the number of the word that it replaces; `None` where its plural needs more than an `s`, and
    /// behind an article that would no longer fit.
    fn term(&self, span: Span, new: &str, plural: bool) -> Option<String> {
        let old = self.source().slice(span);
        let needs_more = new.ends_with(['s', 'x', 'y', 'z', 'h']);
        let new = &*match plural {
            true => format!("{new}s"),
            false => new.to_owned(),
        };
        if plural && needs_more {
            return None;
        }
        let is_plural = |word: &str| word.ends_with(['s', 'S']) && !word.ends_with("ss");
        let has_vowel = |word: &str| word.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
        let before = self.source().text().get(..span.start as usize)?.trim_end();
        let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let has_article = word.eq_ignore_ascii_case("a") || word.eq_ignore_ascii_case("an");
        if is_plural(old) != is_plural(new) || has_article && has_vowel(old) != has_vowel(new) {
            return None;
        }
        let mut letters = old.chars();
        let has_capital =
            letters.next().is_some_and(char::is_uppercase) && letters.next().is_none_or(char::is_lowercase);
        Some(if has_capital { capital(new) } else { new.to_owned() })
    }

    fn links_written_at(&self, span: Span) -> Vec<&Link> {
        let links = self.document.markdown.as_ref().map_or(&[][..], |page| &page.links);
        self.links.get(&span).into_iter().flatten().filter_map(|at| links.get(*at)).collect()
    }

    fn replace_span(&self, editor: &Editor, span: Span, new: &str, out: &mut ProposedEdits) -> Option<()> {
        match editor.scalar_containing(span) {
            Some(path) => out.tree.push(editor.replace_text(&path, span, new)?),
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

    /// Returns a link to another record, with the heading of its page, or where titles are numbered by a key, its letters and number.
    fn link_to(&self, other: &Record, by_number: bool) -> String {
        let source = self.catalog.file_of(other).source();
        let title = other.title.as_deref().unwrap_or("");
        let named = source.slice(other.name_span).trim();
        let heading = if !title.is_empty() && named.contains(title) { named } else { title };
        let is_number = other.id.bytes().all(|byte| byte.is_ascii_digit());
        let text = match other.prefixes().first().filter(|_| is_number && by_number) {
            Some(prefix) => format!("{prefix}-{}", other.id),
            None => escape_brackets(if heading.is_empty() { &other.id } else { heading }),
        };
        let path = self.catalog.relative_path(self.file.path(), &other.path);
        self.document.format.link(&text, &path)
    }
}

fn escape_brackets(text: &str) -> String {
    text.replace('[', "\\[").replace(']', "\\]")
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

fn with_separators_of(key: &str, other: &str) -> String {
    if other.contains('_') && !other.contains('-') { key.replace('-', "_") } else { key.to_owned() }
}

struct FieldTarget<'b, 'c> {
    fixer: &'b FileFixer<'c>,
    editor: &'b Editor<'b>,
    record: &'c Record,
    item: Option<Span>,
}

impl<'c> FieldTarget<'_, 'c> {
    fn set_field(
        &self,
        name: &Arc<str>,
        append: bool,
        value: &FieldValue,
        out: &mut ProposedEdits,
    ) -> Option<()> {
        let (holder, field) = self.field(name)?;
        match holder.get(name) {
            Some(node) if append => self.append(node, field, value, out)?,
            Some(node) => self.replace_value(holder, node, field, value, out)?,
            None => self.add(holder, field, append, value, out)?,
        }
        if self.item.is_none() {
            let expected = ExpectedField {
                record: self.record.number,
                field: name.clone(),
                append,
                value: value.clone(),
            };
            out.expected.push(expected);
        }
        Some(())
    }

    fn format(&self) -> Option<&'c Format> {
        self.record.format.as_deref()
    }

    fn field(&self, name: &str) -> Option<(&'c Node, &'c Field)> {
        let record = self.record;
        let Some(span) = self.item else { return Some((&record.fields, record.kind.shape.field(name)?)) };
        record.fields.as_mapping()?.entries().iter().find_map(|entry| {
            let of = record.kind.shape.field(&entry.key.name)?;
            let items = entry.value.as_sequence().unwrap_or(std::slice::from_ref(&entry.value));
            let item = items.iter().find(|item| item.span == span)?;
            Some((item, of.ty.shape()?.field(name)?))
        })
    }

    /// The mapping in the file that contains the fields; `None` for a row of a table.
    fn mapping(&self, holder: &Node) -> Option<NodePath> {
        if self.format().is_some_and(|format| format.definition.several) {
            return None;
        }
        if self.format().is_some() || self.fixer.document.markdown.is_some() {
            return if self.item.is_none() { self.editor.root() } else { None };
        }
        // An identifier may come from the key of the record's mapping, which is not a key inside it.
        let entries = holder.as_mapping().map_or(&[][..], Mapping::entries).iter();
        let own = entries.filter(|entry| entry.key.span != entry.value.span);
        let keys: Vec<Span> = own.map(|entry| entry.key.span).collect();
        self.editor.mapping_with(self.item.unwrap_or(self.record.span), &keys)
    }

    fn replace_value(
        &self,
        holder: &Node,
        node: &Node,
        field: &Field,
        value: &FieldValue,
        out: &mut ProposedEdits,
    ) -> Option<()> {
        let old = node.as_text()?;
        let is_page = self.fixer.document.markdown.is_some();
        // A value outside of the record's own mapping applies to all records of the file.
        let is_own = || self.editor.node(&self.mapping(holder)?).map(|own| own.span.contains(node.span));
        if !is_page && is_own() != Some(true) || !self.is_sole_value(field, node, old) {
            return None;
        }
        self.write_over(node, &self.value(field, value)?, scalar_type(&field.ty), out)
    }

    /// Writes a value over another one.
    fn write_over(&self, node: &Node, new: &str, ty: ScalarType, out: &mut ProposedEdits) -> Option<()> {
        let source_text = self.fixer.source().slice(node.span);
        let new = match_case(new, source_text);
        if let Some(path) = self.editor.scalar_at(node.span) {
            out.tree.push(self.editor.set(&path, &NewValue::Scalar(NewScalar { text: new, ty }))?);
            return Some(());
        }
        let is_whole = self.editor.scalar_containing(node.span).is_none() && !source_text.is_empty();
        let new = format!("{new}{}", closing_emphasis(source_text));
        is_whole.then(|| self.fixer.replace_span(self.editor, node.span, &new, out)).flatten()
    }

    /// True if the source text is nothing but the value: no emoji before it, no further words after it.
    fn is_sole_value(&self, field: &Field, node: &Node, old: &str) -> bool {
        let before = self.fixer.source().text().get(..node.span.start as usize).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("");
        let has_symbol = line.trim_end().chars().next_back().is_some_and(|c| !c.is_ascii());
        let vocabulary = self.format().and_then(|format| format.words(&field.name));
        let source_text = self.fixer.source().slice(node.span).trim_matches(['"', '\'']);
        let is_word = match vocabulary {
            Some(words) => words.value_of(source_text).is_some(),
            None => field.values.is_empty() || field.canonical(source_text).is_some() || source_text == old,
        };
        let is_in_text = self.editor.scalar_containing(node.span).is_none();
        is_word && !has_symbol && !(is_in_text && self.is_followed_by_words(node.span))
    }

    /// Returns true if words follow on the line or in the cell of a value: `Accepted in spring`.
    fn is_followed_by_words(&self, span: Span) -> bool {
        let behind = self.fixer.source().text().get(span.end as usize..).unwrap_or("");
        let behind = behind.lines().next().and_then(|line| line.split(['|', '<']).next());
        behind.is_some_and(|rest| rest.contains(char::is_alphanumeric))
    }

    /// The value in the vocabulary of the file's format.
    fn value(&self, field: &Field, value: &FieldValue) -> Option<String> {
        match value {
            FieldValue::Text(text) => {
                let words = self.format().and_then(|format| format.words(&field.name));
                Some(words.map_or(Some(&**text), |words| words.word_for(text))?.to_owned())
            }
            FieldValue::Record(number) => {
                let other = self.fixer.catalog.record(*number);
                // An ambiguous identifier refers to nothing.
                match self.format().map(|format| &format.definition) {
                    Some(it) if it.write == Some(Write::FrontMatter) && it.cites.contains(&Cite::Path) => {
                        Some(format!("/{}", other.paths().pop()?))
                    }
                    _ if self.fixer.catalog.namesakes(other).len() > 1 => None,
                    _ => Some(other.id.to_string()),
                }
            }
        }
    }

    fn append(&self, node: &Node, field: &Field, value: &FieldValue, out: &mut ProposedEdits) -> Option<()> {
        let mapping = self.mapping(&self.record.fields)?;
        let entries = self.editor.node(&mapping)?.as_mapping()?.entries();
        let at = entries.iter().position(|entry| self.is_key_of(&entry.key.name, field))?;
        let existing = &entries[at].value;
        if !node.span.contains(existing.span) && !existing.span.contains(node.span) {
            return None;
        }
        let new = self.value(field, value)?;
        let path = self.editor.entry(&mapping, at);
        let separator = self.format().and_then(Format::separator);
        let edit = match (existing.as_text(), separator) {
            (Some(text), Some(separator)) => {
                let text = format!("{text}{} {new}", separator.trim_end());
                self.editor.set(&path, &NewValue::Scalar(NewScalar::text(text)))?
            }
            _ => self.editor.append_item(&path, &NewScalar { text: new, ty: scalar_type(&field.ty) })?,
        };
        out.tree.push(edit);
        Some(())
    }

    fn is_key_of(&self, key: &str, field: &Field) -> bool {
        match self.format() {
            Some(format) => format.is_name_of(&field.name, key),
            None => self.shape_field(key).is_some_and(|known| known.name == field.name),
        }
    }

    fn shape_field(&self, key: &str) -> Option<&'c Field> {
        if self.item.is_some() {
            return None;
        }
        self.record.kind.shape.by_key(key)
    }

    fn add(
        &self,
        holder: &Node,
        field: &Field,
        append: bool,
        value: &FieldValue,
        out: &mut ProposedEdits,
    ) -> Option<()> {
        if let Some(mapping) = self.mapping(holder) {
            let entries = self.editor.node(&mapping)?.as_mapping()?.entries();
            if let Some(at) = entries.iter().position(|entry| self.is_key_of(&entry.key.name, field)) {
                let path = self.editor.entry(&mapping, at);
                out.tree.push(self.set_empty(
                    path,
                    &entries[at].value,
                    field,
                    self.value(field, value)?,
                    append,
                )?);
                return Some(());
            }
            if self.format().is_none() {
                out.tree.push(self.insert_key(
                    &mapping,
                    field,
                    &field.name,
                    self.value(field, value)?,
                    append,
                )?);
                return Some(());
            }
        }
        self.add_to_format(field, append, value, out)
    }

    /// Adds a key beside the others of a mapping.
    fn insert_key(
        &self,
        mapping: &NodePath,
        field: &Field,
        key: &str,
        value: String,
        append: bool,
    ) -> Option<TreeEdit> {
        let entries = self.editor.node(mapping)?.as_mapping()?.entries();
        let after = self.insertion_points(entries, field);
        let key = self.match_key_style(entries, key);
        self.editor.insert_entry(mapping, &after, &key, &self.new_value(field, value, append))
    }

    /// Sets a key whose value is empty or a placeholder.
    fn set_empty(
        &self,
        path: NodePath,
        existing: &Node,
        field: &Field,
        new: String,
        append: bool,
    ) -> Option<TreeEdit> {
        let is_absent = |node: &Node| match node.as_scalar() {
            Some(scalar) => node.is_empty() || is_absent(scalar, field.absent),
            None => node.is_empty(),
        };
        let scalar = NewScalar { text: new, ty: scalar_type(&field.ty) };
        match existing.as_sequence() {
            Some([only]) if append && is_absent(only) => {
                self.editor.set(&self.editor.entry(&path, 0), &NewValue::Scalar(scalar))
            }
            Some([_, ..]) if append => self.editor.append_item(&path, &scalar),
            None if !is_absent(existing) => None,
            _ => self.editor.set(&path, &self.new_value(field, scalar.text, append)),
        }
    }

    /// The node for a key: a list only if the format doesn't write several values as one text.
    fn new_value(&self, field: &Field, text: String, append: bool) -> NewValue {
        let scalar = NewScalar { text, ty: scalar_type(&field.ty) };
        let in_one_text = self.format().and_then(Format::separator).is_some();
        if append && !in_one_text { NewValue::List(scalar) } else { NewValue::Scalar(scalar) }
    }

    /// Writes a key in kebab, snake or camel case, as the other keys of the mapping.
    fn match_key_style(&self, entries: &[crate::node::Entry], name: &str) -> String {
        let any = |separator: char| entries.iter().any(|entry| entry.key.name.contains(separator));
        let is_camel = |name: &str| {
            let mut letters = name.chars().zip(name.chars().skip(1));
            letters.any(|(one, next)| one.is_lowercase() && next.is_uppercase())
        };
        match () {
            () if any('-') => name.to_owned(),
            () if any('_') => name.replace('-', "_"),
            () if entries.iter().any(|entry| is_camel(&entry.key.name)) => {
                let (first, others) = name.split_once('-').unwrap_or((name, ""));
                first.to_owned() + &others.split('-').map(capital).collect::<String>()
            }
            () => name.to_owned(),
        }
    }

    /// The entries that a new key may follow, best first, by the kind's order of fields.
    fn insertion_points(&self, entries: &[crate::node::Entry], field: &Field) -> Vec<usize> {
        let shape = &self.record.kind.shape;
        let order = |name: &str| {
            let known = match self.format() {
                Some(format) => &format.field_of(name)?.name,
                None => &self.shape_field(name)?.name,
            };
            shape.fields.iter().position(|one| one.name == *known)
        };
        let own = order(&field.name).unwrap_or(usize::MAX);
        let known = entries.iter().zip(0..).filter_map(|(entry, at)| Some((order(&entry.key.name)?, at)));
        let mut known: Vec<(usize, usize)> = known.collect();
        let rank = |&(order, at): &(usize, usize)| if order < own { (0, usize::MAX - at) } else { (1, at) };
        known.sort_by_key(rank);
        let mut after: Vec<usize> = known.into_iter().map(|(_, at)| at).collect();
        if self.format().is_none() {
            after.extend((0..entries.len()).rev());
        }
        after
    }

    /// Sets a field where the format writes it.
    fn add_to_format(
        &self,
        field: &Field,
        append: bool,
        value: &FieldValue,
        out: &mut ProposedEdits,
    ) -> Option<()> {
        let format = self.format().filter(|_| self.item.is_none())?;
        let (definition, kind) = (&format.definition, &self.record.kind);
        let header = page_header(&self.fixer.document);
        let is = |name: &Option<Box<str>>| name.as_deref() == Some(&*field.name);
        if let FieldValue::Record(number) = value
            && definition.cites.contains(&Cite::Link)
        {
            let other = self.fixer.catalog.record(*number);
            // A link leads to a page.
            if !syntax::Format::is_page_path(&other.path) {
                return None;
            }
            let link = self.fixer.link_to(other, definition.write == Some(Write::FrontMatter));
            if is(&kind.successor) {
                return self.replace_implied_value(
                    kind.status.as_deref()?,
                    &format!("superseded by {link}"),
                    out,
                );
            }
            let names = ["status", "more information", "links"];
            let names = &names[usize::from(definition.write != Some(Write::Section))..];
            let section =
                names.iter().find_map(|name| section(&header, name)).filter(|_| is(&kind.predecessor))?;
            let line = format!("Supersedes {link}");
            out.text.push(edit::page::append_to_section(self.fixer.source(), section, &line));
            return Some(());
        }
        let value = self.value(field, value)?;
        let label = format.label_of(field);
        let title = capital(&label.replace('-', " "));
        match definition.write {
            Some(Write::FrontMatter | Write::Key) if self.editor.root().is_some() => {
                out.tree.push(self.insert_key(&self.editor.root()?, field, label, value, append)?);
            }
            Some(Write::Header) => out.text.push(self.insert_header_line(&header, label, &value)?),
            _ => match self.insert_header_line(&header, &title, &value) {
                Some(line) => out.text.push(line),
                None => {
                    let line = format!("{title}: {value}");
                    out.text.push(edit::page::insert_below(self.fixer.source(), header.title?, &line));
                }
            },
        }
        Some(())
    }

    fn insert_header_line(&self, header: &PageHeader<'_>, name: &str, value: &str) -> Option<Edit> {
        let source = self.fixer.source();
        let header = header.lines.as_ref()?;
        let entries = header.as_mapping()?.entries();
        entries.iter().find(|entry| self.record.kind.shape.by_key(&entry.key.name).is_some())?;
        let line = |byte: u32| source.position(byte as usize).line;
        let apart = entries.windows(2).position(|pair| {
            let end = pair[0].key.span.to(pair[0].value.span).end;
            line(pair[1].key.span.start) > line(end) + 1
        });
        edit::header::insert_line(source, header, apart.unwrap_or(entries.len() - 1), name, value)
    }

    /// Replaces a field's value that the new text implies, such as `Accepted` by `Superseded by ADR-4`.
    fn replace_implied_value(&self, other: &str, rendered: &str, out: &mut ProposedEdits) -> Option<()> {
        let kind = &self.record.kind;
        let field = kind.shape.field(other)?;
        let node = self.record.field(other)?;
        let value = node.as_text()?;
        let is_active = kind.status.as_deref() != Some(other)
            || kind.live_statuses.iter().any(|status| **status == *value);
        if !is_active || !self.is_sole_value(field, node, value) {
            return None;
        }
        self.write_over(node, rendered, ScalarType::Text, out)
    }
}

/// Returns the section with a title.
fn section<'h>(header: &PageHeader<'h>, key: &str) -> Option<&'h Heading> {
    header.page?.headings.iter().find(|heading| label_key(&heading.title) == key)
}

/// The Markdown emphasis at the end of a text; its start lies before the span.
fn closing_emphasis(source_text: &str) -> &str {
    &source_text[source_text.trim_end_matches(['*', '_', '`']).len()..]
}

fn match_case(new: &str, old: &str) -> String {
    let has_capital = old.trim_start_matches(['"', '\'']).starts_with(char::is_uppercase);
    if has_capital { capital(new) } else { new.to_owned() }
}

fn scalar_type(ty: &FieldType) -> ScalarType {
    match ty {
        FieldType::Date => ScalarType::Date,
        FieldType::Bool | FieldType::Integer | FieldType::Number => ScalarType::Bare,
        FieldType::List(inner) => scalar_type(inner),
        _ => ScalarType::Text,
    }
}
