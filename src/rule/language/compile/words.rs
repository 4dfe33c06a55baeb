//! The check of words: where a kind's schema lists what a field can say, a comparison with anything else
//! never holds, and is a slip of the pen.

use std::sync::Arc;

use crate::kind::Kind;
use crate::schema::{did_you_mean, nearest};

use super::super::expression::{Term, TermNode};
use super::super::mistake::Mistake;
use super::super::types::Type;
use super::Compiler;
use super::calls::literal_text;

impl Compiler<'_, '_> {
    /// Refuses a text that a field is compared with and that none of its kinds lists.
    ///
    /// # Errors
    /// The text, with the nearest of those that are listed.
    pub(super) fn known_word(&self, left: &Term, right: &Term) -> Result<(), Mistake> {
        self.listed_word(left, right)?;
        self.listed_word(right, left)
    }

    /// The same for each of several texts.
    pub(super) fn known_words(&self, field: &Term, list: &Term) -> Result<(), Mistake> {
        let TermNode::List(items) = &list.node else { return Ok(()) };
        items.iter().try_for_each(|item| self.listed_word(field, item))
    }

    fn listed_word(&self, field: &Term, word: &Term) -> Result<(), Mistake> {
        let (TermNode::Field(holder, name), Some(text)) = (&field.node, literal_text(word)) else {
            return Ok(());
        };
        let Type::Record(kinds) = &holder.ty else { return Ok(()) };
        let kinds = kinds.iter().filter_map(|kind| self.scope.kinds.get(kind));
        let kinds: Vec<&Arc<Kind>> = kinds.filter(|kind| kind.shape.field(name).is_some()).collect();
        let mut known: Vec<&str> = Vec::new();
        for kind in &kinds {
            let Some(listed) = kind.json["properties"][&**name]["enum"].as_array() else { return Ok(()) };
            known.extend(listed.iter().filter_map(|word| word.as_str()));
        }
        if kinds.is_empty() || known.contains(&text) {
            return Ok(());
        }
        let mistake = Mistake::new(format!("`{name}` of {} is never `{text}`", holder.ty), word.span);
        Err(match nearest(text, known.iter().copied()) {
            Some(near) => mistake.help(did_you_mean(near)),
            None => mistake.help(format!("It is one of {}", known.join(", "))),
        })
    }
}
