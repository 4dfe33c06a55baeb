//! `alignlint init`: surveys a repository and writes a configuration, first records, a Git hook and a workflow.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use jiff::civil::Date;

use crate::embedded;
use crate::finding::Fault;
use crate::linter::{Error, Linter};
use crate::output::{self, Folder, Target};
use crate::policy::baseline;
use crate::snapshot::{CONFIG_FILES, Hooks, Snapshot};

mod records;
mod survey;

pub use records::author;
pub use survey::Survey;

/// The files to write.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Kinds by name, plural or alias; a file with example records is written for each.
    pub kinds: Vec<String>,
    /// The records of a small company: a file for each kind that carries an example.
    pub example: bool,
    pub hook: bool,
    pub workflow: bool,
}

/// What was done about one file.
#[derive(Debug)]
pub struct Step {
    /// The path of the file, as it is shown.
    path: String,
    /// The sentence about it.
    pub message: String,
    pub is_written: bool,
}

impl Step {
    /// A file that was written, or one that was there before and was left as it is.
    fn of_file(path: String, is_written: bool, advice: Option<&str>) -> Step {
        let what = if is_written { "wrote `" } else { "`" };
        let left = if is_written { "`" } else { "` is there already and was left as it is" };
        let advice = advice.map_or_else(String::new, |advice| format!("; {advice}"));
        Step { message: format!("{what}{path}{left}{advice}"), path, is_written }
    }

    fn of_nothing(message: String) -> Step {
        Step { path: String::new(), message, is_written: false }
    }
}

/// A file that is to be written if there is none.
struct NewFile {
    path: String,
    text: String,
    advice: Option<&'static str>,
}

/// Writes what is requested, never over an existing file.
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
    let kept = kept.iter().map(|kind| {
        Step::of_nothing(format!(
            "wrote no example {}: there are some already; `alignlint new {} TITLE` writes the next one like them",
            kind.plural, kind.name
        ))
    });
    let mut steps: Vec<Step> = kept.collect();
    for NewFile { path, text, advice } in files {
        let target = snapshot.target(&path).unwrap_or_else(|| Target::Outside(path.clone().into()));
        let is_written = is_written(&path, target.create(text.as_bytes()))?;
        steps.push(Step::of_file(path, is_written, advice.filter(|_| is_written)));
    }
    if let Some(hooks) = hooks {
        steps.extend(write_hooks(snapshot, &hooks)?);
    }
    Ok(steps)
}

/// Returns the commands to run next, one on each line.
pub fn next_steps(linter: &Linter, survey: &Survey, request: &Request, steps: &[Step]) -> String {
    let has_records = !survey.is_empty();
    let mut text = match has_records || request.example || !request.kinds.is_empty() {
        true => {
            "next: `alignlint` checks all records; `alignlint --write-baseline` sets aside the findings that exist today\n"
        }
        false => {
            "next: `alignlint new decision TITLE` writes a first record, `alignlint init --example` a small company\n"
        }
    }
    .to_owned();
    if linter.snapshot().hooks().is_err() {
        return text;
    }
    let is_new = |step: &&Step| step.is_written && !step.path.starts_with(".git/");
    let paths: BTreeSet<&str> =
        steps.iter().filter(is_new).filter_map(|step| step.path.split('/').next()).collect();
    if !paths.is_empty() {
        let paths: Vec<&str> = paths.into_iter().collect();
        text.push_str(&format!("then commit these files: `git add {} && git commit`", paths.join(" ")));
        if has_records {
            text.push_str(&format!("; `{}` too, where you wrote one", baseline::DEFAULT_PATH));
        }
        text.push('\n');
    }
    if !(request.hook || request.workflow) {
        text.push_str("`alignlint init --hook` writes a Git hook that reports what a commit adds, `--workflow` a GitHub workflow\n");
    }
    text
}

/// Returns false for a file that is there already.
pub(crate) fn is_written(path: &str, written: Result<(), output::Error>) -> Result<bool, Fault> {
    match written {
        Ok(()) => Ok(true),
        Err(output::Error::Io(error)) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.into_fault(&format!("can't write `{path}`"))),
    }
}

/// The configuration file. One of the other name counts as well.
fn config_file(snapshot: &Snapshot, survey: &Survey) -> NewFile {
    let [usual, _] = CONFIG_FILES;
    let path = CONFIG_FILES.into_iter().find(|path| snapshot.has(path)).unwrap_or(usual);
    let text = embedded::file("schemas/starter/alignlint.yaml").unwrap_or_default();
    NewFile { path: path.to_owned(), text: text.replace("{records}\n", &survey.settings()), advice: None }
}

const WORKFLOW: &str = ".github/workflows/alignlint.yml";

fn workflow(snapshot: &Snapshot) -> NewFile {
    let text = embedded::file("schemas/starter/workflow.yaml").unwrap_or_default();
    let branch = snapshot
        .branch()
        .filter(|branch| branch.chars().all(|c| c.is_ascii_alphanumeric() || "-_/.".contains(c)));
    let text = text.replace("[main]", &format!("[{}]", branch.as_deref().unwrap_or("main")));
    let advice = "replace `OWNER` by where you found alignlint, and `COMMIT` by the commit of a release";
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
    let run_it = format!("let it run `{HOOK}`");
    let left = |path: String| Step::of_file(path, false, Some(&run_it));
    match hooks {
        _ if snapshot.has(PRE_COMMIT) => Ok(vec![left(PRE_COMMIT.to_owned())]),
        Hooks::Configured(folder) => {
            Ok(vec![Step::of_nothing(format!("Git runs the hook `{folder}/pre-commit` here; {run_it}"))])
        }
        Hooks::Own { git_directory } => {
            let write = |(name, reports): (&str, &str)| {
                let (shown, is_written) = write_hook(snapshot, git_directory, name)?;
                Ok(if is_written { Step::of_file(shown, true, Some(reports)) } else { left(shown) })
            };
            HOOKS.into_iter().map(write).collect()
        }
    }
}

fn write_hook(snapshot: &Snapshot, git_directory: &Path, name: &str) -> Result<(String, bool), Fault> {
    let path = git_directory.join("hooks").join(name);
    let shown = snapshot.root().and_then(|root| path.strip_prefix(root).ok()).unwrap_or(&path);
    let shown = shown.display().to_string();
    let text = format!("#!/bin/sh\nexec {HOOK}\n");
    let folder = Folder::open(git_directory).map_err(output::Error::from);
    let written = folder.and_then(|it| it.create(&Path::new("hooks").join(name), text.as_bytes(), true));
    let is_written = is_written(&shown, written)?;
    Ok((shown, is_written))
}
