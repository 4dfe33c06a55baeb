//! The initial values of a new record, in the style of its neighbours, and what its title says: a day, or another record.

use std::sync::Arc;

use jiff::civil::Date;

use super::Request;
use super::siblings::{Siblings, form_of};
use crate::calendar::day_in;
use crate::catalog::Catalog;
use crate::format::Format;
use crate::kind::{Field, FieldType, Initial, Kind, WHO};
use crate::layout::label_key;
use crate::node::Node;
use crate::record::Record;

pub(super) struct Values<'a> {
    pub request: &'a Request<'a>,
    pub id: &'a str,
    /// The Git user, as records name people.
    pub author: Option<&'a str>,
    pub siblings: &'a Siblings,
    pub catalog: &'a Catalog,
}

impl<'a> Values<'a> {
    pub(super) fn kind(&self) -> &'a Kind {
        self.request.kind
    }

    pub(super) fn format(&self) -> Option<&'a Format> {
        self.siblings.format.as_deref()
    }

    /// Returns the field that a label, a key or the title of a section states.
    pub(super) fn field(&self, label: &str) -> Option<&'a Field> {
        let kind = self.kind();
        let key = label_key(label);
        let states_id = |format: &Format| format.definition.id.iter().any(|place| label_key(place) == key);
        let of_format = || self.format().and_then(|format| format.field_of(label));
        let of_kind = || kind.shape.by_key(label).or_else(|| kind.section_field(label));
        match self.format().is_some_and(states_id) {
            true => kind.shape.field("id"),
            false => of_format().or_else(of_kind),
        }
    }

    /// Returns the value of a field in the new record, written like that of another one; `None` if it is unknown.
    pub(super) fn value(&self, field: &Field, like: &str) -> Option<String> {
        match (&*field.name, &field.initial) {
            ("id", _) => Some(self.id_like(like)),
            ("title", _) => Some(self.request.title.clone()),
            _ if self.owner_field() == Some(&*field.name) => self.author.map(str::to_owned),
            (_, Some(Initial::Today)) => Some(self.day_like(self.request.today, like)),
            (_, Some(Initial::Day)) => Some(self.day_like(self.request.day(), like)),
            (_, Some(Initial::Same)) => self.same(field),
            (_, Some(Initial::Author)) => self.author.map(str::to_owned),
            (_, Some(Initial::Title)) => {
                let has_title = self.siblings.model().is_some_and(|model| model.field("title").is_some());
                (!has_title).then(|| self.request.title.clone())
            }
            (_, Some(Initial::Value(value))) => self.word_like(field, value, like),
            (_, Some(Initial::Page | Initial::Each { .. })) => None,
            (_, None) => self.first_status(field).and_then(|value| self.word_like(field, value, like)),
        }
    }

    /// The status of a record that is new, in a kind that does not state it as an initial value.
    fn first_status<'f>(&'f self, field: &'f Field) -> Option<&'f str> {
        let kind = self.kind();
        let of_status = || kind.status.as_deref() == Some(&*field.name);
        let default = || field.default.as_ref().filter(|_| self.format().is_some())?.as_text();
        kind.draft_statuses.first().map(|status| &**status).or_else(default).filter(|_| of_status())
    }

    /// True for a field that at least half of the others state.
    pub(super) fn is_usual(&self, field: &Field) -> bool {
        let records = &self.siblings.records;
        let stated = records.iter().filter(|record| record.field(&field.name).is_some()).count();
        2 * stated >= records.len()
    }

    /// The record that the title names, as others write it; else the one that most of them name.
    fn same(&self, field: &Field) -> Option<String> {
        // Of the example of a kind nothing but the form holds here.
        if self.siblings.taken_ids.is_empty() {
            return None;
        }
        let written = || self.siblings.records.iter().rev().filter_map(|it| it.field(&field.name)?.as_text());
        if let FieldType::Reference(kinds) = &field.ty
            && let Some(named) = record_named(self.catalog, kinds, &self.request.title)
        {
            let mut known = written().filter(|text| self.catalog.is_named(named, text));
            return Some(known.next().unwrap_or(&named.id).to_owned());
        }
        let usual = written().next()?;
        let count = written().filter(|text| *text == usual).count();
        (count * 2 > self.siblings.records.len()).then(|| usual.to_owned())
    }

    /// The texts for each of which the record has an item in a field.
    pub(super) fn each(&self, of: &Field) -> Vec<String> {
        let Some(Initial::Each { field, list }) = &of.initial else { return Vec::new() };
        let Some(field) = self.kind().shape.field(field) else { return Vec::new() };
        let named = self.value(field, "");
        let FieldType::Reference(kinds) = &field.ty else { return Vec::new() };
        let named =
            named.and_then(|name| kinds.iter().find_map(|kind| self.catalog.named(kind, &name).first()));
        let texts = named.and_then(|id| self.catalog.record(*id).field(list)?.as_sequence());
        texts.unwrap_or_default().iter().filter_map(Node::as_text).map(str::to_owned).collect()
    }

    /// The field in which the newest record states who is accountable, if it does not state who wrote it. Who writes down a role or a
    /// team has no more to do with it than others, nor is the author the chair of a forum that names no owner.
    fn owner_field(&self) -> Option<&'a str> {
        let kind = self.kind();
        let accountable = match self.format() {
            Some(format) => &format.definition.accountable[..],
            None => kind.accountable.get(..1).unwrap_or_default(),
        };
        let model = self.siblings.model()?;
        let states_author =
            |field: &Field| field.initial == Some(Initial::Author) && model.field(&field.name).is_some();
        if WHO.contains(&&*kind.name) || kind.shape.fields.iter().any(states_author) {
            return None;
        }
        let first = accountable.iter().map(|name| &**name).find(|name| model.field(name).is_some())?;
        // Pages that always name others are not of the author.
        let is_author =
            |node: &Node| node.as_text().zip(self.author).is_some_and(|(name, it)| name.contains(it));
        let records = &self.siblings.records;
        let mut names = records.iter().filter_map(|record| record.field(first)).flat_map(Node::items);
        let is_list = matches!(kind.shape.field(first)?.ty, FieldType::List(_));
        (!is_list || records.len() < 3 || names.any(is_author)).then_some(first)
    }

    /// The new identifier in the place of another one in a text: a number with the leading zeros of the other.
    pub(super) fn id_like(&self, like: &str) -> String {
        let Ok(number) = self.id.parse::<u64>() else {
            return self.id_in_place(like).unwrap_or_else(|| self.id.to_owned());
        };
        let is_digit = |c: char| c.is_ascii_digit();
        let Some(start) = like.find(is_digit) else { return number.to_string() };
        let end = like[start..].find(|c| !is_digit(c)).map_or(like.len(), |length| start + length);
        let width = if like[start..].starts_with('0') { end - start } else { 1 };
        format!("{}{number:0width$}{}", &like[..start], &like[end..])
    }

    /// The beginning of a heading, with the new identifier in the place of the other record's: `Memo: ` has none.
    pub(super) fn prefix_like(&self, like: &str) -> String {
        let has_id = like.contains(|c: char| c.is_ascii_digit()) || self.id_in_place(like).is_some();
        if has_id { self.id_like(like) } else { like.to_owned() }
    }

    /// The new identifier where that of the newest record is between other words.
    fn id_in_place(&self, like: &str) -> Option<String> {
        let of_model = &*self.siblings.model()?.id;
        like.contains(of_model).then(|| like.replacen(of_model, self.id, 1))
    }

    fn day_like(&self, today: Date, like: &str) -> String {
        let day = day_in(like).filter(|(_, rest)| rest.trim().is_empty());
        let form = day.and_then(|(day, _)| form_of(day, like.trim()));
        form.map_or_else(|| today.to_string(), |form| today.strftime(form).to_string())
    }

    /// The word of the format for a value, or for another status of a draft; `None` if it has words, and none for these.
    fn word_like(&self, field: &Field, value: &str, like: &str) -> Option<String> {
        let word = match self.format().and_then(|format| format.words(&field.name)) {
            Some(words) => {
                let mut of_draft = self.kind().draft_statuses.iter();
                words.word_for(value).or_else(|| of_draft.find_map(|status| words.word_for(status)))?
            }
            None => value,
        };
        let is_capital =
            like.trim_start_matches(|c: char| !c.is_alphabetic()).starts_with(char::is_uppercase);
        Some(if is_capital { crate::text::capital(word) } else { word.to_owned() })
    }

    pub(super) fn is_status(&self, field: &Field, text: &str) -> bool {
        let text = text.trim().trim_matches(['*', '_', '`']);
        match self.format().and_then(|format| format.words(&field.name)) {
            Some(vocabulary) => vocabulary.iter().any(|word| word.eq_ignore_ascii_case(text)),
            None => field.canonical(text).is_some(),
        }
    }
}

