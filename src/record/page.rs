//! Reads fields from the sections of Markdown pages.

use std::sync::{Arc, OnceLock};

use ahash::{HashMap, HashMapExt, HashSet};

use super::canonical::Canonical;
use super::conventions::CONVENTIONS;
use super::slips::is_misspelt_name;
use super::{lines, pairs, rows, structured};
use crate::kind::{Field, FieldType, Kind, Kinds, Shape, fold_name};
use crate::node::{Entry, Key, Mapping, MappingBuilder, Node, Value, edit_list};
use crate::profile::{Profile, Profiles, ValueForm, View, items_below_labels};
use crate::schema::{Violation, did_you_mean, pointer_to};
use crate::syntax::Markdown;
use crate::syntax::markdown::{Heading, Table, section_key};
use crate::text::{Source, Span, capital};

/// In the name of a heading. One edit makes another word of most shorter ones.
const LEAST_LETTERS: usize = 5;

/// Which sections of a page contain which fields.
pub(super) struct SectionFields {
    by_kind: HashMap<Arc<str>, (Arc<Kind>, OnceLock<FieldsByTitle>)>,
    /// The keys of all kinds.
    known: OnceLock<HashSet<Box<str>>>,
    /// The kinds whose records are referred to by their titles too.
    titled: HashSet<Arc<str>>,
    /// The formats of pages with a record in each section.
    logs: Vec<Arc<Profile>>,
    /// The names of kinds, which are those of files with several records.
    lists: HashSet<String>,
}

/// The fields of a kind by the keys of section titles.
type FieldsByTitle = HashMap<Box<str>, Vec<SectionField>>;

/// A field that a section may contain.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct SectionField {
    /// The index of the field.
    field: usize,
    /// The rank of the section title among the field's titles.
    rank: usize,
}

impl SectionFields {
    pub(super) fn new(kinds: &Kinds, profiles: &Profiles) -> SectionFields {
        let is_log = |profile: &&Arc<Profile>| profile.has_section_records;
        let has_titles = |kind: &&Arc<Kind>| kind.names.iter().any(|name| &**name == "title");
        SectionFields {
            by_kind: kinds.iter().map(|kind| (kind.name.clone(), (kind.clone(), OnceLock::new()))).collect(),
            known: OnceLock::new(),
            titled: kinds.iter().filter(has_titles).map(|kind| kind.name.clone()).collect(),
            logs: profiles.iter().filter(is_log).cloned().collect(),
            lists: kinds.iter().flat_map(|kind| kind.called()).map(fold_name).collect(),
        }
    }

    fn by_title(&self, kind: &Kind) -> Option<&FieldsByTitle> {
        let (kind, fields) = self.by_kind.get(&kind.name)?;
        Some(fields.get_or_init(|| section_keys(kind)))
    }

    /// Returns true for the key of a section with a field of any kind.
    fn is_known(&self, key: &str) -> bool {
        let kinds = || self.by_kind.values().filter_map(|(kind, _)| self.by_title(kind));
        self.known.get_or_init(|| kinds().flat_map(HashMap::keys).cloned().collect()).contains(key)
    }

    fn fields<'k, 'a>(&self, view: &View<'a>, kind: &'k Kind) -> Vec<(&'k Field, &'a Heading)> {
        let Some(by_section) = self.by_title(kind) else { return Vec::new() };
        let sections = view.sections().iter().filter_map(|(key, at)| Some((by_section.get(&**key)?, *at)));
        let mut found: Vec<(SectionField, usize)> =
            sections.flat_map(|(fields, at)| fields.iter().map(move |field| (*field, at))).collect();
        found.sort_unstable();
        found.dedup_by_key(|(found, _)| found.field);
        let (fields, headings) = (&kind.shape.fields, view.headings());
        let found = found.into_iter();
        found.filter_map(|(found, at)| Some((fields.get(found.field)?, headings.get(at)?))).collect()
    }

