//! Forms in which pages state their day, number, title and status, and pages that have none of a record.

use crate::kit::Repository;

fn records(files: &[(&str, &str)]) -> Vec<serde_json::Value> {
    let repository = Repository::folder_with(files);
    let listing = repository.run(&["records", "--format", "json"]).json();
    listing["records"].as_array().cloned().unwrap_or_default()
}

/// A field of the only record.
fn field(path: &str, page: &str, name: &str) -> serde_json::Value {
    let records = records(&[(path, page)]);
    assert_eq!(records.len(), 1, "{path}: {records:?}");
    records[0]["fields"][name].clone()
}

#[test]
fn minutes_have_their_day_in_folders_of_a_year_and_a_month() {
    let page = "| Anybody may edit this file |\n| --- |\n\n# Limits group — September 2025\n\nWe meet once a month.\n\n\
                - **Date & Time**: [September 24, 2025, 7:00 – 8:00 PM UTC](https://example.org/clock)\n  - See the calendar.\n\n\
                ## Attendees\n\n- Ada Byron\n";
    let path = "agendas/2025/09-Sep/24-limits-september-2025.md";
    assert_eq!(field(path, page, "date"), "2025-09-24");
    assert!(records(&[(path, "Cancelled.\n")]).is_empty());
    assert!(records(&[(path, &page.replace("## Attendees", "## Prices"))]).is_empty());
}

#[test]
fn minutes_of_a_year_have_their_day_in_a_line_above_those_who_attended() {
    let page = "---\ntitle: Minutes of the board\n---\n\n-   Date: June 20, 2012\n-   Location: Montreal\n\nAttendance\n----------\n\n-   Ada Byron\n";
    assert_eq!(field("minutes/2012/index.md", page, "date"), "2012-06-20");
    assert_eq!(field("minutes/2012/index.md", page, "title"), "Minutes of the board");
    assert!(records(&[("minutes/2012/index.md", &page.replace("Attendance", "Slides"))]).is_empty());
    let page = "# Minutes\n\n- Date: July 27, 2022, 12:00pm – 1:30pm\n\n## Participants\n\n- Ada Byron\n";
    assert_eq!(field("minutes/2022/2022.07.27.md", page, "date"), "2022-07-27");
}

#[test]
fn the_summary_of_a_video_call_states_when_it_began() {
    let page = "# Meeting summary for the limits group\n\n- Meeting start: 2025-03-26T18:58:56Z\n- Meeting end: 2025-03-26T20:06:36Z\n\n## Next steps\n\n- Ada to count.\n";
    assert_eq!(field("notes/2025/summary-2025-03-26.md", page, "date"), "2025-03-26");
    let without = page.replace("Meeting start", "Begin");
    assert!(records(&[("notes/2025/summary-2025-03-26.md", &without)]).is_empty());
}

#[test]
fn minutes_without_a_title_have_that_of_their_first_line_or_none() {
    let page = "2016-01-21 limits WG meeting\n\n- attendees\n  - Ada Byron\n\n## operations\n\nNothing.\n";
    assert_eq!(field("meetings/2016-01-21.md", page, "title"), "2016-01-21 limits WG meeting");
    let page = "role call:\n\n- Ada Byron\n\n# License\n\nMIT\n";
    assert!(field("meetings/2015-12-18.md", page, "title").is_null());
}

const SECTIONS: &str = "## Context\n\nC.\n\n## Decision\n\nD.\n\n## Status\n\nAccepted\n";

#[test]
fn a_day_with_hyphens_alone_below_the_title_is_its_date() {
    for (day, date) in [("18-01-2018", "2018-01-18"), ("26-Sep-2018", "2018-09-26")] {
        let page = format!("# ADR 005: Limits\n\n{day}\n\n{SECTIONS}");
        assert_eq!(field("docs/arch/adr-005-limits.md", &page, "date"), date);
        let page = format!("# Limits\n\n{day}\n\n## Motivation\n\nM.\n\n## Proposal\n\nP.\n");
        assert_eq!(field("proposals/limits.md", &page, "date"), date);
    }
}

#[test]
fn the_day_of_a_decision_may_be_named_in_portuguese_and_in_a_row() {
    let page = "# ADR 0001 - Limites\n\nEstado: aceita\n\n- Data da decisão: 2026-05-01\n\n## Direcionadores\n\nD.\n";
    assert_eq!(field("docs/adrs/0001-limites.md", page, "date"), "2026-05-01");
    let page = "# Limits\n\n|               |            |\n|---|---|\n| Proposal Date | 11/29/2021 |\n| Author | Ada |\n\n## Background\n\nB.\n\n## Proposal\n\nP.\n";
    assert_eq!(field("proposals/limits.md", page, "created"), "2021-11-29");
}

#[test]
fn a_number_is_no_part_of_the_title() {
    let madr = "\n\n* Status: accepted\n\n## Context and Problem Statement\n\nC.\n\n## Considered Options\n\n* A\n\n## Decision Outcome\n\nA.\n";
    for (heading, sections) in [
        ("0016 Tools", madr.to_owned()),
        ("ADR-R0016: Tools", format!("\n\n{SECTIONS}")),
        ("ADR-R0016: Tools", "\n\nStatus: accepted\n".to_owned()),
        ("0016 Tools", "\n\nStatus: accepted\n".to_owned()),
    ] {
        let page = format!("# {heading}{sections}");
        assert_eq!(field("docs/adr/0016-tools.md", &page, "title"), "Tools", "{page}");
    }
}

