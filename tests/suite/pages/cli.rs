//! `docs/cli.md`: its tables of subcommands, arguments and flags are generated from `--help`; the text around them
//! is written by hand.

use std::collections::BTreeMap;

use alignlint::report::FORMATS;

use crate::kit::{alignlint, assert_golden, project, project_file};

const PAGE: &str = "docs/cli.md";

/// Everything below this heading is generated.
const BEGIN: &str = "## Everywhere\n";

/// The help of a subcommand.
struct Help {
    about: String,
    usage: String,
    commands: Vec<Row>,
    arguments: Vec<Row>,
    flags: Vec<Row>,
    after: String,
}

/// A flag, argument or subcommand, and its meaning.
#[derive(Clone, PartialEq, Eq)]
struct Row {
    typed: String,
    meaning: String,
}

fn help(subcommand: &[&str]) -> Help {
    let text = alignlint(project(), &[subcommand, &["--help"]].concat()).out;
    let part = |title: &str| {
        let after = text.split_once(&format!("\n{title}:")).map_or("", |(_, after)| after);
        let (here, below) = after.split_once('\n').unwrap_or((after, ""));
        let below = below.lines().take_while(|line| line.is_empty() || line.starts_with(' '));
        std::iter::once(here).chain(below).collect::<Vec<_>>().join("\n")
    };
    let about = text.split("\n\n").next().unwrap_or("").trim().to_owned();
    let (usage, after) = (part("Usage").trim().to_owned(), part("Exit codes").trim().to_owned());
    let [commands, arguments, flags] = ["Commands", "Arguments", "Options"].map(|title| rows(&part(title)));
    Help { about, usage, commands, arguments, flags, after }
}

/// `  -q, --quiet   Print …`, and lines below that go on where the meaning began.
fn rows(part: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for line in part.lines().filter(|line| !line.trim().is_empty()) {
        let indent = line.len() - line.trim_start().len();
        let (typed, meaning) = line.trim().split_once("  ").unwrap_or((line.trim(), ""));
        match rows.last_mut() {
            Some(row) if indent > 8 => {
                row.meaning = [row.meaning.trim(), line.trim()].join(" ");
            }
            _ => rows.push(Row { typed: typed.to_owned(), meaning: meaning.trim().to_owned() }),
        }
    }
    rows
}

fn table(title: &str, rows: &[Row]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let cell = |text: &str| text.replace('|', "\\|");
    let line = |row: &Row| format!("| `{}` | {} |\n", cell(&row.typed), cell(&row.meaning));
    format!("\n| {title} | meaning |\n|---|---|\n{}", rows.iter().map(line).collect::<String>())
}

/// The generated part of the page.
fn written() -> String {
    let all = help(&[]);
    let names: Vec<&str> =
        all.commands.iter().map(|row| &*row.typed).filter(|name| *name != "help").collect();
    let helps: BTreeMap<&str, Help> = names.iter().map(|name| (*name, help(&[name]))).collect();
    let configured = |help: &Help| help.flags.iter().any(|row| row.typed.starts_with("--config "));
    let (reading, other): (Vec<&str>, Vec<&str>) = names.iter().partition(|name| configured(&helps[*name]));
    let everywhere = |row: &Row| {
        row.typed.contains("--version") || reading.iter().all(|name| helps[name].flags.contains(row))
    };
    let common: Vec<Row> = all.flags.iter().filter(|row| everywhere(row)).cloned().collect();
    let mut text = format!("{BEGIN}{}", table("flag", &common));
    if !other.is_empty() {
        let other: Vec<String> = other.iter().map(|name| format!("`{name}`")).collect();
        text += &format!("\nBut {} read no repository, and so no configuration.\n", other.join(" and "));
    }
    for name in names {
        let help = &helps[name];
        let flags: Vec<Row> = help.flags.iter().filter(|row| !common.contains(row)).cloned().collect();
        text += &format!("\n## {name}\n\n{}.\n\n`{}`\n", help.about, help.usage);
        text += &table("argument", &help.arguments);
        text += &table("flag", &flags);
    }
    text
}

#[test]
fn the_page_says_what_the_help_says() {
    let page = project_file(PAGE);
    let (by_hand, _) = page.split_once(BEGIN).expect(BEGIN);
    assert_golden(PAGE, &format!("{by_hand}{}", written()));
}

#[test]
fn the_page_and_the_help_name_every_exit_code() {
    let page = project_file(PAGE);
    let codes: Vec<String> =
        help(&[]).after.split(|c: char| !c.is_ascii_digit()).map(str::to_owned).collect();
    let codes: Vec<&String> = codes.iter().filter(|code| !code.is_empty()).collect();
    assert_eq!(codes, ["0", "1", "2"], "the help ends with the exit codes");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" |"));
    let rows: Vec<&str> = rows.map(|(code, _)| code).filter(|code| code.parse::<u8>().is_ok()).collect();
    assert_eq!(rows, ["0", "1", "2"], "{PAGE} has a row for each exit code");
}

#[test]
fn the_page_and_the_help_name_every_format() {
    let names: Vec<String> = FORMATS.iter().map(|format| format!("`{}`", format.name)).collect();
    let page = project_file(PAGE);
    let (first, rest) = (&names[0], names[1..].join(", "));
    assert!(
        page.contains(&format!("{first} (the default), {rest}\n")),
        "{PAGE} lists every format, in order"
    );
    let help = help(&["check"]);
    let row = help.flags.iter().find(|row| row.typed.starts_with("--format")).expect("a flag");
    for format in FORMATS {
        let named = row.meaning.split(|c: char| !c.is_alphanumeric()).any(|word| word == format.name);
        assert!(named, "the help of `--format` does not name `{}`", format.name);
    }
}
