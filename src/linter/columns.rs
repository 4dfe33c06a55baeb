//! Names the columns of tables of records that nothing reads: a misspelt key is a finding, a misspelt column would be lost.

use rayon::prelude::*;

use crate::catalog::SourceFile;
use crate::explain;
use crate::explain::columns::{self, UnreadColumn};
use crate::input::Input;
use crate::kind::Shape;
use crate::record::Record;
use crate::report::counted;
use crate::schema::{Violation, did_you_mean, only_meaning};
use crate::syntax::{Document, Format};

use super::Linter;

/// The most tables that are named.
const SHOWN: usize = 5;

/// Returns the field that the name of a column can be a misspelling of.
pub(super) fn near_field<'k>(shape: &'k Shape, column: &str) -> Option<&'k str> {
    let names = shape.fields.iter().flat_map(|field| {
        let aliases = field.aliases.iter().map(|alias| &**alias);
        aliases.chain([&*field.name]).map(move |name| (name, &*field.name))
    });
    if shape.by_key(column).is_some() {
        return None;
    }
    let column = column.to_lowercase();
    only_meaning(&column, names.clone())
}

/// Returns a notice for each misspelt column or heading of records in a repository that does not use the program's own form: rules don't
/// report it.
fn misspelt_parts(rows: &[&Record], document: &Document) -> Vec<String> {
    let tables = document.markdown.as_ref().map_or(&[][..], |page| &page.tables);
    let unadopted = rows.iter().filter(|row| row.is_unadopted);
    let slips = unadopted.flat_map(|row| &row.format_violations);
    let notice = |violation: &Violation| {
        let line = document.source.position(violation.span.start as usize).line;
        let path = document.source.path();
        let meant = violation.suggestion.as_deref()?;
        let is_column = tables.iter().any(|table| table.span.contains(violation.span));
        (&*violation.keyword == "additional-properties").then(|| match is_column {
            true => format!(
                "the column `{}` of `{path}:{line}` is read as `{}`",
                violation.field,
                meant.to_lowercase()
            ),
            false => format!(
                "nothing is read from the section `{}` of `{path}:{line}`; {}",
                violation.field,
                did_you_mean(meant)
            ),
        })
    };
    slips.filter_map(notice).collect()
}

impl Linter {
    /// Returns a notice for each table in the program's own form that has unread columns.
    pub(super) fn unread_columns(&self, input: &Input) -> Vec<String> {
        if self.options.since.is_some() {
            return Vec::new();
        }
        let is_row =
            |it: &Record| it.profile.is_none() && !it.is_sole_record && Format::is_page_path(&it.path);
        let mut notices = Vec::new();
        let rows_of = |file: &SourceFile| {
            let records = file.records.clone().map(|number| input.record(number));
            let rows: Vec<&Record> = records.filter(|record| is_row(record)).collect();
            (!rows.is_empty()).then_some(rows)
        };
        let files = input.catalog().files().par_iter();
        for rows in files.filter_map(rows_of).collect::<Vec<_>>() {
            let first = rows[0];
            let Some(document) = explain::file::document(input, &first.path) else { continue };
            let page = document.markdown.as_ref();
            notices.extend(misspelt_parts(&rows, &document));
            for columns in page.map(|page| columns::unread(page, &rows)).unwrap_or_default() {
                // In records that another program may read, a column of long cells has remarks.
                let is_own = rows.iter().all(|row| !row.is_unadopted);
                let told: Vec<&UnreadColumn> =
                    columns.iter().filter(|column| is_own || column.is_short).collect();
                let Some(column) = told.first() else { continue };
                let line = document.source.position(column.span.start as usize).line;
                let is_one = told.len() == 1;
                let kind = &first.kind;
                if let Some((column, field)) =
                    told.iter().find_map(|it| Some((it, near_field(&kind.shape, &it.name)?)))
                {
                    notices.push(format!(
                        "nothing is read from the column `{}` of `{}:{line}`; {}",
                        column.name,
                        first.path,
                        did_you_mean(field)
                    ));
                    continue;
                }
                let names: Vec<String> = told.iter().map(|column| format!("`{}`", column.name)).collect();
                notices.push(format!(
                    "nothing is read from the {} {} of `{}:{line}`; name {} like a field of the kind: `alignlint explain {kind}` lists them; \
                     or keep {} with a kind of your own that has the {}: `base: {kind}`",
                    if is_one { "column" } else { "columns" },
                    names.join(", "),
                    first.path,
                    if is_one { "it" } else { "each" },
                    if is_one { "it" } else { "them" },
                    if is_one { "field" } else { "fields" },
                    kind = kind.name
                ));
            }
        }
        let more = notices.len().saturating_sub(SHOWN);
        notices.truncate(SHOWN);
        notices.extend((more > 0).then(|| {
            format!(
                "{} with unread columns; `alignlint explain FILE` names them",
                counted(more, "other table")
            )
        }));
        notices
    }
}
