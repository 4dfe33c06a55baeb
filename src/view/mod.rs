//! What the records say, for people who don't read findings: a [`View`] is titled sections of rows, which
//! [`report`](crate::report) writes as text, Markdown, JSON or HTML.

use std::sync::Arc;

use jiff::civil::Date;

use crate::finding::{Place, RecordName};

pub mod course;
pub mod due;
pub mod graph;
pub mod page;
mod who;

pub use who::{Who, owner_ids};

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
#[derive(Clone, Debug, Default)]
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
    pub graph: Option<graph::Graph>,
    /// What its rows are, where a page begins with their number.
    pub tally: Option<String>,
    /// How many key results take which course.
    pub counts: Vec<(String, usize)>,
    /// True if the rows stand side by side in a terminal.
    pub is_table: bool,
    /// How many further rows it has that are not shown.
    pub left_out: usize,
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
}

/// A row of a section, mostly about one record.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// How many rows it stands below.
    pub depth: usize,
    /// The record that it is about.
    pub record: Option<RecordName>,
    /// Where that is written.
    pub place: Option<Place>,
    /// One for each column.
    pub cells: Vec<Cell>,
}

/// What a row says in a column.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// Empty if there is nothing to say.
    pub text: String,
    /// The records that the text names by their titles.
    pub named: Vec<RecordName>,
    /// The per cent that a bar shows, where there are bars.
    pub share: Option<i64>,
    /// Whether the records answer the question of the column, if it is one.
    pub answer: Option<Answer>,
    /// The rules whose findings it shows, or that make its answer one in part.
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

impl Section {
    /// Returns true if it has rows, or a sentence in their place.
    pub fn has_content(&self) -> bool {
        !self.rows.is_empty() || self.empty.is_some()
    }

    /// Returns how many rows it has, also those that are not shown.
    pub fn count(&self) -> usize {
        self.rows.len() + self.left_out
    }

    /// Leaves out the rows after the first `most`.
    pub fn truncate(&mut self, most: usize) {
        self.left_out += self.rows.len().saturating_sub(most);
        self.rows.truncate(most);
    }
}

impl Cell {
    fn text(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), ..Cell::default() }
    }
}
