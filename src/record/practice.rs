//! Which violations of its schema are reported of a record, and where a field belongs, in words for people.

use super::Record;
use super::classifier::lies_in_own_folder;
use super::mistakes::{is_misspelt, title};
use crate::format::{Format, Write};
use crate::node::Node;
use crate::schema::Violation;
use crate::syntax;
use crate::text::Source;

impl Record {
    /// Returns true if the file lies in a folder of governance, strategy or goals.
    pub fn lies_in_own_folder(&self) -> bool {
        lies_in_own_folder(&self.path)
    }

    /// Returns true if the field is absent because the format has no place for it. In an adopted record, it is missing.
    pub fn format_lacks(&self, field: &str) -> bool {
        !self.is_adopted
            && self.field(field).is_none()
            && self.format.as_ref().is_some_and(|format| !format.states(field))
    }

    /// Returns the violations, at most `limit` of the schema, without those about practices if the record is not adopted. A page that the
    /// configuration made a record may have keys for other readers.
    pub fn practised_violations(&self, limit: usize) -> Vec<Violation> {
        let mut violations = self.violations_within(limit);
        let has_own_keys =
            self.is_configured && self.format.is_none() && syntax::Format::is_page_path(&self.path);
        let is_own_key = |it: &Violation| has_own_keys && it.suggestion.is_none() && is_unknown_key(it);
        violations.retain(|it| {
            let is_open = !self.is_adopted && !self.is_sure(it);
            let is_practice = (is_open || is_own_key(it)) && self.is_practice(it);
            !(is_practice || is_open && self.is_of_unknown_format() || self.is_in_words(it))
        });
        violations
    }

    /// Returns true for what another format says in words in place of a day, a period or an amount, such as `as needed`.
    fn is_in_words(&self, violation: &Violation) -> bool {
        let text = self.fields.pointer(&violation.pointer).and_then(Node::as_text);
        let (Some(text), "format") = (text.filter(|_| !self.format_name().is_empty()), &*violation.keyword)
        else {
            return false;
        };
        let field = violation.pointer.split('/').nth(1).and_then(|name| self.kind.shape.field(name));
        match field.and_then(|field| field.in_words) {
            Some(false) => false,
            may_count => {
                !text.contains(|c: char| c.is_ascii_digit()) || may_count.is_some() && !self.is_adopted
            }
        }
    }

    /// Returns true for what is wrong in any format: in an unknown one, another word or a second key may have a meaning of its own;
    /// an impossible date, a misspelt status and one label with two values have none.
    fn is_sure(&self, violation: &Violation) -> bool {
        // A field whose one label has two values on a page, or a section that comes twice; two keys may differ in meaning.
        let is_said_twice = &*violation.keyword == "repeated-key" && !violation.pointer.is_empty();
        matches!(&*violation.keyword, "format" | "look-alike" | "cells")
            || violation.is_unfilled()
            || self.is_misspelt_status(violation)
            || is_said_twice
    }

    /// Returns true for a misspelt status that was read as one of the kind's values.
    fn is_misspelt_status(&self, violation: &Violation) -> bool {
        let is_valid = self.kind.status_field().is_some_and(|field| {
            let read = self.field(&field.name).and_then(Node::as_text);
            field.values.iter().any(|value| Some(&**value) == read)
        });
        &*violation.keyword == "enum"
            && self.kind.is_status(&violation.field)
            && violation.suggestion.is_some()
            && is_valid
    }

    /// Returns true if the format closes its list of statuses, as a process page of its community does.
    fn has_closed_status(&self) -> bool {
        let words = |status: &str| self.format.as_ref()?.words(status);
        self.kind.status.as_deref().and_then(words).is_some()
    }

    /// Returns true if a violation is about a practice: something missing or unknown. Anything else is wrong whatever the habits.
    fn is_practice(&self, violation: &Violation) -> bool {
        let is_status = self.kind.is_status(&violation.field);
        let is_mistake = |known: &str| is_misspelt(&violation.field, known);
        match &*violation.keyword {
            // A list of choices in the place of a word.
            "type" => is_status && self.format.is_some() && !self.has_closed_status(),
            "required" | "min-items" | "min-length" => true,
            // `Ownr` is one letter from a known label.
            "additional-properties" if violation.suggestion.as_deref().is_some_and(is_mistake) => false,
            "enum" => is_status && !self.has_closed_status() && !self.is_misspelt_status(violation),
            _ => is_unknown_key(violation),
        }
    }

    /// Returns where the record's format states a field: "under `date`". `owner` stands for who is accountable, `review-due` for the review.
    pub fn place(&self, field: &str, source: &Source) -> String {
        let field = match field {
            "owner" => self.owner_field(),
            "review-due" => self.review_field().unwrap_or(field),
            field => field,
        };
        let is_page = syntax::Format::is_page_path(&self.path);
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
        let described = self.kind.shape.field(field);
        let label = described.map_or(field, |field| format.label_of(field));
        let has_keys = !is_page || source.text().trim_start_matches('\u{feff}').starts_with("---");
        let is_key = matches!(format.definition.write, Some(Write::FrontMatter | Write::Key) | None);
        // A status or a text has a section of its own, and what fits on a line has a line.
        let has_section = described.is_some_and(|it| it.prose) || self.kind.is_status(field);
        match described.and_then(|it| it.headings.first()) {
            _ if !is_page || is_key && has_keys => format!("under `{label}`"),
            Some(heading) if has_section => format!("in a section `{heading}`"),
            _ => format!("on a line `{}: …` below the title", title(label)),
        }
    }

    /// Returns the field that says when the record is reviewed next, else the first that lacks for it.
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

fn is_unknown_key(violation: &Violation) -> bool {
    matches!(&*violation.keyword, "additional-properties" | "unevaluated-properties")
}
