//! Verifies an edited file: the trees are the expected ones, a page keeps its structure, and no record changes except
//! in the fields that the fixes set.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::finding::FieldValue;
use crate::node::{Entry, Mapping, Node};
use crate::record::{Recogniser, Record};
use crate::syntax::edit::{self, TreeEdit, same_tree};
use crate::syntax::markdown::{Link, Table};
use crate::syntax::{self, Document, Format, Markdown};
use crate::text::{Edit, Source, Span};

use super::file_fixer::{ExpectedField, FileFixer, ProposedEdits};

/// Returns the text after all edits, which must not touch each other; `None` if it would not parse as intended.
pub(super) fn apply_verified(
    fixer: &FileFixer,
    recogniser: &Recogniser,
    proposed: &[&ProposedEdits],
) -> Option<String> {
    let mut edits: Vec<&Edit> = proposed.iter().flat_map(|one| one.iter()).collect();
    edits.sort();
    edits.dedup();
    let text = apply_edits(fixer.document.source.text(), &edits)?;
    let source = Source::new(fixer.file.path().clone(), text.clone().into_bytes());
    let after = syntax::parse(Arc::new(source), fixer.document.format);
    let before = &fixer.document;
    let mut tree: Vec<&TreeEdit> = proposed.iter().flat_map(|one| &one.tree).collect();
    tree.sort_by(|a, b| a.edit.cmp(&b.edit));
    tree.dedup();
    let is_as_intended = !after.has_fatal_problem()
        && after.problems.len() <= before.problems.len()
        && edit::is_expected_result(before, tree, &after)
        && same_page_structure(before, &after, &edits, proposed)
        && RecordVerifier::new(fixer, proposed, &edits).verify(recogniser, &after);
    is_as_intended.then_some(text)
}

fn apply_edits(text: &str, edits: &[&Edit]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.span.start as usize)?);
        out.push_str(&edit.replacement);
        at = edit.span.end as usize;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// True if one of the edits, which are sorted and disjoint, changes bytes of the span.
fn overlaps_edit(edits: &[&Edit], span: Span) -> bool {
    let first = edits.partition_point(|edit| edit.span.end <= span.start);
    edits.get(first).is_some_and(|edit| edit.span.start < span.end)
}

/// Like [`overlaps_edit`], but also true for an insertion at either end of the span.
fn touches_edit(edits: &[&Edit], span: Span) -> bool {
    let first = edits.partition_point(|edit| edit.span.end < span.start);
    edits.get(first).is_some_and(|edit| edit.span.start <= span.end)
}

/// True if an edit touches a part of the value: an item of a table may span its first cell only.
fn holds_edit(edits: &[&Edit], value: &Node) -> bool {
    let items = value.as_sequence().unwrap_or_default().iter();
    let entries = value.as_mapping().map_or(&[][..], Mapping::entries).iter();
    touches_edit(edits, value.span)
        || items.chain(entries.map(|entry| &entry.value)).any(|part| holds_edit(edits, part))
}

fn same_page_structure(
    before: &Document,
    after: &Document,
    edits: &[&Edit],
    proposed: &[&ProposedEdits],
) -> bool {
    let (Some(old), Some(new)) = (&before.markdown, &after.markdown) else {
        return before.markdown.is_none() == after.markdown.is_none();
    };
    let offsets = OffsetMap::new(edits);
    // Lines of a header in a block of code may be edited.
    let edited = old.fences.iter().filter(|fence| overlaps_edit(edits, fence.content));
    let edited: HashSet<i64> = edited.map(|fence| offsets.new_offset(fence.span.start)).collect();
    let code = |page: &Markdown, document: &Document| -> Vec<(u32, String)> {
        let is_old = std::ptr::eq(document, before);
        let fences = page.fences.iter().map(|fence| {
            let start = fence.span.start;
            let new_start = if is_old { offsets.new_offset(start) } else { i64::from(start) };
            let content = Some(fence.content).filter(|_| !edited.contains(&new_start));
            (start, content.map_or_else(String::new, |content| document.source.slice(content).to_owned()))
        });
        let comments = page.comments.iter().map(|span| (span.start, document.source.slice(*span).to_owned()));
        fences.chain(comments).collect()
    };
    let headings = |page: &Markdown| -> Vec<(u32, (u8, Box<str>))> {
        page.headings
            .iter()
            .map(|heading| (heading.span.start, (heading.level, heading.title.clone())))
            .collect()
    };
    let same_code = offsets.same(code(old, before), code(new, after));
    let same_headings = offsets.same(headings(old), headings(new));
    let same_tables = same_tables(old, new, edits, &offsets);
    let is_edited = |link: &&Link| {
        overlaps_edit(edits, link.span) || link.definition.is_some_and(|place| overlaps_edit(edits, place))
    };
    let mut unchanged = old.links.iter().filter(|link| !is_edited(link));
    let unchanged_links =
        unchanged.all(|link| has_link(new, offsets.new_offset(link.span.start), &link.destination));
    let mut expected = proposed.iter().flat_map(|one| &one.links);
    let expected_links =
        expected.all(|(span, destination)| has_link(new, offsets.new_offset(span.start), destination));
    let added_links = added_links(before, proposed);
    let count = new.links.len() as isize == old.links.len() as isize + added_links;
    same_code && same_headings && same_tables && unchanged_links && expected_links && count
}

