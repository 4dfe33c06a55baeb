//! Labels and headings of a section of a log that the sections beside it write with another letter.

use super::page::SectionFields;
use crate::kind::Kind;
use crate::node::{Entry, Key, Mapping, Node};
use crate::profile::{Profile, View};
use crate::schema::{Violation, did_you_mean, edit_distance, pointer_to};
use crate::syntax::markdown::{Heading, section_key};
use crate::text::Span;

/// The most sections that are compared.
const MOST: usize = 20;

/// The fewest sections that show how a word is written.
const LEAST: usize = 2;

/// In letters. One edit makes another word of most shorter ones.
const MIN_LENGTH: usize = 3;

/// Reports the lines and headings of a section that can only be misspelt ones of the others, and that the format doesn't read.
pub(super) fn slips(
    view: &View<'_>,
    (kind, profile): (&Kind, &Profile),
    sections: &SectionFields,
) -> Vec<Violation> {
    let reads_line = |name: &str| profile.field_of_entry(name).is_some() || kind.shape.by_key(name).is_some();
    let reads_heading = |key: &str| sections.knows(kind, key);
    let lines = labels(view);
    let headings: Vec<(&Heading, String)> =
        view.headings().iter().map(|heading| (heading, section_key(&heading.title))).collect();
    let unread_lines = lines.iter().filter(|key| !reads_line(&key.name));
    let unread_headings = headings.iter().filter(|(_, key)| !reads_heading(key));
    let mut slips: Vec<(Span, &str, &str)> = unread_lines.map(|key| (key.span, "line", &*key.name)).collect();
    slips.extend(unread_headings.map(|(heading, _)| (heading.span, "section", &*heading.title)));
    if slips.is_empty() {
        return Vec::new();
    }
    let siblings = siblings(view);
    let lines_beside: Vec<Vec<String>> = siblings.iter().map(|it| names(labels(it))).collect();
    let headings_beside: Vec<Vec<String>> =
        siblings.iter().map(|it| it.headings().iter().map(|one| one.title.to_string()).collect()).collect();
    let own_lines = names(lines.clone());
    let own_headings: Vec<String> = headings.iter().map(|(heading, _)| heading.title.to_string()).collect();
    let violation = |(span, part, written): (Span, &str, &str)| {
        let meant = match part {
            "line" => meant(written, &own_lines, &lines_beside).filter(|known| reads_line(known)),
            _ => meant(written, &own_headings, &headings_beside)
                .filter(|known| reads_heading(&section_key(known))),
        }?;
        Some(Violation {
            keyword: "additional-properties".into(),
            pointer: pointer_to("", written),
            span,
            message: format!("`{written}` is not a {part} of this format ({})", profile.name),
            help: Some(did_you_mean(meant)),
            suggestion: (view.source().slice(span) == written).then(|| meant.into()),
            field: written.into(),
            missing: false,
            related: None,
        })
    };
    slips.into_iter().filter_map(violation).collect()
}

/// The names of the lines below the heading.
fn labels(view: &View<'_>) -> Vec<Key> {
    let entries = view.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
    entries.iter().map(|Entry { key, .. }| key.clone()).collect()
}

fn names(keys: Vec<Key>) -> Vec<String> {
    keys.into_iter().map(|key| key.name.to_string()).collect()
}

/// The nearest sections of the same level.
fn siblings<'v>(view: &View<'v>) -> Vec<View<'v>> {
    let Some((page, section)) = view.markdown().zip(view.section) else { return Vec::new() };
    let alike: Vec<&Heading> = page.headings.iter().filter(|other| other.level == section.level).collect();
    let at = alike.partition_point(|other| other.span.start < section.span.start);
    let from = at.saturating_sub(MOST / 2);
    let near = alike.into_iter().skip(from).take(MOST).filter(|other| other.span != section.span);
    near.map(|other| View::of_section(view.document, other)).collect()
}

/// The only name one edit away that other sections have, and this one lacks. None of them has the name that is written.
fn meant<'b>(written: &str, own: &[String], beside: &'b [Vec<String>]) -> Option<&'b str> {
    if beside.iter().flatten().any(|other| other.eq_ignore_ascii_case(written)) {
        return None;
    }
    let is_usual = |name: &&String| {
        let has = |names: &[String]| names.iter().any(|other| other.eq_ignore_ascii_case(name));
        let count = beside.iter().filter(|names| has(names)).count();
        count >= LEAST && !has(own)
    };
    let mut near = beside.iter().flatten().filter(|name| is_slip(written, name)).filter(is_usual);
    let first = near.next()?.as_str();
    near.all(|other| other.eq_ignore_ascii_case(first)).then_some(first)
}

/// Returns true for one edit within a word; a plural is another word.
fn is_slip(written: &str, known: &str) -> bool {
    let (written, known) = (written.to_lowercase(), known.to_lowercase());
    let is_plural = || format!("{written}s") == known || format!("{known}s") == written;
    written.is_ascii()
        && written.len() >= MIN_LENGTH
        && written.as_bytes().first() == known.as_bytes().first()
        && edit_distance(&written, &known) == 1
        && !is_plural()
}
