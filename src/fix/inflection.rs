//! Replaces an English word in a sentence: adapts number, capitals and the article before it.

use std::borrow::Cow;

use crate::text::{Source, Span, capital};

/// Returns the span to replace, which may include the article, and its replacement; `capitals`: in capital letters. `None` for a word
/// that may be a verb, or where only one of both is in the plural.
pub(super) fn inflect(
    source: &Source,
    span: Span,
    plural: bool,
    capitals: bool,
    new: &str,
) -> Option<(Span, String)> {
    let is_one = ["a", "an", "each", "every", "one"]
        .iter()
        .any(|it| word_before(source, span).eq_ignore_ascii_case(it));
    let is_old_plural = is_plural(source.slice(span)) && !is_one;
    if is_verb(source, span) || !plural && is_old_plural != is_plural(new) {
        return None;
    }
    // Words in capitals are pronounced as words, not as letters.
    let old = match capitals {
        true => Cow::Owned(source.slice(span).to_lowercase()),
        false => Cow::Borrowed(source.slice(span)),
    };
    let old = &*old;
    let cased = |word: String| if capitals { word.to_uppercase() } else { word };
    let new = capitalised(old, if plural { plural_of(new) } else { new.to_owned() });
    let before = source.text().get(..span.start as usize).unwrap_or("");
    let words = before.trim_end_matches(' ');
    let article = words.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let gap = before.len() - words.len();
    let is_article = gap > 0 && article.eq_ignore_ascii_case(article_of(old));
    if plural || !is_article || article_of(old) == article_of(&new) {
        return Some((span, cased(new)));
    }
    let is_upper = article.len() > 1 && article.chars().all(char::is_uppercase);
    let new_article = match article_of(&new) {
        new if is_upper => new.to_uppercase(),
        new if article.starts_with('A') => new.replacen('a', "A", 1),
        new => new.to_owned(),
    };
    let start = words.len() - article.len();
    Some((Span::new(start, span.end as usize), format!("{new_article}{}{}", " ".repeat(gap), cased(new))))
}

/// Returns the word before a span on its line, behind one blank.
fn word_before(source: &Source, span: Span) -> &str {
    let words = source.text().get(..span.start as usize).and_then(|before| before.strip_suffix(' '));
    words.and_then(|words| words.rsplit(|c: char| !c.is_alphanumeric()).next()).unwrap_or_default()
}

/// Words before a verb.
const BEFORE_VERB: [&str; 22] = [
    "i", "you", "he", "she", "it", "we", "they", "who", "to", "will", "would", "can", "could", "must", "may",
    "might", "shall", "should", "do", "does", "did", "not",
];

/// Words behind a verb, and never directly behind a noun.
const BEHIND_VERB: [&str; 24] = [
    "a", "an", "the", "it", "them", "him", "us", "me", "our", "their", "its", "my", "your", "two", "three",
    "four", "five", "six", "seven", "eight", "nine", "ten", "each", "every",
];

/// Returns true for one word that the words around it show to be a verb: `the team plans a trip`.
fn is_verb(source: &Source, span: Span) -> bool {
    let text = source.text();
    let is_one_word = source.slice(span).chars().all(char::is_alphabetic);
    let before = Some(word_before(source, span));
    let words_behind = text.get(span.end as usize..).and_then(|behind| behind.strip_prefix(' '));
    let behind = words_behind.map(|text| text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or(text));
    let is_one_of = |word: Option<&str>, words: &[&str]| {
        word.is_some_and(|word| words.iter().any(|other| other.eq_ignore_ascii_case(word)))
    };
    is_one_word && (is_one_of(before, &BEFORE_VERB) || is_one_of(behind, &BEHIND_VERB))
}

/// Returns true for a noun that is likely in the plural already.
fn is_plural(word: &str) -> bool {
    const SINGULARS: [&str; 4] = ["ss", "us", "is", "as"];
    let lower = word.to_lowercase();
    lower.len() > 3 && lower.ends_with('s') && !SINGULARS.iter().any(|ending| lower.ends_with(ending))
}

fn capitalised(old: &str, new: String) -> String {
    let begins_capital = |word: &str| word.starts_with(char::is_uppercase);
    let is_abbreviation = |word: &str| word.chars().filter(|c| c.is_uppercase()).count() > 1;
    if !begins_capital(old) || old.split_whitespace().any(is_abbreviation) {
        return new;
    }
    let each = old.split_whitespace().count() > 1 && old.split_whitespace().all(begins_capital);
    let mut at_start = true;
    let capital = |c: char| {
        let is_first = std::mem::replace(&mut at_start, each && c == ' ');
        let upper = is_first.then(|| c.to_uppercase().collect::<String>());
        upper.unwrap_or_else(|| c.to_string())
    };
    new.chars().map(capital).collect()
}

/// Endings of words with a plural of their own.
const IRREGULAR: &[(&str, &str)] = &[
    ("child", "children"),
    ("person", "people"),
    ("man", "men"),
    ("woman", "women"),
    ("staff", "staff"),
    ("hero", "heroes"),
];

