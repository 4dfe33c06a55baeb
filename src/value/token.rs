//! Splits the text of a value into words and marks, without the markup around them.

use super::words;
use crate::syntax::line::badge;
use crate::text::range_in;

/// No mark of a text ends further behind its beginning, so that splitting takes linear time.
const MAX_REACH: usize = 1_000;

/// A word or a mark of a text, with its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    /// In bytes, from the start of the text.
    pub(super) start: usize,
    /// The destination of the link that it is in.
    pub(super) link: Option<&'t str>,
    pub(super) bold: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters and digits, with single marks between them: `0007-use-git.md`, `v1.2`.
    Word,
    Mark(char),
    /// An emoji or another symbol.
    Symbol,
    /// `->`, `=>` or `→`.
    Arrow,
    /// A check box, and whether it is ticked.
    Box(bool),
    LineEnd,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    pub(super) fn is_mark(&self, marks: &[char]) -> bool {
        matches!(self.kind, Kind::Mark(mark) if marks.contains(&mark))
    }
}

/// Returns a word in lower case, with blanks in place of hyphens and underscores.
pub(super) fn fold(word: &str) -> String {
    word.chars().flat_map(char::to_lowercase).map(|c| if matches!(c, '-' | '_') { ' ' } else { c }).collect()
}

/// Returns the text of tokens that stand next to each other, as words with one blank between them.
pub(super) fn phrase(tokens: &[Token<'_>]) -> String {
    tokens.iter().map(|token| fold(token.text)).collect::<Vec<_>>().join(" ")
}

/// Splits a text. Leaves out emphasis, comments, tags, struck text, names of emoji and the destinations of links.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut lexer =
        Lexer { text, at: 0, tokens: Vec::new(), bold: false, link: None, brackets: Brackets::new(text) };
    while lexer.at < text.len() {
        lexer.step();
    }
    lexer.tokens
}

