//! The documentation as a book: every page is in its table of contents, and its links lead to pages and headings of the book.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::kit::project;

#[path = "../../../docs/book.rs"]
#[expect(dead_code, reason = "it is a program of its own")]
mod site;

/// The pages, by their path in the book.
fn pages() -> BTreeMap<String, String> {
    let is_page = |path: &str| path.ends_with(".md") && path != "SUMMARY.md";
    site::source(project()).into_iter().filter(|(path, _)| is_page(path)).collect()
}

#[test]
fn every_page_is_in_the_table_of_contents() {
    let summary = &site::source(project())["SUMMARY.md"];
    let missing: Vec<String> =
        pages().into_keys().filter(|path| !summary.contains(&format!("]({path})"))).collect();
    assert_eq!(missing, [""; 0], "list them in docs/README.md");
}

/// The identifiers of the headings of a page, as GitHub and mdBook make them.
fn anchors(page: &str) -> BTreeSet<String> {
    let link = Regex::new(r"\[([^\]]*)\]\([^)]*\)").expect("a pattern");
    let (mut anchors, mut is_code) = (BTreeSet::new(), false);
    for line in page.lines() {
        is_code ^= line.starts_with("```");
        let Some(heading) = line.strip_prefix('#').filter(|_| !is_code) else { continue };
        let text = heading.trim_start_matches('#').trim().to_lowercase();
        let text = link.replace_all(&text, "$1");
        let kept = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        anchors.insert(text.chars().filter(|c| kept(*c)).collect::<String>().replace(' ', "-"));
    }
    anchors
}

#[test]
fn links_lead_to_pages_and_headings_of_the_book() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").expect("a pattern");
    let pages = pages();
    let mut broken = Vec::new();
    for (path, page) in &pages {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for found in link.captures_iter(&without_code(page)) {
            let target = &found[1];
            if target.contains("://") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { path.clone() } else { resolve(folder, file) };
            let is_picture = file.ends_with(".svg");
            let leads = match pages.get(&file) {
                Some(page) => anchor.is_empty() || anchors(page).contains(anchor),
                None => is_picture,
            };
            if !leads {
                broken.push(format!("{path}: {target}"));
            }
        }
    }
    assert_eq!(broken, [""; 0]);
}

fn resolve(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Returns the text of a page without its code blocks and the code in its lines.
fn without_code(page: &str) -> String {
    let code = Regex::new(r"``.*?``|`[^`]*`").expect("a pattern");
    let (mut fence, mut text) = ("", String::new());
    for line in page.lines() {
        let mark = ["```", "~~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
        match mark {
            Some(mark) if fence.is_empty() => fence = mark,
            Some(mark) if fence == mark => fence = "",
            _ if fence.is_empty() => text += &format!("{}\n", code.replace_all(line, "")),
            _ => {}
        }
    }
    text
}
