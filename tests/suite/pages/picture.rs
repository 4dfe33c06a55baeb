//! The picture in the README, generated from the output of the program.

use std::fmt::Write as _;

use crate::kit::{Output, PROGRAM, TODAY, assert_golden, build_drifting, command};

const PICTURE: &str = "docs/output.svg";

/// The size of a character cell, in pixels.
const CELL: (f64, f64) = (8.4, 18.0);
const MARGIN: f64 = 16.0;
const COLUMNS: usize = 80;

#[test]
fn the_picture_shows_what_the_program_prints() {
    let drifting = build_drifting();
    let mut command = command(PROGRAM, drifting.path());
    command.env("COLUMNS", COLUMNS.to_string()).args(["--as-of", TODAY, "--color", "always", "-q"]);
    command.args(["--select", "reference/inactive,objective/competing,term/avoided"]);
    assert_golden(PICTURE, &draw(Output::of(&mut command).out.trim_end()));
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

/// A line as spans of one colour, each at its own column, so that the widths of fonts make no difference.
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
