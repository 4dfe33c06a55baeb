//! Comments that excuse what stands below them: `alignlint: ignore RULE until 2027-01-31 because REASON`,
//! after `#` above a key of YAML or TOML, in `<!-- -->` above a block of Markdown.

use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::finding::Fingerprint;
use crate::node::{Entry, Node, Value};
use crate::record::Record;
use crate::syntax::{Document, Format, Markdown};
use crate::text::{Source, Span, SpanTree};

/// A comment that asks for an excuse.
#[derive(Clone, Debug, PartialEq)]
pub struct Ignore {
    /// The comment's own words, without the marks around them.
    pub span: Span,
    /// The bytes that it speaks for: the key or the block below it, with all that is in it.
    pub scope: Span,
    /// The same as a name that outlives a move: the record, then the keys or the section inside it; of a
    /// block of a page, which has no name, the words, up to the next such comment in it and a hash of the rest.
    pub scope_name: Box<str>,
    /// What it says, or why it can't be understood.
    pub directive: Result<Directive, &'static str>,
}

/// What an ignore grants.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Directive {
    /// A rule, or a family such as `term/*`.
    pub rule: Box<str>,
    /// The last day on which it holds; for ever where there is none.
    pub until: Option<Date>,
    pub reason: Box<str>,
}

impl Ignore {
    /// Whether it excuses this rule on this day, the last day included.
    pub fn suppresses(&self, rule: &str, today: Date) -> bool {
        self.directive.as_ref().is_ok_and(|directive| {
            let named = match directive.rule.strip_suffix('*') {
                Some(family) => rule.starts_with(family),
                None => *directive.rule == *rule,
            };
            named && directive.until.is_none_or(|until| today <= until)
        })
    }
}

impl Ignore {
    /// The key of the record that it speaks for; none where it may speak for more than one.
    pub fn key(&self) -> Option<&str> {
        let first = self.scope_name.split('\u{1f}').next().unwrap_or_default();
        first.split_once('/').map(|(_, key)| key).filter(|_| !first.contains('.'))
    }
}

/// What every such comment starts with. Prose that only speaks of it stands in no comment of its own.
const MARK: &str = "alignlint:";

/// The ignores of a document that holds these records, in the order of the file.
pub(super) fn of(document: &Document, records: &[Record]) -> Vec<Ignore> {
    if !document.source.text().contains(MARK) {
        return Vec::new();
    }
    let parts = Parts::of(document);
    let mut found = match document.format {
        Format::Json => Vec::new(),
        Format::Yaml | Format::Toml | Format::Markdown => in_trees(document, &parts),
    };
    if let Some(markdown) = &document.markdown {
        found.extend(in_page(&document.source, markdown));
    }
    found.sort_by_key(|ignore| ignore.span);
    let subjects = Subjects::of(document, records, &parts);
    let mut below = None;
    for ignore in found.iter_mut().rev() {
        let scope = ignore.scope;
        let words = || {
            let words = words_of_block(&document.source, scope, below);
            below = Some((scope, Fingerprint::of([&*words])));
            words
        };
        ignore.scope_name = subjects.name(scope, words).into();
    }
    found
}

/// The words of a block. What another comment in it speaks for, the next one `below`, is told by its fingerprint: of many
/// comments in one block each word is read once.
fn words_of_block(source: &Source, block: Span, below: Option<(Span, Fingerprint)>) -> String {
    let below = below.filter(|(part, _)| part.end == block.end && block.start <= part.start);
    let end = below.map_or(block.end, |(part, _)| part.start);
    let own = source.slice(Span { end, ..block }).split_whitespace().map(str::to_owned);
    own.chain(below.map(|(_, words)| words.to_string())).collect::<Vec<_>>().join(" ")
}

