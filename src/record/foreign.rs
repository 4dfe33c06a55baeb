//! Builds records of foreign formats: first the fields that the profile extracts, then fields in the native form.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use super::RecordContent;
use super::build::{self, Draft};
use super::canonical::{Canonical, KeyedFields, typed};
use super::identity::{heading_id, id_key, leading_number, split_heading};
use super::missing;
use super::page::SectionFields;
use super::slips::{self, ItemRows};
use crate::kind::{Field, FieldType, Initial};
use crate::node::{Entry, Key, Mapping, Node, Value, edit_list};
use crate::profile::{Extractor, FieldVocabulary, Profile, TextSpans, View, from_first_word};
use crate::schema::{self, Violation};
use crate::syntax::markdown::{Heading, section_key, slug};
use crate::text::Span;

pub(super) fn record(view: View<'_>, profile: &Arc<Profile>, sections: &SectionFields) -> RecordContent {
    let view = &view.with_kind(&profile.kind, Some(profile));
    let mut reader = ForeignReader {
        view,
        profile,
        canonical: Canonical::new(view.source(), Some(profile)),
        keyed: KeyedFields::default(),
        implicit_title: None,
        format_violations: Vec::new(),
    };
    reader.read_profile();
    if view.row.is_none() && view.section.is_none() && !profile.is_fallback {
        reader.read_keys();
        // A heading that the format looked at and left is that of a section.
        if reader.implicit_title.is_none() || !profile.reads_headings_for("title") {
            build::add_title(view, &mut reader.keyed.fields);
        }
        sections.add_fields(view, &mut reader.canonical, &profile.kind, &mut reader.keyed.fields);
    }
    if view.section.is_some() {
        reader.tell_misspelt_lines();
    }
    if view.row.is_none() && (view.section.is_none() || profile.counts_as_own_form(view.path())) {
        sections.add_tasks(view, &mut reader.canonical, &profile.kind, &mut reader.keyed.fields);
    }
    reader.finish()
}

const MAX_MISSPELT: usize = 100;

/// How many letters name a series of pages.
const LETTERS: std::ops::RangeInclusive<usize> = 2..=6;

/// Returns true for a status with its successor or its day, and false for the beginning of its history: `Rejected at first, then accepted`.
fn is_status_alone(line: &str) -> bool {
    let plain = line.trim_matches(|c: char| !c.is_alphanumeric());
    let rest = plain.split_once(|c: char| !c.is_alphabetic()).map_or("", |(_, rest)| rest.trim_start());
    let words = plain.split(['[', '(', '.']).next().unwrap_or_default();
    let names_a_page = || rest.contains(|c: char| c.is_ascii_digit());
    !words.contains([',', ';', ':'])
        && (rest.is_empty()
            || rest.starts_with(|c: char| c.is_ascii_digit())
            || ["by ", "on "].iter().any(|it| rest.starts_with(it)) && names_a_page())
}

/// `D-1` and `DR-1` are identifiers of an organisation's own, while more letters name a series.
const MOST_OWN_LETTERS: usize = 2;

struct ForeignReader<'a> {
    view: &'a View<'a>,
    profile: &'a Arc<Profile>,
    canonical: Canonical<'a>,
    keyed: KeyedFields,
    implicit_title: Option<Box<str>>,
    format_violations: Vec<Violation>,
}

