//! Named parts of the patterns of a profile. The build script compiles this file too.

/// The names of the parts and their texts; each may name those before it.
pub(super) type Parts = Vec<(String, String)>;

/// The most bytes of a text once its parts are filled in. Parts that name each other twice double it at each step.
const LONGEST: usize = 1 << 18;

/// The keys of a profile whose texts are for people, and `parts` itself.
pub(super) const WITHOUT_PATTERNS: [&str; 5] = ["parts", "name", "title", "description", "help"];

/// Why a text can't be filled.
#[derive(Debug, PartialEq)]
pub(super) enum Unfilled {
    /// No part above has this name.
    Unknown(String),
    /// With this part, the text is longer than [`LONGEST`].
    TooLong(String),
}

impl std::fmt::Display for Unfilled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unfilled::Unknown(name) => write!(f, "there is no part `{name}` above"),
            Unfilled::TooLong(name) => write!(f, "with the part `{name}`, the pattern is too long"),
        }
    }
}

/// Returns a text with `(?:…)` in place of each `{{name}}`. Of two parts with one name, the later one counts.
///
/// # Errors
/// The first part that can't be filled in.
pub(super) fn filled(text: &str, parts: &Parts) -> Result<String, Unfilled> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, named)) = rest.split_once("{{")
        && let Some((name, after)) = named.split_once("}}")
    {
        let part = parts.iter().rfind(|(known, _)| known == name);
        let part = part.ok_or_else(|| Unfilled::Unknown(name.to_owned()))?;
        if filled.len() + part.1.len() > LONGEST {
            return Err(Unfilled::TooLong(name.to_owned()));
        }
        filled.push_str(before);
        filled.push_str(&format!("(?:{})", part.1));
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Fills each part with those before it.
///
/// # Errors
/// As of [`filled`].
pub(super) fn resolved<'p>(parts: impl Iterator<Item = (&'p str, &'p str)>) -> Result<Parts, Unfilled> {
    parts.into_iter().try_fold(Parts::new(), |mut known, (name, text)| {
        let text = filled(text, &known)?;
        known.push((name.to_owned(), text));
        Ok(known)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_double_end_at_a_length() {
        let names: Vec<String> = (0..40).map(|at| format!("p{at}")).collect();
        let texts: Vec<String> = (0..40_usize)
            .map(|at| at.checked_sub(1).map_or("xy".into(), |at| format!("{{{{p{at}}}}}{{{{p{at}}}}}")))
            .collect();
        let parts = names.iter().zip(&texts).map(|(name, text)| (&**name, &**text));
        assert!(matches!(resolved(parts), Err(Unfilled::TooLong(_))));
    }

    #[test]
    fn a_part_may_name_those_before_it() {
        let parts = resolved([("month", "may|june"), ("day", "[0-9]+ {{month}}")].into_iter()).unwrap();
        assert_eq!(filled("^{{day}}$", &parts).unwrap(), "^(?:[0-9]+ (?:may|june))$");
        assert_eq!(filled("a{2}", &parts).unwrap(), "a{2}");
        assert_eq!(filled("{{year}}", &parts), Err(Unfilled::Unknown("year".into())));
        let early = [("day", "{{month}}"), ("month", "may")].into_iter();
        assert_eq!(resolved(early), Err(Unfilled::Unknown("month".into())));
    }
}
