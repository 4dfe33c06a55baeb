//! Makes pages about the records: what falls due, the parts of a report, and numbers about past states.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::check::Check;
use crate::finding::{Fault, Faultless};
use crate::input::Input;
use crate::record::Record;
use crate::rule::file::RuleParam;
use crate::rule::runtime::{Str, Value};
use crate::rule::{Page, Rule, SectionSpec, params};
use crate::schema::{meant_or, nearest};
use crate::text::kebab;
use crate::triage;
use crate::view::due::{self, DueContext, DueItem};
use crate::view::page::PageContext;
use crate::view::{Cell, Column, PageTitle, Row, Section, View, Who};

use super::{Error, Linter};

/// What falls due until a day, and has been due before.
pub(crate) struct DueResult {
    /// Sorted by day and place.
    pub items: Vec<DueItem>,
    pub page: PageResult,
}

pub(crate) struct PageResult {
    pub view: View,
    /// The faults of rules that exceeded their step limit.
    pub faults: Vec<Fault>,
    pub notices: Vec<String>,
}

#[derive(Default)]
pub(crate) struct PageOptions<'o> {
    pub name: &'o str,
    /// The heading of the view, without its record and its addressee.
    pub title: String,
    pub pages: &'o [Page],
    pub params: BTreeMap<&'o str, String>,
    /// The name of the record that the pages are about, if they are about one.
    pub subject: Option<&'o str>,
    /// Shows only what a person, role, team or forum answers for.
    pub who: Option<&'o str>,
    pub most_rows: Option<usize>,
}

impl Linter {
    /// Finds what falls due until a day, by rules and by days that records name; of `who` alone, if it is given.
    pub(crate) fn due(&self, until: Date, who: Option<&str>) -> Result<DueResult, Error> {
        self.run(|| {
            let is_due = |rule: &&Arc<Rule>| rule.due.is_some() && !rule.after_triage;
            let rules: Vec<Arc<Rule>> = self.rules.iter().filter(is_due).cloned().collect();
            let input = self.input(&self.snapshot, &rules)?;
            self.require_records(&input)?;
            let (today, check) = (self.as_of, self.check_of(&input));
            let who = who.map(|who| Who::find(&input, who)).transpose()?;
            let context = DueContext { input: &input, who: who.as_ref(), until, today };
            let mut result = check.due(&rules, until)?;
            let days = std::mem::take(&mut result.due);
            let mut items = context.items(triage::unsuppressed_days(&input, today, days));
            let mut rows = Vec::new();
            for page in &Page::of_command("due") {
                for (spec, rule) in page.sections.iter().zip(page.rules()) {
                    rows.extend(context.row_items(spec, &check.rows(&rule, Vec::new())?));
                }
            }
            if let (Some(baseline), None) = (&self.policy.baseline, &who) {
                rows.extend(due::baseline_items(baseline, until));
            }
            due::add(&mut items, rows);
            // Loaded while the cache can still be found corrupt.
            for item in &items {
                let _ = item.place.source.text();
            }
            let view = due::view(&items, until, today, who.as_ref());
            let view = View { note: unread_note(&input), ..view };
            let faults = result.exhausted.into_values().collect();
            Ok(DueResult { items, page: PageResult { view, faults, notices: self.notices_about(&input) } })
        })
    }

    pub(crate) fn page(&self, options: &PageOptions) -> Result<PageResult, Error> {
        // The parameter with the identifier of the record that a page is about.
        const SUBJECT: &str = "subject";
        self.run(|| {
            // A page that shows no findings is made without checking.
            let shows_findings = options.pages.iter().any(Page::shows_findings);
            let rules = if shows_findings { &self.rules[..] } else { &[] };
            let input = self.input(&self.snapshot, rules)?;
            self.require_records(&input)?;
            let who = options.who.map(|who| Who::find(&input, who)).transpose()?;
            let subject = options.pages.iter().find_map(|page| page.subject.as_deref()).zip(options.subject);
            let subject = subject.map(|(kind, name)| subject_of(&input, kind, name)).transpose()?;
            let check = self.check_of(&input);
            let unsuppressed = self.triage(check, rules, None).check_unsuppressed()?;
            let context = PageContext::new(&input, rules, &unsuppressed.findings, who.as_ref(), self.as_of);
            let mut params = options.params.clone();
            params.extend(subject.map(|record| (SUBJECT, record.id.to_string())));
            let mut sections = Vec::new();
            for page in options.pages {
                sections.extend(self::sections(check, &context, page, &params)?);
            }
            let most = options.most_rows.unwrap_or(usize::MAX);
            sections.iter_mut().for_each(|section| section.truncate(most));
            let mut title = options.title.clone();
            if let Some(subject) = subject {
                let _ = write!(title, " of {}", subject.name());
            }
            if let Some(who) = &who {
                let _ = write!(title, " {}", who.heading());
            }
            let (name, note) = (options.name.into(), unread_note(&input));
            Ok(PageResult {
                view: View { name, title, as_of: self.as_of, note, sections },
                notices: self.notices_about(&input),
                faults: unsuppressed.exhausted.into_values().collect(),
            })
        })
    }

