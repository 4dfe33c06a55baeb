//! The settings of rules: presets, severities and parameters.

use super::Globs;
use crate::finding::Severity;
use crate::node::Entry;
use crate::text::Span;

/// A set of rules. Each preset includes the ones before it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    Essential,
    #[default]
    Recommended,
    Strict,
    All,
}

impl Preset {
    pub const NAMES: [&str; 4] = ["essential", "recommended", "strict", "all"];
    const ALL: [Preset; 4] = [Preset::Essential, Preset::Recommended, Preset::Strict, Preset::All];

    pub fn name(self) -> &'static str {
        Preset::NAMES[self as usize]
    }

    pub fn from_name(name: &str) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.name() == name)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum RuleSetting<'a> {
    Off,
    On {
        /// None for the rule's own severity.
        severity: Option<Severity>,
        params: Vec<&'a Entry>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Level {
    Off,
    On(Severity),
}

#[derive(Clone, Debug)]
pub(super) struct RuleEntry {
    /// A rule, a family such as `term/*`, or `*`.
    pub key: Box<str>,
    pub span: Span,
    pub level: Option<Level>,
    pub params: Vec<Entry>,
}

impl RuleEntry {
    pub(super) fn matches(&self, rule: &str) -> bool {
        self.key.strip_suffix('*').map_or(*self.key == *rule, |start| rule.starts_with(start))
    }

    pub(super) fn is_of_one_rule(&self) -> bool {
        !self.key.ends_with('*')
    }
}

/// Entries, the more specific ones last.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules(pub Vec<RuleEntry>);

impl Rules {
    pub(super) fn new(mut entries: Vec<RuleEntry>) -> Rules {
        entries.sort_by_key(|entry| (entry.is_of_one_rule(), *entry.key != *"*"));
        Rules(entries)
    }

    fn matching<'a>(&'a self, rule: &str) -> Vec<&'a RuleEntry> {
        self.0.iter().filter(|entry| entry.matches(rule)).collect()
    }
}

#[derive(Clone, Debug)]
pub(super) struct Override {
    pub files: Globs,
    pub rules: Rules,
}

#[derive(Clone, Debug)]
pub struct RuleOverrides<'a> {
    on_by_preset: bool,
    global: Vec<&'a RuleEntry>,
    overrides: Vec<(&'a Globs, Vec<&'a RuleEntry>)>,
}

impl<'a> RuleOverrides<'a> {
    /// In `overrides`, `*` is about what is wrong in old files, and not about a change that hides a record there.
    pub(super) fn new(
        rule: &str,
        on_by_preset: bool,
        is_about_policy: bool,
        rules: &'a Rules,
        overrides: &'a [Override],
    ) -> Self {
        let matching = |over: &'a Override| {
            let mut entries = over.rules.matching(rule);
            entries.retain(|entry| !is_about_policy || *entry.key != *"*");
            (&over.files, entries)
        };
        let overrides = overrides.iter().map(matching);
        RuleOverrides {
            on_by_preset,
            global: rules.matching(rule),
            overrides: overrides.filter(|(_, entries)| !entries.is_empty()).collect(),
        }
    }

    /// True if the preset lacks the rule and nothing else speaks of it.
    pub fn is_only_absent(&self) -> bool {
        !self.on_by_preset && self.global.iter().all(|entry| entry.level.is_none())
    }

    pub fn for_file(&self, path: &str) -> RuleSetting<'a> {
        let matching = self.overrides.iter().filter(|(files, _)| files.matches(path));
        self.merge(matching.flat_map(|(_, entries)| entries.iter().copied()))
    }

    /// Returns the setting for all files, or `None` if an override applies to some of them.
    pub fn for_all_files(&self) -> Option<RuleSetting<'a>> {
        self.overrides.is_empty().then(|| self.merge(std::iter::empty()))
    }

    pub fn params(&self) -> impl Iterator<Item = &'a Entry> {
        let overriding = self.overrides.iter().flat_map(|(_, entries)| entries);
        self.global.iter().chain(overriding).flat_map(|entry| entry.params.iter())
    }

    /// Merges the global entries and `overriding`. A later entry overrides only what it sets.
    fn merge(&self, overriding: impl Iterator<Item = &'a RuleEntry>) -> RuleSetting<'a> {
        let mut on = self.on_by_preset;
        let mut severity_override = None;
        let mut params: Vec<&'a Entry> = Vec::new();
        for entry in self.global.iter().copied().chain(overriding) {
            match entry.level {
                Some(Level::Off) => (on, severity_override) = (false, None),
                Some(Level::On(severity)) => (on, severity_override) = (true, Some(severity)),
                None => {}
            }
            for param in &entry.params {
                params.retain(|earlier| earlier.key.name != param.key.name);
                params.push(param);
            }
        }
        if on { RuleSetting::On { severity: severity_override, params } } else { RuleSetting::Off }
    }
}
