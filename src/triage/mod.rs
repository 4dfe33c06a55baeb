//! What a run comes to: the findings that are reported, and the counts that go with them. First goes what is
//! excused, by a comment or an exception, then what the baseline lets pass. When that is known, the rules run that
//! judge the excuses themselves; nothing excuses what they find.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::catalog::{Catalog, File, Ignore, PolicyFile, Usage};
use crate::check::{self, Check, Exhausted, Extent, Outcome, Unjudged};
use crate::config::Setting;
use crate::finding::{Fault, Finding, Severity};
use crate::policy::Policy;
use crate::policy::baseline::{Baseline, Entry};
use crate::record::id_key;
use crate::rule::{Rule, means};

mod base;
mod excuses;
mod known;

pub use base::new_since;
use excuses::{Exception, Excuses};

/// A check whose findings are to be triaged.
#[derive(Clone, Copy)]
pub struct Triage<'a> {
    pub check: Check<'a>,
    pub policy: &'a Policy,
    /// Those that run, of the policy's.
    pub rules: &'a [Arc<Rule>],
    /// The baseline in the state itself, which is to be kept in order; it need not be the one that counts.
    pub own: Option<&'a Baseline>,
}

/// What is found and not excused.
pub struct Open {
    pub findings: Vec<Finding>,
    pub unjudged: Vec<Unjudged>,
    pub excused: usize,
    usage: Usage,
    extents: HashMap<Arc<str>, Extent>,
    exhausted: Exhausted,
}

/// What is left to report.
pub struct Triaged {
    /// What neither an excuse nor the baseline covers.
    pub findings: Vec<Finding>,
    /// What came of the excuses.
    pub of_excuses: Vec<Finding>,
    pub unjudged: Vec<Unjudged>,
    pub excused: usize,
    pub exhausted: Exhausted,
}

impl Triaged {
    /// The same, if every rule came to an end.
    ///
    /// # Errors
    /// The faults of those that did not.
    pub fn whole(self) -> Result<Triaged, Vec<Fault>> {
        if self.exhausted.is_empty() { Ok(self) } else { Err(self.exhausted.into_values().collect()) }
    }

    /// All findings, in catalog order.
    pub fn all(self) -> Vec<Finding> {
        let mut findings = [self.findings, self.of_excuses].concat();
        check::sort(&mut findings);
        findings
    }
}

impl<'a> Triage<'a> {
    /// Checks, and triages.
    ///
    /// # Errors
    /// As [`Check::run`].
    pub fn run(&self) -> Result<Triaged, Vec<Fault>> {
        let open = self.open()?;
        self.settle(open, self.policy.baseline.as_deref())
    }

    /// Checks, and takes out what is excused.
    ///
    /// # Errors
    /// As [`Check::run`].
    pub fn open(&self) -> Result<Open, Vec<Fault>> {
        let outcome = self.check.run(&self.when(false))?;
        let mut excuses = Excuses::of(self.check.catalog, self.check.today);
        let mut findings = outcome.findings;
        let all = findings.len();
        findings.retain(|finding| !excuses.cover(finding));
        let excused = all - findings.len();
        let Outcome { unjudged, extents, exhausted, .. } = outcome;
        let usage = self.usage(&excuses, &Claims::of(self, &unjudged, &extents, &exhausted));
        Ok(Open { findings, unjudged, excused, usage, extents, exhausted })
    }

    /// Takes out what the baseline lets pass, and judges what came of the excuses.
    ///
    /// # Errors
    /// As [`Check::run`].
    pub fn settle(&self, open: Open, baseline: Option<&Baseline>) -> Result<Triaged, Vec<Fault>> {
        let Open { mut findings, unjudged, excused, mut usage, extents, mut exhausted } = open;
        let today = self.check.today;
        if let Some(own) = self.own {
            let claims = Claims::of(self, &unjudged, &extents, &exhausted);
            let entries = known::used(&findings, own, today, |entry| claims.entry(entry));
            usage.baseline = Some(PolicyFile { entries, ..PolicyFile::of(own.source.clone()) });
        }
        if let Some(baseline) = baseline {
            known::let_pass(&mut findings, baseline, today);
        }
        self.check.catalog.tell(usage);
        let of_excuses = self.check.run(&self.when(true))?;
        exhausted.extend(of_excuses.exhausted);
        Ok(Triaged { findings, of_excuses: of_excuses.findings, unjudged, excused, exhausted })
    }

