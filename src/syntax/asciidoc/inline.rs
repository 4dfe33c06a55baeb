//! Text within a block: emphasis, code, macros, links and attributes.

use std::ops::Range;

use super::Reader;
use crate::syntax::text_parts::Ends;

/// Bytes of the name of an attribute, a role or a macro.
const MAX_NAME: usize = 100;

/// Macros whose content is no prose.
const MACROS: [&str; 9] =
    ["pass", "stem", "latexmath", "kbd", "icon", "image", "footnote", "indexterm", "anchor"];

const SCHEMES: [&str; 4] = ["https", "http", "ftp", "irc"];

/// At the end of an address without brackets, these are marks of the text around it.
const ENDS_OF_SENTENCES: [char; 11] = ['.', ',', ';', ':', '!', '?', ')', '\'', '*', '_', '`'];

/// The text of a block, from what was not added yet.
struct Run {
    start: usize,
    from: usize,
    end: usize,
    ends: Ends,
}

impl Reader<'_> {
    pub(super) fn inline(&mut self, range: Range<usize>) {
        const MARKS: &[u8] = b"\\`*_{[<:";
        let bytes = self.source.as_bytes();
        let mut run = Run { start: range.start, from: range.start, end: range.end, ends: Ends::default() };
        let mut at = range.start;
        while at < range.end {
            let taken = if MARKS.contains(&bytes[at]) { self.mark(&mut run, at) } else { None };
            at = taken.unwrap_or(at + 1);
        }
        self.flush(&mut run, range.end, range.end);
    }

    /// Adds the text up to a position, and skips what is between it and `next`.
    fn flush(&mut self, run: &mut Run, to: usize, next: usize) -> usize {
        if run.from < to {
            self.text.text(run.from..to);
        }
        run.from = next;
        next
    }

    /// Reads what a mark begins, and returns the position after it.
    fn mark(&mut self, run: &mut Run, at: usize) -> Option<usize> {
        let rest = &self.source[at..run.end];
        match rest.as_bytes()[0] {
            b'\\' => {
                let escaped = rest[1..].chars().next().filter(char::is_ascii_punctuation)?;
                self.flush(run, at, at + 1);
                Some(at + 1 + escaped.len_utf8())
            }
            b'`' => self.backquote(run, at),
            b'*' | b'_' => self.emphasis(run, at),
            b'{' => {
                let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':');
                let length = 1 + rest.bytes().skip(1).take(MAX_NAME).take_while(is_name).count();
                rest[length..].starts_with('}').then_some(())?;
                let next = self.flush(run, at, at + length + 1);
                self.text.plain.push_str(&rest[..=length]);
                Some(next)
            }
            b'[' => self.bracket(run, at),
            b'<' => self.reference(run, at),
            _ => self.named(run, at),
        }
    }

    fn emphasis(&mut self, run: &mut Run, at: usize) -> Option<usize> {
        let rest = &self.source[at..run.end];
        let length = rest.bytes().take_while(|byte| *byte == rest.as_bytes()[0]).count();
        let before = self.source[run.start..at].chars().next_back();
        let after = rest[length..].chars().next();
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let opens = !is_word(before) && !is_blank(after);
        let closes = !is_blank(before) && !is_word(after);
        (length > 1 || opens || closes).then(|| self.flush(run, at, at + length))
    }

    fn backquote(&mut self, run: &mut Run, at: usize) -> Option<usize> {
        let rest = &self.source[at..run.end];
        let ticks = if rest.starts_with("``") { "``" } else { "`" };
        let inner = run.ends.find(&rest[ticks.len()..], ticks)?;
        let ticks = ticks.len();
        let (start, end) = (at + ticks, at + ticks + inner);
        if inner == 0 {
            return None;
        }
        self.flush(run, at, end + ticks);
        self.text.code(start..end);
        Some(end + ticks)
    }

    fn bracket(&mut self, run: &mut Run, at: usize) -> Option<usize> {
        let inside = self.source[at..run.end].strip_prefix("[[")?;
        let inner = run.ends.find(inside, "]]")?;
        self.text.page.push_anchor(inside[..inner].split(',').next().unwrap_or_default().trim());
        Some(self.flush(run, at, at + 2 + inner + 2))
    }

    /// Reads `<<place,text>>`.
    fn reference(&mut self, run: &mut Run, at: usize) -> Option<usize> {
        let rest = &self.source[at..run.end];
        rest.starts_with("<<").then_some(())?;
        let inner = run.ends.find(&rest[2..], ">>")?;
        let (start, end) = (at + 2, at + 2 + inner);
        self.flush(run, at, end + 2);
        let comma = self.source[start..end].find(',').map(|comma| start + comma);
        let target = start..comma.unwrap_or(end);
        let text = comma.map_or(start..end, |comma| comma + 1..end);
        self.cross_reference(at..end + 2, target.clone(), text.clone());
        self.link_text(target, text);
        Some(end + 2)
    }

    /// Reads a macro, `link:a.adoc[text]`, or an address, which may have its text in brackets too. `at` is that of its colon.
    fn named(&mut self, run: &mut Run, at: usize) -> Option<usize> {
        let before = &self.source[run.from..at];
        let letters = before.bytes().rev().take(MAX_NAME).take_while(u8::is_ascii_alphanumeric).count();
        let (start, name) = (at - letters, &before[before.len() - letters..]);
        let is_address = SCHEMES.contains(&name) && self.source[at..run.end].starts_with("://");
        if !is_address && !matches!(name, "link" | "xref" | "mailto") && !MACROS.contains(&name) {
            return None;
        }
        let from = if is_address { start } else { at + 1 };
        let target = from..from + target_length(&self.source[from..run.end], is_address)?;
        let text = match self.source[target.end..run.end].starts_with('[') {
            true => self.brackets(run, target.end),
            false => None,
        };
        let Some(text) = text else {
            let address = self.source[target].trim_end_matches(ENDS_OF_SENTENCES);
            let next = (start + address.len()).max(at + 1);
            return is_address.then(|| {
                self.flush(run, start, next);
                self.text.text(start..next);
                next
            });
        };
        let next = text.end + 1;
        self.flush(run, start, next);
        match name {
            "xref" => {
                self.cross_reference(start..next, target.clone(), text.clone());
                self.link_text(target, text);
            }
            "anchor" => self.text.page.push_anchor(&self.source[target]),
            _ if is_address || matches!(name, "link" | "mailto") && !target.is_empty() => {
                let scheme = if name == "mailto" { "mailto:" } else { "" };
                let destination = format!("{scheme}{}", &self.source[target.clone()]);
                self.push_link(start..next, target.clone(), text.clone(), destination.into());
                self.link_text(target, text);
            }
            _ => {}
        }
        Some(next)
    }

    /// Returns what is within the brackets at a position.
    fn brackets(&self, run: &mut Run, at: usize) -> Option<Range<usize>> {
        let mut end = at + 1;
        loop {
            end += run.ends.find(&self.source[end..run.end], "]")?;
            if !self.source[at..end].ends_with('\\') {
                return Some(at + 1..end);
            }
            end += 1;
        }
    }

    /// Adds the text of a link: what comes after a comma are attributes. Without text, its target is shown.
    fn link_text(&mut self, target: Range<usize>, text: Range<usize>) {
        let shown = &self.source[text.clone()];
        let length = match shown.find(',').filter(|at| shown[*at..].contains('=')) {
            Some(comma) => comma,
            None => shown.len(),
        };
        let shown = shown[..length].trim_end_matches('^');
        match shown.trim().is_empty() || text == target {
            true => self.text.code(target),
            false => self.inline(text.start..text.start + shown.len()),
        }
    }

    /// Adds a link to another page or to a place of this one.
    fn cross_reference(&mut self, whole: Range<usize>, target: Range<usize>, text: Range<usize>) {
        let name = self.source[target.clone()].trim();
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || matches!(c, '$' | '@' | ':')) {
            return;
        }
        let start = target.end - self.source[target.clone()].trim_start().len();
        let (path, place) = match name.split_once('#') {
            Some((path, place)) => (path, place),
            None if name.ends_with(".adoc") || name.ends_with(".asciidoc") => (name, ""),
            None => ("", name),
        };
        if path.is_empty() {
            self.push_link(whole, start..start + name.len(), text, format!("#{place}").into());
        } else if !self.is_component {
            let has_ending = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
            let destination = if has_ending { path.into() } else { format!("{path}.adoc").into() };
            self.push_link(whole, start..start + path.len(), text, destination);
        }
    }

    /// Adds a link whose destination is known: an attribute may hold anything.
    fn push_link(
        &mut self,
        whole: Range<usize>,
        target: Range<usize>,
        text: Range<usize>,
        destination: Box<str>,
    ) {
        if !destination.contains('{') {
            self.text.push_link(whole, text, destination, target);
        }
    }
}

/// Returns the bytes of an address, or of what stands before the bracket of a macro.
fn target_length(text: &str, is_address: bool) -> Option<usize> {
    const MAX_TARGET: usize = 2_000;
    if is_address {
        let is_end = |c: char| c.is_whitespace() || matches!(c, '[' | ']' | '<' | '>' | '"');
        return Some(text.find(is_end).unwrap_or(text.len()));
    }
    let is_end = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'[' | b']');
    text.bytes().take(MAX_TARGET).position(is_end)
}
