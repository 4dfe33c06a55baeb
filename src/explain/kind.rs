//! The pages of a kind of record and of a foreign format in Markdown, for `alignlint explain` and `docs/kinds/`.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::calendar::FORMS;
use crate::format::{Format, Formats};
use crate::kind::{Field, FieldType, Kind, Kinds, Shape};
use crate::policy::Policy;
use crate::rule::Rule;
use crate::rule::file::{ANY, EXAMPLE_DATE};
use crate::text::capital;

/// Renders the page of a kind, with examples as of the day on which all examples are.
pub fn render(kind: &Kind, policy: &Policy) -> String {
    let mut page = format!("# {}\n\n{}\n\n", kind.name, sentence(&kind.description));
    page.push_str(&places(kind, &policy.formats));
    let _ = writeln!(
        page,
        "## The shortest useful record\n\nOn a page:\n\n```markdown\n{}```\n\nIn a list:\n\n{}",
        kind.page(&kind.list_file(&kind.shortest_example(EXAMPLE_DATE))),
        fenced(kind, &kind.shortest_example(EXAMPLE_DATE))
    );
    if let Some(full) = kind.full_example(EXAMPLE_DATE) {
        let _ = writeln!(page, "## With most fields\n\n{}", fenced(kind, &full));
    }
    let mut fields = Vec::new();
    rows(&kind.shape, "", &kind.required, &mut fields);
    page += &format!("## Fields\n\n{}", table(["field", "type", "meaning", "other names"], fields));
    let forms = FORMS.iter().map(|form| {
        let written = format!("{}. {}", code_list(&form.examples), form.remark);
        [form.name.to_string(), written.trim_end().to_owned()]
    });
    page += &format!("\n## How values are written\n\n{}", table(["type", "written as"], forms));
    page += &words(kind);
    page += &headings(kind);
    page += &rules(kind, policy.rules.rules());
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

pub fn index(kinds: &Kinds) -> String {
    let row = |kind: &Arc<Kind>| {
        let link = format!("[{name}]({name}.md)", name = kind.name);
        [link, format!("`{}`", kind.plural), sentence(&kind.description)]
    };
    let kinds = table(["kind", "written under", "what it is"], kinds.iter().map(row));
    format!(
        "# Kinds of record\n\nEach page shows the fields of a kind, the words for their values, and the rules that look at it. `alignlint explain KIND`\n\
         prints the same page, also for a kind of your own; `alignlint schema KIND` prints the JSON Schema.\n\n{kinds}"
    )
}

pub(super) fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(N));
    for row in rows {
        let cells = row.map(|cell| cell.replace('|', "\\|").replace('\n', " "));
        text += &format!("| {} |\n", cells.join(" | "));
    }
    text
}

pub(super) fn rule_table<'r>(rules: impl Iterator<Item = &'r Arc<Rule>>) -> String {
    let row = |rule: &Arc<Rule>| {
        let title = capital(rule.title.trim_end_matches('.'));
        let (severity, preset) = (rule.severity.name().to_owned(), rule.preset.name().to_owned());
        [format!("`{}`", rule.id), severity, preset, title]
    };
    table(["rule", "severity", "preset", "finds"], rules.map(row))
}

fn sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    if text.is_empty() { String::new() } else { format!("{text}.") }
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

fn fenced(kind: &Kind, items: &str) -> String {
    format!("```yaml\n{}```\n", kind.list_file(items))
}

fn rows(shape: &Shape, within: &str, required: &[Box<str>], out: &mut Vec<[String; 4]>) {
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
        out.push([format!("`{within}{}`", field.name), type_name(field), meaning, code_list(&field.aliases)]);
        let (inner, separator) = match &field.ty {
            FieldType::List(inner) => (&**inner, "[]."),
            FieldType::Map(map) => (&map.values, ".…."),
            ty => (ty, "."),
        };
        if let FieldType::Struct(shape) = inner {
            rows(shape, &format!("{within}{}{separator}", field.name), &[], out);
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

fn words(kind: &Kind) -> String {
    let has_words = |field: &&Field| !field.values.is_empty() || !field.synonyms.is_empty();
    let section = |field: &Field| {
        let of_boolean = field.synonyms.iter().map(|(value, _)| value).filter(|_| field.values.is_empty());
        let others = |value: &str| {
            let others = field.synonyms.iter().find(|(of, _)| **of == *value);
            others.map_or_else(String::new, |(_, words)| words.join(", "))
        };
        let values = field.values.iter().chain(of_boolean);
        let table = if kind.status.as_deref() == Some(&*field.name) {
            let active = |value| if kind.live_statuses.contains(value) { "yes" } else { "no" };
            let row = |value| [format!("`{value}`"), active(value).to_owned(), others(value)];
            table(["value", "active", "other words"], values.map(row))
        } else {
            table(["value", "other words"], values.map(|value| [format!("`{value}`"), others(value)]))
        };
        format!("\n## Words for `{}`\n\n{table}", field.name)
    };
    kind.shape.fields.iter().filter(has_words).map(section).collect()
}

fn headings(kind: &Kind) -> String {
    let fields: Vec<&Field> = kind.shape.fields.iter().filter(|field| !field.headings.is_empty()).collect();
    if fields.is_empty() {
        return String::new();
    }
    let fields = fields.into_iter().map(|field| [format!("`{}`", field.name), field.headings.join(", ")]);
    format!(
        "\n## Sections of a page\n\nIn a Markdown page, these sections hold fields. A field that fits on a line may stand below the title instead, under its name or another one: `Owner: …`, `- Owner: …` or `**Owner:** …`.\n\n{}\n\
        A page that is named for several, such as `{}.md` below `governance/`, may have a section for each, with at least two fields on lines below its heading.\n",
        table(["field", "headings"], fields),
        kind.plural
    )
}

fn rules(kind: &Kind, rules: &[Arc<Rule>]) -> String {
    let mut own = rules.iter().filter(|rule| rule.is_for(kind)).peekable();
    let own = if own.peek().is_some() { rule_table(own) + "\n" } else { String::new() };
    let general = rules.iter().filter(|rule| rule.kinds.iter().any(|kind| **kind == *ANY));
    let general = code_list(general.map(|rule| &rule.id));
    format!("\n## Rules\n\n{own}Every record is also checked by {general}.\n")
}

/// Renders the page of a foreign format: the names that its files have for the fields of its kind, and how they are recognised.
pub(super) fn render_format(format: &Format) -> String {
    let (kind, definition) = (&format.kind.name, &format.definition);
    let description = match sentence(&definition.description) {
        text if text.is_empty() => text,
        text => format!(" {text}"),
    };
    let mut page = format!(
        "# {}\n\n{}.{description}\n\nIts files are records of the kind `{kind}`, whose fields `alignlint explain {kind}` shows.\n\n",
        format.name,
        definition.title.trim_end_matches('.')
    );
    if format.paths().next().is_some() {
        page += "## Files\n\nThese are read without configuration; others if `records:` in `alignlint.yaml` names them.\n\n";
        page.extend(format.paths().map(|path| format!("- `{path}`\n")));
        page.push('\n');
    }
    if format.own_names().next().is_some() {
        let names = format.own_names().map(|(field, names)| [format!("`{field}`"), names.join(", ")]);
        let names = table(["field", "also read from"], names);
        page += &format!("## Fields\n\nBesides the names of the kind:\n\n{names}");
    }
    if let Some(words) = format.kind.status.as_deref().and_then(|status| format.words(status)) {
        page += &format!("\n## Words for the status\n\n{}\n", code_list(words.iter()));
    }
    page
}
