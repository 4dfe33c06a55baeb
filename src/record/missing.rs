//! Fields that a foreign format requires and a record lacks.

use super::RecordContent;
use super::foreign::shorten;
use crate::node::{Entry, Key, Mapping, Node};
use crate::profile::{Profile, View};
use crate::schema::Violation;
use crate::syntax::markdown::Heading;
use crate::text::Span;

/// Reports each required field that is missing. Of those whom the kind takes for accountable, one whom the format takes for it suffices.
pub(super) fn required_fields(record: &RecordContent, profile: &Profile, view: &View<'_>) -> Vec<Violation> {
    let has = |name: &str| record.field(name).is_some();
    let is_stated = |name: &str| {
        let is_accountable = record.kind.accountable.iter().any(|known| **known == *name);
        has(name) || is_accountable && record.accountable().iter().any(|name| has(name))
    };
    let missing = profile.required_fields.iter().filter(|name| !is_stated(name));
    missing.filter_map(|name| missing_field(name, record, profile, view)).collect()
}

/// Says that a required field is missing; `None` where its section says something in words that are not known.
fn missing_field(
    name: &str,
    record: &RecordContent,
    profile: &Profile,
    view: &View<'_>,
) -> Option<Violation> {
    let body = |heading: &Heading| view.source().slice(heading.body).trim();
    let sections = || profile.sections_of(name).filter_map(|keys| view.section(keys));
    let blank = sections().find(|heading| profile.is_blank(body(heading)));
    let empty_key = key_without_value(name, profile, view);
    let empty_line = line_without_value(name, profile, view);
    let (span, message, help) = match blank {
        Some(heading) => {
            let section = format!("the section `{}`", shorten(&heading.title));
            let (span, state) = match body(heading) {
                "" => (heading.span, "is empty"),
                text => {
                    let from = view.source().slice(heading.body).find(text).unwrap_or_default();
                    let start = heading.body.start as usize + from;
                    (Span::new(start, start + text.len()), "holds a placeholder")
                }
            };
            (span, format!("{section} {state}"), Some(format!("fill in {section}")))
        }
        None if profile.first_section_of(name).is_some_and(|keys| view.section(keys).is_some()) => {
            return None;
        }
        None if let Some(key) = empty_key => {
            let help = format!("give `{}` a value", key.name);
            (key.span, format!("`{}` has no value", key.name), Some(help))
        }
        None if let Some((span, name)) = empty_line => {
            (span, format!("the line `{name}:` has no value"), Some("write the value behind it".to_owned()))
        }
        None if view.source().text().trim().is_empty() => {
            let help = "write what was decided, or delete the page".to_owned();
            (record.name_span, "the page is empty".to_owned(), Some(help))
        }
        None => {
            let part = profile.absent_part(name).unwrap_or_else(|| format!("`{name}`"));
            let help = profile.how_to_state(name);
            (record.name_span, format!("{part} is missing"), help)
        }
    };
    Some(Violation {
        keyword: "required".into(),
        pointer: format!("/{name}").into(),
        span,
        message,
        help,
        suggestion: None,
        field: name.into(),
        missing: blank.is_none() && empty_key.is_none() && empty_line.is_none(),
        related: None,
    })
}

/// Returns the key of a field, if it has no value.
fn key_without_value<'v>(name: &str, profile: &Profile, view: &View<'v>) -> Option<&'v Key> {
    let entries = view.root.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
    let is_empty =
        |entry: &&Entry| entry.value.is_blank() && profile.field_of_entry(&entry.key.name) == Some(name);
    entries.iter().find(is_empty).map(|entry| &entry.key)
}

/// Returns a line such as `- Owner:` below the title, with the name before its colon.
fn line_without_value<'v>(name: &str, profile: &Profile, view: &View<'v>) -> Option<(Span, &'v str)> {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '-' | '*' | '+' | '>' | '_');
    let preamble = view.preamble()?;
    let mut start = preamble.start as usize;
    view.source().slice(preamble).split_inclusive('\n').find_map(|line| {
        let at = start + line.len() - line.trim_start_matches(is_mark).len();
        start += line.len();
        let label = line.trim_matches(is_mark).strip_suffix(':')?.trim_end_matches(is_mark);
        (profile.field_of_entry(label) == Some(name)).then(|| (Span::new(at, at + label.len()), label))
    })
}
