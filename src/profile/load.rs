use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use rayon::prelude::*;

use super::base::{
    BuiltInProfiles, RECOGNISE, check_name, has_base, name_after_file, with_parts, with_suggestion,
};
use super::extract::Extractor;
use super::globs::{PathGlobs, glob_error};
use super::link::ReferenceForm;
use super::pattern::Pattern;
use super::vocabulary::{FieldVocabulary, shared_lists};
use super::{Details, Numbering, Profile, Profiles, Recognition, mistakes};
use crate::calendar;
use crate::citation::Form;
use crate::config::GLOB_HELP;
use crate::finding::Fault;
use crate::kind::{FieldType, Kind, Kinds, fold_name};
use crate::lazy::Lazy;
use crate::node::{Entry, Node, Scalar, ScalarKind, Value};
use crate::schema::{self, Schema};
use crate::syntax::{self, Format};
use crate::text::{Source, Span, capital};

mod built_in;
mod conditions;
mod extractors;
mod write_targets;

/// A profile of the user's own takes the place of the built-in one with its name.
pub(super) fn profiles(
    own: &[Arc<Source>],
    built_in: &[Arc<Source>],
    kinds: &Kinds,
) -> Result<Vec<Arc<Profile>>, Vec<Fault>> {
    // A profile that extends another one is narrower, and comes before it.
    let (narrow, wide): (Vec<_>, Vec<_>) = built_in.iter().partition(|source| has_base(source));
    let sources: Vec<&Arc<Source>> = own.iter().chain(narrow).chain(wide).collect();
    let is_own = |at: usize| at < own.len();
    let built_in = Arc::new(BuiltInProfiles::new(built_in));
    let read_one = |(at, source): (usize, &&Arc<Source>)| match is_own(at) {
        false if !kinds.has_own() => match built_in::lazy_profile(source, &built_in, kinds) {
            Some(profile) => Ok((profile, Span::default())),
            None => profile(source, false, &built_in, kinds),
        },
        is_own => profile(source, is_own, &built_in, kinds),
    };
    let read: Vec<_> = sources.par_iter().enumerate().map(read_one).collect();
    let mut profiles: Vec<Arc<Profile>> = Vec::with_capacity(sources.len());
    let mut faults = Vec::new();
    for (at, (source, profile)) in sources.into_iter().zip(read).enumerate() {
        match profile {
            Ok((profile, name)) if profiles.iter().any(|other| other.name == profile.name) => {
                if is_own(at) {
                    let message = format!("duplicate profile name `{}`", profile.name);
                    let fault = Fault::new(message).help("rename one of them, or delete one of the files");
                    faults.push(fault.at(source, name));
                }
            }
            Ok((profile, _)) => profiles.push(Arc::new(profile)),
            Err(more) => faults.extend(more),
        }
    }
    // Profiles of table rows come last: a record page may contain a table of terms.
    profiles.sort_by_key(|profile| profile.has_row_records);
    if faults.is_empty() { Ok(profiles) } else { Err(faults) }
}

