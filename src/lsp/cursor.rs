//! What is under the cursor: a record by a reference, a citation, an identifier or a term; or a rule.

use std::sync::Arc;

use lsp_types::{Location, TextDocumentPositionParams, Uri};

use crate::catalog::SourceFile;
use crate::input::Input;
use crate::record::Record;
use crate::report::one_line;
use crate::rule::Rule;
use crate::syntax::Format;
use crate::term::TERM;
use crate::text::{Source, Span};

use super::context::Context;
use super::session::State;

/// A place in a document, as the client has it, and the last check.
pub(super) struct Cursor<'c> {
    pub state: &'c State,
    /// Its path is the one from the root of the checked folder.
    pub source: Arc<Source>,
    pub at: usize,
    /// What the last check has read of the file.
    pub file: Option<&'c SourceFile>,
}

impl<'c> Cursor<'c> {
    pub(super) fn new(context: &Context<'c>, params: &TextDocumentPositionParams) -> Option<Cursor<'c>> {
        let (state, source) = document(context, &params.text_document.uri)?;
        let at = context.encoding.offset(&source, params.position);
        let file = state.result.input.file_at(source.path());
        Some(Cursor { state, source, at, file })
    }

    pub(super) fn input(&self) -> &'c Input {
        &self.state.result.input
    }

    /// Returns the place in the text that was checked; `None` inside of what has changed since.
    pub(super) fn checked_at(&self) -> Option<usize> {
        let (now, then) = (self.source.text().as_bytes(), self.file?.source().text().as_bytes());
        let left = now.len() - self.at;
        match (now.get(..self.at) == then.get(..self.at), then.len().checked_sub(left)) {
            (true, _) => Some(self.at),
            (false, Some(at)) if now[self.at..] == then[at..] => Some(at),
            _ => None,
        }
    }

