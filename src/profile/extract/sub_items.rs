//! Reads the list items of a section. If an item is only a label, such as `Work to be done:`, its nested items are read instead.

use super::{before_break, list};
use crate::node::Node;
use crate::syntax::Markdown;
use crate::syntax::markdown::Heading;
use crate::text::Source;

/// Returns the outermost items below a heading. In place of a label, it returns the items nested in it.
pub(crate) fn items_below_labels(source: &Source, page: &Markdown, heading: &Heading) -> Option<Node> {
    let span = before_break(source, heading.own_body);
    let from = page.items.partition_point(|item| item.span.start < span.start);
    let within = || page.items[from..].iter().take_while(|item| item.span.start < span.end);
    let mut found = Vec::new();
    let mut is_labelled = false;
    for (item, next) in within().zip(within().map(Some).skip(1).chain([None])) {
        let text = item.plain.trim();
        let is_first = item.depth == 1;
        if is_first {
            is_labelled = is_label(text) && next.is_some_and(|next| next.depth == 2);
        }
        let is_wanted = if is_labelled { item.depth == 2 } else { is_first };
        if is_wanted && !text.is_empty() {
            found.push(Node::text(item.text, text));
        }
    }
    list(heading.own_body, found)
}

/// Returns true for a few words and a colon. A longer text is an item itself: `The mast may break. What we do then:`.
fn is_label(text: &str) -> bool {
    const MOST_WORDS: usize = 5;
    let Some(words) = text.strip_suffix([':', '：']) else { return false };
    !words.contains(['.', ';', '(', '→', ':']) && words.split_whitespace().count() <= MOST_WORDS
}
