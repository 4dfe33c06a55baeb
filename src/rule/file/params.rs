//! A rule's parameters: their defaults, and what the configuration sets.

use std::sync::Arc;

use crate::calendar::Duration;
use crate::config::Config;
use crate::finding::Fault;
use crate::node::{Entry, Node};
use crate::schema::{did_you_mean, nearest};
use crate::text::Span;

use super::file::{Param, ParamType, Rule};
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
            fault.help = near.map(did_you_mean);
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
    let values = rule.params.iter().map(|(name, param)| {
        let told = |wanted: &str| format!("`{name}` of rule `{}` has to be {wanted}", rule.id);
        match set.iter().find(|entry| *entry.key.name == **name) {
            Some(entry) => texts_of(&entry.value)
                .and_then(|texts| read(param.ty, &texts))
                .ok_or_else(|| vec![fault(config, told(wanted(param.ty)), entry.value.span)]),
            None => default(param).map_err(|wanted| vec![Fault::new(told(wanted))]),
        }
    });
    values.collect()
}

/// The value where nothing is set.
///
/// # Errors
/// What the default would have to be.
pub fn default(param: &Param) -> Result<Value<'static>, &'static str> {
    default_texts(&param.default).and_then(|texts| read(param.ty, &texts)).ok_or(wanted(param.ty))
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

/// The texts of a scalar or of a list of them; none where there is anything else.
fn texts_of(node: &Node) -> Option<Vec<String>> {
    let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
    items.iter().map(|item| item.as_text().map(str::to_string)).collect()
}

fn default_texts(value: &serde_yaml::Value) -> Option<Vec<String>> {
    let text = |value: &serde_yaml::Value| match value {
        serde_yaml::Value::String(text) => Some(text.clone()),
        serde_yaml::Value::Bool(value) => Some(value.to_string()),
        serde_yaml::Value::Number(value) => Some(value.to_string()),
        _ => None,
    };
    match value {
        serde_yaml::Value::Sequence(items) => items.iter().map(text).collect(),
        value => Some(vec![text(value)?]),
    }
}

fn read(ty: ParamType, texts: &[String]) -> Option<Value<'static>> {
    let only = || if let [only] = texts { Some(only.as_str()) } else { None };
    Some(match ty {
        ParamType::Duration => Value::Duration(Duration::parse(only()?)?),
        ParamType::Integer => Value::Int(only()?.parse().ok()?),
        ParamType::Number => Value::Double(only()?.parse().ok().filter(|number: &f64| number.is_finite())?),
        ParamType::Text => Value::text(only()?.to_string()),
        ParamType::Bool => Value::Bool(only()?.parse().ok()?),
        ParamType::List => Value::List(Arc::from_iter(texts.iter().map(|text| Value::text(text.clone())))),
    })
}
