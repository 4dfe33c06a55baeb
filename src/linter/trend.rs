//! Judges past states by the policy of today.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::cache::{CacheKind, Store};
use crate::check::{Check, Drawn, FoundRow, RowFinder};
use crate::finding::{Fault, Finding, Fingerprint, RecordName};
use crate::input::Input;
use crate::record::PathClassifier;
use crate::rule::page::questions;
use crate::rule::{MeasureSpec, Page, Rule, SectionSpec};
use crate::snapshot::{MAILMAP, Step};
use crate::view::due::DueItem;
use crate::view::page::PageContext;
use crate::view::trend::{Counted, Measure, Trend, TrendState, TrendStep, Unit, days_of, median_days};
use crate::view::{self, PageTitle, checks};

use super::page::PageOptions;
use super::{Error, Linter, StateSelector};

const TRENDS: CacheKind = CacheKind { prefix: "trend", max_files: 400, max_bytes: 8 << 20 };
const FINDINGS: &str = "The state of the records: findings by question";
/// What is overdue: the work of people, and what is to be brought up to date in the records.
const OVERDUE: [&str; 2] = ["All that is overdue, as in `due`", "Overdue in the records, as in `due`"];

/// The maximum number of steps that the trend names.
const TOLD_STEPS: usize = 3;
/// The maximum number of commits of each step.
const TOLD_COMMITS: usize = 6;
/// The minimum number of new findings of a step.
const TOLD_FINDINGS: usize = 5;

/// A trend, and what the run could not see.
pub struct TrendResult {
    /// The trend.
    pub trend: Trend,
    /// The faults of rules that exceeded their step limit.
    pub faults: Vec<Fault>,
    /// What the run could not see of the history.
    pub history_notice: Option<String>,
}

/// What is counted of a state: findings by facet, then the sections of the page, then what is overdue.
type Values = Vec<Option<f64>>;

/// A judged state.
#[derive(Default, Serialize, Deserialize)]
struct Judged {
    values: Values,
    /// The beginnings of the fingerprints of its findings, sorted; `None` for a state without records.
    findings: Option<Vec<u64>>,
    /// The records with findings.
    named: Vec<Named>,
}

/// A record with findings: the beginnings of their fingerprints, the record, its title and its owners.
#[derive(Clone, Serialize, Deserialize)]
struct Named {
    prints: Vec<u64>,
    record: RecordName,
    title: String,
    owners: String,
}

/// What the numbers of the last state count.
#[derive(Default)]
struct Shown {
    /// For each section of the page, and for what is overdue.
    counted: Vec<Vec<Counted>>,
    /// The findings of rules that are switched off.
    switched_off: Option<usize>,
    /// The day of the first state, and the findings about records that came after it.
    came_since: Option<(Date, usize)>,
}

impl Linter {
    /// Judges the states of some days, the oldest first, by the rules that are on. The last one is the checked state; the
    /// first day only begins the time before the second.
    ///
    /// # Errors
    /// As [`Linter::lint`]; files of a past state are missing from a partial clone.
    pub fn trend(&self, days: &[Date], page: &Page) -> Result<TrendResult, Error> {
        self.run(|| {
            let head = self.input(&self.snapshot, &self.rules)?;
            self.require_records(&head)?;
            let mut past = self.snapshot.commits_on(&[days, &[Date::MAX]].concat())?;
            let newest = past.commits.pop().flatten();
            // A day that is asked for, and that newer commits follow, has the state of that day.
            let is_past = self.options.as_of.is_some()
                && matches!(self.options.state, StateSelector::Worktree)
                && past.commits.last().is_some_and(|last| *last != newest);
            let store = self.trend_store(past.is_shallow);
            let (mut states, mut columns, mut faults) = (Vec::new(), Vec::new(), BTreeMap::new());
            let mut shown = Shown::default();
            for (number, (&day, commit)) in days.iter().zip(past.commits).enumerate().skip(1) {
                let task = Task { linter: self, page, since: days[number - 1], day };
                let is_last = number == days.len() - 1;
                let name = commit.as_ref().map(|commit| task.name(commit));
                let known = name.as_ref().filter(|_| !is_last).and_then(|name| load(store.as_ref()?, name));
                let known = known.filter(|known: &Judged| known.values.len() == task.length());
                let values = match (known, &commit) {
                    (Some(known), _) => known,
                    (None, _) if is_last && !is_past => {
                        let (values, last) = task.values(&head, &mut faults)?;
                        shown = last;
                        values
                    }
                    (None, None) => task.nothing(),
                    (None, Some(commit)) => {
                        let (values, of_state) = task.past_values(&head, commit, &mut faults)?;
                        if is_last {
                            shown = of_state;
                        }
                        if let (Some(store), Some(name), true) = (&store, &name, faults.is_empty()) {
                            save(store, name, &values);
                        }
                        values
                    }
                };
                states.push(TrendState { day, commit: commit.filter(|_| !is_last || is_past) });
                columns.push(values);
            }
            shown.switched_off = self.findings_switched_off(&head, &self.last_policy_steps());
            if let (Some(first), Some(last), false) = (states.first(), columns.last(), is_past) {
                shown.came_since = Some((first.day, findings_since(&head, (first.day, self.as_of), last)));
            }
            let steps = self.trend_steps(&head, &states, &columns)?;
            let measures = measures(page, &columns, shown);
            Ok(TrendResult {
                trend: Trend { as_of: self.as_of, states, measures, steps },
                faults: std::mem::take(&mut faults).into_values().collect(),
                history_notice: head.history().and_then(|history| history.notice(None)),
            })
        })
    }

