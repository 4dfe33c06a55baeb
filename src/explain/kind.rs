//! The page of a kind of record in Markdown, for `alignlint explain` and `docs/kinds/`.

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::civil::Date;

use crate::calendar::FORMS;
use crate::format::Formats;
use crate::kind::{Field, FieldType, Kind, Kinds, Shape};
use crate::rule::Rule;
use crate::rule::file::ANY;
use crate::text::capital;

/// What a page says of a kind besides its own schema.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    pub formats: &'a Formats,
    pub rules: &'a [Arc<Rule>],
    /// The day to which the dates of examples are relative.
    pub today: Date,
}

/// Names a rule.
fn named(rule: &str) -> String {
    format!("`{rule}`")
}

/// Renders the page of a kind.
pub fn render(kind: &Kind, around: Surroundings<'_>) -> String {
    let mut page = format!("# {}\n\n{}\n\n", kind.name, sentence(&kind.description));
    page.push_str(&places(kind, around.formats));
    let _ = writeln!(
        page,
        "## The shortest useful record\n\nOn a page:\n\n```markdown\n{}```\n\nIn a list:\n\n{}",
        kind.page(&kind.list_file(&kind.shortest_example(around.today))),
        fenced(kind, &kind.shortest_example(around.today))
    );
    if let Some(full) = kind.full_example(around.today) {
        let _ = writeln!(page, "## With most fields\n\n{}", fenced(kind, &full));
    }
    page.push_str("## Fields\n\n| field | type | meaning | other names |\n|---|---|---|---|\n");
    rows(&kind.shape, "", &kind.required, &mut page);
    page.push_str(&forms());
    page.push_str(&words(kind));
    page.push_str(&headings(kind));
    page.push_str(&rules(kind, around.rules));
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

/// Renders the list of all kinds.
pub fn index(kinds: &Kinds) -> String {
    let mut page = String::from(
        "# Kinds of record\n\nEach page shows the fields of a kind, the words for their values, and the rules that look at it. `alignlint explain KIND`\n\
         prints the same page, also for a kind of your own; `alignlint schema KIND` prints the JSON Schema.\n\n\
         | kind | written under | what it is |\n|---|---|---|\n",
    );
    for kind in kinds.iter() {
        let _ = writeln!(
            page,
            "| [{name}]({name}.md) | `{}` | {} |",
            kind.plural,
            cell(&sentence(&kind.description)),
            name = kind.name
        );
    }
    page
}

fn sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    if text.is_empty() { String::new() } else { format!("{text}.") }
}

pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn code_list<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}

fn places(kind: &Kind, formats: &Formats) -> String {
    let mut text = format!(
        "Written in a list under `{}` in a file below `governance/` or `strategy/`, or in a file of its own with `kind: {}`.",
        kind.plural, kind.name
    );
    if !kind.aliases.is_empty() {
        let _ = write!(text, " Other names of the list and of the kind: {}.", code_list(&kind.aliases));
    }
    if let Some(rows) = &kind.rows {
        let others = if rows.fewest == 1 { "another one" } else { "two more" };
        let _ = write!(
            text,
            " On a page, the rows of a table with a column for the title or id and {others} for fields are records."
        );
    }
    if let Some(field) = &kind.value_field {
        let _ = write!(text, " The value of `{field}` alone is a record too: `NAME: VALUE`.");
    }
    let formats = formats.iter().filter(|format| format.kind.name == kind.name);
    let formats: Vec<String> = formats.map(|it| format!("`{}` ({})", it.name, it.definition.title)).collect();
    if !formats.is_empty() {
        let _ = write!(text, " Files of other formats are read as they are: {}.", formats.join(", "));
    }
    text + "\n\n"
}

/// An example as a whole file.
fn fenced(kind: &Kind, items: &str) -> String {
    format!("```yaml\n{}```\n", kind.list_file(items))
}

fn rows(shape: &Shape, within: &str, required: &[Box<str>], page: &mut String) {
    let (names, others): (Vec<&Field>, Vec<&Field>) =
        shape.fields.iter().partition(|field| within.is_empty() && matches!(&*field.name, "id" | "title"));
    for field in names.into_iter().chain(others) {
        let mut meaning = sentence(&field.description);
        if within.is_empty() && required.contains(&Box::from(&*field.name)) {
            let separator = if meaning.is_empty() { "" } else { " " };
            meaning = format!("**Required.**{separator}{meaning}");
        }
        if let Some(default) = field.default.as_ref().and_then(|default| default.as_text()) {
            let _ = write!(meaning, " Default: `{default}`.");
        }
        let _ = writeln!(
            page,
            "| `{within}{}` | {} | {} | {} |",
            field.name,
            type_name(field),
            cell(&meaning),
            cell(&code_list(&field.aliases))
        );
        match &field.ty {
            FieldType::Struct(shape) => rows(shape, &format!("{within}{}.", field.name), &[], page),
            FieldType::List(inner) => {
                if let FieldType::Struct(shape) = &**inner {
                    rows(shape, &format!("{within}{}[].", field.name), &[], page);
                }
            }
            FieldType::Map(map) => {
                if let FieldType::Struct(shape) = &map.values {
                    rows(shape, &format!("{within}{}.….", field.name), &[], page);
                }
            }
            _ => {}
        }
    }
}

