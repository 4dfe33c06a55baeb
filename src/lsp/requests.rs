//! The requests about records and documents, and what of them the client is offered.

use lsp_server::{ErrorCode, Request, Response};
use lsp_types::request::{
    CodeActionRequest, Completion, DocumentSymbolRequest, GotoDefinition, HoverRequest, PrepareRenameRequest,
    References, Rename, Request as _, WorkspaceSymbolRequest,
};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CompletionOptions,
    HoverProviderCapability, OneOf, RenameOptions, ServerCapabilities, WorkDoneProgressOptions,
};

use super::context::{Context, ask};
use super::{actions, completion, hover, navigation, renaming};

pub(super) fn capabilities() -> ServerCapabilities {
    let kinds = vec![CodeActionKind::QUICKFIX, actions::FIX_ALL];
    let actions = CodeActionOptions { code_action_kinds: Some(kinds), ..CodeActionOptions::default() };
    let characters = [":", " ", "[", "."].map(str::to_owned).into();
    let work_done_progress_options = WorkDoneProgressOptions::default();
    let rename = RenameOptions { prepare_provider: Some(true), work_done_progress_options };
    ServerCapabilities {
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(actions)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(characters),
            ..CompletionOptions::default()
        }),
        rename_provider: Some(OneOf::Right(rename)),
        ..ServerCapabilities::default()
    }
}

pub(super) fn dispatch(context: &Context, request: Request) -> Response {
    match &*request.method {
        CodeActionRequest::METHOD => ask::<CodeActionRequest>(context, request, actions::actions),
        Completion::METHOD => ask::<Completion>(context, request, completion::completion),
        DocumentSymbolRequest::METHOD => {
            ask::<DocumentSymbolRequest>(context, request, navigation::of_document)
        }
        GotoDefinition::METHOD => ask::<GotoDefinition>(context, request, navigation::definition),
        HoverRequest::METHOD => ask::<HoverRequest>(context, request, hover::hover),
        PrepareRenameRequest::METHOD => ask::<PrepareRenameRequest>(context, request, renaming::prepare),
        References::METHOD => ask::<References>(context, request, navigation::references),
        Rename::METHOD => ask::<Rename>(context, request, renaming::apply),
        WorkspaceSymbolRequest::METHOD => {
            ask::<WorkspaceSymbolRequest>(context, request, navigation::of_workspace)
        }
        method => {
            let message = format!("`{method}` is not supported");
            Response::new_err(request.id, ErrorCode::MethodNotFound as i32, message)
        }
    }
}
