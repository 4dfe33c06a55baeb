//! Finding the repository around a folder, and handles to it for many threads.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use gix::discover::upwards;
use gix::odb::pack::cache::lru::MemoryCappedHashmap;

use crate::cache::Cache;
use crate::finding::Fault;

/// A repository that any thread may read.
pub(super) struct Repository {
    shared: gix::ThreadSafeRepository,
    /// Handles that nobody uses at the moment, each with its caches.
    idle: Mutex<Vec<gix::Repository>>,
    cache: OnceLock<Arc<Cache>>,
}

const CACHE_DIR: &str = "alignlint";

/// How much of its packs a handle keeps unpacked, in bytes: most objects are stored as a difference from
/// another one, which is then at hand. More of it finds little more, and new memory costs time too.
const PACK_CACHE: usize = 1 << 20;

impl Repository {
    /// The repository that Git would use in the folder `start`, an absolute path; none outside Git.
    pub fn around(start: &Path) -> Result<Option<Arc<Repository>>, Fault> {
        match gix::ThreadSafeRepository::discover_with_environment_overrides(start) {
            Ok(shared) => {
                Ok(Some(Arc::new(Repository { shared, idle: Mutex::default(), cache: OnceLock::new() })))
            }
            Err(error) => unless_there_is_none(start, &error),
        }
    }

    /// Does some work with a handle of this thread's own.
    pub fn with<T>(&self, work: impl FnOnce(&gix::Repository) -> T) -> T {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let handle = idle.unwrap_or_else(|| self.handle());
        let result = work(&handle);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
        result
    }

    fn handle(&self) -> gix::Repository {
        let mut handle = self.shared.to_thread_local();
        handle.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(PACK_CACHE)));
        handle
    }

    /// Enables the cache, in the directory that all worktrees of the repository share.
    pub fn enable_cache(&self) {
        let dir = || self.with(|repository| repository.common_dir().join(CACHE_DIR));
        self.cache.get_or_init(|| Cache::new(dir()));
    }

    /// Returns the cache; `None` unless it was enabled.
    pub fn cache(&self) -> Option<&Arc<Cache>> {
        self.cache.get()
    }

    /// Whether objects stand in for others, so that they are not what they are called.
    pub fn replaces_objects(&self) -> bool {
        self.with(|repository| repository.objects.store_ref().replacements().next().is_some())
    }

    /// What a handle for another thread is made of.
    pub fn shared(&self) -> &gix::ThreadSafeRepository {
        &self.shared
    }

    /// The worktree's root, without symbolic links in it; none in a bare repository.
    pub fn root(&self, start: &Path) -> Result<Option<PathBuf>, Fault> {
        let Some(root) = self.with(|repository| declared_root(repository, start)) else { return Ok(None) };
        let root = root.canonicalize().map_err(|error| {
            Fault::new(format!("the worktree `{}` can't be opened: {}", root.display(), super::cause(&error)))
        })?;
        Ok(Some(root))
    }

    /// Whether Git may have left objects away, to be fetched when somebody asks for them.
    pub fn is_partial(&self) -> bool {
        self.with(|repository| {
            let config = repository.config_snapshot();
            let mut remotes = config.sections_by_name("remote").into_iter().flatten();
            remotes.any(|remote| remote.value("promisor").is_some_and(|value| value != "false"))
                || config.string("extensions.partialClone").is_some()
        })
    }
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Repository({:?})", self.with(|repository| repository.git_dir().to_owned()))
    }
}

/// Tells a folder outside Git from a repository that can't be understood.
fn unless_there_is_none(start: &Path, error: &gix::Error) -> Result<Option<Arc<Repository>>, Fault> {
    if std::env::var_os("GIT_DIR").is_some() {
        return Err(Fault::new(format!(
            "the repository that GIT_DIR names can't be opened: {}",
            causes(error)
        )));
    }
    match error.downcast_any_ref::<upwards::Error>() {
        Some(upwards::Error::NoGitRepository { .. }) => {}
        Some(upwards::Error::NoTrustedGitRepository { .. }) | None => return Err(not_opened(start, error)),
        Some(_) => return Ok(None), // Git was told not to look further up
    }
    let claims = |folder: &&Path| folder.join(".git").is_file() || folder.join(".git/HEAD").exists();
    start.ancestors().find(claims).map_or(Ok(None), |root| {
        let place = root.join(".git");
        Err(Fault::new(format!("`{}` does not lead to a repository", place.display()))
            .help("`git status` there says what Git misses; `git worktree repair` mends a moved worktree."))
    })
}

fn not_opened(start: &Path, error: &gix::Error) -> Fault {
    Fault::new(format!("the repository around `{}` can't be opened: {}", start.display(), causes(error)))
        .help("`git status` there says whether Git can.")
}

/// The error's message, and those of what caused it, on one line.
pub(super) fn causes(error: &gix::Error) -> String {
    let mut messages: Vec<String> = error.iter_errors().map(ToString::to_string).collect();
    messages.dedup();
    messages.join(": ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn declared_root(repository: &gix::Repository, start: &Path) -> Option<PathBuf> {
    if let Some(root) = repository.workdir() {
        return Some(root.to_owned());
    }
    // As Git has it: with GIT_DIR alone, the current directory is the worktree.
    let declared_bare = repository.config_snapshot().boolean("core.bare") == Some(true);
    (std::env::var_os("GIT_DIR").is_some() && !declared_bare).then(|| start.to_owned())
}
