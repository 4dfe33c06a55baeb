//! Words and what they mean, written in one of several forms.

mod bold_lines;
mod items;
mod lists;

use std::collections::HashSet;

use crate::syntax::markdown::Cell;
use crate::syntax::{Document, Format, Markdown};
use crate::text::{Source, Span};

/// A form in which a page says what words mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Paragraphs and list items that begin with a word in bold: `**Site**: a building of a customer`.
    Bold,
    /// Definition lists of the markup.
    List,
    /// Items of a list without words in bold: `- Site: a building of a customer`.
    Items,
}

impl Form {
    /// Returns false only if a text has nothing in the form.
    pub(super) fn may_be_in(self, text: &str) -> bool {
        match self {
            Form::Bold => text.contains("**") || text.contains("__"),
            Form::List | Form::Items => true,
        }
    }
}

/// The fewest definitions that make a page a list of them.
const LEAST: usize = 2;

/// Returns the words and what they mean, in the order of the page; those of each form but the ones within a meaning of a form before it.
pub(crate) fn find(document: &Document, forms: impl IntoIterator<Item = Form>) -> Vec<[Cell; 2]> {
    let Some(page) = document.markdown.as_deref() else { return Vec::new() };
    let source = &document.source;
    let mut all: Vec<[Cell; 2]> = Vec::new();
    let mut done: Vec<Form> = Vec::new();
    for form in forms {
        if done.contains(&form) {
            continue;
        }
        done.push(form);
        let found = match form {
            Form::Bold => find_bold(source, page),
            Form::List => cells(source, find_in_lists(document, page)),
            Form::Items => cells(source, items::find(document, page)),
        };
        let taken: Vec<Span> = all.iter().map(|[word, meaning]| word.span.to(meaning.span)).collect();
        let is_apart = |[word, meaning]: &[Cell; 2]| {
            let next = taken.partition_point(|part| part.end <= word.span.start);
            taken.get(next).is_none_or(|part| part.start >= meaning.span.end)
        };
        all.extend(found.into_iter().filter(is_apart));
        all.sort_by_key(|[word, meaning]| (meaning.span.start, word.span.start));
    }
    all
}

fn find_in_lists(document: &Document, page: &Markdown) -> Vec<(Span, Span)> {
    match document.format {
        Format::Rst => lists::rst(&Line::all(document, page)),
        // The reader of AsciiDoc takes an indented meaning for a block of code, which is hidden.
        Format::AsciiDoc => lists::asciidoc(&Line::of_page(document, page)),
        Format::Markdown => {
            let lines = Line::all(document, page);
            let mut found = lists::markdown(&lines);
            if document.source.text().contains(DIRECTIVE) {
                found.extend(lists::directives(&Line::of_page(document, page)));
            }
            found.sort();
            found
        }
        _ => Vec::new(),
    }
}

/// A line of text, which is neither in a comment nor in a block of code.
#[derive(Clone, Copy)]
struct Line<'a> {
    at: usize,
    /// Without its end, and the blanks before that.
    text: &'a str,
}

impl<'a> Line<'a> {
    /// The lines below the front matter, also those that are hidden.
    fn of_page(document: &'a Document, page: &Markdown) -> Vec<Line<'a>> {
        let front_matter = page.front_matter.as_ref();
        let mut start = front_matter.map_or(document.source.bom_len(), |it| it.block.end as usize);
        let text = document.source.text().get(start..).unwrap_or_default();
        let line = |line: &'a str| {
            let at = start;
            start += line.len();
            Line { at, text: line.trim_end() }
        };
        text.split_inclusive('\n').map(line).collect()
    }

    /// The lines below the front matter; those that are hidden are empty.
    fn all(document: &'a Document, page: &Markdown) -> Vec<Line<'a>> {
        let fences = page.fences.iter().map(|fence| fence.span);
        let mut hidden: Vec<Span> = page.comments.iter().copied().chain(fences).collect();
        hidden.sort();
        let mut hidden = hidden.into_iter().peekable();
        let mut lines = Line::of_page(document, page);
        for line in &mut lines {
            let end = line.at + line.text.len();
            while hidden.next_if(|part| (part.end as usize) <= line.at).is_some() {}
            if let Some(part) = hidden.peek().filter(|part| (part.start as usize) < end) {
                let shown = (part.start as usize).saturating_sub(line.at);
                line.text = line.text.get(..shown).unwrap_or_default();
            }
        }
        lines
    }

    fn indent(self) -> usize {
        self.text.len() - self.words().len()
    }

    fn words(self) -> &'a str {
        self.text.trim_start()
    }

