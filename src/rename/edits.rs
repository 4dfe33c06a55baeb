//! The edits of all files that name a record.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::{Catalog, CodeCitation, SourceFile, Target};
use crate::finding::Fault;
use crate::node::Node;
use crate::record::{Record, id_key};
use crate::text::{Edit, Source, Span, applied};

use super::RenamedFile;
use super::spelling::Spelling;

/// Returns the edited files, that of the record at its new path.
pub(super) fn of(catalog: &Catalog, record: &Record, spelling: &Spelling) -> Result<Vec<RenamedFile>, Fault> {
    let is_namesake = |other: &Record| other.number != record.number && other.id == record.id;
    let has_namesake = catalog.records().iter().any(is_namesake);
    let mut collector = Collector { catalog, record, spelling, has_namesake, edits: BTreeMap::new() };
    collector.own_id();
    for file in catalog.files() {
        collector.references(file);
        collector.links(file);
        collector.words(file);
    }
    for file in catalog.citing_files().iter().chain(&catalog.citing_records()) {
        collector.citations(file.source(), &file.citations);
    }
    collector
        .edits
        .into_values()
        .map(|(source, edits)| renamed_file(record, spelling, source, &edits))
        .collect()
}

fn renamed_file(
    record: &Record,
    spelling: &Spelling,
    source: Arc<Source>,
    edits: &FileEdits,
) -> Result<RenamedFile, Fault> {
    let path = source.path().clone();
    if source.invalid_at().is_some() {
        return Err(Fault::new(format!("`{path}` is not UTF-8")).help("rename it by hand"));
    }
    let edit = |(span, replacement): (&Span, &String)| Edit { span: *span, replacement: replacement.clone() };
    let text = applied(source.text(), edits.iter().map(edit).collect());
    let moved = spelling.new_path.as_ref().filter(|_| path == record.path);
    let after = Source::new(moved.map_or(path, |moved| moved.as_str().into()), text.into_bytes());
    Ok((source, Arc::new(after)))
}

/// The edits of one file, by their place.
type FileEdits = BTreeMap<Span, String>;

/// Returns true for a citation by an address: it names what is published elsewhere, possibly at a commit, where nothing moves.
pub(super) fn is_address(source: &Source, citation: &CodeCitation) -> bool {
    source.slice(citation.text_span).contains("://")
}

struct Collector<'c> {
    catalog: &'c Catalog,
    record: &'c Record,
    spelling: &'c Spelling,
    /// True if another record has the same identifier.
    has_namesake: bool,
    edits: BTreeMap<Arc<str>, (Arc<Source>, FileEdits)>,
}

impl Collector<'_> {
    /// Replaces a span by its respelt text, if there is one.
    fn edit(
        &mut self,
        source: &Arc<Source>,
        span: Span,
        respell: impl Fn(&Spelling, &str) -> Option<String>,
    ) {
        if let Some(replacement) = respell(self.spelling, source.slice(span)) {
            self.edits_of(source).insert(span, replacement);
        }
    }

    fn edits_of(&mut self, source: &Arc<Source>) -> &mut FileEdits {
        let new = || (source.clone(), FileEdits::new());
        &mut self.edits.entry(source.path().clone()).or_insert_with(new).1
    }

    /// The identifier in the record's own text, if it is there; a file without edits is kept for its new name.
    fn own_id(&mut self) {
        let source = self.catalog.file_of(self.record).source().clone();
        self.edits_of(&source);
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

    /// Renames the targets of links to the record's file, and the number in the links' text.
    fn links(&mut self, file: &SourceFile) {
        for link in Catalog::links_to(&file.document, &self.record.path) {
            self.edit(file.source(), link.destination, Spelling::respell_path);
            let label = Span::new(link.span.start as usize, link.destination.start as usize);
            self.edit(file.source(), label, |it, text| {
                it.respell_path(text).or_else(|| it.respell_start(text))
            });
        }
    }

    /// Renames identifiers such as `D-7` in the texts of records, unless another record has the same identifier.
    fn words(&mut self, file: &SourceFile) {
        if !file.records.is_empty() && !self.has_namesake {
            for place in self.spelling.places_in(file.source().text()) {
                self.edit(file.source(), place, Spelling::respell);
            }
        }
    }

    /// Citations, and in an index the numbers on the same line that begin a cell or the text of a link.
    fn citations(&mut self, source: &Arc<Source>, citations: &[CodeCitation]) {
        let is_meant = |it: &&CodeCitation| it.target == Some(self.record.number) && !is_address(source, it);
        for citation in citations.iter().filter(is_meant) {
            if !source.slice(citation.text_span).contains('.') {
                self.edit(source, citation.text_span, Spelling::respell);
                continue;
            }
            self.edit(source, citation.text_span, Spelling::respell_path);
            if !citation.in_comment {
                self.cells_before(source, citation.span);
            }
        }
    }

    fn cells_before(&mut self, source: &Arc<Source>, path: Span) {
        let mut start = source.line_span(path.start as usize).start as usize;
        for cell in source.slice(Span::new(start, path.start as usize)).split_inclusive(['[', '|']) {
            self.edit(source, Span::new(start, start + cell.len()), Spelling::respell_start);
            start += cell.len();
        }
    }
}
