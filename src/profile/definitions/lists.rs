//! Definition lists of the markups. Each function takes linear time, and returns the words and the first paragraph of what they mean;
//! several words may share one meaning.

use super::Line;
use crate::text::Span;

/// The entries found so far, and the words whose meaning is not yet read.
#[derive(Default)]
struct Entries {
    words: Vec<Span>,
    found: Vec<(Span, Span)>,
    /// The index in `found` of the first entry whose meaning continues; `None` if none does.
    open: Option<usize>,
}

/// The most words that share a meaning, and the most bytes of one.
const MOST_WORDS: usize = 8;
const LONGEST: usize = 120;

impl Entries {
    fn add_word(&mut self, line: Line<'_>, word: std::ops::Range<usize>) {
        let span = line.span_of(word);
        if !span.is_empty() && span.range().len() <= LONGEST {
            // More lines than that are a paragraph.
            self.words.truncate(MOST_WORDS);
            self.words.push(span);
        }
    }

    fn begin(&mut self, meaning: Span) {
        self.open = None;
        let words = std::mem::take(&mut self.words);
        if words.is_empty() || words.len() > MOST_WORDS || meaning.is_empty() {
            return;
        }
        self.open = Some(self.found.len());
        self.found.extend(words.into_iter().map(|word| (word, meaning)));
    }

    fn go_on(&mut self, line: Line<'_>) {
        let end = line.span().end;
        let open = self.open.unwrap_or(self.found.len());
        self.found.iter_mut().skip(open).for_each(|(_, meaning)| meaning.end = end);
    }
}

