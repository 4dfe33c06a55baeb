//! Who an item of a list names at its beginning, such as `Lena: call the hospital`, and which record a title names: `Leadership, 24
//! November 2026`. The text alone can't tell a name from another word; the records can.

use std::ops::Range;
use std::sync::Arc;

use super::body::{TextSpans, list};
use super::without_titles;
use super::{Record, RecordContent};
use crate::calendar::day_in;
use crate::kind::{Field, FieldType, Initial, Shape, WHO};
use crate::node::{Entry, Key, Mapping, Node, Value};
use crate::text::{Source, Span};
use crate::value::words;

impl RecordContent {
    /// Returns true if an item may name a record at its beginning, or the title one, or a text several.
    pub(super) fn has_leading_names(&self) -> bool {
        let entries = self.fields.as_mapping().map_or(&[][..], Mapping::entries).iter();
        let may_name = |entry: &Entry| {
            let Some(field) = self.kind.shape.field(&entry.key.name) else { return false };
            let mut items = entry.value.as_sequence().unwrap_or(std::slice::from_ref(&entry.value)).iter();
            match (field.item_shape(), several_kinds(field)) {
                (Some(shape), _) => items.any(|item| {
                    candidates(shape, item).next().is_some() || stated(shape, item).next().is_some()
                }),
                (_, Some(_)) => items
                    .filter_map(Node::as_text)
                    .any(|text| !matches!(several_names(text)[..], [name] if name == text)),
                _ => false,
            }
        };
        self.title.is_some() && self.named_by_title().next().is_some() || entries.into_iter().any(may_name)
    }

    /// The fields that the record lacks and whose record its title may name.
    fn named_by_title(&self) -> impl Iterator<Item = (&Field, &[Arc<str>])> {
        let fields = self.kind.shape.fields.iter().filter(|field| field.initial == Some(Initial::Same));
        fields.filter(|field| self.fields.get(&field.name).is_none()).filter_map(|field| match &field.ty {
            FieldType::Reference(kinds) => Some((field, &**kinds)),
            _ => None,
        })
    }

    /// The names of people in its lists of references, such as those who attended.
    fn listed_people(&self) -> Vec<String> {
        let entries = self.fields.as_mapping().map_or(&[][..], Mapping::entries).iter();
        let lists = entries.filter(|entry| {
            let field = self.kind.shape.field(&entry.key.name);
            let is_list = |field: &&Field| matches!(field.ty, FieldType::List(_));
            field.filter(is_list).and_then(several_kinds).is_some_and(are_people)
        });
        let items = lists.flat_map(|entry| entry.value.as_sequence().unwrap_or_default());
        items.filter_map(Node::as_text).flat_map(joined_names).map(str::to_owned).collect()
    }
}

/// The kinds that a field names which holds a list of references, or one or a list of them.
fn several_kinds(field: &Field) -> Option<&[Arc<str>]> {
    match &field.ty {
        FieldType::Reference(kinds) if field.may_be_list => Some(kinds),
        FieldType::List(of) => match &**of {
            FieldType::Reference(kinds) => Some(kinds),
            _ => None,
        },
        _ => None,
    }
}

impl Record {
    /// Returns the record with the fields that its items state at their beginning; `is_known` tells whether a text names a record
    /// of one of these kinds, `is_meant` whether one word can only be a misspelt identifier of one. Without a directory, the form
    /// of a name is enough. `None` if there are none.
    pub fn with_leading_names(
        &self,
        source: &Source,
        has_directory: bool,
        is_known: impl Fn(&[Arc<str>], &str) -> bool,
        is_meant: impl Fn(&[Arc<str>], &str) -> bool,
    ) -> Option<Record> {
        if !self.names_in_items {
            return None;
        }
        let listed = self.listed_people();
        let is_known = |kinds: &[Arc<str>], name: &str| {
            let is_listed = || are_people(kinds) && listed.iter().any(|whole| is_same_person(whole, name));
            is_known(kinds, name) || is_listed()
        };
        let names = Names { source, has_directory, is_known: &is_known, is_meant: &is_meant };
        let mut fields = Node::clone(&self.fields);
        let Value::Mapping(mapping) = &mut fields.value else { return None };
        let mut is_changed = false;
        for entry in mapping.entries_mut() {
            let Some(field) = self.kind.shape.field(&entry.key.name) else { continue };
            if let Some(kinds) = several_kinds(field) {
                is_changed |= names.split(&mut entry.value, kinds);
            } else if let (Some(shape), Value::Sequence(items)) = (field.item_shape(), &mut entry.value.value)
            {
                for item in items {
                    is_changed |= names.add_to(item, shape);
                }
            }
        }
        let span = mapping.get("title").map_or(self.name_span, |title| title.span);
        let in_title = self.title.as_deref().map(names_in_title).unwrap_or_default();
        for (field, kinds) in self.named_by_title() {
            if let Some(name) = in_title.iter().find(|name| is_known(kinds, name)) {
                let entry =
                    Entry { key: Key { name: field.name.clone(), span }, value: Node::text(span, &**name) };
                mapping.edit(|entries| entries.push(entry));
                is_changed = true;
            }
        }
        is_changed.then(|| {
            let mut content = RecordContent { fields: fields.into(), ..(**self).clone() };
            content.mentions = content.collect_mentions();
            let mut record = self.clone();
            record.content = Arc::new(content);
            record
        })
    }
}

