//! Reads what a sentence says besides its subject: a change from one amount to another, the amount of today, a day, and what shows that it is done;
//! and the parts of a line about something to do.

use std::ops::Range;

use serde::Deserialize;

use super::date::{self, Order};
use super::identifier::is_year;
use super::words;
use crate::text::range_in;

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
            Phrase::Who => doers(text),
            Phrase::Metric => metrics(text).into_iter().map(|range| (range, false)).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the value that a line states in this way, with its place.
    pub fn find(self, line: &str) -> Option<Found> {
        match self {
            _ if line.len() > MAX_BYTES => None,
            Phrase::From | Phrase::To => {
                let list = if self == Phrase::From { "phrase-baseline" } else { "phrase-target" };
                let Some((from, to)) = change(line) else {
                    let mut amounts = amounts(line).into_iter().map(|it| it.range());
                    let amount = amounts.find(|it| lead_before(&line[..it.start], list).is_some());
                    return amount.map(|amount| Found::of(line, amount));
                };
                let found = if self == Phrase::From { &from } else { &to };
                // A unit may stand with the second amount only.
                let unit = if found.unit.is_empty() { &line[to.unit.clone()] } else { "" };
                Some(Found::kept(found.range(), format!("{}{unit}", &line[found.range()])))
            }
            Phrase::Now => present(line).map(|(amount, _)| Found::of(line, amount.range())),
            Phrase::NowOn => present(line)?.1,
            Phrase::By => day_behind(line, "phrase-by", |_| true),
            Phrase::Reached => {
                let is_apart = |before: &str| before.trim_end().ends_with(['(', ',', ';']);
                let is_ticked = line.starts_with("[x]") || line.starts_with("[X]");
                let due = || Phrase::By.find(line).filter(|_| is_ticked);
                day_behind(line, "phrase-reached", is_apart).or_else(due)
            }
            Phrase::DoneWhen => {
                let (leads, lower) = (words::entries("phrase-done-when"), line.to_ascii_lowercase());
                let start = leads.filter_map(|(lead, _)| Some(lower.find(lead)? + lead.len())).min()?;
                Found::part(line, line[start..].trim().trim_end_matches('.'))
            }
            Phrase::Metric => None,
            Phrase::Prefer | Phrase::Over => {
                let (first, second) = line.split_once(" even over ").or_else(|| line.split_once(" over "))?;
                let part = if self == Phrase::Prefer { first } else { second };
                Found::part(line, part.trim_matches(|c: char| c.is_whitespace() || "*_.".contains(c)))
            }
            Phrase::Who => doer(line),
            Phrase::Due => due(line),
            Phrase::Done => done(line),
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
        let is_led = || lead_before(&line[..from.number.start], "phrase-from").is_some();
        let is_year = |it: &Amount| is_year(&line[it.range()]);
        // `open from 9 to 17 on each day` states no change.
        let is_bare = from.unit.is_empty() && to.unit.is_empty();
        let behind = line[to.unit.end..].trim_start();
        let next = &behind[..behind.find(|c: char| !c.is_alphabetic()).unwrap_or(behind.len())];
        let is_end =
            next.is_empty() || ["phrase-in", "phrase-by"].iter().any(|list| words::is_in(list, next));
        let is_to = words::is_in("phrase-to", between);
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
        let is_next = matches!(between, "," | "") || words::is_in("phrase-on", between);
        Some(Found::kept(day.range.clone(), day.day()?.to_string())).filter(|_| is_next)
    };
    let mut later = amounts(line).into_iter().filter(|it| it.number.start >= start);
    later.find_map(|amount| {
        let is_led = lead_before(&line[..amount.number.start], "phrase-now").is_some();
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
        if words::is_in(list, word) {
            start = text.len() - rest.trim_start().len();
        }
    }
    let is_before = |at: usize, list: &str| {
        let next = text[at + 1..].split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        words::is_in(list, next)
    };
    let mut starts_of_words = text[start..].match_indices(' ').map(|(at, _)| start + at);
    let word = starts_of_words.find(|at| *at > start && is_before(*at, "phrase-of-amounts"));
    let word = word.unwrap_or(text.len());
    let sign = text[start..].find([':', ',', ';', '=', '<', '>', '≥', '≤', '→', '–', '—']);
    let end = word.min(sign.map_or(text.len(), |at| start + at));
    let bracket = text[start..end].find('(').map(|at| start + at);
    if bracket.is_none_or(|at| is_before(at, "phrase-now")) {
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
        let mut begin = start - sign.map_or(0, char::len_utf8);
        let minus = line[..begin].chars().next_back().filter(|c| matches!(c, '-' | '−'));
        let before = minus.map(|minus| begin - minus.len_utf8());
        // `-4 %` behind a blank is negative; `2-4` is a range.
        if let Some(at) = before.filter(|at| *at == 0 || line[..*at].ends_with([' ', '('])) {
            begin = at;
        }
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
    let is_unit = gap <= 1 && words::is_in("units", &rest[..letters]);
    if letters > 0 && is_unit { gap + letters } else { 0 }
}

/// A value that a line states.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub range: Range<usize>,
    pub value: String,
    /// What the rest of the line leaves out; empty where the sentence stays whole.
    pub taken: Range<usize>,
}

impl Found {
    fn kept(range: Range<usize>, value: String) -> Found {
        Found { taken: range.start..range.start, range, value }
    }

    fn of(line: &str, range: Range<usize>) -> Found {
        Found::kept(range.clone(), line[range].to_owned())
    }

    fn part(line: &str, part: &str) -> Option<Found> {
        (!part.is_empty()).then(|| Found::of(line, range_in(line, part)))
    }

    fn taken(line: &str, taken: Range<usize>, range: Range<usize>) -> Found {
        Found { value: line[range.clone()].to_owned(), range, taken }
    }
}

/// Returns where the words of a list begin that lead to what follows a text: `by` or `moved to on:`.
fn lead_before(text: &str, list: &str) -> Option<usize> {
    let text = text.trim_end_matches([' ', ':']);
    let word = last_word(text);
    let text = match words::is_in("phrase-on", word) {
        true => text[..text.len() - word.len()].trim_end(),
        false => text,
    };
    let starts = words::entries(list).filter_map(|(lead, _)| {
        let start = text.len().checked_sub(lead.len())?;
        let is_here = text.get(start..)?.eq_ignore_ascii_case(lead);
        (is_here && !text[..start].ends_with(char::is_alphanumeric)).then_some(start)
    });
    starts.min()
}

fn last_word(text: &str) -> &str {
    let start = text.trim_end_matches(char::is_alphabetic).len();
    &text[start..]
}

/// `@ada`, `@Ada Byron`, `Owner: Ada`.
fn doer(line: &str) -> Option<Found> {
    line.match_indices('@').find_map(|(at, _)| mention(line, at)).or_else(|| {
        line.match_indices(':').find_map(|(colon, _)| {
            let word = last_word(&line[..colon]);
            let rest = &line[colon + 1..];
            let end = colon + 1 + rest.find([',', ';', '(', ')']).unwrap_or(rest.len());
            let value = trimmed(line, colon + 1..end);
            let is_label = words::is_in("phrase-who", word) && !value.is_empty();
            is_label.then(|| Found::taken(line, colon - word.len()..end, value))
        })
    })
}

/// Reads the name behind `@`, which is not the sign of an address. A name of several words is one name.
fn mention(line: &str, at: usize) -> Option<Found> {
    let is_of_word = |c: char| c.is_alphanumeric() || c == '_';
    if line[..at].ends_with(|c: char| is_of_word(c) || matches!(c, '.' | '+' | '-')) {
        return None;
    }
    let rest = &line[at + 1..];
    let end = rest.find(|c: char| !is_of_word(c) && !matches!(c, '.' | '/' | '-')).unwrap_or(rest.len());
    let handle = rest[..end].trim_end_matches('.');
    if !handle.starts_with(is_of_word) {
        return None;
    }
    let surname = rest[handle.len()..].strip_prefix(' ').filter(|_| is_capitalised(handle));
    let surname = surname.map(|rest| &rest[..rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len())]);
    let start = at + 1;
    if let Some(surname) = surname.filter(|name| is_capitalised(name)) {
        let range = start..start + handle.len() + 1 + surname.len();
        let behind = line[range.end..].trim_start();
        let next = behind.split(' ').next().unwrap_or_default();
        let is_end = behind.is_empty()
            || line[range.end..].starts_with([',', ';', ':', '.', '(', ')', '–', '—'])
            || words::is_in("phrase-due", next)
            || words::is_in("phrase-on", next);
        if is_end {
            return Some(Found::taken(line, at..range.end, range));
        }
    }
    let range = at..start + handle.len();
    Some(Found::taken(line, range.clone(), range))
}

