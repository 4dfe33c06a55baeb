//! `concise`: one line per finding, `path:line:column: severity[rule] message`.

use std::io;

use super::terminal::{Palette, one_line, paint};
use super::{Omitted, Report, Style, Written};

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn io::Write) -> Written {
    let palette = Palette::of(style);
    for finding in report.findings {
        let at = finding.place.source.position(finding.place.span.start as usize);
        let path = one_line(finding.place.source.path());
        let severity = paint(finding.severity, palette.severity(finding.severity));
        let rule = paint(format_args!("[{}]", one_line(&finding.rule)), palette.dim);
        let message = one_line(&finding.message);
        writeln!(out, "{path}:{}:{}: {severity}{rule} {message}", at.line, at.column)?;
    }
    Ok(Omitted::default())
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
            fixtures::render("concise", &[finding], &Style::default()),
            "okrs/2026.yaml:2:7: error[sample/rule] `shrink` undoes `grow`␛[2J\n"
        );
    }
}
