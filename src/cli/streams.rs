//! The only way to standard output and standard error. Text from files, paths, refs and commits can't send control
//! characters to a terminal, or commands to what reads a log: all of it is [`Escaped`]. Colours and width follow from flags,
//! environment variables and the kind of stream.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;

use crate::report::{Escaped, Escaping, OutputStyle, one_line};

use super::CommandResult;

/// An output of the program. What writes to it directly escapes it before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Err,
}

#[derive(Default)]
pub(super) struct Printed {
    pub out: Vec<u8>,
    pub err: Vec<u8>,
}

thread_local! {
    /// Takes what this thread prints, if it is captured.
    static CAPTURED: RefCell<Option<Printed>> = const { RefCell::new(None) };
}

/// Returns what `work` prints on this thread; nothing of it reaches the streams of the process.
pub(super) fn capture<T>(work: impl FnOnce() -> T) -> (T, Printed) {
    CAPTURED.set(Some(Printed::default()));
    let result = work();
    (result, CAPTURED.take().unwrap_or_default())
}

fn is_captured() -> bool {
    CAPTURED.with_borrow(Option::is_some)
}

impl Stream {
    fn is_terminal(self) -> bool {
        !is_captured()
            && match self {
                Stream::Out => io::stdout().is_terminal(),
                Stream::Err => io::stderr().is_terminal(),
            }
    }

    /// Returns true if the bytes were captured.
    fn capture(self, bytes: &[u8]) -> bool {
        CAPTURED.with_borrow_mut(|captured| {
            let Some(printed) = captured else { return false };
            match self {
                Stream::Out => printed.out.extend_from_slice(bytes),
                Stream::Err => printed.err.extend_from_slice(bytes),
            }
            true
        })
    }

    /// Succeeds where no one reads on: the other end of a pipe has finished, such as `head`, or the terminal is closed.
    /// Neither changes the result of a run.
    fn unless_closed<T>(self, written: io::Result<T>, all: T) -> io::Result<T> {
        match written {
            Err(error) if self == Stream::Err || error.kind() == io::ErrorKind::BrokenPipe => Ok(all),
            written => written,
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match self {
            _ if self.capture(bytes) => Ok(bytes.len()),
            Stream::Out => io::stdout().write(bytes),
            Stream::Err => io::stderr().write(bytes),
        };
        self.unless_closed(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = match self {
            Stream::Out => io::stdout().flush(),
            Stream::Err => io::stderr().flush(),
        };
        self.unless_closed(flushed, ())
    }
}

pub(super) fn stderr(style: &OutputStyle) -> Escaped<Stream> {
    Escaped::new(Stream::Err, Escaping::of(style))
}

/// Prints a whole text without colours.
pub(super) fn print(text: impl AsRef<[u8]>) -> CommandResult {
    print_as(Escaping::Text, text)
}

pub(super) fn print_as(escaping: Escaping, text: impl AsRef<[u8]>) -> CommandResult {
    let mut out = Escaped::new(Stream::Out, escaping);
    out.write_all(text.as_ref())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a patch: byte by byte, so that it can be applied; escaped on a terminal.
pub(super) fn print_patch(patch: &str) -> CommandResult {
    if Stream::Out.is_terminal() {
        return print(patch);
    }
    let mut out = Stream::Out;
    out.write_all(patch.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Prints `alignlint: ` and a sentence on a line of standard error.
pub(super) fn notice(sentence: &str) {
    line(&format!("alignlint: {sentence}"));
}

pub(super) fn line(text: &str) {
    // Standard error takes everything.
    let _ = writeln!(Escaped::new(Stream::Err, Escaping::Text), "{}", one_line(text));
}

pub(super) struct Terminal {
    pub color: Color,
    pub directory: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

impl Terminal {
    pub(super) fn style(&self, stream: Stream) -> OutputStyle {
        // Longer lines are hard to read.
        const MAX_WIDTH: usize = 120;
        const DEFAULT_WIDTH: usize = 80;
        let columns = || variable("COLUMNS")?.parse().ok().filter(|columns| *columns > 0);
        let of_terminal = || {
            let size = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
            stream.is_terminal().then(size).flatten()
        };
        let width = columns().or_else(of_terminal).unwrap_or(DEFAULT_WIDTH).min(MAX_WIDTH);
        OutputStyle { color: self.has_color(stream), width }
    }

    /// See <https://no-color.org> and <https://bixense.com/clicolors>.
    fn has_color(&self, stream: Stream) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if variable("NO_COLOR").is_some() => false,
            Color::Auto if variable("CLICOLOR_FORCE").is_some_and(|given| given != "0") => true,
            Color::Auto => stream.is_terminal() && !is("TERM", "dumb") && !is("CLICOLOR", "0"),
        }
    }

    /// Prints what `write` writes in the style of standard output.
    pub(super) fn print(
        &self,
        write: impl FnOnce(&OutputStyle, &mut dyn Write) -> io::Result<()>,
    ) -> CommandResult {
        let style = self.style(Stream::Out);
        let mut out = io::BufWriter::new(Escaped::new(Stream::Out, Escaping::of(&style)));
        write(&style, &mut out)?;
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The value of an environment variable; `None` if it is empty. A captured run has no variables.
fn variable(name: &str) -> Option<String> {
    let set = || std::env::var(name).ok().filter(|value| !value.is_empty());
    (!is_captured()).then(set).flatten()
}

fn is(name: &str, value: &str) -> bool {
    variable(name).is_some_and(|given| given == value)
}
