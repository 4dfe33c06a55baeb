//! Finds who an item names, as in `Lena: call the hospital`, and which record a title names: `Leadership, 24 November 2026`. The text alone
//! can't tell a name from another word; the records can.

use std::ops::Range;
use std::sync::Arc;

use super::body::{TextSpans, list};
use super::{Record, RecordContent};
use crate::calendar::day_in;
use crate::kind::{Field, FieldType, Initial, Shape, WHO};
use crate::node::{Entry, Node, Value};
use crate::text::{Source, range_in};
use crate::value::words;

impl RecordContent {
    /// Returns true if an item may name a record in its text, or the title one, or a text several.
    pub(super) fn has_leading_names(&self) -> bool {
        let is_named_in_text = |field: &Field| {
            field.others_of.is_some()
                || field.in_text.is_some() && matches!(field.ty, FieldType::Reference(_))
        };
        let may_name = |entry: &Entry| {
            let Some(field) = self.kind.shape.field(&entry.key.name) else { return false };
            let texts = entry.value.items().iter().filter_map(Node::as_text);
            match field.item_shape() {
                Some(shape) => shape.fields.iter().any(is_named_in_text),
                None => {
                    several_kinds(field).is_some() && texts.into_iter().any(|it| several_names(it) != [it])
                }
            }
        };
        let entries = self.fields.entries().iter();
        self.title.is_some() && self.named_by_title().next().is_some() || entries.into_iter().any(may_name)
    }

    /// Returns the fields that the record lacks and whose record its title may name.
    fn named_by_title(&self) -> impl Iterator<Item = (&Field, &[Arc<str>])> {
        let fields = self.kind.shape.fields.iter().filter(|field| field.initial == Some(Initial::Same));
        let absent = fields.filter(|field| self.fields.get(&field.name).is_none());
        absent.filter_map(|field| Some((field, field.ty.referred()?)))
    }

    /// Returns the names of people in its lists of references, such as those who attended.
    fn listed_people(&self) -> Vec<String> {
        let entries = self.fields.entries().iter();
        let lists = entries.filter(|entry| {
            let ty = self.kind.shape.field(&entry.key.name).map(|field| &field.ty);
            ty.is_some_and(|ty| matches!(ty, FieldType::List(_)) && ty.referred().is_some_and(are_people))
        });
        let texts = lists.flat_map(|entry| entry.value.items()).filter_map(Node::as_text);
        texts.flat_map(joined_names).map(str::to_owned).collect()
    }
}

impl Record {
    /// Returns the record with the names that its items state in their texts, if there are some. `is_known` tells whether a text names a
    /// record, `is_meant` whether it can only be a misspelt identifier. Without a directory, the form of a name is enough.
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
        let is_listed = |name: &str| {
            listed.iter().any(|whole| whole == name || whole.split([' ', ',']).next() == Some(name))
        };
        let is_known =
            |kinds: &[Arc<str>], name: &str| is_known(kinds, name) || are_people(kinds) && is_listed(name);
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
                let entry = Entry::new(field.name.clone(), span, Node::text(span, &**name));
                mapping.edit(|entries| entries.push(entry));
                is_changed = true;
            }
        }
        is_changed.then(|| {
            let mut content = RecordContent { fields: fields.into(), ..(**self).clone() };
            content.mentions = content.collect_mentions();
            Record { content: Arc::new(content), ..self.clone() }
        })
    }
}

/// Returns the kinds that a field names which holds a list of references, or one or a list of them.
fn several_kinds(field: &Field) -> Option<&[Arc<str>]> {
    field.ty.referred().filter(|_| field.may_be_list || matches!(field.ty, FieldType::List(_)))
}

fn are_people(kinds: &[Arc<str>]) -> bool {
    kinds.iter().any(|kind| **kind == *WHO[0])
}

/// Returns what may be the name of a record in a title: the title without a day, and its beginning.
fn names_in_title(title: &str) -> Vec<String> {
    let undated = day_in(title).map_or_else(|| title.trim().to_owned(), |(_, rest)| rest);
    let start = title.split([',', ':', '(', '–', '—']).next().unwrap_or(title).trim().to_owned();
    [undated, start].into_iter().filter(|name| !name.is_empty()).collect()
}

/// Returns the names in a text that joins them: `Ada Byron, Bo Ek and Lena`. A single one may have the word before it.
fn joined_names(text: &str) -> Vec<&str> {
    let is_joint = |word: &&str| matches!(*word, "&" | "+" | "/") || words::is_in("conjunctions", word);
    let joints = text.split_whitespace().filter(is_joint).map(|word| range_in(text, word));
    let joints: Vec<Range<usize>> = joints.collect();
    let starts = std::iter::once(0).chain(joints.iter().map(|joint| joint.end));
    let ends = joints.iter().map(|joint| joint.start).chain([text.len()]);
    let names = starts.zip(ends).map(|(start, end)| text[start..end].trim_matches([' ', ',', ';']));
    names.filter(|name| !name.is_empty()).collect()
}

