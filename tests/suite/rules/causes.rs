//! One cause is one finding: what is removed from a repository is not reported at each place that names it.

use std::collections::BTreeMap;

use crate::kit::{Repository, files_below};

const CLEAN: &str = "examples/clean";

/// The errors of a check of the example company without some of its files, each changed by `edit`; and what `--write-baseline`
/// writes of them.
fn errors(edit: impl Fn(&str, &str) -> Option<String>) -> Vec<String> {
    let repository = Repository::empty();
    let files: BTreeMap<String, String> =
        ["md", "yaml"].into_iter().flat_map(|extension| files_below(CLEAN, Some(extension))).collect();
    for (path, text) in &files {
        let inner = path.strip_prefix("examples/clean/").unwrap_or(path);
        if let Some(text) = edit(inner, text) {
            repository.write(&[(inner, &text)]);
        }
    }
    repository.check(&[]).out.lines().filter(|line| line.contains("error")).map(str::to_owned).collect()
}

#[test]
fn a_removed_file_is_one_finding() {
    for kind in ["people", "roles", "teams"] {
        let gone = format!("governance/directory/{kind}.yaml");
        let found = errors(|path, text| (path != gone).then(|| text.to_owned()));
        // People state their teams, which are known by that.
        assert_eq!(found.len(), usize::from(kind != "teams"), "{found:#?}");
    }
    let found = errors(|path, text| (!path.starts_with("governance/directory/")).then(|| text.to_owned()));
    let link = "README.md:18:29: error[reference/broken-link] broken link to `governance/directory`";
    assert_eq!(found, [link], "without a directory, names are no references");
}

#[test]
fn a_removed_record_is_one_finding() {
    for (path, id) in [
        ("governance/directory/people.yaml", "tom-akande"),
        ("governance/directory/roles.yaml", "ceo"),
        ("governance/directory/teams.yaml", "product"),
        ("governance/decision-rights.yaml", "product-scope"),
        ("strategy/kpis.yaml", "gross-margin"),
        ("strategy/objectives-2026-Q4.yaml", "q4-growth-that-pays"),
    ] {
        let item = format!("id: {id}\n");
        let found = errors(|other, text| {
            let items = text.split("\n  - ").filter(|of| path != other || !of.starts_with(&item));
            Some(items.collect::<Vec<_>>().join("\n  - "))
        });
        assert_eq!(found.len(), 1, "{id}: {found:#?}");
    }
}

#[test]
fn an_anchor_twice_on_a_page_is_one_finding() {
    let page = "# 1. Use Git\n\n## Status\n\nAccepted\n\n## Context\n\nWe ask as in [Ask](#ask-them) and end as in [Ask](#ask-them).\n\n\
                ## Ask them all\n\nBriefly.\n";
    let repository = Repository::with(&[("docs/adr/0001-use-git.md", page)]);
    assert_eq!(
        repository.check(&[]).messages(),
        ["broken link to `#ask-them`; the same in another place (docs/adr/0001-use-git.md:9:51)"]
    );
}

#[test]
fn suppressions_baselines_and_fixes_are_about_each_place() {
    let decision = |number: u32, owner: &str| {
        format!(
            "  - {{id: D-{number}, title: T{number}, status: accepted, date: 2026-01-02, owner: {owner}}}\n"
        )
    };
    let decisions = |owners: &[&str]| {
        let items = (1..).zip(owners).map(|(number, owner)| decision(number, owner));
        format!("decisions:\n{}", items.collect::<String>())
    };
    let people = "people:\n  - {id: ada.byron, title: Ada Byron}\n  - {id: bo.ek, title: Bo Ek}\n";
    let select = ["--select", "ownership/unknown"];
    let repository = Repository::with(&[
        ("governance/people.yaml", people),
        ("governance/decisions.yaml", &decisions(&["ada.bryon", "ada.bryon", "ada.bryon"])),
    ]);
    let found = repository.check(&select);
    assert_eq!(
        found.messages(),
        [
            "the owner `ada.bryon` of `D-1` is not a known person, role or team; the same in 2 other places (governance/decisions.yaml:3:69, governance/decisions.yaml:4:69)"
        ]
    );
    assert!(
        repository.check(&[&select[..], &["--write-baseline"]].concat()).err.contains("wrote 3 findings")
    );
    repository.write(&[(
        "governance/decisions.yaml",
        &decisions(&["ada.bryon", "ada.bryon", "ada.bryon", "ada.bryon"]),
    )]);
    let found = repository.check(&select);
    assert_eq!(found.messages(), ["the owner `ada.bryon` of `D-4` is not a known person, role or team"]);
    repository.remove("alignlint-baseline.yaml");
    repository.check(&[&select[..], &["--fix=all"]].concat());
    assert_eq!(repository.read("governance/decisions.yaml"), decisions(&["ada.byron"; 4]));
}

#[test]
fn links_to_one_missing_page_are_one_finding() {
    let page = |title: &str, links: &[&str]| {
        let links: Vec<String> = links.iter().map(|link| format!("- [a]({link})\n")).collect();
        format!(
            "# {title}\n\n## Status\n\nAccepted\n\n## Context\n\n{}\n## Decision\n\nWe do.\n",
            links.concat()
        )
    };
    let repository = Repository::folder_with(&[
        ("docs/adr/0002-use-git.md", &page("2. Use Git", &["missing.md"])),
        ("docs/adr/0003-use-make.md", &page("3. Use Make", &["missing.md", "missing.md"])),
    ]);
    assert_eq!(
        repository.check(&[]).out.lines().collect::<Vec<_>>(),
        [
            "docs/adr/0002-use-git.md:9:7: error[reference/broken-link] broken link to `missing.md`; the same in 2 other places \
          (docs/adr/0003-use-make.md:9:7, docs/adr/0003-use-make.md:10:7)"
        ]
    );
}
