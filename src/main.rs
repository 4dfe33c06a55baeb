//! Hands the arguments over.

fn main() -> std::process::ExitCode {
    alignlint::cli::main(std::env::args_os())
}
