//! Where a record states the items of `each` that don't know their own place: records, texts, numbers, dates.

use std::collections::{HashMap, VecDeque};

use crate::node::Node;
use crate::record::{Mention, Record};
use crate::rule::{EvalError, Evaluator, ItemSources, Value};
use crate::text::Span;

#[derive(Clone)]
pub(super) struct ItemPlace<'r> {
    pub field: &'r str,
    pub span: Span,
    pub text: String,
}

/// Returns the place of each item: the first of equal items is at the first equal value of the fields that they come from,
/// the second one at the second. `None` if no such field has the value.
pub(super) fn item_places<'r>(
    evaluator: &Evaluator<'r>,
    record: &'r Record,
    sources: &'r ItemSources,
    items: &Value<'r>,
) -> Result<Vec<Option<ItemPlace<'r>>>, EvalError> {
    let mut finder = Finder { evaluator, record, by_value: HashMap::new() };
    for field in &sources.fields {
        finder.add_field(field)?;
    }
    if sources.accountable {
        finder.add_references(|reference| reference.accountable)?;
    }
    items.elements(evaluator.catalog).map(|item| finder.take(&item)).collect()
}

struct Finder<'e, 'r> {
    evaluator: &'e Evaluator<'r>,
    record: &'r Record,
    by_value: HashMap<String, VecDeque<ItemPlace<'r>>>,
}

impl<'r> Finder<'_, 'r> {
    fn add_field(&mut self, path: &'r str) -> Result<(), EvalError> {
        if self.add_references(|reference| reference.is_in(path))? {
            return Ok(());
        }
        let (field, rest) = path.split_once('.').map_or((path, None), |(field, rest)| (field, Some(rest)));
        let holder = Value::Record(self.record);
        self.add_values(field, &holder, &self.record.fields, field, rest)
    }

    /// Adds the values at a path below a holder, with the nodes that they are read from.
    fn add_values(
        &mut self,
        field: &'r str,
        holder: &Value<'r>,
        node: &'r Node,
        name: &str,
        rest: Option<&str>,
    ) -> Result<(), EvalError> {
        let Some(node) = node.get(name) else { return Ok(()) };
        let value = match self.evaluator.select(holder, name) {
            Ok(value) => value,
            Err(EvalError::Exhausted) => return Err(EvalError::Exhausted),
            Err(_) => return Ok(()),
        };
        let nodes = node.as_sequence().unwrap_or(std::slice::from_ref(node));
        let values = if value.is_list() { value } else { Value::list(vec![value]) };
        let rest =
            rest.map(|rest| rest.split_once('.').map_or((rest, None), |(name, rest)| (name, Some(rest))));
        for (value, node) in values.elements(self.evaluator.catalog).zip(nodes) {
            match rest {
                Some((name, rest)) => self.add_values(field, &value, node, name, rest)?,
                None => {
                    let text = node.as_text().unwrap_or_default().to_owned();
                    self.add(&value, ItemPlace { field, span: node.span, text })?;
                }
            }
        }
        Ok(())
    }

    /// Adds the wanted references. Returns true if there are some.
    fn add_references(&mut self, is_wanted: impl Fn(&Mention) -> bool) -> Result<bool, EvalError> {
        let mut is_found = false;
        for reference in self.evaluator.catalog.references(self.record) {
            if is_wanted(&reference) {
                is_found = true;
                let place = ItemPlace {
                    field: reference.field(),
                    span: reference.span,
                    text: reference.text().to_owned(),
                };
                self.add(&self.evaluator.resolve(reference), place)?;
            }
        }
        Ok(is_found)
    }

    fn add(&mut self, value: &Value<'r>, place: ItemPlace<'r>) -> Result<(), EvalError> {
        let key = self.evaluator.identity_key(value)?;
        self.by_value.entry(key).or_default().push_back(place);
        Ok(())
    }

    fn take(&mut self, item: &Value<'r>) -> Result<Option<ItemPlace<'r>>, EvalError> {
        let key = self.evaluator.identity_key(item)?;
        let Some(places) = self.by_value.get_mut(&key) else { return Ok(None) };
        Ok(if places.len() > 1 { places.pop_front() } else { places.front().cloned() })
    }
}
