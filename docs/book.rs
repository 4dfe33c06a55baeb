//! Writes the source of the documentation's site to `target/docs`: the pages of `docs/`, the page of each rule, the table
//! of contents and the index for language models. `mdbook build` reads it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use alignlint::embedded;
use alignlint::rule::{self, Rule, page};
use alignlint::text::capital;

const INDEX: &str = "README.md";

/// A page that the index lists: `* [title](path): about`.
struct Entry {
    title: String,
    path: String,
    about: String,
}

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = root.join("target/docs");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    for (path, text) in source(root) {
        let path = target.join(path);
        fs::create_dir_all(path.parent().expect("a page is in a folder"))?;
        fs::write(path, text)?;
    }
    fs::copy(root.join("docs/output.svg"), target.join("output.svg"))?;
    Ok(())
}

/// Returns all text files of the site's source, by their paths.
pub fn source(root: &Path) -> BTreeMap<String, String> {
    let mut source = pages(root);
    // The pages of rules are built, so a link to them would be broken in the repository.
    let index = source[INDEX].replace("\n* Rules: ", "\n* [Rules](rules/README.md): ");
    source.insert(INDEX.to_owned(), index.clone());
    let (summary, models) = (summary(&index, &source), index_for_models(&index));
    source.extend([("SUMMARY.md".to_owned(), summary), ("llms.txt".to_owned(), models)]);
    source
}

/// Returns the pages of `docs/` and those of the rules.
fn pages(root: &Path) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![root.join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of pages").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "md") {
                let below = path.strip_prefix(root.join("docs")).expect("it is below docs");
                let text = fs::read_to_string(&path).expect("a page is text");
                pages.insert(below.to_string_lossy().replace('\\', "/"), text);
            }
        }
    }
    let of_packs = embedded::packs().into_iter().flat_map(rule::pack_rules);
    let rules: Vec<_> = rule::embedded_rules().iter().cloned().chain(of_packs).collect();
    pages.extend(rules.iter().map(|rule| (format!("rules/{}.md", rule.id), page::render(rule))));
    pages.insert("rules/README.md".into(), index(&rules));
    pages
}

/// Returns the page that lists all rules.
fn index(rules: &[Arc<Rule>]) -> String {
    let mut page = String::from(
        "# Rules\n\nAll built-in rules. Each preset includes the ones before it: `essential`, `recommended`, `strict`.\n`--fix` applies `safe` fixes, `--fix=all` also `suggested` ones.\n",
    );
    let mut family = "";
    for rule in rules {
        if rule.family() != family {
            family = rule.family();
            let _ = writeln!(
                page,
                "\n## {}\n\n{}| rule | severity | preset | fix | finds |\n|---|---|---|---|---|",
                capital(family),
                pack_note(family)
            );
        }
        let (id, severity, preset) = (&rule.id, rule.severity.name(), rule.preset.name());
        let _ = writeln!(
            page,
            "| [{id}]({id}.md) | {severity} | {preset} | {} | {} |",
            rule.fix.as_ref().map_or("", |fix| fix.safety.name()),
            rule.title.trim_end_matches('.')
        );
    }
    page + &by_question(rules)
}

/// The questions that rules answer, by facet, in the order in which they are asked.
fn questions() -> Vec<(String, String)> {
    let text = embedded::file("schemas/facets.yaml").unwrap_or_default();
    let facets: serde_yaml::Mapping = serde_yaml::from_str(text).unwrap_or_default();
    let text = |value: serde_yaml::Value| value.as_str().unwrap_or_default().to_owned();
    facets.into_iter().map(|(facet, question)| (text(facet), text(question))).collect()
}

fn by_question(rules: &[Arc<Rule>]) -> String {
    let mut text = String::from("\n## By question\n\n| question | rules |\n|---|---|\n");
    for (facet, question) in questions() {
        let of_facet = rules.iter().filter(|rule| rule.facet == facet);
        let links: Vec<String> = of_facet.map(|rule| format!("[{0}]({0}.md)", rule.id)).collect();
        if !links.is_empty() {
            let _ = writeln!(text, "| {question} | {} |", links.join(", "));
        }
    }
    text
}

fn pack_note(family: &str) -> String {
    match embedded::packs().contains(&family) {
        true => format!("A [pack](../packs/{family}.md): on with `extends: [{family}]`.\n\n"),
        false => String::new(),
    }
}

/// Returns the sections of the index with their entries.
fn sections(index: &str) -> Vec<(String, Vec<Entry>)> {
    let mut sections: Vec<(String, Vec<Entry>)> = Vec::new();
    for line in index.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            sections.push((title.to_owned(), Vec::new()));
        } else if let (Some(entry), Some((_, entries))) = (entry(line), sections.last_mut()) {
            entries.push(entry);
        }
    }
    sections
}

fn entry(line: &str) -> Option<Entry> {
    let (title, rest) = line.strip_prefix("* [")?.split_once("](")?;
    let (path, about) = rest.split_once("): ")?;
    Some(Entry { title: title.into(), path: path.into(), about: about.into() })
}

fn title(text: &str) -> String {
    text.lines().find_map(|line| line.strip_prefix("# ")).expect("a page has a title").replace('`', "")
}

/// Returns the folder whose pages stand below an entry: that of the page, or the one with the page's name.
fn folder(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/"),
        None => format!("{}/", path.trim_end_matches(".md")),
    }
}

fn summary(index: &str, pages: &BTreeMap<String, String>) -> String {
    let mut text = String::from("# Summary\n\n[Documentation](README.md)\n");
    for (section, entries) in sections(index) {
        text += &format!("\n# {section}\n\n");
        for entry in entries {
            text += &format!("- [{}]({})\n", entry.title, entry.path);
            let folder = folder(&entry.path);
            let below = pages.range(folder.clone()..).take_while(|(path, _)| path.starts_with(&folder));
            for (path, page) in below.filter(|(path, _)| **path != entry.path) {
                text += &format!("  - [{}]({path})\n", title(page));
            }
        }
    }
    text
}

/// Returns the index that language models read, at the root of the site: <https://llmstxt.org>.
fn index_for_models(index: &str) -> String {
    let about = index.split("\n\n").nth(1).expect("the index begins with a paragraph").replace('\n', " ");
    let mut text = format!(
        "# alignlint\n\n> {about}\n\n\
         To resolve findings, run `alignlint --format agent`. `alignlint explain NAME` prints the page of a rule or kind,\n\
         `alignlint schema KIND` its JSON Schema, `alignlint --help` all subcommands. Add no ignore comment, exception or\n\
         baseline entry to silence a finding unless you are asked to.\n"
    );
    for (section, entries) in sections(index) {
        text += &format!("\n## {section}\n\n");
        for entry in entries {
            let page = entry.path.replace("README.md", "index.html").replace(".md", ".html");
            text += &format!("- [{}]({page}): {}\n", entry.title, entry.about);
        }
    }
    text
}
