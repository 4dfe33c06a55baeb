//! Comments that excuse what stands below them: `alignlint: ignore RULE until 2027-01-31 because REASON`,
//! after `#` above a key of YAML or TOML, in `<!-- -->` above a block of Markdown.

use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::node::{Node, Value};
use crate::syntax::{Document, Format, Markdown};
use crate::text::{Source, Span};

/// A comment that asks for an excuse.
#[derive(Clone, Debug, PartialEq)]
pub struct Ignore {
    /// The comment's own words, without the marks around them.
    pub span: Span,
    /// The bytes that it speaks for: the key or the block below it, with all that is in it.
    pub scope: Span,
    /// What it says, or why it can't be understood.
    pub terms: Result<Terms, &'static str>,
}

/// What an ignore grants.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// A rule, or a family such as `term/*`.
    pub rule: Box<str>,
    /// The last day on which it holds; for ever where there is none.
    pub until: Option<Date>,
    pub reason: Box<str>,
}

impl Ignore {
    /// Whether it excuses this rule on this day, the last day included.
    pub fn excuses(&self, rule: &str, today: Date) -> bool {
        self.terms.as_ref().is_ok_and(|terms| {
            let named = match terms.rule.strip_suffix('*') {
                Some(family) => rule.starts_with(family),
                None => *terms.rule == *rule,
            };
            named && terms.until.is_none_or(|until| today <= until)
        })
    }
}

/// What every such comment starts with. Prose that only speaks of it stands in no comment of its own.
const MARK: &str = "alignlint:";

/// The ignores of a document, in the order of the file.
pub(super) fn of(document: &Document) -> Vec<Ignore> {
    if !document.source.text().contains(MARK) {
        return Vec::new();
    }
    let mut found = match document.format {
        Format::Json => Vec::new(),
        Format::Yaml | Format::Toml | Format::Markdown => in_trees(document),
    };
    if let Some(markdown) = &document.markdown {
        found.extend(in_page(&document.source, markdown));
    }
    found.sort_by_key(|ignore| ignore.span);
    found
}

/// Comment lines of YAML, TOML and front matter.
fn in_trees(document: &Document) -> Vec<Ignore> {
    let source = &document.source;
    let front_matter =
        document.markdown.as_ref().map(|page| page.front_matter.as_ref().map(|front| front.content));
    let within = match front_matter {
        Some(None) => return Vec::new(),
        Some(Some(content)) => content,
        None => Span::new(0, source.text().len()),
    };
    let mut found = Vec::new();
    let mut start = within.start as usize;
    for line in source.slice(within).split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let words =
            line.trim_start().strip_prefix('#').map(str::trim).filter(|words| words.starts_with(MARK));
        if let Some(words) = words {
            let at = start + indent + line[indent..].find(MARK).unwrap_or(0);
            let span = Span::new(at, at + words.len());
            if !document.roots.iter().any(|root| in_scalar(root, span)) {
                let scope = below(source, &document.roots, start + line.len());
                found.push(Ignore { span, scope, terms: terms(words) });
            }
        }
        start += line.len();
    }
    found
}

/// Whether the place lies inside a text, where a `#` is no comment.
fn in_scalar(node: &Node, span: Span) -> bool {
    match &node.value {
        Value::Scalar(_) => node.span.contains(span),
        Value::Sequence(items) => items.iter().any(|item| in_scalar(item, span)),
        Value::Mapping(mapping) => mapping.entries().iter().any(|entry| in_scalar(&entry.value, span)),
    }
}

/// The widest item or key with its value that starts on the first line at or after `from` that is neither
/// empty nor a comment.
fn below(source: &Source, roots: &[Node], from: usize) -> Span {
    let mut start = from;
    for line in source.text().get(from..).unwrap_or("").split_inclusive('\n') {
        let words = line.trim();
        if !words.is_empty() && !words.starts_with('#') {
            let line = Span::new(start, start + line.len());
            let on_line = roots.iter().filter_map(|root| starting_on(root, line));
            return on_line.reduce(Span::to).unwrap_or(line);
        }
        start += line.len();
    }
    Span::at(start)
}

fn starting_on(node: &Node, line: Span) -> Option<Span> {
    let starts = |span: Span| line.start <= span.start && span.start < line.end;
    match &node.value {
        Value::Scalar(_) => None,
        Value::Sequence(items) => items
            .iter()
            .find_map(|item| if starts(item.span) { Some(item.span) } else { starting_on(item, line) }),
        Value::Mapping(mapping) => mapping.entries().iter().find_map(|entry| {
            let whole = entry.key.span.to(entry.value.span);
            if starts(entry.key.span) { Some(whole) } else { starting_on(&entry.value, line) }
        }),
    }
}

/// Comments of a page. Above a heading one speaks for the whole section, above anything else for the
/// block, which ends at the next empty line.
fn in_page(source: &Source, markdown: &Markdown) -> Vec<Ignore> {
    let comments = markdown.comments.iter().filter_map(|comment| {
        let inner = source.slice(*comment).strip_prefix("<!--")?.strip_suffix("-->")?;
        let words = inner.trim();
        let at = comment.start as usize + "<!--".len() + inner.find(MARK)?;
        words.starts_with(MARK).then(|| Ignore {
            span: Span::new(at, at + words.len()),
            scope: block_below(source, markdown, comment.end as usize),
            terms: terms(words),
        })
    });
    comments.collect()
}

