//! Headings of a new page: those below another, and a title in place of another.

use crate::profile::View;
use crate::syntax::markdown::Heading;
use crate::text::{Edit, Source};

/// Headings one level below another one; `None` if there are none, or the page marks headings otherwise.
pub(super) fn headings(view: &View<'_>, above: &Heading, titles: &[String]) -> Option<String> {
    let mark =
        view.source().slice(above.line).trim_start().chars().next().filter(|mark| matches!(mark, '#' | '='));
    let marks = mark.unwrap_or('#').to_string().repeat(usize::from(above.level) + 1);
    let headings: Vec<String> = titles.iter().map(|title| format!("{marks} {title}")).collect();
    (mark.is_some() && !titles.is_empty()).then(|| headings.join("\n\n"))
}

/// Replaces the text of a heading. Lines of punctuation below and above it become as long as it is.
pub(super) fn retitled(source: &Source, heading: &Heading, title: &str) -> Edit {
    let old = source.slice(heading.line);
    let start = (heading.span.start - heading.line.start) as usize;
    let (above, rest) = old.split_at(start);
    let below = &rest[heading.span.range().len()..];
    let width = title.chars().count();
    let adorned = |line: &str| {
        let is_mark =
            |mark: &char| mark.is_ascii_punctuation() && line.trim_end().chars().all(|c| c == *mark);
        let mark = line.chars().next().filter(is_mark);
        let missing = width.saturating_sub(line.trim_end().len());
        format!("{}{line}", mark.map_or(String::new(), |mark| mark.to_string().repeat(missing)))
    };
    // The rest of the title's own line is text, and not a line of punctuation.
    let (above, indentation) = above.split_at(above.rfind('\n').map_or(0, |end| end + 1));
    let above: String = above.split_inclusive('\n').map(adorned).collect();
    let (behind, below) = below.split_at(below.find('\n').map_or(below.len(), |end| end + 1));
    let below: String = below.split_inclusive('\n').map(adorned).collect();
    let replacement = format!("{above}{indentation}{title}{behind}{below}");
    Edit { span: heading.line, replacement }
}