    /// Returns the fields that lines in bold head, in the place of headings.
    fn bold_fields<'k, 'h>(&self, kind: &'k Kind, lines: &'h [Heading]) -> Vec<(&'k Field, &'h Heading)> {
        let Some(by_section) = self.by_title(kind) else { return Vec::new() };
        let named = lines.iter().filter_map(|line| Some((by_section.get(&*section_key(&line.title))?, line)));
        let mut found: Vec<(SectionField, &Heading)> =
            named.flat_map(|(fields, line)| fields.iter().map(move |field| (*field, line))).collect();
        found.sort_by_key(|(field, _)| *field);
        found.dedup_by_key(|(field, _)| field.field);
        found
            .into_iter()
            .filter_map(|(found, line)| Some((kind.shape.fields.get(found.field)?, line)))
            .collect()
    }

    /// Returns true for the key of a section that has a field of the kind.
    pub(super) fn knows(&self, kind: &Kind, key: &str) -> bool {
        self.by_title(kind).is_some_and(|by_section| by_section.contains_key(key))
    }

    /// Returns the fields whose heading a heading of no kind can only be a slip for, with the key of that heading.
    fn meant<'k>(&self, kind: &'k Kind, key: &str) -> Option<(Vec<&'k Field>, &str)> {
        if key.len() < LEAST_LETTERS || self.is_known(key) || CONVENTIONS.is_other_column(key) {
            return None;
        }
        let near = self.by_title(kind)?.iter();
        let is_near = |known: &str| known.len().abs_diff(key.len()) <= 1 && is_misspelt_name(key, known);
        let near =
            near.filter(|(known, _)| known.as_bytes().first() == key.as_bytes().first() && is_near(known));
        let near = near.flat_map(|(known, fields)| fields.iter().map(|field| (field.field, &**known)));
        let mut near: Vec<(usize, &str)> = near.collect();
        near.sort_unstable();
        let (field, known) = *near.first()?;
        let fields = near.iter().filter_map(|(field, _)| kind.shape.fields.get(*field)).collect();
        near.iter().all(|(other, name)| *other == field || *name == known).then_some((fields, known))
    }

    /// Reports the headings of a record that can only be misspelt ones of fields that it lacks.
    pub(super) fn misspelt_headings(&self, view: &View<'_>, kind: &Kind, fields: &Node) -> Vec<Violation> {
        let title = view.title().map(|title| title.span);
        let below = || view.headings().iter().filter(|heading| Some(heading.span) != title);
        let level = below().map(|heading| heading.level).min();
        let all = view.markdown().map_or(&[][..], |page| &page.headings);
        let violation = |heading: &Heading| {
            let key = section_key(&heading.title);
            let (meant, known) = self.meant(kind, &key)?;
            let is_stated = meant.iter().any(|field| fields.get(&field.name).is_some());
            let is_usual = || all.iter().filter(|other| section_key(&other.title) == key).nth(1).is_some();
            if is_stated || is_usual() {
                return None;
            }
            let meant =
                if heading.title.starts_with(char::is_uppercase) { capital(known) } else { known.to_owned() };
            let is_plain = view.source().slice(heading.span).to_lowercase() == key;
            Some(Violation {
                keyword: "additional-properties".into(),
                pointer: pointer_to("", &heading.title),
                span: heading.span,
                message: format!("`{}` is not a section of the kind `{}`", heading.title, kind.name),
                help: Some(did_you_mean(&meant)),
                suggestion: is_plain.then(|| meant.into()),
                field: (*heading.title).into(),
                missing: false,
                related: None,
            })
        };
        below().filter(|heading| Some(heading.level) == level).filter_map(violation).collect()
    }

    pub(super) fn count_fields(&self, view: &View<'_>, kind: &Kind) -> usize {
        self.fields(view, kind).len()
    }

    pub(super) fn add_fields(
        &self,
        view: &View<'_>,
        canonical: &mut Canonical<'_>,
        kind: &Kind,
        fields: &mut MappingBuilder,
    ) {
        let bold = bold_headings(view);
        for (field, heading) in self.fields(view, kind).into_iter().chain(self.bold_fields(kind, &bold)) {
            // A section adds to an empty list in the front matter.
            let is_stated = fields.get(&field.name).is_some_and(|value| !value.is_empty());
            // On a foreign page, a section such as `Date` may be about dates, and its profile knows the words of others.
            let is_read = canonical.is_native() || (is_prose(&field.ty) && field.values.is_empty());
            if is_stated || !is_read {
                continue;
            }
            let value = match reference_kinds(&field.ty).filter(|_| canonical.is_native()) {
                Some(kinds) => self.read_references(view, heading, kinds),
                None => read_section(view, heading, field),
            };
            let value = match reference_kinds(&field.ty) {
                Some(_) => value.map(|value| self.with_codes_in_logs(view.source(), value)),
                None => value,
            };
            let value = value.and_then(|value| canonical.prose_field(value, field));
            if let Some(value) = value {
                fields.fill(Key { name: field.name.clone(), span: heading.span }, value);
            }
        }
    }

    /// Returns the lists of mappings, on the page or in the section that is the record, below plain lines such as `Follow-ups:` with the
    /// title of a section of the kind, and those of further sections such as `Actions` below each topic, outside the list's own section.
    fn led_lists<'k>(
        &self,
        view: &View<'_>,
        kind: &'k Kind,
        own: &[(&Field, Span)],
    ) -> Vec<(&'k Field, Node)> {
        let (Some(page), Some(by_section)) = (view.markdown(), self.by_title(kind)) else {
            return Vec::new();
        };
        let field_of = |lead: &str, span: Span| {
            let fields = by_section.get(&*section_key(lead))?;
            let mut fields = fields.iter().filter_map(|found| kind.shape.fields.get(found.field));
            let (field, shape) = fields.find_map(|field| Some((field, item_shape(field)?)))?;
            let is_read = own.iter().any(|(it, body)| it.name == field.name && body.contains(span));
            (!is_read).then_some((field, shape))
        };
        let is_here = |span: Span| view.section.is_none_or(|section| section.body.contains(span));
        let lists = lines::led_lists(view.source(), page);
        let read = lists.iter().filter(|list| is_here(list.span)).filter_map(|list| {
            let (field, shape) = field_of(list.lead, list.span)?;
            Some((field, list.mappings(view.source(), shape)?))
        });
        let further = page.headings.iter().filter(|heading| is_here(heading.span)).filter_map(|heading| {
            let (field, _) = field_of(&heading.title, heading.own_body)?;
            field.is_listed.then_some(())?;
            Some((field, read_section(view, heading, field)?))
        });
        read.chain(further).collect()
    }

    /// Adds the items of lists in sections such as `Actions` of a foreign page and below lines such as `Actions:`. Where the kind does
    /// not list the field, only items with a box to tick or a day are sure to be meant.
    pub(super) fn add_tasks(
        &self,
        view: &View<'_>,
        canonical: &mut Canonical<'_>,
        kind: &Kind,
        fields: &mut MappingBuilder,
    ) {
        let in_sections: Vec<(&Field, Node)> = self
            .fields(view, kind)
            .into_iter()
            .filter(|(field, _)| fields.get(&field.name).is_none())
            .filter_map(|(field, heading)| {
                let items = lines::mappings(view.source(), view.markdown()?, heading, item_shape(field)?);
                Some((field, items?))
            })
            .collect();
        let led = self.led_lists(view, kind, &self.list_sections(view, kind, &bold_headings(view)));
        let is_open = |field: &&Field| view.section.is_none() || fields.get(&field.name).is_none();
        let open: Vec<&Field> = kind.shape.fields.iter().filter(is_open).collect();
        for field in open {
            let Some(shape) = item_shape(field) else { continue };
            let is_sure = |item: &Node| {
                let is_sure = |entry: &Entry| {
                    let field = shape.field(&entry.key.name);
                    field.is_some_and(|it| matches!(it.ty, FieldType::Date) || !it.values.is_empty())
                };
                item.as_mapping().is_some_and(|item| item.entries().iter().any(is_sure))
            };
            let lists = in_sections.iter().chain(&led).filter(|(it, _)| it.name == field.name);
            let items = lists.flat_map(|(_, list)| list.as_sequence().unwrap_or_default());
            let items = items.filter(|item| field.is_listed || is_sure(item)).cloned().collect();
            add_items(canonical, field, items, fields);
        }
    }

    /// Adds the items of marked lines in any section of a page, `- DECISION: we stop the pilot`, and those of lists below a line such as
    /// `Follow-ups:`.
    pub(super) fn add_marked_items(
        &self,
        view: &View<'_>,
        canonical: &mut Canonical<'_>,
        kind: &Kind,
        fields: &mut MappingBuilder,
    ) {
        let Some(page) = view.markdown().filter(|_| view.section.is_none()) else { return };
        let own = self.list_sections(view, kind, &bold_headings(view));
        let led = self.led_lists(view, kind, &own);
        let mut lists: Vec<Span> = own.into_iter().map(|(_, body)| body).collect();
        lists.extend(led.iter().map(|(_, items)| items.span));
        let is_read =
            |field: &&Field| !field.marked.is_empty() || led.iter().any(|(it, _)| it.name == field.name);
        for field in kind.shape.fields.iter().filter(is_read) {
            let mut items = lines::marked(view.source(), page, field, &lists);
            if let Some(shape) = item_shape(field).filter(|_| !field.marked.is_empty()) {
                items.extend(rows::marked(page, shape, &lists));
            }
            let own = led.iter().filter(|(it, _)| it.name == field.name);
            items.extend(own.flat_map(|(_, list)| list.as_sequence().unwrap_or_default().to_vec()));
            add_items(canonical, field, items, fields);
        }
    }

    /// The lists of a kind that have a section, with its body.
    fn list_sections<'k>(&self, view: &View<'_>, kind: &'k Kind, bold: &[Heading]) -> Vec<(&'k Field, Span)> {
        let sections = self.fields(view, kind).into_iter().chain(self.bold_fields(kind, bold));
        let lists = sections.filter(|(field, _)| matches!(field.ty, FieldType::List(_)));
        lists.map(|(field, heading)| (field, heading.body)).collect()
    }

    /// Adds the fields that header lines such as `Date: 2026-11-20`, or a table of names and values, state below the title of a page in
    /// the program's own form. Skips a field that another part of the page states.
    pub(super) fn add_header_fields(
        &self,
        view: &View<'_>,
        canonical: &mut Canonical<'_>,
        kind: &Kind,
        fields: &mut MappingBuilder,
    ) {
        let is_title = |title: &&Heading| title.level == 1 || view.section.is_some();
        let Some(span) = view.title().filter(is_title).map(|title| title.own_body) else { return };
        let lines = view.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries);
        for Entry { key, value } in lines.iter().chain(&rows::of_names_and_values(view, kind)) {
            let known = kind.shape.by_key(&key.name);
            let Some(field) = known
                .or_else(|| kind.shape.only_meaning(&key.name))
                .filter(|field| is_on_one_line(field, &key.name))
            else {
                continue;
            };
            let is_stated = fields.get(&field.name).is_some();
            if value.is_null() || is_stated || is_hidden(view.source(), span, key.span.start) {
                continue;
            }
            if known.is_none() {
                // The schema rejects the key, and the field is read: a typing error is one finding.
                fields.push(key.clone(), value.clone());
            }
            let value = match reference_kinds(&field.ty) {
                Some(kinds) => lines::references(view.source(), value.clone(), self.is_by_title(kinds)),
                None if is_enumeration(field) && value.as_scalar().is_some() => {
                    Some(Node::sequence(value.span, lines::parts(view.source(), value)))
                }
                None => Some(value.clone()),
            };
            if let Some(value) = value.and_then(|value| canonical.prose_field(value, field)) {
                fields.push(Key { name: field.name.clone(), span: key.span }, value);
            }
        }
    }

    /// Adds one item to a list. Its parts are lines of the page, as they are columns where the list is a table: `In practice: …` and
    /// `Measures: …`.
    pub(super) fn add_item_on_lines(
        view: &View<'_>,
        canonical: &mut Canonical<'_>,
        kind: &Kind,
        fields: &mut MappingBuilder,
    ) {
        let Some(list) = kind.list_in_rows().filter(|list| fields.get(&list.name).is_none()) else { return };
        let entries = || view.header().and_then(Node::as_mapping).map_or(&[][..], Mapping::entries).iter();
        let stated =
            entries().find(|entry| kind.shape.by_key(&entry.key.name).is_some_and(|it| it.name == list.name));
        let (Some(stated), Some(shape)) =
            (stated.filter(|entry| entry.value.as_text().is_some()), item_shape(list))
        else {
            return;
        };
        let Some(text) = shape.text.as_deref() else { return };
        let parts = entries().filter_map(|entry| {
            let part =
                shape.by_key(&entry.key.name).filter(|_| kind.shape.by_key(&entry.key.name).is_none())?;
            let key = Key { name: part.name.clone(), span: entry.key.span };
            Some(Entry { key, value: entry.value.clone() })
        });
        let key = Key { name: text.into(), span: stated.key.span };
        let described = Entry { key, value: stated.value.clone() };
        let item = Mapping::new(std::iter::once(described).chain(parts).collect());
        let span = stated.value.span;
        let value = Node::sequence(span, vec![Node::mapping(span, item)]);
        if let Some(value) = canonical.prose_field(value, list) {
            fields.push(Key { name: list.name.clone(), span: stated.key.span }, value);
        }
    }

    /// Adds the rows of a table below the title as the items of a list. One column is the natural key of the items. Either the key refers
    /// to a record and another column is a field too, as in `| KPI | Weight |`, or all columns are fields of this list and of no other.
    pub(super) fn add_table_below_title(
        view: &View<'_>,
        canonical: &mut Canonical<'_>,
        kind: &Kind,
        fields: &mut MappingBuilder,
    ) {
        let (Some(page), Some(title)) = (view.markdown(), view.title()) else { return };
        let lists = || kind.shape.fields.iter().filter_map(|list| Some((list, item_shape(list)?)));
        let knows_all = |table: &Table, shape: &Shape| columns(table, shape).all(|part| part.is_some());
        let is_of_one_list =
            |table: &Table| lists().filter(|(_, shape)| knows_all(table, shape)).count() == 1;
        for (list, shape) in lists() {
            if list.natural_key.is_none() || fields.get(&list.name).is_some() {
                continue;
            }
            let is_list = |table: &&Table| {
                let parts = || columns(table, shape).flatten();
                let key = parts().find(|part| list.natural_key.as_deref() == Some(&*part.name));
                parts().count() > 1
                    && key.is_some_and(|key| {
                        matches!(key.ty, FieldType::Reference(_))
                            || knows_all(table, shape) && is_of_one_list(table)
                    })
            };
            let Some(table) = page.tables_in(title.own_body).iter().find(is_list) else { continue };
            let items = rows::items(page, table, shape);
            if let Some(value) = canonical.prose_field(items, list) {
                fields.push(Key { name: list.name.clone(), span: table.span }, value);
            }
        }
    }

    /// Counts the fields of a kind that a page states in sections, below its title and in its front matter, without those that
    /// most kinds have.
    pub(super) fn count_stated(&self, view: &View<'_>, kind: &Kind) -> usize {
        let of_keys = |node: Option<&'_ Node>| {
            let entries = node.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries).to_vec();
            entries.into_iter().filter_map(|entry| kind.shape.by_key(&entry.key.name))
        };
        let sections = self.fields(view, kind).into_iter().map(|(field, _)| field);
        let fields = sections.chain(of_keys(view.root)).chain(of_keys(view.header()));
        let names: HashSet<&str> =
            fields.map(|field| &*field.name).filter(|name| !structured::is_common(name)).collect();
        names.len()
    }

    /// Replaces links to pages that hold several records by the identifiers that they bear: `[D-8](decision-log.md)`.
    fn with_codes_in_logs(&self, source: &Source, list: Node) -> Node {
        let Value::Sequence(items) = list.value else { return list };
        let coded = |item: Node| {
            let is_log = item.as_text().is_some_and(|path| self.is_page_of_several(path));
            Some(&item).filter(|_| is_log).and_then(|item| lines::code_of_link(source, item)).unwrap_or(item)
        };
        Node::sequence(list.span, items.into_iter().map(coded).collect())
    }

    fn is_page_of_several(&self, path: &str) -> bool {
        let path = path.split('#').next().unwrap_or_default().trim_start_matches(['.', '/']);
        let name = path.rsplit('/').next().unwrap_or_default();
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        !ending.is_empty()
            && (self.lists.contains(&fold_name(stem))
                || self.logs.iter().any(|profile| profile.may_hold_record(path)))
    }

    /// Returns true if records of one of these kinds, or of any if there are none, are referred to by their titles.
    fn is_by_title(&self, kinds: &[Arc<str>]) -> bool {
        kinds.is_empty() || kinds.iter().any(|kind| self.titled.contains(kind))
    }

    /// Reads a list of references: from each item a link or an identifier, or links or a line. An item that says more than a name
    /// counts up to its identifier.
    fn read_references(&self, view: &View<'_>, heading: &Heading, kinds: &[Arc<str>]) -> Option<Node> {
        let page = view.markdown()?;
        let read_as = |form: ValueForm| form.read(view.source(), page, heading);
        let by_title = self.is_by_title(kinds);
        let links = read_as(ValueForm::Links);
        let Some(items) = items_below_labels(view.source(), page, heading) else {
            return links.or_else(|| lines::references(view.source(), read_as(ValueForm::Line)?, by_title));
        };
        let has_links = links.is_some();
        let links = links.as_ref().and_then(Node::as_sequence).unwrap_or_default();
        let found: Vec<Node> = items
            .as_sequence()
            .unwrap_or_default()
            .iter()
            .flat_map(|item| {
                let own = || links.iter().filter(|link| item.span.contains(link.span));
                let is_page = |link: &&Node| link.as_text().is_some_and(|it| !it.contains(':'));
                // A link that leads elsewhere is about something else, beside an identifier.
                let begins_with_link = view.source().slice(item.span).trim_start().starts_with('[');
                let code = || lines::code(view.source(), item).map(|code| vec![code]);
                let pages =
                    || Some(own().filter(is_page).cloned().collect()).filter(|of: &Vec<Node>| !of.is_empty());
                let name =
                    || lines::reference(view.source(), item, by_title && !has_links).map(|name| vec![name]);
                // A person may be linked by an address, a record that has a title is not.
                let all = || own().filter(|link| !by_title || is_page(link)).cloned().collect();
                match begins_with_link {
                    true => pages().or_else(code),
                    false => code().or_else(pages),
                }
                .or_else(|| own().next().is_none().then(name).flatten())
                .unwrap_or_else(all)
            })
            .collect();
        match found.is_empty() {
            // Links in nested items.
            true => (!links.is_empty()).then(|| Node::sequence(items.span, links.to_vec())),
            false => Some(Node::sequence(items.span, found)),
        }
    }
}