    /// Finds the times in which most findings were new, with their commits.
    fn trend_steps(
        &self,
        head: &Input,
        states: &[TrendState],
        columns: &[Judged],
    ) -> Result<Vec<TrendStep>, Error> {
        let found = |at: usize| Some((at, lacking(&columns[at], &columns[at - 1])?));
        let mut found: Vec<(usize, usize)> =
            (1..columns.len()).filter_map(found).filter(|(_, count)| *count >= TOLD_FINDINGS).collect();
        found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        found.truncate(TOLD_STEPS);
        found.sort_unstable();
        let Some(&(first, _)) = found.first() else { return Ok(Vec::new()) };
        let commits = self.snapshot.commits_after(states[first - 1].day)?;
        let step = |(at, count): (usize, usize)| {
            let (from, to) = (states[at - 1].day, states[at].day);
            let between: Vec<&Step> =
                commits.iter().filter(|commit| commit.date > from && commit.date <= to).collect();
            let line =
                |step: &&Step| format!("{} {}: {}", step.date, checks::author(head, step), step.subject);
            TrendStep {
                from,
                to,
                found: count,
                commits: between.iter().take(TOLD_COMMITS).map(line).collect(),
                more: between.len().saturating_sub(TOLD_COMMITS),
            }
        };
        Ok(found.into_iter().map(step).collect())
    }

    /// Where the values of states are kept: they depend on the policy, and in a shallow clone on its end.
    fn trend_store(&self, is_shallow: bool) -> Option<Store> {
        let cache = self.snapshot.cache().filter(|_| !is_shallow && self.policy_revision.is_none())?;
        Some(Store::new(cache, &TRENDS, self.trend_key()))
    }

    fn trend_key(&self) -> impl Hash + use<> {
        let policy = &self.policy;
        let classifier =
            PathClassifier { kinds: &policy.kinds, profiles: &policy.profiles, config: &policy.config };
        let mut hasher = std::hash::DefaultHasher::new();
        classifier.cache_key().hash(&mut hasher);
        let sources = policy.own_files.rules.iter().map(|(source, _)| source).chain(&policy.config.source);
        for source in sources {
            (source.path(), source.text()).hash(&mut hasher);
        }
        self.snapshot.read_path(MAILMAP).map(|source| source.text().to_owned()).hash(&mut hasher);
        (self.snapshot.folder(), policy.config.estate.key()).hash(&mut hasher);
        std::hash::Hasher::finish(&hasher)
    }
}

struct Task<'l> {
    linter: &'l Linter,
    page: &'l Page,
    /// The day of the state before.
    since: Date,
    day: Date,
}