    fn is_blank(self) -> bool {
        self.text.trim().is_empty()
    }

    /// The span of a part of the line, without the blanks around it.
    fn span_of(self, part: std::ops::Range<usize>) -> Span {
        let text = self.text.get(part.clone()).unwrap_or_default();
        let start = self.at + part.start + (text.len() - text.trim_start().len());
        Span::new(start, start + text.trim().len())
    }

    /// The span of the line, without the blanks around it.
    fn span(self) -> Span {
        self.span_of(0..self.text.len())
    }
}

/// Returns the words and what they mean; none if the page has fewer than two. A page with a single one says something else.
fn find_bold(source: &Source, page: &Markdown) -> Vec<[Cell; 2]> {
    let text = source.text();
    let mut found: Vec<(Span, Span)> = Vec::new();
    let mut start = 0;
    let (mut is_open, mut is_code) = (false, false);
    // True if no heading is between the last word and the line.
    let mut is_near = false;
    // True if the sentence of the line before goes on in this one.
    let mut goes_on = false;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let words = line.trim_start();
        let within_sentence = std::mem::replace(&mut goes_on, is_unended(words)) && !is_open;
        let is_fence = words.starts_with("```") || words.starts_with("~~~");
        is_code ^= is_fence;
        if is_fence || is_code || page.comments.iter().any(|comment| comment.contains(Span::at(at))) {
            is_open = false;
            continue;
        }
        is_near &= !words.starts_with('#');
        let is_below = |found: &(Span, Span)| {
            let is_indented = line.len() > words.len();
            (is_indented || is_near && words.starts_with(['_', '*'])) && found.1.start < at as u32
        };
        if let Some((_, meaning)) = found.last_mut().filter(|it| is_to_avoid(words) && is_below(it)) {
            meaning.end = Span::new(at, at + line.trim_end().len()).end;
            is_open = true;
        } else if let Some((word, meaning)) = split(line).filter(|_| !within_sentence) {
            let span = |from: usize, to: usize| Span::new(at + from, at + to);
            found.push((span(word.start, word.end), span(meaning, line.trim_end().len().max(meaning))));
            (is_open, is_near) = (true, true);
        } else if words.is_empty() || words.starts_with(['#', '-', '*', '+', '|', '>']) {
            is_open = false;
        } else if let Some((_, meaning)) = found.last_mut().filter(|_| is_open) {
            meaning.end = Span::new(at, at + line.trim_end().len()).end;
        }
    }
    drop_labels(source, &mut found);
    match found.len() < LEAST {
        true => cells(source, bold_lines::find(source, page)),
        false => cells(source, found),
    }
}

/// Returns true for a line of prose that ends within a sentence.
fn is_unended(words: &str) -> bool {
    !words.starts_with(['#', '-', '*', '+', '_', '|', '>'])
        && words.trim_end_matches(['\r', '\n']).ends_with(|c: char| c.is_alphanumeric() || c == ',')
}

/// Removes words that the page defines three times or more. They are labels and not terms: `**Example:**` below each heading.
fn drop_labels(source: &Source, found: &mut Vec<(Span, Span)>) {
    const MOST: usize = 2;
    let mut counts: ahash::HashMap<&str, usize> = ahash::HashMap::default();
    found.iter().for_each(|(word, _)| *counts.entry(source.slice(*word)).or_default() += 1);
    found.retain(|(word, _)| counts[source.slice(*word)] <= MOST);
}

/// What names a block of code whose entries are words, each followed by a line that begins with a colon and says what it means.
const DIRECTIVE: &str = "{glossary}";

