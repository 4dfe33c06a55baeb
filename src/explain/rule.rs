//! The page of a rule on a terminal: what it finds and why, how to set and suppress it, and an example of each outcome.

use std::fmt::Write as _;

use crate::rule::Rule;
use crate::rule::file::{Example, page};
use crate::text::capital;

use super::terminal;

/// The most lines of the page.
const LINES: usize = 100;

/// Renders the page of a rule.
pub(super) fn render(rule: &Rule, site: &str) -> String {
    let mut head = page::head(rule);
    let first = rule.params.keys().next().map(|name| format!("{{ {name}: … }}, "));
    let _ = write!(
        head,
        "## In `alignlint.yaml`, and above a key\n\n```\nrules:\n  {id}: off  # or {}error, warning, note\n\n\
         # alignlint: ignore {id} until 2027-01-31 because …\n```\n\n",
        first.unwrap_or_default(),
        id = rule.id
    );
    let head = terminal::render(&head);
    let online =
        page::address(rule, site).map_or_else(String::new, |address| format!("\nOnline: {address}\n"));
    let shortest = |finds: bool| {
        let of_outcome = rule.examples.iter().filter(|example| example.finds.is_empty() != finds);
        of_outcome.map(shown).min_by_key(|shown| shown.lines().count())
    };
    let examples: Vec<String> = [shortest(true), shortest(false)].into_iter().flatten().collect();
    let left = LINES.saturating_sub(head.lines().count() + online.lines().count());
    let each = left / examples.len().max(1);
    let examples: String = examples.iter().map(|example| cut(example, each)).collect();
    head + &examples + &online
}

/// An example as it is shown: its files, and what is found in them.
fn shown(example: &Example) -> String {
    let outcome = if example.finds.is_empty() { "no finding" } else { "a finding" };
    let found = example.finds.iter().map(|found| format!("- `{}` {}\n", found.at, found.message));
    let found: String = found.collect();
    let title = capital(&example.name);
    terminal::render(&format!("## {title}: {outcome}\n\n{found}\n{}", page::repository(example)))
}

/// The first lines of an example below an empty line.
fn cut(example: &str, lines: usize) -> String {
    let all = example.lines().count();
    let shown = if all < lines { all } else { lines.saturating_sub(2) };
    let kept: String = example.lines().take(shown).map(|line| format!("{line}\n")).collect();
    format!("\n{kept}{}", if shown < all { "      …\n" } else { "" })
}