impl ForeignReader<'_> {
    fn read_profile(&mut self) {
        let profile = self.profile;
        for (name, extractors) in profile.fields() {
            let Some(field) = profile.kind.shape.field(name) else { continue };
            if name == "id" && self.view.repeats_number {
                continue;
            }
            let Some((extractor, value)) = self.extract(extractors, field) else {
                continue;
            };
            // A title from the file name does not satisfy a schema that requires one.
            if name == "title" && !extractor.reads_content() {
                self.implicit_title = value.as_text().map(Box::from);
                continue;
            }
            if profile.kind.status.as_deref() == Some(name) {
                self.tell_other_status(extractors, field, &value);
                if self.view.row.is_none() {
                    self.tell_second_status(field, &value);
                }
            }
            if self.view.row.is_none() {
                let second = slips::second_day(self.view, field, &profile.date_formats);
                self.format_violations.extend(second);
            }
            let mut entries = extractor.entries_in(self.view);
            let used = match entries.next() {
                Some(used) if extractor.is_plain() => used,
                other => {
                    let span = other.map_or(value.span, |entry| entry.key.span);
                    self.keyed.push_keyless(field, span, value);
                    continue;
                }
            };
            self.canonical.set(&mut self.keyed, field, used.key.clone(), value);
            for repeated in entries {
                self.add_repeated(repeated, &used.key);
            }
        }
    }

    fn tell_second_status(&mut self, field: &Field, status: &Node) {
        let vocabulary = self.profile.vocabulary(&field.name);
        let second = vocabulary.and_then(|words| slips::second_status(self.view, field, words, status.span));
        self.format_violations.extend(second);
    }

    /// Reports a status in the front matter or in a line below the title that the page below contradicts.
    fn tell_other_status(&mut self, extractors: &[Extractor], field: &Field, status: &Node) {
        let is_above = |node: &Node| self.view.root.is_some_and(|root| root.span.contains(node.span));
        if self.view.markdown().is_none() || self.view.row.is_some() {
            return;
        }
        let (below, place) = if is_above(status) {
            let below = extractors.iter().filter(|one| one.reads_content());
            let below = below.filter_map(|one| one.read(self.view)).find(|node| !is_above(node));
            (below.or_else(|| self.first_line_below(field)), "in the front matter")
        } else {
            (self.line_above_section(field, status), "here")
        };
        let Some(other) = below else { return };
        let span = other.span;
        // The format's own words for the place are in the message where it is the only one.
        let told = self.format_violations.len();
        let other = self.canonical(other, field);
        self.format_violations.truncate(told);
        let word = |node: &Node| {
            node.as_text().filter(|word| field.values.iter().any(|it| **it == **word)).map(str::to_owned)
        };
        let (Some(status_word), Some(other)) = (word(status), other.as_ref().and_then(word)) else { return };
        // A site may call a page a draft until its proposal is decided.
        let kind = &self.profile.kind;
        let is_open = |word: &str| {
            kind.draft_statuses.iter().any(|draft| **draft == *word)
                || matches!(&field.initial, Some(Initial::Value(initial)) if **initial == *word)
        };
        if is_open(&status_word) && is_open(&other) {
            return;
        }
        if status_word != other && !self.says_between(&status_word, status.span, span) {
            let written = self.view.source().slice(status.span).trim_matches(['"', '\'', ' ']).to_lowercase();
            let is_word = written.chars().all(|c| c.is_alphabetic() || c == ' ');
            let word = if is_word { &written } else { &status_word };
            let elsewhere = if span.start < status.span.start { "above" } else { "below" };
            self.format_violations.push(Violation {
                keyword: "repeated-key".into(),
                pointer: format!("/{}", field.name).into(),
                span: status.span,
                message: format!("the status is {word} {place} and {other} {elsewhere}"),
                help: Some("remove the one that is out of date, or make both alike".to_owned()),
                suggestion: None,
                field: field.name.to_string().into(),
                missing: false,
                related: Some((span, "another status".to_owned())),
            });
        }
    }

    /// Returns true if the text between the front matter and a place contains a word, as in `**Superseded by 27**`.
    fn says_between(&self, word: &str, front_matter: Span, place: Span) -> bool {
        let from = self.view.root.map_or(front_matter.end, |root| root.span.end);
        let between = self.view.source().text().get(from as usize..place.start as usize);
        between.is_some_and(|text| text.to_lowercase().contains(word))
    }

    /// Returns the value of a line below the title that is named for a field, whose value was read from its section.
    fn line_above_section(&self, field: &Field, value: &Node) -> Option<Node> {
        let is_named =
            |name: &str| field.headings.iter().any(|heading| section_key(heading) == section_key(name));
        let mut lines = self.view.header()?.as_mapping()?.entries().iter();
        let line = lines.find(|entry| is_named(&entry.key.name))?;
        let section = self.first_line_below(field)?;
        let is_status = section.span.contains(value.span) && section.as_text().is_some_and(is_status_alone);
        is_status.then(|| line.value.clone())
    }

    /// Returns the first line of the section that is named for a field.
    fn first_line_below(&self, field: &Field) -> Option<Node> {
        let at = field.headings.iter().find_map(|name| self.view.sections().get(&section_key(name)))?;
        let body = self.view.markdown()?.headings.get(*at)?.own_body;
        let text = self.view.source().slice(body);
        let line = text.trim_start().lines().next()?.trim_end();
        let start = body.start as usize + (text.len() - text.trim_start().len());
        Some(Node::text(Span::new(start, start + line.len()), line))
    }

    /// Returns the first value that is not an empty list, else the first.
    fn extract<'e>(&mut self, extractors: &'e [Extractor], field: &Field) -> Option<(&'e Extractor, Node)> {
        let mut found: Option<(&Extractor, Node)> = None;
        for extractor in extractors {
            let Some(value) = extractor.read(self.view) else { continue };
            let value = if extractor.keeps_types() { value } else { typed(value, &field.ty) };
            let value = if extractor.item_fields.is_empty() {
                value
            } else {
                let rows = ItemRows::new(self.view, field, (self.profile, extractor));
                let value = rows.with_days(value);
                self.format_violations.extend(rows.violations(&value));
                rows.left_out(value)
            };
            let Some(value) = self.canonical(value, field) else { continue };
            if !value.is_empty() {
                return Some((extractor, value));
            }
            found.get_or_insert((extractor, value));
        }
        found
    }

    /// Reads keys that are unknown to the profile as fields of the kind, and reports those that are one edit from a known one.
    fn read_keys(&mut self) {
        let profile = self.profile;
        let by_profile: HashSet<Arc<str>> =
            self.keyed.fields.entries().iter().map(|entry| entry.key.name.clone()).collect();
        for entry in self.view.root.and_then(Node::as_mapping).map_or(&[][..], Mapping::entries) {
            let Entry { key, value } = entry;
            if profile.knows_key(&key.name) || matches!(&*key.name, "kind" | "$schema") {
                continue;
            }
            match profile.kind.shape.by_key(&key.name) {
                Some(field) if !by_profile.contains(&field.name) => {
                    // What another community means by the key is not known; a value of another type is none of the field.
                    let value = Some(value).filter(|value| may_be_of(value, &field.ty)).cloned();
                    if let Some(value) = value.and_then(|value| self.canonical(value, field)) {
                        self.canonical.set(&mut self.keyed, field, key.clone(), value);
                    }
                }
                Some(field) => {
                    if let Some(used) = self.keyed.key_of(field).cloned() {
                        self.add_repeated(entry, &used);
                    }
                }
                None if self.format_violations.len() < MAX_MISSPELT => {
                    let keys = profile.keys().map(|known| (known.to_owned(), known));
                    self.format_violations.extend(misspelt(key, "key", profile, keys));
                }
                None => {}
            }
        }
    }

    /// Reports header lines that are one edit from a line of the format; the first section also those above the sections.
    fn tell_misspelt_lines(&mut self) {
        let profile = self.profile;
        let unknown = |node: &Node| {
            let lines = node.as_mapping().map_or(&[][..], Mapping::entries).iter();
            let unknown = lines.filter(|entry| profile.field_of_entry(&entry.key.name).is_none());
            unknown.map(|entry| entry.key.clone()).collect::<Vec<_>>()
        };
        let lines = || profile.lines().map(|known| (known.to_lowercase(), known));
        let lines_above = || profile.lines_above().map(|known| (known.to_lowercase(), known));
        let keys = self.view.header().map(unknown).unwrap_or_default();
        let mut told: Vec<Violation> =
            keys.iter().filter_map(|key| misspelt(key, "line", profile, lines())).collect();
        let keys = self.view.headers_above().iter().flat_map(unknown);
        let above: Vec<Violation> =
            keys.filter_map(|key| misspelt(&key, "line", profile, lines_above())).collect();
        if !above.is_empty() && self.is_first_section() {
            told.extend(above);
        }
        told.truncate(MAX_MISSPELT);
        self.format_violations.extend(told);
    }

    /// Returns true for the first of the sections of the page that are records.
    fn is_first_section(&self) -> bool {
        let sections = self.profile.section_records(self.view.document).unwrap_or_default();
        let span = |heading: &Heading| heading.span;
        sections.first().copied().map(span) == self.view.section.map(span)
    }

    fn add_repeated(&mut self, repeated: &Entry, used: &Key) {
        if !repeated.value.as_scalar().is_some_and(|scalar| self.canonical.is_absent(scalar, None)) {
            self.canonical.add_repeated(&repeated.key, used);
        }
    }

    fn canonical(&mut self, found: Node, field: &Field) -> Option<Node> {
        // A mapping under a word of every day is something else, where no community says what the word means.
        if !self.profile.closes_status
            && found.as_mapping().is_some_and(|mapping| means_something_else(mapping, &field.ty))
        {
            return None;
        }
        let found = without_list(found, &field.ty);
        match self.profile.vocabulary(&field.name) {
            Some(vocabulary) => self.translate(found, field, vocabulary).map(|value| typed(value, &field.ty)),
            None => self.canonical.field(found, field),
        }
    }

    /// Translates the format's words to the kind's values. An unknown word stays as it is, with a violation.
    fn translate(&mut self, node: Node, field: &Field, vocabulary: &FieldVocabulary) -> Option<Node> {
        match node.value {
            Value::Sequence(items) => {
                let is_empty = items.is_empty() && matches!(field.ty, FieldType::List(_));
                let words = items.into_iter().filter_map(|item| self.translate(item, field, vocabulary));
                Some(Node::sequence(node.span, words.collect())).filter(|list| is_empty || !list.is_empty())
            }
            Value::Scalar(ref scalar) if self.canonical.is_absent(scalar, Some(field)) => None,
            Value::Scalar(ref scalar) => {
                let written = strip_symbols(self.canonical.source, &node);
                Some(match vocabulary.value_of(scalar.text()) {
                    Some(value) => Node::text(written.span, value),
                    None => {
                        self.format_violations.push(unknown_word(&written, field, vocabulary, self.profile));
                        written
                    }
                })
            }
            Value::Mapping(_) => self.canonical.field(node, field),
        }
    }

    fn finish(mut self) -> RecordContent {
        let source = self.view.source();
        self.leave_out_other_names();
        let file_id = self.profile.file_id(self.view);
        let anchor = self.view.anchor();
        self.read_own_id(anchor);
        let name_span = self.resolve_id(file_id.as_deref(), anchor);
        let fallback_id = self.name_of_part();
        let draft = Draft {
            kind: self.profile.kind.clone(),
            span: self.whole_span(),
            fields: self.keyed.fields,
            implicit_title: self.implicit_title,
            anchor,
            fallback_id,
            violations: self.canonical.into_repeated_keys(),
        };
        let mut record = draft.finish(source);
        record.name_span = build::first_line(source, name_span);
        record.profile = Some(self.profile.clone());
        record.file_id = file_id;
        record.letters = letters(self.view, self.profile, &record.id);
        record.format_violations.extend(self.format_violations);
        let missing = missing::required_fields(&record, self.profile, self.view);
        record.format_violations.extend(missing);
        record
    }

    /// Leaves out the other names of a record that are its title.
    fn leave_out_other_names(&mut self) {
        let fields = &mut self.keyed.fields;
        let Some(title) = fields.get("title").and_then(Node::as_text).map(str::to_owned) else { return };
        let names = &self.profile.kind.names;
        let is_title = |item: &Node| item.as_text() == Some(&title);
        for entry in fields.entries_mut() {
            let is_name = names.iter().any(|name| **name == *entry.key.name);
            if let Value::Sequence(items) = &mut entry.value.value
                && is_name
                && items.iter().any(is_title)
            {
                edit_list(items, |items| items.retain(|item| !is_title(item)));
            }
        }
        fields.entries_mut().retain(|entry| {
            let is_name = names.iter().any(|name| **name == *entry.key.name);
            !is_name || entry.value.as_sequence().is_none_or(|items| !items.is_empty())
        });
    }

    /// The name of a section or row that states no identifier: its anchor.
    fn name_of_part(&self) -> Box<str> {
        let title = || self.keyed.fields.get("title").and_then(Node::as_text);
        let of_row = || self.view.row.and_then(|_| title()).map(|title| slug(title).into());
        self.view.section.map(|section| section.slug.clone()).or_else(of_row).unwrap_or_default()
    }

    /// The span of the file, or of the section, row or item that is the record.
    fn whole_span(&self) -> Span {
        let item = self.view.item.and(self.view.root).map(|item| item.span);
        let row = self.view.row.map(row_span);
        let section = self.view.section.map(|section| section.line.to(section.body));
        item.or(row).or(section).unwrap_or_else(|| build::text_span(self.view.source()))
    }

    /// Takes the letters and the number that the title of a page begins with for its identifier, if the name of the file has no other
    /// number: `# D-1: Sell through partners` in `0001-sell-through-partners.md`.
    fn read_own_id(&mut self, anchor: Span) {
        let is_page = self.view.row.is_none() && self.view.section.is_none();
        let Some(own) = heading_id(self.view).filter(|_| is_page) else { return };
        let Some((letters, number)) = own.split_once('-') else { return };
        let of_name = self.keyed.fields.get("id").filter(|id| id.span == anchor).and_then(Node::as_text);
        let is_same = of_name.is_some_and(|id| id_key(id, &[]) == id_key(number, &[]));
        let heading = self.view.title().map_or(anchor, |heading| heading.span);
        if !is_same
            || letters.len() > MOST_OWN_LETTERS
            || self.profile.prefixes.iter().any(|prefix| prefix.eq_ignore_ascii_case(letters))
        {
            return;
        }
        for entry in self.keyed.fields.entries_mut() {
            let title = entry.value.as_text().filter(|_| &*entry.key.name == "title");
            if &*entry.key.name == "id" {
                entry.value = Node::text(heading, own);
            } else if let Some((_, rest)) =
                title.and_then(split_heading).filter(|(id, rest)| *id == own && !rest.is_empty())
            {
                let start = entry.value.span.end as usize - rest.len();
                entry.value = Node::text(Span::new(start, start + rest.len()), rest);
            }
        }
    }

    fn resolve_id(&mut self, file_id: Option<&str>, anchor: Span) -> Span {
        let Some(id) = self.keyed.fields.get("id").cloned() else { return anchor };
        let same = |file_id: &&str| {
            let key = |text: &str| id_key(text, &self.profile.prefixes);
            let is_same =
                |id: &str| key(id) == key(file_id) || numbered_slug(id).map(key) == Some(key(file_id));
            id.as_text().is_some_and(is_same)
        };
        if let Some(file_id) = file_id.filter(same) {
            let entries = std::mem::take(&mut self.keyed.fields).into_entries().into_iter();
            let respelt = entries.map(|entry| match &*entry.key.name {
                "id" => Entry { key: entry.key, value: Node::text(id.span, file_id) },
                _ => entry,
            });
            self.keyed.fields = respelt.collect();
        }
        let page = Some(self.view).filter(|view| view.row.is_none());
        let heading = page.and_then(View::title).map(|heading| heading.span);
        heading.filter(|span| span.contains(id.span)).unwrap_or(id.span)
    }
}

