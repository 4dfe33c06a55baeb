//! A slip in a file: it is reported once, at its place, and hides nothing else.

use crate::kit::Repository;

const ADA: (&str, &str) = (
    "governance/people.yaml",
    "people:\n  - {id: ada, title: Ada}\nterms:\n  - {id: order, title: order, definition: A request for goods}\n",
);

/// The findings about one file, as `line:column rule`, of a folder with these files.
fn places(files: &[(&str, &str)], path: &str) -> Vec<String> {
    let output = Repository::folder_with(files).check(&[]);
    assert!(output.code != Some(2), "{output:?}");
    let of_file = output.out.lines().filter_map(|line| line.strip_prefix(path)?.strip_prefix(':'));
    let place = |line: &str| {
        let (place, rest) = line.split_once(": ").expect("a place");
        format!("{place} {}", rest.split(['[', ']']).nth(1).expect("a rule"))
    };
    of_file.map(place).collect()
}

#[test]
fn a_misspelt_status_does_not_hide_the_missing_owner() {
    let assumption = |status: &str| {
        format!(
            "assumptions:\n  - id: A-1\n    statement: Rents stay\n    status: {status}\n    evidence: [A report]\n"
        )
    };
    let found = |status: &str| {
        let path = "governance/assumptions.yaml";
        places(&[ADA, (path, &assumption(status))], path)
    };
    assert_eq!(found("open"), ["2:9 ownership/missing"]);
    assert_eq!(found("opeen"), ["2:9 ownership/missing", "4:13 schema/enum"]);
    assert_eq!(
        found("beleived"),
        ["2:9 ownership/missing", "4:13 schema/enum"],
        "an unknown word counts as live"
    );
    assert_eq!(found("retierd"), ["4:13 schema/enum"], "one edit from `retired`, which needs no owner");
    assert_eq!(found("unvalid"), ["4:13 schema/enum"], "one edit from `invalid`, which is `invalidated`");
    assert_eq!(found("opne"), ["2:9 ownership/missing", "4:13 schema/enum"], "four letters are not judged");
}

#[test]
fn a_misspelt_status_is_told_also_where_many_pages_have_the_right_word() {
    let page = |number: usize, status: &str| {
        format!(
            "# {number}. Title {number}\n\nDate: 2024-01-15\n\n## Status\n\n{status}\n\n## Context\n\nWe write.\n\n## Decision\n\n\
             We read {number}.\n\n## Consequences\n\nNone.\n"
        )
    };
    let paths: Vec<String> = (1..=5).map(|number| format!("docs/adr/000{number}-title.md")).collect();
    let words = ["Accepted", "Accepted", "Accepted", "Accepted", "Acepted"];
    let pages: Vec<String> = words.iter().enumerate().map(|(at, word)| page(at + 1, word)).collect();
    let files: Vec<(&str, &str)> =
        paths.iter().map(String::as_str).zip(pages.iter().map(String::as_str)).collect();
    assert_eq!(places(&files, &paths[4]), ["7:1 schema/enum"]);
}

#[test]
fn a_native_decision_without_a_status_counts_as_live() {
    let path = "governance/decisions.yaml";
    let decision =
        |status: &str| format!("decisions:\n  - id: D-1\n    title: Sell through partners\n{status}");
    for status in ["", "    status:\n", "    status: [accepted]\n", "    status: quite another\n"] {
        let found = places(&[ADA, (path, &decision(status))], path);
        assert!(found.contains(&"2:9 ownership/missing".to_owned()), "{status}: {found:?}");
    }
    let found = places(&[ADA, (path, &decision("    status: rejected\n"))], path);
    assert!(!found.contains(&"2:9 ownership/missing".to_owned()), "{found:?}");
}

#[test]
fn a_misspelt_status_of_a_page_does_not_close_it() {
    let page = |status: &str| {
        format!(
            "# 1. Use Rust\n\nDate: 2026-01-05\n\n## Status\n\n{status}\n\n## Context\n\nSee [it](gone.md).\n\n## Decision\n\nRust.\n\n## Consequences\n\nFast.\n"
        )
    };
    let path = "docs/adr/0001-use-rust.md";
    let config = ("alignlint.yaml", "practices: { status-words: docs/adr }\n");
    let found = |status: &str| places(&[config, (path, &page(status))], path);
    let link = |rule: &str| format!("11:10 reference/{rule}");
    assert_eq!(found("Accepted"), [link("broken-link")]);
    assert_eq!(found("Acepted"), ["7:1 schema/enum".to_owned(), link("broken-link")]);
    assert_eq!(found("Rejected"), [link("broken-link")]);
    assert_eq!(found("Supersded by a later one"), ["7:1 schema/enum".to_owned(), link("broken-link")]);
}

