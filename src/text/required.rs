//! The required literals of a regular expression: a prefilter that is found in the parsed pattern, before the pattern is compiled.

use memchr::{memchr_iter, memchr2_iter};
use regex_syntax::ast::{self, Ast};

/// The required parts: every match contains at least one of them. `None` if the pattern has none, such as `x*`.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Required(Option<Vec<Part>>);

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Literal {
        /// ASCII; in lower case if the case is ignored.
        text: Vec<u8>,
        /// The index of the byte that fewest texts contain.
        rarest: usize,
        ignores_case: bool,
    },
    /// One of these ASCII characters; each is a bit.
    Set(u128),
}

/// To search a text for more parts takes as long as to compile the pattern.
const MAX_PARTS: usize = 64;

/// The most characters of a set. Most texts contain one of a larger set.
const MAX_SET: u32 = 16;

/// The length, in bytes, from which all literals count as equally rare.
const RARE_LENGTH: usize = 4;

impl Required {
    /// Returns the required parts of a pattern; none if the pattern is invalid.
    pub(super) fn of(pattern: &str) -> Required {
        let parsed = ast::parse::Parser::new().parse(pattern);
        Required(parsed.ok().and_then(|ast| Search { ignores_case: false }.required(&ast)))
    }

    /// Returns true if the text contains a required part. If it returns false, the pattern does not match.
    pub(super) fn are_in(&self, text: &str) -> bool {
        self.0.as_ref().is_none_or(|parts| parts.iter().any(|part| part.is_in(text.as_bytes())))
    }

    /// The most times that [`Required::are_in`] reads a text.
    pub(super) fn passes(&self) -> usize {
        self.0.as_ref().map_or(0, Vec::len)
    }
}

impl Part {
    fn is_in(&self, text: &[u8]) -> bool {
        match self {
            Part::Set(set) => text.iter().any(|byte| byte.is_ascii() && set & 1 << byte != 0),
            Part::Literal { text: literal, rarest, ignores_case } => {
                let byte = literal[*rarest];
                let is_at = |at: usize| {
                    let start = at.checked_sub(*rarest);
                    let found = start.and_then(|start| text.get(start..start + literal.len()));
                    found.is_some_and(|found| match ignores_case {
                        true => found.eq_ignore_ascii_case(literal),
                        false => found == &literal[..],
                    })
                };
                text.len() >= literal.len()
                    && match ignores_case {
                        true => memchr2_iter(byte, byte.to_ascii_uppercase(), text).any(is_at),
                        false => memchr_iter(byte, text).any(is_at),
                    }
            }
        }
    }

    fn weight(&self) -> usize {
        match self {
            Part::Set(_) => 1,
            Part::Literal { text, .. } => text.len().min(RARE_LENGTH),
        }
    }
}

/// Returns the index of the byte of a literal that is rarest in texts and paths; `None` if it is empty.
fn rarest(literal: &[u8]) -> Option<usize> {
    const COMMON_FIRST: &[u8] = b" etaoinsrhldcumfpg/.wyb-_0123456789vk";
    let rarity = |byte: u8| COMMON_FIRST.iter().position(|common| *common == byte).unwrap_or(usize::MAX);
    (0..literal.len()).max_by_key(|index| rarity(literal[*index]))
}

/// Walks the syntax tree of a pattern, and keeps the current state of the flag `i`.
struct Search {
    ignores_case: bool,
}

