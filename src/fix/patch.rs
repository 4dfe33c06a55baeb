//! Changed files as a unified diff for `git apply`.

use std::fmt::Write as _;

use similar::TextDiff;

use crate::text::Source;

/// Returns the patch that turns `before` into `after` for the file at `path`; empty if they are equal.
pub fn unified_diff(path: &str, before: &str, after: &str) -> String {
    match hunks(before, after) {
        hunks if hunks.is_empty() => hunks,
        hunks => file_header(path, path) + &hunks,
    }
}

/// Returns the patch that turns the file `before` into `after`, which may be at another path; empty if they are equal.
pub fn renaming_diff(before: &Source, after: &Source) -> String {
    let (from, to) = (before.path(), after.path());
    if from == to {
        return unified_diff(from, before.text(), after.text());
    }
    match hunks(before.text(), after.text()) {
        hunks if hunks.is_empty() => renaming_header(from, to, "similarity index 100%\n"),
        hunks => renaming_header(from, to, "") + &file_names(&git_names(from, to)) + &hunks,
    }
}

fn renaming_header(from: &str, to: &str, similarity: &str) -> String {
    let [a, b] = git_names(from, to);
    format!("diff --git {a} {b}\n{similarity}rename from {}\nrename to {}\n", quoted(from), quoted(to))
}

fn git_names(from: &str, to: &str) -> [String; 2] {
    [quoted(&format!("a/{from}")), quoted(&format!("b/{to}"))]
}

fn hunks(before: &str, after: &str) -> String {
    // `TextDiff::from_lines` also splits at a lone `\r`, which Git doesn't.
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let diff = TextDiff::from_slices(&old, &new);
    let mut patch = String::new();
    for hunk in diff.unified_diff().iter_hunks() {
        // Writing to a `String` cannot fail.
        let _ = writeln!(patch, "{}", hunk.header());
        for change in hunk.iter_changes() {
            let _ = write!(patch, "{}{}", change.tag(), change.value());
            if !change.value().ends_with('\n') {
                patch.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    patch
}

fn file_header(from: &str, to: &str) -> String {
    let names = git_names(from, to);
    format!("diff --git {} {}\n{}", names[0], names[1], file_names(&names))
}

fn file_names([from, to]: &[String; 2]) -> String {
    // A tab ends a file name that contains a space.
    let tab = |name: &str| if name.contains(' ') { "\t" } else { "" };
    format!("--- {from}{}\n+++ {to}{}\n", tab(from), tab(to))
}

/// Quotes a path as Git does if it contains anything but plain ASCII.
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

    #[test]
    fn paths_and_missing_newlines_are_written_as_git_does() {
        let patch = unified_diff("docs/café 1.md", "a", "b");
        let header = "diff --git \"a/docs/caf\\303\\251 1.md\" \"b/docs/caf\\303\\251 1.md\"\n";
        assert!(patch.starts_with(header), "{patch}");
        let end = "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n";
        assert!(patch.ends_with(end), "{patch}");
    }
}