/// Returns the lines in bold that part a page without headings below its title: `**Action items:**`.
fn bold_headings(view: &View<'_>) -> Vec<Heading> {
    let source = view.source();
    let title = view.title().map(|title| title.span);
    let has_sections = view.headings().iter().any(|heading| Some(heading.span) != title);
    let Some(page) = view.markdown().filter(|_| !has_sections && view.section.is_none()) else {
        return Vec::new();
    };
    let lines = page.paragraphs.iter().filter_map(|paragraph| {
        let line = source.slice(paragraph.span).lines().next()?;
        let words = line.trim().trim_end_matches(':').strip_prefix("**")?.strip_suffix("**")?;
        let span = Span { end: paragraph.span.start + u32::try_from(line.len()).ok()?, ..paragraph.span };
        (!words.contains("**")).then(|| (words.into(), span))
    });
    let lines: Vec<(Box<str>, Span)> = lines.collect();
    let end = u32::try_from(source.text().len()).unwrap_or(u32::MAX);
    let ends = lines.iter().skip(1).map(|(_, next)| next.start).chain([end]);
    let heading = |((title, span), end): (&(Box<str>, Span), u32)| {
        let body = Span { start: span.end, end };
        Heading {
            level: 2,
            title: title.clone(),
            span: *span,
            line: *span,
            body,
            own_body: body,
            above: None,
            slug: "".into(),
        }
    };
    lines.iter().zip(ends).map(heading).collect()
}

