//! What requests read, and how one is answered.

use lsp_server::{ErrorCode, Request, Response};
use lsp_types::{ClientCapabilities, request};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::documents::Documents;
use super::position::Encoding;
use super::session::State;
use super::uri::Root;

/// What a request may read.
pub(super) struct Context<'s> {
    pub state: Option<&'s State>,
    pub documents: &'s Documents,
    pub root: &'s Root,
    pub encoding: Encoding,
    pub client: &'s ClientCapabilities,
}

/// The answer to a request, or why there is none.
pub(super) type Answer<R> = Result<<R as request::Request>::Result, String>;

/// Answers a request by a function of its parameters.
pub(super) fn ask<R: request::Request<Params: DeserializeOwned, Result: Serialize>>(
    context: &Context,
    Request { id, params, .. }: Request,
    answer: impl FnOnce(&Context, R::Params) -> Answer<R>,
) -> Response {
    let error = |code: ErrorCode, message| Response::new_err(id.clone(), code as i32, message);
    match serde_json::from_value(params) {
        Ok(params) => match answer(context, params) {
            Ok(result) => Response::new_ok(id, result),
            Err(reason) => error(ErrorCode::RequestFailed, reason),
        },
        Err(reason) => error(ErrorCode::InvalidParams, reason.to_string()),
    }
}
