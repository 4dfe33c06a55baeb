//! Decisions in a form of a team's own, with a list of labels below the title: they are read by the fallback.

use crate::kit::Repository;

fn page(number: &str, title: &str, header: &str) -> String {
    format!(
        "# ADR-{number}: {title}\n\n{header}\n\n## Why\n\nIt hurts.\n\n## Decision\n\nWe do {title}.\n\n## Consequences\n\nIt costs.\n"
    )
}

fn header(day: &str) -> String {
    format!("- Status: Accepted\n- Date: 2026-02-{day}\n- People: Ada Byron")
}

fn pages() -> Repository {
    Repository::with(&[
        ("docs/adr/0001-use-git.md", &page("0001", "Use Git", &header("01"))),
        ("docs/adr/0002-use-rust.md", &page("0002", "Use Rust", &header("02"))),
        ("docs/adr/0003-use-linux.md", &page("0003", "Use Linux", &header("03"))),
        ("docs/adr/0004-use-make.md", &page("0004", "Use Make", &header("04"))),
    ])
}

fn found(repository: &Repository) -> Vec<String> {
    repository.check(&[]).out.lines().map(str::to_owned).collect()
}

#[test]
fn a_new_page_has_the_labels_that_its_neighbours_have() {
    let repository = pages();
    let output = repository.run(&["new", "decision", "Use Caddy", "--as-of", "2026-11-20"]);
    assert_eq!(output.out, "docs/adr/0005-use-caddy.md\n", "{}", output.err);
    let expected = "# ADR-0005: Use Caddy\n\n- Status: Proposed\n- Date: 2026-11-20\n- People:\n\n## Why\n\n## Decision\n\n## Consequences\n";
    assert_eq!(repository.read("docs/adr/0005-use-caddy.md"), expected);
}

#[test]
fn a_label_of_one_page_is_no_label_of_a_new_one() {
    let repository = pages();
    let header = format!("{}\n- Ticket: 7", header("05"));
    repository.write(&[("docs/adr/0005-use-caddy.md", &page("0005", "Use Caddy", &header))]);
    repository.run(&["new", "decision", "Use Podman", "--as-of", "2026-11-20"]);
    assert!(!repository.read("docs/adr/0006-use-podman.md").contains("Ticket"));
}

#[test]
fn a_page_is_called_by_its_number() {
    let repository = pages();
    for name in ["0003", "3", "decision/0003"] {
        let output = repository.run(&["explain", name]);
        assert!(output.out.contains("`docs/adr/0003-use-linux.md`"), "{name}: {}", output.err);
    }
    assert_eq!(repository.run(&["rename", "decision/0003", "9"]).code, Some(0));
    assert_ne!(repository.run(&["explain", "RFC-3"]).code, Some(0), "these are other letters");
}

#[test]
fn a_misspelt_label_of_the_status_is_one_finding() {
    let repository = pages();
    repository.commit("2026-03-01");
    let header = header("03").replace("Status", "Staus");
    repository.write(&[("docs/adr/0003-use-linux.md", &page("0003", "Use Linux", &header))]);
    assert_eq!(
        found(&repository),
        ["docs/adr/0003-use-linux.md:3:3: warning[decision/misspelt-section] `Staus` of `0003` is not read"]
    );
}

#[test]
fn a_misspelt_label_of_a_successor_is_read() {
    let repository = pages();
    let header = format!("{}\n- Supercedes: ADR-0002", header("04"));
    repository.write(&[("docs/adr/0004-use-make.md", &page("0004", "Use Make", &header))]);
    assert_eq!(
        found(&repository),
        [
            "docs/adr/0002-use-rust.md:3:11: error[decision/one-sided-supersede] `0002` does not name its successor `0004`"
        ]
    );
}

#[test]
fn a_format_of_ones_own_that_reads_the_number_of_the_file_compares_it_with_the_heading() {
    let profile = "title: Our page\nkind: decision\nrecognise: { all: [{ path: docs/adr/*.md }, { heading: Why }] }\nfields:\n  \
        id: [{ file: \"^([0-9]+)-\" }]\n  title: [{ title: \"^ADR-[0-9]+: (.+)$\" }]\n  status: [{ header: Status }]\n  \
        date: [{ header: Date }]\n  outcome: [{ section: Decision }]\n  context: [{ section: Why }]\nprefixes: [ADR]\n";
    let repository = pages();
    repository.write(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/profiles/ours.yaml", profile),
        ("docs/adr/0003-use-linux.md", &page("0002", "Use Linux", &header("03"))),
    ]);
    assert_eq!(
        found(&repository),
        [
            "docs/adr/0003-use-linux.md:1:3: error[decision/number-mismatch] the file name has the id `0003`, but the heading has `0002`"
        ]
    );
}

#[test]
fn a_heading_that_was_copied_from_another_page_is_told() {
    let repository = pages();
    repository.write(&[("docs/adr/0005-use-caddy.md", &page("0005", "Use Make", &header("05")))]);
    assert_eq!(
        found(&repository),
        [
            "docs/adr/0005-use-caddy.md:1:13: warning[reference/same-title] `0005` has the same title as `0004`"
        ]
    );
}