/// Splits a list at commas, semicolons, ends of lines, conjunctions, and these marks between blanks, outside of brackets and links.
pub(super) fn list_parts<'a, 't>(
    text: &str,
    tokens: &'a [Token<'t>],
    marks: &[char],
) -> Vec<&'a [Token<'t>]> {
    let mut depth = 0_usize;
    let is_separator = |token: &Token<'t>| {
        match token.kind {
            Kind::Mark('(') => depth += 1,
            Kind::Mark(')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_apart = || text[..token.start].ends_with(' ') && text[token.end()..].starts_with(' ');
        let is_one = match token.kind {
            Kind::Mark(',' | ';' | '、' | '，' | '•') | Kind::LineEnd => true,
            Kind::Mark(mark) if marks.contains(&mark) => is_apart(),
            Kind::Word => words::is_in("conjunctions", token.text),
            _ => false,
        };
        depth == 0 && token.link.is_none() && is_one
    };
    tokens.split(is_separator).collect()
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token<'t>>,
    bold: bool,
    /// The destination of the link around the text, and where its text and the link end.
    link: Option<(&'t str, usize, usize)>,
    brackets: Brackets,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let (start, text) = (self.at, &self.text[self.at..self.at + length]);
        let link = self.link.map(|(destination, ..)| destination);
        self.tokens.push(Token { kind, text, start, link, bold: self.bold });
        self.at += length;
    }

    /// Adds a word of the text out of turn.
    fn push_word(&mut self, text: &'t str) {
        let start = range_in(self.text, text).start;
        self.tokens.push(Token { kind: Kind::Word, text, start, link: None, bold: self.bold });
    }

    fn step(&mut self) {
        if let Some((_, text_end, end)) = self.link
            && self.at >= text_end
        {
            self.at = end.max(self.at);
            self.link = None;
            return;
        }
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return };
        match first {
            '\n' => self.push(Kind::LineEnd, 1),
            _ if first.is_whitespace() => self.at += first.len_utf8(),
            _ if first.is_alphanumeric() => self.push(Kind::Word, word_length(rest)),
            '*' | '_' | '`' => {
                let width = rest.len() - rest.trim_start_matches(first).len();
                self.bold ^= width > 1 && first != '`';
                self.at += width;
            }
            '~' if rest.starts_with("~~") => {
                self.at += 2 + enclosed(&rest[2..], "~~").map_or(0, |length| length + 2);
            }
            '<' => self.tag(),
            '[' | '!' => self.bracket(),
            ':' if emoji_length(rest).is_some() => self.at += emoji_length(rest).unwrap_or(1),
            '&' if entity_length(rest).is_some() => self.at += entity_length(rest).unwrap_or(1),
            '{' if shortcode_length(rest).is_some() => self.at += shortcode_length(rest).unwrap_or(1),
            '{' if self.at > 0 && self.text[..self.at].ends_with(':') && rest.starts_with("{ .") => {
                self.at += enclosed(rest, "}").map_or(1, |length| length + 1);
            }
            '-' | '=' if rest[1..].starts_with('>') => self.push(Kind::Arrow, 2),
            '→' => self.push(Kind::Arrow, first.len_utf8()),
            _ if first.is_ascii() || is_punctuation(first) => self.push(Kind::Mark(first), first.len_utf8()),
            _ => self.push(Kind::Symbol, first.len_utf8()),
        }
    }

    fn tag(&mut self) {
        let rest = self.rest();
        if rest.starts_with("<!--") {
            self.at += enclosed(rest, "-->").map_or(rest.len(), |length| length + 3);
            return;
        }
        let Some(length) = enclosed(rest, ">") else { return self.push(Kind::Mark('<'), 1) };
        let inner = &rest[1..length];
        let name = inner.strip_prefix('/').unwrap_or(inner);
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        if matches!(name, "br" | "li" | "p" | "tr" | "div") {
            return self.push(Kind::LineEnd, length + 1);
        }
        let is_page = inner.starts_with("project:") || inner.starts_with("doc:") || inner.ends_with(".md");
        let is_address = is_page || inner.contains("://") || (inner.contains('@') && !inner.contains('='));
        if is_address && !inner.contains(char::is_whitespace) {
            self.at += 1;
            self.link = Some((inner, self.at, self.at + length));
            return self.push(Kind::Word, length - 1);
        }
        if name.is_empty() || inner.contains('<') {
            return self.push(Kind::Mark('<'), 1);
        }
        let value = |name: &str| Some(inner.split_once(name)?.1.split('"').next()?.trim());
        let is_alone = self.tokens.is_empty() && rest[length + 1..].trim().is_empty();
        let said = || value("alt=\"").or_else(|| value("text=\"")).filter(|it| is_alone && !it.is_empty());
        if let Some(word) = badge(inner).map(|(_, message)| message).or_else(said) {
            self.push_word(word);
        }
        self.at += length + 1;
    }

    fn bracket(&mut self) {
        let rest = self.rest();
        for (box_, is_ticked) in [("[ ]", false), ("[x]", true), ("[X]", true), ("[]", false)] {
            if rest.starts_with(box_) && !rest[box_.len()..].starts_with('(') {
                return self.push(Kind::Box(is_ticked), box_.len());
            }
        }
        // `[!NOTE]`
        let note = rest.strip_prefix("[!").and_then(|rest| enclosed(rest, "]"));
        if let Some(length) =
            note.filter(|length| rest[2..2 + length].bytes().all(|c| c.is_ascii_uppercase()))
        {
            self.at += length + "[!]".len();
            return;
        }
        let image = usize::from(rest.starts_with("!["));
        let picture = if image > 0 { self.brackets.close(self.text, self.at + image) } else { None };
        let address = picture.and_then(|close| {
            let address = self.text[close + 1..].strip_prefix('(')?;
            Some((badge(&address[..enclosed(address, ")")?])?.1, close + address.find(')')? + "](".len() + 1))
        });
        if let Some((message, end)) = address {
            self.push_word(message);
            self.at = end;
            return;
        }
        if rest.starts_with('!') && image == 0 {
            return self.push(Kind::Mark('!'), 1);
        }
        let open = self.at + image;
        let close = self.brackets.close(self.text, open).filter(|_| self.link.is_none());
        let link = close.and_then(|close| {
            let target = self.text[close + 1..].strip_prefix('(')?;
            let length = enclosed(target, ")")?;
            Some((&target[..length], close, close + length + 3))
        });
        match link {
            Some((destination, text_end, end)) => {
                let destination = destination.split_whitespace().next().unwrap_or_default();
                self.link = Some((destination.trim_matches(['<', '>']), text_end, end - 1));
                self.at = open + 1;
            }
            None => {
                self.at = open;
                self.push(Kind::Mark('['), 1);
            }
        }
    }
}

