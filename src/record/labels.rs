//! Lines and rows below the title of a page whose name is misspelt, so that no field is read from them.

use super::Record;
use super::table_slips::is_misspelt_name;
use crate::kind::fold_name;
use crate::node::{Mapping, Node};
use crate::profile::{Profile, View};
use crate::schema::edit_distance;
use crate::syntax::Document;
use crate::text::Span;

/// A label from which no field is read, and the one that is probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MisspeltLabel<'p> {
    pub span: Span,
    /// The name as the format has it.
    pub meant: &'p str,
    pub field: &'p str,
}

impl Record {
    /// Returns the labels and keys with a value that are one or two letters from one that the record's format reads a field from, which the
    /// record does not state otherwise.
    pub fn misspelt_labels<'p>(&'p self, document: &Document) -> Vec<MisspeltLabel<'p>> {
        let Some(profile) = self.profile.as_ref().filter(|_| self.is_sole_record) else { return Vec::new() };
        let view = View::new(document, document.roots.first(), None);
        let entries = view.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries).iter();
        let lines = entries.filter(|entry| !entry.value.is_null()).map(|entry| entry.key.span);
        let lines = lines.chain(view.labelled_rows().map(|(label, _)| label.span));
        let keys = view.root.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries).iter();
        let lines = lines.chain(keys.filter(|key| !key.value.is_null()).map(|entry| entry.key.span));
        let found = lines.filter_map(|span| {
            let written = written_name(view.source().slice(span));
            let (meant, field) = meant(profile, written).filter(|(_, field)| self.field(field).is_none())?;
            let start = span.start as usize + view.source().slice(span).find(written)?;
            Some(MisspeltLabel { span: Span::new(start, start + written.len()), meant, field })
        });
        found.collect()
    }
}

fn written_name(label: &str) -> &str {
    label.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | ':' | '|' | '-' | '+'))
}

/// Returns the name that the format has and its field, if no other field has one that is as near.
fn meant<'p>(profile: &'p Profile, written: &str) -> Option<(&'p str, &'p str)> {
    let is_read = |(known, _): (&str, &str)| fold_name(known) == fold_name(written);
    let mut near = profile.labels().filter(|(known, _)| is_near(written, known));
    let (name, field) = near.next().filter(|_| !profile.labels().any(is_read))?;
    near.all(|(_, other)| other == field).then_some((name, field))
}

/// Returns true for `Superseeds` where `Supersedes` is known. Another last letter makes another word: `Superseded`.
fn is_near(written: &str, known: &str) -> bool {
    const LEAST_LETTERS: usize = 5;
    const MANY_LETTERS: usize = 9;
    let (one, other) = (fold_name(written), fold_name(known));
    let has_same_ends =
        || one.bytes().next() == other.bytes().next() && one.bytes().next_back() == other.bytes().next_back();
    let is_long = one.len().min(other.len()) >= MANY_LETTERS;
    other.len() >= LEAST_LETTERS
        && has_same_ends()
        && (is_misspelt_name(written, known)
            || is_long && written.is_ascii() && edit_distance(&one, &other) == 2)
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn a_label_is_near_one_that_is_misspelt_and_not_another_word() {
        for (written, known) in [
            ("Superseeds", "Supersedes"),
            ("Superceeds", "Supersedes"),
            ("Ownr", "Owner"),
            ("Decidres", "Deciders"),
        ] {
            assert!(is_near(written, known), "{written}");
        }
        for (written, known) in [
            ("Superseded", "Supersedes"),
            ("Decided", "Deciders"),
            ("Reviewed on", "Reviewed by"),
            ("Authors", "Author"),
            ("Stage", "State"),
            ("Date", "Data"),
        ] {
            assert!(!is_near(written, known), "{written}");
        }
    }
}
