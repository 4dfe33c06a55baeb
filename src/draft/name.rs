//! The identifier and the file name of a new record.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::numbering::{NumberStyle, Numbered, dated_like, padded, slug};
use super::siblings::{Home, Siblings};
use super::{Request, parsed, records_in};
use crate::finding::Fault;
use crate::linter::Linter;
use crate::record::Record;
use crate::snapshot::{OnBranches, Snapshot};

/// The name of a new record.
pub(super) struct Named {
    pub id: String,
    /// The name of its file without the extension, or of its folder; empty in a list.
    pub name: String,
    pub notices: Vec<String>,
}

/// Finds an identifier that is free here and on every branch.
pub(super) fn next(linter: &Linter, siblings: &Siblings, request: &Request<'_>) -> Result<Named, Fault> {
    match &siblings.home {
        Home::List { path } => Ok(in_list(linter, siblings, path, request)),
        Home::Pages { folder } | Home::Folders { folder, .. } => {
            of_file(linter.snapshot(), siblings, folder, request)
        }
    }
}

/// The numbers that are taken, each with where.
#[derive(Default)]
struct Taken {
    here: BTreeSet<u64>,
    on_branches: BTreeMap<u64, String>,
    notices: Vec<String>,
}

impl Taken {
    /// Returns the number after the highest one.
    fn next(&mut self) -> u64 {
        let here = self.here.last().map_or(1, |last| last + 1);
        let next = self.on_branches.keys().last().map_or(here, |last| here.max(last + 1));
        let elsewhere: Vec<String> = self
            .on_branches
            .range(here..)
            .map(|(number, branch)| format!("{number} on `{branch}`"))
            .collect();
        if !elsewhere.is_empty() {
            self.notices.push(format!("taken on other branches: {}", elsewhere.join(", ")));
        }
        next
    }

    /// Tells that a number that was asked for is taken on a branch.
    fn warn_of(&mut self, number: u64) {
        if let Some(branch) = self.on_branches.get(&number) {
            self.notices.push(format!("taken on another branch: {number} on `{branch}`"));
        }
    }

    fn add_unreadable<T>(&mut self, branches: &OnBranches<T>) {
        if !branches.unreadable.is_empty() {
            let names: Vec<String> = branches.unreadable.iter().map(|name| format!("`{name}`")).collect();
            self.notices.push(format!(
                "can't see which numbers are taken on {}: not in this clone",
                names.join(", ")
            ));
        }
    }
}

fn of_file(
    snapshot: &Snapshot,
    siblings: &Siblings,
    folder: &str,
    request: &Request<'_>,
) -> Result<Named, Fault> {
    let home = &siblings.home;
    let names = siblings.records.iter().map(|record| home.name_of(&record.path));
    let model = siblings.model().map_or("", |record| home.name_of(&record.path));
    let words = Words::of(siblings.records.iter().map(|record| rest(home.name_of(&record.path))));
    // `retro-2026-08-vans` begins with a word.
    let word = model.len() - model.trim_start_matches(|c: char| c.is_alphabetic()).len();
    let word = if model[word..].starts_with(['-', '_']) { word + 1 } else { 0 };
    let (word, dated) = model.split_at(word);
    if let Some(date) = dated_like(dated, request.day()) {
        let slug = slug(&request.undated_title(), words.separator, words.keeps_case);
        let name = match slug.is_empty() {
            true => format!("{word}{date}"),
            false => format!("{word}{date}{}{slug}", separator_after_date(dated)),
        };
        let id_is_date = siblings
            .model()
            .is_some_and(|model| model.id.len() == date.len() && dated.starts_with(&*model.id));
        let id = request
            .id
            .clone()
            .or_else(|| id_is_date.then(|| date.clone()))
            .or_else(|| next_number(siblings, request.today))
            .unwrap_or_else(|| name.clone());
        return Ok(Named { id, name, notices: Vec::new() });
    }
    let slug = slug(&request.title, words.separator, words.keeps_case);
    let Some(of_others) = NumberStyle::of(names.clone(), request.today) else {
        let id = request.id.clone().unwrap_or_else(|| slug.clone());
        return Ok(Named { id, name: slug, notices: Vec::new() });
    };
    let mut taken = taken_names(snapshot, siblings, folder, &of_others);
    let (style, number) = match &request.id {
        Some(id) => of_others.given(id).ok_or_else(|| of_other_style(id, &of_others.write(taken.next())))?,
        None => (of_others.clone(), taken.next()),
    };
    if request.id.is_some() && style == of_others {
        taken.warn_of(number);
    }
    let separator = Numbered::read(model).map_or("-", |name| name.separator);
    let separator = if separator.is_empty() { "-" } else { separator };
    let is_number_alone = names.clone().all(|name| rest(name).is_empty());
    let name = match is_number_alone {
        true => style.write(number),
        false => format!("{}{separator}{slug}", style.write(number)),
    };
    let id = if style == of_others { padded(number, style.width) } else { style.write(number) };
    Ok(Named { id, name, notices: taken.notices })
}

