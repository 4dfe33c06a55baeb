//! The page of a rule in Markdown, for `alignlint explain` and `docs/rules/`.

use std::fmt::Write as _;

use crate::embedded;
use crate::finding::Safety;
use crate::text::capital;

use super::model::{Day, EXAMPLE_DATE, Example, Rule};

/// Where the documentation is published, by `ALIGNLINT_SITE` of the build or `homepage` in `Cargo.toml`; empty before the first release.
pub const SITE: &str = match option_env!("ALIGNLINT_SITE") {
    Some(site) => site,
    None => env!("CARGO_PKG_HOMEPAGE"),
};

/// Returns the address on `site` of the page of an embedded rule; `None` for a rule of the user, and without a site.
pub fn address(rule: &Rule, site: &str) -> Option<String> {
    let path = rule.source.path();
    if site.is_empty() || embedded::file(path) != Some(rule.source.text()) {
        return None;
    }
    let page = match path.strip_prefix("packs/").and_then(|rest| rest.split('/').next()) {
        Some(pack) => format!("packs/{pack}"),
        None => format!("rules/{}", rule.id),
    };
    Some(format!("{}/{page}.html", site.trim_end_matches('/')))
}

/// What a rule finds and why, what to do about it, and its parameters.
pub fn head(rule: &Rule) -> String {
    let mut page = format!("# {}\n\n{}.\n\n", rule.id, rule.title.trim_end_matches('.'));
    let _ = writeln!(
        page,
        "{} · preset `{}` · checks {}{}\n",
        capital(rule.severity.name()),
        rule.preset.name(),
        rule.kinds.join(", "),
        match rule.fix.as_ref().map(|fix| fix.safety) {
            Some(Safety::Safe) => " · fixed by `--fix`",
            Some(Safety::Suggested) => " · fixed by `--fix=all`",
            None => "",
        }
    );
    for (when, severity) in &rule.severity.cases {
        let _ = writeln!(page, "{} if `{}`.\n", capital(severity.name()), when.trim());
    }
    if rule.practice {
        page.push_str("A practice: checks adopted records alone.\n\n");
    }
    if let Some(why) = &rule.why {
        let _ = writeln!(page, "{}\n", why.trim());
    }
    if let Some(remedy) = rule.general_help() {
        let _ = writeln!(page, "**What to do.** {remedy}\n");
    }
    if !rule.params.is_empty() {
        page.push_str("## Parameters\n\n| name | default | meaning |\n|---|---|---|\n");
        for (name, param) in &rule.params {
            let _ =
                writeln!(page, "| `{name}` | `{}` | {} |", param.default.texts.join(", "), param.description);
        }
        page.push('\n');
    }
    page
}

pub fn render(rule: &Rule) -> String {
    let mut page = head(rule);
    if let Some(first) = rule.params.keys().next() {
        let _ = writeln!(
            page,
            "Set in `alignlint.yaml`:\n\n```yaml\nrules:\n  {}: {{ {first}: … }}\n```\n",
            rule.id
        );
    }
    if !rule.examples.is_empty() {
        let _ = writeln!(page, "## Examples\n\nAs of {EXAMPLE_DATE}, unless stated otherwise.\n");
    }
    for example in rule.examples.iter() {
        page.push_str(&self::example(example));
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

fn example(example: &Example) -> String {
    let outcome = if example.finds.is_empty() { "no finding" } else { "finding" };
    let mut text = format!("### {} ({outcome})\n\n", capital(&example.name));
    if let Some(Day(day)) = example.as_of {
        let _ = writeln!(text, "As of {day}.\n");
    }
    text.push_str(&repository(example));
    for found in &example.finds {
        let severity = found.severity.map_or_else(String::new, |severity| format!("{}: ", severity.name()));
        let _ = writeln!(text, "- `{}` {severity}{}", found.at, found.message);
    }
    if !example.finds.is_empty() {
        text.push('\n');
    }
    if let Some(fixed) = example.fixed.as_ref().filter(|fixed| !fixed.is_empty()) {
        text.push_str("Fixed:\n\n");
        for (path, content) in fixed {
            text.push_str(&file(path, Some(content)));
        }
    }
    text
}

pub fn repository(example: &Example) -> String {
    let mut text = String::new();
    if let Some(files) = &example.policy_from {
        text.push_str("The base policy:\n\n");
        files.iter().for_each(|(path, content)| text.push_str(&file(path, Some(content))));
        text.push_str("The checked state:\n\n");
    }
    for commit in &example.history {
        let _ = writeln!(
            text,
            "{} commits on {}:\n",
            commit.author.split('<').next().unwrap_or_default().trim(),
            commit.date.0
        );
        for (path, content) in &commit.files {
            text.push_str(&file(path, content.as_deref()));
        }
    }
    if !example.history.is_empty() && !example.files.is_empty() {
        text.push_str("Not committed:\n\n");
    }
    for (path, content) in &example.files {
        text.push_str(&file(path, Some(content)));
    }
    text
}

fn file(path: &str, content: Option<&str>) -> String {
    let Some(content) = content else { return format!("`{path}` is deleted.\n\n") };
    let language = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let fence = if content.contains("```") { "~~~~" } else { "```" };
    format!("`{path}`\n\n{fence}{language}\n{}\n{fence}\n\n", content.trim_end())
}
