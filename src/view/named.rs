//! Where the records name a partner, a supplier, or anything else that is neither a person nor a team.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;
use regex::Regex;

use crate::calendar::parse_date;
use crate::catalog::SourceFile;
use crate::finding::Place;
use crate::input::Input;
use crate::node::{Node, Scalar};
use crate::record::Record;
use crate::rule::{ACCOUNTABLE_KINDS, NameSpec};
use crate::text::Span;

use super::page::record_at;
use super::who;
use super::{Cell, Column, PageTitle, Row, Section};

/// So many records have to contain a word that no record has as its name.
const LEAST: usize = 2;
/// The most sentences of a row.
const MAX_SENTENCES: usize = 3;
/// The most letters of a sentence.
const MAX_LETTERS: usize = 300;

/// A name with its places.
#[derive(Debug)]
pub(super) struct Named {
    /// As it is written.
    pub(super) name: String,
    /// The records that have the name.
    pub(super) bearers: HashSet<u32>,
    words: Words,
    /// In the order of the files.
    places: Vec<NamedAt>,
    by_record: HashMap<u32, Vec<Span>>,
}

#[derive(Clone, Copy, Debug)]
struct NamedAt {
    /// The number of the file.
    file: usize,
    /// The number of the record around it.
    record: Option<u32>,
    span: Span,
}

/// The pattern of some names.
#[derive(Clone, Debug)]
pub(super) struct Words {
    pattern: Regex,
    /// Those that mean a record wherever they are written in exactly this way.
    identifiers: HashSet<String>,
}

impl Words {
    pub(super) fn new<'n>(identifiers: &[&'n str], names: impl Iterator<Item = &'n str>) -> Option<Words> {
        let pattern = |name: &str| -> String {
            name.split_whitespace().map(regex::escape).collect::<Vec<_>>().join(r"\s+")
        };
        let mut patterns: Vec<String> =
            identifiers.iter().copied().chain(names).map(pattern).filter(|it| !it.is_empty()).collect();
        // A longer name before one that it begins with.
        patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.len()));
        patterns.dedup();
        let pattern = Regex::new(&format!("(?i)(?:{})", patterns.join("|"))).ok()?;
        let identifiers = identifiers.iter().map(|&id| id.to_owned()).collect();
        (!patterns.is_empty()).then_some(Words { pattern, identifiers })
    }

    /// Returns where a text has one of the names as whole words.
    fn found<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Span> + 't {
        self.pattern.find_iter(text).filter_map(|found| {
            let is_part = |c: char| {
                c.is_alphanumeric() || matches!(c, '_' | '-') && self.identifiers.contains(found.as_str())
            };
            let before = text[..found.start()].chars().next_back();
            let after = text[found.end()..].chars().next();
            let is_whole = !before.is_some_and(is_part) && !after.is_some_and(is_part);
            is_whole.then(|| Span::new(found.start(), found.end()))
        })
    }

    /// Returns true if a text has one of the identifiers.
    fn identify(&self, text: &str) -> bool {
        !self.identifiers.is_empty()
            && self.found(text).any(|at| self.identifiers.contains(&text[at.range()]))
    }

    /// Returns true for an identifier, and for words with a capital letter.
    fn is_name(&self, text: &str) -> bool {
        self.identifiers.contains(text) || text.chars().any(char::is_uppercase)
    }
}

impl Named {
    /// Finds the records that have a name, and where records and pages name those; without such records, words that several name.
    pub(super) fn find(input: &Input, text: &str) -> Option<Named> {
        let is_of_directory = |record: &Record| ACCOUNTABLE_KINDS.contains(&&*record.kind.name);
        let bears = |record: &&Record| !is_of_directory(record) && input.is_named(record, text);
        let bearers: Vec<&Record> = input.records().iter().filter(bears).collect();
        let is_distinct = |id: &&str| id.chars().any(|c| c.is_ascii_digit() || c == '-');
        let ids: Vec<&str> = bearers.iter().map(|record| &*record.id).filter(is_distinct).collect();
        let titles = bearers.iter().map(|record| record.name());
        let words = Words::new(&ids, titles.chain([text.trim()]))?;
        let name = bearers.first().map_or_else(String::new, |record| record.name().to_owned());
        let places = places(input, &words);
        let mut named = Named::at(name, &bearers, words, places);
        if named.bearers.is_empty() {
            if named.around() < LEAST {
                return None;
            }
            named.name = named.most_frequent(input).unwrap_or_else(|| text.trim().to_owned());
        }
        Some(named)
    }

