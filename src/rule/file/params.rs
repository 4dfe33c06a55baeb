//! Parameters of rules: defaults, and values of the configuration.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::calendar::Duration;
use crate::config::Config;
use crate::finding::{Fault, Faultless};
use crate::node::{Entry, Node};
use crate::rule::runtime::{Type, Value};
use crate::schema::{compile_pattern, did_you_mean, nearest};
use crate::text::{LazyRegex, Span};

use super::model::{ParamType, Rule, RuleParam, Texts};

/// Returns a fault for each parameter that the configuration sets and the rule lacks.
pub fn unknown<'c>(rule: &Rule, set: impl Iterator<Item = &'c Entry>, config: &Config) -> Vec<Fault> {
    // What the configuration may set of each rule, besides its parameters.
    const SEVERITY: &str = "severity";
    let unknown = set.filter(|entry| !rule.params.contains_key(&*entry.key.name)).map(|entry| {
        let name = &entry.key.name;
        let names = || rule.params.keys().map(String::as_str).chain([SEVERITY]);
        let help = match nearest(name, names()) {
            Some(near) => did_you_mean(near),
            None => format!("its parameters are `{}`", names().collect::<Vec<_>>().join("`, `")),
        };
        fault(config, format!("rule `{}` has no parameter `{name}`", rule.id), entry.key.span).help(help)
    });
    unknown.collect()
}

/// The values of the parameters, in the rule's order: as configured, or the default.
pub fn values(rule: &Rule, set: &[&Entry], config: &Config) -> Faultless<Vec<Value<'static>>> {
    let values = rule.params.iter().map(|(name, param)| {
        let place = format!("for `{name}` of rule `{}`", rule.id);
        match set.iter().find(|entry| *entry.key.name == **name) {
            Some(entry) => parse(param.ty, texts_of(&entry.value).as_ref(), &place, true)
                .map_err(|message| vec![fault(config, message, entry.value.span)]),
            // It was checked with the rule, and many a pattern is never used.
            None => default(param, &place, false).map_err(|message| vec![Fault::new(message)]),
        }
    });
    values.collect()
}

/// The default of a parameter, which stands at `place`. With `checks_patterns` it is an error if it is no regular expression.
pub fn default(param: &RuleParam, place: &str, checks_patterns: bool) -> Result<Value<'static>, String> {
    parse(param.ty, Some(&param.default), place, checks_patterns)
}

/// The default of a parameter, as the configuration may state it.
pub fn default_as_json(param: &RuleParam) -> Json {
    let Texts { texts, is_list } = &param.default;
    match param.ty {
        _ if *is_list => texts.clone().into(),
        ParamType::Integer | ParamType::Number | ParamType::Bool => {
            serde_json::from_str(&texts.concat()).unwrap_or_default()
        }
        _ => texts.concat().into(),
    }
}

fn fault(config: &Config, message: String, span: Span) -> Fault {
    config.source.iter().fold(Fault::new(message), |fault, source| fault.at(source, span))
}

impl ParamType {
    pub(super) fn of_values(self) -> Type {
        self.described().0
    }

    fn described(self) -> (Type, &'static str) {
        match self {
            ParamType::Duration => (Type::Duration, "a duration such as `2 weeks`"),
            ParamType::Integer => (Type::Int, "a whole number"),
            ParamType::Number => (Type::Double, "a number"),
            ParamType::Text => (Type::String, "text"),
            ParamType::List => (Type::list(Type::String), "a list of texts"),
            ParamType::Pattern => (Type::Pattern, "a regular expression"),
            ParamType::Patterns => (Type::list(Type::Pattern), "a list of regular expressions"),
            ParamType::Bool => (Type::Bool, "`true` or `false`"),
        }
    }
}

fn texts_of(node: &Node) -> Option<Texts> {
    let texts = node.items().iter().map(|item| item.as_text().map(str::to_string));
    Some(Texts { texts: texts.collect::<Option<_>>()?, is_list: node.as_sequence().is_some() })
}

fn parse(ty: ParamType, given: Option<&Texts>, place: &str, strict: bool) -> Result<Value<'static>, String> {
    let wrong = |reason: &str| format!("expected {} {place}{reason}", ty.described().1);
    let Texts { texts, is_list } = given.ok_or_else(|| wrong(""))?;
    if strict && matches!(ty, ParamType::Pattern | ParamType::Patterns) {
        for text in texts {
            compile_pattern(text).map_err(|reason| wrong(&format!(": {reason}")))?;
        }
    }
    let value = match (ty, texts.as_slice()) {
        (ParamType::List | ParamType::Patterns, texts) => {
            texts.iter().map(|text| scalar(ty, text)).collect::<Option<_>>().map(Value::List)
        }
        (_, [text]) if !is_list => scalar(ty, text),
        _ => None,
    };
    value.ok_or_else(|| wrong(""))
}

fn scalar(ty: ParamType, text: &str) -> Option<Value<'static>> {
    Some(match ty {
        ParamType::Duration => Value::Duration(Duration::parse(text)?),
        ParamType::Integer => Value::Int(text.parse().ok()?),
        ParamType::Number => Value::Double(text.parse().ok().filter(|number: &f64| number.is_finite())?),
        ParamType::Bool => Value::Bool(text.parse().ok()?),
        ParamType::Pattern | ParamType::Patterns => Value::Pattern(Arc::new(LazyRegex::known(text))),
        ParamType::Text | ParamType::List => Value::string(text.to_string()),
    })
}