/// Returns the number of a page slug, as site generators write it: `adr-1` of `adr-1-use-rust`.
fn numbered_slug(id: &str) -> Option<&str> {
    let number = leading_number(id)?;
    let words = id[number.len()..].strip_prefix('-')?;
    // A number of zeros is a placeholder.
    let is_slug = words.len() > 2 && words.starts_with(|c: char| c.is_ascii_lowercase());
    (is_slug && number.contains(|c: char| matches!(c, '1'..='9'))).then_some(number)
}

/// Returns the letters that the title writes before the record's own number, if its format doesn't know which they are.
fn letters(view: &View<'_>, profile: &Profile, id: &str) -> Option<Box<str>> {
    let heading = view.title().filter(|_| profile.is_fallback)?;
    let title = heading.title.trim_start_matches('[');
    let end = title.find(|c: char| !c.is_ascii_uppercase())?;
    let rest = title[end..].trim_start_matches(['-', '_', ' ', '#']);
    let number = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
    let is_own = !number.is_empty() && id_key(number, &[]) == id_key(id, &[]);
    (LETTERS.contains(&end) && is_own).then(|| title[..end].into())
}

fn row_span(row: crate::profile::TableRow<'_>) -> Span {
    row.cells.iter().map(|cell| cell.span).reduce(Span::to).unwrap_or_default()
}