#[test]
fn what_is_denied_or_told_as_history_contradicts_nothing() {
    let silent = |number: &str, title: &str, header: &str| {
        let repository = pages();
        let path = format!("docs/adr/000{number}-{}.md", title.to_lowercase().replace(' ', "-"));
        repository.write(&[(&*path, &*page(&format!("000{number}"), title, header))]);
        assert_eq!(found(&repository), [""; 0], "{header}");
    };
    let rust = "[ADR-0002](0002-use-rust.md)";
    for denial in ["nothing; extends ", "none (see ", "n/a (complements ", "the trial of "] {
        let end = if denial.contains('(') { ")" } else { "" };
        silent("3", "Use Linux", &format!("{}\n- Supersedes: {denial}{rust}{end}", header("03")));
    }
    silent("3", "Use Linux", &format!("{}\n- Supersedes: {rust} for new services", header("03")));
    let history = "Rejected at first, accepted by the board.";
    silent("4", "Use Make", &format!("{}\n\n## Status\n\n{history}", header("04")));
    silent(
        "4",
        "Use Make",
        "- Status: Proposed (2026-01-01)\n- Status: Accepted (2026-02-04)\n- Date: 2026-02-04\n- People: Ada Byron",
    );
}

#[test]
fn a_section_under_another_name_is_not_lost() {
    for other in [
        "## Verdict\n\nWe do it.",
        "**Decision:** we do it.",
        "The decision: we do it.",
        "## Entscheidung\n\nJa.",
    ] {
        let repository = pages();
        let more = page("0005", "Use Caddy", &header("05"));
        let renamed = page("0006", "Use Nix", &header("06")).replace("## Decision\n\nWe do Use Nix.", other);
        repository.write(&[("docs/adr/0005-use-caddy.md", &*more), ("docs/adr/0006-use-nix.md", &*renamed)]);
        assert_eq!(found(&repository), [""; 0], "{other}");
    }
}

/// Four pages whose head is written by `header`, from the status and the day.
fn pages_headed(header: impl Fn(&str, &str) -> String) -> Repository {
    let page = |number: &str, title: &str, day: &str| page(number, title, &header("Accepted", day));
    Repository::with(&[
        ("docs/adr/0001-use-git.md", &page("0001", "Use Git", "2026-02-01")),
        ("docs/adr/0002-use-rust.md", &page("0002", "Use Rust", "2026-02-02")),
        ("docs/adr/0003-use-linux.md", &page("0003", "Use Linux", "2026-02-03")),
        ("docs/adr/0004-use-make.md", &page("0004", "Use Make", "2026-02-04")),
    ])
}

fn row_header(status: &str, day: &str) -> String {
    format!("| | |\n|---|---|\n| Status | {status} |\n| Date | {day} |\n| Author | Max Lang |")
}

/// What is found after one text of one page was replaced.
fn found_with(repository: &Repository, path: &str, from: &str, to: &str) -> Vec<String> {
    let text = repository.read(path);
    assert!(text.contains(from), "{text}");
    repository.write(&[(path, &text.replacen(from, to, 1))]);
    found(repository)
}

#[test]
fn a_new_page_has_the_paragraphs_of_its_neighbours_and_waits_for_those_who_decide() {
    let header = |status: &str, day: &str| {
        format!("**Status:** {status}\n\n**Date:** {day}\n\n**Deciders:** Max Lang, Lena Fischer")
    };
    let repository = pages_headed(header);
    let new = |title: &str| {
        let output = repository.run(&["new", "decision", title, "--as-of", "2026-11-20"]);
        repository.read(output.out.trim())
    };
    let expected = |number: &str, title: &str, deciders: &str| {
        format!(
            "# ADR-{number}: {title}\n\n**Status:** Proposed\n\n**Date:** 2026-11-20\n\n**Deciders:**{deciders}\n\n## Why\n\n## Decision\n\n## Consequences\n"
        )
    };
    assert_eq!(new("Use Caddy"), expected("0005", "Use Caddy", ""));
    let path = "docs/adr/0002-use-rust.md";
    let text = repository.read(path).replace("Max Lang", "Ada Byron");
    repository.remove("docs/adr/0005-use-caddy.md");
    repository.write(&[(path, &text)]);
    repository.git(&["config", "user.name", "Ada Byron"]);
    assert_eq!(new("Use Nix"), expected("0005", "Use Nix", " Ada Byron"), "one page names the author");
}

#[test]
fn an_unknown_identifier_is_told_with_the_nearest_ones() {
    let repository = pages();
    let output = repository.run(&["explain", "0009"]);
    assert!(output.err.starts_with("error: no file, folder or record `0009`\n"), "{}", output.err);
    let output = repository.run(&["explain", "decisoin"]);
    assert!(output.err.contains("did you mean `decision`?"), "{}", output.err);
}