    /// The entries of a baseline that lets pass what is open.
    pub fn baseline(&self, open: &Open) -> Vec<Entry> {
        let answered = self.answered(&open.exhausted);
        known::anew(&open.findings, self.own, |rule| {
            answered.contains(rule) || self.policy.rules.get(rule).is_none()
        })
    }

    /// The rules that have said all that they have to say.
    fn answered(&self, exhausted: &Exhausted) -> HashSet<&'a str> {
        let rules = self.rules.iter().map(|rule| &*rule.id);
        rules.filter(|id| !exhausted.contains_key(*id)).collect()
    }

    fn when(&self, after_triage: bool) -> Vec<Arc<Rule>> {
        self.rules.iter().filter(|rule| rule.after_triage == after_triage).cloned().collect()
    }

    fn usage(&self, excuses: &Excuses, claims: &Claims) -> Usage {
        let mut usage = Usage::default();
        let (catalog, today) = (self.check.catalog, self.check.today);
        for file in catalog.files().iter().filter(|file| !file.ignores.is_empty()) {
            for ignore in &file.ignores {
                let Ok(terms) = &ignore.terms else { continue };
                let at = (file.path().clone(), ignore.span);
                let used = excuses.used_ignores.contains(&at);
                let holds = terms.until.is_none_or(|until| today <= until);
                if used || holds && claims.ignore(ignore, &terms.rule, file) {
                    usage.ignores.insert(at, used);
                }
            }
        }
        for exception in &excuses.own {
            let used = excuses.used_exceptions.contains(&exception.number);
            if used || claims.exception(exception) {
                usage.exceptions.insert(exception.number, used);
            }
        }
        usage
    }
}

/// Of what it can be said that nothing was found: what was asked, and answered, and could be judged.
struct Claims<'t> {
    triage: &'t Triage<'t>,
    answered: HashSet<&'t str>,
    unjudged: HashMap<&'t str, Vec<&'t Unjudged>>,
    extents: &'t HashMap<Arc<str>, Extent>,
    /// A file can't be read: others may be the better for it.
    incomplete: bool,
}

impl<'t> Claims<'t> {
    fn of(
        triage: &'t Triage<'t>,
        unjudged: &'t [Unjudged],
        extents: &'t HashMap<Arc<str>, Extent>,
        exhausted: &Exhausted,
    ) -> Claims<'t> {
        let mut by_rule: HashMap<&str, Vec<&Unjudged>> = HashMap::new();
        for one in unjudged {
            by_rule.entry(&one.rule).or_default().push(one);
        }
        let incomplete = |catalog: &Catalog| catalog.files().iter().any(|file| file.is_incomplete());
        Claims {
            triage,
            answered: triage.answered(exhausted),
            unjudged: by_rule,
            extents,
            incomplete: incomplete(triage.check.catalog),
        }
    }

    /// Whether every rule that is named was asked there, by `covers`, and has answered, and one of them is on, by
    /// `is_on`, and none of them left open what concerns us. A name that no rule has can't find anything.
    fn hold(
        &self,
        named: &str,
        covers: impl Fn(&Extent) -> bool,
        is_on: impl Fn(&Rule) -> bool,
        concerns: impl Fn(&Unjudged) -> bool,
    ) -> bool {
        let rules: Vec<&Arc<Rule>> =
            self.triage.policy.rules.rules().iter().filter(|rule| means(named, &rule.id)).collect();
        let open = |rule: &&Arc<Rule>| {
            self.unjudged.get(&*rule.id).is_some_and(|all| all.iter().any(|one| concerns(one)))
        };
        !self.incomplete
            && rules.iter().all(|rule| self.answered.contains(&*rule.id))
            && rules.iter().filter_map(|rule| self.extents.get(&rule.id)).all(covers)
            && (rules.is_empty() || rules.iter().any(|rule| is_on(rule)))
            && !rules.iter().any(open)
    }

    fn is_on_at(&self, rule: &Rule, path: &str) -> bool {
        self.triage.check.config.setting(&rule.id, rule.preset, path) != Setting::Off
    }

    fn ignore(&self, ignore: &Ignore, rule: &str, file: &File) -> bool {
        let key = |one: &Unjudged| one.record.as_deref().map(|id| id_key(id, &[]));
        let is_subject = |one: &Unjudged| key(one).is_none_or(|key| ignore.is_about(&key));
        let concerns =
            |one: &Unjudged| one.path == *file.path() && (file.records.len() < 2 || is_subject(one));
        let covers = |extent: &Extent| extent.covers(file.path());
        self.hold(rule, covers, |rule| self.is_on_at(rule, file.path()), concerns)
    }

    fn exception(&self, exception: &Exception) -> bool {
        let settings = |rule: &Rule| self.triage.check.config.rule(&rule.id, rule.preset).everywhere();
        let is_on = |rule: &Rule| settings(rule) != Some(Setting::Off);
        let covers = |extent: &Extent| *extent == Extent::Everything;
        self.hold(exception.rule, covers, is_on, |one| exception.may_cover(one))
    }

    /// An entry says where it was; the record may have moved since.
    fn entry(&self, entry: &Entry) -> bool {
        let id = entry.record.as_deref().and_then(|record| record.split_once('/')).map(|(_, id)| id);
        let concerns = |one: &Unjudged| match id {
            Some(id) => one.record.as_deref() == Some(id),
            None => *one.path == *entry.path,
        };
        let covers = |extent: &Extent| extent.covers(&entry.path);
        self.hold(&entry.rule, covers, |rule| self.is_on_at(rule, &entry.path), concerns)
    }
}

