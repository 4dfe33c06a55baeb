//! The Git user, as the records of the repository name people.

use crate::catalog::Catalog;
use crate::record::Record;
use crate::snapshot::Snapshot;

/// The kind of the directory of people.
const PERSON: &str = "person";

/// Returns the identifier of the person that Git's configuration names; Git's name if there is no directory of people;
/// `None` for a person who is not in the directory.
pub fn author(catalog: &Catalog, snapshot: &Snapshot) -> Option<String> {
    let user = snapshot.git_user();
    let people: Vec<&Record> =
        catalog.records().iter().filter(|record| &*record.kind.name == PERSON).collect();
    if people.is_empty() {
        return user.map(|user| user.name);
    }
    let user = user?;
    let named = |name: &str| people.iter().find(|person| !name.is_empty() && catalog.is_named(person, name));
    named(&user.email).or_else(|| named(&user.name)).map(|person| person.id.to_string())
}
