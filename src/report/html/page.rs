//! The page around the drawings.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::io::{self, Write};

use jiff::civil::Date;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::super::escape::{Escaped, Escaping};
use super::super::terminal::{self, clip};
use super::super::uri;
use super::{answers, graph, index, table, time_line, trend, unfolded};
use crate::finding::Place;
use crate::output::Target;
use crate::view::drawing::{Drawing, Shape};
use crate::view::trend::Trend;
use crate::view::{Answer, Cell, Column, Row, Section, View};

const STYLE: &str = include_str!("page.css");
/// Nothing is loaded, whatever the page contains.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
/// The deepest level that is indented further than the one above it.
const MAX_DEPTH: usize = 5;
/// The columns of a text that takes the whole width of a card.
const WIDE: usize = 40;
/// The digits of a commit that are shown.
const SHOWN_COMMIT: usize = 10;
/// The most bars of a drawing: more can't be read.
const MAX_BARS: usize = 60;

/// The state that the records are read from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The name of the company or the repository; empty if it has none.
    pub name: String,
    /// The commit whose state it is; `None` for changes that are not committed.
    pub commit: Option<String>,
}

/// How much cards say.
#[derive(Clone, Copy)]
struct Brevity {
    messages: usize,
    /// The columns of a text.
    text: usize,
    /// True if a longer text is left out, and not cut.
    drops_text: bool,
    /// True if the identifiers in a card lead to the cards of those records.
    links: bool,
    /// The cards of a section that has neither a drawing nor questions.
    cards: usize,
    /// The cards of a section that say more than their names.
    details: usize,
}

/// From the longest to the shortest page.
const BREVITY: [Brevity; 7] = [
    Brevity { messages: 24, text: 4000, drops_text: false, links: true, cards: ALL, details: ALL },
    Brevity { messages: 12, text: 600, drops_text: false, links: true, cards: ALL, details: ALL },
    Brevity { messages: 3, text: 200, drops_text: false, links: true, cards: ALL, details: ALL },
    Brevity { messages: 3, text: 200, drops_text: false, links: true, cards: ALL, details: 250 },
    Brevity { messages: 1, text: 60, drops_text: false, links: false, cards: 100, details: ALL },
    Brevity { messages: 1, text: 60, drops_text: false, links: false, cards: 100, details: 250 },
    Brevity { messages: 1, text: 45, drops_text: true, links: false, cards: 50, details: 100 },
];
const ALL: usize = usize::MAX;

/// The bytes of a page that can still be mailed; the shortest is written whatever its length.
const MAX_BYTES: usize = 990_000;

/// How places become links.
#[derive(Clone, Debug)]
pub enum Links {
    /// A path from the folder of the page to the root of the repository, empty or with a final `/`.
    Relative(String),
    /// An address with `{path}` and `{line}`.
    Template(String),
    /// The page is outside the repository.
    None,
}

impl Links {
    /// Links from a file to those of its repository.
    pub fn beside(target: &Target) -> Links {
        match target {
            Target::Inside { path, .. } => {
                Links::Relative("../".repeat(path.components().count().saturating_sub(1)))
            }
            Target::Outside(_) => Links::None,
        }
    }

    /// The address of a place.
    pub(super) fn of(&self, place: &Place) -> Option<String> {
        let path = uri::relative(place.source.path());
        match self {
            Links::Relative(root) => Some(format!("{root}{path}#L{}", line(place))),
            Links::Template(template) => {
                Some(template.replace("{path}", &path).replace("{line}", &line(place).to_string()))
            }
            Links::None => None,
        }
    }
}

fn line(place: &Place) -> usize {
    place.source.position(place.span.start as usize).line
}