    /// Counts findings and the rows of a page in the states of some days. The last one is the checked state; the first only begins a time.
    pub(crate) fn trend(&self, days: &[Date], page: &Page) -> Result<PageResult, Error> {
        self.run(|| {
            let head = self.input(&self.snapshot, &self.rules)?;
            self.require_records(&head)?;
            let past = self.snapshot.commits_on(days)?;
            let (mut rows, mut faults) = (Vec::new(), BTreeMap::new());
            for (number, (&day, commit)) in days.iter().zip(past).enumerate().skip(1) {
                let state = match commit {
                    _ if number == days.len() - 1 => Some(head.clone()),
                    Some(commit) => Some(self.past_input(&head, &commit)?),
                    None => None,
                };
                // A state without records has no numbers.
                let state = state.filter(|state| !state.records().is_empty());
                let mut numbers = Vec::new();
                if let Some(state) = state {
                    let (counted, found) = self.counts(&state, page, days[number - 1], day)?;
                    numbers = counted;
                    faults.extend(found.into_iter().map(|fault| (fault.message.clone(), fault)));
                }
                rows.push((day, numbers));
            }
            let (name, title) = (page.name.into(), page.title.clone());
            let sections = vec![trend_section(page, &rows)];
            Ok(PageResult {
                view: View { name, title, as_of: self.as_of, note: None, sections },
                faults: faults.into_values().collect(),
                notices: self.notices_about(&head),
            })
        })
    }

    fn past_input(&self, head: &Input, commit: &str) -> Result<Input, Error> {
        let Linter { snapshot, policy, rules, .. } = self;
        let state = Arc::new(snapshot.at_revision(commit)?.subtree(snapshot.folder()));
        let input = policy.read_reusing(Some(head), &state, rules);
        self.require_all_files(&state, &format!("can't judge `{commit}`"))?;
        Ok(self.with_base_policy(input, rules)?)
    }

    /// Counts the findings in a state on a day, and the rows of each section.
    fn counts(
        &self,
        input: &Input,
        page: &Page,
        since: Date,
        day: Date,
    ) -> Result<(Vec<usize>, Vec<Fault>), Error> {
        let Linter { policy, rules, .. } = self;
        let check = Check { today: day, ..self.check_of(input) };
        let triage = self.triage(check, rules, policy.baseline.as_deref());
        let found = triage.finish(triage.check_unsuppressed()?, None)?;
        let findings = [found.findings, found.after_triage_findings].concat();
        let context = PageContext::new(input, rules, &findings, None, day);
        let sections = sections(check, &context, page, &[("since", since.to_string())].into())?;
        let numbers = sections.iter().map(|section| section.rows.len());
        let faults = found.exhausted.into_values().collect();
        Ok(([findings.len()].into_iter().chain(numbers).collect(), faults))
    }
}

/// Makes the sections of a page, with these values of its parameters.
fn sections(
    check: Check<'_>,
    context: &PageContext<'_>,
    page: &Page,
    given: &BTreeMap<&str, String>,
) -> Result<Vec<Section>, Error> {
    let title = Arc::new(PageTitle {
        name: page.name.into(),
        command: page.full_command(),
        title: page.title.clone(),
        about: page.about.clone(),
    });
    let value = |(name, param): (&String, &RuleParam)| match given.get(name.as_str()) {
        Some(text) => Ok(Value::String(Str::Owned(Arc::from(text.as_str())))),
        None => params::default(param, &format!("for `{name}`"), true).map_err(Fault::new),
    };
    let params = page.params.iter().map(value).collect::<Result<Vec<_>, Fault>>()?;
    let specs: Vec<(&SectionSpec, Rule)> = page.sections.iter().zip(page.rules()).collect();
    let section = |(spec, rule): (&SectionSpec, Rule)| {
        Ok(context.section(&title, spec, check.rows(&rule, params.clone())?))
    };
    let found: Vec<Faultless<Section>> = specs.into_par_iter().map(section).collect();
    Ok(found.into_iter().collect::<Result<_, Vec<Fault>>>()?)
}

fn trend_section(page: &Page, states: &[(Date, Vec<usize>)]) -> Section {
    let column = |title: &str, is_head| Column { key: kebab(title).into(), title: title.to_owned(), is_head };
    let titles = ["Findings"].into_iter().chain(page.sections.iter().map(|section| &*section.title));
    let columns = [column("Day", true)].into_iter().chain(titles.map(|title| column(title, false)));
    let columns: Vec<Column> = columns.collect();
    let row = |(day, numbers): &(Date, Vec<usize>)| {
        let number = |at: usize| numbers.get(at).map(ToString::to_string).unwrap_or_default();
        let texts = [day.to_string()].into_iter().chain((0..columns.len() - 1).map(number));
        let cells = texts.map(|text| Cell { text, ..Cell::default() }).collect();
        Row { cells, ..Row::default() }
    };
    let rows = states.iter().map(row).collect();
    Section { title: page.about.clone(), columns, rows, is_table: true, ..Section::default() }
}

fn subject_of<'i>(input: &'i Input, kind: &str, name: &str) -> Result<&'i Record, Fault> {
    let records = || input.of_kind(kind).iter().map(|&number| input.record(number));
    let named = records().find(|record| input.is_named(record, name));
    named.ok_or_else(|| {
        let near = nearest(name, records().map(|record| &*record.id));
        let help = meant_or(near, &format!("list them with `alignlint records {kind}`"));
        Fault::new(format!("no {kind} `{name}`")).help(help)
    })
}

/// Says which files can't be read, whose records a view may lack.
fn unread_note(input: &Input) -> Option<String> {
    let unread = || input.files().iter().filter(|file| file.unreadable || file.is_incomplete());
    let first = unread().next()?.path();
    Some(match unread().count() {
        1 => format!("`{first}` can't be read to its end, and what it holds may be missing"),
        count => format!(
            "{count} files such as `{first}` can't be read to their ends, and what they hold may be missing"
        ),
    })
}