impl Request<'_> {
    /// Gives the record a title, if the request has none: that of the newest record with today in the place of its day.
    pub(super) fn titled(&self, catalog: &Catalog) -> Request<'_> {
        let of_others = || {
            let titles = catalog.of_kind(&self.kind.name).iter();
            let titles = titles.filter_map(|number| catalog.record(*number).title.as_deref());
            let dated = titles.filter_map(|title| Some((day_in(title)?.0, title)));
            let (day, title) = dated.max_by_key(|(day, _)| *day).filter(|_| self.has_day())?;
            let form = form_of(day, title)?;
            Some(title.replacen(&day.strftime(form).to_string(), &self.today.strftime(form).to_string(), 1))
        };
        let given = Some(self.title.clone()).filter(|title| !title.is_empty());
        let title = given.or_else(of_others).unwrap_or_else(|| self.stand_in_title());
        Request { title, id: self.id.clone(), place: self.place.clone(), ..*self }
    }

    fn stand_in_title(&self) -> String {
        format!("Untitled {}", self.kind.name)
    }

    pub(super) fn is_untitled(&self) -> bool {
        self.title == self.stand_in_title()
    }

    fn has_day(&self) -> bool {
        self.kind.shape.fields.iter().any(|field| field.initial == Some(Initial::Day))
    }

    fn named_day(&self) -> Option<(Date, String)> {
        day_in(&self.title).filter(|_| self.has_day())
    }

    /// The day that the record is about: today, unless the title names another one.
    pub(super) fn day(&self) -> Date {
        self.named_day().map_or(self.today, |(day, _)| day)
    }

    pub(super) fn undated_title(&self) -> String {
        self.named_day().map_or_else(|| self.title.clone(), |(_, rest)| rest)
    }
}

/// The record of one of these kinds that a title names; of several, the one with the longest name.
fn record_named<'c>(catalog: &'c Catalog, kinds: &[Arc<str>], title: &str) -> Option<&'c Record> {
    let title = words(title);
    let ids = kinds.iter().flat_map(|kind| catalog.of_kind(kind));
    let names = ids.map(|id| catalog.record(*id)).flat_map(|record| {
        let names = [Some(&*record.id), record.title.as_deref()].into_iter().flatten();
        names.map(move |name| (words(name), record))
    });
    let named = names.filter(|(name, _)| !name.trim().is_empty() && title.contains(&**name));
    named.max_by_key(|(name, _)| name.len()).map(|(_, record)| record)
}

fn words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    format!(" {} ", words.map(str::to_lowercase).collect::<Vec<_>>().join(" "))
}
