//! A new record as a file of its own: from the template that stands beside the others, or with the layout of the newest one.

use super::comments::{whole_lines, yaml_comments};
use super::common::{Common, entries};
use super::headings::{headings, retitled};
use super::name::Named;
use super::siblings::Home;
use super::values::Values;
use super::{parsed, records_in};
use crate::finding::Fault;
use crate::kind::{Field, FieldType};
use crate::linter::Linter;
use crate::node::{Entry, Mapping, Node};
use crate::profile::View;
use crate::record::{PathClassifier, Record};
use crate::syntax::Document;
use crate::syntax::edit::record::{bare_or_text, set_entry};
use crate::syntax::markdown::{Cell, DocumentHeader, Heading, Table, section_key};
use crate::text::{Edit, Source, Span};

/// The model of a new file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// A text with placeholders: all of it is kept.
    Template,
    /// Another record: its layout is kept, and not what it says.
    Record,
}

/// The level of the sections of a page.
pub(super) const TOP_SECTION: u8 = 2;

/// The most files of a template that is a folder.
const MAX_FILES: usize = 20;

/// A new record as files.
pub(super) struct NewFiles {
    /// The path and text of each, the record's own first.
    pub files: Vec<(String, String)>,
    /// Notices about its form, if the others have several, and about what that form has no word for.
    pub notices: Vec<String>,
}

/// Returns the files of a new record.
pub(super) fn files(linter: &Linter, values: &Values<'_>, named: &Named) -> Result<NewFiles, Fault> {
    let snapshot = linter.snapshot();
    let kind = values.kind();
    let Some(model) = values.siblings.model() else {
        return Err(Fault::new(format!("no {} to copy", kind.plural)));
    };
    let common = Common::of(&values.siblings.documents(linter));
    let path = new_path(&values.siblings.home, model, named);
    let template = template(linter, values, model);
    let origins =
        template.iter().map(|path| (path.as_str(), Origin::Template)).chain([(&*model.path, Origin::Record)]);
    let mut reason = String::new();
    for (from, origin) in origins {
        let Some(source) = snapshot.read_path(from) else { continue };
        let writer = Writer { values, model, common: &common, origin };
        let text = writer.text(&parsed(linter, from, source.text().to_owned()));
        let is_read =
            |text: &str| records_in(linter, kind, &parsed(linter, &path, text.to_owned())).len() == 1;
        // The kind of the others may be stated in their text.
        let text = match origin == Origin::Record && model.profile.is_none() && !is_read(&text) {
            true => with_kind(text, &kind.name),
            false => text,
        };
        if is_read(&text) {
            let mut files = vec![(path.clone(), text)];
            if matches!(values.siblings.home, Home::Folders { .. }) && origin == Origin::Template {
                files.extend(companions(linter, from, &path, &writer));
            }
            let of_newest = values.siblings.of_newest.clone();
            let notices = of_newest.into_iter().chain(values.wordless_status());
            let notices = notices.filter(|_| origin == Origin::Record).collect();
            return Ok(NewFiles { files, notices });
        }
        reason = missing(values, &parsed(linter, &path, text));
    }
    Err(Fault::new(format!(
        "with the layout of `{}`, the new {} would not be recognised{reason}",
        model.path, kind.name
    ))
    .help("copy that file by hand"))
}

/// What a new page lacks that the format of the others asks for.
fn missing(values: &Values<'_>, document: &Document) -> String {
    let view = View::new(document, document.roots.first(), None);
    let mismatch = values.profile().map(|profile| profile.mismatch(&view));
    let mismatch = mismatch.filter(|mismatch| !mismatch.failed.is_empty());
    mismatch.map_or_else(String::new, |mismatch| format!(": it has {mismatch}"))
}

