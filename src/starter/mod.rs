//! `alignlint init`: surveys a repository and writes a configuration, first records without references to records that do not exist, a Git hook
//! and a workflow.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use crate::catalog::Catalog;
use crate::embedded;
use crate::finding::Fault;
use crate::kind::{FieldType, Kind, Shape, WHO};
use crate::linter::{Error, Linter};
use crate::node::Node;
use crate::output::{self, Folder, Target};
use crate::policy::{Policy, baseline};
use crate::record::Record;
use crate::snapshot::{CONFIG_FILES, Hooks, Snapshot};
use crate::syntax::{self, Document, Format};
use crate::text::{Edit, Source, applied};

mod survey;

pub use survey::Survey;

#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Kinds by name, plural or alias; a file with example records is written for each.
    pub kinds: Vec<String>,
    /// The records of a small company: a file for each kind that carries an example.
    pub example: bool,
    pub hook: bool,
    pub workflow: bool,
}

#[derive(Debug)]
pub struct Step {
    /// Empty for what is not committed.
    path: String,
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
    let (kept, kinds) = requested(request, linter.policy())?
        .into_iter()
        .partition::<Vec<_>, _>(|kind| survey.has(&kind.name) && !snapshot.has(&kind.starter_path()));
    files.extend(first_records(linter, kinds, today)?);
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
    let is_new = |step: &&Step| step.is_written && !step.path.is_empty();
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

fn workflow(snapshot: &Snapshot) -> NewFile {
    const WORKFLOW: &str = ".github/workflows/alignlint.yml";
    let text = embedded::file("schemas/starter/workflow.yaml").unwrap_or_default();
    let branch = snapshot
        .branch()
        .filter(|branch| branch.chars().all(|c| c.is_ascii_alphanumeric() || "-_/.".contains(c)));
    let text = text.replace("[main]", &format!("[{}]", branch.as_deref().unwrap_or("main")));
    let advice = "replace `OWNER` by where you found alignlint, and `COMMIT` by the commit of a release";
    NewFile { path: WORKFLOW.to_owned(), text, advice: Some(advice) }
}

const HOOK: &str = "alignlint check --staged --since HEAD";

/// The files of programs that run hooks, which may also begin with `.` or lie in `.config`, and what to add there.
const MANAGERS: [(&[&str], &str); 5] = [
    (
        &[".pre-commit-config.yaml", ".pre-commit-config.yml"],
        " under `repos`:\n  - repo: local\n    hooks:\n      - id: alignlint\n        name: alignlint\n        entry: {hook}\n        \
         language: system\n        always_run: true\n        pass_filenames: false",
    ),
    (
        &["prek.toml"],
        ":\n[[repos]]\nrepo = \"local\"\n\n[[repos.hooks]]\nid = \"alignlint\"\nname = \"alignlint\"\nentry = \"{hook}\"\n\
         language = \"system\"\nalways_run = true\npass_filenames = false",
    ),
    (&["lefthook.yml", "lefthook.yaml"], ":\npre-commit:\n  commands:\n    alignlint:\n      run: {hook}"),
    (&["lefthook.toml"], ":\n[pre-commit.commands.alignlint]\nrun = \"{hook}\""),
    (
        &["lefthook.json", "lefthook.jsonc"],
        ":\n\"pre-commit\": { \"commands\": { \"alignlint\": { \"run\": \"{hook}\" } } }",
    ),
];

/// The hooks that Git runs before a commit and before a merge that needs no commit of the user's, and what each reports.
const HOOKS: [(&str, &str); 2] =
    [("pre-commit", "it reports what a commit adds"), ("pre-merge-commit", "it reports what a merge adds")];

/// Writes Git's own hooks, unless another program or another folder has the hooks here.
fn write_hooks(snapshot: &Snapshot, hooks: &Hooks) -> Result<Vec<Step>, Fault> {
    let snapshot = snapshot.whole();
    if let Some((path, lines)) = hook_elsewhere(snapshot, hooks) {
        let lines = lines.replace("{hook}", HOOK);
        return Ok(vec![Step::of_nothing(format!("add to `{path}`{lines}"))]);
    }
    let Hooks { git_directory, .. } = hooks;
    let run_it = format!("let it run `{HOOK}`");
    let write = |(name, reports): (&str, &str)| {
        let (shown, is_written) = write_hook(snapshot, git_directory, name)?;
        let advice = if is_written { reports } else { &run_it };
        Ok(Step { path: String::new(), ..Step::of_file(shown, is_written, Some(advice)) })
    };
    HOOKS.into_iter().map(write).collect()
}

/// Returns the file in which hooks are written here if Git's own are not used, and what to add to it.
fn hook_elsewhere(snapshot: &Snapshot, hooks: &Hooks) -> Option<(String, &'static str)> {
    let configured = hooks.configured.as_deref();
    let is_husky = |folder: &str| folder.split('/').any(|name| name == ".husky");
    // Git runs generated files in `.husky/_`, which run those above.
    if configured.map_or_else(|| snapshot.has(".husky"), is_husky) {
        return Some((".husky/pre-commit".to_owned(), ":\n{hook}"));
    }
    let paths = |files: &'static [&str]| {
        files.iter().flat_map(|file| ["", ".", ".config/"].map(|before| format!("{before}{file}")))
    };
    let of_program = |(files, lines): (&'static [&str], &'static str)| {
        paths(files).find(|path| snapshot.has(path)).map(|path| (path, lines))
    };
    MANAGERS.into_iter().find_map(of_program).or_else(|| {
        let path = format!("{}/pre-commit", configured?);
        let lines = if snapshot.has(&path) { ":\n{hook} || exit 1" } else { ":\n#!/bin/sh\nexec {hook}" };
        Some((path, lines))
    })
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

fn first_records(linter: &Linter, kinds: Vec<&Arc<Kind>>, today: Date) -> Result<Vec<NewFile>, Error> {
    let texts: Vec<(&Arc<Kind>, String)> =
        kinds.into_iter().map(|kind| (kind, example(kind, today))).collect();
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let written: BTreeSet<Name> = texts.iter().flat_map(|(kind, text)| names(kind, text)).collect();
    let begins_directory = written.iter().any(|(kind, _)| WHO.contains(&&**kind));
    let known = linter.read(|input| {
        let existing = input.records().iter().map(|it| (it.kind.name.clone(), it.id.to_string())).collect();
        let author = author(input.catalog(), linter.snapshot(), begins_directory);
        Known { written: written.clone(), existing, author }
    })?;
    let file = |(kind, text): (&Arc<Kind>, String)| NewFile {
        path: kind.starter_path(),
        text: format!(
            "# {}\n# An example: change it to what holds here. All fields: `alignlint explain {}`.\n{}",
            kind.description,
            kind.name,
            known.trimmed(kind, text)
        ),
        advice: None,
    };
    Ok(texts.into_iter().map(file).collect())
}

fn requested<'p>(request: &Request, policy: &'p Policy) -> Result<Vec<&'p Arc<Kind>>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut kinds: Vec<&Arc<Kind>> = Vec::new();
    if request.example {
        kinds.extend(policy.kinds.iter().filter(|kind| kind.is_in_starter()));
    }
    for name in &request.kinds {
        match policy.kinds.find(name, &[]) {
            Ok(kind) => kinds.push(kind),
            Err(fault) => faults.push(fault),
        }
    }
    let mut seen = BTreeSet::new();
    kinds.retain(|kind| seen.insert(kind.name.clone()));
    if faults.is_empty() { Ok(kinds) } else { Err(faults) }
}

