//! Changes of the policy: the configuration, own rules, kinds and profiles, and the baseline.

use std::collections::HashSet;
use std::sync::Arc;

use crate::input::Input;
use crate::snapshot::{FileStep, Step};

use super::{Cell, Column, PageTitle, Row, Section};

/// The most lines that are shown of a change.
const SHOWN_LINES: usize = 4;

/// Lists the changes, each with its author, the first line of the message, and what it switched off.
pub fn section(
    input: &Input,
    steps: &[FileStep],
    switched_off: Vec<String>,
    page: Arc<PageTitle>,
) -> Section {
    let row = |(step, switched_off): (&FileStep, String)| {
        let (gone, new) =
            (lines_only_in(&step.before, &step.after), lines_only_in(&step.after, &step.before));
        let how = match (step.before.is_empty(), step.after.is_empty()) {
            (true, _) => "was added",
            (_, true) => "was removed",
            _ => "was changed",
        };
        let (path, step) = (&step.path, &step.step);
        let author = author(input, step);
        let why = match step.subject.is_empty() {
            true => "no reason is written down".to_owned(),
            false => format!("the commit says: {}", step.subject),
        };
        let cells = [path.to_string(), how.to_owned(), lines(&gone), lines(&new), switched_off];
        let cells = cells.into_iter().chain([format!("{author}, {}", step.date), why]);
        Row::about(None, None, cells.map(Cell::text).collect())
    };
    let columns = vec![
        Column::head("file", "file"),
        Column::detail("what", "what"),
        Column::detail("before", "before"),
        Column::detail("now", "now"),
        Column::detail("off", "switches off"),
        Column::detail("who", "who"),
        Column::detail("why", "why"),
    ];
    Section::plain(page, "Checks that changed", columns, steps.iter().zip(switched_off).map(row).collect())
}

/// Returns the author of a commit, by the name in the directory.
pub fn author(input: &Input, step: &Step) -> String {
    let mut people = input.of_kind("person").iter().map(|&number| input.record(number));
    let known =
        people.find(|person| step.author.iter().any(|name| !name.is_empty() && input.is_named(person, name)));
    known.map_or_else(|| step.author[1].clone(), |person| input.full_name(person))
}

/// Returns the lines of a text, without comments and indentation, that another one lacks.
fn lines_only_in<'t>(text: &'t str, other: &str) -> Vec<&'t str> {
    let says = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let others: HashSet<&str> = other.lines().map(str::trim).collect();
    text.lines().map(str::trim).filter(says).filter(|line| !others.contains(line)).collect()
}

fn lines(lines: &[&str]) -> String {
    match lines.len() {
        0..=SHOWN_LINES => lines.join(" · "),
        more => format!("{more} lines"),
    }
}
