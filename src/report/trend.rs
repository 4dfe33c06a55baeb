//! Writes a [`Trend`] as text with small bars, Markdown, CSV or JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::terminal::{self, Palette, one_line, paint, paragraph};
use super::{OutputStyle, markdown, table};
use crate::view::trend::{Counted, Measure, Trend, TrendState, TrendStep, Unit};

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const NO_BAR: char = '·';
/// The most bars of a line: the latest.
const MAX_BARS: usize = 24;
const MAX_TITLE: usize = 60;
const INDENT: usize = 2;
/// The limit of a text in Markdown, in characters.
const MAX_TEXT: usize = 600;
/// The most records that are named behind a number.
const MAX_NAMES: usize = 6;

/// Writes each measure on a line: a bar for each state, the first number and the last.
///
/// # Errors
/// Those of `out`.
pub fn write_text(trend: &Trend, style: &OutputStyle, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let palette = Palette::of(style);
    let first = trend.states.get(first_known(trend)).map_or(trend.as_of, |state| state.day);
    writeln!(out, "{}", paint(format!("Trend, {first} to {}", trend.as_of), palette.message))?;
    let bars = trend.states.len().min(MAX_BARS);
    let changes = trend.measures.iter().map(|measure| terminal::columns(&change(measure)));
    let room = terminal::width(style).saturating_sub(bars + changes.max().unwrap_or(0) + 3 * INDENT);
    let titles = trend.measures.iter().map(|measure| terminal::columns(&measure.title));
    let width = titles.max().unwrap_or(0).min(room).min(MAX_TITLE);
    let mut group = None;
    for measure in &trend.measures {
        if group.replace(&measure.group) != Some(&measure.group) {
            writeln!(out, "\n{}\n", paint(one_line(&measure.group), palette.related))?;
            writeln!(out, "  {}  {}", " ".repeat(width), paint(initials(trend), palette.dim))?;
        }
        let title = terminal::clip(&measure.title, width);
        let space = " ".repeat(width.saturating_sub(terminal::columns(&title)) + 2);
        writeln!(out, "  {title}{space}{}  {}", draw(measure), change(measure))?;
    }
    write_counted(trend, style, &mut out)?;
    write_steps(trend, style, &mut out)?;
    if trend.measures.is_empty() {
        writeln!(out, "\n{}", paint("nothing was found in any state", palette.dim))?;
    }
    out.flush()
}

/// Writes each group of measures as a table with the bars, the first number and the last.
///
/// # Errors
/// Those of `out`.
pub fn write_markdown(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let prose = |text: &str| markdown::prose(text, MAX_TEXT);
    let first = trend.states.get(first_known(trend)).map_or(trend.as_of, |state| state.day);
    writeln!(out, "# Trend, {first} to {}", trend.as_of)?;
    let mut group = None;
    for measure in &trend.measures {
        if group.replace(&measure.group) != Some(&measure.group) {
            writeln!(
                out,
                "\n## {}\n\n| Measure | Each state | First and last |\n|---|---|---|",
                prose(&measure.group)
            )?;
        }
        writeln!(out, "| {} | {} | {} |", prose(&measure.title), draw(measure), change(measure))?;
    }
    let counted = trend.measures.iter().filter(|measure| !measure.counted.is_empty());
    let counted = counted.map(|measure| {
        let (named, more) = named(measure);
        let names: Vec<String> = named.iter().map(label).chain(more).collect();
        format!("{}{}: {}", measure.title, measured(measure), names.join("; "))
    });
    let steps = trend.steps.iter().map(|step| format!("{}: {}", step_title(step), step_commits(step)));
    for (title, lines) in
        [(counted_title(trend), counted.collect::<Vec<_>>()), (STEPS.to_owned(), steps.collect::<Vec<_>>())]
    {
        if !lines.is_empty() {
            writeln!(out, "\n## {}\n", prose(&title))?;
        }
        lines.iter().try_for_each(|line| writeln!(out, "- {}", prose(line)))?;
    }
    if trend.measures.is_empty() {
        writeln!(out, "\nNothing was found in any state.")?;
    }
    out.flush()
}

