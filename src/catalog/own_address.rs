//! Links to files of the repository by their address on GitHub.

use crate::snapshot::Snapshot;
use crate::syntax::markdown::{percent_decoded, percent_encoded};

use super::Catalog;
use super::links::{BrokenLink, path_of};
use super::near_files::suggest_path;

/// Where GitHub shows the files of the default branch, which is checked out.
#[derive(Debug, PartialEq)]
pub(super) struct OwnAddress {
    /// `owner/name`, in lower case.
    repository: String,
    branch: String,
}

impl OwnAddress {
    pub(super) fn of(snapshot: &Snapshot) -> Option<OwnAddress> {
        let repository = repository_of(&snapshot.origin()?)?;
        Some(OwnAddress { repository, branch: snapshot.default_branch()? })
    }

    /// Returns the path in an address, from the repository's root.
    fn path_in<'d>(&self, destination: &'d str) -> Option<&'d str> {
        let address = path_of(destination);
        let rest = ["https://", "http://"].iter().find_map(|scheme| address.strip_prefix(scheme))?;
        let mut parts = rest.splitn(5, '/');
        let (host, owner, name) = (parts.next()?, parts.next()?, parts.next()?);
        let is_own = HOSTS.contains(&&*host.to_ascii_lowercase())
            && format!("{owner}/{name}").to_lowercase() == self.repository
            && ["blob", "tree", "raw"].contains(&parts.next()?);
        let path = parts.next().filter(|_| is_own)?.strip_prefix(&*self.branch)?;
        Some(path.strip_prefix('/')?.trim_end_matches('/')).filter(|path| !path.is_empty())
    }
}

const HOSTS: [&str; 2] = ["github.com", "www.github.com"];

/// Returns `owner/name` of a repository on GitHub, in lower case.
fn repository_of(remote: &str) -> Option<String> {
    let remote = remote.to_lowercase();
    let (_, path) = remote.split_once("github.com")?;
    let path = path.strip_prefix(['/', ':'])?.trim_end_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    (path.split('/').count() == 2).then(|| path.to_owned())
}

/// Returns the path of the file or folder of this state to which an address leads.
pub(super) fn target_of(catalog: &Catalog, destination: &str) -> Option<String> {
    let own = catalog.lazy.own_address.get_or_init(|| OwnAddress::of(&catalog.snapshot)).as_ref()?;
    let path = percent_decoded(own.path_in(destination)?);
    catalog.snapshot.path_from_repository_root(&path).map(str::to_owned)
}

/// Returns why an address is broken that leads to a file of the default branch.
pub(super) fn check(catalog: &Catalog, destination: &str) -> Option<BrokenLink> {
    const ROOT: &str = "";
    let target = target_of(catalog, destination)?;
    if catalog.snapshot.has(&target) || destination.contains(['{', '<', '$', '*', '…']) {
        return None;
    }
    let near = suggest_path(catalog, ROOT, &target, &target);
    let suggestion = near.and_then(|near| {
        let path = path_of(destination);
        let before = path.trim_end_matches('/').strip_suffix(&*percent_encoded(&target))?;
        Some(format!("{before}{}{}", percent_encoded(&near), &destination[path.len()..]))
    });
    Some(BrokenLink { reason: "no such file on this branch".into(), suggestion })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_default_branch_has_a_path() {
        for remote in [
            "https://github.com/Acme/plans.git",
            "git@github.com:acme/Plans",
            "ssh://git@github.com/acme/plans/",
        ] {
            assert_eq!(repository_of(remote).as_deref(), Some("acme/plans"), "{remote}");
        }
        assert_eq!(repository_of("https://example.org/acme/plans"), None);
        let own = OwnAddress { repository: "acme/plans".into(), branch: "main".into() };
        let path = |rest: &str| own.path_in(&format!("https://github.com/{rest}")).map(str::to_owned);
        assert_eq!(path("Acme/plans/blob/main/docs/a.md#top").as_deref(), Some("docs/a.md"));
        assert_eq!(path("acme/plans/tree/main/docs/").as_deref(), Some("docs"));
        for other in [
            "acme/plans/blob/v1/a.md",
            "acme/plans/blob/mainly/a.md",
            "acme/other/blob/main/a.md",
            "acme/plans/tree/main",
        ] {
            assert_eq!(path(other), None, "{other}");
        }
    }
}
