//! Resolves revisions to commits.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use gix::ObjectId;
use gix::bstr::{BStr, BString, ByteSlice};
use gix::revision::spec::parse::{self, ObjectKindHint, Options};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::repository::{Repository, causes};
use super::{GitState, Snapshot, reftable};
use crate::finding::Fault;
use crate::schema::{did_you_mean, nearest};

pub(crate) fn commit(repository: &gix::Repository, rev: &str) -> Result<ObjectId, Fault> {
    let id = ObjectId::from_hex(rev.as_bytes()).ok();
    if let Some(id) = id.filter(|id| id.kind() == repository.object_hash()) {
        return peel(repository, rev, id);
    }
    let written = match reftable::references(repository)? {
        Some(references) => with_id(&references, rev)?,
        None => rev.to_owned(),
    };
    if is_head(rev)
        && let Some(branch) = unborn_branch(repository)
    {
        return Err(Fault::new(format!("branch `{branch}` has no commits yet"))
            .help("use `--staged` to check the files of the first commit"));
    }
    let options = Options { object_kind_hint: Some(ObjectKindHint::Committish), ..Options::default() };
    let spec: &BStr = written.as_str().into();
    match gix::revision::Spec::from_bstr(spec, repository, options) {
        Ok(spec) => match spec.single() {
            Some(id) => peel(repository, rev, id.detach()),
            None => Err(Fault::new(format!("expected one revision, found the range `{rev}`"))),
        },
        Err(error) => Err(unknown(repository, rev, &error)),
    }
}

