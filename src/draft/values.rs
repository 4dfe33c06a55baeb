//! The initial values of a new record, in the style of its neighbours.

use super::Request;
use super::numbering::{Numbered, in_year, padded};
use super::siblings::Siblings;
use crate::calendar::{parse_date, parse_date_as};
use crate::kind::{Field, Initial, Kind};
use crate::profile::{FieldVocabulary, Profile};

pub(super) struct Values<'a> {
    pub request: &'a Request<'a>,
    pub id: &'a str,
    /// The Git user, as records name people.
    pub author: Option<&'a str>,
    pub siblings: &'a Siblings,
}

impl<'a> Values<'a> {
    pub(super) fn kind(&self) -> &'a Kind {
        self.request.kind
    }

    pub(super) fn profile(&self) -> Option<&'a Profile> {
        self.siblings.profile.as_deref()
    }

    /// Returns the field that a key or header line states.
    pub(super) fn field(&self, key: &str) -> Option<&'a Field> {
        let shape = &self.kind().shape;
        let of_profile = self.profile().and_then(|profile| profile.field_of_entry(key));
        of_profile.and_then(|name| shape.field(name)).or_else(|| shape.by_key(key))
    }

    /// Returns the value of a field in the new record, written like that of another one; `None` if it is unknown.
    pub(super) fn value(&self, field: &Field, like: &str) -> Option<String> {
        match (&*field.name, &field.initial) {
            ("id", _) => Some(self.id_like(like)),
            ("title", _) => Some(self.request.title.clone()),
            _ if self.owner_field() == Some(&*field.name) => self.author.map(str::to_owned),
            (_, Some(Initial::Today)) => Some(self.today_like(like)),
            (_, Some(Initial::Author)) => self.author.map(str::to_owned),
            (_, Some(Initial::Title)) => {
                let model_has_title =
                    self.siblings.model().is_some_and(|model| model.fields.get("title").is_some());
                (!model_has_title).then(|| self.request.title.clone())
            }
            (_, Some(Initial::Value(value))) => Some(self.word_like(field, value, like)),
            (_, None) => None,
        }
    }

    /// The field in which the newest record states who is accountable, if it does not state who wrote it.
    fn owner_field(&self) -> Option<&'a str> {
        let fields = match self.profile() {
            Some(profile) => &profile.accountable_fields,
            None => &self.kind().accountable,
        };
        let model = self.siblings.model()?;
        let states_author =
            |field: &Field| field.initial == Some(Initial::Author) && model.fields.get(&field.name).is_some();
        if self.kind().shape.fields.iter().any(states_author) {
            return None;
        }
        fields.iter().map(|name| &**name).find(|name| model.fields.get(name).is_some())
    }

    /// The new identifier, with the prefix and the leading zeros of another one.
    pub(super) fn id_like(&self, like: &str) -> String {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
        let is_number = !self.id.is_empty() && digits(self.id) == self.id.len();
        let year = Numbered::read(like.trim()).map_or(0, |numbered| numbered.prefix.len());
        let start = like[year..].find(|c: char| c.is_ascii_digit()).map(|at| year + at);
        match (is_number, start, self.id.parse::<u64>()) {
            (true, Some(start), Ok(number)) => {
                let written = &like[start..];
                let end = written.find(|c: char| !c.is_ascii_digit()).unwrap_or(written.len());
                let width = if written.starts_with('0') { end } else { 1 };
                format!(
                    "{}{}{}",
                    in_year(&like[..start], self.request.today),
                    padded(number, width),
                    &written[end..]
                )
            }
            (true, None, Ok(number)) => number.to_string(),
            _ => self.id.to_owned(),
        }
    }

    fn today_like(&self, like: &str) -> String {
        let (today, like) = (self.request.today, like.trim());
        let formats = self.profile().map_or(&[][..], |profile| &profile.date_formats);
        if parse_date(like).is_some() {
            return today.to_string();
        }
        formats
            .iter()
            .find(|format| parse_date_as(like, std::slice::from_ref(*format)).is_some())
            .map(|format| today.strftime(&**format).to_string())
            .or_else(|| self.profile().map(|profile| profile.write_date(today)))
            .unwrap_or_else(|| today.to_string())
    }

    fn word_like(&self, field: &Field, value: &str, like: &str) -> String {
        let vocabulary = self.profile().and_then(|profile| profile.vocabulary(&field.name));
        let word_of = |it: &'a FieldVocabulary| it.word_for(value).or_else(|| it.words().next());
        let word = vocabulary.and_then(word_of).unwrap_or(value);
        let is_capital =
            like.trim_start_matches(|c: char| !c.is_alphabetic()).starts_with(char::is_uppercase);
        if is_capital { crate::rule::page::capital(word) } else { word.to_owned() }
    }

    /// Returns true if a text is one of the words of the status.
    pub(super) fn is_status(&self, field: &Field, text: &str) -> bool {
        let text = text.trim().trim_matches(['*', '_', '`']);
        match self.profile().and_then(|profile| profile.vocabulary(&field.name)) {
            Some(vocabulary) => vocabulary.words().any(|word| word.eq_ignore_ascii_case(text)),
            None => field.canonical(text).is_some(),
        }
    }
}
