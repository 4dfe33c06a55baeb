//! The conditions by which a profile recognises its files.

use std::sync::Arc;

use super::super::AskedPath;
use super::super::condition::Condition;
use super::super::definitions::Form;
use super::super::globs::{PathGlobs, glob_error};
use super::super::listed::Listed;
use super::super::sections::SectionRecords;
use super::super::view::DayPart;
use super::{Loader, entries, items, texts};
use crate::finding::Fault;
use crate::node::{Entry, Node};
use crate::syntax::markdown::section_key;
use crate::text::Source;

/// Adds the globs of a condition that are valid: the condition itself reports the others.
fn add_paths(condition: &Node, globs: &mut Vec<Node>) {
    let path =
        condition.get("path").filter(|path| path.as_text().is_some_and(|text| glob_error(text).is_none()));
    globs.extend(path.cloned());
    let parts = ["all", "any"].into_iter().filter_map(|key| condition.get(key)).flat_map(items);
    parts.for_each(|part| add_paths(part, globs));
}

/// Returns the globs that a profile states under a key.
pub(super) fn asked_paths(source: &Source, stated: &Node, key: &str) -> Vec<AskedPath> {
    let mut paths = Vec::new();
    match stated.get(key) {
        Some(list) if list.as_sequence().is_some() => paths.extend(items(list).iter().cloned()),
        Some(condition) => add_paths(condition, &mut paths),
        None => {}
    }
    let asked = |path: &Node| {
        let pattern = path.as_text()?;
        glob_error(pattern).map_or(Some(()), |_| None)?;
        let files = PathGlobs::built_in(vec![pattern.into()]);
        Some(AskedPath {
            pattern: pattern.into(),
            line: source.position(path.span.start as usize).line,
            files,
        })
    };
    paths.iter().filter_map(asked).collect()
}

/// The key of a condition for the words of messages.
const CALLED: &str = "called";

/// Says what a condition asks for.
fn asked_for(key: &str, value: &Node) -> String {
    let text = value.as_text().unwrap_or_default();
    match key {
        "path" => format!("path that matches `{text}`"),
        "file" => format!("file name that matches `{text}`"),
        "title" => format!("title that matches `{text}`"),
        "preamble" => format!("text below the title that matches `{text}`"),
        "body" => format!("text above the first heading that matches `{text}`"),
        "heading" => format!("section `{text}`"),
        "heading-like" => format!("section that matches `{text}`"),
        "equals" => {
            let one = entries(value).first();
            let key = one.map_or("", |it| &it.key.name);
            let values = one.map(|it| texts(&it.value)).unwrap_or_default();
            format!("key `{key}` with the value `{}`", values.join("` or `"))
        }
        "own-title" => "title with the words of its name".to_owned(),
        "own-day" => "day of its name in a heading".to_owned(),
        "own-folder" => "name of its folder".to_owned(),
        "definitions" => "list of words in bold with their meanings".to_owned(),
        "definition-list" => "definition list".to_owned(),
        "definition-items" => "list of words with their meanings".to_owned(),
        "items" => "list with items that have marks, or below such headings".to_owned(),
        "columns" => {
            let columns = items(value).iter().filter_map(|names| texts(names).into_iter().next());
            let columns: Vec<String> = columns.map(|name| format!("`{name}`")).collect();
            format!("table with the columns {}", columns.join(" and "))
        }
        _ => format!("{key} `{text}`"),
    }
}

/// The fault of a condition with several keys, each of which is one.
fn several_keys(source: &Arc<Source>, node: &Node, is_item_of_all: bool) -> Fault {
    const LONGEST: usize = 120;
    let fault = Fault::new("a condition has one key besides `called`").at(source, node.span);
    let written = |entry: &Entry| {
        let text = source.slice(entry.value.span).trim_end();
        (!text.contains('\n')).then(|| format!("{{ {}: {text} }}", entry.key.name))
    };
    let parts: Option<Vec<String>> =
        entries(node).iter().filter(|entry| *entry.key.name != *CALLED).map(written).collect();
    let Some(parts) = parts.map(|parts| parts.join(", ")).filter(|parts| parts.len() <= LONGEST) else {
        return fault
            .help("write each as an item of its own under `all`, or under `any` if one of them suffices");
    };
    fault.help(match is_item_of_all {
        true => format!("write them as several items: `{parts}`"),
        false => {
            format!("write them as items of `all`, or of `any` if one of them suffices: `all: [{parts}]`")
        }
    })
}

/// The fault of a path that matches no file: it begins with a slash or a dot, or ends as that of a folder does.
fn unmatchable(source: &Arc<Source>, value: &Node) -> Option<Fault> {
    let text = value.as_text()?;
    if let Some(folder) = text.strip_suffix('/') {
        let fault = Fault::new(format!("`{text}` is a folder, and a path is that of files"));
        return Some(fault.help(format!("write `path: \"{folder}/**\"`")).at(source, value.span));
    }
    let path = text.strip_prefix("./").unwrap_or(text).trim_start_matches('/');
    (path.len() < text.len() && !path.is_empty()).then(|| {
        let fault = Fault::new(format!("no path begins as `{text}` does: paths are relative to the root"));
        fault.help(format!("write `path: \"{path}\"`")).at(source, value.span)
    })
}