/// True if the tables are at the same places with the same rows; one with an edit may have more, as wide as its header.
fn same_tables(old: &Markdown, new: &Markdown, edits: &[&Edit], offsets: &OffsetMap) -> bool {
    let widths = |table: &Table| -> Vec<usize> { table.rows.iter().map(Vec::len).collect() };
    let is_same = |(old, new): (&Table, &Table)| {
        let (before, after) = (widths(old), widths(new));
        let is_extended = || {
            overlaps_edit(edits, old.span)
                && after.len() >= before.len()
                && after.iter().all(|width| *width == new.header.len())
        };
        i64::from(new.span.start) == offsets.new_offset(old.span.start)
            && old.header.len() == new.header.len()
            && (before == after || is_extended())
    };
    old.tables.len() == new.tables.len() && old.tables.iter().zip(&new.tables).all(is_same)
}

fn has_link(page: &Markdown, at: i64, destination: &str) -> bool {
    let found = page.links.binary_search_by_key(&at, |link| i64::from(link.span.start));
    found.is_ok_and(|found| &*page.links[found].destination == destination)
}

/// Counts the links that a piece of a page writes; in Markdown also those whose target would be elsewhere.
fn links_in(text: &str, format: Format) -> usize {
    if format == Format::Markdown {
        return text.matches("](").count();
    }
    let piece = Source::new("piece", text.as_bytes().to_vec());
    syntax::parse(Arc::new(piece), format).markdown.map_or(0, |page| page.links.len())
}

fn added_links(before: &Document, proposed: &[&ProposedEdits]) -> isize {
    let links = |text: &str| links_in(text, before.format) as isize;
    let mut edits: Vec<&Edit> = proposed.iter().flat_map(|one| &one.text).collect();
    edits.sort();
    edits.dedup();
    edits.iter().map(|edit| links(&edit.replacement) - links(before.source.slice(edit.span))).sum()
}

/// Maps offsets before the edits to offsets after them: the end of each edit, and the sum of all shifts up to it.
struct OffsetMap(Vec<(u32, i64)>);

impl OffsetMap {
    fn new(edits: &[&Edit]) -> OffsetMap {
        let mut sum = 0;
        let shifts = edits.iter().map(|edit| {
            sum += edit.replacement.len() as i64 - i64::from(edit.span.end - edit.span.start);
            (edit.span.end, sum)
        });
        OffsetMap(shifts.collect())
    }

    fn new_offset(&self, byte: u32) -> i64 {
        let before = self.0.partition_point(|(end, _)| *end <= byte);
        i64::from(byte) + before.checked_sub(1).map_or(0, |at| self.0[at].1)
    }

    fn same<T: PartialEq>(&self, old: Vec<(u32, T)>, new: Vec<(u32, T)>) -> bool {
        old.len() == new.len()
            && old.into_iter().zip(new).all(|(a, b)| self.new_offset(a.0) == i64::from(b.0) && a.1 == b.1)
    }
}

struct RecordVerifier<'r> {
    fixer: &'r FileFixer<'r>,
    proposed: &'r [&'r ProposedEdits],
    edits: &'r [&'r Edit],
    changed: HashSet<(u32, &'r str)>,
    has_rename: bool,
}

