//! `alignlint lsp`: the server of editors.

mod diagnostics;
mod sessions;
