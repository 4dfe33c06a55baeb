//! Verifies an edited file: the trees are the expected ones, a page keeps its structure, and no record changes except
//! in the fields that the fixes set.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::finding::FieldValue;
use crate::node::{Entry, Node};
use crate::record::{Recogniser, Record};
use crate::syntax::edit::{self, TreeEdit, same_tree};
use crate::syntax::markdown::{Heading, Link, Table};
use crate::syntax::{self, Document, Format, Markdown};
use crate::text::{Edit, Source, Span, applied};

use super::file_fixer::{ExpectedField, FileFixer, ProposedEdits};

/// Returns the text after all edits, which must not touch each other; `None` if it would not parse as intended.
pub(super) fn apply_verified(
    fixer: &FileFixer,
    recogniser: &Recogniser,
    proposed: &[&ProposedEdits],
) -> Option<String> {
    let mut edits: Vec<&Edit> = proposed.iter().flat_map(|one| one.iter()).collect();
    edits.sort_unstable();
    edits.dedup();
    let text = applied(fixer.document.source.text(), edits.iter().copied().cloned().collect());
    let source = Source::new(fixer.file.path().clone(), text.clone().into_bytes());
    let after = syntax::parse(Arc::new(source), fixer.document.format);
    let mut tree: Vec<&TreeEdit> = proposed.iter().flat_map(|one| &one.tree).collect();
    tree.sort_by(|a, b| a.edit.cmp(&b.edit));
    tree.dedup();
    let change = Change { fixer, before: &fixer.document, after: &after, proposed, edits };
    let is_as_intended = !after.has_fatal_problem()
        && after.problems.len() <= change.before.problems.len()
        && edit::is_expected_result(change.before, tree, &after)
        && change.keeps_page()
        && change.has_expected_records(recogniser);
    is_as_intended.then_some(text)
}

/// A file before and after some edits, which are sorted and disjoint.
struct Change<'a> {
    fixer: &'a FileFixer<'a>,
    before: &'a Document,
    after: &'a Document,
    proposed: &'a [&'a ProposedEdits],
    edits: Vec<&'a Edit>,
}

