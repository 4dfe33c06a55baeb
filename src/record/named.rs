//! Who an item of a list names at its beginning, such as `Lena: call the hospital`, and which record a title names: `Leadership, 24
//! November 2026`. The text alone can't tell a name from another word; the records can.

use std::ops::Range;
use std::sync::Arc;

use super::body::TextSpans;
use super::conventions::CONVENTIONS;
use super::{Record, RecordContent};
use crate::calendar::day_in;
use crate::kind::{Field, FieldType, Initial, Shape, WHO};
use crate::node::{Entry, Key, Mapping, Node, Value};
use crate::text::{Source, Span};

impl RecordContent {
    /// Returns true if an item may name a record at its beginning, or the title one.
    pub(super) fn has_leading_names(&self) -> bool {
        let is_titled = self.title.is_some() && self.named_by_title().next().is_some();
        is_titled || self.has_items_with_names() || self.has_joined_names() || self.has_several_in_one()
    }

    /// Returns true if a field that may name one record or several has a text that looks like several names.
    fn has_several_in_one(&self) -> bool {
        let entries = self.fields.as_mapping().map_or(&[][..], Mapping::entries).iter();
        let texts = entries.filter(|entry| self.one_or_several(&entry.key.name).is_some());
        texts.filter_map(|entry| entry.value.as_text()).any(|text| several_names(text).len() > 1)
    }

    /// The kinds that a field names which holds one reference or a list of them.
    fn one_or_several(&self, field: &str) -> Option<&[Arc<str>]> {
        let field = self.kind.shape.field(field).filter(|field| field.may_be_list)?;
        let FieldType::Reference(kinds) = &field.ty else { return None };
        Some(&**kinds)
    }

    /// Returns true if a list of references has an item that joins names.
    fn has_joined_names(&self) -> bool {
        let entries = self.fields.as_mapping().map_or(&[][..], Mapping::entries).iter();
        entries.filter(|entry| self.named_kinds(&entry.key.name).is_some()).any(|entry| {
            let items = entry.value.as_sequence().unwrap_or_default();
            items
                .iter()
                .filter_map(Node::as_text)
                .any(|text| !matches!(joined_names(text)[..], [name] if name == text))
        })
    }

    /// The kinds that a list of references names.
    fn named_kinds(&self, field: &str) -> Option<&[Arc<str>]> {
        let FieldType::List(of) = &self.kind.shape.field(field)?.ty else { return None };
        let FieldType::Reference(kinds) = &**of else { return None };
        Some(&**kinds)
    }

    /// The fields that the record lacks and whose record its title may name.
    fn named_by_title(&self) -> impl Iterator<Item = (&Field, &[Arc<str>])> {
        let fields = self.kind.shape.fields.iter().filter(|field| field.initial == Some(Initial::Same));
        fields.filter(|field| self.fields.get(&field.name).is_none()).filter_map(|field| match &field.ty {
            FieldType::Reference(kinds) => Some((field, &**kinds)),
            _ => None,
        })
    }

    /// The names in its lists of references, such as those who attended, with the kinds of these.
    fn named_in_lists(&self) -> Vec<(&[Arc<str>], String)> {
        let entries = self.fields.as_mapping().map_or(&[][..], Mapping::entries).iter();
        let lists = entries.filter_map(|entry| {
            let kinds = self.named_kinds(&entry.key.name)?;
            Some((kinds, entry.value.as_sequence().unwrap_or(std::slice::from_ref(&entry.value))))
        });
        let names = lists.flat_map(|(kinds, items)| {
            let texts = items.iter().filter_map(Node::as_text).flat_map(joined_names);
            texts.map(move |name| (kinds, name.to_owned()))
        });
        names.collect()
    }

    fn has_items_with_names(&self) -> bool {
        self.lists().any(|(shape, list)| {
            let items = list.as_sequence().unwrap_or(std::slice::from_ref(list));
            items
                .iter()
                .any(|item| candidates(shape, item).next().is_some() || stated(shape, item).next().is_some())
        })
    }

