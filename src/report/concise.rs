//! `concise`: one line per finding, `path:line:column: severity[rule] message`.

use std::io;

use super::terminal::{Palette, one_line, paint, with_short_names};
use super::{Omitted, OutputStyle, Report, WriteResult};

pub(super) fn write(report: &Report, style: &OutputStyle, out: &mut dyn io::Write) -> WriteResult {
    let palette = Palette::of(style);
    for finding in report.findings {
        let at = finding.place.source.position(finding.place.span.start as usize);
        let path = one_line(finding.place.source.path());
        let severity = paint(finding.severity, palette.severity(finding.severity));
        let rule = paint(format_args!("[{}]", one_line(&finding.rule)), palette.dim);
        let message = with_short_names(&finding.message);
        let message = one_line(&message);
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
            fixtures::render("concise", &[finding], &OutputStyle::default()),
            "okrs/2026.yaml:2:7: error[sample/rule] `shrink` undoes `grow`␛[2J\n"
        );
    }
}
