//! Where a page states a field that its profile looks for in another place or under another name.

use regex::RegexBuilder;

use super::extract::{Extractor, Selector, ValueForm};
use super::view::View;
use super::{Mismatch, Profile, same_key};
use crate::calendar;
use crate::kind::FieldType;
use crate::node::{Mapping, Node};
use crate::schema::{nearest, only_meaning};
use crate::syntax::Document;
use crate::syntax::markdown::{Heading, section_key};

/// A place of a page that no field is read from, as a profile names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadPlace {
    /// `header`, `row`, `section` or `key`.
    pub location: &'static str,
    pub name: Box<str>,
    value: Box<str>,
}

/// The parts of a section that a field is read from, and that a page writes otherwise.
#[derive(Clone, Copy, Debug)]
pub struct LackingForm {
    /// The value of `take`.
    pub take: &'static str,
    pub parts: &'static str,
}

impl Profile {
    /// Returns true if a page has the part that one of the locations of a field reads.
    pub fn finds(&self, field: &str, view: &View<'_>) -> bool {
        self.extractors(field).any(|extractor| extractor.read(view).is_some())
    }

    /// Returns true if a field is read only from what each page has: its title, and the names of the file and its folder.
    pub fn reads_names_for(&self, field: &str) -> bool {
        let is_name = |one: &Extractor| {
            matches!(one.selector, Selector::Title(_) | Selector::File(_) | Selector::Folder(_))
        };
        self.extractors(field).count() > 0 && self.extractors(field).all(is_name)
    }

    /// Returns the place of a page that a field is probably stated in, though the profile does not read it: one of the same
    /// name, or of almost the same, or the only one with a date where the field is a date.
    pub fn meant_place(&self, field: &str, view: &View<'_>) -> Option<UnreadPlace> {
        let names: Vec<&str> = self.extractors(field).flat_map(names_of).collect();
        let mut unread = self.unread_places(view);
        let is_same = |place: &UnreadPlace| names.iter().any(|name| is_called(&place.name, name));
        if let Some(at) = unread.iter().position(is_same) {
            return Some(unread.swap_remove(at));
        }
        let near = names.iter().find_map(|name| nearest(name, unread.iter().map(|place| &*place.name)));
        let near = near.and_then(|near| unread.iter().find(|place| *place.name == *near)).cloned();
        let is_date = self.kind.shape.field(field).is_some_and(|field| matches!(field.ty, FieldType::Date));
        let dated = || {
            let formats = &self.date_formats;
            let holds_date = |place: &&UnreadPlace| {
                calendar::parse_leading_date(&place.value, formats)
                    .or_else(|| calendar::parse_any_date(&place.value))
                    .is_some()
            };
            let mut dated = unread.iter().filter(holds_date);
            dated.next().filter(|_| dated.next().is_none()).cloned()
        };
        near.or_else(|| if is_date && !names.is_empty() { dated() } else { None })
    }

    /// Returns true if a line or key of this name is read by no field, and is a misspelt name that this field is read from.
    pub fn is_misspelt_name(&self, field: &str, written: &str) -> bool {
        let is_read =
            self.fields().any(|(_, extractors)| extractors.iter().any(|one| one.reads_entry(written)));
        let names = self.extractors(field).flat_map(names_of).map(|name| (name.to_lowercase(), field));
        !is_read && only_meaning(&written.to_lowercase(), names).is_some()
    }

    /// Returns the name of this field's line, row, key or section that a page has with one letter wrong.
    pub fn misspelt_name(&self, field: &str, place: &UnreadPlace) -> Option<&str> {
        let (written, names) = (place.name.to_lowercase(), self.extractors(field).flat_map(names_of));
        let is_slip = |name: &&str| {
            let name = name.to_lowercase();
            only_meaning(&written, [(&name, "")]).is_some()
        };
        names.into_iter().find(is_slip)
    }

    /// Returns the names of keys, and of lines and rows below the title, that fields are read from, each with its field. A pattern for the text there
    /// reads a line that is named as its field.
    pub fn labels(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields().flat_map(|(field, extractors)| {
            extractors.iter().flat_map(move |one| {
                match &one.selector {
                    Selector::Key(_) | Selector::Header(_) | Selector::Row(_) => names_of(one),
                    Selector::Preamble(_) => vec![field],
                    _ => Vec::new(),
                }
                .into_iter()
                .map(move |name| (name, field))
            })
        })
    }

    /// Returns true if the field is read from a line, a row or a key of this name.
    pub fn is_name_of(&self, field: &str, written: &str) -> bool {
        self.extractors(field).any(|one| one.reads_entry(written) || one.reads_row(written))
    }

