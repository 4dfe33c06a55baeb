//! A new record as a file of its own: from the template that stands beside the others, or with the layout of the newest one.

use super::siblings::Home;
use super::values::Values;
use super::{parsed, records_in, statements};
use crate::finding::Fault;
use crate::kind::Field;
use crate::layout::{self, Content, Origin as Place, Statement, label_key};
use crate::linter::Linter;
use crate::node::{Entry, Node};
use crate::record::Record;
use crate::snapshot::FileEntry;
use crate::syntax::edit::record::set_entry;
use crate::syntax::edit::{NewScalar, ScalarType};
use crate::syntax::markdown::Heading;
use crate::syntax::{Document, Markdown};
use crate::text::{Edit, Source, Span, applied, extension, file_name, folder_of, is_number};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// A text with placeholders: all of it is kept.
    Template,
    /// Another record: its layout is kept, and not what it says.
    Record,
}

/// What becomes of a line of the header or of a key.
enum Fate {
    Set(String),
    Keep,
    /// The label stays.
    Blank,
    Drop,
}

/// Returns the path and text of each file of a new record, the record's own first.
pub(super) fn files(
    linter: &Linter,
    values: &Values<'_>,
    name: &str,
) -> Result<Vec<(String, String)>, Fault> {
    let kind = values.kind();
    let Some(model) = values.siblings.model() else {
        return Err(Fault::new(format!("no {} to copy", kind.plural)));
    };
    let others = values.siblings.documents(linter);
    let path = new_path(&values.siblings.home, model, name);
    let is_read = |text: &str| records_in(linter, kind, &parsed(linter, &path, text.to_owned())).len() == 1;
    let template = template(linter, values, model);
    let template = template.iter().map(|path| (path.as_str(), Origin::Template));
    for (from, origin) in template.chain([(&*model.path, Origin::Record)]) {
        let Some(source) = linter.snapshot().read_path(from) else { continue };
        let heading = heading_of(linter, &model.path);
        let writer = Writer { values, model, others: &others, origin, heading };
        let text = writer.text(&parsed(linter, from, source.text().to_owned()));
        // The kind of the others may be stated in their text.
        let with_kind = match text.strip_prefix("---\n") {
            Some(rest) => format!("---\nkind: {}\n{rest}", kind.name),
            None => format!("---\nkind: {}\n---\n{text}", kind.name),
        };
        let may_have_kind = origin == Origin::Record && model.format.is_none();
        let texts = [Some(text), Some(with_kind).filter(|_| may_have_kind)];
        let Some(text) = texts.into_iter().flatten().find(|text| is_read(text)) else { continue };
        let mut files = vec![(path.clone(), text)];
        if matches!(values.siblings.home, Home::Folders { .. }) && origin == Origin::Template {
            files.extend(companions(linter, from, &path, &writer));
        }
        return Ok(files);
    }
    let message = format!("with the layout of `{}`, the new {} is not recognised", model.path, kind.name);
    Err(Fault::new(message).help("copy that file by hand"))
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn new_path(home: &Home, model: &Record, name: &str) -> String {
    match home {
        Home::Folders { folder, file } => join(&join(folder, name), file),
        _ => {
            let extension = model.path.rsplit_once('.').map_or("md", |(_, extension)| extension);
            join(folder_of(&model.path), &format!("{name}.{extension}"))
        }
    }
}

/// The heading of a page, with its number.
fn heading_of(linter: &Linter, path: &str) -> Option<String> {
    let source = linter.snapshot().read_path(path)?;
    let document = parsed(linter, path, source.text().to_owned());
    Some(layout::title(&document)?.title.to_string())
}

/// Finds the template: beside the records or in a folder of templates near them; for records in folders, a folder like theirs.
fn template(linter: &Linter, values: &Values<'_>, model: &Record) -> Option<String> {
    let is_template = |path: &str| file_name(path).to_lowercase().contains("template");
    let classifier = linter.policy().classifier();
    let home = match &values.siblings.home {
        Home::Folders { folder, .. } => folder,
        _ => folder_of(&model.path),
    };
    let is_of_form = |path: &str| match &values.siblings.home {
        Home::Folders { file, .. } => file_name(path) == file && is_template(folder_of(path)),
        _ if extension(path) != extension(&model.path) => false,
        _ => is_template(folder_of(path)) || folder_of(path) == home && is_template(path),
    };
    // One beside the records counts before one in a folder of templates, and that before one further up.
    let places = |path: &str| [folder_of(path) == home, folder_of(folder_of(path)) == home];
    let distance = |path: &str| match places(path) {
        [true, _] => Some(0),
        [_, true] => Some(1),
        _ => (folder_of(folder_of(path)) == folder_of(home)).then_some(2),
    };
    let paths = linter.snapshot().files().iter().map(|file| &*file.path);
    // A record may be about templates.
    let files = paths.filter(|path| {
        is_of_form(path) && classifier.is_auxiliary(path) && !values.siblings.record_paths.contains(*path)
    });
    let near = files.filter_map(|path| Some((distance(path)?, path)));
    near.min_by_key(|(distance, _)| *distance).map(|(_, path)| path.to_owned())
}

/// The other files of a template that is a folder.
fn companions(linter: &Linter, template: &str, path: &str, writer: &Writer<'_>) -> Vec<(String, String)> {
    // The most files of a template that is a folder.
    const MAX_FILES: usize = 20;
    let snapshot = linter.snapshot();
    let written = |file: &FileEntry| {
        let inner = file.path.strip_prefix(folder_of(template))?.strip_prefix('/')?;
        let source = snapshot.read(file).ok().filter(|source| source.invalid_at().is_none())?;
        let heading = heading_of(linter, &join(folder_of(&writer.model.path), inner));
        let document = parsed(linter, &file.path, source.text().to_owned());
        Some((join(folder_of(path), inner), Writer { heading, ..*writer }.text(&document)))
    };
    let others = snapshot.files().iter().filter(|file| *file.path != *template);
    others.filter_map(written).take(MAX_FILES).collect()
}

fn entries(document: &Document) -> &[Entry] {
    document.roots.first().map_or(&[], Node::entries)
}

struct Writer<'a> {
    values: &'a Values<'a>,
    model: &'a Record,
    /// The newest records of the style.
    others: &'a [Document],
    origin: Origin,
    /// That of another page of this form.
    heading: Option<String>,
}

