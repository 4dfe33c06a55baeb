//! People, as commits name them, and trailers of commit messages.

use serde::{Deserialize, Serialize};

/// The name and address of a person in a commit, after applying the mailmap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    pub name: Box<str>,
    pub email: Box<str>,
}

impl Actor {
    /// Parses `Ada Byron <ada@example.org>`. Without an address, all of it is the name.
    pub fn parse(text: &str) -> Actor {
        let text = text.trim();
        match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, email)) => Actor { name: name.trim().into(), email: email.trim().into() },
            None => Actor { name: text.into(), email: Box::default() },
        }
    }

    /// Returns the account name in an address like `1234+ada@users.noreply.github.com`.
    pub fn account(&self) -> Option<&str> {
        let account = self.email.strip_suffix("@users.noreply.github.com")?;
        Some(account.rsplit('+').next().unwrap_or(account))
    }
}

/// The keys of lines such as `Reviewed-by: Ada Byron <ada@example.org>`.
const KEYS: &[&str] = &["co-authored-by", "reviewed-by", "acked-by", "approved-by", "signed-off-by"];

const MAX_SUBJECT: usize = 200;

pub fn subject(message: &str) -> String {
    let line = message.trim_start().lines().next().unwrap_or_default();
    line.chars().take(MAX_SUBJECT).collect::<String>().trim_end().to_owned()
}

/// Returns the people whom trailers in the last paragraph of a message name.
pub fn parse_trailers(message: &str) -> Vec<Actor> {
    let lines: Vec<&str> = message.trim_end().lines().map(str::trim_end).collect();
    let start = lines.iter().rposition(|line| line.is_empty()).map_or(0, |blank| blank + 1);
    lines[start..].iter().filter_map(|line| trailer(line)).collect()
}

fn trailer(line: &str) -> Option<Actor> {
    let (key, value) = line.split_once(':')?;
    let names_people = KEYS.iter().any(|known| key.trim().eq_ignore_ascii_case(known));
    // Text after the address is a comment.
    let value = value.rfind('>').map_or(value, |end| &value[..=end]);
    let actor = Actor::parse(value);
    (names_people && actor != Actor::default()).then_some(actor)
}
