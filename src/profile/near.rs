//! Which formats a page comes near to without being of one.

use std::collections::HashSet;
use std::sync::Arc;

use super::condition::Condition;
use super::view::View;
use super::{Mismatch, Profile, Profiles};

impl Profiles {
    /// Returns the format that a page comes closest to, and what it lacks.
    pub fn nearest(&self, view: &View<'_>) -> Option<(&Arc<Profile>, Mismatch)> {
        self.near(view).into_iter().next()
    }

    /// Returns the formats of which a page has a mark of its own, and what it lacks of each, the nearest first; if there are
    /// none, those that several communities use and in whose paths it lies.
    pub fn near(&self, view: &View<'_>) -> Vec<(&Arc<Profile>, Mismatch)> {
        let of_pages = || self.iter().filter(|it| it.is_of_pages() && !it.skips(view.path()));
        let mismatches = |is_near: &dyn Fn(&Profile) -> bool| {
            let near = of_pages().filter(|profile| is_near(profile));
            let mismatches = near.map(|it| (it, it.mismatch(view)));
            let mut near: Vec<_> = mismatches.filter(|(_, it)| !it.is_misplaced()).collect();
            near.sort_by_key(|(_, mismatch)| mismatch.size());
            near
        };
        let shared = self.shared_marks();
        let near = mismatches(&|it| it.has_own_mark(view, &shared));
        if near.is_empty() {
            mismatches(&|it| !it.is_narrower && it.paths.is_match(view.path()))
        } else {
            near
        }
    }

    /// Returns the formats of other pages than those of `usual` in whose paths a page lies: those that take any page of its
    /// folder first, and then those that several communities use.
    pub fn of_place<'p>(&'p self, path: &str, usual: &str) -> Vec<&'p Arc<Profile>> {
        let is_of_place = |it: &&Arc<Profile>| {
            it.is_of_pages() && *it.kind.name != *usual && it.own_path.is_none() && it.may_hold_record(path)
        };
        let mut found: Vec<&Arc<Profile>> = self.iter().filter(is_of_place).collect();
        found.sort_by_key(|it| (!it.takes_folder_of(path), it.is_narrower));
        found
    }

    /// Returns the user's own formats of pages, and what a page lacks of each, the nearest first.
    pub fn own_mismatches(&self, view: &View<'_>) -> Vec<(&Arc<Profile>, Mismatch)> {
        let own =
            self.iter().filter(|it| it.own_path.is_some() && it.is_of_pages() && !it.skips(view.path()));
        let mut own: Vec<_> = own.map(|it| (it, it.mismatch(view))).collect();
        own.sort_by_key(|(_, mismatch)| mismatch.size());
        own
    }

    /// Returns the format of the user's own whose `skip` leaves out a page that has all it asks for.
    pub fn skipping(&self, view: &View<'_>) -> Option<&Arc<Profile>> {
        let mut own = self.iter().filter(|it| it.own_path.is_some() && it.is_of_pages());
        own.find(|it| it.skip.is_match(view.path()) && it.mismatch(view).failed.is_empty())
    }

    /// Returns the conditions and paths that several formats ask for.
    fn shared_marks(&self) -> HashSet<&str> {
        let (mut seen, mut shared) = (HashSet::new(), HashSet::new());
        for profile in self.iter().filter(|it| it.is_of_pages()) {
            let mut marks: HashSet<&str> = profile.usual_paths.iter().map(|path| &**path).collect();
            profile.recognition.condition.add_names(&mut marks);
            shared.extend(marks.into_iter().filter(|mark| !seen.insert(*mark)));
        }
        shared
    }
}

impl Profile {
    fn is_of_pages(&self) -> bool {
        !self.has_row_records && !self.is_fallback
    }

    /// Returns true if the format may have a page of any name in the folder of this one.
    fn takes_folder_of(&self, path: &str) -> bool {
        let matching = self.paths.matches(path);
        let mut globs = matching.into_iter().filter_map(|at| self.usual_paths.get(at));
        globs.any(|glob| glob.rsplit('/').next().is_some_and(|name| name.starts_with("*.")))
    }

    fn has_own_mark(&self, view: &View<'_>, shared: &HashSet<&str>) -> bool {
        let matching = self.paths.matches(view.path());
        // Paths that only the condition names are no mark beside it.
        let mut stated = matching.into_iter().filter_map(|at| self.usual_paths.get(at));
        stated.any(|path| !shared.contains(&**path)) || self.recognition.condition.has_own_mark(view, shared)
    }
}

impl Condition {
    fn add_names<'c>(&'c self, names: &mut HashSet<&'c str>) {
        match self {
            Condition::All(conditions) | Condition::Any(conditions) => {
                conditions.iter().for_each(|it| it.add_names(names));
            }
            Condition::Named(_, name) => drop(names.insert(name)),
            _ => {}
        }
    }

    fn has_own_mark(&self, view: &View<'_>, shared: &HashSet<&str>) -> bool {
        match self {
            Condition::All(conditions) | Condition::Any(conditions) => {
                conditions.iter().any(|it| it.has_own_mark(view, shared))
            }
            Condition::Named(condition, name) => !shared.contains(&**name) && condition.holds(view),
            _ => false,
        }
    }
}
