//! Reads a status and what is said beside it: the day and the successor.

use std::ops::Range;

use ahash::{HashMap, HashMapExt};
use jiff::civil::Date;

use super::date::{self, Order, Precision};
use super::placeholder::{is_placeholder, names_nothing};
use super::reference::{self, Reference, Target};
use super::token::{Kind, Token, fold, list_parts, phrase, tokens};
use super::words;

/// The words of a format for the values of a status.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// By the folded word.
    values: HashMap<Box<str>, Box<str>>,
    /// The most words of a phrase.
    longest: usize,
}

/// A status and what is said beside it, with the places in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status<'t> {
    pub written: &'t str,
    pub range: Range<usize>,
    /// What the word means; none for an unknown word.
    pub value: Option<Box<str>>,
    pub date: Option<(Date, Range<usize>)>,
    /// The last day of the status: `until 2026-10-31`.
    pub end: Option<(Date, Range<usize>)>,
    /// The day by which to decide.
    pub decision_due: Option<(Date, Range<usize>)>,
    pub successor: Option<Range<usize>>,
    /// What the record supersedes, for each line that says so.
    pub predecessors: Vec<Range<usize>>,
    /// True if only a part was superseded.
    pub in_part: bool,
}

/// What a text says about a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading<'t> {
    Stated(Status<'t>),
    /// Text of a template: `proposed | accepted | superseded`.
    Placeholder,
    Nothing,
}

impl Vocabulary {
    /// Collects words and their values; the first of equal words counts.
    pub fn new<'w>(words: impl IntoIterator<Item = (&'w str, &'w str)>) -> Vocabulary {
        let mut vocabulary = Vocabulary { values: HashMap::new(), longest: 1 };
        for (word, value) in words {
            vocabulary.add(word, value);
        }
        vocabulary
    }

    /// Adds the words of a list, with values that the vocabulary has.
    pub fn with_list(mut self, list: &str) -> Vocabulary {
        let values: Vec<Box<str>> = self.values.values().cloned().collect();
        let known = |value: &str| values.iter().any(|other| **other == *value);
        for (word, value) in words::entries(list).filter(|(_, value)| known(value)) {
            self.add(word, value);
        }
        self
    }

    fn add(&mut self, word: &str, value: &str) {
        let words: Vec<Token<'_>> = tokens(word).into_iter().filter(Token::is_word).collect();
        let folded = if words.is_empty() { fold(word) } else { phrase(&words) };
        self.longest = self.longest.max(folded.split(' ').count());
        self.values.entry(folded.into()).or_insert_with(|| value.into());
    }

    /// Returns the value of a word, whatever its case.
    pub fn value_of(&self, word: &str) -> Option<&str> {
        self.values.get(&*fold(word)).map(|value| &**value)
    }

    /// Returns the words in no order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(|word| &**word)
    }

    /// Returns how many of the tokens are the longest phrase at their beginning, and its value.
    fn longest_at(&self, tokens: &[Token<'_>]) -> Option<(usize, &str)> {
        let count = tokens.iter().take_while(|token| token.is_word()).take(self.longest).count();
        let longest =
            (1..=count).rev().find_map(|count| Some((count, self.values.get(&*phrase(&tokens[..count]))?)));
        longest.map(|(count, value)| (count, &**value))
    }
}

/// Reads the status at the beginning of a text: a header line, a cell or a section.
pub fn read<'t>(text: &'t str, vocabulary: &Vocabulary, order: Order) -> Reading<'t> {
    // Of a longer text, the beginning is read.
    const MAX_BYTES: usize = 4_096;
    let text = &text[..text.floor_char_boundary(MAX_BYTES.min(text.len()))];
    if text.trim().is_empty() {
        return Reading::Nothing;
    }
    if is_placeholder(text) && vocabulary.value_of(text.trim()).is_none() {
        return Reading::Placeholder;
    }
    let (reader, tokens) = (Reader { text, vocabulary, order }, unwrapped(&tokens(text)));
    let is_known = || (0..tokens.len()).any(|at| vocabulary.longest_at(&tokens[at..]).is_some());
    if names_nothing(text) && !is_known() {
        return Reading::Placeholder;
    }
    reader.stated(&tokens).map_or(Reading::Placeholder, |tokens| reader.read_from(tokens))
}

