//! A generated Git history: each file is added, changed, and ends as it was generated.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// The time of the first commit, 2022-01-03 12:00 UTC, and the latest possible time of the last, 2026-11-18.
const FIRST: u64 = 1_641_211_200;
const LAST: u64 = 1_795_003_200;

/// Makes a Git repository in `folder` with so many commits, the last of which holds these files, and checks it out.
/// The commits have the same identifiers on every machine.
///
/// # Errors
/// Git is missing or fails, or the folder can't be written.
pub fn commit(files: &BTreeMap<String, String>, commits: usize, seed: u64, folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    git(folder, &["init", "--quiet", "--initial-branch=main"])?.wait_well()?;
    let mut import = git(folder, &["fast-import", "--quiet", "--done"])?;
    let stream = import.0.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    write_stream(BufWriter::new(stream), files, &Timeline::new(files.len(), commits, seed))?;
    import.wait_well()?;
    git(folder, &["reset", "--quiet", "--hard", "main"])?.wait_well()
}

struct Git(std::process::Child);

fn git(folder: &Path, arguments: &[&str]) -> io::Result<Git> {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(arguments).stdin(Stdio::piped()).spawn().map(Git)
}

impl Git {
    fn wait_well(mut self) -> io::Result<()> {
        let status = self.0.wait()?;
        if status.success() { Ok(()) } else { Err(io::Error::other(format!("git: {status}"))) }
    }
}

/// The files that each commit changes. The first half of the commits adds all files; every other commit changes one.
struct Timeline {
    commits: Vec<Vec<usize>>,
    /// How many commits change each file.
    versions: Vec<usize>,
}

impl Timeline {
    fn new(files: usize, commits: usize, seed: u64) -> Timeline {
        let growing = commits.div_ceil(2);
        let mut versions = vec![0; files];
        let mut added = 0;
        let mut drawn = seed;
        let touched = (1..=commits).map(|number| {
            let until = if number >= growing { files } else { files * number / growing };
            let mut touched: Vec<usize> = (added..until).collect();
            added = until;
            if touched.is_empty() && added > 0 {
                // Knuth's linear congruential generator: only its high bits are random enough.
                drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                touched.push((drawn >> 33) as usize % added);
            }
            touched.iter().for_each(|&file| versions[file] += 1);
            touched
        });
        Timeline { commits: touched.collect(), versions }
    }
}

/// Writes a stream for `git fast-import`.
fn write_stream(
    mut out: impl Write,
    files: &BTreeMap<String, String>,
    timeline: &Timeline,
) -> io::Result<()> {
    let files: Vec<(&String, &String)> = files.iter().collect();
    let mut seen = vec![0; files.len()];
    let count = timeline.commits.len() as u64;
    for (number, touched) in (0..).zip(&timeline.commits) {
        let date = FIRST + (LAST - FIRST) * number / count;
        let author = 1 + number % 17;
        let message = if number == 0 { "Begin".to_owned() } else { format!("Revise, step {number}") };
        writeln!(out, "commit refs/heads/main")?;
        for role in ["author", "committer"] {
            writeln!(out, "{role} Person Number {author} <person{author}@example.org> {date} +0000")?;
        }
        writeln!(out, "data {}\n{message}", message.len())?;
        for &file in touched {
            seen[file] += 1;
            let (path, text) = files[file];
            let text = earlier(text, timeline.versions[file] - seen[file]);
            write!(out, "M 100644 inline {path}\ndata {}\n{text}\n", text.len())?;
        }
        writeln!(out)?;
    }
    writeln!(out, "done")?;
    out.flush()
}

/// Lines that differ in earlier versions of a file.
const REVISED: &[&str] = &["title: ", "statement: ", "definition: ", "# ", "value: "];

/// A file as of so many versions ago: one line differs, another one in each version.
fn earlier(text: &str, versions_ago: usize) -> String {
    if versions_ago == 0 {
        return text.to_owned();
    }
    let revised = |line: &&str| {
        let line = line.trim_start_matches([' ', '-']);
        REVISED.iter().any(|start| line.starts_with(start)) && !line.ends_with(['"', '\''])
    };
    let candidates = text.lines().filter(revised).count();
    let mut left = if candidates == 0 { usize::MAX } else { versions_ago % candidates };
    let lines = text.lines().map(|line| {
        if !revised(&line) {
            return format!("{line}\n");
        }
        let chosen = left == 0;
        left = left.wrapping_sub(1);
        if chosen { format!("{line} (draft {versions_ago})\n") } else { format!("{line}\n") }
    });
    lines.collect()
}
