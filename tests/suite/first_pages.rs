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
    let page = repository.run(&["explain", "governance/numbers.yaml"]).out;
    assert!(page.split_whitespace().collect::<Vec<_>>().join(" ").contains(help), "{page}");
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
fn a_page_in_restructured_text_is_renamed_with_its_file() {
    let pep = |number: u32| {
        format!(
            "PEP: {number}\nTitle: Style {number}\nAuthor: Gwen Parry <g@x.example>\nStatus: Active\nType: Process\nCreated: 05-Jul-2001\n\nIntroduction\n============\n\nSee :pep:`7` and :pep:`the style <7#names>`.\n"
        )
    };
    let repository = Repository::with(&[("peps/pep-0007.rst", &pep(7)), ("peps/pep-0008.rst", &pep(8))]);
    repository.run(&["rename", "PEP-7", "PEP-70", "--apply"]);
    assert!(!repository.join("peps/pep-0007.rst").exists());
    assert_eq!(repository.read("peps/pep-0070.rst"), pep(7).replacen("PEP: 7", "PEP: 70", 1));
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

#[test]
fn lines_in_bold_stand_for_headings_where_a_page_has_none() {
    let page = "# Management\n\n**Attendees**\n\n- Ilse Brandt\n- Tomasz Wrona\n\n**Decisions:**\n\n- Bonus as last year\n\n\
                **Action items**:\n\n- Talk to the bank\n- Ilse: order flanges by 2026-12-01\n";
    let read = |page: &str| fields(&Repository::folder_with(&[("docs/minutes/2026-11-16.md", page)]));
    let bold = read(page);
    assert_eq!(bold["attendees"], serde_json::json!(["Ilse Brandt", "Tomasz Wrona"]));
    assert_eq!(bold["actions"][0]["what"], "Talk to the bank");
    assert_eq!(bold["actions"][1]["due"], "2026-12-01");
    let headings = page.replace("**Attendees**", "## Attendees").replace("**Decisions:**", "## Decisions");
    assert_eq!(bold, read(&headings.replace("**Action items**:", "## Action items")));
    let sections = page.replace("\n\n**Attendees**", "\n\n## Talk\n\n**Attendees**");
    assert!(read(&sections).get("decisions").is_none(), "below headings, bold words part a section");
    let native = page.replacen("# Management", "---\nkind: meeting\n---\n# Management", 1);
    let own = fields(&Repository::folder_with(&[("governance/minutes/2026-11-16.md", &native)]));
    assert_eq!(own["actions"].as_array().expect("actions").len(), 2, "{own}");
    let page = Repository::folder_with(&[("docs/minutes/2026-11-16.md", page)])
        .run(&["explain", "docs/minutes/2026-11-16.md"])
        .out;
    assert!(!page.contains("Not read"), "{page}");
}

#[test]
fn goals_with_an_owner_and_a_target_are_objectives() {
    let page = "# Goals 2026\n\n## G1 Use less gas\n\n- Owner: Ann Roe\n- Metric: gas\n- Target: 4 by 2026-12-31\n- Status: on track\n\n\
                ## G2 Lose fewer pieces\n\n- Owner: Bob Ek\n- Metric: loss\n- Target: 4\n\n## G3 5,000 pieces\n";
    let repository = Repository::folder_with(&[("docs/goals/2026.md", page)]);
    let records = repository.run(&["records", "--format", "json"]).json();
    let records = records["records"].as_array().expect("records").iter();
    let read: Vec<(&str, &str)> = records
        .map(|record| (record["id"].as_str().expect("an id"), record["title"].as_str().expect("a title")))
        .collect();
    assert_eq!(read, [("G1", "Use less gas"), ("G2", "Lose fewer pieces"), ("G3", "5,000 pieces")]);
    assert_eq!(repository.check(&[]).findings(), [""; 0]);
    let owned = page
        .replace("# Goals 2026", "# Goals")
        .replace("- Metric: gas\n- Target: 4 by 2026-12-31\n", "")
        .replace("- Metric: loss\n- Target: 4\n", "");
    let unread = Repository::folder_with(&[("docs/goals/2026.md", &owned)]).run_today(&[]);
    assert!(unread.notes().contains("is not read as a record"), "{unread:?}");
}

#[test]
fn decisions_of_other_formats_name_their_right_on_a_line() {
    let rights = "people:\n  - { id: priya, title: Priya Nair }\n  - { id: jonas, title: Jonas Lind }\n\
                  decision-rights:\n  - { id: it-systems, title: IT systems, owner: priya, conflict-rule: Uptime first. }\n";
    let nygard = "# 1. Broker\n\nDate: 2026-11-02\nDeciders: Jonas Lind\nDecision right: it-systems\n\n## Status\n\nAccepted\n\n## Context\n\nSlow.\n\n## Decision\n\nWe take it.\n";
    let madr = "# Broker\n\n* Status: accepted\n* Deciders: Jonas Lind\n* Domain: it-systems\n\n## Context and Problem Statement\n\nSlow.\n\n## Considered Options\n\n* One\n* None\n";
    for page in [nygard, madr] {
        let repository =
            Repository::folder_with(&[("docs/adr/0001-broker.md", page), ("governance/rights.yaml", rights)]);
        assert_eq!(
            repository.check(&["--select", "decision/outside-authority"]).messages(),
            ["no decision maker of `0001` holds the decision right `it-systems`"],
            "{page}"
        );
    }
}

#[test]
fn a_number_with_the_prefix_of_its_format_names_a_decision_from_anywhere() {
    let page = "# ADR-0008: Drawing numbers\n\n- **Status:** Accepted\n- **Owner:** Tomas Lind\n- **Deciders:** Ingrid Aas\n\n## Context\n\nSlow.\n\n## Decision\n\nWe do.\n";
    let initiative = |decision: &str| {
        format!("initiatives:\n  - {{ id: I-1, title: Number, status: running, decision: [{decision}] }}\n")
    };
    let repository = Repository::folder_with(&[("docs/adr/0008-drawing-numbers.md", page)]);
    for (decision, found) in [
        ("ADR-0008", None),
        ("adr 8", None),
        ("ADR-0009", Some("`I-1` refers to the unknown decision `ADR-0009`")),
        ("RFC-0008", Some("`I-1` refers to the unknown decision `RFC-0008`")),
    ] {
        repository.write(&[("governance/initiatives.yaml", &initiative(decision))]);
        let output = repository.check(&["--select", "reference/unknown"]);
        assert_eq!(output.messages(), found.into_iter().collect::<Vec<_>>(), "{decision}");
    }
    repository.write(&[("nest.sh", "# see ADR-0008\n")]);
    let why = repository.run(&["why", "nest.sh", "--as-of", "2026-11-20"]).out;
    assert!(why.contains("owner Tomas Lind"), "who decided is not the owner: {why}");
}

#[test]
fn an_index_may_name_a_page_without_a_link() {
    let page = |number: usize| {
        format!(
            "# ADR-000{number}: Title {number}\n\n- **Status:** Accepted\n\n## Context\n\nSlow.\n\n## Decision\n\nWe do.\n"
        )
    };
    let repository = Repository::folder();
    for number in 1..=4 {
        repository.write(&[(&format!("docs/adr/000{number}-title-{number}.md"), &page(number))]);
    }
    let index = "# Decisions\n\n* [0001](0001-title-1.md) One\n* [0002](0002-title-2.md) Two\n* [0003](0003-title-3.md) Three\n";
    repository.write(&[("docs/adr/README.md", &format!("{index}* ADR-0004 Title 4\n"))]);
    assert_eq!(repository.check(&["--select", "document/index-drift"]).findings(), [""; 0]);
    repository.write(&[("docs/adr/README.md", index)]);
    assert_eq!(repository.check(&["--select", "document/index-drift"]).findings().len(), 1);
}

const HEADER_TABLE: &str = "# ADR-0011: Tablets work offline\n\n| | |\n|---|---|\n| Status | Acceptd |\n| Date | 2025-11-10 |\n| Owner | Ada |\n\n";

#[test]
fn a_table_below_the_title_is_read_as_lines_there_are() {
    let nygard = format!(
        "{HEADER_TABLE}## Context\n\nNo radio.\n\n## Decision\n\nKeep a day's work.\n\n## Consequences\n\nMails.\n"
    );
    let madr = format!("{HEADER_TABLE}## Context and Problem Statement\n\nNo radio.\n\n## Decision Outcome\n\nKeep a day's work.\n")
        .replace("0011", "0012");
    let generic = format!("{HEADER_TABLE}## Background\n\nNo radio.\n\n## Approach\n\nKeep a day's work.\n")
        .replace("0011", "0013");
    let repository = Repository::folder_with(&[
        ("docs/adr/0011-tablets.md", &nygard),
        ("docs/adr/0012-tablets.md", &madr),
        ("docs/adr/0013-tablets.md", &generic),
        ("x.sh", "# see ADR-0011, ADR-12 and ADR 13\n"),
    ]);
    let records = repository.run(&["records", "--format", "json"]).json();
    let formats: Vec<&str> =
        records["records"].as_array().into_iter().flatten().filter_map(|it| it["profile"].as_str()).collect();
    assert_eq!(formats, ["nygard", "madr", "generic"]);
    assert_eq!(
        repository
            .run(&["check", "--as-of", "2026-11-20", "--format", "concise", "--select", "schema/enum"])
            .out,
        "docs/adr/0011-tablets.md:5:12: error[schema/enum] `0011`: `Status` is `Acceptd`; expected one of proposed, accepted, rejected, deprecated, superseded, amended\n\
         docs/adr/0012-tablets.md:5:12: error[schema/enum] `0012`: `Status` is `Acceptd`; expected one of proposed, rejected, accepted, deprecated, superseded\n\
         docs/adr/0013-tablets.md:5:12: error[schema/enum] `0013`: `Status` is `Acceptd`; expected one of draft, proposed, accepted, rejected, deprecated, superseded, withdrawn\n"
    );
    let why = repository.run(&["why", "x.sh", "--as-of", "2026-11-20"]).out;
    for id in ["0011", "0012", "0013"] {
        assert!(
            why.contains(&format!("decision {id}  Tablets work offline\n  accepted, 2025-11-10")),
            "{why}"
        );
    }
}

#[test]
fn a_word_of_another_language_is_no_slip_in_an_unknown_format() {
    for word in ["accepte", "Propose", "Superceded", "Parked", "adopte"] {
        let page = format!(
            "# Tablets\n\n- Status: {word}\n\n## Background\n\nNo radio.\n\n## Approach\n\nKeep a day's work.\n"
        );
        let output = Repository::folder_with(&[("docs/proposals/0013-tablets.md", &page)]).run(&[
            "check",
            "--format",
            "concise",
            "--select",
            "schema/enum",
        ]);
        assert_eq!(output.out, "", "{word}");
    }
}

#[test]
fn a_misspelt_line_below_the_title_is_told_and_read() {
    let decision = "---\nkind: decision\n---\n# Use bikes\n\nStaus: accepted\nDecision-makrs: Mara Linden\n\n## Decision\n\nWe ride.\n";
    let minutes = "---\nkind: meeting\n---\n# Leadership, 23 November 2026\n\nAtendees: Mara Linden\nRoom: 3\n\n## Decisions\n\n- We ride.\n";
    let repository =
        Repository::folder_with(&[("governance/D-1.md", decision), ("governance/M-1.md", minutes)]);
    let output = repository.check(&["--select", "schema/*"]);
    assert_eq!(
        output.out,
        "governance/D-1.md:6:1: error[schema/unknown-field] `D-1`: `Staus` is not a field of a decision\n\
         governance/D-1.md:7:1: error[schema/unknown-field] `D-1`: `Decision-makrs` is not a field of a decision\n\
         governance/M-1.md:6:1: error[schema/unknown-field] `M-1`: `Atendees` is not a field of a meeting\n"
    );
    repository.run(&["--select", "schema/*", "--fix=all"]);
    assert_eq!(
        repository
            .read("governance/D-1.md")
            .replace("status", "Staus")
            .replace("decision-makers", "Decision-makrs"),
        decision
    );
}

#[test]
fn a_line_of_a_plain_decision_page_names_who_was_consulted() {
    let page = "# 1. Raise prices\n\n- Status: accepted\n- Date: 2026-11-16\n- Consulted: Kim Sato, Bo Ek\n\n## Context\n\nA.\n\n## Decision\n\nB.\n\n## Consequences\n\nC.\n";
    let repository = Repository::folder_with(&[("docs/decisions/0001-prices.md", page)]);
    assert_eq!(fields(&repository)["consulted"], serde_json::json!(["Kim Sato", "Bo Ek"]));
}
