//! The last day on which each person was active, from all commits, whether or not they changed records.

use std::collections::HashMap;

use gix::ObjectId;
use jiff::civil::Date;

use super::message::{Actor, parse_trailers};
use super::timeline::ExampleCommit;
use super::walk;
use crate::snapshot::{GitSource, date};

#[derive(Default)]
pub(super) struct Activity(HashMap<Box<str>, Date>);

impl Activity {
    /// Reads all commits behind `head`.
    pub(super) fn of_repository(git: &GitSource, head: ObjectId) -> gix::Result<Activity> {
        let repository = git.repository.to_thread_local();
        let mailmap = walk::mailmap(&repository, git.mailmap)?;
        let mut activity = Activity::default();
        for commit in repository.rev_walk([head]).all()? {
            let object = commit?.object()?;
            let commit = object.decode()?;
            let signature = commit.author()?;
            // A rebase or a cherry-pick has a new day of its committer, and shows nothing of the author.
            let day = date(signature.time()?);
            let author = mailmap.resolve(signature);
            let author = Actor { name: walk::lossy(&author.name), email: walk::lossy(&author.email) };
            let trailers = parse_trailers(&String::from_utf8_lossy(commit.message));
            let named = trailers.iter().map(|who| walk::resolve(&mailmap, who));
            activity.add([author].into_iter().chain(named), day);
        }
        Ok(activity)
    }

    pub(super) fn in_memory(commits: &[ExampleCommit]) -> Activity {
        let mut activity = Activity::default();
        for ExampleCommit { author, date, message, .. } in commits {
            activity.add([author.clone()].into_iter().chain(parse_trailers(message)), *date);
        }
        activity
    }

    /// Returns the last day of the person with this name, address or account.
    pub(super) fn last(&self, name: &str) -> Option<Date> {
        self.0.get(name.to_lowercase().as_str()).copied()
    }

    fn add(&mut self, people: impl Iterator<Item = Actor>, date: Date) {
        for who in people {
            let names = [Some(&*who.name), Some(&*who.email), who.account()].into_iter().flatten();
            for name in names.filter(|name| !name.is_empty()) {
                let last = self.0.entry(name.to_lowercase().into()).or_insert(date);
                *last = date.max(*last);
            }
        }
    }
}
