//! Files that should be records, and why they are none.

use std::sync::Arc;

use super::blank::is_blank_template;
use super::classifier::{PathClassifier, is_hidden, is_introduction, is_numbered, page_folder, stem};
use super::conventions::CONVENTIONS;
use super::page_kind;
use super::recognise::{Recogniser, is_listing};
use super::slips::{self, title as column_title};
use super::{rows, structured};
use crate::kind::{Kind, fold_name};
use crate::node::{Mapping, Node};
use crate::profile::{Mismatch, Profile, View, is_template};
use crate::schema::{did_you_mean, nearest};
use crate::syntax::markdown::{Cell, Table};
use crate::syntax::{Document, Format, Markdown};

/// A file that should be a record, by its path and by what lies beside it.
#[derive(Debug, PartialEq, Eq)]
pub struct ExpectedRecord<'p> {
    /// The folder of the records among which it lies.
    pub folder: &'p str,
    /// True if its name begins with a number, as those of records do.
    pub is_numbered: bool,
    /// True if only the name of its folder says that it should be one, in any place of the repository.
    pub is_by_folder_name: bool,
    /// True if it is no page, in a folder that is named for pages.
    pub is_attached: bool,
    /// Why it is none, if its path tells that.
    pub refusal: Option<Refusal>,
    /// True for a file that only people can read.
    pub is_opaque: bool,
}

/// Why a file is not read as a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Refusal {
    /// No sentence of its own: no section `Status`.
    pub reason: String,
    pub help: Option<String>,
    /// True if its content has nothing of a record.
    pub is_unlike: bool,
    /// The format of which it lacks a part.
    pub format: Option<Arc<str>>,
    /// True for a slip in a page that would be a record otherwise.
    pub is_slip: bool,
    /// True for a page that should hold several records.
    pub is_of_several: bool,
}

/// A page that lacks more than this of each format has the form of none.
const MOST_MISSING: usize = 2;

/// A page that states as many fields of a kind looks like one.
const FEWEST_STATED: usize = 3;

