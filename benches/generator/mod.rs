//! Generated repositories of any size: a seed and a size always give the same files, with texts of realistic content
//! and length, and with defects at known locations and no other findings.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

mod draft;
mod organisation;
mod pages;
mod planting;
mod prose;
pub mod random;

use draft::{Draft, Page, Written};
use random::Random;

/// The day on which the planted defects are the only findings.
pub const AS_OF: &str = "2026-11-20";

/// The files of a generated repository.
pub struct Repository {
    /// The text of each file by its path.
    pub files: BTreeMap<String, String>,
    pub defects: Vec<Defect>,
}

/// An expected finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Defect {
    pub path: String,
    /// From 1.
    pub line: usize,
    pub rule: String,
}

impl std::fmt::Display for Defect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.rule)
    }
}

/// How many times each defect is planted: once in 500 records, and never in small repositories.
fn rounds(records: usize) -> usize {
    (records + 300) / 500
}

/// How many records of a kind are in one YAML file.
const FILE: usize = 200;

impl Repository {
    /// Generates a repository with so many decisions in Markdown, and other kinds in proportion.
    pub fn generate(records: usize, seed: u64) -> Repository {
        let mut random = Random::new(seed);
        let (plans, rounds) = (planting::plans(), rounds(records));
        let spoilt = |kind: &str| rounds * planting::spoilt(&plans, kind);
        let mut drafts = organisation::records(records, spoilt, &mut random);
        let mut planting = planting::plant(&plans, &mut drafts, rounds);
        rest_on_beliefs(&mut drafts);
        let mut files = std::mem::take(&mut planting.files);
        // The numbers of metrics, objectives and terms are for the load only.
        let config = "extends: [all]\nrules: { reference/unused: off, objective/too-many: off }\n";
        files.insert("alignlint.yaml".to_owned(), config.to_owned());
        let written = write_all(&drafts, &mut files);
        Repository { files, defects: planting.places(&written) }
    }

    /// Generates decision pages as people write them, without planted defects; if `mixed`, with other forms and goals among them.
    pub fn of_pages(count: usize, mixed: bool, seed: u64) -> Repository {
        Repository { files: pages::pages(count, mixed, seed), defects: Vec::new() }
    }

    /// Writes the files below `folder`.
    ///
    /// # Errors
    /// A file can't be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        for (path, text) in &self.files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
            std::fs::write(path, text)?;
        }
        Ok(())
    }
}

/// Refers to each open assumption from some decision, so that none is reported as unused.
fn rest_on_beliefs(drafts: &mut [Draft]) {
    let held =
        |draft: &&Draft| draft.kind == "assumption" && ["open", "validated"].contains(&draft.get("status"));
    let beliefs: Vec<String> = drafts.iter().filter(held).map(|draft| draft.id().to_owned()).collect();
    let decisions = drafts.iter_mut().filter(|draft| draft.kind == "decision");
    for (decision, belief) in
        decisions.filter(|decision| decision.get("assumptions").is_empty()).zip(beliefs.iter().cycle())
    {
        decision.set("assumptions", format!("[{belief}]"));
    }
}

/// Writes each decision as a page and all other records into lists, and returns their locations.
fn write_all(drafts: &[Draft], files: &mut BTreeMap<String, String>) -> Vec<Written> {
    let mut written = Vec::with_capacity(drafts.len());
    for kind in drafts.chunk_by(|a, b| a.kind == b.kind) {
        if kind[0].kind == "decision" {
            written.extend(kind.iter().map(|draft| write_page(draft, files)));
            continue;
        }
        for (number, chunk) in (1..).zip(kind.chunks(FILE)) {
            let plural =
                if chunk[0].kind == "person" { "people".to_owned() } else { format!("{}s", chunk[0].kind) };
            let path = format!("governance/{plural}-{number:03}.yaml");
            let mut page = Page::default();
            page.put(&format!("{plural}:"));
            written.extend(chunk.iter().map(|draft| page.put_item(draft, &path)));
            files.insert(path, page.text);
        }
    }
    written
}

fn write_page(draft: &Draft, files: &mut BTreeMap<String, String>) -> Written {
    let slug = draft.get("title").to_lowercase().replace(' ', "-");
    // Files need different names even if number and title are equal: the topic differs.
    let path = format!("docs/decisions/{}-{slug}-{}.md", draft.id(), draft.get("topic"));
    let mut page = Page::default();
    let written = page.put_markdown(draft, &path);
    files.insert(path, page.text);
    written
}