    /// Finds where records and pages contain each of several names, which `words` are; each with the records that have it.
    pub(super) fn each<'n>(
        input: &Input,
        words: &Words,
        names: &'n BTreeMap<String, Vec<&Record>>,
    ) -> Vec<(&'n str, Named)> {
        let mut by_name: HashMap<String, Vec<NamedAt>> = HashMap::new();
        for at in places(input, words) {
            let text = one_line(input.files()[at.file].source().slice(at.span)).to_lowercase();
            by_name.entry(text).or_default().push(at);
        }
        let named = names.iter().filter_map(|(name, bearers)| {
            let places = by_name.get(&one_line(name).to_lowercase())?.clone();
            Some((&**name, Named::at(name.clone(), bearers, words.clone(), places)))
        });
        named.collect()
    }

    fn at(name: String, bearers: &[&Record], words: Words, places: Vec<NamedAt>) -> Named {
        let mut by_record: HashMap<u32, Vec<Span>> = HashMap::new();
        for at in &places {
            if let Some(record) = at.record {
                by_record.entry(record).or_default().push(at.span);
            }
        }
        let bearers = bearers.iter().map(|record| record.number).collect();
        Named { name, bearers, words, places, by_record }
    }

    /// Returns how many records and pages contain the name.
    pub(super) fn around(&self) -> usize {
        self.places.iter().map(|at| at.record.ok_or(at.file)).collect::<HashSet<_>>().len()
    }

    /// Returns the name as it is mostly written.
    fn most_frequent(&self, input: &Input) -> Option<String> {
        let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
        for at in &self.places {
            *uses.entry(input.files()[at.file].source().slice(at.span)).or_default() += 1;
        }
        uses.into_iter().max_by_key(|(_, uses)| *uses).map(|(name, _)| one_line(name))
    }

    /// Returns true if a record, or a part of it, has the name or contains it.
    pub(super) fn is_in(&self, record: &Record, part: Option<Span>) -> bool {
        let has = |span: &Span| part.is_none_or(|part| part.contains(*span));
        self.bearers.contains(&record.number) && part.is_none()
            || self.by_record.get(&record.number).is_some_and(|spans| spans.iter().any(has))
    }

    /// Returns true if a text has the identifier of one of its records.
    pub(super) fn is_told(&self, text: &str) -> bool {
        self.words.identify(text)
    }

    /// Lists the records that name it, by kind, and after them the pages that are no records.
    pub(super) fn sections(&self, input: &Input, today: Date) -> Vec<Section> {
        let page = Arc::new(PageTitle {
            command: "report".to_owned(),
            name: "names".into(),
            title: format!("What names {}", self.name),
            about: "The records that name it, with their days and owners; and pages that are no records."
                .to_owned(),
        });
        let mut kinds: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
        let mut pages: Vec<Row> = Vec::new();
        let mut places = self.places.iter().peekable();
        while let Some(first) = places.next() {
            let mut around = vec![first];
            while let Some(next) =
                places.next_if(|next| next.file == first.file && next.record == first.record)
            {
                around.push(next);
            }
            let file = &input.files()[first.file];
            match first.record.map(|number| input.record(number)) {
                Some(record) => {
                    kinds
                        .entry(&record.kind.plural)
                        .or_default()
                        .extend(self.rows(input, record, &around, today));
                }
                None => pages.push(self.page_row(file, &around)),
            }
        }
        let head = |key: &str| Column::head(key, key);
        let detail = |key: &str| Column::detail(key, key);
        let columns = || {
            let owner = Column { index: Some(NameSpec::Name), ..detail("owner") };
            vec![head("record"), head("title"), detail("says"), detail("status"), detail("days"), owner]
        };
        let titled = |plural: &str, rows| {
            let mut letters = plural.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            let title: String = first.chain(letters).collect();
            Section::plain(page.clone(), &title, columns(), rows)
        };
        let mut sections: Vec<Section> = kinds.into_iter().map(|(kind, rows)| titled(kind, rows)).collect();
        if !pages.is_empty() {
            sections.push(Section::plain(page.clone(), "Pages", vec![head("page"), detail("says")], pages));
        }
        if sections.is_empty() {
            let empty = Some(format!("no other record names {}", self.name));
            sections.push(Section { empty, ..Section::plain(page, "Records", Vec::new(), Vec::new()) });
        }
        sections
    }

    /// A row for each part of a record that contains the name, such as an action, and one for the rest of the record.
    fn rows(&self, input: &Input, record: &Record, places: &[&NamedAt], today: Date) -> Vec<Row> {
        let texts = Texts::of(record);
        let mut parts: Vec<(Option<&Node>, Vec<Found>)> = Vec::new();
        for at in places {
            let found = texts.around(at.span);
            let part = found.and_then(|found| found.part);
            let place = part.map(|part| part.span);
            let found = Found { text: found, span: at.span };
            match parts.last_mut().filter(|(known, _)| known.map(|known| known.span) == place) {
                Some((_, of_part)) => of_part.push(found),
                None => parts.push((part, vec![found])),
            }
        }
        let source = input.file_of(record).source();
        let row = |(part, found): (Option<&Node>, Vec<Found>)| {
            let fields = part.unwrap_or(&record.fields);
            let says = found.iter().filter(|found| found.text.is_none_or(|text| text.field != "title"));
            let says = says.map(|found| match found.text {
                Some(text) if text.scalar.text().trim().len() == found.span.range().len() => {
                    format!("{}: {}", text.field.replace('-', " "), one_line(text.scalar.text()))
                }
                Some(text) => self.sentence(text.scalar.text()),
                None => sentence(source.text(), record.span, found.span),
            });
            let days = match days(fields) {
                days if days.is_empty() => self::days(&record.fields),
                days => days,
            };
            let owners = who::owners_of_part(input, record, part.map(|part| part.span));
            let owners: Vec<String> = owners.iter().map(|owner| who::name_on(input, owner, today)).collect();
            let status = fields.get("status").or_else(|| record.field("status")).and_then(Node::as_text);
            let texts = [
                format!("{} {}", record.kind.name, record.id),
                if record.name() == &*record.id { String::new() } else { record.name().to_owned() },
                few(says),
                status.unwrap_or_default().to_owned(),
                days,
                owners.join(", "),
            ];
            let at = found.first().map_or(record.name_span, |found| found.span);
            Row::about(
                part.is_none().then(|| input.name_of(record)),
                Some(Place { source: source.clone(), span: at }),
                texts.into_iter().map(Cell::text).collect(),
            )
        };
        parts.into_iter().map(row).collect()
    }

    fn page_row(&self, file: &SourceFile, places: &[&NamedAt]) -> Row {
        let source = file.source();
        let all = Span::new(0, source.text().len());
        let says = few(places.iter().map(|at| sentence(source.text(), all, at.span)));
        let place = Place { source: source.clone(), span: places[0].span };
        Row::about(None, Some(place), vec![Cell::text(&**source.path()), Cell::text(says)])
    }

    /// Returns the sentence of a text that contains the name.
    fn sentence(&self, text: &str) -> String {
        let name = one_line(&self.name).to_lowercase();
        let mut found = self.words.found(text);
        let found = found.find(|at| name.is_empty() || one_line(&text[at.range()]).to_lowercase() == name);
        let found = found.or_else(|| self.words.found(text).next()).unwrap_or(Span::at(0));
        sentence(text, Span::new(0, text.len()), found)
    }
}

