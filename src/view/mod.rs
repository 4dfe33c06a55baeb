//! What the records say, for people who don't read findings: a [`View`] is titled sections of rows, which
//! [`report`](crate::report) writes as text, Markdown or JSON.

use std::sync::Arc;

use jiff::civil::Date;

use crate::finding::{Place, RecordName};
use crate::rule::NameSpec;

use drawing::Drawing;

pub mod checks;
pub mod deleted;
pub mod drawing;
pub mod due;
mod named;
pub mod page;
pub mod partners;
pub mod suppressed;
pub mod trend;
mod who;

pub use who::{NOBODY, Who, owner_ids, owner_names};

/// A page about the records of a repository.
#[derive(Clone, Debug)]
pub struct View {
    /// The name on the command line.
    pub name: Arc<str>,
    /// The heading of the page.
    pub title: String,
    /// The date as of which it was made.
    pub as_of: Date,
    /// A sentence about files that can't be read, whose records may be missing.
    pub note: Option<String>,
    /// In the order of the page.
    pub sections: Vec<Section>,
}

/// A part of a page.
#[derive(Clone, Debug)]
pub struct Section {
    /// The page that it belongs to, where several make a view.
    pub page: Arc<PageTitle>,
    /// The heading of the part.
    pub title: String,
    /// The sentence that stands in place of rows if there are none; without it, a section without rows is left out.
    pub empty: Option<String>,
    /// The columns, as many as each row has cells.
    pub columns: Vec<Column>,
    /// In the order of the page.
    pub rows: Vec<Row>,
    /// A drawing of the rows.
    pub drawing: Option<Drawing>,
    /// What its rows are, where a page begins with their number.
    pub tally: Option<String>,
    /// How many rows say what in the column by which they are counted.
    pub counts: Vec<(String, usize)>,
    /// True if a page for the browser shows the rows as a table.
    pub is_table: bool,
    /// How many further rows it has that are not shown.
    pub left_out: usize,
    /// The kinds that it is about, in one part of several, if the repository has no record of any of them.
    pub absent_kinds: Vec<Arc<str>>,
}

/// What stands above the sections of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageTitle {
    /// The name on the command line.
    pub name: Arc<str>,
    /// The subcommand that shows it, with its name: `report decisions`.
    pub command: String,
    /// The heading.
    pub title: String,
    /// What it says, in one sentence.
    pub about: String,
}

/// A column of a section.
#[derive(Clone, Debug)]
pub struct Column {
    /// The name of its cells in JSON.
    pub key: Arc<str>,
    /// The heading.
    pub title: String,
    /// True if its cells say what a row is about; those of the other columns say more about it.
    pub is_head: bool,
    /// True if it asks a question, which each row answers or not.
    pub is_question: bool,
    /// The rules that ask it.
    pub rules: Vec<Arc<str>>,
    /// The people and teams that its cells name, where rows are listed by them.
    pub index: Option<NameSpec>,
}

/// A row of a section, mostly about one record.
#[derive(Clone, Debug)]
pub struct Row {
    /// How many rows it stands below.
    pub depth: usize,
    /// The record that it is about.
    pub record: Option<RecordName>,
    /// Where that is written.
    pub place: Option<Place>,
    /// One for each column.
    pub cells: Vec<Cell>,
    /// A page about the record, for the browser.
    pub unfolded: Vec<Section>,
}

/// What a row says in a column.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// Empty if there is nothing to say.
    pub text: String,
    /// The records that the text names by their titles.
    pub named: Vec<RecordName>,
    /// The people and teams that list its row, if the text has more than their names.
    pub people: Vec<String>,
    /// How many of the items of its row each of these has, if the row has several and not all are theirs.
    pub shares: Vec<Option<usize>>,
    /// The parts of the text, if it is a list of findings.
    pub messages: Vec<String>,
    /// The findings that make an answer partial.
    pub reasons: Vec<String>,
    /// Whether the records answer the question of the column, if it is one.
    pub answer: Option<Answer>,
    /// The rules behind it: of an answer in part those that find fault, else those that ask the question.
    pub rules: Vec<Arc<str>>,
    /// Where the answer is written.
    pub place: Option<Place>,
}

/// Whether the records answer a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// There is an answer, and no finding about it.
    Answered,
    /// There is an answer, and a finding about it.
    InPart,
    /// There is none.
    Open,
}

impl Answer {
    /// Returns the name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Answer::Answered => "answered",
            Answer::InPart => "in part",
            Answer::Open => "open",
        }
    }
}

impl View {
    /// Returns the kinds about which a part has a question, and of which the repository has no record.
    pub fn absent_kinds(&self) -> Vec<&str> {
        let unasked = self.sections.iter().filter(|section| section.has_content());
        let mut kinds = Vec::new();
        for kind in unasked.flat_map(|section| &section.absent_kinds) {
            if !kinds.contains(&&**kind) {
                kinds.push(&**kind);
            }
        }
        kinds
    }
}

impl Section {
    /// Returns true if it has rows, or a sentence in their place.
    pub fn has_content(&self) -> bool {
        !self.rows.is_empty() || self.empty.is_some()
    }

    /// Returns the rules that ask the questions of the section, which its cells with an answer don't name; `None` if none is
    /// answered.
    pub fn asked_by(&self) -> Option<String> {
        let is_answered = |at: usize| {
            self.rows
                .iter()
                .any(|row| row.cells.get(at).and_then(|cell| cell.answer) == Some(Answer::Answered))
        };
        let asking =
            self.columns.iter().enumerate().filter(|(at, column)| column.is_question && is_answered(*at));
        let questions: Vec<String> =
            asking.map(|(_, column)| format!("{} ({})", column.rules.join(", "), column.title)).collect();
        (!questions.is_empty()).then(|| format!("asked by {}", questions.join("; ")))
    }

    /// Leaves out the rows after the first `most`.
    pub fn truncate(&mut self, most: usize) {
        self.left_out += self.rows.len().saturating_sub(most);
        self.rows.truncate(most);
    }

    /// A section without a drawing.
    fn plain(page: Arc<PageTitle>, title: &str, columns: Vec<Column>, rows: Vec<Row>) -> Section {
        Section {
            page,
            title: title.to_owned(),
            empty: None,
            columns,
            rows,
            drawing: None,
            tally: None,
            counts: Vec::new(),
            is_table: false,
            left_out: 0,
            absent_kinds: Vec::new(),
        }
    }
}

impl Row {
    /// A row about a record, or about none.
    fn about(record: Option<RecordName>, place: Option<Place>, cells: Vec<Cell>) -> Row {
        Row { depth: 0, record, place, cells, unfolded: Vec::new() }
    }
}

impl Column {
    fn head(key: &str, title: &str) -> Column {
        Column {
            key: key.into(),
            title: title.to_owned(),
            is_head: true,
            is_question: false,
            rules: Vec::new(),
            index: None,
        }
    }

    fn detail(key: &str, title: &str) -> Column {
        Column { is_head: false, ..Column::head(key, title) }
    }
}

impl Cell {
    fn text(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), ..Cell::default() }
    }
}
