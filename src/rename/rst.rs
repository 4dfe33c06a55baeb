//! What reStructuredText adds: roles such as `` :pep:`7` ``, labels such as `.. _adr-3:`, and underlines as long as their title.

use std::sync::Arc;

use crate::record::Record;
use crate::syntax::Format;
use crate::text::{Source, Span};

use super::FileEdits;

/// Returns the places of the numbers in roles that are named for the records, in a page in reStructuredText.
pub(super) fn roles(source: &Source, record: &Record) -> Vec<Span> {
    let text = source.text();
    if !is_rst(source) {
        return Vec::new();
    }
    let target = |(at, _): (usize, &str)| {
        let word = text[..at].rsplit(|c: char| !c.is_ascii_alphabetic()).next()?;
        let is_role = text[..at - word.len()].ends_with(':')
            && record.prefixes().iter().any(|prefix| prefix.eq_ignore_ascii_case(word));
        let start = at + 2;
        let content =
            text[start..].lines().next().and_then(|line| line.split('`').next()).filter(|_| is_role)?;
        let from = content.rfind('<').map_or(0, |opening| opening + 1);
        let digits = content[from..].bytes().take_while(u8::is_ascii_digit).count();
        (digits > 0).then(|| Span::new(start + from, start + from + digits))
    };
    text.match_indices(":`").filter_map(target).collect()
}

/// Returns the places of the labels that a page in reStructuredText defines.
pub(super) fn labels(source: &Source) -> Vec<Span> {
    const START: &str = ".. _";
    if !is_rst(source) {
        return Vec::new();
    }
    let mut at = 0;
    let mut labels = Vec::new();
    for line in source.text().split_inclusive('\n') {
        let label = line.strip_prefix(START).and_then(|rest| rest.trim_end().strip_suffix(':'));
        if let Some(label) = label {
            labels.push(Span::new(at + START.len(), at + START.len() + label.len()));
        }
        at += line.len();
    }
    labels
}

/// Adds the edits that keep the lines below and above a title as long as the title.
pub(super) fn underline(source: &Arc<Source>, edits: &mut FileEdits) {
    if !is_rst(source) {
        return;
    }
    let mut lines: Vec<(Span, isize)> = Vec::new();
    for (span, replacement) in edits.iter() {
        let line = source.line_span(span.start as usize);
        let longer = length(replacement) - length(source.slice(*span));
        match lines.last_mut().filter(|(last, _)| last.start == line.start) {
            Some((_, all)) => *all += longer,
            None => lines.push((line, longer)),
        }
    }
    for (line, longer) in lines.into_iter().filter(|(_, longer)| *longer > 0) {
        let title = source.slice(line).trim_end_matches(['\r', '\n']);
        let below = source.text()[line.end as usize..].trim_start_matches(['\r', '\n']);
        let start = source.text().len() - below.len();
        let adornment = below.lines().next().unwrap_or_default();
        let Some(mark) = adornment.chars().next().filter(char::is_ascii_punctuation) else { continue };
        let is_underline = adornment.len() >= 3 && adornment.chars().all(|c| c == mark);
        if is_underline && length(adornment) < length(title) + longer && !title.is_empty() {
            let wanted = (length(title) + longer) as usize;
            edits.insert(Span::new(start, start + adornment.len()), mark.to_string().repeat(wanted));
        }
    }
}

fn length(text: &str) -> isize {
    text.chars().count() as isize
}

fn is_rst(source: &Source) -> bool {
    Format::from_path(source.path()) == Some(Format::Rst)
}
