//! Makes pages about the records.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::Check;
use crate::finding::Fault;
use crate::input::Input;
use crate::record::Record;
use crate::rule::file::RuleParam;
use crate::rule::runtime::{Str, Value};
use crate::rule::{Page, Rule, SectionSpec, params};
use crate::schema::{did_you_mean, nearest};
use crate::view::page::PageContext;
use crate::view::{PageTitle, Section, View, Who};

use super::{Error, Linter};

/// A page, and what the run could not see.
pub struct PageResult {
    /// The page.
    pub view: View,
    /// The faults of rules that exceeded their step limit.
    pub faults: Vec<Fault>,
    /// What the run could not see of the state, its policy and its history.
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
    /// Shows only what a person, role, team or forum answers for.
    pub who: Option<&'o str>,
    /// The most rows of a section.
    pub most_rows: Option<usize>,
}

impl<'o> PageOptions<'o> {
    /// All of some pages.
    pub fn new(name: &'o str, title: String, pages: &'o [Page]) -> PageOptions<'o> {
        PageOptions { name, title, pages, params: BTreeMap::new(), subject: None, who: None, most_rows: None }
    }
}

impl Linter {
    /// Makes a page, with the findings of the rules that are on.
    ///
    /// # Errors
    /// As [`Linter::lint`]; the person, role, team or forum is unknown.
    pub fn page(&self, options: &PageOptions) -> Result<PageResult, Error> {
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
            Ok(PageResult {
                view: View {
                    name: options.name.into(),
                    title,
                    as_of: self.as_of,
                    note: unread_note(&input),
                    sections,
                },
                notices: self.notices_about(&input),
                faults: unsuppressed.into_faults(),
            })
        })
    }
}

fn title_of(page: &Page) -> Arc<PageTitle> {
    Arc::new(PageTitle {
        name: page.name.into(),
        command: page.full_command(),
        title: page.title.clone(),
        about: page.about.clone(),
    })
}

/// Makes the sections of a page, with these values of its parameters.
pub(super) fn sections(
    check: Check<'_>,
    context: &PageContext<'_>,
    page: &Page,
    given: &BTreeMap<&str, String>,
) -> Result<Vec<Section>, Error> {
    let (title, params) = (title_of(page), values(page, given)?);
    let specs: Vec<(&SectionSpec, Rule)> = page.sections.iter().zip(page.rules()).collect();
    let section = |(spec, rule): (&SectionSpec, Rule)| {
        Ok(context.section(&title, spec, check.rows(&rule, params.clone())?))
    };
    let found: Vec<Result<Section, Vec<Fault>>> = specs.into_par_iter().map(section).collect();
    Ok(found.into_iter().collect::<Result<_, Vec<Fault>>>()?)
}

/// Returns the values of the parameters of a page.
fn values(page: &Page, given: &BTreeMap<&str, String>) -> Result<Vec<Value<'static>>, Fault> {
    let value = |(name, param): (&String, &RuleParam)| match given.get(name.as_str()) {
        Some(text) => Ok(Value::String(Str::Owned(Arc::from(text.as_str())))),
        None => params::default(param, &format!("for `{name}`"), true).map_err(Fault::new),
    };
    page.params.iter().map(value).collect()
}

/// The parameter with the identifier of the record that a page is about.
const SUBJECT: &str = "subject";

/// Returns the record of a kind with a name.
fn subject_of<'i>(input: &'i Input, kind: &str, name: &str) -> Result<&'i Record, Fault> {
    let records = || input.of_kind(kind).iter().map(|&number| input.record(number));
    let named = records().find(|record| input.is_named(record, name));
    named.ok_or_else(|| {
        let near = nearest(name, records().map(|record| &*record.id)).map(did_you_mean);
        let list = || format!("list them with `alignlint records {kind}`");
        Fault::new(format!("no {kind} `{name}`")).help(near.unwrap_or_else(list))
    })
}

/// Says which files can't be read, whose records a view may lack.
pub(super) fn unread_note(input: &Input) -> Option<String> {
    let unread = || input.files().iter().filter(|file| file.unreadable || file.is_incomplete());
    let first = unread().next()?;
    Some(match unread().count() {
        1 => format!("`{}` can't be read to its end, and what it holds may be missing", first.path()),
        count => format!(
            "{count} files such as `{}` can't be read to their ends, and what they hold may be missing",
            first.path()
        ),
    })
}
