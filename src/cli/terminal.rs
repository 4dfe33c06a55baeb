//! Decides on colours and width of the output: by flags, environment variables and the kind of stream.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;

use crate::report::OutputStyle;

use super::CommandResult;
use super::streams::{self, Stream};

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

/// Longer lines are hard to read.
const MAX_WIDTH: usize = 120;
const DEFAULT_WIDTH: usize = 80;

impl Terminal {
    /// The style for standard output.
    pub(super) fn stdout_style(&self) -> OutputStyle {
        self.style(Stream::Out)
    }

    /// The style for standard error.
    pub(super) fn stderr_style(&self) -> OutputStyle {
        self.style(Stream::Err)
    }

    pub(super) fn style(&self, stream: Stream) -> OutputStyle {
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
        let style = self.stdout_style();
        let mut out = io::BufWriter::new(streams::stdout(&style));
        write(&style, &mut out)?;
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The value of an environment variable; `None` if it is empty. A captured run has no variables.
fn variable(name: &str) -> Option<String> {
    let set = || std::env::var(name).ok().filter(|value| !value.is_empty());
    (!streams::is_captured()).then(set).flatten()
}

fn is(name: &str, value: &str) -> bool {
    variable(name).is_some_and(|given| given == value)
}
