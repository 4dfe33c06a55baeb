//! `alignlint init`: surveys a repository and writes a configuration, first records, a Git hook and a workflow.

use std::path::Path;
use std::{fmt, io};

use jiff::civil::Date;

use crate::embedded;
use crate::finding::Fault;
use crate::kind::Kind;
use crate::linter::{Error, Linter};
use crate::output::{self, Folder, Target};
use crate::policy::baseline;
use crate::snapshot::{CONFIG_FILES, Hooks, Snapshot};

mod author;
mod records;
mod survey;
mod tried;

pub use author::author;
pub use survey::{Found, RecordPlace, Survey};

/// The files to write.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Kinds by name, plural or alias; a file with example records is written for each.
    pub kinds: Vec<String>,
    /// The records of a small company: a file for each kind that carries an example.
    pub example: bool,
    /// The Git hook.
    pub hook: bool,
    /// The GitHub workflow.
    pub workflow: bool,
}

/// The result for one file.
#[derive(Debug)]
pub struct Step {
    /// The path of the file, as it is shown.
    pub path: String,
    pub outcome: Outcome,
    /// A further explanation or instruction.
    pub advice: Option<String>,
}

/// Whether a file was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Written,
    /// It was there before, and was left as it is.
    Left,
    /// It belongs to another program, and may not exist yet.
    Foreign,
    /// Example records of a kind, by its plural, of which there are records already.
    Kept,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.outcome {
            Outcome::Written => write!(f, "wrote `{}`", self.path)?,
            Outcome::Left => write!(f, "`{}` is there already and was left as it is", self.path)?,
            Outcome::Foreign => write!(f, "Git runs the hook `{}` here", self.path)?,
            Outcome::Kept => write!(f, "wrote no example {}: there are some already", self.path)?,
        }
        self.advice.as_ref().map_or(Ok(()), |advice| write!(f, "; {advice}"))
    }
}

/// A file that is to be written if there is none.
struct NewFile {
    path: String,
    text: String,
    advice: Option<String>,
}

/// Writes what is requested, never over an existing file. All or nothing of the request is known to be possible before
/// the first file is written.
///
/// # Errors
/// A kind is unknown or has no example, there is no repository for a hook, or a file can't be written.
pub fn write(linter: &Linter, survey: &Survey, request: &Request, today: Date) -> Result<Vec<Step>, Error> {
    let snapshot = linter.snapshot();
    let hooks = request.hook.then(|| snapshot.hooks()).transpose()?;
    let mut files = vec![config_file(snapshot, survey)];
    let (kept, kinds) = records::requested(request, linter.policy())?
        .into_iter()
        .partition::<Vec<_>, _>(|kind| survey.has(&kind.name) && !snapshot.has(&kind.starter_path()));
    files.extend(records::files(linter, kinds, today)?);
    if request.workflow {
        files.push(workflow(snapshot));
    }
    let mut steps: Vec<Step> = kept.into_iter().map(|kind| kept_step(kind)).collect();
    for file in files {
        steps.push(write_file(snapshot, file)?);
    }
    if let Some(hooks) = hooks {
        steps.extend(write_hooks(snapshot, &hooks)?);
    }
    Ok(steps)
}

fn kept_step(kind: &Kind) -> Step {
    let advice = format!("`alignlint new {} TITLE` writes the next one like them", kind.name);
    Step { path: kind.plural.to_string(), outcome: Outcome::Kept, advice: Some(advice) }
}

/// Returns the commands to run next, one on each line.
pub fn next_steps(linter: &Linter, survey: &Survey, request: &Request, steps: &[Step]) -> String {
    let has_records = !(survey.found.is_empty() && survey.places.is_empty());
    let mut text = match has_records || request.example || !request.kinds.is_empty() {
        true => {
            "next: `alignlint` checks all records; `alignlint --write-baseline` sets aside the findings that exist today"
        }
        false => {
            "next: `alignlint new decision TITLE` writes a first record, `alignlint init --example` a small company"
        }
    }
    .to_owned();
    let is_new = |step: &&Step| step.outcome == Outcome::Written && !step.path.starts_with(".git/");
    let mut paths: Vec<&str> = Vec::new();
    for step in steps.iter().filter(is_new) {
        let first = step.path.split('/').next().unwrap_or_default();
        if !paths.contains(&first) {
            paths.push(first);
        }
    }
    if !paths.is_empty() && linter.snapshot().hooks().is_ok() {
        text.push_str(&format!("\nthen commit these files: `git add {} && git commit`", paths.join(" ")));
        if has_records {
            text.push_str(&format!("; `{}` too, where you wrote one", baseline::DEFAULT_PATH));
        }
    }
    text
}

