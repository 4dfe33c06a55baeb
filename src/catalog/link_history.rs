//! Finds the remedy for a broken link or reference in the Git history of its target.

use crate::history::{HeadingFate, History, Removal};
use crate::record::Record;
use crate::syntax::markdown::{Link, percent_decoded, percent_encoded};

use super::anchors::Anchors;
use super::link_slips::is_own_section;
use super::links::{BrokenLink, LinkForm, path_of, relative_to, resolve};
use super::resolve::number_in;
use super::{Catalog, CheckedLink, Reference, SourceFile};

/// The remedy for a broken link or reference.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinkRemedy {
    /// The corrected destination.
    pub nearest: Option<String>,
    /// The commit that removed the file or heading; `None` if there is a corrected destination.
    pub removed: Option<Removal>,
    /// True if no commit of the main line had the file, and there is no corrected destination.
    pub never_committed: bool,
    pub uncommitted: Option<Uncommitted>,
}

/// What happened to the file to which a link or reference leads, since the newest commit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Uncommitted {
    Deletion,
    /// It is in the worktree, and the index lacks it.
    Addition,
}

impl Uncommitted {
    pub fn name(self) -> &'static str {
        match self {
            Uncommitted::Deletion => "deletion",
            Uncommitted::Addition => "addition",
        }
    }
}

impl LinkRemedy {
    fn of(nearest: Option<String>) -> LinkRemedy {
        LinkRemedy { nearest, ..LinkRemedy::default() }
    }

    fn with_uncommitted(self, uncommitted: Option<Uncommitted>) -> LinkRemedy {
        match uncommitted {
            Some(Uncommitted::Addition) => LinkRemedy { uncommitted, ..LinkRemedy::default() },
            _ => LinkRemedy { uncommitted, ..self },
        }
    }
}

impl Catalog {
    /// Returns the remedy for a broken link. The history of the file or heading goes before names that are spelt alike.
    pub fn link_remedy(
        &self,
        file: &SourceFile,
        checked: &CheckedLink<'_>,
        history: Option<&History>,
    ) -> LinkRemedy {
        let Some(broken) = &checked.broken else { return LinkRemedy::default() };
        let target = checked.target(file).filter(|_| broken.reason.starts_with("no such file"));
        let uncommitted = target.as_ref().and_then(|target| self.uncommitted(target));
        let remedy = self.past_remedy(file, checked, broken, history);
        let is_deleted = uncommitted == Some(Uncommitted::Deletion) && remedy.nearest.is_none();
        match target.filter(|_| is_deleted).and_then(|target| self.snapshot.renamed_since_commit(&target)) {
            Some(moved) => LinkRemedy::of(Some(self.moved_destination(file, checked.link, &moved))),
            None => remedy.with_uncommitted(uncommitted),
        }
    }

    fn uncommitted(&self, path: &str) -> Option<Uncommitted> {
        if self.snapshot.has(path) {
            None
        } else if self.snapshot.is_unstaged(path) {
            Some(Uncommitted::Addition)
        } else {
            self.snapshot.is_committed(path).then_some(Uncommitted::Deletion)
        }
    }

    fn past_remedy(
        &self,
        file: &SourceFile,
        checked: &CheckedLink<'_>,
        broken: &BrokenLink,
        history: Option<&History>,
    ) -> LinkRemedy {
        let nearest = broken.suggestion.clone();
        let path = path_of(&checked.link.destination);
        let target = match path {
            "" => Some(file.path().to_string()),
            _ => checked.target(file),
        };
        let (Some(target), Some(history)) = (target, history) else { return LinkRemedy::of(nearest) };
        if self.snapshot.has(&target) && broken.reason.starts_with("no such heading on") {
            return self.heading_remedy(file, checked.link, &target, nearest, history);
        }
        if self.snapshot.has(&target) || !broken.reason.starts_with("no such ") {
            return LinkRemedy::of(nearest);
        }
        if let Some(moved) = history.moved_to(&target, |path| self.snapshot.has(path)) {
            return LinkRemedy::of(Some(self.moved_destination(file, checked.link, &moved)));
        }
        // Where the page lay when the link was written.
        let former = match checked.form {
            LinkForm::Relative if !path.is_empty() => history.former_paths(file.path()),
            _ => Vec::new(),
        };
        let former: Vec<String> =
            former.iter().filter_map(|from| resolve(from, &percent_decoded(path))).collect();
        let now = |old: &String| match self.snapshot.has(old) {
            true => Some(old.as_str().into()),
            false => history.moved_to(old, |path| self.snapshot.has(path)),
        };
        if let Some(moved) = former.iter().find_map(now) {
            return LinkRemedy::of(Some(self.moved_destination(file, checked.link, &moved)));
        }
        let mut targets = std::iter::once(&target).chain(&former);
        let removed =
            if nearest.is_none() { targets.clone().find_map(|it| history.removal(it)) } else { None };
        let is_new = |target: &str| history.never_had(target) && !self.snapshot.is_committed(target);
        let never_committed = nearest.is_none() && targets.all(|target| is_new(target));
        LinkRemedy { nearest, removed, never_committed, uncommitted: None }
    }

