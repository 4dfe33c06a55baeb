//! The baseline: a file of findings that are not reported. An entry has to agree with a finding in fingerprint, rule and subject.

use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::config::{Config, ConfigSource};
use crate::finding::{Faultless, Finding, FindingSubject, Fingerprint};
use crate::node::Node;
use crate::record::id_key;
use crate::schema::Schema;
use crate::snapshot::Snapshot;
use crate::syntax::{self, Format};
use crate::text::{Source, Span};

use super::PolicyPaths;

#[derive(Clone, Debug)]
pub struct Baseline {
    pub source: Arc<Source>,
    pub entries: Vec<BaselineEntry>,
}

/// Findings with the same fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaselineEntry {
    pub rule: Box<str>,
    /// The record that they are about: `kind/identifier`.
    pub record: Option<Box<str>>,
    /// Or a group of records, by the key that they share.
    pub group: Option<Box<str>>,
    /// The path of the first when the file was written; of all, if they are about no record.
    pub path: Box<str>,
    pub fingerprint: Fingerprint,
    pub count: usize,
    pub until: Option<Date>,
    pub because: Option<Box<str>>,
    pub span: Span,
}

impl BaselineEntry {
    pub fn is_active(&self, today: Date) -> bool {
        self.until.is_none_or(|until| today <= until)
    }

    pub fn key(&self) -> EntryKey {
        let about = match (self.record_id(), &self.record, &self.group) {
            (Some((kind, id)), ..) => format!("record {kind}/{}", id_key(id, &[])),
            (None, Some(name), _) => format!("record {name}"),
            (None, None, Some(key)) => format!("group {key}"),
            (None, None, None) => format!("path {}", self.path),
        };
        EntryKey { fingerprint: self.fingerprint, rule: self.rule.clone(), about }
    }

    /// Returns the text of the entry with another count: empty for none.
    pub fn with_count(&self, text: &str, count: usize) -> Option<Box<str>> {
        let stated = format!("count: {}", self.count);
        let rewritten =
            || text.contains(&stated).then(|| text.replacen(&stated, &format!("count: {count}"), 1));
        let rewritten = if count == 0 { Some(String::new()) } else { rewritten() };
        rewritten.map(Into::into)
    }

    pub fn record_id(&self) -> Option<(&str, &str)> {
        self.record.as_deref()?.split_once('/')
    }
}

/// A fingerprint, and what it stands for: an entry matches the findings that have its key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EntryKey {
    fingerprint: Fingerprint,
    rule: Box<str>,
    about: String,
}

impl EntryKey {
    /// Returns the keys of a finding: two if its identifier can be written with and without a prefix.
    pub fn of(finding: &Finding) -> impl Iterator<Item = EntryKey> + use<> {
        let mut subjects = match &finding.subject {
            FindingSubject::Path(path) => vec![format!("path {path}")],
            FindingSubject::Group(key) => vec![format!("group {key}")],
            FindingSubject::Record { name, key } => {
                [&**key, &*id_key(&name.id, &[])].map(|key| format!("record {}/{key}", name.kind)).to_vec()
            }
        };
        subjects.dedup();
        let (fingerprint, rule): (_, Box<str>) = (finding.fingerprint, (*finding.rule).into());
        subjects.into_iter().map(move |about| EntryKey { fingerprint, rule: rule.clone(), about })
    }
}

impl From<&Finding> for BaselineEntry {
    fn from(finding: &Finding) -> BaselineEntry {
        let (mut record, mut group, mut path) = (None, None, finding.place.source.path());
        match &finding.subject {
            FindingSubject::Record { name, .. } => record = Some(format!("{}/{}", name.kind, name.id).into()),
            FindingSubject::Group(key) => group = Some(key.clone()),
            FindingSubject::Path(of_all) => path = of_all,
        }
        BaselineEntry {
            rule: (*finding.rule).into(),
            record,
            group,
            path: (**path).into(),
            fingerprint: finding.fingerprint,
            count: 1,
            until: None,
            because: None,
            span: Span::at(0),
        }
    }
}

pub const DEFAULT_PATH: &str = "alignlint-baseline.yaml";

const HEAD: &str = "\
# Findings that `alignlint` does not report. `alignlint --write-baseline` updates this file: it removes what was fixed,
# and keeps `until: 2027-01-31` and `because: …`, which you can add to an entry.
";

