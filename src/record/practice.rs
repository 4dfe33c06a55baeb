//! Which violations of its schema are reported of a record: all of an adopted one, of any other those that are wrong whatever the habits.

use super::Record;
use super::classifier::lies_in_own_folder;
use super::mistakes::is_misspelt;
use crate::schema::Violation;
use crate::syntax;

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

    /// Returns the violations of the format and of the kind's schema, at most `limit` of the schema, without those about
    /// practices if it is not adopted. A page that the configuration made a record may have keys for other readers.
    pub fn practised_violations(&self, limit: usize) -> Vec<Violation> {
        let mut violations = self.violations_within(limit);
        if !self.is_adopted {
            violations.retain(|it| self.is_sure(it) || !self.is_of_unknown_format() && !self.is_practice(it));
        }
        let has_own_keys =
            self.is_configured && self.format.is_none() && syntax::Format::is_page_path(&self.path);
        violations.retain(|it| {
            !(has_own_keys && it.suggestion.is_none() && is_unknown_key(it) && self.is_practice(it))
        });
        violations
    }

    /// Returns true for what is wrong in any format: in an unknown one, another word or a second key may have a meaning of its own;
    /// an impossible date, a misspelt status and one label with two values have none.
    fn is_sure(&self, violation: &Violation) -> bool {
        &*violation.keyword == "format"
            || violation.is_unfilled()
            || self.is_misspelt_status(violation)
            || is_said_twice(violation)
    }

    fn is_status(&self, field: &str) -> bool {
        self.kind.status.as_deref() == Some(field)
    }

    /// Returns true if the status, as it was read, is one of the kind's values.
    fn has_valid_status(&self) -> bool {
        let field = || self.kind.shape.field(self.kind.status.as_deref()?);
        let status = || self.field(self.kind.status.as_deref()?)?.as_text();
        field()
            .zip(status())
            .is_some_and(|(field, status)| field.values.iter().any(|value| **value == *status))
    }

    fn is_misspelt_status(&self, violation: &Violation) -> bool {
        &*violation.keyword == "enum"
            && self.is_status(&violation.field)
            && violation.suggestion.is_some()
            && self.has_valid_status()
    }

    /// Returns true if the format closes its list of statuses, as a process page of its community does.
    fn has_closed_status(&self) -> bool {
        self.format
            .as_ref()
            .zip(self.kind.status.as_deref())
            .is_some_and(|(format, status)| format.words(status).is_some())
    }

    /// Returns true if a violation is about a practice: something missing or unknown. Anything else is wrong whatever the habits.
    fn is_practice(&self, violation: &Violation) -> bool {
        let is_status = self.is_status(&violation.field);
        match &*violation.keyword {
            // A list of choices in the place of a word.
            "type" => is_status && self.format.is_some() && !self.has_closed_status(),
            "required" | "min-items" | "min-length" => true,
            "additional-properties" if is_misspelt_label(violation) => false,
            "enum" => is_status && !self.has_closed_status() && !self.is_misspelt_status(violation),
            _ => is_unknown_key(violation),
        }
    }
}

fn is_unknown_key(violation: &Violation) -> bool {
    matches!(&*violation.keyword, "additional-properties" | "unevaluated-properties")
}

/// Returns true for a label such as `Ownr` that is one slip from a known one.
fn is_misspelt_label(violation: &Violation) -> bool {
    violation.suggestion.as_deref().is_some_and(|known| is_misspelt(&violation.field, known))
}

/// Returns true for a field whose one label has two values on a page, or a section that comes twice; two keys of one field may differ in
/// meaning.
fn is_said_twice(violation: &Violation) -> bool {
    &*violation.keyword == "repeated-key" && !violation.pointer.is_empty()
}
