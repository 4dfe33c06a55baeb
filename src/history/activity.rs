//! The last day on which each person was active, from all commits, whether or not they changed records.

use std::collections::{BTreeMap, HashMap};

use gix::ObjectId;
use jiff::civil::Date;

use super::actor::Actor;
use super::commit_cache::CommitCache;
use super::message::parse_trailers;
use super::progress::Progress;
use super::timeline::ExampleCommit;
use super::walk::{self, HistoryWalk};
use crate::cache::{CacheFile, CacheKind};
use crate::snapshot::GitSource;

const ACTIVITY: CacheKind = CacheKind { prefix: "activity", max_files: 8, max_bytes: 64 << 20 };

#[derive(Default)]
pub(super) struct Activity(HashMap<Box<str>, Date>);

/// The format of the cache: year, month, day.
type Stored = BTreeMap<Box<str>, (i16, i8, i8)>;

impl Activity {
    pub(super) fn of_repository(
        git: &GitSource,
        head: ObjectId,
        progress: &Progress,
    ) -> gix::Result<Activity> {
        let GitSource { repository, mailmap, .. } = git;
        let walk = HistoryWalk {
            repository,
            folder: "",
            mailmap: *mailmap,
            is_relevant: &|_| false,
            only: None,
            progress,
        };
        let cache = git.cache.as_ref().zip(walk.cache_key());
        let cache = cache.map(|(cache, key)| CommitCache::new(cache, &ACTIVITY, key));
        let cached = cache.as_ref().map(|cache| Activity::cached(cache, &walk, head)).transpose()?.flatten();
        let (mut activity, known) = match cached {
            Some((activity, known)) => (activity, Some(known)),
            None => (Activity::default(), None),
        };
        let commits = activity.add_commits(&walk, head, known)?;
        if let Some(cache) = cache.filter(|_| commits >= super::MIN_CACHED_COMMITS) {
            activity.save(&cache, head);
        }
        Ok(activity)
    }

    pub(super) fn in_memory(commits: &[ExampleCommit]) -> Activity {
        let mut activity = Activity::default();
        for commit in commits {
            activity.add(&commit.author, commit.date);
            for trailer in parse_trailers(&commit.message) {
                activity.add(&trailer.actor, commit.date);
            }
        }
        activity
    }

    /// Returns the last day of the person with this name, address or account.
    pub(super) fn last(&self, name: &str) -> Option<Date> {
        self.0.get(name.to_lowercase().as_str()).copied()
    }

    fn add(&mut self, who: &Actor, date: Date) {
        let names = [Some(&*who.name), Some(&*who.email), who.account()].into_iter().flatten();
        for name in names.filter(|name| !name.is_empty()) {
            let last = self.0.entry(name.to_lowercase().into()).or_insert(date);
            *last = date.max(*last);
        }
    }

    /// Adds all commits behind `head` that are not behind `known`; returns their number.
    fn add_commits(
        &mut self,
        walk: &HistoryWalk<'_>,
        head: ObjectId,
        known: Option<ObjectId>,
    ) -> gix::Result<usize> {
        if known == Some(head) {
            return Ok(0);
        }
        let repository = walk.repository.to_thread_local();
        let mailmap = walk::mailmap(&repository, walk.mailmap)?;
        let mut commits = 0;
        for commit in repository.rev_walk([head]).with_hidden(known).all()? {
            let object = commit?.object()?;
            let commit = object.decode()?;
            let date = walk::date(commit.time()?);
            let author = mailmap.resolve(commit.author()?);
            self.add(&Actor { name: walk::lossy(&author.name), email: walk::lossy(&author.email) }, date);
            for trailer in parse_trailers(&String::from_utf8_lossy(commit.message)) {
                self.add(&walk::resolve(&mailmap, &trailer.actor), date);
            }
            commits += 1;
        }
        Ok(commits)
    }

    fn cached(
        cache: &CommitCache,
        walk: &HistoryWalk<'_>,
        head: ObjectId,
    ) -> gix::Result<Option<(Activity, ObjectId)>> {
        if cache.heads().is_empty() {
            return Ok(None);
        }
        let (line, file) = cache.nearest(walk, head)?;
        Ok(file.and_then(|file| Activity::read(&file)).zip(line.start))
    }

    fn read(file: &CacheFile) -> Option<Activity> {
        let stored: Stored = postcard::from_bytes(&file.section(0)?).ok()?;
        let dates = stored
            .into_iter()
            .map(|(name, (year, month, day))| Some((name, Date::new(year, month, day).ok()?)));
        dates.collect::<Option<_>>().map(Activity)
    }

    fn save(&self, cache: &CommitCache, head: ObjectId) {
        let dates = self.0.iter().map(|(name, date)| (name.clone(), (date.year(), date.month(), date.day())));
        if let Ok(bytes) = postcard::to_stdvec(&dates.collect::<Stored>()) {
            cache.save(head, &[bytes]);
        }
    }
}