impl Baseline {
    /// Returns the path by the user, the configuration or default; `None` outside of the repository, or if no configuration is used.
    pub fn path(snapshot: &Snapshot, config: &Config, sources: &PolicyPaths) -> Option<String> {
        match &sources.baseline {
            Some(file) => snapshot.resolve_in_repository(file),
            None if sources.config == ConfigSource::Disabled => None,
            None => Some(config.baseline.as_deref().unwrap_or(DEFAULT_PATH).to_owned()),
        }
    }

    /// Loads the baseline of a state, if the file exists. A file outside of the repository is the same for all states.
    pub fn load(state: &Snapshot, config: &Config, paths: &PolicyPaths) -> Faultless<Option<Arc<Baseline>>> {
        let source = match (Baseline::path(state, config, paths), &paths.baseline) {
            (Some(path), _) => state
                .read_without_links(&path)
                .map_err(|error| vec![error.into_fault(&format!("can't read the baseline `{path}`"))])?,
            (None, Some(file)) => state.read_typed(file).ok(),
            (None, None) => None,
        };
        source.map(|source| Baseline::parse(&source).map(Arc::new)).transpose()
    }

    pub fn parse(source: &Arc<Source>) -> Faultless<Baseline> {
        let format = Format::from_path(source.path()).filter(|format| *format == Format::Json);
        let document = syntax::parse(source.clone(), format.unwrap_or(Format::Yaml));
        let mut faults = document.faults();
        let root = document.roots.first().filter(|_| !document.has_fatal_problem());
        if let Some(root) = root {
            let violations = Schema::embedded("schemas/baseline.schema.json").violations(root);
            faults.extend(violations.into_iter().map(|violation| violation.into_fault(source)));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let items = root.and_then(|root| root.get("findings")).map_or(&[][..], Node::items);
        Ok(Baseline { source: source.clone(), entries: items.iter().filter_map(entry).collect() })
    }

    pub fn finding_count(&self) -> usize {
        self.entries.iter().map(|entry| entry.count).sum()
    }
}

fn entry(node: &Node) -> Option<BaselineEntry> {
    let text = |key: &str| node.get(key).and_then(Node::as_text);
    let own = |key: &str| text(key).map(Box::<str>::from);
    let record = own("record");
    // By the schema `2.0` is an integer, and a million the maximum.
    let count = text("count").and_then(|count| count.parse::<f64>().ok());
    Some(BaselineEntry {
        rule: own("rule")?,
        group: own("group").filter(|_| record.is_none()),
        record,
        path: own("path").unwrap_or_default(),
        fingerprint: text("fingerprint").and_then(Fingerprint::parse)?,
        count: count.map_or(1, |count| (count as usize).max(1)),
        until: text("until").and_then(parse_date),
        because: own("because"),
        span: node.span,
    })
}

/// Renders a baseline with one entry on each line, sorted by rule, record and path.
pub fn to_yaml(entries: &[BaselineEntry]) -> String {
    let mut entries: Vec<&BaselineEntry> = entries.iter().collect();
    entries.sort_by_key(|entry| {
        let BaselineEntry { rule, record, group, path, fingerprint, until, because, .. } = *entry;
        (rule, record, group, path, fingerprint, until, because)
    });
    let line = |entry: &&BaselineEntry| {
        let BaselineEntry { rule, record, group, path, fingerprint, count, until, because, .. } = entry;
        let place = format!("path: {}, fingerprint: \"{fingerprint}\"", scalar(path));
        let fields = [
            Some(format!("rule: {}", scalar(rule))),
            record.as_ref().map(|record| format!("record: {}", scalar(record))),
            group.as_ref().map(|key| format!("group: {}", scalar(key))),
            Some(place),
            (*count > 1).then(|| format!("count: {count}")),
            until.map(|until| format!("until: {until}")),
            because.as_ref().map(|because| format!("because: {}", quoted(because))),
        ];
        format!("  - {{ {} }}\n", fields.into_iter().flatten().collect::<Vec<_>>().join(", "))
    };
    let findings = if entries.is_empty() { "findings: []\n" } else { "findings:\n" };
    format!("{HEAD}version: 2\n{findings}{}", entries.iter().map(line).collect::<String>())
}

/// Renders a text as a YAML scalar, quoted if any parser could read it as something else.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
    let is_word =
        ["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(&&*text.to_lowercase());
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(plain) && !is_word {
        return text.to_owned();
    }
    quoted(text)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
