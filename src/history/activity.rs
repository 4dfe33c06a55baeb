//! When somebody was last active, as far as commits tell: also those that changed no record.

use std::collections::{BTreeMap, HashMap};

use gix::ObjectId;
use jiff::civil::Date;

use super::message;
use super::progress::Progress;
use super::store::Store;
use super::timeline::{Actor, ExampleCommit};
use super::walk::{self, Walk};
use crate::cache::{File, Sort};
use crate::snapshot::GitSource;

/// What is kept of it, for one commit each.
const ACTIVITY: Sort = Sort { prefix: "activity", most: 8, largest: 64 << 20 };

/// The last day on which somebody made a commit or was named in a trailer of one, by address, account and
/// name in small letters.
#[derive(Default)]
pub(super) struct Activity(HashMap<Box<str>, Date>);

/// The form in which it is kept: year, month, day.
type Stored = BTreeMap<Box<str>, (i16, i8, i8)>;

impl Activity {
    /// By all commits behind `head`; those that are known from another run are not read again.
    ///
    /// # Errors
    /// An object is not in this clone, or damaged.
    pub fn of_repository(
        git_source: &GitSource,
        head: ObjectId,
        progress: &Progress,
    ) -> gix::Result<Activity> {
        let GitSource { repository, mailmap, .. } = git_source;
        let walk =
            Walk { repository, folder: "", mailmap: *mailmap, concerns: &|_| false, only: None, progress };
        let store = git_source.cache_dir.as_deref().zip(walk.depends_on());
        let store = store.map(|(folder, on)| Store::new(folder, &ACTIVITY, on));
        let (mut activity, known) = match store.as_ref().map(|store| Activity::stored(store, &walk, head)) {
            Some(found) => found?.map_or_else(Default::default, |(known, before)| (before, Some(known))),
            None => Default::default(),
        };
        let commits = activity.add(&walk, head, known)?;
        if let Some(store) = store.filter(|_| commits >= super::WORTH_KEEPING) {
            activity.save(&store, head);
        }
        Ok(activity)
    }

    /// By commits in memory.
    pub fn in_memory(entries: &[ExampleCommit]) -> Activity {
        let mut activity = Activity::default();
        for entry in entries {
            activity.note(&entry.author, entry.date);
            for trailer in message::trailers(&entry.message) {
                activity.note(&trailer.who, entry.date);
            }
        }
        activity
    }

    /// The last day of whoever has this name, address or account.
    pub fn last(&self, name: &str) -> Option<Date> {
        self.0.get(name.to_lowercase().as_str()).copied()
    }

    /// Remembers the last day of a person.
    fn note(&mut self, who: &Actor, day: Date) {
        let names = [Some(&*who.name), Some(&*who.email), who.account()].into_iter().flatten();
        for name in names.filter(|name| !name.is_empty()) {
            let known = self.0.entry(name.to_lowercase().into()).or_insert(day);
            *known = day.max(*known);
        }
    }

    /// Adds all commits behind `head` that are not behind `known`; tells how many.
    fn add(&mut self, walk: &Walk<'_>, head: ObjectId, known: Option<ObjectId>) -> gix::Result<usize> {
        if known == Some(head) {
            return Ok(0);
        }
        let repository = walk.repository.to_thread_local();
        let mailmap = walk::mailmap(&repository, walk.mailmap)?;
        let mut commits = 0;
        for commit in repository.rev_walk([head]).with_hidden(known).all()? {
            let object = commit?.object()?;
            let commit = object.decode()?;
            let day = walk::day(commit.time()?);
            let author = mailmap.resolve(commit.author()?);
            self.note(&Actor { name: walk::lossy(&author.name), email: walk::lossy(&author.email) }, day);
            for trailer in message::trailers(&String::from_utf8_lossy(commit.message)) {
                self.note(&walk::mapped(&mailmap, &trailer.who), day);
            }
            commits += 1;
        }
        Ok(commits)
    }

    /// What is kept of the nearest commit behind `head`, and which that is.
    fn stored(store: &Store, walk: &Walk<'_>, head: ObjectId) -> gix::Result<Option<(ObjectId, Activity)>> {
        let heads = store.heads();
        if heads.is_empty() {
            return Ok(None);
        }
        let nearest = walk.main_line(head, &heads)?.after;
        Ok(nearest.and_then(|id| Some((id, Activity::read(&store.open(id)?)?))))
    }

    fn read(file: &File) -> Option<Activity> {
        let stored: Stored = postcard::from_bytes(&file.section(0).ok()?).ok()?;
        let days = stored
            .into_iter()
            .map(|(name, (year, month, day))| Some((name, Date::new(year, month, day).ok()?)));
        days.collect::<Option<_>>().map(Activity)
    }

    fn save(&self, store: &Store, head: ObjectId) {
        let days = self.0.iter().map(|(name, day)| (name.clone(), (day.year(), day.month(), day.day())));
        if let Ok(bytes) = postcard::to_stdvec(&days.collect::<Stored>()) {
            store.save(head, &[bytes]);
        }
    }
}