fn write_file(snapshot: &Snapshot, file: NewFile) -> Result<Step, Fault> {
    let target = match snapshot.target(&file.path) {
        Some(target) => target,
        None => Target::Outside(file.path.clone().into()),
    };
    let outcome = outcome(&file.path, target.create(file.text.as_bytes()))?;
    let advice = file.advice.filter(|_| outcome == Outcome::Written);
    Ok(Step { path: file.path, outcome, advice })
}

fn outcome(path: &str, written: Result<(), output::Error>) -> Result<Outcome, Fault> {
    match written {
        Ok(()) => Ok(Outcome::Written),
        Err(output::Error::Io(error)) if error.kind() == io::ErrorKind::AlreadyExists => Ok(Outcome::Left),
        Err(error) => Err(error.into_fault(&format!("can't write `{path}`"))),
    }
}

/// The configuration file. One of the other name counts as well.
fn config_file(snapshot: &Snapshot, survey: &Survey) -> NewFile {
    let [usual, _] = CONFIG_FILES;
    let path = CONFIG_FILES.into_iter().find(|path| snapshot.has(path)).unwrap_or(usual);
    let text = embedded::file("schemas/starter/alignlint.yaml").unwrap_or_default();
    NewFile {
        path: path.to_owned(),
        text: text.replace("{records}\n", &(survey.records_entry() + &survey.adoption_comment())),
        advice: None,
    }
}

const WORKFLOW: &str = ".github/workflows/alignlint.yml";

fn workflow(snapshot: &Snapshot) -> NewFile {
    let text = embedded::file("schemas/starter/workflow.yaml").unwrap_or_default();
    let branch = snapshot
        .branch()
        .filter(|branch| branch.chars().all(|c| c.is_ascii_alphanumeric() || "-_/.".contains(c)));
    let text = text.replace("[main]", &format!("[{}]", branch.as_deref().unwrap_or("main")));
    let advice =
        "replace `OWNER` by where you found alignlint, and `COMMIT` by the commit of a release".to_owned();
    NewFile { path: WORKFLOW.to_owned(), text, advice: Some(advice) }
}

/// The command that the hook runs.
const HOOK: &str = "alignlint check --staged --since HEAD";

const PRE_COMMIT: &str = ".pre-commit-config.yaml";

/// The hooks that Git runs before a commit and before a merge that needs no commit of the user's, and what each reports.
const HOOKS: [(&str, &str); 2] =
    [("pre-commit", "it reports what a commit adds"), ("pre-merge-commit", "it reports what a merge adds")];

/// Writes Git's own hooks, unless another program runs the hooks here.
fn write_hooks(snapshot: &Snapshot, hooks: &Hooks) -> Result<Vec<Step>, Fault> {
    let run_it =
        |path: String, outcome: Outcome| Step { advice: Some(format!("let it run `{HOOK}`")), path, outcome };
    if snapshot.has(PRE_COMMIT) {
        return Ok(vec![run_it(PRE_COMMIT.to_owned(), Outcome::Left)]);
    }
    match hooks {
        Hooks::Configured(folder) => Ok(vec![run_it(format!("{folder}/pre-commit"), Outcome::Foreign)]),
        Hooks::Own { git_directory } => {
            let write = |(name, reports): (&str, &str)| {
                let (shown, outcome) = write_hook(snapshot, git_directory, name)?;
                Ok(match outcome {
                    Outcome::Written => Step { path: shown, outcome, advice: Some(reports.to_owned()) },
                    left @ (Outcome::Left | Outcome::Foreign | Outcome::Kept) => run_it(shown, left),
                })
            };
            HOOKS.into_iter().map(write).collect()
        }
    }
}

fn write_hook(snapshot: &Snapshot, git_directory: &Path, name: &str) -> Result<(String, Outcome), Fault> {
    let path = git_directory.join("hooks").join(name);
    let shown = snapshot.root().and_then(|root| path.strip_prefix(root).ok()).unwrap_or(&path);
    let shown = shown.display().to_string();
    let text = format!("#!/bin/sh\nexec {HOOK}\n");
    let folder = Folder::open(git_directory).map_err(output::Error::from);
    let written = folder.and_then(|it| it.create(&Path::new("hooks").join(name), text.as_bytes(), true));
    let outcome = outcome(&shown, written)?;
    Ok((shown, outcome))
}
