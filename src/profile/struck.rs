//! Text that does not count: struck out, as in `~~Proposed~~ Accepted` or `<s>Proposed</s> | **Accepted**`, and comments beside a value.

use std::sync::LazyLock;

use regex::Regex;

use crate::node::{Node, Value};
use crate::text::Span;

static STRUCK: LazyLock<Regex> = LazyLock::new(|| {
    let form = r"~~[^~\n]+~~|<(?i:s|del|strike)>[^\n]*?</(?i:s|del|strike)>";
    Regex::new(form).expect("the expression is valid")
});

/// Replaces struck-out text, and the bars between choices beside it, by as many bytes of spaces. `None` if nothing is struck
/// out.
fn blanked(text: &str) -> Option<String> {
    if !text.contains("~~") && !text.contains("</") {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    let mut end = 0;
    for found in STRUCK.find_iter(text) {
        plain.push_str(&text[end..found.start()]);
        plain.extend(std::iter::repeat_n(' ', found.len()));
        end = found.end();
    }
    (end > 0).then(|| (plain + &text[end..]).replace('|', " "))
}

/// Returns the value without struck-out text; `None` if nothing is left.
pub(super) fn without_struck(node: Node) -> Option<Node> {
    match node.value {
        Value::Sequence(items) => {
            let is_empty = items.is_empty();
            let items: Vec<Node> = items.into_iter().filter_map(without_struck).collect();
            (is_empty || !items.is_empty()).then(|| Node::sequence(node.span, items))
        }
        Value::Mapping(_) => Some(node),
        Value::Scalar(_) => match node.as_text().and_then(blanked) {
            Some(plain) => trimmed(&plain, node.span),
            None => Some(node),
        },
    }
}

/// Replaces the comments beside other text by as many bytes of spaces: `Accepted <!-- Proposed | Superseded by NNNN -->`.
pub(super) fn without_comments(node: Node) -> Node {
    let Some(text) = node.as_text().filter(|text| text.contains("<!--")) else { return node };
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        let Some((comment, after)) = after.split_once("-->") else { break };
        plain.push_str(before);
        plain.extend(std::iter::repeat_n(' ', "<!--".len() + comment.len() + "-->".len()));
        rest = after;
    }
    plain.push_str(rest);
    trimmed(&plain, node.span).unwrap_or(node)
}

/// Returns a text without the spaces around it; `None` if nothing is left.
fn trimmed(plain: &str, whole: Span) -> Option<Node> {
    let text = plain.trim();
    // The text of a table's cell may differ from the source, by escapes.
    let span = if plain.len() == (whole.end - whole.start) as usize {
        let start = whole.start as usize + (plain.len() - plain.trim_start().len());
        Span::new(start, start + text.len())
    } else {
        whole
    };
    (!text.is_empty()).then(|| Node::text(span, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_struck_out_is_absent() {
        let read = |text: &str| {
            let node = without_struck(Node::text(Span::new(10, 10 + text.len()), text))?;
            Some((node.as_text()?.to_owned(), node.span.start, node.span.end))
        };
        assert_eq!(read("Accepted"), Some(("Accepted".into(), 10, 18)));
        assert_eq!(read("~~Proposed~~ Accepted"), Some(("Accepted".into(), 23, 31)));
        assert_eq!(read("<s>Draft</s> | **Done** | <s>Late</s>"), Some(("**Done**".into(), 25, 33)));
        assert_eq!(read("<DEL>Accepted</DEL>"), None);
        assert_eq!(read("a ~~ b"), Some(("a ~~ b".into(), 10, 16)));
    }

    #[test]
    fn a_comment_beside_a_value_does_not_count() {
        let read = |text: &str| {
            let node = without_comments(Node::text(Span::new(10, 10 + text.len()), text));
            (node.as_text().unwrap_or_default().to_owned(), node.span.start, node.span.end)
        };
        assert_eq!(read("Accepted <!-- or Superseded -->"), ("Accepted".into(), 10, 18));
        assert_eq!(read("<!-- a --> Done"), ("Done".into(), 21, 25));
        assert_eq!(read("<!-- who -->"), ("<!-- who -->".into(), 10, 22));
        assert_eq!(read("Done <!-- open"), ("Done <!-- open".into(), 10, 24));
    }
}
