//! Makes pages about the records.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::calendar::Duration;
use crate::catalog::SourceFile;
use crate::check::{Check, FoundRow, RowFinder};
use crate::finding::Fault;
use crate::input::Input;
use crate::record::Record;
use crate::rule::file::RuleParam;
use crate::rule::runtime::{Str, Value};
use crate::rule::{Page, Rule, SectionSpec, params};
use crate::schema::{did_you_mean, nearest};
use crate::snapshot::{Addition, FileStep, Snapshot};
use crate::triage::Unsuppressed;
use crate::view::page::PageContext;
use crate::view::suppressed::{self, Comments};
use crate::view::{self, PageTitle, Section, View, Who};

use super::unfold::{self, Unfolded};
use super::{Error, Linter};

/// A page, and what the run could not see.
pub struct PageResult {
    /// The page.
    pub view: View,
    /// The faults of rules that exceeded their step limit.
    pub faults: Vec<Fault>,
    /// What the run could not see of the history, and which files it could not read.
    pub notices: Vec<String>,
}

/// Which pages are made into one, and for whom.
pub struct PageOptions<'o> {
    /// The name of the whole.
    pub name: &'o str,
    /// The heading of the view, without its record and its addressee.
    pub title: String,
    /// The parts.
    pub pages: &'o [Page],
    /// The values of parameters.
    pub params: BTreeMap<&'o str, String>,
    /// The name of the record that the pages are about, if they are about one.
    pub subject: Option<&'o str>,
    /// Adds the records that were there on a day and are no more. Not for one `who`: the records of then are not theirs now.
    pub deleted_since: Option<Date>,
    /// Shows only what a person, role or team answers for.
    pub who: Option<&'o str>,
    /// Names all records where rows else name the first ones.
    pub shows_all: bool,
    /// The most rows of a section.
    pub most_rows: Option<usize>,
    /// Adds to rows the pages about their records.
    pub unfolds: bool,
}