#[test]
fn a_page_with_two_digits_has_the_number_of_its_series_from_its_title() {
    let page = "# DEP-05: Tasks\n\n## Motivation\n\nM.\n\n## Proposal\n\nP.\n\n## Status\n\n";
    assert_eq!(field("docs/proposals/05-tasks.md", page, "id"), "05");
    let sentence = format!("{page}It is desirable for all who run it to see the status of a task.\n");
    assert!(field("docs/proposals/05-tasks.md", &sentence, "status").is_null());
    assert_eq!(
        field("docs/proposals/05-tasks.md", &format!("{page}Accepted in May\n"), "status"),
        "accepted"
    );
}

#[test]
fn a_page_called_adr_without_a_number_is_one_by_its_title_and_lines() {
    let page =
        "# ADR: Tools\n\n**Status:** Accepted (for now)\n\n**Date:** 2026-02-13\n\n## Findings\n\nF.\n";
    let path = "docs/architecture/adr-tools.md";
    assert_eq!(field(path, page, "status"), "accepted");
    for other in [
        page.replace("ADR: ", ""),
        page.replace("**Status:** Accepted (for now)", ""),
        page.replace("**Date:** 2026-02-13", ""),
    ] {
        assert!(records(&[(path, &other)]).is_empty(), "{other}");
    }
}

#[test]
fn an_article_about_decisions_is_no_log() {
    let page = "# Generated ADRs\n\n## Executive Summary\n\n**Status**: draft\n\n**Date**: 2026-04-16\n\n\
                ### Architecture Decision Record (ADR)\n\n**Status**: accepted\n\n**Date**: 2026-04-16\n\n**Decision**: a table\n";
    assert!(records(&[("research/generated-adrs.md", page)]).is_empty());
    let log = page
        .replace("Executive Summary", "Use Git")
        .replace("Architecture Decision Record (ADR)", "Use Rust");
    let log = log.replace("### ", "## ").replace("draft\n", "draft\n\n**Decision**: Git\n");
    assert_eq!(records(&[("research/generated-adrs.md", &log)]).len(), 2, "a log of two");
}

#[test]
fn most_pages_of_a_folder_are_told_and_a_companion_to_those_who_ask() {
    let read = "# Limits\n\nStatus: accepted\n\n## Motivation\n\nM.\n";
    let prose = "# Sizes\n\n## How\n\nText.\n";
    let few = [("x/proposals/a.md", read), ("x/proposals/b.md", prose), ("x/proposals/c.md", prose)];
    let repository = Repository::folder_with(&few);
    let told = "2 of 3 pages in `x/proposals/` are not read as records: no status, no date and no section";
    assert!(repository.run(&["check"]).err.contains(told));
    repository.write(&[("x/proposals/d.md", read), ("x/proposals/e.md", read)]);
    let output = repository.run(&["check"]);
    assert!(!output.err.contains("not read as"), "{}", output.err);
    let output = repository.run(&["check", "-v"]);
    assert!(output.err.contains("2 of 5 pages in `x/proposals/` are not read as records"), "{}", output.err);
    let output = repository.run(&["explain", "x/proposals/b.md"]);
    assert!(output.out.contains("Not read as a record: no status, no date and no section"), "{}", output.out);
    let links = "# Sizes\n\n- [A](a.md)\n- [D](d.md)\n- [E](e.md)\n";
    repository.write(&[("x/proposals/links.md", links), ("x/proposals/README.md", "# Ours\n")]);
    for (path, reason) in [("links", "it lists other pages"), ("README", "its name is that of a page about")]
    {
        let output = repository.run(&["explain", &format!("x/proposals/{path}.md")]);
        assert!(output.out.contains(reason), "{}", output.out);
    }
}

#[test]
fn a_status_in_words_that_are_not_known_is_told_among_designs() {
    let design = |status: &str| format!("# Limits\n\n- Author: Ada\n- Status: {status}\n\nText.\n");
    let (read, other) = (design("Completed"), design("partially **Completed** / partially **Outdated**"));
    let files = [("doc/design/a.md", &*read), ("doc/design/b.md", &*read), ("doc/design/c.md", &*other)];
    let repository = Repository::folder_with(&files);
    repository.write(&[("doc/design/template.md", &other), ("doc/design/guide.md", "# How\n\nText.\n")]);
    let told = "`doc/design/c.md`: this page in `doc/design/` is not read as a record: its status is \
                `partially **Completed** / partially **Outdated**`, in no word that is known (`design`)";
    let output = repository.run(&["check", "-v"]);
    assert!(output.err.contains(told), "{}", output.err);
    assert_eq!(output.err.matches("is not read as a record").count(), 1, "{}", output.err);
}