    /// Returns the record that is named here, or whose name this is.
    pub(super) fn identified(&self) -> Option<&'c Record> {
        self.mentioned().or_else(|| self.cited()).or_else(|| self.named())
    }

    pub(super) fn record(&self) -> Option<&'c Record> {
        self.identified().or_else(|| self.linked()).or_else(|| self.term())
    }

    /// The record that contains the place.
    pub(super) fn around(&self) -> Option<&'c Record> {
        let at = self.checked_at()?;
        let records = self.input().records_of(self.file?).iter();
        records.filter(|record| touches(record.span, at)).min_by_key(|it| it.span.end - it.span.start)
    }

    /// The last record before the place.
    pub(super) fn above(&self) -> Option<&'c Record> {
        let records = self.input().records_of(self.file?).iter();
        records.filter(|record| record.span.end as usize <= self.at).max_by_key(|it| it.span.end)
    }

    fn mentioned(&self) -> Option<&'c Record> {
        let (at, input) = (self.checked_at()?, self.input());
        let mut records = input.records_of(self.file?).iter();
        records.find_map(|record| {
            let mut here = input.references(record).filter(|it| touches(it.span, at));
            let target =
                here.find_map(|reference| reference.target.record()).map(|number| input.record(number));
            let is_own =
                || record.field("id").is_some_and(|id| touches(id.span, at)) || touches(record.name_span, at);
            target.or_else(|| is_own().then_some(record))
        })
    }

    /// The record that prose or a comment cites here. Citations have numbers.
    fn cited(&self) -> Option<&'c Record> {
        if !self.source.slice(self.source.line_span(self.at)).contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let citations = self.input().citations_in(&self.source);
        let here = citations.iter().find(|it| touches(it.span, self.at))?;
        Some(self.input().record(here.target?))
    }

    /// The record to whose file a link leads.
    fn linked(&self) -> Option<&'c Record> {
        let (at, file) = (self.checked_at()?, self.file?);
        let links = file.document.markdown.iter().flat_map(|page| &page.links);
        let mut here = links.filter(|link| touches(link.span.to(link.destination_span), at));
        here.find_map(|link| self.input().record_at_link(file.path(), link))
    }

    /// The only record with the word as its identifier. Unless it has a number or is a value, it may be a common word.
    fn named(&self) -> Option<&'c Record> {
        let (word, input) = (self.source.slice(self.word()), self.input());
        let is_data = Format::from_path(self.source.path()).is_some_and(|format| !format.is_page());
        let before = Span { start: self.source.line_span(self.at).start, end: self.word().start };
        let before = self.source.slice(before).trim_end_matches([' ', '"', '\'']);
        let is_value = is_data && before.ends_with([':', '[', '-']);
        if word.is_empty() || !is_value && !word.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let key = word.to_lowercase();
        let found = input.kinds_in_use().flat_map(|kind| input.with_key(kind, &key));
        let mut found =
            found.map(|number| input.record(*number)).filter(|it| it.id.eq_ignore_ascii_case(word));
        let only = found.next();
        only.filter(|_| found.next().is_none())
    }

    fn term(&self) -> Option<&'c Record> {
        let (at, input) = (self.checked_at()?, self.input());
        if input.of_kind(TERM).is_empty() {
            return None;
        }
        let uses = input.vocabulary().uses(input, self.file?);
        let here = uses.iter().find(|it| touches(it.span, at))?;
        Some(input.record(here.term))
    }

    /// The rule that is named here, or by the ignore comment around.
    pub(super) fn rule(&self) -> Option<&'c Rule> {
        let rules = &self.state.linter.policy().rules;
        let by_comment = || {
            let at = self.checked_at()?;
            let ignore = self.file?.ignores.iter().find(|ignore| touches(ignore.span, at))?;
            rules.get(&ignore.directive.as_ref().ok()?.rule)
        };
        rules.get(self.source.slice(self.word())).or_else(by_comment).map(|rule| &**rule)
    }

    /// The word around the cursor, as identifiers are written.
    pub(super) fn word(&self) -> Span {
        let text = self.source.text();
        let is_other = |c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
        let start = text[..self.at]
            .rfind(is_other)
            .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
        let end = text[self.at..].find(is_other).map_or(text.len(), |end| self.at + end);
        let word = &text[start..end];
        Span::new(start, start + word.trim_end_matches(['.', '/', '-']).len())
    }

    /// The line up to the cursor.
    pub(super) fn before(&self) -> &str {
        &self.source.text()[self.source.line_span(self.at).start as usize..self.at]
    }
}

pub(super) fn touches(span: Span, at: usize) -> bool {
    (span.start as usize..=span.end as usize).contains(&at)
}

/// Returns the last check and a document's text, of the client or else the one that was checked.
pub(super) fn document<'c>(context: &Context<'c>, uri: &Uri) -> Option<(&'c State, Arc<Source>)> {
    let (state, path) = (context.state?, context.root.path(uri).ok()?);
    let own = state.path(&path)?;
    let source = match context.documents.get(&path) {
        // What Git ignores is no file of the repository.
        Some(_) if !state.linter.snapshot().whole().may_list(&path) => return None,
        Some(open) if own == path => open.source.clone(),
        Some(open) => Arc::new(Source::new(own, open.source.text().as_bytes().to_vec())),
        None => state.linter.snapshot().read_path(own)?,
    };
    Some((state, source))
}

/// Returns a place in a file of the check as the client takes it.
pub(super) fn location(context: &Context, source: &Source, span: Span) -> Option<Location> {
    let uri = context.root.uri(&context.state?.path_in_repository(source.path()))?;
    Some(Location { uri, range: context.encoding.range(source, span) })
}

/// Returns a text of the repository on one line, such that no client makes HTML, an image or a link of it.
pub(super) fn plain(text: &str) -> String {
    const MAX_CHARS: usize = 200;
    let line = one_line(text.trim());
    let short: String = line.chars().take(MAX_CHARS).collect();
    let end = if short.len() < line.len() { "…" } else { "" };
    let safe = short.replace('<', "‹").replace('>', "›").replace("](", "] (").replace("![", "! [");
    format!("{}{end}", safe.replace("://", ": //").replace("www.", "www ."))
}