/// Returns the field that each column of a table names.
fn columns<'s>(table: &Table, shape: &'s Shape) -> impl Iterator<Item = Option<&'s Field>> {
    table.header.iter().map(|cell| shape.by_key(cell.text.trim()))
}

/// Adds items to a list, in the order of the page.
fn add_items(
    canonical: &mut Canonical<'_>,
    field: &Field,
    mut items: Vec<Node>,
    fields: &mut MappingBuilder,
) {
    items.sort_by_key(|item| item.span.start);
    let all = items.iter().map(|item| item.span).reduce(Span::to);
    let list = all.and_then(|span| canonical.prose_field(Node::sequence(span, items), field));
    let Some(list) = list else { return };
    let stated = fields.entries_mut().iter_mut().find(|entry| entry.key.name == field.name);
    match stated.map(|entry| &mut entry.value.value) {
        Some(Value::Sequence(stated)) => {
            edit_list(stated, |items| items.extend_from_slice(list.as_sequence().unwrap_or_default()));
        }
        Some(_) => {}
        None => fields.push(Key { name: field.name.clone(), span: list.span }, list),
    }
}

/// Returns the fields of the items of a list.
fn item_shape(field: &Field) -> Option<&Shape> {
    let FieldType::List(of) = &field.ty else { return None };
    let FieldType::Struct(shape) = &**of else { return None };
    Some(shape)
}