#[test]
fn a_path_in_brackets_is_a_broken_link() {
    let read = "# Limits\n\nStatus: accepted\n";
    let index = |link: &str| format!("# Ours\n\n| Title |\n|---|\n| {link} |\n");
    let repository = Repository::folder_with(&[
        ("docs/adr/0001-limits.md", read),
        ("docs/adr/README.md", &index("[0001 - Limits][./0001-limits.md]")),
    ]);
    let check = || repository.check(&["--select", "reference/broken-link", "--format", "concise"]).out;
    let told = "docs/adr/README.md:5:18: error[reference/broken-link] broken link to `[./0001-limits.md]`";
    assert!(check().starts_with(told), "{}", check());
    repository.run(&["check", "--fix=all"]);
    assert_eq!(repository.read("docs/adr/README.md"), index("[0001 - Limits](./0001-limits.md)"));
    for link in [
        "`[0001][./0001-limits.md]`",
        "[0001][limits]",
        "[0001][./0001-limits.md]\n\n[./0001-limits.md]: 0001-limits.md\n",
    ] {
        repository.write(&[("docs/adr/README.md", &index(link))]);
        assert!(!check().contains("broken-link"), "{link}: {}", check());
    }
}

#[test]
fn posts_named_for_the_minutes_of_a_group_are_minutes() {
    let page = "---\ndate: 2020-03-23\nslug: minutes\n---\n\nAttended: Ada Byron, Bo Ek\n\n## Action Items\n\n- Ada: call\n";
    let read = records(&[
        ("blog/posts/2020-03-23-steering-group-minutes.md", page),
        ("blog/posts/2020-04-23-deploy-in-five-minutes.md", page),
    ]);
    assert_eq!(read.len(), 1);
    assert_eq!(read[0]["path"], "blog/posts/2020-03-23-steering-group-minutes.md");
    assert_eq!(read[0]["kind"], "meeting");
}

#[test]
fn a_number_may_follow_a_hash_in_the_name_of_a_page() {
    let page = "---\nTitle: Tokens\nAuthor(s): Ada Byron\nStatus: Accepted\n---\n\n## Summary\n\nOne.\n\n## Motivation\n\nMany.\n";
    assert_eq!(field("AIP-004/AIP#004.md", page, "id"), "004");
}

#[test]
fn a_page_whose_first_heading_is_its_status_has_no_title() {
    let page =
        "# Status\n\n✅ Adopted 2025-03-13\n\n# Context\n\nC.\n\n# Decision\n\nD.\n\n# Consequences\n\nE.\n";
    assert_eq!(field("docs/ADR-010-api.md", page, "status"), "accepted");
    assert_eq!(field("docs/ADR-010-api.md", page, "date"), "2025-03-13");
}

#[test]
fn a_status_is_the_one_in_bold_of_several() {
    let page = |status: &str| {
        format!(
            "# Addons\n\n**Author:** Ada Byron  \n**Status:** {status}  \n**Created:** 2020-02-05\n\n## Motivation\n\nM.\n"
        )
    };
    assert_eq!(
        field("docs/proposals/20200205-addons.md", &page("Draft | Review | **Final**"), "status"),
        "accepted"
    );
    assert!(field("docs/proposals/20200205-addons.md", &page("Draft | Review | Final"), "status").is_null());
}

#[test]
fn the_readme_of_a_numbered_folder_may_state_its_stage() {
    let page = "---\nics: 2\ntitle: Clients\nstage: draft\nauthor: Ada Byron\ncreated: 2019-02-25\n---\n\n## Synopsis\n\nOne.\n";
    assert_eq!(field("spec/core/ics-002-clients/README.md", page, "status"), "draft");
}

#[test]
fn the_template_of_a_community_has_a_number_and_is_no_record() {
    let page = "# NPEP-95: NPEP template\n\n* Status: Provisional\n\n## Introduction\n\nI.\n\n## Alternatives\n\nA.\n";
    assert!(records(&[("npeps/npep-95.md", page)]).is_empty());
    assert_eq!(
        records(&[("npeps/npep-95.md", &page.replace("NPEP template", "A template engine"))]).len(),
        1
    );
}

#[test]
fn numbered_calls_hold_minutes() {
    let page = "# Limits Call 13 Agenda\n\nMeeting Date: June 17th, 2021\n\n## Agenda\n\n1. Limits\n";
    assert_eq!(field("AgendaArchive/Limits Call 13 Agenda.md", page, "date"), "2021-06-17");
}

#[test]
fn the_readme_of_a_kep_is_no_second_record_wherever_the_folder_lies() {
    let yaml = "title: Suspend\nkep-number: 119\nauthors: [\"@ada\"]\nstatus: implemented\ncreation-date: 2026-05-14\n";
    let page = "# KEP-0119: Suspend\n\n## Summary\n\nS.\n\n## Motivation\n\nM.\n\n## Alternatives\n\nA.\n";
    let files = [("docs/keps/119-suspend/kep.yaml", yaml), ("docs/keps/119-suspend/README.md", page)];
    let records = records(&files);
    assert_eq!(records.len(), 1, "{records:?}");
    assert_eq!(records[0]["path"], "docs/keps/119-suspend/kep.yaml");
}
