//! What testers wrote as they are used to, before they read a page of the documentation.

use crate::kit::{Repository, TODAY};

/// The fields of the first record.
fn fields(repository: &Repository) -> serde_json::Value {
    let listing = repository.run(&["records", "--format", "json"]).json();
    listing["records"][0]["fields"].clone()
}

#[test]
fn without_a_directory_an_action_is_that_of_whom_it_names() {
    let page = "# Weekly, 16 November 2026\n\nOwner: Gwen Parry\nPresent: Dr. Gwen Parry, Tom Hill\n\n## Actions\n\n";
    for (line, owner, with) in [
        ("Tom: steam check by 2026-12-01", "Tom", None),
        ("Kim: sweep by 2026-12-01", "Kim", None),
        ("Dr. Gwen Parry: call the bank by 2026-12-01", "Dr. Gwen Parry", None),
        ("Tom and Kim: taste bread by 2026-12-01", "Tom", Some("Kim")),
        ("Tom, Kim: taste bread by 2026-12-01", "Tom", Some("Kim")),
        ("Tom & Kim: taste bread by 2026-12-01", "Tom", Some("Kim")),
        ("Kim/Tom: taste bread by 2026-12-01", "Kim", Some("Tom")),
        ("Kim – mend the oven – 2026-12-01", "Kim", None),
        ("Mend the oven (Kim, by 2026-12-01)", "Kim", None),
        ("Mend the oven (Gwen Parry by 2026-12-01)", "Gwen Parry", None),
        ("Mend the oven – Kim – by 2026-12-01", "Kim", None),
    ] {
        let page = format!("{page}- {line}\n");
        let repository = Repository::folder_with(&[("governance/meetings/2026-11-16.md", &page)]);
        let action = fields(&repository)["actions"][0].clone();
        assert_eq!((action["owner"].as_str(), action["with"][0].as_str()), (Some(owner), with), "{line}");
        let due = repository.run(&["due", "--for", "Gwen Parry", "--as-of", TODAY]).out;
        assert_eq!(due.contains("2026-12-01"), owner.contains("Gwen"), "{line}: {due}");
    }
}

#[test]
fn a_list_under_a_name_with_another_word_is_read_or_told() {
    let read = |key: &str| {
        let list = format!(
            "{key}:\n  - {{ name: Waste, owner: Tom, unit: kg }}\n  - {{ name: Loaves, owner: Gwen, unit: pieces }}\n"
        );
        let repository = Repository::folder_with(&[("governance/numbers.yaml", &list)]);
        let listing = repository.run(&["records", "--format", "json"]).json();
        (listing["records"].as_array().map_or(0, Vec::len), repository)
    };
    for key in ["company_metrics", "our-kpis", "keyIndicators", "kpis-2026"] {
        assert_eq!(read(key).0, 2, "{key}");
    }
    let goals = "company_goals:\n  - { name: Grow, owner: Gwen, target: 20% }\n";
    let repository = Repository::folder_with(&[("governance/numbers.yaml", goals)]);
    let help = "write `kpis:` in place of `company_goals:`; `alignlint explain kpi` lists the fields";
    assert!(repository.run(&["explain", "governance/numbers.yaml"]).out.contains(help));
}

#[test]
fn decisions_of_a_table_without_a_status_are_in_force() {
    let table = "# Decision log\n\n| Date | Decision | Who | Review |\n|---|---|---|---|\n| 2026-01-02 | We close on Mondays | Gwen | 2026-06-30 |\n";
    let repository = Repository::folder_with(&[("governance/decision-log.md", table)]);
    let fields = fields(&repository);
    assert_eq!((&fields["status"], &fields["decision-makers"][0]), (&"accepted".into(), &"Gwen".into()));
    let due = repository.run(&["due", "--as-of", TODAY]).out;
    assert!(due.contains("2026-06-30"), "{due}");
}