#[test]
fn a_misspelt_status_is_cached_and_mended_like_any_other() {
    let text = "decisions:\n  - {id: D-1, title: Sell through partners, status: acepted, date: 2026-10-01}\n";
    let repository = Repository::with(&[ADA, ("governance/decisions.yaml", text)]);
    let first = repository.check(&[]).out;
    assert_eq!(first, repository.check(&[]).out, "from the cache");
    assert_eq!(first, repository.check(&["--no-cache"]).out);
    repository.run_today(&["--fix=all"]);
    assert_eq!(repository.read("governance/decisions.yaml"), text.replace("acepted", "accepted"));
}

#[test]
fn a_list_under_a_misspelt_name_is_a_warning_at_its_key() {
    let list = "objetives:\n  - {id: O-1, title: Answer the same day, level: company, owner: ada}\n";
    let only = Repository::folder_with(&[ADA, ("governance/objectives.yaml", list)]).check(&[]);
    let expected =
        "governance/objectives.yaml:1:1: warning[document/unread-part] unknown record kind `objetives`\n";
    assert_eq!(only.out, expected);

    let root = format!("kpis:\n  - {{id: churn, title: Churn, unit: '%', direction: down}}\n{list}");
    assert!(places(&[("kpis.yaml", &root)], "kpis.yaml").contains(&"3:1 document/unread-part".to_owned()));
    let by_content = "beliefs-that-we-hold:\n  - {id: A-1, statement: Rents stay}\n";
    assert_eq!(places(&[("strategy/x.yaml", by_content)], "strategy/x.yaml"), ["1:1 document/unread-part"]);
    let kind = "kind: decison\nid: D-1\ntitle: Sell through partners\n";
    assert_eq!(places(&[("strategy/x.yaml", kind)], "strategy/x.yaml"), ["1:7 document/unread-part"]);
    let page = "---\nkind: decison\nid: D-1\n---\n# Sell through partners\n";
    assert_eq!(places(&[("strategy/x.md", page)], "strategy/x.md"), ["2:7 document/unread-part"]);
}

#[test]
fn lists_of_other_things_are_left_alone() {
    for (path, text) in [
        ("objectives.yaml", "objetives:\n  - {id: O-1, title: Answer the same day, level: company}\n"),
        ("docs/values.yaml", "rules:\n  - {id: a, title: A}\n"),
        ("governance/role.yaml", "apiVersion: v1\nkind: Role\nrules:\n  - {id: a, title: A}\n"),
        ("governance/d.yaml", "kind: decision\nid: D-1\ntitle: X\nstatus: rejected\noptions: [{title: A}]\n"),
    ] {
        let found = places(&[ADA, (path, text)], path);
        assert!(!found.iter().any(|place| place.ends_with("unread-part")), "{path}: {found:?}");
    }
    let known = "kpis:\n  - {id: churn, title: Churn}\n";
    for other in [
        "rules:\n  - {pattern: a, message: b}\n",
        "milestones:\n  - {title: A, date: 2026-01-01}\n",
        "x-objetives:\n  - {id: O-1, title: A, level: company}\n",
        "objetives: [O-1]\n",
    ] {
        let path = "governance/d.yaml";
        let found = places(&[(path, &format!("{known}{other}"))], path);
        assert!(!found.iter().any(|place| place.ends_with("unread-part")), "{other}: {found:?}");
    }
}

#[test]
fn a_missing_dash_is_one_finding_and_the_record_is_read() {
    let team = |dash: &str| {
        format!(
            "teams:\n  - id: sales\n    title: Sales\n    lead: ada\n\n  {dash} id: ops\n    title: Operations\n    lead: ada\n"
        )
    };
    let objective = "objectives:\n  - id: O-1\n    title: Answer the same day\n    level: company\n    owner: ops\n    status: dropped\n";
    let check = |dash: &str| {
        let files = [ADA, ("governance/teams.yaml", &*team(dash)), ("governance/o.yaml", objective)];
        Repository::folder_with(&files).check(&[]).out
    };
    assert_eq!(check("-"), "");
    assert_eq!(check(" "), "governance/teams.yaml:6:5: error[document/unreadable] duplicate key `id`\n");
    let one = "teams:\n  id: sales\n  title: Sales\n  lead: ada\n";
    assert_eq!(places(&[ADA, ("governance/teams.yaml", one)], "governance/teams.yaml"), Vec::<String>::new());
    let stray = "teams:\n  - {id: sales, title: Sales, lead: ada}\n  - ops\n";
    assert_eq!(
        places(&[ADA, ("governance/teams.yaml", stray)], "governance/teams.yaml"),
        ["3:5 document/unread-part"]
    );
}