/// Returns true for one to three capitalised words of letters, not for a word such as `Talk`: `Ada`, `Jens-Peter Berg`, `Dr. Ada Byron`.
fn has_form_of_name(text: &str) -> bool {
    let is_of_name = |c: char| c.is_alphabetic() || "-.'’".contains(c);
    let is_word = |word: &str| word.starts_with(char::is_uppercase) && word.chars().all(is_of_name);
    let is_acronym = |word: &str| word.len() > 1 && !word.contains(char::is_lowercase);
    let words = || text.split(' ');
    let begins_action = words().next().is_some_and(|word| words::is_in("beginnings-of-actions", word));
    words().count() <= 3 && words().all(is_word) && !words().any(is_acronym) && !begins_action
}

/// Returns the names in a text that joins them in any way: `Ada, Bo`, `Ada/Bo`, `Ada & Bo`, `Ada and Bo`.
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
        let is_list = value.as_sequence().is_some();
        let is_known = |name: &&str| (self.is_known)(kinds, name);
        let is_person = |name: &&str| name.contains(' ') && has_form_of_name(name);
        let parts = |item: &Node| -> Option<Vec<Node>> {
            let text = item.as_text()?;
            let names = if is_list { joined_names(text) } else { several_names(text) };
            let are_names = match is_list {
                // A part of a list may be an unknown person.
                true => names.iter().any(is_known) || are_people(kinds) && names.iter().all(is_person),
                false => names.iter().all(is_known),
            };
            let is_split = are_names && !names.is_empty() && names != [text] && !is_known(&text);
            is_split.then(|| names.into_iter().map(|name| self.part(item, name)).collect())
        };
        let found: Vec<Option<Vec<Node>>> = value.items().iter().map(parts).collect();
        if found.iter().all(Option::is_none) {
            return false;
        }
        let split = value.items().iter().zip(found);
        let split = split.flat_map(|(item, parts)| parts.unwrap_or_else(|| vec![item.clone()]));
        *value = Node::sequence(value.span, split.collect());
        true
    }

    /// Adds the fields that the text of an item states, and takes apart a field that names several.
    fn add_to(&self, item: &mut Node, shape: &Shape) -> bool {
        let text = shape.text.as_deref().and_then(|name| item.get(name));
        let mut found: Vec<(Arc<str>, Node)> = Vec::new();
        for field in &shape.fields {
            let FieldType::Reference(kinds) = &field.ty else { continue };
            let stated = item.get(&field.name);
            let Some(node) = stated.or(text) else { continue };
            let Some(written) = node.as_text() else { continue };
            let names = match (stated, field.in_text) {
                (Some(_), _) => self.names(kinds, written, true),
                (None, Some(phrase)) => {
                    let mut meant = phrase.names(written).into_iter().map(|(range, by_form)| {
                        let text = &written[range];
                        let names = self.names(kinds, text, by_form);
                        let is_meant = names.is_empty() && (self.is_meant)(kinds, text);
                        if is_meant { vec![text] } else { names }
                    });
                    meant.find(|names| !names.is_empty()).unwrap_or_default()
                }
                (None, None) => continue,
            };
            let [first, others @ ..] = &names[..] else { continue };
            let of_others = |other: &&Field| {
                other.others_of.as_deref() == Some(&*field.name) && item.get(&other.name).is_none()
            };
            let rest = shape.fields.iter().find(of_others);
            let rest = rest.zip(list(others.iter().map(|name| self.part(node, name)).collect()));
            if stated.is_none() || rest.is_some() {
                found.push((field.name.clone(), self.part(node, first)));
                found.extend(rest.map(|(field, value)| (field.name.clone(), value)));
            }
        }
        let (Value::Mapping(mapping), false) = (&mut item.value, found.is_empty()) else { return false };
        mapping.edit(|entries| {
            for (name, value) in found {
                match entries.iter_mut().find(|entry| entry.key.name == name) {
                    Some(entry) => entry.value = value,
                    None => entries.push(Entry::new(name, value.span, value)),
                }
            }
        });
        true
    }

    /// Returns the names in a text, of which the first is known; `is_by_form` where the form of names is enough without a directory.
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

    fn part(&self, node: &Node, name: &str) -> Node {
        TextSpans::new(self.source, node).part(name)
    }
}