impl Search {
    fn required(&mut self, ast: &Ast) -> Option<Vec<Part>> {
        match ast {
            Ast::Literal(literal) => self.literal(&[self.byte(literal)?]),
            Ast::ClassBracketed(class) => Some(vec![self.set(class)?]),
            Ast::Repetition(repetition) => {
                let required = self.required(&repetition.ast);
                required.filter(|_| is_at_least_once(&repetition.op.kind))
            }
            Ast::Group(group) => self.of_group(group),
            Ast::Alternation(alternation) => {
                // A flag that one branch sets also holds in the branches after it.
                let branches: Vec<_> = alternation.asts.iter().map(|branch| self.required(branch)).collect();
                let parts: Vec<Part> = branches.into_iter().collect::<Option<Vec<_>>>()?.concat();
                (parts.len() <= MAX_PARTS).then_some(parts)
            }
            Ast::Concat(concat) => self.of_sequence(&concat.asts),
            Ast::Flags(flags) => {
                self.apply(&flags.flags);
                None
            }
            Ast::Empty(_) | Ast::Dot(_) | Ast::Assertion(_) | Ast::ClassUnicode(_) | Ast::ClassPerl(_) => {
                None
            }
        }
    }

    fn of_group(&mut self, group: &ast::Group) -> Option<Vec<Part>> {
        let ignores_case = self.ignores_case;
        if let ast::GroupKind::NonCapturing(flags) = &group.kind {
            self.apply(flags);
        }
        let required = self.required(&group.ast);
        self.ignores_case = ignores_case;
        required
    }

    /// Returns the required parts of the element that fewest texts contain. Adjacent literals are one element.
    fn of_sequence(&mut self, elements: &[Ast]) -> Option<Vec<Part>> {
        let mut best: Option<Vec<Part>> = None;
        let mut consider = |found: Option<Vec<Part>>| {
            if found.as_ref().map(|parts| rank(parts)) > best.as_ref().map(|parts| rank(parts)) {
                best = found;
            }
        };
        let mut run = Vec::new();
        for element in elements {
            let byte = if let Ast::Literal(literal) = element { self.byte(literal) } else { None };
            match (element, byte) {
                (_, Some(byte)) => run.push(byte),
                (Ast::Assertion(_), None) => {}
                (_, None) => {
                    consider(self.literal(&std::mem::take(&mut run)));
                    consider(self.required(element));
                }
            }
        }
        consider(self.literal(&run));
        best
    }

    fn apply(&mut self, flags: &ast::Flags) {
        if let Some(ignores_case) = flags.flag_state(ast::Flag::CaseInsensitive) {
            self.ignores_case = ignores_case;
        }
    }

    /// Returns the literal as the only required part; `None` if it is empty.
    fn literal(&self, text: &[u8]) -> Option<Vec<Part>> {
        let rarest = rarest(text)?;
        Some(vec![Part::Literal { text: text.to_vec(), rarest, ignores_case: self.ignores_case }])
    }

    /// Returns the byte of a literal; `None` if other characters than the same letter in ASCII match it.
    fn byte(&self, literal: &ast::Literal) -> Option<u8> {
        let byte = u8::try_from(literal.c).ok().filter(u8::is_ascii)?;
        match self.ignores_case {
            // Unicode case folding also matches `ſ` (long s) and `K` (kelvin sign) with these.
            true => Some(byte.to_ascii_lowercase()).filter(|byte| !matches!(byte, b's' | b'k')),
            false => Some(byte),
        }
    }

    fn set(&self, class: &ast::ClassBracketed) -> Option<Part> {
        let ast::ClassSet::Item(item) = &class.kind else { return None };
        let mut set = 0;
        self.add(item, &mut set).filter(|()| !class.negated)?;
        Some(Part::Set(set))
    }

    /// Adds the characters of a class to the set; `None` if the class has others than ASCII, or too many.
    fn add(&self, item: &ast::ClassSetItem, set: &mut u128) -> Option<()> {
        match item {
            ast::ClassSetItem::Literal(literal) => self.add_range(literal, literal, set),
            ast::ClassSetItem::Range(range) => self.add_range(&range.start, &range.end, set),
            ast::ClassSetItem::Union(union) => union.items.iter().try_for_each(|item| self.add(item, set)),
            _ => None,
        }
    }

