use super::layout::Layout;
use crate::syntax::markdown::Heading;
use crate::text::{Edit, Source, Span};

/// Inserts a paragraph directly below a heading.
pub fn insert_below(source: &Source, heading: &Heading, text: &str) -> Edit {
    paragraph(source, heading.line.end as usize, text)
}

/// Appends a paragraph to the text directly below a heading; a list item if that text ends with a list.
pub fn append_to_section(source: &Source, heading: &Heading, text: &str) -> Edit {
    let own = source.slice(heading.own_body).trim_end();
    if own.trim_start().is_empty() {
        return insert_below(source, heading, text);
    }
    let layout = Layout { text: source.text() };
    let end = layout.line_end(heading.own_body.start as usize + own.len());
    let last = layout.line_prefix(end);
    match ["- ", "* ", "+ "].into_iter().find(|mark| last.starts_with(mark)) {
        Some(mark) => layout.insert_line_after(end, &format!("{mark}{text}")),
        None => paragraph(source, end, text),
    }
}

fn paragraph(source: &Source, after: usize, text: &str) -> Edit {
    let layout = Layout { text: source.text() };
    let end = layout.line_end(after);
    let newline = layout.newline(end);
    let rest = source.text().get(end..).unwrap_or("");
    let next = rest.strip_prefix("\r\n").or(rest.strip_prefix('\n'));
    let is_apart = next.is_none_or(|next| next.lines().next().is_none_or(|line| line.trim().is_empty()));
    let apart = if is_apart { "" } else { newline };
    Edit { span: Span::at(end), replacement: format!("{newline}{newline}{text}{apart}") }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::syntax::{self, Format};

    fn edited(text: &str, title: &str, edit: fn(&Source, &Heading, &str) -> Edit) -> String {
        let source = Arc::new(Source::new("a.md", text.into()));
        let document = syntax::parse(source.clone(), Format::Markdown);
        let heading = document
            .markdown
            .as_ref()
            .and_then(|page| page.headings.iter().find(|it| &*it.title == title))
            .unwrap();
        let edit = edit(&source, heading, "New.");
        format!("{}{}{}", &text[..edit.span.range().start], edit.replacement, &text[edit.span.range().end..])
    }

    #[test]
    fn a_paragraph_is_separated_by_blank_lines() {
        assert_eq!(edited("# A\n\ntext\n", "A", insert_below), "# A\n\nNew.\n\ntext\n");
        assert_eq!(edited("# A\ntext\n", "A", insert_below), "# A\n\nNew.\n\ntext\n");
        assert_eq!(edited("A\r\n=\r\n\r\ntext", "A", insert_below), "A\r\n=\r\n\r\nNew.\r\n\r\ntext");
        assert_eq!(edited("# A", "A", append_to_section), "# A\n\nNew.");
        assert_eq!(edited("# A\n\ntext\n\n# B\n", "A", append_to_section), "# A\n\ntext\n\nNew.\n\n# B\n");
        assert_eq!(edited("# A\ntext\n# B\n", "A", append_to_section), "# A\ntext\n\nNew.\n\n# B\n");
    }

    #[test]
    fn a_list_is_extended() {
        assert_eq!(
            edited("# A\n\n* one\n* two\n\n# B\n", "A", append_to_section),
            "# A\n\n* one\n* two\n* New.\n\n# B\n"
        );
    }
}