/// Returns the date of a time in its own time zone.
pub(crate) fn date(time: gix::date::Time) -> Date {
    let moment = Timestamp::from_second(time.seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    Offset::from_seconds(time.offset).unwrap_or(Offset::UTC).to_datetime(moment).date()
}

fn date_of(repository: &gix::Repository, id: ObjectId) -> Result<Date, Fault> {
    let time = repository.find_commit(id).and_then(|commit| commit.time());
    time.map(date).map_err(|_| Fault::new(format!("can't read the date of `{id}`")))
}

/// Returns for each day, the oldest first, the newest commit of the main line that is not later, if there is one.
fn commits_on(
    repository: &gix::Repository,
    head: ObjectId,
    days: &[Date],
) -> Result<Vec<Option<ObjectId>>, Fault> {
    let mut found = vec![None; days.len()];
    let mut open = days.len();
    let mut next = Some(head);
    while let (Some(id), Some(_)) = (next, open.checked_sub(1)) {
        let date = date_of(repository, id)?;
        while let Some(last) = open.checked_sub(1).filter(|&last| date <= days[last]) {
            found[last] = Some(id);
            open = last;
        }
        let commit = repository.find_commit(id).ok();
        let is_end = repository.shallow_commits().ok().flatten().is_some_and(|ends| ends.contains(&id));
        next = commit.filter(|_| !is_end).and_then(|commit| commit.parent_ids().next().map(gix::Id::detach));
    }
    Ok(found)
}

/// Finds the merge bases of two commits, of which there is more than one if branches were merged both ways.
pub(super) fn merge_bases(
    repository: &gix::Repository,
    since: (&str, ObjectId),
    head: (&str, ObjectId),
) -> Result<Vec<ObjectId>, Fault> {
    let bases = repository.merge_bases_many(since.1, &[head.1]).map_err(|error| {
        let causes = causes(&error);
        Fault::new(format!("can't find the merge base of `{}` and `{}`: {causes}", since.0, head.0))
    })?;
    let bases: Vec<ObjectId> = bases.into_iter().map(gix::Id::detach).collect();
    (!bases.is_empty()).then_some(bases).ok_or_else(|| {
        let fault = Fault::new(format!("`{}` and `{}` have no common ancestor", since.0, head.0));
        if is_shallow(repository) { fault.help(SHALLOW) } else { fault }
    })
}

const SHALLOW: &str = "run `git fetch --unshallow` to fetch the commits that this shallow clone lacks, or set \
                       `fetch-depth: 0` in the checkout step on GitHub";

pub(super) fn unborn_branch(repository: &gix::Repository) -> Option<String> {
    head(repository).filter(|(_, is_born)| !is_born).map(|(branch, _)| branch)
}

/// Returns the branch that HEAD names, and true if it has a commit.
fn head(repository: &gix::Repository) -> Option<(String, bool)> {
    if let Some(references) = reftable::references(repository).ok()? {
        return Some((references.head()?.shorten().to_string(), references.find("HEAD").is_some()));
    }
    let head = repository.head().ok()?;
    Some((head.referent_name()?.shorten().to_string(), !head.is_unborn()))
}

fn is_head(rev: &str) -> bool {
    let rest = rev.strip_prefix("HEAD").or_else(|| rev.strip_prefix('@'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['~', '^', '@', '{', ':']))
}

/// Returns a revision with an id in place of the name that it begins with.
fn with_id(references: &reftable::References, rev: &str) -> Result<String, Fault> {
    let name = rev.split(['~', '^', ':']).next().unwrap_or_default();
    if name.contains("@{") {
        let fault =
            Fault::new(format!("can't look up `{rev}`: the past of a branch is not read from a reftable"));
        return Err(fault.help(format!("write the full commit id, which `git rev-parse {rev}` prints")));
    }
    let id = references.find(if name == "@" { "HEAD" } else { name });
    Ok(id.map_or_else(|| rev.to_owned(), |id| format!("{id}{}", &rev[name.len()..])))
}

fn is_shallow(repository: &gix::Repository) -> bool {
    repository.is_shallow().unwrap_or(false)
}

fn peel(repository: &gix::Repository, rev: &str, id: ObjectId) -> Result<ObjectId, Fault> {
    const FETCH: &str = "run `git fetch` to get new commits";
    let object = match repository.try_find_object(id) {
        Ok(Some(object)) => object,
        Ok(None) => {
            let fault = Fault::new(format!("commit `{rev}` is not in this clone"));
            return Err(match is_shallow(repository) {
                true => fault.help(SHALLOW),
                false => fault.help(FETCH),
            });
        }
        Err(error) => return Err(Fault::new(format!("can't read `{rev}`: {}", causes(&error)))),
    };
    let kind = object.kind;
    let commit = object.peel_to_kind(gix::object::Kind::Commit);
    commit
        .map(|commit| commit.id)
        .map_err(|_| Fault::new(format!("expected a commit, found the {kind} `{rev}`")))
}

fn unknown(repository: &gix::Repository, rev: &str, error: &gix::Error) -> Fault {
    if let Some(parse::Error::AmbiguousPrefix { candidates, .. }) = error.downcast_any_ref::<parse::Error>() {
        let ids: Vec<String> = candidates.iter().map(|(id, what)| format!("{id} ({what})")).collect();
        return Fault::new(format!("`{rev}` is ambiguous: {} object ids start with it", ids.len()))
            .help(format!("write more digits: {}", ids.join(", ")));
    }
    let fault = Fault::new(format!("unknown revision `{rev}`"));
    if is_shallow(repository) {
        return fault.help(SHALLOW);
    }
    let names = names(repository);
    let name = rev.split(['~', '^', '@', ':']).next().unwrap_or(rev);
    if name == "HEAD" || names.iter().any(|known| known == name) {
        return fault.help(format!("run `git log {name}` to list the commits of `{name}`"));
    }
    let elsewhere =
        names.iter().find(|known| known.strip_suffix(name).is_some_and(|rest| rest.ends_with('/')));
    match elsewhere.map(String::as_str).or_else(|| nearest(name, names.iter().map(String::as_str))) {
        Some(near) => fault.help(did_you_mean(near)),
        None => fault.help("run `git branch --all` or `git tag` to list the names"),
    }
}

fn names(repository: &gix::Repository) -> Vec<String> {
    let listed = listed(repository, &["refs/heads/", "refs/remotes/", "refs/tags/"]).into_iter();
    std::iter::once("HEAD".to_owned()).chain(listed.map(|(name, _)| name)).collect()
}

/// Returns the references in folders, by their names in them.
pub(super) fn listed(repository: &gix::Repository, folders: &[&str]) -> Vec<(String, ObjectId)> {
    if let Ok(Some(references)) = reftable::references(repository) {
        return folders.iter().flat_map(|folder| references.within(folder)).collect();
    }
    let Ok(references) = repository.references() else { return Vec::new() };
    let found = folders.iter().filter_map(|folder| references.prefixed(*folder).ok());
    let peeled = found.flatten().flatten().filter_map(|mut reference| {
        let id = reference.peel_to_id().ok()?.detach();
        Some((reference.name().shorten().to_string(), id))
    });
    peeled.collect()
}

/// The names in folders of the newest commit. Each folder is read once: to look up one name, Git reads all before it.
#[derive(Debug, Default)]
pub(super) struct CommittedFolders(Mutex<HashMap<String, HashSet<BString>>>);

impl CommittedFolders {
    /// Returns true if the newest commit has a path; false if it is unreadable.
    fn contain(&self, repository: &Repository, path: &str) -> bool {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut folders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !folders.contains_key(folder) {
            let names = repository.with(|repository| names_in(repository, folder)).unwrap_or_default();
            folders.insert(folder.to_owned(), names);
        }
        folders.get(folder).is_some_and(|names| names.contains(name.as_bytes().as_bstr()))
    }
}

fn names_in(repository: &gix::Repository, folder: &str) -> Option<HashSet<BString>> {
    let head = commit(repository, "HEAD").ok()?;
    let root = repository.find_commit(head).ok()?.tree().ok()?;
    let tree = match folder {
        "" => root,
        folder => root.lookup_entry_by_path(folder).ok()??.object().ok()?.try_into_tree().ok()?,
    };
    Some(tree.iter().filter_map(Result::ok).map(|entry| entry.filename().to_owned()).collect())
}

impl Snapshot {
    /// Returns the name of the current branch; `None` for a detached HEAD and outside of Git.
    pub fn branch(&self) -> Option<String> {
        self.git.as_ref()?.repository.with(head).map(|(branch, _)| branch)
    }

    /// Returns true if the state is a revision that has the file at `path`, or if the newest commit has it.
    pub fn is_committed(&self, path: &str) -> bool {
        self.git.as_ref().is_some_and(|git| match git.commit {
            Some(_) => self.get(path).is_some(),
            None => git.committed.contain(&git.repository, &self.path_in_repository(path)),
        })
    }

    /// Returns the date of a revision's commit, in the offset of its committer.
    pub(crate) fn commit_date(&self, rev: &str) -> Result<Date, Fault> {
        self.git()?.repository.with(|repository| date_of(repository, commit(repository, rev)?))
    }

    /// Finds for each day, the oldest first, the newest commit until then on the main line to this snapshot, if there is one.
    pub(crate) fn commits_on(&self, days: &[Date]) -> Result<Vec<Option<String>>, Fault> {
        let GitState { repository, commit: at, .. } = self.git()?;
        if at.is_none() && self.is_unborn("HEAD") {
            return Ok(vec![None; days.len()]);
        }
        repository.with(|repository| {
            let head = at.map_or_else(|| commit(repository, "HEAD"), Ok)?;
            let commits = commits_on(repository, head, days)?;
            Ok(commits.into_iter().map(|commit| commit.map(|id| id.to_string())).collect())
        })
    }
}
