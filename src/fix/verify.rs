//! Whether an edited file reads as it was meant to: the trees are what the edits were to make of them, the
//! page has kept its parts, and the records say what they said but for what was to change.

use std::collections::{HashMap, HashSet};

use crate::catalog::Catalog;
use crate::finding::FieldValue;
use crate::node::{Entry, Mapping, Node};
use crate::policy::Policy;
use crate::record::{Recogniser, Record};
use crate::syntax::edit::{self, TreeEdit, same_tree};
use crate::syntax::{self, Document, Markdown};
use crate::text::{Edit, Span};

use super::bench::{Bench, Proposal, Want};

/// The text of the file after these proposals, which don't touch each other; none where it would not read as meant.
pub(super) fn applied(bench: &Bench, policy: &Policy, proposals: &[&Proposal]) -> Option<String> {
    let mut edits: Vec<&Edit> = proposals.iter().flat_map(|proposal| proposal.edits()).collect();
    edits.sort();
    edits.dedup();
    let text = edited(bench.document.source.text(), &edits)?;
    let source = crate::text::Source::new(bench.file.path().clone(), text.clone().into_bytes());
    let after = syntax::parse(std::sync::Arc::new(source), bench.document.format);
    let before = &bench.document;
    let tree: Vec<&TreeEdit> = unique(proposals.iter().flat_map(|proposal| &proposal.tree));
    let reads = !after.has_fatal_problem()
        && after.problems.len() <= before.problems.len()
        && edit::is_expected_result(before, tree, &after)
        && same_page(before, &after, &edits, proposals)
        && Records::of(bench, proposals, &edits).hold(policy, &after);
    reads.then_some(text)
}

/// Two findings may ask for the very same.
fn unique<'e>(edits: impl Iterator<Item = &'e TreeEdit>) -> Vec<&'e TreeEdit> {
    let mut edits: Vec<&TreeEdit> = edits.collect();
    edits.sort_by(|a, b| a.edit.cmp(&b.edit));
    edits.dedup();
    edits
}

