//! Applies ignore comments and exceptions.

use std::sync::Arc;

use ahash::{HashMap, HashSet, HashSetExt};
use jiff::civil::Date;

use crate::finding::Finding;
use crate::input::{Exception, ExceptionIndex, Input};
use crate::text::{Span, SpanTree};

/// The suppressions of a state, and which of them have matched a finding.
pub(super) struct Suppressions<'c> {
    input: &'c Input,
    today: Date,
    ignore_scopes: HashMap<&'c str, SpanTree>,
    /// The exceptions that apply: those of the base policy.
    applied: ExceptionIndex<'c>,
    /// The exceptions in the state itself.
    pub own: Vec<&'c Exception>,
    own_index: ExceptionIndex<'c>,
    pub used_ignores: HashSet<(Arc<str>, Span)>,
}

impl<'c> Suppressions<'c> {
    pub(super) fn new(input: &'c Input, today: Date) -> Suppressions<'c> {
        let files = input.files().iter().filter(|file| !file.ignores.is_empty());
        let scopes = files.map(|file| {
            let scopes = SpanTree::new(file.ignores.iter().map(|ignore| ignore.scope));
            (&**file.path(), scopes)
        });
        let own = input.exceptions().active(today);
        Suppressions {
            input,
            today,
            ignore_scopes: scopes.collect(),
            applied: ExceptionIndex::new(&input.applied_exceptions().active(today)),
            own_index: ExceptionIndex::new(&own),
            own,
            used_ignores: HashSet::new(),
        }
    }

    /// Returns true if the finding is suppressed. Records which suppressions match it, also those that the base policy
    /// lacks and that therefore do not apply.
    pub(super) fn suppresses(&mut self, finding: &Finding) -> bool {
        let is_ignored = self.is_ignored(finding);
        self.own_index.groups_for(finding).iter().for_each(|group| group.is_used.set(true));
        is_ignored || !self.applied.groups_for(finding).is_empty()
    }

    /// Says which comment or exception suppresses a finding; `None` if none does. No other finding was asked about before.
    pub(super) fn cause(mut self, finding: &Finding) -> Option<String> {
        if self.is_ignored(finding) {
            let first = self.used_ignores.iter().map(|(_, span)| span.start).min()?;
            let line = finding.place.source.position(first as usize).line;
            return Some(format!("the comment in line {line}"));
        }
        let number = *self.applied.groups_for(finding).first()?.numbers.first()?;
        Some(format!("the exception `{}`", self.input.record(number).id))
    }

    pub(super) fn used_exceptions(&self) -> HashSet<u32> {
        self.own_index.used().collect()
    }

    fn is_ignored(&mut self, finding: &Finding) -> bool {
        let (place, rule, today) = (&finding.place, &*finding.rule, self.today);
        let path = place.source.path();
        let Some(scopes) = self.ignore_scopes.get(&**path) else { return false };
        let ignores = self.input.file_at(path).map_or(&[][..], |file| &file.ignores);
        let mut is_ignored = false;
        for ignore in scopes.containing(place.span).filter_map(|number| ignores.get(number)) {
            if ignore.suppresses(rule, today) {
                self.used_ignores.insert((path.clone(), ignore.span));
                is_ignored |= self.input.is_suppressed_by(path, ignore, rule, today);
            }
        }
        is_ignored
    }
}