/// The parts of a document's trees, by their places. What an alias repeats is left out: it stands elsewhere.
#[derive(Default)]
struct Parts<'d> {
    /// Items, and keys with their values: where each is, and what it is called.
    spans: Vec<Span>,
    names: Vec<&'d str>,
    scalars: Vec<Span>,
    /// Where items and keys start, each with its number.
    starts: Vec<(u32, usize)>,
}

impl<'d> Parts<'d> {
    fn of(document: &'d Document) -> Parts<'d> {
        let mut parts = Parts::default();
        document.roots.iter().for_each(|root| parts.gather(root));
        parts.starts.sort_unstable();
        parts
    }

    fn gather(&mut self, node: &'d Node) {
        match &node.value {
            Value::Scalar(_) => self.scalars.push(node.span),
            Value::Sequence(items) => {
                for item in items.iter().filter(|item| node.span.contains(item.span)) {
                    self.add(item.span.start, item.span, name_of(item));
                    self.gather(item);
                }
            }
            Value::Mapping(mapping) => {
                for Entry { key, value } in mapping.entries() {
                    let whole = key.span.to(value.span);
                    if node.span.contains(whole) {
                        self.add(key.span.start, whole, &key.name);
                        self.gather(value);
                    }
                }
            }
        }
    }

    fn add(&mut self, start: u32, whole: Span, name: &'d str) {
        self.starts.push((start, self.spans.len()));
        self.spans.push(whole);
        self.names.push(name);
    }

    /// The widest that starts on a line.
    fn starting_on(&self, line: Span) -> Option<Span> {
        let first = self.starts.partition_point(|(start, _)| *start < line.start);
        self.starts.get(first).filter(|(start, _)| *start < line.end).map(|(_, number)| self.spans[*number])
    }
}

/// What scopes are called, wherever they stand.
struct Subjects<'d> {
    document: &'d Document,
    records: &'d [Record],
    parts: &'d Parts<'d>,
    of_records: SpanTree,
    of_parts: SpanTree,
    of_sections: SpanTree,
}

impl<'d> Subjects<'d> {
    fn of(document: &'d Document, records: &'d [Record], parts: &'d Parts<'d>) -> Subjects<'d> {
        let headings = document.markdown.iter().flat_map(|page| &page.headings);
        Subjects {
            document,
            records,
            parts,
            of_records: SpanTree::new(records.iter().map(|record| record.span)),
            of_parts: SpanTree::new(parts.spans.iter().copied()),
            of_sections: SpanTree::new(headings.map(|heading| heading.line.to(heading.body))),
        }
    }

    /// What a scope is called. `words` gives those of a block of a page, which has no name.
    fn name(&self, scope: Span, words: impl FnOnce() -> String) -> String {
        let document = self.document;
        let record = self.of_records.containing(scope).min().map(|number| &self.records[number]);
        let mut names = vec![match record {
            Some(record) => format!("{}/{}", record.kind.name, record.key()),
            None => document.source.path().to_string(),
        }];
        let whole = Span::new(0, document.source.text().len());
        let within = record.map_or(whole, |record| record.span);
        let mut around: Vec<usize> = self.of_parts.containing(scope).collect();
        around.sort_unstable();
        let inside = around.into_iter().filter(|&number| {
            let span = self.parts.spans[number];
            within.contains(span) && within != span
        });
        names.extend(inside.map(|number| self.parts.names[number].to_owned()));
        if let Some(page) = document.markdown.as_ref().filter(|page| !in_front_matter(page, scope)) {
            let section = self.of_sections.containing(scope).max().map(|number| &page.headings[number]);
            names.extend(section.map(|heading| heading.slug.to_string()));
            if section.is_none_or(|heading| heading.line.start != scope.start) {
                names.push(words());
            }
        }
        names.join("\u{1f}")
    }
}

fn in_front_matter(page: &Markdown, scope: Span) -> bool {
    page.front_matter.as_ref().is_some_and(|front| front.block.contains(scope))
}

