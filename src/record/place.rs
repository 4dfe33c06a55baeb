//! Where a field of a record belongs, in words for people.

use super::Record;
use crate::profile::{Profile, WriteLocation, same_key};
use crate::syntax::Format;
use crate::syntax::markdown::section_key;
use crate::text::{Source, capital};

/// The lines at the beginning of a page in which a misspelt name is looked for.
const HEADER_LINES: usize = 30;

impl Record {
    /// Returns where the record's format states a field: "under `date`". For `owner`, where it names who is
    /// accountable; for `review-due`, where it says when the record is reviewed next.
    pub fn place(&self, field: &str, source: &Source) -> String {
        let field = match field {
            "owner" => self.owner_field(),
            "review-due" => self.review_field().unwrap_or(field),
            field => field,
        };
        let Some(profile) = &self.profile else { return format!("under `{field}`") };
        let is_page = Format::is_page_path(&self.path);
        if let Some(label) = self.row_of(field, source).filter(|_| is_page) {
            return format!("in the row `{label}`");
        }
        let has_keys = !is_page || source.text().trim_start_matches('\u{feff}').starts_with("---");
        let targets = profile.write_targets(field).iter();
        let written = targets.filter_map(|target| match &target.location {
            WriteLocation::Key(key) if has_keys => {
                let own = profile.plain_keys_of(field).find(|key| has_key(key, source)).unwrap_or(key);
                Some(format!("under `{}`", as_written(own, source)))
            }
            WriteLocation::Header(name) => Some(format!("on a line `{name}: …` below the title")),
            WriteLocation::BelowTitle => {
                Some(format!("on a line `{}` below the title", target.template.outline()))
            }
            WriteLocation::Within(other) => Some(format!("in the {other}")),
            WriteLocation::Section(keys) if is_page => {
                let own = keys.iter().find_map(|key| heading_of(key, source));
                let own = own.map(|title| format!("in the section `{title}`"));
                let new = || keys.first().map(|key| format!("in a section `{}`", capital(key)));
                own.or_else(|| self.label_in_head(keys, source)).or_else(new)
            }
            WriteLocation::Key(_) | WriteLocation::Section(_) => None,
        });
        let in_page = || profile.place_in_page(field).filter(|_| is_page);
        let heading = || self.kind.shape.field(field)?.headings.first().filter(|_| is_page);
        let in_section = || heading().map(|heading| format!("in a section `{heading}`"));
        let key = || profile.first_key_of(field).filter(|_| has_keys);
        let key = || key().map(|key| format!("under `{}`", as_written(key, source)));
        let otherwise = || match is_page {
            true => format!("under `{field}` in the front matter"),
            false => format!("under `{field}`"),
        };
        written.into_iter().next().or_else(key).or_else(in_page).or_else(in_section).unwrap_or_else(otherwise)
    }

    /// Returns the first cell of the row of a table that states a field.
    fn row_of<'s>(&self, field: &str, source: &'s Source) -> Option<&'s str> {
        let value = self.field(field)?.span;
        let line = source.slice(source.line_span(value.start as usize)).trim_start();
        line.starts_with('|').then(|| label_of(line)).flatten()
    }

    /// Returns where the lines below the title state one of these keys: "on the line `Status: …`".
    fn label_in_head(&self, keys: &[Box<str>], source: &Source) -> Option<String> {
        let head =
            source.slice(self.span).lines().take(HEADER_LINES).take_while(|line| !line.starts_with("## "));
        head.map(str::trim_start).find_map(|line| {
            let label = label_of(line)?;
            let place = if line.starts_with('|') {
                format!("in the row `{label}`")
            } else {
                format!("on the line `{label}: …`")
            };
            keys.iter().any(|key| same_key(key, label)).then_some(place)
        })
    }

    /// Returns the field that says when the record is reviewed next, else the first that lacks for it; `None` if its kind names
    /// no such field.
    pub fn review_field(&self) -> Option<&str> {
        let review = self.kind.review.as_ref()?;
        let is_stated = |name: &str| self.field(name).is_some_and(|value| !value.is_blank());
        let due = review.due.as_deref().filter(|due| !self.format_lacks(due));
        let cadence = review.cadence.as_ref().filter(|(last, _)| !self.format_lacks(last));
        match (due, cadence) {
            (Some(due), _) if is_stated(due) => Some(due),
            (_, Some((last, every))) if is_stated(last) => {
                let has_default = self.kind.shape.field(every).is_some_and(|field| field.default.is_some());
                Some(if has_default || is_stated(every) { last } else { every })
            }
            (due, cadence) => due.or(cadence.map(|(last, _)| &**last)),
        }
    }

    /// Returns the field in which the format names who is accountable, else the first that has a place in its files.
    fn owner_field(&self) -> &str {
        let fields = || self.accountable().iter().map(|field| &**field);
        let of_format = |profile: &&Profile| fields().find(|field| !profile.lacks(field));
        let written = |profile: &&Profile| fields().find(|field| !profile.write_targets(field).is_empty());
        let profile = self.profile.as_deref();
        let named = profile.and_then(|profile| of_format(&profile).or_else(|| written(&profile)));
        named.or_else(|| fields().next()).unwrap_or("owner")
    }
}

/// Returns the first cell of a row, or what a line has before its colon.
fn label_of(line: &str) -> Option<&str> {
    let label = match line.strip_prefix('|') {
        Some(row) => row.split('|').next()?,
        None => line.split_once(':')?.0,
    };
    let label = label.trim_matches(|letter: char| letter.is_whitespace() || "*_>-+".contains(letter));
    (!label.is_empty()).then_some(label)
}

/// Returns the heading of the section with a key, as a page writes it.
fn heading_of<'s>(key: &str, source: &'s Source) -> Option<&'s str> {
    let titles = source.text().lines().map(|line| line.trim_matches(['#', '=', ' ', '\t']));
    titles.into_iter().find(|title| section_key(title) == key)
}

/// Returns true if a page has a key, also without a value.
fn has_key(key: &str, source: &Source) -> bool {
    keys(source).any(|own| same_key(own, key))
}

fn keys(source: &Source) -> impl Iterator<Item = &str> {
    const FENCE: &str = "---";
    let lines = source.text().trim_start_matches('\u{feff}').lines().skip(1);
    let lines = lines.take_while(|line| line.trim_end() != FENCE);
    lines
        .filter_map(|line| line.split_once(':'))
        .map(|(key, _)| key)
        .filter(|key| !key.starts_with([' ', '#', '-']))
}

/// Returns a key as a page writes it: `superseded_by` where its other keys have underscores.
fn as_written(key: &str, source: &Source) -> String {
    if let Some(own) = keys(source).find(|own| same_key(own, key)) {
        return own.to_owned();
    }
    let has_underscores =
        keys(source).any(|own| own.contains('_')) && !keys(source).any(|own| own.contains('-'));
    if has_underscores { key.replace('-', "_") } else { key.to_owned() }
}