impl Task<'_> {
    fn length(&self) -> usize {
        questions().len() + self.page.sections.len() + OVERDUE.len()
    }

    /// The name under which the values of a commit are kept.
    fn name(&self, commit: &str) -> String {
        format!("{commit}x{}x{}", self.since, self.day).replace('-', "")
    }

    fn past_values(
        &self,
        head: &Input,
        commit: &str,
        faults: &mut BTreeMap<Arc<str>, Fault>,
    ) -> Result<(Judged, Shown), Error> {
        let Linter { snapshot, policy, rules, .. } = self.linter;
        let state = snapshot.at_revision(commit)?;
        let state = if snapshot.folder().is_empty() { state } else { state.subtree(snapshot.folder()) };
        let state = Arc::new(state);
        let input = policy.read_reusing(Some(head), &state, rules);
        self.linter.require_all_files(&state, &format!("can't judge `{commit}`"))?;
        let input = self.linter.with_base_policy(input, rules)?;
        self.values(&input, faults)
    }

    fn nothing(&self) -> Judged {
        Judged { values: vec![None; self.length()], findings: None, named: Vec::new() }
    }

    /// Returns the numbers of a state, and what they count.
    fn values(
        &self,
        input: &Input,
        faults: &mut BTreeMap<Arc<str>, Fault>,
    ) -> Result<(Judged, Shown), Error> {
        if input.records().is_empty() {
            return Ok((self.nothing(), Shown::default()));
        }
        let Linter { policy, rules, .. } = self.linter;
        let check = Check { input, config: &policy.config, today: self.day, diff: None };
        // Counts findings as a check does, with those about ignore comments, exceptions and the baseline, and with accepted ones.
        let triage = self.linter.triage(check, rules, policy.baseline.as_deref());
        let found = triage.finish(triage.check_unsuppressed()?, None)?;
        let mut findings = [found.findings, found.after_triage_findings].concat();
        findings.retain(|finding| !self.page.leaves_out.contains(&finding.rule));
        let facets: BTreeMap<&str, &str> = rules.iter().map(|rule| (&*rule.id, &*rule.facet)).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in &findings {
            *counts.entry(facets.get(&*finding.rule).copied().unwrap_or_default()).or_default() += 1;
        }
        let count = |facet: &str| Some(counts.get(facet).copied().unwrap_or(0) as f64);
        let mut values: Values = questions().iter().map(|(facet, _)| count(facet)).collect();
        let context = PageContext::new(input, rules, &findings, None, self.day);
        let options = PageOptions {
            name: self.page.name,
            title: String::new(),
            pages: &[],
            params: [("since", self.since.to_string())].into(),
            subject: None,
            who: None,
            shows_all: false,
            most_rows: None,
            unfolds: false,
            deleted_since: None,
        };
        let params = Linter::params(input, self.page, &options)?;
        let finder = RowFinder::new(check);
        let mut counted = Vec::new();
        for (spec, rule) in self.page.sections.iter().zip(self.page.rules()) {
            let mut rows = finder.rows(&rule, params.clone())?;
            if let Some(MeasureSpec::Count { only: Some(_), .. }) = &spec.measure {
                if rows.is_empty() {
                    values.push(None);
                    counted.push(Vec::new());
                    continue;
                }
                rows.retain(|row| matches!(row.drawn[..], [Drawn::Flag(true)]));
            }
            if let Some(MeasureSpec::Days { .. }) = &spec.measure {
                values.push(median_days(&rows));
                let measured = rows.iter().filter(|row| days_of(row).is_some());
                counted.push(measured.filter_map(|row| counted_row(input, row)).collect());
                continue;
            }
            let is_base = matches!(spec.measure, Some(MeasureSpec::Count { base: true, .. }));
            let mut records: Vec<Counted> =
                rows.iter().filter(|_| !is_base).filter_map(|row| counted_row(input, row)).collect();
            let shown = context.section(&PageTitle::default().into(), spec, rows).rows;
            if spec.only_found {
                records
                    .retain(|counted| shown.iter().any(|row| row.record.as_ref() == Some(&counted.record)));
            }
            values.push(Some(shown.len() as f64));
            counted.push(records);
        }
        let is_due = |rule: &&Arc<Rule>| rule.due.is_some() && !rule.after_triage;
        let due_rules: Vec<Arc<Rule>> = rules.iter().filter(is_due).cloned().collect();
        let (mut overdue, _) = self.linter.due_items(input, &due_rules, (self.day, self.day), None)?;
        overdue.retain(|item| item.day < self.day);
        let (upkeep, work): (Vec<DueItem>, Vec<DueItem>) =
            overdue.into_iter().partition(|item| item.is_upkeep);
        for items in [work, upkeep] {
            values.push(Some(items.len() as f64));
            counted.push(items.into_iter().filter_map(counted_item).collect());
        }
        for fault in found.exhausted.into_values() {
            faults.entry(fault.message.as_str().into()).or_insert(fault);
        }
        let mut prints: Vec<u64> = findings.iter().map(|finding| short(&finding.fingerprint)).collect();
        prints.sort_unstable();
        Ok((
            Judged { values, findings: Some(prints), named: named_findings(input, &findings) },
            Shown { counted, switched_off: None, came_since: None },
        ))
    }
}

