//! `concise`: one line per finding, `path:line:column: severity[rule] message`.

use std::io;

use super::terminal::{Palette, one_line, paint, short};
use super::{Omitted, OutputStyle, Report, WriteResult, location};
use crate::finding::{Finding, Related};

/// The most places that are named of those that have the same finding.
const SHOWN: usize = 3;

pub(super) fn write(report: &Report, style: &OutputStyle, out: &mut dyn io::Write) -> WriteResult {
    let palette = Palette::of(style);
    for finding in report.findings {
        let severity = paint(finding.severity, palette.severity(finding.severity));
        let rule = paint(format_args!("[{}]", one_line(&finding.rule)), palette.dim);
        let message = short(&finding.message);
        let message = one_line(&message);
        let (place, others) = (location(&finding.place), other_places(finding));
        writeln!(out, "{place}: {severity}{rule} {message}{others}")?;
    }
    Ok(Omitted::default())
}

/// Names the first places that have the same finding.
fn other_places(finding: &Finding) -> String {
    let same = || finding.related.iter().filter(|related| related.message == Related::SAME);
    let named: Vec<String> = same().take(SHOWN).map(|related| location(&related.place)).collect();
    let more = if same().count() > SHOWN { ", …" } else { "" };
    if named.is_empty() { String::new() } else { format!(" ({}{more})", named.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures;
    use super::*;

    #[test]
    fn a_finding_is_one_line() {
        let mut finding = fixtures::finding("okrs/2026.yaml", "goal: grow\ngoal: shrink\n", "shrink");
        finding.message = "`shrink` undoes\n`grow`\u{1b}[2J".into();
        assert_eq!(
            fixtures::render("concise", &[finding], &OutputStyle::default()),
            "okrs/2026.yaml:2:7: error[sample/rule] `shrink` undoes `grow`␛[2J\n"
        );
    }
}