/// Returns true for a field whose value may stand beside this key on a line. Other texts than the identifier have a key or a
/// number too.
fn is_on_one_line(field: &Field, key: &str) -> bool {
    let needs_keys = match &field.ty {
        FieldType::Struct(shape) => shape.text.is_none(),
        FieldType::Map(_) => true,
        ty => ty.shape().is_some(),
    };
    !needs_keys && (&*field.name != "id" || field.is_own_name(key))
}

/// Returns true for a list of words, which may stand on one line.
fn is_enumeration(field: &Field) -> bool {
    matches!(field.ty, FieldType::List(_)) && !field.prose
}

/// Returns true if a position within a text is in a comment or in a block of code.
fn is_hidden(source: &Source, within: Span, at: u32) -> bool {
    let before = source.slice(Span { end: at, ..within });
    let fences = before.lines().filter(|line| line.trim_start().starts_with("```")).count();
    let is_in_comment = before.rfind("<!--").is_some_and(|start| !before[start..].contains("-->"));
    is_in_comment || fences % 2 == 1
}

fn is_prose(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Text | FieldType::Any | FieldType::List(_) | FieldType::Reference(_))
}

/// Returns the kinds of the records that a list of references names.
fn reference_kinds(ty: &FieldType) -> Option<&[Arc<str>]> {
    match ty {
        FieldType::List(inner) => match &**inner {
            FieldType::Reference(kinds) => Some(kinds),
            _ => None,
        },
        _ => None,
    }
}

