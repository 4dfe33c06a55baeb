//! Parameters of rules: defaults, and values of the configuration.

use crate::calendar::Duration;
use crate::config::Config;
use crate::finding::Fault;
use crate::node::{Entry, Node};
use crate::rule::runtime::Value;
use crate::schema::{compile_pattern, did_you_mean, nearest};
use crate::text::Span;

use super::model::{ParamType, Rule, RuleParam};
use super::texts::Texts;

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
        let message = |wrong: WrongValue| wrong.message(&format!("for `{name}` of rule `{}`", rule.id));
        match set.iter().find(|entry| *entry.key.name == **name) {
            Some(entry) => {
                let value = texts_of(&entry.value).ok_or(WrongValue::of(param.ty));
                let value = value.and_then(|texts| parse(param.ty, &texts, true));
                value.map_err(|wrong| vec![fault(config, message(wrong), entry.value.span)])
            }
            // It was checked with the rule, and many a pattern is never used.
            None => default(param, false).map_err(|wrong| vec![Fault::new(message(wrong))]),
        }
    });
    values.collect()
}

/// The default of a parameter.
///
/// # Errors
/// It is of another type; with `checks_patterns` also, if it is no regular expression.
pub fn default(param: &RuleParam, checks_patterns: bool) -> Result<Value<'static>, WrongValue> {
    parse(param.ty, &param.default, checks_patterns)
}

/// Why a value is none of its parameter.
#[derive(Debug, PartialEq)]
pub struct WrongValue {
    expected: &'static str,
    reason: Option<String>,
}

impl WrongValue {
    fn of(ty: ParamType) -> WrongValue {
        WrongValue { expected: expected(ty), reason: None }
    }

    /// Returns the message; `place` says where the value stands.
    pub fn message(&self, place: &str) -> String {
        let reason = self.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
        format!("expected {} {place}{reason}", self.expected)
    }
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

fn texts_of(node: &Node) -> Option<Texts> {
    let items = node.as_sequence().unwrap_or(std::slice::from_ref(node));
    let texts = items.iter().map(|item| item.as_text().map(str::to_string));
    Some(Texts { texts: texts.collect::<Option<_>>()?, is_list: node.as_sequence().is_some() })
}

fn parse(ty: ParamType, given: &Texts, checks_patterns: bool) -> Result<Value<'static>, WrongValue> {
    let is_pattern = matches!(ty, ParamType::Pattern | ParamType::Patterns);
    if checks_patterns && is_pattern {
        for text in &given.texts {
            let invalid = compile_pattern(text).err();
            let reason = invalid.map(|invalid| invalid.reason().to_string());
            if reason.is_some() {
                return Err(WrongValue { reason, ..WrongValue::of(ty) });
            }
        }
    }
    let value = match (ty, given.texts.as_slice()) {
        (ParamType::List | ParamType::Patterns, texts) => {
            Some(Value::List(texts.iter().map(|text| Value::string(text.clone())).collect()))
        }
        (_, [text]) if !given.is_list => scalar(ty, text),
        _ => None,
    };
    value.ok_or(WrongValue::of(ty))
}

fn scalar(ty: ParamType, text: &str) -> Option<Value<'static>> {
    Some(match ty {
        ParamType::Duration => Value::Duration(Duration::parse(text)?),
        ParamType::Integer => Value::Int(text.parse().ok()?),
        ParamType::Number => Value::Double(text.parse().ok().filter(|number: &f64| number.is_finite())?),
        ParamType::Bool => Value::Bool(text.parse().ok()?),
        _ => Value::string(text.to_string()),
    })
}