/// Writes the records that the last numbers count.
fn write_counted(trend: &Trend, style: &OutputStyle, out: &mut dyn Write) -> io::Result<()> {
    let palette = Palette::of(style);
    let mut is_first = true;
    for measure in trend.measures.iter().filter(|measure| !measure.counted.is_empty()) {
        if std::mem::take(&mut is_first) {
            writeln!(out, "\n{}", paint(counted_title(trend), palette.related))?;
        }
        writeln!(out, "\n  {}{}", one_line(&measure.title), measured(measure))?;
        let (named, more) = named(measure);
        let names: Vec<String> = named.iter().map(label).chain(more).collect();
        let lines = paragraph(&names.join("; "), terminal::width(style), 2 * INDENT, 2 * INDENT);
        writeln!(out, "{}{}", " ".repeat(2 * INDENT), lines.join("\n"))?;
    }
    Ok(())
}

/// Names the commits of the times in which most findings were new.
fn write_steps(trend: &Trend, style: &OutputStyle, out: &mut dyn Write) -> io::Result<()> {
    let palette = Palette::of(style);
    if !trend.steps.is_empty() {
        writeln!(out, "\n{}", paint(STEPS, palette.related))?;
    }
    for step in &trend.steps {
        writeln!(out, "\n  {}", step_title(step))?;
        let text = step_commits(step);
        let lines = paragraph(&text, terminal::width(style), 2 * INDENT, 2 * INDENT);
        writeln!(out, "{}{}", " ".repeat(2 * INDENT), lines.join("\n"))?;
    }
    Ok(())
}

/// The heading above the times in which most findings were new.
pub(super) const STEPS: &str = "When most findings were new, and the commits of that time";

/// The time, and the number of new findings.
pub(super) fn step_title(step: &TrendStep) -> String {
    format!("{} to {}, {} findings", step.from, step.to, step.found)
}

/// The first commits of the time.
pub(super) fn step_commits(step: &TrendStep) -> String {
    let more = (step.more > 0).then(|| format!("and {} more", step.more));
    match step.commits.is_empty() {
        true => "no commit: time passed".to_owned(),
        false => step.commits.iter().cloned().chain(more).collect::<Vec<_>>().join("; "),
    }
}

/// The heading above the records that the last numbers count.
pub(super) fn counted_title(trend: &Trend) -> String {
    format!("Behind the numbers of {}", trend.as_of)
}

/// The number of records that a median is of.
pub(super) fn measured(measure: &Measure) -> String {
    match (measure.unit, &measure.counted[..]) {
        (Unit::Count, _) | (_, []) => String::new(),
        (_, [one]) => format!(", of 1 {}", one.record.kind),
        (_, [one, ..]) => format!(", of {} {}s", measure.counted.len(), one.record.kind),
    }
}

/// The first records that a measure counts, and how many more there are.
pub(super) fn named(measure: &Measure) -> (&[Counted], Option<String>) {
    let shown = measure.counted.len().min(MAX_NAMES);
    let more = measure.counted.len() - shown;
    (&measure.counted[..shown], (more > 0).then(|| format!("and {more} more")))
}

/// The identifier and the title of a record.
pub(super) fn label(counted: &Counted) -> String {
    let name = [&*counted.record.id, &*counted.title].join(" ").trim_end().to_owned();
    if counted.note.is_empty() { name } else { format!("{name}, {}", counted.note) }
}

/// The index of the first state with a number.
pub(super) fn first_known(trend: &Trend) -> usize {
    let is_known = |at: &usize| {
        trend.measures.iter().any(|measure| measure.values.get(*at).is_some_and(Option::is_some))
    };
    (0..trend.states.len()).find(is_known).unwrap_or(0)
}

/// The first letter of each month, above the bar of the first state in it.
fn initials(trend: &Trend) -> String {
    const MONTHS: [char; 12] = ['J', 'F', 'M', 'A', 'M', 'J', 'J', 'A', 'S', 'O', 'N', 'D'];
    let latest = trend.states.len().saturating_sub(MAX_BARS);
    let mut before = None;
    let initial = |state: &TrendState| match before.replace(state.day.first_of_month()) {
        Some(month) if month == state.day.first_of_month() => ' ',
        _ => MONTHS[usize::from(state.day.month().unsigned_abs() - 1)],
    };
    let initials: String = trend.states[latest..].iter().map(initial).collect();
    initials.trim_end().to_owned()
}