fn is_of_name(c: char) -> bool {
    c.is_lowercase() || c.is_uppercase() || matches!(c, '’' | '\'' | '-' | '.')
}

/// Returns true for `Ada` and `Jens-Peter`, and not for `ADA`.
fn is_capitalised(word: &str) -> bool {
    word.chars().nth(1).is_some_and(char::is_lowercase)
        && word.starts_with(char::is_uppercase)
        && word.chars().all(is_of_name)
}

/// `due 2026-12-01`, `(by 6 November)`, `(2026-12-01)`, `– 6 Nov 2026`, `until Friday`, `📅 2026-12-01`.
fn due(line: &str) -> Option<Found> {
    const SIGNS: [&str; 11] = ["(", "[", ",", ";", "–", "—", "→", "->", "=>", " -", "📅"];
    let days = date::find_loose(line);
    let is_last = |day: &Range<usize>| line[day.end..].trim_matches([')', ']', '.', ' ']).is_empty();
    let led = |(day, is_weekday): &(Range<usize>, bool)| {
        let start = lead_before(without_weekday(&line[..day.start]), "phrase-due")?;
        let open = usize::from(line[..start].ends_with('('));
        let taken = start - open..day.end + usize::from(line[day.end..].starts_with(')'));
        (!is_weekday || is_last(day)).then(|| Found::taken(line, taken, day.clone()))
    };
    let behind_sign = |(day, is_weekday): &(Range<usize>, bool)| {
        let text = without_weekday(&line[..day.start]).trim_end();
        let sign = SIGNS.iter().find(|sign| text.ends_with(**sign))?;
        let rest = &line[day.end..];
        let end = match *sign {
            "📅" => day.end,
            "(" | "[" if rest.starts_with([')', ']']) => day.end + 1,
            _ if *is_weekday => return None,
            _ if is_last(day) => line.len(),
            _ if [" –", " —", " -"].iter().any(|dash| rest.starts_with(dash)) => day.end,
            _ => return None,
        };
        Some(Found::taken(line, text.len() - sign.len()..end, day.clone()))
    };
    days.iter().find_map(led).or_else(|| days.iter().find_map(behind_sign))
}