/// Returns where the files contain the names.
fn places(input: &Input, words: &Words) -> Vec<NamedAt> {
    let of_file = |(number, file): (usize, &SourceFile)| {
        let text = file.source().text();
        let mut texts: Option<(u32, Texts)> = None;
        let mut is_whole_text = |record: u32, span: Span| {
            if texts.as_ref().is_none_or(|(known, _)| *known != record) {
                texts = Some((record, Texts::of(input.record(record))));
            }
            let found = texts.as_ref().and_then(|(_, texts)| texts.around(span));
            found.is_some_and(|found| found.scalar.text().trim().len() == span.range().len())
        };
        let place = |span: Span| {
            let record = record_at(input, &Place { source: file.source().clone(), span });
            let is_kept = words.is_name(&text[span.range()])
                || record.is_some_and(|record| is_whole_text(record, span));
            is_kept.then_some(NamedAt { file: number, record, span })
        };
        words.found(text).filter_map(place).collect::<Vec<_>>()
    };
    input.files().par_iter().enumerate().flat_map_iter(of_file).collect()
}

/// The texts of a record, in the order of their places.
struct Texts<'r>(Vec<TextAt<'r>>);

#[derive(Clone, Copy)]
struct TextAt<'r> {
    span: Span,
    scalar: &'r Scalar,
    /// The field of the record that it is in.
    field: &'r str,
    /// The nearest item of a list that has fields.
    part: Option<&'r Node>,
}

