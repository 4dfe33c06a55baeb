//! The picture in the README is what the program prints: drawn from a run, and kept fresh.
//! `UPDATE=1 cargo test --test picture` draws it anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

const PICTURE: &str = "docs/output.svg";

/// The size of a character cell, in pixels.
const CELL: (f64, f64) = (8.4, 18.0);
const MARGIN: f64 = 16.0;
const COLUMNS: usize = 80;

#[test]
fn the_picture_shows_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_alignlint"))
        .env("COLUMNS", COLUMNS.to_string())
        .arg("-C")
        .arg(root.join("examples/troubled"))
        .args(["--as-of", "2026-11-20", "--color", "always", "-q"])
        .args(["--select", "decision/rests-on-invalid,objective/competing,term/avoided"])
        .output()
        .expect("the program starts");
    let drawn = draw(String::from_utf8(output.stdout).expect("UTF-8").trim_end());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(root.join(PICTURE), &drawn).expect("the picture is written");
    }
    let kept = fs::read_to_string(root.join(PICTURE)).unwrap_or_default();
    assert!(kept == drawn, "{PICTURE} is stale: run `UPDATE=1 cargo test --test picture`");
}

/// An SVG of text with ANSI colours.
fn draw(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let (width, height) =
        (COLUMNS as f64 * CELL.0 + 2.0 * MARGIN, lines.len() as f64 * CELL.1 + 2.0 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#16181d\"/>\n"
    );
    for (at, line) in lines.iter().enumerate() {
        let y = MARGIN + (at as f64 + 0.75) * CELL.1;
        let _ = writeln!(svg, "<text xml:space=\"preserve\" y=\"{y}\">{}</text>", spans(line));
    }
    svg + "</svg>\n"
}

/// One line as pieces of one colour, each at its own column, so that no font's widths matter.
fn spans(line: &str) -> String {
    let mut spans = String::new();
    let mut style = "fill=\"#d7dae0\"";
    let mut column = 0;
    for (at, piece) in line.split('\u{1b}').enumerate() {
        let text = match piece.strip_prefix('[').filter(|_| at > 0).and_then(|rest| rest.split_once('m')) {
            Some((codes, text)) => {
                style = css(codes);
                text
            }
            None => piece,
        };
        if !text.is_empty() {
            let x = MARGIN + column as f64 * CELL.0;
            let width = text.chars().count() as f64 * CELL.0;
            let text_escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let _ = write!(
                spans,
                "<tspan x=\"{x:.1}\" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\" {style}>{text_escaped}</tspan>"
            );
            column += text.chars().count();
        }
    }
    spans
}

fn css(codes: &str) -> &'static str {
    match codes {
        "31;1" | "1;31" => "fill=\"#ff6b6b\" font-weight=\"bold\"",
        "33;1" | "1;33" => "fill=\"#f2c14e\" font-weight=\"bold\"",
        "34;1" | "36;1" | "1;36" => "fill=\"#61c9e8\" font-weight=\"bold\"",
        "36" => "fill=\"#61c9e8\"",
        "2" => "fill=\"#8a919e\"",
        "1" => "fill=\"#ffffff\" font-weight=\"bold\"",
        _ => "fill=\"#d7dae0\"",
    }
}
