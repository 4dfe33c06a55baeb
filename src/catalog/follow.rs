//! Following references: what a record mentions is looked up by identifier, by name and by path.

use std::collections::HashMap;
use std::sync::Arc;

use crate::profile::Profile;
use crate::record::{Mention, Record};

use super::{Catalog, Target};

/// Fewer texts are not worth a thread.
const FEW: usize = 1 << 12;

/// What a path may end in that people leave out.
const ENDINGS: [&str; 4] = ["", ".md", ".yaml", ".yml"];

/// Follows the references of one record after the other.
pub(super) struct Follower<'c> {
    catalog: &'c Catalog,
    /// Where texts lead that many records mention, which from another standpoint may be elsewhere.
    known: HashMap<Standpoint<'c>, Known<'c>>,
}

/// All of a record that it depends on where a text in it leads which is no path.
#[derive(PartialEq, Eq, Hash)]
struct Standpoint<'c> {
    profile: Option<*const Profile>,
    scope: &'c str,
}

/// Where texts lead, each among records of some kinds.
type Known<'c> = HashMap<(&'c str, *const [Arc<str>]), Target>;

impl<'c> Follower<'c> {
    pub fn new(catalog: &'c Catalog) -> Follower<'c> {
        Follower { catalog, known: HashMap::new() }
    }

    /// Where all that a record mentions leads, in its order.
    pub fn targets(&mut self, from: &'c Record) -> impl Iterator<Item = Target> {
        let catalog = self.catalog;
        let standpoint = Standpoint { profile: from.profile.as_ref().map(Arc::as_ptr), scope: from.scope() };
        let known = self.known.entry(standpoint).or_default();
        from.mentions.iter().map(move |Mention { text, kinds, .. }| {
            if text.contains(['/', '.', '(']) {
                return catalog.resolve(from, kinds, text); // a path is relative to its file
            }
            let lead = || catalog.resolve(from, kinds, text);
            *known.entry((text, Arc::as_ptr(kinds))).or_insert_with(lead)
        })
    }
}

impl Catalog {
    /// The records in runs that mention about as much, one for each thread: what many mention is looked up once in
    /// each.
    pub(super) fn runs(&self) -> Vec<&[Record]> {
        let all: usize = self.records.iter().map(|record| record.mentions.len()).sum();
        let share = all.div_ceil(rayon::current_num_threads()).max(FEW);
        let (mut runs, mut rest) = (Vec::new(), &self.records[..]);
        while !rest.is_empty() {
            let mut mentions = 0;
            let has_room = |record: &&Record| {
                let has_room = mentions < share;
                mentions += record.mentions.len();
                has_room
            };
            let (run, after) = rest.split_at(rest.iter().take_while(has_room).count());
            runs.push(run);
            rest = after;
        }
        runs
    }

    /// What a text in `from` names among records of these kinds.
    pub(crate) fn resolve(&self, from: &Record, kinds: &[Arc<str>], text: &str) -> Target {
        // A reference without kinds may name a record of any.
        let kinds: Vec<&Arc<str>> =
            if kinds.is_empty() { self.by_kind.keys().collect() } else { kinds.iter().collect() };
        let named =
            |text: &str| kinds.iter().find_map(|kind| self.identified(kind, text, from).first().copied());
        let at_path = || {
            let path = from.lookup(link_destination(text).unwrap_or(text)).path?;
            self.names.at_path(&path).filter(|&id| kinds.contains(&&self.record(id).kind.name))
        };
        let found = named(text).or_else(at_path).or_else(|| parts(text).into_iter().find_map(named));
        let is_other_file = || from.lookup(text).path.is_some_and(|path| self.has_page(&path));
        match found {
            Some(id) => Target::Record(id),
            // A page that is no record may well be what is meant.
            None if is_other_file() => Target::Inconclusive,
            // An address may show another repository.
            None if text.contains("://") => Target::Inconclusive,
            None if kinds.iter().any(|kind| !self.of_kind(kind).is_empty()) => Target::Unknown,
            None => Target::Inconclusive,
        }
    }

    /// Whether something is at a path, which people write with or without its ending.
    fn has_page(&self, path: &str) -> bool {
        ENDINGS.iter().any(|ending| self.snapshot.has(&format!("{path}{ending}")))
    }

