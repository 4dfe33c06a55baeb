//! The edits of all files that name a record.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalog::{Catalog, CodeCitation, SourceFile, Target};
use crate::finding::Fault;
use crate::node::Node;
use crate::record::{Record, id_key};
use crate::text::{Source, Span};

use super::spelling::{Spelling, is_of_commit};
use super::{EditsByPath, FileEdits, RenamedFile};

pub(super) struct Edits(EditsByPath);

impl Edits {
    pub(super) fn of(catalog: &Catalog, record: &Record, spelling: &Spelling) -> Result<Edits, Fault> {
        let is_namesake = |other: &Record| other.number != record.number && other.id == record.id;
        let has_namesake = catalog.records().iter().any(is_namesake);
        let mut collector = Collector { catalog, record, spelling, has_namesake, edits: HashMap::new() };
        collector.own_id();
        for file in catalog.files() {
            collector.references(file);
            collector.links(file);
            collector.words(file);
        }
        for file in catalog.citing_files().iter().chain(&catalog.citing_records()) {
            collector.citations(file.source(), &file.citations);
        }
        Ok(Edits(collector.edits))
    }

    /// Returns the edited files, those that move at their new paths.
    pub(super) fn apply(mut self, spelling: &Spelling) -> Result<Vec<RenamedFile>, Fault> {
        let mut files: Vec<RenamedFile> = Vec::new();
        let mut paths: Vec<Arc<str>> = self.0.keys().cloned().collect();
        paths.sort_unstable();
        for edited in paths {
            let Some((source, edits)) = self.0.remove(&edited) else { continue };
            if source.invalid_at().is_some() {
                return Err(Fault::new(format!("`{edited}` is not UTF-8")).help("rename it by hand"));
            }
            let text = apply(source.text(), &edits);
            let to = spelling.new_path(&edited);
            files.push((source, Arc::new(Source::new(to, text.into_bytes()))));
        }
        Ok(files)
    }
}

/// Applies edits in the order of their places; one inside another is left out.
fn apply(text: &str, edits: &FileEdits) -> String {
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for (span, replacement) in edits {
        if (span.start as usize) < at {
            continue;
        }
        out.push_str(&text[at..span.start as usize]);
        out.push_str(replacement);
        at = span.end as usize;
    }
    out.push_str(&text[at..]);
    out
}

struct Collector<'c> {
    catalog: &'c Catalog,
    record: &'c Record,
    spelling: &'c Spelling,
    /// True if another record has the same identifier.
    has_namesake: bool,
    edits: EditsByPath,
}

impl Collector<'_> {
    /// Replaces a span by its respelt text, if there is one.
    fn edit(
        &mut self,
        source: &Arc<Source>,
        span: Span,
        respell: impl Fn(&Spelling, &str) -> Option<String>,
    ) {
        let Some(replacement) = respell(self.spelling, source.slice(span)) else { return };
        let entry =
            self.edits.entry(source.path().clone()).or_insert_with(|| (source.clone(), FileEdits::new()));
        entry.1.insert(span, replacement);
    }

    /// The identifier in the record's own text, if it is there; a file without edits is kept for its new name.
    fn own_id(&mut self) {
        let source = self.catalog.file_of(self.record).source().clone();
        let path = source.path().clone();
        self.edits.entry(path).or_insert_with(|| (source.clone(), FileEdits::new()));
        if let Some(id) = self.record.field("id") {
            // Where the file's name alone states a word as the identifier, its place is the title, which may hold that word too.
            let stated = source.slice(id.span).trim_matches(['"', '\'', '`', ' ']);
            if stated == &*self.record.id || self.record.id.contains(|c: char| c.is_ascii_digit()) {
                self.edit(&source, id.span, Spelling::respell);
            }
        }
    }

    fn references(&mut self, file: &SourceFile) {
        for number in file.records.clone() {
            let naming = self.catalog.record(number);
            let references = self.catalog.references(naming);
            for reference in references.filter(|it| it.target == Target::Record(self.record.number)) {
                self.edit(file.source(), reference.span, Spelling::respell_reference);
            }
            let ids: Vec<Span> =
                naming.possible_ids().filter(|node| self.is_own_id(node)).map(|node| node.span).collect();
            for id in ids {
                self.edit(file.source(), id, Spelling::respell);
            }
        }
    }

    fn is_own_id(&self, node: &Node) -> bool {
        let prefixes = self.record.prefixes();
        !self.has_namesake && node.as_text().is_some_and(|text| id_key(text, prefixes) == self.record.key())
    }

    /// Renames the targets of links to the record's file, or to a file in its folder, and the number in the links' text.
    fn links(&mut self, file: &SourceFile) {
        let target = self.spelling.moved().map_or(&*self.record.path, |moved| &moved.from);
        for link in Catalog::links_to(&file.document, target) {
            self.edit(file.source(), link.destination, Spelling::respell_path);
            let label = Span::new(link.span.start as usize, link.destination.start as usize);
            self.edit(file.source(), label, |it, text| {
                it.respell_path(text).or_else(|| it.respell_start(text))
            });
        }
    }

    /// Renames identifiers such as `D-7` in the texts of records, unless another record has the same identifier.
    fn words(&mut self, file: &SourceFile) {
        if file.records.is_empty() || self.has_namesake {
            return;
        }
        let source = file.source().clone();
        let found: Vec<(usize, usize)> =
            self.spelling.words_in(source.text()).map(|(at, id, _)| (at, at + id.len())).collect();
        for (start, end) in found {
            self.edit(&source, Span::new(start, end), Spelling::respell);
        }
    }

    /// Citations, and in an index the numbers on the same line that begin a cell or the text of a link.
    fn citations(&mut self, source: &Arc<Source>, citations: &[CodeCitation]) {
        let is_meant = |citation: &&CodeCitation| {
            citation.target == Some(self.record.number)
                && !is_of_commit(source.text(), citation.text_span.end as usize)
        };
        for citation in citations.iter().filter(is_meant) {
            let is_path = source.slice(citation.text_span).contains('.');
            match is_path {
                true => self.edit(source, citation.text_span, Spelling::respell_path),
                false => self.edit(source, citation.text_span, Spelling::respell),
            }
            if is_path && !citation.in_comment {
                self.index_line(source, citation.span);
            }
        }
    }

    fn index_line(&mut self, source: &Arc<Source>, link: Span) {
        let line = source.line_span(link.start as usize);
        let before = Span::new(line.start as usize, link.start as usize);
        let text = source.slice(before).to_owned();
        let name = self.spelling.old_name().and_then(|name| Some((text.rfind(name)?, name.len())));
        if let Some((at, length)) = name {
            let at = before.start as usize + at;
            self.edit(source, Span::new(at, at + length), Spelling::respell_path);
        }
        let cells = text.char_indices().filter(|(_, c)| matches!(c, '[' | '|')).map(|(at, _)| at + 1);
        for cell in cells {
            let skipped = text[cell..].len() - text[cell..].trim_start().len();
            let start = cell + skipped;
            let word =
                text[start..].find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(text.len() - start);
            let digits = text[start..start + word].trim_start_matches(|c: char| !c.is_ascii_digit());
            if word > 0 && !digits.is_empty() {
                let at = before.start as usize + start;
                self.edit(source, Span::new(at, at + word), Spelling::respell);
            }
        }
    }
}
