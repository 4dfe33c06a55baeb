//! The user's Git configuration: the author, the current branch and the folder of hooks.

use std::path::PathBuf;

use gix::bstr::ByteSlice;

use super::Snapshot;
use crate::finding::Fault;

/// The person that Git names as the author of commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitUser {
    pub name: String,
    pub email: String,
}

/// Where Git looks for hooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hooks {
    /// In `hooks` of Git's own directory, which is this one.
    Own { git_directory: PathBuf },
    /// In a folder that the configuration names.
    Configured(String),
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

    /// Returns the name of the current branch; `None` for a detached HEAD and outside of Git.
    pub fn branch(&self) -> Option<String> {
        let git = self.git.as_ref()?;
        git.repository
            .with(|repository| Some(repository.head_name().ok()??.shorten().to_str_lossy().into_owned()))
    }

    /// Returns where Git looks for hooks.
    ///
    /// # Errors
    /// There is no repository.
    pub fn hooks(&self) -> Result<Hooks, Fault> {
        Ok(self.git()?.repository.with(|repository| {
            let configured = repository.config_snapshot().string("core.hooksPath");
            match configured {
                Some(folder) => Hooks::Configured(folder.to_str_lossy().into_owned()),
                None => Hooks::Own { git_directory: repository.common_dir().to_owned() },
            }
        }))
    }
}