impl Linter {
    /// Makes a page, with the findings of the rules that are on.
    ///
    /// # Errors
    /// As [`Linter::lint`]; the person, role or team is unknown.
    pub fn page(&self, options: &PageOptions) -> Result<PageResult, Error> {
        self.run(|| {
            // A page that shows no findings is made without checking.
            let shows_findings = options.pages.iter().any(Page::shows_findings);
            let rules = if shows_findings { &self.rules[..] } else { &[] };
            let shows_due = options.pages.iter().any(Page::shows_due);
            let is_due = |rule: &&Arc<Rule>| rule.due.is_some() && !rule.after_triage;
            let due_rules: Vec<Arc<Rule>> =
                self.rules.iter().filter(|_| shows_due).filter(is_due).cloned().collect();
            let input = self.input(&self.snapshot, if shows_findings { rules } else { &due_rules })?;
            self.require_records(&input)?;
            let who = options.who.map(|who| Who::find(&input, who)).transpose()?;
            let subject = options.pages.iter().find_map(|page| page.subject.as_deref()).zip(options.subject);
            let subject = subject.map(|(kind, name)| subject_of(&input, kind, name)).transpose()?;
            let check = Check { input: &input, config: &self.policy.config, today: self.as_of, diff: None };
            let unsuppressed = self.triage(check, rules, None).check_unsuppressed()?;
            let mut context =
                PageContext::new(&input, rules, &unsuppressed.findings, who.as_ref(), self.as_of);
            context.shows_all = options.shows_all;
            if shows_due {
                let (items, _) = {
                    let days = (self.within_a_month(), self.as_of);
                    self.due_items(&input, &due_rules, days, None)?
                };
                context.due = view::due::by_person(&input, &items, self.as_of);
            }
            let is_whole = options.pages.len() > 1;
            let named = who.as_ref().filter(|_| is_whole).map(|who| who.sections(&input, self.as_of));
            let mut sections = named.unwrap_or_default();
            let is_about_a_name = !sections.is_empty();
            let finder = RowFinder::new(check);
            let found = self.found_sections(&finder, options)?;
            let lay_out = |found: Found<'_>| {
                let mut section = context.section(&found.title, found.spec, found.rows);
                section.left_out = found.left_out;
                if is_whole && who.is_none() {
                    section.absent_kinds = context.absent_kinds(found.spec);
                }
                section.truncate(options.most_rows.unwrap_or(usize::MAX));
                (section, found.unfolded)
            };
            let laid_out: Vec<(Section, Option<Unfolded>)> = found.into_par_iter().map(lay_out).collect();
            let mut laid_out = laid_out.into_iter();
            for page in options.pages {
                for (mut section, unfolded) in laid_out.by_ref().take(page.sections.len()) {
                    if let Some(unfolded) = unfolded {
                        unfolded.lay_out(&mut context, &mut section);
                    }
                    sections.push(section);
                }
                if page.suppressions {
                    let title = title_of(page);
                    sections.extend(self.suppressions(&input, &unsuppressed, who.as_ref(), &title));
                }
            }
            if options.unfolds && is_whole && who.is_none() {
                sections.extend(view::partners::section(&input, self.as_of));
            }
            if let (Some(day), None) = (options.deleted_since, options.who) {
                let page = options.pages.first().map_or("", |page| page.name);
                let page = Arc::new(PageTitle { name: page.into(), ..PageTitle::default() });
                let steps = self.policy_steps(day);
                let switched_off = self.switched_off(&input, &steps, false);
                sections.push(view::checks::section(&input, &steps, switched_off, page.clone()));
                sections.extend(self.deleted(&input, day, page)?);
            }
            // Most parts have nothing about one name, and don't say so before those that have.
            let is_about = who.as_ref().is_some_and(Who::is_about);
            let has_rows = || sections.iter().any(|section| !section.rows.is_empty());
            if is_about_a_name || is_about && has_rows() {
                sections.retain(|section| !section.rows.is_empty());
            }
            let mut title = options.title.clone();
            if let Some(subject) = subject {
                let _ = write!(title, " of {}", subject.name());
            }
            if let Some(who) = &who {
                let _ = write!(title, " {}", who.heading());
            }
            let days_short = unsuppressed.unjudged.iter().filter_map(|one| one.days_short).max();
            Ok(PageResult {
                view: View {
                    name: options.name.into(),
                    title,
                    as_of: self.as_of,
                    note: unread_note(&input),
                    sections,
                },
                notices: history_notice(&input, days_short),
                faults: unsuppressed.into_faults(),
            })
        })
    }

    /// Finds the rows of all sections, in their order.
    fn found_sections<'o>(
        &self,
        finder: &RowFinder,
        options: &PageOptions<'o>,
    ) -> Result<Vec<Found<'o>>, Error> {
        let mut specs = Vec::new();
        for page in options.pages {
            let (title, params) = (title_of(page), Linter::params(finder.input(), page, options)?);
            let rules = page.sections.iter().zip(page.rules());
            specs.extend(rules.map(|(spec, rule)| (title.clone(), spec, rule, params.clone())));
        }
        let find =
            |(title, spec, rule, params): (Arc<PageTitle>, &'o SectionSpec, Rule, Vec<Value<'static>>)| {
                let is_cut = options.who.is_none() && spec.has_independent_rows();
                let (mut rows, left_out) = match options.most_rows.filter(|_| is_cut) {
                    Some(most) => finder.first_rows(&rule, params, most)?,
                    None => (finder.rows(&rule, params)?, 0),
                };
                let unfolded = match spec.unfolds.as_deref().filter(|_| options.unfolds) {
                    Some(name) => Some(Unfolded::of(finder, name, spec, &mut rows)?),
                    None => None,
                };
                unfold::add_briefs(finder, spec, &mut rows, unfolded.as_ref())?;
                Ok(Found { title, spec, rows, left_out, unfolded })
            };
        let found: Vec<Result<Found<'o>, Vec<Fault>>> = specs.into_par_iter().map(find).collect();
        Ok(found.into_iter().collect::<Result<_, Vec<Fault>>>()?)
    }

    /// What is not reported, and why.
    fn suppressions(
        &self,
        input: &Input,
        unsuppressed: &Unsuppressed,
        who: Option<&Who>,
        page: &Arc<PageTitle>,
    ) -> Vec<Section> {
        let comments = Comments::of(input, who);
        let additions = self.additions(&comments);
        let mut sections = vec![
            comments.section(&additions, unsuppressed, self.as_of, page.clone()),
            suppressed::exceptions_section(input, unsuppressed, (who, self.as_of), page.clone()),
        ];
        if who.is_none() {
            let baseline = self.policy.baseline.as_deref();
            let accepted =
                baseline.map(|it| suppressed::baseline_section(it, unsuppressed, self.as_of, page.clone()));
            sections.extend(accepted);
            sections.push(suppressed::rules_section(&self.policy, page.clone()));
            let steps = self.last_policy_steps();
            let switched_off = self.switched_off(input, &steps, true);
            sections.push(view::checks::section(input, &steps, switched_off, page.clone()));
        }
        sections
    }

    /// How the comments came into their files; nothing if that is unknown, or if there are very many.
    fn additions(&self, comments: &Comments) -> Vec<Addition> {
        let texts = comments.texts();
        match texts.len() {
            0 => Vec::new(),
            1..=MAX_COMMENTS => self.snapshot.additions(&texts).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// The last day of a month from today on.
    fn within_a_month(&self) -> Date {
        Duration::parse("1 month").map_or(self.as_of, |month| month.add_to(self.as_of))
    }

    /// The records of the newest commit until a day that the state lacks.
    fn deleted(&self, input: &Input, day: Date, page: Arc<PageTitle>) -> Result<Option<Section>, Fault> {
        // Outside of Git nothing is known about the past.
        let Ok(past) = self.snapshot.commits_on(&[day]) else { return Ok(None) };
        let Some(Some(commit)) = past.commits.first() else { return Ok(None) };
        let state = self.snapshot.at_revision(commit)?;
        let folder = self.snapshot.folder();
        let state = Arc::new(if folder.is_empty() { state } else { state.subtree(folder) });
        let before = self.policy.read_records(input, &state);
        self.require_all_files(&state, "can't tell which records were deleted")?;
        Ok(Some(view::deleted::section(input, &before, page)))
    }

    /// The changes of the policy after a day; none outside of Git, where nothing is known about the past.
    fn policy_steps(&self, day: Date) -> Vec<FileStep> {
        let Ok(past) = self.snapshot.commits_on(&[day]) else { return Vec::new() };
        let folder = self.snapshot.folder();
        let before = past.commits.first().and_then(Option::as_ref);
        let before = before.and_then(|commit| self.snapshot.at_revision(commit).ok());
        let before = before.map(|state| if folder.is_empty() { state } else { state.subtree(folder) });
        let states: Vec<&Snapshot> = before.iter().chain([&*self.snapshot]).collect();
        self.snapshot.steps_after(day, &self.policy.own_paths(&states)).unwrap_or_default()
    }

    /// The last changes of the policy.
    pub(super) fn last_policy_steps(&self) -> Vec<FileStep> {
        let mut steps = self.policy_steps(Date::MIN);
        steps.drain(..steps.len().saturating_sub(MAX_CHANGES));
        steps
    }

    /// Returns the values of the parameters of a page.
    pub(super) fn params(
        input: &Input,
        page: &Page,
        options: &PageOptions,
    ) -> Result<Vec<Value<'static>>, Fault> {
        let mut given = options.params.clone();
        if let (Some(kind), Some(name)) = (&page.subject, options.subject) {
            given.insert(SUBJECT, subject_of(input, kind, name)?.id.to_string());
        }
        values(page, &given)
    }
}

