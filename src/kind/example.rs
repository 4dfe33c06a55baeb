//! Example records of a kind. Their dates are relative to today.

use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use regex::{Captures, Regex};
use serde::Deserialize;

use super::{Field, FieldType, Kind};
use crate::calendar::Duration;
use crate::node::{Entry, Mapping, Node};
use crate::syntax::{Format, parse};
use crate::text::{Source, capital};

/// The examples that a kind carries under `x-examples`, each a list of records in YAML.
#[derive(Debug, Deserialize)]
struct Examples {
    shortest: Box<str>,
    full: Box<str>,
    /// `None` for a kind whose examples are part of the small company that `init --example` writes.
    starter: Option<bool>,
}

impl Kind {
    fn examples(&self) -> Option<Examples> {
        Examples::deserialize(&self.json["x-examples"]).ok()
    }

    /// The shortest useful record, as an item of a list in YAML: the kind's own example, or else the required fields.
    pub fn shortest_example(&self, today: Date) -> String {
        match self.examples() {
            Some(examples) => dated(&examples.shortest, today),
            None => self.required_fields(today),
        }
    }

    /// Returns true if its examples are part of the small company that `init --example` writes.
    pub fn is_in_starter(&self) -> bool {
        self.examples().is_some_and(|examples| examples.starter != Some(false))
    }

    /// Records that use most fields, as items of a list in YAML, if the kind carries such an example.
    pub fn full_example(&self, today: Date) -> Option<String> {
        self.examples().map(|examples| dated(&examples.full, today))
    }

    /// The path of the file in which the program writes first records of the kind.
    pub fn starter_path(&self) -> String {
        // The folder of the records that the program writes.
        const STARTER_FOLDER: &str = "governance";
        format!("{STARTER_FOLDER}/{}.yaml", self.plural)
    }

    /// A file of the items of a list in YAML.
    pub fn list_file(&self, items: &str) -> String {
        let lines =
            items.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") });
        format!("{}:\n{}", self.plural, lines.collect::<String>())
    }

    /// The first record of a list in YAML as a page in Markdown. The front matter holds what neither a line nor a section can.
    pub fn page(&self, list: &str) -> String {
        // A longer text has a section of its own.
        const MOST_ON_A_LINE: usize = 60;
        let document = parse(Arc::new(Source::new("example.yaml", list.into())), Format::Yaml);
        let items = document.roots.first().and_then(|root| root.get(&self.plural)?.as_sequence());
        let record = items.and_then(<[Node]>::first);
        let id = record.and_then(|it| it.get("id")).and_then(Node::as_text).unwrap_or(&self.name);
        let (mut title, mut keys) = (id.to_owned(), format!("kind: {}\n", self.name));
        let (mut lines, mut sections) = (String::new(), String::new());
        for Entry { key, value } in record.and_then(Node::as_mapping).into_iter().flat_map(Mapping::entries) {
            let heading = self.shape.field(&key.name).and_then(|field| field.headings.first());
            let texts: Option<Vec<&str>> =
                value.as_sequence().and_then(|items| items.iter().map(Node::as_text).collect());
            let label = capital(&key.name.replace('-', " "));
            match (value.as_text(), texts, heading) {
                (Some(text), ..) if *key.name == *"title" => text.clone_into(&mut title),
                (None, _, Some(heading)) if value.is_null() => sections += &format!("\n## {heading}\n"),
                (None, _, None) if value.is_null() => lines += &format!("- {label}:\n"),
                (Some(text), _, Some(heading)) if text.len() > MOST_ON_A_LINE => {
                    sections += &format!("\n## {heading}\n\n{text}\n");
                }
                (Some(text), ..) if *key.name != *"id" => lines += &format!("- {label}: {text}\n"),
                (_, Some(texts), Some(heading)) => {
                    sections += &format!("\n## {heading}\n\n- {}\n", texts.join("\n- "));
                }
                (_, Some(texts), None) => lines += &format!("- {label}: {}\n", texts.join(", ")),
                _ => {
                    let text = list.get(key.span.range().start..value.span.range().end).unwrap_or_default();
                    keys += &format!("{}\n", text.replace("\n    ", "\n").trim_end());
                }
            }
        }
        let lines = if lines.is_empty() { lines } else { format!("\n{lines}") };
        format!("---\n{keys}---\n\n# {title}\n{lines}{sections}")
    }

    fn required_fields(&self, today: Date) -> String {
        let mut text = format!("- id: {}\n  title: …\n", self.name);
        let owner = self.accountable.first().and_then(|owner| self.shape.field(owner));
        let status = self.status.as_ref().and_then(|status| self.shape.field(status));
        let required = self.required.iter().filter_map(|name| self.shape.field(name));
        let mut seen = vec!["id", "title"];
        for field in owner.into_iter().chain(status).chain(required) {
            if seen.contains(&&*field.name) {
                continue;
            }
            seen.push(&field.name);
            let live = self
                .live_statuses
                .first()
                .filter(|_| self.status.as_ref().is_some_and(|it| **it == *field.name));
            let value = live.map_or_else(|| sample(field, today), ToString::to_string);
            text.push_str(&format!("  {}: {value}\n", field.name));
        }
        text
    }
}

/// A value that a field may have, in YAML.
fn sample(field: &Field, today: Date) -> String {
    match (&field.ty, field.values.first()) {
        (_, Some(value)) => value.to_string(),
        (FieldType::Date, _) => today.to_string(),
        (FieldType::Duration, _) => "1 month".to_owned(),
        (FieldType::Period, _) => quarter(today),
        (FieldType::Bool, _) => "false".to_owned(),
        (FieldType::Number | FieldType::Integer | FieldType::Amount, _) => "1".to_owned(),
        (FieldType::List(_), _) => "[…]".to_owned(),
        (FieldType::Struct(_) | FieldType::Map(_), _) => "{}".to_owned(),
        (FieldType::Text | FieldType::Reference(_) | FieldType::Any, _) => "…".to_owned(),
    }
}

static DATE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\{(today|quarter)(?: ([+-]) ([0-9]+ [a-z]+))?\}").ok());

/// Replaces `{today}`, `{today + 2 weeks}` and `{quarter}` in a text.
fn dated(text: &str, today: Date) -> String {
    let Some(pattern) = &*DATE else { return text.to_owned() };
    let date = |found: &Captures<'_>| {
        let by = found.get(3).and_then(|by| Duration::parse(by.as_str())).unwrap_or_default();
        let day = if found.get(2).is_some_and(|sign| sign.as_str() == "-") {
            by.sub_from(today)
        } else {
            by.add_to(today)
        };
        if &found[1] == "quarter" { quarter(day) } else { day.to_string() }
    };
    pattern.replace_all(text, date).into_owned()
}

fn quarter(day: Date) -> String {
    format!("{}-Q{}", day.year(), (day.month() + 2) / 3)
}
