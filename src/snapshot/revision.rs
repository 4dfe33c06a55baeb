//! Which commit a person means by a revision, and what to say where none is meant.

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice};
use gix::revision::spec::parse::{self, ObjectKindHint, Options};

use super::repository::causes;
use crate::finding::Fault;
use crate::schema::{did_you_mean, nearest};

/// The commit that `rev` names, in any of the ways that Git has for it.
///
/// # Errors
///
/// It names nothing, several things, or something that is no commit.
pub(super) fn commit(repository: &gix::Repository, rev: &str) -> Result<ObjectId, Fault> {
    if let Some(id) = full_id(repository, rev) {
        return peeled(repository, rev, id);
    }
    if keeps_reftable(repository) {
        return Err(reftable(rev));
    }
    if is_head(rev)
        && let Some(branch) = unborn_branch(repository)
    {
        return Err(Fault::new(format!(
            "`{rev}` is no commit yet: nothing is committed on branch `{branch}`"
        ))
        .help("`--staged` checks what the first commit will hold."));
    }
    if let Some(name) = branch_and_tag(repository, rev) {
        return Err(Fault::new(format!("`{name}` is a branch and a tag, of different commits"))
            .help(format!("Write `heads/{name}` or `tags/{name}`.")));
    }
    let options = Options { object_kind_hint: Some(ObjectKindHint::Committish), ..Options::default() };
    let spec: &BStr = rev.into();
    match gix::revision::Spec::from_bstr(spec, repository, options) {
        Ok(spec) => match spec.single() {
            Some(id) => peeled(repository, rev, id.detach()),
            None => Err(Fault::new(format!("`{rev}` is a range, and one revision is asked for"))),
        },
        Err(error) => Err(unknown(repository, rev, &error)),
    }
}

/// The commit that stands for all that two commits have in common.
///
/// # Errors
///
/// They have nothing in common, or this clone does not reach back to it.
pub(super) fn merge_base(
    repository: &gix::Repository,
    since: (&str, ObjectId),
    head: (&str, ObjectId),
) -> Result<ObjectId, Fault> {
    let base = repository.merge_base(since.1, head.1).map_err(|error| {
        let causes = causes(&error);
        Fault::new(format!("what `{}` and `{}` have in common can't be found: {causes}", since.0, head.0))
    })?;
    base.map(gix::Id::detach).ok_or_else(|| {
        let fault = Fault::new(format!("`{}` and `{}` have no commit in common", since.0, head.0));
        if is_shallow(repository) { fault.help(SHALLOW) } else { fault }
    })
}

const SHALLOW: &str = "This clone is shallow: older commits are not in it, and how many are missing can't be told \
                       from here. `git fetch --unshallow` brings them all; on GitHub, `fetch-depth: 0` in the checkout \
                       step.";

/// What brings a commit that a shallow clone does not have.
fn deepen(repository: &gix::Repository, rev: &str) -> String {
    let Some(count) = missing(repository, rev) else { return SHALLOW.to_owned() };
    let commits = if count == 1 { "commit is" } else { "commits are" };
    format!(
        "This clone is shallow: {count} more {commits} needed. `git fetch --deepen={count}` brings as many; on GitHub, \
         `fetch-depth: 0` in the checkout step all there are."
    )
}

/// How many commits before the end of a shallow clone `main~7` is; none where it is not a matter of counting
/// first parents.
fn missing(repository: &gix::Repository, rev: &str) -> Option<u64> {
    let name = rev.split(['~', '^']).next()?;
    let wanted = generations(&rev[name.len()..])?;
    let ends = repository.shallow_commits().ok()??;
    let mut commit = repository.rev_parse_single(name).ok()?.object().ok()?.peel_to_commit().ok()?.id;
    let mut there = 0;
    while !ends.contains(&commit) {
        let object = repository.find_object(commit).ok()?.try_into_commit().ok()?;
        commit = object.parent_ids().next()?.detach();
        there += 1;
    }
    wanted.checked_sub(there).filter(|missing| *missing > 0)
}

/// How many first parents `~3^~` goes back.
fn generations(suffix: &str) -> Option<u64> {
    let mut sum: u64 = 0;
    let mut rest = suffix;
    while !rest.is_empty() {
        let after = rest.strip_prefix(['~', '^'])?;
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let count: u64 = if digits == 0 { 1 } else { after[..digits].parse().ok()? };
        // `^2` is another parent.
        let is_first = rest.starts_with('~') || count == 1;
        sum = sum.checked_add(is_first.then_some(count)?)?;
        rest = &after[digits..];
    }
    Some(sum)
}

/// The branch that has no commit yet, where HEAD is on one.
pub(super) fn unborn_branch(repository: &gix::Repository) -> Option<String> {
    let head = repository.head().ok().filter(gix::Head::is_unborn)?;
    head.referent_name().map(|name| name.shorten().to_string())
}

