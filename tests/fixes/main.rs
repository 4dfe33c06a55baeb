//! Fixes: small repositories in, exact files out; what a file must not lose; what the command line promises.

mod any;
mod command;
mod forms;
mod repository;
mod state;
