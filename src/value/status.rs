//! Reads a status and what is said beside it: the day and the successor.

use std::ops::Range;

use ahash::{HashMap, HashMapExt};
use jiff::civil::Date;

use super::date::{self, Order};
use super::placeholder::{is_none, is_placeholder};
use super::reference::{self, Target};
use super::token::{self, Kind, Token, fold, phrase, tokens};
use super::words;

/// Of a longer text, the beginning is read.
const MAX_BYTES: usize = 4_096;

/// The words of a format for the values of a status.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// By the folded word.
    values: HashMap<Box<str>, Box<str>>,
    /// The most words of a phrase.
    longest: usize,
}

/// A status, with its places in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status<'t> {
    /// The word or words as written.
    pub written: &'t str,
    pub range: Range<usize>,
    /// What the word means; none for an unknown word.
    pub value: Option<Box<str>>,
    pub detail: Detail,
}

/// What is said beside a status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// The day of the status.
    pub date: Option<(Date, Range<usize>)>,
    pub successor: Option<Range<usize>>,
    /// What the record supersedes.
    pub predecessor: Option<Range<usize>>,
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
    /// Collects words and their values; the first of equal words counts. With the words of the languages in `schemas/words.yaml`, for
    /// the values that the words have.
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
    let text = &text[..text.floor_char_boundary(MAX_BYTES.min(text.len()))];
    if text.trim().is_empty() {
        return Reading::Nothing;
    }
    if is_placeholder(text) && vocabulary.value_of(text.trim()).is_none() {
        return Reading::Placeholder;
    }
    let tokens = tokens(text);
    let reader = Reader { text, vocabulary, order };
    let line = match reader.chosen_line(&tokens) {
        Choice::Of(line) => line,
        Choice::Open => return Reading::Placeholder,
        Choice::Nothing => return Reading::Nothing,
    };
    reader.read_from(&tokens[line])
}

enum Choice {
    /// The tokens from which the status is read.
    Of(Range<usize>),
    /// A list of alternatives of which none is chosen.
    Open,
    Nothing,
}

struct Reader<'t, 'v> {
    text: &'t str,
    vocabulary: &'v Vocabulary,
    order: Order,
}

