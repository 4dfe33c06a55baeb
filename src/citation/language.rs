//! Which files are searched for citations, and the comments in them. Comments are found by their marks, without a parser of the language:
//! a string that spans lines may be taken for code.

use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::embedded;
use crate::text::Span;

/// How a file is written.
#[derive(Clone, Copy, Debug)]
pub enum Language {
    /// Only comments are searched.
    Code(&'static Syntax),
    /// All of it is prose.
    Prose,
}

/// The comments of a family of languages, and the names of its files.
#[derive(Debug, Deserialize)]
pub struct Syntax {
    #[serde(flatten)]
    marks: Marks,
    /// Extensions, and whole names of files without one; in lower case, with spaces between them.
    names: String,
}

/// See `schemas/languages.yaml`.
#[derive(Default, Deserialize)]
struct Languages {
    skipped: Skipped,
    prose: String,
    languages: Vec<Syntax>,
}

#[derive(Default, Deserialize)]
struct Skipped {
    folders: String,
    stems: String,
    ends: String,
}

static LANGUAGES: LazyLock<Languages> = LazyLock::new(|| {
    let json = embedded::as_json("schemas/languages.yaml").unwrap_or_default();
    serde_json::from_str(json).unwrap_or_default()
});

impl Language {
    /// Returns the language of a file by its name; `None` if it is not searched: an unknown language, or a file that
    /// others have written, or that tells of the past.
    pub fn of(path: &str) -> Option<Language> {
        if Language::is_skipped(path) {
            return None;
        }
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let extension = name.rsplit_once('.').map_or(&*name, |(_, extension)| extension);
        let by_name =
            |wanted: &str| LANGUAGES.languages.iter().find(|syntax| is_one_of(&syntax.names, wanted));
        match by_name(extension).or_else(|| by_name(stem(&name))) {
            Some(syntax) => Some(Language::Code(syntax)),
            None => is_one_of(&LANGUAGES.prose, extension).then_some(Language::Prose),
        }
    }

    /// Returns true for a file that others have written, or that tells of the past.
    pub fn is_skipped(path: &str) -> bool {
        let Skipped { folders, stems, ends } = &LANGUAGES.skipped;
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let name = name.to_ascii_lowercase();
        folder.split('/').any(|folder| is_one_of(folders, &folder.to_ascii_lowercase()))
            || is_one_of(stems, stem(&name))
            || ends.split(' ').any(|end| name.ends_with(end))
    }

    /// Returns the comments of a text; `None` for prose.
    pub(super) fn comments(self, text: &str) -> Option<Vec<Range<usize>>> {
        match self {
            Language::Code(syntax) => Some(find(text, &syntax.marks)),
            Language::Prose => None,
        }
    }
}

fn is_one_of(names: &str, name: &str) -> bool {
    names.split(' ').any(|one| one == name)
}

fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// The marks of comments and strings in a language.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Marks {
    /// Begin a comment up to the end of the line.
    line: Vec<String>,
    /// Begin and end a comment.
    block: Vec<(String, String)>,
    /// Begin and end a string on one line.
    quotes: String,
}

/// Returns the comment that contains a span.
pub(super) fn comment_at(comments: &[Range<usize>], span: Span) -> Option<Range<usize>> {
    let after = comments.partition_point(|comment| comment.start <= span.start as usize);
    let comment = comments.get(after.checked_sub(1)?)?;
    (span.end as usize <= comment.end).then(|| comment.clone())
}

/// Returns the comments of a text, in the order of their places.
fn find(text: &str, marks: &Marks) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // The start of an open block comment, and its end mark.
    let mut open: Option<(usize, &str)> = None;
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let mut at = 0;
        while at < line.len() {
            let rest = &line[at..];
            if let Some((start, end)) = open {
                let Some(close) = rest.find(end) else { break };
                at += close + end.len();
                found.push(start..line_start + at);
                open = None;
                continue;
            }
            if let Some((begin, end)) = marks.block.iter().find(|(begin, _)| begins_block(line, at, begin)) {
                open = Some((line_start + at, end));
                at += begin.len();
            } else if marks
                .line
                .iter()
                .any(|mark| rest.starts_with(&**mark) && begins_comment(&line[..at], mark))
            {
                found.push(line_start + at..line_start + line.len());
                break;
            } else {
                at += string_length(rest, &marks.quotes)
                    .unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
            }
        }
        line_start += line.len();
    }
    found.extend(open.map(|(start, _)| start..text.len()));
    found
}

/// A string in three quotes is a comment only where a line begins with it.
fn begins_block(line: &str, at: usize, mark: &str) -> bool {
    line[at..].starts_with(mark) && (!mark.starts_with(['"', '\'']) || line[..at].trim().is_empty())
}

/// `#`, `--` and `;` begin a comment after white space only, and `//` not in an address.
fn begins_comment(before: &str, mark: &str) -> bool {
    match mark {
        "//" => !before.ends_with(':'),
        _ => before.is_empty() || before.ends_with(char::is_whitespace),
    }
}

/// Returns the length of the string that a text begins with, if it ends on the same line.
fn string_length(text: &str, quotes: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|c| quotes.contains(*c))?;
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}
