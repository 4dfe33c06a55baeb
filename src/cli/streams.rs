//! The only way to standard output and standard error. Text from files, paths, refs and commits can't send control
//! characters to a terminal, or commands to what reads a log: all of it is [`Escaped`].

use std::io::{self, IsTerminal, Stderr, Stdout, Write};

use crate::report::{Escaped, Escaping, OutputStyle, one_line};

/// Standard output for text in a style.
pub(super) fn stdout(style: &OutputStyle) -> Escaped<Stdout> {
    Escaped::new(io::stdout(), Escaping::of(style))
}

/// Standard error for text in a style.
pub(super) fn stderr(style: &OutputStyle) -> Escaped<Stderr> {
    Escaped::new(io::stderr(), Escaping::of(style))
}

/// Prints a whole text without colours.
pub(super) fn print(text: impl AsRef<[u8]>) -> io::Result<()> {
    print_as(Escaping::Text, text)
}

/// Prints a whole text.
pub(super) fn print_as(escaping: Escaping, text: impl AsRef<[u8]>) -> io::Result<()> {
    let mut out = Escaped::new(io::stdout(), escaping);
    out.write_all(text.as_ref())?;
    out.flush()
}

/// True if standard input and output are terminals, so that questions can be asked.
pub(super) fn is_dialogue() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Standard output for a report, whose format escapes it.
pub(super) fn report() -> impl Write {
    io::stdout().lock()
}

/// Prints a patch: byte by byte, so that it can be applied; escaped on a terminal.
pub(super) fn print_patch(patch: &str) -> io::Result<()> {
    if io::stdout().is_terminal() {
        return print(patch);
    }
    let mut out = io::stdout().lock();
    out.write_all(patch.as_bytes())?;
    out.flush()
}

/// Prints `alignlint: ` and a sentence on a line of standard error. Ignores errors: a closed terminal must not fail the run.
pub(super) fn notice(sentence: &str) {
    line(&format!("alignlint: {sentence}"));
}

/// Prints a line of standard error.
pub(super) fn line(text: &str) {
    let _ = writeln!(io::stderr(), "{}", one_line(text));
}
