//! `alignlint lsp`: the server of editors.

mod diagnostics;
mod kit_random;
mod oracle;
mod sessions;