/// Returns the record of a row, with the text of the first column, or else its title.
fn counted_row(input: &Input, row: &FoundRow) -> Option<Counted> {
    let record = input.record(row.record?);
    let text = row.cells.first().map(|cell| cell.text.trim().to_owned()).filter(|text| !text.is_empty());
    let title = || Some(record.name()).filter(|name| *name != &*record.id).map(str::to_owned);
    let note = row.cells.get(1).map(|cell| cell.text.trim().to_owned()).unwrap_or_default();
    Some(Counted { record: input.name_of(record), title: text.or_else(title).unwrap_or_default(), note })
}

/// Returns the record of what is overdue, with its part and its day.
fn counted_item(item: DueItem) -> Option<Counted> {
    let title = item.part.or(item.title).unwrap_or_default();
    Some(Counted { record: item.record?, title, note: format!("due {}", item.day) })
}

/// The records that findings are about, with their owners.
fn named_findings(input: &Input, findings: &[Finding]) -> Vec<Named> {
    let mut by_record: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
    for finding in findings {
        let record = view::page::record_at(input, &finding.place);
        by_record.entry(record.unwrap_or(u32::MAX)).or_default().push(short(&finding.fingerprint));
    }
    by_record.remove(&u32::MAX);
    let named = |(number, prints)| {
        let record = input.record(number);
        let title = Some(record.name()).filter(|name| *name != &*record.id).unwrap_or_default();
        let owners = view::owner_names(input, record);
        Named { prints, record: input.name_of(record), title: title.to_owned(), owners }
    };
    by_record.into_iter().map(named).collect()
}

/// Counts the findings about records that were first committed after a day.
fn findings_since(head: &Input, (day, today): (Date, Date), state: &Judged) -> usize {
    let found: HashMap<&RecordName, usize> =
        state.named.iter().map(|named| (&named.record, named.prints.len())).collect();
    let counted = head.records().iter().filter_map(|record| {
        let count = found.get(&head.name_of(record))?;
        let created = head.history_of(record)?.created(record)?;
        created.date(today).is_some_and(|date| date > day).then_some(*count)
    });
    counted.sum()
}

/// Returns the records with findings that another state lacks, those with the most first. Their notes begin with the count.
fn lacking_records(state: Option<&Judged>, other: Option<&Judged>) -> Vec<Counted> {
    let Some(known) = other.and_then(|other| other.findings.as_ref()) else { return Vec::new() };
    let is_lacking = |print: &&u64| known.binary_search(print).is_err();
    let named = state.map(|state| &state.named[..]).unwrap_or_default().iter();
    let counted = named.map(|named| (named.prints.iter().filter(is_lacking).count(), named));
    let mut counted: Vec<(usize, &Named)> = counted.filter(|(count, _)| *count > 0).collect();
    counted.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let noted = |(count, named): (usize, &Named)| {
        let owners = if named.owners.is_empty() { String::new() } else { format!(" ({})", named.owners) };
        let note = if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") };
        Counted { record: named.record.clone(), title: named.title.clone(), note: format!("{note}{owners}") }
    };
    counted.into_iter().map(noted).collect()
}

