//! Types of plain scalars in the core schema (YAML 1.2, section 10.3.2).

use crate::node::ScalarKind;

/// Numbers that JSON doesn't have (`.inf`, `.nan`) or that are out of range are text.
pub(super) fn kind_of(text: &str) -> ScalarKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => ScalarKind::Null,
        "true" | "True" | "TRUE" => ScalarKind::Bool(true),
        "false" | "False" | "FALSE" => ScalarKind::Bool(false),
        _ if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) => number(text),
        _ => ScalarKind::Text,
    }
}

fn number(text: &str) -> ScalarKind {
    let radix = |digits: &str, radix| match digits.starts_with(['+', '-']) {
        true => None,
        false => i64::from_str_radix(digits, radix).ok(),
    };
    let integer = match (text.strip_prefix("0x"), text.strip_prefix("0o")) {
        (Some(digits), _) => radix(digits, 16),
        (_, Some(digits)) => radix(digits, 8),
        _ => text.parse().ok(),
    };
    if let Some(integer) = integer {
        return ScalarKind::Integer(integer);
    }
    let has_point_or_exponent = text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E'));
    let numeric =
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    match text.parse::<f64>() {
        Ok(float) if has_point_or_exponent && numeric && float.is_finite() => ScalarKind::Float(float),
        _ => ScalarKind::Text,
    }
}
