//! Repository discovery, a pool of handles for threads, and what Git is configured to do.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use gix::bstr::ByteSlice;
use gix::discover::upwards;
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use gix::open;
use gix::sec::Trust;
use gix::sec::trust::{DefaultForLevel, Mapping};

use crate::cache::Cache;
use crate::finding::Fault;
use crate::output;
use crate::text::single_spaced;

use super::Snapshot;

pub(super) struct Repository {
    pub(super) shared: gix::ThreadSafeRepository,
    /// Unused handles, each with its own object caches.
    idle: Mutex<Vec<gix::Repository>>,
    cache: OnceLock<Option<Arc<Cache>>>,
}

impl Repository {
    /// Opens the repository that Git would use in `start`, an absolute path; `None` outside of Git.
    pub(super) fn discover(start: &Path) -> Result<Option<Arc<Repository>>, Fault> {
        // Like Git, don't compute the checksum of the index, which takes a third of the time to list a worktree.
        const SKIP_INDEX_HASH: &str = "index.skipHash=true";
        let options = |trust| open::Options::default_for_level(trust).config_overrides([SKIP_INDEX_HASH]);
        let trust_map = Mapping { full: options(Trust::Full), reduced: options(Trust::Reduced) };
        let discovery = upwards::Options::default();
        match gix::ThreadSafeRepository::discover_with_environment_overrides_opts(start, discovery, trust_map)
        {
            Ok(shared) => {
                Ok(Some(Arc::new(Repository { shared, idle: Mutex::default(), cache: OnceLock::new() })))
            }
            Err(error) => discovery_error(start, &error),
        }
    }

    pub(super) fn with<T>(&self, work: impl FnOnce(&gix::Repository) -> T) -> T {
        let handle = self.handle();
        let result = work(&handle);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
        result
    }

    fn handle(&self) -> gix::Repository {
        // Cache of unpacked delta bases for each handle, in bytes. A larger one was not measurably faster.
        const PACK_CACHE: usize = 1 << 20;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| {
            let mut handle = self.shared.to_thread_local();
            handle.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(PACK_CACHE)));
            handle
        })
    }

    /// Enables the cache, in the directory that all worktrees share, if that can be opened.
    pub(super) fn enable_cache(&self) -> Result<(), Fault> {
        let common_dir = self.common_dir();
        let cache = match Cache::open(&common_dir, CACHE_DIR) {
            Err(error @ output::Error::Link(_)) => {
                let fault = error.into_fault(&format!("can't use the cache in `{}`", common_dir.display()));
                return Err(fault.help("remove the link, or pass `--no-cache`"));
            }
            opened => opened.ok(),
        };
        self.cache.get_or_init(|| cache);
        Ok(())
    }

    pub(super) fn cache(&self) -> Option<&Arc<Cache>> {
        self.cache.get()?.as_ref()
    }

    pub(super) fn replaces_objects(&self) -> bool {
        self.with(|repository| repository.objects.store_ref().replacements().next().is_some())
    }

    /// Returns the canonical root of the worktree; `None` in a bare repository.
    pub(super) fn root(&self, start: &Path) -> Result<Option<PathBuf>, Fault> {
        let Some(root) = self.with(|repository| declared_root(repository, start)) else { return Ok(None) };
        let root = root.canonicalize().map_err(|error| {
            Fault::new(format!("can't open the working tree `{}`: {}", root.display(), super::cause(&error)))
        })?;
        Ok(Some(root))
    }

    /// Returns the directory of Git that all worktrees share, without `..`.
    fn common_dir(&self) -> PathBuf {
        let shared = self.with(|repository| repository.common_dir().to_owned());
        shared.canonicalize().unwrap_or(shared)
    }

    /// Returns the folder that holds what all worktrees share: the main worktree, or a bare repository itself.
    pub(super) fn folder(&self) -> PathBuf {
        let shared = self.common_dir();
        match shared.parent() {
            Some(parent) if shared.ends_with(".git") => parent.to_owned(),
            _ => shared,
        }
    }

    pub(super) fn is_partial(&self) -> bool {
        self.with(is_partial)
    }
}

/// The folder of the cache in the directory of Git.
const CACHE_DIR: &str = "alignlint";