/// A bar for each of the latest states, as high as its share of the highest.
fn draw(measure: &Measure) -> String {
    let highest = measure.values.iter().flatten().copied().fold(0.0, f64::max);
    let bar = |value: &Option<f64>| match value {
        Some(value) if *value > 0.0 => {
            let step = (value / highest * (BARS.len() - 1) as f64).round() as usize;
            BARS[step.min(BARS.len() - 1)]
        }
        Some(_) => BARS[0],
        None => NO_BAR,
    };
    let latest = measure.values.len().saturating_sub(MAX_BARS);
    measure.values[latest..].iter().map(bar).collect()
}

pub(super) fn change(measure: &Measure) -> String {
    let mut known = measure.values.iter().flatten();
    let (first, last) = (known.next(), known.next_back());
    let unit = match (measure.unit, first, last) {
        (Unit::Count, ..) => "",
        (Unit::Days, Some(1.0), None) | (Unit::Days, _, Some(1.0)) => " day",
        (Unit::Days, ..) => " days",
    };
    match (first, last) {
        (Some(first), Some(last)) => format!("{} → {}{unit}", number(*first), number(*last)),
        (Some(only), None) => format!("{}{unit}", number(*only)),
        (None, _) => String::new(),
    }
}

/// Without a fraction if it is whole.
pub(super) fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}

/// Writes a line for each number.
///
/// # Errors
/// Those of `out`.
pub fn write_csv(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    writeln!(out, "day,commit,group,measure,unit,value")?;
    for measure in &trend.measures {
        for (state, value) in trend.states.iter().zip(&measure.values) {
            let fields = [
                state.day.to_string(),
                state.commit.clone().unwrap_or_default(),
                measure.group.clone(),
                measure.title.clone(),
                measure.unit.name().to_owned(),
                value.map(number).unwrap_or_default(),
            ];
            writeln!(out, "{}", fields.map(|field| quoted(&field)).join(","))?;
        }
    }
    out.flush()
}

/// A field of CSV (RFC 4180).
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", field.replace('"', "\"\""));
    }
    field.to_owned()
}

/// Writes the trend as JSON; `schemas/trend.schema.json` describes it.
///
/// # Errors
/// Those of `out`.
pub fn write_json(trend: &Trend, tool: &str, out: &mut dyn Write) -> io::Result<()> {
    let states = trend.states.iter();
    let measures = trend.measures.iter().map(|measure| JsonMeasure {
        group: &measure.group,
        title: &measure.title,
        unit: measure.unit.name(),
        values: &measure.values,
        counted: measure.counted.iter().map(JsonCounted::of).collect(),
    });
    let page = JsonTrend {
        version: 1,
        tool,
        as_of: trend.as_of.to_string(),
        states: states
            .map(|state| JsonState { day: state.day.to_string(), commit: state.commit.as_deref() })
            .collect(),
        measures: measures.collect(),
        steps: trend.steps.iter().map(JsonStep::of).collect(),
    };
    table::write_json(&page, out)
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct JsonTrend<'t> {
    version: u32,
    tool: &'t str,
    as_of: String,
    states: Vec<JsonState<'t>>,
    measures: Vec<JsonMeasure<'t>>,
    steps: Vec<JsonStep<'t>>,
}

#[derive(Serialize)]
struct JsonStep<'t> {
    from: String,
    to: String,
    found: usize,
    commits: &'t [String],
    more: usize,
}

impl<'t> JsonStep<'t> {
    fn of(step: &'t TrendStep) -> JsonStep<'t> {
        JsonStep {
            from: step.from.to_string(),
            to: step.to.to_string(),
            found: step.found,
            commits: &step.commits,
            more: step.more,
        }
    }
}

#[derive(Serialize)]
struct JsonState<'t> {
    day: String,
    commit: Option<&'t str>,
}

#[derive(Serialize)]
struct JsonMeasure<'t> {
    group: &'t str,
    title: &'t str,
    unit: &'static str,
    values: &'t [Option<f64>],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    counted: Vec<JsonCounted<'t>>,
}

#[derive(Serialize)]
struct JsonCounted<'t> {
    kind: &'t str,
    id: &'t str,
    title: &'t str,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'t str,
}

impl<'t> JsonCounted<'t> {
    fn of(counted: &'t Counted) -> JsonCounted<'t> {
        let Counted { record, title, note } = counted;
        JsonCounted { kind: &record.kind, id: &record.id, title, note }
    }
}