/// The text with all edits made; none where two of them overlap.
pub(super) fn edited(text: &str, edits: &[&Edit]) -> Option<String> {
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

/// Whether one of these edits, which stand in order and apart, changes bytes of a span.
fn touched(edits: &[&Edit], span: Span) -> bool {
    let first = edits.partition_point(|edit| edit.span.end <= span.start);
    edits.get(first).is_some_and(|edit| edit.span.start < span.end)
}

/// Whether one of them changes bytes of a span, or puts some in before it or behind it.
fn adjoined(edits: &[&Edit], span: Span) -> bool {
    let first = edits.partition_point(|edit| edit.span.end < span.start);
    edits.get(first).is_some_and(|edit| edit.span.start <= span.end)
}

/// Whether headings, code, comments and tables are where they were, and links too but for those in the edits.
fn same_page(before: &Document, after: &Document, edits: &[&Edit], proposals: &[&Proposal]) -> bool {
    let (Some(old), Some(new)) = (&before.markdown, &after.markdown) else {
        return before.markdown.is_none() == after.markdown.is_none();
    };
    let shift = Shift::of(edits);
    let code = |page: &Markdown, document: &Document| -> Vec<(u32, String)> {
        let fences = page
            .fences
            .iter()
            .map(|fence| (fence.span.start, document.source.slice(fence.content).to_owned()));
        let comments = page.comments.iter().map(|span| (span.start, document.source.slice(*span).to_owned()));
        fences.chain(comments).collect()
    };
    let headings = |page: &Markdown| -> Vec<(u32, u8, Box<str>)> {
        page.headings
            .iter()
            .map(|heading| (heading.span.start, heading.level, heading.title.clone()))
            .collect()
    };
    let tables = |page: &Markdown| -> Vec<(u32, Vec<usize>)> {
        page.tables
            .iter()
            .map(|table| (table.span.start, table.rows.iter().map(Vec::len).collect()))
            .collect()
    };
    let same_code = shift.same(code(old, before), code(new, after));
    let same_headings = old.headings.len() == new.headings.len()
        && headings(old)
            .into_iter()
            .zip(headings(new))
            .all(|(a, b)| shift.of_byte(a.0) == i64::from(b.0) && (a.1, &a.2) == (b.1, &b.2));
    let same_tables = shift.same(tables(old), tables(new));
    let mut kept = old.links.iter().filter(|link| !touched(edits, link.span));
    let kept_links = kept.all(|link| leads_to(new, shift.of_byte(link.span.start), &link.destination));
    let mut meant = proposals.iter().flat_map(|proposal| &proposal.links);
    let meant_links = meant.all(|(span, destination)| leads_to(new, shift.of_byte(span.start), destination));
    let added_links = added_links(before, proposals);
    let count = new.links.len() as isize == old.links.len() as isize + added_links;
    same_code && same_headings && same_tables && kept_links && meant_links && count
}

/// Whether a link of the page stands at a byte and leads there.
fn leads_to(page: &Markdown, at: i64, destination: &str) -> bool {
    let found = page.links.binary_search_by_key(&at, |link| i64::from(link.span.start));
    found.is_ok_and(|found| &*page.links[found].destination == destination)
}

/// How many links more the edits of a page's text make.
fn added_links(before: &Document, proposals: &[&Proposal]) -> isize {
    let links = |text: &str| text.matches("](").count() as isize;
    let mut edits: Vec<&Edit> = proposals.iter().flat_map(|proposal| &proposal.text).collect();
    edits.sort();
    edits.dedup();
    edits.iter().map(|edit| links(&edit.replacement) - links(before.source.slice(edit.span))).sum()
}

/// How far edits move what stands after them.
struct Shift(Vec<(u32, i64)>);

impl Shift {
    fn of(edits: &[&Edit]) -> Shift {
        let mut sum = 0;
        let moves = edits.iter().map(|edit| {
            sum += edit.replacement.len() as i64 - i64::from(edit.span.end - edit.span.start);
            (edit.span.end, sum)
        });
        Shift(moves.collect())
    }

    fn of_byte(&self, byte: u32) -> i64 {
        let before = self.0.partition_point(|(end, _)| *end <= byte);
        i64::from(byte) + before.checked_sub(1).map_or(0, |at| self.0[at].1)
    }

    fn same<T: PartialEq>(&self, old: Vec<(u32, T)>, new: Vec<(u32, T)>) -> bool {
        old.len() == new.len()
            && old.into_iter().zip(new).all(|(a, b)| self.of_byte(a.0) == i64::from(b.0) && a.1 == b.1)
    }
}

/// The records of a file, and what is to become of them.
struct Records<'r> {
    bench: &'r Bench<'r>,
    proposals: &'r [&'r Proposal],
    edits: &'r [&'r Edit],
    /// The fields of records that somebody wants otherwise.
    wanted: HashSet<(u32, &'r str)>,
    /// Whether a key gets another name.
    renames: bool,
}

