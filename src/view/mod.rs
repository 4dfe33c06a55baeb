//! What the records say, for people who don't read findings: a [`View`] is titled sections of rows, which
//! [`report`](crate::report) writes as text, Markdown, JSON or HTML.

use std::sync::Arc;

use jiff::civil::Date;

use crate::finding::{Place, RecordName};

mod course;
pub mod due;
pub(crate) mod page;
mod who;

pub use crate::check::{Answer, Cell};
pub(crate) use who::{Who, owner_ids};

/// A page about the records of a repository.
#[derive(Clone, Debug)]
pub struct View {
    /// The name on the command line.
    pub name: Arc<str>,
    pub title: String,
    pub as_of: Date,
    /// A sentence about files that can't be read, whose records may be missing.
    pub note: Option<String>,
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, Default)]
pub struct Section {
    /// The page that it belongs to, where several make a view.
    pub page: Arc<PageTitle>,
    pub title: String,
    /// The sentence that stands in place of rows if there are none; without it, a section without rows is left out.
    pub empty: Option<String>,
    /// As many as each row has cells.
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub graph: Option<Graph>,
    /// What its rows are, where a page begins with their number.
    pub tally: Option<String>,
    /// How many key results take which course.
    pub counts: Vec<(String, usize)>,
    /// True if the rows stand side by side in a terminal.
    pub is_table: bool,
    /// How many further rows it has that are not shown.
    pub left_out: usize,
}

/// Boxes, and which are joined. Lines lead from lower to higher levels and never back.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// The rows, and the records that they are joined to.
    pub boxes: Vec<GraphBox>,
    /// Numbers of boxes.
    pub lines: Vec<(usize, usize)>,
    /// What a record can be to a row.
    pub relations: Vec<String>,
    /// How many boxes there would be more.
    pub left_out: usize,
}

#[derive(Clone, Debug)]
pub struct GraphBox {
    /// Which of the relations it has to rows; `None` if it is a row itself.
    pub relation: Option<usize>,
    pub row: Option<usize>,
    pub id: String,
    /// The record's title, unless it is the identifier.
    pub title: String,
    pub owner: String,
    pub has_findings: bool,
}

/// What stands above the sections of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageTitle {
    pub name: Arc<str>,
    /// The subcommand that shows it, with its name: `report decisions`.
    pub command: String,
    pub title: String,
    /// What it says, in one sentence.
    pub about: String,
}

#[derive(Clone, Debug)]
pub struct Column {
    /// The name of its cells in JSON.
    pub key: Arc<str>,
    pub title: String,
    /// True if its cells say what a row is about; those of the other columns say more about it.
    pub is_head: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Row {
    /// How many rows it stands below.
    pub depth: usize,
    pub record: Option<RecordName>,
    pub place: Option<Place>,
    /// One for each column.
    pub cells: Vec<Cell>,
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

    pub fn truncate(&mut self, most: usize) {
        self.left_out += self.rows.len().saturating_sub(most);
        self.rows.truncate(most);
    }
}
