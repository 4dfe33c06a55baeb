//! Changes as a unified patch that `git apply` takes.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

/// Lines that stand around a change.
const CONTEXT: usize = 3;

/// How often what lies between two lines is looked at again before it is replaced whole.
const DEPTH: usize = 32;

/// The patch that makes `after` of the file at `path`, which is `before`; empty where they are the same.
pub fn unified_diff(path: &str, before: &str, after: &str) -> String {
    let (old, new) = (lines(before), lines(after));
    let mut changes = Vec::new();
    differences(&old, &new, 0..old.len(), 0..new.len(), DEPTH, &mut changes);
    if changes.is_empty() {
        return String::new();
    }
    let (from, to) = (quoted(&format!("a/{path}")), quoted(&format!("b/{path}")));
    // A name with a blank ends at the tab.
    let tab = if path.contains(' ') { "\t" } else { "" };
    let mut patch = format!("diff --git {from} {to}\n--- {from}{tab}\n+++ {to}{tab}\n");
    for hunk in hunks(&changes) {
        write_hunk(&mut patch, &old, &new, hunk);
    }
    patch
}

/// Lines of one file and those that take their place.
#[derive(Clone, Debug, PartialEq)]
struct Changed {
    old: Range<usize>,
    new: Range<usize>,
}

/// Lines with their ends.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// What differs, in order: lines that both have once keep the two in step, and between those all is replaced.
fn differences(
    old: &[&str],
    new: &[&str],
    mut a: Range<usize>,
    mut b: Range<usize>,
    depth: usize,
    out: &mut Vec<Changed>,
) {
    while !a.is_empty() && !b.is_empty() && old[a.start] == new[b.start] {
        (a.start, b.start) = (a.start + 1, b.start + 1);
    }
    while !a.is_empty() && !b.is_empty() && old[a.end - 1] == new[b.end - 1] {
        (a.end, b.end) = (a.end - 1, b.end - 1);
    }
    if a.is_empty() && b.is_empty() {
        return;
    }
    let anchors =
        if a.is_empty() || b.is_empty() || depth == 0 { Vec::new() } else { anchors(old, new, &a, &b) };
    if anchors.is_empty() {
        out.push(Changed { old: a, new: b });
        return;
    }
    for (at_old, at_new) in anchors {
        differences(old, new, a.start..at_old, b.start..at_new, depth - 1, out);
        (a.start, b.start) = (at_old + 1, at_new + 1);
    }
    differences(old, new, a, b, depth - 1, out);
}

/// The lines that stand once in either part, as far as they come in the same order.
fn anchors(old: &[&str], new: &[&str], a: &Range<usize>, b: &Range<usize>) -> Vec<(usize, usize)> {
    let mut seen: HashMap<&str, [(usize, usize); 2]> = HashMap::new();
    for (side, (lines, range)) in [(old, a), (new, b)].into_iter().enumerate() {
        for at in range.clone() {
            let (count, place) = &mut seen.entry(lines[at]).or_default()[side];
            (*count, *place) = (*count + 1, at);
        }
    }
    let once = |at: usize| match seen[old[at]] {
        [(1, _), (1, place)] => Some((at, place)),
        _ => None,
    };
    longest_rising(a.clone().filter_map(once).collect())
}

/// The longest part of some pairs in which the second numbers rise as the first do.
fn longest_rising(pairs: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, (_, second)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| pairs[end].1 < *second);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        ends.truncate(ends.len().max(length + 1));
        if length == ends.len() { ends.push(at) } else { ends[length] = at }
    }
    let mut rising = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(at) = next {
        rising.push(pairs[at]);
        next = before[at];
    }
    rising.reverse();
    rising
}

/// Changes whose surroundings touch stand in one hunk.
fn hunks(changes: &[Changed]) -> impl Iterator<Item = &[Changed]> {
    changes.chunk_by(|one, next| next.old.start - one.old.end <= 2 * CONTEXT)
}