/// Returns the only item of a list where the field has one value: of the lines of a status, the one that is ticked.
fn without_list(found: Node, ty: &FieldType) -> Node {
    let is_of_type = may_be_of(&found, ty);
    match found.value {
        Value::Sequence(items) if !is_of_type && items.len() == 1 => {
            items.into_iter().next().unwrap_or_else(|| Node::null(found.span))
        }
        value => Node { value, ..found },
    }
}

/// Returns true for a mapping where text is expected; `{ name: Ada Byron, title: Editor }` is a person.
fn means_something_else(mapping: &Mapping, ty: &FieldType) -> bool {
    match ty {
        FieldType::Text => true,
        FieldType::Reference(_) => mapping.get("name").is_none(),
        FieldType::List(item) => means_something_else(mapping, item),
        _ => false,
    }
}

/// Returns false for a list where the field has one value, and for a mapping where it has none.
fn may_be_of(value: &Node, ty: &FieldType) -> bool {
    match (&value.value, ty) {
        (_, FieldType::Any | FieldType::List(_)) | (Value::Scalar(_), _) => true,
        (Value::Sequence(_), ty) => matches!(ty, FieldType::Reference(_)),
        (Value::Mapping(_), ty) => matches!(ty, FieldType::Struct(_) | FieldType::Map(_)),
    }
}

