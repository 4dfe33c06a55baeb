//! Hands the arguments over.

use mimalloc::MiMalloc;

/// A run makes very many small things on all threads, and keeps them to its end: a system's own allocator may take a
/// third of its time for that.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> std::process::ExitCode {
    alignlint::cli::main(std::env::args_os())
}
