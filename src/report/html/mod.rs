//! A [`View`](crate::view::View) as one HTML file: no network, no scripts, the drawing as SVG. Text from records passes only through
//! `maud`, which escapes it.
//! A sentence, at most ten figures, then each part as tables.

use std::collections::HashMap;
use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::escape::{Escaped, Escaping};
use super::terminal::clip;
use super::{enumerated, uri, view as text};
use crate::finding::Place;
use crate::output::Target;
use crate::text::capital;
use crate::view::{Answer, Column, PageTitle, Row, Section, View};

mod graph;

const STYLE: &str = include_str!("page.css");
/// Nothing is loaded, whatever the page contains.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const SHOWN_COMMIT: usize = 10;
const MAX_FIGURES: usize = 10;
/// The most columns of a terminal that a text of a cell takes.
const MAX_TEXT: usize = 400;

/// The state that the records are read from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The name of the company or the repository; empty if it has none.
    pub name: String,
    /// The commit whose state it is; `None` for changes that are not committed.
    pub commit: Option<String>,
}

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

    fn of(&self, place: &Place) -> Option<String> {
        let path = uri(place.source.path());
        match self {
            Links::Relative(root) => Some(format!("{root}{path}#L{}", place.start().line)),
            Links::Template(template) => {
                Some(template.replace("{path}", &path).replace("{line}", &place.start().line.to_string()))
            }
            Links::None => None,
        }
    }
}

pub fn write(view: &View, origin: &Origin, tool: &str, links: &Links, out: impl Write) -> io::Result<()> {
    let page = Page { view, links, anchors: anchors(view) };
    let mut out = Escaped::new(out, Escaping::Text);
    out.write_all(page.markup(origin, tool).into_string().as_bytes())?;
    out.flush()
}

/// The names by which the address of the page points to its rows.
fn anchors(view: &View) -> Vec<Vec<String>> {
    let mut used: HashMap<String, usize> = HashMap::new();
    let mut anchor = |section: &Section, row: &Row| {
        let kind = row.record.as_ref().map_or(&*section.page.name, |record| &*record.kind);
        let first = row.cells.first().map_or("", |cell| &*cell.text);
        let words = first.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let name = format!("{kind}-{}", words.collect::<Vec<_>>().join("-").to_lowercase());
        let uses = used.entry(name.clone()).and_modify(|uses| *uses += 1).or_insert(1);
        if *uses == 1 { name } else { format!("{name}_{uses}") }
    };
    let of_section = |section: &Section| section.rows.iter().map(|row| anchor(section, row)).collect();
    view.sections.iter().map(of_section).collect()
}

struct Page<'p> {
    view: &'p View,
    links: &'p Links,
    anchors: Vec<Vec<String>>,
}

