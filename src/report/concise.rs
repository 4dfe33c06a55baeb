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
