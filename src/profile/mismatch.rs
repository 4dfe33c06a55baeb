//! What a page lacks that a format asks for.

use std::fmt;

use crate::syntax::markdown::section_key;

use super::condition::Condition;
use super::extract::by_key;
use super::view::View;

/// Why a condition doesn't hold for a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mismatch {
    /// What is missing, or should be.
    pub failed: Vec<Missing>,
    /// How many conditions hold.
    pub held: usize,
}

/// Something that a format asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What it is: section `Status`. Of several, one suffices.
    names: Vec<Box<str>>,
    /// True if the page has it and should not.
    is_unwanted: bool,
    /// True if it is about where the page lies.
    is_place: bool,
    /// True if a page without such a section states it in its header.
    is_in_header: bool,
    /// True if the page begins with such a section, which is read as its title.
    is_title: bool,
}

/// Such as "no section `Status`".
impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.names.join(" or ");
        match (self.is_title, self.is_unwanted) {
            (true, _) => write!(f, "no heading with the title above {names}"),
            (false, true) => write!(f, "a {names}"),
            (false, false) => write!(f, "no {names}"),
        }
    }
}

/// Such as "no section `Status` and no section `Context`".
impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed: Vec<String> = self.failed.iter().map(Missing::to_string).collect();
        match failed.as_slice() {
            [] => Ok(()),
            [one] => f.write_str(one),
            [others @ .., last] => write!(f, "{} and {last}", others.join(", ")),
        }
    }
}

impl Mismatch {
    fn of(names: Vec<Box<str>>, is_unwanted: bool, held: usize) -> Mismatch {
        let missing = Missing { names, is_unwanted, is_place: false, is_in_header: false, is_title: false };
        Mismatch { failed: vec![missing], held }
    }

    /// Returns true if the page lies where those of the format don't.
    pub fn is_misplaced(&self) -> bool {
        self.failed.iter().any(|missing| missing.is_place)
    }

    /// A key by which the smallest mismatch is the least: little is missing, and much is there.
    pub fn size(&self) -> impl Ord + use<> {
        (self.failed.len(), std::cmp::Reverse(self.held))
    }
}

impl Condition {
    /// Returns why the condition doesn't hold, by the alternative that comes closest; nothing fails if it holds.
    pub(super) fn mismatch(&self, view: &View<'_>) -> Mismatch {
        match self {
            Condition::All(conditions) => {
                conditions.iter().map(|it| it.mismatch(view)).fold(Mismatch::default(), |mut all, one| {
                    all.failed.extend(one.failed);
                    all.held += one.held;
                    all
                })
            }
            Condition::Any(conditions) => nearest_alternative(conditions, view),
            Condition::AtLeast(least, _) if self.holds(view) => Mismatch { failed: Vec::new(), held: *least },
            Condition::AtLeast(_, conditions) => {
                let absent = conditions.iter().filter(|it| !it.holds(view)).filter_map(Condition::name);
                Mismatch::of(absent.collect(), false, 0)
            }
            Condition::Not(condition) if condition.holds(view) => {
                let mut mismatch = Mismatch::of(condition.present(view), true, 0);
                let is_place = condition.is_about_place();
                mismatch.failed.iter_mut().for_each(|missing| missing.is_place = is_place);
                mismatch
            }
            Condition::Not(_) => Mismatch::default(),
            _ if self.holds(view) => Mismatch { failed: Vec::new(), held: 1 },
            _ => {
                let mut mismatch = Mismatch::of(self.name().into_iter().collect(), false, 0);
                for missing in &mut mismatch.failed {
                    missing.is_place = self.is_about_place();
                    missing.is_in_header = self.is_stated_in_header(view);
                    missing.is_title = self.is_title(view);
                }
                mismatch
            }
        }
    }

    fn is_about_place(&self) -> bool {
        match self {
            Condition::Named(condition, _) => condition.is_about_place(),
            Condition::All(conditions) | Condition::Any(conditions) => {
                conditions.iter().all(Condition::is_about_place)
            }
            _ => matches!(self, Condition::Path(_)),
        }
    }

    /// Returns true for a section whose name is that of a header line of the page.
    fn is_stated_in_header(&self, view: &View<'_>) -> bool {
        match self {
            Condition::Named(condition, _) => condition.is_stated_in_header(view),
            Condition::TopLevelSection(key) => {
                view.header().is_some_and(|header| by_key(header, std::slice::from_ref(key)).is_some())
            }
            _ => false,
        }
    }

    /// Returns true for a section with which the page begins, so that its heading is read as the title.
    fn is_title(&self, view: &View<'_>) -> bool {
        match self {
            Condition::Named(condition, _) => condition.is_title(view),
            Condition::TopLevelSection(key) => {
                view.title().is_some_and(|title| section_key(&title.title) == **key)
            }
            _ => false,
        }
    }

    /// Adds what the page has of the condition, each once.
    pub(super) fn add_held<'c>(&'c self, view: &View<'_>, held: &mut Vec<&'c str>) {
        match self {
            Condition::All(conditions) | Condition::Any(conditions) | Condition::AtLeast(_, conditions) => {
                let holding = conditions.iter().filter(|it| it.holds(view));
                holding.for_each(|it| it.add_held(view, held));
            }
            Condition::Named(condition, name) => match **condition {
                Condition::All(_) | Condition::Any(_) | Condition::AtLeast(..) => {
                    condition.add_held(view, held);
                }
                Condition::Not(_) => {}
                _ if held.contains(&&**name) => {}
                _ => held.push(name),
            },
            _ => {}
        }
    }

    /// Names what the page has of the condition.
    fn present(&self, view: &View<'_>) -> Vec<Box<str>> {
        match self {
            Condition::All(conditions) | Condition::Any(conditions) => {
                conditions.iter().filter(|it| it.holds(view)).flat_map(|it| it.present(view)).collect()
            }
            _ => self.name().into_iter().collect(),
        }
    }

    fn name(&self) -> Option<Box<str>> {
        if let Condition::Named(_, name) = self { Some(name.clone()) } else { None }
    }
}

/// If each alternative is one condition, any of them is missing; else what the closest lacks.
fn nearest_alternative(conditions: &[Condition], view: &View<'_>) -> Mismatch {
    let names: Option<Vec<Box<str>>> = conditions.iter().map(Condition::name).collect();
    // Of several that lack as much, the first is what most pages have.
    let mismatches: Vec<Mismatch> = conditions.iter().map(|it| it.mismatch(view)).collect();
    let size = |it: &&Mismatch| (it.failed.len(), it.failed.iter().any(|missing| missing.is_in_header));
    let nearest = mismatches.iter().min_by_key(size).cloned();
    let mut nearest = nearest.unwrap_or_else(|| Mismatch::of(Vec::new(), false, 0));
    let alike = mismatches.iter().filter(|it| it.failed.len() == nearest.failed.len());
    nearest.held = alike.map(|it| it.held).max().unwrap_or_default();
    match names.filter(|_| !nearest.failed.is_empty()) {
        Some(names) => {
            let mut mismatch = Mismatch::of(names, false, 0);
            let is_place = conditions.iter().all(Condition::is_about_place);
            mismatch.failed.iter_mut().for_each(|missing| missing.is_place = is_place);
            mismatch
        }
        None => nearest,
    }
}
