//! Broken links: which are reported, and where they are to lead.

use crate::kit::Repository;

const PAGE: &str = "docs/adr/0001-use-git.md";

fn page(links: &[&str]) -> String {
    let links: String = links.iter().map(|link| format!("[a]({link})\n")).collect();
    format!("# 1. Use Git\n\n## Status\n\nAccepted\n\n## Context\n\n{links}\n## What it costs\n\nNothing.\n")
}

/// Returns the destinations of the broken links on the page, each with the one that replaces it.
fn broken(repository: &Repository) -> Vec<String> {
    let report =
        repository.run_today(&["check", "--select", "reference/broken-link", "--format", "json"]).json();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let of = |finding: &serde_json::Value| {
        let message = text(&finding["message"]);
        let destination = message.trim_start_matches("broken link to `").trim_end_matches('`');
        let near = text(&finding["help"]);
        match near.strip_prefix("did you mean `").and_then(|near| near.strip_suffix("`?")) {
            Some(near) => format!("{destination} → {near}"),
            None => destination.to_owned(),
        }
    };
    report["findings"].as_array().expect("findings").iter().map(of).collect()
}

#[test]
fn the_nearest_path_or_heading_is_suggested() {
    let links = [
        "0002-keep-logs.md",
        "0002-keep-log.md",
        "0002-store-events.md",
        "../adr/0002-Keep-Logs.md#contxt",
        "002-keep-logs.md",
        "0002-keep-logs",
        "..\\plan-of-2026.md",
        "../guides/plan-of-2026.md",
        "../../../docs/plan-of-2026.md",
        "../nowhere.md",
        "gone/",
        "gone.html",
        "#what-it-cost",
        "#costs",
        "#l7",
        "0002-keep-logs.md#contex",
        "/docs/adr/0002-keep-logz.md",
        "/images/a.png",
        "mailto:a@example.org",
        "{{ url }}",
    ];
    let repository = Repository::with(&[
        (PAGE, &*page(&links)),
        ("docs/adr/0002-keep-logs.md", "# 2. Keep logs\n\n## Status\n\nAccepted\n\n## Context\n\nC.\n"),
        ("docs/plan-of-2026.md", "# Plan\n"),
    ]);
    assert_eq!(
        broken(&repository),
        [
            "0002-keep-log.md → 0002-keep-logs.md",
            "0002-store-events.md → 0002-keep-logs.md",
            "../adr/0002-Keep-Logs.md#contxt → 0002-keep-logs.md#contxt",
            "002-keep-logs.md → 0002-keep-logs.md",
            "0002-keep-logs → 0002-keep-logs.md",
            "..\\plan-of-2026.md → ../plan-of-2026.md",
            "../guides/plan-of-2026.md → ../plan-of-2026.md",
            "../../../docs/plan-of-2026.md → ../plan-of-2026.md",
            "../nowhere.md",
            "#what-it-cost → #what-it-costs",
            "#costs",
            "0002-keep-logs.md#contex → 0002-keep-logs.md#context",
            "/docs/adr/0002-keep-logz.md → /docs/adr/0002-keep-logs.md",
        ]
    );
}

#[test]
fn where_a_site_is_built_only_links_to_pages_by_their_files_are_checked() {
    let links =
        ["0002-keep-logs", "gone.png", "gone.md", "#what-its-costs", "#1-what-it-costs", "/docs/gone.md"];
    let repository = Repository::with(&[(PAGE, &*page(&links)), ("mkdocs.yml", "site_name: A\n")]);
    assert_eq!(broken(&repository), ["gone.md", "#what-its-costs → #what-it-costs"]);
}

#[test]
fn a_link_is_resolved_from_where_the_page_lay_when_it_was_written() {
    let repository = Repository::with(&[
        ("doc/adr/0001-use-git.md", &*page(&["../flow.md"])),
        ("doc/flow.md", "# Flow\n\nA.\n"),
    ]);
    repository.commit("2026-01-05");
    repository.write(&[("doc/src/adr/.keep", "")]);
    repository.git(&["mv", "doc/adr/0001-use-git.md", "doc/src/adr/0001-use-git.md"]);
    repository.git(&["mv", "doc/flow.md", "doc/flow-of-work.md"]);
    repository.commit("2026-02-02");
    assert_eq!(broken(&repository), ["../flow.md → ../../flow-of-work.md"]);
}