fn are_people(kinds: &[Arc<str>]) -> bool {
    kinds.iter().any(|kind| **kind == *WHO[0])
}

/// What may be the name of a record in a title: the title without a day, and its beginning.
fn names_in_title(title: &str) -> Vec<String> {
    let undated = day_in(title).map_or_else(|| title.trim().to_owned(), |(_, rest)| rest);
    let start = title.split([',', ':', '(', '–', '—']).next().unwrap_or(title).trim().to_owned();
    [undated, start].into_iter().filter(|name| !name.is_empty()).collect()
}

/// The names in a text that joins them: `Ada Byron, Bo Ek and Lena`. A single one may have the word before it.
fn joined_names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut start = 0;
    let words = text.split_whitespace().map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word));
    for (at, word) in
        words.filter(|(_, word)| matches!(*word, "&" | "+" | "/") || words::is_in("conjunctions", word))
    {
        names.push(text[start..at].trim_matches([' ', ',', ';']));
        start = at + word.len();
    }
    names.push(text[start..].trim_matches([' ', ',', ';']));
    names.retain(|name| !name.is_empty());
    names
}

/// Returns true for a text such as `Ada Byron` or `Jens-Peter van der Berg`.
fn is_whole_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_capital = |word: Option<&&str>| word.is_some_and(|word| word.starts_with(char::is_uppercase));
    (2..=4).contains(&words.len()) && is_capital(words.first()) && is_capital(words.last())
}

/// Returns true for a whole name and its first word: `Dr. Ada Byron` and `Ada`.
fn is_same_person(whole: &str, name: &str) -> bool {
    let whole = without_titles(whole.split([',', '(']).next().unwrap_or(whole));
    let name = without_titles(name);
    let first = whole.split_whitespace().next().unwrap_or_default();
    whole.eq_ignore_ascii_case(name) || first.eq_ignore_ascii_case(name)
}

/// Returns true for one to three capitalised words of letters, not for a word such as `Talk`: `Ada`, `Jens-Peter Berg`, `Dr. Ada Byron`.
fn has_form_of_name(text: &str) -> bool {
    let is_of_name = |c: char| c.is_alphabetic() || "-.'’".contains(c);
    let is_word = |word: &str| word.starts_with(char::is_uppercase) && word.chars().all(is_of_name);
    let is_acronym = |word: &str| word.len() > 1 && !word.contains(char::is_lowercase);
    let words = || text.split(' ');
    let begins_action =
        words().next().is_some_and(|word| words::is_in("beginnings-of-actions", &word.to_lowercase()));
    words().count() <= 3 && words().all(is_word) && !words().any(is_acronym) && !begins_action
}

/// The names in a text that joins them in any way: `Ada, Bo`, `Ada/Bo`, `Ada & Bo`, `Ada and Bo`.
fn several_names(text: &str) -> Vec<&str> {
    text.split([',', ';', '/', '&', '+']).flat_map(joined_names).collect()
}

/// Tells names from other words.
struct Names<'n, F, M> {
    source: &'n Source,
    has_directory: bool,
    is_known: &'n F,
    is_meant: &'n M,
}

