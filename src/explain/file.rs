//! The page of a file, for `alignlint explain`: how it is read, and why; or why not, and what to do about that.

use std::fmt::Write as _;

use crate::catalog::Catalog;
use crate::input::Input;
use crate::policy::Policy;
use crate::profile::{Profile, View};
use crate::record::Record;
use crate::syntax::{self, Document};

/// The most formats that are named as near.
const SHOWN_FORMATS: usize = 3;

/// Renders the page. `entries` are those of a configuration under which the file is read.
pub fn render(input: &Input, policy: &Policy, path: &str, entries: Option<&str>) -> String {
    let document = document(input.catalog(), path);
    let view = document.as_ref().map(|document| View::new(document, document.roots.first(), None));
    let records: Vec<&Record> = input.records().iter().filter(|record| *record.path == *path).collect();
    let text = match records.as_slice() {
        [] => unread(input, policy, path, view.as_ref(), entries),
        [first, others @ ..] => read(policy, first, others.len(), view.as_ref()),
    };
    format!("# {path}\n\n{text}")
}

fn document(catalog: &Catalog, path: &str) -> Option<Document> {
    let source = catalog.snapshot().read(catalog.snapshot().get(path)?).ok()?;
    Some(syntax::parse(source, catalog.format_of(path)?))
}

fn read(policy: &Policy, first: &Record, others: usize, view: Option<&View<'_>>) -> String {
    let as_what = match others {
        0 => format!("the {} `{}`", first.kind.name, first.id),
        _ => format!("{} records, such as the {} `{}`", others + 1, first.kind.name, first.id),
    };
    let entry = policy.config.record_files(&first.path);
    let Some(profile) = &first.profile else {
        let reason = if entry.is_some() { ": `records:` in `alignlint.yaml` names its kind" } else { "" };
        return format!("Read as {as_what}, in the program's own form{reason}.\n");
    };
    let mut text = format!("Read as {as_what}, in the format `{}`: {}.\n", profile.name, profile.title);
    if entry.is_some_and(|entry| entry.profile.is_some()) {
        text.push_str("\n`records:` in `alignlint.yaml` names the format.\n");
    } else if let Some(view) = view {
        text.push_str(&marks(profile, view));
    }
    text
}

fn marks(profile: &Profile, view: &View<'_>) -> String {
    let marks = profile.marks(view);
    if marks.is_empty() {
        return String::new();
    }
    let last = if profile.is_fallback { "No other format takes it. " } else { "" };
    marks.iter().fold(format!("\n{last}It has:\n\n"), |text, mark| text + "- " + mark + "\n")
}

fn unread(
    input: &Input,
    policy: &Policy,
    path: &str,
    view: Option<&View<'_>>,
    entries: Option<&str>,
) -> String {
    let (reason, help) = reason(input, policy, path);
    let mut text = format!("Not read as a record: {reason}.\n");
    if let Some(help) = help {
        let _ = write!(text, "\nTo have it read, {help}.\n");
    }
    let page = view.filter(|view| view.markdown().is_some());
    let near = page.map(|view| policy.profiles.near(view)).unwrap_or_default();
    let lacking: Vec<_> =
        near.iter().filter(|(_, lacks)| !lacks.failed.is_empty() && lacks.held > 0).collect();
    if !lacking.is_empty() {
        text.push_str("\n## Formats that it comes near\n\n");
        for (profile, lacks) in lacking.into_iter().take(SHOWN_FORMATS) {
            let _ = writeln!(text, "- `{}`: {lacks}", profile.name);
        }
    }
    if let Some(entries) = entries {
        let _ = write!(text, "\nTo have it read as it is, write into `alignlint.yaml`: {entries}.\n");
    }
    text
}

/// Returns why a file is not read, and what to do about that.
fn reason(input: &Input, policy: &Policy, path: &str) -> (String, Option<String>) {
    let known = input.file_at(path);
    let problem = known.and_then(|file| file.problems().first().map(|problem| problem.message.clone()));
    if policy.config.excludes(path) {
        let help = "take it out of `exclude:` in `alignlint.yaml`".to_owned();
        return ("`exclude:` in `alignlint.yaml` leaves it out".to_owned(), Some(help));
    }
    if let Some(problem) = problem {
        return (format!("it can't be parsed: {problem}"), None);
    }
    let unread = input.unread_files().iter().find(|unread| unread.paths.iter().any(|one| **one == *path));
    match unread {
        Some(unread) => (unread.refusal.reason.clone(), unread.refusal.help.clone()),
        None if policy.config.format_of(path).is_none() => {
            ("only YAML, JSON, TOML and Markdown are read".to_owned(), None)
        }
        None => ("nothing tells that it is one, neither its place nor its content".to_owned(), None),
    }
}
