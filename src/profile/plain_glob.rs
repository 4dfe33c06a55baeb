//! Matches a path against a glob as `globset` does, without building a regular expression: for few paths, that takes far
//! longer than the search itself.

/// Steps after which a search is left to a regular expression, whose time is linear.
const MAX_STEPS: u32 = 1 << 12;

/// A glob in lower case.
#[derive(Debug)]
pub(super) struct PlainGlob {
    /// The extensions of the paths that it matches; `None` if it may match others.
    extensions: Option<Box<[String]>>,
    /// `None` for a glob with syntax that is not supported here.
    tokens: Option<Box<[Token]>>,
}

#[derive(Debug)]
enum Token {
    Text(Box<[u8]>),
    /// `?`: one byte of a name.
    Any,
    /// `*`: a part of a name.
    Name,
    /// `[a-z]`.
    Class(Box<Bytes>),
    /// `{a,b}`.
    Choice(Box<Choice>),
    /// `**/`: the folder where the path begins, and all below it.
    Folders,
    /// `**` at the end.
    All,
}

#[derive(Debug)]
struct Choice {
    parts: Box<[Box<[Token]>]>,
    /// The bytes with which a part begins, if each part has such.
    first: Option<Bytes>,
}

/// What follows a choice in braces.
struct Rest<'g> {
    tokens: &'g [Token],
    next: Option<&'g Rest<'g>>,
}

impl PlainGlob {
    pub(super) fn new(glob: &str) -> PlainGlob {
        let glob = glob.to_ascii_lowercase();
        let extensions = extensions(&glob).map(|all| all.into_iter().map(str::to_owned).collect());
        PlainGlob { extensions, tokens: tokens(glob.as_bytes(), true) }
    }

    /// Returns whether it matches a path in lower case (in ASCII). `None` for a glob that is not supported here, and for a long search.
    pub(super) fn matches(&self, path: &str) -> Option<bool> {
        let extension = || path.rsplit_once('.').map(|(_, extension)| extension);
        let is_possible = |all: &[String]| extension().is_some_and(|it| all.iter().any(|one| one == it));
        if !self.extensions.as_deref().is_none_or(is_possible) {
            return Some(false);
        }
        Search { steps: MAX_STEPS }.find(self.tokens.as_ref()?, path.as_bytes(), None)
    }
}

/// Syntax that is not supported here: escapes, and classes that begin with `]`.
const UNUSUAL: [&str; 4] = ["\\", "[]", "[!]", "[^]"];

const WILDCARDS: [char; 6] = ['*', '?', '[', ']', '{', '}'];

/// Returns the extensions of the paths that a glob matches; `None` if it may match others.
pub(super) fn extensions(glob: &str) -> Option<Vec<&str>> {
    let (_, end) = glob.rsplit_once('.').filter(|_| !UNUSUAL.iter().any(|it| glob.contains(it)))?;
    let choice = end.strip_prefix('{').and_then(|end| end.strip_suffix('}')).unwrap_or(end);
    let is_plain = !choice.contains(WILDCARDS) && (choice.len() < end.len() || !choice.contains(','));
    is_plain.then(|| choice.split(',').collect())
}

/// Reads a glob, or a part of a choice in one.
fn tokens(mut glob: &[u8], is_whole: bool) -> Option<Box<[Token]>> {
    let mut tokens: Vec<Token> = Vec::new();
    while let [_, after @ ..] = glob {
        let is_at_name = match tokens.last() {
            None => is_whole,
            Some(Token::Text(text)) => text.ends_with(b"/"),
            Some(_) => false,
        };
        let (token, rest) = match glob {
            [b'*', b'*'] if is_whole && is_at_name => (Token::All, &glob[2..]),
            [b'*', b'*', b'/', below @ ..] if is_at_name && !below.is_empty() => (Token::Folders, below),
            [b'*', b'*', ..] | [b'\\' | b'}' | b']', ..] => return None,
            [b'*', ..] => (Token::Name, after),
            [b'?', ..] => (Token::Any, after),
            [b'{', ..] => {
                let end = end_of_choice(after)?;
                let parts: Option<Box<[_]>> =
                    parts(&after[..end]).map(|part| self::tokens(part, false)).collect();
                (Token::Choice(Box::new(Choice::new(parts?))), &after[end + 1..])
            }
            [b'[', ..] => {
                let (class, after) = class(after)?;
                (Token::Class(Box::new(class)), after)
            }
            _ => {
                let length = glob.iter().position(|byte| b"*?[]{}\\".contains(byte)).unwrap_or(glob.len());
                (Token::Text(glob[..length].into()), &glob[length..])
            }
        };
        tokens.push(token);
        glob = rest;
    }
    Some(tokens.into())
}

