//! Reports: what a run found, for a person or for a program. One file a format; a new one is its
//! file and its line in [`FORMATS`]. Findings go to standard output, [`write_summary`] and
//! [`fault`] to standard error.

use std::io::{self, Write};
use std::str::FromStr;

use jiff::civil::Date;

use crate::finding::Finding;
use crate::triage::Summary;

pub mod blame;
mod concise;
mod ending;
mod json;
mod jsonl;
pub mod listing;
mod pretty;
#[cfg(test)]
mod sample;
mod snippet;
mod terminal;

pub use ending::{Ending, Mended, write_summary};
pub use pretty::fault;

/// What there is to report. The same report gives the same bytes, in every format.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The program's name and version.
    pub tool: &'a str,
    /// The day that ages were counted to.
    pub as_of: Date,
    /// In catalog order.
    pub findings: &'a [Finding],
    pub summary: &'a Summary,
}

/// What the reader's screen can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to send ANSI colours. Lines are drawn with Unicode either way.
    pub color: bool,
    /// How many columns a line may take; fewer than 40 count as 40.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Style {
        Style { color: false, width: 80 }
    }
}

/// A way to write findings down. Parsed from its name: `"json".parse::<Format>()`.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    pub name: &'static str,
    write: fn(&Report, &Style, &mut dyn Write) -> io::Result<()>,
}

/// Every format, the default one first.
pub const FORMATS: &[Format] = &[
    Format { name: "pretty", write: pretty::write },
    Format { name: "concise", write: concise::write },
    Format { name: "json", write: json::write },
    Format { name: "jsonl", write: jsonl::write },
];

impl Default for Format {
    fn default() -> Format {
        FORMATS[0]
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Format, String> {
        FORMATS.iter().find(|format| format.name == name).copied().ok_or_else(|| {
            let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
            format!("`{name}` is not one of the formats: {}", names.join(", "))
        })
    }
}

/// Writes the findings. The counts that people see at the end are [`write_summary`]'s; formats for
/// programs hold them themselves.
pub fn write(format: Format, report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    (format.write)(report, style, &mut out)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_known_by_its_name() {
        for format in FORMATS {
            assert_eq!(format.name.parse::<Format>().unwrap().name, format.name);
        }
        let refused = "xml".parse::<Format>().unwrap_err();
        assert_eq!(refused, "`xml` is not one of the formats: pretty, concise, json, jsonl");
    }
}