    /// The lists whose items may do so.
    fn lists(&self) -> impl Iterator<Item = (&Shape, &Node)> {
        let entries = self.fields.as_mapping().map_or(&[][..], Mapping::entries).iter();
        entries.filter_map(|entry| {
            let FieldType::List(of) = &self.kind.shape.field(&entry.key.name)?.ty else { return None };
            let FieldType::Struct(shape) = &**of else { return None };
            let has_forms = shape.fields.iter().any(|field| !field.inline_known.is_empty());
            has_forms.then_some((&**shape, &entry.value))
        })
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
        let mut fields = Node::clone(&self.fields);
        let mut named = self.named_in_lists();
        named.retain(|(kinds, _)| are_people(kinds));
        let lists_people = self.format.is_some() && !named.is_empty();
        let is_known = |kinds: &[Arc<str>], name: &str| {
            let is_listed =
                |(of, listed): &(&[Arc<str>], String)| *of == kinds && is_same_person(listed, name);
            is_known(kinds, name) || named.iter().any(is_listed)
        };
        let mut is_changed = false;
        if let Value::Mapping(mapping) = &mut fields.value {
            let span = mapping.get("title").map_or(self.name_span, |title| title.span);
            for (field, kinds) in self.named_by_title() {
                let names = self.title.as_deref().map(names_in_title).unwrap_or_default();
                if let Some(name) = names.into_iter().find(|name| is_known(kinds, name)) {
                    let key = Key { name: field.name.clone(), span };
                    mapping.edit(|entries| entries.push(Entry { key, value: Node::text(span, name) }));
                    is_changed = true;
                }
            }
            for entry in mapping.entries_mut() {
                if let Some(kinds) = self.named_kinds(&entry.key.name)
                    && let Value::Sequence(items) = &mut entry.value.value
                {
                    let may_be_new = are_people(kinds);
                    is_changed |= split_joined(items, source, may_be_new, |name| is_known(kinds, name));
                    continue;
                }
                if let Some(kinds) = self.one_or_several(&entry.key.name) {
                    is_changed |= split_known(&mut entry.value, source, |name| is_known(kinds, name));
                    continue;
                }
                let Some(shape) = self.kind.shape.field(&entry.key.name).and_then(|field| field.ty.shape())
                else {
                    continue;
                };
                let Value::Sequence(items) = &mut entry.value.value else { continue };
                for item in items {
                    is_changed |= Names {
                        shape,
                        source,
                        has_directory,
                        lists_people,
                        is_known: &is_known,
                        is_meant: &is_meant,
                    }
                    .add_to(item);
                }
            }
        }
        is_changed.then(|| {
            let mut content = self.with_fields(fields);
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

/// Splits the items of a list that join names, such as `Ada Byron and Bo Ek`: those of which a part is known, or of which each
/// part looks like the name of a person, if `may_be_new`.
fn split_joined(
    items: &mut Box<[Node]>,
    source: &Source,
    may_be_new: bool,
    is_known: impl Fn(&str) -> bool,
) -> bool {
    let split = |item: &Node| -> Option<Vec<Node>> {
        let text = item.as_text()?;
        let names = joined_names(text);
        if names.is_empty() || (names.len() == 1 && names[0] == text) || is_known(text) {
            return None;
        }
        let is_list = names.iter().any(|name| is_known(name))
            || may_be_new && names.iter().all(|name| is_whole_name(name));
        let spans = TextSpans::new(source, item);
        let part = |name: &&str| {
            let start = name.as_ptr() as usize - text.as_ptr() as usize;
            Node::text(spans.span(start..start + name.len()), *name)
        };
        is_list.then(|| names.iter().map(part).collect())
    };
    let parts: Vec<Option<Vec<Node>>> = items.iter().map(split).collect();
    if parts.iter().all(Option::is_none) {
        return false;
    }
    let old = std::mem::take(items).into_iter().zip(parts);
    *items = old.flat_map(|(item, parts)| parts.unwrap_or_else(|| vec![item])).collect();
    true
}

/// Splits a text such as `Ada Byron, Bo Ek` into a list if each part names a record and the whole text names none.
fn split_known(value: &mut Node, source: &Source, is_known: impl Fn(&str) -> bool) -> bool {
    let text = value.as_text().unwrap_or_default();
    let names: Vec<&str> = several_names(text);
    if names.len() < 2 || is_known(text) || !names.iter().all(|name| is_known(name)) {
        return false;
    }
    let spans = TextSpans::new(source, value);
    let part = |name: &&str| {
        let start = name.as_ptr() as usize - text.as_ptr() as usize;
        Node::text(spans.span(start..start + name.len()), *name)
    };
    let parts = names.iter().map(part).collect();
    *value = Node::sequence(value.span, parts);
    true
}

/// The names in a text that joins them: `Ada Byron, Bo Ek and Lena`. A single one may have the word before it.
fn joined_names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut start = 0;
    let words = text.split_whitespace().map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word));
    for (at, word) in words.filter(|(_, word)| CONVENTIONS.joins_names(word)) {
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
    let whole = CONVENTIONS.without_titles(whole.split([',', '(']).next().unwrap_or(whole));
    let name = CONVENTIONS.without_titles(name);
    let first = whole.split_whitespace().next().unwrap_or_default();
    whole.eq_ignore_ascii_case(name) || first.eq_ignore_ascii_case(name)
}

/// Returns true for one to three capitalised words of letters, not for a word such as `Talk`: `Ada`, `Jens-Peter Berg`, `Dr. Ada Byron`.
fn has_form_of_name(text: &str) -> bool {
    let is_of_name = |c: char| c.is_alphabetic() || "-.'’".contains(c);
    let is_word = |word: &str| word.starts_with(char::is_uppercase) && word.chars().all(is_of_name);
    let is_acronym = |word: &str| word.len() > 1 && !word.contains(char::is_lowercase);
    let words = || text.split(' ');
    let begins_action = words().next().is_some_and(|word| CONVENTIONS.is_no_name(word));
    words().count() <= 3 && words().all(is_word) && !words().any(is_acronym) && !begins_action
}

/// The names in a text that joins them in any way: `Ada, Bo`, `Ada/Bo`, `Ada & Bo`, `Ada and Bo`.
fn several_names(text: &str) -> Vec<&str> {
    text.split([',', ';', '/', '&', '+']).flat_map(joined_names).collect()
}

/// Finds the names in the items of a list.
struct Names<'n, F, M> {
    shape: &'n Shape,
    source: &'n Source,
    has_directory: bool,
    /// True for a page of another format that says who was there.
    lists_people: bool,
    is_known: &'n F,
    is_meant: &'n M,
}

impl<F: Fn(&[Arc<str>], &str) -> bool, M: Fn(&[Arc<str>], &str) -> bool> Names<'_, F, M> {
    /// Adds the fields that the text of an item states, and takes apart a field that names several.
    fn add_to(&self, item: &mut Node) -> bool {
        let mut found: Vec<Entry> = Vec::new();
        for Candidate { field, kinds, text, node, is_by_form } in candidates(self.shape, item) {
            if found.iter().any(|entry| entry.key.name == field.name) {
                continue;
            }
            if let [first, others @ ..] = &self.names(kinds, text, is_by_form)[..] {
                found.push(self.entry(field, node, first));
                found.extend(self.others(item, field, node, others));
            } else if (self.is_meant)(kinds, text) {
                found.push(self.entry(field, node, text));
            }
        }
        let mut firsts: Vec<(Arc<str>, Node)> = Vec::new();
        for (field, kinds, node) in stated(self.shape, item) {
            if let [first, others @ ..] = &self.names(kinds, node.as_text().unwrap_or_default(), true)[..]
                && let Some(others) = self.others(item, field, node, others)
            {
                firsts.push((field.name.clone(), self.entry(field, node, first).value));
                found.push(others);
            }
        }
        let Value::Mapping(mapping) = &mut item.value else { return false };
        for entry in mapping.entries_mut() {
            if let Some((_, first)) = firsts.iter().find(|(name, _)| *name == entry.key.name) {
                entry.value = first.clone();
            }
        }
        let is_changed = !found.is_empty();
        if is_changed {
            mapping.edit(|entries| entries.extend(found));
        }
        is_changed
    }