impl<'r> Records<'r> {
    fn of(bench: &'r Bench<'r>, proposals: &'r [&'r Proposal], edits: &'r [&'r Edit]) -> Records<'r> {
        let wants = proposals.iter().flat_map(|proposal| &proposal.wants);
        let wanted = wants.map(|want| (want.record, &*want.field)).collect();
        let renames = proposals.iter().flat_map(|proposal| &proposal.tree).any(TreeEdit::is_rename);
        Records { bench, proposals, edits, wanted, renames }
    }

    fn hold(&self, policy: &Policy, document: &Document) -> bool {
        let recogniser = Recogniser::new(&policy.kinds, &policy.profiles, &policy.config);
        let after = recogniser.records(document);
        let before = self.bench.file.records.clone();
        before.len() == after.len()
            && self.breaks_less(&after)
            && before.zip(&after).all(|(number, after)| {
                let before = self.bench.catalog.record(number);
                before.kind.name == after.kind.name && before.id == after.id && self.holds(before, after)
            })
            && self.wants().all(|want| {
                let at = want.record.checked_sub(self.bench.file.records.start).map(|at| at as usize);
                at.and_then(|at| after.get(at)).is_some_and(|after| self.is_met(want, after))
            })
    }

    /// Whether the records break their schemas nowhere anew, and with a key of another name in fewer places: a slip may
    /// stand for a field that is there already.
    fn breaks_less(&self, after: &[Record]) -> bool {
        let catalog = self.bench.catalog;
        let records = self.bench.file.records.clone().map(|number| catalog.record(number));
        let before: usize = records.map(|record| catalog.violations(record).len()).sum();
        let after: usize = after.iter().map(|record| record.violations().len()).sum();
        let tree = self.proposals.iter().flat_map(|proposal| &proposal.tree);
        after + tree.filter(|edit| edit.is_rename()).count() <= before
    }

    fn wants(&self) -> impl Iterator<Item = &Want> {
        self.proposals.iter().flat_map(|proposal| &proposal.wants)
    }

    /// Whether every field is as it was that no edit lies in and nobody wants otherwise.
    fn holds(&self, before: &Record, after: &Record) -> bool {
        let wanted = |field: &str| self.wanted.contains(&(before.number, field));
        let (old, new) = (Named::of(&before.fields), Named::of(&after.fields));
        let kept = old.fields().all(|(name, entry)| {
            adjoined(self.edits, entry.key.span.to(entry.value.span))
                || wanted(name)
                || new.get(name).is_some_and(|value| same_tree(value, &entry.value))
        });
        // What is said anew may be said in passing of what was wanted: the rest of a status.
        let passing = self.renames || self.bench.document.markdown.is_some();
        let fresh = new.fields().all(|(name, _)| wanted(name) || old.get(name).is_some() || passing);
        kept && fresh
    }

    fn is_met(&self, want: &Want, after: &Record) -> bool {
        let Some(node) = after.field(&want.field) else { return false };
        let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
        let before = self.bench.catalog.record(want.record).field(&want.field);
        let count = before.map_or(0, |node| node.as_sequence().map_or(1, <[Node]>::len));
        if want.more && items.len() != count + 1 {
            return false;
        }
        let says = |item: &&Node| match (&want.value, item.as_text()) {
            (FieldValue::Text(wanted), Some(text)) => **wanted == *text,
            (FieldValue::Record(number), Some(text)) => names(after, text, *number, self.bench.catalog),
            (_, None) => false,
        };
        // What is in the list already, and yet not understood as this, is not added again.
        let said = items.iter().filter(says).count();
        if want.more { said == 1 } else { said > 0 }
    }
}

/// The fields of a record by their names: there may be many, and each is asked for.
struct Named<'n> {
    entries: &'n [Entry],
    values: HashMap<&'n str, &'n Node>,
}

impl<'n> Named<'n> {
    fn of(fields: &'n Node) -> Named<'n> {
        let entries = fields.as_mapping().map_or(&[][..], Mapping::entries);
        let mut values = HashMap::with_capacity(entries.len());
        for Entry { key, value } in entries {
            values.entry(&*key.name).or_insert(value);
        }
        Named { entries, values }
    }

    fn fields(&self) -> impl Iterator<Item = (&'n str, &'n Entry)> {
        self.entries.iter().map(|entry| (&*entry.key.name, entry))
    }

    fn get(&self, name: &str) -> Option<&'n Node> {
        self.values.get(name).copied()
    }
}

/// Whether a text in a record names another one.
fn names(record: &Record, text: &str, number: u32, catalog: &Catalog) -> bool {
    let other = catalog.record(number);
    let target = record.lookup(text);
    let by_path = target.path.is_some_and(|path| other.paths().contains(&path));
    by_path || target.key.is_some_and(|key| key == other.key() || key == other.id.to_lowercase())
}
