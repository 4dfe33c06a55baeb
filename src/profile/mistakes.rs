//! What loads and can't be meant in a profile of the user's own.

use std::sync::Arc;

use regex_syntax::hir::{Hir, HirKind};

use super::Details;
use crate::finding::Fault;
use crate::kind::{Field, Shape};
use crate::node::{Entry, Mapping, Node};
use crate::syntax::Format;
use crate::text::{Source, capital};

/// Returns the faults of what the user's file itself states; `stated` is without its base.
pub(super) fn faults(source: &Arc<Source>, stated: &Node) -> Vec<Fault> {
    let fields = entries(stated.get("fields"));
    let places = fields.iter().map(|entry| &entry.value).chain(stated.get("file-id"));
    let places: Vec<&Node> = places.flat_map(items).collect();
    let mut named = places.clone();
    stated.get("recognise").into_iter().for_each(|condition| add_conditions(condition, &mut named));
    let with_extension: Vec<Fault> = named.iter().filter_map(|place| with_extension(source, place)).collect();
    if !with_extension.is_empty() {
        return with_extension;
    }
    let misplaced: Vec<Fault> =
        places.iter().filter_map(|place| take_without_section(source, place)).collect();
    if !misplaced.is_empty() {
        return misplaced;
    }
    let pointers = stated.get("at").into_iter().flat_map(items);
    let unrooted: Vec<Fault> = pointers.filter_map(|pointer| unrooted(source, pointer)).collect();
    if !unrooted.is_empty() {
        return unrooted;
    }
    let without_group = places.iter().filter_map(|place| without_group(source, place));
    without_group.chain(contradictions(source, stated)).collect()
}

/// A pointer without the slash with which it begins.
fn unrooted(source: &Arc<Source>, pointer: &Node) -> Option<Fault> {
    let text = pointer.as_text().filter(|text| !text.is_empty() && !text.starts_with('/'))?;
    let fault = Fault::new(format!("`{text}` is no pointer to a list: one begins with `/`"));
    Some(fault.help(format!("write `/{}`", text.replace('.', "/"))).at(source, pointer.span))
}

fn add_conditions<'n>(condition: &'n Node, all: &mut Vec<&'n Node>) {
    all.push(condition);
    let parts = ["all", "any", "not", "two", "three"].into_iter().filter_map(|key| condition.get(key));
    parts.flat_map(items).for_each(|part| add_conditions(part, all));
}

/// A part that is taken of a line or key, though only a section has such parts.
fn take_without_section(source: &Arc<Source>, place: &Node) -> Option<Fault> {
    let take = place.as_mapping()?.entry("take").filter(|_| place.get("section").is_none())?;
    let fault = Fault::new("`take` is never read here: only a `section` has lines, list items and links");
    Some(
        fault
            .help("remove it; for several values in one text, write `split: \",\"`")
            .at(source, take.key.span),
    )
}

/// A pattern of the names of files that ends with an extension, which they are matched without.
fn with_extension(source: &Arc<Source>, place: &Node) -> Option<Fault> {
    let pattern = place.get("file")?;
    let text = pattern.as_text()?;
    let (stem, extension) = text.trim_end_matches('$').rsplit_once('.')?;
    let is_extension = extension.chars().all(|c| c.is_ascii_alphanumeric());
    Format::from_path(&format!("a.{extension}")).filter(|_| is_extension)?;
    let stem = stem.trim_end_matches('\\').trim_end_matches(".*").trim_end_matches(".+");
    let fault = Fault::new(format!("`{text}` matches no file: a name is matched without its extension"));
    Some(fault.help(format!("write `file: '{stem}'`")).at(source, pattern.span))
}

/// Returns the fault of a `words` mapping with keys and values swapped: its keys are values of the kind.
pub(super) fn reversed_words(source: &Arc<Source>, words: &[Entry], allowed: &[&str]) -> Option<Fault> {
    let is_allowed = |text: &str| allowed.contains(&text);
    let wrong: Vec<&Entry> =
        words.iter().filter(|word| !is_allowed(word.value.as_text().unwrap_or_default())).collect();
    let is_reversed = |word: &&Entry| is_allowed(&word.key.name) && word.value.as_text().is_some();
    let (first, last) = (wrong.first()?, wrong.last()?);
    (wrong.len() > 1 && wrong.iter().all(is_reversed)).then(|| {
        let written =
            |word: &&Entry| format!("{}: {}", word.value.as_text().unwrap_or_default(), word.key.name);
        let written: Vec<String> = wrong.iter().map(written).collect();
        let fault = Fault::new("the words of the kind stand before those of the format");
        fault
            .help(format!("write `{{ {} }}`", written.join(", ")))
            .at(source, first.key.span.to(last.value.span))
    })
}

