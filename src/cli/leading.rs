//! Moves the flags of a check before a subcommand behind it. A flag that the subcommand lacks is an error.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches, Parser};

use super::CommandLine;

/// Parses the command line. The first argument is the program's name.
pub(super) fn parse(arguments: Vec<OsString>) -> Result<CommandLine, clap::Error> {
    let mut command = CommandLine::command();
    let matches = command.try_get_matches_from_mut(&arguments)?;
    let subcommand = matches.subcommand_name().and_then(|name| command.find_subcommand(name)).cloned();
    let Some(subcommand) = subcommand else { return CommandLine::from_arg_matches(&matches) };
    let leading: Vec<Arg> = leading(&command, &matches).cloned().collect();
    if leading.is_empty() {
        return CommandLine::from_arg_matches(&matches);
    }
    let moved = match leading.iter().find(|argument| !has(&subcommand, argument)) {
        Some(foreign) => Err(foreign.to_string()),
        None => moved_behind(&subcommand, arguments).ok_or_else(|| leading[0].to_string()),
    };
    match moved {
        Ok(arguments) => CommandLine::try_parse_from(arguments),
        Err(argument) => {
            let message =
                format!("`{argument}` can't be used with the subcommand `{}`", subcommand.get_name());
            Err(command.error(ErrorKind::ArgumentConflict, message))
        }
    }
}

/// The arguments before the subcommand that do not count for all of them.
fn leading<'c>(command: &'c Command, matches: &'c ArgMatches) -> impl Iterator<Item = &'c Arg> {
    let is_given =
        |argument: &&Arg| matches.value_source(argument.get_id().as_str()) == Some(ValueSource::CommandLine);
    command.get_arguments().filter(|argument| !argument.is_global_set()).filter(is_given)
}

fn has(subcommand: &Command, argument: &Arg) -> bool {
    subcommand
        .get_arguments()
        .any(|other| other.get_id() == argument.get_id() && other.get_long() == argument.get_long())
}

/// The arguments with the word of the subcommand in front.
fn moved_behind(subcommand: &Command, mut arguments: Vec<OsString>) -> Option<Vec<OsString>> {
    let names: Vec<&str> = subcommand.get_all_aliases().chain([subcommand.get_name()]).collect();
    let is_word = |at: &usize| {
        let is_name = arguments[*at].to_str().is_some_and(|word| names.contains(&word));
        is_name && CommandLine::try_parse_from(&arguments[..*at]).is_ok()
    };
    let at = (1..arguments.len()).find(is_word)?;
    let word = arguments.remove(at);
    arguments.insert(1, word);
    Some(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<CommandLine, String> {
        let arguments = line.split(' ').map(OsString::from).collect();
        parse(arguments).map_err(|error| error.to_string().lines().next().unwrap_or_default().to_owned())
    }

    #[test]
    fn a_flag_before_a_subcommand_counts_for_it() {
        let Ok(CommandLine { subcommand: Some(super::super::Command::Check(options)), .. }) =
            parsed("alignlint --select a/b -q check --ignore c/d")
        else {
            panic!("not a check");
        };
        assert!(options.is_quiet());
        for line in ["alignlint --as-of 2026-11-20 due", "alignlint -C docs --as-of 2026-11-20 due"] {
            assert_eq!(parsed(line).err(), None, "{line}");
        }
    }

    #[test]
    fn a_flag_that_the_subcommand_lacks_is_refused() {
        let refused = |line: &str| parsed(line).err().unwrap_or_default();
        assert_eq!(
            refused("alignlint --since HEAD rules"),
            "error: `--since <REV>` can't be used with the subcommand `rules`"
        );
        assert_eq!(
            refused("alignlint --as-of 2026-11-20 completions bash"),
            "error: `--as-of <DATE>` can't be used with the subcommand `completions`"
        );
    }
}