    fn add_range(&self, start: &ast::Literal, end: &ast::Literal, set: &mut u128) -> Option<()> {
        for c in start.c..=end.c {
            if !c.is_ascii() {
                return None;
            }
            let byte = self.byte(&ast::Literal { c, ..start.clone() })?;
            *set |= 1 << byte;
            if self.ignores_case {
                *set |= 1 << byte.to_ascii_uppercase();
            }
        }
        (set.count_ones() <= MAX_SET).then_some(())
    }
}

fn is_at_least_once(kind: &ast::RepetitionKind) -> bool {
    match kind {
        ast::RepetitionKind::ZeroOrOne | ast::RepetitionKind::ZeroOrMore => false,
        ast::RepetitionKind::OneOrMore => true,
        ast::RepetitionKind::Range(range) => match range {
            ast::RepetitionRange::Exactly(least)
            | ast::RepetitionRange::AtLeast(least)
            | ast::RepetitionRange::Bounded(least, _) => *least > 0,
        },
    }
}

/// Ranks required parts: a higher rank means that fewer texts contain one of them.
fn rank(parts: &[Part]) -> (usize, std::cmp::Reverse<usize>) {
    (parts.iter().map(Part::weight).min().unwrap_or(0), std::cmp::Reverse(parts.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The parts that a pattern requires, as a person would write them: sets in brackets, `/i` for any case.
    fn parts(pattern: &str) -> Option<Vec<String>> {
        let part = |part: &Part| match part {
            Part::Set(set) => {
                let in_set = |byte: &u8| set & (1 << byte) != 0;
                format!("[{}]", (0..128).filter(in_set).map(char::from).collect::<String>())
            }
            Part::Literal { text, ignores_case, .. } => {
                format!("{}{}", String::from_utf8_lossy(text), if *ignores_case { "/i" } else { "" })
            }
        };
        Required::of(pattern).0.map(|parts| parts.iter().map(part).collect())
    }

    #[test]
    fn a_pattern_requires_its_rarest_part() {
        let cases: [(&str, &[&str]); 16] = [
            ("status", &["status"]),
            (r"^#+ (?:Status|State)\b", &["Status", "State"]),
            (r"(?i)\bretro(?:spectives?)?\b", &["retro/i"]),
            // Case folding of `s` and `k` reaches beyond ASCII.
            ("(?i)superseded by", &["uper/i", "eded by/i"][..1]),
            ("(?i:task) list", &[" list"]),
            ("(?i)a(?-i)b|C", &["a/i", "C"]),
            ("(?:(?i)a)b{2}", &["a/i"]),
            ("(?i)a|b(?-i)|c", &["a/i", "b/i", "c"]),
            ("(x|y)?z+", &["z"]),
            ("ab?cd", &["cd"]),
            (r"a\bb", &["ab"]),
            ("^[0-9]{3}-?", &["[0123456789]"]),
            ("(?i)[ab-]", &["[-ABab]"]),
            ("é?(?:ü|draft)", &[]),
            ("(?x) a b # comment", &["ab"]),
            ("[a-z]+ {4}x", &[" "]),
        ];
        for (pattern, expected) in cases {
            let expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
            assert_eq!(parts(pattern).unwrap_or_default(), expected, "{pattern}");
        }
        let none =
            ["", "x*", "a|", "(?:a|b?)", r"\d", r"\w+", ".", "[^a]", "[a-z]", "(?i)[sx]", "é", "(a", "(?i)k"];
        none.iter().for_each(|pattern| assert_eq!(parts(pattern), None, "{pattern}"));
    }

    proptest! {
        #[test]
        fn a_text_without_the_parts_has_no_match(
            pattern in "(\\(\\?i\\)|\\(\\?i:)?([aAkKsS0é.|?*+()\\[\\]^-]|\\\\b|\\(\\?-i\\)){0,12}",
            text in "[aAkKsS0é\u{17f}\u{212a}-]{0,8}",
        ) {
            if let Ok(regex) = regex::Regex::new(&pattern) {
                prop_assert!(Required::of(&pattern).are_in(&text) || !regex.is_match(&text));
            }
        }
    }
}