/// Leaves out signs before the words, and brackets and marks around them.
fn strip_symbols(source: &crate::text::Source, node: &Node) -> Node {
    let text = node.as_text().unwrap_or_default();
    let words = from_first_word(text).trim_end();
    let before = &text[..words.as_ptr() as usize - text.as_ptr() as usize];
    let words = if text.trim_start().starts_with('[') { words.trim_end_matches(']') } else { words };
    // `**Pondering**`, and not `**Pondering** since **June**`.
    let marks = ["**", "__", "*", "_", "`"].into_iter().find(|marks| before.ends_with(marks));
    let inside = marks.and_then(|marks| words.strip_suffix(marks).filter(|inside| !inside.contains(marks)));
    let words = inside.unwrap_or(words);
    if words.is_empty() {
        return node.clone();
    }
    let start = words.as_ptr() as usize - text.as_ptr() as usize;
    Node::text(TextSpans::new(source, node).span(start..start + words.len()), words)
}

/// A status of more words is a sentence.
const MOST_WORDS: usize = 2;

fn unknown_word(value: &Node, field: &Field, vocabulary: &FieldVocabulary, profile: &Profile) -> Violation {
    let text = value.as_text().unwrap_or_default();
    let words: Vec<&str> = vocabulary.words().collect();
    // A sentence says something else than its words: `Awaiting proper testing`, `Supersedes the one before, but affirms it`.
    let is_sentence = text.split_whitespace().count() > MOST_WORDS;
    let of_meaning = || vocabulary.word_for(vocabulary.only_meaning(text)?).filter(|_| !is_sentence);
    let mut suggestion = match profile.is_fallback {
        // Which words and languages a page of an unknown format uses isn't known: `propose` and `accepte` may be meant.
        true => words.iter().copied().find(|word| is_slip(text, word)),
        false => schema::nearest(text, words.iter().copied()).or_else(of_meaning),
    };
    let mut help = suggestion.map(|word| schema::did_you_mean(&*capitalised_like(word, text)));
    // A word of the kind itself is one that the user's own profile does not list, and no slip of the page.
    let own = profile.own_path.as_ref().filter(|_| suggestion.is_some());
    if let Some((own, meaning)) = own.zip(field.canonical(text)) {
        suggestion = Some(text);
        help =
            Some(format!("if it is a word of the format, add `{text}: {meaning}` under `values` in `{own}`"));
    } else if let Some(own) = profile.own_path.as_ref().filter(|_| field.values.is_empty()) {
        help = Some(format!(
            "`{name}` takes any text: write one of these words, or remove `{name}` under `values` in `{own}`",
            name = field.name
        ));
    } else if let Some(own) = &profile.own_path {
        let word =
            format!("if it is a word of the format, add `{}: …` under `values` in `{own}`", shorten(text));
        help = Some(match suggestion {
            Some(near) => format!("{} {word}", schema::did_you_mean(near)),
            None => format!("write one of these words; {word}"),
        });
    }
    Violation {
        keyword: "enum".into(),
        pointer: format!("/{}", field.name).into(),
        span: value.span,
        message: format!("`{}` is `{}`; expected one of {}", field.name, shorten(text), words.join(", ")),
        help,
        suggestion: suggestion.map(|word| capitalised_like(word, text).into()),
        field: (*field.name).into(),
        missing: false,
        related: None,
    }
}

