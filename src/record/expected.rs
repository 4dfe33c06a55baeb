//! Files that should be records, and why they are none.

use std::sync::Arc;

use super::classifier::{
    self, PathClassifier, is_beside_records, is_blank_template, is_frozen, is_numbered, is_unread_file,
    is_unread_page, page_folder,
};
use super::recognise::{Recogniser, is_listing, is_numbered_index};
use super::structured;
use super::{page_kind, rows};
use crate::format::{Format, Lacks};
use crate::kind::Kind;
use crate::layout::{self, Part};
use crate::node::Node;
use crate::schema::{did_you_mean, nearest};
use crate::syntax::{self, Document};
use crate::text::{extension, file_name, folder_of, stem};

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
    /// Why it is none, if its path shows that.
    pub refusal: Option<Refusal>,
    /// True for a file that only people can read.
    pub is_opaque: bool,
}

/// Why a file is not read as a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Refusal {
    /// No sentence of its own: no section `Status`.
    pub reason: String,
    pub help: Option<String>,
    /// True if its content has nothing of a record.
    pub is_unlike: bool,
    /// True if the name of the file is misspelt.
    pub is_mistake: bool,
    /// True for a page that should hold several records.
    pub is_of_several: bool,
}

impl PathClassifier<'_> {
    /// Returns why the file at `path` should be a record. If `is_read`, it is one. `records_in` counts the records of a folder.
    pub fn expected<'p>(
        &self,
        path: &'p str,
        records_in: impl Fn(&str) -> usize,
        is_read: bool,
    ) -> Option<ExpectedRecord<'p>> {
        let is_configured = self.configured(path).is_some();
        let is_frozen = is_frozen(path) && !is_configured;
        // A page `0000-…` waits for a number.
        let is_unnumbered = ["000-", "0000-"].iter().any(|start| stem(path).starts_with(start));
        if is_beside_records(path) || is_unnumbered || is_frozen || self.config.excludes(path) {
            return None;
        }
        let is_page =
            self.config.format_of(path).is_some_and(syntax::Format::is_page) || is_unread_page(path);
        let is_opaque = classifier::has_ending(path, "opaque-files");
        let own_folder = self.conventional_folder(path);
        let configured_folder = is_configured.then(|| folder_of(path));
        let is_numbered = is_numbered(stem(path));
        // A page that is numbered like the records beside it.
        let numbered_folder = || Some(folder_of(path)).filter(|it| is_numbered && records_in(it) > 1);
        let folder = match is_page {
            true => page_folder(path)
                .or(own_folder)
                .or_else(numbered_folder)
                .or(configured_folder)
                .or_else(|| self.adopted_folder(path)),
            false => own_folder
                .or(configured_folder)
                .filter(|_| is_opaque || self.config.format_of(path).is_some()),
        };
        let folder = folder?;
        let is_other =
            is_unread_file(path) && self.config.format_of(path).is_none() && folder_of(path) != folder;
        if is_other || !is_read && self.formats.is_auxiliary(path) {
            return None;
        }
        Some(ExpectedRecord {
            folder,
            is_numbered,
            is_by_folder_name: is_page
                && page_folder(path).is_some()
                && (own_folder.is_none() || is_unread_file(path))
                && !is_configured,
            is_attached: !is_page && !is_configured && classifier::is_page_folder(file_name(folder)),
            refusal: self.refusal_by_path(path).filter(|_| !is_read),
            is_opaque,
        })
    }

    /// Returns why the path of a file in a folder of records rules out a record, if it does.
    fn refusal_by_path(&self, path: &str) -> Option<Refusal> {
        if classifier::has_ending(path, "opaque-files") {
            let help = "link it from a record or a page, or write its content down as records";
            return Some(refusal("only people can read it".to_owned(), help));
        }
        if !is_unread_page(path) || self.config.format_of(path).is_some() {
            return None;
        }
        let known = classifier::known_ending(path);
        let help = match known {
            Some(known) => format!("let its name end in `.{known}`"),
            None => "convert it to Markdown".to_owned(),
        };
        let reason = format!("the format `.{}` is not read", extension(path).unwrap_or_default());
        Some(Refusal { is_mistake: known.is_some(), ..refusal(reason, &help) })
    }

    fn adopted_folder<'p>(&self, path: &'p str) -> Option<&'p str> {
        let adopted = self.config.adopted.as_ref()?;
        (adopted.specificity(path) > 0 && adopted.matches(path)).then(|| folder_of(path))
    }
}