#[test]
fn a_tab_is_reported_where_it_is() {
    let path = "governance/teams.yaml";
    let tab = "teams:\n  - id: sales\n    title: Sales\n\tlead: ada\n";
    let output = Repository::folder_with(&[(path, tab)]).check(&[]);
    assert_eq!(output.out, "governance/teams.yaml:4:1: error[document/unreadable] tab in the indentation\n");
}

#[test]
fn a_file_that_two_entries_match_is_told() {
    let lists = "wins: [{id: churn, title: Churn}]\nbets: [{id: A-1, statement: Rents stay}]\n";
    let found = |config: &str| {
        let files = [("alignlint.yaml", config), ("data/a.yaml", lists)];
        let output = Repository::folder_with(&files).check(&["--select", "document/unread-part"]);
        (output.code, output.out)
    };
    let expected = "data/a.yaml:1:1: warning[document/unread-part] two entries of `records:` match this file: \
                    `kpi` at `/wins` is read, `assumption` at `/bets` is not\n";
    let both = "records:\n  kpi: { files: data/a.yaml, at: /wins }\n  assumption: { files: data/a.yaml, at: /bets }\n";
    assert_eq!(found(both), (Some(0), expected.to_owned()));
    let specific_first = "records:\n  kpi: data/a.yaml\n  assumption: data/**\n";
    assert!(!found(specific_first).1.contains("two entries"));
    let general_first = "records:\n  assumption: data/**\n  kpi: data/a.yaml\n";
    assert!(found(general_first).1.contains("`assumption` is read, `kpi` is not"));
    let same = "records:\n  kpi: [data/a.yaml, data/**]\n";
    assert!(!found(same).1.contains("two entries"));
}

#[test]
fn patterns_of_formats_that_are_not_read_are_told() {
    let checked = |pattern: &str| {
        let config = format!("records:\n  decision: [{pattern}]\n");
        Repository::folder_with(&[("alignlint.yaml", &config), ADA, ("docs/v1.beta/a.md", "# A\n")])
            .check(&[])
    };
    for pattern in ["docs/*.org", "decisions/log.docx", "docs/**/*.odt"] {
        let expected =
            format!("the patterns of `records: decision` match no file: `{pattern}` (alignlint.yaml:2)\n");
        assert!(checked(pattern).err.contains(&expected), "{pattern}");
    }
    for pattern in ["docs/*.md", "docs/v1.beta", "docs/v1.2", "docs/**", "'docs/*.{md,rst}'"] {
        assert_ne!(checked(pattern).code, Some(2), "{pattern}");
    }
}

#[test]
fn patterns_that_find_no_records_are_told() {
    let notice = |pattern: &str| {
        let config = format!("records:\n  decision: [{pattern}]\n");
        let files = [("alignlint.yaml", &*config), ADA, ("docs/a.org", "= A\n"), ("notes/a.md", "# A\n")];
        Repository::folder_with(&files).check(&[]).err
    };
    let unread = "the patterns of `records: decision` match only files of formats that are not read; name theirs: `as: yaml`: `docs/**` (alignlint.yaml:2)\n";
    assert!(notice("docs/**").contains(unread), "{}", notice("docs/**"));
    let misspelt =
        "the patterns of `records: decision` match no file: `doc/**`, `ntes/*.md` (alignlint.yaml:2)\n";
    assert!(notice("doc/**, ntes/*.md").contains(misspelt));
    assert!(!notice("docs/**, notes/*.md").contains("the patterns of"));
}