/// What tells an item of a list from the others: its identifier, else what stands first in it.
fn name_of(item: &Node) -> &str {
    let first = || item.as_mapping().and_then(|mapping| mapping.entries().first()).map(|entry| &entry.value);
    item.get("id").or_else(first).unwrap_or(item).as_text().unwrap_or("")
}

/// Comment lines of YAML, TOML and front matter.
fn in_trees(document: &Document, parts: &Parts) -> Vec<Ignore> {
    let source = &document.source;
    let front_matter =
        document.markdown.as_ref().map(|page| page.front_matter.as_ref().map(|front| front.content));
    let within = match front_matter {
        Some(None) => return Vec::new(),
        Some(Some(content)) => content,
        None => Span::new(0, source.text().len()),
    };
    // Inside a text a `#` is no comment.
    let scalars = SpanTree::new(parts.scalars.iter().copied());
    let mut found: Vec<Ignore> = Vec::new();
    // From here on they wait for what they speak for.
    let mut waiting = 0;
    let mut start = within.start as usize;
    for line in source.text()[start..].split_inclusive('\n') {
        if start >= within.end as usize && waiting == found.len() {
            break;
        }
        let words = line.trim_start();
        if let Some(comment) = words.strip_prefix('#') {
            let words = comment.trim();
            let at = start + line.find(MARK).unwrap_or(0);
            let span = Span::new(at, at + words.len());
            if words.starts_with(MARK)
                && start < within.end as usize
                && scalars.containing(span).next().is_none()
            {
                found.push(Ignore {
                    span,
                    scope: span,
                    scope_name: Box::default(),
                    directive: parse_directive(words),
                });
            }
        } else if !words.is_empty() {
            let line = Span::new(start, start + line.len());
            let scope = parts.starting_on(line).unwrap_or(line);
            found[waiting..].iter_mut().for_each(|ignore| ignore.scope = scope);
            waiting = found.len();
        }
        start += line.len();
    }
    found[waiting..].iter_mut().for_each(|ignore| ignore.scope = Span::at(start));
    found
}

/// Comments of a page. Above a heading one speaks for the whole section, above anything else for the
/// block, which ends at the next empty line.
fn in_page(source: &Source, markdown: &Markdown) -> Vec<Ignore> {
    let mut block = Span::default();
    let comments = markdown.comments.iter().filter_map(|comment| {
        let inner = source.slice(*comment).strip_prefix("<!--")?.strip_suffix("-->")?;
        let words = inner.trim();
        let at = comment.start as usize + "<!--".len() + inner.find(MARK)?;
        words.starts_with(MARK).then(|| {
            let below = &source.text()[comment.end as usize..];
            let start = source.text().len() - below.trim_start().len();
            let scope = section_at(markdown, start).unwrap_or_else(|| {
                block = block_at(source, start, block);
                block
            });
            let span = Span::new(at, at + words.len());
            Ignore { span, scope, scope_name: Box::default(), directive: parse_directive(words) }
        })
    });
    comments.collect()
}

/// The section whose heading starts here.
fn section_at(markdown: &Markdown, start: usize) -> Option<Span> {
    let at = markdown.headings.partition_point(|heading| (heading.line.start as usize) < start);
    let heading = markdown.headings.get(at).filter(|heading| heading.line.start as usize == start);
    heading.map(|heading| heading.line.to(heading.body))
}

/// The block that starts here. `last` is another one: where this is a part of it, both end together.
fn block_at(source: &Source, start: usize, last: Span) -> Span {
    if (last.start as usize..last.end as usize).contains(&start) {
        return Span::new(start, last.end as usize);
    }
    let lines = source.text()[start..].split_inclusive('\n').take_while(|line| !line.trim().is_empty());
    Span::new(start, start + lines.map(str::len).sum::<usize>())
}

