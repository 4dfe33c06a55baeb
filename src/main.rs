//! The `alignlint` program.

use mimalloc::MiMalloc;

/// A run makes many small allocations on all threads: a system allocator may take a third of the run's time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> std::process::ExitCode {
    alignlint::cli::main(std::env::args_os())
}
