//! Text for a terminal: colours, width in columns, replacement of control characters, tables; and the JSON that subcommands print instead.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, Write};

use owo_colors::OwoColorize;
use serde::Serialize;
use unicode_width::UnicodeWidthChar;

use super::{Escaped, Escaping, OutputStyle};
use crate::finding::Severity;

const TAB: &str = "    ";

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Palette {
    pub error: owo_colors::Style,
    pub warning: owo_colors::Style,
    pub note: owo_colors::Style,
    pub message: owo_colors::Style,
    pub related: owo_colors::Style,
    pub place: owo_colors::Style,
    pub dim: owo_colors::Style,
    pub help: owo_colors::Style,
}

impl Palette {
    pub(super) fn of(style: &OutputStyle) -> Palette {
        if !style.color {
            return Palette::default();
        }
        let plain = owo_colors::Style::new();
        Palette {
            error: plain.red().bold(),
            warning: plain.yellow().bold(),
            note: plain.blue().bold(),
            message: plain.bold(),
            related: plain.cyan(),
            place: plain,
            dim: plain.dimmed(),
            help: plain.cyan(),
        }
    }

    pub(super) fn severity(&self, severity: Severity) -> owo_colors::Style {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Note => self.note,
        }
    }
}

pub(super) fn paint(text: impl Display, style: owo_colors::Style) -> String {
    text.style(style).to_string()
}

pub(super) fn width(style: &OutputStyle) -> usize {
    style.width.max(40)
}

/// Replaces control characters by their pictures (`␛`), and those without width, that change text direction or end a line by `�`. Joiners
/// stay, of which letters and emoji are made.
pub fn visible(c: char) -> char {
    match c {
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{13430}'..='\u{13438}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e00ff}'
        | '\u{e01f0}'..='\u{e0fff}' => '\u{fffd}',
        _ => c,
    }
}

/// Returns the text on one line: line breaks and tabs become spaces, control characters are made visible.
pub fn one_line(text: &str) -> Cow<'_, str> {
    let shown = |c| if matches!(c, '\t' | '\n' | '\r') { ' ' } else { visible(c) };
    match text.chars().any(|c| shown(c) != c) {
        true => text.chars().map(shown).collect(),
        false => Cow::Borrowed(text),
    }
}

/// A line of a file with tabs expanded and control characters [`visible`].
pub(super) fn expand_tabs(text: &str) -> String {
    let mut expanded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => expanded += TAB,
            c => expanded.push(visible(c)),
        }
    }
    expanded
}

pub(super) fn char_columns(c: char) -> usize {
    if c == '\t' { TAB.len() } else { visible(c).width().unwrap_or(0) }
}

/// The width of a text, as [`expand_tabs`] prints it.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(char_columns).sum()
}

/// Clips a text to `limit` columns, with `…` at the end if clipped.
pub(super) fn clip(text: &str, limit: usize) -> Cow<'_, str> {
    let (mut taken, mut fits) = (0, 0);
    for (at, c) in text.char_indices() {
        taken += char_columns(c);
        if taken < limit.max(1) {
            fits = at + c.len_utf8();
        } else if taken > limit {
            return Cow::Owned(format!("{}…", text[..fits].trim_end()));
        }
    }
    Cow::Borrowed(text)
}

/// Clips a text to `limit` characters, with `…` at the end if clipped.
pub(super) fn clip_chars(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        None => Cow::Borrowed(text),
        Some(_) => text.chars().take(limit.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// Returns a message whose end is cut if it is longer than anyone reads.
pub(super) fn short(text: &str) -> Cow<'_, str> {
    // In characters. A line of data may be a name of several megabytes.
    const MAX_MESSAGE: usize = 2_000;
    clip_chars(text, MAX_MESSAGE)
}

/// Wraps a text at spaces to `limit` columns. The first line starts at column `hang`; the others are indented.
pub(super) fn paragraph(text: &str, limit: usize, hang: usize, indent: usize) -> Vec<String> {
    let text: Vec<_> = text.trim().lines().map(one_line).collect();
    let (hang, indent) = (" ".repeat(hang), " ".repeat(indent));
    let options = textwrap::Options::new(limit)
        .initial_indent(&hang)
        .subsequent_indent(&indent)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit);
    let mut lines =
        textwrap::wrap(&text.join("\n"), options).into_iter().map(Cow::into_owned).collect::<Vec<_>>();
    if let Some(first) = lines.first_mut() {
        first.drain(..hang.len().min(first.len()));
    }
    lines
}

/// Between two columns.
pub(super) const GAP: usize = 2;

/// Returns the width of the widest cell of each column.
pub(super) fn natural_widths(rows: &[Vec<String>]) -> Vec<usize> {
    let widest = |at: usize| rows.iter().map(|row| columns(&row[at])).max().unwrap_or(0).max(1);
    (0..rows.first().map_or(0, Vec::len)).map(widest).collect()
}

/// Makes the widest columns narrower, each as far as `least`, until all fit beside each other.
pub(super) fn narrow(widths: &mut [usize], limit: usize, least: &[usize]) {
    let limit = limit.saturating_sub(GAP * widths.len().saturating_sub(1));
    while widths.iter().sum::<usize>() > limit {
        let narrower = (0..widths.len()).filter(|&at| widths[at] > least[at]);
        let Some(widest) = narrower.max_by_key(|&at| widths[at]) else { break };
        widths[widest] -= 1;
    }
}

/// Returns the lines of a row: each cell wrapped below its own indentation if there may be several, else clipped.
pub(super) fn lines(cells: &[String], widths: &[usize], is_wrapped: bool) -> Vec<String> {
    let wrapped = |(cell, &width): (&String, &usize)| {
        let indent = cell.len() - cell.trim_start().len();
        let lines = paragraph(cell, width.saturating_sub(indent), 0, 0).into_iter();
        lines.map(|line| " ".repeat(indent) + &line).collect()
    };
    let cells: Vec<Vec<String>> = match is_wrapped {
        true => cells.iter().zip(widths).map(wrapped).collect(),
        false => cells.iter().map(|cell| vec![cell.clone()]).collect(),
    };
    let line = |at: usize| {
        let cells: Vec<&str> = cells.iter().map(|cell| cell.get(at).map_or("", String::as_str)).collect();
        aligned(&cells, widths)
    };
    (0..cells.iter().map(Vec::len).max().unwrap_or(0)).map(line).collect()
}

/// Returns the cells beside each other, each clipped to its width.
pub(super) fn aligned<T: AsRef<str>>(cells: &[T], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, &width) in cells.iter().zip(widths) {
        let cell = clip(cell.as_ref(), width);
        line += &cell;
        line += &" ".repeat(width.saturating_sub(columns(&cell)) + GAP);
    }
    line.truncate(line.trim_end().len());
    line
}

/// Writes what a subcommand prints with `--format json`.
pub fn write_json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(Escaped::new(out, Escaping::Json));
    serde_json::to_writer_pretty(&mut out, value)?;
    out.write_all(b"\n")?;
    out.flush()
}