    /// Returns the destination of a link to a file that was moved. An anchor that the page lacks is replaced by the one that is meant.
    fn moved_destination(&self, file: &SourceFile, link: &Link, moved: &str) -> String {
        let from = if LinkForm::of(&link.destination) == LinkForm::Root { "" } else { &**file.path() };
        let slash = if from.is_empty() { "/" } else { "" };
        let path = slash.to_owned() + &percent_encoded(&relative_to(from, moved));
        let rest = &link.destination[path_of(&link.destination).len()..];
        let page = self.file_at(moved).filter(|page| page.document.markdown.is_some());
        let anchors = page.and_then(|page| Anchors::in_file(self, page));
        let wanted = rest.split_once('#').map(|(_, anchor)| percent_decoded(anchor).to_lowercase());
        match (anchors, wanted) {
            (Some(anchors), Some(wanted)) if !anchors.has(&wanted) => match anchors.suggest(&wanted) {
                Some(near) => format!("{path}#{near}"),
                None => path,
            },
            _ => path + rest,
        }
    }

    fn heading_remedy(
        &self,
        file: &SourceFile,
        link: &Link,
        target: &str,
        nearest: Option<String>,
        history: &History,
    ) -> LinkRemedy {
        let destination = &*link.destination;
        let page = self.file_at(target).and_then(|page| Anchors::in_file(self, page));
        let (Some((path, anchor)), Some(anchors)) = (destination.split_once('#'), page) else {
            return LinkRemedy::of(nearest);
        };
        let is_elsewhere = |slug: &str| !path.is_empty() || !is_own_section(file, link, slug);
        match history.heading_fate(target, &percent_decoded(anchor).to_lowercase()) {
            Some(HeadingFate::Renamed(slug)) if anchors.has(&slug) && is_elsewhere(&slug) => {
                LinkRemedy::of(Some(format!("{path}#{slug}")))
            }
            Some(HeadingFate::Removed { by, beside }) => {
                // A heading that the page had at the same time is not its successor, nor is one that another page had before.
                let is_other =
                    |near: &String| match near.strip_prefix(path).and_then(|near| near.strip_prefix('#')) {
                        Some(near) => beside.iter().all(|slug| **slug != *near),
                        None => near.split_once('#').is_none_or(|(page, slug)| {
                            let page = resolve(file.path(), &percent_decoded(page));
                            page.is_none_or(|page| !history.had_heading(&page, slug, by.date))
                        }),
                    };
                let nearest = nearest.filter(is_other);
                let removed = if nearest.is_none() { Some(by) } else { None };
                LinkRemedy { removed, ..LinkRemedy::of(nearest) }
            }
            // Pages that were made from one template have headings of the same names.
            None if history.knows_page(target) => {
                LinkRemedy::of(nearest.filter(|near| near.split('#').next() == Some(path)))
            }
            _ => LinkRemedy::of(nearest),
        }
    }

    /// Returns the remedy for a reference of `from` that names no record.
    pub fn reference_remedy(
        &self,
        from: &Record,
        reference: &Reference,
        history: Option<&History>,
    ) -> LinkRemedy {
        let path = from.lookup(&reference.text).path;
        let uncommitted = path.as_deref().and_then(|path| self.uncommitted(path));
        self.past_reference_remedy(from, reference, path, history).with_uncommitted(uncommitted)
    }

    fn past_reference_remedy(
        &self,
        from: &Record,
        reference: &Reference,
        path: Option<String>,
        history: Option<&History>,
    ) -> LinkRemedy {
        let nearest = self.suggest(from, reference);
        let (None, Some(history)) = (&nearest, history) else { return LinkRemedy::of(nearest) };
        let Some(path) = path else {
            return self.number_remedy(from, &reference.text, history);
        };
        match history.moved_to(&path, |path| self.snapshot.has(path)) {
            Some(moved) if reference.text.starts_with('/') => LinkRemedy::of(Some(format!("/{moved}"))),
            Some(moved) => LinkRemedy::of(Some(relative_to(&from.path, &moved))),
            None => LinkRemedy { removed: history.removal(&path), ..LinkRemedy::default() },
        }
    }

    /// Returns the remedy for a reference by a number, `ADR-0044`: the number to which the page of that number was moved, or the commit
    /// that removed it from the folder of `from`.
    fn number_remedy(&self, from: &Record, text: &str, history: &History) -> LinkRemedy {
        let Some((wanted, _)) = number_in(text).filter(|(_, rest)| rest.is_empty()) else {
            return LinkRemedy::default();
        };
        let (folder, name) = from.path.rsplit_once('/').unwrap_or(("", &from.path));
        let ending = |name: &'_ str| name.rsplit_once('.').map(|(_, ending)| ending.to_owned());
        let of_page = ending(name);
        let is_meant = |name: &str| {
            ending(name) == of_page && number_in(name).is_some_and(|(number, _)| number == wanted)
        };
        let moved = history.moved_in(folder, is_meant, |path| self.snapshot.has(path));
        let renumbered = moved.and_then(|path| {
            let (of, name) = path.rsplit_once('/').unwrap_or(("", &path));
            let (number, _) = number_in(name).filter(|(number, _)| of == folder && *number != wanted)?;
            let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
            let width = text.len() - letters.len();
            Some(format!("{letters}{number:0>width$}"))
        });
        match renumbered {
            Some(number) => LinkRemedy::of(Some(number)),
            None => LinkRemedy { removed: history.removal_in(folder, is_meant), ..LinkRemedy::default() },
        }
    }
}
