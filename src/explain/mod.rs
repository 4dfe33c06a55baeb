//! Explains a name to readers: a rule, a family of rules, a kind of record or a format.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::adoption;
use crate::finding::{Fault, Faultless};
use crate::input::Input;
use crate::policy::Policy;
use crate::rule::Rule;
use crate::rule::file::{Example, page};
use crate::schema::{did_you_mean, nearest};
use crate::syntax::Format;
use crate::text::capital;

pub mod file;
pub mod kind;
mod terminal;

/// Returns the pages about a name: a rule or a pattern such as `term/*`, else a format, a kind or a family of rules.
pub fn pages(name: &str, policy: &Policy) -> Faultless<String> {
    let switched_off = policy.rules_switched_off();
    let rules: Vec<&Arc<Rule>> = policy.rules.rules().iter().chain(&switched_off).collect();
    let named = rules.iter().filter(|rule| rule.matches_name(name));
    let pages: Vec<String> = named.map(|rule| rule_page(rule, page::SITE)).collect();
    if !pages.is_empty() {
        return Ok(pages.join("\n"));
    }
    // A format is more than another name of its kind: `kep`.
    let page = match policy.formats.get(name).filter(|_| policy.kinds.get(name).is_none()) {
        Some(found) => kind::render_format(found),
        None if let Some(kind) = policy.kinds.get(name).or_else(|| policy.kinds.by_key(name)) => {
            kind::render(kind, policy)
        }
        None => {
            let family = name.trim_end_matches('/');
            let of_family: Vec<&Arc<Rule>> = rules.into_iter().filter(|it| it.family() == family).collect();
            if of_family.is_empty() {
                return Err(vec![unknown(name, policy)]);
            }
            format!(
                "# {family}\n\nThe rules of the family `{family}`.\n\n{}\nPrint the pages of all of them with `alignlint explain '{family}/*'`.\n",
                kind::rule_table(of_family.into_iter())
            )
        }
    };
    Ok(terminal::render(&page))
}

/// Says to which records of a repository a rule applies, and why: a section for its page, empty without records.
pub fn applicability(rule: &Rule, input: &Input, policy: &Policy) -> String {
    let lines = adoption::applicability(rule, input.catalog(), &policy.config);
    let items: String = lines.into_iter().map(|line| format!("- {line}\n")).collect();
    match items.is_empty() {
        true => items,
        false => format!("\n{}", terminal::render(&format!("## In this repository\n\n{items}"))),
    }
}

fn unknown(name: &str, policy: &Policy) -> Fault {
    if Format::from_path(name).is_some() {
        let fault = Fault::new(format!("no file `{name}`"));
        return fault.help("list the files with records with `alignlint records`");
    }
    let families = policy.rules.rules().iter().map(|rule| rule.family());
    let kinds = policy.kinds.iter().flat_map(|kind| kind.called());
    let formats = policy.formats.iter().map(|format| &*format.name);
    let names: Vec<&str> = families.chain(kinds).chain(policy.rules.ids()).chain(formats).collect();
    let what = match name.split_once('/') {
        Some((family, _)) if names.contains(&family) => "rule",
        Some(_) => "rule, file or record",
        None => "rule, family of rules, kind or format",
    };
    let fault = Fault::new(format!("no {what} `{name}`"));
    match nearest(name, names).or_else(|| policy.rules.meant(name)) {
        Some(near) => fault.help(did_you_mean(near)),
        None if name.contains('/') => fault.help("list the rules with `alignlint rules`"),
        None => {
            let kinds: Vec<String> = policy.kinds.iter().map(|kind| format!("`{}`", kind.name)).collect();
            fault.help(format!("the kinds are {}; list all rules with `alignlint rules`", kinds.join(", ")))
        }
    }
}

/// Renders the page of a rule: what it finds and why, how to set and suppress it, and an example of each outcome.
fn rule_page(rule: &Rule, site: &str) -> String {
    // The most lines of the page of a rule.
    const LINES: usize = 100;
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
    let online = page::address(rule, site).map(|it| format!("\nOnline: {it}\n")).unwrap_or_default();
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
