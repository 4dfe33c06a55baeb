//! Finds the records that an argument such as `docs/adr` or `decision/7` names.

use std::path::Path;
use std::sync::Arc;

use crate::explain;
use crate::finding::Fault;
use crate::input::Input;
use crate::record::Record;
use crate::schema::{did_you_mean, nearest};
use crate::text::Source;

use super::{Linter, is_within};

/// If more records have one name, none is explained.
const MAX_NAMESAKES: usize = 5;

impl Linter {
    /// Returns the records in a file or folder, or else those with an identifier, which may follow its kind and `/`,
    /// or with the code that their file names begin with.
    ///
    /// # Errors
    /// There are none.
    pub fn find_records<'c>(&self, target: &str, input: &'c Input) -> Result<Vec<&'c Record>, Fault> {
        let find = |matches: &dyn Fn(&Record) -> bool| -> Vec<&'c Record> {
            input.records().iter().filter(|record| matches(record)).collect()
        };
        if let Some(path) = self.snapshot().resolve(Path::new(target)) {
            let found = find(&|record| is_within(&record.path, &path));
            if !found.is_empty() {
                return Ok(found);
            }
            if self.snapshot().has(&path) {
                let help = match self.snapshot().has_folder(&path) {
                    true => {
                        "name a file in it, to see why it is not read, or list all records with `alignlint records`"
                    }
                    false => "list all records with `alignlint records`",
                };
                return Err(Fault::new(format!("no records in `{target}`")).help(help));
            }
        }
        let qualified = target.split_once('/').filter(|(kind, _)| self.policy().kinds.get(kind).is_some());
        let found = find(&|record| match qualified {
            Some((kind, id)) => *record.kind.name == *kind && input.is_named(record, id),
            None => input.is_named(record, target),
        });
        let found = if found.is_empty() { self.records_at_line(target, input) } else { found };
        if !found.is_empty() {
            return Ok(found);
        }
        let fault = Fault::new(format!("no file, folder or record `{target}`"));
        Err(match nearest(target, input.records().iter().map(|record| &*record.id)) {
            Some(near) => fault.help(did_you_mean(near)),
            None => fault.help("list all records with `alignlint records`"),
        })
    }

    /// Returns the records at `PATH:LINE`, as lists name them, or at `PATH:LINE:COLUMN`, as findings do.
    fn records_at_line<'c>(&self, target: &str, input: &'c Input) -> Vec<&'c Record> {
        let mut parts = target.splitn(3, ':');
        let path = parts.next().and_then(|path| self.snapshot().resolve(Path::new(path)));
        let line = parts.next().and_then(|line| line.parse::<usize>().ok());
        let (Some(path), Some(line)) = (path, line) else { return Vec::new() };
        let is_there = |record: &&Record| {
            let source = input.file_of(record).source();
            let line_of = |at: u32| source.position(at as usize).line;
            (line_of(record.span.start)..=line_of(record.span.end)).contains(&line)
        };
        let of_file = input.records().iter().filter(|record| *record.path == *path);
        of_file.filter(|record| record.is_sole_record || is_there(record)).collect()
    }

    /// Returns the text of a file that holds no records; `None` for a folder.
    pub(super) fn file_without_records(&self, target: &str, input: &Input) -> Option<Arc<Source>> {
        let path = self.snapshot().resolve(Path::new(target))?;
        let file = self.snapshot().get(&path)?;
        let has_none = !input.records().iter().any(|record| *record.path == *path);
        has_none.then(|| self.snapshot().read(file).ok())?
    }

    /// The fault of a name that is written like the identifiers of records, and is none: it ends with a number, and those of the
    /// repository that end with the nearest numbers are named.
    pub fn unknown_record(&self, name: &str) -> Option<Fault> {
        const SHOWN: usize = 3;
        let (prefix, number) = prefix_and_number(name)?;
        let ids = self.read(|input| {
            let of_record = |record: &Record| {
                let (other, of_other) = prefix_and_number(&record.id)?;
                Some((!other.eq_ignore_ascii_case(prefix), of_other.abs_diff(number), record.id.to_string()))
            };
            let mut ids: Vec<_> = input.records().iter().filter_map(of_record).collect();
            ids.sort();
            ids.dedup();
            // Those of the same series, if there is one.
            let of_others = ids.first().is_some_and(|(is_of_other, ..)| *is_of_other);
            let near = ids.into_iter().filter(|(is_of_other, ..)| *is_of_other == of_others).take(SHOWN);
            near.map(|(_, _, id)| format!("`{id}`")).collect::<Vec<_>>()
        });
        let ids = ids.ok().filter(|ids| !ids.is_empty())?;
        let noun = if ids.len() == 1 { "id is" } else { "ids are" };
        let fault = Fault::new(format!("no record has the id `{name}`"));
        Some(fault.help(format!("the nearest {noun} {}; list all with `alignlint records`", ids.join(", "))))
    }

    /// Returns the pages that say what is read of the records of this name; `None` if none or too many have it.
    pub fn record_page(&self, name: &str) -> Option<String> {
        let pages = self.read(|input| {
            let records = self.find_records(name, input).ok()?;
            let pages = records.iter().map(|record| explain::file::render_record(input, record, name));
            (1..=MAX_NAMESAKES).contains(&records.len()).then(|| pages.collect::<Vec<_>>().join("\n"))
        });
        pages.ok()?
    }
}

/// The letters and the number of an identifier such as `ADR-0007`, `D-7` or `0007`.
fn prefix_and_number(id: &str) -> Option<(&str, u64)> {
    let prefix = id.trim_end_matches(|c: char| c.is_ascii_digit());
    let letters = prefix.trim_end_matches(['-', '_', ' ', '#']);
    let is_plain = letters.chars().all(|c| c.is_ascii_alphabetic()) && prefix.len() <= letters.len() + 1;
    is_plain.then(|| Some((letters, id[prefix.len()..].parse().ok()?)))?
}