/// Returns what a bug report says about the repository around a folder; `None` outside of Git.
pub fn git_facts(start: &Path) -> Result<Option<Vec<(&'static str, String)>>, Fault> {
    let start = super::canonical(start)?;
    let Some(repository) = Repository::discover(&start)? else { return Ok(None) };
    let cache = repository.common_dir().join(CACHE_DIR).is_dir();
    let yes_or_no = |is: bool| if is { "yes" } else { "no" }.to_owned();
    Ok(Some(repository.with(|it| {
        let config = it.config_snapshot();
        let worktree = match it.kind() {
            _ if it.workdir().is_none() => "none, the repository is bare",
            gix::repository::Kind::LinkedWorkTree => "linked",
            gix::repository::Kind::Submodule => "of a submodule",
            gix::repository::Kind::Common => "main",
        };
        let references = config.string("extensions.refStorage");
        vec![
            ("worktree", worktree.to_owned()),
            ("object format", it.object_hash().to_string()),
            ("reference format", references.map_or_else(|| "files".to_owned(), |name| name.to_string())),
            ("shallow", yes_or_no(it.is_shallow().unwrap_or(false))),
            ("partial", yes_or_no(is_partial(it))),
            ("sparse", yes_or_no(config.boolean("core.sparseCheckout") == Some(true))),
            ("cache", yes_or_no(cache)),
        ]
    })))
}

/// Returns true if the clone leaves objects to be fetched when Git needs them.
pub(crate) fn is_partial(repository: &gix::Repository) -> bool {
    let config = repository.config_snapshot();
    let mut remotes = config.sections_by_name("remote").into_iter().flatten();
    remotes.any(|remote| remote.value("promisor").is_some_and(|value| value != "false"))
        || config.string("extensions.partialClone").is_some()
}

/// The person that Git names as the author of commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitUser {
    pub name: String,
    pub email: String,
}

/// Where Git looks for hooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hooks {
    /// Git's own directory, with the folder `hooks`.
    pub git_directory: PathBuf,
    /// The folder that `core.hooksPath` names instead.
    pub configured: Option<String>,
}

impl Snapshot {
    /// Returns the author of the next commit; `None` if Git has no name configured.
    pub fn git_user(&self) -> Option<GitUser> {
        let git = self.git.as_ref()?;
        git.repository.with(|repository| {
            let author = repository.author()?.ok()?;
            let text = |bytes: &gix::bstr::BStr| bytes.trim().to_str_lossy().into_owned();
            let user = GitUser { name: text(author.name), email: text(author.email) };
            (!user.name.is_empty()).then_some(user)
        })
    }

    pub fn hooks(&self) -> Result<Hooks, Fault> {
        let repository = &self.git()?.repository;
        let configured = repository.with(|it| it.config_snapshot().string("core.hooksPath"));
        let configured = configured.map(|folder| folder.to_str_lossy().into_owned());
        Ok(Hooks { git_directory: repository.common_dir(), configured })
    }

    /// Returns the name of the folder that holds the repository, without `.git`; outside of Git, that of the root.
    pub fn repository_name(&self) -> Option<String> {
        let root = || self.whole().root().map(Path::to_owned);
        let folder = self.git.as_ref().map_or_else(root, |git| Some(git.repository.folder()))?;
        let name = folder.file_name()?.to_str()?;
        Some(name.strip_suffix(".git").unwrap_or(name).to_owned())
    }
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Repository({:?})", self.with(|repository| repository.git_dir().to_owned()))
    }
}

/// Returns `None` if no repository was found, or the reason why it can't be opened.
fn discovery_error(start: &Path, error: &gix::Error) -> Result<Option<Arc<Repository>>, Fault> {
    if std::env::var_os("GIT_DIR").is_some() {
        return Err(Fault::new(format!("can't open the repository of `GIT_DIR`: {}", causes(error))));
    }
    match error.downcast_any_ref::<upwards::Error>() {
        Some(upwards::Error::NoGitRepository { .. }) => {}
        Some(upwards::Error::NoTrustedGitRepository { .. }) | None => return Err(cant_open(start, error)),
        Some(_) => return Ok(None), // a ceiling directory or file system boundary
    }
    let has_git = |folder: &&Path| folder.join(".git").is_file() || folder.join(".git/HEAD").exists();
    start.ancestors().find(has_git).map_or(Ok(None), |root| {
        let git_file = root.join(".git");
        Err(Fault::new(format!("`{}` does not point to a Git repository", git_file.display()))
            .help("run `git status` there for the reason; `git worktree repair` repairs a moved worktree"))
    })
}

fn cant_open(start: &Path, error: &gix::Error) -> Fault {
    Fault::new(format!("can't open the repository of `{}`: {}", start.display(), causes(error)))
        .help("check it with `git status`")
}

pub(super) fn causes(error: &gix::Error) -> String {
    let mut messages: Vec<String> = error.iter_errors().map(ToString::to_string).collect();
    messages.dedup();
    single_spaced(&messages.join(": "))
}

fn declared_root(repository: &gix::Repository, start: &Path) -> Option<PathBuf> {
    if let Some(root) = repository.workdir() {
        return Some(root.to_owned());
    }
    // Like in Git, the current directory is the worktree if only GIT_DIR is set.
    let declared_bare = repository.config_snapshot().boolean("core.bare") == Some(true);
    (std::env::var_os("GIT_DIR").is_some() && !declared_bare).then(|| start.to_owned())
}