/// A section before it is laid out.
struct Found<'o> {
    title: Arc<PageTitle>,
    spec: &'o SectionSpec,
    rows: Vec<FoundRow>,
    left_out: usize,
    unfolded: Option<Unfolded>,
}

fn title_of(page: &Page) -> Arc<PageTitle> {
    Arc::new(PageTitle {
        name: page.name.into(),
        command: page.full_command(),
        title: page.title.clone(),
        about: page.about.clone(),
    })
}

pub(super) fn values(page: &Page, given: &BTreeMap<&str, String>) -> Result<Vec<Value<'static>>, Fault> {
    let value = |(name, param): (&String, &RuleParam)| match given.get(name.as_str()) {
        Some(text) => Ok(Value::String(Str::Owned(Arc::from(text.as_str())))),
        None => params::default(param, params::is_pattern)
            .map_err(|expected| Fault::new(format!("expected {expected} for `{name}`"))),
    };
    page.params.iter().map(value).collect()
}

/// The most changes of the checks that are listed, the newest ones.
const MAX_CHANGES: usize = 12;

/// The most comments whose commits are looked up.
const MAX_COMMENTS: usize = 100;

/// The parameter with the identifier of the record that a page is about.
pub(super) const SUBJECT: &str = "subject";

/// Returns the record of a kind with a name.
fn subject_of<'i>(input: &'i Input, kind: &str, name: &str) -> Result<&'i Record, Fault> {
    let records = || input.of_kind(kind).iter().map(|&number| input.record(number));
    let mut named = records().filter(|record| input.is_named(record, name));
    if let Some(record) = named.next() {
        return Ok(record);
    }
    let fault = Fault::new(format!("no {kind} `{name}`"));
    Err(match nearest(name, records().map(|record| &*record.id)) {
        Some(near) => fault.help(did_you_mean(near)),
        None => fault.help(format!("list them with `alignlint records {kind}`")),
    })
}

