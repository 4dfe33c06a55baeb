//! Whether records of a kind show that a repository is one of an organisation.

use serde_json::Value;

/// Where records of a kind show that practice rules are meant for the whole repository.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Adopts {
    /// Projects have such records too.
    #[default]
    Nothing,
    /// In a data file.
    FromData,
    /// In a data file, or on a page below a folder of governance, strategy or goals.
    FromDataAndPages,
}

impl Adopts {
    pub(super) fn read(json: &Value) -> Adopts {
        match json.as_str() {
            Some("data") => Adopts::FromData,
            Some("data-and-pages") => Adopts::FromDataAndPages,
            _ => Adopts::Nothing,
        }
    }
}
