//! The last step before a stream: control characters from a repository don't pass, nor commands to what reads a log.

use super::{OutputStyle, terminal};
use std::borrow::Cow;
use std::io::{self, Write};

/// How control characters are replaced, and those that change the direction of text. Line ends and tabs are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escaping {
    /// By pictures (`␛`). What a GitHub runner takes for a command gets a space: `: :error::`.
    Text,
    /// As `Text`, except for the escape sequences of colours.
    Styled,
    /// As `Text`, for what consists of commands.
    Commands,
    /// By the escapes of JSON, which mean the same.
    Json,
}

impl Escaping {
    pub fn of(style: &OutputStyle) -> Escaping {
        if style.color { Escaping::Styled } else { Escaping::Text }
    }

    fn apply(self, text: &str) -> Cow<'_, str> {
        let visible = self.replace_controls(text);
        if self == Escaping::Commands || !visible.lines().any(is_command) {
            return visible;
        }
        if self == Escaping::Json {
            return Cow::Owned(visible.replace("##[", "##\\u005b"));
        }
        let part = |line: &str| {
            let line = line.replace("##[", "## [");
            if is_command(&line) { line.replacen("::", ": :", 1) } else { line }
        };
        Cow::Owned(visible.split_inclusive('\n').map(part).collect())
    }

    fn replace_controls(self, text: &str) -> Cow<'_, str> {
        if text.bytes().fold(true, |all, byte| all & matches!(byte, b'\n' | b'\t' | b' '..=b'~')) {
            return Cow::Borrowed(text);
        }
        let is_plain = |c: char| matches!(c, '\n' | '\t') || terminal::visible(c) == c;
        let Some(first) = text.find(|c| !is_plain(c)) else { return Cow::Borrowed(text) };
        let (mut escaped, mut rest) = (text[..first].to_owned(), &text[first..]);
        while let Some(c) = rest.chars().next() {
            let sequence = if self == Escaping::Styled { style_sequence(rest) } else { 0 };
            if sequence > 0 {
                escaped.push_str(&rest[..sequence]);
                rest = &rest[sequence..];
                continue;
            }
            match self {
                _ if is_plain(c) => escaped.push(c),
                // An astral character is two units.
                Escaping::Json => c
                    .encode_utf16(&mut [0; 2])
                    .iter()
                    .for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}"))),
                _ => escaped.push(terminal::visible(c)),
            }
            rest = &rest[c.len_utf8()..];
        }
        Cow::Owned(escaped)
    }
}

/// True for a line that a GitHub runner acts on: the commands of today begin a line, older ones stand anywhere.
fn is_command(line: &str) -> bool {
    line.trim_start().starts_with("::") || line.contains("##[")
}

/// The length of the escape sequence for a colour at the start of a text, or 0.
fn style_sequence(text: &str) -> usize {
    let colour = text.strip_prefix("\u{1b}[").and_then(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';')?;
        rest[end..].starts_with('m').then_some("\u{1b}[".len() + end + 1)
    });
    colour.unwrap_or(0)
}

/// A stream to which text can only be written [escaped](Escaping), in whole lines; [`flush`](Write::flush) writes the rest.
#[derive(Debug)]
pub struct Escaped<W> {
    out: W,
    escaping: Escaping,
    line: Vec<u8>,
}

impl<W: Write> Escaped<W> {
    pub fn new(out: W, escaping: Escaping) -> Escaped<W> {
        Escaped { out, escaping, line: Vec::new() }
    }

    fn pass(&mut self, lines: &[u8]) -> io::Result<()> {
        self.out.write_all(self.escaping.apply(&String::from_utf8_lossy(lines)).as_bytes())
    }
}

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => {
                let mut lines = std::mem::take(&mut self.line);
                lines.extend_from_slice(&bytes[..=end]);
                self.line.extend_from_slice(&bytes[end + 1..]);
                self.pass(&lines)?;
            }
            None => self.line.extend_from_slice(bytes),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        self.pass(&line)?;
        self.out.flush()
    }
}
