//! The documentation as a book: its table of contents and its index for language models come from `docs/README.md`, and
//! its links lead to pages and headings of the book.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::kit::{assert_golden, files_below, project_file};

const INDEX: &str = "docs/README.md";

/// A page that the index lists: `* [title](path): about`.
struct Entry {
    title: String,
    path: String,
    about: String,
}

fn sections() -> Vec<(String, Vec<Entry>)> {
    let line = Regex::new(r"^\* \[([^\]]+)\]\(([^)]+)\): (.+)$").expect("a pattern");
    let mut sections: Vec<(String, Vec<Entry>)> = Vec::new();
    for text in project_file(INDEX).lines() {
        if let Some(title) = text.strip_prefix("## ") {
            sections.push((title.to_owned(), Vec::new()));
        } else if let Some(found) = line.captures(text) {
            let entry = Entry { title: found[1].into(), path: found[2].into(), about: found[3].into() };
            sections.last_mut().expect("a section").1.push(entry);
        }
    }
    sections
}

/// The pages, by their path below `docs/`.
fn pages() -> BTreeMap<String, String> {
    let below = |path: String| path.strip_prefix("docs/").map(str::to_owned).expect("it is below docs");
    let mut pages: BTreeMap<String, String> =
        files_below("docs", Some("md")).into_iter().map(|(path, text)| (below(path), text)).collect();
    pages.remove("SUMMARY.md");
    pages
}

fn title(text: &str) -> String {
    text.lines().find_map(|line| line.strip_prefix("# ")).expect("a page has a title").replace('`', "")
}

/// The folder whose pages stand below an entry: that of the page, or the one with the page's name.
fn folder(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/"),
        None => format!("{}/", path.trim_end_matches(".md")),
    }
}

fn summary() -> String {
    let pages = pages();
    let mut text = String::from("# Summary\n\n[Documentation](README.md)\n");
    for (section, entries) in sections() {
        text += &format!("\n# {section}\n\n");
        for entry in entries {
            text += &format!("- [{}]({})\n", entry.title, entry.path);
            let below = folder(&entry.path);
            for (path, page) in pages.range(below.clone()..).take_while(|(path, _)| path.starts_with(&below))
            {
                if *path != entry.path {
                    text += &format!("  - [{}]({path})\n", title(page));
                }
            }
        }
    }
    text
}

/// The index that language models read, at the root of the site: <https://llmstxt.org>.
fn index_for_models() -> String {
    let index = project_file(INDEX);
    let about = index.split("\n\n").nth(1).expect("the index begins with a paragraph").replace('\n', " ");
    let mut text = format!(
        "# alignlint\n\n> {about}\n\n\
         To resolve findings, run `alignlint --format agent`. `alignlint explain NAME` prints the page of a rule or kind,\n\
         `alignlint schema KIND` its JSON Schema, `alignlint --help` all subcommands. Add no ignore comment, exception or\n\
         baseline entry to silence a finding unless you are asked to.\n"
    );
    for (section, entries) in sections() {
        text += &format!("\n## {section}\n\n");
        for entry in entries {
            let page = entry.path.replace("README.md", "index.html").replace(".md", ".html");
            text += &format!("- [{}]({page}): {}\n", entry.title, entry.about);
        }
    }
    text
}

#[test]
fn the_table_of_contents_is_fresh() {
    assert_golden("docs/SUMMARY.md", &summary());
}

#[test]
fn the_index_for_language_models_is_fresh() {
    assert_golden("docs/llms.txt", &index_for_models());
}

#[test]
fn every_page_is_in_the_table_of_contents() {
    let summary = summary();
    let missing: Vec<String> =
        pages().into_keys().filter(|path| !summary.contains(&format!("]({path})"))).collect();
    assert_eq!(missing, [""; 0], "list them in {INDEX}");
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
    let code = Regex::new(r"(?s)~~~~.*?\n~~~~|```.*?\n```|``.*?``|`[^`]*`").expect("a pattern");
    let pages = pages();
    let mut broken = Vec::new();
    for (path, page) in &pages {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for found in link.captures_iter(&code.replace_all(page, "")) {
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