fn section_keys(kind: &Kind) -> FieldsByTitle {
    let mut keys = FieldsByTitle::new();
    for (index, field) in kind.shape.fields.iter().enumerate() {
        for (rank, title) in field.headings.iter().enumerate() {
            keys.entry(section_key(title).into_boxed_str())
                .or_default()
                .push(SectionField { field: index, rank });
        }
    }
    keys
}

pub(super) fn structured_sections(kinds: &Kinds) -> impl Iterator<Item = Box<str>> {
    let fields = kinds.iter().flat_map(|kind| &kind.shape.fields);
    let structured = fields.filter(|field| {
        !matches!(field.ty, FieldType::Text | FieldType::Any | FieldType::Struct(_) | FieldType::Map(_))
    });
    structured.flat_map(|field| &field.headings).map(|title| section_key(title).into_boxed_str())
}

fn read_section(view: &View<'_>, heading: &Heading, field: &Field) -> Option<Node> {
    let page = view.markdown()?;
    let read_as = |form: ValueForm| form.read(view.source(), page, heading);
    match &field.ty {
        FieldType::List(inner) => match &**inner {
            FieldType::Struct(shape) => {
                let table = rows::in_section(page, heading, shape);
                let list = pairs::in_section(view.source(), page, heading, shape).or_else(|| {
                    shape.text.as_ref()?;
                    let items = lines::mappings(view.source(), page, heading, shape);
                    let others = || {
                        // What is to be done is written in lines, and headings below are those of other sections.
                        let titles = || subheading_titles(page, heading).filter(|_| field.marked.is_empty());
                        read_as(ValueForm::Items).or_else(titles)
                    };
                    if table.is_none() { items.or_else(others) } else { items }
                });
                both(table, list)
            }
            FieldType::Reference(_) => read_as(ValueForm::Links).or_else(|| {
                // The first line of a table names its columns.
                let is_row = |line: &Node| line.as_text().is_some_and(|text| text.starts_with('|'));
                let line = || read_as(ValueForm::Line).filter(|line| !is_row(line));
                let named = items_below_labels(view.source(), page, heading).or_else(line)?;
                Some(lines::without_words_after_code(view.source(), named))
            }),
            _ => items_below_labels(view.source(), page, heading)
                .or_else(|| subheading_titles(page, heading))
                .or_else(|| read_as(ValueForm::Text)),
        },
        FieldType::Text | FieldType::Any => read_as(ValueForm::Text),
        FieldType::Struct(shape) => {
            shape.text.as_ref()?;
            mapping_on_lines(view, heading, shape)
                .or_else(|| only_row(page, heading, shape))
                .or_else(|| read_as(ValueForm::Text))
        }
        FieldType::Map(_) => None,
        FieldType::Reference(_) => read_as(ValueForm::Links).or_else(|| read_as(ValueForm::Line)),
        _ => read_as(ValueForm::Line),
    }
}

