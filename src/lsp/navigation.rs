//! Where a record is, and where it is named: in fields, prose, tables and the comments of code.

use lsp_types::request::{DocumentSymbolRequest, GotoDefinition, References, WorkspaceSymbolRequest};
use lsp_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, GotoDefinitionParams,
    GotoDefinitionResponse, Location, ReferenceParams, SymbolInformation, SymbolKind, WorkspaceSymbolParams,
    WorkspaceSymbolResponse,
};

use crate::input::Input;
use crate::record::Record;
use crate::rename;
use crate::term::TERM;
use crate::text::{Source, Span};

use super::context::{Answer, Context};
use super::cursor::{Cursor, document, location, plain, touches};

pub(super) fn definition(context: &Context, params: GotoDefinitionParams) -> Answer<GotoDefinition> {
    let cursor = Cursor::new(context, &params.text_document_position_params);
    let found = cursor.and_then(|cursor| place(context, cursor.input(), cursor.record()?));
    Ok(found.map(GotoDefinitionResponse::Scalar))
}

fn place(context: &Context, input: &Input, record: &Record) -> Option<Location> {
    location(context, input.file_of(record).source(), record.name_span)
}

pub(super) fn references(context: &Context, params: ReferenceParams) -> Answer<References> {
    let Some(cursor) = Cursor::new(context, &params.text_document_position) else { return Ok(None) };
    let Some(record) = cursor.record() else { return Ok(None) };
    let input = cursor.input();
    let named = rename::places(input, record);
    let own = [record.field("id").map_or(record.name_span, |id| id.span), record.name_span];
    let is_own = |source: &Source, span: Span| {
        *source.path() == record.path && own.iter().any(|own| touches(*own, span.start as usize))
    };
    let named = named.iter().map(|(source, span)| (&**source, *span));
    let mut places: Vec<(&Source, Span)> = named.filter(|(source, span)| !is_own(source, *span)).collect();
    for citation in input.citations(record) {
        places.push((input.file_of(input.record(citation.from)).source(), citation.mention.span));
    }
    let of_records = input.citing_records();
    for file in input.citing_files().iter().chain(&of_records) {
        let here = file.citations.iter().filter(|it| it.target == Some(record.number));
        places.extend(here.map(|citation| (&**file.source(), citation.span)));
    }
    if *record.kind.name == *TERM {
        for file in input.files() {
            let uses = input.vocabulary().uses(input, file).into_iter().filter(|it| it.term == record.number);
            places.extend(uses.map(|it| (&**file.source(), it.span)));
        }
    }
    if params.context.include_declaration {
        places.push((input.file_of(record).source(), record.name_span));
    }
    places.sort_by_key(|(source, span)| (source.path().clone(), span.start, std::cmp::Reverse(span.end)));
    // A field and the words in it, such as a link, name a record once.
    places.dedup_by(|(inner, part), (outer, whole)| inner.path() == outer.path() && whole.contains(*part));
    Ok(Some(places.into_iter().filter_map(|(source, span)| location(context, source, span)).collect()))
}

#[expect(deprecated, reason = "the field of older clients has to be there")]
pub(super) fn of_document(context: &Context, params: DocumentSymbolParams) -> Answer<DocumentSymbolRequest> {
    let Some((state, source)) = document(context, &params.text_document.uri) else { return Ok(None) };
    let input = &state.result.input;
    let Some(file) = input.file_at(source.path()) else { return Ok(None) };
    let symbol = |record: &Record| {
        let range = |span: Span| context.encoding.range(file.source(), span);
        DocumentSymbol {
            name: name(record),
            detail: Some(record.kind.name.to_string()),
            kind: SymbolKind::OBJECT,
            tags: None,
            deprecated: None,
            range: range(record.span.to(record.name_span)),
            selection_range: range(record.name_span),
            children: None,
        }
    };
    Ok(Some(DocumentSymbolResponse::Nested(input.records_of(file).iter().map(symbol).collect())))
}

fn name(record: &Record) -> String {
    let title = record.stated_title().filter(|title| **title != *record.id);
    plain(&title.map_or_else(|| record.id.to_string(), |title| format!("{} {title}", record.id)))
}

#[expect(deprecated, reason = "the field of older clients has to be there")]
pub(super) fn of_workspace(
    context: &Context,
    params: WorkspaceSymbolParams,
) -> Answer<WorkspaceSymbolRequest> {
    const MOST: usize = 200;
    let Some(state) = context.state else { return Ok(None) };
    let (input, query) = (&state.result.input, params.query.to_lowercase());
    let is_meant = |record: &&Record| name(record).to_lowercase().contains(&query);
    let symbol = |record: &Record| {
        Some(SymbolInformation {
            name: name(record),
            kind: SymbolKind::OBJECT,
            tags: None,
            deprecated: None,
            location: place(context, input, record)?,
            container_name: Some(record.kind.name.to_string()),
        })
    };
    let found = input.records().iter().filter(is_meant).take(MOST).filter_map(symbol);
    Ok(Some(WorkspaceSymbolResponse::Flat(found.collect())))
}
