//! Repositories of any size, for benchmarks and tests: the same for one seed and size, realistic in what
//! a record says and how long it is, with defects at known places and no other finding.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

mod draft;
mod organisation;
mod planting;
mod prose;
pub mod random;

use draft::{Draft, Page, Written};
use random::Random;

/// The day as of which nothing is due but what was planted.
pub const AS_OF: &str = "2026-11-20";

/// The files of a generated repository.
pub struct Repository {
    /// By path, relative to the root.
    pub files: BTreeMap<String, String>,
    pub defects: Vec<Defect>,
}

/// A finding that a check of the repository must have.
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

/// How often each defect is planted: once in 500 records, and not at all where there are too few.
fn rounds(records: usize) -> usize {
    (records + 300) / 500
}

/// Records of a kind that one structured file holds.
const FILE: usize = 200;

impl Repository {
    /// A repository of so many decision records in Markdown, and of the other kinds as many as fit them.
    pub fn generate(records: usize, seed: u64) -> Repository {
        let mut random = Random::new(seed);
        let mut drafts = organisation::records(records, &mut random);
        let mut planting = planting::plant(&mut drafts, rounds(records));
        rest_on_beliefs(&mut drafts);
        let mut files = std::mem::take(&mut planting.files);
        files.insert("alignlint.yaml".to_owned(), "extends: [all]\n".to_owned());
        let written = write_all(&drafts, &mut files);
        Repository { files, defects: planting.places(&written) }
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

/// Something rests on every belief that still holds, so that none is kept for its own sake.
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

/// Writes decisions as pages of their own and everything else into lists, and says where each stands.
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
    // Two pages of one number and title are two files all the same: the topic tells them apart.
    let path = format!("docs/decisions/{}-{slug}-{}.md", draft.id(), draft.get("topic"));
    let mut page = Page::default();
    let written = page.put_markdown(draft, &path);
    files.insert(path, page.text);
    written
}
