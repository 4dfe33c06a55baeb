//! `docs/limits.md`: its tables are those of `src/limits.rs`.

use alignlint::limits::{self, Consequence, Limit, Unit};

use crate::kit::{assert_golden, project_file};

const PAGE: &str = "docs/limits.md";

/// The headings of the tables, by what happens past the limits in them.
const SECTIONS: [(Consequence, &str); 5] = [
    (Consequence::FileDropped, "## The file is not read"),
    (Consequence::RestNotListed, "## The rest is not listed"),
    (Consequence::PolicyRefused, "## The policy is refused"),
    (Consequence::RunFails, "## The run fails"),
    (Consequence::Ignored, "## The rest is ignored"),
];

fn amount(limit: &Limit) -> String {
    match (limit.unit, limit.value) {
        (Unit::Bytes, bytes) if bytes % (1 << 20) == 0 => format!("{} MiB", bytes >> 20),
        (Unit::Bytes, bytes) if bytes % (1 << 10) == 0 => format!("{} KiB", bytes >> 10),
        (Unit::Bytes, bytes) => format!("{bytes} bytes"),
        (Unit::Count, count) => grouped(count),
    }
}

/// `20,000` for 20000.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let groups: Vec<String> =
        digits.as_bytes().rchunks(3).map(|group| String::from_utf8_lossy(group).into()).collect();
    groups.into_iter().rev().collect::<Vec<String>>().join(",")
}

/// The page with the tables below their headings replaced.
fn with_tables(page: &str) -> String {
    let mut fresh = page.to_owned();
    for (consequence, heading) in SECTIONS {
        let section = fresh.find(&format!("{heading}\n")).expect("the page has the heading");
        let start = section + fresh[section..].find("\n| ").expect("the section has a table") + 1;
        let end = fresh[start..].find("\n\n").map_or(fresh.len(), |length| start + length + 1);
        let rows = limits::ALL.iter().filter(|limit| limit.past == consequence);
        let rows: String = rows
            .map(|limit| format!("| {} | {} | {} |\n", limit.subject, amount(limit), limit.reason))
            .collect();
        fresh.replace_range(start..end, &format!("| of | limit | reason |\n|---|---:|---|\n{rows}"));
    }
    fresh
}

#[test]
fn the_tables_are_those_of_the_code() {
    assert_golden(PAGE, &with_tables(&project_file(PAGE)));
}

#[test]
fn each_limit_is_documented() {
    let code = project_file("src/limits.rs");
    let constants = code.lines().filter_map(|line| line.strip_prefix("pub const ")?.split(':').next());
    let (_, table) = code.split_once("pub const ALL").expect("the table");
    let missing: Vec<&str> = constants.filter(|name| *name != "ALL" && !table.contains(name)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}