impl<'t> Reader<'t, '_> {
    /// Returns the tokens from the stated status on: what is ticked, the last of a history, or the first line.
    fn chosen_line(&self, tokens: &[Token<'t>]) -> Choice {
        let boxes: Vec<usize> =
            (0..tokens.len()).filter(|at| matches!(tokens[*at].kind, Kind::Box(_))).collect();
        if let Some(first) = boxes.first() {
            let ticked = boxes.iter().position(|at| tokens[*at].kind == Kind::Box(true));
            return match ticked {
                Some(at) => Choice::Of(boxes[at] + 1..boxes.get(at + 1).copied().unwrap_or(tokens.len())),
                None if tokens[..*first].iter().any(Token::is_word) => Choice::Of(0..*first),
                None => Choice::Open,
            };
        }
        let lines: Vec<Range<usize>> = lines(tokens);
        let Some(first) = lines.iter().find(|line| tokens[(*line).clone()].iter().any(Token::is_word)) else {
            return match tokens.iter().any(|token| token.kind == Kind::Symbol) {
                true => Choice::Of(0..tokens.len()),
                false => Choice::Nothing,
            };
        };
        if let Some(latest) = self.latest_of_history(tokens, &lines) {
            return Choice::Of(latest..tokens.len());
        }
        let line = &tokens[first.clone()];
        match self.chosen_word(line) {
            Some(Some(at)) => Choice::Of(first.start + at..tokens.len()),
            Some(None) => Choice::Open,
            None => {
                // From one status to the next: `Draft -> Accepted`.
                let arrow = line.iter().rposition(|token| token.kind == Kind::Arrow).map_or(0, |at| at + 1);
                Choice::Of(first.start + arrow..tokens.len())
            }
        }
    }

    /// Returns the start of the line with the latest day, where several lines begin with a day and a known word.
    fn latest_of_history(&self, tokens: &[Token<'t>], lines: &[Range<usize>]) -> Option<usize> {
        let dated = lines.iter().filter_map(|line| {
            let start = line.start + tokens[line.clone()].iter().position(Token::is_word)?;
            let stated =
                date::read(&self.text[tokens[start].start..tokens[line.end - 1].end()], self.order).ok()?;
            let day = stated.day()?;
            let after = tokens[start].start + stated.range.end;
            let word = (start..line.end).find(|at| tokens[*at].start >= after && tokens[*at].is_word())?;
            self.vocabulary.longest_at(&tokens[word..line.end]).map(|_| (day, word))
        });
        let dated: Vec<(Date, usize)> = dated.collect();
        dated.into_iter().rev().max_by_key(|(day, _)| *day).map(|(_, word)| word)
    }

    /// Looks for alternatives on a line. `Some(None)`: there are some, and none or several are marked as chosen.
    fn chosen_word(&self, line: &[Token<'t>]) -> Option<Option<usize>> {
        const LEAST_BY_COMMA: usize = 3;
        for (separator, least) in
            [(&['|', '｜'][..], 2), (&['/', '／'], 2), (&[',', '，', '、'], LEAST_BY_COMMA)]
        {
            let mut alternatives = Vec::new();
            let mut from = 0;
            for at in 0..=line.len() {
                if line.get(at).is_none_or(|token| token.is_mark(separator)) {
                    let words = line[from..at].iter().position(Token::is_word).map(|start| from + start);
                    alternatives.push(words.filter(|start| self.is_all_known(&line[*start..at])));
                    from = at + 1;
                }
            }
            let known: Vec<usize> = alternatives.iter().flatten().copied().collect();
            if alternatives.len() < least || known.len() < least || alternatives[0].is_none() {
                continue;
            }
            let mut bold = known.iter().copied().filter(|at| line[*at].bold);
            let only = bold.next().filter(|_| bold.next().is_none());
            let all = known.iter().filter(|at| line[**at].bold).count() == known.len();
            return Some(only.filter(|_| !all));
        }
        None
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
        let tokens = &tokens[skipped..];
        let Some(last) = count.checked_sub(1).and_then(|last| tokens.get(last)) else {
            return Reading::Nothing;
        };
        let range = tokens[0].start..last.end();
        let mut status = Status {
            written: &self.text[range.clone()],
            range,
            value: value.map(Into::into),
            detail: Detail::default(),
        };
        self.read_detail(&mut status, tokens, count);
        if status.detail.date.is_none() {
            // The day before the word: `2026-02-04: accepted`.
            let line = before_word.rfind('\n').map_or(0, |at| at + 1);
            let stated = date::find(&before_word[line..], self.order);
            status.detail.date =
                stated.map(|stated| (stated.first, line + stated.range.start..line + stated.range.end));
        }
        Reading::Stated(status)
    }

    /// Returns the first word that may be a status: behind a day, and behind `Status:`.
    fn first_word(&self, tokens: &[Token<'t>]) -> Option<usize> {
        let mut at = tokens.iter().position(Token::is_word)?;
        if self.vocabulary.longest_at(&tokens[at..]).is_some() {
            return Some(at);
        }
        let end = line_end(tokens, at);
        if let Ok(stated) = date::read(&self.text[tokens[at].start..tokens[end - 1].end()], self.order) {
            let after = tokens[at].start + stated.range.end;
            return (at..end)
                .find(|next| tokens[*next].start >= after && tokens[*next].is_word())
                .or(Some(at));
        }
        let is_label = |at: usize| tokens.get(at + 1).is_some_and(|next| next.is_mark(&[':', '：', '=']));
        for _ in 0..2 {
            let next = at + 1 + tokens[at + 1..].iter().position(Token::is_word).unwrap_or(0);
            let is_lead = words::is_in("status-leads", &fold(tokens[at].text));
            if next > at + 1 && is_label(at)
                || is_lead && next > at && next < tokens.len() && tokens[next].is_word()
            {
                at = next;
            }
        }
        Some(at)
    }

    /// Returns how many tokens an unknown status has: all words of the line if they are few, or the first if it looks like a known one.
    fn unknown_length(&self, tokens: &[Token<'t>]) -> usize {
        const MOST: usize = 4;
        let words = tokens.iter().take_while(|token| token.is_word()).count();
        let is_near = || super::nearest(&fold(tokens[0].text), self.vocabulary.words()).is_some();
        match words {
            0..=MOST => words,
            _ => usize::from(is_near()),
        }
    }

    /// Finds the known word of a sentence: `This proposal is already implemented`.
    fn known_in_sentence(&self, tokens: &[Token<'t>]) -> Option<(usize, usize, &str)> {
        const MAX_WORDS: usize = 9;
        let words = tokens.iter().take_while(|token| token.is_word()).take(MAX_WORDS).count();
        let verb = tokens[..words].iter().position(|token| words::is_in("verbs", &fold(token.text)))?;
        let is_about_record = tokens[..verb].iter().any(|token| words::is_in("subjects", &fold(token.text)));
        let known =
            |at: usize| self.vocabulary.longest_at(&tokens[at..]).map(|(count, value)| (at, count, value));
        let near = (verb + 1..words.min(verb + 4)).filter(|_| is_about_record);
        near.into_iter().take_while(|at| !is_negation(&tokens[at - 1])).find_map(known)
    }

    /// Reads an emoji that stands for a status.
    fn read_symbol(&self, tokens: &[Token<'t>]) -> Reading<'t> {
        let known = tokens
            .iter()
            .filter(|token| token.kind == Kind::Symbol)
            .find_map(|token| Some((token, self.vocabulary.value_of(token.text)?)));
        match known {
            Some((token, value)) => Reading::Stated(Status {
                written: token.text,
                range: token.start..token.end(),
                value: Some(value.into()),
                detail: Detail::default(),
            }),
            None => Reading::Nothing,
        }
    }

    fn read_detail(&self, status: &mut Status<'t>, tokens: &[Token<'t>], count: usize) {
        let behind = &tokens[count..];
        self.read_days(status, tokens, count);
        if let Some(found) = self.successor(tokens) {
            status.detail.in_part = found.in_part;
            status.detail.successor = Some(found.target);
            let superseded = self.vocabulary.value_of("superseded").map(Into::into);
            if found.in_part {
                let is_superseded = status.value == superseded;
                if is_superseded && let Some(value) = self.vocabulary.value_of("partially superseded") {
                    status.value = Some(value.into());
                }
            } else if superseded.is_some() && status.value != superseded && found.at >= count {
                status.value = superseded;
                status.written = &self.text[found.word.clone()];
                status.range = found.word;
            }
        } else if status.value.as_deref() == self.vocabulary.value_of("superseded") && status.value.is_some()
        {
            // `Superseded — see ADR-7`, `Superseded (ADR-7)`.
            let line = &behind[..line_end(behind, 0).min(behind.len())];
            let near = line.iter().position(Token::is_word).map(|at| &line[at..]);
            let target = near.and_then(|tokens| reference::read_tokens(self.text, tokens));
            // `#7` is an issue.
            let is_issue = |range: &Range<usize>| self.text[range.clone()].starts_with('#');
            let is_record = target
                .as_ref()
                .is_some_and(|it| !matches!(it.target, Target::Name(_)) && !is_issue(&it.range));
            let is_day = near
                .and_then(|near| near.first())
                .is_some_and(|first| date::read(&self.text[first.start..], self.order).is_ok());
            status.detail.successor = target.filter(|_| is_record && !is_day).map(|it| it.range);
        }
        status.detail.predecessor = self.predecessor(behind);
    }

    /// Reads the days behind the word, on its line, or alone on the next.
    fn read_days(&self, status: &mut Status<'t>, tokens: &[Token<'t>], count: usize) {
        let end = line_end(tokens, 0).max(count);
        let Some(last) = tokens.get(end - 1) else { return };
        let from = status.range.end;
        let line = &self.text[from..last.end().max(from)];
        for stated in date::find_all(line, self.order) {
            let Some(day) = stated.day() else { continue };
            let range = from + stated.range.start..from + stated.range.end;
            let before = before(tokens, range.start);
            let is_other = |list: &str| before.iter().any(|token| words::is_in(list, &fold(token.text)));
            if !is_other("before-ends") && !is_other("other-days") {
                status.detail.date = status.detail.date.take().or(Some((day, range)));
            }
        }
    }

    /// Finds what supersedes the record.
    fn successor(&self, tokens: &[Token<'t>]) -> Option<Successor> {
        const MAX_BETWEEN: usize = 8;
        for at in 0..tokens.len() {
            let is_verb = words::is_in("superseded", &fold(tokens[at].text));
            if !tokens[at].is_word() || !is_verb || !self.is_about_record(tokens, at) {
                continue;
            }
            let between = tokens[at + 1..].iter().take(MAX_BETWEEN);
            let Some(by) =
                between.clone().position(|token| token.is_word() && words::is_in("by", &fold(token.text)))
            else {
                continue;
            };
            let between = &tokens[at + 1..at + 1 + by];
            if between.iter().any(|token| token.is_mark(&[';', '.']) || token.kind == Kind::LineEnd) {
                continue;
            }
            let target = &tokens[at + by + 2..];
            let Some(found) = self.target(target) else { continue };
            let is_part = |token: &Token<'_>| words::is_in("in-part", &fold(token.text));
            let in_part = found.in_part
                || between.iter().any(is_part)
                || tokens[at.saturating_sub(2)..at].iter().any(is_part);
            let word = tokens[at].start..tokens[at].end();
            return Some(Successor { at, word, target: found.range, in_part });
        }
        None
    }

    /// Returns the record, link or title with which tokens begin, on the next line if it is one of the first two.
    fn target(&self, tokens: &[Token<'t>]) -> Option<reference::Reference<'t>> {
        let is_blank = |token: &Token<'_>| {
            token.kind == Kind::LineEnd || token.is_mark(&[':', '-', '[', '(', '<', '"', '“'])
        };
        let start = tokens.iter().take(6).position(|token| !is_blank(token))?;
        let is_wrapped = tokens[..start].iter().any(|token| token.kind == Kind::LineEnd);
        let end = tokens[start..]
            .iter()
            .position(|token| token.kind == Kind::LineEnd || (token.link.is_none() && token.is_mark(&[';'])));
        let tokens = &tokens[start..start + end.unwrap_or(tokens.len() - start)];
        let first = tokens.first()?;
        let word = fold(first.text);
        let end = tokens.iter().position(|token| token.is_mark(&[')', ',', '.'])).unwrap_or(tokens.len());
        let written = &self.text[first.start..tokens[end.max(1) - 1].end()];
        if is_none(written) || is_none(first.text) {
            return None;
        }
        if first.link.is_none()
            && date::read(&self.text[first.start..tokens.last()?.end()], self.order).is_ok()
        {
            return None;
        }
        let found = reference::read_tokens(self.text, tokens)?;
        let is_title = |name: &str| {
            !is_wrapped
                && name.starts_with(char::is_uppercase)
                && !words::is_in("articles", &word)
                && !name.contains(". ")
        };
        let is_record = match found.target {
            Target::Name(name) => is_title(name) || (first.link.is_none() && is_quoted(self.text, first)),
            _ => true,
        };
        is_record.then_some(found)
    }

    /// Finds `supersedes ADR-7` behind the status.
    fn predecessor(&self, tokens: &[Token<'t>]) -> Option<Range<usize>> {
        let at = tokens
            .iter()
            .position(|token| token.is_word() && words::is_in("supersedes", &fold(token.text)))?;
        self.is_about_record(tokens, at).then_some(())?;
        let first = tokens[at + 1..].iter().find(|token| token.is_word())?;
        if words::is_in("in-part", &fold(first.text)) {
            return None;
        }
        let target = self.target(&tokens[at + 1..])?;
        (!matches!(target.target, Target::Name(_)) && !target.in_part).then_some(target.range)
    }

    /// True if a verb is about the record: it begins a line or a part of a sentence, or its subject is `it` or `this record`.
    fn is_about_record(&self, tokens: &[Token<'t>], at: usize) -> bool {
        let mut before = tokens[..at].iter().rev();
        let is_adverb = |token: &&Token<'_>| token.is_word() && words::is_in("adverbs", &fold(token.text));
        let mut next = before.by_ref().find(|token| !is_adverb(token));
        if next.is_some_and(|token| token.is_word() && words::is_in("verbs", &fold(token.text))) {
            next = before.find(|token| !is_adverb(token) && !words::is_in("verbs", &fold(token.text)));
        }
        let Some(token) = next else { return true };
        match token.kind {
            Kind::Word => {
                let word = fold(token.text);
                words::is_in("subjects", &word) || self.vocabulary.value_of(&word).is_some()
            }
            _ => true,
        }
    }
}

struct Successor {
    /// The token of the verb.
    at: usize,
    word: Range<usize>,
    target: Range<usize>,
    in_part: bool,
}

/// Returns the tokens of each line.
fn lines(tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let (mut lines, mut start) = (Vec::new(), 0);
    for at in 0..=tokens.len() {
        if tokens.get(at).is_none_or(|token| token.kind == Kind::LineEnd) {
            if at > start {
                lines.push(start..at);
            }
            start = at + 1;
        }
    }
    lines
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

fn is_negation(token: &Token<'_>) -> bool {
    matches!(&*token::fold(token.text), "not" | "never" | "no")
}

fn is_quoted(text: &str, first: &Token<'_>) -> bool {
    text[..first.start].trim_end_matches(['*', '_']).ends_with(['"', '“', '`'])
}
