//! A new record as one more section of a page.

use super::values::Values;
use super::{is_added, parsed};
use crate::linter::Linter;
use crate::record::Record;

/// Returns the text of the file with a section like the last one behind it: its heading, its lines, empty where the value is not known,
/// and the heading and the header of its table. `None` if the result would not be read as intended.
pub(super) fn with_section(linter: &Linter, path: &str, values: &Values<'_>) -> Option<String> {
    let source = linter.snapshot().read_path(path)?;
    let text = source.text();
    let model = values.siblings.model()?;
    let whole = source.slice(model.span);
    let heading = heading(whole.lines().next()?, model, values)?;
    let lines: Vec<String> = whole.lines().skip(1).filter_map(|line| stated(line, values)).collect();
    let table_heading = heading_of_table(whole).into_iter().collect();
    let parts = [vec![heading], lines, table_heading, header_of_table(whole)];
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let blank = format!("{newline}{newline}");
    let parts: Vec<String> =
        parts.iter().filter(|part| !part.is_empty()).map(|part| part.join(newline)).collect();
    let (before, after) = text.split_at(model.span.range().end);
    let end = if after.is_empty() { newline } else { &blank };
    let new = format!("{}{blank}{}{end}{after}", before.trim_end(), parts.join(&blank));
    is_added(linter, path, &parsed(linter, path, text.to_owned()), &new, values).then_some(new)
}

/// The heading of another section with the new identifier and title.
fn heading(like: &str, model: &Record, values: &Values<'_>) -> Option<String> {
    let title = model.stated_title()?;
    let (before, after) = like.rsplit_once(title)?;
    // Without a number, the title is what names the record.
    let before = before.replacen(&*model.id, values.id, 1);
    Some(format!("{before}{}{after}", values.request.title))
}

/// The line of a field with the value of the new record, or without one where that is not known. It may be in bold, or an item of a list.
fn stated(line: &str, values: &Values<'_>) -> Option<String> {
    let (name, like) = line.split_once(':').filter(|(_, rest)| rest.starts_with([' ', '*', '_']))?;
    let field = values.field(name.trim_matches(|c: char| !c.is_alphanumeric()))?;
    // The colon may be in bold too: `- **Owner:** Ada`.
    let like_text = like.trim_start_matches(['*', '_']);
    let mark = &like[..like.len() - like_text.len()];
    let (name, like) = (name.trim_end(), like_text.trim());
    let before = format!("{name}:{mark}");
    Some(values.value(field, like).map_or_else(|| before.clone(), |value| format!("{before} {value}")))
}

/// The heading between the beginning of a section and its table.
fn heading_of_table(section: &str) -> Option<String> {
    let lines = section.lines().skip(1).take_while(|line| !line.trim_start().starts_with('|'));
    let heading = lines.filter(|line| line.starts_with('#')).last();
    heading.filter(|_| !header_of_table(section).is_empty()).map(str::to_owned)
}

fn header_of_table(section: &str) -> Vec<String> {
    const HEADER: usize = 2;
    let rows = section.lines().skip_while(|line| !line.trim_start().starts_with('|'));
    rows.take_while(|line| line.trim_start().starts_with('|')).take(HEADER).map(str::to_owned).collect()
}
