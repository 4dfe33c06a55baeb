//! Named parts of the patterns of a profile. The build script compiles this file too.

/// The names of the parts and their texts; each may name those before it.
pub(super) type Parts = Vec<(String, String)>;

/// Returns a text with `(?:…)` in place of each `{{name}}`. Of two parts with one name, the later one counts.
///
/// # Errors
/// The first name that no part has.
pub(super) fn filled(text: &str, parts: &Parts) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, named)) = rest.split_once("{{")
        && let Some((name, after)) = named.split_once("}}")
    {
        let part = parts.iter().rfind(|(known, _)| known == name).ok_or_else(|| name.to_owned())?;
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
pub(super) fn resolved<'p>(parts: impl Iterator<Item = (&'p str, &'p str)>) -> Result<Parts, String> {
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
    fn a_part_may_name_those_before_it() {
        let parts = resolved([("month", "may|june"), ("day", "[0-9]+ {{month}}")].into_iter()).unwrap();
        assert_eq!(filled("^{{day}}$", &parts).unwrap(), "^(?:[0-9]+ (?:may|june))$");
        assert_eq!(filled("a{2}", &parts).unwrap(), "a{2}");
        assert_eq!(filled("{{year}}", &parts).unwrap_err(), "year");
        assert_eq!(resolved([("day", "{{month}}"), ("month", "may")].into_iter()).unwrap_err(), "month");
    }
}
