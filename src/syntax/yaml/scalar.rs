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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_schema_knows_null_bool_integer_and_float() {
        assert_eq!(kind_of("~"), ScalarKind::Null);
        assert_eq!(kind_of("True"), ScalarKind::Bool(true));
        assert_eq!(kind_of("-12"), ScalarKind::Integer(-12));
        assert_eq!(kind_of("0007"), ScalarKind::Integer(7));
        assert_eq!(kind_of("0x1F"), ScalarKind::Integer(31));
        assert_eq!(kind_of("0o17"), ScalarKind::Integer(15));
        assert_eq!(kind_of("1.50"), ScalarKind::Float(1.5));
        assert_eq!(kind_of(".5"), ScalarKind::Float(0.5));
        assert_eq!(kind_of("6e3"), ScalarKind::Float(6000.0));
    }

    #[test]
    fn everything_else_is_text() {
        for text in
            ["yes", "no", "on", "nULL", "1_000", "1,5", "12%", "-", "+", ".", "0x", "0x-1", "1.2.3", "v1"]
        {
            assert_eq!(kind_of(text), ScalarKind::Text, "{text}");
        }
        for text in [".inf", "-.INF", ".nan", "1e999", "9223372036854775808", "inf", "-inf", "nan"] {
            assert_eq!(kind_of(text), ScalarKind::Text, "{text}");
        }
    }
}