/// Whether `rev` is HEAD, or counted from it.
pub(super) fn is_head(rev: &str) -> bool {
    let rest = rev.strip_prefix("HEAD").or_else(|| rev.strip_prefix('@'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['~', '^', '@', '{', ':']))
}

/// Whether branches are kept in the form that the Git library can't read.
pub(super) fn keeps_reftable(repository: &gix::Repository) -> bool {
    let storage = repository.config_snapshot().string("extensions.refStorage");
    storage.is_some_and(|storage| storage.eq_ignore_ascii_case(b"reftable"))
}

/// What a repository with a reftable has to be asked instead.
pub(super) fn reftable(rev: &str) -> Fault {
    Fault::new(format!("`{rev}` can't be looked up: this repository keeps its branches in a reftable")).help(
        format!(
            "Give the commit's full identifier, which `git rev-parse {rev}` prints, or run `git refs migrate \
             --ref-format=files`."
        ),
    )
}

fn is_shallow(repository: &gix::Repository) -> bool {
    repository.is_shallow().unwrap_or(false)
}

fn full_id(repository: &gix::Repository, rev: &str) -> Option<ObjectId> {
    ObjectId::from_hex(rev.as_bytes()).ok().filter(|id| id.kind() == repository.object_hash())
}

/// The commit that a tag, or a tag of a tag, stands for.
fn peeled(repository: &gix::Repository, rev: &str, id: ObjectId) -> Result<ObjectId, Fault> {
    let object = match repository.try_find_object(id) {
        Ok(Some(object)) => object,
        Ok(None) => {
            let fault = Fault::new(format!("there is no commit `{rev}` in this clone"));
            return Err(match is_shallow(repository) {
                true => fault.help(deepen(repository, rev)),
                false => fault.help(FETCH),
            });
        }
        Err(error) => return Err(Fault::new(format!("`{rev}` can't be read: {}", causes(&error)))),
    };
    let kind = object.kind;
    let commit = object.peel_to_kind(gix::object::Kind::Commit);
    commit.map(|commit| commit.id).map_err(|_| Fault::new(format!("`{rev}` is a {kind}, and no commit")))
}

/// The name at the start of `rev`, where a branch and a tag both have it. Git takes the tag.
fn branch_and_tag<'r>(repository: &gix::Repository, rev: &'r str) -> Option<&'r str> {
    let name = name_in(rev);
    let id = |folder: &str| {
        let reference = repository.try_find_reference(&*format!("refs/{folder}/{name}")).ok().flatten()?;
        reference.into_fully_peeled_id().ok()
    };
    let (branch, tag) = (id("heads")?, id("tags")?);
    (branch != tag).then_some(name)
}

/// The name that a revision starts with, before what is counted from it.
fn name_in(rev: &str) -> &str {
    rev.split(['~', '^', '@', ':']).next().unwrap_or(rev)
}

const FETCH: &str = "`git fetch` brings what others have pushed since.";

fn unknown(repository: &gix::Repository, rev: &str, error: &gix::Error) -> Fault {
    if let Some(parse::Error::AmbiguousPrefix { candidates, .. }) = error.downcast_any_ref::<parse::Error>() {
        let ids: Vec<String> = candidates.iter().map(|(id, what)| format!("{id} ({what})")).collect();
        return Fault::new(format!("`{rev}` may be any of {} objects", ids.len()))
            .help(format!("Write more of it: {}.", ids.join(", ")));
    }
    let fault = Fault::new(format!("there is no revision `{rev}` in this repository"));
    if is_shallow(repository) {
        return fault.help(deepen(repository, rev));
    }
    let names = names(repository);
    let name = name_in(rev);
    if name == "HEAD" || names.iter().any(|known| known == name) {
        return fault.help(format!("`{name}` is there; `git log {name}` shows what leads up to it."));
    }
    let elsewhere =
        names.iter().find(|known| known.strip_suffix(name).is_some_and(|rest| rest.ends_with('/')));
    match elsewhere.map(String::as_str).or_else(|| nearest(name, names.iter().map(String::as_str))) {
        Some(near) => fault.help(did_you_mean(near)),
        None => fault.help("`git branch --all` and `git tag` list the names there are."),
    }
}

/// HEAD, and the names of branches, local ones first, and of tags.
fn names(repository: &gix::Repository) -> Vec<String> {
    let mut names = vec!["HEAD".to_owned()];
    if let Ok(references) = repository.references() {
        let listed = [references.local_branches(), references.remote_branches(), references.tags()];
        let listed = listed.into_iter().flatten().flatten().flatten();
        names.extend(listed.map(|reference| reference.name().shorten().to_str_lossy().into_owned()));
    }
    names
}