/// Writes the page.
///
/// # Errors
/// Those of `out`.
pub fn write(
    (view, trend): (&View, Option<&Trend>),
    origin: &Origin,
    tool: &str,
    links: &Links,
    out: impl Write,
) -> io::Result<()> {
    let anchors = Anchors::of(view);
    let cards = cards(view, &anchors);
    let mut text = String::new();
    for brevity in BREVITY {
        let page = Page { view, trend, links, anchors: &anchors, cards: &cards, brevity };
        text = page.markup(origin, tool).into_string();
        if text.len() <= MAX_BYTES {
            break;
        }
    }
    let mut out = Escaped::new(out, Escaping::Text);
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// The names by which the address of the page points to its rows.
struct Anchors(Vec<Vec<String>>);

impl Anchors {
    fn of(view: &View) -> Anchors {
        let mut used: HashMap<String, usize> = HashMap::new();
        let mut anchor = |section: &Section, row: &Row| {
            let slug = slug(&row_name(section, row));
            let kind = row.record.as_ref().map_or(&*section.page.name, |record| &*record.kind);
            let name = format!("{kind}-{slug}");
            let uses = used.entry(name.clone()).and_modify(|uses| *uses += 1).or_insert(1);
            if *uses == 1 { name } else { format!("{name}_{uses}") }
        };
        Anchors(
            view.sections
                .iter()
                .map(|section| section.rows.iter().map(|row| anchor(section, row)).collect())
                .collect(),
        )
    }
}

/// The addresses of the cards of records, by the identifiers that only one record has.
fn cards<'v>(view: &'v View, anchors: &'v Anchors) -> HashMap<&'v str, Option<(&'v str, &'v str)>> {
    let mut cards: HashMap<&str, Option<(&str, &str)>> = HashMap::new();
    for (section, anchors) in view.sections.iter().zip(&anchors.0) {
        for (row, anchor) in section.rows.iter().zip(anchors) {
            let Some(record) = &row.record else { continue };
            let card = cards.entry(&*record.id).or_insert(Some((&*record.kind, anchor)));
            if card.is_some_and(|(kind, _)| *kind != *record.kind) {
                *card = None;
            }
        }
    }
    cards
}

/// Returns true if a word must be an identifier: it contains a letter, and a digit or a hyphen; or it is a number such as `0007`.
fn is_identifier(word: &str) -> bool {
    let has = |test: fn(char) -> bool| word.chars().any(test);
    match has(char::is_alphabetic) {
        true => has(|c| c.is_ascii_digit() || c == '-'),
        false => word.len() > 3 && word.starts_with('0'),
    }
}

/// Letters and digits, joined by `-`.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_lowercase()
}

fn row_name(section: &Section, row: &Row) -> String {
    let mut cells = section.columns.iter().zip(&row.cells).filter(|(column, _)| column.is_head);
    cells.next().map(|(_, cell)| cell.text.trim().to_owned()).unwrap_or_default()
}

/// The names and addresses of the rows of a section, for its drawing.
pub(super) struct Rows<'p> {
    section: &'p Section,
    anchors: &'p [String],
}

impl Rows<'_> {
    pub(super) fn name(&self, row: usize) -> String {
        self.section.rows.get(row).map(|row| row_name(self.section, row)).unwrap_or_default()
    }

    /// The name and the title of a row.
    pub(super) fn label(&self, row: usize) -> String {
        let Some(row) = self.section.rows.get(row) else { return String::new() };
        let heads = self.section.columns.iter().zip(&row.cells).filter(|(column, _)| column.is_head);
        let heads = heads.map(|(_, cell)| cell.text.trim()).filter(|text| !text.is_empty());
        heads.collect::<Vec<_>>().join("  ")
    }

    pub(super) fn columns(&self) -> &[Column] {
        &self.section.columns
    }

    pub(super) fn anchor(&self, row: usize) -> Option<&str> {
        self.anchors.get(row).map(String::as_str)
    }

    pub(super) fn place(&self, row: usize) -> Option<&Place> {
        self.section.rows.get(row)?.place.as_ref()
    }

    /// The cells of each row, with their columns.
    pub(super) fn cells(&self) -> impl Iterator<Item = impl Iterator<Item = (&Column, &Cell)>> {
        self.section.rows.iter().map(|row| self.section.columns.iter().zip(&row.cells))
    }

    pub(super) fn len(&self) -> usize {
        self.section.rows.len()
    }

    pub(super) fn asked_by(&self) -> Option<String> {
        self.section.asked_by()
    }

    pub(super) fn title(&self) -> &str {
        &self.section.title
    }

    pub(super) fn link(&self, row: usize) -> Option<String> {
        self.anchors.get(row).map(|anchor| format!("#{anchor}"))
    }
}

