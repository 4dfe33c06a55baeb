//! A rule's parameters: their defaults, and what the configuration sets.

use std::sync::Arc;

use crate::calendar::Duration;
use crate::config::Config;
use crate::finding::Fault;
use crate::node::{Entry, Node};
use crate::schema::nearest;
use crate::text::Span;

use super::file::{ParamType, Rule};
use super::value::Value;

/// Refuses every mention of a parameter that the rule does not have.
///
/// # Errors
/// Those mentions, each at its place in the configuration.
pub fn check<'c>(
    rule: &Rule,
    mentioned: impl Iterator<Item = &'c Entry>,
    config: &Config,
) -> Result<(), Vec<Fault>> {
    let unknown = mentioned.filter(|entry| !rule.params.contains_key(&*entry.key.name));
    let faults: Vec<Fault> = unknown
        .map(|entry| {
            let name = &entry.key.name;
            let mut fault =
                fault(config, format!("rule `{}` has no parameter `{name}`", rule.id), entry.key.span);
            let near = nearest(name, rule.params.keys().map(String::as_str));
            fault.help = near.map(|near| format!("did you mean `{near}`?"));
            fault
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// The value of each parameter, in the order of the rule's: what is set, else the default.
///
/// # Errors
/// A parameter is set to what it can't be.
pub fn values(rule: &Rule, set: &[&Entry], config: &Config) -> Result<Vec<Value<'static>>, Vec<Fault>> {
    let values =
        rule.params.iter().map(|(name, param)| match set.iter().find(|entry| *entry.key.name == **name) {
            Some(entry) => read(param.ty, &texts_of(&entry.value)).ok_or_else(|| {
                let message = format!("`{name}` of rule `{}` has to be {}", rule.id, wanted(param.ty));
                vec![fault(config, message, entry.value.span)]
            }),
            None => read(param.ty, &default_texts(&param.default)).ok_or_else(|| {
                let message =
                    format!("the default of `{name}` in rule `{}` has to be {}", rule.id, wanted(param.ty));
                vec![Fault::new(message).at(&rule.source, rule.source.line_span(0))]
            }),
        });
    values.collect()
}

fn fault(config: &Config, message: String, span: Span) -> Fault {
    match &config.source {
        Some(source) => Fault::new(message).at(source, span),
        None => Fault::new(message),
    }
}

fn wanted(ty: ParamType) -> &'static str {
    match ty {
        ParamType::Duration => "a duration such as `2 weeks`",
        ParamType::Integer => "a whole number",
        ParamType::Number => "a number",
        ParamType::Text => "a text",
        ParamType::List => "a list of texts",
        ParamType::Bool => "`true` or `false`",
    }
}

fn texts_of(node: &Node) -> Vec<String> {
    let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
    items.iter().filter_map(|item| item.as_text().map(str::to_string)).collect()
}

fn default_texts(value: &serde_yaml::Value) -> Vec<String> {
    match value {
        serde_yaml::Value::Sequence(items) => items.iter().flat_map(default_texts).collect(),
        serde_yaml::Value::String(text) => vec![text.clone()],
        serde_yaml::Value::Bool(value) => vec![value.to_string()],
        serde_yaml::Value::Number(value) => vec![value.to_string()],
        _ => Vec::new(),
    }
}

fn read(ty: ParamType, texts: &[String]) -> Option<Value<'static>> {
    let only = || if let [only] = texts { Some(only.as_str()) } else { None };
    Some(match ty {
        ParamType::Duration => Value::Duration(Duration::parse(only()?)?),
        ParamType::Integer => Value::Int(only()?.parse().ok()?),
        ParamType::Number => Value::Double(only()?.parse().ok()?),
        ParamType::Text => Value::text(only()?.to_string()),
        ParamType::Bool => Value::Bool(only()?.parse().ok()?),
        ParamType::List => Value::List(Arc::from_iter(texts.iter().map(|text| Value::text(text.clone())))),
    })
}
