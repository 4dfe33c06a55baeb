//! How the program reaches teams: as a Git hook, as a GitHub Action, installed; on repositories that `git` itself
//! builds, with the very files that other tools read.

#![cfg(unix)]

mod action;
#[path = "../common/files.rs"]
mod files;
#[path = "../common/heavy.rs"]
mod heavy;
mod hook;
mod install;
mod network;
#[path = "../../build/origin.rs"]
mod origin;
mod repository;
