//! Prints the views of subcommands.

use std::process::ExitCode;

use crate::linter::{Linter, PageOptions, PageResult};
use crate::report::{Escaping, view};

use super::progress::show_while;
use super::{CommandResult, TOOL, Terminal, print_faults, print_notices, streams};

/// The formats of a view.
pub(super) const FORMATS: [&str; 3] = ["pretty", "markdown", "json"];

/// Makes a page and prints it.
pub(super) fn show(
    linter: &Linter,
    page: &PageOptions<'_>,
    format: &str,
    terminal: &Terminal,
) -> CommandResult {
    let result = show_while(linter, || linter.page(page))?;
    print_notices(&linter.notices());
    print(&result, format, terminal)
}

/// Prints a page.
pub(super) fn print(result: &PageResult, format: &str, terminal: &Terminal) -> CommandResult {
    print_notices(&result.notices);
    let style = terminal.stdout_style();
    let mut text = Vec::new();
    match format {
        "json" => view::write_json(&result.view, TOOL, &mut text)?,
        "markdown" => view::write_markdown(&result.view, &mut text)?,
        "csv" => view::write_csv(&result.view, &mut text)?,
        _ => view::write_text(&result.view, &style, &mut text)?,
    }
    streams::print_as(Escaping::of(&style), text)?;
    exit_code(result, terminal)
}

/// 2 if a rule exceeded its step limit.
pub(super) fn exit_code(result: &PageResult, terminal: &Terminal) -> CommandResult {
    if result.faults.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    // Ignores write errors: a closed terminal must not hide that the run failed.
    let _ = print_faults(&result.faults, terminal);
    Ok(ExitCode::from(2))
}
