//! Writes a [`Trend`] as text with small bars, CSV or JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::terminal::{self, Palette, one_line, paint};
use super::{OutputStyle, table};
use crate::view::trend::{Measure, Trend, TrendState, Unit};

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const NO_BAR: char = '·';
/// The most bars of a line: the latest.
const MAX_BARS: usize = 24;
const MAX_TITLE: usize = 60;
const INDENT: usize = 2;

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
    if trend.measures.is_empty() {
        writeln!(out, "\n{}", paint("nothing was found in any state", palette.dim))?;
    }
    out.flush()
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
    });
    let page = JsonTrend {
        version: 1,
        tool,
        as_of: trend.as_of.to_string(),
        states: states
            .map(|state| JsonState { day: state.day.to_string(), commit: state.commit.as_deref() })
            .collect(),
        measures: measures.collect(),
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
}
