//! What falls due as a calendar (iCalendar, RFC 5545). An event keeps its identity when its day is moved, so that a later
//! export replaces it.

use std::io::{self, Write};

use super::terminal::one_line;
use crate::view::due::DueItem;
use jiff::civil::{Date, date};

/// Writes a calendar with one event of a whole day for each item.
pub fn write(items: &[DueItem], as_of: Date, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//alignlint//alignlint//EN", "CALSCALE:GREGORIAN"];
    for line in head.into_iter().chain(["METHOD:PUBLISH"]) {
        write_line(line, &mut out)?;
    }
    for item in items {
        for line in event(item, as_of) {
            write_line(&line, &mut out)?;
        }
    }
    write_line("END:VCALENDAR", &mut out)?;
    out.flush()
}

fn event(item: &DueItem, as_of: Date) -> Vec<String> {
    let title = item.title.as_ref().map(|title| format!(" ({})", title.trim())).unwrap_or_default();
    let place = format!("{}:{}", item.place.source.path(), item.place.start().line);
    let owners = Some(format!("For {}", item.owners_or_nobody()));
    let description: Vec<String> =
        [Some(item.task.clone()), owners, item.rule.as_deref().map(str::to_owned), Some(place)]
            .into_iter()
            .flatten()
            .map(|part| text(&part))
            .collect();
    // Later exports have higher numbers, also on a machine whose clock is wrong: both are those of the run's date.
    let sequence = as_of.duration_since(date(2000, 1, 1)).as_hours() / 24;
    let mut lines = vec![
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@alignlint", item.uid),
        format!("DTSTAMP:{}T000000Z", basic(as_of)),
        format!("SEQUENCE:{}", sequence.max(0)),
        format!("DTSTART;VALUE=DATE:{}", basic(item.day)),
    ];
    lines.extend(item.day.tomorrow().ok().map(|end| format!("DTEND;VALUE=DATE:{}", basic(end))));
    lines.extend([
        format!("SUMMARY:{}", text(&format!("{}{title}", item.name()))),
        format!("DESCRIPTION:{}", description.join("\\n")),
        "TRANSP:TRANSPARENT".to_owned(),
        "END:VEVENT".to_owned(),
    ]);
    lines
}

fn basic(day: Date) -> impl std::fmt::Display {
    day.strftime("%Y%m%d")
}

/// Escapes a text on one line, without control characters.
fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in one_line(text.trim()).chars() {
        if matches!(c, '\\' | ';' | ',') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Writes a line, folded where it is too long: a line that begins with a space continues the one before.
fn write_line(line: &str, out: &mut dyn Write) -> io::Result<()> {
    // The most bytes of a line, without its end.
    const LINE: usize = 75;
    let mut used = 0;
    for c in line.chars() {
        if used + c.len_utf8() > LINE {
            out.write_all(b"\r\n ")?;
            used = 1;
        }
        out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?;
        used += c.len_utf8();
    }
    out.write_all(b"\r\n")
}
