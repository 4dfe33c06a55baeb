//! How a file is read, and which formats read none.

use std::path::Path;
use std::sync::Arc;

use crate::config::{nearest_pattern, quoted_pattern};
use crate::explain;
use crate::input::Input;
use crate::kind::Kind;
use crate::node::Node;
use crate::profile::{Profile, View};
use crate::record::Record;
use crate::schema::did_you_mean;
use crate::syntax::{Document, Format};

use super::nothing::{entries_for_file, listed};
use super::{Error, Linter};

/// A separator of a user's own format that none of its files has, where one has another common one.
fn unsplit(profile: &Profile, field: &str, records: &[&Record]) -> Option<String> {
    const COMMON: [&str; 3] = [", ", "; ", " / "];
    let separator =
        profile.separator(field).filter(|_| profile.stated_fields.iter().any(|own| **own == *field))?;
    let values = || records.iter().filter_map(|record| record.field(field));
    let items = |value: &Node| value.as_sequence().map_or(1, <[Node]>::len);
    let text = |value: &Node| {
        value.as_sequence().map_or(value.as_text(), |items| items.first()?.as_text()).map(str::to_owned)
    };
    let is_split = values().any(|value| items(value) > 1);
    let other = values().filter_map(text).find_map(|text| {
        let other = COMMON.iter().find(|other| other.trim() != separator.trim() && text.contains(**other))?;
        Some((text, other.trim()))
    });
    let (text, other) = other.filter(|_| !is_split)?;
    let path = profile.own_path.as_deref().unwrap_or_default();
    Some(format!(
        "`{field}` of `{path}` is never split: no value has `{separator}`; for `{text}`, write `split: \"{other}\"`"
    ))
}

const TITLE: &str = "title";

impl Linter {
    /// Returns the page that explains how the file at a path is read; `None` if the file does not exist.
    ///
    /// # Errors
    /// As [`Linter::read`].
    pub fn file_page(&self, typed: &str) -> Result<Option<String>, Error> {
        let path = self.snapshot().resolve(Path::new(typed));
        let Some(path) = path.filter(|path| self.snapshot().get(path).is_some()) else { return Ok(None) };
        let page = self.read(|input| {
            let is_read = input.records().iter().any(|record| *record.path == *path);
            let entries = || entries_for_file(&self.policy, &self.snapshot, &path);
            let entries = if is_read { None } else { entries().map(|entries| listed(&entries)) };
            explain::file::render(input, &self.policy, &path, entries.as_deref())
        });
        page.map(Some)
    }

    /// Names the user's own formats, and those that the configuration names, which read no file.
    pub(super) fn idle_formats(&self, input: &Input) -> Vec<String> {
        if self.options.since.is_some() {
            return Vec::new();
        }
        let reads = |name: &str| {
            let is_in_format = |record: &Record| record.profile.as_ref().is_some_and(|it| *it.name == *name);
            input.records().iter().any(is_in_format)
        };
        let own = self.policy.profiles.iter().filter_map(|it| Some((it, it.own_path.as_ref()?)));
        let own = own.filter(|(profile, _)| !reads(&profile.name)).map(|(profile, path)| {
            let name = &profile.name;
            let unmatched = self.unmatched_paths(profile, path);
            unmatched.or_else(|| self.first_mismatch(input, profile, path)).unwrap_or_else(|| format!(
                "no file is in the format `{name}` of `{path}`; `alignlint explain FILE` says what one lacks"
            ))
        });
        let entries = self.policy.config.records.iter();
        let named = entries.filter_map(|entry| Some((&entry.kind, &entry.profile.as_ref()?.name)));
        let named =
            named.filter(|(_, name)| !reads(name) && !self.is_own_format(name)).map(|(kind, name)| {
                format!("no file of `records: {kind}` is read in the format `{name}` that it names")
            });
        own.chain(named).chain(self.idle_locations(input)).chain(self.idle_kinds(input)).collect()
    }

    /// Names the paths by which a format of the user's own recognises its files, if no file has one of them.
    fn unmatched_paths(&self, profile: &Profile, own_path: &str) -> Option<String> {
        let asked = &profile.asked_paths;
        let is_found = || {
            let mut paths = self.snapshot.files().iter().map(|file| &*file.path);
            paths.any(|path| asked.iter().any(|asked| asked.is_match(path)))
        };
        let first = asked.first().filter(|_| !is_found())?;
        let patterns: Vec<String> = asked.iter().map(|asked| format!("`{}`", asked.pattern)).collect();
        let folder = asked.iter().map(|asked| &*asked.pattern).find(|path| self.snapshot.has_folder(path));
        let paths = || self.snapshot.files().iter().map(|file| &*file.path);
        let near = asked.iter().find_map(|asked| nearest_pattern(&asked.pattern, paths()));
        let near = near.map(|near| format!("; {}", did_you_mean(near)));
        let folder =
            folder.map(|folder| format!("; `{folder}` is a folder: write `{folder}/**` for the files in it"));
        let help = folder.or(near).unwrap_or_default();
        Some(format!(
            "no file matches {} under `recognise` ({own_path}:{}), so none is in the format `{}`{help}",
            patterns.join(" or "),
            first.line,
            profile.name
        ))
    }