impl Page<'_> {
    fn markup(&self, origin: &Origin, tool: &str) -> Markup {
        let names = [&*self.view.title, &*origin.name].into_iter().filter(|name| !name.is_empty());
        let title = format!("{}, as of {}", names.collect::<Vec<_>>().join(", "), self.view.as_of);
        let commit = origin.commit.as_deref().map(|commit| commit.get(..SHOWN_COMMIT).unwrap_or(commit));
        let pages = text::pages(self.view);
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
                        @if !origin.name.is_empty() { p .of { (origin.name) } }
                        h1 { (self.view.title) }
                        p .sentence { (self.sentence(&pages)) }
                        p {
                            "As of " time { (self.view.as_of) }
                            @if let Some(commit) = commit { ", from commit " code { (commit) } }
                        }
                        @if let Some(note) = &self.view.note { p { (coded(note)) } }
                    }
                    @if pages.len() > 1 {
                        (figures(&pages))
                        nav aria-label="Parts" {
                            ul { @for (page, _) in &pages { li { a href={ "#" (page.name) } { (page.title) } } } }
                        }
                    }
                    main #content tabindex="-1" { (self.parts(&pages)) }
                    footer { p { "Written by " (tool) " from the records of the repository." } }
                }
            }
        }
    }

    /// What the whole comes down to.
    fn sentence(&self, pages: &[(&PageTitle, &[Section])]) -> String {
        let courses = self.view.sections.iter().find(|section| !section.counts.is_empty());
        if let Some(section) = courses {
            let counts: Vec<String> =
                section.counts.iter().map(|(course, count)| format!("{count} {course}")).collect();
            return format!("Of {} key results: {}.", section.count(), enumerated(&counts));
        }
        let figures = pages.iter().flat_map(|(_, sections)| text::figures(sections));
        let figures: Vec<String> = figures.take(3).map(|(what, count)| format!("{what}: {count}")).collect();
        match figures.is_empty() {
            true => "Nothing is recorded here.".to_owned(),
            false => format!("{}.", capital(&enumerated(&figures))),
        }
    }

    fn parts(&self, pages: &[(&PageTitle, &[Section])]) -> Markup {
        let mut numbers = 0..;
        html! {
            @for (page, sections) in pages {
                @let heading = format!("{}-title", page.name);
                section .part id=(page.name) aria-labelledby=(heading) {
                    h2 id=(heading) { (page.title) }
                    @if !page.about.is_empty() { p .about { (coded(&page.about)) } }
                    @for (section, number) in sections.iter().zip(numbers.by_ref()) {
                        (self.section(section, &self.anchors[number]))
                    }
                }
            }
        }
    }

    fn section(&self, section: &Section, anchors: &[String]) -> Markup {
        let has_text = |at: &usize| {
            let mut cells = section.rows.iter().filter_map(|row| row.cells.get(*at));
            cells.any(|cell| cell.share.is_some() || !text::cell_text(cell).is_empty())
        };
        let used: Vec<usize> = (0..section.columns.len()).filter(has_text).collect();
        let first = section.columns.first().map_or("", |column| &*column.title);
        html! {
            @if !section.rows.is_empty() {
                h3 { (section.title) " " span .count { (section.count()) } }
                @if let Some(graph) = &section.graph { (graph::draw(graph, first, &section.title, anchors)) }
                div .scroll tabindex="0" role="region" aria-label=(section.title) {
                    table {
                        thead { tr { @for &at in &used { th scope="col" { (capital(&section.columns[at].title)) } } } }
                        tbody {
                            @for (row, anchor) in section.rows.iter().zip(anchors) {
                                tr id=(anchor) { @for &at in &used { (self.cell(row, at, &section.columns[at])) } }
                            }
                        }
                    }
                }
                @if section.left_out > 0 {
                    p .note { (section.left_out) " more; " code { "alignlint " (section.page.command) } " lists all." }
                }
            } @else if let Some(empty) = &section.empty {
                h3 { (section.title) }
                p .note { (capital(empty)) "." }
            }
        }
    }

    /// A cell; the first one of a row leads to where it is written.
    fn cell(&self, row: &Row, at: usize, column: &Column) -> Markup {
        let cell = &row.cells[at];
        let shown = clip(cell.text.trim(), MAX_TEXT);
        let link = row.place.as_ref().filter(|_| at == 0).and_then(|place| self.links.of(place));
        let class = (at == 0 && row.depth > 0).then(|| format!("d{}", row.depth.min(5)));
        let title = row.place.as_ref().filter(|_| at == 0);
        let title = title.map(|place| format!("{}:{}", place.source.path(), place.start().line));
        let content = html! {
            @match (link, cell.share) {
                (Some(link), _) => a href=(link) title=[title] { (coded(&shown)) },
                (None, Some(share)) => (bar(share)),
                (None, None) => @match cell.answer {
                    Some(Answer::Open) => span .open { (Answer::Open.name()) },
                    Some(Answer::InPart) => { (coded(&shown)) " " span .part-answer { (Answer::InPart.name()) ": " (cell.rules.join(", ")) } },
                    _ => (coded(&shown)),
                },
            }
        };
        html! {
            @if column.is_head { th scope="row" class=[class] { (content) } } @else { td { (content) } }
        }
    }
}

/// A number of per cent as a bar.
fn bar(share: i64) -> Markup {
    let width = share.clamp(0, 100).to_string();
    html! {
        span .bar {
            svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" { rect width=(width) height="10" {} }
            (share) "%"
        }
    }
}

/// The first figure of each part that is not nothing; the sentence says those of the key results.
fn figures(pages: &[(&PageTitle, &[Section])]) -> Markup {
    let of_part = |(page, sections): &(&PageTitle, &[Section])| {
        let section = sections.iter().find(|section| section.tally.is_some() && section.count() > 0)?;
        let what = section.tally.clone().filter(|_| section.counts.is_empty())?;
        Some((page.name.to_string(), what, section.count()))
    };
    let figures: Vec<_> = pages.iter().filter_map(of_part).take(MAX_FIGURES).collect();
    html! {
        dl .figures {
            @for (name, what, count) in figures { div { dt { (what) } dd { a href={ "#" (name) } { (count) } } } }
        }
    }
}

/// The text, with what stands between backticks as code. A backtick without a partner is one.
fn coded(text: &str) -> Markup {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return html! { (text) };
    }
    html! { @for (at, part) in parts.iter().enumerate() { @if at % 2 == 1 { code { (part) } } @else { (part) } } }
}
