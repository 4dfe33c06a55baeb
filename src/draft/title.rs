//! Parts of a new record's title besides its name: a day, or another record.

use std::sync::Arc;

use jiff::civil::Date;

use super::Request;
use crate::calendar::day_in;
use crate::catalog::Catalog;
use crate::kind::Initial;
use crate::record::Record;

/// The forms in which people write a day.
const DAYS: [&str; 12] = [
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%-d.%-m.%Y",
    "%d/%m/%Y",
    "%-d/%-m/%Y",
    "%Y/%m/%d",
    "%-d %B %Y",
    "%d %B %Y",
    "%-d. %B %Y",
    "%B %-d, %Y",
    "%-d %b %Y",
    "%d-%b-%Y",
];

/// Returns the form in which a text writes a day.
pub(super) fn form_of(day: Date, text: &str) -> Option<&'static str> {
    DAYS.into_iter().find(|form| text.contains(&*day.strftime(form).to_string()))
}

impl Request<'_> {
    /// Gives the record a title, if the request has none: that of the newest record with today in the place of its day.
    pub(super) fn titled(&self, catalog: &Catalog) -> Request<'_> {
        let title = match self.title.is_empty() {
            false => self.title.clone(),
            true => self.title_of_today(catalog).unwrap_or_else(|| self.stand_in_title()),
        };
        Request { title, id: self.id.clone(), place: self.place.clone(), ..*self }
    }

    fn stand_in_title(&self) -> String {
        format!("Untitled {}", self.kind.name)
    }

    /// Returns true if the user gave no title, and none could be found.
    pub(super) fn is_untitled(&self) -> bool {
        self.title == self.stand_in_title()
    }

    fn title_of_today(&self, catalog: &Catalog) -> Option<String> {
        if !self.has_day() {
            return None;
        }
        let titles = catalog.of_kind(&self.kind.name).iter();
        let titles = titles.filter_map(|&number| catalog.record(number).title.as_deref());
        let dated = titles.filter_map(|title| Some((day_in(title)?.0, title)));
        let (day, title) = dated.max_by_key(|(day, _)| *day)?;
        let form = form_of(day, title)?;
        Some(title.replacen(&day.strftime(form).to_string(), &self.today.strftime(form).to_string(), 1))
    }

    fn has_day(&self) -> bool {
        self.kind.shape.fields.iter().any(|field| field.initial == Some(Initial::Day))
    }

    fn named_day(&self) -> Option<(Date, String)> {
        if self.has_day() { day_in(&self.title) } else { None }
    }

    /// The day that the record is about: today, unless the title names another one.
    pub(super) fn day(&self) -> Date {
        self.named_day().map_or(self.today, |(day, _)| day)
    }

    /// The title without the day that the record is about.
    pub(super) fn undated_title(&self) -> String {
        self.named_day().map_or_else(|| self.title.clone(), |(_, rest)| rest)
    }
}

/// The record of one of these kinds that a title names; of several, the one with the longest name.
pub(super) fn record_named<'c>(catalog: &'c Catalog, kinds: &[Arc<str>], title: &str) -> Option<&'c Record> {
    let title = words(title);
    let ids = kinds.iter().flat_map(|kind| catalog.of_kind(kind));
    let names = ids.map(|id| catalog.record(*id)).flat_map(|record| {
        let names = [Some(&*record.id), record.title.as_deref()].into_iter().flatten();
        names.map(move |name| (words(name), record))
    });
    let named = names.filter(|(name, _)| !name.trim().is_empty() && title.contains(&**name));
    named.max_by_key(|(name, _)| name.len()).map(|(_, record)| record)
}

/// The words of a text, each between spaces.
fn words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    format!(" {} ", words.map(str::to_lowercase).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_may_name_a_day() {
        let found = |title: &str| day_in(title).map(|(day, rest)| format!("{day} {rest}"));
        assert_eq!(found("Leadership, 24 November 2026").as_deref(), Some("2026-11-24 Leadership"));
        assert_eq!(found("2026-11-24 Leadership round").as_deref(), Some("2026-11-24 Leadership round"));
        assert_eq!(found("Leadership (24.11.2026): prices").as_deref(), Some("2026-11-24 Leadership prices"));
        assert_eq!(found("2026-11-24").as_deref(), Some("2026-11-24 "));
        assert_eq!(found("Plans for 2027"), None);
    }
}