struct Page<'p> {
    view: &'p View,
    trend: Option<&'p Trend>,
    links: &'p Links,
    anchors: &'p Anchors,
    /// The kinds and addresses of the cards of records; `None` where two records have one identifier.
    cards: &'p HashMap<&'p str, Option<(&'p str, &'p str)>>,
    brevity: Brevity,
}

impl Page<'_> {
    fn markup(&self, origin: &Origin, tool: &str) -> Markup {
        let names = [&*self.view.title, &*origin.name].into_iter().filter(|name| !name.is_empty());
        let title = format!("{}, as of {}", names.collect::<Vec<_>>().join(", "), self.view.as_of);
        let commit = origin.commit.as_deref().map(|commit| commit.get(..SHOWN_COMMIT).unwrap_or(commit));
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    title { (title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a .skip href="#content" { "Skip to the content" }
                    header {
                        div .inner {
                            @if !origin.name.is_empty() { p .of { (origin.name) } }
                            h1 { (self.view.title) }
                            p {
                                "As of " time { (self.view.as_of) }
                                @if let Some(commit) = commit { ", from commit " code { (commit) } }
                            }
                            @if let Some(note) = &self.view.note { p { (coded(note)) } }
                        }
                    }
                    (self.navigation())
                    main #content tabindex="-1" {
                        (self.tallies())
                        @for sections in self.pages() { (self.page(&sections)) }
                        @if let Some(trend) = self.trend { (trend::draw(trend, |text| self.linked(text, ""))) }
                        @if self.has_index() { (index::draw(self.all_rows())) }
                    }
                    footer {
                        @if self.is_abridged() {
                            p {
                                "Cards name " (self.brevity.messages) " of their findings at most"
                                @if self.brevity.drops_text { ", and no text of more than " (self.brevity.text) " letters" }
                                ". In the repository, " code { "alignlint" } " lists all findings."
                            }
                        }
                        p { "Written by " (tool) " from the records of the repository." }
                    }
                }
            }
        }
    }

    /// True if the page has several parts, and room for an index.
    fn has_index(&self) -> bool {
        self.brevity.links && self.pages().len() > 1
    }

    /// The shown rows of all sections, each with the title of its part.
    fn all_rows(&self) -> impl Iterator<Item = (&str, Rows<'_>)> {
        let sections = self.view.sections.iter().zip(&self.anchors.0);
        sections.map(|(section, anchors)| (&*section.page.title, Rows { section, anchors }))
    }

    /// True if a card does not name all findings.
    fn is_abridged(&self) -> bool {
        let mut cells =
            self.view.sections.iter().flat_map(|section| &section.rows).flat_map(|row| &row.cells);
        cells.any(|cell| cell.messages.len() > self.brevity.messages)
    }

    /// The numbers of the sections, by page.
    fn pages(&self) -> Vec<Vec<usize>> {
        let mut pages: Vec<Vec<usize>> = Vec::new();
        for (number, section) in self.view.sections.iter().enumerate() {
            match pages.last_mut() {
                Some(page) if self.view.sections[page[0]].page == section.page => page.push(number),
                _ => pages.push(vec![number]),
            }
        }
        pages
    }

    fn navigation(&self) -> Markup {
        let pages = self.pages();
        let titles = pages.iter().map(|page| &self.view.sections[page[0]].page);
        html! {
            @if pages.len() > 1 {
                nav aria-label="Parts" {
                    ul {
                        @for page in titles { li { a href={ "#" (page.name) } { (page.title) } } }
                        @if self.trend.is_some() { li { a href={ "#" (trend::NAME) } { (trend::TITLE) } } }
                        @if self.has_index() { li { a href={ "#" (index::NAME) } { (index::TITLE) } } }
                    }
                }
            }
        }
    }

    fn tallies(&self) -> Markup {
        let mut tallies: Vec<(&Section, String, usize)> = Vec::new();
        for section in &self.view.sections {
            let Some(tally) = &section.tally else { continue };
            let counts =
                section.counts.iter().map(|(text, count)| (section, format!("{tally} {text}"), *count));
            tallies.extend(counts);
            if section.counts.is_empty() {
                tallies.push((section, tally.clone(), section.rows.len()));
            }
        }
        html! {
            @if tallies.len() > 1 {
                dl .tallies {
                    @for (section, tally, count) in tallies {
                        div { dt { (tally) } dd { a href={ "#" (section.page.name) } { (count) } } }
                    }
                }
            }
        }
    }

    fn page(&self, sections: &[usize]) -> Markup {
        let title = &self.view.sections[sections[0]].page;
        let heading = format!("{}-title", title.name);
        html! {
            section .part id=(title.name) aria-labelledby=(heading) {
                h2 id=(heading) { (title.title) }
                @if !title.about.is_empty() { p .about { (coded(&title.about)) } }
                @for &number in sections { (self.section(number)) }
            }
        }
    }

    fn section(&self, number: usize) -> Markup {
        let section = &self.view.sections[number];
        let rows = Rows { section, anchors: &self.anchors.0[number] };
        let is_about_answers = section.columns.iter().any(|column| column.is_question);
        html! {
            @if !section.rows.is_empty() {
                h3 { (section.title) " " span .count { (section.rows.len()) } }
                @if is_about_answers { (answers::matrix(&rows)) }
                @if let Some(drawing) = &section.drawing { (self.drawing(drawing, &rows)) }
                @let shown = self.shown_cards(section, is_about_answers);
                @if section.is_table {
                    (table::draw((&rows, shown), |text| self.linked(text, ""), |place| self.place(place, None)))
                } @else {
                    @let detailed = self.detailed(section, shown);
                    ul .cards { @for number in 0..shown { (self.card(&rows, number, detailed[number])) } }
                    @let brief = detailed.iter().filter(|is_detailed| !**is_detailed).count();
                    @if brief > 0 {
                        p .note { (brief) " of these cards have only names. " (command(section)) " says all." }
                    }
                }
                @if shown < section.rows.len() {
                    p .note { "The first " (shown) " of " (section.rows.len()) ". " (command(section)) " lists all." }
                }
            } @else if let Some(empty) = &section.empty {
                h3 { (section.title) }
                p .note { (sentence(empty)) }
            }
        }
    }

    /// The number of cards of a section. Drawings and tables of answers lead to all of theirs.
    fn shown_cards(&self, section: &Section, is_about_answers: bool) -> usize {
        match section.drawing.is_some() || is_about_answers {
            true => section.rows.len(),
            false => section.rows.len().min(self.brevity.cards),
        }
    }

    /// Returns which of the shown rows have cards with all that they say: first those with findings and open questions, then the
    /// latest on a time line, then the others in their order.
    fn detailed(&self, section: &Section, shown: usize) -> Vec<bool> {
        let is_judged = |row: &Row| {
            let mut cells = row.cells.iter();
            cells
                .any(|cell| !cell.messages.is_empty() || cell.answer.is_some_and(|it| it != Answer::Answered))
        };
        let days: HashMap<usize, Date> = match section.drawing.as_ref().map(|drawing| &drawing.shape) {
            Some(Shape::TimeLine { spans, .. }) => spans.iter().map(|span| (span.row, span.from)).collect(),
            _ => HashMap::new(),
        };
        let mut order: Vec<usize> = (0..shown).collect();
        order.sort_by_key(|number| (!is_judged(&section.rows[*number]), Reverse(days.get(number))));
        let mut detailed = vec![false; shown];
        for number in order.into_iter().take(self.brevity.details) {
            detailed[number] = true;
        }
        detailed
    }

    fn drawing(&self, drawing: &Drawing, rows: &Rows) -> Markup {
        let row_title = rows.section.columns.first().map_or("", |column| &*column.title);
        html! {
            figure {
                figcaption { (drawing.caption) }
                @match &drawing.shape {
                    Shape::Graph(graph) => {
                        (graph::draw(graph, row_title, rows, self.links))
                        @if graph.left_out > 0 {
                            p .note { (graph.left_out) " more are left out of the drawing; the list below has all." }
                        }
                    },
                    Shape::TimeLine { end, spans } => (time_line::draw(spans, end, rows, self.view.as_of)),
                    Shape::Bars { column, bars } => (draw_bars(*column, bars, rows)),
                }
            }
        }
    }

    fn card(&self, rows: &Rows, number: usize, is_detailed: bool) -> Markup {
        let (section, row) = (rows.section, &rows.section.rows[number]);
        let cells = || section.columns.iter().zip(&row.cells);
        let mut heads = cells().filter(|(column, cell)| column.is_head && !cell.text.trim().is_empty());
        let name = heads.next().map(|(_, cell)| cell.text.trim()).unwrap_or_default();
        let titles: Vec<&str> = heads.map(|(_, cell)| cell.text.trim()).collect();
        let details: Vec<(&Column, &Cell)> =
            cells().filter(|(column, cell)| is_detailed && !column.is_head && self.shows(cell)).collect();
        let depth = (row.depth > 0).then(|| format!("d{}", row.depth.min(MAX_DEPTH)));
        html! {
            li class=[depth] id=(rows.anchors[number]) {
                h4 { b { (coded(name)) } " " (coded(&titles.join(" · "))) }
                @if let Some(place) = &row.place { (self.place(place, None)) }
                @let above = above(rows, number);
                @if above.is_some() || !details.is_empty() {
                    dl {
                        @if let Some(above) = above { dt { "below" } dd { a href=[rows.link(above)] { (rows.name(above)) } } }
                        @for (column, cell) in details { (self.detail(column, cell, row)) }
                    }
                }
                @if !self.brevity.drops_text { (self.unfolded(row)) }
            }
        }
    }

    fn unfolded(&self, row: &Row) -> Markup {
        unfolded::draw(
            &row.unfolded,
            self.brevity.cards,
            |text| self.linked(text, ""),
            |column, cell, row| {
                if self.shows(cell) { self.detail(column, cell, row) } else { Markup::default() }
            },
            |row| html! { @if let Some(place) = &row.place { (self.place(place, None)) } },
        )
    }

    fn detail(&self, column: &Column, cell: &Cell, row: &Row) -> Markup {
        let own = row.record.as_ref().map_or("", |record| &*record.id);
        let coded = |text: &str| self.linked(text, own);
        let row = row.place.as_ref();
        let place = cell.place.as_ref().filter(|place| row.is_none_or(|row| !is_same_line(place, row)));
        let Brevity { messages: most, text: most_text, .. } = self.brevity;
        let text = clip(cell.text.trim(), most_text);
        let is_wide = most > 1 && (cell.messages.len() > 1 || terminal::columns(&text) > WIDE);
        html! {
            dt { (column.title) }
            dd class=[is_wide.then_some("w")] {
                @if let Some(answer) = cell.answer { (answers::badge(answer)) }
                @match &cell.messages[..] {
                    [] => @match folded(&text) {
                        Some((first, rest)) => { (coded(first)) " " details { summary { "and " (rest.matches("; ").count() + 1) " more" } (coded(rest)) } },
                        None => (coded(&text)),
                    },
                    [message] => (coded(message)),
                    [message, others @ ..] if most == 1 => { (coded(message)) "; " (others.len()) " more" },
                    messages => ul {
                        @for message in messages.iter().take(most) { li { (coded(message)) } }
                        @if messages.len() > most { li { (messages.len() - most) " more" } }
                    },
                }
                @if !cell.reasons.is_empty() {
                    " " small { "(" (coded(&clip(&cell.reasons.join("; "), most_text))) "; " (cell.rules.join(", ")) ")" }
                } @else if cell.answer == Some(Answer::Open) { " " small { (cell.rules.join(", ")) } }
                @if let Some(place) = place { " " (self.place(place, row)) }
            }
        }
    }

    /// The text, with what stands between backticks as code, and identifiers as links to the cards of their records. `own` is
    /// the identifier of the record of this card.
    fn linked(&self, text: &str, own: &str) -> Markup {
        let card = |word: &str| {
            let (_, anchor) = self.cards.get(word).copied().flatten().filter(|_| word != own)?;
            self.brevity.links.then(|| format!("#{anchor}"))
        };
        let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        html! {
            @for (part, is_code) in code_parts(text) {
                @if is_code {
                    @match card(part) { Some(link) => a href=(link) { code { (part) } }, None => code { (part) } }
                } @else {
                    @for word in words(part, is_part) {
                        @match card(word).filter(|_| is_identifier(word)) { Some(link) => a href=(link) { (word) }, None => (word) }
                    }
                }
            }
        }
    }

    fn shows(&self, cell: &Cell) -> bool {
        let Brevity { text, drops_text, .. } = self.brevity;
        let is_left_out =
            || drops_text && cell.messages.is_empty() && terminal::columns(cell.text.trim()) > text;
        cell.answer.is_some() || !cell.text.trim().is_empty() && !is_left_out()
    }

    /// The path; on a page that would be too long, only the name of the file.
    fn shown_path<'t>(&self, path: &'t str) -> &'t str {
        let name = path.rsplit('/').next().filter(|_| !self.brevity.links);
        name.unwrap_or(path)
    }

    /// The place, as line if the row is in the same file.
    fn place(&self, place: &Place, row: Option<&Place>) -> Markup {
        let text = match row {
            Some(row) if row.source.path() == place.source.path() => format!("line\u{a0}{}", line(place)),
            _ => format!("{}:{}", self.shown_path(place.source.path()), line(place)),
        };
        html! {
            @match self.links.of(place) {
                Some(link) => a href=(link) { (text) },
                None => span .place { (text) },
            }
        }
    }
}