impl Change<'_> {
    /// True if one of the edits changes bytes of the span.
    fn overlaps(&self, span: Span) -> bool {
        let first = self.edits.partition_point(|edit| edit.span.end <= span.start);
        self.edits.get(first).is_some_and(|edit| edit.span.start < span.end)
    }

    /// Like [`Change::overlaps`], but also true for an insertion at either end of the span.
    fn touches(&self, span: Span) -> bool {
        let first = self.edits.partition_point(|edit| edit.span.end < span.start);
        self.edits.get(first).is_some_and(|edit| edit.span.start <= span.end)
    }

    /// True if an edit touches a part of the value: an item of a table may span its first cell only.
    fn touches_part(&self, value: &Node) -> bool {
        let items = value.as_sequence().unwrap_or_default().iter();
        let parts = items.chain(value.entries().iter().map(|entry| &entry.value));
        self.touches(value.span) || parts.into_iter().any(|part| self.touches_part(part))
    }

    /// True if both pages have the same headings, code, comments, tables and links in the same order, but for what is edited.
    fn keeps_page(&self) -> bool {
        let (Some(old), Some(new)) = (&self.before.markdown, &self.after.markdown) else {
            return self.before.markdown.is_none() == self.after.markdown.is_none();
        };
        let is_same_heading = |(old, new): (&Heading, &Heading)| {
            let is_renamed = || self.edits.iter().any(|edit| edit.span == old.span);
            old.level == new.level && (old.title == new.title || is_renamed())
        };
        let is_same_text = |old, new| self.before.source.slice(old) == self.after.source.slice(new);
        // Lines of a header in a block of code may be edited.
        let is_same_code = |old: Span, new: Span| self.overlaps(old) || is_same_text(old, new);
        old.headings.len() == new.headings.len()
            && old.headings.iter().zip(&new.headings).all(is_same_heading)
            && old.fences.len() == new.fences.len()
            && old.fences.iter().zip(&new.fences).all(|(old, new)| is_same_code(old.content, new.content))
            && old.comments.len() == new.comments.len()
            && old.comments.iter().zip(&new.comments).all(|(old, new)| is_same_text(*old, *new))
            && old.tables.len() == new.tables.len()
            && old.tables.iter().zip(&new.tables).all(|(old, new)| self.keeps_table(old, new))
            && self.has_expected_links(old, new)
    }

    /// True if both tables have the same rows; one with an edit may have more, as wide as its header.
    fn keeps_table(&self, old: &Table, new: &Table) -> bool {
        let widths = |table: &Table| -> Vec<usize> { table.rows.iter().map(Vec::len).collect() };
        let (before, after) = (widths(old), widths(new));
        let is_extended = || {
            self.overlaps(old.span)
                && after.len() >= before.len()
                && after.iter().all(|width| *width == new.header.len())
        };
        old.header.len() == new.header.len() && (before == after || is_extended())
    }

    /// True if the links are those before in their order, with the destinations that the fixes give them, and as many more as the edits add.
    fn has_expected_links(&self, old: &Markdown, new: &Markdown) -> bool {
        let replaced = self.proposed.iter().flat_map(|one| &one.links);
        let replaced: HashMap<Span, &str> = replaced.map(|(span, new)| (*span, &**new)).collect();
        let is_edited = |link: &Link| {
            self.overlaps(link.span) || link.definition.is_some_and(|place| self.overlaps(place))
        };
        let expected = old.links.iter().filter_map(|link| match replaced.get(&link.span) {
            Some(new) => Some(*new),
            None => Some(&*link.destination).filter(|_| !is_edited(link)),
        });
        let mut found = new.links.iter();
        let in_order = expected.into_iter().all(|wanted| found.any(|link| *link.destination == *wanted));
        in_order && new.links.len() as isize == old.links.len() as isize + self.added_links()
    }

    fn added_links(&self) -> isize {
        let links = |text: &str| links_in(text, self.before.format) as isize;
        let edits: BTreeSet<&Edit> = self.proposed.iter().flat_map(|one| &one.text).collect();
        let before = |edit: &Edit| links(self.before.source.slice(edit.span));
        edits.into_iter().map(|edit| links(&edit.replacement) - before(edit)).sum()
    }

    /// True if no record changes except in the fields that the fixes set, and these have their new values.
    fn has_expected_records(&self, recogniser: &Recogniser) -> bool {
        let Ok(mut after) = recogniser.records(self.after) else { return false };
        let FileFixer { catalog, file, .. } = self.fixer;
        for record in &mut after {
            if let Some(named) = catalog.named_in_items(record, &self.after.source) {
                *record = named;
            }
        }
        let before: Vec<&Record> = file.records.clone().map(|number| catalog.record(number)).collect();
        // The key of an item may be a reference.
        let refers =
            |span: Span| before.iter().any(|record| catalog.references(record).any(|it| it.span == span));
        let renames = self.proposed.iter().flat_map(|one| &one.tree).filter(|edit| edit.is_rename());
        let renames = renames.filter(|rename| !refers(rename.edit.span)).count();
        let old_violations: usize = before.iter().map(|record| catalog.violations(record).len()).sum();
        let violations: usize = after.iter().map(|record| record.violations().len()).sum();
        // A rename or an edit of a page may also set other fields, such as the rest of a status.
        let may_add = renames > 0 || self.before.markdown.is_some();
        let mut expected = self.proposed.iter().flat_map(|one| &one.expected);
        let set: HashSet<(u32, &str)> = expected.clone().map(|it| (it.record, &*it.field)).collect();
        before.len() == after.len()
            // A renamed key must remove a schema violation: the misspelt key may be of a field that exists already.
            && violations + renames <= old_violations
            && before.iter().zip(&after).all(|(before, after)| self.keeps_record(before, after, &set, may_add))
            && expected.all(|expected| {
                let at = expected.record.checked_sub(file.records.start).and_then(|at| after.get(at as usize));
                at.is_some_and(|after| is_fulfilled(catalog, expected, after))
            })
    }

    /// True if a record has the same fields but for those that are edited or `set`; and no others, unless some may be added.
    fn keeps_record(&self, before: &Record, after: &Record, set: &HashSet<(u32, &str)>, adds: bool) -> bool {
        let is_set = |field: &str| set.contains(&(before.number, field));
        let (old, new) = (by_name(&before.fields), by_name(&after.fields));
        let is_unchanged = |(name, entry): (&&str, &&Entry)| {
            self.touches(entry.key.span.to(entry.value.span))
                || self.touches_part(&entry.value)
                || is_set(name)
                || new.get(name).is_some_and(|new| same_tree(&new.value, &entry.value))
        };
        before.kind.name == after.kind.name
            && before.id == after.id
            && old.iter().all(is_unchanged)
            && (adds || new.keys().all(|name| is_set(name) || old.contains_key(name)))
    }
}

/// Counts the links that a piece of a page writes; in Markdown also those whose target would be elsewhere.
fn links_in(text: &str, format: Format) -> usize {
    if format == Format::Markdown {
        return text.matches("](").count();
    }
    let piece = Source::new("piece", text.as_bytes().to_vec());
    syntax::parse(Arc::new(piece), format).markdown.map_or(0, |page| page.links.len())
}

fn is_fulfilled(catalog: &Catalog, expected: &ExpectedField, after: &Record) -> bool {
    let Some(items) = after.field(&expected.field).map(Node::items) else { return false };
    let before = catalog.record(expected.record).field(&expected.field);
    let old_count = before.map_or(0, |node| node.items().len());
    let matches = |item: &&Node| match (&expected.value, item.as_text()) {
        (FieldValue::Text(value), Some(text)) => **value == *text,
        (FieldValue::Record(number), Some(text)) => refers_to(after, text, *number, catalog),
        (_, None) => false,
    };
    // Two matches: the list had the value already, in a form that the rule did not recognise.
    match items.iter().filter(matches).count() {
        count if expected.append => count == 1 && items.len() == old_count + 1,
        count => count > 0,
    }
}

fn by_name(fields: &Node) -> HashMap<&str, &Entry> {
    let entries = fields.entries();
    entries.iter().map(|entry| (&*entry.key.name, entry)).collect()
}

fn refers_to(record: &Record, text: &str, number: u32, catalog: &Catalog) -> bool {
    let other = catalog.record(number);
    let target = record.lookup(text);
    let by_path = target.path.is_some_and(|path| other.paths().contains(&&*path));
    by_path || target.key.is_some_and(|key| key == other.key() || key == other.id.to_lowercase())
}
