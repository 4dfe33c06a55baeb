//! Records that a past state had and the state lacks.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::record::Record;

use super::{Cell, Column, PageTitle, Row, Section};

/// Lists the records of `before` whose identifier and title the state lacks: one that was renamed keeps its title.
pub fn section(state: &Catalog, before: &Catalog, page: Arc<PageTitle>) -> Section {
    let ids: HashSet<(&str, String)> = state.records().iter().map(id).collect();
    let titles: HashSet<(&str, &str)> = state.records().iter().filter_map(title).collect();
    let is_lost = |record: &&Record| {
        !ids.contains(&id(record)) && title(record).is_none_or(|title| !titles.contains(&title))
    };
    let row = |record: &Record| {
        let title = record.title.as_deref().filter(|title| **title != *record.id).unwrap_or_default();
        let cells = vec![
            Cell::text(format!("{} {}", record.kind.name, record.id)),
            Cell::text(title),
            Cell::text(&*record.path),
        ];
        Row::about(Some(before.name_of(record)), None, cells)
    };
    let columns = vec![
        Column::head("record", "record"),
        Column::head("title", "title"),
        Column::detail("path", "was in"),
    ];
    let rows = before.records().iter().filter(is_lost).map(row).collect();
    Section::plain(page, "Records that were deleted", columns, rows)
}

fn id(record: &Record) -> (&str, String) {
    (&record.kind.name, record.id.to_lowercase())
}

fn title(record: &Record) -> Option<(&str, &str)> {
    record.title.as_deref().map(|title| (&*record.kind.name, title.trim()))
}
