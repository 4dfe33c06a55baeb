//! Which records a new one is to be like, where they are, and how they are numbered: the identifier and the file name of the new one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::catalog::Catalog;
use crate::finding::Fault;
use crate::format;
use crate::layout;
use crate::linter::Linter;
use crate::record::Record;
use crate::snapshot::{OnBranches, is_within};
use crate::syntax::edit::record::RecordList;
use crate::syntax::markdown::Heading;
use crate::syntax::{self, Document};
use crate::text::{folder_of, stem};
use crate::value::date::{Order, find};
use crate::value::identifier::{self, digit_count};

use super::{Request, parsed, records_in};

/// Where records of one style are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Home {
    /// A file for each in a folder.
    Pages { folder: String },
    /// A folder for each, with a file of this name in it.
    Folders { folder: String, file: String },
    /// A list in a file.
    List { path: String },
}

impl Home {
    fn path(&self) -> &str {
        match self {
            Home::Pages { folder } | Home::Folders { folder, .. } => folder,
            Home::List { path } => path,
        }
    }

    /// Returns what names a record: in a list its identifier, else its file without the extension, or its folder.
    pub(super) fn name_of<'r>(&self, record: &'r Record) -> &'r str {
        match self {
            Home::Folders { .. } => record.path.rsplit('/').nth(1).unwrap_or_default(),
            Home::Pages { .. } => stem(&record.path),
            Home::List { .. } => &record.id,
        }
    }
}

pub(super) struct Siblings {
    pub home: Home,
    pub format: Option<Arc<format::Format>>,
    pub records: Vec<Record>,
    /// The identifiers of all records of the kind from which that of a new one has to differ.
    pub taken_ids: Vec<Arc<str>>,
    /// The paths of all files with records, of any kind.
    pub record_paths: BTreeSet<Arc<str>>,
}

impl Siblings {
    /// Finds the records of the kind in the place that the user names or is in, else where most of them are.
    pub(super) fn find(
        linter: &Linter,
        catalog: &Catalog,
        request: &Request<'_>,
    ) -> Result<Option<Siblings>, Fault> {
        let of_kind = || catalog.records().iter().filter(|record| record.kind.name == request.kind.name);
        let prefix = Some(linter.snapshot().prefix())
            .filter(|prefix| !prefix.is_empty() && of_kind().any(|record| is_within(&record.path, prefix)));
        let place = request.place.as_deref().or(prefix);
        let mut homes: BTreeMap<Home, Vec<&Record>> = BTreeMap::new();
        for record in of_kind().filter(|record| place.is_none_or(|place| is_within(&record.path, place))) {
            homes.entry(home(catalog, record)).or_default().push(record);
        }
        let all: usize = homes.values().map(Vec::len).sum();
        // A folder that is named itself counts before those below it.
        let named = homes.iter().find(|(home, _)| place.is_some_and(|place| home.path() == place));
        let largest = || homes.iter().max_by_key(|(_, records)| records.len());
        let Some((home, records)) = named.or_else(largest) else { return Ok(None) };
        if named.is_none() && records.len() * 2 <= all && homes.len() > 1 {
            return Err(ambiguous(request, &homes.keys().collect::<Vec<_>>()));
        }
        // The newest record shows which form is in use now.
        let Some(newest) = newest(home, records.iter().copied()) else { return Ok(None) };
        let name = |record: &Record| record.format.as_ref().map(|format| format.name.clone());
        let alike = records.iter().filter(|record| name(record) == name(newest));
        // The folders below go on with its numbers, unless one of them is taken in both.
        let (own, others): (Vec<&Record>, Vec<&Record>) =
            of_kind().partition(|record| newest.shares_scope(record));
        let mut taken_ids: Vec<Arc<str>> = own.iter().map(|record| record.id.clone()).collect();
        let below = others.into_iter().filter(|record| is_within(&record.path, home.path()));
        let below: Vec<Arc<str>> = below.map(|record| record.id.clone()).collect();
        if !below.iter().any(|id| taken_ids.contains(id)) {
            taken_ids.extend(below);
        }
        Ok(Some(Siblings {
            home: home.clone(),
            format: newest.format.clone(),
            records: alike.map(|record| (*record).clone()).collect(),
            taken_ids,
            record_paths: catalog.records().iter().map(|record| record.path.clone()).collect(),
        }))
    }

