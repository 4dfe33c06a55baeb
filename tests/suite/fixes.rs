//! Fixes: what they change, what they must not change, and the command line.

mod command;
mod formats;
mod in_memory;
mod random;
