//! Gives a record another identifier, as `alignlint rename` does.

use lsp_types::request::{PrepareRenameRequest, Rename};
use lsp_types::{PrepareRenameResponse, RenameParams, TextDocumentPositionParams};

use crate::finding::Fault;
use crate::rename::rename;
use crate::text::{Edit, Source, Span};

use super::context::{Answer, Context};
use super::cursor::Cursor;
use super::edits::Edits;

pub(super) fn prepare(context: &Context, params: TextDocumentPositionParams) -> Answer<PrepareRenameRequest> {
    let Some(cursor) = Cursor::new(context, &params) else { return Ok(None) };
    let range = context.encoding.range(&cursor.source, cursor.word());
    Ok(cursor.identified().map(|record| PrepareRenameResponse::RangeWithPlaceholder {
        range,
        placeholder: record.id.to_string(),
    }))
}

pub(super) fn apply(context: &Context, params: RenameParams) -> Answer<Rename> {
    let cursor = Cursor::new(context, &params.text_document_position);
    let Some((cursor, record)) = cursor.and_then(|cursor| cursor.identified().map(|record| (cursor, record)))
    else {
        return Err("there is no identifier of a record here".to_owned());
    };
    let renamed = rename(cursor.input(), cursor.state.linter.policy(), record, &params.new_name);
    let said = |Fault { message, help, .. }: Fault| match help {
        Some(help) => format!("{message}; {help}"),
        None => message,
    };
    let files = renamed.map_err(said)?;
    let mut edits = Edits::default();
    for (before, after) in &files {
        edits.add(before, differing_lines(before, after));
        if before.path() != after.path() {
            edits.moved = Some((&**before.path(), &**after.path()));
        }
    }
    Ok(Some(edits.into_workspace_edit(context)?))
}

/// Returns an edit for what differs on each line; one for all lines if their number differs.
fn differing_lines(before: &Source, after: &Source) -> Vec<Edit> {
    let lines =
        |source: &Source| -> Vec<String> { source.text().split_inclusive('\n').map(str::to_owned).collect() };
    let (old, new) = (lines(before), lines(after));
    if old.len() != new.len() {
        return vec![Edit { span: Span::new(0, before.text().len()), replacement: after.text().to_owned() }];
    }
    let mut start = 0;
    let mut edits = Vec::new();
    for (old, new) in old.iter().zip(&new) {
        if old != new {
            let same = old.char_indices().zip(new.chars()).take_while(|((_, a), b)| a == b).last();
            let first = same.map_or(0, |((at, c), _)| at + c.len_utf8());
            let (rest, other) = (&old[first..], &new[first..]);
            let backwards = rest.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b);
            let last: usize = backwards.map(|(c, _)| c.len_utf8()).sum();
            let span = Span::new(start + first, start + old.len() - last);
            edits.push(Edit { span, replacement: other[..other.len() - last].to_owned() });
        }
        start += old.len();
    }
    edits
}