fn write_hunk(patch: &mut String, old: &[&str], new: &[&str], changes: &[Changed]) {
    let (Some(first), Some(last)) = (changes.first(), changes.last()) else { return };
    let lead = first.old.start.min(CONTEXT);
    let tail = (old.len() - last.old.end).min(CONTEXT);
    let a = first.old.start - lead..last.old.end + tail;
    let b = first.new.start - lead..last.new.end + tail;
    // Writing to a `String` cannot fail.
    let _ = writeln!(patch, "@@ -{} +{} @@", place(&a), place(&b));
    let mut at = a.start;
    for change in changes {
        old[at..change.old.start].iter().for_each(|line| write_line(patch, ' ', line));
        old[change.old.clone()].iter().for_each(|line| write_line(patch, '-', line));
        new[change.new.clone()].iter().for_each(|line| write_line(patch, '+', line));
        at = change.old.end;
    }
    old[at..a.end].iter().for_each(|line| write_line(patch, ' ', line));
}

fn place(lines: &Range<usize>) -> String {
    // Of no lines, the one before them is named.
    let start = if lines.is_empty() { lines.start } else { lines.start + 1 };
    if lines.len() == 1 { start.to_string() } else { format!("{start},{}", lines.len()) }
}

fn write_line(patch: &mut String, mark: char, line: &str) {
    patch.push(mark);
    patch.push_str(line);
    if !line.ends_with('\n') {
        patch.push_str("\n\\ No newline at end of file\n");
    }
}

/// A name as Git writes it: in quotes where it holds other than plain ASCII.
fn quoted(name: &str) -> String {
    let plain = |byte: u8| (b' '..0x7f).contains(&byte) && !matches!(byte, b'"' | b'\\');
    if name.bytes().all(plain) {
        return name.to_owned();
    }
    let mut out = String::from("\"");
    for byte in name.bytes() {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            byte if plain(byte) => out.push(char::from(byte)),
            byte => out.push_str(&format!("\\{byte:03o}")),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_patch_has_hunks_with_three_lines_around() {
        let before: String = (1..=20).map(|line| format!("{line}\n")).collect();
        let after = before.replace("\n4\n", "\nfour\n").replace("\n18\n", "\n18\n18a\n");
        let expected = "diff --git a/x.md b/x.md\n--- a/x.md\n+++ b/x.md\n\
            @@ -1,7 +1,7 @@\n 1\n 2\n 3\n-4\n+four\n 5\n 6\n 7\n\
            @@ -16,5 +16,6 @@\n 16\n 17\n 18\n+18a\n 19\n 20\n";
        assert_eq!(unified_diff("x.md", &before, &after), expected);
        assert_eq!(unified_diff("x.md", &before, &before), "");
    }

    #[test]
    fn names_and_ends_are_written_as_git_does() {
        let patch = unified_diff("docs/café 1.md", "a", "b");
        let header = "diff --git \"a/docs/caf\\303\\251 1.md\" \"b/docs/caf\\303\\251 1.md\"\n";
        assert!(patch.starts_with(header), "{patch}");
        let end = "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n";
        assert!(patch.ends_with(end), "{patch}");
    }

    /// What a patch makes of a text: the opposite of [`unified_diff`], for well-formed patches only.
    fn applied(patch: &str, before: &str) -> String {
        let old = lines(before);
        let (mut out, mut at) = (String::new(), 0);
        let mut last_mark = ' ';
        for line in patch.split_inclusive('\n').skip(3) {
            if let Some(rest) = line.strip_prefix("@@ -") {
                let place: Vec<usize> =
                    rest.split(' ').next().unwrap().split(',').map(|n| n.parse().unwrap()).collect();
                let start = if place.get(1) == Some(&0) { place[0] } else { place[0] - 1 };
                out.extend(old[at..start].iter().copied());
                at = start;
            } else if let Some(text) = line.strip_prefix('+') {
                out.push_str(text);
                last_mark = '+';
            } else if let Some(text) = line.strip_prefix(' ') {
                assert_eq!(text.trim_end_matches('\n'), old[at].trim_end_matches('\n'));
                out.push_str(text);
                at += 1;
                last_mark = ' ';
            } else if line.starts_with('-') {
                at += 1;
                last_mark = '-';
            } else if last_mark != '-' {
                out.pop();
            }
        }
        out.extend(old[at..].iter().copied());
        out
    }

    proptest! {
        #[test]
        fn a_patch_makes_one_text_of_the_other(before in "([abc]{1,2}\n){0,12}[ab]?", after in "([abc]{1,2}\n){0,12}[ab]?") {
            let patch = unified_diff("x", &before, &after);
            prop_assert_eq!(applied(&patch, &before), after);
        }
    }
}
