//! Matches a path against a glob as `globset` does, without building a regular expression: for few paths, that takes far
//! longer than the search itself.

/// Steps after which a search is left to a regular expression, whose time is linear.
const MAX_STEPS: u32 = 1 << 12;

/// What follows a choice in braces.
struct Rest<'g> {
    glob: &'g [u8],
    next: Option<&'g Rest<'g>>,
}

/// Returns whether the path matches, without a difference between upper and lower case in ASCII. `None` for a glob with signs
/// that are not read here, and for a long search.
pub(super) fn matches(glob: &str, path: &str) -> Option<bool> {
    let mut search = Search { steps: MAX_STEPS };
    let path = path.as_bytes();
    match glob.as_bytes() {
        b"**" => Some(true),
        [b'*', b'*', b'/', below @ ..] if !below.is_empty() => search.below(below, path, None),
        glob => search.find(glob, path, None),
    }
}

struct Search {
    steps: u32,
}

impl Search {
    /// Recurses once for each sign of the glob.
    fn find(&mut self, glob: &[u8], path: &[u8], rest: Option<&Rest<'_>>) -> Option<bool> {
        self.steps = self.steps.checked_sub(1)?;
        match (glob, path) {
            ([], _) => match rest {
                Some(rest) => self.find(rest.glob, path, rest.next),
                None => Some(path.is_empty()),
            },
            ([b'/', b'*', b'*'], _) if rest.is_none() => Some(path.first() == Some(&b'/')),
            ([b'/', b'*', b'*', b'/', below @ ..], _) if !below.is_empty() => match path {
                [b'/', path @ ..] => self.below(below, path, rest),
                _ => Some(false),
            },
            ([b'/', b'*', b'*', ..] | [b'*', b'*', ..] | [b'\\' | b'}' | b']', ..], _) => None,
            ([b'*', after @ ..], _) => {
                let name = path.iter().take_while(|byte| **byte != b'/').count();
                self.any((0..=name).map(|at| (after, &path[at..])), rest)
            }
            ([b'{', inner @ ..], _) => {
                let end = end_of_choice(inner)?;
                let after = Rest { glob: &inner[end + 1..], next: rest };
                self.any(parts(&inner[..end]).map(|part| (part, path)), Some(&after))
            }
            ([b'[', inner @ ..], _) => {
                let (class, after) = class(inner)?;
                match path {
                    [byte, path @ ..] if class.contains(*byte) => self.find(after, path, rest),
                    _ => Some(false),
                }
            }
            ([b'?', after @ ..], [byte, path @ ..]) if *byte != b'/' => self.find(after, path, rest),
            ([b'?', ..], _) | (_, []) => Some(false),
            ([sign, after @ ..], [byte, path @ ..]) => match sign.eq_ignore_ascii_case(byte) {
                true => self.find(after, path, rest),
                false => Some(false),
            },
        }
    }

    /// Searches in the folder where the path begins, and in all folders below.
    fn below(&mut self, glob: &[u8], path: &[u8], rest: Option<&Rest<'_>>) -> Option<bool> {
        let folders = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at + 1);
        self.any(std::iter::once(0).chain(folders).map(|at| (glob, &path[at..])), rest)
    }

    fn any<'g>(
        &mut self,
        mut ways: impl Iterator<Item = (&'g [u8], &'g [u8])>,
        rest: Option<&Rest<'_>>,
    ) -> Option<bool> {
        let found = ways.find_map(|(glob, path)| match self.find(glob, path, rest) {
            Some(false) => None,
            found => Some(found),
        });
        found.unwrap_or(Some(false))
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

struct Class<'g> {
    negated: bool,
    /// Letters, and ranges such as `a-z`.
    signs: &'g [u8],
}

/// Reads a class up to its bracket. Refuses signs of globs in it, and other letters than ASCII.
fn class(inner: &[u8]) -> Option<(Class<'_>, &[u8])> {
    let end = inner.iter().position(|byte| *byte == b']')?;
    let (negated, signs) = match &inner[..end] {
        [b'!' | b'^', signs @ ..] => (true, signs),
        signs => (false, signs),
    };
    let is_known = |byte: &u8| byte.is_ascii() && !b"[{},\\".contains(byte);
    let is_plain = !signs.is_empty() && signs.iter().all(is_known);
    is_plain.then_some((Class { negated, signs }, &inner[end + 1..]))
}

impl Class<'_> {
    fn contains(&self, byte: u8) -> bool {
        let cases = [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()];
        let mut signs = self.signs;
        let mut is_among = false;
        while let [first, rest @ ..] = signs {
            let (last, rest) = match rest {
                [b'-', last, rest @ ..] => (last, rest),
                rest => (first, rest),
            };
            is_among |= cases.iter().any(|byte| (*first..=*last).contains(byte));
            signs = rest;
        }
        is_among != self.negated
    }
}

#[cfg(test)]
mod tests {
    use globset::GlobSet;
    use proptest::prelude::*;

    use super::super::globs::glob;
    use super::*;
    use crate::embedded;
    use crate::profile::templates;

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
                let texts = json.split('"').filter(|text| text.contains(['*', '/']) && glob(text).is_ok());
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
