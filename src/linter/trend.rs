//! Counts what past states of the records hold, by the policy of today.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::Check;
use crate::finding::Fault;
use crate::input::Input;
use crate::rule::Page;
use crate::text::kebab;
use crate::view::page::PageContext;
use crate::view::{Cell, Column, Row, Section, View};

use super::page::{PageResult, sections};
use super::{Error, Linter};

/// The columns before those of the page.
const DAY: &str = "Day";
const FINDINGS: &str = "Findings";

/// The numbers of a state: of findings, then of the rows of each section.
#[derive(Default)]
struct Counts {
    numbers: Vec<usize>,
    faults: Vec<Fault>,
}

impl Linter {
    /// Counts the findings and the rows of a page in the states of some days, the oldest first, by the rules that are on. The
    /// last one is the checked state; the first day only begins the time before the second.
    ///
    /// # Errors
    /// As [`Linter::lint`]; files of a past state are missing from a partial clone.
    pub fn trend(&self, days: &[Date], page: &Page) -> Result<PageResult, Error> {
        self.run(|| {
            let head = self.input(&self.snapshot, &self.rules)?;
            self.require_records(&head)?;
            let past = self.snapshot.commits_on(days)?;
            let (mut states, mut faults) = (Vec::new(), BTreeMap::new());
            for (number, (&day, commit)) in days.iter().zip(past).enumerate().skip(1) {
                let since = days[number - 1];
                let counts = match commit {
                    _ if number == days.len() - 1 => self.counts(&head, page, (since, day))?,
                    Some(commit) => self.past_counts(&head, page, &commit, (since, day))?,
                    None => Counts::default(),
                };
                faults.extend(counts.faults.into_iter().map(|fault| (fault.message.clone(), fault)));
                states.push((day, counts.numbers));
            }
            let section = section(page, &states);
            Ok(PageResult {
                view: View {
                    name: page.name.into(),
                    title: page.title.clone(),
                    as_of: self.as_of,
                    note: None,
                    sections: vec![section],
                },
                faults: faults.into_values().collect(),
                notices: self.notices_about(&head),
            })
        })
    }

    fn past_counts(
        &self,
        head: &Input,
        page: &Page,
        commit: &str,
        days: (Date, Date),
    ) -> Result<Counts, Error> {
        let Linter { snapshot, policy, rules, .. } = self;
        let state = Arc::new(snapshot.at_revision(commit)?.subtree(snapshot.folder()));
        let input = policy.read_reusing(Some(head), &state, rules);
        self.require_all_files(&state, &format!("can't judge `{commit}`"))?;
        self.counts(&self.with_base_policy(input, rules)?, page, days)
    }

    /// Counts what a state holds on a day; nothing if it has no records.
    fn counts(&self, input: &Input, page: &Page, (since, day): (Date, Date)) -> Result<Counts, Error> {
        if input.records().is_empty() {
            return Ok(Counts::default());
        }
        let Linter { policy, rules, .. } = self;
        let check = Check { input, config: &policy.config, today: day, diff: None };
        let triage = self.triage(check, rules, policy.baseline.as_deref());
        let found = triage.finish(triage.check_unsuppressed()?, None)?;
        let findings = [found.findings, found.after_triage_findings].concat();
        let context = PageContext::new(input, rules, &findings, None, day);
        let since = [("since", since.to_string())].into();
        let found_sections = sections(check, &context, page, &since)?;
        let numbers = found_sections.iter().map(|section| section.rows.len());
        let numbers = [findings.len()].into_iter().chain(numbers).collect();
        Ok(Counts { numbers, faults: found.exhausted.into_values().collect() })
    }
}

/// A row for each state, with a column for each number.
fn section(page: &Page, states: &[(Date, Vec<usize>)]) -> Section {
    let column = |title: &str, is_head| Column { key: kebab(title).into(), title: title.to_owned(), is_head };
    let titles = page.sections.iter().map(|section| &*section.title);
    let titles: Vec<&str> = [FINDINGS].into_iter().chain(titles).collect();
    let row = |(day, numbers): &(Date, Vec<usize>)| {
        let number = |at: usize| numbers.get(at).map(ToString::to_string).unwrap_or_default();
        let texts = [day.to_string()].into_iter().chain((0..titles.len()).map(number));
        let cells = texts.map(|text| Cell { text, ..Cell::default() }).collect();
        Row { cells, ..Row::default() }
    };
    let columns = titles.iter().map(|title| column(title, false));
    Section {
        title: page.about.clone(),
        columns: [column(DAY, true)].into_iter().chain(columns).collect(),
        rows: states.iter().map(row).collect(),
        is_table: true,
        ..Section::default()
    }
}
