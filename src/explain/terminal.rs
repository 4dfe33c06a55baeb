//! Renders a page in Markdown for a terminal: wrapped lines, aligned tables, no marks.

use std::iter::Peekable;
use std::str::Lines;

use textwrap::core::display_width;

pub(super) fn render(page: &str) -> String {
    let mut out = Terminal { text: String::new(), indent: "" };
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("```") || line.starts_with("~~~~") {
            out.code(&mut lines, &line[..3]);
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line)];
            while let Some(row) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(cells(row));
            }
            out.table(&rows);
        } else if line.starts_with('#') {
            out.indent = "";
            out.wrapped(line.trim_start_matches('#').trim_start(), "", "");
            out.indent = if line.starts_with("# ") { "" } else { "  " };
        } else if line.is_empty() {
            if !out.text.is_empty() && !out.text.ends_with("\n\n") {
                out.text.push('\n');
            }
        } else {
            let (mark, text) = line.split_at(mark_length(line));
            let mut paragraph = text.trim().to_owned();
            while let Some(more) = lines.next_if(|line| is_continuation(line)) {
                paragraph = paragraph + " " + more.trim();
            }
            out.wrapped(&paragraph, mark, &" ".repeat(mark.len()));
        }
    }
    out.text.truncate(out.text.trim_end().len());
    out.text + "\n"
}

/// Returns the length of what stands before the text of an item of a list, as in `- A` and `  1. A`; 0 for other lines.
fn mark_length(line: &str) -> usize {
    let text = line.trim_start();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_item = match digits {
        0 => text.starts_with("- ") || text.starts_with("* "),
        _ => text[digits..].starts_with(". "),
    };
    if is_item { line.len() - text.len() + digits + "- ".len() } else { 0 }
}

/// Returns true for a line that continues the paragraph or item above it.
fn is_continuation(line: &str) -> bool {
    let is_block = line.starts_with(['#', '|']) || line.starts_with("```") || line.starts_with("~~~~");
    !line.is_empty() && !is_block && mark_length(line) == 0
}

struct Terminal {
    text: String,
    /// Of the lines of a section.
    indent: &'static str,
}

impl Terminal {
    fn wrapped(&mut self, text: &str, first: &str, others: &str) {
        self.lines(&plain(text), first, others);
    }

    fn lines(&mut self, text: &str, first: &str, others: &str) {
        // The columns of a line, as a terminal of the usual width.
        const WIDTH: usize = 80;
        let (first, others) = (format!("{}{first}", self.indent), format!("{}{others}", self.indent));
        let options = textwrap::Options::new(WIDTH).initial_indent(&first).subsequent_indent(&others);
        let options = options.word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(text, options.word_separator(textwrap::WordSeparator::AsciiSpace)) {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    fn code(&mut self, lines: &mut Peekable<Lines<'_>>, fence: &str) {
        while let Some(line) = lines.next_if(|line| !line.starts_with(fence)) {
            let code = line.trim_start();
            let before = " ".repeat(4 + line.len() - code.len());
            self.lines(code, &before, &format!("{before}  "));
        }
        lines.next();
    }

    fn table(&mut self, rows: &[Vec<String>]) {
        // The widest cells before the last one of a row on one line; wider ones stand below each other.
        const WIDEST: usize = 44;
        let [header, _, rows @ ..] = rows else { return };
        let all = || rows.iter().chain([header]);
        let width = |at: usize| all().map(|row| row.get(at).map_or(0, |cell| display_width(cell))).max();
        let widths: Vec<usize> = (0..header.len()).map(|at| width(at).unwrap_or(0)).collect();
        let before_last: usize = widths.iter().rev().skip(1).map(|width| width + 2).sum();
        if before_last > WIDEST {
            return rows.iter().for_each(|row| self.stacked(header, row));
        }
        for row in [header].into_iter().chain(rows) {
            let Some((last, before)) = row.split_last() else { continue };
            let cell = |(cell, width): (&String, &usize)| {
                format!("{cell}{}", " ".repeat(width.saturating_sub(display_width(cell)) + 2))
            };
            let first: String = before.iter().zip(&widths).map(cell).collect();
            self.lines(last, &first, &" ".repeat(before_last));
        }
    }

    /// A row whose cells don't fit beside each other: those after the first below it, with their headers.
    fn stacked(&mut self, header: &[String], row: &[String]) {
        let Some((first, others)) = row.split_first() else { return };
        self.lines(first, "", "  ");
        for (name, cell) in header.iter().skip(1).zip(others).filter(|(_, cell)| !cell.is_empty()) {
            self.lines(&format!("{name}: {cell}"), "    ", "      ");
        }
    }
}

fn cells(row: &str) -> Vec<String> {
    const BAR: &str = "\u{1}";
    let row = row.trim().trim_start_matches('|').replace("\\|", BAR);
    let row = row.strip_suffix('|').unwrap_or(&row);
    row.split('|').map(|cell| plain(&cell.trim().replace(BAR, "|"))).collect()
}

/// A text without the marks of bold words and of links. What is between backticks stays.
fn plain(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts: Vec<String> = parts
        .map(|(at, part)| if at % 2 == 0 { without_links(&part.replace("**", "")) } else { part.to_owned() })
        .collect();
    parts.join("`")
}

fn without_links(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("](") {
        let (Some((before, label)), Some((_, after))) = (before.rsplit_once('['), after.split_once(')'))
        else {
            break;
        };
        out = out + before + label;
        rest = after;
    }
    out + rest
}