fn example(kind: &Kind, today: Date) -> String {
    kind.list_file(&kind.full_example(today).unwrap_or_else(|| kind.shortest_example(today)))
}

fn parsed(text: &str) -> Document {
    syntax::parse(Arc::new(Source::new("example.yaml", text.as_bytes().to_vec())), Format::Yaml)
}

fn items<'d>(kind: &Kind, document: &'d Document) -> &'d [Node] {
    let list = document.roots.first().and_then(|root| root.get(&kind.plural));
    list.and_then(Node::as_sequence).unwrap_or_default()
}

/// The kind and the identifier of a record.
type Name = (Arc<str>, String);

fn names(kind: &Kind, text: &str) -> Vec<Name> {
    let name = |item: &Node| Some((kind.name.clone(), item.get("id")?.as_text()?.to_owned()));
    items(kind, &parsed(text)).iter().filter_map(name).collect()
}

/// The records that references can lead to.
struct Known {
    /// The names in the examples, and those of existing records.
    written: BTreeSet<Name>,
    existing: Vec<Name>,
    /// Who is at work, where records may name them.
    author: Option<String>,
}

impl Known {
    /// Returns an example with another owner, and without fields, where a reference would lead nowhere.
    fn trimmed(&self, kind: &Kind, text: String) -> String {
        let document = parsed(&text);
        let mut edits = Vec::new();
        for item in items(kind, &document) {
            self.trim(item, &kind.shape, Some(kind), &document, &mut edits);
        }
        applied(&text, edits)
    }

