use std::sync::Arc;

use super::*;
use crate::config::Config;
use crate::format::Formats;
use crate::kind::Kinds;
use crate::node::Value;
use crate::snapshot::Snapshot;
use crate::syntax::{self, Format};
use crate::text::Source;

mod native;

/// Recognises a file in a repository with this configuration.
fn recognise_with(config: &str, path: &str, text: &str) -> Recognised {
    let kinds = Kinds::load(&[]).expect("the embedded kinds load");
    let formats = Formats::load(&[], &[], &kinds).expect("the embedded formats load");
    let snapshot = Snapshot::in_memory([("alignlint.yaml".to_owned(), config.to_owned())]);
    let config = Config::load(&snapshot, None).expect("the configuration loads");
    let recogniser = Recogniser::new(&kinds, &formats, &config);
    let format = Format::from_path(path).expect("a format that is read");
    let source = Arc::new(Source::new(path, text.as_bytes().to_vec()));
    if !recogniser.classifier.is_candidate(path) {
        return Recognised::default();
    }
    let recognised = recogniser.recognise(&syntax::parse(source.clone(), format));
    if format == Format::Markdown {
        let parts = syntax::parse_body(syntax::parse_front_matter(source));
        assert_eq!(
            summaries(&recogniser.records(&parts).unwrap_or_default()),
            summaries(&recognised.records),
            "{path}"
        );
    }
    recognised
}

fn summaries(records: &[Record]) -> Vec<(String, Option<Box<str>>, Node)> {
    records.iter().map(|it| (format!("{it:?}"), it.title.clone(), it.fields.clone())).collect()
}

fn recognise(path: &str, text: &str) -> Recognised {
    recognise_with("{}", path, text)
}

fn record(path: &str, text: &str) -> Record {
    let mut records = recognise(path, text).records;
    assert_eq!(records.len(), 1, "{path}");
    records.remove(0)
}

fn names(path: &str, text: &str) -> Vec<String> {
    recognise(path, text).records.iter().map(|record| format!("{record:?}")).collect()
}

/// Formats a field: lists in brackets, mappings in braces, `-` if it is absent.
fn value(record: &Record, field: &str) -> String {
    record.field(field).map_or("-".to_owned(), plain)
}

fn plain(node: &Node) -> String {
    match &node.value {
        Value::Scalar(scalar) => scalar.text().to_string(),
        Value::Sequence(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(", ")),
        Value::Mapping(mapping) => {
            let pairs = mapping.entries().iter();
            let pairs: Vec<String> =
                pairs.map(|entry| format!("{}: {}", entry.key.name, plain(&entry.value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

fn source_text<'a>(record: &Record, field: &str, text: &'a str) -> &'a str {
    &text[record.field(field).expect("the field is there").span.range()]
}

fn violations(record: &Record, text: &str) -> Vec<String> {
    let source = Source::new("x", text.as_bytes().to_vec());
    let at = |violation: &Violation| source.position(violation.span.start as usize);
    let shown = |violation: &Violation| {
        format!("{}:{}: {}", at(violation).line, at(violation).column, violation.message)
    };
    record.violations().iter().map(shown).collect()
}
