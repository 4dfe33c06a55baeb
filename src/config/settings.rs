//! What the configuration says about a rule, anywhere and in one file.

use super::Globs;
use crate::finding::Severity;
use crate::node::Entry;
use crate::text::Span;

/// A set of rules. Each holds those of the ones before it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// What is wrong in any repository.
    Essential,
    #[default]
    Recommended,
    Strict,
    /// Every rule there is.
    All,
}

impl Preset {
    pub const NAMES: [&str; 4] = ["essential", "recommended", "strict", "all"];

    pub fn name(self) -> &'static str {
        Preset::NAMES[self as usize]
    }

    pub fn from_name(name: &str) -> Option<Preset> {
        match name {
            "essential" => Some(Preset::Essential),
            "recommended" => Some(Preset::Recommended),
            "strict" => Some(Preset::Strict),
            "all" => Some(Preset::All),
            _ => None,
        }
    }
}

/// Whether a rule is on, and how.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleSetting<'a> {
    Off,
    On {
        /// None where the rule's own severity holds.
        severity: Option<Severity>,
        /// The parameters that are set, each with its place in the configuration.
        params: Vec<&'a Entry>,
    },
}

/// What decides whether a rule runs: `off`, or the severity that switches it on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Level {
    Off,
    On(Severity),
}

/// The rules that a key under `rules` means. The later variant is the more specific one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pattern {
    Every,
    Family(Box<str>),
    Rule(Box<str>),
}

impl Pattern {
    pub fn read(key: &str) -> Pattern {
        match key.strip_suffix('*') {
            Some("") => Pattern::Every,
            Some(family) => Pattern::Family(family.into()),
            None => Pattern::Rule(key.into()),
        }
    }

    fn matches(&self, rule: &str) -> bool {
        match self {
            Pattern::Every => true,
            Pattern::Family(family) => rule.starts_with(&**family),
            Pattern::Rule(id) => **id == *rule,
        }
    }
}

/// One key under `rules` with its value.
#[derive(Clone, Debug)]
pub(super) struct RuleEntry {
    pub key: Box<str>,
    pub span: Span,
    pub pattern: Pattern,
    pub level: Option<Level>,
    pub params: Vec<Entry>,
}

/// The entries of one `rules` mapping, the least specific first.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules(pub Vec<RuleEntry>);

impl Rules {
    pub fn new(mut entries: Vec<RuleEntry>) -> Rules {
        entries.sort_by(|a, b| a.pattern.cmp(&b.pattern));
        Rules(entries)
    }

    fn about<'a>(&'a self, rule: &str) -> Vec<&'a RuleEntry> {
        self.0.iter().filter(|entry| entry.pattern.matches(rule)).collect()
    }
}

/// Other rules for some files.
#[derive(Clone, Debug)]
pub(super) struct Override {
    pub files: Globs,
    pub rules: Rules,
}

/// A rule's identifier, or a pattern for several, as the configuration mentions it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RulePattern<'a> {
    pub text: &'a str,
    pub span: Span,
}

impl RulePattern<'_> {
    pub fn matches(&self, rule: &str) -> bool {
        Pattern::read(self.text).matches(rule)
    }
}

/// Everything that the configuration says about one rule, found once and asked for each file.
#[derive(Clone, Debug)]
pub struct RuleSettings<'a> {
    on_by_preset: bool,
    everywhere: Vec<&'a RuleEntry>,
    overrides: Vec<(&'a Globs, Vec<&'a RuleEntry>)>,
}

impl<'a> RuleSettings<'a> {
    pub(super) fn of(rule: &str, on_by_preset: bool, rules: &'a Rules, overrides: &'a [Override]) -> Self {
        let overrides = overrides.iter().map(|over| (&over.files, over.rules.about(rule)));
        RuleSettings {
            on_by_preset,
            everywhere: rules.about(rule),
            overrides: overrides.filter(|(_, entries)| !entries.is_empty()).collect(),
        }
    }

    /// What holds in the file at `path`.
    pub fn for_file(&self, path: &str) -> RuleSetting<'a> {
        let here = self.overrides.iter().filter(|(files, _)| files.matches(path));
        self.fold(here.flat_map(|(_, entries)| entries.iter().copied()))
    }

    /// What holds in every file; none where an override makes a difference.
    pub fn for_all_files(&self) -> Option<RuleSetting<'a>> {
        self.overrides.is_empty().then(|| self.fold(std::iter::empty()))
    }

    /// Every parameter that is set for the rule, for some file or for all.
    pub fn params(&self) -> impl Iterator<Item = &'a Entry> {
        let overriding = self.overrides.iter().flat_map(|(_, entries)| entries);
        self.everywhere.iter().chain(overriding).flat_map(|entry| entry.params.iter())
    }

    /// Later entries win, each for what it says: a severity leaves the parameters of an earlier one alone.
    fn fold(&self, overriding: impl Iterator<Item = &'a RuleEntry>) -> RuleSetting<'a> {
        let mut on = self.on_by_preset;
        let mut severity = None;
        let mut params: Vec<&'a Entry> = Vec::new();
        for entry in self.everywhere.iter().copied().chain(overriding) {
            match entry.level {
                Some(Level::Off) => (on, severity) = (false, None),
                Some(Level::On(level)) => (on, severity) = (true, Some(level)),
                None => {}
            }
            for param in &entry.params {
                params.retain(|earlier| earlier.key.name != param.key.name);
                params.push(param);
            }
        }
        if on { RuleSetting::On { severity, params } } else { RuleSetting::Off }
    }
}