/// Returns the number of a row's parent row.
fn above(rows: &Rows, number: usize) -> Option<usize> {
    let of_section = &rows.section.rows;
    of_section[..number].iter().rposition(|row| row.depth < of_section[number].depth)
}

/// The command that shows all of a section.
fn command(section: &Section) -> Markup {
    html! { code { "alignlint " (section.page.command) } }
}

fn is_same_line(place: &Place, other: &Place) -> bool {
    place.source.path() == other.source.path() && line(place) == line(other)
}

fn draw_bars(column: usize, bars: &[(usize, u64)], rows: &Rows) -> Markup {
    let longest = bars.iter().map(|(_, length)| *length).max().unwrap_or(0).max(1);
    let share = |length: u64| format!("{:.1}", 100.0 * length as f64 / longest as f64);
    let text = |row: usize| {
        rows.section.rows[row].cells.get(column).map(|cell| cell.text.trim()).unwrap_or_default()
    };
    html! {
        ol .bars {
            @for &(row, length) in bars.iter().take(MAX_BARS) {
                li {
                    a href=[rows.link(row)] { (rows.name(row)) }
                    svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" { rect width=(share(length)) height="10" {} }
                    span { (text(row)) }
                }
            }
        }
        @if bars.len() > MAX_BARS {
            p .note { "The first " (MAX_BARS) " of " (bars.len()) " are drawn; the list below has all." }
        }
    }
}

