//! The commit and date of a build, from the repository or from packaging. Reads no clock, so builds are reproducible.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Debug, PartialEq)]
pub(crate) struct Origin {
    pub commit: String,
    /// Unix time; none if packaging doesn't record it.
    pub time: Option<i64>,
    pub modified: bool,
}

/// Returns the version with commit and date: `0.1.0 (1a2b3c4d5e6f 2026-11-20)`. `SOURCE_DATE_EPOCH`
/// (reproducible-builds.org) overrides the date.
pub(crate) fn version(package: &str, origin: Option<&Origin>, epoch: Option<&str>) -> String {
    let Some(Origin { commit, time, modified }) = origin else { return package.to_owned() };
    let given = epoch.and_then(|epoch| epoch.trim().parse().ok());
    let day = given.or(time.filter(|_| !modified)).map(day);
    let modified = modified.then(|| "modified".to_owned());
    let parts: Vec<String> = [Some(commit.clone()), modified, day].into_iter().flatten().collect();
    format!("{package} ({})", parts.join(" "))
}

/// Reads the origin from the repository, else from `git archive`, else from `cargo package`.
pub(crate) fn of(root: &Path) -> Option<Origin> {
    if root.join(".git").exists() { repository(root) } else { archive(root).or_else(|| package(root)) }
}

fn repository(root: &Path) -> Option<Origin> {
    let output = git(root, &["show", "--no-patch", "--no-show-signature", "--format=%H %ct", "HEAD"])?;
    let (commit, time) = stamp(&output)?;
    let status = git(root, &["status", "--porcelain", "--untracked-files=no"])?;
    Some(Origin { commit, time, modified: !status.is_empty() })
}

pub(crate) fn watched(root: &Path) -> Vec<PathBuf> {
    let paths =
        ["HEAD", "logs/HEAD"].into_iter().filter_map(|name| git(root, &["rev-parse", "--git-path", name]));
    paths.map(|path| root.join(path)).filter(|path| path.exists()).collect()
}

fn archive(root: &Path) -> Option<Origin> {
    let (commit, time) = stamp(fs::read_to_string(root.join("build/commit.txt")).ok()?.trim())?;
    Some(Origin { commit, time, modified: false })
}

fn package(root: &Path) -> Option<Origin> {
    let text = fs::read_to_string(root.join(".cargo_vcs_info.json")).ok()?;
    let (_, rest) = text.split_once("\"sha1\"")?;
    let (commit, _) = stamp(rest.split('"').nth(1)?)?;
    Some(Origin { commit, time: None, modified: text.contains("\"dirty\": true") })
}

fn stamp(text: &str) -> Option<(String, Option<i64>)> {
    let mut words = text.split(' ');
    let commit =
        words.next().filter(|id| id.len() >= 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    Some((commit[..12].to_owned(), words.next().and_then(|time| time.parse().ok())))
}

fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
        command.env_remove(name);
    }
    let safe = format!("safe.directory={}", root.display());
    let output = command.current_dir(root).args(["-c", &safe]).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn day(seconds: i64) -> String {
    // Days since 0000-03-01, so that years end with a leap day; 400 years have 146,097 days.
    let days = seconds.div_euclid(86_400) + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next_year) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{day:02}", year + era * 400 + next_year)
}
