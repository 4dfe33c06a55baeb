//! Reads what a sentence says besides its subject: a change from one amount to another, the amount of today, a day, and what shows that it is done;
//! and the parts of a line about something to do.

use std::ops::Range;

use serde::Deserialize;

use super::action::{self, Found, last_word, lead_before};
use super::date::{self, Order};
use super::words;

/// What a part of a sentence says. The words that lead to it are lists of `schemas/words.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phrase {
    /// The first amount of `from 4 % to 3 %` or `4 % -> 3 %`.
    From,
    /// The second one.
    To,
    /// The amount of `(now 3.5 %)`, `3.5 % on 2026-11-13`.
    Now,
    /// The day on which the amount was read.
    NowOn,
    /// The day of `by 2026-12-04`.
    By,
    /// The day of `(reached 2026-12-02)`; of a task that is ticked, the one by which it was due.
    Reached,
    /// The words of `done when both have signed`.
    DoneWhen,
    /// The metric with which a key result begins, or in brackets: `Raise active shops from 398 to 440`. It counts only if it is a record.
    Metric,
    /// What is preferred in `customers over revenue`, `customers even over revenue`.
    Prefer,
    /// What gives way there.
    Over,
    /// Who does something: `@ada`, `Owner: Ada`; and, if they are known, in other places: `Ada: call them`, `call them (Ada)`.
    Who,
    /// The day by which it is to be done: `due 2026-12-01`, `(by 6 November)`, `– Friday`.
    Due,
    /// Whether it is done: a ticked box, `– done`.
    Done,
    /// The day of `Ada Byron, left on 2026-05-31`.
    Left,
}

/// A longer text is no line about one thing.
const MAX_BYTES: usize = 4_096;

impl Phrase {
    /// Returns true if a line without what states it is the text of the item.
    pub fn is_taken_out(self) -> bool {
        matches!(self, Phrase::Who | Phrase::Due | Phrase::Done)
    }

    /// Returns what may name a record in a text, the most certain first; true for what is a name by its form alone.
    pub fn names(self, text: &str) -> Vec<(Range<usize>, bool)> {
        match self {
            _ if text.len() > MAX_BYTES => Vec::new(),
            Phrase::Who => action::doers(text),
            Phrase::Metric => metrics(text).into_iter().map(|range| (range, false)).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the value that a line states in this way, with its place.
    pub fn find(self, line: &str) -> Option<Found> {
        match self {
            _ if line.len() > MAX_BYTES => None,
            Phrase::From | Phrase::To => {
                let labelled = |list| {
                    let found = amounts(line)
                        .into_iter()
                        .find(|it| lead_before(&line[..it.number.start], list).is_some())?;
                    Some(Found::kept(found.range(), line[found.range()].to_owned()))
                };
                let list = if self == Phrase::From { "phrase-baseline" } else { "phrase-target" };
                let Some((from, to)) = change(line) else { return labelled(list) };
                let found = if self == Phrase::From { &from } else { &to };
                // A unit may stand with the second amount only.
                let unit = if found.unit.is_empty() { &line[to.unit.clone()] } else { "" };
                Some(Found::kept(found.range(), format!("{}{unit}", &line[found.range()])))
            }
            Phrase::Now => {
                present(line).map(|(amount, _)| Found::kept(amount.range(), line[amount.range()].to_owned()))
            }
            Phrase::NowOn => present(line)?.1,
            Phrase::By => day_behind(line, "phrase-by", |_| true),
            Phrase::Reached => {
                let is_apart = |before: &str| before.trim_end().ends_with(['(', ',', ';']);
                let is_ticked = line.starts_with("[x]") || line.starts_with("[X]");
                let due = || Phrase::By.find(line).filter(|_| is_ticked);
                day_behind(line, "phrase-reached", is_apart).or_else(due)
            }
            Phrase::DoneWhen => {
                let leads = words::entries("phrase-done-when");
                let start = leads.filter_map(|(lead, _)| Some(find_words(line, lead)? + lead.len())).min()?;
                let text = line[start..].trim().trim_end_matches('.');
                let start = text.as_ptr() as usize - line.as_ptr() as usize;
                (!text.is_empty()).then(|| Found::kept(start..start + text.len(), text.to_owned()))
            }
            Phrase::Metric => None,
            Phrase::Prefer | Phrase::Over => {
                let (first, second) = line.split_once(" even over ").or_else(|| line.split_once(" over "))?;
                let part = if self == Phrase::Prefer { first } else { second };
                let text = part.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '.'));
                let start = text.as_ptr() as usize - line.as_ptr() as usize;
                (!text.is_empty()).then(|| Found::kept(start..start + text.len(), text.to_owned()))
            }
            Phrase::Who => action::doer(line),
            Phrase::Due => action::due(line),
            Phrase::Done => action::done(line),
            Phrase::Left => day_behind(line, "phrase-left", |_| true),
        }
    }
}

