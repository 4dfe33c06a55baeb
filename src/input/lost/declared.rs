//! What the files that a change adds or edits declare: identifiers in names, keys and titles.

use std::collections::HashSet;
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::{Catalog, SourceFile};
use crate::kind::Kinds;
use crate::node::{Mapping, Node, Value};
use crate::record::{Record, leading_number};
use crate::snapshot::{BlobId, FileEntry};
use crate::syntax::{self, Document};
use crate::text::{Source, Span};

use super::{Fate, forms, stem};

/// A file that a change adds or edits.
pub(super) struct ChangedFile<'a> {
    pub path: Arc<str>,
    /// `None` if its content is not known and can't be that of a missing record.
    pub content: Option<BlobId>,
    /// Where reading stopped.
    pub problem: Option<Span>,
    /// `None` if it is unreadable or in no format that is read.
    document: Option<Document>,
    /// `None` if it holds no records and need not.
    known: Option<&'a SourceFile>,
}

impl<'a> ChangedFile<'a> {
    pub(super) fn records(&self, head: &'a Catalog) -> &'a [Record] {
        self.known.map_or(&[], |file| &head.records()[file.records.start as usize..file.records.end as usize])
    }
}

/// Returns the files at `paths` that the head has and that differ from those of the base. Of files in formats that are
/// not read, only the content is needed, and only if it is as long as one of `lengths`.
pub(super) fn changed_files<'a>(
    head: &'a Catalog,
    base: &Catalog,
    paths: &HashSet<Arc<str>>,
    lengths: &HashSet<u64>,
) -> Vec<ChangedFile<'a>> {
    let mut paths: Vec<&Arc<str>> = paths.iter().collect();
    paths.sort_unstable();
    let entries = paths.into_par_iter().filter_map(|path| head.snapshot().get(path));
    entries.filter_map(|entry| changed_file(head, base, lengths, entry)).collect()
}

fn changed_file<'a>(
    head: &'a Catalog,
    base: &Catalog,
    lengths: &HashSet<u64>,
    entry: &FileEntry,
) -> Option<ChangedFile<'a>> {
    let format = head.format_of(&entry.path);
    let state = head.snapshot();
    let content = state.content_id(entry, |length| format.is_some() || lengths.contains(&length));
    let before = base.snapshot().get(&entry.path).and_then(|entry| base.snapshot().blob_id(entry));
    if content.is_some() && content == before {
        return None;
    }
    let known = head.file_at(&entry.path);
    let problem = known.and_then(|file| file.problems().iter().find(|it| it.fatal)).map(|it| it.span);
    let mut file = ChangedFile { path: entry.path.clone(), content, problem, document: None, known };
    let Some(format) = format else { return Some(file) };
    match state.read(entry) {
        Ok(source) => {
            let document = syntax::parse(source, format);
            let fatal = document.problems.iter().find(|it| it.fatal).map(|it| it.span);
            file.problem = file.problem.or(fatal);
            file.document = Some(document);
        }
        Err(problem) => file.problem = Some(problem.span),
    }
    Some(file)
}

/// A place that declares an identifier.
#[derive(Clone, Debug)]
pub(super) struct Declaration {
    pub id: String,
    pub span: Span,
    /// False if the base declares it at the same path.
    pub is_new: bool,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    FileName,
    /// A title that starts with a number, and the text after it.
    Title(String),
    /// A key, and the texts beside it.
    Key(Vec<Box<str>>),
}

/// Returns the declarations of all files of identifiers with one of the forms in `wanted`, each with the index of its
/// file.
pub(super) fn all(
    files: &[ChangedFile<'_>],
    base: &Catalog,
    wanted: &HashSet<String>,
) -> Vec<(usize, Declaration)> {
    let is_wanted = |id: &str| forms(id).iter().any(|form| wanted.contains(form));
    let of_file = |(at, file): (usize, &ChangedFile<'_>)| {
        let mut found = in_file(&file.path, file.document.as_ref(), base.kinds(), &is_wanted);
        if let Some(document) = base_document(base, &file.path).filter(|_| !found.is_empty()) {
            let before = in_file(&file.path, Some(&document), base.kinds(), &is_wanted);
            for declaration in &mut found {
                declaration.is_new = !before.iter().any(|it| it.is_like(declaration));
            }
        }
        found.into_iter().map(|declaration| (at, declaration)).collect::<Vec<_>>()
    };
    files.par_iter().enumerate().flat_map(of_file).collect()
}

fn in_file(
    path: &str,
    document: Option<&Document>,
    kinds: &Kinds,
    is_wanted: &impl Fn(&str) -> bool,
) -> Vec<Declaration> {
    let mut found = Vec::new();
    let stem = stem(path);
    for id in leading_number(&stem).into_iter().chain([&*stem]) {
        found.push(Declaration::new(id, Span::at(0), Form::FileName));
    }
    if let Some(document) = document {
        found.extend(title(document));
        keys(document, kinds, is_wanted, &mut found);
    }
    found.retain(|declaration| is_wanted(&declaration.id));
    found
}

fn base_document(base: &Catalog, path: &Arc<str>) -> Option<Document> {
    let format = base.format_of(path)?;
    Some(syntax::parse(base.snapshot().read_path(path)?, format))
}

fn title(document: &Document) -> Option<Declaration> {
    let heading = document.markdown.as_deref()?.title()?;
    let title = heading.title.trim();
    let end = title.find([':', '.', ')']).unwrap_or(title.len());
    let start = title.get(..end)?.replacen(' ', "-", 1); // `ADR 7: …` like `ADR-7: …`
    let id = leading_number(&start)?;
    let rest = title.get(id.len()..)?.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    Some(Declaration::new(id, heading.span, Form::Title(rest)))
}

/// Adds the values of the keys of identifiers, and the keys of mappings, which may be identifiers too.
fn keys(document: &Document, kinds: &Kinds, is_wanted: &impl Fn(&str) -> bool, found: &mut Vec<Declaration>) {
    let mut open: Vec<&Node> = document.roots.iter().collect();
    let mut add = |id: &str, span: Span, beside: &Mapping| {
        if is_wanted(id) {
            let texts = beside.entries().iter().filter(|entry| !is_id(kinds, &entry.key.name));
            let texts = texts.filter_map(|entry| entry.value.as_text()).map(Box::from).collect();
            found.push(Declaration::new(id, span, Form::Key(texts)));
        }
    };
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Sequence(items) => open.extend(items.iter()),
            Value::Mapping(mapping) => {
                for entry in mapping.entries() {
                    if let Some(id) = entry.value.as_text().filter(|_| is_id(kinds, &entry.key.name)) {
                        add(id, entry.value.span, mapping);
                    }
                    if let Some(inner) = entry.value.as_mapping() {
                        add(&entry.key.name, entry.key.span, inner);
                    }
                    open.push(&entry.value);
                }
            }
            Value::Scalar(_) => {}
        }
    }
}