impl Writer<'_> {
    /// True if there are too few others to compare.
    fn is_alone(&self) -> bool {
        self.others.len() < 3
    }

    fn of_most(&self, is_it: impl Fn(&Document) -> bool) -> bool {
        2 * self.others.iter().filter(|other| is_it(other)).count() > self.others.len()
    }

    /// The value that the newest of the others and most of them give a key.
    fn usual_value(&self, key: &str) -> Option<&str> {
        let value_in = |document: &Document| {
            let entry = entries(document).iter().find(|entry| *entry.key.name == *key)?;
            Some(entry.value.span)
        };
        let newest = self.others.last()?;
        let value = newest.source.slice(value_in(newest)?);
        let is_same = |other: &Document| value_in(other).is_some_and(|it| other.source.slice(it) == value);
        self.of_most(is_same).then_some(value)
    }

    fn text(&self, document: &Document) -> String {
        let text = document.source.text();
        let mut edits = self.entry_edits(document);
        if let Some(page) = document.markdown.as_deref() {
            edits.extend(self.page_edits(document, page));
        }
        let text = applied(text, edits);
        format!("{}{}", text.trim_end(), if text.contains("\r\n") { "\r\n" } else { "\n" })
    }

    fn page_edits(&self, document: &Document, page: &Markdown) -> Vec<Edit> {
        let (source, title) = (&*document.source, layout::title(document));
        // The author and the revision of a page in AsciiDoc have no label.
        let is_header = |it: &&Statement<'_>| {
            matches!(it.origin, Place::Header | Place::Cell) && !it.label_span.is_empty()
        };
        let (mut edits, mut kept) = (Vec::new(), Vec::new());
        for statement in statements(document).iter().filter(is_header) {
            let Some(found) = self.header_edits(source, page, statement) else { continue };
            let places = found.iter().map(|edit| edit.span).chain([statement.label_span]);
            kept.extend(places.map(|span| source.line_span(span.start as usize)));
            edits.extend(found);
        }
        let is_title = |heading: &&Heading| title.is_some_and(|title| title.span == heading.span);
        let is_kept = |heading: &&Heading| self.origin == Origin::Template || self.has_part(source, heading);
        let sections: Vec<&Heading> =
            page.headings.iter().filter(|it| !is_title(it)).filter(is_kept).collect();
        if self.origin == Origin::Record {
            let tables = page.tables.iter().map(|table| table.span);
            let tables: Vec<Span> = tables.filter(|it| kept.iter().any(|line| it.contains(*line))).collect();
            let headings = sections.iter().copied().chain(title);
            kept.extend(headings.map(|it| line_of(source, page, it)).chain(tables));
            let first = page.front_matter.as_ref().map_or(0, |it| it.block.end);
            edits.extend(removals(source, page, title.map_or(first, |title| title.line.start), &kept));
        }
        edits.extend(sections.into_iter().filter_map(|heading| self.section(source, heading)));
        edits.extend(title.map(|title| {
            let line = line_of(source, page, title);
            retitled(source, &Heading { line, ..title.clone() }, &self.new_heading())
        }));
        edits
    }

    /// What becomes of what a label states. Where most of the others state it, it waits for a value; those that a record replaces
    /// or needs are its own.
    fn fate(&self, label: &str, written: &str, is_form: impl Fn() -> bool) -> Fate {
        let field = self.values.field(label);
        let waits = || match field {
            Some(field) => self.values.is_usual(field) && !field.ty.refers_to(&self.values.kind().name),
            None => is_form(),
        };
        match (field.and_then(|field| self.value(field, written)), self.origin) {
            (Some(value), _) => Fate::Set(value),
            (None, Origin::Template) => Fate::Keep,
            (None, Origin::Record) if waits() => Fate::Blank,
            (None, Origin::Record) => Fate::Drop,
        }
    }

    /// The edits of a line of the header; `None` for one that is not kept.
    fn header_edits(&self, source: &Source, page: &Markdown, statement: &Statement<'_>) -> Option<Vec<Edit>> {
        let span = match &statement.content {
            Content::List(items) => items.iter().copied().reduce(Span::to)?,
            _ => statement.span,
        };
        let is_cell = matches!(statement.content, Content::Cell(_));
        let is_empty = matches!(statement.content, Content::Nothing) || span.is_empty();
        let has_key = |other: &Document| statements(other).iter().any(|it| it.key == statement.key);
        let is_form = || !self.is_alone() && self.of_most(has_key);
        let edit = match self.fate(&statement.label, &statement.text(source), is_form) {
            Fate::Set(value) if is_empty && !is_cell => {
                let line = source.line_span(statement.label_span.start as usize);
                let end = line.start as usize + source.slice(line).trim_end().len();
                Edit { span: Span::at(end), replacement: format!(" {value}") }
            }
            Fate::Set(value) => Edit { span, replacement: value },
            Fate::Drop if !is_cell => {
                let header = page.document_header.as_ref();
                let of_page = header.is_some_and(|it| it.span.contains(statement.label_span));
                return (of_page && self.values.field(&statement.label).is_none()).then(Vec::new);
            }
            Fate::Keep => return Some(Vec::new()),
            _ if is_empty => return Some(Vec::new()),
            _ if is_cell => Edit::removal(span),
            _ => {
                let before = source.text()[..span.start as usize].trim_end_matches([' ', '\t']).len();
                Edit::removal(Span::new(before, span.end as usize))
            }
        };
        Some(vec![edit])
    }

    /// The title of a record is the end of its heading: `14. Use Rust`.
    fn new_heading(&self) -> String {
        let title = &self.values.request.title;
        let heading = self.heading.as_deref().unwrap_or_default();
        let of_model = self.model.title.as_deref().filter(|title| !title.is_empty() && *title != heading);
        let before_title = of_model.and_then(|title| heading.strip_suffix(title));
        let numbered = || heading.find(": ").map(|colon| &heading[..colon + 2]);
        let numbered = || numbered().filter(|it| it.contains(|c: char| c.is_ascii_digit()));
        let prefix = before_title.or_else(numbered).map(|prefix| self.values.prefix_like(prefix));
        prefix.unwrap_or_default() + title
    }

    /// The value of a field, unless a template states a valid status itself.
    fn value(&self, field: &Field, written: &str) -> Option<String> {
        let is_status = self.values.kind().status.as_deref() == Some(&*field.name);
        if is_status && self.origin == Origin::Template && self.values.is_status(field, written) {
            return None;
        }
        self.values.value(field, written)
    }

    fn entry_edits(&self, document: &Document) -> Vec<Edit> {
        let source = &document.source;
        let mut edits = Vec::new();
        for (at, entry) in entries(document).iter().enumerate() {
            let (key, value) = (&entry.key, &entry.value);
            let written = source.slice(value.span);
            let usual = self.usual_value(&key.name).filter(|_| self.values.field(&key.name).is_none());
            let is_list = value.as_sequence().is_some();
            edits.extend(match self.fate(&key.name, value.as_text().unwrap_or_default(), || false) {
                Fate::Set(text) => {
                    let is_bare = is_number(&text) || crate::calendar::parse_date(&text).is_some();
                    let is_bare = is_bare && !written.starts_with(['"', '\'']);
                    let ty = if is_bare { ScalarType::Bare } else { ScalarType::Text };
                    set_entry(document, at, &NewScalar { text, ty })
                }
                // A value that all records share, such as the layout of a site.
                _ if usual == Some(written) => None,
                Fate::Keep => {
                    let is_scalar = value.as_scalar().is_some() && value.span.start >= key.span.end;
                    let usual = usual.filter(|usual| is_scalar && !usual.contains('\n'));
                    usual.map(|it| Edit { span: value.span, replacement: it.to_owned() })
                }
                Fate::Blank if is_list || value.as_text().is_some() => {
                    let start = source.text()[..value.span.range().start].trim_end().len();
                    let span = Span::new(start, value.span.range().end);
                    Some(Edit { span, replacement: if is_list { " []".to_owned() } else { String::new() } })
                }
                _ => Some(Edit::removal(source.whole_lines(key.span.to(value.span)))),
            });
        }
        edits
    }

    fn section(&self, source: &Source, heading: &Heading) -> Option<Edit> {
        let own = Span::new(heading.line.end as usize, heading.own_body.end as usize);
        let first = source.slice(own).trim().lines().next().unwrap_or_default();
        let field = self.values.field(&heading.title).filter(|field| field.initial.is_some())?;
        let marks =
            source.slice(heading.line).trim_start().chars().take_while(|mark| matches!(mark, '#' | '='));
        let below = || {
            let titles = self.values.each(field);
            let marks: String = marks.chain(['#']).collect();
            let headings: Vec<String> = titles.iter().map(|title| format!("{marks} {title}")).collect();
            (marks.len() > 1 && !headings.is_empty()).then(|| headings.join("\n\n"))
        };
        let value = self.value(field, first).or_else(below)?;
        Some(match self.origin {
            Origin::Template => Edit { span: own, replacement: format!("\n\n{value}\n\n") },
            // The lines of the model are removed.
            Origin::Record => Edit { span: Span::at(own.range().start), replacement: format!("\n\n{value}") },
        })
    }

    /// Returns true for a section that is one of the form, and not of the model alone.
    fn has_part(&self, source: &Source, heading: &Heading) -> bool {
        const TOP_SECTION: u8 = 2;
        let key = label_key(&heading.title);
        let is_own_name = |line: &str| {
            let item = line.trim_start().strip_prefix(['*', '-', '+']);
            item.is_some_and(|item| label_key(item) == key)
        };
        // Below the sections of a page, an option has the name that the list of options gives it.
        if heading.level > TOP_SECTION && source.text().lines().any(is_own_name) {
            return false;
        }
        if self.is_alone() {
            return heading.level <= TOP_SECTION
                || self.values.kind().section_field(&heading.title).is_some();
        }
        let is_same = |other: &Heading| other.level == heading.level && label_key(&other.title) == key;
        self.of_most(|other| other.markdown.as_ref().is_some_and(|it| it.headings.iter().any(is_same)))
    }
}