/// Returns the fields of a mapping that a section states on lines such as `Within: 2 weeks`.
fn mapping_on_lines(view: &View<'_>, heading: &Heading, shape: &Shape) -> Option<Node> {
    let section = View::of_section(view.document, heading);
    let lines = section.header().and_then(Node::as_mapping)?.entries().iter();
    let stated: Vec<Entry> = lines.filter(|line| shape.by_key(&line.key.name).is_some()).cloned().collect();
    (!stated.is_empty()).then(|| Node::mapping(heading.own_body, Mapping::new(stated)))
}

/// Returns the row of a table in a section, if it is the only one.
fn only_row(page: &Markdown, heading: &Heading, shape: &Shape) -> Option<Node> {
    match rows::in_section(page, heading, shape)?.as_sequence()? {
        [row] => Some(row.clone()),
        _ => None,
    }
}

/// Joins the rows of a table and the items of a list, in the order of the page.
fn both(table: Option<Node>, list: Option<Node>) -> Option<Node> {
    let (Some(table), Some(list)) = (&table, &list) else { return table.or(list) };
    let items = |node: &Node| node.as_sequence().unwrap_or_default().to_vec();
    let mut all = [items(table), items(list)].concat();
    all.sort_by_key(|item| item.span.start);
    let span = Span { start: table.span.start.min(list.span.start), end: table.span.end.max(list.span.end) };
    Some(Node::sequence(span, all))
}

fn subheading_titles(page: &Markdown, heading: &Heading) -> Option<Node> {
    let titles: Vec<Node> =
        subheadings(page, heading).map(|below| Node::text(below.span, below.title.clone())).collect();
    (!titles.is_empty()).then(|| Node::sequence(heading.body, titles))
}

/// Returns the headings of the highest level below a heading.
pub(super) fn subheadings<'p>(page: &'p Markdown, heading: &Heading) -> impl Iterator<Item = &'p Heading> {
    let from = page.headings.partition_point(|other| other.span.start <= heading.span.start);
    let end = heading.body.end;
    let nested = page.headings[from..].iter().take_while(move |other| other.span.start < end);
    let level = nested.clone().map(|other| other.level).min();
    nested.filter(move |other| Some(other.level) == level)
}
