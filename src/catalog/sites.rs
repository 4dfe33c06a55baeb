//! Whether pages are read elsewhere than on GitHub, where links have other rules.

use std::sync::LazyLock;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Deserialize;

use crate::embedded;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sites {
    sites: Vec<String>,
}

static SITES: LazyLock<GlobSet> = LazyLock::new(|| {
    let json = embedded::as_json("schemas/sites.yaml").unwrap_or_default();
    let Sites { sites } = serde_json::from_str(json).unwrap_or_default();
    let glob = |text: &String| GlobBuilder::new(text).literal_separator(true).build().ok();
    let mut set = GlobSetBuilder::new();
    sites.iter().filter_map(glob).for_each(|glob| {
        set.add(glob);
    });
    set.build().unwrap_or_default()
});

/// Returns true for a file which shows that pages are read elsewhere: on a site, or on another host.
pub(super) fn shows_site(path: &str) -> bool {
    SITES.is_match(path)
}

/// Returns true for an anchor that no heading has: a line of a file, a note, a tab, an issue, a text to search for, or `readme`, the
/// element in which GitHub shows a page.
pub(super) fn is_generated(anchor: &str) -> bool {
    let is_line = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || "lc-".contains(c))
    };
    let is_note = |rest: &str| {
        let rest = rest.strip_prefix("ref").unwrap_or(rest);
        rest.trim_start_matches([':', '-', '_']).chars().all(|c| c.is_ascii_digit())
    };
    matches!(anchor, "top" | "readme")
        || anchor.starts_with("user-content-")
        || anchor.starts_with("__")
        || anchor.strip_prefix('l').is_some_and(is_line)
        || anchor.strip_prefix("fn").is_some_and(is_note)
        || anchor.contains([':', '/', '='])
        || anchor.chars().all(|c| c.is_ascii_digit() || !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_notes_and_tabs_are_no_headings() {
        for anchor in "l7 l7-l12 l7c1-l9c4 fn1 fnref:2 tab/linux :~:text=x __t_1_2 ? 185".split(' ') {
            assert!(is_generated(anchor), "{anchor}");
        }
        for anchor in "links l lc function fnord 7-lines".split(' ') {
            assert!(!is_generated(anchor), "{anchor}");
        }
        assert!(shows_site("mkdocs.yml") && shows_site("docs/book.toml") && !shows_site("docs/adr/0001.md"));
    }
}