/// Leaves out the ends of lines within a sentence: before a word in lower case that is no label.
fn unwrapped<'t>(tokens: &[Token<'t>]) -> Vec<Token<'t>> {
    let is_wrap = |at: usize| {
        let [last, end, next, ..] = tokens.get(at.wrapping_sub(1)..).unwrap_or_default() else {
            return false;
        };
        let is_label = tokens.get(at + 2).is_some_and(|token| token.is_mark(&[':', '：', '=']));
        let is_words = last.is_mark(&[')']) || last.is_word() && last.text.contains(char::is_alphabetic);
        end.kind == Kind::LineEnd
            && is_words
            && next.is_word()
            && next.text.starts_with(char::is_lowercase)
            && !is_label
    };
    (0..tokens.len()).filter(|at| !is_wrap(*at)).map(|at| tokens[at]).collect()
}

struct Reader<'t, 'v> {
    text: &'t str,
    vocabulary: &'v Vocabulary,
    order: Order,
}

impl<'t> Reader<'t, '_> {
    /// Returns the tokens from the stated status on: what is ticked, the last of a history, or the first line. `None` if none is chosen.
    fn stated<'a>(&self, tokens: &'a [Token<'t>]) -> Option<&'a [Token<'t>]> {
        let is_box = |token: &Token<'_>| matches!(token.kind, Kind::Box(_));
        let is_known = |line: &[Token<'t>]| {
            let word = line.iter().position(Token::is_word);
            word.is_some_and(|at| self.vocabulary.longest_at(&line[at..]).is_some())
        };
        if let Some(first) = tokens.iter().position(is_box) {
            let (above, ticked) = (&tokens[..first], tokens.iter().position(|it| it.kind == Kind::Box(true)));
            return match ticked {
                // Below a status is a list of what is to be done.
                Some(at) if !is_known(above) => tokens[at + 1..].split(is_box).next(),
                None if !above.iter().any(Token::is_word) => None,
                _ => Some(above),
            };
        }
        let lines = tokens.split(|token| token.kind == Kind::LineEnd);
        let Some(line) = lines.clone().find(|line| line.iter().any(Token::is_word)) else {
            return Some(tokens);
        };
        let from = |token: &Token<'_>| &tokens[tokens.partition_point(|it| it.start < token.start)..];
        if let Some(latest) = self.latest_of_history(lines).filter(|_| !is_known(line)) {
            return Some(from(latest));
        }
        match self.chosen_word(line) {
            Some(chosen) => chosen.map(from),
            // From one status to the next: `Draft -> Accepted`.
            None => Some(match line.iter().rfind(|token| token.kind == Kind::Arrow) {
                Some(arrow) => &from(arrow)[1..],
                None => from(&line[0]),
            }),
        }
    }

    /// Returns the word on the line with the latest day, where lines begin with a day and a known word.
    fn latest_of_history<'a>(&self, lines: impl Iterator<Item = &'a [Token<'t>]>) -> Option<&'a Token<'t>> {
        let dated = lines.filter_map(|line| {
            let line = &line[line.iter().position(Token::is_word)?..];
            let (start, end) = (line[0].start, line.last()?.end());
            let stated = date::read(&self.text[start..end], self.order).ok()?;
            let after = start + stated.range.end;
            let word = line.iter().position(|token| token.start >= after && token.is_word())?;
            self.vocabulary.longest_at(&line[word..])?;
            Some((stated.day()?, &line[word]))
        });
        // Of equal days, the first line counts.
        dated.reduce(|latest, next| if next.0 > latest.0 { next } else { latest }).map(|(_, word)| word)
    }

    /// Looks for alternatives on a line. `Some(None)`: there are some, and none or several are marked as chosen.
    fn chosen_word<'a>(&self, line: &'a [Token<'t>]) -> Option<Option<&'a Token<'t>>> {
        let separators: [(&[char], usize); 3] =
            [(&['|', '｜'], 2), (&['/', '／'], 2), (&[',', '，', '、'], 3)];
        separators.into_iter().find_map(|(separator, least)| {
            let parts = line.split(|token| token.is_mark(separator));
            let word = |part: &'a [Token<'t>]| {
                let words = &part[part.iter().position(Token::is_word)?..];
                self.is_all_known(words).then_some(&words[0])
            };
            let words: Vec<Option<&Token<'t>>> = parts.map(word).collect();
            let known = words.iter().flatten().count();
            let mut bold = words.iter().flatten().filter(|word| word.bold);
            let chosen = bold.next().filter(|_| bold.next().is_none());
            (known >= least && words[0].is_some()).then_some(chosen.copied())
        })
    }

    /// True for words of which the first are a known word and at most a few follow, as in `superseded by ADR-123`.
    fn is_all_known(&self, tokens: &[Token<'t>]) -> bool {
        const MOST_BEHIND: usize = 4;
        let words = tokens.iter().filter(|token| token.is_word()).count();
        self.vocabulary.longest_at(tokens).is_some_and(|(count, _)| words <= count + MOST_BEHIND)
            && !tokens.iter().any(|token| token.is_mark(&['(']))
    }

    fn read_from(&self, tokens: &[Token<'t>]) -> Reading<'t> {
        let Some(at) = self.first_word(tokens) else { return self.read_symbol(tokens) };
        let tokens = &tokens[at..];
        let known = self.vocabulary.longest_at(tokens).map(|(count, value)| (0, count, value));
        let (skipped, count, value) = match known.or_else(|| self.known_in_sentence(tokens)) {
            Some((skipped, count, value)) => (skipped, count, Some(value)),
            None => (0, self.unknown_length(tokens), None),
        };
        let before_word = &self.text[..tokens[0].start];
        let Some(last) = count.checked_sub(1).and_then(|last| tokens.get(skipped + last)) else {
            return Reading::Nothing;
        };
        let mut status = self.status(tokens[skipped].start..last.end(), value);
        self.read_detail(&mut status, tokens, skipped + count);
        if status.date.is_none() {
            // The day before the word: `2026-02-04: accepted`.
            let line = before_word.rfind('\n').map_or(0, |at| at + 1);
            let stated = date::find(&before_word[line..], self.order);
            status.date =
                stated.map(|stated| (stated.first, line + stated.range.start..line + stated.range.end));
        }
        Reading::Stated(status)
    }

    fn status(&self, range: Range<usize>, value: Option<&str>) -> Status<'t> {
        let written = &self.text[range.clone()];
        Status { written, range, value: value.map(Into::into), ..Status::default() }
    }

    /// Returns the first word that may be a status: behind a day, and behind `Status:`.
    fn first_word(&self, tokens: &[Token<'t>]) -> Option<usize> {
        let mut at = tokens.iter().position(Token::is_word)?;
        if self.vocabulary.longest_at(&tokens[at..]).is_some() {
            return Some(at);
        }
        let line = &tokens[..line_end(tokens, at)];
        if let Ok(stated) = date::read(&self.text[line[at].start..line.last()?.end()], self.order) {
            let after = line[at].start + stated.range.end;
            return line.iter().position(|token| token.start >= after && token.is_word()).or(Some(at));
        }
        let is_label = |at: usize| tokens.get(at + 1).is_some_and(|next| next.is_mark(&[':', '：', '=']));
        for _ in 0..2 {
            let Some(gap) = tokens[at + 1..].iter().position(Token::is_word) else { break };
            if gap > 0 && is_label(at) || is(&tokens[at], "status-leads") {
                at += gap + 1;
            }
        }
        Some(at)
    }

    /// Returns how many tokens an unknown status has: all words of the line, up to those before an end, if they are few, or the first if it
    /// looks like a known one.
    fn unknown_length(&self, tokens: &[Token<'t>]) -> usize {
        const MOST: usize = 4;
        let start = tokens[0].start;
        let end = self.text[start..].find('\n').map_or(self.text.len(), |end| start + end);
        let is_before_end = |token: &Token<'_>| is(token, "before-ends") || is(token, "phrase-from");
        let is_own = |token: &&Token<'_>| {
            token.is_word() && token.start < end && (token.start == start || !is_before_end(token))
        };
        let words = tokens.iter().take_while(is_own).count();
        let is_near = || super::nearest(&fold(tokens[0].text), self.vocabulary.words()).is_some();
        if words <= MOST { words } else { usize::from(is_near()) }
    }

    /// Finds the known word of a sentence: `This proposal is already implemented`.
    fn known_in_sentence(&self, tokens: &[Token<'t>]) -> Option<(usize, usize, &str)> {
        const MAX_WORDS: usize = 9;
        let words = tokens.iter().take_while(|token| token.is_word()).take(MAX_WORDS).count();
        let verb = tokens[..words].iter().position(|token| is(token, "verbs"))?;
        let is_about_record = tokens[..verb].iter().any(|token| is(token, "subjects"));
        let known =
            |at: usize| self.vocabulary.longest_at(&tokens[at..]).map(|(count, value)| (at, count, value));
        let near = (verb + 1..words.min(verb + 4)).filter(|_| is_about_record);
        let is_negation = |token: &Token<'_>| matches!(&*fold(token.text), "not" | "never" | "no");
        near.take_while(|at| !is_negation(&tokens[at - 1])).find_map(known)
    }

    /// Reads an emoji that stands for a status.
    fn read_symbol(&self, tokens: &[Token<'t>]) -> Reading<'t> {
        let mut symbols = tokens.iter().filter(|token| token.kind == Kind::Symbol);
        let known = symbols.find_map(|it| Some((it.start..it.end(), self.vocabulary.value_of(it.text)?)));
        known.map_or(Reading::Nothing, |(range, value)| Reading::Stated(self.status(range, Some(value))))
    }

    /// Reads what stands beside a status that ends before the token at `count`.
    fn read_detail(&self, status: &mut Status<'t>, tokens: &[Token<'t>], count: usize) {
        let behind = &tokens[count..];
        self.read_days(status, behind);
        status.predecessors = self.predecessors(behind);
        let superseded = self.vocabulary.value_of("superseded");
        let is_superseded = superseded.is_some() && status.value.as_deref() == superseded;
        let Some((verb, found)) = self.successor(tokens, &status.range) else {
            status.successor = if is_superseded { self.record_behind(behind) } else { None };
            return;
        };
        status.in_part = found.in_part;
        status.successor = Some(self.with_list(tokens, found.range));
        if found.in_part {
            let partially = self.vocabulary.value_of("partially superseded").filter(|_| is_superseded);
            status.value = partially.map(Into::into).or(status.value.take());
        } else if superseded.is_some() && !is_superseded && verb >= count {
            status.value = superseded.map(Into::into);
            status.range = tokens[verb].start..tokens[verb].end();
            status.written = &self.text[status.range.clone()];
        }
    }

    /// Reads the successor in `Superseded — see ADR-7`, `Superseded (ADR-7)`.
    fn record_behind(&self, behind: &[Token<'t>]) -> Option<Range<usize>> {
        let line = &behind[..line_end(behind, 0)];
        let line = &line[line.iter().position(Token::is_word)?..];
        let found = self.target(line).filter(|_| !is(&line[0], "by"))?;
        // `#7` is an issue.
        let is_issue = self.text[found.range.clone()].starts_with('#');
        (!matches!(found.target, Target::Name(_)) && !is_issue).then_some(found.range)
    }

    /// Reads the days behind the word, on its line.
    fn read_days(&self, status: &mut Status<'t>, behind: &[Token<'t>]) {
        let Some(last) = line_end(behind, 0).checked_sub(1).map(|last| &behind[last]) else { return };
        let from = status.range.end;
        let mut above = from;
        let is_open = matches!(status.value.as_deref(), Some("draft" | "proposed"));
        let leads_to_end = |words: &[Token<'t>]| {
            let mut leads = words.iter().rev().filter(|token| token.is_word());
            leads.find(|token| !is(token, "between-end-and-day")).is_some_and(|it| is(it, "before-ends"))
        };
        // Behind `until`, a quarter is a date too.
        for next in behind.iter().take_while(|token| token.start <= last.start) {
            if leads_to_end(before(behind, next.start))
                && let Ok(stated) = date::read(&self.text[next.start..last.end()], self.order)
                && matches!(stated.precision, Precision::Quarter | Precision::Half)
            {
                status.end = Some((stated.last, next.start..next.start + stated.range.end));
            }
        }
        for stated in date::find_all(&self.text[from..last.end().max(from)], self.order) {
            let range = from + stated.range.start..from + stated.range.end;
            let words = before(behind, range.start);
            let has = |list: &str| words.iter().any(|token| is(token, list));
            let between = self.text[std::mem::replace(&mut above, range.end)..range.start].trim();
            let is_range = matches!(between, "-" | "–" | "—" | ".." | "…");
            // `decided by 2026-10-31` is ahead, `decided by Ada on 2026-10-31` is not.
            let is_ahead =
                || words.last().is_some_and(|token| is(token, "phrase-by")) || has("before-decision");
            if has("decision") && (is_open || is_ahead()) {
                status.decision_due.get_or_insert((stated.last, range));
            } else if leads_to_end(words) || status.date.is_some() && is_range {
                status.end.get_or_insert((stated.last, range));
            } else if let Some(day) = stated.day().filter(|_| !has("other-days") && !has("before-ends")) {
                status.date.get_or_insert((day, range));
            }
        }
    }

    /// Finds what supersedes the record, and the token of the verb.
    fn successor(&self, tokens: &[Token<'t>], status: &Range<usize>) -> Option<(usize, Reference<'t>)> {
        const MAX_BETWEEN: usize = 8;
        (0..tokens.len()).find_map(|at| {
            let behind = &tokens[at + 1..];
            let by = || behind.iter().take(MAX_BETWEEN).position(|token| is(token, "by"));
            let is_verb = is(&tokens[at], "superseded")
                && (status.contains(&tokens[at].start) || self.is_about_record(tokens, at));
            let (between, target) = behind.split_at(is_verb.then(by)??);
            if between.iter().any(|token| token.is_mark(&[';', '.']) || token.kind == Kind::LineEnd) {
                return None;
            }
            let mut found = self.target(&target[1..])?;
            let above = tokens[..at].iter().rev().take(MAX_BETWEEN).take_while(|token| token.is_word());
            let mut near = between.iter().chain(above);
            found.in_part |= near.any(|token| words::is_in("in-part", &fold(token.text)));
            Some((at, found))
        })
    }

    /// Returns the record, link or title with which tokens begin, on the next line if it is one of the first two.
    fn target(&self, tokens: &[Token<'t>]) -> Option<Reference<'t>> {
        let is_blank = |token: &Token<'_>| {
            token.kind == Kind::LineEnd || token.is_mark(&[':', '-', '[', '(', '<', '"', '“'])
        };
        let start = tokens.iter().take(6).position(|token| !is_blank(token))?;
        let is_wrapped = tokens[..start].iter().any(|token| token.kind == Kind::LineEnd);
        let is_end = |token: &Token<'_>| {
            token.kind == Kind::LineEnd || (token.link.is_none() && token.is_mark(&[';']))
        };
        let tokens = tokens[start..].split(is_end).next()?;
        let (first, last) = (tokens.first()?, tokens.last()?);
        let end =
            tokens.iter().position(|token| token.is_mark(&['(', ')', ',', '.'])).unwrap_or(tokens.len());
        let written = &self.text[first.start..tokens[end.max(1) - 1].end()];
        let is_day = || date::read(&self.text[first.start..last.end()], self.order).is_ok();
        if names_nothing(written) || first.link.is_none() && is_day() {
            return None;
        }
        let found = reference::read_tokens(self.text, tokens)?;
        let is_title = |name: &str| {
            !is_wrapped
                && name.starts_with(char::is_uppercase)
                && !is(first, "articles")
                && !name.contains(". ")
        };
        let is_record = match found.target {
            Target::Name(name) => is_title(name) || (first.link.is_none() && is_quoted(self.text, first)),
            _ => true,
        };
        is_record.then_some(found)
    }

    /// Finds `supersedes ADR-7 and ADR-8` behind the status.
    fn predecessors(&self, tokens: &[Token<'t>]) -> Vec<Range<usize>> {
        let is_verb = |at: &usize| is(&tokens[*at], "supersedes") && self.is_about_record(tokens, *at);
        let target = |at: usize| {
            let behind = &tokens[at + 1..];
            let first = behind.iter().find(|token| token.is_word())?;
            let found = self.target(behind).filter(|_| !is(first, "in-part"))?;
            let is_record = !matches!(found.target, Target::Name(_)) && !found.in_part;
            is_record.then(|| self.with_list(behind, found.range))
        };
        (0..tokens.len()).filter(is_verb).filter_map(target).collect()
    }

    /// Returns the range of a record with those that a list goes on with: `ADR-7, ADR-8 and ADR-9`.
    fn with_list(&self, tokens: &[Token<'t>], first: Range<usize>) -> Range<usize> {
        let from = tokens.partition_point(|token| token.start < first.end);
        // A link ends with a bracket behind its text.
        let is_link = from > 0 && tokens[from - 1].link.is_some();
        let from = from + usize::from(is_link && tokens.get(from).is_some_and(|token| token.is_mark(&[')'])));
        let line = &tokens[from..line_end(tokens, from)];
        let parts = list_parts(self.text, line, &[]);
        let is_all = |part: &[Token<'_>], range: &Range<usize>| {
            part.iter().filter(|token| token.is_word()).all(|token| range.contains(&token.start))
        };
        let others = parts.iter().filter(|part| !part.is_empty()).map_while(|part| {
            let found = self.target(part).filter(|found| is_all(part, &found.range))?;
            (!matches!(found.target, Target::Name(_))).then_some(found.range.end)
        });
        let is_list = parts.first().is_some_and(|behind| behind.is_empty());
        first.start..others.filter(|_| is_list).last().unwrap_or(first.end)
    }

    /// True if a verb is about the record: it begins a line or a part of a sentence, or its subject is `it` or `this record`.
    fn is_about_record(&self, tokens: &[Token<'t>], at: usize) -> bool {
        let mut before = tokens[..at].iter().rev().filter(|token| !is(token, "adverbs")).peekable();
        while before.next_if(|token| is(token, "verbs")).is_some() {}
        let mut has_subject = false;
        while before.next_if(|token| is(token, "subjects")).is_some() {
            has_subject = true;
        }
        // `until it is superseded` says that it is not.
        before.next().is_none_or(|token| match has_subject {
            true => !is(token, "conditions"),
            false => !token.is_word() || self.vocabulary.value_of(token.text).is_some(),
        })
    }
}

fn is(token: &Token<'_>, list: &str) -> bool {
    token.is_word() && words::is_in(list, &fold(token.text))
}

fn line_end(tokens: &[Token<'_>], from: usize) -> usize {
    let end = tokens[from..].iter().position(|token| token.kind == Kind::LineEnd);
    end.map_or(tokens.len(), |end| from + end)
}

/// Returns the words right before an offset, up to a mark that ends a part of a sentence.
fn before<'a, 't>(tokens: &'a [Token<'t>], offset: usize) -> &'a [Token<'t>] {
    const MOST: usize = 4;
    let end = tokens.partition_point(|token| token.start < offset);
    let from =
        tokens[..end].iter().rposition(|token| token.is_mark(&[',', ';', '(', '.'])).map_or(0, |at| at + 1);
    &tokens[from.max(end.saturating_sub(MOST))..end]
}

fn is_quoted(text: &str, first: &Token<'_>) -> bool {
    text[..first.start].trim_end_matches(['*', '_']).ends_with(['"', '“', '`'])
}
