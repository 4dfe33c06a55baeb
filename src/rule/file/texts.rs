//! The texts of a rule file, which YAML may parse as something else: `expect: false`.

use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use serde_yaml::Value;

/// A text, or what YAML reads as a boolean or a number.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Value")]
pub struct ExpressionText(pub String);

impl TryFrom<Value> for ExpressionText {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<ExpressionText, &'static str> {
        Ok(ExpressionText(match value {
            Value::String(text) => text,
            Value::Bool(value) => value.to_string(),
            Value::Number(number) => number.to_string(),
            _ => return Err("expected a text"),
        }))
    }
}

/// One text or a list of texts.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Value")]
pub struct Texts {
    pub texts: Vec<String>,
    pub is_list: bool,
}

impl TryFrom<Value> for Texts {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Texts, &'static str> {
        let is_list = value.is_sequence();
        let values = if let Value::Sequence(values) = value { values } else { vec![value] };
        let texts = values.into_iter().map(|value| Ok(ExpressionText::try_from(value)?.0));
        Ok(Texts { texts: texts.collect::<Result<_, &'static str>>()?, is_list })
    }
}

pub(super) fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Arc<str>>, D::Error> {
    let Texts { texts, .. } = Texts::deserialize(deserializer)?;
    Ok(texts.into_iter().map(Arc::from).collect())
}

/// Names for expressions, in the order of the file.
pub(super) fn ordered<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, String)>, D::Error> {
    let named = serde_yaml::Mapping::deserialize(deserializer)?.into_iter().map(|(name, expression)| {
        Ok((ExpressionText::try_from(name)?.0, ExpressionText::try_from(expression)?.0))
    });
    named.collect::<Result<_, &str>>().map_err(serde::de::Error::custom)
}
