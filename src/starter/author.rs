//! The Git user, as the records of the repository name people.

use crate::catalog::Catalog;
use crate::kind::WHO;
use crate::record::Record;
use crate::snapshot::Snapshot;

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