#[test]
fn one_hint_names_all_that_is_kept_elsewhere_and_init_writes_it() {
    let glossary = "# Words\n\n**Pool** – all pieces.\n\n**Gate** – a reader.\n";
    let repository = Repository::folder_with(&[
        ("governance/decisions.yaml", "decisions: [{ id: D-1, title: Go, status: draft }]\n"),
        ("handbook/glossary.md", glossary),
        ("ops/meetings/2026-11-12.md", "# Leads\n\n## Actions\n\n- Ask\n"),
        ("ops/weekly/2026-W47.md", "# Week 47\n\n- [ ] @jonah walk the stairs (due 2026-10-25)\n"),
    ]);
    let notes = repository.check(&[]).notes();
    let hint = "not read: 1 page in folders that are named for records, and `handbook/glossary.md`; to have them read, write into `alignlint.yaml`: `records: { meeting: ops/weekly/*.md, term: handbook/glossary.md }`";
    assert!(notes.contains(hint), "{notes}");
    repository.run(&["init"]);
    assert!(!repository.check(&[]).notes().contains("not read"));
    let records = repository.run(&["records"]).out;
    assert!(["2026-W47", "2026-11-12", "Pool"].iter().all(|name| records.contains(name)), "{records}");
}

#[test]
fn an_author_is_who_answers_for_a_page_that_names_nobody_else() {
    let page = "---\nstatus: accepted\nauthor: Gwen Parry\n---\n# Use B\n\n## Context and Problem Statement\n\nWe need it.\n\n## Considered Options\n\n* B\n* C\n\n## Decision Outcome\n\nChosen option: \"B\", because it is good.\n";
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "practices: { owner: [docs/adr/**] }\n"),
        ("docs/adr/0001-b.md", page),
    ]);
    assert_eq!(repository.check(&["--select", "ownership/missing"]).findings(), [""; 0]);
}

#[test]
fn a_page_in_restructured_text_is_renamed_with_its_label_and_roles() {
    let pep = |number: u32| {
        format!(
            "PEP: {number}\nTitle: Style {number}\nAuthor: Gwen Parry <g@x.example>\nStatus: Active\nType: Process\nCreated: 05-Jul-2001\n\nIntroduction\n============\n\nSee :pep:`7` and :pep:`the style <7#names>`.\n"
        )
    };
    let repository = Repository::with(&[("peps/pep-0007.rst", &pep(7)), ("peps/pep-0008.rst", &pep(8))]);
    repository.run(&["rename", "PEP-7", "PEP-70", "--apply"]);
    for path in ["peps/pep-0070.rst", "peps/pep-0008.rst"] {
        let text = repository.read(path);
        assert!(text.contains("See :pep:`70` and :pep:`the style <70#names>`."), "{text}");
    }
}

#[test]
fn lines_of_a_header_may_be_bold_and_plain() {
    let sections = "## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n";
    for lines in [
        "**Status:** accepted\nDate: 2026-01-02\nOwner: Ilse Brandt\n",
        "**Status:** accepted\n\nDate: 2026-01-02\n\nOwner: Ilse Brandt\n",
        "Status: accepted\n**Date:** 2026-01-02\nOwner: Ilse Brandt\n",
    ] {
        let page = format!("# 10. Boiler\n\n{lines}\n{sections}");
        let practices = "practices: { owner: [docs/adr/**] }\n";
        let files = [("docs/adr/0010-boiler.md", &*page), ("alignlint.yaml", practices)];
        let repository = Repository::folder_with(&files);
        let read = fields(&repository);
        assert_eq!((&read["status"], &read["date"]), (&"accepted".into(), &"2026-01-02".into()), "{lines}");
        assert_eq!(repository.check(&[]).findings(), [""; 0], "{lines}");
    }
}

#[test]
fn who_attended_may_stand_in_a_line_below_the_title_of_minutes() {
    for line in [
        "Present: Ilse Brandt, Tomasz Wrona",
        "**Attendees:** Ilse Brandt, Tomasz Wrona",
        "- Participants: Ilse Brandt, Tomasz Wrona",
    ] {
        let page = format!("# Weekly\n\n{line}\nApologies: Bo Lind\n\n## Notes\n\nWe met.\n");
        let page = if line.starts_with('-') { page.replace("Apologies", "- Apologies") } else { page };
        let read = fields(&Repository::folder_with(&[("docs/minutes/2026-11-09.md", &page)]));
        assert_eq!(read["attendees"], serde_json::json!(["Ilse Brandt", "Tomasz Wrona"]), "{line}");
        assert_eq!(read["absent"], serde_json::json!(["Bo Lind"]), "{line}");
    }
}