/// Returns the words and meanings without the blanks around them; none if there are too few.
fn cells(source: &Source, found: Vec<(Span, Span)>) -> Vec<[Cell; 2]> {
    let cell = |span: Span| {
        let whole = source.slice(span);
        let trimmed = whole.trim();
        let start = span.start as usize + (whole.len() - whole.trim_start().len());
        Cell { span: Span::new(start, start + trimmed.len()), text: trimmed.into(), is_continued: false }
    };
    let cells = found.into_iter().map(|(word, meaning)| [cell(without_links(source, word)), cell(meaning)]);
    let is_word =
        |[word, meaning]: &[Cell; 2]| word.text.contains(char::is_alphanumeric) && !meaning.text.is_empty();
    let mut cells: Vec<[Cell; 2]> = cells.filter(is_word).collect();
    // One word in several spellings is one: `*[docstring]: …` and `*[Docstring]: …`.
    let mut seen = HashSet::new();
    cells.retain(|[word, meaning]| seen.insert((word.text.to_lowercase(), meaning.text.clone())));
    if cells.len() < LEAST { Vec::new() } else { cells }
}

/// Returns a word without the targets of links before it, and the text of a word that is a link: `[Site](#site)`.
fn without_links(source: &Source, span: Span) -> Span {
    let (mut start, mut end) = (span.start as usize, span.end as usize);
    loop {
        let text = source.slice(Span::new(start, end));
        let rest = text.trim_start();
        if let Some(tag) =
            rest.starts_with('<').then(|| rest.find('>')).flatten().filter(|at| at + 1 < rest.len())
        {
            start += text.len() - rest.len() + tag + 1;
        } else if let Some(tag) =
            text.trim_end().strip_suffix('>').and_then(|text| text.rfind('<')).filter(|at| *at > 0)
        {
            end = start + tag;
        } else {
            break;
        }
    }
    let text = source.slice(Span::new(start, end));
    let is_link = |(_, target): &(&str, &str)| target.ends_with(')') && !target.contains("](");
    match text
        .trim_start()
        .strip_prefix('[')
        .and_then(|text| text.trim_end().split_once("]("))
        .filter(is_link)
    {
        Some((words, _)) => {
            let from = start + text.len() - text.trim_start().len() + 1;
            Span::new(from, from + words.len())
        }
        None => Span::new(start, end),
    }
}

/// Returns true for a line below a meaning that names the words to avoid for it: `- **Avoid:** client`.
fn is_to_avoid(words: &str) -> bool {
    const LABELS: [&str; 4] = ["avoid", "do not use", "don't use", "synonyms to avoid"];
    let label = words.trim_start_matches(['-', '*', '+', '_', ' ']);
    label.split_once(':').is_some_and(|(label, _)| {
        let label = label.trim_end_matches(['*', '_', ' ']);
        LABELS.iter().any(|known| known.eq_ignore_ascii_case(label))
    })
}

/// Returns the range of the word in bold at the beginning of a line, and where its meaning begins, after a colon or a dash.
fn split(line: &str) -> Option<(std::ops::Range<usize>, usize)> {
    const DASHES: [&str; 4] = [":", "–", "—", "- "];
    let words = line.trim_start();
    let item = ["- ", "* ", "+ "].into_iter().find_map(|mark| words.strip_prefix(mark));
    let words = item.unwrap_or(words).trim_start();
    let mark = ["**", "__"].into_iter().find(|mark| words.starts_with(mark))?;
    let from = line.len() - words.len() + mark.len();
    let length = line[from..].find(mark)?;
    let word = line[from..from + length].trim_end_matches([':', ' ']);
    let rest = &line[from + length + mark.len()..];
    let has_colon = word.len() < length && line[from + word.len()..from + length].contains(':');
    let after_mark =
        |rest: &'_ str| DASHES.into_iter().find_map(|dash| Some(rest.trim_start().strip_prefix(dash)?.len()));
    let beyond_note = || after_mark(rest.trim_start().strip_prefix('(')?.split_once(')')?.1);
    let after = after_mark(rest).or_else(beyond_note).map(|length| &rest[rest.len() - length..]);
    // In an item, the words may end with a full stop: `- **Site.** A building of a customer`.
    let is_sentence = || item.is_some() && word.ends_with('.') && rest.trim().len() > word.len();
    // The full stop may also follow the mark: `**Site**. A building of a customer`.
    let after = after.or_else(|| rest.strip_prefix(". "));
    let meaning = after.or_else(|| (has_colon || is_sentence()).then_some(rest))?;
    let word = word.trim_end_matches('.');
    Some((from..from + word.len(), line.len() - meaning.len()))
}