    /// `record` is the kind of the mapping if that is a whole record.
    fn trim(
        &self,
        mapping: &Node,
        shape: &Shape,
        record: Option<&Kind>,
        of: &Document,
        edits: &mut Vec<Edit>,
    ) {
        let entries = mapping.entries();
        let known = entries.iter().filter_map(|entry| Some((entry, shape.by_key(&entry.key.name)?)));
        let mut accountable = record.iter().flat_map(|kind| &kind.accountable);
        let owner = accountable.find(|name| mapping.get(name).is_some());
        for (entry, field) in known {
            let ty = if let FieldType::List(inner) = &field.ty { inner } else { &field.ty };
            let values = entry.value.items();
            match ty {
                FieldType::Struct(shape) => {
                    values.iter().for_each(|part| self.trim(part, shape, None, of, edits));
                }
                FieldType::Reference(kinds) if !self.are_written(values, kinds) => {
                    let is_owner = owner.is_some_and(|name| **name == *field.name);
                    let (entry_span, span) = (entry.key.span.to(entry.value.span), entry.value.span);
                    edits.push(match self.other(kinds, is_owner) {
                        // The part of a record would lack what it is about.
                        Some(other) if is_owner || record.is_none() => {
                            let is_list = matches!(field.ty, FieldType::List(_));
                            let replacement = if is_list { format!("[{other}]") } else { other };
                            Edit { span, replacement }
                        }
                        // Nobody looks for a record of a kind that is not kept.
                        _ if record.is_none() => continue,
                        _ => Edit::removal(of.source.whole_lines(entry_span)),
                    });
                }
                _ => {}
            }
        }
    }

    fn are_written(&self, values: &[Node], kinds: &[Arc<str>]) -> bool {
        let is_written = |text: &str| {
            self.written.iter().any(|(kind, id)| (kinds.is_empty() || kinds.contains(kind)) && id == text)
        };
        values.iter().filter_map(Node::as_text).all(is_written)
    }

    /// Returns a record of these kinds for one that is not written: the Git user, where people may be named, or the first one.
    fn other(&self, kinds: &[Arc<str>], is_owner: bool) -> Option<String> {
        let all = || self.existing.iter().chain(&self.written);
        let has_directory = all().any(|(kind, _)| WHO.contains(&&**kind));
        let may_be_person = kinds.iter().any(|kind| **kind == *WHO[0]);
        let author = self.author.clone().filter(|_| may_be_person || is_owner && !has_directory);
        let first = || all().find(|(kind, _)| kinds.contains(kind)).map(|(_, id)| id.clone());
        author.or_else(first).or_else(|| (is_owner && !has_directory).then(|| "me".to_owned()))
    }
}

/// Returns the identifier of the person that Git's configuration names; Git's name if there is no directory;
/// `None` for a person who is not in the directory. `begins_directory` says that a first record of it is about to be written.
pub fn author(catalog: &Catalog, snapshot: &Snapshot, begins_directory: bool) -> Option<String> {
    let user = snapshot.git_user()?;
    let of_directory = |record: &&Record| WHO.contains(&&*record.kind.name);
    let owners: Vec<&Record> = catalog.records().iter().filter(of_directory).collect();
    if owners.is_empty() && !begins_directory {
        return Some(user.name);
    }
    let people = || owners.iter().filter(|owner| *owner.kind.name == *WHO[0]);
    let named = |name: &str| people().find(|person| !name.is_empty() && catalog.is_named(person, name));
    named(&user.email).or_else(|| named(&user.name)).map(|person| person.id.to_string())
}