fn refusal(reason: String, help: &str) -> Refusal {
    Refusal { reason, help: Some(help.to_owned()), ..Refusal::default() }
}

/// Returns true for a short page that redirects to another: a link in one line, below a title or not.
fn is_redirect(document: &Document) -> bool {
    const MAX_LEN: usize = 1000;
    let Some(page) = document.markdown.as_deref() else { return false };
    let text = match &page.headings[..] {
        [] => &document.source.text()[document.body_start()..],
        [title] => document.source.slice(title.body),
        _ => return false,
    };
    let has_status = document.roots.iter().any(|root| root.get("status").is_some());
    let is_short = document.source.text().len() <= MAX_LEN && text.trim().lines().count() <= 1;
    is_short && !has_status && !page.links.is_empty()
}

impl Recogniser<'_> {
    /// Returns why a document without records is none; `None` if none is expected. `of_folder` is the format of the records beside it.
    pub fn refusal(&self, document: &Document, of_folder: Option<&Arc<Format>>) -> Option<Refusal> {
        let path = document.source.path();
        let part = &layout::read(document);
        let is_index = is_listing(document) && !is_numbered(stem(path)) || is_numbered_index(document);
        if document.has_fatal_problem() || is_index || is_redirect(document) || is_blank_template(part) {
            return None;
        }
        let has_other_schema = structured::has_other_schema(document, self.classifier.kinds);
        if has_other_schema && self.classifier.configured(path).is_none() {
            return None;
        }
        if document.markdown.is_none() {
            return Some(self.refusal_of_structured(document));
        }
        let is_among_pages = page_folder(path).is_some();
        if is_among_pages && self.says_otherwise(part) {
            return None;
        }
        let of_kind = || self.refusal_of_kind(document).filter(|_| !is_among_pages);
        let refusal = self.refusal_of_list(part).or_else(of_kind).or_else(|| self.refusal_of_nameless(part));
        Some(refusal.unwrap_or_else(|| self.refusal_by_format(part, of_folder)))
    }

    /// The page states its kind, or the configuration or its place does, and lists several such records in no form that is known.
    fn refusal_of_list(&self, part: &Part<'_>) -> Option<Refusal> {
        let (kinds, path) = (self.classifier.kinds, part.document.source.path());
        let stated = || kinds.by_key(part.document.roots.first()?.get("kind")?.as_text()?);
        let configured = || kinds.get(&self.classifier.configured(path)?.kind);
        let kind = stated().or_else(configured).or_else(|| self.classifier.kind(path));
        let kind = kind.filter(|kind| self.is_list_of(part, kind))?;
        let help = format!(
            "write a table with a row for each, and columns named for its title and other fields; `alignlint explain {}` lists them",
            kind.name
        );
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
        let near = nearest(kind, kinds.iter().flat_map(|kind| kind.called()));
        let help = near.map_or_else(|| "name a kind that there is".to_owned(), did_you_mean);
        Some(refusal(format!("its `kind` is `{kind}`, which is no kind of record"), &help))
    }

    /// The page states fields of a kind, and neither it nor its name says which. Formats recognise decisions.
    fn refusal_of_nameless(&self, part: &Part<'_>) -> Option<Refusal> {
        // A page that states as many fields of a kind looks like one.
        const FEWEST_STATED: usize = 3;
        let path = part.document.source.path();
        let is_among_pages = page_folder(path).is_some();
        let of_folder = self.classifier.kind(path);
        let is_of_folder = |kind: &Arc<Kind>| of_folder.is_some_and(|other| other.name == kind.name);
        let counted = self.classifier.kinds.iter().map(|kind| (self.count_stated(part, kind), kind));
        let (count, kind) = counted.rev().max_by_key(|(count, kind)| (*count, is_of_folder(kind)))?;
        let is_certain = !is_among_pages && count >= FEWEST_STATED;
        if *kind.name == *page_kind() || !(is_certain || count > 0 && is_of_folder(kind)) {
            return None;
        }
        // A `kind` would make one record of a list.
        let help = match kind.rows.is_some() && rows::lists_several(part) {
            true => format!("name the file `{}.md`, if each heading is one", kind.plural),
            false => format!("begin it with the lines `---`, `kind: {}` and `---`", kind.name),
        };
        let reason = format!("it looks like a record of the kind `{}` and states no `kind`", kind.name);
        Some(refusal(reason, &help))
    }

    /// Returns what a page lacks of the format of its folder, or of the one that it comes closest to, else of the kind that its place says.
    fn refusal_by_format(&self, part: &Part<'_>, of_folder: Option<&Arc<Format>>) -> Refusal {
        // A page that lacks more than this of each format has the form of none.
        const MOST_MISSING: usize = 2;
        let is_near = |it: &Lacks| it.held > 0 && it.missing.len() <= MOST_MISSING;
        let beside = of_folder.and_then(|format| Some((format, format.lacks(part)?)));
        // A page of goals or rights is none of a format for pages of decisions.
        let is_among_pages = page_folder(part.document.source.path()).is_some();
        let near = is_among_pages.then(|| self.classifier.formats.near(part)).into_iter().flatten();
        let all = beside.into_iter().chain(near);
        let lacks = all.into_iter().find(|(format, lacks)| is_near(lacks) && !format.signs.several);
        let of_place = self.classifier.kind(part.document.source.path());
        let of_place = of_place.filter(|kind| *kind.name != *page_kind());
        let reason = match (&lacks, of_place) {
            (Some((format, lacks)), _) if lacks.missing.is_empty() => {
                format!("its path is none of the format `{}`", format.name)
            }
            (Some((format, lacks)), _) => format!("{lacks} (`{}`)", format.name),
            (None, Some(kind)) => format!("no `kind` and no field of the kind `{}`", kind.name),
            (None, None) if is_among_pages => {
                "no status, no date and no section of a known format".to_owned()
            }
            (None, None) => "no `kind`, and no rows or sections with the fields of one".to_owned(),
        };
        Refusal { reason, is_unlike: lacks.is_none(), ..Refusal::default() }
    }

    fn refusal_of_structured(&self, document: &Document) -> Refusal {
        let entry = self.classifier.configured(document.source.path());
        if let Some(pointer) = entry.and_then(|entry| entry.pointer.as_deref()) {
            let help = "correct `at` under `records:` in `alignlint.yaml`, or add the file to `exclude:`";
            return refusal(format!("it has no records at `{pointer}`"), help);
        }
        if let Some(refusal) = self.refusal_of_kind(document) {
            return refusal;
        }
        let kinds = self.classifier.kinds;
        let entries = document.roots.iter().flat_map(Node::entries);
        let mut named = entries.clone().filter(|entry| kinds.by_key(&entry.key.name).is_some());
        if let Some(list) = named.find(|entry| entry.value.is_empty()) {
            return refusal(format!("`{}` is empty", list.key.name), "write records into it, or remove it");
        }
        let mut lists = entries.filter(|entry| entry.value.as_scalar().is_none());
        let near = lists.find_map(|entry| nearest(&entry.key.name, kinds.iter().map(|kind| &*kind.plural)));
        let kind = entry.and_then(|entry| kinds.get(&entry.kind)).or_else(|| kinds.iter().next());
        let name = kind.map_or(String::new(), |kind| format!(", such as `{}:`", kind.plural));
        let help = format!(
            "put its records under the name of their kind{name}, or add the file to `exclude:` in `alignlint.yaml`"
        );
        let reason = "no kind of record has its keys".to_owned();
        Refusal { is_unlike: near.is_none(), ..refusal(reason, &near.map_or(help, did_you_mean)) }
    }
}
