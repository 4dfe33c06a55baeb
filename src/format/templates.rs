//! Pages that are no records in any format: `schemas/templates.yaml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::recognise::Globs;
use crate::embedded;
use crate::text::file_name;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Templates {
    templates: Globs,
    without_number: Globs,
}

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    let json = embedded::as_json("schemas/templates.yaml").unwrap_or_default();
    serde_json::from_str(json).unwrap_or_default()
});

/// Returns true for a template, a stub or test data, in whichever format.
pub fn is_template(path: &str) -> bool {
    TEMPLATES.templates.is_match(path) || !has_number(path) && TEMPLATES.without_number.is_match(path)
}

/// Returns true if the name of a file has a number of two digits or more that is neither zero, nor nines alone, nor a year of this century.
fn has_number(path: &str) -> bool {
    let name = file_name(path);
    let mut numbers = name.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() > 1);
    let is_of = |digits: &str, digit| digits.bytes().all(|it| it == digit);
    let is_filler = |digits: &str| is_of(digits, b'0') || digits.len() > 2 && is_of(digits, b'9');
    let is_year = |digits: &str| digits.len() == 4 && digits.starts_with("20");
    numbers.any(|digits| !is_filler(digits) && !is_year(digits))
}
