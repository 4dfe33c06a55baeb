//! The nearest of several names to one that is misspelt.

use crate::value;

/// Returns the only candidate that is nearest to a word, ignoring case: at most one edit (an insertion, deletion, substitution or
/// transposition) for up to five letters, else two. A word is not near its negation.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const SHORT: usize = 5;
    let word = word.to_lowercase();
    let length = word.chars().count();
    let allowed = if length <= SHORT { 1 } else { 2 };
    let letters = value::letters(&word);
    let mut best: Option<(usize, &str)> = None;
    let mut is_only = true;
    for candidate in candidates {
        let count = candidate.chars().count();
        if count.abs_diff(length) > allowed {
            continue;
        }
        let folded = candidate.to_lowercase();
        // An edit replaces at most one letter, so the sets of letters bound the distance from below.
        if (value::letters(&folded) ^ letters).count_ones() as usize > 2 * allowed {
            continue;
        }
        let distance = edit_distance(&word, &folded);
        if distance > allowed || distance >= count || is_opposite(&word, &folded) {
            continue;
        }
        match best {
            Some((least, _)) if least < distance => {}
            Some((least, other)) if least == distance => is_only &= other == candidate,
            _ => (best, is_only) = (Some((distance, candidate)), true),
        }
    }
    best.filter(|_| is_only).map(|(_, candidate)| candidate)
}

/// Returns the help for an unknown name: the nearest one, or all of them.
pub fn name_help(name: &str, names: &[&str]) -> String {
    nearest(name, names.iter().copied())
        .map_or_else(|| format!("use one of `{}`", names.join("`, `")), did_you_mean)
}

/// Returns the only meaning whose word is one edit from `word`; none for a word of fewer than five letters, of which too many others are
/// one edit away. `words` are pairs of a word and its meaning.
pub fn only_meaning<'a, W: AsRef<str>>(
    word: &str,
    words: impl IntoIterator<Item = (W, &'a str)>,
) -> Option<&'a str> {
    const FEWEST_LETTERS: usize = 5;
    if word.chars().count() < FEWEST_LETTERS {
        return None;
    }
    let letters = value::letters(word);
    let is_near = |candidate: &str| {
        candidate.len().abs_diff(word.len()) <= char::MAX.len_utf8()
            && (value::letters(candidate) ^ letters).count_ones() <= 2
            && edit_distance(word, candidate) == 1
            && !is_active_form(word, candidate)
    };
    let words = words.into_iter().filter(|(candidate, _)| is_near(candidate.as_ref()));
    let mut meanings = words.map(|(_, meaning)| meaning);
    let first = meanings.next()?;
    meanings.all(|other| other == first).then_some(first)
}

/// Returns true for the active form of a verb, such as `replaces` of `replaced`: it means the opposite.
fn is_active_form(word: &str, candidate: &str) -> bool {
    let stem = |word: &str, ending: char| word.to_lowercase().strip_suffix(ending).map(str::to_owned);
    stem(word, 's').is_some_and(|verb| verb.ends_with('e') && stem(candidate, 'd') == Some(verb))
}

/// Returns true for a word and its negation, such as `unsafe` and `safe`.
fn is_opposite(word: &str, candidate: &str) -> bool {
    const NEGATIONS: [&str; 7] = ["un", "in", "im", "ir", "de", "non", "not"];
    let negates = |long: &str, short: &str| {
        let start = long.strip_suffix(short).unwrap_or_default();
        NEGATIONS.contains(&start.trim_end_matches(['-', '_', ' ']))
    };
    negates(word, candidate) || negates(candidate, word)
}

/// Counts the insertions, deletions, substitutions and transpositions between two words.
pub fn edit_distance(a: &str, b: &str) -> usize {
    strsim::osa_distance(a, b)
}

/// Returns the candidates near a word's position in a sorted list, so that suggestions among many names stay fast.
/// `is_before` is the order.
pub fn nearby_candidates<T>(sorted: &[T], is_before: impl Fn(&T) -> bool) -> &[T] {
    const WINDOW: usize = 250;
    let position = sorted.partition_point(is_before);
    &sorted[position.saturating_sub(WINDOW)..(position + WINDOW).min(sorted.len())]
}

pub fn did_you_mean(meant: impl std::fmt::Display) -> String {
    format!("did you mean `{meant}`?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_small_edit_distances_are_near() {
        let known = ["proposed", "accepted", "rejected", "for"];
        assert_eq!(nearest("aproved", ["approved", "accepted"]), Some("approved"));
        assert_eq!(nearest("imlpemented", ["implemented", "implementable"]), Some("implemented"));
        assert_eq!(nearest("Accepetd", known), Some("accepted"));
        assert_eq!(nearest("foo", known), Some("for"));
        for word in ["banana", "", "fxx"] {
            assert_eq!(nearest(word, known), None, "{word}");
        }
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("hat", ["cat", "rat"]), None, "two are as near");
    }

    #[test]
    fn the_opposite_of_a_word_is_not_near_it() {
        for (word, opposite) in
            [("unsafe", "safe"), ("valid", "invalid"), ("Inactive", "active"), ("improper", "proper")]
        {
            assert_eq!(nearest(word, [opposite]), None, "{word}");
        }
        assert_eq!(nearest("invalidatd", ["invalidated", "validated"]), Some("invalidated"));
    }

    #[test]
    fn one_edit_from_one_meaning_is_that_meaning() {
        let words = [
            ("accept", "accepted"),
            ("accepted", "accepted"),
            ("invalid", "invalidated"),
            ("open", "open"),
            ("retired", "retired"),
            ("retried", "draft"),
        ];
        for (word, meaning) in [
            ("acceptedd", Some("accepted")),
            ("accetped", Some("accepted")),
            ("unvalid", Some("invalidated")),
            ("opens", Some("open")),
            ("opne", None),
            ("reitred", Some("retired")),
            ("retiried", None),
            ("aceptd", None),
        ] {
            let words = words.iter().map(|(word, meaning)| (*word, *meaning));
            assert_eq!(only_meaning(word, words), meaning, "{word}");
        }
    }
}