fn plural_of(word: &str) -> String {
    if is_plural(word) {
        return word.to_owned();
    }
    let lower = word.to_lowercase();
    let is_last = |singular: &str| {
        lower.strip_suffix(singular).is_some_and(|rest| rest.is_empty() || rest.ends_with([' ', '-']))
    };
    if let Some((singular, plural)) = IRREGULAR.iter().find(|(singular, _)| is_last(singular)) {
        let (before, last) = word.split_at(word.len() - singular.len());
        let is_capital = last.starts_with(char::is_uppercase);
        return format!("{before}{}", if is_capital { capital(plural) } else { (*plural).to_owned() });
    }
    let after_consonant = |ending: &str| {
        let before = lower.strip_suffix(ending).and_then(|start| start.chars().next_back());
        before.is_some_and(|c| !"aeiou".contains(c))
    };
    if after_consonant("y") {
        return format!("{}ies", &word[..word.len() - 1]);
    }
    let is_sibilant = ["s", "x", "z", "ch", "sh"].iter().any(|ending| lower.ends_with(ending));
    let is_abbreviation = word.chars().all(|c| c.is_uppercase() || c.is_numeric());
    if is_sibilant && !is_abbreviation { format!("{word}es") } else { format!("{word}s") }
}

/// `a` or `an`, by the likely pronunciation.
fn article_of(word: &str) -> &'static str {
    const SPOKEN_WITH_CONSONANT: [&str; 6] = ["uni", "use", "usu", "uti", "eu", "one"];
    const SILENT_H: [&str; 4] = ["hour", "hono", "heir", "honest"];
    const SPELT_WITH_VOWEL: &str = "AEFHILMNORSX";
    let first = word.split([' ', '-']).next().unwrap_or(word);
    let lower = first.to_lowercase();
    let is_spelt = first.chars().count() > 1 && first.chars().all(|c| c.is_uppercase() || c.is_numeric());
    let vowel = if is_spelt {
        first.starts_with(|c| SPELT_WITH_VOWEL.contains(c))
    } else if SILENT_H.iter().any(|start| lower.starts_with(start)) {
        true
    } else {
        let as_consonant = SPOKEN_WITH_CONSONANT.iter().any(|start| lower.starts_with(start));
        lower.starts_with(['a', 'e', 'i', 'o', 'u']) && !as_consonant
    };
    if vowel { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reworded(text: &str, old: &str, plural: bool, new: &str) -> String {
        written(text, old, plural, false, new)
    }

    fn written(text: &str, old: &str, plural: bool, capitals: bool, new: &str) -> String {
        let source = Source::new("a.md", text.into());
        let start = text.find(old).unwrap();
        let span = Span::new(start, start + old.len());
        let (span, new) = inflect(&source, span, plural, capitals, new).expect("a noun");
        format!("{}{new}{}", &text[..span.range().start], &text[span.range().end..])
    }

    #[test]
    fn number_capitals_and_article_are_adapted() {
        assert_eq!(
            reworded("Every client keeps one.", "client", false, "customer"),
            "Every customer keeps one."
        );
        assert_eq!(reworded("Clients pay.", "Clients", true, "customer"), "Customers pay.");
        assert_eq!(reworded("An account pays.", "account", false, "customer"), "A customer pays.");
        assert_eq!(reworded("to a client", "client", false, "account"), "to an account");
        assert_eq!(reworded("a user", "user", false, "customer"), "a customer");
        assert_eq!(reworded("the clients", "clients", true, "company"), "the companies");
        assert_eq!(reworded("all clients", "clients", true, "foster child"), "all foster children");
        assert_eq!(reworded("Clients ask", "Clients", true, "Person"), "People ask");
        assert_eq!(reworded("Client Portal", "Client Portal", false, "customer area"), "Customer Area");
        assert_eq!(reworded("our NRR grows", "NRR", false, "net retention"), "our net retention grows");
        assert_eq!(reworded("a client", "client", false, "SLA"), "an SLA");
        assert_eq!(
            reworded("ends in a\nclient", "client", false, "account"),
            "ends in a\naccount",
            "on one line only"
        );
    }

    #[test]
    fn a_word_in_the_plural_is_not_put_into_it_again() {
        assert_eq!(reworded("the clients", "clients", true, "users"), "the users");
        assert_eq!(reworded("the clients", "clients", true, "boss"), "the bosses");
        assert_eq!(reworded("the clients", "clients", true, "alias"), "the aliases");
        assert_eq!(reworded("many deals", "deals", false, "contracts"), "many contracts");
        assert_eq!(reworded("a lens", "lens", false, "view"), "a view", "one thing");
    }

    #[test]
    fn a_verb_and_a_word_of_unknown_number_stay() {
        for (text, old, new) in [
            ("She deals with it.", "deals", "contracts"),
            ("The team plans a trip.", "plans", "drawings"),
            ("The meeting plans two instruments.", "plans", "drawings"),
            ("We want to plan.", "plan", "drawing"),
            ("many deals", "deals", "contract"),
            ("a client", "client", "users"),
        ] {
            let source = Source::new("a.md", text.into());
            let start = text.find(old).unwrap();
            assert_eq!(
                inflect(&source, Span::new(start, start + old.len()), false, false, new),
                None,
                "{text}"
            );
        }
    }

    #[test]
    fn words_in_capitals_stay_in_capitals() {
        assert_eq!(written("FOR A CLIENT", "CLIENT", false, true, "customer"), "FOR A CUSTOMER");
        assert_eq!(written("OUR CLIENTS", "CLIENTS", true, true, "company"), "OUR COMPANIES");
        assert_eq!(written("AN ACCOUNT", "ACCOUNT", false, true, "customer"), "A CUSTOMER");
    }
}