    /// For the first record of a kind: the example of the kind, in the file or folder that the user names or where such records begin.
    pub(super) fn of_example(linter: &Linter, request: &Request<'_>, example: &Document) -> Siblings {
        let kind = request.kind;
        Siblings {
            home: Home::List { path: request.place.clone().unwrap_or_else(|| kind.starter_path()) },
            format: None,
            records: records_in(linter, kind, example),
            taken_ids: Vec::new(),
            record_paths: BTreeSet::new(),
        }
    }

    /// The newest record: the last by its name.
    pub(super) fn model(&self) -> Option<&Record> {
        newest(&self.home, self.records.iter())
    }

    /// The documents of a few records, the newest last.
    pub(super) fn documents(&self, linter: &Linter) -> Vec<Document> {
        const MANY: usize = 12;
        let snapshot = linter.snapshot();
        let mut paths: Vec<&Arc<str>> = self.records.iter().map(|record| &record.path).collect();
        paths.sort_unstable();
        paths.dedup();
        let last = paths.len().saturating_sub(MANY);
        let document = |path: &&Arc<str>| {
            let source = snapshot.read_path(path)?;
            Some(syntax::parse(source, linter.policy().config.format_of(path)?))
        };
        paths[last..].iter().filter_map(document).collect()
    }
}

fn newest<'r>(home: &Home, records: impl Iterator<Item = &'r Record>) -> Option<&'r Record> {
    records.max_by_key(|record| age(home, record))
}

/// The number in the name of a record's file, that name, and the place among those of one file.
fn age<'r>(home: &Home, record: &'r Record) -> (Option<u64>, &'r str, u32) {
    let name = if let Home::List { .. } = home { "" } else { home.name_of(record) };
    (Numbered::read(name).and_then(Numbered::number), name, record.span.start)
}

fn home(catalog: &Catalog, record: &Record) -> Home {
    let (folder, file) = record.path.rsplit_once('/').unwrap_or(("", &record.path));
    if is_part(catalog, record) {
        return Home::List { path: record.path.to_string() };
    }
    // The identifier of such a record is in the name of its folder.
    let has_number = |name: Option<&str>| name.and_then(Numbered::read).is_some();
    let is_foreign = record.format.is_some() && record.is_sole_record;
    match is_foreign && has_number(folder.rsplit('/').next()) && !has_number(file.split('.').next()) {
        true => {
            let above = folder_of(folder);
            Home::Folders { folder: above.to_owned(), file: file.to_owned() }
        }
        false => Home::Pages { folder: folder.to_owned() },
    }
}

/// Returns true for an item of a list of data, and for a part of a page: a row, an item or a section.
fn is_part(catalog: &Catalog, record: &Record) -> bool {
    let file = catalog.file_of(record);
    let (source, format) = (file.source(), file.document.format);
    let is_whole = record.span.start as usize <= source.bom_len()
        && record.span.end as usize >= source.text().trim_end().len();
    if is_whole && format.is_page() {
        return false;
    }
    // Parsed once for all records of the file.
    let document = catalog.document(file);
    match document.markdown.as_deref() {
        Some(page) => {
            let is_below = |title: &Heading| !record.span.contains(title.span);
            let has_title = page.headings.iter().any(|heading| record.span.contains(heading.span));
            layout::title(document).is_some_and(is_below) || !has_title && !record.is_sole_record
        }
        None => !record.is_sole_record || RecordList::around(document, record.span).is_some(),
    }
}

fn ambiguous(request: &Request<'_>, homes: &[&Home]) -> Fault {
    const SHOWN: usize = 5;
    let names: Vec<String> = homes.iter().take(SHOWN).map(|home| format!("`--in {}`", home.path())).collect();
    let more = if homes.len() > SHOWN { ", …" } else { "" };
    Fault::new(format!(
        "{} are kept in {} places, and none has most of them",
        request.kind.plural,
        homes.len()
    ))
    .help(format!("name one: {}{more}", names.join(", ")))
}

/// A name such as `ADR-0014_use-rust`: a number between a prefix, to which the year of `AC-2026-02` belongs, and the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbered<'a> {
    pub prefix: &'a str,
    pub digits: &'a str,
    pub separator: &'a str,
    pub rest: &'a str,
}