    /// Returns what to write for a condition that asks for the beginning of the text below the title, where a line there
    /// begins so.
    pub fn unanchored(&self, view: &View<'_>) -> Option<String> {
        let text = view.source().slice(view.preamble()?);
        let mut patterns = Vec::new();
        add_preambles(&self.recognised_by, &mut patterns);
        patterns.into_iter().find_map(|pattern| {
            let rest = pattern.strip_prefix('^')?;
            let candidates = [format!("(?m)^{rest}"), rest.to_owned()];
            let is_match = |it: &&String| RegexBuilder::new(it).build().is_ok_and(|it| it.is_match(text));
            let meant = candidates.iter().find(is_match)?;
            Some(format!("`^` is the beginning of all that text; write `preamble: \"{meant}\"`"))
        })
    }

    /// Returns the value of a header line that a field is read from, if the field's pattern does not match it.
    pub fn unmatched_value<'v>(&self, field: &str, view: &'v View<'_>) -> Option<&'v str> {
        let entries = view.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
        let mut unmatched = self.extractors(field).filter(|one| is_header(one) && one.read(view).is_none());
        unmatched.find_map(|one| {
            let entry = entries.iter().find(|entry| one.reads_entry(&entry.key.name))?;
            entry.value.as_text().filter(|value| !value.trim().is_empty())
        })
    }

    /// Returns the title of a page, if a field is read from it alone and no pattern matches it.
    pub fn unmatched_title<'v>(&self, field: &str, view: &'v View<'_>) -> Option<&'v str> {
        let is_title = |one: &Extractor| matches!(one.selector, Selector::Title(_));
        let is_unmatched = |one: &Extractor| is_title(one) && one.read(view).is_none();
        let title = view.title().filter(|_| self.extractors(field).all(is_unmatched))?;
        (self.extractors(field).count() > 0).then_some(&*title.title)
    }