    /// Whether it depends on one of these paths what a reference is that names no record.
    pub(super) fn misses_any_of(&self, paths: &[&Arc<str>]) -> bool {
        let is_meant = |meant: &str, path: &str| {
            let rest = path.strip_prefix(meant);
            rest.is_some_and(|rest| ENDINGS.contains(&rest) || rest.starts_with('/'))
        };
        let misses = |record: &Record| {
            let open = self.references(record).filter(|it| !matches!(it.target, Target::Record(_)));
            let mut meant = open.filter_map(|reference| record.lookup(&reference.text).path);
            meant.any(|meant| paths.iter().any(|path| is_meant(&meant, path)))
        };
        !paths.is_empty() && self.records.iter().any(misses)
    }

    /// The records of a kind that a text in `from` identifies: by identifier, else by name. Where each
    /// folder has a numbering of its own, the record of the same folder comes first.
    pub(super) fn identified(&self, kind: &str, text: &str, from: &Record) -> &[u32] {
        let key = from.lookup(text).key;
        let found = key.map_or(&[][..], |key| self.names.by_key(kind, &key));
        let near = found.iter().position(|&id| self.record(id).scope() == from.scope());
        match (found, near) {
            ([], _) => self.names.named(kind, text),
            (found, Some(near)) => &found[near..],
            (found, None) => found,
        }
    }
}

/// What else a text may name: the parts of `Name <mail>`, `Name (@handle)` and `[title](path)`.
fn parts(text: &str) -> Vec<&str> {
    let split = |open: char, close: char| {
        let (before, rest) = text.split_once(open)?;
        let inner = rest.split(close).next()?;
        Some([inner.trim(), before.trim()])
    };
    let found = split('<', '>').or_else(|| split('(', ')')).or_else(|| split('[', ']'));
    found.into_iter().flatten().filter(|part| !part.is_empty()).collect()
}

fn link_destination(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("](")?;
    rest.split([')', '#']).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ReadScope;
    use crate::config::Config;
    use crate::embedded;
    use crate::kind::Kinds;
    use crate::profile::Profiles;
    use crate::snapshot::Snapshot;
    use crate::text::Source;

    /// The help for each reference of a record that leads nowhere.
    fn meant(files: &[(&str, &str)], id: &str) -> Vec<(String, Option<String>)> {
        let snapshot =
            Snapshot::in_memory(files.iter().map(|(path, text)| (path.to_string(), text.to_string())));
        let kinds = Kinds::load(&[]).expect("the embedded kinds load");
        let sources: Vec<Arc<Source>> = embedded::files("schemas/profiles")
            .map(|(path, text)| Arc::new(Source::new(path, text.as_bytes().to_vec())))
            .collect();
        let profiles = Profiles::load(&sources, &kinds).expect("the embedded profiles load");
        let config = Config::default();
        let catalog =
            Catalog::read(Arc::new(snapshot), Arc::new(kinds), &profiles, &config, ReadScope::Records, None);
        let record = catalog.records().iter().find(|record| &*record.id == id).expect("a record");
        let unknown = catalog.references(record).filter(|one| one.target == Target::Unknown);
        unknown.map(|one| (one.text.to_string(), catalog.suggest(record, &one))).collect()
    }

    #[test]
    fn a_record_that_has_moved_is_found_by_the_name_of_its_place() {
        let kep = |number: u32, see: &str| {
            format!("title: A\nkep-number: {number}\nauthors: [a]\nstatus: provisional\nsee-also: [{see}]\n")
        };
        let files = [
            ("keps/sig-a/7-x/kep.yaml", kep(7, "keps/sig-node/48-parts, keps/sig-node/49-none, keps/old")),
            (
                "keps/sig-b/48-parts/kep.yaml",
                kep(48, "https://github.com/kubernetes/enhancements/tree/m/keps/a/1-z"),
            ),
        ];
        let files = [(files[0].0, &*files[0].1), (files[1].0, &*files[1].1), ("keps/old.md", "# Moved")];
        let moved = Some("/keps/sig-b/48-parts".to_owned());
        let expected =
            [("/keps/sig-node/48-parts".to_owned(), moved), ("/keps/sig-node/49-none".to_owned(), None)];
        assert_eq!(meant(&files, "7"), expected);
        assert_eq!(meant(&files, "48"), [], "an address may show another repository");
    }

    #[test]
    fn a_person_may_be_written_with_address_or_handle() {
        assert_eq!(parts("Ada Byron <ada@example.org>"), ["ada@example.org", "Ada Byron"]);
        assert_eq!(parts("Ada Byron (@ada)"), ["@ada", "Ada Byron"]);
        assert_eq!(parts("Ada Byron"), Vec::<&str>::new());
        assert_eq!(link_destination("superseded by [7](0007-x.md#top)"), Some("0007-x.md"));
    }
}
