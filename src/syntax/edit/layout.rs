//! Finds where to insert lines, entries and items so that indentation, comments and line ends are preserved.

use crate::text::{Edit, Span};

#[derive(Clone, Copy)]
pub(super) struct Layout<'a> {
    pub text: &'a str,
}

impl<'a> Layout<'a> {
    pub(super) fn slice(self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    pub(super) fn line_start(self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or("");
        match before.rfind('\n') {
            Some(end) => end + 1,
            None if before.starts_with('\u{feff}') => '\u{feff}'.len_utf8(),
            None => 0,
        }
    }

    pub(super) fn line_end(self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        let line = rest.split('\n').next().unwrap_or("");
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    pub(super) fn newline(self, at: usize) -> &'static str {
        let end = self.line_end(at);
        let here = self.text.get(end..).unwrap_or("");
        let before = self.text.get(..self.line_start(at)).unwrap_or("");
        let crlf = if here.is_empty() { before.ends_with("\r\n") } else { here.starts_with("\r\n") };
        if crlf { "\r\n" } else { "\n" }
    }

    pub(super) fn line_prefix(self, at: usize) -> &'a str {
        self.slice(self.line_start(at), at)
    }

    pub(super) fn insert_line_after(self, end: usize, line: &str) -> Edit {
        let at = self.line_end(end);
        Edit { span: Span::at(at), replacement: format!("{}{line}", self.newline(at)) }
    }

    /// The end of the comment lines after `at` that are indented by more than `indentation`.
    pub(super) fn end_of_comments(self, at: usize, indentation: usize) -> usize {
        let mut end = self.line_end(at);
        while let Some(next) =
            self.text.get(end..).and_then(|rest| rest.find('\n')).map(|found| end + found + 1)
        {
            let line = self.slice(next, self.line_end(next));
            let comment = line.trim_start_matches(' ');
            if !comment.starts_with('#') || line.len() - comment.len() <= indentation {
                break;
            }
            end = next + line.len();
        }
        end
    }

    /// Adds a member after `index` to a list or mapping in brackets: on its own line if that member is.
    pub(super) fn insert_member_after(self, members: &[Span], index: usize, member: &str) -> Option<Edit> {
        let after = *members.get(index)?;
        let (start, end) = (after.start as usize, after.end as usize);
        let indentation = self.line_prefix(start);
        if self.line_start(start) == 0 || !indentation.trim().is_empty() {
            return Some(insertion(end, format!("{}{member}", self.separator(members, index))));
        }
        let rest = self.slice(end, self.line_end(end));
        let newline = self.newline(end);
        let is_line_end = |rest: &str| rest.trim().is_empty() || rest.trim_start().starts_with('#');
        match rest.trim_start().strip_prefix(',') {
            Some(after) if is_line_end(after) => {
                Some(insertion(end + rest.len(), format!("{newline}{indentation}{member},")))
            }
            None if is_line_end(rest) => Some(Edit {
                span: Span::new(end, end + rest.len()),
                replacement: format!(",{rest}{newline}{indentation}{member}"),
            }),
            _ => Some(insertion(end, format!(", {member}"))),
        }
    }

    fn separator(self, members: &[Span], index: usize) -> &'a str {
        let between = |pair: &[Span]| self.slice(pair[0].end as usize, pair[1].start as usize);
        let known = members.windows(2).map(between).filter(|text| text.trim() == "," && !text.contains('\n'));
        let near = index.saturating_sub(1);
        known.clone().nth(near).or_else(|| known.clone().next()).unwrap_or(", ")
    }
}

fn insertion(at: usize, text: String) -> Edit {
    Edit { span: Span::at(at), replacement: text }
}
