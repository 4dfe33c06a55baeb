//! Parameters of rules: defaults, and values of the configuration.

use crate::calendar::Duration;
use crate::config::Config;
use crate::finding::Fault;
use crate::node::{Entry, Node};
use crate::rule::runtime::Value;
use crate::schema::{InvalidPattern, compile_pattern, did_you_mean, nearest};
use crate::text::Span;

use super::model::{ParamType, Rule, RuleParam};

/// What the configuration may set of each rule, besides its parameters.
const SEVERITY: &str = "severity";

pub fn check<'c>(
    rule: &Rule,
    entries: impl Iterator<Item = &'c Entry>,
    config: &Config,
) -> Result<(), Vec<Fault>> {
    let unknown = entries.filter(|entry| !rule.params.contains_key(&*entry.key.name));
    let faults: Vec<Fault> = unknown
        .map(|entry| {
            let name = &entry.key.name;
            let mut fault =
                fault(config, format!("rule `{}` has no parameter `{name}`", rule.id), entry.key.span);
            let near = nearest(name, rule.params.keys().map(String::as_str).chain([SEVERITY]));
            fault.help = Some(match near {
                Some(near) => did_you_mean(near),
                None if rule.params.is_empty() => {
                    "the rule has no parameters; write `off` or a severity".to_owned()
                }
                None => {
                    let names: Vec<&str> = rule.params.keys().map(String::as_str).collect();
                    format!("its parameters are `{}`", names.join("`, `"))
                }
            });
            fault
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// The values of the parameters, in the rule's order: as configured, or the default.
pub fn values(rule: &Rule, set: &[&Entry], config: &Config) -> Result<Vec<Value<'static>>, Vec<Fault>> {
    let values = rule.params.iter().map(|(name, param)| {
        let message = |expected: &str| format!("expected {expected} for `{name}` of rule `{}`", rule.id);
        match set.iter().find(|entry| *entry.key.name == **name) {
            Some(entry) => texts_of(&entry.value)
                .filter(|_| is_list(param.ty) || entry.value.as_sequence().is_none())
                .and_then(|texts| parse(param.ty, &texts, is_pattern))
                .ok_or_else(|| {
                    if let Some(invalid) = invalid_pattern(param.ty, &entry.value) {
                        let message = format!("{}: {}", message(expected(param.ty)), invalid.reason());
                        return vec![fault(config, message, entry.value.span)];
                    }
                    vec![fault(config, message(expected(param.ty)), entry.value.span)]
                }),
            // It was checked with the rule, and many a pattern is never used.
            None => default(param, |_| true).map_err(|expected| vec![Fault::new(message(expected))]),
        }
    });
    values.collect()
}

/// The default of a parameter.
///
/// # Errors
/// What is expected in its place; also for a pattern for which `is_pattern` is false.
pub fn default(param: &RuleParam, is_pattern: fn(&str) -> bool) -> Result<Value<'static>, &'static str> {
    let texts = default_texts(&param.default);
    let texts = texts.filter(|_| is_list(param.ty) || !param.default.is_sequence());
    let value = texts.and_then(|texts| parse(param.ty, &texts, is_pattern));
    value.ok_or(expected(param.ty))
}

pub fn is_pattern(text: &str) -> bool {
    compile_pattern(text).is_ok()
}

/// Why the first pattern of a value is none; `None` if something else is wrong.
fn invalid_pattern(ty: ParamType, value: &Node) -> Option<InvalidPattern> {
    let texts = texts_of(value).filter(|texts| ty == ParamType::Patterns || texts.len() == 1)?;
    first_invalid(ty, &texts)
}

/// Why the first pattern of a default is none; `None` if something else is wrong.
pub fn unreadable_default(param: &RuleParam) -> Option<InvalidPattern> {
    first_invalid(param.ty, &default_texts(&param.default)?)
}

fn first_invalid(ty: ParamType, texts: &[String]) -> Option<InvalidPattern> {
    let mut texts = texts.iter().filter(|_| matches!(ty, ParamType::Pattern | ParamType::Patterns));
    texts.find_map(|text| compile_pattern(text).err())
}

fn fault(config: &Config, message: String, span: Span) -> Fault {
    match &config.source {
        Some(source) => Fault::new(message).at(source, span),
        None => Fault::new(message),
    }
}

fn expected(ty: ParamType) -> &'static str {
    match ty {
        ParamType::Duration => "a duration such as `2 weeks`",
        ParamType::Integer => "a whole number",
        ParamType::Number => "a number",
        ParamType::Text => "text",
        ParamType::List => "a list of texts",
        ParamType::Pattern => "a regular expression",
        ParamType::Patterns => "a list of regular expressions",
        ParamType::Bool => "`true` or `false`",
    }
}

fn is_list(ty: ParamType) -> bool {
    matches!(ty, ParamType::List | ParamType::Patterns)
}

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

fn parse(ty: ParamType, texts: &[String], is_pattern: fn(&str) -> bool) -> Option<Value<'static>> {
    let single = || if let [text] = texts { Some(text.as_str()) } else { None };
    Some(match ty {
        ParamType::Duration => Value::Duration(Duration::parse(single()?)?),
        ParamType::Integer => Value::Int(single()?.parse().ok()?),
        ParamType::Number => Value::Double(single()?.parse().ok().filter(|number: &f64| number.is_finite())?),
        ParamType::Text => Value::string(single()?.to_string()),
        ParamType::Bool => Value::Bool(single()?.parse().ok()?),
        ParamType::Pattern => Value::string(single().filter(|text| is_pattern(text))?.to_string()),
        ParamType::Patterns if !texts.iter().all(|text| is_pattern(text)) => return None,
        ParamType::List | ParamType::Patterns => {
            Value::List(texts.iter().map(|text| Value::string(text.clone())).collect())
        }
    })
}