#[test]
fn a_list_without_a_key_is_told_where_it_belongs() {
    let help = |path: &str, text: &str| {
        let output = Repository::folder_with(&[ADA, (path, text)]).run_today(&[]);
        output.out.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let decisions = "- {id: D-1, title: Sell, status: accepted, date: 2026-10-01}\n";
    assert!(
        help("governance/log.yaml", decisions)
            .contains("help: put the list under `decisions:`, and indent it")
    );
    let kpis = "- {id: churn, title: Churn, unit: '%', direction: down}\n";
    assert!(help("governance/log.yaml", kpis).contains("help: put the list under `kpis:`, and indent it"));
    let other = "- {name: Ada, seats: 8}\n";
    assert!(
        help("governance/log.yaml", other).contains("help: put its records under the name of their kind")
    );
}

#[test]
fn a_tab_in_the_configuration_is_reported_where_it_is() {
    let text = "rules:\n\tkpi/undefined: off\n";
    let fault = Repository::folder_with(&[ADA, ("alignlint.yaml", text)]).run(&[]).fault();
    assert!(fault.contains("tab in the indentation") && fault.contains("alignlint.yaml:2:1"), "{fault}");
}

#[test]
fn a_bare_repository_is_told_what_helps_there() {
    let repository = Repository::with(&[ADA]);
    let bare = Repository::clone(&repository, &["--bare"]);
    for arguments in [&["blame", "ada"][..], &["init"], &["new", "kpi", "Churn"], &["records"]] {
        assert!(
            bare.run(arguments).fault().contains("run in a clone, or read a revision with `--rev HEAD`"),
            "{arguments:?}"
        );
    }
    assert!(bare.run(&["blame", "ada", "--rev", "HEAD"]).out.contains("title"));
    assert_eq!(bare.run(&["records", "--rev", "HEAD"]).code, Some(0));
}

#[test]
fn a_comma_between_braces_that_cuts_a_value_is_one_finding() {
    let kpi = |readings: &str| format!("kpis:\n  - id: sales\n    readings:\n      - {{ {readings} }}\n");
    let found = |readings: &str| {
        let repository = Repository::folder_with(&[ADA, ("governance/kpis.yaml", &kpi(readings))]);
        let output = repository.run_today(&["--select", "schema/*"]);
        assert!(output.code != Some(2), "{output:?}");
        (output.out.matches("error[").count(), output.out)
    };
    let (count, told) = found("date: Oct 31, 2026, value: £180k");
    assert_eq!(count, 1, "{told}");
    assert!(
        told.contains("help: write `\"Oct 31, 2026\"` in quotes: between braces a comma ends a value"),
        "{told}"
    );
    let (count, told) = found("date: 2026-10-31, value: £1,200k");
    assert_eq!(count, 1, "{told}");
    assert!(told.contains("help: write `\"£1, 200k\"` in quotes"), "{told}");
    let (count, told) = found("date: 2026-10-31, value: £180k, vaule");
    assert_eq!(count, 1, "{told}");
    assert!(told.contains("unknown") || told.contains("`vaule`"), "{told}");
    assert_eq!(found("date: 2026-10-31, value: £180k, note").0, 0, "a key of the kind may be empty");
}

#[test]
fn a_table_of_people_is_a_directory() {
    let people = "# Team\n\n| Name | Role | Team | Reports to | Left |\n|---|---|---|---|---|\n\
         | Ada Byron | Managing director | – | – | – |\n| Tom Keller | Sales | – | Ada Byron | 2026-10-31 |\n";
    let decision =
        "decisions:\n  - { id: D-1, title: Sell to partners, status: accepted, owner: Tom Keller }\n";
    for path in ["governance/team.md", "governance/people.md"] {
        let repository = Repository::folder_with(&[(path, people), ("governance/decisions.yaml", decision)]);
        let output = repository.check(&["--select", "ownership/*,reference/*,schema/*,document/*"]);
        assert_eq!(
            output.out,
            "governance/decisions.yaml:2:66: error[ownership/departed] `D-1` names `Tom Keller` under `owner`, who left on 2026-10-31\n",
            "{path}"
        );
    }
    let unread = "# People\n\nAda runs it all.\n";
    let repository =
        Repository::folder_with(&[("governance/people.md", unread), ("governance/decisions.yaml", decision)]);
    let output = repository.check(&["--select", "document/*"]);
    assert_eq!(
        output.out,
        "governance/people.md:1:3: note[document/unrecognised] this page in `governance/` is not read as a record: no table of people and no `kind`\n"
    );
}

#[test]
fn a_page_in_utf_16_is_to_be_saved_as_utf_8() {
    let repository = Repository::folder_with(&[]);
    let text = "# 1. Use Git\n\n## Status\n\nAccepted\n";
    let bytes: Vec<u8> =
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    repository.write_file("docs/adr/0001-use-git.md", &bytes);
    let told = repository.run(&[]).out;
    assert!(told.contains("the file is in UTF-16") && told.contains("help: save it as UTF-8"), "{told}");
}

#[test]
fn a_conflict_that_was_left_in_a_page_is_one_finding_at_its_first_marker() {
    let page = "# 1. Use Git\n\n## Status\n\n<<<<<<< HEAD\nAccepted\n=======\nProposed\n>>>>>>> kafka\n\n## Decision\n\nGit.\n";
    let repository = Repository::folder_with(&[("docs/adr/0001-use-git.md", page)]);
    assert_eq!(
        repository.check(&[]).out,
        "docs/adr/0001-use-git.md:5:1: error[document/unreadable] a merge conflict was left here\n"
    );
    let told = repository.run(&[]).out;
    assert!(
        told.contains("help: keep what holds of the two versions, and remove the three lines of"),
        "{told}"
    );
}