impl<'a> Numbered<'a> {
    /// Reads a name; none without a number after at most one word. A date and a period are no number.
    pub(super) fn read(name: &'a str) -> Option<Numbered<'a>> {
        // The longest number; a longer one is a date, or no number at all.
        const MAX_DIGITS: usize = 6;
        const SEPARATORS: [char; 4] = ['-', '_', ' ', '.'];
        let start = name.find(|c: char| c.is_ascii_digit())?;
        let (prefix, rest) = name.split_at(start);
        let word = prefix.trim_end_matches(SEPARATORS);
        let is_word = word.chars().all(char::is_alphabetic) && prefix.len() <= word.len() + 1;
        if !is_word || identifier::is_of_period(name) {
            return None;
        }
        let year = year_before_number(rest).unwrap_or(0);
        let (prefix, rest) = name.split_at(start + year);
        let (digits, rest) = rest.split_at(digit_count(rest));
        let after = rest.trim_start_matches(SEPARATORS);
        let separator = &rest[..rest.len() - after.len()];
        let is_separate = rest.is_empty() || !separator.is_empty();
        let is_date = digits.len() > MAX_DIGITS || (digits.len() == 4 && starts_with_month(after));
        (is_separate && !is_date).then_some(Numbered { prefix, digits, separator, rest: after })
    }

    pub(super) fn number(self) -> Option<u64> {
        self.digits.parse().ok()
    }
}

/// The length of a year and the hyphen after it, if a number follows and not the rest of a date.
fn year_before_number(text: &str) -> Option<usize> {
    let (year, rest) = text.split_once('-')?;
    let is_year = year.len() == 4 && digit_count(year) == 4 && matches!(&year[..2], "19" | "20");
    let is_number = (1..=4).contains(&digit_count(rest)) && !starts_with_month(rest);
    (is_year && is_number).then_some(year.len() + 1)
}

fn starts_with_month(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_two_digits = |part: Option<&str>| {
        part.is_some_and(|it| it.len() >= 2 && it.bytes().take(2).all(|b| b.is_ascii_digit()))
    };
    is_two_digits(parts.next()) && is_two_digits(parts.next())
}

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
    let id = if is_code && !style.prefix.is_empty() {
        style.write(number)
    } else {
        format!("{number:0width$}", width = style.width)
    };
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

    fn warn_of(&mut self, number: Option<u64>) {
        if let Some((number, branch)) = number.and_then(|number| self.on_branches.get_key_value(&number)) {
            self.notices.push(format!("taken on another branch: {number} on `{branch}`"));
        }
    }
}

fn rest(name: &str) -> &str {
    Numbered::read(name).map_or(name, |numbered| numbered.rest)
}

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
    match year.filter(|year| digit_count(year) == 4) {
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

    pub(super) fn number_of(&self, name: &str) -> Option<u64> {
        let numbered = Numbered::read(name)?;
        numbered.prefix.eq_ignore_ascii_case(&self.prefix).then(|| numbered.number())?
    }

    /// Reads an identifier that a user gives: a number, with any word before it, or one of this style in another year.
    fn given(&self, id: &str) -> Option<(NumberStyle, u64)> {
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
        format!("{}{number:0width$}", self.prefix, width = self.width)
    }
}

/// Returns a title as a part of a file name or as an identifier: words of letters and digits, joined.
pub(super) fn slug(title: &str, style: &Words) -> String {
    // In bytes. File systems have names of at most 255.
    const LONGEST_NAME: usize = 150;
    // `don't` is one word.
    let title = title.replace(['\'', '’'], "");
    let title = if style.keeps_case { title } else { title.to_lowercase() };
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut length = 0;
    let words = words.take_while(|word| {
        length += word.len();
        length <= LONGEST_NAME
    });
    words.collect::<Vec<_>>().join(style.separator)
}

/// The forms in which people write a day.
const DAYS: [&str; 13] = [
    "%Y-%m-%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%-d.%-m.%Y",
    "%d/%m/%Y",
    "%-d/%-m/%Y",
    "%Y/%m/%d",
    "%-d %B %Y",
    "%d %B %Y",
    "%-d. %B %Y",
    "%B %-d, %Y",
    "%-d %b %Y",
    "%d-%b-%Y",
];

pub(super) fn form_of(day: Date, text: &str) -> Option<&'static str> {
    DAYS.into_iter().find(|form| text.contains(&*day.strftime(form).to_string()))
}

/// Takes the day out of a name: returns what stands before it, another day in its layout, and the day as it is written.
fn dated_like(name: &str, day: Date) -> Option<(&str, String, &str)> {
    let stated = find(name, Order::Unknown).filter(|stated| stated.other.is_none())?;
    let (before, written) = (&name[..stated.range.start], &name[stated.range.clone()]);
    let is_first = before.trim_end_matches(['-', '_']).chars().all(char::is_alphabetic);
    let form = form_of(stated.first, written).filter(|_| is_first)?;
    Some((before, day.strftime(form).to_string(), written))
}
