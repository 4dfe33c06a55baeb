//! The formats to which a file belongs by its path.

use super::{Profile, Profiles, is_template};

impl Profiles {
    /// Returns true if the path is one of a format's, in any folder. Formats that read sections of pages about something else don't count.
    pub fn may_hold_record(&self, path: &str) -> bool {
        match self.paths.matching_sets(path) {
            Some(sets) => sets.into_iter().any(|number| !self.profiles[number].skips(path)),
            None => self.iter().any(|profile| profile.may_hold_record(path)),
        }
    }

    /// Returns true if the file belongs to one of the formats but is not a record. Formats that read sections of pages about something else
    /// don't count.
    pub fn is_auxiliary(&self, path: &str) -> bool {
        // Few files are skipped by any format, and most lie at paths of several.
        let skipped = || match self.skips.matching_sets(path) {
            Some(sets) => sets.into_iter().any(|number| self.profiles[number].paths.is_match(path)),
            None => self.iter().any(|profile| profile.skips_among_own(path)),
        };
        is_template(path) || self.companions.is_match(path) || skipped()
    }
}

impl Profile {
    /// Returns true if the format skips a file at one of its own paths. No other format reads such a file.
    pub fn skips_among_own(&self, path: &str) -> bool {
        self.skips(path) && self.paths.is_match(path)
    }
}