struct Search {
    steps: u32,
}

impl Search {
    fn find(&mut self, tokens: &[Token], path: &[u8], rest: Option<&Rest<'_>>) -> Option<bool> {
        self.steps = self.steps.checked_sub(1)?;
        let Some((token, after)) = tokens.split_first() else {
            return match rest {
                Some(rest) => self.find(rest.tokens, path, rest.next),
                None => Some(path.is_empty()),
            };
        };
        match (token, path) {
            (Token::All, _) => Some(true),
            (Token::Text(text), _) => match path.strip_prefix(&**text) {
                Some(path) => self.find(after, path, rest),
                None => Some(false),
            },
            (Token::Any, [byte, path @ ..]) if *byte != b'/' => self.find(after, path, rest),
            (Token::Class(bytes), [byte, path @ ..]) if bytes.contains(*byte) => self.find(after, path, rest),
            (Token::Any | Token::Class(_), _) => Some(false),
            (Token::Name, _) => {
                let name = path.iter().take_while(|byte| **byte != b'/').count();
                self.any((0..=name).map(|at| (after, &path[at..])), rest)
            }
            (Token::Folders, _) => {
                let folders =
                    path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at + 1);
                self.any(std::iter::once(0).chain(folders).map(|at| (after, &path[at..])), rest)
            }
            (Token::Choice(choice), _) => {
                let after = Rest { tokens: after, next: rest };
                self.any(choice.parts.iter().map(|part| (&**part, path)), Some(&after))
            }
        }
    }

    fn any<'g>(
        &mut self,
        mut ways: impl Iterator<Item = (&'g [Token], &'g [u8])>,
        rest: Option<&Rest<'_>>,
    ) -> Option<bool> {
        let found = ways.find_map(|(tokens, path)| {
            if !may_begin(tokens, path) {
                return None;
            }
            match self.find(tokens, path, rest) {
                Some(false) => None,
                found => Some(found),
            }
        });
        found.unwrap_or(Some(false))
    }
}

/// Returns false if the first byte of the path excludes a match.
fn may_begin(tokens: &[Token], path: &[u8]) -> bool {
    let is_first = |bytes: &Bytes| path.first().is_some_and(|byte| bytes.contains(*byte));
    match tokens.first() {
        Some(Token::Text(text)) => path.first() == text.first(),
        Some(Token::Class(bytes)) => is_first(bytes),
        Some(Token::Choice(choice)) => choice.first.as_ref().is_none_or(is_first),
        _ => true,
    }
}

impl Choice {
    fn new(parts: Box<[Box<[Token]>]>) -> Choice {
        let mut first = Some(Bytes::default());
        for part in &parts {
            match (part.first(), &mut first) {
                (Some(Token::Text(text)), Some(first)) => first.extend(text.first().copied()),
                (Some(Token::Class(class)), Some(first)) => {
                    first.0.iter_mut().zip(class.0).for_each(|(to, of)| *to |= of);
                }
                _ => first = None,
            }
        }
        Choice { parts, first }
    }
}

/// A set of bytes.
#[derive(Debug, Default)]
struct Bytes([u64; 4]);

impl Bytes {
    fn extend(&mut self, bytes: impl IntoIterator<Item = u8>) {
        for byte in bytes {
            self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
        }
    }

    fn contains(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }
}

/// Returns where the brace closes that was opened before `inner`.
fn end_of_choice(inner: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in inner.iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Splits a choice at the commas outside of inner braces.
fn parts(choice: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut depth = 0_usize;
    choice.split(move |byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        depth == 0 && *byte == b','
    })
}