/// Returns a page that states its kind in the front matter.
fn with_kind(text: String, kind: &str) -> String {
    match text.strip_prefix("---\n") {
        Some(rest) => format!("---\nkind: {kind}\n{rest}"),
        None if text.starts_with("---") => text,
        None => format!("---\nkind: {kind}\n---\n{text}"),
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn new_path(home: &Home, model: &Record, named: &Named) -> String {
    match home {
        Home::Folders { folder, file } => join(&join(folder, &named.name), file),
        _ => {
            let extension = model.path.rsplit_once('.').map_or("md", |(_, extension)| extension);
            join(folder_of(&model.path), &format!("{}.{extension}", named.name))
        }
    }
}

/// Finds the template: in the folder of the records, in a folder of templates there or above, above the folders of one series, or for
/// records in folders, a folder like theirs.
fn template(linter: &Linter, values: &Values<'_>, model: &Record) -> Option<String> {
    let is_template = |name: &str| name.to_lowercase().contains("template");
    let extension = model.path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let policy = linter.policy();
    let classifier =
        PathClassifier { kinds: &policy.kinds, profiles: &policy.profiles, config: &policy.config };
    // A record may be about templates.
    let files = || {
        let paths = linter.snapshot().files().iter().map(|file| &*file.path);
        paths.filter(|path| classifier.is_auxiliary(path) && !values.siblings.record_paths.contains(*path))
    };
    let folder = folder_of(&model.path);
    if let Home::Folders { folder, file } = &values.siblings.home {
        let above = folder_of(folder);
        let fits = |path: &&str| {
            let of = folder_of(path);
            path.rsplit('/').next() == Some(file) && is_template(of.rsplit('/').next().unwrap_or_default())
        };
        let near = files().filter(fits).filter(|path| {
            let around = folder_of(folder_of(path));
            around == folder || around == above
        });
        return near.max_by_key(|path| path.len()).map(str::to_owned);
    }
    let is_page = |path: &&str| path.rsplit_once('.').is_some_and(|(_, other)| other == extension);
    let beside = files()
        .filter(is_page)
        .find(|path| folder_of(path) == folder && is_template(path.rsplit('/').next().unwrap_or_default()));
    let in_folder = || {
        files().filter(is_page).find(|path| {
            let of = folder_of(path);
            let is_folder = is_template(of.rsplit('/').next().unwrap_or_default());
            is_folder && (folder_of(of) == folder || folder_of(of) == folder_of(folder))
        })
    };
    beside.or_else(in_folder).map(str::to_owned)
}

/// The other files of a template that is a folder.
fn companions(linter: &Linter, template: &str, path: &str, writer: &Writer<'_>) -> Vec<(String, String)> {
    let snapshot = linter.snapshot();
    let (from, to) = (folder_of(template), folder_of(path));
    let others = snapshot
        .files()
        .iter()
        .filter_map(|file| Some((file, file.path.strip_prefix(from)?.strip_prefix('/')?)));
    let others = others.filter(|(file, _)| *file.path != *template).take(MAX_FILES);
    let written = |(file, inner): (&crate::snapshot::FileEntry, &str)| {
        let source = snapshot.read(file).ok().filter(|source| source.invalid_at().is_none())?;
        let sibling = snapshot.read_path(&join(folder_of(&writer.model.path), inner));
        let sibling = sibling.map(|source| parsed(linter, inner, source.text().to_owned()));
        let document = parsed(linter, &file.path, source.text().to_owned());
        Some((join(to, inner), writer.with_heading_like(&document, sibling.as_ref())))
    };
    others.filter_map(written).collect()
}

struct Writer<'a> {
    values: &'a Values<'a>,
    model: &'a Record,
    common: &'a Common,
    origin: Origin,
}

impl Writer<'_> {
    fn text(&self, document: &Document) -> String {
        let mut edits = self.entry_edits(document);
        let view = View::new(document, document.roots.first(), None);
        if let (Some(page), Some(title)) = (view.markdown(), view.title()) {
            if self.origin == Origin::Template {
                let above = page.comments.iter().filter(|comment| comment.end <= title.span.start);
                edits.extend(
                    above.map(|comment| Edit::removal(whole_lines(document.source.text(), *comment))),
                );
            }
            match page.document_header.as_ref() {
                Some(header) => edits.extend(self.document_header(&view, title, header)),
                None => edits.push(retitled(view.source(), title, &self.heading())),
            }
            edits.push(self.preamble(&view, title));
            for heading in page.headings.iter().filter(|heading| heading.span != title.span) {
                edits.extend(self.section(&view, heading));
            }
        }
        if let Some((page, lead)) = view.markdown().and_then(|page| Some((page, page.lead.as_ref()?.span))) {
            edits.extend(self.lead(&view, lead));
            let end = page.headings.first().map_or(document.source.text().len(), |it| it.line.range().start);
            if self.origin == Origin::Record {
                edits.push(without_introduction(document, Span::new(lead.range().end, end)));
            }
            edits.extend(page.headings.iter().filter_map(|heading| self.section(&view, heading)));
        }
        let text = applied(document.source.text(), edits);
        format!("{}{}", text.trim_end(), if text.contains("\r\n") { "\r\n" } else { "\n" })
    }

    /// A page with the heading of the sibling, for this record.
    fn with_heading_like(&self, document: &Document, sibling: Option<&Document>) -> String {
        let text = document.source.text();
        let title = |document: &Document| Some(document.markdown.as_ref()?.title()?.clone());
        let (Some(own), Some(like)) = (title(document), sibling.and_then(title)) else {
            return text.to_owned();
        };
        applied(text, vec![retitled(&document.source, &own, &self.heading_like(&like.title))])
    }

    fn heading(&self) -> String {
        self.heading_like(self.values.siblings.heading.as_deref().unwrap_or_default())
    }

    /// The title of a record is the end of its heading: `14. Use Rust`.
    fn heading_like(&self, heading: &str) -> String {
        let title = &self.values.request.title;
        let of_model = self.model.title.as_deref().unwrap_or_default();
        let prefix = heading
            .strip_suffix(of_model)
            .filter(|prefix| !of_model.is_empty() && prefix.len() < heading.len());
        let numbered = || {
            heading
                .find(": ")
                .map(|colon| &heading[..colon + 2])
                .filter(|it| it.contains(|c: char| c.is_ascii_digit()))
        };
        match prefix.or_else(numbered) {
            Some(prefix) => format!("{}{title}", self.values.prefix_like(prefix)),
            None => title.clone(),
        }
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
        let mut edits = Vec::new();
        for (at, entry) in entries(document).iter().enumerate() {
            let written = document.source.slice(entry.value.span);
            let field = self.values.field(&entry.key.name);
            let text = entry.value.as_text().unwrap_or_default();
            let value =
                field.and_then(|field| self.value(field, text)).or_else(|| self.number(document, entry));
            let is_quoted = written.starts_with(['"', '\'']);
            match (value, self.origin) {
                (Some(value), _) => {
                    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                    let is_date = crate::calendar::parse_date(&value).is_some();
                    let scalar = bare_or_text(&value, (is_number || is_date) && !is_quoted);
                    edits.extend(set_entry(document, at, &scalar));
                    if self.origin == Origin::Template {
                        edits.extend(yaml_comments(document, entry).map(Edit::removal));
                    }
                }
                // A value that all records share, such as the layout of a site.
                (None, Origin::Record)
                    if field.is_none() && self.common.value(&entry.key.name) == Some(written) => {}
                (None, Origin::Record) if field.is_some_and(|field| self.is_left_blank(field, entry)) => {
                    let before = document
                        .source
                        .slice(Span { start: entry.key.span.end, end: entry.value.span.start });
                    let start = entry.value.span.start as usize - (before.len() - before.trim_end().len());
                    let is_list = entry.value.as_sequence().is_some();
                    let span = Span::new(start, entry.value.span.end as usize);
                    let replacement = if is_list { " []" } else { "" }.to_owned();
                    edits.push(Edit { span, replacement });
                }
                (None, Origin::Record) => edits.push(without_lines(document, entry)),
                (None, Origin::Template) => {
                    let usual = self
                        .common
                        .value(&entry.key.name)
                        .filter(|usual| *usual != written && !usual.contains('\n'));
                    let is_scalar =
                        entry.value.as_scalar().is_some() && entry.value.span.start >= entry.key.span.end;
                    if let Some(usual) = usual.filter(|_| field.is_none() && is_scalar) {
                        edits.push(Edit { span: entry.value.span, replacement: usual.to_owned() });
                    }
                }
            }
        }
        edits
    }

    /// The number of the record, where other tools keep it as well, such as the order in a menu.
    fn number(&self, document: &Document, entry: &Entry) -> Option<String> {
        if self.values.field(&entry.key.name).is_some() {
            return None;
        }
        let number = |text: &str| text.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().ok();
        let of_model = number(&self.model.id)?;
        let is_number = |value: &str| value.parse::<u64>().ok() == Some(of_model);
        let is_so_in_model = match self.origin {
            Origin::Record => is_number(document.source.slice(entry.value.span)),
            Origin::Template => self
                .values
                .siblings
                .model_entries
                .iter()
                .any(|(key, value)| *key == *entry.key.name && is_number(value)),
        };
        is_so_in_model.then(|| number(self.values.id).map(|number| number.to_string()))?
    }

    /// The title and the attributes around it. Those that state a field, the author and the revision are of the model alone.
    fn document_header(&self, view: &View<'_>, title: &Heading, header: &DocumentHeader) -> Vec<Edit> {
        let source = view.source();
        let author = header.implied.first().map_or(header.title_lines.end, |entry| entry.key.span.start);
        let above = source.slice(Span { start: title.line.start, end: author });
        let title_end = title.line.start as usize + above.trim_end().len();
        let line = Span::new(title.line.range().start, title_end);
        let heading = self.heading();
        let mut edits = vec![retitled(source, &Heading { line, ..title.clone() }, &heading)];
        if self.origin == Origin::Record {
            edits.push(Edit::removal(Span::new(title_end, header.title_lines.range().end)));
        }
        let entries = view.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
        let entries = entries.iter().filter(|entry| {
            header.span.contains(entry.key.span) && !header.title_lines.contains(entry.key.span)
        });
        for entry in entries {
            let Some(field) = self.values.field(&entry.key.name) else { continue };
            let lines = whole_lines(source.text(), entry.key.span.to(entry.value.span));
            match (self.value(field, entry.value.as_text().unwrap_or_default()), self.origin) {
                (Some(value), _) if entry.value.is_null() => {
                    let end = entry.key.span.range().end + ":".len();
                    edits.push(Edit { span: Span::at(end), replacement: format!(" {value}") });
                }
                (Some(replacement), _) => edits.push(Edit { span: entry.value.span, replacement }),
                (None, Origin::Record) => edits.push(Edit::removal(lines)),
                (None, Origin::Template) => {}
            }
        }
        edits
    }

    /// The lines between the title and the first section.
    fn preamble(&self, view: &View<'_>, title: &Heading) -> Edit {
        let span = Span::new(title.line.end as usize, title.own_body.end as usize);
        let source = view.source();
        let header = view.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
        let mut edits = Vec::new();
        let mut lines: Vec<(u32, String)> = Vec::new();
        let in_document_header = |entry: &&Entry| {
            let header = view.markdown().and_then(|page| page.document_header.as_ref());
            header.is_some_and(|header| header.span.contains(entry.key.span))
        };
        for entry in header.iter().filter(|entry| !in_document_header(entry)) {
            let like = entry.value.as_text().unwrap_or_default();
            let Some(field) = self.values.field(&entry.key.name) else {
                lines.extend(self.blank_line(source, entry));
                continue;
            };
            let value = self.value(field, like);
            let Some(value) = value.or_else(|| self.is_to_fill_in(field).then(String::new)) else { continue };
            let line = source.line_span(entry.key.span.start as usize);
            if entry.value.is_null() && self.origin == Origin::Record {
                lines.push((line.start, format!("{} {value}", source.slice(line).trim_end())));
                continue;
            }
            if entry.value.as_scalar().is_none() || !line.contains(entry.value.span) {
                continue;
            }
            let (start, end) = (entry.value.span.range().start, entry.value.span.range().end);
            let before = source.slice(Span::new(line.range().start, start));
            let after = source.slice(Span::new(end, line.range().end));
            lines.push((line.start, format!("{before}{value}{after}")));
            edits.push(Edit { span: entry.value.span, replacement: value });
        }
        for (place, value) in self.found_below_title(view) {
            let line = source.line_span(place.start as usize);
            if lines.iter().any(|(start, _)| *start == line.start) || !line.contains(place) {
                continue;
            }
            let before = source.slice(Span { start: line.start, end: place.start });
            let after = source.slice(Span { start: place.end, end: line.end });
            lines.push((line.start, format!("{before}{value}{after}")));
            edits.push(Edit { span: place, replacement: value });
        }
        lines.sort();
        let lines = below_title(source, &lines);
        let comments = view.markdown().map_or(&[][..], |page| &page.comments);
        for comment in comments.iter().filter(|comment| span.contains(**comment)) {
            let line = source.line_span(comment.start as usize);
            let is_alone =
                source.slice(Span::new(line.range().start, comment.range().start)).trim().is_empty();
            let is_of_filled_line = edits.iter().any(|edit| line.contains(edit.span));
            if is_alone || is_of_filled_line {
                edits.push(Edit::removal(whole_lines(source.text(), *comment)));
            }
        }
        let table =
            view.markdown().and_then(|page| page.tables.iter().find(|table| span.contains(table.span)));
        let cells = table.map(|table| self.cells(table)).unwrap_or_default();
        let replacement = match (self.origin, table.filter(|_| !cells.is_empty())) {
            (Origin::Template, _) => {
                edits.extend(cells);
                applied_within(source.text(), span, edits)
            }
            (Origin::Record, Some(table)) => {
                let table = applied_within(source.text(), table.span, cells);
                format!("\n\n{lines}{}\n\n", table.trim_end())
            }
            (Origin::Record, None) if lines.is_empty() => "\n\n".to_owned(),
            (Origin::Record, None) => format!("\n\n{lines}\n"),
        };
        Edit { span, replacement }
    }

    /// A line below the title that no field is read from, without its value, if most records have it.
    fn blank_line(&self, source: &Source, entry: &Entry) -> Option<(u32, String)> {
        let line = source.line_span(entry.key.span.start as usize);
        let is_alone = entry.value.is_null() || line.contains(entry.value.span);
        let end = if entry.value.is_null() { line.end } else { entry.value.span.start };
        (self.origin == Origin::Record && is_alone && self.common.has_label(&entry.key.name))
            .then(|| (line.start, source.slice(Span { start: line.start, end }).to_owned()))
    }

    /// The values of the new record where patterns of the format find those of the model.
    fn found_below_title(&self, view: &View<'_>) -> Vec<(Span, String)> {
        let places = self.values.profile().map(|profile| profile.places_in_preamble(view));
        let value = |(name, place): (&str, Span)| {
            let field = self.values.kind().shape.field(name)?;
            let value = self.value(field, view.source().slice(place));
            Some((place, value.or_else(|| self.is_to_fill_in(field).then(String::new))?))
        };
        places.into_iter().flatten().filter_map(value).collect()
    }

    /// True for a line below the title that waits for its value: names in the program's own form, what most records of another one state.
    fn is_to_fill_in(&self, field: &Field) -> bool {
        let of_item = |ty: &FieldType| matches!(ty, FieldType::List(inner) if matches!(**inner, FieldType::Reference(_)));
        let is_asked_for = match self.values.profile() {
            None => of_item(&field.ty) || matches!(field.ty, FieldType::Reference(_)),
            Some(profile) if profile.required_fields.contains(&Box::from(&*field.name)) => true,
            // The neighbours that a record replaces or needs are its own.
            Some(_) => self.values.is_usual(field) && !field.ty.refers_to(&self.values.kind().name),
        };
        self.origin == Origin::Record && is_asked_for
    }

    /// True for a key whose value is to be filled in: most of the others name records there, such as the owner and who is informed. Which
    /// records of its own kind a record replaces is a matter of each.
    fn is_left_blank(&self, field: &Field, entry: &Entry) -> bool {
        let is_filled = match &field.ty {
            FieldType::Reference(_) => entry.value.as_scalar().is_some(),
            FieldType::List(of) if matches!(**of, FieldType::Reference(_)) => {
                !field.ty.refers_to(&self.values.kind().name) && !entry.value.is_null()
            }
            _ => false,
        };
        is_filled && self.values.is_usual(field)
    }

    /// The values of a table of names and values in which the format states fields.
    fn cells(&self, table: &Table) -> Vec<Edit> {
        let profile = self.values.profile().filter(|_| table.header.len() == 2);
        let name_of =
            |cells: &[Cell]| Some(cells.first()?.text.trim().trim_end_matches(':').trim().to_owned());
        let field_of =
            |cells: &[Cell]| self.values.kind().shape.field(profile?.field_of_row(&name_of(cells)?)?);
        let rows = || std::iter::once((&table.header, true)).chain(table.rows.iter().map(|row| (row, false)));
        if !rows().any(|(cells, _)| field_of(cells).is_some()) {
            return Vec::new();
        }
        let edit = |(cells, is_header): (&Vec<Cell>, bool)| {
            let (field, cell) = (field_of(cells), cells.get(1).filter(|cell| !cell.text.trim().is_empty())?);
            let value = field.and_then(|field| self.value(field, &cell.text));
            let is_kept = self.origin == Origin::Template || (is_header && field.is_none());
            let replacement = if is_kept { value? } else { value.unwrap_or_default() };
            Some(Edit { span: cell.span, replacement })
        };
        rows().filter_map(edit).collect()
    }

    /// The lines that begin a page and state its title. Those without a value are left out, unless they are of a template.
    fn lead(&self, view: &View<'_>, lead: Span) -> Vec<Edit> {
        let header = view.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
        let edit = |entry: &Entry| {
            let like = entry.value.as_text().unwrap_or_default();
            let value = self.values.field(&entry.key.name).and_then(|field| self.value(field, like));
            match (value, self.origin) {
                (Some(replacement), _) => Some(Edit { span: entry.value.span, replacement }),
                (None, Origin::Template) => None,
                (None, Origin::Record) => {
                    let lines = whole_lines(view.source().text(), entry.key.span.to(entry.value.span));
                    Some(Edit::removal(Span { end: lines.end.min(lead.end), ..lines }))
                }
            }
        };
        header.iter().filter_map(edit).collect()
    }

    fn section(&self, view: &View<'_>, heading: &Heading) -> Option<Edit> {
        let own = Span::new(heading.line.end as usize, heading.own_body.end as usize);
        if self.origin == Origin::Record && !self.has_part(view, heading) {
            return Some(Edit {
                span: Span::new(heading.line.start as usize, own.range().end),
                replacement: String::new(),
            });
        }
        let body = view.source().slice(own).trim();
        let first = body.lines().next().unwrap_or_default();
        let field = self.field_of_section(view, heading);
        let value = field.and_then(|field| self.value(field, first));
        let items = field.map_or_else(Vec::new, |field| self.values.each(field));
        let value = value.or_else(|| headings(view, heading, &items));
        match (value, self.origin) {
            (Some(value), _) => Some(Edit { span: own, replacement: format!("\n\n{value}\n\n") }),
            (None, Origin::Record) => Some(Edit { span: own, replacement: "\n\n".to_owned() }),
            (None, Origin::Template) => None,
        }
    }

    /// Returns true for a section that is one of the form, and not of the model alone.
    fn has_part(&self, view: &View<'_>, heading: &Heading) -> bool {
        let key = section_key(&heading.title);
        let is_own_name = |line: &str| {
            let item = line.trim_start().strip_prefix(['*', '-', '+']);
            item.is_some_and(|item| section_key(item) == key)
        };
        // Below the sections of a page, an option has the name that the list of options gives it.
        if heading.level > TOP_SECTION && view.source().text().lines().any(is_own_name) {
            return false;
        }
        let is_of_kind = || {
            let mut fields = self.values.kind().shape.fields.iter();
            fields.any(|field| field.headings.iter().any(|title| section_key(title) == key))
        };
        self.common.has_heading(heading) || self.common.is_small() && is_of_kind()
    }

    fn field_of_section(&self, view: &View<'_>, heading: &Heading) -> Option<&Field> {
        let fields = self.values.kind().shape.fields.iter();
        let key = section_key(&heading.title);
        let states = |field: &&Field| match self.values.profile() {
            Some(profile) => profile
                .sections_of(&field.name)
                .any(|keys| view.section(keys).is_some_and(|found| found.span == heading.span)),
            None => field.headings.iter().any(|title| section_key(title) == key),
        };
        fields.filter(|field| field.initial.is_some()).find(states)
    }
}