/// The findings to report, in catalog order, and what the run read and left out.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    pub findings: Vec<Finding>,
    pub summary: Summary,
}

/// What was read, and what was found in it. Holds nothing that differs from run to run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many files gave at least one record, or should have.
    pub files: usize,
    /// By the kind's name.
    pub records: BTreeMap<Arc<str>, KindCount>,
    pub error: usize,
    pub warning: usize,
    pub note: usize,
    /// Findings that the baseline or the base revision already has.
    pub known: usize,
    /// Findings that an ignore or an exception covers.
    pub excused: usize,
    /// Results that an absent or unreadable value left open.
    pub not_judged: usize,
}

/// How many records of a kind were read, and what more than one of them are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindCount {
    pub count: usize,
    pub plural: Box<str>,
}

impl Summary {
    /// Counts the records, each given as its kind's name and plural, and the findings by severity.
    /// What triage leaves out is for the caller to set.
    pub fn count<'a>(
        files: usize,
        records: impl IntoIterator<Item = (&'a Arc<str>, &'a str)>,
        findings: &[Finding],
    ) -> Summary {
        let mut summary = Summary { files, ..Summary::default() };
        for (kind, plural) in records {
            match summary.records.get_mut(kind) {
                Some(known) => known.count += 1,
                None => {
                    summary.records.insert(kind.clone(), KindCount { count: 1, plural: plural.into() });
                }
            }
        }
        for finding in findings {
            *match finding.severity {
                Severity::Error => &mut summary.error,
                Severity::Warning => &mut summary.warning,
                Severity::Note => &mut summary.note,
            } += 1;
        }
        summary
    }

    /// How many findings are of this severity.
    pub fn of(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Note => self.note,
        }
    }

    /// The severity of the gravest finding: what `--fail-on` is compared with.
    pub fn gravest(&self) -> Option<Severity> {
        let counts =
            [(Severity::Error, self.error), (Severity::Warning, self.warning), (Severity::Note, self.note)];
        counts.into_iter().find(|(_, count)| *count > 0).map(|(severity, _)| severity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_counted_by_kind() {
        let (kpi, person) = (Arc::from("kpi"), Arc::from("person"));
        let summary = Summary::count(2, [(&kpi, "kpis"), (&person, "people"), (&kpi, "kpis")], &[]);
        assert_eq!(summary.records["kpi"], KindCount { count: 2, plural: "kpis".into() });
        assert_eq!(summary.records["person"], KindCount { count: 1, plural: "people".into() });
        assert_eq!(summary.gravest(), None);
    }

    #[test]
    fn one_error_outweighs_many_notes() {
        assert_eq!(Summary { error: 1, note: 9, ..Summary::default() }.gravest(), Some(Severity::Error));
        assert_eq!(Summary { note: 9, ..Summary::default() }.gravest(), Some(Severity::Note));
    }
}
