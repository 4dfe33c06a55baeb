//! Replaces an English word in a sentence: adapts number, capitals and the article before it.

use std::borrow::Cow;

use crate::text::{Source, Span, capital};

/// Returns the span to replace, which may include the article, and its replacement; `capitals`: in capital letters.
pub(super) fn inflect(
    source: &Source,
    span: Span,
    plural: bool,
    capitals: bool,
    new: &str,
) -> (Span, String) {
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
        return (span, cased(new));
    }
    let is_upper = article.len() > 1 && article.chars().all(char::is_uppercase);
    let new_article = match article_of(&new) {
        new if is_upper => new.to_uppercase(),
        new if article.starts_with('A') => new.replacen('a', "A", 1),
        new => new.to_owned(),
    };
    let start = words.len() - article.len();
    (Span::new(start, span.end as usize), format!("{new_article}{}{}", " ".repeat(gap), cased(new)))
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
        let (span, new) = inflect(&source, span, plural, capitals, new);
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
    fn words_in_capitals_stay_in_capitals() {
        assert_eq!(written("FOR A CLIENT", "CLIENT", false, true, "customer"), "FOR A CUSTOMER");
        assert_eq!(written("OUR CLIENTS", "CLIENTS", true, true, "company"), "OUR COMPANIES");
        assert_eq!(written("AN ACCOUNT", "ACCOUNT", false, true, "customer"), "A CUSTOMER");
    }
}