/// Returns the text before a day without the weekday at its end.
fn without_weekday(text: &str) -> &str {
    let trimmed = text.trim_end_matches(['.', ',', ' ']);
    let word = last_word(trimmed);
    if date::is_weekday(word) { &trimmed[..trimmed.len() - word.len()] } else { text }
}

/// The box of a task that is ticked, `[done]` at the beginning, or `– done 2026-10-02` at the end.
fn done(line: &str) -> Option<Found> {
    const SIGNS: [&str; 6] = [" -", "–", "—", ",", ";", "("];
    if line.starts_with("[x] ") || line.starts_with("[X] ") {
        return Some(Found::taken(line, 0..3, 1..2));
    }
    let is_task = |word: &str| words::is_in("phrase-task", word);
    if let Some((word, _)) = line.strip_prefix('[').and_then(|rest| rest.split_once("] "))
        && is_task(word)
    {
        return Some(Found::taken(line, 0..word.len() + 2, 1..1 + word.len()));
    }
    if let Some(last) = dashes(line).last() {
        let word = line[last.end..].trim_end_matches(['.', ' ']);
        if is_task(word) {
            return Some(Found::taken(line, last.start..line.len(), last.end..last.end + word.len()));
        }
    }
    let start = line.to_ascii_lowercase().rfind("done")?;
    let before = line[..start].trim_end();
    let sign = SIGNS.iter().chain(&["."]).find(|sign| before.ends_with(**sign))?;
    let end = start + "done".len();
    // A day and a remark in brackets may follow.
    let rest = &line[end..];
    let day = date::find_loose(rest).into_iter().next().map(|(day, _)| day);
    let is_next = |day: &Range<usize>| matches!(rest[..day.start].trim_matches([',', ' ']), "" | "on");
    let rest = day.filter(is_next).map_or(rest, |day| &rest[day.end..]);
    let remark = rest.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let is_end = remark.map_or(rest, |(_, rest)| rest).trim_matches([')', '.', ' ']).is_empty();
    is_end.then(|| Found::taken(line, before.len() - sign.len()..line.len(), start..end))
}

