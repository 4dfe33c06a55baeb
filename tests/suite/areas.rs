//! Folders beside each other whose decisions share one series of numbers.

use crate::kit::Repository;

fn page(number: u32, title: &str, status: &str) -> String {
    format!(
        "# {number}. {title}\n\nDate: 2026-0{number}-03\n\n## Status\n\n{status}\n\n## Context\n\nThere is a need.\n\n## Decision\n\n\
         We do.\n\n## Consequences\n\nIt is done.\n"
    )
}

const PAGES: [(&str, &str); 6] = [
    ("billing/0001-money.md", "Money in cents"),
    ("booking/0002-monolith.md", "One deployable"),
    ("billing/0003-stripe.md", "Invoice through Stripe"),
    ("booking/0004-keys.md", "Idempotency keys"),
    ("billing/0005-vat.md", "Tax in one library"),
    ("booking/0006-quotes.md", "Quotes expire"),
];

fn index() -> String {
    let row = |(number, (path, title)): (usize, &(&str, &str))| {
        format!("| {number} | [{title}]({path}) | Accepted | 2026-0{number}-03 |\n")
    };
    let rows: String = (1..).zip(&PAGES).map(row).collect();
    format!("# Decisions\n\n| No | Decision | Status | Date |\n|---|---|---|---|\n{rows}")
}

fn areas() -> Repository {
    let pages: Vec<(String, String)> = (1..)
        .zip(PAGES)
        .map(|(number, (path, title))| (format!("docs/adr/{path}"), page(number, title, "Accepted")))
        .collect();
    let mut files: Vec<(&str, &str)> =
        pages.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let index = index();
    files.push(("docs/adr/README.md", &index));
    Repository::with(&files)
}

#[track_caller]
fn found(repository: &Repository, arguments: &[&str]) -> Vec<String> {
    let report =
        repository.run(&[&["--format", "concise", "--quiet", "--as-of", "2026-11-20"], arguments].concat());
    report.out.lines().map(str::to_owned).collect()
}

#[test]
fn a_new_decision_has_a_number_that_no_area_has() {
    let repository = areas();
    let new =
        repository.run(&["new", "decision", "Dunning", "--in", "docs/adr/billing", "--as-of", "2026-11-20"]);
    assert_eq!(new.out, "docs/adr/billing/0007-dunning.md\n", "{}", new.err);
}

#[test]
fn a_number_of_another_area_is_taken() {
    let repository = areas();
    for arguments in [["rename", "1", "2"], ["rename", "1", "0002"]] {
        let refused = repository.run(&arguments);
        assert_eq!(refused.code, Some(2), "{}", refused.out);
        assert!(
            refused.err.contains("the id `0002` is taken by `docs/adr/booking/0002-monolith.md`"),
            "{}",
            refused.err
        );
    }
}

#[test]
fn a_number_taken_twice_does_not_split_the_series() {
    let repository = areas();
    repository.write(&[("docs/adr/booking/0005-offers.md", &page(5, "Offers", "Accepted"))]);
    let found = found(&repository, &["--select", "decision/duplicate-id", "--format", "json"]).join("\n");
    assert!(found.contains("2 decisions have the id `0005`"), "{found}");
    assert!(found.contains("alignlint rename docs/adr/booking/0005-offers.md 0007 --apply"), "{found}");
}

#[test]
fn folders_that_count_by_themselves_keep_their_numbers() {
    let repository = Repository::with(&[
        ("docs/adr/billing/0001-money.md", &page(1, "Money in cents", "Accepted")),
        ("docs/adr/billing/0002-stripe.md", &page(2, "Invoice through Stripe", "Accepted")),
        ("docs/adr/billing/0003-tax.md", &page(3, "Tax in one library", "Accepted")),
        ("docs/adr/booking/0001-monolith.md", &page(1, "One deployable", "Accepted")),
        ("docs/adr/booking/0002-keys.md", &page(2, "Idempotency keys", "Accepted")),
    ]);
    assert_eq!(found(&repository, &[]), Vec::<String>::new());
    let new = repository.run(&["new", "decision", "Dunning", "--in", "docs/adr/booking"]);
    assert_eq!(new.out, "docs/adr/booking/0003-dunning.md\n", "{}", new.err);
}

