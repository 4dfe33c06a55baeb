//! Values as messages show them.

use std::fmt::Write as _;

use crate::calendar;

use super::context::Context;
use super::value::{EvalError, Value};

impl<'a> Context<'a> {
    pub fn show(&self, value: &Value<'a>) -> Result<String, EvalError> {
        let mut out = String::new();
        self.show_in(value, &mut out)?;
        Ok(out)
    }

    fn show_in(&self, value: &Value<'a>, out: &mut String) -> Result<(), EvalError> {
        self.step(1 + value.copy_cost())?;
        let _ = match value {
            Value::Null | Value::Optional(None) => Ok(()),
            Value::Bool(value) => write!(out, "{value}"),
            Value::Int(value) => write!(out, "{value}"),
            Value::Double(value) => write!(out, "{value}"),
            Value::Date(value) => write!(out, "{value}"),
            Value::Age(since) => write!(out, "{}", calendar::relative_date(*since, self.today)),
            Value::Duration(value) => write!(out, "{value}"),
            Value::Period(value) => write!(out, "{value}"),
            Value::Amount(value) => write!(out, "{value}"),
            Value::Optional(Some(value)) => return self.show_in(value, out),
            Value::List(_) | Value::Records(_) | Value::References(..) => {
                for (at, element) in value.elements(self.catalog).enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    self.show_in(&element, out)?;
                }
                Ok(())
            }
            Value::Item(item) => write!(out, "{}", item.node.as_text().unwrap_or("")),
            Value::Map(map) => {
                for (at, entry) in map.entries().iter().enumerate() {
                    self.step(1)?;
                    out.push_str(if at == 0 { "" } else { ", " });
                    out.push_str(&entry.key.name);
                }
                Ok(())
            }
            Value::File(file) => write!(out, "{}", file.path()),
            Value::Group(group) => return self.show_in(&group.key, out),
            Value::Reference(mention) => {
                out.push_str(mention.text(self.catalog));
                Ok(())
            }
            Value::Fact(fact) => match fact.members.first() {
                Some((_, value)) => return self.show_in(value, out),
                None => Ok(()),
            },
            Value::Change(change) => {
                out.push_str(&change.value());
                Ok(())
            }
            Value::String(_) | Value::Pattern(_) | Value::Record(_) | Value::Unresolved(_) => {
                out.push_str(value.as_text().unwrap_or(""));
                Ok(())
            }
        };
        Ok(())
    }
}
