//! The identifier and the file name of a new record, in the style of those that are there.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::siblings::{Home, Numbered, Siblings, digits_at_start, padded};
use super::values::dated_like;
use super::{Request, parsed, records_in};
use crate::finding::Fault;
use crate::linter::Linter;
use crate::record::Record;
use crate::snapshot::OnBranches;
use crate::text::folder_of;

/// The name of a new record.
pub(super) struct Named {
    pub id: String,
    /// The name of its file without the extension, or of its folder; empty in a list.
    pub name: String,
    pub notices: Vec<String>,
}

/// Finds an identifier that is free here and on every branch.
pub(super) fn next(linter: &Linter, siblings: &Siblings, request: &Request<'_>) -> Result<Named, Fault> {
    let names = || siblings.records.iter().map(|record| siblings.home.name_of(record));
    let model = siblings.model().map_or("", |record| siblings.home.name_of(record));
    let is_list = matches!(siblings.home, Home::List { .. });
    let words = Words::of(names().map(rest));
    if let Some(dated) = dated_like(model, request.day()).filter(|_| !is_list) {
        return Ok(dated_name(siblings, request, model, &words, dated));
    }
    let words = Words { keeps_case: words.keeps_case && !is_list, ..words };
    let slug = slug(&request.title, &words);
    let of_others = NumberStyle::of(names(), request.today);
    let mut taken = Taken::find(linter, siblings, request, of_others.as_ref());
    let (style, number) = match (&request.id, &of_others) {
        (Some(id), _) if is_list => {
            taken.warn_of(of_others.as_ref().and_then(|style| style.number_of(id)));
            return Ok(Named { id: id.clone(), name: slug, notices: taken.notices });
        }
        (given, None) => {
            let name = if given.is_some() { slug } else { taken.free(&slug) };
            let id = given.clone().unwrap_or_else(|| name.clone());
            return Ok(Named { id, name, notices: taken.notices });
        }
        (Some(id), Some(style)) => style.given(id).ok_or_else(|| {
            let example = style.write(taken.next());
            Fault::new(format!("`{id}` is no id like the others"))
                .help(format!("write one such as `{example}`"))
        })?,
        (None, Some(style)) => (style.clone(), taken.next()),
    };
    let is_usual = of_others.is_some_and(|others| others == style);
    taken.warn_of(request.id.as_ref().filter(|_| is_usual).map(|_| number));
    let separator = Numbered::read(model).map(|name| name.separator).filter(|it| !it.is_empty());
    let name = match names().all(|name| rest(name).is_empty()) {
        true => style.write(number),
        false => format!("{}{}{slug}", style.write(number), separator.unwrap_or("-")),
    };
    // A code, such as `AC-2026-02`, or a number that other letters may stand before.
    let is_code = siblings.model().is_some_and(|model| model.id.parse::<u64>().is_err());
    let id =
        if is_code && !style.prefix.is_empty() { style.write(number) } else { padded(number, style.width) };
    Ok(Named { id, name, notices: taken.notices })
}

/// The name of a file that begins with a day; its record may have a number of its own.
fn dated_name(
    siblings: &Siblings,
    request: &Request<'_>,
    model: &str,
    words: &Words,
    (before, date, old): (&str, String, &str),
) -> Named {
    let slug = slug(&request.undated_title(), words);
    let separator = if model[before.len() + old.len()..].starts_with('_') { "_" } else { "-" };
    let separator = if slug.is_empty() { "" } else { separator };
    let name = format!("{before}{date}{separator}{slug}");
    let id_is_date = siblings.model().is_some_and(|model| *model.id == *old);
    let own_number = || {
        let is_own = |record: &Record| *record.id != *siblings.home.name_of(record);
        let ids = siblings.records.iter().map(|record| &*record.id);
        let style = NumberStyle::of(ids, request.today).filter(|_| siblings.records.iter().all(is_own))?;
        let taken = siblings.taken_ids.iter().filter_map(|id| style.number_of(id)).max()?;
        Some(style.write(taken + 1))
    };
    let given = request.id.clone().or_else(|| id_is_date.then_some(date));
    let id = given.or_else(own_number).unwrap_or_else(|| name.clone());
    Named { id, name, notices: Vec::new() }
}