/// Returns true for a text whose first word is one edit from a word, and neither begins with the other.
fn is_slip(text: &str, word: &str) -> bool {
    let text = from_first_word(text).to_lowercase();
    let first = &text[..text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len())];
    let is_part = first.starts_with(word) || word.starts_with(first);
    first.is_ascii() && !is_part && schema::edit_distance(first, word) == 1
}

/// Returns a word with a capital where the text begins with one.
fn capitalised_like<'w>(word: &'w str, text: &str) -> Cow<'w, str> {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) if text.starts_with(char::is_uppercase) && first.is_lowercase() => {
            Cow::Owned(first.to_uppercase().chain(letters).collect())
        }
        _ => Cow::Borrowed(word),
    }
}

/// Reports a key or line that is one edit from one of those that the format knows, each with its usual form.
fn misspelt<'p>(
    key: &Key,
    part: &str,
    profile: &Profile,
    known: impl Iterator<Item = (String, &'p str)>,
) -> Option<Violation> {
    let written = key.name.to_lowercase();
    let suggestion = schema::only_meaning(&written, known)?;
    Some(Violation {
        keyword: "additional-properties".into(),
        pointer: schema::pointer_to("", &key.name),
        span: key.span,
        message: format!("`{}` is not a {part} of this format ({})", shorten(&key.name), profile.name),
        help: Some(schema::did_you_mean(suggestion)),
        suggestion: Some(suggestion.into()),
        field: (*key.name).into(),
        missing: false,
        related: None,
    })
}

pub(super) fn shorten(text: &str) -> String {
    const MAX_LEN: usize = 60;
    let line: String = text.lines().next().unwrap_or_default().chars().take(MAX_LEN + 1).collect();
    match line.char_indices().nth(MAX_LEN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
