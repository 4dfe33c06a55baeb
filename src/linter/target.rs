//! Finds the records that an argument such as `docs/adr` or `decision/7` names.

use std::path::Path;
use std::sync::Arc;

use crate::explain;
use crate::finding::Fault;
use crate::input::Input;
use crate::record::Record;
use crate::schema::{did_you_mean, nearest};
use crate::text::Source;

use super::{Error, Linter, is_within};

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

    /// Returns the pages that say what is read of the records of this name.
    ///
    /// # Errors
    /// None or too many records have it.
    pub fn record_page(&self, name: &str) -> Result<String, Error> {
        let pages = self.read(|input| {
            let records = self.find_records(name, input)?;
            let pages = records.iter().map(|record| explain::file::render_record(input, record, name));
            match records.len() {
                ..=MAX_NAMESAKES => Ok(pages.collect::<Vec<_>>().join("\n")),
                count => Err(Fault::new(format!("`{name}` names {count} records"))),
            }
        })?;
        Ok(pages?)
    }
}