/// A place of the name, with the text of a field around it.
#[derive(Clone, Copy)]
struct Found<'r> {
    text: Option<TextAt<'r>>,
    span: Span,
}

impl<'r> Texts<'r> {
    fn of(record: &'r Record) -> Texts<'r> {
        let mut texts = Vec::new();
        let mut open: Vec<(&Node, &str, Option<&Node>)> = vec![(&record.fields, "", None)];
        while let Some((node, field, part)) = open.pop() {
            if let Some(scalar) = node.as_scalar() {
                texts.push(TextAt { span: node.span, scalar, field, part });
            }
            for item in node.as_sequence().unwrap_or_default() {
                let part = if item.as_mapping().is_some() { Some(item) } else { part };
                open.push((item, field, part));
            }
            for entry in node.as_mapping().map_or(&[][..], crate::node::Mapping::entries) {
                let field = if field.is_empty() { &*entry.key.name } else { field };
                open.push((&entry.value, field, part));
            }
        }
        texts.sort_by_key(|text| text.span.start);
        Texts(texts)
    }

    fn around(&self, span: Span) -> Option<TextAt<'r>> {
        let after = self.0.partition_point(|text| text.span.start <= span.start);
        let text = *self.0.get(after.checked_sub(1)?)?;
        text.span.contains(span).then_some(text)
    }
}

/// Returns the days that fields name, such as `due 2026-12-11`.
fn days(fields: &Node) -> String {
    let entries = fields.as_mapping().map_or(&[][..], crate::node::Mapping::entries);
    let days = entries.iter().filter_map(|entry| {
        let day = parse_date(entry.value.as_text()?)?;
        Some(format!("{} {day}", entry.key.name.replace('-', " ")))
    });
    days.collect::<Vec<_>>().join(", ")
}

/// Joins the first sentences, each once.
fn few(sentences: impl Iterator<Item = String>) -> String {
    let mut shown: Vec<String> = Vec::new();
    for sentence in sentences.filter(|sentence| !sentence.is_empty()) {
        if shown.len() < MAX_SENTENCES && !shown.contains(&sentence) {
            shown.push(sentence);
        }
    }
    shown.join(" … ")
}

/// Returns the sentence around a place, on one line and without the marks of a list, a heading or a comment.
fn sentence(text: &str, within: Span, at: Span) -> String {
    let within =
        Span::new(within.range().start.min(at.range().start), within.range().end.max(at.range().end));
    let (before, after) =
        (&text[within.range().start..at.range().start], &text[at.range().end..within.range().end]);
    let ends = [". ", "! ", "? ", "\n\n", ".\n", "\n- ", "\n* ", "\n#", "\n|"];
    let start = ends.iter().filter_map(|end| before.rfind(end).map(|at| at + end.len())).max().unwrap_or(0);
    let end = ends.iter().filter_map(|end| after.find(end).map(|at| at + 1)).min().unwrap_or(after.len());
    let sentence = [&before[start..], &text[at.range()], &after[..end]].concat();
    let sentence = one_line(sentence.trim_start_matches(|c: char| c.is_whitespace() || "#-*>|".contains(c)));
    match sentence.char_indices().nth(MAX_LETTERS) {
        Some((end, _)) => format!("{}…", sentence[..end].trim_end()),
        None => sentence,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