impl PathClassifier<'_> {
    /// Returns why the file at `path` should be a record, whether or not it is one; `None` if nothing says so. `records_in`
    /// counts the records of a folder. If `is_read`, it is a record and has no refusal.
    pub fn expected<'p>(
        &self,
        path: &'p str,
        records_in: impl Fn(&str) -> usize,
        is_read: bool,
    ) -> Option<ExpectedRecord<'p>> {
        let is_frozen = CONVENTIONS.is_frozen(path) && self.configured(path).is_none();
        if is_beside_records(path) || is_frozen || self.config.excludes(path) {
            return None;
        }
        let is_page =
            self.config.format_of(path).is_some_and(Format::is_page) || CONVENTIONS.is_unread_page(path);
        let is_opaque = CONVENTIONS.is_opaque(path);
        let folder = match is_page {
            true => page_folder(path)
                .or_else(|| self.conventional_folder(path))
                .or_else(|| folder_of_records(path, &records_in).filter(|_| !CONVENTIONS.is_post(path)))
                .or_else(|| self.configured_folder(path)),
            false => self
                .conventional_folder(path)
                .or_else(|| self.configured_folder(path))
                .filter(|_| is_opaque || self.config.format_of(path).is_some()),
        };
        let folder = folder?;
        if CONVENTIONS.is_unread_file(path)
            && self.config.format_of(path).is_none()
            && folder_of(path) != folder
        {
            return None;
        }
        let refusal = if is_read { None } else { self.refusal_by_path(path, folder)? };
        Some(ExpectedRecord {
            folder,
            is_numbered: is_numbered(&stem(path).to_ascii_lowercase()),
            is_by_folder_name: is_page
                && page_folder(path).is_some()
                && (self.conventional_folder(path).is_none() || CONVENTIONS.is_unread_file(path))
                && self.configured(path).is_none(),
            is_attached: !is_page
                && self.configured(path).is_none()
                && CONVENTIONS.is_page_folder(folder.rsplit('/').next().unwrap_or(folder)),
            refusal,
            is_opaque,
        })
    }

    /// Returns why the path of a file in a folder of records rules out a record, if it does. The outer `None` is for a file that nobody
    /// expects to be a record.
    fn refusal_by_path(&self, path: &str, folder: &str) -> Option<Option<Refusal>> {
        let format = self.config.format_of(path);
        let is_page = format.is_some_and(Format::is_page) || CONVENTIONS.is_unread_page(path);
        Some(match (is_page, self.profiles.is_auxiliary(path)) {
            (true, true) if format.is_some() => Some(self.refusal_by_profiles(path, folder)?),
            (_, true) => return None,
            _ if CONVENTIONS.is_opaque(path) => Some(opaque()),
            _ if CONVENTIONS.is_unread_page(path) && format.is_none() => {
                let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
                Some(refusal(format!("the format `.{ending}` is not read"), "convert it to Markdown"))
            }
            _ if self.is_auxiliary(path) => Some(like_template()),
            _ => None,
        })
    }

    /// Returns the folder of a file that the configuration names.
    fn configured_folder<'p>(&self, path: &'p str) -> Option<&'p str> {
        self.configured(path).map(|_| path.rsplit_once('/').map_or("", |(folder, _)| folder))
    }

    /// Returns which formats leave out a page that is numbered like a record; `None` if they leave out its whole folder,
    /// or the file belongs to a record.
    fn refusal_by_profiles(&self, path: &str, folder: &str) -> Option<Refusal> {
        let sibling = format!("{folder}/0001-a.md");
        let skipping = || self.profiles.iter().filter(|profile| profile.skips_among_own(path));
        if self.profiles.iter().any(|profile| profile.is_companion(path))
            || skipping().any(|profile| profile.skips(&sibling))
        {
            return None;
        }
        let stem = stem(path).to_ascii_lowercase();
        if !is_numbered(&stem) {
            return stem.contains("template").then(like_template);
        }
        let names: Vec<String> = skipping().map(|profile| format!("`{}`", profile.name)).collect();
        let noun = if names.len() == 1 { "profile" } else { "profiles" };
        Some(refusal(
            format!("`skip` of the {noun} {} leaves it out", names.join(", ")),
            "rename it, or add it to `records:` in `alignlint.yaml`",
        ))
    }
}

fn refusal(reason: String, help: &str) -> Refusal {
    Refusal {
        reason,
        help: Some(help.to_owned()),
        is_unlike: false,
        format: None,
        is_slip: false,
        is_of_several: false,
    }
}

/// Returns true for a name with the number of a record, and false for one with a day: `0007-logs`, `20260507_2013 extract`.
fn has_short_number(stem: &str) -> bool {
    const MOST_DIGITS: usize = 5;
    let digits = stem.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty());
    digits.is_some_and(|digits| digits.len() <= MOST_DIGITS)
}

pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn opaque() -> Refusal {
    refusal(
        "only people can read it".to_owned(),
        "link it from a record or a page, or write its content down as records",
    )
}

fn like_template() -> Refusal {
    let help = "rename it, or add it to `records:` in `alignlint.yaml`";
    refusal("the name looks like that of a template".to_owned(), help)
}

/// Returns the pointer of the list, if a pointer leads to one of its items, and it has others.
pub(super) fn list_around<'p>(root: &Node, pointer: &'p str) -> Option<&'p str> {
    let (list, _) = pointer.rsplit_once('/')?;
    let items = root.pointer(list)?.as_sequence()?;
    (items.len() > 1).then_some(list)
}

/// Returns the pointer to what the document has under the name nearest to the first that it has not.
fn nearest_pointer(document: &Document, pointer: &str) -> Option<String> {
    let mut node = document.roots.first()?;
    let mut path = String::new();
    let mut names = pointer.split('/').skip(1);
    for name in names.by_ref() {
        let mapping = node.as_mapping()?;
        if let Some(inner) = mapping.get(name) {
            path = format!("{path}/{name}");
            node = inner;
            continue;
        }
        let near = nearest(name, mapping.entries().iter().map(|entry| &*entry.key.name))?;
        return Some(names.fold(format!("{path}/{near}"), |path, name| format!("{path}/{name}")));
    }
    None
}

