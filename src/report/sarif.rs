//! `sarif`: SARIF 2.1.0, within the limits of GitHub code scanning.
//!
//! Suppressed and known findings are omitted: GitHub ignores `suppressions` and would show them as open alerts.

use std::io;

use super::{
    Capacity, Omitted, OutputStyle, Report, WriteResult, by_rule, end_sentence, fault_sentences, grouped,
    range, select, sentences, terminal, uri,
};
use crate::finding::{Finding, Place, Severity};
use crate::rule::page;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

/// GitHub rejects a file with more results, or of more than 10 MB compressed, which includes the rules.
const CAPACITY: Capacity = Capacity { findings: 25_000, bytes: 9_000_000 };
const LIMIT: &str =
    "GitHub accepts at most 25,000 findings and 10 MB in a SARIF file; `--format json` lists all findings";
const SHOWN_RESULTS: usize = 5_000;
const SHOWN_RELATED: usize = 100;
const MAX_DESCRIPTION: usize = 1_024;

const ROOT: &str = "%SRCROOT%";

pub(super) fn write(report: &Report, _: &OutputStyle, out: &mut dyn io::Write) -> WriteResult {
    const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
    let mut capacity = CAPACITY;
    let (selected, omitted) = select(report, LIMIT, |finding| capacity.reserve(max_compressed_size(finding)));
    let rules: Vec<&str> = by_rule(selected.iter().copied()).into_keys().collect();
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [SarifRun {
            tool: tool(report, &rules),
            automation_details: json!({ "id": category(report) }),
            original_uri_base_ids: json!({ ROOT: { "description": message("The root of the repository.") } }),
            column_kind: "unicodeCodePoints",
            invocations: [invocation(report, selected.len(), &omitted)],
            results: Results { report, findings: &selected, rules: &rules },
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")?;
    Ok(omitted)
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    version: &'a str,
    runs: [SarifRun<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifRun<'a> {
    tool: Value,
    automation_details: Value,
    original_uri_base_ids: Value,
    column_kind: &'a str,
    invocations: [Value; 1],
    results: Results<'a>,
}

/// Serializes results one by one, because there may be tens of thousands.
struct Results<'a> {
    report: &'a Report<'a>,
    findings: &'a [&'a Finding],
    rules: &'a [&'a str],
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.findings.iter().map(|finding| self.result(finding)))
    }
}

impl Results<'_> {
    fn result(&self, finding: &Finding) -> Value {
        let related: Vec<Value> = finding
            .related
            .iter()
            .take(SHOWN_RELATED)
            .enumerate()
            .map(|(at, related)| {
                let mut location = json!({ "id": at + 1, "physicalLocation": self.place(&related.place) });
                if !related.message.trim().is_empty() {
                    location["message"] = message(&terminal::one_line(&related.message));
                }
                location
            })
            .collect();
        let mut location = json!({ "physicalLocation": self.place(&finding.place) });
        if let Some(record) = &finding.record {
            let name = format!("{}/{}", record.kind, record.id);
            location["logicalLocations"] =
                json!([{ "name": record.id, "fullyQualifiedName": name, "kind": "object" }]);
        }
        let mut result = json!({
            "ruleId": finding.rule,
            "ruleIndex": self.rules.binary_search(&&*finding.rule).unwrap_or_default(),
            "level": finding.severity.name(),
            "message": message(&sentences(finding)),
            "locations": [location],
            "partialFingerprints": { "alignlint/v2": finding.fingerprint.to_string() },
        });
        if !related.is_empty() {
            result["relatedLocations"] = related.into();
        }
        if self.report.since.is_some() {
            result["baselineState"] = "new".into();
        }
        let properties = properties(finding);
        if !properties.is_empty() {
            result["properties"] = properties.into();
        }
        result
    }

    fn place(&self, place: &Place) -> Value {
        let (start, end) = range(place);
        json!({
            "artifactLocation": { "uri": uri(&self.report.path(place)), "uriBaseId": ROOT },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        })
    }
}

fn properties(finding: &Finding) -> serde_json::Map<String, Value> {
    let mut properties = serde_json::Map::new();
    if let Some(owner) = &finding.owner {
        properties.insert("owner".into(), owner.clone().into());
    }
    if let Some(due) = finding.due {
        properties.insert("due".into(), due.to_string().into());
    }
    let unshown = finding.related.len().saturating_sub(SHOWN_RELATED);
    if unshown > 0 {
        properties.insert("relatedLocationsLeftOut".into(), unshown.into());
    }
    properties
}

