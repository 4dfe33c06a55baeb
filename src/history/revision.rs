//! When and by whom something was changed.

use std::collections::HashSet;

use jiff::civil::Date;

use super::loaded::LoadedHistory;
use super::log::{Attribution, order};
use super::message::Actor;
use super::timeline::Commit;

/// The commit that made a change, or why it is unknown.
#[derive(Clone)]
pub enum Revision<'h> {
    Commit {
        commit: &'h Commit,
        /// The authors and trailers of the commit, of its merge, and of the other merged commits that changed the record.
        /// The commit's author comes first.
        people: Vec<&'h Actor>,
        /// The number of records that the commit changed.
        records: usize,
        /// The number of the commit, or of its merge, on the main line.
        step: usize,
        /// The date of the same.
        landed: Date,
    },
    Uncommitted,
    /// At or before the end of a shallow clone; the date is that of its oldest commit, if known.
    Unknown(Option<Date>),
}

impl<'h> Revision<'h> {
    pub(super) fn new(history: &'h LoadedHistory, attribution: &Attribution) -> Revision<'h> {
        let Attribution { commit: number, merge, merged, boundary } = attribution;
        let commit = &history.commits[*number];
        if *boundary {
            return Revision::Unknown(Some(commit.date));
        }
        let mut people: Vec<&Actor> = Vec::new();
        for number in [number].into_iter().chain(&**merged).chain(merge) {
            let commit = &history.commits[*number];
            people.push(&commit.author);
            people.extend(commit.trailers.iter().map(|trailer| &trailer.actor));
        }
        let mut seen = HashSet::new();
        people.retain(|who| seen.insert(*who));
        let records = history.changed.get(*number).copied().unwrap_or_default();
        let landed = merge.map_or(commit.date, |merge| history.commits[merge].date);
        Revision::Commit { commit, people, records, step: attribution.main_line(), landed }
    }

    /// Returns a number that orders changes, also of one day: 0 at or before the end of a shallow clone, the maximum if
    /// uncommitted. All changes of one merge have the same.
    pub fn order(&self) -> i64 {
        match self {
            Revision::Unknown(_) => 0,
            Revision::Commit { step, .. } => order(*step),
            Revision::Uncommitted => i64::MAX,
        }
    }

    /// Returns the date of the commit; `today` if uncommitted.
    pub fn date(&self, today: Date) -> Option<Date> {
        match self {
            Revision::Commit { commit, .. } => Some(commit.date),
            Revision::Uncommitted => Some(today),
            Revision::Unknown(_) => None,
        }
    }

    /// Returns the date on which the change came to the main line; `None` if that is unknown or if it is uncommitted.
    pub fn landed(&self) -> Option<Date> {
        if let Revision::Commit { landed, .. } = self { Some(*landed) } else { None }
    }
}
