//! Pages that are no records in any format: `schemas/templates.yaml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::globs::PathGlobs;
use super::load::glob;
use crate::embedded;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Templates {
    templates: Vec<String>,
}

static TEMPLATES: LazyLock<PathGlobs> = LazyLock::new(|| {
    let text = embedded::file("schemas/templates.yaml").unwrap_or_default();
    let Templates { templates } = serde_yaml::from_str(text).unwrap_or_default();
    PathGlobs::built_in(templates.iter().filter_map(|text| glob(text).ok()).collect())
});

/// Returns true for a template, a stub or test data, in whichever format.
pub fn is_template(path: &str) -> bool {
    TEMPLATES.is_match(path)
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
            "docs/adr/adr-000 template.md",
            "docs/adr/ADR-Template.rst",
            "docs/adr/templates/0001-use-git.md",
            "records/20xx-xx-xx.TEMPLATE.md",
            "docs/adr/yyyy-mm-dd-title.md",
            "rfcs/NNNN-title.md",
            "rfcs/rfc-xxxx-title.md",
        ] {
            assert!(is_template(path), "{path}");
        }
        for path in [
            "docs/adr/0039-use-a-template-engine.md",
            "docs/adr/0000-use-adrs.md",
            "docs/adr/x-ray.md",
            "docs/adr/2024-01-31-template.md",
            "rfcs/embedded-templates.md",
        ] {
            assert!(!is_template(path), "{path}");
        }
    }
}