/// The schema judges only the user's own profiles, and a test the built-in ones.
fn profile(
    source: &Arc<Source>,
    is_own: bool,
    built_in: &BuiltInProfiles,
    kinds: &Kinds,
) -> Result<(Profile, Span), Vec<Fault>> {
    let parsed;
    let document = match built_in.document(source) {
        Some(document) if !is_own => document,
        _ => {
            parsed = syntax::parse_policy(source.clone(), Format::Yaml);
            &parsed
        }
    };
    if !document.problems.is_empty() {
        return Err(document.faults());
    }
    let Some(root) = document.roots.first() else {
        let help =
            "write how a page is recognised and where its fields stand: `kind`, `recognise` and `fields`";
        let fault = Fault::new("the profile is empty").at(source, source.line_span(0));
        return Err(vec![fault.help(help)]);
    };
    let root = &*with_parts(source, root).map_err(|fault| vec![fault])?;
    let base = root.get("base").map(|base| base.span);
    let extended = built_in.extended(source, root).map_err(|fault| vec![fault])?;
    let stated = root;
    let mut root = extended.unwrap_or_else(|| root.clone());
    if is_own {
        check_name(source, stated, built_in).map_err(|fault| vec![fault])?;
        name_after_file(source, stated, &mut root);
    }
    if let (Some(condition), Value::Mapping(mapping)) = (stated.get(RECOGNISE), &mut root.value) {
        // Conditions are not merged: one of two keys is none.
        let inherited = mapping.entries_mut().iter_mut().find(|entry| &*entry.key.name == RECOGNISE);
        inherited.into_iter().for_each(|entry| entry.value.clone_from(condition));
    }
    let root = &root;
    if is_own {
        let schema = SCHEMA.as_ref().map_err(|fault| vec![fault.clone()])?;
        let violations = schema.violations_of_policy(root);
        if !violations.is_empty() {
            return Err(violations.into_iter().map(|violation| violation.into_fault(source)).collect());
        }
    }
    let kind = kind(source, root, kinds).map_err(|fault| vec![fault])?;
    let fields = root.get("fields");
    let mut loader = Loader { source, kind: &kind, is_own, base, fields, faults: Vec::new() };
    let mut details = loader.details(root);
    if is_own {
        let keys = stated.get("fields").into_iter().flat_map(entries).map(|entry| &*entry.key.name);
        details.stated_fields = keys.filter_map(|key| Some((*kind.shape.field(key)?.name).into())).collect();
        details.asked_paths = conditions::asked_paths(source, stated, "recognise");
        details.stated_paths = conditions::asked_paths(source, stated, "paths");
        if stated.get("lacks").is_none() {
            details.has_place_for_stated_fields();
        }
        loader.faults.extend(mistakes::faults(source, stated));
    }
    let recognition = loader.recognition(root);
    let profile = loader.profile(root, recognition.into(), details.into());
    loader.require_columns(root, &profile);
    let name = root.get("name").map_or(root.span, |name| name.span);
    loader.faults.sort_by_key(|fault| fault.place.as_ref().map(|place| place.span));
    if loader.faults.is_empty() { Ok((profile, name)) } else { Err(loader.faults) }
}

const ID: &str = "id";

static SCHEMA: LazyLock<Result<Schema, Fault>> =
    LazyLock::new(|| Schema::embedded("schemas/profile.schema.json"));

fn kind(source: &Arc<Source>, root: &Node, kinds: &Kinds) -> Result<Arc<Kind>, Fault> {
    let named = root.get("kind").and_then(|node| Some((node, node.as_text()?)));
    let Some((node, name)) = named else { return Err(Fault::new("missing key `kind`")) };
    kinds.get(name).cloned().ok_or_else(|| {
        let fault = Fault::new(format!("unknown kind `{name}`")).at(source, node.span);
        match kinds.meant(name) {
            Some(near) => with_suggestion(fault, Some(near)),
            None => {
                fault.help(format!("define it in `kinds/{name}.yaml`, in the folder that holds `profiles/`"))
            }
        }
    })
}

struct Loader<'a> {
    source: &'a Arc<Source>,
    kind: &'a Arc<Kind>,
    is_own: bool,
    /// The place that all parts have which come from the base.
    base: Option<Span>,
    fields: Option<&'a Node>,
    faults: Vec<Fault>,
}