    /// Says what the first file lacks that has one of the paths by which a format of the user's own recognises its files.
    fn first_mismatch(&self, input: &Input, profile: &Profile, own_path: &str) -> Option<String> {
        let mut paths = self.snapshot.files().iter().map(|file| &*file.path);
        let path = paths.find(|path| profile.asked_paths.iter().any(|asked| asked.is_match(path)))?;
        let document = explain::file::document(input, path)?;
        let mismatch = profile.mismatch(&View::new(&document, document.roots.first(), None));
        (!mismatch.failed.is_empty()).then(|| {
            format!("no file is in the format `{}` of `{own_path}`: `{path}` has {mismatch}", profile.name)
        })
    }

    /// Names the fields that a format of the user's own reads from a place which none of its files has. References to records
    /// of the same kind are rare in any format.
    fn idle_locations(&self, input: &Input) -> Vec<String> {
        const TRIED: usize = 20;
        let own = self.policy.profiles.iter().filter(|profile| profile.own_path.is_some());
        let notices = own.flat_map(|profile| {
            let is_of = |record: &&Record| record.profile.as_ref().is_some_and(|it| it.name == profile.name);
            let records: Vec<&Record> = input.records().iter().filter(is_of).collect();
            let documents: Vec<Document> = match profile.has_row_records || !profile.items_at.is_empty() {
                true => Vec::new(),
                false => {
                    let records = records.iter().take(TRIED);
                    records.filter_map(|record| explain::file::document(input, &record.path)).collect()
                }
            };
            let views: Vec<View<'_>> =
                documents.iter().map(|it| View::new(it, it.roots.first(), None)).collect();
            let is_found = |name: &str| views.iter().any(|view| profile.finds(name, view));
            // Without its own place, a page's heading is the title.
            let has_none = |name: &str| {
                records.iter().all(|it| it.field(name).is_none())
                    || name == TITLE && !views.is_empty() && !is_found(name)
            };
            let is_idle = |name: &str| {
                let is_rare =
                    profile.kind.shape.field(name).is_none_or(|field| field.ty.refers_to(&profile.kind.name));
                !is_rare && !profile.is_optional(name) && has_none(name)
            };
            let meant = |name: &str| {
                let mut places = views.iter().filter_map(|view| profile.meant_place(name, view));
                places.next()
            };
            let idle = profile.described_fields().filter(|(name, places)| {
                let is_stated = profile.stated_fields.iter().any(|stated| **stated == **name);
                // One page alone may lack a field.
                let is_certain =
                    || records.len() > 1 || profile.reads_names_for(name) || meant(name).is_some();
                !records.is_empty() && is_stated && !places.is_empty() && is_idle(name) && is_certain()
            });
            let unsplit = profile.field_names().filter_map(|name| unsplit(profile, name, &records));
            let notices = idle.map(|(name, places)| {
                let (path, places) = (profile.own_path.as_deref().unwrap_or_default(), places.join(" or "));
                let line = self.policy.own_files.line_of_field(path, name);
                let line = line.map_or_else(String::new, |line| format!(":{line}"));
                let help = match meant(name) {
                    Some(place) => format!("write `{}: {}`", place.location, place.name),
                    None => "correct where it stands".to_owned(),
                };
                let files = match records.as_slice() {
                    [only] => format!("not found in `{}`", only.path),
                    _ => format!(
                        "found in none of the {} files of the format `{}`",
                        records.len(),
                        profile.name
                    ),
                };
                format!("`{name}` is {files}, in the {places}; {help}, in `{path}{line}`")
            });
            notices.chain(unsplit).collect::<Vec<_>>()
        });
        notices.collect()
    }

    /// Returns a notice for each kind of the user's own that has no record, if the name of an unread file is that of the kind.
    fn idle_kinds(&self, input: &Input) -> Vec<String> {
        let own = self.policy.own_files.kinds.iter().filter_map(|source| self.policy.kinds.of_source(source));
        let idle = own.filter(|kind| input.of_kind(&kind.name).is_empty());
        let notice = |kind: &Arc<Kind>| {
            let is_called = |path: &str| {
                let mut names = path.rsplit('/');
                let file = names.next().and_then(|name| name.split('.').next()).unwrap_or_default();
                kind.is_called(file)
                    || Format::is_page_path(path) && names.next().is_some_and(|folder| kind.is_called(folder))
            };
            let config = &self.policy.config;
            let is_unread = |path: &&str| {
                is_called(path)
                    && config.format_of(path).is_some()
                    && !config.excludes(path)
                    && !config.folders.iter().any(|folder| folder.contains(path))
                    && input.file_at(path).is_none()
            };
            let path = self.snapshot.files().iter().map(|file| &*file.path).find(is_unread)?;
            Some(format!(
                "`{path}` is not read, and there is no `{name}`; in `alignlint.yaml`, write `records: {{ {name}: {} }}`",
                quoted_pattern(path),
                name = kind.name
            ))
        };
        idle.filter_map(notice).collect()
    }

    fn is_own_format(&self, name: &str) -> bool {
        self.policy.profiles.get(name).is_some_and(|profile| profile.own_path.is_some())
    }
}