/// Returns true if a page begins with blank lines and then what would be front matter without them.
fn has_late_front_matter(document: &Document) -> bool {
    const FENCE: &str = "---";
    let text = document.source.text();
    let mut lines = text.lines().skip_while(|line| line.trim().is_empty());
    let is_late =
        text.starts_with(['\n', '\r', ' ']) && lines.next().is_some_and(|line| line.trim_end() == FENCE);
    let is_key = |line: &str| line.split_once(':').is_some_and(|(key, _)| !key.contains(' '));
    is_late && lines.next().is_some_and(is_key) && lines.any(|line| line.trim_end() == FENCE)
}

const NO_KIND: &str = "add the file to `exclude:` in `alignlint.yaml`, or write a kind of your own, which is read from `kinds/` in a folder that `extends` names";
const FILL_LIST: &str = "write records into the list, or remove it";

/// Returns true for a page whose front matter is that of another program.
fn is_for_tool(document: &Document) -> bool {
    let root = document.roots.first().filter(|_| document.markdown.is_some());
    root.is_some_and(|root| CONVENTIONS.tool_keys.iter().any(|key| root.get(key).is_some()))
}

fn is_only_title(document: &Document) -> bool {
    let page =
        document.markdown.as_ref().filter(|page| page.headings.len() == 1 && document.roots.is_empty());
    let body = page.and_then(|page| page.title()).map(|title| document.source.slice(title.body));
    body.is_some_and(|body| body.trim().is_empty())
}

/// Returns true for a short page that redirects to another: a link in a text without headings, or in the one line below the title.
fn is_redirect(document: &Document) -> bool {
    const MAX_LEN: usize = 1000;
    let is_short = document.source.text().len() <= MAX_LEN;
    // Front matter may keep the title, and mostly nothing else.
    let has_no_status = document.roots.iter().all(|root| root.get("status").is_none());
    let page = document.markdown.as_ref().filter(|_| is_short && has_no_status);
    let says_no_more = |page: &Markdown| match &page.headings[..] {
        [] => {
            let below = page.front_matter.as_ref().map_or(0, |it| it.block.end as usize);
            let text = document.source.text().get(below..).unwrap_or_default();
            document.roots.is_empty() || text.trim().lines().count() == 1
        }
        [title] => match document.source.slice(title.body).trim() {
            // `# See [the page](0001-logs.md)`.
            "" => page.links.iter().any(|link| title.span.contains(link.text)),
            text => text.lines().count() == 1,
        },
        _ => false,
    };
    page.is_some_and(|page| says_no_more(page) && !page.links.is_empty())
}

/// Returns true for introductions, templates, hidden files, and pages that wait for a number.
pub(super) fn is_beside_records(path: &str) -> bool {
    let stem = stem(path);
    is_introduction_or_form(path) || stem.starts_with("000-") || stem.starts_with("0000-")
}

/// Returns true for a page about records or one to copy, by its name.
pub(super) fn is_introduction_or_form(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = stem(path).to_ascii_lowercase();
    let is_form =
        |part: &str| part.starts_with("template") || part.ends_with("template") || is_of_templates(part);
    is_hidden(path)
        || path.rsplit('/').skip(1).any(|folder| is_form(&folder.to_ascii_lowercase()))
        || is_introduction(path)
        || CONVENTIONS.is_tool_file(name)
        || is_template(path)
        || (!is_numbered(&stem) && (is_form(&stem) || is_variant_of_template(&stem)))
}

/// True for `templates` and `adr-templates`, and not for a page about some of another kind: `expose-enrollment-templates`.
fn is_of_templates(name: &str) -> bool {
    const MOST_BEFORE: usize = 1;
    let words = || name.split(['-', '_', '.', ' ']);
    name.ends_with("templates") && words().count() <= MOST_BEFORE + 1
}