/// The columns of a list from which on its end is folded away.
const LONG: usize = 700;

/// Divides a long list at a semicolon.
fn folded(text: &str) -> Option<(&str, &str)> {
    let end = text.char_indices().nth(LONG).map(|(at, _)| at)?;
    let at = text[..end].rfind("; ")?;
    Some((&text[..at], &text[at + 2..]))
}

/// The text, with what stands between backticks as code.
fn coded(text: &str) -> Markup {
    html! { @for (part, is_code) in code_parts(text) { @if is_code { code { (part) } } @else { (part) } } }
}

/// The parts of a text, and whether each stands between backticks.
fn code_parts(text: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let mut rest = text;
    // A backtick without a partner is one.
    while let Some((before, after)) = rest.split_once('`')
        && let Some((code, after)) = after.split_once('`')
    {
        parts.extend([(before, false), (code, true)]);
        rest = after;
    }
    parts.push((rest, false));
    parts
}

/// The words of a text, and the text between them.
fn words(text: &str, is_part: impl Fn(char) -> bool) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut was_part = None;
    for (at, c) in text.char_indices() {
        let is_part = is_part(c);
        if was_part.is_some_and(|was_part| was_part != is_part) {
            words.push(&text[start..at]);
            start = at;
        }
        was_part = Some(is_part);
    }
    words.push(&text[start..]);
    words
}

pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}