fn of_other_style(id: &str, next: &str) -> Fault {
    Fault::new(format!("`{id}` is no id like the others")).help(format!("write one such as `{next}`"))
}

/// The next identifier of records that state a number of their own, whatever their files are called.
fn next_number(siblings: &Siblings, today: Date) -> Option<String> {
    let is_own = |record: &Record| *record.id != *siblings.home.name_of(&record.path);
    if !siblings.records.iter().all(is_own) {
        return None;
    }
    let style = NumberStyle::of(siblings.records.iter().map(|record| &*record.id), today)?;
    let taken = siblings.taken_ids.iter().filter_map(|id| style.number_of(id)).max();
    Some(style.write(taken? + 1))
}

fn separator_after_date(name: &str) -> &str {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
    if rest.starts_with('_') { "_" } else { "-" }
}

fn rest(name: &str) -> &str {
    Numbered::read(name).map_or(name, |numbered| numbered.rest)
}

fn taken_names(snapshot: &Snapshot, siblings: &Siblings, folder: &str, style: &NumberStyle) -> Taken {
    let mut taken = Taken::default();
    let is_template = |name: &str| name.to_lowercase().contains("template");
    // Numbers of folders are those of the whole repository: the folder above holds the groups.
    let (folder, below) = match &siblings.home {
        Home::Folders { .. } => (folder.rsplit_once('/').map_or("", |(above, _)| above), true),
        _ => (folder, false),
    };
    let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    for file in snapshot.files() {
        let Some(inner) = file.path.strip_prefix(&start) else { continue };
        let mut parts = inner.split('/');
        let name = if below { parts.nth(1) } else { parts.next() };
        let number = name.filter(|name| !is_template(name)).and_then(|name| style.number_of(name));
        taken.here.extend(number);
    }
    taken.here.extend(siblings.taken_ids.iter().filter_map(|id| style.number_of(id)));
    let branches = snapshot.names_on_branches(folder, below);
    taken.add_unreadable(&branches);
    for (branch, name) in branches.found {
        if let Some(number) = style.number_of(&name).filter(|_| !is_template(&name)) {
            taken.on_branches.entry(number).or_insert(branch);
        }
    }
    taken
}

fn in_list(linter: &Linter, siblings: &Siblings, path: &str, request: &Request<'_>) -> Named {
    let ids = || siblings.records.iter().map(|record| &*record.id);
    let branches = linter.snapshot().texts_on_branches(path);
    let mut taken = Taken::default();
    taken.add_unreadable(&branches);
    let mut names: BTreeSet<String> = siblings.taken_ids.iter().map(|id| id.to_lowercase()).collect();
    let style = NumberStyle::of(ids(), request.today);
    for (branch, source) in &branches.found {
        for record in records_in(linter, request.kind, &parsed(linter, path, source.text().to_owned())) {
            names.insert(record.id.to_lowercase());
            if let Some(number) = style.as_ref().and_then(|style| style.number_of(&record.id)) {
                taken.on_branches.entry(number).or_insert_with(|| branch.clone());
            }
        }
    }
    let id = match (&request.id, &style) {
        (Some(id), style) => {
            let number = style.as_ref().and_then(|style| style.number_of(id));
            number.into_iter().for_each(|number| taken.warn_of(number));
            id.clone()
        }
        (None, Some(style)) => {
            taken.here.extend(siblings.taken_ids.iter().filter_map(|id| style.number_of(id)));
            style.write(taken.next())
        }
        (None, None) => free_slug(&slug(&request.title, Words::of(ids()).separator, false), &names),
    };
    Named { id, name: String::new(), notices: taken.notices }
}

fn free_slug(slug: &str, taken: &BTreeSet<String>) -> String {
    let numbered = (2..).map(|number: u64| format!("{slug}-{number}"));
    std::iter::once(slug.to_owned()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or_default()
}

/// How names join words.
struct Words {
    separator: &'static str,
    keeps_case: bool,
}

impl Words {
    fn of<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Words {
        let count = |separator: &str| names.clone().filter(|name| name.contains(separator)).count();
        let separators = ["-", "_", ".", " "];
        let separator = separators.into_iter().rev().max_by_key(|separator| count(separator)).unwrap_or("-");
        let capital = names.clone().filter(|name| name.chars().any(char::is_uppercase)).count();
        let separator = if count(separator) == 0 { "-" } else { separator };
        Words { separator, keeps_case: capital * 2 > names.count() }
    }
}
