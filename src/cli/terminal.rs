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
        let environment = Environment::of(stream);
        let terminal_width = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let width = environment.columns().or_else(|| environment.is_terminal.then(terminal_width).flatten());
        let width = width.unwrap_or(DEFAULT_WIDTH).min(MAX_WIDTH);
        OutputStyle { color: environment.color(self.color), width, link_base: None }
    }

    /// The style for standard output, with links to the files below `folder` if the terminal supports links.
    pub(super) fn style_with_links(&self, folder: Option<&Path>) -> OutputStyle {
        let style = self.stdout_style();
        if !style.color || !Environment::of(Stream::Out).links() {
            return style;
        }
        let uri = folder.and_then(|folder| std::path::absolute(folder).ok()).as_deref().and_then(folder_uri);
        OutputStyle { link_base: uri.map(Arc::from), ..style }
    }
}

struct Environment<'e> {
    is_terminal: bool,
    /// Returns the value of an environment variable, or `None` if it is empty.
    variable: &'e dyn Fn(&str) -> Option<String>,
}

impl Environment<'static> {
    /// A captured run has no variables.
    fn of(stream: Stream) -> Environment<'static> {
        let variable = &|name: &str| {
            let set = || std::env::var(name).ok().filter(|value| !value.is_empty());
            (!streams::is_captured()).then(set).flatten()
        };
        Environment { is_terminal: stream.is_terminal(), variable }
    }
}

impl Environment<'_> {
    fn has(&self, name: &str) -> bool {
        (self.variable)(name).is_some()
    }

    fn is(&self, name: &str, value: &str) -> bool {
        (self.variable)(name).is_some_and(|given| given == value)
    }

    /// See <https://no-color.org> and <https://bixense.com/clicolors>.
    fn color(&self, choice: Color) -> bool {
        match choice {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if self.has("NO_COLOR") => false,
            Color::Auto if self.has("CLICOLOR_FORCE") && !self.is("CLICOLOR_FORCE", "0") => true,
            Color::Auto => self.is_terminal && !self.is("TERM", "dumb") && !self.is("CLICOLOR", "0"),
        }
    }

    fn columns(&self) -> Option<usize> {
        (self.variable)("COLUMNS")?.parse().ok().filter(|columns| *columns > 0)
    }

    /// True if the terminal is known to support links (OSC 8). Over SSH the terminal doesn't have the files, and
    /// multiplexers such as tmux may print the escape sequence. Terminals of editors are not listed: they link
    /// `path:line:column` themselves.
    fn links(&self) -> bool {
        if !self.is_terminal || self.is("TERM", "dumb") {
            return false;
        }
        if let Some(forced) = (self.variable)("FORCE_HYPERLINK") {
            return forced != "0";
        }
        let unsupported = ["SSH_CONNECTION", "SSH_TTY", "TMUX", "STY"];
        if unsupported.iter().any(|name| self.has(name)) {
            return false;
        }
        let program = (self.variable)("TERM_PROGRAM").unwrap_or_default();
        let term = (self.variable)("TERM").unwrap_or_default();
        let vte = (self.variable)("VTE_VERSION").and_then(|version| version.parse().ok()).unwrap_or(0);
        matches!(&*program, "iTerm.app" | "WezTerm" | "ghostty")
            || matches!(&*term, "xterm-kitty" | "xterm-ghostty" | "alacritty" | "foot" | "wezterm")
            || vte > VTE_0_50
            || self.has("WT_SESSION")
    }
}

/// VTE 0.50.0 introduced links and crashes on some links.
const VTE_0_50: u32 = 5_000;

#[cfg(test)]
#[expect(clippy::redundant_closure_for_method_calls, reason = "a path is not general enough in its lifetime")]
mod tests {
    use super::*;

    /// Calls `read` with these variables, each `NAME=value`.
    fn with_environment<T>(is_terminal: bool, variables: &[&str], read: impl Fn(&Environment) -> T) -> T {
        let variable = |name: &str| {
            let pairs = variables.iter().filter_map(|pair| pair.split_once('='));
            let mut values = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
            values.next().filter(|value| !value.is_empty())
        };
        read(&Environment { is_terminal, variable: &variable })
    }

    #[test]
    fn the_flag_overrides_the_environment_and_that_overrides_the_stream() {
        let auto =
            |is_terminal, set: &[&str]| with_environment(is_terminal, set, |env| env.color(Color::Auto));
        assert!(auto(true, &[]) && !auto(false, &[]));
        assert!(!auto(true, &["NO_COLOR=1"]) && auto(true, &["NO_COLOR="]));
        assert!(auto(false, &["CLICOLOR_FORCE=1"]) && !auto(false, &["CLICOLOR_FORCE=0"]));
        assert!(!auto(true, &["NO_COLOR=1", "CLICOLOR_FORCE=1"]));
        assert!(!auto(true, &["CLICOLOR=0"]) && !auto(true, &["TERM=dumb"]));
        assert!(auto(false, &["CLICOLOR=0", "CLICOLOR_FORCE=1"]));
        assert!(with_environment(false, &["NO_COLOR=1"], |env| env.color(Color::Always)));
        assert!(!with_environment(true, &["CLICOLOR_FORCE=1"], |env| env.color(Color::Never)));
    }

    #[test]
    fn only_known_terminals_get_links() {
        let links = |is_terminal, set: &[&str]| with_environment(is_terminal, set, |env| env.links());
        assert!(!links(true, &[]) && !links(true, &["TERM=xterm-256color"]));
        for known in ["TERM_PROGRAM=WezTerm", "TERM=xterm-kitty", "VTE_VERSION=7600", "FORCE_HYPERLINK=1"] {
            assert!(links(true, &[known]), "{known}");
            assert!(!links(false, &[known]), "{known}, piped");
            assert!(!links(true, &[known, "FORCE_HYPERLINK=0"]) || known.starts_with("FORCE"), "{known}");
        }
        for wrapper in ["SSH_CONNECTION=a", "TMUX=a", "STY=a"] {
            assert!(!links(true, &["TERM=xterm-kitty", wrapper]), "{wrapper}");
        }
        assert!(!links(true, &["VTE_VERSION=4999"]) && !links(true, &["FORCE_HYPERLINK=1", "TERM=dumb"]));
    }

    #[test]
    fn columns_is_a_positive_number() {
        let columns = |set: &str| with_environment(false, &[set], |env| env.columns());
        assert_eq!(columns("COLUMNS=100"), Some(100));
        assert_eq!([columns("COLUMNS=0"), columns("COLUMNS=wide"), columns("COLUMNS=")], [None; 3]);
    }
}