/// Fields that the format lacks and that it requires, and those who are accountable if it lacks all of them.
fn contradictions(source: &Arc<Source>, stated: &Node) -> Vec<Fault> {
    let named = |key: &str| stated.get(key).into_iter().flat_map(items);
    let lacked: Vec<&str> = named("lacks").filter_map(Node::as_text).collect();
    let both = named("requires").filter(|field| field.as_text().is_some_and(|name| lacked.contains(&name)));
    let fault = |field: &Node| {
        let name = field.as_text().unwrap_or_default();
        let message =
            format!("`{name}` is under `requires`, and `lacks` says that the format has no place for it");
        Fault::new(message).help("remove it from `requires` or from `lacks`").at(source, field.span)
    };
    let has_place = |field: &Node| {
        field.as_text().is_none_or(|name| !lacked.contains(&name) || stated_place(stated, name).is_some())
    };
    let unread = named("accountable").filter(|_| !named("accountable").any(has_place));
    let unread = unread.map(|field| {
        let name = field.as_text().unwrap_or_default();
        let message =
            format!("`{name}` is under `accountable`, and `lacks` says that the format has no place for it");
        let help = format!("remove it from `lacks`, and write under `fields` where it stands: `{name}: [{{ header: Owner }}]`");
        Fault::new(message).help(help).at(source, field.span)
    });
    both.map(fault).chain(unread).collect()
}

/// The fault of `accountable` where it names no reference, or nothing that the format reads. Whoever is accountable is a person, a role
/// or a team, and the page says so somewhere.
pub(super) fn accountable(profile: &Details, shape: &Shape) -> Option<Fault> {
    let names = &profile.accountable_fields;
    let fields: Vec<&Field> = names.iter().filter_map(|name| shape.field(name)).collect();
    if let Some(field) = fields.iter().find(|field| !field.ty.has_references()) {
        let fault =
            Fault::new(format!("`{}` names nobody who is accountable: it is no reference", field.name));
        return Some(fault.help("name a field of people, roles or teams, such as `owner`"));
    }
    let is_known = |field: &&Field| {
        profile.field_names().any(|name| *name == *field.name)
            || profile.unsupported_fields.iter().any(|name| **name == *field.name)
    };
    let first = fields.first().filter(|_| !fields.iter().any(is_known))?;
    let fault = Fault::new(format!("`{}` is under `accountable`, and not under `fields`", first.name));
    let place = format!("{}: [{{ header: {} }}]", first.name, capital(&first.name));
    Some(fault.help(format!("write under `fields` where it stands: `{place}`")))
}

fn stated_place<'n>(stated: &'n Node, field: &str) -> Option<&'n Node> {
    stated.get("fields")?.get(field)
}

/// Returns another field whose value the profile reads from a header, key or section of this name: `status` for `Stato`.
pub(super) fn read_from<'n>(fields: Option<&'n Node>, name: &str) -> Option<&'n str> {
    const NAMED: [&str; 5] = ["key", "header", "section", "row", "cell"];
    let is_named = |place: &Node| {
        let names = NAMED.iter().filter_map(|key| place.get(key)).flat_map(items);
        names.filter_map(Node::as_text).any(|other| other.to_lowercase() == name.to_lowercase())
    };
    let others = entries(fields).iter().filter(|entry| *entry.key.name != *name);
    let mut fields = others.filter(|entry| items(&entry.value).iter().any(is_named));
    fields.next().map(|entry| &*entry.key.name)
}

/// A pattern in a longer text, without a group that says which part of it is the value.
fn without_group(source: &Arc<Source>, place: &Node) -> Option<Fault> {
    const SEARCHED: [&str; 6] = ["file", "folder", "title", "preamble", "body", "item"];
    let pattern = SEARCHED.iter().find_map(|key| place.get(key))?;
    let text = pattern.as_text()?;
    let parsed = regex_syntax::parse(text).ok()?;
    let (mut fixed, mut free) = (false, false);
    parts(&parsed, &mut fixed, &mut free);
    let is_ambiguous = fixed && free && parsed.properties().explicit_captures_len() == 0;
    is_ambiguous.then(|| {
        let fault = Fault::new(format!("`{text}` does not say which part of it is the value"));
        fault.help("put that part in parentheses, such as `^([0-9]+)-`").at(source, pattern.span)
    })
}

/// Notes whether a pattern has fixed letters, and parts that are different in each text.
fn parts(pattern: &Hir, fixed: &mut bool, free: &mut bool) {
    match pattern.kind() {
        HirKind::Literal(_) => *fixed = true,
        HirKind::Class(_) => *free = true,
        HirKind::Repetition(repetition) => {
            *free = true;
            parts(&repetition.sub, fixed, free);
        }
        HirKind::Capture(capture) => parts(&capture.sub, fixed, free),
        HirKind::Concat(list) | HirKind::Alternation(list) => {
            list.iter().for_each(|part| parts(part, fixed, free));
        }
        HirKind::Empty | HirKind::Look(_) => {}
    }
}

fn entries(node: Option<&Node>) -> &[Entry] {
    node.and_then(Node::as_mapping).map_or(&[], Mapping::entries)
}

fn items(node: &Node) -> &[Node] {
    node.as_sequence().unwrap_or(std::slice::from_ref(node))
}
