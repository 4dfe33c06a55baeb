//! The person at work, in the words of the repository.

use crate::catalog::Catalog;
use crate::record::Record;
use crate::snapshot::Snapshot;

/// The kind of the directory of people.
const PERSON: &str = "person";

/// Returns how records name the person at work: by the identifier of the person whom Git's configuration names, by Git's
/// name where no directory of people is kept, else not at all.
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
