//! Where a field of a record belongs, in words for people.

use super::Record;
use crate::format::{Format, Write};
use crate::layout::label_key;
use crate::syntax;
use crate::text::{Source, capital};

impl Record {
    /// Returns where the record's format states a field: "under `date`". For `owner`, where it names who is
    /// accountable; for `review-due`, where it says when the record is reviewed next.
    pub fn place(&self, field: &str, source: &Source) -> String {
        let field = match field {
            "owner" => self.owner_field(),
            "review-due" => self.review_field().unwrap_or(field),
            field => field,
        };
        let is_page = syntax::Format::is_page_path(&self.path);
        let title = |label: &str| capital(&label.replace('-', " "));
        let first = source.slice(source.line_span(self.span.start as usize)).trim_start();
        if is_page && !self.is_sole_record && first.starts_with('|') {
            return format!("in a column `{}`", title(field));
        }
        let Some(format) = &self.format else {
            return match is_page && first.starts_with('#') {
                true => format!("on a line `{}: …` below the heading", title(field)),
                false => format!("under `{field}`"),
            };
        };
        if let Some(label) = self.row_of(field, source).filter(|_| is_page) {
            return format!("in the row `{label}`");
        }
        let described = self.kind.shape.field(field);
        let label = described.map_or(field, |field| format.label_of(field));
        let has_keys = !is_page || source.text().trim_start_matches('\u{feff}').starts_with("---");
        let is_key = matches!(format.definition.write, Some(Write::FrontMatter | Write::Key) | None);
        // A status or a text has a section of its own, and what fits on a line has a line.
        let has_section = described.is_some_and(|it| it.prose) || self.kind.status.as_deref() == Some(field);
        match described.and_then(|it| it.headings.first()) {
            _ if !is_page || is_key && has_keys => format!("under `{}`", as_written(label, source)),
            Some(heading) if has_section => format!("in a section `{heading}`"),
            _ => format!("on a line `{}: …` below the title", title(label)),
        }
    }

    /// Returns the first cell of the row of a table that states a field.
    fn row_of<'s>(&self, field: &str, source: &'s Source) -> Option<&'s str> {
        let value = self.field(field)?.span;
        let row = source.slice(source.line_span(value.start as usize)).trim_start().strip_prefix('|')?;
        let label = row.split('|').next()?;
        let label = label.trim_matches(|letter: char| letter.is_whitespace() || "*_>-+".contains(letter));
        (!label.is_empty()).then_some(label)
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
        let of_format = |format: &Format| fields().find(|field| format.states(field));
        let named = self.format.as_deref().and_then(of_format);
        named.or_else(|| fields().next()).unwrap_or("owner")
    }
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
    if let Some(own) = keys(source).find(|own| label_key(own) == label_key(key)) {
        return own.to_owned();
    }
    let has_underscores =
        keys(source).any(|own| own.contains('_')) && !keys(source).any(|own| own.contains('-'));
    if has_underscores { key.replace('-', "_") } else { key.to_owned() }
}
