//! Nests a page about each row into another page: its columns hold a summary, and below the row comes the whole page.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::check::{FoundRow, RowFinder};
use crate::finding::Fault;
use crate::rule::{Page, SectionSpec};
use crate::view::page::PageContext;
use crate::view::{PageTitle, Section};

use super::page::{SUBJECT, values};

/// A page about the record of each row.
pub(super) struct Unfolded {
    page: Page,
    /// The rows of the nested page: by section, then by parent row.
    found: Vec<Vec<Vec<FoundRow>>>,
    /// The identifiers of the parent rows' records.
    subjects: Vec<String>,
}

impl Unfolded {
    /// Finds the rows of a page for each of some rows, and fills their columns that list them.
    pub(super) fn of(
        finder: &RowFinder,
        name: &str,
        section: &SectionSpec,
        rows: &mut [FoundRow],
    ) -> Result<Unfolded, Vec<Fault>> {
        let page = Page::named(name).map_err(|fault| vec![fault])?;
        let subjects = subjects(finder, rows);
        let mut found = Vec::new();
        for number in 0..page.sections.len() {
            let (rule, brief) = page.with_brief(number);
            let mut of_each = rows_of_each(finder, &page, number, &rule, &subjects)?;
            let at = brief.and_then(|key| section.columns.iter().position(|column| column.key == key));
            for (row, listed) in rows.iter_mut().zip(&mut of_each) {
                for one in listed.iter_mut().filter(|_| page.sections[number].brief.is_some()) {
                    let Some((cell, at)) = one.cells.pop().zip(at) else { continue };
                    row.cells[at].append(cell);
                }
            }
            found.push(of_each);
        }
        Ok(Unfolded { page, found, subjects })
    }

    /// Puts the page of each row below it.
    pub(super) fn lay_out(self, context: &mut PageContext, section: &mut Section) {
        let title = Arc::new(PageTitle {
            command: self.page.full_command(),
            name: self.page.name.into(),
            title: self.page.title.clone(),
            about: self.page.about.clone(),
        });
        let mut unfolded: HashMap<String, Vec<Section>> = HashMap::new();
        for (spec, of_each) in self.page.sections.iter().zip(self.found) {
            // The row itself says what a section about its record does.
            if spec.each.is_none() && spec.kinds.first() == self.page.subject.as_ref() {
                continue;
            }
            for (subject, rows) in self.subjects.iter().zip(of_each) {
                let section = context.section_for_all(&title, spec, rows);
                unfolded.entry(subject.clone()).or_default().push(section);
            }
        }
        for row in &mut section.rows {
            let below = row.record.as_ref().and_then(|record| unfolded.remove(&*record.id));
            row.unfolded = below.unwrap_or_default();
            row.unfolded.retain(|section| !section.rows.is_empty());
        }
    }
}

/// Fills the columns that list the rows of another page, except one whose rows are known.
pub(super) fn add_briefs(
    finder: &RowFinder,
    section: &SectionSpec,
    rows: &mut [FoundRow],
    known: Option<&Unfolded>,
) -> Result<(), Vec<Fault>> {
    for (at, column) in section.columns.iter().enumerate() {
        let Some(from) = column.from.as_deref() else { continue };
        if known.is_some_and(|known| known.page.name == from) {
            continue;
        }
        let page = Page::named(from).map_err(|fault| vec![fault])?;
        let subjects = subjects(finder, rows);
        for (number, brief) in page.briefs(&column.key) {
            let found = rows_of_each(finder, &page, number, &brief, &subjects)?;
            for (row, listed) in rows.iter_mut().zip(found) {
                for one in listed.into_iter().flat_map(|listed| listed.cells) {
                    row.cells[at].append(one);
                }
            }
        }
    }
    Ok(())
}

/// The identifiers of the records of rows.
fn subjects(finder: &RowFinder, rows: &[FoundRow]) -> Vec<String> {
    let id = |row: &FoundRow| row.record.map(|number| finder.input().record(number).id.to_string());
    rows.iter().map(|row| id(row).unwrap_or_default()).collect()
}

/// Finds the rows of a section for each subject of its page.
fn rows_of_each(
    finder: &RowFinder,
    page: &Page,
    number: usize,
    rule: &crate::rule::Rule,
    subjects: &[String],
) -> Result<Vec<Vec<FoundRow>>, Vec<Fault>> {
    let given = |fault| vec![fault];
    let params = subjects.iter().map(|id| values(page, &[(SUBJECT, id.clone())].into()));
    let params: Vec<_> = params.collect::<Result<_, Fault>>().map_err(given)?;
    let among: Option<HashSet<u32>> = match page.among(number) {
        Some(among) => {
            let none = values(page, &BTreeMap::new()).map_err(given)?;
            Some(finder.rows(&among, none)?.into_iter().filter_map(|row| row.record).collect())
        }
        None => None,
    };
    finder.rows_of_each(rule, params, |record| among.as_ref().is_none_or(|it| it.contains(&record.number)))
}