    /// Returns the sections beside those that are records, and what each lacks to be one.
    pub fn sections_left_out<'a>(&self, document: &'a Document) -> Vec<(&'a Heading, Mismatch)> {
        self.recognition.sections.as_ref().map_or_else(Vec::new, |sections| sections.left_out(document))
    }

    /// Returns true if the heading of a section has an identifier, as the headings of records do.
    pub fn numbers_section(&self, document: &Document, heading: &Heading) -> bool {
        let view = View::of_section(document, heading);
        let is_title = |one: &&Extractor| matches!(one.selector, Selector::Title(_));
        self.extractors("id").filter(is_title).any(|one| one.read(&view).is_some())
    }

    /// Returns what a section with text has none of, though a field is read from that alone: list items or links.
    pub fn lacking_form(&self, field: &str, view: &View<'_>) -> Option<LackingForm> {
        let page = view.markdown()?;
        self.extractors(field).find_map(|one| {
            let Selector::Section(keys, take) = &one.selector else { return None };
            let form = match take {
                ValueForm::Items => LackingForm { take: "items", parts: "list items" },
                ValueForm::Links => LackingForm { take: "links", parts: "links" },
                ValueForm::Text | ValueForm::Line | ValueForm::Lines | ValueForm::Names => return None,
            };
            let heading = view.section(keys)?;
            let has_text = !self.is_blank(view.source().slice(heading.own_body).trim());
            let is_read = take.read(view.source(), page, heading).is_some_and(|value| !value.is_empty());
            (has_text && !is_read).then_some(form)
        })
    }

    /// Returns the beginning of a line below the title that has the name of a header line and is none, such as `State::`, and the
    /// pattern that reads its value.
    pub fn other_line(&self, field: &str, view: &View<'_>) -> Option<(String, String)> {
        const SIGNS: [&str; 8] = ["::", ":=", "=>", "->", "=", "→", "–", "—"];
        let text = view.source().slice(view.preamble()?);
        let names: Vec<&str> =
            self.extractors(field).filter(|one| is_header(one)).flat_map(names_of).collect();
        text.lines().find_map(|line| {
            let sign =
                SIGNS.iter().filter_map(|sign| Some((line.find(sign)?, *sign))).min_by_key(|(at, _)| *at);
            let (at, sign) = sign?;
            let is_named = names.iter().any(|name| same_key(name, line[..at].trim()));
            let has_value = !line[at + sign.len()..].trim().is_empty();
            let start = &line[..at + sign.len()];
            (is_named && has_value)
                .then(|| (start.to_owned(), format!("(?m)^{} *(.+)$", regex::escape(start))))
        })
    }

    /// Returns true if the pattern of a title begins with the marks of headings, which a title is matched without.
    pub fn asks_for_marks(&self, field: &str) -> bool {
        let begins_with_mark = |pattern: &super::pattern::Pattern| {
            pattern.text().trim_start_matches('^').starts_with(['#', '='])
        };
        self.extractors(field)
            .any(|one| matches!(&one.selector, Selector::Title(pattern) if begins_with_mark(pattern)))
    }

    /// Returns true if a page has no part of the sort that a field is read from: keys, lines `Name: …` or a table; or if none of its
    /// sections is one that the format reads.
    pub fn lacks_such_places(&self, field: &str, view: &View<'_>) -> bool {
        let has_entries =
            |node: Option<&Node>| node.and_then(Node::as_mapping).is_some_and(|it| !it.is_empty());
        let unread = || self.unread_places(view).into_iter().filter(|place| place.location == "section");
        let reads_a_section = || unread().count() < view.sections().len();
        let is_missing = |one: &Extractor| match one.selector {
            Selector::Key(_) => !has_entries(view.root),
            Selector::Header(_) => !has_entries(view.header()),
            Selector::Cell(_) | Selector::Row(_) | Selector::Column(_) => {
                view.markdown().is_some_and(|page| page.tables.is_empty())
            }
            Selector::Section(..) => !view.sections().is_empty() && !reads_a_section(),
            _ => false,
        };
        self.extractors(field).count() > 0 && self.extractors(field).all(is_missing)
    }

    pub(super) fn extractors(&self, field: &str) -> impl Iterator<Item = &Extractor> {
        self.fields.iter().filter(move |(name, _)| **name == *field).flat_map(|(_, extractors)| extractors)
    }

    fn unread_places(&self, view: &View<'_>) -> Vec<UnreadPlace> {
        let entries = |location, mapping: Option<&Node>| {
            let entries = mapping.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
            let place = |entry: &crate::node::Entry| UnreadPlace {
                location,
                name: (&*entry.key.name).into(),
                value: entry.value.as_text().unwrap_or_default().into(),
            };
            entries.iter().filter(|entry| !entry.value.is_null()).map(place).collect::<Vec<_>>()
        };
        let row = |(name, value)| UnreadPlace { location: "row", name, value };
        let headings = view.markdown().map_or(&[][..], |page| &page.headings);
        let section = |at: &usize| UnreadPlace {
            location: "section",
            name: (&*headings[*at].title).into(),
            value: "".into(),
        };
        let mut sections: Vec<&usize> = view.sections().values().collect();
        sections.sort_unstable();
        let rows = view.first_table_rows().into_iter().map(row);
        let keys = entries("key", view.root.filter(|_| self.other_keys.is_empty()));
        let mut places = [entries("header", view.header()), rows.collect(), keys].concat();
        places.extend(sections.into_iter().map(section));
        places.retain(|place| !self.reads_place(place));
        places
    }

    fn reads_place(&self, place: &UnreadPlace) -> bool {
        let key = [section_key(&place.name).into_boxed_str()];
        let reads = |extractor: &Extractor| match place.location {
            "row" => extractor.reads_row(&place.name),
            "section" => extractor.sections().contains(&key[0]),
            "header" => extractor.reads_entry(&place.name) && is_header(extractor),
            _ => extractor.reads_entry(&place.name) && !is_header(extractor),
        };
        self.fields.iter().flat_map(|(_, extractors)| extractors).any(reads)
    }
}

impl UnreadPlace {
    /// Returns the parts of a page, such as the line `State: …`.
    pub fn part(&self) -> String {
        match self.location {
            "header" => format!("the line `{}: …`", self.name),
            location => format!("the {location} `{}`", self.name),
        }
    }
}

fn add_preambles<'j>(condition: &'j serde_json::Value, patterns: &mut Vec<&'j str>) {
    match condition {
        serde_json::Value::Object(keys) => {
            patterns.extend(keys.get("preamble").and_then(|pattern| pattern.as_str()));
            keys.values().for_each(|part| add_preambles(part, patterns));
        }
        serde_json::Value::Array(parts) => parts.iter().for_each(|part| add_preambles(part, patterns)),
        _ => {}
    }
}

fn is_header(extractor: &Extractor) -> bool {
    matches!(extractor.selector, Selector::Header(_))
}

fn names_of(extractor: &Extractor) -> Vec<&str> {
    match &extractor.selector {
        Selector::Key(names)
        | Selector::Header(names)
        | Selector::Row(names)
        | Selector::Section(names, _) => names.iter().map(|name| &**name).collect(),
        _ => Vec::new(),
    }
}

/// Returns true for the name that the profile has, or that its name matches as a pattern.
fn is_called(name: &str, asked: &str) -> bool {
    let is_pattern = asked.contains(['*', '+', '|', '^', '$']);
    let matches = || {
        let whole = format!("^(?:{asked})$");
        let pattern = RegexBuilder::new(&whole).case_insensitive(true).size_limit(1 << 16).build();
        pattern.is_ok_and(|pattern| pattern.is_match(name))
    };
    same_key(name, asked) || section_key(name) == *asked || is_pattern && matches()
}