/// An upper bound of a result's compressed size: keys nearly vanish, UTF-8 text shrinks to at most seven eighths.
fn max_compressed_size(finding: &Finding) -> usize {
    const KEYS: usize = 64;
    let related = finding.related.iter().take(SHOWN_RELATED);
    let related = related
        .map(|related| KEYS + escaped_size(&related.message) + escaped_size(related.place.source.path()));
    let record = finding.record.as_ref().map_or(0, |record| 2 * escaped_size(&record.id));
    let owner = finding.owner.as_deref().map_or(0, escaped_size);
    let texts = escaped_size(&sentences(finding)) + owner + escaped_size(finding.place.source.path());
    (KEYS + texts + record + related.sum::<usize>()) * 7 / 8
}

/// The size of a text as JSON; quotes and backslashes take two bytes.
fn escaped_size(text: &str) -> usize {
    let text = terminal::clip_chars(text, MAX_DESCRIPTION);
    text.len() + text.bytes().filter(|byte| matches!(byte, b'"' | b'\\')).count()
}

fn tool(report: &Report, rules: &[&str]) -> Value {
    let (name, version) = report.tool.split_once(' ').unwrap_or((report.tool, "0"));
    let rules: Vec<Value> = rules.iter().map(|id| descriptor(report, id)).collect();
    json!({ "driver": { "name": name, "fullName": report.tool, "semanticVersion": version, "rules": rules } })
}

fn descriptor(report: &Report, id: &str) -> Value {
    let Some(rule) = report.rule(id) else {
        return json!({
            "id": id,
            "shortDescription": message(id),
            "fullDescription": message(id),
            "help": message(id),
        });
    };
    let or_id = |text: &str| if text.trim().is_empty() { id.to_owned() } else { text.trim().to_owned() };
    let (title, why) = (or_id(&rule.title), or_id(rule.reason()));
    let (mut text, mut markdown) = (why.clone(), why.clone());
    if let Some(remedy) = rule.general_help() {
        text += &format!("\n\nWhat to do: {remedy}");
        markdown += &format!("\n\n**What to do.** {remedy}");
    }
    text += &format!("\n\nFor examples, run alignlint explain {id}");
    markdown += &format!("\n\nFor examples, run `alignlint explain {id}`");
    let severity = match rule.severity.otherwise {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "recommendation",
    };
    let mut tags = vec![rule.family(), &rule.facet, rule.preset.name()];
    tags.sort_unstable();
    tags.dedup();
    let mut descriptor = json!({
        "id": id,
        "shortDescription": message(&terminal::one_line(&title)),
        "fullDescription": message(&why),
        "help": { "text": text, "markdown": markdown },
        "defaultConfiguration": { "level": rule.severity.name() },
        "properties": {
            "tags": tags,
            "facet": rule.facet,
            "preset": rule.preset.name(),
            "problem.severity": severity,
        },
    });
    if let Some(address) = page::address(rule, report.site) {
        descriptor["helpUri"] = address.into();
    }
    descriptor
}

/// A message as a sentence, clipped. Splits `](`, so that record text can't contain a link.
fn message(text: &str) -> Value {
    let mut text = terminal::clip_chars(text.trim(), MAX_DESCRIPTION).replace("](", "] (");
    end_sentence(&mut text);
    json!({ "text": text })
}

fn category(report: &Report) -> String {
    let (name, _) = report.tool.split_once(' ').unwrap_or((report.tool, ""));
    if report.folder.is_empty() { format!("{name}/") } else { format!("{name}/{}/", report.folder) }
}

fn invocation(report: &Report, count: usize, omitted: &Omitted) -> Value {
    let faults = report.faults.iter().map(|fault| notification("fault", "error", &fault_sentences(fault)));
    let notices = report.notices.iter().map(|text| notification("notice", "warning", text));
    let mut notifications: Vec<Value> = faults.chain(notices).collect();
    notifications.extend(omitted.message().map(|text| notification("left-out", "warning", &text)));
    if count > SHOWN_RESULTS {
        let (count, shown) = (grouped(count), grouped(SHOWN_RESULTS));
        let text = format!("GitHub shows only the {shown} most severe of these {count} findings.");
        notifications.push(notification("left-out", "warning", &text));
    }
    let mut invocation =
        json!({ "executionSuccessful": report.faults.is_empty(), "exitCode": report.exit_code() });
    if !notifications.is_empty() {
        invocation["toolExecutionNotifications"] = notifications.into();
    }
    invocation
}

fn notification(id: &str, level: &str, text: &str) -> Value {
    json!({ "descriptor": { "id": id }, "level": level, "message": message(text) })
}