/// The lines below the title, each with the start of that of the model; paragraphs of their own if all of the model's are.
fn below_title(source: &Source, lines: &[(u32, String)]) -> String {
    let is_blank = |pair: &[(u32, String)]| {
        let between = source.slice(Span { start: pair[0].0, end: pair[1].0 });
        between.trim_end_matches([' ', '\t']).lines().next_back().is_some_and(|line| line.trim().is_empty())
    };
    let end = if lines.len() > 1 && lines.windows(2).all(is_blank) { "\n\n" } else { "\n" };
    let lines: Vec<&str> = lines.iter().map(|(_, line)| line.trim_end()).collect();
    if lines.is_empty() { String::new() } else { lines.join(end) + "\n" }
}

/// Removes the text between the lines that begin a page and its first heading, except for the end of a block around them.
fn without_introduction(document: &Document, span: Span) -> Edit {
    let text = document.source.slice(span).trim_start();
    let closing = text.lines().next().filter(|line| line.starts_with("</") || line.starts_with("```"));
    Edit { span, replacement: closing.map_or("\n\n".to_owned(), |closing| format!("\n{closing}\n\n")) }
}

fn without_lines(document: &Document, entry: &Entry) -> Edit {
    let text = document.source.text();
    let start =
        text[..entry.key.span.range().start].rfind('\n').map_or(document.source.bom_len(), |end| end + 1);
    let end = entry.value.span.range().end.max(entry.key.span.range().end);
    let end = text[end..].find('\n').map_or(text.len(), |line_end| end + line_end + 1);
    Edit::removal(Span::new(start, end))
}

/// Applies edits that do not overlap.
fn applied(text: &str, edits: Vec<Edit>) -> String {
    applied_within(text, Span::new(0, text.len()), edits)
}

fn applied_within(text: &str, within: Span, mut edits: Vec<Edit>) -> String {
    edits.sort();
    let mut out = String::new();
    let mut at = within.range().start;
    for edit in edits {
        let range = edit.span.range();
        if range.start < at {
            continue;
        }
        out.push_str(&text[at..range.start]);
        out.push_str(&edit.replacement);
        at = range.end;
    }
    out.push_str(&text[at..within.range().end]);
    out
}