/// Reads a class up to its bracket: letters, and ranges such as `a-z`. Refuses wildcards in it, and other letters than ASCII.
fn class(inner: &[u8]) -> Option<(Bytes, &[u8])> {
    let end = inner.iter().position(|byte| *byte == b']')?;
    let (is_negated, mut letters) = match &inner[..end] {
        [b'!' | b'^', letters @ ..] => (true, letters),
        letters => (false, letters),
    };
    let is_known = |byte: &u8| byte.is_ascii() && !b"[{},\\".contains(byte);
    if letters.is_empty() || !letters.iter().all(is_known) {
        return None;
    }
    let mut bytes = Bytes::default();
    while let [first, rest @ ..] = letters {
        let (last, rest) = match rest {
            [b'-', last, rest @ ..] => (last, rest),
            rest => (first, rest),
        };
        bytes.extend((*first..=*last).map(|byte| byte.to_ascii_lowercase()));
        letters = rest;
    }
    if is_negated {
        bytes.0.iter_mut().for_each(|bits| *bits = !*bits);
    }
    Some((bytes, &inner[end + 1..]))
}

#[cfg(test)]
mod tests {
    use globset::GlobSet;
    use proptest::prelude::*;

    use super::super::globs::glob;
    use super::*;
    use crate::embedded;
    use crate::profile::templates;

    fn matches(pattern: &str, path: &str) -> Option<bool> {
        PlainGlob::new(pattern).matches(&path.to_ascii_lowercase())
    }

    fn agree(pattern: &str, paths: &[&str]) {
        let set = GlobSet::new([glob(pattern).expect("a glob")]).expect("a set");
        for path in paths {
            let found = matches(pattern, path);
            assert!(found.is_none_or(|found| found == set.is_match(path)), "{pattern} {path} {found:?}");
        }
    }

    const PATHS: [&str; 34] = [
        "a",
        "a.md",
        "A.MD",
        "README.md",
        "docs/adr/0001-use-git.md",
        "docs/adr/template.md",
        "docs/ADR/_Template-short.rst",
        "docs/adr/000-template.md",
        "docs/adr/adr-000 template.md",
        "records/20xx-xx-xx.TEMPLATE.md",
        "rfcs/NNNN-title.md",
        "rfcs/rfc-xxxx-title.md",
        "rfcs/text/0007-logs.md",
        "rfcs/0007-logs/README.md",
        "third_party/x/docs/adr/0001-use-git.md",
        "docs/adr/0001-use-git.pt-br.md",
        "EIPS/eip-1.md",
        "peps/pep-0001.rst",
        "bip-0001/test.mediawiki",
        "docs/decisions/appendix/x.md",
        "meetings/2026/2026-11-20.md",
        "meetings/2026-11/notes.md",
        "notes/minutes-of-2026/tc-20.md",
        "2026q1/goals.md",
        "glossary-terms/x/term.md",
        "é/ué.md",
        "a//b",
        "/a",
        "a/",
        "",
        "doc/Architecture/decisions/0012 Größe.md",
        "keps/sig-node/1234-x/kep.yaml",
        ".alignlint/x.yaml",
        "content/en/terms.md",
    ];

    #[test]
    fn globs_of_the_program_match_as_with_globset() {
        let mut patterns = templates::patterns();
        for (path, _) in embedded::files("schemas/profiles").chain(embedded::files("packs")) {
            for (_, json) in embedded::profile_entries(path).unwrap_or_default() {
                // Other texts with such characters are regular expressions.
                let is_glob = |text: &&str| text.contains(['*', '/']) && !text.contains(['\\', '(', '^']);
                let texts = json.split('"').filter(|text| is_glob(text) && glob(text).is_ok());
                patterns.extend(texts.map(str::to_owned));
            }
        }
        assert!(patterns.len() > 200);
        for pattern in &patterns {
            agree(pattern, &PATHS);
        }
        let read = patterns.iter().filter(|pattern| matches(pattern, "docs/adr/0001-x.md").is_some());
        assert!(read.count() * 10 > patterns.len() * 9);
    }

    #[test]
    fn a_long_search_is_refused() {
        let path = format!("{}b", "a".repeat(200));
        assert_eq!(matches("*a*a*a*a*c", &path), None);
        assert_eq!(matches("*c", &path), Some(false));
    }

    proptest! {
        #[test]
        fn any_glob_matches_as_with_globset(
            pattern in r"(\*\*/)?([a-c/]|\*|\?|\*\*|/\*\*|\[a-b\]|\[!a\]|\[-a\]|\{a,b/c\}|\{,a\{b,c\}\}){0,6}",
            path in "[a-cA/.]{0,7}",
        ) {
            if glob(&pattern).is_ok() {
                agree(&pattern, &[&path]);
            }
        }
    }
}