#[test]
fn the_index_above_lists_the_pages_of_all_areas() {
    let repository = areas();
    assert_eq!(found(&repository, &[]), Vec::<String>::new());
    repository.write(&[("docs/adr/booking/0007-offers.md", &page(7, "Offers", "Accepted"))]);
    assert_eq!(
        found(&repository, &[]),
        ["docs/adr/README.md:10:1: warning[decision/index-drift] the index does not list `0007`"]
    );
    let fixed = repository.run(&["--fix=all", "--quiet", "--as-of", "2026-11-20"]);
    assert_eq!(fixed.code, Some(0), "{}", fixed.err);
    assert!(
        repository
            .read("docs/adr/README.md")
            .ends_with("2026-06-03 |\n| 7 | [Offers](booking/0007-offers.md) | Accepted | 2026-07-03 |\n")
    );
}

#[test]
fn a_row_of_the_index_has_the_number_and_the_link_of_its_page() {
    let repository = areas();
    repository.write(&[("docs/adr/README.md", &index().replace("| 4 |", "| 14 |"))]);
    assert_eq!(
        found(&repository, &[]),
        ["docs/adr/README.md:8:1: warning[decision/index-row] the index gives `0004` the number 14"]
    );
    repository
        .write(&[("docs/adr/README.md", &index().replace("billing/0003-stripe", "booking/0002-monolith"))]);
    assert_eq!(
        found(&repository, &[]),
        [
            "docs/adr/README.md:7:32: warning[reference/wrong-number] the link `Invoice through Stripe` leads to `0002`"
        ]
    );
}

#[test]
fn references_by_number_are_those_of_one_series() {
    let repository = areas();
    repository.write(&[
        ("src/a.py", "# see ADR-0002\n# see ADR-0091\nx = 1\n"),
        ("docs/adr/billing/0001-money.md", &page(1, "Money in cents", "Superseded by ADR 2")),
        (
            "docs/adr/booking/0006-quotes.md",
            &page(6, "Quotes expire", "Accepted")
                .replace("There is a need", "As decided in ADR 1, there is a need"),
        ),
        ("docs/adr/README.md", &index().replacen("Accepted", "Superseded by 2", 1)),
    ]);
    assert_eq!(
        found(&repository, &["--select", "reference/*"]),
        [
            "docs/adr/booking/0006-quotes.md:11:1: warning[reference/stale-mention] `0006` rests on `ADR 1`, which was superseded before, by `0002`",
            "src/a.py:2:7: warning[reference/stale-citation] `ADR-0091` names no record",
        ]
    );
}

#[test]
fn two_accepted_pages_of_a_series_with_one_title_are_reported() {
    let repository = areas();
    repository.write(&[("docs/adr/booking/0006-quotes.md", &page(6, "Tax in one library", "Accepted"))]);
    let found = found(&repository, &["--select", "decision/same-title"]);
    assert_eq!(
        found,
        [
            "docs/adr/booking/0006-quotes.md:1:6: warning[decision/same-title] `0005` and `0006` are in force and have the same title"
        ]
    );
}

#[test]
fn the_page_of_an_index_tells_what_is_compared() {
    let page = areas().run(&["explain", "docs/adr/README.md"]).out;
    assert!(
        page.contains(
            "Not read as a record, but as an index: it links to 6 records, from line 5 to line 10."
        ),
        "{page}"
    );
}

#[test]
fn a_link_to_a_folder_that_is_not_there_is_broken_on_an_index_too() {
    let repository = areas();
    repository.write(&[("docs/adr/README.md", &format!("{}\nThe [template](templates/).\n", index()))]);
    assert_eq!(
        found(&repository, &[]),
        ["docs/adr/README.md:12:16: error[reference/broken-link] broken link to `templates/`"]
    );
    repository.write(&[(
        "docs/adr/README.md",
        &format!("{}\nThe [template](templates/) and [guides](guides/).\n", index()),
    )]);
    assert_eq!(found(&repository, &[]), Vec::<String>::new(), "several may be pages of a site");
}

#[test]
fn a_label_with_the_letters_of_its_text_is_one_that_nobody_defined() {
    let repository = areas();
    let page = |words: &str| {
        page(5, "Tax in one library", "Accepted").replace("There is", &format!("{words} There is"))
    };
    repository.write(&[("docs/adr/billing/0005-vat.md", &page("See [ADR 1][adr1]."))]);
    assert_eq!(
        found(&repository, &[]),
        ["docs/adr/billing/0005-vat.md:11:5: error[reference/broken-link] broken link to `[adr1]`"]
    );
    for words in ["As rows[0][next].", "See [the reasons][1].", "`[ADR 1][adr1]`"] {
        repository.write(&[("docs/adr/billing/0005-vat.md", &page(words))]);
        assert_eq!(found(&repository, &[]), Vec::<String>::new(), "{words}");
    }
}
