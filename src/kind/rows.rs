//! How rows of tables are records of a kind.

use serde_json::Value;

use super::{Field, Kind, fold_name, shape};

/// The tables whose rows are records.
#[derive(Debug, Default)]
pub struct Rows {
    /// Other pages than those named after the kind that hold such tables, by their names without the ending.
    pages: Vec<Box<str>>,
    /// Columns that mean another field than a key of that name.
    columns: Vec<(Box<str>, Box<str>)>,
    /// Columns about something else, whose cells state another field where they are one of its words.
    words: Vec<(Box<str>, Box<str>)>,
    /// The list of which each row states one item, in columns for its parts.
    item_of: Option<Box<str>>,
    /// The fewest columns besides the name.
    pub fewest: usize,
}

impl Rows {
    pub(super) fn read(annotation: &Value) -> Option<Rows> {
        let rows = || Rows {
            pages: shape::texts(&annotation["pages"]),
            columns: shape::pairs(&annotation["columns"]),
            words: shape::pairs(&annotation["words"]),
            item_of: shape::text(&annotation["item-of"]),
            fewest: annotation["fewest"].as_u64().map_or(2, |fewest| fewest as usize),
        };
        (*annotation == true || annotation.is_object()).then(rows)
    }

    /// Those of a kind of the user's own: a column with the name of the kind has the titles.
    pub(super) fn of_own(kind: &Kind) -> Rows {
        let is_free = kind.shape.by_key(&kind.name).is_none();
        let columns = is_free.then(|| (kind.name.as_ref().into(), "title".into())).into_iter().collect();
        let pages = ["log", "register"].map(|word| format!("{}-{word}", kind.name).into()).into();
        Rows { pages, columns, fewest: 2, ..Rows::default() }
    }

    /// Returns true for the name of a page that holds a table of such records.
    pub fn are_on(&self, page: &str) -> bool {
        self.pages.iter().any(|name| fold_name(name) == fold_name(page))
    }
}

impl Kind {
    /// Returns the field that a column of a table of such records states.
    pub fn field_of_column(&self, column: &str) -> Option<&Field> {
        let columns = self.rows.iter().flat_map(|rows| &rows.columns);
        let mut named = columns.filter(|(name, _)| fold_name(name) == fold_name(column));
        match named.next() {
            Some((_, field)) => self.shape.field(field),
            None => self.shape.by_key(column),
        }
    }

    /// Returns the columns that mean another field than a key of that name, each with that field.
    pub fn named_columns(&self) -> impl Iterator<Item = (&str, &Field)> {
        let columns = self.rows.iter().flat_map(|rows| &rows.columns);
        columns.filter_map(|(name, field)| Some((&**name, self.shape.field(field)?)))
    }

    /// Returns the field that a cell of a column states if it is one of the field's words.
    pub fn field_of_words_in(&self, column: &str) -> Option<&Field> {
        let mut columns = self.rows.iter().flat_map(|rows| &rows.words);
        let (_, field) = columns.find(|(name, _)| fold_name(name) == fold_name(column))?;
        self.shape.field(field)
    }

    /// Returns the list of which each row of a table states one item.
    pub fn list_in_rows(&self) -> Option<&Field> {
        self.shape.field(self.rows.as_ref()?.item_of.as_deref()?)
    }
}
