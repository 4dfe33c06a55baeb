//! The page of a file, for `alignlint explain`: how it is read, and why; or why not, and what to do about that.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use super::dropped;
use crate::catalog::{Catalog, is_index_path};
use crate::input::Input;
use crate::kind::Kind;
use crate::node::{Mapping, Node, Value};
use crate::policy::Policy;
use crate::profile::{Mismatch, Profile, View, is_template};
use crate::record::{PathClassifier, Record, is_listing, page_kind};
use crate::schema::shorten;
use crate::syntax::{self, Document};
use crate::text::Source;

/// The most formats that are named as near.
const SHOWN_FORMATS: usize = 3;

/// How a file can be read that is not.
pub struct Unread {
    /// The entries of a configuration under which it is.
    pub entries: Option<String>,
    /// Why a file of its name is not read, and in which form it would be.
    pub form: Option<(String, Option<String>)>,
}

/// Renders the page.
pub fn render(input: &Input, policy: &Policy, path: &str, how: &Unread) -> String {
    let document = document(input.catalog(), path);
    let view = document.as_ref().map(|document| View::new(document, document.roots.first(), None));
    let records: Vec<&Record> = input.records().iter().filter(|record| *record.path == *path).collect();
    let text = match records.as_slice() {
        [] => unread(input, policy, path, view.as_ref(), how),
        [first, ..] => read(policy, first, &records, input.file_of(first).source(), view.as_ref()),
    };
    format!("# {path}\n\n{text}")
}

/// Renders the page of a record that is called by a name.
pub fn render_record(input: &Input, record: &Record, name: &str) -> String {
    let document = document(input.catalog(), &record.path);
    let view = document.as_ref().map(|document| View::new(document, document.roots.first(), None));
    let records: Vec<&Record> = input.records().iter().filter(|other| other.path == record.path).collect();
    let source = input.file_of(record).source();
    let line = source.position(record.name_span.start as usize).line;
    let kind = &record.kind.name;
    format!(
        "# {name}\n\nThe {kind} `{}` in `{}`, line {line}.\n{}{}\n`alignlint explain RULE {name}` shows how a rule judges it, \
         `alignlint blame {name}` its history, `alignlint explain {}` how the file is read.\n",
        record.id,
        record.path,
        values(record, source),
        dropped::list(&records, view.as_ref()),
        record.path
    )
}

pub(crate) fn document(catalog: &Catalog, path: &str) -> Option<Document> {
    let source = catalog.snapshot().read(catalog.snapshot().get(path)?).ok()?;
    Some(syntax::parse(source, catalog.format_of(path)?))
}

fn read(
    policy: &Policy,
    first: &Record,
    records: &[&Record],
    source: &Source,
    view: Option<&View<'_>>,
) -> String {
    let as_what = match records.len() {
        1 => format!("the {} `{}`", first.kind.name, first.id),
        _ => format!("{} records, such as the {} `{}`", records.len(), first.kind.name, first.id),
    };
    let entry = policy.config.record_files(&first.path);
    let Some(profile) = &first.profile else {
        let reason = if entry.is_some() { ": `records:` in `alignlint.yaml` names its kind" } else { "" };
        let values = values(first, source) + &dropped::list(records, view);
        return format!("Read as {as_what}, in the program's own form{reason}.\n{values}");
    };
    let mut text = format!("Read as {as_what}, in the format `{}`: {}.\n", profile.name, profile.title);
    if entry.is_some_and(|entry| entry.profile.is_some()) {
        text.push_str("\n`records:` in `alignlint.yaml` names the format.\n");
    } else if let Some(view) = view {
        text.push_str(&marks(profile, view));
    }
    text + &values(first, source)
        + &dropped::list(records, view)
        + &places_without_value(first, profile, view)
}

const TITLE: &str = "title";

/// The fields that are read, each with its line.
fn values(record: &Record, source: &Source) -> String {
    let fields = record.fields.as_mapping().map_or(&[][..], Mapping::entries);
    let mut text = format!("\n## What is read of `{}`\n\n", record.id);
    for field in fields {
        let first = field.value.as_sequence().and_then(<[Node]>::first).unwrap_or(&field.value);
        let line = source.position(first.span.start as usize).line;
        let _ = writeln!(text, "- `{}`: {} (line {line})", field.key.name, shown(&field.value));
    }
    text
}

fn shown(value: &Node) -> String {
    match &value.value {
        Value::Scalar(scalar) => shorten(&scalar.text().split_whitespace().collect::<Vec<_>>().join(" ")),
        Value::Sequence(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(Node::as_text).collect();
            match texts {
                Some(texts) => shorten(&texts.join(", ")),
                None => counted(items.len(), "item"),
            }
        }
        Value::Mapping(mapping) => counted(mapping.len(), "key"),
    }
}

fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// The fields of a format of the user's own that the file does not have, each with the places where they would be. Of the built-in
/// ones, most records state few.
fn places_without_value(record: &Record, profile: &Profile, view: Option<&View<'_>>) -> String {
    let mut text = String::new();
    // The parts of a page with several records are not those of the page.
    let view = view.filter(|_| !profile.has_part_records());
    for (field, places) in profile.described_fields().filter(|_| profile.own_path.is_some()) {
        let is_stated = record.fields.get(field).is_some();
        let is_title = field == TITLE;
        let is_replaced = || {
            (is_title || profile.first_section_of(field).is_some())
                && view.is_some_and(|view| !profile.finds(field, view))
        };
        if !places.is_empty() && (!is_stated || is_replaced()) {
            let has_section = view.is_some_and(|view| profile.has_section_for(field, view));
            let is_unfit = || view.is_some_and(|view| profile.has_unfit_section_for(field, view));
            let lacking = || view.and_then(|view| profile.lacking_form(field, view));
            let remark = match (is_stated, has_section) {
                (true, _) if is_title => "; the whole heading is read in its place".to_owned(),
                (true, _) => "; another section is read in their place".to_owned(),
                (false, true) if is_unfit() => ", whose text the `pattern` does not fit".to_owned(),
                (false, true) if let Some(form) = lacking() => {
                    format!(", which has no {}, and `take: {}` reads nothing else", form.parts, form.take)
                }
                (false, true) => ", which is empty or a placeholder".to_owned(),
                (false, false) => String::new(),
            };
            let _ = writeln!(text, "- `{field}`, looked for in: {}{remark}", places.join(", "));
        }
    }
    if text.is_empty() { text } else { format!("\n## Not found\n\n{text}") }
}

fn marks(profile: &Profile, view: &View<'_>) -> String {
    let marks = profile.marks(view);
    if marks.is_empty() {
        return String::new();
    }
    let last = if profile.is_fallback { "No other format takes it. " } else { "" };
    marks.iter().fold(format!("\n{last}It has:\n\n"), |text, mark| text + "- " + mark + "\n")
}

fn unread(input: &Input, policy: &Policy, path: &str, view: Option<&View<'_>>, how: &Unread) -> String {
    if let Some((what, name)) = part_of_policy(policy, path) {
        return format!(
            "It is the {what} `{name}` of the policy, and no record: see `alignlint explain {name}`.\n"
        );
    }
    if let Some(text) = listing(input.catalog(), path, view) {
        return text;
    }
    let skipping = view.filter(|_| !policy.config.excludes(path)).and_then(|it| policy.profiles.skipping(it));
    if let Some(profile) = skipping {
        return format!(
            "Not read as a record: `skip` of the format `{}` leaves it out.\n\nTo have it read, narrow the patterns under `skip` in `{}`.\n",
            profile.name,
            profile.own_path.as_deref().unwrap_or_default()
        );
    }
    let entries = how.entries.as_deref();
    let page = view.filter(|view| view.markdown().is_some());
    let own = page.map(|view| policy.profiles.own_mismatches(view)).unwrap_or_default();
    let near = page.map(|view| policy.profiles.near(view)).unwrap_or_default();
    let is_lacking = |lacks: &Mismatch| !lacks.failed.is_empty() && lacks.held > 0;
    let classifier =
        PathClassifier { kinds: &policy.kinds, profiles: &policy.profiles, config: &policy.config };
    let kind = classifier.kind_of_folder(path).filter(|kind| *kind.name != *page_kind());
    let is_of_kind = |profile: &Profile| kind.is_none_or(|kind| profile.kind.name == kind.name);
    let near: Vec<_> = near
        .into_iter()
        .filter(|(profile, lacks)| profile.own_path.is_none() && is_lacking(lacks) && is_of_kind(profile))
        .collect();
    let (reason, help) = reason(input, policy, path, view, how.form.clone());
    let reason = reason.unwrap_or_else(|| {
        let reason = match () {
            () if !near.is_empty() => "it comes near a format and lacks what that asks for",
            () if page.is_some_and(|view| is_listing(view.document)) => {
                "it lists other pages, as an index does"
            }
            () if classifier.is_introduction(path) => "its name is that of a page about what lies beside it",
            () if let Some(profile) = policy.profiles.of_place(path, page_kind()).first() => {
                let kind = &profile.kind.plural;
                return format!("it lies where {kind} may lie, and its content does not tell that it is one");
            }
            () => "nothing tells that it is one, neither its place nor its content",
        };
        reason.to_owned()
    });
    let mut text = format!("Not read as a record: {reason}.\n");
    if let Some(help) = help {
        let _ = write!(text, "\nTo have it read, {help}.\n");
    }
    formats(&mut text, "Formats of your own", own.iter());
    formats(&mut text, "Formats that it comes near", near.iter());
    if let Some(entries) = entries.filter(|_| !own.iter().any(|(_, lacks)| is_lacking(lacks))) {
        let _ = write!(text, "\nTo have it read as it is, write into `alignlint.yaml`: {entries}.\n");
    }
    text
}