impl<'r> RecordVerifier<'r> {
    fn new(
        fixer: &'r FileFixer<'r>,
        proposed: &'r [&'r ProposedEdits],
        edits: &'r [&'r Edit],
    ) -> RecordVerifier<'r> {
        let expected = proposed.iter().flat_map(|one| &one.expected);
        let changed = expected.map(|expected| (expected.record, &*expected.field)).collect();
        let has_rename = proposed.iter().flat_map(|one| &one.tree).any(TreeEdit::is_rename);
        RecordVerifier { fixer, proposed, edits, changed, has_rename }
    }

    fn verify(&self, recogniser: &Recogniser, document: &Document) -> bool {
        let Ok(mut after) = recogniser.records(document) else { return false };
        for record in &mut after {
            if let Some(named) = self.fixer.catalog.named_in_items(record, &document.source) {
                *record = named;
            }
        }
        let before = self.fixer.file.records.clone();
        before.len() == after.len()
            && self.has_no_new_violations(&after)
            && before.zip(&after).all(|(number, after)| {
                let before = self.fixer.catalog.record(number);
                before.kind.name == after.kind.name
                    && before.id == after.id
                    && self.other_fields_unchanged(before, after)
            })
            && self.expected().all(|expected| {
                let at = expected.record.checked_sub(self.fixer.file.records.start).map(|at| at as usize);
                at.and_then(|at| after.get(at)).is_some_and(|after| self.is_fulfilled(expected, after))
            })
    }

    /// A renamed key must remove a schema violation: the misspelt key may be of a field that exists already.
    fn has_no_new_violations(&self, after: &[Record]) -> bool {
        let catalog = self.fixer.catalog;
        let records = self.fixer.file.records.clone().map(|number| catalog.record(number));
        let before: usize = records.map(|record| catalog.violations(record).len()).sum();
        let after: usize = after.iter().map(|record| record.violations().len()).sum();
        let tree = self.proposed.iter().flat_map(|one| &one.tree);
        after + tree.filter(|edit| edit.is_rename()).count() <= before
    }

    fn expected(&self) -> impl Iterator<Item = &ExpectedField> {
        self.proposed.iter().flat_map(|one| &one.expected)
    }

    fn other_fields_unchanged(&self, before: &Record, after: &Record) -> bool {
        let is_set = |field: &str| self.changed.contains(&(before.number, field));
        let (old, new) = (FieldIndex::new(&before.fields), FieldIndex::new(&after.fields));
        let unchanged = old.fields().all(|(name, entry)| {
            touches_edit(self.edits, entry.key.span.to(entry.value.span))
                || holds_edit(self.edits, &entry.value)
                || is_set(name)
                || new.get(name).is_some_and(|value| same_tree(value, &entry.value))
        });
        // A rename or an edit of a page may also set other fields, such as the rest of a status.
        let may_add = self.has_rename || self.fixer.document.markdown.is_some();
        let added = new.fields().all(|(name, _)| is_set(name) || old.get(name).is_some() || may_add);
        unchanged && added
    }

    fn is_fulfilled(&self, expected: &ExpectedField, after: &Record) -> bool {
        let Some(node) = after.field(&expected.field) else { return false };
        let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
        let before = self.fixer.catalog.record(expected.record).field(&expected.field);
        let old_count = before.map_or(0, |node| node.as_sequence().map_or(1, <[Node]>::len));
        if expected.append && items.len() != old_count + 1 {
            return false;
        }
        let matches = |item: &&Node| match (&expected.value, item.as_text()) {
            (FieldValue::Text(value), Some(text)) => **value == *text,
            (FieldValue::Record(number), Some(text)) => refers_to(after, text, *number, self.fixer.catalog),
            (_, None) => false,
        };
        // Two matches: the list had the value already, in a form that the rule did not recognise.
        let count = items.iter().filter(matches).count();
        if expected.append { count == 1 } else { count > 0 }
    }
}

struct FieldIndex<'n> {
    entries: &'n [Entry],
    values: HashMap<&'n str, &'n Node>,
}

impl<'n> FieldIndex<'n> {
    fn new(fields: &'n Node) -> FieldIndex<'n> {
        let entries = fields.as_mapping().map_or(&[][..], Mapping::entries);
        let mut values = HashMap::with_capacity(entries.len());
        for Entry { key, value } in entries {
            values.entry(&*key.name).or_insert(value);
        }
        FieldIndex { entries, values }
    }

    fn fields(&self) -> impl Iterator<Item = (&'n str, &'n Entry)> {
        self.entries.iter().map(|entry| (&*entry.key.name, entry))
    }

    fn get(&self, name: &str) -> Option<&'n Node> {
        self.values.get(name).copied()
    }
}

fn refers_to(record: &Record, text: &str, number: u32, catalog: &Catalog) -> bool {
    let other = catalog.record(number);
    let target = record.lookup(text);
    let by_path = target.path.is_some_and(|path| other.paths().contains(&path));
    by_path || target.key.is_some_and(|key| key == other.key() || key == other.id.to_lowercase())
}
