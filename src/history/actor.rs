//! People, as commits name them.

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
