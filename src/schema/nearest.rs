/// Returns the candidate with the smallest edit distance, ignoring case; at most one edit for three letters.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let allowed = (length / 3).clamp(1, 4);
    let letters = letters(&word);
    let distance = |candidate: &str| {
        let close = candidate.chars().count().abs_diff(length) <= allowed;
        // An edit replaces at most one letter, so the sets of letters bound the distance from below.
        let candidate = close.then(|| candidate.to_lowercase())?;
        let differing = (self::letters(&candidate) ^ letters).count_ones() as usize;
        (differing <= 2 * allowed).then(|| edit_distance(&word, &candidate))
    };
    candidates
        .into_iter()
        .filter_map(|candidate| Some((distance(candidate)?, candidate)))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.chars().count())
        .filter(|(_, candidate)| !is_opposite(&word, candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The help for an unknown name: the nearest one, or one of all.
pub fn name_help(name: &str, names: &[&str]) -> String {
    nearest(name, names.iter().copied())
        .map_or_else(|| format!("use one of `{}`", names.join("`, `")), did_you_mean)
}

/// In letters. Shorter words are one edit from too many others.
const MIN_MISSPELT_LEN: usize = 5;

/// Returns the only meaning whose word is one edit (an insertion, deletion, substitution or transposition) from `word`;
/// none for a word of fewer than five letters. `words` are pairs of a word and its meaning.
pub fn only_meaning<'a, W: AsRef<str>>(
    word: &str,
    words: impl IntoIterator<Item = (W, &'a str)>,
) -> Option<&'a str> {
    if word.chars().count() < MIN_MISSPELT_LEN {
        return None;
    }
    let mut meanings = words
        .into_iter()
        .filter(|(candidate, _)| {
            is_one_edit_away(word, candidate.as_ref()) && !is_active_form(word, candidate.as_ref())
        })
        .map(|(_, meaning)| meaning);
    let first = meanings.next()?;
    meanings.all(|other| other == first).then_some(first)
}

/// Returns true for the active form of a verb, such as `replaces` of `replaced`: it means the opposite.
fn is_active_form(word: &str, candidate: &str) -> bool {
    let stem = |word: &str, ending: char| word.to_lowercase().strip_suffix(ending).map(str::to_owned);
    stem(word, 's').is_some_and(|verb| verb.ends_with('e') && stem(candidate, 'd') == Some(verb))
}

/// Returns the name that a word begins, such as `x-owner` for `x-own`: the shortest one, of which the others are longer forms.
pub fn begun<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    const SHORTEST: usize = 4;
    let begun = || names.iter().copied().filter(|name| name.starts_with(word));
    let shortest = begun().min_by_key(|name| name.len()).filter(|_| word.len() >= SHORTEST)?;
    begun().all(|name| name.starts_with(shortest)).then_some(shortest)
}

/// Returns true for a word and its negation, such as `unsafe` and `safe`: what someone wrote means the contrary.
fn is_opposite(word: &str, candidate: &str) -> bool {
    const NEGATIONS: [&str; 8] = ["un", "in", "im", "ir", "dis", "de", "non", "not"];
    let negates = |long: &str, short: &str| {
        let start = long.get(..long.len().saturating_sub(short.len())).unwrap_or_default();
        let start_of_word = start.trim_end_matches(['-', '_', ' ']);
        NEGATIONS.contains(&start_of_word) && long[start.len()..] == *short
    };
    let candidate = candidate.to_lowercase();
    !candidate.is_empty() && !word.is_empty() && (negates(word, &candidate) || negates(&candidate, word))
}

/// Returns true for four letters of a word of five, such as `ownr`.
pub fn lacks_one_letter(written: &str, known: &str) -> bool {
    const LETTERS: usize = 5;
    known.len() == LETTERS && written.len() + 1 == LETTERS && edit_distance(written, known) == 1
}

/// Counts the insertions, deletions, substitutions and transpositions between two words.
pub fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b) = differing_parts(a, b);
    strsim::osa_distance(a, b)
}

/// Returns true for words whose [`edit_distance`] is one.
fn is_one_edit_away(a: &str, b: &str) -> bool {
    const LONGEST_LETTER: usize = 4;
    if a.len().abs_diff(b.len()) > LONGEST_LETTER {
        return false;
    }
    let (a, b) = differing_parts(a, b);
    let first_and_second = |part: &str| {
        let mut letters = part.chars();
        (letters.next(), letters.next(), letters.next().is_none())
    };
    match (first_and_second(a), first_and_second(b)) {
        ((None, ..), (Some(_), None, _)) | ((Some(_), None, _), (None, ..) | (Some(_), None, _)) => true,
        ((Some(a), Some(b), true), (Some(c), Some(d), true)) => (a, b) == (d, c),
        _ => false,
    }
}

