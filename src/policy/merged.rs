//! The configuration that applies, merged from the file, the presets and the defaults: each value with its origin.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value as Json;

use crate::config::{Preset, RuleSetting};
use crate::embedded;
use crate::finding::Severity;
use crate::node::Node;
use crate::rule::{Rule, params};
use crate::schema::to_json;
use crate::syntax::{self, Format};
use crate::text::{Source, Span};

use super::Policy;

/// A value, a list or a mapping of the configuration.
#[derive(Clone, Debug)]
pub enum Setting {
    Value(Json, Origin),
    List(Vec<Setting>),
    Mapping(Vec<(String, Setting)>),
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "from", rename_all = "lowercase")]
pub enum Origin {
    /// A line of the configuration, or of a rule file of the user's own.
    File { path: Arc<str>, line: usize },
    /// The preset that a rule is in; of a rule that is off, the chosen one, which lacks it.
    Preset {
        preset: &'static str,
        /// The severities under conditions that the rule names.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        also: Vec<&'static str>,
    },
    /// What applies where nothing is said.
    Default,
}

impl Policy {
    /// Returns all settings, in the order of the schema of the configuration: those of the file, and those with a default.
    pub fn merged(&self) -> Vec<(String, Setting)> {
        let schema: Json = embedded::read("schemas/config.schema.json");
        let source = self.config.source.as_ref();
        let document = source.map(|source| syntax::parse_policy(source.clone(), Format::Yaml));
        let root = document.as_ref().and_then(|document| document.roots.first());
        let properties = schema["properties"].as_object().into_iter().flatten();
        let setting = |(name, schema): (&String, &Json)| {
            let written = source.zip(root.and_then(|root| root.get(name)));
            let written = written.map(|(source, node)| of_node(source, node));
            let default = schema.get("default").map(of_default);
            let setting = match &**name {
                "rules" => Some(self.merged_rules()),
                "extends" => written.map(|written| self.with_preset(written)).or(default),
                _ => written.or(default),
            };
            Some((name.clone(), setting?))
        };
        properties.filter_map(setting).collect()
    }

    /// Adds the preset that applies because the file names none.
    fn with_preset(&self, extends: Setting) -> Setting {
        let mut items = match extends {
            Setting::List(items) => items,
            one => vec![one],
        };
        let is_preset = |item: &Setting| match item {
            Setting::Value(Json::String(name), _) => Preset::from_name(name).is_some(),
            _ => false,
        };
        if !items.iter().any(is_preset) {
            items.insert(0, Setting::Value(self.config.preset.name().into(), Origin::Default));
        }
        Setting::List(items)
    }

    fn merged_rules(&self) -> Setting {
        let rules = self.rules.rules().iter();
        Setting::Mapping(rules.map(|rule| (rule.id.to_string(), self.merged_rule(rule))).collect())
    }

    fn merged_rule(&self, rule: &Rule) -> Setting {
        let settings = rule.settings(&self.config);
        let (level, set) = match settings.for_file("") {
            RuleSetting::Off => ("off", Vec::new()),
            RuleSetting::On { severity, params } => {
                (severity.unwrap_or(rule.severity.otherwise).name(), params)
            }
        };
        let configured = self.config.source.as_ref().zip(settings.level_span());
        let origin = match configured {
            Some((source, span)) => Origin::at(source, span),
            None if level == "off" => Origin::preset(self.config.preset, &[]),
            None if rule.is_own => Origin::at(&rule.source, rule.name_span()),
            None => Origin::preset(rule.preset, &rule.severity.cases),
        };
        let severity = Setting::Value(level.into(), origin);
        if rule.params.is_empty() || level == "off" {
            return severity;
        }
        let params = rule.params.iter().map(|(name, param)| {
            let entry = set.iter().find(|entry| *entry.key.name == **name).zip(self.config.source.as_ref());
            let value = match entry {
                Some((entry, source)) => of_node(source, &entry.value),
                None => of_default(&params::default_as_json(param)),
            };
            (name.clone(), value)
        });
        Setting::Mapping([("severity".to_owned(), severity)].into_iter().chain(params).collect())
    }
}

impl Origin {
    fn at(source: &Arc<Source>, span: Span) -> Origin {
        Origin::File { path: source.path().clone(), line: source.position(span.start as usize).line }
    }

    fn preset(preset: Preset, cases: &[(String, Severity)]) -> Origin {
        Origin::Preset {
            preset: preset.name(),
            also: cases.iter().map(|(_, severity)| severity.name()).collect(),
        }
    }
}

fn of_node(source: &Arc<Source>, node: &Node) -> Setting {
    if !node.entries().is_empty() {
        let entries = node.entries().iter();
        return Setting::Mapping(
            entries.map(|entry| (entry.key.name.to_string(), of_node(source, &entry.value))).collect(),
        );
    }
    match node.as_sequence() {
        Some(items) if !items.is_empty() => {
            Setting::List(items.iter().map(|item| of_node(source, item)).collect())
        }
        _ => Setting::Value(to_json(node), Origin::at(source, node.span)),
    }
}

fn of_default(value: &Json) -> Setting {
    match value.as_array() {
        Some(items) if !items.is_empty() => Setting::List(items.iter().map(of_default).collect()),
        _ => Setting::Value(value.clone(), Origin::Default),
    }
}
