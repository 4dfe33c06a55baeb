//! What a subcommand writes to, and how: what the person asks for, then what the environment says, then
//! what the stream is.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;

use crate::report::{Style, folder_uri};

/// What a subcommand writes to, and where the person stands.
pub(super) struct Terminal {
    pub color: Color,
    pub directory: PathBuf,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

/// The widest that a report gets: longer lines are hard to read.
const WIDEST: usize = 120;
/// Where no screen says how wide it is.
const USUAL_WIDTH: usize = 80;

impl Terminal {
    /// What a stream can show.
    pub fn style(&self, stream: &impl IsTerminal) -> Style {
        let surroundings = Surroundings::of(stream);
        let screen = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let width = surroundings.columns().or_else(|| surroundings.interactive.then(screen).flatten());
        let width = width.unwrap_or(USUAL_WIDTH).min(WIDEST);
        Style { color: surroundings.color(self.color), width, link_base: None }
    }

    /// The same, with paths as links to the files below `folder`, where the screen follows links.
    pub fn linked(&self, stream: &impl IsTerminal, folder: Option<&Path>) -> Style {
        let style = self.style(stream);
        if !style.color || !Surroundings::of(stream).links() {
            return style;
        }
        let uri = folder.and_then(|folder| std::path::absolute(folder).ok()).as_deref().and_then(folder_uri);
        Style { link_base: uri.map(Arc::from), ..style }
    }
}

/// What decides how a stream is written to, besides the flags.
struct Surroundings<'e> {
    interactive: bool,
    /// An environment variable; none where it is empty.
    variable: &'e dyn Fn(&str) -> Option<String>,
}

impl Surroundings<'static> {
    fn of(stream: &impl IsTerminal) -> Surroundings<'static> {
        let variable = &|name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        Surroundings { interactive: stream.is_terminal(), variable }
    }
}

impl Surroundings<'_> {
    fn has(&self, name: &str) -> bool {
        (self.variable)(name).is_some()
    }

    fn is(&self, name: &str, value: &str) -> bool {
        (self.variable)(name).is_some_and(|given| given == value)
    }

    /// The flag decides; then `NO_COLOR` (no-color.org), then `CLICOLOR_FORCE` and `CLICOLOR`; then the
    /// stream.
    fn color(&self, asked: Color) -> bool {
        match asked {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if self.has("NO_COLOR") => false,
            Color::Auto if self.has("CLICOLOR_FORCE") && !self.is("CLICOLOR_FORCE", "0") => true,
            Color::Auto => self.interactive && !self.is("TERM", "dumb") && !self.is("CLICOLOR", "0"),
        }
    }

    fn columns(&self) -> Option<usize> {
        (self.variable)("COLUMNS")?.parse().ok().filter(|columns| *columns > 0)
    }

    /// Whether the screen is known to follow links to files (OSC 8). One far away, over SSH, has not the files;
    /// what stands between, such as tmux, may print the sequence. The editors' own terminals find
    /// `path:line:column` by themselves, and open it at the line.
    fn links(&self) -> bool {
        if !self.interactive || self.is("TERM", "dumb") {
            return false;
        }
        if let Some(forced) = (self.variable)("FORCE_HYPERLINK") {
            return forced != "0";
        }
        let in_between = ["SSH_CONNECTION", "SSH_TTY", "TMUX", "STY"];
        if in_between.iter().any(|name| self.has(name)) {
            return false;
        }
        let program = (self.variable)("TERM_PROGRAM").unwrap_or_default();
        let term = (self.variable)("TERM").unwrap_or_default();
        let vte = (self.variable)("VTE_VERSION").and_then(|version| version.parse().ok()).unwrap_or(0);
        matches!(&*program, "iTerm.app" | "WezTerm" | "ghostty")
            || matches!(&*term, "xterm-kitty" | "xterm-ghostty" | "alacritty" | "foot" | "wezterm")
            || vte > FIRST_VTE
            || self.has("WT_SESSION")
    }
}

/// The first version of GNOME's terminal that knows links ends itself at some of them.
const FIRST_VTE: u32 = 5_000;

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks with these variables set, `NAME=value` each, on a terminal or not.
    fn ask<T>(interactive: bool, set: &[&str], question: impl Fn(&Surroundings) -> T) -> T {
        let variable = |name: &str| {
            let set = set.iter().filter_map(|set| set.split_once('='));
            let mut values = set.filter(|(set, _)| *set == name).map(|(_, value)| value.to_owned());
            values.next().filter(|value| !value.is_empty())
        };
        question(&Surroundings { interactive, variable: &variable })
    }

    #[test]
    fn the_flag_outweighs_the_environment_and_that_the_stream() {
        let auto = |interactive, set: &[&str]| ask(interactive, set, |around| around.color(Color::Auto));
        assert!(auto(true, &[]) && !auto(false, &[]));
        assert!(!auto(true, &["NO_COLOR=1"]) && auto(true, &["NO_COLOR="]));
        assert!(auto(false, &["CLICOLOR_FORCE=1"]) && !auto(false, &["CLICOLOR_FORCE=0"]));
        assert!(!auto(true, &["NO_COLOR=1", "CLICOLOR_FORCE=1"]));
        assert!(!auto(true, &["CLICOLOR=0"]) && !auto(true, &["TERM=dumb"]));
        assert!(auto(false, &["CLICOLOR=0", "CLICOLOR_FORCE=1"]));
        assert!(ask(false, &["NO_COLOR=1"], |around| around.color(Color::Always)));
        assert!(!ask(true, &["CLICOLOR_FORCE=1"], |around| around.color(Color::Never)));
    }

    #[test]
    fn links_are_for_screens_that_are_known_to_follow_them() {
        let links = |interactive, set: &[&str]| ask(interactive, set, |around| around.links());
        assert!(!links(true, &[]) && !links(true, &["TERM=xterm-256color"]));
        for known in ["TERM_PROGRAM=WezTerm", "TERM=xterm-kitty", "VTE_VERSION=7600", "FORCE_HYPERLINK=1"] {
            assert!(links(true, &[known]), "{known}");
            assert!(!links(false, &[known]), "{known}, piped");
            assert!(!links(true, &[known, "FORCE_HYPERLINK=0"]) || known.starts_with("FORCE"), "{known}");
        }
        for between in ["SSH_CONNECTION=a", "TMUX=a", "STY=a"] {
            assert!(!links(true, &["TERM=xterm-kitty", between]), "{between}");
        }
        assert!(!links(true, &["VTE_VERSION=4999"]) && !links(true, &["FORCE_HYPERLINK=1", "TERM=dumb"]));
    }

    #[test]
    fn columns_are_a_number() {
        let columns = |set: &str| ask(false, &[set], |around| around.columns());
        assert_eq!(columns("COLUMNS=100"), Some(100));
        assert_eq!([columns("COLUMNS=0"), columns("COLUMNS=wide"), columns("COLUMNS=")], [None; 3]);
    }
}
