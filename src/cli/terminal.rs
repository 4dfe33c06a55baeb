//! Decides on colours, width and links of the output: by flags, environment variables and the kind of stream.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;

use crate::report::{OutputStyle, folder_uri};

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
    /// The style for standard output, without links.
    pub(super) fn stdout_style(&self) -> OutputStyle {
        self.style(Stream::Out)
    }

    /// The style for standard error.
    pub(super) fn stderr_style(&self) -> OutputStyle {
        self.style(Stream::Err)
    }

    fn style(&self, stream: Stream) -> OutputStyle {
        let columns = || variable("COLUMNS")?.parse().ok().filter(|columns| *columns > 0);
        let of_terminal = || {
            let size = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
            stream.is_terminal().then(size).flatten()
        };
        let width = columns().or_else(of_terminal).unwrap_or(DEFAULT_WIDTH).min(MAX_WIDTH);
        OutputStyle { color: self.has_color(stream), width, link_base: None }
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

    /// The style for standard output, with links to the files below `folder` if the terminal supports links.
    pub(super) fn style_with_links(&self, folder: Option<&Path>) -> OutputStyle {
        let style = self.stdout_style();
        if !style.color || !has_links() {
            return style;
        }
        let uri = folder.and_then(|folder| std::path::absolute(folder).ok()).as_deref().and_then(folder_uri);
        OutputStyle { link_base: uri.map(Arc::from), ..style }
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

/// True if the terminal is known to support links (OSC 8). Over SSH the terminal doesn't have the files, and multiplexers such as
/// tmux may print the escape sequence. Terminals of editors are not listed: they link `path:line:column` themselves.
fn has_links() -> bool {
    if !Stream::Out.is_terminal() || is("TERM", "dumb") {
        return false;
    }
    if let Some(forced) = variable("FORCE_HYPERLINK") {
        return forced != "0";
    }
    let is_remote = ["SSH_CONNECTION", "SSH_TTY", "TMUX", "STY"].iter().any(|name| variable(name).is_some());
    let is_known = |name: &str, known: &[&str]| variable(name).is_some_and(|given| known.contains(&&*given));
    // VTE 0.50.0 introduced links and crashes on some.
    let vte = variable("VTE_VERSION").and_then(|version| version.parse::<u32>().ok());
    !is_remote
        && (is_known("TERM_PROGRAM", &["iTerm.app", "WezTerm", "ghostty"])
            || is_known("TERM", &["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm"])
            || vte.is_some_and(|version| version > 5_000)
            || variable("WT_SESSION").is_some())
}