impl<F: Fn(&[Arc<str>], &str) -> bool, M: Fn(&[Arc<str>], &str) -> bool> Names<'_, F, M> {
    /// Splits the texts of a list, or the one text in place of it, that join names: `Ada Byron and Bo Ek`.
    fn split(&self, value: &mut Node, kinds: &[Arc<str>]) -> bool {
        let parts = |item: &Node, is_list: bool| -> Option<Vec<Node>> {
            let text = item.as_text()?;
            let names = if is_list { joined_names(text) } else { several_names(text) };
            let is_known = |name: &&str| (self.is_known)(kinds, name);
            // A part of a list may be somebody who is not known.
            let are_names = names.iter().all(is_known)
                || is_list
                    && (names.iter().any(is_known)
                        || are_people(kinds) && names.iter().all(|name| is_whole_name(name)));
            if !are_names
                || names.is_empty()
                || matches!(names[..], [name] if name == text)
                || is_known(&text)
            {
                return None;
            }
            let spans = TextSpans::new(self.source, item);
            let part = |name: &str| {
                let start = name.as_ptr() as usize - text.as_ptr() as usize;
                Node::text(spans.span(start..start + name.len()), name)
            };
            Some(names.into_iter().map(part).collect())
        };
        let items = value.as_sequence().unwrap_or(std::slice::from_ref(value));
        let is_list = value.as_sequence().is_some();
        let found: Vec<Option<Vec<Node>>> = items.iter().map(|item| parts(item, is_list)).collect();
        if found.iter().all(Option::is_none) {
            return false;
        }
        let split =
            items.iter().zip(found).flat_map(|(item, parts)| parts.unwrap_or_else(|| vec![item.clone()]));
        *value = Node::sequence(value.span, split.collect());
        true
    }

    /// Adds the fields that the text of an item states, and takes apart a field that names several.
    fn add_to(&self, item: &mut Node, shape: &Shape) -> bool {
        let mut found: Vec<Entry> = Vec::new();
        for Candidate { field, kinds, text, node, is_by_form } in candidates(shape, item) {
            if found.iter().any(|entry| entry.key.name == field.name) {
                continue;
            }
            if let [first, others @ ..] = &self.names(kinds, text, is_by_form)[..] {
                found.push(self.entry(field, node, first));
                found.extend(self.others(shape, item, field, node, others));
            } else if (self.is_meant)(kinds, text) {
                found.push(self.entry(field, node, text));
            }
        }
        for (field, kinds, node) in stated(shape, item) {
            if let [first, others @ ..] = &self.names(kinds, node.as_text().unwrap_or_default(), true)[..]
                && let Some(others) = self.others(shape, item, field, node, others)
            {
                found.extend([self.entry(field, node, first), others]);
            }
        }
        let (Value::Mapping(mapping), false) = (&mut item.value, found.is_empty()) else { return false };
        mapping.edit(|entries| {
            for new in found {
                match entries.iter_mut().find(|entry| entry.key.name == new.key.name) {
                    Some(entry) => entry.value = new.value,
                    None => entries.push(new),
                }
            }
        });
        true
    }

    /// The names in a text, of which the first is known; `is_by_form` where the form of names is enough without a directory.
    fn names<'t>(&self, kinds: &[Arc<str>], text: &'t str, is_by_form: bool) -> Vec<&'t str> {
        let is_known = |name: &str| (self.is_known)(kinds, name);
        if is_known(text) {
            return vec![text];
        }
        let mut names = several_names(text);
        let is_first_known = names.first().is_some_and(|name| is_known(name));
        let by_form = !self.has_directory
            && (is_by_form || is_first_known)
            && names.iter().all(|name| has_form_of_name(name));
        names.retain(|name| by_form || is_first_known && is_known(name));
        names
    }

    fn entry(&self, field: &Field, node: &Node, name: &str) -> Entry {
        let value = self.part(node, name);
        Entry { key: Key { name: field.name.clone(), span: value.span }, value }
    }

    /// The field for the other names, if the item lacks it.
    fn others(
        &self,
        shape: &Shape,
        item: &Node,
        field: &Field,
        node: &Node,
        names: &[&str],
    ) -> Option<Entry> {
        let of = |other: &&Field| other.others_of.as_deref() == Some(&*field.name);
        let others = shape.fields.iter().find(of).filter(|others| item.get(&others.name).is_none())?;
        let value = list(names.iter().map(|name| self.part(node, name)).collect())?;
        Some(Entry { key: Key { name: others.name.clone(), span: value.span }, value })
    }

    fn part(&self, node: &Node, name: &str) -> Node {
        let at = self.source.slice(node.span).find(name).map(|at| node.span.start as usize + at);
        Node::text(at.map_or(node.span, |start| Span::new(start, start + name.len())), name)
    }
}

/// A text that may name the record of a field that an item lacks.
struct Candidate<'n> {
    field: &'n Field,
    kinds: &'n [Arc<str>],
    text: &'n str,
    /// The text around it.
    node: &'n Node,
    is_by_form: bool,
}

fn candidates<'n>(shape: &'n Shape, item: &'n Node) -> impl Iterator<Item = Candidate<'n>> {
    let node = shape.text.as_deref().and_then(|name| item.get(name));
    let words = node.and_then(|node| Some((node, node.as_text()?)));
    let lacking = shape.fields.iter().filter(|field| item.get(&field.name).is_none());
    let of_fields = lacking.filter_map(move |field| match &field.ty {
        FieldType::Reference(kinds) => Some((field, &**kinds, words?)),
        _ => None,
    });
    of_fields.flat_map(|(field, kinds, (node, words))| {
        let names = field.in_text.map_or_else(Vec::new, |phrase| phrase.names(words));
        let candidate = move |(name, is_by_form): (Range<usize>, bool)| Candidate {
            field,
            kinds,
            text: &words[name],
            node,
            is_by_form,
        };
        names.into_iter().map(candidate)
    })
}

/// Returns the fields of an item whose text joins names, and of which another field has the others.
fn stated<'n>(
    shape: &'n Shape,
    item: &'n Node,
) -> impl Iterator<Item = (&'n Field, &'n [Arc<str>], &'n Node)> {
    let others = shape.fields.iter().filter_map(|others| shape.field(others.others_of.as_deref()?));
    others.filter_map(|field| {
        let FieldType::Reference(kinds) = &field.ty else { return None };
        let node = item.get(&field.name)?;
        (several_names(node.as_text()?).len() > 1).then_some((field, &**kinds, node))
    })
}
