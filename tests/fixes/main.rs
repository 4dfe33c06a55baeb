//! Fixes: small repositories in, exact files out; what a file must not lose; what the command line promises.

mod any;
mod command;
#[path = "../common/files.rs"]
mod files;
mod forms;
mod repository;
mod state;
