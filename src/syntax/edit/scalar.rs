//! Writes scalars with the quotes of the value that they replace or are next to.

use super::{NewScalar, ScalarType};
use crate::syntax::Format;

/// Formats a scalar in the style of `neighbour`, a value as written. `None` if the format can't write it on one line.
pub(super) fn format_scalar(
    format: Format,
    new: &NewScalar,
    neighbour: &str,
    in_flow: bool,
) -> Option<String> {
    match format {
        Format::Yaml | Format::Markdown | Format::Rst | Format::MediaWiki | Format::AsciiDoc => {
            Some(format_yaml(new, neighbour, in_flow))
        }
        Format::Json => format_json(new, neighbour),
        Format::Toml => format_toml(new, neighbour),
    }
}

fn format_yaml(new: &NewScalar, neighbour: &str, in_flow: bool) -> String {
    let text = &*new.text;
    match (new.ty, neighbour.chars().next()) {
        (ScalarType::Bare, _) => text.to_owned(),
        (_, Some('"')) => double_quoted(text),
        (_, Some('\'')) => single_quoted(text),
        _ if is_plain(text, in_flow) => text.to_owned(),
        _ => single_quoted(text),
    }
}

pub(super) fn is_plain(text: &str, in_flow: bool) -> bool {
    const INDICATORS: &str = "-?:,[]{}#&*!|>'\"%@`=";
    // Includes the booleans of YAML 1.1, which other tools still use.
    const WORDS: [&str; 12] = ["null", "~", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "<<"];
    let starts_plain = text.chars().next().is_some_and(|first| !INDICATORS.contains(first));
    let one_line = !text.chars().any(char::is_control) && text.trim() == text;
    let no_comment = !text.contains(" #") && !text.contains(": ") && !text.ends_with(':');
    let fits_flow = !in_flow || !text.contains([',', '[', ']', '{', '}']);
    let is_text = !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    starts_plain && one_line && no_comment && fits_flow && is_text
}

fn single_quoted(text: &str) -> String {
    if text.chars().any(char::is_control) {
        return double_quoted(text);
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// The escapes of YAML and TOML agree for these characters.
fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control.is_control() => out.push_str(&format!("\\u{:04x}", control as u32)),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

fn format_json(new: &NewScalar, neighbour: &str) -> Option<String> {
    let is_number = |text: &str| serde_json::from_str::<serde_json::Number>(text).is_ok();
    if new.ty == ScalarType::Bare || is_number(neighbour) && is_number(&new.text) {
        return Some(new.text.clone());
    }
    serde_json::to_string(&new.text).ok()
}

fn format_toml(new: &NewScalar, neighbour: &str) -> Option<String> {
    let text = &*new.text;
    let is_whole = |text: &str| text.parse::<i64>().is_ok_and(|number| number.to_string() == text);
    let bare = match new.ty {
        ScalarType::Bare => true,
        ScalarType::Date => !neighbour.starts_with(['"', '\'']),
        ScalarType::Text => is_whole(neighbour) && is_whole(text),
    };
    match neighbour.chars().next() {
        _ if bare => Some(text.to_owned()),
        _ if neighbour.starts_with("\"\"\"") || neighbour.starts_with("'''") => None,
        Some('\'') if !text.contains('\'') && !text.chars().any(char::is_control) => {
            Some(format!("'{text}'"))
        }
        _ => Some(double_quoted(text)),
    }
}
