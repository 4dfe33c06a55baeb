//! Writes fixed files, and changed files as a patch for `git apply`.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use imara_diff::{Algorithm, Diff, InternedInput, Interner, Token, UnifiedDiffConfig, UnifiedDiffPrinter};

use super::FixerResult;
use crate::finding::{Fault, Faultless};
use crate::output::{self, Folder};
use crate::snapshot::Snapshot;
use crate::text::{Source, folder_of};

/// Replaces the files of a worktree by the fixed ones, unless one has changed, is read-only or a link is in the way; and deletes the
/// temporary files that killed runs left beside them, unless Git tracks them.
pub fn write_files(fixes: &FixerResult, worktree: &Snapshot) -> Faultless<()> {
    let Some(root) = worktree.root() else { return Ok(()) };
    let folder = Folder::open(root)
        .map_err(|error| vec![Fault::new(format!("can't open `{}`: {error}", root.display()))])?;
    remove_abandoned(&folder, worktree);
    let written = fixes
        .files
        .iter()
        .map(|(before, after)| replace_file(&folder, before.path(), before.text(), after.text()));
    let faults: Vec<Fault> = written.filter_map(Result::err).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Replaces the files of a worktree by others, which may be at other paths. If anything fails, as where a file has changed since it was
/// read or there is something at a new path, all is as before.
pub fn rename_files(files: &[(Arc<Source>, Arc<Source>)], worktree: &Snapshot) -> Result<(), Fault> {
    let Some(root) = worktree.root() else { return Ok(()) };
    let root = Folder::open(root)
        .map_err(|error| Fault::new(format!("can't open `{}`: {error}", root.display())))?;
    for (before, _) in files {
        require_unchanged(&root, before.path(), before.text())?;
    }
    for (done, (before, after)) in files.iter().enumerate() {
        rename_file(&root, before, after).inspect_err(|_| {
            // As far as the operating system lets it; the fault that led here is the one to report.
            files[..done].iter().rev().for_each(|(before, after)| drop(rename_file(&root, after, before)));
        })?;
    }
    Ok(())
}

fn rename_file(root: &Folder, before: &Source, after: &Source) -> Result<(), Fault> {
    let (old, new) = (before.path(), after.path());
    if old == new {
        return replace_file(root, new, before.text(), after.text());
    }
    let created = root.create(Path::new(&**new), after.text().as_bytes(), false);
    created.map_err(|error| error.into_fault(&format!("can't write `{new}`")))?;
    let removed = root.remove(Path::new(&**old)).inspect_err(|_| drop(root.remove(Path::new(&**new))));
    removed.map_err(|error| error.into_fault(&format!("can't delete `{old}`")))
}

fn replace_file(root: &Folder, path: &str, before: &str, after: &str) -> Result<(), Fault> {
    require_unchanged(root, path, before)?;
    let written = root.write_durably(Path::new(path), after.as_bytes());
    written.map_err(|error| error.into_fault(&format!("can't write `{path}`")))
}

fn require_unchanged(root: &Folder, path: &str, before: &str) -> Result<(), Fault> {
    let operation = format!("can't write `{path}`");
    let fault = |error: output::Error| error.into_fault(&operation);
    let mut current = Vec::new();
    let mut file = root.read(Path::new(path)).map_err(fault)?;
    file.read_to_end(&mut current).map_err(|error| fault(error.into()))?;
    if current != before.as_bytes() {
        return Err(Fault::new(format!("{operation}: it has changed since it was read")));
    }
    Ok(())
}

fn remove_abandoned(root: &Folder, worktree: &Snapshot) {
    let folders: BTreeSet<String> = worktree.files().iter().map(|it| folder_of(&it.path).into()).collect();
    for folder in folders {
        let path = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        root.remove_abandoned(Path::new(&folder), |name| worktree.is_tracked(&path(name)));
    }
}

/// Returns the patch that turns one text into another, of a file that may get another path; empty if both are equal.
pub fn patch(before: (&str, &str), after: (&str, &str)) -> String {
    let ((from, before), (to, after)) = (before, after);
    let [old, new] = [quoted(&format!("a/{from}")), quoted(&format!("b/{to}"))];
    let hunks = hunks(before, after);
    let renamed = match (from == to, hunks.is_empty()) {
        (true, true) => return hunks,
        (true, false) => String::new(),
        (false, is_same) => {
            let similarity = if is_same { "similarity index 100%\n" } else { "" };
            format!("{similarity}rename from {}\nrename to {}\n", quoted(from), quoted(to))
        }
    };
    // A tab ends a file name that contains a space.
    let tab = |name: &str| if name.contains(' ') { "\t" } else { "" };
    let files = match hunks.is_empty() {
        true => String::new(),
        false => format!("--- {old}{}\n+++ {new}{}\n", tab(&old), tab(&new)),
    };
    format!("diff --git {old} {new}\n{renamed}{files}{hunks}")
}

fn hunks(before: &str, after: &str) -> String {
    let input = InternedInput::new(before, after);
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    diff.unified_diff(&Lines(&input.interner), UnifiedDiffConfig::default(), &input).to_string()
}

/// Writes lines as Git does.
struct Lines<'a>(&'a Interner<&'a str>);

impl Lines<'_> {
    fn write(&self, mut out: impl fmt::Write, sign: char, lines: &[Token]) -> fmt::Result {
        for &line in lines {
            let line = self.0[line];
            let end = if line.ends_with('\n') { "" } else { "\n\\ No newline at end of file\n" };
            write!(out, "{sign}{line}{end}")?;
        }
        Ok(())
    }
}

impl UnifiedDiffPrinter for Lines<'_> {
    fn display_header(
        &self,
        mut out: impl fmt::Write,
        before: u32,
        after: u32,
        removed: u32,
        added: u32,
    ) -> fmt::Result {
        let range = |start: u32, count: u32| match count {
            // The line before the place.
            0 => format!("{start},0"),
            1 => (start + 1).to_string(),
            _ => format!("{},{count}", start + 1),
        };
        writeln!(out, "@@ -{} +{} @@", range(before, removed), range(after, added))
    }

    fn display_context_token(&self, out: impl fmt::Write, line: Token) -> fmt::Result {
        self.write(out, ' ', &[line])
    }

    fn display_hunk(&self, mut out: impl fmt::Write, before: &[Token], after: &[Token]) -> fmt::Result {
        self.write(&mut out, '-', before)?;
        self.write(out, '+', after)
    }
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