/// A number in a line, with its unit.
#[derive(Clone)]
struct Amount {
    number: Range<usize>,
    /// With the blank before it; empty without a unit.
    unit: Range<usize>,
}

impl Amount {
    fn range(&self) -> Range<usize> {
        self.number.start..self.unit.end
    }
}

/// Returns the amounts of a change: `from A to B`, `A -> B`. Two years are a time.
fn change(line: &str) -> Option<(Amount, Amount)> {
    let all = amounts(line);
    let is_change = |pair: &&[Amount]| {
        let (from, to) = (&pair[0], &pair[1]);
        let between = line[from.unit.end..to.number.start].trim();
        let is_led = || ends_with_word(&line[..from.number.start], "phrase-from");
        let is_year = |it: &Amount| {
            let text = &line[it.range()];
            text.len() == 4 && (text.starts_with("19") || text.starts_with("20"))
        };
        // `open from 9 to 17 on each day` states no change.
        let is_bare = from.unit.is_empty() && to.unit.is_empty();
        let behind = line[to.unit.end..].trim_start();
        let next = &behind[..behind.find(|c: char| !c.is_alphabetic()).unwrap_or(behind.len())];
        let is_end = next.is_empty() || next == "in" || words::is_in("phrase-by", &next.to_lowercase());
        let is_to = words::is_in("phrase-to", &between.to_lowercase());
        let is_written = matches!(between, "->" | "→" | "=>") || is_to && is_led() && (!is_bare || is_end);
        is_written && !(is_year(from) && is_year(to))
    };
    let pair = all.windows(2).find(is_change)?;
    Some((pair[0].clone(), pair[1].clone()))
}

/// Returns the amount of today, and its day.
fn present(line: &str) -> Option<(Amount, Option<Found>)> {
    let start = change(line).map_or(0, |(_, to)| to.unit.end);
    let days = date::find_all(line, Order::Unknown);
    let day_of = |amount: &Amount| {
        let day = days.iter().find(|day| day.range.start >= amount.unit.end)?;
        let between = line[amount.unit.end..day.range.start].trim();
        let is_next = matches!(between, "," | "") || words::is_in("phrase-on", &between.to_lowercase());
        Some(Found::kept(day.range.clone(), day.day()?.to_string())).filter(|_| is_next)
    };
    let mut later = amounts(line).into_iter().filter(|it| it.number.start >= start);
    later.find_map(|amount| {
        let is_led = ends_with_word(line[..amount.number.start].trim_end_matches([' ', ':']), "phrase-now");
        let day = day_of(&amount);
        (is_led || start > 0 && day.is_some()).then_some((amount, day))
    })
}

/// Returns the first day behind a word of a list.
fn day_behind(line: &str, list: &str, is_meant: impl Fn(&str) -> bool) -> Option<Found> {
    date::find_all(line, Order::Unknown).into_iter().find_map(|day| {
        let lead = lead_before(&line[..day.range.start], list)?;
        Some(Found::kept(day.range.clone(), day.day()?.to_string())).filter(|_| is_meant(&line[..lead]))
    })
}