fn type_name(field: &Field) -> String {
    match &field.ty {
        _ if field.values.is_empty() => name_of(&field.ty),
        FieldType::List(_) => format!("list: {}", code_list(&field.values)),
        _ => code_list(&field.values),
    }
}

fn name_of(ty: &FieldType) -> String {
    match ty {
        FieldType::Text => "text".to_owned(),
        FieldType::Bool => "`true` or `false`".to_owned(),
        FieldType::Integer => "integer".to_owned(),
        FieldType::Number => "number".to_owned(),
        FieldType::Date => "date".to_owned(),
        FieldType::Duration => "duration".to_owned(),
        FieldType::Period => "period".to_owned(),
        FieldType::Amount => "amount".to_owned(),
        FieldType::Reference(kinds) => target(kinds),
        FieldType::List(inner) => format!("list: {}", name_of(inner)),
        FieldType::Struct(shape) if shape.text.is_some() => "text or mapping".to_owned(),
        FieldType::Struct(_) => "mapping".to_owned(),
        FieldType::Map(map) => {
            let keys = map.keys.as_ref().map_or_else(|| "text".to_owned(), |kinds| target(kinds));
            format!("mapping: {keys} to {}", name_of(&map.values))
        }
        FieldType::Any => "any value".to_owned(),
    }
}

fn target(kinds: &[Arc<str>]) -> String {
    match kinds.is_empty() {
        true => "reference to any record".to_owned(),
        false => format!("reference to {}", kinds.join(", ")),
    }
}

/// Says how dates, lengths, periods and amounts are written.
fn forms() -> String {
    let mut text = String::from("\n## How values are written\n\n| type | written as |\n|---|---|\n");
    for (name, examples, remark) in FORMS {
        let remark = if remark.is_empty() { String::new() } else { format!(" {remark}") };
        let _ = writeln!(text, "| {name} | {}.{} |", cell(&code_list(examples)), cell(&remark));
    }
    text
}

fn words(kind: &Kind) -> String {
    let mut text = String::new();
    let has_words = |field: &&Field| !field.values.is_empty() || !field.synonyms.is_empty();
    for field in kind.shape.fields.iter().filter(has_words) {
        let is_status = kind.status.as_deref() == Some(&*field.name);
        let _ = writeln!(text, "\n## Words for `{}`\n", field.name);
        text.push_str(if is_status {
            "| value | active | other words |\n|---|---|---|\n"
        } else {
            "| value | other words |\n|---|---|\n"
        });
        let of_boolean = field.synonyms.iter().map(|(value, _)| value).filter(|_| field.values.is_empty());
        for value in field.values.iter().chain(of_boolean) {
            let others =
                field.synonyms.iter().find(|(of, _)| of == value).map_or(&[][..], |(_, words)| words);
            let active = if kind.live_statuses.contains(value) { "yes" } else { "no" };
            let active = if is_status { format!(" {active} |") } else { String::new() };
            let _ = writeln!(text, "| `{value}` |{active} {} |", cell(&others.join(", ")));
        }
    }
    text
}

fn headings(kind: &Kind) -> String {
    let fields: Vec<&Field> = kind.shape.fields.iter().filter(|field| !field.headings.is_empty()).collect();
    if fields.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "\n## Sections of a page\n\nIn a Markdown page, these sections hold fields. A field that fits on a line may stand below the title instead, under its name or another one: `Owner: …`, `- Owner: …` or `**Owner:** …`.\n\n| field | headings |\n|---|---|\n",
    );
    for field in fields {
        let _ = writeln!(text, "| `{}` | {} |", field.name, cell(&field.headings.join(", ")));
    }
    let _ = writeln!(
        text,
        "\nA page that is named for several, such as `{}.md` below `governance/`, may have a section for each, with at least two fields on lines below its heading.",
        kind.plural
    );
    text
}

fn rules(kind: &Kind, rules: &[Arc<Rule>]) -> String {
    let own: Vec<_> = rules.iter().filter(|rule| rule.is_for(kind)).collect();
    let general = rules.iter().filter(|rule| rule.kinds.iter().any(|kind| **kind == *ANY));
    let mut text = String::from("\n## Rules\n\n");
    if !own.is_empty() {
        text.push_str("| rule | severity | preset | finds |\n|---|---|---|---|\n");
        for rule in own {
            let (severity, preset) = (rule.severity.name(), rule.preset.name());
            let title = capital(rule.title.trim_end_matches('.'));
            let _ = writeln!(text, "| {} | {severity} | {preset} | {} |", named(&rule.id), cell(&title));
        }
        text.push('\n');
    }
    let general: Vec<String> = general.map(|rule| named(&rule.id)).collect();
    let _ = writeln!(text, "Every record is also checked by {}.", general.join(", "));
    text
}
