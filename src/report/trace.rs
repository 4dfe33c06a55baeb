//! The output of `alignlint explain RULE PATH|ID`: how a rule judges a record, step by step.

use super::terminal::{self, Palette, paint};
use super::{OutputStyle, location};
use crate::check::{NeverJudged, Step, Trace};
use crate::rule::Rule;
use std::io::{self, Write};

/// The column of expressions, after the keys of the rule file.
const EXPRESSION: usize = 10;
const PART: usize = EXPRESSION + 2;

pub fn write(rule: &Rule, traces: &[Trace], style: &OutputStyle, out: &mut dyn Write) -> io::Result<()> {
    let width = terminal::width(style);
    let palette = Palette::of(style);
    for (number, trace) in traces.iter().enumerate() {
        let name = match &trace.record {
            Some(record) => format!("{} {}", record.kind, record.id),
            None => "the file".to_owned(),
        };
        let name = terminal::one_line(&name);
        let place = paint(location(&trace.place), palette.dim);
        writeln!(out, "{}{} on {name}  {place}\n", if number > 0 { "\n" } else { "" }, rule.id)?;
        for step in &trace.result.steps {
            write_step(step, width, out)?;
        }
        for line in conclusion(rule, trace) {
            let lines = terminal::paragraph(&line, width, 0, 2);
            writeln!(out, "{}", lines.join("\n"))?;
        }
    }
    Ok(())
}

fn write_step(step: &Step, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let hang = EXPRESSION.max(step.key.len() + 2);
    let expression = terminal::paragraph(&step.expression, width, hang, EXPRESSION).join("\n");
    writeln!(out, "{:hang$}{expression}", terminal::one_line(&step.key))?;
    for (part, value) in &step.parts {
        let line = terminal::paragraph(&format!("{part} = {value}"), width, PART, PART + 2).join("\n");
        writeln!(out, "{:PART$}{line}", "")?;
    }
    if !step.value.is_empty() {
        let is_false = step.key == "when" && step.value == "false";
        let follows = if is_false { ": the rule does not apply" } else { "" };
        let line = format!("→ {}{follows}", step.value);
        let line = terminal::paragraph(&line, width, EXPRESSION, PART).join("\n");
        writeln!(out, "{:EXPRESSION$}{line}", "")?;
    }
    writeln!(out)
}

fn conclusion(rule: &Rule, trace: &Trace) -> Vec<String> {
    let off = trace.off.as_ref().map(|off| match off {
        NeverJudged::NotInPreset(preset) => format!(
            "The rule is not in the preset `{preset}`; to run it: `rules: {{ {}: {} }}` in `alignlint.yaml`. If it were on:",
            rule.id,
            rule.severity.name()
        ),
        _ => "The configuration switches the rule off here. If it were on:".to_owned(),
    });
    let mut lines: Vec<String> = off.into_iter().collect();
    if trace.is_unadopted && !trace.result.steps.is_empty() {
        let unadopted =
            "The rule does not apply: it asks for a practice, and the record is not adopted. If it were:";
        lines.push(unadopted.to_owned());
    }
    let causes = trace.suppressed_by.iter().map(Option::as_deref).chain(std::iter::repeat(None));
    for (finding, cause) in trace.result.findings.iter().zip(causes) {
        let place = location(&finding.place);
        lines.push(match cause {
            Some(cause) => format!("A finding at {place}, which {cause} suppresses: {}", finding.message),
            None => format!("A finding at {place}: {}", finding.message),
        });
    }
    for one in &trace.result.reasons {
        lines.push(format!("Not judged: {} at {}.", one.sentence(), location(&one.place)));
    }
    lines.push(match trace.result.steps.last() {
        _ if !trace.result.findings.is_empty() || !trace.result.reasons.is_empty() => return lines,
        None => format!("The rule does not apply: it is for {}.", rule.subjects()),
        Some(_) if trace.result.unjudged.iter().any(|one| one.is_unused) => {
            "The rule does not apply: the repository has no record of a kind that it reads.".to_owned()
        }
        Some(step) if step.key == "when" && step.value == "false" => "The rule does not apply.".to_owned(),
        Some(step) if step.key == "group-by" => "The record is in no group.".to_owned(),
        Some(_) => "No finding.".to_owned(),
    });
    lines
}
