//! Suggests patterns in place of one that matches no file.

use std::collections::BTreeSet;

use super::Globs;
use crate::schema::nearest;

/// The most files that are compared with a pattern.
const MOST: usize = 20_000;

/// Returns the pattern nearest to one that matches none of `paths`: with the names of folders that exist, from the root, and
/// in the syntax of globs.
pub fn nearest_pattern<'p>(pattern: &str, paths: impl Iterator<Item = &'p str>) -> Option<String> {
    let paths: Vec<&str> = paths.take(MOST).collect();
    if pattern.contains(", ") && !pattern.contains('{') {
        return Some(format!("[{pattern}]"));
    }
    let pattern = pattern.trim_start_matches("./").trim_start_matches('/');
    let as_glob =
        pattern.trim_start_matches('^').trim_end_matches('$').replace("\\.", ".").replace(".*", "*");
    let with_slashes = pattern.replace('\\', "/");
    let respelt = respelt(&with_slashes, &paths);
    let candidates = [Some(as_glob), Some(with_slashes), respelt].into_iter().flatten();
    candidates.into_iter().filter(|candidate| candidate != pattern).find(|it| is_of_some(it, &paths)).or_else(
        || {
            let glob = Globs::parse(pattern).ok()?;
            let below = |path: &&str| {
                path.match_indices('/').map(|(at, _)| at).find(|at| glob.matches(&path[at + 1..]))
            };
            let (folder, has_folder) =
                paths.iter().find_map(|path| Some((&path[..below(path)?], pattern.contains('/'))))?;
            Some(if has_folder { format!("{folder}/{pattern}") } else { format!("**/{pattern}") })
        },
    )
}

fn is_of_some(pattern: &str, paths: &[&str]) -> bool {
    Globs::parse(pattern).is_ok_and(|glob| paths.iter().any(|path| glob.matches(path)))
}

/// The pattern with the nearest names of folders and files that there are.
fn respelt(pattern: &str, paths: &[&str]) -> Option<String> {
    let mut known = String::new();
    let mut is_changed = false;
    let parts: Vec<&str> = pattern.split('/').collect();
    for (at, part) in parts.iter().enumerate() {
        if part.contains(['*', '?', '[', '{']) {
            let rest = parts[at..].join("/");
            return is_changed.then(|| format!("{known}{rest}"));
        }
        let names: BTreeSet<&str> =
            paths.iter().filter_map(|path| path.strip_prefix(&*known)?.split('/').next()).collect();
        let name = match names.contains(part) {
            true => part,
            false => {
                is_changed = true;
                nearest(part, names.iter().copied())?
            }
        };
        known += name;
        known += if at + 1 < parts.len() { "/" } else { "" };
    }
    is_changed.then_some(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_corrected_by_what_there_is() {
        let paths = ["docs/changes/CN-1-a.md", "governance/decisions.yaml", "Policy/rules/a/b.yaml"];
        for (pattern, meant) in [
            ("goverance/*.yaml", Some("governance/*.yaml")),
            ("goverance", Some("governance")),
            ("policy", Some("Policy")),
            ("doc/changes/**", Some("docs/changes/**")),
            ("changes/CN-*.md", Some("docs/changes/CN-*.md")),
            ("*.md", Some("**/*.md")),
            ("docs\\changes\\**", Some("docs/changes/**")),
            ("docs/changes/CN-.*\\.md", Some("docs/changes/CN-*.md")),
            ("governance/decision.yaml", Some("governance/decisions.yaml")),
            ("vendor/**, build/**", Some("[vendor/**, build/**]")),
            ("vendor/**", None),
            ("archive/*.md", None),
        ] {
            assert_eq!(nearest_pattern(pattern, paths.into_iter()).as_deref(), meant, "{pattern}");
        }
    }
}