impl Loader<'_> {
    /// The globs under `paths`. In a profile of the user's own, also those by which it recognises files.
    pub(super) fn opened_paths(&mut self, root: &Node) -> PathGlobs {
        let stated = root.get("paths");
        let mut globs: Vec<Node> = stated.into_iter().flat_map(items).cloned().collect();
        if self.is_own {
            root.get("recognise").into_iter().for_each(|condition| add_paths(condition, &mut globs));
        }
        let span = stated.map_or(root.span, |paths| paths.span);
        self.globs(Some(&Node::sequence(span, globs)))
    }

    pub(super) fn sections(&mut self, node: &Node) -> SectionRecords {
        SectionRecords {
            each: self.condition(node.get("each")),
            also: node.get("also").map(|also| self.condition(Some(also))),
        }
    }

    fn listed(&mut self, node: &Node) -> Listed {
        Listed {
            marked: node
                .get("marked")
                .into_iter()
                .flat_map(items)
                .filter_map(|it| self.pattern(it))
                .collect(),
            below: node.get("below").and_then(|it| self.pattern(it)),
            not_below: node.get("not-below").and_then(|it| self.pattern(it)),
            unless: node.get("unless").and_then(|it| self.pattern(it)),
        }
    }

    /// Recurses at most as deep as a document may nest.
    pub(super) fn condition(&mut self, node: Option<&Node>) -> Condition {
        self.part(node, false)
    }

    /// `is_item_of_all`: others beside it have to hold as well.
    fn part(&mut self, node: Option<&Node>, is_item_of_all: bool) -> Condition {
        let never = || Condition::Any(Vec::new());
        let mut tests = node.map(entries).unwrap_or_default().iter().filter(|it| *it.key.name != *CALLED);
        let (Some(node), Some(Entry { key, value }), None) = (node, tests.next(), tests.next()) else {
            self.faults.extend(node.map(|node| several_keys(self.source, node, is_item_of_all)));
            return never();
        };
        let text = || -> Box<str> { value.as_text().unwrap_or_default().into() };
        let words = |form| Condition::Definitions(form, items(value).iter().map(texts).collect());
        let test = match &*key.name {
            "all" => Condition::All(items(value).iter().map(|it| self.part(Some(it), true)).collect()),
            "any" => Condition::Any(items(value).iter().map(|it| self.condition(Some(it))).collect()),
            "two" | "three" => {
                let least = if &*key.name == "two" { 2 } else { 3 };
                Condition::AtLeast(least, items(value).iter().map(|it| self.condition(Some(it))).collect())
            }
            "not" => Condition::Not(Box::new(self.condition(Some(value)))),
            "path" => {
                self.faults.extend(unmatchable(self.source, value).filter(|_| self.is_own));
                Condition::Path(self.globs(Some(value)))
            }
            "file" => self.pattern(value).map_or_else(never, Condition::FileStem),
            "title" => self.pattern(value).map_or_else(never, Condition::Title),
            "preamble" => self.pattern(value).map_or_else(never, Condition::Preamble),
            "body" => self.pattern(value).map_or_else(never, Condition::Body),
            "heading" => Condition::TopLevelSection(section_key(&text()).into()),
            "heading-like" => self.pattern(value).map_or_else(never, Condition::SectionLike),
            "key" => Condition::RootKey(text()),
            "equals" => match entries(value) {
                [Entry { key, value }] => Condition::Equals((*key.name).into(), texts(value)),
                _ => never(),
            },
            "row" => Condition::Row([text()]),
            "own-folder" => Condition::OwnFolder,
            "own-title" => self.pattern(value).map_or_else(never, Condition::OwnTitle),
            "own-day" if &*text() == "alone" => Condition::OwnDay(DayPart::Alone),
            "own-day" => Condition::OwnDay(DayPart::Within),
            "definitions" => words(Form::Bold),
            "definition-list" => words(Form::List),
            "definition-items" => words(Form::Items),
            "items" => Condition::Listed(Box::new(self.listed(value))),
            "columns" => Condition::Columns(items(value).iter().map(texts).collect()),
            _ => never(),
        };
        let called = node.get(CALLED).and_then(Node::as_text).map(Box::from);
        match (called, &test) {
            (Some(called), _) => Condition::Named(Box::new(test), called),
            (None, Condition::All(_) | Condition::Any(_) | Condition::AtLeast(..) | Condition::Not(_)) => {
                test
            }
            (None, _) => Condition::Named(Box::new(test), asked_for(&key.name, value).into()),
        }
    }
}
