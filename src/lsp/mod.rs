//! `alignlint lsp`, the language server: what a check finds while files are edited, and answers about what is under the cursor.
//!
//! ```text
//! client ─► frames ─► server ─► session: a check of the worktree with the open documents ─► diagnostics ─► client
//!                          └──► requests: functions of a `Context`
//! ```
//!
//! One thread reads frames, another one does all the rest. The module starts no process, opens no socket, and writes nothing but the cache:
//! fixes are edits that the client applies. It reads what a check of the same folder reads.

mod actions;
mod completion;
mod context;
mod cursor;
mod diagnostics;
mod documents;
mod edits;
mod frames;
mod hover;
mod navigation;
mod position;
mod renaming;
mod requests;
mod server;
mod session;
mod uri;

pub use server::{Ended, serve};