/// The names and numbers that are taken.
#[derive(Default)]
struct Taken {
    /// Identifiers of a list, in lower case.
    names: BTreeSet<String>,
    /// The highest number in this state; 0 if there is none.
    here: u64,
    /// Each with a branch that has it.
    on_branches: BTreeMap<u64, String>,
    notices: Vec<String>,
}

impl Taken {
    fn find(
        linter: &Linter,
        siblings: &Siblings,
        request: &Request<'_>,
        style: Option<&NumberStyle>,
    ) -> Taken {
        let snapshot = linter.snapshot();
        let number_of = |name: &str| style?.number_of(name);
        let own = siblings.taken_ids.iter();
        let mut taken = Taken {
            names: own.clone().map(|id| id.to_lowercase()).collect(),
            here: own.filter_map(|id| number_of(id)).max().unwrap_or(0),
            ..Taken::default()
        };
        let (folder, is_group) = match &siblings.home {
            Home::List { path } => {
                let branches = snapshot.texts_on_branches(path);
                taken.add_unreadable(&branches);
                for (branch, source) in &branches.found {
                    let document = parsed(linter, path, source.text().to_owned());
                    for record in records_in(linter, request.kind, &document) {
                        taken.names.insert(record.id.to_lowercase());
                        taken.add_on_branch(number_of(&record.id), branch);
                    }
                }
                return taken;
            }
            Home::Pages { folder } => (&**folder, false),
            // Numbers of folders are those of the whole repository: the folder above holds the groups.
            Home::Folders { folder, .. } => (folder_of(folder), true),
        };
        let start = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let number_of = |name: &str| number_of(name).filter(|_| !name.to_lowercase().contains("template"));
        let inner = snapshot.files().iter().filter_map(|file| file.path.strip_prefix(&start));
        let numbers = inner.filter_map(|inner| number_of(inner.split('/').nth(usize::from(is_group))?));
        taken.here = numbers.fold(taken.here, u64::max);
        let branches = snapshot.names_on_branches(folder, is_group);
        taken.add_unreadable(&branches);
        for (branch, name) in &branches.found {
            taken.add_on_branch(number_of(name), branch);
        }
        taken
    }

    fn add_unreadable<T>(&mut self, branches: &OnBranches<T>) {
        let names: Vec<String> = branches.unreadable.iter().map(|name| format!("`{name}`")).collect();
        if !names.is_empty() {
            let names = names.join(", ");
            self.notices.push(format!("can't see which numbers are taken on {names}: not in this clone"));
        }
    }

    fn add_on_branch(&mut self, number: Option<u64>, branch: &str) {
        number.map(|number| self.on_branches.entry(number).or_insert_with(|| branch.to_owned()));
    }

    /// Returns the number after the highest one.
    fn next(&mut self) -> u64 {
        let elsewhere = self.on_branches.range(self.here + 1..);
        let elsewhere: Vec<String> =
            elsewhere.map(|(number, branch)| format!("{number} on `{branch}`")).collect();
        if !elsewhere.is_empty() {
            self.notices.push(format!("taken on other branches: {}", elsewhere.join(", ")));
        }
        self.on_branches.keys().last().map_or(self.here, |last| self.here.max(*last)) + 1
    }