/// Returns the metric in brackets, and the one with which a text begins behind a verb.
fn metrics(text: &str) -> Vec<Range<usize>> {
    let code = |(at, _): (usize, &str)| {
        let start = at + 1 + usize::from(text[at + 1..].starts_with('`'));
        let end = start + text[start..].find(|c: char| !c.is_ascii_alphanumeric() && !"_-".contains(c))?;
        (end > start && text[end..].trim_start_matches('`').starts_with(')')).then_some(start..end)
    };
    let mut found: Vec<Range<usize>> = text.match_indices('(').find_map(code).into_iter().collect();
    let mut start = 0;
    for list in ["phrase-change", "phrase-articles"] {
        let (word, rest) = text[start..].split_once(' ').unwrap_or_default();
        if words::is_in(list, &word.to_lowercase()) {
            start = text.len() - rest.trim_start().len();
        }
    }
    let starts_of_words = text[start..].match_indices(' ').map(|(at, _)| start + at);
    let is_end = |at: &usize| {
        let next = text[at + 1..].split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        words::is_in("phrase-of-amounts", &next.to_lowercase())
    };
    let word = starts_of_words.filter(|at| *at > start).find(is_end).unwrap_or(text.len());
    let sign = text[start..].find([':', ',', ';', '=', '<', '>', '≥', '≤', '→', '–', '—']);
    let end = word.min(sign.map_or(text.len(), |at| start + at));
    let bracket = text[start..end].find('(').map(|at| start + at);
    let is_now = |at: usize| {
        let next = text[at + 1..].split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        words::is_in("phrase-now", &next.to_lowercase())
    };
    if bracket.is_none_or(is_now) {
        let name = text[start..bracket.unwrap_or(end)].trim_end();
        found.extend((!name.is_empty()).then(|| start..start + name.len()));
    }
    found
}

/// Returns the numbers of a line that are no part of a word, a day or a version.
fn amounts(line: &str) -> Vec<Amount> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = line[at..].find(|c: char| c.is_ascii_digit()).map(|start| at + start) {
        let length = line[start..]
            .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','))
            .unwrap_or(line.len() - start);
        let end = start + line[start..start + length].trim_end_matches(['.', ',']).len();
        let sign = line[..start].chars().next_back().filter(|c| matches!(c, '$' | '€' | '£'));
        let begin = start - sign.map_or(0, char::len_utf8);
        let is_joined = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | ':' | '_' | '#');
        let is_apart = !line[..begin].ends_with(is_joined) && !line[end..].starts_with(['-', '/', ':', '_']);
        let unit = end..end + unit_length(&line[end..]);
        let is_word = line[unit.end..].starts_with(char::is_alphanumeric);
        if is_apart && !is_word {
            found.push(Amount { number: begin..end, unit });
        }
        at = start + length;
    }
    found
}

/// Returns the length of the unit with which a text begins: `%`, ` days`, `k`.
fn unit_length(text: &str) -> usize {
    let gap = text.len() - text.trim_start_matches(' ').len();
    let rest = &text[gap..];
    if rest.starts_with('%') {
        return gap + 1;
    }
    let letters = rest.len() - rest.trim_start_matches(char::is_alphabetic).len();
    let is_unit = gap <= 1 && words::is_in("units", &rest[..letters].to_lowercase());
    if letters > 0 && is_unit { gap + letters } else { 0 }
}

fn ends_with_word(text: &str, list: &str) -> bool {
    words::is_in(list, &last_word(text.trim_end()).to_lowercase())
}

/// Returns where words stand in a text, in any case.
fn find_words(text: &str, words: &str) -> Option<usize> {
    let is_apart = |at: usize| !text[..at].ends_with(char::is_alphanumeric);
    let is_here = |at: &usize| {
        is_apart(*at) && text.get(*at..*at + words.len()).is_some_and(|it| it.eq_ignore_ascii_case(words))
    };
    text.char_indices().map(|(at, _)| at).find(is_here)
}
