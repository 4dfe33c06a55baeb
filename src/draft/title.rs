//! Parts of a new record's title besides its name: a day, or another record.

use std::sync::Arc;

use jiff::civil::Date;

use super::Request;
use crate::calendar::day_in;
use crate::catalog::Catalog;
use crate::kind::Initial;
use crate::record::Record;

impl Request<'_> {
    fn named_day(&self) -> Option<(Date, String)> {
        let has_day = self.kind.shape.fields.iter().any(|field| field.initial == Some(Initial::Day));
        if has_day { day_in(&self.title) } else { None }
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
