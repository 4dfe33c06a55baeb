//! Pages shown in a fence as an example, which their own fences end too early.

use super::Markdown;
use crate::text::Span;

const LANGUAGES: [&str; 3] = ["markdown", "md", "mdx"];

/// Removes the links below the fences of such examples: their authors took them for a part of the example.
pub(super) fn remove_links(text: &str, within: Span, markdown: &mut Markdown) {
    let base = within.start as usize;
    let mut examples: Vec<Span> = Vec::new();
    for block in markdown.fences.iter().filter(|block| LANGUAGES.contains(&&*block.language)) {
        let (start, end) = (block.span.start as usize, block.span.end as usize);
        if start < base || examples.last().is_some_and(|example| block.span.start < example.end) {
            continue;
        }
        let shown = text.get(start - base..end - base).unwrap_or_default();
        if !shown.lines().skip(1).any(|line| Fence::at(line).is_some_and(|fence| fence.opens)) {
            continue;
        }
        // If one example has no end, neither has the next: each is searched to the end of the page.
        let Some(length) = length(&text[start - base..]) else { break };
        if start + length > end {
            examples.push(Span::new(end, start + length));
        }
    }
    if !examples.is_empty() {
        markdown.links.retain(|link| !examples.iter().any(|example| example.contains(link.span)));
    }
}

/// Returns the length of the example that a text begins with, if each fence in it that names a language is closed.
fn length(text: &str) -> Option<usize> {
    let (mut depth, mut end) = (0_usize, 0);
    let mut mark = None;
    for line in text.split_inclusive('\n') {
        end += line.len();
        let Some(fence) = Fence::at(line).filter(|fence| fence.mark == *mark.get_or_insert(fence.mark))
        else {
            continue;
        };
        depth = if fence.opens { depth + 1 } else { depth.checked_sub(1)? };
        if depth == 0 {
            return Some(end);
        }
    }
    None
}

/// A line that begins or ends a block of code.
struct Fence {
    mark: u8,
    /// True if it names a language.
    opens: bool,
}

impl Fence {
    fn at(line: &str) -> Option<Fence> {
        let line = line.trim();
        let mark = *line.as_bytes().first().filter(|mark| matches!(mark, b'`' | b'~'))?;
        let rest = line.trim_start_matches(char::from(mark));
        let is_fence = line.len() - rest.len() >= 3 && !rest.contains('`');
        is_fence.then_some(Fence { mark, opens: !rest.is_empty() })
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::{Format, parse};
    use crate::text::Source;

    fn links(text: &str) -> Vec<String> {
        let page = parse(Source::new("page.md", text.into()).into(), Format::Markdown);
        let links = page.markdown.iter().flat_map(|page| &page.links);
        links.map(|link| link.destination.to_string()).collect()
    }

    #[test]
    fn a_fence_with_a_language_does_not_end_the_example_around_it() {
        let page =
            "[a](a.md)\n\n```markdown\n# Orders\n\n```sql\nselect 1\n```\n\n[b](b.md)\n```\n\n[c](c.md)\n";
        assert_eq!(links(page), ["a.md"], "the last fence begins a block for the parser");
        let deeper = page.replace("select 1", "select 1\n```\n\n[d](d.md)\n\n```sh\nls");
        assert_eq!(links(&deeper), ["a.md"]);
        let longer = page.replace("```markdown", "````markdown").replace("[b](b.md)\n```", "[b](b.md)\n````");
        assert_eq!(links(&longer), ["a.md", "c.md"], "the parser knows such an example");
    }

    #[test]
    fn an_example_without_an_end_hides_no_link() {
        let page = "```markdown\n```sql\nselect 1\n```\n\n[b](b.md)\n\n```text\n[c](c.md)\n```\n[d](d.md)\n";
        assert_eq!(links(page), ["b.md", "d.md"]);
        assert_eq!(links("```markdown\n[a](a.md)\n```\n[b](b.md)\n"), ["b.md"]);
    }
}
