//! The last step before a stream: control characters from a repository don't pass.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{OutputStyle, terminal};

/// How control characters are replaced, and those that change the direction of text. Line ends and tabs are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escaping {
    /// By pictures (`␛`).
    Text,
    /// As `Text`, except for the escape sequences of colours and links.
    Styled,
    /// By the escapes of JSON, which mean the same.
    Json,
}

impl Escaping {
    /// The escaping of text in a style.
    pub fn of(style: &OutputStyle) -> Escaping {
        if style.color || style.link_base.is_some() { Escaping::Styled } else { Escaping::Text }
    }

    fn apply(self, text: &str) -> Cow<'_, str> {
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
                Escaping::Json => escaped.push_str(&format!("\\u{:04x}", u32::from(c))),
                Escaping::Text | Escaping::Styled => escaped.push(terminal::visible(c)),
            }
            rest = &rest[c.len_utf8()..];
        }
        Cow::Owned(escaped)
    }
}

/// The length of the escape sequence for a colour or a link at the start of a text, or 0.
fn style_sequence(text: &str) -> usize {
    let colour = text.strip_prefix("\u{1b}[").and_then(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';')?;
        rest[end..].starts_with('m').then_some("\u{1b}[".len() + end + 1)
    });
    let link = || {
        let (target, _) = text.strip_prefix("\u{1b}]8;;")?.split_once("\u{1b}\\")?;
        let is_plain = target.chars().all(|c| c.is_ascii_graphic());
        is_plain.then_some("\u{1b}]8;;".len() + target.len() + "\u{1b}\\".len())
    };
    colour.or_else(link).unwrap_or(0)
}

/// A stream to which text can only be written [escaped](Escaping). It writes whole lines; [`flush`](Write::flush) writes the
/// rest.
#[derive(Debug)]
pub struct Escaped<W> {
    out: W,
    escaping: Escaping,
    line: Vec<u8>,
}

impl<W: Write> Escaped<W> {
    /// Wraps a stream.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn written(escaping: Escaping, pieces: &[&str]) -> String {
        let mut out = Vec::new();
        let mut escaped = Escaped::new(&mut out, escaping);
        pieces.iter().for_each(|piece| escaped.write_all(piece.as_bytes()).unwrap());
        escaped.flush().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn control_characters_do_not_pass() {
        let hostile = "a\tb\u{1b}[2J\u{9b}31m\u{202e}\u{7f}\r\nü";
        assert_eq!(written(Escaping::Text, &[hostile]), "a\tb␛[2J�31m�␡␍\nü");
        assert_eq!(written(Escaping::Styled, &[hostile]), "a\tb␛[2J�31m�␡␍\nü");
        assert_eq!(written(Escaping::Json, &["\"\u{9b}\u{202e}\u{7f}ü\"\n"]), "\"\\u009b\\u202e\\u007fü\"\n");
    }

    #[test]
    fn colours_and_links_pass_in_a_style_only() {
        let styled = "\u{1b}[1;31mred\u{1b}[0m \u{1b}]8;;file:///a%20b\u{1b}\\a b\u{1b}]8;;\u{1b}\\";
        assert_eq!(written(Escaping::Styled, &[styled]), styled);
        assert!(!written(Escaping::Text, &[styled]).contains('\u{1b}'));
        for other in ["\u{1b}]0;title\u{7}", "\u{1b}[2K", "\u{1b}]8;;a\u{9b}b\u{1b}\\", "\u{1b}", "\u{1b}[31"]
        {
            assert!(
                !written(Escaping::Styled, &[other]).contains('\u{1b}') || other.contains(";;"),
                "{other:?}"
            );
        }
    }

    #[test]
    fn a_sequence_or_a_character_may_come_in_pieces() {
        assert_eq!(written(Escaping::Styled, &["\u{1b}[", "31", "mred\n", "x"]), "\u{1b}[31mred\nx");
        let mut out = Vec::new();
        let mut escaped = Escaped::new(&mut out, Escaping::Text);
        [&b"\xc2"[..], b"\x9b", b"\xc3", b"\xbc"].iter().for_each(|byte| escaped.write_all(byte).unwrap());
        escaped.flush().unwrap();
        assert_eq!(out, "�ü".as_bytes());
    }
}