/// The beginning of a fingerprint, which tells the findings of one repository apart.
fn short(fingerprint: &Fingerprint) -> u64 {
    let digits = fingerprint.to_string();
    digits.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

/// The measures for which a state has a number other than zero.
fn measures(page: &Page, columns: &[Judged], shown: Shown) -> Vec<Measure> {
    let Shown { mut counted, switched_off, came_since } = shown;
    let facets = questions();
    let facets = facets.iter().map(|(_, question)| (FINDINGS, &**question, Unit::Count));
    let sections = page.sections.iter().map(|section| {
        let unit = section.measure.as_ref().map_or(Unit::Count, Unit::of);
        (&*page.title, &*section.title, unit)
    });
    let sections = sections.chain(OVERDUE.map(|title| (&*page.title, title, Unit::Count)));
    // Sections of results come before the counts of findings.
    let count = facets.len();
    let numbered = || facets.clone().chain(sections.clone()).enumerate();
    let ordered = numbered().skip(count).chain(numbered().take(count));
    let all = ordered.map(|(at, (group, title, unit))| Measure {
        group: group.to_owned(),
        title: title.to_owned(),
        unit,
        values: columns.iter().map(|state| state.values[at]).collect(),
        counted: at
            .checked_sub(count)
            .and_then(|at| counted.get_mut(at))
            .map(std::mem::take)
            .unwrap_or_default(),
    });
    let is_told = |measure: &Measure| measure.values.iter().flatten().any(|value| *value != 0.0);
    let mut measures: Vec<Measure> = all.filter(is_told).collect();
    let questions = || measures.iter().filter(|measure| measure.group == FINDINGS);
    if questions().count() > 1 {
        let total = |state: usize| questions().map(|measure| measure.values[state]).sum();
        let values = (0..columns.len()).map(total).collect();
        let all = |title: &str, values| Measure {
            group: FINDINGS.to_owned(),
            title: title.to_owned(),
            unit: Unit::Count,
            values,
            counted: Vec::new(),
        };
        let total: Vec<Option<f64>> = values;
        let is_base =
            |section: &SectionSpec| matches!(section.measure, Some(MeasureSpec::Count { base: true, .. }));
        let share = page.sections.iter().position(is_base).map(|base| {
            let base = columns.iter().map(|state| state.values[count + base].filter(|base| *base > 0.0));
            total.iter().zip(base).map(|(total, base)| Some((100.0 * (*total)? / base?).round())).collect()
        });
        measures.push(all("All of them", total));
        measures.extend(share.map(|share| all("All of them, for each hundred records", share)));
        let of_last = |count: usize| -> Vec<Option<f64>> {
            columns.iter().skip(1).map(|_| None).chain([Some(count as f64)]).collect()
        };
        // Records that were written down since are no sign that the others got worse.
        if let Some((day, count)) = came_since.filter(|(_, count)| *count > 0) {
            measures.push(all(&format!("Of them, about records that came after {day}"), of_last(count)));
        }
        let changed = |lacks: fn(&Judged, &Judged) -> Option<usize>| {
            let states = columns.iter().skip(1).zip(columns);
            let counts = states.map(|(state, before)| lacks(state, before).map(|count| count as f64));
            std::iter::once(None).chain(counts).collect()
        };
        let last = columns.last();
        let before = columns.len().checked_sub(2).and_then(|at| columns.get(at));
        measures.push(Measure {
            counted: lacking_records(last, before),
            ..all("Found anew since the state before", changed(lacking))
        });
        measures.push(Measure {
            counted: lacking_records(before, last),
            ..all("Gone since the state before", changed(|state, before| lacking(before, state)))
        });
        // Past states are judged by the rules of today.
        if let Some(count) = switched_off.filter(|count| *count > 0) {
            measures.push(all("Not counted, as their rules are switched off", of_last(count)));
        }
    }
    measures
}

/// How many findings of a state another one lacks.
fn lacking(state: &Judged, other: &Judged) -> Option<usize> {
    let (mut others, mut count) = (other.findings.as_ref()?.iter().peekable(), 0);
    for finding in state.findings.as_ref()? {
        while others.next_if(|other| *other < finding).is_some() {}
        count += usize::from(others.next_if_eq(&finding).is_none());
    }
    Some(count)
}

fn load(store: &Store, name: &str) -> Option<Judged> {
    let file = store.open(name)?;
    let values = file.section(0).and_then(|bytes| postcard::from_bytes(&bytes).ok());
    if values.is_none() {
        file.invalidate();
    }
    values
}

fn save(store: &Store, name: &str, values: &Judged) {
    let mut bytes = Vec::new();
    if crate::cache::encode_into(values, &mut bytes).is_ok() {
        store.save(name, &[vec![&bytes]]);
    }
}
