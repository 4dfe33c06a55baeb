//! Questions on a terminal.

use std::io::{self, BufRead};

use super::streams;

/// True for `y` or `yes`, false for `n`, `no` and nothing; asks again after other words.
pub(super) fn yes(question: &str) -> io::Result<bool> {
    loop {
        match answer(&format!("{question} [y/N]"))?.to_lowercase().as_str() {
            "y" | "yes" => return Ok(true),
            "" | "n" | "no" => return Ok(false),
            _ => streams::print("answer `y` or `n`\n")?,
        }
    }
}

/// The answer without white space around it; empty at the end of the input.
pub(super) fn answer(question: &str) -> io::Result<String> {
    streams::print(format!("{question} "))?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