/// Says what the history does not tell.
pub(super) fn history_notice(input: &Input, days_short: Option<u32>) -> Vec<String> {
    input.history().and_then(|history| history.notice(days_short)).into_iter().collect()
}

/// Says which files can't be read, whose records a view may lack, and which lists of records are not read for a slip.
pub(super) fn unread_note(input: &Input) -> Option<String> {
    let notes: Vec<String> = incomplete_note(input).into_iter().chain(slip_note(input)).collect();
    (!notes.is_empty()).then(|| notes.join("; "))
}

fn incomplete_note(input: &Input) -> Option<String> {
    let unread = || input.files().iter().filter(|file| file.unreadable || file.is_incomplete());
    let first = unread().next()?;
    let lost = lost(input, unread());
    Some(match unread().count() {
        1 => format!("`{}` can't be read to its end, and what it holds may be missing{lost}", first.path()),
        count => format!(
            "{count} files such as `{}` can't be read to their ends, and what they hold may be missing{lost}",
            first.path()
        ),
    })
}

/// Says which files have no record that is read, and something for which the program knows what was meant.
fn slip_note(input: &Input) -> Option<String> {
    let is_slip = |file: &&SourceFile| {
        file.records.is_empty() && file.notes.iter().any(|note| note.help.is_some()) && !file.is_incomplete()
    };
    let unread = || input.files().iter().filter(is_slip);
    let first = unread().next()?;
    let why = first.notes.iter().find(|note| note.help.is_some())?;
    let (path, lost) = (first.path(), lost(input, unread()));
    Some(match unread().count() {
        1 => format!("`{path}` is not read ({}), and what it holds is missing{lost}", why.message),
        count => {
            format!(
                "{count} files such as `{path}` are not read ({}), and what they hold is missing{lost}",
                why.message
            )
        }
    })
}

/// The records that some files hold and that are not read, behind a colon.
fn lost<'i>(input: &'i Input, files: impl Iterator<Item = &'i SourceFile>) -> String {
    let lost = files.flat_map(|file| lost_records(input, file.path(), file.source().text()));
    let lost: Vec<String> = lost.take(MAX_LOST).collect();
    if lost.is_empty() { String::new() } else { format!(": {}", lost.join("; ")) }
}

/// The most records that may be missing and are named.
const MAX_LOST: usize = 5;

/// Returns the identifiers, and titles on the next line, that the text of an unread file states and no record of it has.
fn lost_records(input: &Input, path: &str, text: &str) -> Vec<String> {
    let records = input.file_at(path).map(|file| file.records.clone()).unwrap_or_default();
    let known: HashSet<&str> = records.map(|number| &*input.record(number).id).collect();
    let value = |line: &str, key: &str| {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || "-{\"'".contains(c));
        let rest = line.strip_prefix(key)?.trim_start_matches(['"', '\'']).trim_start();
        let value = rest.strip_prefix([':', '='])?.trim().trim_end_matches(',');
        Some(value.trim_matches(['"', '\'']).to_owned()).filter(|value| !value.is_empty())
    };
    let lines: Vec<&str> = text.lines().collect();
    let named = lines.iter().enumerate().filter_map(|(number, line)| {
        let id = value(line, "id").map(|id| match line.contains('{') {
            true => id.split([',', '}']).next().unwrap_or_default().trim().to_owned(),
            false => id,
        });
        let id = id.filter(|id| id.len() < 80 && !id.contains(' ') && !known.contains(&**id))?;
        let is_shared = input.records().iter().any(|record| *record.id == *id);
        let id = if is_shared { format!("another {id}") } else { id };
        let title = lines.get(number + 1).and_then(|next| value(next, "title"));
        Some(title.map_or_else(|| id.clone(), |title| format!("{id} {title}")))
    });
    named.take(MAX_LOST).collect()
}
