//! Writes a generated repository, with a history if asked for, and prints the defects in it:
//! `cargo run --release --example generate -- --records 10000 --commits 500 --seed 7 DIR`

#![allow(unreachable_pub, reason = "the modules of a program are not seen from outside")]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

mod generator;
mod history;

use generator::{AS_OF, Repository};

/// Generate a repository of governance records
#[derive(Parser)]
struct Options {
    /// Number of decision records; the other kinds come in proportion
    #[arg(long, default_value_t = 1000)]
    records: usize,
    /// Generate so many decision pages of 1.8 KB instead, with 200 people and 20 terms
    #[arg(long, conflicts_with = "records")]
    pages: Option<usize>,
    /// Make every fifth page one of Nygard's form, every tenth decision data, and a goal for each hundred
    #[arg(long, requires = "pages")]
    mixed: bool,
    /// Number of commits; 0 writes plain files, without Git
    #[arg(long, default_value_t = 0)]
    commits: usize,
    /// Seed of the generator
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// An empty or new folder
    folder: PathBuf,
}

fn main() -> ExitCode {
    let Options { records, pages, mixed, commits, seed, folder } = Options::parse();
    let repository = match pages {
        Some(count) => Repository::of_pages(count, mixed, seed),
        None => Repository::generate(records, seed),
    };
    let written = match commits {
        0 => repository.write(&folder),
        _ => history::commit(&repository.files, commits, seed, &folder),
    };
    if let Err(error) = written {
        eprintln!("{}: {error}", folder.display());
        return ExitCode::FAILURE;
    }
    for defect in &repository.defects {
        println!("{defect}");
    }
    eprintln!("{} files; {} defects as of {AS_OF}", repository.files.len(), repository.defects.len());
    ExitCode::SUCCESS
}