/// Such as `adr-template-short`.
fn is_variant_of_template(stem: &str) -> bool {
    stem.split(['-', '_', '.', ' ']).nth(1) == Some("template")
}

/// Returns the folder of a page that is numbered like the records in it.
fn folder_of_records(path: &str, records_in: impl Fn(&str) -> usize) -> Option<&str> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    (is_numbered(&stem(path).to_ascii_lowercase()) && records_in(folder) > 1).then_some(folder)
}

impl Recogniser<'_> {
    /// Returns why a document without records is none; `None` for a list of records, for what can't be parsed, and for a file
    /// with the schema of another program. `of_folder` is the format of the records beside it.
    pub fn refusal(&self, document: &Document, of_folder: Option<&Arc<Profile>>) -> Option<Refusal> {
        let is_index =
            || is_listing(document) && !is_numbered(&stem(document.source.path()).to_ascii_lowercase());
        let is_blank = || is_blank_template(&View::new(document, document.roots.first(), None));
        let path = document.source.path();
        if let Some(refusal) = self.refusal_of_unreadable(document) {
            return Some(refusal);
        }
        if document.has_fatal_problem() || is_index() || is_redirect(document) || is_blank() {
            return None;
        }
        if (structured::has_other_schema(document, self.classifier.kinds) || is_for_tool(document))
            && self.classifier.configured(document.source.path()).is_none()
        {
            return None;
        }
        if document.markdown.is_none() {
            return Some(self.refusal_of_structured(document));
        }
        if document.source.text().trim().is_empty() && has_short_number(stem(document.source.path())) {
            let empty = refusal("no text".to_owned(), "fill it in, or delete it");
            return Some(Refusal { is_slip: true, ..empty });
        }
        if has_late_front_matter(document) {
            let reason = "its front matter does not begin on the first line".to_owned();
            let late = refusal(reason, "delete the blank lines above it");
            return Some(Refusal { is_slip: true, ..late });
        }
        let view = View::new(document, document.roots.first(), None);
        if page_folder(path).is_some() && self.is_stated_otherwise(&view) {
            return None;
        }
        if let Some(refusal) = self.refusal_of_list(&view) {
            return Some(refusal);
        }
        if page_folder(path).is_none()
            && let Some(refusal) = self.refusal_of_kind(document)
        {
            return Some(refusal);
        }
        if let Some(kind) = self.kind_without_a_name(&view) {
            let help = format!("begin it with the lines `---`, `kind: {}` and `---`", kind.name);
            return Some(refusal(
                format!("it looks like a record of the kind `{}` and states no `kind`", kind.name),
                &help,
            ));
        }
        let is_near = |(_, it): &(_, Mismatch)| it.held > 0 && it.failed.len() <= MOST_MISSING;
        // Of a list on one page, another page lacks nothing.
        let beside = of_folder
            .filter(|profile| !profile.has_part_records())
            .map(|profile| (profile, profile.mismatch(&view)))
            .filter(is_near);
        let lacks = beside.or_else(|| self.classifier.profiles.nearest(&view).filter(is_near));
        let is_unlike = lacks.is_none();
        let format = lacks.as_ref().map(|(profile, _)| profile.name.clone());
        let is_slip = is_only_title(document);
        let reason = match lacks {
            _ if is_slip => "it has nothing but a title".to_owned(),
            Some((profile, mismatch)) if mismatch.failed.is_empty() => {
                format!("its path is none of the format `{}`", profile.name)
            }
            Some((profile, mismatch)) => format!("{mismatch} (`{}`)", profile.name),
            None => self.lack_of_kind(&view),
        };
        // The format that pages of this name have, and this one lacks.
        let mut named = self.classifier.profiles.iter().filter(|profile| profile.may_hold_record(path));
        let formed = named.find(|profile| profile.help.is_some()).filter(|_| !is_slip);
        let is_of_others = is_unlike && self.is_table_of_others(&view);
        let help = formed.and_then(|profile| profile.help.as_deref()).or(is_of_others.then_some(NO_KIND));
        let reason =
            formed.map_or(reason, |profile| format!("no {} in a form that is known", profile.kind.plural));
        let mut named = self.classifier.profiles.iter().filter(|profile| profile.may_hold_record(path));
        let slip = named.find_map(|profile| misspelt_column(profile, &view));
        let reason = slip.unwrap_or(reason);
        Some(Refusal {
            reason,
            help: help.map(str::to_owned),
            is_unlike,
            format,
            is_slip,
            is_of_several: false,
        })
    }

    /// A page whose front matter can't be parsed, where nothing but that would tell that it is a record.
    fn refusal_of_unreadable(&self, document: &Document) -> Option<Refusal> {
        let is_told =
            document.markdown.is_none() || self.classifier.must_contain_record(document.source.path());
        let problem = document.problems.iter().find(|problem| !problem.tolerated).filter(|_| !is_told)?;
        let help = "correct it, so that the page is read";
        Some(Refusal {
            is_slip: true,
            ..refusal(format!("its front matter can't be parsed: {}", problem.message), help)
        })
    }

    /// Returns what a page lacks to be a record of the kind that its file or folder is named for. No format is close to it.
    fn lack_of_kind(&self, view: &View<'_>) -> String {
        let is_headed =
            ["status", "date"].iter().any(|key| view.root.is_some_and(|root| root.get(key).is_some()));
        let name = stem(view.path());
        let mut by_table =
            self.classifier.kinds.iter().filter(|kind| kind.rows.as_ref().is_some_and(|it| it.are_on(name)));
        let by_table = by_table.next().filter(|_| self.classifier.must_contain_record(view.path()));
        let kind = by_table.or_else(|| self.classifier.kind(view.path()));
        match kind.filter(|kind| *kind.name != *page_kind()) {
            Some(kind)
                if kind.rows.is_some() && view.markdown().is_some_and(|page| !page.tables.is_empty()) =>
            {
                match view.markdown().and_then(|page| rows::lacking(page, kind)) {
                    Some(field) => format!(
                        "its table has no column `{}`, which each record of the kind `{}` states",
                        column_title(field),
                        kind.name
                    ),
                    None => format!(
                        "its tables have no column for the title and two for other fields of the kind `{}`",
                        kind.name
                    ),
                }
            }
            Some(kind) if kind.rows.is_some() => format!("no table of {} and no `kind`", kind.plural),
            Some(kind) => match self.kind_of_rows(view) {
                Some(other) => format!(
                    "it is named for {}, and its table has the columns of {}: name it `{}.md`",
                    kind.plural, other.plural, other.plural
                ),
                None => format!("no `kind` and no field of the kind `{}`", kind.name),
            },
            None if is_headed => "its front matter states no `kind`".to_owned(),
            None if let Some(kind) = self.kind_of_rows(view) => format!(
                "its table has the columns of {}, and neither its name nor a `kind` says so: name it `{}.md`, or begin it with the lines `---`, `kind: {}` and `---`",
                kind.plural, kind.plural, kind.name
            ),
            None if self.is_table_of_others(view) => {
                "no kind of record has the columns of its table".to_owned()
            }
            None => "no status, no date and no section of a known format".to_owned(),
        }
    }

    /// Returns true for a page with a table of something that no kind describes, such as risks, in a folder that holds records of all
    /// kinds.
    fn is_table_of_others(&self, view: &View<'_>) -> bool {
        let is_register = |table: &Table| table.header.len() > 1 && !table.rows.is_empty();
        page_folder(view.path()).is_none()
            && self.classifier.must_contain_record(view.path())
            && self.classifier.kind(view.path()).is_none()
            && view.markdown().is_some_and(|page| page.tables.iter().any(is_register))
            && self.kind_of_rows(view).is_none()
    }

    /// Returns the kind whose records the rows of a page may be: the one that has the most of its columns.
    fn kind_of_rows(&self, view: &View<'_>) -> Option<&Arc<Kind>> {
        let page = view.markdown()?;
        let all = self.classifier.kinds;
        let kinds = all
            .iter()
            .filter(|kind| rows::are_records(page, kind) && rows::has_distinctive_columns(page, kind, all));
        let counted: Vec<_> = kinds.map(|kind| (rows::count_columns(page, kind), kind)).collect();
        let most = counted.iter().map(|(count, _)| *count).max()?;
        let mut first = counted.iter().filter(|(count, _)| *count == most).map(|(_, kind)| *kind);
        first.next().filter(|_| first.next().is_none())
    }

    /// Returns the kind of which a page states the most fields, if it is not the one that most pages are: the formats tell those
    /// apart.
    fn kind_without_a_name(&self, view: &View<'_>) -> Option<&Arc<Kind>> {
        let of_folder = self.classifier.kind(view.path());
        let is_of_folder = |kind: &Arc<Kind>| of_folder.is_some_and(|other| other.name == kind.name);
        let counted = self.classifier.kinds.iter().map(|kind| (self.sections.count_stated(view, kind), kind));
        let (count, kind) = counted.rev().max_by_key(|(count, kind)| (*count, is_of_folder(kind)))?;
        let of_most_pages = self.classifier.kinds.get(page_kind());
        let is_apart = || of_most_pages.is_none_or(|most| self.sections.count_stated(view, most) < count);
        let is_certain = page_folder(view.path()).is_none() && count >= FEWEST_STATED && is_apart();
        (is_certain || (count > 0 && is_of_folder(kind)))
            .then_some(kind)
            .filter(|kind| *kind.name != *page_kind())
    }

    /// The page states its kind, or the configuration does, and lists several such records in no form that is known.
    fn refusal_of_list(&self, view: &View<'_>) -> Option<Refusal> {
        let kinds = self.classifier.kinds;
        let stated = || kinds.by_key(view.root?.get("kind")?.as_text()?);
        let configured = || kinds.get(&self.classifier.configured(view.path())?.kind);
        let kind = stated().or_else(configured).filter(|kind| self.is_list_of(view, kind))?;
        let mut formed = self.classifier.profiles.iter().filter(|profile| profile.kind.name == kind.name);
        let help = formed.find_map(|profile| profile.help.as_deref());
        let in_table = || {
            format!(
                "write a table with a row for each, and columns named for its title and other fields; `alignlint explain {}` lists them",
                kind.name
            )
        };
        let help = help.map_or_else(in_table, str::to_owned);
        let reason = format!("it lists several {}, in no form that is known", kind.plural);
        Some(Refusal { is_of_several: true, ..refusal(reason, &help) })
    }

    /// The file states a kind that there is not.
    fn refusal_of_kind(&self, document: &Document) -> Option<Refusal> {
        let kind = document.roots.first()?.get("kind")?.as_text()?;
        let kinds = self.classifier.kinds;
        if kinds.by_key(kind).is_some() {
            return None;
        }
        let help = match nearest(kind, kinds.iter().flat_map(|kind| kind.called())) {
            Some(near) => did_you_mean(near),
            None => "name a kind that there is; one of your own is read from `kinds/` in a folder that `extends` names"
                .to_owned(),
        };
        Some(refusal(format!("its `kind` is `{kind}`, which is no kind of record"), &help))
    }

    fn refusal_of_structured(&self, document: &Document) -> Refusal {
        let entry = self.classifier.configured(document.source.path());
        if let Some(pointer) = entry.and_then(|entry| entry.pointer.as_deref()) {
            if document.roots.iter().any(|root| root.pointer(pointer).is_some_and(Node::is_empty)) {
                return refusal(format!("`{pointer}` is empty"), FILL_LIST);
            }
            if let Some(list) = document.roots.iter().find_map(|root| list_around(root, pointer)) {
                let reason = format!("`{pointer}` is one item of a list, and not the list");
                return refusal(
                    reason,
                    &format!("write `at: {}`", if list.is_empty() { "''" } else { list }),
                );
            }
            let help = match nearest_pointer(document, pointer) {
                Some(near) => did_you_mean(format!("at: {near}")),
                None => "correct `at` under `records:` in `alignlint.yaml`, or add the file to `exclude:`"
                    .to_owned(),
            };
            let found = document.roots.iter().find_map(|root| root.pointer(pointer));
            let holds_values = found.and_then(Node::as_mapping).is_some_and(|mapping| {
                mapping.entries().iter().all(|entry| entry.value.as_mapping().is_none())
            });
            let kind = entry.and_then(|entry| self.classifier.kinds.get(&entry.kind));
            if let Some(kind) = kind.filter(|kind| holds_values && kind.value_field.is_none()) {
                let help = format!(
                    "write a mapping for each record; in a kind of your own, `x-value: FIELD` in `kinds/{}.yaml` names the field of a plain value",
                    kind.name
                );
                return refusal(format!("the values at `{pointer}` are no mappings"), &help);
            }
            return refusal(format!("it has no records at `{pointer}`"), &help);
        }
        if let Some(refusal) = self.refusal_of_kind(document) {
            return refusal;
        }
        let entries = document.roots.iter().filter_map(Node::as_mapping).flat_map(Mapping::entries);
        let is_list = |name: &str| self.classifier.kinds.by_key(name).is_some();
        let empty = entries.clone().find(|entry| is_list(&entry.key.name) && entry.value.is_empty());
        let named = || entries.clone().any(|entry| is_list(&entry.key.name));
        let reason = match empty {
            Some(entry) => format!("`{}` is empty", entry.key.name),
            None if named() => {
                let help = "write an `alignlint.yaml`, and its records are read; or add the file to `exclude:` there";
                let reason = "it is generated, or its records have keys of another program and no owner";
                return refusal(reason.to_owned(), help);
            }
            None => "no kind of record has its keys".to_owned(),
        };
        let near = || {
            let lists = document.roots.iter().filter_map(Node::as_mapping).flat_map(Mapping::entries);
            let mut lists = lists.filter(|entry| entry.value.as_scalar().is_none());
            let names = || self.classifier.kinds.iter().map(|kind| &*kind.plural);
            let near = lists.find_map(|entry| nearest(&entry.key.name, names()));
            near.map(did_you_mean)
        };
        let kinds = self.classifier.kinds;
        let configured = self.classifier.configured(document.source.path());
        let kind = configured.and_then(|entry| kinds.get(&entry.kind)).or_else(|| kinds.iter().next());
        let name = kind.map_or(String::new(), |kind| format!(", such as `{}:`", kind.plural));
        let help = format!(
            "put its records under the name of their kind{name}, or add the file to `exclude:` in `alignlint.yaml`"
        );
        let fill = || empty.map(|_| FILL_LIST.to_owned());
        let of_lists =
            || document.roots.iter().find_map(|root| structured::help_for_lists(root, self.classifier.kinds));
        let near = fill().or_else(|| self.help_for_list(document)).or_else(of_lists).or_else(near);
        let is_unlike = empty.is_none() && near.is_none();
        let help = near.or(Some(help));
        Refusal { reason, help, is_unlike, format: None, is_slip: false, is_of_several: false }
    }
}

/// Says which column of a page is all that its table lacks to be one of a format, but for a slip.
fn misspelt_column(profile: &Profile, view: &View<'_>) -> Option<String> {
    let page = view.markdown()?;
    let is =
        |cell: &Cell, names: &[Box<str>]| names.iter().any(|name| fold_name(name) == fold_name(&cell.text));
    profile.columns().into_iter().find_map(|columns| {
        page.tables.iter().find_map(|table| {
            let is_stated = |names: &&Vec<Box<str>>| table.header.iter().any(|cell| is(cell, names));
            let mut absent = columns.iter().filter(|names| !is_stated(names));
            let names = absent.next().filter(|_| absent.next().is_none() && columns.len() > 1)?;
            table.header.iter().find_map(|cell| {
                let column = cell.text.trim();
                let meant = names.iter().find(|name| slips::is_misspelt_name(column, name))?;
                let line = view.source().position(cell.span.start as usize).line;
                Some(format!("its column `{column}` (line {line}) is not known; {}", did_you_mean(meant)))
            })
        })
    })
}
