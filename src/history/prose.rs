//! The normal form of prose, in which edits that leave its meaning make no difference.

use std::sync::LazyLock;

use regex::Regex;

/// Returns the text without the targets of links, tables of contents, HTML comments, and lines that say that there is nothing.
pub(super) fn normal_form(text: &str) -> String {
    let without_comments = COMMENT.replace_all(text, "");
    let lines = without_comments.lines().filter(|line| !says_nothing(line));
    let kept: Vec<&str> = lines.collect();
    TARGET.replace_all(&kept.join("\n"), "$text").into_owned()
}

/// `N/A`, `[label]: https://…`, or an item of a table of contents.
fn says_nothing(line: &str) -> bool {
    let line = line.trim();
    let plain = line.trim_matches(|c: char| "*_-+. ".contains(c));
    plain.eq_ignore_ascii_case("n/a") || DEFINITION.is_match(line) || CONTENTS.is_match(line)
}

static COMMENT: LazyLock<Regex> = LazyLock::new(|| compiled(r"(?s)<!--.*?-->"));
static TARGET: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"\[(?P<text>[^\[\]\n]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\[\]\n]*\])")
});
static DEFINITION: LazyLock<Regex> = LazyLock::new(|| compiled(r"^\[[^\]]+\]:\s*\S+"));
static CONTENTS: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"^(?:[*+-]|[0-9]+[.)])\s+\[[^\]]*\]\(#[^)]*\)$"));

fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_that_leave_the_meaning_make_no_difference() {
        let words = |text: &str| normal_form(text).split_whitespace().collect::<Vec<_>>().join(" ");
        for (text, normal) in [
            (
                "[the queue](old/queue.md), see [1].\n\n- [Why](#why)\n  - [How](#how)\n",
                "the queue, see [1].",
            ),
            (
                "[the queue](../q.md#a(b)), see [1].\n<!-- vale = NO -->\n\nN/A\n\n[1]: https://b.c\n",
                "the queue, see [1].",
            ),
            ("- [x] done", "- [x] done"),
            ("a[0](1)(2", "a0(2"),
            ("- [Queue](queue.md) for all", "- Queue for all"),
            ("Not applicable", "Not applicable"),
            ("[ADR-7] holds", "[ADR-7] holds"),
        ] {
            assert_eq!(words(text), normal);
        }
    }
}
