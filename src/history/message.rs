//! Trailers of commit messages.

use serde::{Deserialize, Serialize};

use super::actor::Actor;

/// A line such as `Reviewed-by: Ada Byron <ada@example.org>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trailer {
    pub key: Box<str>,
    pub actor: Actor,
}

const KEYS: &[&str] = &["co-authored-by", "reviewed-by", "acked-by", "approved-by", "signed-off-by"];

/// The longest subject, in characters; the rest is cut off.
const MAX_SUBJECT: usize = 200;

/// Returns the first line of a message.
pub fn subject(message: &str) -> String {
    let line = message.trim_start().lines().next().unwrap_or_default();
    line.chars().take(MAX_SUBJECT).collect::<String>().trim_end().to_owned()
}

/// Parses the trailers in the last paragraph of a message that name people.
pub fn parse_trailers(message: &str) -> Vec<Trailer> {
    let lines: Vec<&str> = message.trim_end().lines().map(str::trim_end).collect();
    let start = lines.iter().rposition(|line| line.is_empty()).map_or(0, |blank| blank + 1);
    lines[start..].iter().filter_map(|line| trailer(line)).collect()
}

fn trailer(line: &str) -> Option<Trailer> {
    let (key, value) = line.split_once(':')?;
    let key = key.trim();
    let names_people = KEYS.iter().any(|known| key.eq_ignore_ascii_case(known));
    // Text after the address is a comment.
    let value = value.rfind('>').map_or(value, |end| &value[..=end]);
    let actor = Actor::parse(value);
    (names_people && actor != Actor::default()).then(|| Trailer { key: key.into(), actor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailers_are_in_the_last_paragraph() {
        let message = "Take Postgres\n\nReviewed-by: not here\n\nsee #12\nReviewed-by: Ada <ada@x.org> # in person\nco-authored-by: Bo\nFixes: #3\n";
        let found = parse_trailers(message);
        let names: Vec<(&str, &str, &str)> =
            found.iter().map(|it| (&*it.key, &*it.actor.name, &*it.actor.email)).collect();
        assert_eq!(names, [("Reviewed-by", "Ada", "ada@x.org"), ("co-authored-by", "Bo", "")]);
        assert!(parse_trailers("").is_empty() && parse_trailers("\n\nReviewed-by:").is_empty());
    }
}
