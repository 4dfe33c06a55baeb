//! How a file is read, and which formats read none.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::config::{nearest_pattern, quoted_pattern};
use crate::explain;
use crate::input::Input;
use crate::kind::Kind;
use crate::limits;
use crate::node::Node;
use crate::practices;
use crate::profile::{AskedPath, Profile, View, is_template};
use crate::record::Record;
use crate::report::counted;
use crate::schema::{did_you_mean, shorten};
use crate::syntax::{Document, Format};

use super::named_pages::{form_of_name, place_of_name};
use super::nothing::{entries_for_file, listed};
use super::{Error, Linter};

/// The path of a format, one of its fields, what is written there, and the word of the format that it begins with.
type UnknownWord<'a> = (&'a str, Box<str>, String, Option<&'a str>);

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

/// Names the first sections of a page, as the beginning of a sentence.
fn sections_there(view: &View<'_>) -> String {
    const SHOWN: usize = 3;
    let title = view.title().map(|title| title.span);
    let below = view.headings().iter().filter(|heading| Some(heading.span) != title);
    let named: Vec<String> = below.take(SHOWN).map(|it| format!("`{}`", shorten(it.title.trim()))).collect();
    if named.is_empty() { String::new() } else { format!("the first page has {}; ", named.join(", ")) }
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
            let entries =
                if is_read || is_template(&path) { None } else { entries().map(|entries| listed(&entries)) };
            let form = match (is_read, &entries) {
                (true, _) => None,
                (false, Some(_)) => place_of_name(&self.policy, &path),
                (false, None) => form_of_name(&self.policy, &path),
            };
            let unread = explain::file::Unread { entries, form };
            explain::file::render(input, &self.policy, &path, &unread)
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
            input.foreign_records().any(is_in_format)
        };
        let own = self.policy.profiles.iter().filter_map(|it| Some((it, it.own_path.as_ref()?)));
        let own = own.filter_map(|(profile, path)| {
            let name = &profile.name;
            let unmatched = || self.unmatched_paths(&profile.stated_paths, "paths", path, "");
            if reads(name) {
                return unmatched();
            }
            let so_none = format!(", so none is in the format `{name}`");
            let unasked = self.unmatched_paths(&profile.asked_paths, "recognise", path, &so_none);
            unasked.or_else(unmatched).or_else(|| self.first_mismatch(input, profile, path)).or_else(|| Some(format!(
                "no file is in the format `{name}` of `{path}`; `alignlint explain FILE` says what one lacks"
            )))
        });
        let entries = self.policy.config.records.iter();
        let named = entries.filter_map(|entry| Some((&entry.kind, &entry.profile.as_ref()?.name)));
        let named =
            named.filter(|(_, name)| !reads(name) && !self.is_own_format(name)).map(|(kind, name)| {
                format!("no file of `records: {kind}` is read in the format `{name}` that it names")
            });
        let found = own.chain(named).chain(self.idle_locations(input)).chain(self.unknown_words(input));
        let found = found.chain(self.one_id_for_all(input)).chain(self.idle_kinds(input));
        let found = found.chain(self.sections_left_out(input));
        found
            .chain(practices::without_effect(self.policy.rules.rules(), input.catalog(), &self.policy.config))
            .collect()
    }

    /// Names the words in place of those that a format of the user's own lists, where no practice makes them findings.
    fn unknown_words(&self, input: &Input) -> Vec<String> {
        let mut words: BTreeMap<UnknownWord<'_>, Vec<String>> = BTreeMap::new();
        for record in input.records() {
            let Some(profile) = &record.profile else { continue };
            let Some(path) = profile.own_path.as_deref() else { continue };
            let reported = record.practised_violations(limits::VIOLATIONS);
            let unknown =
                record.violations().into_iter().filter(|it| &*it.keyword == "enum" && !reported.contains(it));
            for violation in unknown {
                let source = input.file_of(record).source();
                let word = shorten(source.slice(violation.span));
                let line = source.position(violation.span.start as usize).line;
                let known =
                    profile.vocabulary(&violation.field).and_then(|words| words.word_before_more(&word));
                words
                    .entry((path, violation.field, word, known))
                    .or_default()
                    .push(format!("`{}:{line}`", record.path));
            }
        }
        let stated = words.into_iter().filter_map(|((path, field, word, known), places)| {
            let line = self.policy.own_files.line_of_field(path, "values", &field)?;
            let (first, more) = (places.first()?, places.len() - 1);
            let more = if more > 0 { format!(" and {}", counted(more, "other place")) } else { String::new() };
            let help = known.map_or_else(
                || format!("add `{word}: …` to them in `{path}:{line}`, or correct the page"),
                |known| format!("write `detail: true` beside them in `{path}:{line}`, so that text may follow `{known}`"),
            );
            Some(format!("`{field}` is `{word}` in {first}{more}, which is none of its words; {help}"))
        });
        stated.collect()
    }

    /// Says that a format of the user's own reads one id from several files.
    fn one_id_for_all(&self, input: &Input) -> Vec<String> {
        let own = self.policy.profiles.iter().filter(|it| it.own_path.is_some() && !it.has_row_records);
        let notice = |profile: &Arc<Profile>| {
            let is_of = |record: &&Record| record.profile.as_ref().is_some_and(|it| it.name == profile.name);
            let mut records = input.records().iter().filter(is_of);
            let (first, path) = (records.next()?, profile.own_path.as_deref()?);
            let others =
                records.by_ref().try_fold(0, |count, it| (it.id == first.id).then_some(count + 1))?;
            let line = self.policy.own_files.line_of_field(path, "fields", "id")?;
            (others > 0 && profile.reads_names_for("id")).then(|| {
                format!(
                    "all {} files of the format `{}` have the id `{}`; capture more of their names, in `{path}:{line}`",
                    others + 1,
                    profile.name,
                    first.id
                )
            })
        };
        own.filter_map(notice).collect()
    }

    /// Names the paths that a format of the user's own states for its files, if no file has one of them.
    fn unmatched_paths(&self, asked: &[AskedPath], key: &str, own_path: &str, so: &str) -> Option<String> {
        let is_found = || {
            let mut paths = self.snapshot.files().iter().map(|file| &*file.path);
            paths.any(|path| asked.iter().any(|asked| asked.is_match(path)))
        };
        let first = asked.first().filter(|_| !is_found())?;
        const MOST: usize = 3;
        let named = asked.iter().take(MOST).map(|asked| format!("`{}`", asked.pattern));
        let more = asked.len().checked_sub(MOST).filter(|more| *more > 0);
        let patterns: Vec<String> = named.chain(more.map(|more| format!("{more} more"))).collect();
        let folder = asked.iter().map(|asked| &*asked.pattern).find(|path| self.snapshot.has_folder(path));
        let paths = || self.snapshot.files().iter().map(|file| &*file.path);
        let near = asked.iter().find_map(|asked| nearest_pattern(&asked.pattern, paths()));
        let near = near.map(|near| format!("; {}", did_you_mean(near)));
        let folder =
            folder.map(|folder| format!("; `{folder}` is a folder: write `{folder}/**` for the files in it"));
        let help = folder.or(near).unwrap_or_default();
        Some(format!(
            "no file matches {} under `{key}` ({own_path}:{}){so}{help}",
            patterns.join(" or "),
            first.line
        ))
    }

    /// Says what the first file lacks that has one of the paths by which a format of the user's own recognises its files.
    fn first_mismatch(&self, input: &Input, profile: &Profile, own_path: &str) -> Option<String> {
        let mut paths = self.snapshot.files().iter().map(|file| &*file.path);
        let path = paths.find(|path| profile.asked_paths.iter().any(|asked| asked.is_match(path)))?;
        if profile.skips(path) {
            return Some(format!(
                "no file is in the format `{}` of `{own_path}`: its `skip` leaves out `{path}`; narrow the patterns there",
                profile.name
            ));
        }
        let document = explain::file::document(input, path)?;
        let view = View::new(&document, document.roots.first(), None);
        let mismatch = profile.mismatch(&view);
        let read = input.records().iter().find(|record| *record.path == *path);
        if let (true, Some(other)) = (mismatch.failed.is_empty(), read.and_then(|it| it.profile.as_ref())) {
            return Some(format!(
                "no file is in the format `{}` of `{own_path}`: `{path}` is read in the format `{}`, which comes first; \
                 tell them apart under `recognise`, or delete one of them",
                profile.name, other.name
            ));
        }
        if let (true, Some(entry)) = (mismatch.failed.is_empty(), self.policy.config.record_files(path)) {
            return Some(format!(
                "no file is in the format `{name}` of `{own_path}`: `records: {}` takes `{path}`; narrow its files, or name the format there: \
                 `{kind}: {{ files: {}, profile: {name} }}`",
                entry.kind,
                quoted_pattern(path),
                name = profile.name,
                kind = profile.kind.name
            ));
        }
        (!mismatch.failed.is_empty()).then(|| {
            let help = profile.unanchored(&view).map_or_else(String::new, |help| format!("; {help}"));
            format!(
                "no file is in the format `{}` of `{own_path}`: `{path}` has {mismatch}{help}",
                profile.name
            )
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
            let documents: Vec<Document> = match profile.has_part_records() || !profile.items.is_empty() {
                true => Vec::new(),
                false => {
                    let records = records.iter().take(TRIED);
                    records.filter_map(|record| explain::file::document(input, &record.path)).collect()
                }
            };
            let views: Vec<View<'_>> =
                documents.iter().map(|it| View::new(it, it.roots.first(), None)).collect();
            let is_found = |name: &str| views.iter().any(|view| profile.finds(name, view));
            // Without its own place, a page's heading is the title, and a section of the kind's own name is read.
            let has_none = |name: &str| {
                let is_replaced =
                    name == TITLE || profile.first_section_of(name).is_some() && records.len() == views.len();
                records.iter().all(|it| it.field(name).is_none())
                    || is_replaced && !views.is_empty() && !is_found(name)
            };
            let meant = |name: &str| {
                let mut places = views.iter().filter_map(|view| profile.meant_place(name, view));
                places.next()
            };
            let other_line = |name: &str| views.iter().find_map(|view| profile.other_line(name, view));
            let unmatched = |name: &str| views.iter().find_map(|view| profile.unmatched_value(name, view));
            let lacking = |name: &str| views.iter().find_map(|view| profile.lacking_form(name, view));
            let is_idle = |name: &str| {
                let is_rare =
                    profile.kind.shape.field(name).is_none_or(|field| field.ty.refers_to(&profile.kind.name));
                (!is_rare || meant(name).is_some() || unmatched(name).is_some())
                    && !profile.is_optional(name)
                    && has_none(name)
            };
            let idle = profile.described_fields().filter(|(name, places)| {
                let is_stated = profile.stated_fields.iter().any(|stated| **stated == **name);
                // One page alone may lack a field.
                let is_certain = || {
                    records.len() > 1
                        || profile.reads_names_for(name)
                        || meant(name).is_some()
                        || unmatched(name).is_some()
                        || lacking(name).is_some()
                        || views.first().is_some_and(|view| profile.lacks_such_places(name, view))
                };
                !records.is_empty() && is_stated && !places.is_empty() && is_idle(name) && is_certain()
            });
            let unsplit = profile.field_names().filter_map(|name| unsplit(profile, name, &records));
            let notices = idle.map(|(name, places)| {
                let (path, places) = (profile.own_path.as_deref().unwrap_or_default(), places.join(" or "));
                let line = self.policy.own_files.line_of_field(path, "fields", name);
                let line = line.map_or_else(String::new, |line| format!(":{line}"));
                let help = match meant(name) {
                    Some(place) => format!("write `{}: {}`", place.location, place.name),
                    None if let Some((_, pattern)) = other_line(name) => {
                        format!("write `preamble: '{pattern}'`")
                    }
                    None if let Some(value) = unmatched(name) => {
                        format!("the `pattern` there does not fit `{value}`")
                    }
                    None if let Some(form) = lacking(name) => {
                        format!("the section has no {}: remove `take: {}`", form.parts, form.take)
                    }
                    None if profile.asks_for_marks(name) => {
                        "a title is matched without `#` or other marks: write `title: \"^(.+)$\"`".to_owned()
                    }
                    None if places.starts_with("section") => {
                        format!(
                            "{}correct where it stands",
                            views.first().map_or_else(String::new, sections_there)
                        )
                    }
                    // Each record has an identifier.
                    None if name == "id" => {
                        "correct where it stands; until then, the titles are the ids".to_owned()
                    }
                    None if let Some(title) =
                        views.iter().find_map(|view| profile.unmatched_title(name, view)) =>
                    {
                        format!("the pattern there does not fit `{}`", shorten(title))
                    }
                    None => "correct where it stands, or list the field under `optional`".to_owned(),
                };
                let files = match records.as_slice() {
                    [only] => format!("not found in `{}`", only.path),
                    _ => format!(
                        "found in none of the {} {} of the format `{}`",
                        records.len(),
                        if profile.has_part_records() { "records" } else { "files" },
                        profile.name
                    ),
                };
                format!("`{name}` is {files}, in the {places}; {help}, in `{path}{line}`")
            });
            notices.chain(unsplit).collect::<Vec<_>>()
        });
        notices.collect()
    }

    /// Names the sections of logs in formats of the user's own that have a heading like those of records, and are none.
    fn sections_left_out(&self, input: &Input) -> Vec<String> {
        let is_log = |profile: &Profile| profile.own_path.is_some() && profile.has_section_records;
        let mut logs: Vec<(&Arc<str>, &Arc<Profile>)> = input
            .records()
            .iter()
            .filter_map(|record| Some((&record.path, record.profile.as_ref().filter(|it| is_log(it))?)))
            .collect();
        logs.dedup_by_key(|(path, _)| *path);
        let notices = logs.into_iter().filter_map(|(path, profile)| {
            let document = explain::file::document(input, path)?;
            let left_out = profile.sections_left_out(&document);
            let mut numbered =
                left_out.iter().filter(|(heading, _)| profile.numbers_section(&document, heading));
            let (heading, mismatch) = numbered.next()?;
            let line = document.source.position(heading.span.start as usize).line;
            let more = match numbered.count() {
                0 => String::new(),
                more => format!(", and so on for {}", counted(more, "other section")),
            };
            Some(format!(
                "the section `{}` (`{path}:{line}`) is no record of the format `{}`: it has {mismatch}{more}",
                shorten(heading.title.trim()),
                profile.name
            ))
        });
        notices.collect()
    }

    /// Returns a notice for each kind of the user's own that has no record, if the name of an unread file is that of the kind.
    fn idle_kinds(&self, input: &Input) -> Vec<String> {
        let own = self.policy.own_files.kinds.iter().filter_map(|source| self.policy.kinds.of_source(source));
        // Another notice reports patterns without a file.
        let is_configured = |kind: &Kind| self.policy.config.records.iter().any(|it| *it.kind == *kind.name);
        let idle = own.filter(|kind| input.of_kind(&kind.name).is_empty() && !is_configured(kind));
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
