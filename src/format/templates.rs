//! Pages that are no records in any format: `schemas/templates.yaml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::recognise::Globs;
use crate::embedded;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "kebab-case")]
struct Templates {
    templates: Vec<Box<str>>,
    without_number: Vec<Box<str>>,
}

struct TemplateGlobs {
    any: Globs,
    without_number: Globs,
}

fn read() -> Templates {
    serde_json::from_str(embedded::as_json("schemas/templates.yaml").unwrap_or_default()).unwrap_or_default()
}

static TEMPLATES: LazyLock<TemplateGlobs> = LazyLock::new(|| {
    let Templates { templates, without_number } = read();
    TemplateGlobs { any: Globs::new(&templates), without_number: Globs::new(&without_number) }
});

/// Returns true for a template, a stub or test data, in whichever format.
pub fn is_template(path: &str) -> bool {
    TEMPLATES.any.is_match(path) || !has_number(path) && TEMPLATES.without_number.is_match(path)
}

/// Returns true if the name of a file has a number of two digits or more that is neither zero, nor nines alone, nor a year of this century.
fn has_number(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut numbers = name.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() > 1);
    let is_of = |digits: &str, digit| digits.bytes().all(|it| it == digit);
    let is_filler = |digits: &str| is_of(digits, b'0') || digits.len() > 2 && is_of(digits, b'9');
    let is_year = |digits: &str| digits.len() == 4 && digits.starts_with("20");
    numbers.any(|digits| !is_filler(digits) && !is_year(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_and_stubs_are_told_by_their_names() {
        for path in [
            "docs/adr/template.md",
            "docs/adr/_template-short.md",
            "docs/adr/000-template.md",
            "docs/adr/0000-rfc-template.md",
            "docs/adr/999_template.md",
            "docs/adr/adr-000 template.md",
            "docs/adr/ADR-Template.rst",
            "docs/adr/templates/0001-use-git.md",
            "records/20xx-xx-xx.TEMPLATE.md",
            "docs/adr/yyyy-mm-dd-title.md",
            "rfcs/NNNN-title.md",
            "rfcs/rfc-xxxx-title.md",
            "rfcs/NNNN.md",
            "rfcs/2024-xxxx-title.md",
            "docs/adr/my-long-template.md",
            "third_party/x/docs/adr/0001-use-git.md",
        ] {
            assert!(is_template(path), "{path}");
        }
        for path in [
            "docs/adr/0039-use-a-template-engine.md",
            "docs/adr/0000-use-adrs.md",
            "docs/decisions/decision-0012_one-page-template.md",
            "docs/adr/x-ray.md",
            "text/0326-restrict-xXX-to-ascii.md",
            "docs/adr/2024-01-31-template.md",
            "rfcs/embedded-templates.md",
        ] {
            assert!(!is_template(path), "{path}");
        }
    }
}
