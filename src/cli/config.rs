//! `alignlint config`: the configuration that applies, with the origin of each value; and the version, with what a bug report needs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde_json::{Value as Json, json};

use crate::config::RuleSetting;
use crate::linter::{self, Error, Linter};
use crate::policy::{Origin, Setting};
use crate::report::{counted, one_line, write_json};
use crate::rule::Rule;
use crate::snapshot::git_facts;
use crate::syntax::edit::yaml_text;

use super::{CommandResult, ConfigOptions, Terminal, print_notices, streams};

pub(super) const VERSION: &str = env!("ALIGNLINT_VERSION");

#[derive(Args)]
pub(super) struct ConfigurationOptions {
    /// Print the configuration of REV, by which `check --policy-from REV` checks.
    #[arg(long, value_name = "REV")]
    policy_from: Option<String>,
    /// The output format.
    #[arg(long, value_name = "FORMAT", default_value = "yaml", value_parser = ["yaml", "json"])]
    format: String,
    #[command(flatten)]
    config: ConfigOptions,
}

pub(super) fn config(options: &ConfigurationOptions, terminal: &Terminal) -> CommandResult {
    let linter = Linter::open_policy(linter::Options {
        directory: terminal.directory.clone(),
        config: options.config.source(),
        policy_from: options.policy_from.clone(),
        ..linter::Options::default()
    })?;
    print_notices(&linter.notices());
    let merged = Setting::Mapping(linter.policy().merged());
    let revision = options.policy_from.as_deref();
    if options.format == "json" {
        let mut values = Vec::new();
        add_values("", &merged, &mut values);
        let page = json!({ "version": 1, "revision": revision, "values": values });
        return terminal.print(|_, out| write_json(&page, out));
    }
    let mut text = revision.map(|rev| format!("# the policy of {}\n", one_line(rev))).unwrap_or_default();
    write_yaml(&merged, 0, &mut text);
    streams::print(text)
}

/// Adds each value with its JSON pointer.
fn add_values(pointer: &str, setting: &Setting, values: &mut Vec<Json>) {
    match setting {
        Setting::Value(value, origin) => {
            values.push(json!({ "pointer": pointer, "value": value, "origin": origin }));
        }
        Setting::List(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(at, item)| add_values(&format!("{pointer}/{at}"), item, values));
        }
        Setting::Mapping(entries) => entries.iter().for_each(|(name, value)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            add_values(&format!("{pointer}/{name}"), value, values);
        }),
    }
}

/// Writes the lines of a mapping or list; each ends with the origin of its value.
fn write_yaml(setting: &Setting, indent: usize, text: &mut String) {
    let mut line = |head: &str, value: &Setting| {
        let _ = write!(text, "{:indent$}{head}", "");
        match value {
            Setting::Value(value, origin) => {
                let _ = writeln!(text, " {}  # {}", scalar(value, false), described(value, origin));
            }
            nested => match on_one_line(nested) {
                Some(line) => text.push_str(&line),
                None => {
                    text.push('\n');
                    write_yaml(nested, indent + 2, text);
                }
            },
        }
    };
    match setting {
        Setting::Mapping(entries) => {
            entries.iter().for_each(|(name, value)| line(&format!("{}:", yaml_text(name)), value));
        }
        Setting::List(items) => items.iter().for_each(|item| line("-", item)),
        Setting::Value(..) => {}
    }
}

/// Returns the line of a list of scalars that have one origin.
fn on_one_line(setting: &Setting) -> Option<String> {
    let Setting::List(items) = setting else { return None };
    let [Setting::Value(first, origin), ..] = &items[..] else { return None };
    let item = |item: &Setting| match item {
        Setting::Value(value, other) if other == origin => Some(scalar(value, true)),
        _ => None,
    };
    let items: Option<Vec<String>> = items.iter().map(item).collect();
    Some(format!(" [{}]  # {}\n", items?.join(", "), described(first, origin)))
}

fn scalar(value: &Json, in_flow: bool) -> String {
    match value {
        Json::String(text) if text == "off" => text.clone(),
        Json::String(text)
            if serde_json::from_str::<Json>(text).is_err()
                && !(in_flow && text.contains([',', '[', ']', '{', '}'])) =>
        {
            yaml_text(text)
        }
        other => other.to_string(),
    }
}

fn described(value: &Json, origin: &Origin) -> String {
    match origin {
        Origin::File { path, line } => one_line(&format!("{path}:{line}")).into_owned(),
        Origin::Preset { preset, .. } if value == "off" => format!("not in preset {preset}"),
        Origin::Preset { preset, also } if also.is_empty() => format!("preset {preset}"),
        Origin::Preset { preset, also } => {
            format!("preset {preset}; {} under conditions of the rule", also.join(", "))
        }
        Origin::Default => "default".to_owned(),
    }
}

/// Prints the version, on request with what a bug report needs. What can't be read is said there too: it never fails.
pub(super) fn version(is_verbose: bool, terminal: &Terminal) -> CommandResult {
    let mut text = format!("alignlint {VERSION}\n");
    if is_verbose {
        let features = Some(env!("ALIGNLINT_FEATURES")).filter(|features| !features.is_empty());
        let built = [
            ("target", env!("ALIGNLINT_TARGET")),
            ("profile", env!("ALIGNLINT_PROFILE")),
            ("features", features.unwrap_or("none")),
        ];
        let built = built.map(|(name, value)| (name, value.to_owned()));
        for (name, value) in built.into_iter().chain(facts(terminal)) {
            let _ = writeln!(text, "{name}: {}", one_line(&value));
        }
    }
    streams::print(text)?;
    Ok(ExitCode::SUCCESS)
}

fn facts(terminal: &Terminal) -> Vec<(&'static str, String)> {
    let options = linter::Options { directory: terminal.directory.clone(), ..linter::Options::default() };
    let mut facts = match git_facts(options.directory()) {
        Ok(Some(facts)) => facts,
        // Outside of a repository there may be a whole disk to count.
        Ok(None) => return vec![("repository", "none".to_owned())],
        Err(fault) => return vec![("repository", fault.message)],
    };
    match Linter::open_policy(options).and_then(|linter| counts(&linter)) {
        Ok(counts) => facts.extend(counts),
        Err(error) => facts.push(("error", error.to_string())),
    }
    facts
}

fn counts(linter: &Linter) -> Result<Vec<(&'static str, String)>, Error> {
    let policy = linter.policy();
    let source = policy.config.source.as_ref();
    let configuration = source.map_or_else(|| "none".to_owned(), |source| source.path().to_string());
    let is_on = |rule: &&Arc<Rule>| rule.settings(&policy.config).for_file("") != RuleSetting::Off;
    let rules = policy.rules.rules();
    let own = rules.iter().filter(|rule| rule.is_own).count();
    let on = rules.iter().filter(is_on).count();
    let kinds = linter.read(|input| {
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        input
            .records()
            .iter()
            .for_each(|record| *kinds.entry(record.kind.name.to_string()).or_default() += 1);
        kinds
    })?;
    let by_kind: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    let by_kind = if by_kind.is_empty() { String::new() } else { format!(" ({})", by_kind.join(", ")) };
    Ok(vec![
        (
            "project",
            if linter.snapshot().folder().is_empty() { "whole repository" } else { "a folder" }.to_owned(),
        ),
        ("configuration", configuration),
        ("files", linter.snapshot().files().len().to_string()),
        ("records", format!("{}{by_kind}", kinds.values().sum::<usize>())),
        ("rules", format!("{on} of {} on, {} of the user's own", rules.len(), counted(own, "rule"))),
    ])
}