/// Reads the words of a comment.
pub(super) fn parse_directive(words: &str) -> Result<Directive, &'static str> {
    let rest = words.strip_prefix(MARK).unwrap_or(words).trim();
    let rest = rest.strip_prefix("ignore ").ok_or("after `alignlint:` comes `ignore` and a rule")?.trim();
    let (directive, reason) = rest.split_once(" because ").ok_or("it has to say `because`, and why")?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err("it has to say `because`, and why");
    }
    let mut parts = directive.split_whitespace();
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
    Ok(Directive { rule: rule.into(), until, reason: reason.into() })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::syntax::parse;

    /// Each ignore as what it speaks for and what it says.
    fn ignores(path: &str, text: &str) -> Vec<(String, Result<Directive, &'static str>)> {
        let document = parse(Arc::new(Source::new(path, text.into())), Format::from_path(path).unwrap());
        let scope = |ignore: &Ignore| document.source.slice(ignore.scope).trim_end().to_string();
        of(&document, &[]).into_iter().map(|ignore| (scope(&ignore), ignore.directive)).collect()
    }

    fn granted(rule: &str, until: Option<&str>, reason: &str) -> Result<Directive, &'static str> {
        Ok(Directive { rule: rule.into(), until: until.and_then(parse_date), reason: reason.into() })
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
    fn what_each_of_several_speaks_for_in_one_block_is_told_apart_to_its_end() {
        let subjects = |last: &str| {
            let text = format!(
                "# T\n\n<!-- alignlint: ignore a/b because c -->\nOne\n<!-- alignlint: ignore a/c because c -->\n{last}\n"
            );
            let document = parse(Arc::new(Source::new("a.md", text.into_bytes())), Format::Markdown);
            let scope = |ignore: &Ignore| document.source.slice(ignore.scope).to_owned();
            let found = of(&document, &[]);
            assert_eq!(scope(&found[1]), format!("{last}\n"));
            assert!(
                scope(&found[0]).starts_with("One\n<!--") && scope(&found[0]).ends_with(&scope(&found[1]))
            );
            [found[0].scope_name.clone(), found[1].scope_name.clone()]
        };
        let [(first, second), (other, another)] = [subjects("two."), subjects("three.")].map(|[a, b]| (a, b));
        assert!(first != second && first != other && second != another, "{first} {second} {other} {another}");
        assert_eq!(subjects("two."), subjects("two."));
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
            assert_eq!(parse_directive(&format!("{MARK} {words}")), Err(why), "{words}");
        }
    }

    #[test]
    fn what_an_ignore_speaks_for_has_a_name_of_its_own() {
        let subjects = |path: &str, text: &str| -> Vec<String> {
            let document = parse(Arc::new(Source::new(path, text.into())), Format::from_path(path).unwrap());
            of(&document, &[]).iter().map(|ignore| ignore.scope_name.replace('\u{1f}', " > ")).collect()
        };
        let ignore = "alignlint: ignore a/b because c";
        let text =
            format!("kpis:\n  - id: K-1\n    # {ignore}\n    unit: h\n  # {ignore}\n  - {{id: K-2}}\n");
        assert_eq!(subjects("a.yaml", &text), ["a.yaml > kpis > K-1 > unit", "a.yaml > kpis > K-2"]);
        let text = format!("# T\n\n<!-- {ignore} -->\n\n## S\n\n<!-- {ignore} -->\nOne\n two.\n");
        assert_eq!(subjects("a.md", &text), ["a.md > s", "a.md > s > One two."]);
    }

    #[test]
    fn the_last_day_is_included() {
        let span = Span::at(0);
        let directive = granted("garden/*", Some("2027-01-31"), "r");
        let ignore = Ignore { span, scope: span, scope_name: Box::default(), directive };
        assert!(ignore.suppresses("garden/weeds", jiff::civil::date(2027, 1, 31)));
        assert!(!ignore.suppresses("garden/weeds", jiff::civil::date(2027, 2, 1)));
        assert!(!ignore.suppresses("gardens/weeds", jiff::civil::date(2027, 1, 1)));
    }
}
