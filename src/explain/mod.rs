//! Explains a name to readers: a rule, a family of rules, or a kind of record.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::finding::Fault;
use crate::input::Input;
use crate::policy::Policy;
use crate::practices;
use crate::record::Record;
use crate::rule::Rule;
use crate::rule::file::EXAMPLE_DATE;
use crate::rule::page;
use crate::schema::{did_you_mean, nearest};
use crate::text::capital;

pub(crate) mod columns;
mod dropped;
pub mod file;
mod format;
pub mod kind;
pub mod practice;
mod words;

use kind::Surroundings;

/// Returns the pages about a name: a rule or a pattern such as `term/*`, else a format, a kind, a family of rules, or a
/// word in records.
///
/// # Errors
/// The policy has nothing of this name.
pub fn pages(name: &str, policy: &Policy) -> Result<String, Vec<Fault>> {
    let switched_off = policy.rules_switched_off()?;
    let rules: Vec<&Arc<Rule>> = policy.rules.rules().iter().chain(&switched_off).collect();
    let pages: Vec<String> =
        rules.iter().filter(|rule| rule.matches_name(name)).map(|rule| rule_page(rule, page::SITE)).collect();
    if !pages.is_empty() {
        return Ok(pages.join("\n"));
    }
    // A format is more than another name of its kind: `kep`.
    let format = policy.profiles.get(name).filter(|_| policy.kinds.get(name).is_none());
    if let Some(profile) = format {
        return Ok(format::render(profile));
    }
    if let Some(kind) = policy.kinds.get(name).or_else(|| policy.kinds.by_key(name)) {
        return Ok(kind::render(kind, surroundings(policy)));
    }
    let family: Vec<&Arc<Rule>> =
        rules.into_iter().filter(|rule| rule.family() == name.trim_end_matches('/')).collect();
    if !family.is_empty() {
        return Ok(family_page(&family));
    }
    words::page(name, &policy.kinds).ok_or_else(|| vec![unknown(name, policy)])
}

/// The fault of a name that is to be a rule, where it is a kind: `explain decision D-1`.
pub fn kind_is_no_rule(name: &str, target: &str, policy: &Policy) -> Option<Fault> {
    let kind = policy.kinds.get(name).or_else(|| policy.kinds.by_key(name))?;
    let rule = policy.rules.rules().iter().find(|rule| rule.is_for(kind))?;
    let fault = Fault::new(format!("`{name}` is a kind of record, not a rule"));
    Some(fault.help(format!(
        "`alignlint explain {}` shows the kind; to see how a rule judges `{target}`, name a rule: `alignlint explain {} {target}`",
        kind.name, rule.id
    )))
}

fn rule_page(rule: &Rule, site: &str) -> String {
    let online = page::address(rule, site).map(|address| format!("\nOnline: <{address}>\n"));
    page::render(rule) + &online.unwrap_or_default()
}

/// Says to which records of a repository a rule applies, and why: a section for its page, empty without records.
pub fn applicability(
    rule: &Rule,
    input: &Input,
    policy: &Policy,
    applies: impl Fn(&Record) -> bool,
) -> String {
    let lines = practices::applicability(rule, input.catalog(), &policy.config, applies);
    let items: String = lines.into_iter().map(|line| format!("- {line}\n")).collect();
    if items.is_empty() { items } else { format!("\n## In this repository\n\n{items}") }
}

/// What the page of a kind says of a policy, with examples as of the day on which all examples are.
pub fn surroundings(policy: &Policy) -> Surroundings<'_> {
    Surroundings {
        kinds: &policy.kinds,
        profiles: &policy.profiles,
        rules: policy.rules.rules(),
        today: EXAMPLE_DATE,
    }
}

fn family_page(rules: &[&Arc<Rule>]) -> String {
    let family = rules.first().map_or("", |rule| rule.family());
    let mut text = format!(
        "# {family}\n\nThe rules of the family `{family}`.\n\n| rule | severity | preset | finds |\n|---|---|---|---|\n"
    );
    for rule in rules {
        let title = capital(rule.title.trim_end_matches('.'));
        let _ =
            writeln!(text, "| `{}` | {} | {} | {title} |", rule.id, rule.severity.name(), rule.preset.name());
    }
    let _ = writeln!(text, "\nPrint the pages of all of them with `alignlint explain '{family}/*'`.");
    text
}

fn unknown(name: &str, policy: &Policy) -> Fault {
    let rules = policy.rules.rules();
    let kinds = policy.kinds.iter().flat_map(|kind| kind.called());
    let mut names: Vec<&str> = rules.iter().map(|rule| rule.family()).chain(kinds).collect();
    names.extend(policy.rules.ids());
    names.extend(policy.profiles.iter().map(|profile| &*profile.name));
    let is_rule = name.contains('/');
    let what = if is_rule { "rule" } else { "rule, family of rules or kind" };
    let fault = Fault::new(format!("unknown {what} `{name}`"));
    match nearest(name, names).or_else(|| policy.rules.meant(name)) {
        Some(near) => fault.help(did_you_mean(near)),
        None if is_rule => {
            let family = name.split('/').next().unwrap_or_default();
            let command = match rules.iter().any(|rule| rule.family() == family) {
                true => format!("alignlint explain {family}"),
                false => "alignlint rules".to_owned(),
            };
            fault.help(format!("list the rules with `{command}`"))
        }
        None => {
            let kinds: Vec<String> = policy.kinds.iter().map(|kind| format!("`{}`", kind.name)).collect();
            fault.help(format!("the kinds are {}; list all rules with `alignlint rules`", kinds.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_a_rule_names_its_address_if_there_is_a_site() {
        let rules = crate::rule::embedded_rules().unwrap();
        let rule = &rules[0];
        let online = format!("\nOnline: <https://docs.example/rules/{}.html>\n", rule.id);
        assert!(rule_page(rule, "https://docs.example/").ends_with(&online));
        assert_eq!(rule_page(rule, ""), page::render(rule));
    }
}
