//! Reads a line about something to do: who does it, by when, and whether it is done.

use std::ops::Range;

use super::date::{self, Order};
use super::words;

/// A value that a line states.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub range: Range<usize>,
    pub value: String,
    /// What the rest of the line leaves out; empty where the sentence stays whole.
    pub taken: Range<usize>,
}

impl Found {
    pub(super) fn kept(range: Range<usize>, value: String) -> Found {
        Found { taken: range.start..range.start, range, value }
    }

    pub(super) fn taken(line: &str, taken: Range<usize>, range: Range<usize>) -> Found {
        Found { value: line[range.clone()].to_owned(), range, taken }
    }
}

/// Returns where the words of a list begin that lead to what follows a text: `by` or `moved to on:`.
pub(super) fn lead_before(text: &str, list: &str) -> Option<usize> {
    let text = text.trim_end_matches([' ', ':']);
    let word = last_word(text);
    let text = match words::is_in("phrase-on", &word.to_lowercase()) {
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

pub(super) fn last_word(text: &str) -> &str {
    let start = text.trim_end_matches(char::is_alphabetic).len();
    &text[start..]
}

/// In bytes. A longer text is no name.
const LONGEST_NAME: usize = 60;

/// `@ada`, `@Ada Byron`, `Owner: Ada`.
pub(super) fn doer(line: &str) -> Option<Found> {
    line.match_indices('@').find_map(|(at, _)| mention(line, at)).or_else(|| {
        line.match_indices(':').find_map(|(colon, _)| {
            let word = last_word(&line[..colon]);
            let rest = &line[colon + 1..];
            let end = colon + 1 + rest.find([',', ';', '(', ')']).unwrap_or(rest.len());
            let value = trimmed(line, colon + 1..end);
            let is_label = words::is_in("phrase-who", &word.to_lowercase()) && !value.is_empty();
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

/// What a form takes of a line for a day; true for a weekday.
type Form<'f> = dyn Fn(&Range<usize>, bool) -> Option<Range<usize>> + 'f;

/// `due 2026-12-01`, `(by 6 November)`, `(2026-12-01)`, `– 6 Nov 2026`, `until Friday`, `📅 2026-12-01`.
pub(super) fn due(line: &str) -> Option<Found> {
    let days = date::find_all(line, Order::Unknown).into_iter().filter(|it| it.day().is_some());
    let mut days: Vec<(Range<usize>, bool)> = days.map(|day| (day.range, false)).collect();
    let is_new =
        |part: &Range<usize>| days.iter().all(|(day, _)| day.end <= part.start || part.end <= day.start);
    let partial: Vec<_> = date::find_partial(line).into_iter().filter(|(range, _)| is_new(range)).collect();
    days.extend(partial);
    days.sort_by_key(|(day, _)| day.start);
    let is_last = |day: &Range<usize>| line[day.end..].trim_matches([')', ']', '.', ' ']).is_empty();
    let before = |day: &Range<usize>| without_weekday(&line[..day.start]).len();
    let led = |day: &Range<usize>, is_weekday: bool| {
        let start =
            lead_before(&line[..before(day)], "phrase-due").filter(|_| !is_weekday || is_last(day))?;
        let open = usize::from(line[..start].ends_with('('));
        Some(start - open..day.end + usize::from(line[day.end..].starts_with(')')))
    };
    let in_brackets = |day: &Range<usize>, _| {
        let is_open = line[..before(day)].ends_with(['(', '[']);
        (is_open && line[day.end..].starts_with([')', ']'])).then(|| before(day) - 1..day.end + 1)
    };
    let at_end = |day: &Range<usize>, is_weekday: bool| {
        let text = line[..before(day)].trim_end();
        let signs = [",", ";", "–", "—", "→", "->", "=>", " -", "(", "["];
        let sign = signs.iter().find(|sign| text.ends_with(**sign)).filter(|_| !is_weekday)?;
        let is_between = [" –", " —", " -"].iter().any(|dash| line[day.end..].starts_with(dash));
        let end = if is_last(day) { line.len() } else { day.end };
        (is_last(day) || is_between).then_some(text.len() - sign.len()..end)
    };
    let marked = |day: &Range<usize>, _| {
        let text = line[..before(day)].trim_end();
        text.ends_with('📅').then(|| text.len() - '📅'.len_utf8()..day.end)
    };
    let found = |form: &Form<'_>| {
        let mut days = days.iter();
        days.find_map(|(day, is_weekday)| Some(Found::taken(line, form(day, *is_weekday)?, day.clone())))
    };
    found(&led).or_else(|| found(&in_brackets)).or_else(|| found(&at_end)).or_else(|| found(&marked))
}

/// Returns the text before a day without the weekday at its end.
fn without_weekday(text: &str) -> &str {
    let trimmed = text.trim_end_matches(['.', ',', ' ']);
    let word = last_word(trimmed);
    match words::is_in("weekdays", &word.to_lowercase()) {
        true => &trimmed[..trimmed.len() - word.len()],
        false => text,
    }
}

/// The box of a task that is ticked, `[done]` at the beginning, or `– done 2026-10-02` at the end.
pub(super) fn done(line: &str) -> Option<Found> {
    if line.starts_with("[x] ") || line.starts_with("[X] ") {
        return Some(Found::taken(line, 0..3, 1..2));
    }
    let in_brackets = line.strip_prefix('[').and_then(|rest| rest.split_once("] "));
    if let Some((word, _)) = in_brackets.filter(|(word, _)| words::is_in("phrase-task", &word.to_lowercase()))
    {
        return Some(Found::taken(line, 0..word.len() + 2, 1..1 + word.len()));
    }
    if let Some(last) = dashes(line).last() {
        let word = line[last.end..].trim_end_matches(['.', ' ']);
        if words::is_in("phrase-task", &word.to_lowercase()) {
            return Some(Found::taken(line, last.start..line.len(), last.end..last.end + word.len()));
        }
    }
    let lower = line.to_ascii_lowercase();
    let (start, word) = lower.rmatch_indices("done").next()?;
    let before = line[..start].trim_end();
    let signs = [" -", "–", "—", ",", ";", "("];
    let sign = signs.iter().find(|sign| before.ends_with(**sign))?;
    let end = start + word.len();
    let rest = &line[end..];
    let full = date::find(rest, Order::Unknown).map(|day| day.range);
    let day = full.or_else(|| date::find_partial(rest).into_iter().map(|(range, _)| range).next());
    let is_next = |day: &Range<usize>| matches!(rest[..day.start].trim_matches([',', ' ']), "" | "on");
    let rest = day.filter(is_next).map_or(rest, |day| &rest[day.end..]);
    let remark = rest.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let rest = remark.map_or(rest, |(_, rest)| rest);
    let is_end = rest.trim_matches([')', '.', ' ']).is_empty();
    is_end.then(|| Found::taken(line, before.len() - sign.len()..line.len(), start..end))
}

/// Returns who may be meant to do something, the most certain first: at the beginning of a text, in brackets, between dashes or at the end.
/// True for those places where a name is one by its form alone.
pub(super) fn doers(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut found = leads(text, 0);
    if let Some(behind) = behind_mark(text) {
        found.splice(0..0, leads(text, behind));
    }
    let end = text.trim_end_matches(['.', ' ']).len();
    if let Some(open) = text[..end].rfind(['(', '[']) {
        let inner = open + 1..end - usize::from(text[..end].ends_with([')', ']']));
        let first = text[inner.clone()].find([',', ';', '/']).map(|length| inner.start..inner.start + length);
        let is_last = !text[inner.clone()].contains([')', ']']);
        found.extend(first.filter(|_| is_last).map(|first| (first, false)));
        found.push((inner, is_last));
    }
    let cuts = dashes(text);
    let segments = cuts.iter().zip(cuts.iter().skip(1)).map(|(one, next)| one.end..next.start);
    found.extend(segments.map(|segment| (segment, false)));
    if let Some(first) = cuts.first() {
        found.push((0..first.start, true));
        let bracket = text[..first.start].trim_end().strip_suffix([')', ']']);
        found.extend(bracket.and_then(|it| Some((it.rfind(['(', '['])? + 1..it.len(), false))));
    }
    found.extend(cuts.last().map(|last| (last.end..end, true)));
    found.extend(text.rfind([',', ';']).map(|at| (at + 1..end, false)));
    let bold = text.find("**").and_then(|at| Some((at + 2, text[at + 2..].find("**")?)));
    found.extend(bold.map(|(start, length)| (start..start + length, false)));
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
    let is_mark = words::is_in("marks-of-actions", &inner[..word].to_lowercase());
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
    let is_named = |name: &Range<usize>| {
        value[name.clone()].split(' ').count() <= 2 && value[name.clone()].starts_with(char::is_uppercase)
    };
    let is_led = || names.iter().any(|(name, _)| is_named(name) && name.start == 0);
    let has_colon = || {
        names
            .first()
            .is_some_and(|(name, by_form)| *by_form && is_named(name) && value[name.end..].starts_with(':'))
    };
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