fn block_below(source: &Source, markdown: &Markdown, from: usize) -> Span {
    let rest = source.text().get(from..).unwrap_or("");
    let start = from + rest.len() - rest.trim_start().len();
    if let Some(heading) = markdown.headings.iter().find(|heading| heading.line.start as usize == start) {
        return heading.line.to(heading.body);
    }
    let mut end = start;
    for line in source.text()[start..].split_inclusive('\n').take_while(|line| !line.trim().is_empty()) {
        end += line.len();
    }
    Span::new(start, end)
}

/// Reads the words of a comment.
fn terms(words: &str) -> Result<Terms, &'static str> {
    let rest = words.strip_prefix(MARK).unwrap_or(words).trim();
    let rest = rest.strip_prefix("ignore ").ok_or("after `alignlint:` comes `ignore` and a rule")?.trim();
    let (terms, reason) = rest.split_once(" because ").ok_or("it has to say `because`, and why")?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err("it has to say `because`, and why");
    }
    let mut parts = terms.split_whitespace();
    let rule = parts
        .next()
        .filter(|rule| rule.contains('/'))
        .ok_or("after `ignore` comes a rule, such as `term/*`")?;
    let until = match (parts.next(), parts.next(), parts.next()) {
        (None, _, _) => None,
        (Some("until"), Some(day), None) => {
            Some(parse_date(day).ok_or("after `until` comes a day such as 2027-01-31")?)
        }
        _ => return Err("between the rule and `because` only `until` and a day may stand"),
    };
    Ok(Terms { rule: rule.into(), until, reason: reason.into() })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::syntax::read;

    /// Each ignore as what it speaks for and what it says.
    fn ignores(path: &str, text: &str) -> Vec<(String, Result<Terms, &'static str>)> {
        let document = read(Arc::new(Source::new(path, text.into())), Format::of_path(path).unwrap());
        let scope = |ignore: &Ignore| document.source.slice(ignore.scope).trim_end().to_string();
        of(&document).into_iter().map(|ignore| (scope(&ignore), ignore.terms)).collect()
    }

    fn granted(rule: &str, until: Option<&str>, reason: &str) -> Result<Terms, &'static str> {
        Ok(Terms { rule: rule.into(), until: until.and_then(parse_date), reason: reason.into() })
    }

    #[test]
    fn a_comment_speaks_for_the_item_or_key_below_it() {
        let text = "decisions:\n  # alignlint: ignore garden/* until 2027-01-31 because we are hiring\n  \
                    - id: D-1\n    # alignlint: ignore garden/weeds because it is old\n    review-by: 2020-01-01\n  - id: D-2\n";
        assert_eq!(
            ignores("a.yaml", text),
            [
                (
                    "id: D-1\n    # alignlint: ignore garden/weeds because it is old\n    review-by: 2020-01-01".into(),
                    granted("garden/*", Some("2027-01-31"), "we are hiring")
                ),
                ("review-by: 2020-01-01".into(), granted("garden/weeds", None, "it is old")),
            ]
        );
    }

    #[test]
    fn above_a_heading_it_speaks_for_the_section_and_else_for_the_block() {
        let text = "# T\n\n<!-- alignlint: ignore garden/weeds because a quotation -->\nOne\ntwo.\n\nThree.\n\n\
                    <!-- alignlint: ignore a/b because c -->\n\n## Section\n\ntext\n\n## Next\n";
        let scopes: Vec<String> = ignores("a.md", text).into_iter().map(|(scope, _)| scope).collect();
        assert_eq!(scopes, ["One\ntwo.", "## Section\n\ntext"]);
    }

    #[test]
    fn prose_is_no_comment() {
        assert_eq!(ignores("a.yaml", "note: |\n  # alignlint: ignore a/b because c\nid: 1\n"), []);
        assert_eq!(ignores("a.md", "Write `<!-- alignlint: ignore a/b because c -->` above it.\n"), []);
        assert_eq!(ignores("a.md", "# alignlint: ignore a/b because c\n"), []);
    }

    #[test]
    fn what_is_not_to_the_letter_excuses_nothing_and_says_why() {
        for (words, why) in [
            ("ignore a/b", "it has to say `because`, and why"),
            ("ignore a/b because  ", "it has to say `because`, and why"),
            ("off", "after `alignlint:` comes `ignore` and a rule"),
            ("ignore everything because c", "after `ignore` comes a rule, such as `term/*`"),
            ("ignore a/b until soon because c", "after `until` comes a day such as 2027-01-31"),
            (
                "ignore a/b for now because c",
                "between the rule and `because` only `until` and a day may stand",
            ),
        ] {
            assert_eq!(terms(&format!("{MARK} {words}")), Err(why), "{words}");
        }
    }

    #[test]
    fn the_last_day_is_included() {
        let span = Span::at(0);
        let ignore = Ignore { span, scope: span, terms: granted("garden/*", Some("2027-01-31"), "r") };
        assert!(ignore.excuses("garden/weeds", jiff::civil::date(2027, 1, 31)));
        assert!(!ignore.excuses("garden/weeds", jiff::civil::date(2027, 2, 1)));
        assert!(!ignore.excuses("gardens/weeds", jiff::civil::date(2027, 1, 1)));
    }
}