/// Returns who may be meant to do something, the most certain first: at the beginning of a text, in brackets, between dashes or at the end.
/// True for those places where a name is one by its form alone.
fn doers(text: &str) -> Vec<(Range<usize>, bool)> {
    // In bytes. A longer text is no name.
    const LONGEST_NAME: usize = 60;
    const MOST_BRACKETS: usize = 4;
    let end = text.trim_end_matches(['.', ' ']).len();
    let mut found = leads(text, behind_mark(text).unwrap_or(0));
    for (open, _) in text[..end].rmatch_indices(['(', '[']).take(MOST_BRACKETS) {
        let start = open + 1;
        let inner = start..text[start..end].find([')', ']']).map_or(end, |length| start + length);
        let first = text[inner.clone()].find([',', ';', '/']);
        found.extend(first.map(|length| (start..start + length, false)));
        let is_last = inner.end + 1 >= end;
        found.push((inner, is_last));
    }
    let cuts = dashes(text);
    if !cuts.is_empty() {
        let starts = std::iter::once(0).chain(cuts.iter().map(|cut| cut.end));
        let ends = cuts.iter().map(|cut| cut.start).chain([end]);
        let segments = starts.zip(ends).enumerate();
        let mut segments: Vec<_> =
            segments.map(|(at, (start, end))| (start..end, at == 0 || at == cuts.len())).collect();
        segments.sort_by_key(|(_, is_outer)| *is_outer);
        found.extend(segments);
    }
    found.extend(text.rfind([',', ';']).map(|at| (at + 1..end, false)));
    // `Buy for all. Ada Byron, from May`
    found.extend(text[..end].rmatch_indices(". ").next().map(|(at, stop)| {
        let start = at + stop.len();
        (start..start + text[start..end].find([',', ';']).unwrap_or(end - start), false)
    }));
    let name = |(range, by_form)| (trimmed(text, range), by_form);
    let is_short = |(range, _): &(Range<usize>, bool)| {
        let name = &text[range.clone()];
        !name.is_empty() && name.len() <= LONGEST_NAME && !name.contains(['(', '[', '*', ':'])
    };
    let found: Vec<_> = found.into_iter().map(name).filter(is_short).collect();
    let by_form = found.iter().filter(|(_, by_form)| *by_form).cloned();
    found.iter().map(|(range, _)| (range.clone(), false)).chain(by_form).collect()
}

/// Returns the names with which a text may begin: `Ada: …`, `**Ada** …`, `Ada to …`, `Ada writes …`.
fn leads(text: &str, from: usize) -> Vec<(Range<usize>, bool)> {
    let rest = &text[from..];
    let start = from + rest.len() - rest.trim_start_matches(['*', '_', '[', '(', ' ']).len();
    let rest = &text[start..];
    let mut found = Vec::new();
    let end = rest.find([':', '*', '_', ']', ')']).unwrap_or(rest.len());
    let behind = rest[end..].trim_start_matches(['*', '_', ']', ')', ':']);
    if end < rest.len() && behind.starts_with(char::is_whitespace) {
        found.push((start..start + end, rest[end..rest.len() - behind.len()].contains(':')));
    }
    for verb in ["to", "will", "must", "should"] {
        let at = rest.find(&format!(" {verb} ")).filter(|at| !rest[..*at].contains(':'));
        found.extend(at.map(|at| (start..start + at, true)));
    }
    let words: Vec<&str> = rest.split(' ').take(3).collect();
    let names = words.iter().take(2).take_while(|word| word.starts_with(char::is_uppercase)).count();
    let is_verb = |word: &str| {
        let letters = word.trim_end_matches([',', ':', '.']);
        letters.len() > 2 && letters.chars().all(char::is_lowercase) && letters.ends_with(['s', 't'])
    };
    if names > 0 && words.get(names).is_some_and(|word| is_verb(word)) {
        found.push((start..start + words[..names].join(" ").len(), false));
    }
    found
}

