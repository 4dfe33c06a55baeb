//! Lines in the place of headings: `Key results:` and a list below it.

use super::View;
use crate::node::Node;
use crate::syntax::markdown::section_key;
use crate::text::Span;

/// Returns the items of the list below a line that is one of these names and a colon, in the text of a section that is the record.
pub(super) fn items(view: &View<'_>, keys: &[Box<str>]) -> Option<Vec<Node>> {
    let body = view.section?.own_body;
    let page = view.markdown()?;
    let source = view.source();
    let mut end = body.start as usize;
    let labels = source.slice(body).split_inclusive('\n').filter_map(|line| {
        end += line.len();
        let key = section_key(label(line)?);
        keys.iter().any(|known| **known == key).then_some(end)
    });
    let below = |label: usize| {
        let from = page.items.partition_point(|item| (item.span.start as usize) < label);
        let depth = page.items.get(from)?.depth;
        let mut end = label;
        let list = page.items[from..].iter().filter(|item| item.depth <= depth).take_while(|item| {
            let start = item.span.start as usize;
            let is_next = item.depth == depth
                && start < body.end as usize
                && source.slice(Span::new(end.min(start), start)).trim().is_empty();
            end = item.span.end as usize;
            is_next
        });
        let items: Vec<Node> = list
            .filter(|item| !item.plain.trim().is_empty())
            .map(|item| Node::text(item.text, item.plain.trim()))
            .collect();
        (!items.is_empty()).then_some(items)
    };
    labels.collect::<Vec<_>>().into_iter().find_map(below)
}

/// Returns the words of a line that ends with a colon, which may be in bold and an item of a list: `- **Key results:**`.
fn label(line: &str) -> Option<&str> {
    let text = line.trim().trim_start_matches(['-', '+', '>', ' ']);
    let is_mark = |c: char| matches!(c, '*' | '_' | ' ');
    let words = text.trim_matches(is_mark).strip_suffix([':', '：'])?.trim_matches(is_mark);
    (!words.is_empty() && !words.contains([':', '|'])).then_some(words)
}