    /// Returns a name that no record has: this one, or one with a number behind it.
    fn free(&self, name: &str) -> String {
        let numbered = (2..).map(|number: u64| format!("{name}-{number}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        names.find(|name| !self.names.contains(name)).unwrap_or_default()
    }

    /// Tells that a number that was asked for is taken on a branch.
    fn warn_of(&mut self, number: Option<u64>) {
        if let Some((number, branch)) = number.and_then(|number| self.on_branches.get_key_value(&number)) {
            self.notices.push(format!("taken on another branch: {number} on `{branch}`"));
        }
    }
}

fn rest(name: &str) -> &str {
    Numbered::read(name).map_or(name, |numbered| numbered.rest)
}

/// How names join words.
pub(super) struct Words {
    separator: &'static str,
    keeps_case: bool,
}

impl Words {
    /// Joined by hyphens, in lower case.
    pub(super) const USUAL: Words = Words { separator: "-", keeps_case: false };

    fn of<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Words {
        let count = |separator: &str| names.clone().filter(|name| name.contains(separator)).count();
        let separator = [" ", ".", "_", "-"].into_iter().max_by_key(|separator| count(separator));
        let capital = names.clone().filter(|name| name.chars().any(char::is_uppercase)).count();
        Words { separator: separator.unwrap_or("-"), keeps_case: capital * 2 > names.count() }
    }
}

/// Replaces the year in a prefix such as `AC-2026-`.
fn in_year(prefix: &str, today: Date) -> String {
    let year = prefix.strip_suffix('-').and_then(|start| start.get(start.len().checked_sub(4)?..));
    match year.filter(|year| digits_at_start(year) == 4) {
        Some(_) => format!("{}{}-", &prefix[..prefix.len() - 5], today.year()),
        None => prefix.to_owned(),
    }
}

/// The style of numbers: where most names begin with the same prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NumberStyle {
    pub prefix: String,
    /// The number of digits, with leading zeros; 1 without.
    pub width: usize,
}

impl NumberStyle {
    /// Returns the style of most of these names, in this year if they are numbered by year; `None` if most have no number.
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n str> + Clone, today: Date) -> Option<NumberStyle> {
        let all = names.clone().count();
        let numbered: Vec<Numbered<'_>> = names.filter_map(Numbered::read).collect();
        if numbered.len() * 2 <= all {
            return None;
        }
        let mut prefixes: BTreeMap<&str, usize> = BTreeMap::new();
        numbered.iter().for_each(|name| *prefixes.entry(name.prefix).or_default() += 1);
        let (prefix, _) = prefixes.into_iter().max_by_key(|(_, count)| *count)?;
        let digits = numbered.iter().filter(|name| name.prefix == prefix).map(|name| name.digits);
        let width = digits.filter(|digits| digits.starts_with('0')).map(str::len).max().unwrap_or(1);
        Some(NumberStyle { prefix: in_year(prefix, today), width })
    }

    /// Returns the number of a name of this style.
    pub(super) fn number_of(&self, name: &str) -> Option<u64> {
        let numbered = Numbered::read(name)?;
        numbered.prefix.eq_ignore_ascii_case(&self.prefix).then(|| numbered.number())?
    }

    /// Reads an identifier that a user gives: a number, with any word before it, or one of this style in another year.
    pub(super) fn given(&self, id: &str) -> Option<(NumberStyle, u64)> {
        let digits = id.trim_start_matches(|c: char| !c.is_ascii_digit());
        if let Ok(number) = digits.parse() {
            return Some((self.clone(), number));
        }
        let numbered = Numbered::read(id).filter(|it| it.rest.is_empty())?;
        let same_year = |prefix: &str| in_year(prefix, jiff::civil::date(2000, 1, 1)).to_lowercase();
        let is_alike = same_year(numbered.prefix) == same_year(&self.prefix);
        let style = NumberStyle { prefix: numbered.prefix.to_owned(), width: self.width };
        is_alike.then(|| numbered.number().map(|number| (style, number)))?
    }

    pub(super) fn write(&self, number: u64) -> String {
        format!("{}{}", self.prefix, padded(number, self.width))
    }
}

/// Returns a title as a part of a file name or as an identifier: words of letters and digits, joined.
pub(super) fn slug(title: &str, style: &Words) -> String {
    // `don't` is one word.
    let title = title.replace(['\'', '’'], "");
    let title = if style.keeps_case { title } else { title.to_lowercase() };
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(style.separator)
}