impl Loader<'_> {
    fn profile(&mut self, root: &Node, recognition: Lazy<Recognition>, details: Lazy<Details>) -> Profile {
        let text = |key: &str| root.get(key).and_then(Node::as_text).unwrap_or_default();
        Profile {
            name: text("name").into(),
            kind: self.kind.clone(),
            usual_paths: root.get("paths").map(texts).unwrap_or_default(),
            is_fallback: text("fallback") == "true",
            own_path: self.is_own.then(|| self.source.path().clone()),
            is_narrower: has_base(self.source),
            has_row_records: text("rows") == "true",
            is_partial: text("partial") == "true",
            has_section_records: root.get("sections").is_some(),
            paths: self.opened_paths(root),
            skip: self.globs(root.get("skip")),
            leaves_out_templates: !self.is_own || has_base(self.source),
            companions: self.globs(root.get("beside")),
            recognition,
            details,
        }
    }

    fn recognition(&mut self, root: &Node) -> Recognition {
        let condition = self.condition(root.get(RECOGNISE));
        let sections = root.get("sections").map(|node| self.sections(node));
        let is_of_pages = sections.is_some() || condition.asks_for_page();
        Recognition { condition, is_of_pages, sections }
    }

    fn details(&mut self, root: &Node) -> Details {
        let text = |key: &str| root.get(key).and_then(Node::as_text).unwrap_or_default();
        let texts = |key: &str| root.get(key).map(texts).unwrap_or_default();
        let mut details = Details {
            title: text("title").into(),
            description: text("description").into(),
            recognised_by: root.get(RECOGNISE).map(schema::to_json).unwrap_or_default(),
            date_formats: self.date_formats(root.get("dates")),
            prefixes: texts("prefixes"),
            cited_as: self.citation_forms(root.get("cited-as")),
            elsewhere: root.get("elsewhere").and_then(|node| self.pattern(node)),
            accountable_fields: self.fields(root.get("accountable")),
            required_fields: self.fields(root.get("requires")),
            numbering: Numbering::named(text("numbered-by")),
            took_place: root.get("took-place").and_then(Node::as_text).map(Box::from),
            stated_fields: Vec::new(),
            asked_paths: Vec::new(),
            stated_paths: Vec::new(),
            has_pull_request_numbers: text("pull-request-numbers") == "true",
            help: root.get("help").and_then(Node::as_text).map(Box::from),
            items: self.items(root),
            fields: self.field_extractors(root.get("fields")),
            file_id: root.get("file-id").map(|node| self.extractors(node)).unwrap_or_default(),
            references: self.references(root.get("references")),
            other_keys: texts("other-keys"),
            known_keys: ahash::HashSet::default(),
            vocabularies: self.vocabularies(root.get("values")),
            absent_words: texts("absent"),
            path_aliases: self.path_aliases(root.get("known-as")),
            optional_fields: self.fields(root.get("optional")),
            unsupported_fields: self.unsupported_fields(root.get("lacks")),
            status_since: self.fields(root.get("status-since")),
            write_targets: self.write_targets(root.get("writes")),
            closes_status: text("closes-status") == "true",
            own_form_in: self.globs(root.get("own-form-in")),
        };
        self.fixed_values(&details, root.get("fields"));
        self.unread_values(&details, root.get("values"));
        self.require_id(root, &details);
        let accountable = root.get("accountable").filter(|stated| !self.is_built_in(stated));
        let fault = mistakes::accountable(&details, &self.kind.shape).filter(|_| accountable.is_some());
        let span = accountable.map_or(root.span, |stated| stated.span);
        self.faults.extend(fault.map(|fault| fault.at(self.source, span)));
        details.known_keys = details.keys().map(|key| fold_name(key).into()).collect();
        details
    }

    fn require_columns(&mut self, root: &Node, profile: &Profile) {
        let rows = root.get("rows").filter(|_| profile.has_row_records && !profile.has_rows());
        if let Some(rows) = rows {
            let fault = Fault::new("`rows` needs `columns` under `recognise`").at(self.source, rows.span);
            self.faults.push(fault.help("name the columns of the table, such as `columns: [Term, Meaning]`"));
        }
    }

    /// Each record has an id, unless the profile says that its format needs none.
    fn require_id(&mut self, root: &Node, profile: &Details) {
        let is_read = || profile.field_names().any(|name| name == ID) || !profile.file_id.is_empty();
        if !self.is_own || profile.is_optional(ID) || is_read() {
            return;
        }
        let fields = root.as_mapping().and_then(|root| root.entry("fields"));
        let fault = Fault::new("a format needs an `id` under `fields`: by it, others refer to the record");
        let help =
            "say where it is, such as `id: [{ file: \"^([0-9]+)-\" }]` for the number in the file's name";
        self.faults
            .push(fault.help(help).at(self.source, fields.map_or(root.span, |fields| fields.key.span)));
    }

    fn is_built_in(&self, part: &Node) -> bool {
        !self.is_own || self.base == Some(part.span)
    }

    fn pattern(&mut self, node: &Node) -> Option<Pattern> {
        let text = node.as_text()?;
        if !self.is_own {
            return Some(Pattern::built_in(text));
        }
        Pattern::new(text)
            .map_err(|error| {
                let fault = Fault::new(error.to_string());
                self.faults.push(fault.at(self.source, node.span));
            })
            .ok()
    }

    fn globs(&mut self, node: Option<&Node>) -> PathGlobs {
        if !self.is_own {
            return PathGlobs::built_in(node.map(texts).unwrap_or_default());
        }
        let mut globs = Vec::new();
        for item in node.into_iter().flat_map(items) {
            let text = item.as_text().unwrap_or_default();
            match glob_error(text) {
                None => globs.push(text.into()),
                Some(error) => {
                    let reason = error.split("; ").next().unwrap_or(&error);
                    let fault = Fault::new(format!("invalid glob: {reason}")).help(GLOB_HELP);
                    self.faults.push(fault.at(self.source, item.span));
                }
            }
        }
        PathGlobs::new(globs).unwrap_or_else(|error| {
            self.faults.push(Fault::new(format!("invalid glob: {error}")));
            PathGlobs::default()
        })
    }

    fn date_formats(&mut self, node: Option<&Node>) -> Vec<Box<str>> {
        for item in node.into_iter().flat_map(items) {
            let format = item.as_text().unwrap_or_default();
            if !calendar::is_date_format(format) {
                let fault =
                    Fault::new(format!("`{format}` is not a format of a date")).at(self.source, item.span);
                self.faults.push(fault.help("write day, month and year as in `%d %B %Y`"));
            }
        }
        node.map(texts).unwrap_or_default()
    }

    fn citation_forms(&mut self, node: Option<&Node>) -> Vec<Form> {
        let mut forms = Vec::new();
        for item in node.into_iter().flat_map(items) {
            match Form::parse(item.as_text().unwrap_or_default()) {
                Ok(form) => forms.push(form),
                Err(message) => {
                    let text = item.as_text().unwrap_or_default();
                    let help = match text.contains(['{', '}']) {
                        true => "write it as in `ADR-{id}`, `docs/adr/{path}` or `{path}.md`".to_owned(),
                        false => format!("write `\"{text}{{id}}\"`"),
                    };
                    self.faults.push(Fault::new(message).help(help).at(self.source, item.span));
                }
            }
        }
        forms
    }

    /// A fixed value must be one of the field, in the words of the format if it has its own.
    fn fixed_values(&mut self, profile: &Details, node: Option<&Node>) {
        for Entry { key, value } in node.into_iter().flat_map(entries) {
            let Some(field) = self.kind.shape.field(&key.name).filter(|field| !field.values.is_empty())
            else {
                continue;
            };
            let vocabulary = profile.vocabulary(&field.name);
            for fixed in items(value).iter().filter_map(|extractor| extractor.get("value")) {
                let text = fixed.as_text().unwrap_or_default();
                let is_known = match vocabulary {
                    Some(vocabulary) => vocabulary.value_of(text).is_some(),
                    None => field.canonical(text).is_some(),
                };
                if !(is_known || self.is_built_in(fixed) && field.has_removed(text)) {
                    let fault = Fault::new(format!("unknown value `{text}` of field `{}`", field.name));
                    let nearest = match vocabulary {
                        Some(vocabulary) => schema::nearest(text, vocabulary.words()),
                        None => schema::nearest(text, field.values.iter().map(|value| &**value)),
                    };
                    self.faults.push(with_suggestion(fault.at(self.source, fixed.span), nearest));
                }
            }
        }
    }

    /// The words of a field are looked up in what is read of it.
    fn unread_values(&mut self, profile: &Details, node: Option<&Node>) {
        for Entry { key, .. } in node.into_iter().flat_map(entries).filter(|_| self.is_own) {
            let Some(field) = self.kind.shape.field(&key.name) else { continue };
            if !profile.field_names().any(|name| *name == *field.name) {
                let message = format!("`values` names `{}`, which has no location under `fields`", key.name);
                let help = format!(
                    "add where it is read, such as `{}: [{{ header: {} }}]`, to `fields`, or remove it",
                    key.name,
                    capital(&key.name)
                );
                self.faults.push(Fault::new(message).help(help).at(self.source, key.span));
            }
        }
    }

    /// Only `{folder}` is replaced.
    fn path_aliases(&mut self, node: Option<&Node>) -> Vec<Box<str>> {
        for item in node.into_iter().flat_map(items) {
            let text = item.as_text().unwrap_or_default().replace("{folder}", "");
            if text.contains(['{', '}']) {
                let fault = Fault::new("unknown variable; expected `{folder}`").at(self.source, item.span);
                self.faults.push(fault.help("write it as in `{folder}/README.md`"));
            }
        }
        node.map(texts).unwrap_or_default()
    }

    fn field(&mut self, name: &str, span: Span) -> Box<str> {
        let shape = &self.kind.shape;
        if shape.field(name).is_none() {
            let fault = Fault::new(format!("kind `{}` has no field `{name}`", self.kind.name));
            let nearest = || schema::nearest(name, shape.fields.iter().map(|field| &*field.name));
            let meant = shape.by_key(name).map(|field| &*field.name).or_else(nearest);
            let meant = meant.or_else(|| mistakes::read_from(self.fields, name));
            let help = format!("`alignlint explain {}` lists its fields", self.kind.name);
            let help = meant.map_or(help, schema::did_you_mean);
            self.faults.push(fault.at(self.source, span).help(help));
        }
        name.into()
    }

    fn fields(&mut self, node: Option<&Node>) -> Vec<Box<str>> {
        let items = node.into_iter().flat_map(items);
        items.filter_map(|item| Some(self.field(item.as_text()?, item.span))).collect()
    }

    /// Reads `lacks`. If the user's kind replaces a built-in one, a built-in format may name fields there that this kind does not have.
    fn unsupported_fields(&mut self, node: Option<&Node>) -> Vec<Box<str>> {
        if self.is_own || self.kind.own_source.is_none() {
            return self.fields(node);
        }
        let mut names = node.map(texts).unwrap_or_default();
        names.retain(|name| self.kind.shape.field(name).is_some());
        names
    }

    fn field_extractors(&mut self, node: Option<&Node>) -> Vec<(Box<str>, Vec<Extractor>)> {
        let entries = node.into_iter().flat_map(entries);
        let field = |entry: &Entry| {
            self.needless_separator(entry);
            (self.field(&entry.key.name, entry.key.span), self.extractors(&entry.value))
        };
        entries.map(field).collect()
    }

    /// Rejects names of header lines that contain markup or a colon.
    fn header_names(&mut self, node: Option<&Node>) {
        const AROUND: [char; 5] = ['*', ':', '-', ' ', '`'];
        for item in node.map_or(&[][..], items) {
            let text = item.as_text().unwrap_or_default();
            let name = text.trim_matches(AROUND);
            if text.starts_with('^') || text.ends_with('$') {
                let name = text.trim_start_matches('^').trim_end_matches('$').trim_end_matches(':');
                let fault = Fault::new(format!("expected the name of a line, found the pattern `{text}`"));
                let help = format!(
                    "write `header: {name}`, or `preamble:` for a pattern in the text below the title"
                );
                self.faults.push(fault.help(help).at(self.source, item.span));
            } else if text.contains("**") || text.trim_end().ends_with(':') {
                let message = format!("expected the name of a line without markup and colon, found `{text}`");
                let fault = Fault::new(message).help(format!("write `header: {name}`"));
                self.faults.push(fault.at(self.source, item.span));
            }
        }
    }

    fn separator(&mut self, node: Option<&Node>) {
        let Some(node) = node else { return };
        if let Some(ScalarKind::Bool(value)) = node.as_scalar().map(Scalar::kind) {
            let fault = Fault::new(format!("expected the text between two values, found `{value}`"));
            self.faults.push(fault.help("write it, such as `split: \",\"`").at(self.source, node.span));
        }
    }

    /// Rejects `split` for a field that holds one value.
    fn needless_separator(&mut self, entry: &Entry) {
        let is_single = self.kind.shape.field(&entry.key.name).is_some_and(|field| {
            let is_list = field.may_be_list || matches!(field.ty, FieldType::List(_));
            let is_plain = matches!(field.ty, FieldType::Date | FieldType::Bool | FieldType::Duration);
            !is_list && (is_plain || field.ty.is_text() || !field.values.is_empty())
        });
        let split = items(&entry.value).iter().find_map(|place| place.get("split"));
        if let Some(split) = split.filter(|split| !self.is_built_in(split) && is_single) {
            let fault =
                Fault::new(format!("`{}` holds one value, and `split` makes several", entry.key.name));
            self.faults.push(fault.help("remove `split`").at(self.source, split.span));
        }
    }

    fn extractors(&mut self, node: &Node) -> Vec<Extractor> {
        items(node).iter().filter_map(|item| self.extractor(item)).collect()
    }

    fn references(&mut self, node: Option<&Node>) -> Vec<ReferenceForm> {
        let forms = node.into_iter().flat_map(items).filter_map(|item| entries(item).first());
        forms
            .filter_map(|Entry { key, value }| {
                let pattern = self.pattern(value)?;
                Some(match &*key.name {
                    "path" => ReferenceForm::Path(pattern),
                    "root" => ReferenceForm::Root(pattern),
                    "web" => ReferenceForm::Web(pattern),
                    _ => ReferenceForm::Id(pattern),
                })
            })
            .collect()
    }

    fn vocabularies(&mut self, node: Option<&Node>) -> Vec<(Box<str>, FieldVocabulary)> {
        let entries = node.into_iter().flat_map(entries);
        entries
            .map(|Entry { key, value }| {
                let field = self.field(&key.name, key.span);
                let words = self.words(&field, value.get("words"));
                let also = self.words(&field, value.get("also"));
                let detail = value.get("detail").and_then(Node::as_text) == Some("true");
                let mut vocabulary = FieldVocabulary::new(words, also, detail);
                if let Some(list) = value.get("shared") {
                    self.share(&mut vocabulary, list);
                }
                for outweighed in value.get("outweighs").map_or(&[][..], self::entries) {
                    let words = self.words(&field, Some(&outweighed.value));
                    vocabulary.outweigh((*outweighed.key.name).into(), words);
                }
                (field, vocabulary)
            })
            .collect()
    }

    fn share(&mut self, vocabulary: &mut FieldVocabulary, list: &Node) {
        let name = list.as_text().unwrap_or_default();
        if shared_lists().any(|known| known == name) {
            return vocabulary.share(name);
        }
        let fault = Fault::new(format!("there is no list of words `{name}`")).at(self.source, list.span);
        self.faults.push(with_suggestion(fault, schema::nearest(name, shared_lists())));
    }

    fn reversed_words(&self, field: &str, words: &[Entry]) -> Option<Fault> {
        let allowed = self.kind.json["properties"][field]["enum"].as_array().filter(|_| self.is_own)?;
        let allowed: Vec<&str> = allowed.iter().filter_map(|value| value.as_str()).collect();
        mistakes::reversed_words(self.source, words, &allowed)
    }

    fn words(&mut self, field: &str, node: Option<&Node>) -> Vec<(Box<str>, Box<str>)> {
        let (mut words, mut first_of_word): (Vec<(Box<str>, Box<str>)>, _) = (Vec::new(), HashMap::new());
        let stated = node.map_or(&[][..], entries);
        if let Some(fault) = self.reversed_words(field, stated) {
            self.faults.push(fault);
            return words;
        }
        let allowed = self.kind.json["properties"][field]["enum"].as_array();
        for Entry { key, value } in stated {
            let target = value.as_text().unwrap_or_default();
            let not_allowed = allowed.filter(|allowed| !allowed.iter().any(|one| one == target));
            if not_allowed.is_some() && self.is_built_in(value) {
                // The user's own kind of this name allows fewer values.
                continue;
            }
            if let Some(allowed) = not_allowed {
                let nearest = schema::nearest(target, allowed.iter().filter_map(|one| one.as_str()));
                let fault = Fault::new(format!(
                    "unknown value `{target}` of field `{field}` in kind `{}`",
                    self.kind.name
                ));
                let is_reversed = allowed.iter().any(|one| *one == *key.name);
                let reversed = || format!("write the format's word first: `{target}: {}`", key.name);
                let fault = fault.at(self.source, value.span);
                self.faults.push(match is_reversed {
                    true => fault.help(reversed()),
                    false if nearest.is_some() => with_suggestion(fault, nearest),
                    false => {
                        let values: Vec<&str> = allowed.iter().filter_map(|one| one.as_str()).collect();
                        fault.help(format!("use one of `{}`", values.join("`, `")))
                    }
                });
            }
            // Tests compare the words of the program's own profiles.
            let folded = (self.is_own || cfg!(debug_assertions)).then(|| key.name.to_lowercase());
            let same = folded.map(|folded| *first_of_word.entry(folded).or_insert(words.len()));
            if let Some((word, other)) = same.and_then(|at| words.get(at)).filter(|(_, it)| **it != *target) {
                let message = format!(
                    "`{}` is `{target}`, and `{word}` is `{other}`; case makes no difference",
                    key.name
                );
                self.faults.push(Fault::new(message).at(self.source, key.span).help("remove one of the two"));
            }
            words.push(((*key.name).into(), target.into()));
        }
        words
    }
}

fn entries(node: &Node) -> &[Entry] {
    node.as_mapping().map_or(&[], |mapping| mapping.entries())
}

fn items(node: &Node) -> &[Node] {
    node.as_sequence().unwrap_or(std::slice::from_ref(node))
}

fn texts(node: &Node) -> Vec<Box<str>> {
    items(node).iter().filter_map(Node::as_text).map(Box::from).collect()
}

impl Profiles {
    pub fn preferring(mut self, own: Profiles) -> Profiles {
        let mut profiles = own.profiles;
        profiles.append(&mut self.profiles);
        profiles.sort_by_key(|profile| profile.has_row_records);
        Profiles::new(profiles, own.digest.rotate_left(1) ^ self.digest)
    }
}