    /// The names in a text, of which the first is known; `is_by_form` where the form of names is enough without a directory.
    fn names<'t>(&self, kinds: &[Arc<str>], text: &'t str, is_by_form: bool) -> Vec<&'t str> {
        let is_known = |name: &str| (self.is_known)(kinds, name);
        if is_known(text) {
            return vec![text];
        }
        let mut names = several_names(text);
        let is_first_known = names.first().is_some_and(|name| is_known(name));
        // `Research: …` is a label where others are named as those who were there.
        let is_label = |name: &&str| self.lists_people && !name.contains(' ');
        let is_form_enough =
            !self.has_directory && names.iter().all(|name| has_form_of_name(name) && !is_label(name));
        let by_form = is_form_enough && (is_by_form || is_first_known);
        if !by_form && !is_first_known {
            return Vec::new();
        }
        names.retain(|name| by_form || is_known(name));
        names
    }

    fn entry(&self, field: &Field, node: &Node, name: &str) -> Entry {
        let value = self.part(node, name);
        Entry { key: Key { name: field.name.clone(), span: value.span }, value }
    }

    /// The field for the other names, if the item lacks it.
    fn others(&self, item: &Node, field: &Field, node: &Node, names: &[&str]) -> Option<Entry> {
        let of = |other: &&Field| other.others_of.as_deref() == Some(&*field.name);
        let others = self.shape.fields.iter().find(of).filter(|others| item.get(&others.name).is_none())?;
        let names: Vec<Node> = names.iter().map(|name| self.part(node, name)).collect();
        let span = names.iter().map(|name| name.span).reduce(Span::to)?;
        Some(Entry { key: Key { name: others.name.clone(), span }, value: Node::sequence(span, names) })
    }

    fn part(&self, node: &Node, name: &str) -> Node {
        let at = self.source.slice(node.span).find(name);
        let span = at.map_or(node.span, |at| {
            let start = node.span.start as usize + at;
            Span::new(start, start + name.len())
        });
        Node::text(span, name)
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
        let known = field.inline_known.matches(words).map(|(_, name)| (name, false));
        let unlisted = field.inline_unlisted.matches(words).map(|(_, name)| (name, true));
        let candidate = move |(name, is_by_form): (Range<usize>, bool)| Candidate {
            field,
            kinds,
            text: words[name].trim(),
            node,
            is_by_form,
        };
        known.chain(unlisted).map(candidate)
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
