//! `alignlint report --html`: the page, its figures, its links and its limits. `tests/browser/run` opens pages in a browser.

use crate::kit::{Repository, TODAY};

const RECORDS: &str = "people:
  - { id: ada, title: Ada Byron, email: ada@example.org }
  - { id: bo, title: Bo Ek, email: bo@example.org }
kpis:
  - { id: churn, title: Churn, owner: ada, definition: Who leaves, unit: \"%\", direction: down, source: billing, target: 3%, on-miss: { threshold: 4%, action: Prices stop } }
objectives:
  - { id: O-1, title: Clinics stay, level: company, owner: ada, period: 2026-Q4, status: active, key-results: [{ kpi: churn, baseline: 4%, target: 3% }] }
  - { id: O-2, title: Calls are answered, level: team, owner: bo, parent: O-1, period: 2026-Q4, status: active }
initiatives:
  - { id: I-1, title: A second shift, owner: bo, objectives: [O-2], start: 2026-10-05, end: 2026-12-11, status: running }
assumptions:
  - { id: A-1, statement: Clinics call in the morning, owner: bo, status: open, last-validated: 2026-11-06, method: Count the calls }
decisions:
  - { id: D-1, title: Answer from seven, status: accepted, date: 2026-10-12, owner: ada, context: Clinics wait, options: [seven, nine], consequences: A second shift, assumptions: [A-1], review-by: 2027-04-12 }
  - { id: D-2, title: Close on Sundays, status: accepted, date: 2026-09-01, owner: bo, context: Few calls, options: [close], consequences: Nothing }
";

const GOVERNANCE: &str = "governance/records.yaml";

/// Runs `report --html out/report.html` and returns the page.
fn page(repository: &Repository, arguments: &[&str]) -> String {
    let output = repository.run(
        &[&["report", "--html", "out/report.html", "--name", "Harbour Rota", "--as-of", TODAY], arguments]
            .concat(),
    );
    assert_eq!((output.code, &*output.out, &*output.err), (Some(0), "", ""), "{arguments:?}");
    repository.read("out/report.html")
}

fn after<'t>(text: &'t str, start: &str) -> &'t str {
    text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}")).1
}

#[test]
fn a_page_begins_with_a_sentence_and_at_most_ten_figures() {
    let page = page(&Repository::with(&[(GOVERNANCE, RECORDS)]), &[]);
    assert!(page.contains("<p class=\"sentence\">Of 1 key results: 1 unknown.</p>"), "{page}");
    let figures = after(&page, "<dl class=\"figures\">").split("</dl>").next().unwrap_or_default();
    assert!((1..=10).contains(&figures.matches("<dt>").count()), "{figures}");
    assert!(!figures.contains(">0<"), "{figures}");
}

#[test]
fn key_results_are_one_table_with_a_bar_for_way_and_time() {
    let records = RECORDS.replace("target: 3% }] }", "target: 3%, current: 3.5%, updated: 2026-11-16 }] }");
    let page = page(&Repository::with(&[(GOVERNANCE, &records)]), &["course"]);
    let table = after(&page, "<h3>Key results").split("</table>").next().unwrap_or_default();
    assert_eq!((table.matches("<tr id=").count(), table.matches("class=\"bar\"").count()), (1, 2), "{table}");
    assert!(table.contains("width=\"50\""), "{table}");
}

#[test]
fn a_page_is_about_one_part_or_one_owner_if_asked() {
    let repository = Repository::with(&[(GOVERNANCE, RECORDS)]);
    let one = page(&repository, &["decisions"]);
    assert!(one.contains("<h1>Decisions</h1>") && !one.contains("id=\"ladder\""), "{one}");
    let own = page(&repository, &["decisions", "--for", "bo"]);
    assert!(own.contains("Close on Sundays") && !own.contains("Answer from seven"), "{own}");
}

#[test]
fn places_are_links_into_the_repository_or_to_an_address() {
    let repository = Repository::with(&[("governance/a b#'<i>.yaml", RECORDS)]);
    let link = |page: &str| {
        after(page, "<th scope=\"row\"><a href=").split(" title=").next().unwrap_or_default().to_owned()
    };
    assert_eq!(link(&page(&repository, &["decisions"])), "\"../governance/a%20b%23%27%3Ci%3E.yaml#L15\"");
    let address = ["decisions", "--link", "https://example.org/{path}?at=1&plain=1#L{line}"];
    assert_eq!(
        link(&page(&repository, &address)),
        "\"https://example.org/governance/a%20b%23%27%3Ci%3E.yaml?at=1&amp;plain=1#L15\""
    );
    let outside = Repository::folder();
    let file = outside.join("report.html");
    let output = repository.run(&["report", "--html", &file.to_string_lossy(), "--as-of", TODAY]);
    assert_eq!((output.code, &*output.err), (Some(0), ""));
    let written = outside.read("report.html");
    assert!(!written.contains("<th scope=\"row\"><a "), "{written}");
}

#[test]
fn an_address_for_links_is_checked() {
    let repository = Repository::with(&[(GOVERNANCE, RECORDS)]);
    let fault = |link: &str| repository.run(&["report", "--html", "r.html", "--link", link]).fault();
    assert!(
        fault("https://example.org/").contains("no web address with `{path}`"),
        "{}",
        fault("https://example.org/")
    );
    assert!(
        fault("javascript:{path}").contains("is no web address with `{path}`"),
        "{}",
        fault("javascript:{path}")
    );
    let both = repository.run(&["report", "--html", "r.html", "--format", "json"]);
    assert_eq!(both.code, Some(2));
}