/// What is checked of a page that lists records; `None` for any other.
fn listing(catalog: &Catalog, path: &str, view: Option<&View<'_>>) -> Option<String> {
    const FEWEST: usize = 3;
    let view = view.filter(|_| is_index_path(path))?;
    let listed: Vec<(usize, u32)> = view
        .markdown()?
        .links
        .iter()
        .filter_map(|link| Some((link, catalog.record_at_link(path, link)?)))
        .map(|(link, record)| (view.source().position(link.span.start as usize).line, record.number))
        .collect();
    let records: BTreeSet<u32> = listed.iter().map(|(_, number)| *number).collect();
    let (first, last) = listed.first().zip(listed.last()).filter(|_| records.len() >= FEWEST)?;
    Some(format!(
        "Not read as a record, but as an index: it links to {} records, from line {} to line {}. Rows and items with such a link are \
         compared with the record: its number, title, status and date. So are rows that have the number of a record in place of a link.\n",
        records.len(),
        first.0,
        last.0
    ))
}

/// What a file of the policy defines, and its name.
fn part_of_policy<'p>(policy: &'p Policy, path: &str) -> Option<(&'static str, &'p str)> {
    let is_here = |source: &Source| **source.path() == *path;
    let own = &policy.own_files;
    let kind = || own.kinds.iter().find(|it| is_here(it)).and_then(|it| policy.kinds.of_source(it));
    let profile = || policy.profiles.iter().find(|it| it.own_path.as_deref() == Some(path));
    let rule = || own.rules.iter().find(|(it, _)| is_here(it)).map(|(_, id)| ("rule", &**id));
    let kind = kind().map(|kind| ("kind", &*kind.name));
    kind.or_else(|| profile().map(|profile| ("profile", &*profile.name))).or_else(rule)
}

/// A list of formats, each with what the file lacks of it.
fn formats<'p>(
    text: &mut String,
    heading: &str,
    formats: impl Iterator<Item = &'p (&'p Arc<Profile>, Mismatch)>,
) {
    let mut formats = formats.filter(|(_, lacks)| !lacks.failed.is_empty()).take(SHOWN_FORMATS).peekable();
    if formats.peek().is_some() {
        let _ = write!(text, "\n## {heading}\n\n");
    }
    for (profile, lacks) in formats {
        let _ = writeln!(text, "- `{}`: {lacks}", profile.name);
    }
}

/// Returns why a file is not read, if something tells that, and what to do about it.
fn reason(
    input: &Input,
    policy: &Policy,
    path: &str,
    view: Option<&View<'_>>,
    form: Option<(String, Option<String>)>,
) -> (Option<String>, Option<String>) {
    let known = input.file_at(path);
    let problem = known.and_then(|file| file.problems().first().map(|problem| problem.message.clone()));
    if policy.config.excludes(path) {
        let help = "take it out of `exclude:` in `alignlint.yaml`".to_owned();
        return (Some("`exclude:` in `alignlint.yaml` leaves it out".to_owned()), Some(help));
    }
    if let Some(problem) = problem {
        return (Some(format!("it can't be parsed: {problem}")), None);
    }
    let unread = input.unread_files().iter().find(|unread| unread.paths.iter().any(|one| **one == *path));
    match unread {
        Some(unread) => (Some(unread.refusal.reason.clone()), unread.refusal.help.clone()),
        None if policy.config.format_of(path).is_none() => {
            let is_table = [".csv", ".tsv", ".xlsx", ".ods"].iter().any(|ending| path.ends_with(ending));
            let help = "write the rows as a table in a Markdown page, or as a list in YAML".to_owned();
            let reason = "only YAML, JSON, TOML, Markdown, reStructuredText, AsciiDoc and MediaWiki are read";
            (Some(reason.to_owned()), is_table.then_some(help))
        }
        None if is_template(path) => {
            let reason = "its path is that of a template, a stub or a copy from elsewhere".to_owned();
            (Some(reason), Some("rename or move it if it is a record".to_owned()))
        }
        None => {
            let stated = view.and_then(|view| view.root?.get("kind")?.as_text());
            let kind = stated.and_then(|name| policy.kinds.get(name).or_else(|| policy.kinds.by_key(name)));
            if let (None, Some((reason, help))) = (kind, form) {
                return (Some(reason), help);
            }
            let reason = |kind: &Arc<Kind>| {
                format!("it states the kind `{}`, but no records are looked for in its folder", kind.name)
            };
            (kind.map(reason), None)
        }
    }
}