/// Removes what words begin and end with in common.
fn differing_parts<'w>(a: &'w str, b: &'w str) -> (&'w str, &'w str) {
    let same = |(a, b): &(char, char)| a == b;
    let start: usize = a.chars().zip(b.chars()).take_while(same).map(|(letter, _)| letter.len_utf8()).sum();
    let (a, b) = (&a[start..], &b[start..]);
    let ends = a.chars().rev().zip(b.chars().rev());
    let end: usize = ends.take_while(same).map(|(letter, _)| letter.len_utf8()).sum();
    (&a[..a.len() - end], &b[..b.len() - end])
}

fn letters(word: &str) -> u64 {
    word.chars().fold(0, |set, letter| set | 1 << (letter as u32 % 64))
}

const WINDOW: usize = 250;

/// Returns the candidates near a word's position in a sorted list, so that suggestions among many names stay fast.
/// `is_before` is the order.
pub fn nearby_candidates<T>(sorted: &[T], is_before: impl Fn(&T) -> bool) -> &[T] {
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
    fn one_edit_is_told_as_the_distance_is() {
        let words = [
            "", "a", "b", "ab", "ba", "abc", "acb", "bca", "abcd", "acbd", "abdd", "é", "eé", "ée", "owner",
            "ownre", "onwer",
        ];
        for a in words {
            for b in words {
                assert_eq!(is_one_edit_away(a, b), edit_distance(a, b) == 1, "{a} {b}");
            }
        }
    }

    #[test]
    fn only_small_edit_distances_are_near() {
        let known = ["proposed", "accepted", "rejected", "for"];
        assert_eq!(nearest("aproved", ["approved", "accepted"]), Some("approved"));
        assert_eq!(nearest("imlpemented", ["implemented", "implementable"]), Some("implemented"));
        assert_eq!(nearest("Accepetd", known), Some("accepted"));
        assert_eq!(nearest("foo", known), Some("for"));
        assert_eq!(nearest("banana", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest("x", ["y"]), None);
    }

    #[test]
    fn the_opposite_of_a_word_is_not_near_it() {
        for (word, opposite) in [
            ("unsafe", "safe"),
            ("valid", "invalid"),
            ("Inactive", "active"),
            ("non-binding", "binding"),
            ("not started", "started"),
            ("disagreed", "agreed"),
        ] {
            assert_eq!(nearest(word, [opposite]), None, "{word}");
        }
        assert_eq!(nearest("invalidatd", ["invalidated", "validated"]), Some("invalidated"));
        assert_eq!(nearest("int", ["integer", "hint"]), Some("hint"));
    }

    #[test]
    fn one_edit_from_one_meaning_is_that_meaning() {
        let words = [
            ("accept", "accepted"),
            ("accepted", "accepted"),
            ("valid", "validated"),
            ("invalid", "invalidated"),
            ("open", "open"),
            ("retired", "retired"),
            ("retried", "draft"),
        ];
        for (word, meaning) in [
            ("acceptedd", Some("accepted")),
            ("acepted", Some("accepted")),
            ("accepfed", Some("accepted")),
            ("accetped", Some("accepted")),
            ("acceptd", Some("accepted")),
            ("unvalid", Some("invalidated")),
            ("opens", Some("open")),
            ("opne", None),
            ("reitred", Some("retired")),
            ("reired", Some("retired")),
            ("retiried", None),
            ("aceptd", None),
            ("accepted", None),
        ] {
            let words = words.iter().map(|(word, meaning)| (*word, *meaning));
            assert_eq!(only_meaning(word, words), meaning, "{word}");
        }
    }

    #[test]
    fn only_nearby_candidates_are_tried() {
        let names: Vec<String> = (0..100_000).map(|number| format!("name-{number:05}")).collect();
        let meant = |word: &str| {
            let tried = nearby_candidates(&names, |name| name.as_str() < word);
            assert_eq!(tried.len(), 2 * WINDOW);
            nearest(word, tried.iter().map(String::as_str))
        };
        assert_eq!(meant("name-5432x"), Some("name-54320"));
        assert_eq!(nearby_candidates(&["a", "b"], |name| *name < "zebra"), ["a", "b"]);
    }

    #[test]
    fn edits_are_counted_where_the_words_differ() {
        for (a, b) in [("größe", "grüße"), ("abab", "ab"), ("ab", "ba"), ("xaby", "xbay"), ("", "ü")] {
            assert_eq!(edit_distance(a, b), strsim::osa_distance(a, b), "{a} {b}");
        }
    }
}