#[test]
fn text_of_the_records_stays_text() {
    let hostile = "</title></style></svg><script>alert(1)</script><img src=x onerror='a'>\\e[31m\\u202e`";
    let records = RECORDS
        .replace("Clinics stay", &format!("\"{hostile}\""))
        .replace("id: O-2, title: Calls are answered", &format!("id: \"{hostile}\", title: \"{hostile}\""))
        .replace("Answer from seven", &format!("\"{hostile}\""))
        .replace("owner: bo, status: open", &format!("owner: \"{hostile}\", status: open"));
    let page = page(&Repository::with(&[(GOVERNANCE, &records)]), &[]);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("␛[31m�"), "{page}");
    for part in ["<script", "<img", "\u{1b}", "\u{202e}"] {
        assert!(!page.contains(part), "{part:?}");
    }
    assert_eq!((page.matches("</style>").count(), page.matches("</title></style>").count()), (1, 0));
    assert!(page.contains("default-src 'none'"), "{page}");
}

#[test]
fn two_rows_with_one_name_have_two_addresses() {
    let records = "decisions:
  - { id: D-1, title: One, status: accepted, date: 2026-10-12, owner: ada }
  - { id: d 1, title: Two, status: accepted, date: 2026-10-13, owner: ada }
";
    let page = page(&Repository::with(&[(GOVERNANCE, records)]), &["decisions"]);
    assert!(page.contains("id=\"decision-d-1\"") && page.contains("id=\"decision-d-1_2\""), "{page}");
}

/// 2,000 live records, each with findings.
fn thousands() -> String {
    let mut records = "kpis:\n".to_owned();
    for number in 0..150 {
        records +=
            &format!("  - {{ id: k-{number}, title: Metric {number} of us, owner: p-{} }}\n", number % 40);
    }
    records += "objectives:\n";
    for number in 0..300 {
        let parent = if number < 10 { String::new() } else { format!("parent: O-{}, ", number / 10) };
        let results: Vec<String> =
            (0..2).map(|at| format!("{{ kpi: k-{}, target: 1 }}", (number * 7 + at * 31) % 150)).collect();
        records += &format!(
            "  - {{ id: O-{number}, title: Goal {number} is reached, owner: p-{}, {parent}period: 2026-Q4, status: active, key-results: [{}] }}\n",
            number % 40,
            results.join(", ")
        );
    }
    records += "initiatives:\n";
    for number in 0..200 {
        records += &format!(
            "  - {{ id: I-{number}, title: Work {number}, owner: p-{}, objectives: [O-{number}], start: 2026-01-01, end: 2026-10-01, status: running }}\n",
            number % 40
        );
    }
    records += "assumptions:\n";
    for number in 0..350 {
        records += &format!(
            "  - {{ id: A-{number}, statement: People do {number} of it and more than before, owner: p-{}, status: open, last-validated: 2025-{:02}-01 }}\n",
            number % 40,
            number % 11 + 1
        );
    }
    records += "decisions:\n";
    for number in 0..1000 {
        records += &format!(
            "  - {{ id: D-{number}, title: Decision {number} about something of weight, status: accepted, date: 20{:02}-03-01, owner: p-{}, domain: area-{}, assumptions: [A-{}], review-by: 2026-01-01 }}\n",
            number % 16 + 10,
            number % 40,
            number % 9,
            number % 350
        );
    }
    records += "people:\n";
    for number in 0..300 {
        records += &format!("  - {{ id: p-{number}, title: Person {number} }}\n");
    }
    records
}

#[test]
fn thousands_of_records_with_findings_make_a_page_below_a_megabyte() {
    let repository = Repository::with(&[(GOVERNANCE, &thousands())]);
    let first = page(&repository, &[]);
    assert!(first.len() < 1_000_000, "{} bytes", first.len());
    for part in ["are left out of the drawing", "<code>alignlint report decisions</code> lists all"] {
        assert!(first.contains(part), "{part}");
    }
}

#[test]
fn a_page_says_of_what_and_of_which_commit_it_is() {
    let repository = Repository::with(&[(GOVERNANCE, RECORDS)]);
    let head = repository.git(&["rev-parse", "HEAD"]);
    let committed = page(&repository, &[]);
    assert_eq!(committed, page(&repository, &["--no-cache"]), "the same records make the same page");
    assert!(committed.contains("<title>Report, Harbour Rota, as of 2026-11-20</title>"), "{committed}");
    assert!(committed.contains("<p class=\"of\">Harbour Rota</p><h1>Report</h1>"), "{committed}");
    assert!(committed.contains(&format!("from commit <code>{}</code>", &head[..10])), "{committed}");
    repository.write(&[(GOVERNANCE, &RECORDS.replace("Clinics stay", "Clinics come"))]);
    assert!(!page(&repository, &[]).contains("from commit"));
    assert!(page(&repository, &["--rev", "HEAD"]).contains("from commit"));
}

#[test]
fn a_page_has_what_falls_due_unless_it_is_one_part() {
    let repository = Repository::with(&[(GOVERNANCE, RECORDS)]);
    let whole = page(&repository, &[]);
    assert!(whole.contains("<h2 id=\"due-title\">What falls due</h2>"), "{whole}");
    assert!(!page(&repository, &["decisions"]).contains("due-title"));
}

#[test]
fn goals_in_a_circle_are_drawn() {
    let goal = |id: usize, parent: usize| {
        format!(
            "  - {{ id: O-{id}, title: T, owner: ada, parent: O-{parent}, period: 2026-Q4, status: active }}\n"
        )
    };
    let records = format!("objectives:\n{}{}{}{}", goal(1, 2), goal(2, 3), goal(3, 1), goal(4, 4));
    let page = page(&Repository::with(&[(GOVERNANCE, &records)]), &["ladder"]);
    assert_eq!(page.matches("<rect x=").count(), 4, "{page}");
    assert_eq!(page.matches("<path").count(), 2, "{page}");
}