/// Reads entries of the form `Term` with `: meaning` on the next line, and `*[API]: meaning`.
pub(super) fn markdown(lines: &[Line<'_>]) -> Vec<(Span, Span)> {
    let mut entries = Entries::default();
    // Two blank lines end a word: what follows is not its meaning.
    let mut blanks = 0;
    for line in lines {
        let words = line.words();
        if let Some((word, meaning)) = abbreviation(line.text) {
            entries.words.clear();
            entries.add_word(*line, word);
            entries.begin(line.span_of(meaning..line.text.len()));
            entries.open = None;
        } else if let Some(from) = meaning_below(*line) {
            entries.begin(line.span_of(from..line.text.len()));
            blanks = 0;
        } else if line.is_blank() {
            blanks += 1;
            entries.open = None;
        } else if entries.open.is_some() && line.indent() > 0 {
            entries.go_on(*line);
        } else {
            if blanks > 0 || entries.open.take().is_some() {
                entries.words.clear();
            }
            blanks = 0;
            let marks = words.len() - words.trim_start_matches('#').len();
            let is_list = ["- ", "* ", "+ "].iter().any(|mark| words.starts_with(mark));
            if line.indent() > 3 || is_list || words.starts_with(['|', '>', '<', ':', '=']) {
                // None of these is a word.
                entries.words = vec![line.span(); MOST_WORDS + 1];
            } else {
                if marks > 0 {
                    entries.words.clear();
                }
                entries.add_word(*line, line.indent() + marks..line.text.len());
            }
        }
        if blanks > 1 {
            entries.words.clear();
        }
    }
    entries.found
}

/// Returns the word of `*[API]: meaning`, and where its meaning begins.
fn abbreviation(line: &str) -> Option<(std::ops::Range<usize>, usize)> {
    let end = line.strip_prefix("*[")?.find("]:")? + 2;
    Some((2..end, end + 2))
}

/// Returns where the meaning begins in a line with a colon in front of it.
fn meaning_below(line: Line<'_>) -> Option<usize> {
    let rest = line.words().strip_prefix(':').filter(|_| line.indent() <= 3)?;
    rest.starts_with([' ', '\t']).then_some(line.text.len() - rest.len())
}

/// Reads the entries of the directive `.. glossary::` and of plain definition lists: a word, and an indented text on the next line.
pub(super) fn rst(lines: &[Line<'_>]) -> Vec<(Span, Span)> {
    let mut entries = Entries::default();
    let mut at = 0;
    let mut is_after_blank = true;
    while let Some(line) = lines.get(at) {
        let words = line.words();
        if words.get(..13).is_some_and(|it| it.eq_ignore_ascii_case(".. glossary::")) {
            let end = at
                + 1
                + lines[at + 1..]
                    .iter()
                    .take_while(|it| it.is_blank() || it.indent() > line.indent())
                    .count();
            glossary(&lines[at + 1..end], &mut entries);
            (at, is_after_blank) = (end, true);
            continue;
        }
        let below = lines.get(at + 1).filter(|it| !it.is_blank() && it.indent() > 0);
        let is_word = is_after_blank && !line.is_blank() && line.indent() == 0 && is_term(words);
        if let Some(below) = below.filter(|_| is_word) {
            let indent = below.indent();
            let text = || lines[at + 1..].iter().take_while(|it| !it.is_blank() && it.indent() == indent);
            let last = text().last().unwrap_or(below);
            if !is_markup(below.words()) {
                entries.words.clear();
                entries.add_word(*line, 0..word_end(line.text));
                entries.begin(below.span().to(last.span()));
            }
        }
        // An indented text ends a definition, and another may follow it.
        is_after_blank = line.is_blank() || line.indent() > 0;
        at += 1;
    }
    entries.found
}

/// Reads the entries of `{glossary}` blocks, which are written as in reStructuredText.
pub(super) fn directives(lines: &[Line<'_>]) -> Vec<(Span, Span)> {
    let mut entries = Entries::default();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        let mark = line.words().trim_start_matches(['`', ':']);
        let fence = &line.words()[..line.words().len() - mark.len()];
        if fence.len() >= 3 && mark.trim() == super::DIRECTIVE {
            let end = at + lines[at..].iter().take_while(|it| it.words() != fence).count();
            glossary(&lines[at..end], &mut entries);
            at = end + 1;
        }
    }
    entries.found
}

/// Reads the content of the directive `.. glossary::`: one or several words, each on its own line, then the indented meaning.
fn glossary(lines: &[Line<'_>], entries: &mut Entries) {
    let options = lines.iter().take_while(|line| line.words().starts_with(':')).count();
    let lines = &lines[options..];
    let Some(indent) = lines.iter().find(|line| !line.is_blank()).map(|line| line.indent()) else { return };
    let mut is_after_blank = true;
    // The indentation of a directive or comment. Deeper lines are its content, and are skipped.
    let mut skipped: Option<usize> = None;
    for line in lines {
        if line.is_blank() {
            is_after_blank = true;
            entries.open = None;
            continue;
        }
        if skipped.is_some_and(|of| line.indent() > of) {
            continue;
        }
        skipped = is_markup(line.words()).then(|| line.indent());
        if skipped.is_some() {
            entries.open = None;
        } else if line.indent() <= indent {
            if is_after_blank || entries.open.take().is_some() {
                entries.words.clear();
            }
            entries.add_word(*line, 0..word_end(line.text));
        } else if entries.open.is_some() {
            entries.go_on(*line);
        } else if !entries.words.is_empty() {
            entries.begin(line.span());
        }
        is_after_blank = false;
    }
    entries.words.clear();
    entries.open = None;
}

/// Returns true for a line that is a directive, a comment or a target.
fn is_markup(words: &str) -> bool {
    words == ".." || words.starts_with(".. ")
}

/// Returns true for a line that can be the word of a list without a name.
fn is_term(words: &str) -> bool {
    const MARKS: [&str; 9] = ["- ", "* ", "+ ", "| ", ":", ".. ", "__ ", ">>>", "#. "];
    let is_numbered = || {
        let rest = words.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.len() < words.len() && rest.starts_with([')', '.'])
    };
    !words.ends_with("::") && !MARKS.iter().any(|mark| words.starts_with(mark)) && !is_numbered()
}

/// Returns where the word of a line ends: before ` : `, which names what it is.
fn word_end(line: &str) -> usize {
    line.find(" : ").unwrap_or(line.len())
}

/// Reads entries of the form `Term:: meaning`. The meaning may begin on the next line.
pub(super) fn asciidoc(lines: &[Line<'_>]) -> Vec<(Span, Span)> {
    const DELIMITERS: [&str; 7] = ["----", "....", "++++", "////", "====", "****", "|==="];
    let mut entries = Entries::default();
    let mut block: Option<&str> = None;
    for line in lines {
        let words = line.words();
        if let Some(open) = block {
            if words == open {
                block = None;
            }
        } else if DELIMITERS.iter().any(|it| words.starts_with(it)) && is_of_one_mark(words) {
            block = Some(words);
            entries.open = None;
            entries.words.clear();
        } else if let Some((word, meaning)) = described(line.text) {
            if entries.open.take().is_some() {
                entries.words.clear();
            }
            entries.add_word(*line, word);
            let meaning = line.span_of(meaning..line.text.len());
            if !meaning.is_empty() {
                entries.begin(meaning);
            }
        } else if line.is_blank() || words == "+" {
            entries.open = None;
        } else if ["=", "* ", "- ", ". "].iter().any(|mark| words.starts_with(mark)) {
            (entries.open, entries.words) = (None, Vec::new());
        } else if (words.starts_with('[') && words.ends_with(']'))
            || words.starts_with("//")
            || words == "____"
        {
            entries.open = None;
        } else if entries.open.is_some() {
            entries.go_on(*line);
        } else if !entries.words.is_empty() {
            entries.begin(line.span());
        }
    }
    entries.found
}

/// Returns true for the line around a block, which repeats one mark.
fn is_of_one_mark(words: &str) -> bool {
    let rest = words.strip_prefix('|').unwrap_or(words);
    rest.bytes().all(|byte| Some(byte) == rest.bytes().next())
}

/// Returns the word of `Term:: meaning`, without its anchor, and where the meaning begins.
fn described(line: &str) -> Option<(std::ops::Range<usize>, usize)> {
    let is_end = |at: &usize| {
        let after = &line[at + 2..];
        (after.is_empty() || after.starts_with([' ', '\t'])) && !line[..*at].ends_with(':')
    };
    let end = line.match_indices("::").map(|(at, _)| at).find(is_end)?;
    let mut start = line.len() - line.trim_start().len();
    loop {
        let rest = &line[start..end];
        let anchor = match rest {
            _ if rest.starts_with("[[") => rest.find("]]").map(|at| at + 2),
            _ if rest.starts_with("[#") || rest.starts_with("anchor:") => rest.find(']').map(|at| at + 1),
            _ => None,
        };
        match anchor {
            Some(length) => start += length,
            None => break,
        }
    }
    let is_comment = line[start..end].starts_with("//");
    (start < end && !is_comment).then_some((start..end, end + 2))
}