fn is_id(kinds: &Kinds, key: &str) -> bool {
    kinds.iter().any(|kind| kind.shape.by_key(key).is_some_and(|field| &*field.name == ID))
}

const ID: &str = "id";

impl Declaration {
    fn new(id: &str, span: Span, form: Form) -> Declaration {
        Declaration { id: id.to_owned(), span, is_new: true, form }
    }

    fn is_like(&self, other: &Declaration) -> bool {
        self.id == other.id && std::mem::discriminant(&self.form) == std::mem::discriminant(&other.form)
    }

    /// Returns what becomes of `record` at this place; `None` if it is that of another record of the kind, or part of
    /// a record that the base has.
    pub(super) fn fate(
        &self,
        file: &ChangedFile<'_>,
        [head, base]: [&Catalog; 2],
        record: &Record,
    ) -> Option<Fate> {
        let records = file.records(head);
        let around = match (&self.form, records) {
            (_, []) => return Some(Fate::Unrecognised),
            (Form::Key(_), _) => records.iter().find(|other| other.span.contains(self.span)),
            (Form::FileName | Form::Title(_), [only]) => Some(only),
            (Form::FileName | Form::Title(_), _) => return None,
        };
        let Some(other) = around else { return Some(Fate::Unrecognised) };
        let is_its_own = matches!(self.form, Form::FileName | Form::Title(_)) || *other.id == *self.id;
        match is_its_own {
            true if other.kind.name == record.kind.name => None,
            true => Some(Fate::OtherKind(other.kind.name.clone())),
            false => base.same_identity(other).next().is_none().then_some(Fate::Unrecognised),
        }
    }

    /// Returns whether the place is about `record`, whose text is `text`. A number or a word can be the identifier of
    /// anything: more has to be the same.
    pub(super) fn is_about(
        &self,
        file: &ChangedFile<'_>,
        head: &Catalog,
        record: &Record,
        text: &str,
    ) -> bool {
        let is_same_page = file.path == record.path || stem(&file.path) == stem(&record.path);
        match &self.form {
            Form::FileName if file.document.is_none() && file.problem.is_none() => {
                record.is_sole_record && is_same_page
            }
            Form::FileName => is_same_page || file.shares_lines(text),
            Form::Title(title) => is_same_page || is_title(record, title) || file.shares_lines(text),
            Form::Key(texts) => {
                is_specific(&self.id)
                    || (file.path == record.path && file.records(head).is_empty())
                    || texts.iter().any(|text| is_title(record, text))
                    || shares_values(record, texts)
            }
        }
    }
}

/// True for `D-7` and `ADR-0007`, false for `7` and `churn`.
fn is_specific(id: &str) -> bool {
    id.contains(|c: char| c.is_ascii_digit()) && id.contains(char::is_alphabetic)
}

fn is_title(record: &Record, text: &str) -> bool {
    record.title.as_deref().is_some_and(|title| title.trim().to_lowercase() == text.trim().to_lowercase())
}

fn shares_values(record: &Record, texts: &[Box<str>]) -> bool {
    const MIN_SHARED: usize = 2;
    let fields = record.fields.as_mapping().map_or(&[][..], Mapping::entries);
    let values = fields.iter().filter(|entry| &*entry.key.name != ID).filter_map(|it| it.value.as_text());
    let values: HashSet<&str> = values.filter(|text| text.len() > 3).collect();
    texts.iter().filter(|text| values.contains(&***text)).take(MIN_SHARED).count() == MIN_SHARED
}

impl ChangedFile<'_> {
    /// True if at least half of the longer lines of `text` are in the file.
    fn shares_lines(&self, text: &str) -> bool {
        const MIN_LENGTH: usize = 20;
        let lines = |text| str::lines(text).map(str::trim).filter(|line| line.len() >= MIN_LENGTH);
        let Some(source) = self.document.as_ref().map(|document| &document.source) else { return false };
        let own: HashSet<&str> = lines(Source::text(source)).collect();
        let shared = lines(text).filter(|line| own.contains(line)).count();
        shared > 0 && 2 * shared >= lines(text).count()
    }
}
