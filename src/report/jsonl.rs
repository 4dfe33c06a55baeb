//! `jsonl`: the findings of `json`, one per line.

use std::io;

use super::{Omitted, OutputStyle, Report, WriteResult, json};

pub(super) fn write(report: &Report, _: &OutputStyle, out: &mut dyn io::Write) -> WriteResult {
    for finding in report.findings {
        serde_json::to_writer(&mut *out, &json::JsonFinding::of(finding))?;
        out.write_all(b"\n")?;
    }
    Ok(Omitted::default())
}

#[cfg(test)]
mod tests {
    use super::super::fixtures;
    use super::*;

    #[test]
    fn a_line_is_one_finding() {
        let findings = [
            fixtures::finding("a.yaml", "kpi: nps\n", "nps"),
            fixtures::finding("b.yaml", "kpi:\n  churn\n", "churn"),
        ];
        let written = fixtures::render("jsonl", &findings, &OutputStyle::default());
        let lines: Vec<serde_json::Value> =
            written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["path"], "a.yaml");
        assert_eq!(lines[1]["start"], serde_json::json!({ "line": 2, "column": 3, "byte": 7 }));
    }
}
