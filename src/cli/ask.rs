//! Questions on a terminal.

use std::io::{self, BufRead};

use super::streams;

/// True for an answer that begins with `y`.
pub(super) fn yes(question: &str) -> io::Result<bool> {
    Ok(answer(&format!("{question} [y/N]"))?.to_lowercase().starts_with('y'))
}

/// The answer without white space around it; empty at the end of the input.
pub(super) fn answer(question: &str) -> io::Result<String> {
    streams::print(format!("{question} "))?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