#[test]
fn slips_in_a_table_below_the_title_are_told() {
    let path = "docs/adr/0003-use-linux.md";
    for (from, to, expected) in [
        ("| Date |", "| Dtae |", "6:3: warning[decision/misspelt-section] `Dtae` of `0003` is not read"),
        (
            "| Author |",
            "| Auhtor |",
            "7:3: warning[decision/misspelt-section] `Auhtor` of `0003` is not read",
        ),
        (
            "| Date |",
            "| Superseeds | [ADR-0001](0001-use-git.md) |\n| Date |",
            "6:3: warning[decision/misspelt-section] `Superseeds` of `0003` is not read",
        ),
        ("| Status |", "| Staus |", "5:3: warning[decision/misspelt-section] `Staus` of `0003` is not read"),
        (
            "| Date |",
            "| Status | Rejected |\n| Date |",
            "5:12: error[schema/invalid] `0003`: the status is `Accepted`, and `Rejected` below",
        ),
        (
            "| Author |",
            "| Date | 2025-02-03 |\n| Author |",
            "7:10: error[schema/invalid] `0003`: the date is 2025-02-03 here and 2026-02-03 above",
        ),
    ] {
        let repository = pages_headed(row_header);
        repository.commit("2026-03-01");
        assert_eq!(found_with(&repository, path, from, to), [format!("{path}:{expected}")]);
    }
    for (from, to) in [
        ("| Date |", "| Status | Accepted |\n| Date |"),
        ("2026-02-03", "TBD"),
        ("| Date |", "| Superseded | nothing |\n| Date |"),
        ("| Author |", "| Authored with | Ada Byron |\n| Author |"),
        ("| Date |", "| Status | Proposed (2026-01-01) |\n| Date |"),
        (
            "## Why",
            "| Date | Status |\n|---|---|\n| 2026-01-01 | Proposed |\n| 2026-02-03 | Accepted |\n\n## Why",
        ),
    ] {
        let repository = pages_headed(row_header);
        assert_eq!(found_with(&repository, path, from, to), [""; 0], "{to}");
    }
}

#[test]
fn a_status_that_goes_on_beside_a_successor_is_told() {
    let pages = |changed: &[usize], kept: &[usize]| {
        let repository = Repository::with(&[]);
        for at in 1..=8 {
            let is_changed = changed.contains(&at);
            let status = if is_changed { "Superseded" } else { "Accepted" };
            let named = is_changed || kept.contains(&at);
            let line = format!("\n- Superseded by: [ADR-000{0}](000{0}-use-it.md)", at + 4);
            let header =
                format!("- Status: {status}{}\n- Date: 2026-02-0{at}", if named { &line } else { "" });
            let page = page(&format!("000{at}"), &format!("Use number {at}"), &header);
            repository.write(&[(&*format!("docs/adr/000{at}-use-it.md"), &*page)]);
        }
        found(&repository)
    };
    let told = |at: usize| {
        format!(
            "docs/adr/000{at}-use-it.md:3:11: error[decision/superseded-status] `000{at}` is superseded by `000{}`, but its status says it is in force",
            at + 4
        )
    };
    assert_eq!(pages(&[1, 2], &[3, 4]), [told(3), told(4)]);
}

fn index(rows: &[String]) -> String {
    format!("# Decisions\n\n| No | Decision | Status |\n|---|---|---|\n{}", rows.concat())
}

fn index_row(at: usize, status: &str) -> String {
    format!("| ADR-000{at} | [Use number {at}](000{at}-use-it.md) | {status} |\n")
}

fn indexed(rows: &[String]) -> Repository {
    let repository = Repository::with(&[("docs/adr/README.md", &index(rows))]);
    for at in 1..=7 {
        let header = format!("- Status: Accepted\n- Date: 2026-02-0{at}");
        let page = page(&format!("000{at}"), &format!("Use number {at}"), &header);
        repository.write(&[(&*format!("docs/adr/000{at}-use-it.md"), &*page)]);
    }
    repository
}

#[test]
fn a_slip_in_the_row_of_an_index_is_corrected() {
    let rows = |status: &str| {
        (1..=7).map(|at| index_row(at, if at == 4 { status } else { "Accepted" })).collect::<Vec<_>>()
    };
    let repository = indexed(&rows("Rejected"));
    assert_eq!(
        found(&repository),
        [
            "docs/adr/README.md:8:1: warning[document/index-differs] the index gives `0004` the status rejected, but it is accepted"
        ]
    );
    for other in ["Reverted", "Promoted", "Planned"] {
        assert_eq!(found(&indexed(&rows(other))), [""; 0], "{other}");
    }
    repository.check(&["--fix=all"]);
    assert_eq!(repository.read("docs/adr/README.md"), index(&rows("Accepted")));
}

#[test]
fn the_row_of_the_newest_page_is_added() {
    let rows = |numbers: &[usize]| numbers.iter().map(|at| index_row(*at, "Accepted")).collect::<Vec<_>>();
    let repository = indexed(&rows(&[1, 2, 3, 4, 5, 6]));
    repository.check(&["--fix=all"]);
    assert_eq!(repository.read("docs/adr/README.md"), index(&rows(&[1, 2, 3, 4, 5, 6, 7])));
    assert_eq!(
        found(&indexed(&rows(&[7, 6, 5, 3, 2, 1]))),
        ["docs/adr/README.md:10:1: warning[document/index-drift] the index does not list `0004`"]
    );
}
