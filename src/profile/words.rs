//! Words that a text has to hold so that a pattern can match it.

use regex_syntax::hir::{Hir, HirKind};

/// Returns words in lower case, with letters and digits only: each text in lower case that the pattern matches holds one of them. `None`
/// if the pattern matches texts without any.
pub(super) fn asked_by(pattern: &str) -> Option<Vec<Box<str>>> {
    of(&regex_syntax::parse(pattern).ok()?)
}

fn of(part: &Hir) -> Option<Vec<Box<str>>> {
    match part.kind() {
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            let words = text.split(|c: char| !c.is_alphanumeric());
            let longest = words.max_by_key(|word| word.len()).filter(|word| !word.is_empty())?;
            Some(vec![longest.to_lowercase().into()])
        }
        HirKind::Capture(group) => of(&group.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => of(&repetition.sub),
        // The part whose shortest word is the longest.
        HirKind::Concat(parts) => {
            let shortest = |words: &Vec<Box<str>>| words.iter().map(|word| word.len()).min();
            parts.iter().filter_map(of).max_by_key(shortest)
        }
        HirKind::Alternation(parts) => {
            let words: Option<Vec<Vec<Box<str>>>> = parts.iter().map(of).collect();
            Some(words?.into_iter().flatten().collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(pattern: &str) -> Option<Vec<String>> {
        asked_by(pattern).map(|words| words.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn one_word_of_each_choice_is_asked_for() {
        let pattern = "^(?:appendix )?(?:key )*(?:glossary|terms of use|d[eé]finitions|用語)[)]?$";
        let expected = ["glossary", "terms", "finitions", "用語"].map(String::from);
        assert_eq!(words(pattern), Some(expected.to_vec()));
        assert_eq!(words("^(?:one|fourth)(?: and more)+$"), Some(vec!["more".into()]));
    }

    #[test]
    fn a_pattern_may_match_without_words() {
        assert_eq!(words("^(?:glossary)?$"), None);
        assert_eq!(words("^(?:glossary|[a-z]+)$"), None);
        assert_eq!(words("("), None);
    }
}