/// Where the brackets of a text close, found once for all of them.
struct Brackets(Vec<(usize, usize)>);

impl Brackets {
    fn new(text: &str) -> Brackets {
        let (mut open, mut pairs) = (Vec::new(), Vec::new());
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'[' => open.push(at),
                b']' => pairs.extend(open.pop().map(|start| (start, at))),
                _ => {}
            }
        }
        pairs.sort_unstable();
        Brackets(pairs)
    }

    fn close(&self, text: &str, open: usize) -> Option<usize> {
        let at = self.0.binary_search_by_key(&open, |(start, _)| *start).ok()?;
        let (start, end) = self.0[at];
        (end - start <= MAX_REACH && !text[start..end].contains("\n\n")).then_some(end)
    }
}

/// Returns the offset of a closing mark, if it is near.
fn enclosed(text: &str, mark: &str) -> Option<usize> {
    let reach = text.floor_char_boundary(MAX_REACH.min(text.len()));
    text[..reach].find(mark)
}

fn word_length(text: &str) -> usize {
    let mut length = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        // The last ones are other hyphens, and what shows nothing.
        let is_inner = matches!(c, '-' | '_' | '.' | '\'' | '’' | '#' | '@' | '+')
            || matches!(c, '‐' | '‑' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
        let is_inner = is_inner && next.is_some_and(char::is_alphanumeric);
        // A name such as `ADR#004`, and no sentence that ends without a blank.
        let is_accent = matches!(c, '\u{300}'..='\u{36f}');
        if !(c.is_alphanumeric() || is_inner || is_accent) {
            break;
        }
        length = at + c.len_utf8();
    }
    length.max(text.chars().next().map_or(0, char::len_utf8))
}

/// Returns the length of `&#9989;` or `&nbsp;`.
fn entity_length(text: &str) -> Option<usize> {
    const MAX_NAME: usize = 12;
    let end = text.bytes().take(MAX_NAME).position(|byte| byte == b';')?;
    let name = text[1..end].trim_start_matches('#');
    (!name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric())).then_some(end + 1)
}

/// Returns the length of what stands before the words of a badge that a site builds: ``{badge}`…` ``, `{{< badge >}}…`, `{% badge … %}`.
pub(super) fn shortcode_length(text: &str) -> Option<usize> {
    let role = enclosed(text, "}").filter(|end| text[end + 1..].starts_with('`'));
    if let Some(end) = role.filter(|_| text.starts_with('{')) {
        return Some(end + 1);
    }
    let inner = ["{{<", "{{%", "{%"].into_iter().find_map(|open| text.strip_prefix(open))?;
    let inner = inner.trim_start_matches([' ', '/']);
    let name = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
    words::is_in("badges", &inner[..name]).then_some(text.len() - inner.len() + name)
}

/// Returns the length of a name such as `:white_check_mark:`, but not that of a role: ``:pep:`8` ``.
fn emoji_length(text: &str) -> Option<usize> {
    const MAX_NAME: usize = 40;
    let name = &text[1..];
    let end = name.bytes().take(MAX_NAME).position(|byte| byte == b':')?;
    let is_name = end > 1
        && name
            .bytes()
            .take(end)
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || b"_+-".contains(&c));
    (is_name && !name[end + 1..].starts_with('`')).then_some(end + 2)
}

fn is_punctuation(c: char) -> bool {
    ('‐'..='―').contains(&c) || "−…“”‘’«»·•§、。（）：，；／｜〜【】".contains(c)
}