/// Removes the lines that say what the model says: all but those that are kept, a blank line, and the end of a block around the first lines.
fn removals(source: &Source, page: &Markdown, begin: u32, kept: &[Span]) -> Vec<Edit> {
    let (mut edits, mut was_blank, mut start) = (Vec::new(), false, begin as usize);
    for line in source.text()[start..].split_inclusive('\n') {
        let (content, span) = (line.trim(), Span::new(start, start + line.trim_end().len()));
        start += line.len();
        let is_end = page.lead.is_some() && ["<pre>", "</pre>", "```"].contains(&content);
        let is_kept = kept.iter().any(|it| it.contains(span) || span.contains(*it));
        if is_kept || is_end || content.is_empty() && !was_blank {
            was_blank = content.is_empty();
        } else {
            edits.push(Edit::removal(Span::new(start - line.len(), start)));
        }
    }
    edits
}

/// The lines of a heading, without those of the author and of attributes below the title of an `.adoc` page.
fn line_of(source: &Source, page: &Markdown, heading: &Heading) -> Span {
    let has_more = page.document_header.is_some() && source.slice(heading.line).starts_with(['=', '#']);
    if has_more { source.line_span(heading.span.start as usize) } else { heading.line }
}

/// Replaces the text of a heading. Lines of punctuation below and above it become as long as it is.
fn retitled(source: &Source, heading: &Heading, title: &str) -> Edit {
    let place = heading.span;
    let (start, end) = (heading.line.start as usize, heading.line.end as usize);
    let around = [Span::new(start, place.range().start), Span::new(place.range().end, end)];
    let adorned = |line: &str| {
        let mark = line.chars().next().filter(char::is_ascii_punctuation);
        let mark =
            mark.filter(|mark| line.trim_end().chars().all(|c| c == *mark) && line.trim_end().len() > 1);
        let missing = title.chars().count().saturating_sub(line.trim_end().len());
        format!("{}{line}", mark.map_or(String::new(), |mark| mark.to_string().repeat(missing)))
    };
    let [above, below] =
        around.map(|span| source.slice(span).split_inclusive('\n').map(adorned).collect::<String>());
    Edit { span: heading.line, replacement: format!("{above}{title}{below}") }
}