/// Returns where the text begins behind a word such as `ACTION` and what joins it to a name.
fn behind_mark(text: &str) -> Option<usize> {
    let inner = text.trim_start_matches(['*', '_']);
    let word = inner.find(|c: char| !c.is_alphabetic() && c != '-').unwrap_or(inner.len());
    let is_mark = words::is_in("marks-of-actions", &inner[..word]);
    let behind = inner[word..].trim_start_matches(['*', '_', ' ', ':']);
    let is_apart = behind.len() < inner.len() - word || behind.starts_with(['(', '[']);
    (is_mark && is_apart).then(|| text.len() - behind.len())
}

/// Returns the dashes and arrows between blanks, with these.
fn dashes(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = [" - ", " – ", " — ", " → ", " -> ", " => "]
        .iter()
        .flat_map(|sign| text.match_indices(sign))
        .map(|(at, sign)| at..at + sign.len())
        .collect();
    found.sort_by_key(|cut| cut.start);
    found
}

/// Returns what a line marks as an item: behind one of these words and a colon, as in `- DECISION: we stop the pilot`, and of tasks behind a
/// box. A mark of two letters, or one without a colon, needs the name of a person behind it.
pub fn marked(line: &str, marks: &[Box<str>], are_tasks: bool) -> Option<Range<usize>> {
    const LEAST_WORDS: usize = 3;
    let line = line.trim_end();
    let text = line.trim_start();
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let item = ["- ", "* ", "+ "].iter().find_map(|mark| text.strip_prefix(mark));
    let numbered = || number.strip_prefix(['.', ')']).filter(|_| number.len() < text.len());
    let inner = item.or_else(numbered).unwrap_or(text).trim_start();
    let task = ["[ ] ", "[x] ", "[X] "].iter().find_map(|mark| inner.strip_prefix(mark));
    let task =
        task.filter(|task| are_tasks && item.is_some() && task.split_whitespace().count() >= LEAST_WORDS);
    if let Some(task) = task {
        return Some(line.len() - task.trim_start().len()..line.len());
    }
    let inner = inner.trim_start_matches(['*', '_']);
    let is_mark = |mark: &&str| inner.get(..mark.len()).is_some_and(|it| it.eq_ignore_ascii_case(mark));
    let mark = &inner[..marks.iter().map(|mark| &**mark).filter(is_mark).map(str::len).max()?];
    let rest = inner[mark.len()..].trim_start_matches(['*', '_']);
    let is_short = mark.len() <= 2;
    let colon = rest.trim_start().strip_prefix(':').map(|rest| rest.trim_start_matches(['*', '_']));
    let value = match colon {
        Some(value) if value.starts_with(char::is_whitespace) => value.trim_start(),
        None if rest.starts_with(' ') && are_tasks => rest.trim_start(),
        _ => return None,
    };
    let is_capital = mark.starts_with(char::is_uppercase) && !(is_short && mark != mark.to_uppercase());
    let names = leads(value, 0);
    let is_named = |(name, _): &&(Range<usize>, bool)| {
        value[name.clone()].split(' ').count() <= 2 && value[name.clone()].starts_with(char::is_uppercase)
    };
    let is_led = || names.iter().filter(is_named).any(|(name, _)| name.start == 0);
    let is_before_colon =
        |(name, by_form): &(Range<usize>, bool)| *by_form && value[name.end..].starts_with(':');
    let has_colon = || names.first().filter(is_named).is_some_and(is_before_colon);
    let is_item = match (colon.is_some(), is_short) {
        (true, false) => !value.is_empty(),
        (true, true) => is_capital && (value.starts_with('@') || is_led()),
        (false, _) => (is_capital || mark.to_lowercase().starts_with("to")) && has_colon(),
    };
    is_item.then(|| line.len() - value.len()..line.len())
}

/// Returns a range without blanks and marks of bold text around it; an empty one where two dashes share a blank.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let is_mark = |c: char| c.is_whitespace() || matches!(c, '*' | '_');
    let written = text.get(range.clone()).unwrap_or_default();
    let start = range.start + written.len() - written.trim_start_matches(is_mark).len();
    start..start + written.trim_matches(is_mark).len()
}
