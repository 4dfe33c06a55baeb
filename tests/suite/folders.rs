//! Records whose folder, or whose neighbours, tell what they are.

use crate::kit::Repository;

/// As [`Repository::listed`], of these files.
fn read(files: &[(&str, &str)]) -> Vec<String> {
    Repository::folder_with(files).listed()
}

/// The path and the day of each record.
fn days(files: &[(&str, &str)]) -> Vec<String> {
    let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let line = |it: &serde_json::Value| {
        format!(
            "{}: {}",
            it["path"].as_str().unwrap_or_default(),
            it["fields"]["date"].as_str().unwrap_or("-")
        )
    };
    records.iter().map(line).collect()
}

fn found(files: &[(&str, &str)]) -> Vec<String> {
    Repository::folder_with(files).check(&[]).out.lines().map(str::to_owned).collect()
}

#[test]
fn a_folder_of_dependencies_may_hold_proposals_of_ones_own() {
    let page = |title: &str| {
        format!(
            "# {title}\n\n**Status**: Approved\n\n**Authors**: Ada\n\n**Replaces**: N/A\n\n# What\n\nMore.\n"
        )
    };
    let (one, other) = (page("Send events"), page("Keep events"));
    let files = [("deps/0003-send-events.md", &*one), ("deps/0003-keep-events.md", &other)];
    assert_eq!(
        read(&files),
        [
            "deps/0003-keep-events.md: numbered 0003, Keep events",
            "deps/0003-send-events.md: numbered 0003, Send events",
        ]
    );
    let told = found(&files).join("\n");
    assert!(told.contains("2 decisions have the id `0003`"), "{told}");
    let theirs = [("deps/lib/doc/0003-send-events.md", &*one), ("deps/lib/doc/0003-keep-events.md", &other)];
    assert_eq!(found(&theirs), [""; 0], "what lies in a folder there is the work of others");
}

#[test]
fn a_key_in_capitals_states_the_number_of_the_folder() {
    let page = |number: &str, key: &str| {
        format!(
            "---\n{key}: {number}\nAuthor: Ada\nStatus: accepted\n---\n\n# RFC {number}: Tables\n\n## Notes\n\nA.\n"
        )
    };
    let (own, other, id) = (page("0016", "RFC"), page("0017", "RFC"), page("0019", "ID"));
    let files =
        [("0016-tables/README.md", &*own), ("0018-chairs/README.md", &other), ("0019-beds/README.md", &id)];
    assert_eq!(read(&files), ["0016-tables/README.md: numbered 0016, Tables"]);
}

#[test]
fn the_day_in_a_name_may_end_with_the_year() {
    let page = "# Meeting minutes\n\n## Attendees\n\n- Ada\n";
    let files = [
        ("osc/2026-meeting-minutes/03-15-24-meeting-minutes.md", page),
        ("osc/2026-meeting-minutes/04-05-2026-meeting-minutes.md", page),
        ("osc/2026-meeting-minutes/05-14-2026-meeting-minutes.md", page),
        ("osc/2026-meeting-minutes/14-06-2026-meeting-minutes.md", page),
        ("osc/2026-meeting-minutes/README.md", page),
    ];
    assert_eq!(
        days(&files),
        [
            "osc/2026-meeting-minutes/03-15-24-meeting-minutes.md: 2024-03-15",
            "osc/2026-meeting-minutes/04-05-2026-meeting-minutes.md: -",
            "osc/2026-meeting-minutes/05-14-2026-meeting-minutes.md: 2026-05-14",
            "osc/2026-meeting-minutes/14-06-2026-meeting-minutes.md: 2026-06-14",
        ]
    );
}

#[test]
fn the_day_of_minutes_may_be_the_name_of_their_folder() {
    let attended = "# Interface task force 18 Jun 2026\n\n## Present\n\n- Ada\n";
    let files = [
        ("2026-06-18-api/README.md", attended),
        ("2026-06-30-tests/readme.md", "# Workshop\n\n- Attendance\n    - Ada\n"),
        ("2026-07-01/README.md", "# Meeting of the group 2026-07-01\n\nNobody came.\n"),
        ("hw/MeetingMinutes/2026-08-06/minutes.md", "# Hardware\n\nA.\n"),
        // A post, an incident, and a folder of something else.
        ("blog/2026-06-18-api/index.md", attended),
        ("2026-06-19-down/README.md", "# Incident of 19 June 2026\n\n## Participants\n\n- Ada\n"),
        ("2026-06-20-data/README.md", "# What we measured in June 2026\n\n## Method\n\nA.\n"),
    ];
    assert_eq!(
        days(&files),
        [
            "2026-06-18-api/README.md: 2026-06-18",
            "2026-06-30-tests/readme.md: 2026-06-30",
            "2026-07-01/README.md: 2026-07-01",
            "hw/MeetingMinutes/2026-08-06/minutes.md: 2026-08-06",
        ]
    );
}

#[test]
fn the_day_in_a_name_may_have_points() {
    let page = "# Cores\n\n## Attendees\n\n- Ada\n";
    let files = [
        ("tg/MeetingMinutes/April.4.2022.md", page),
        ("tg/meeting_minutes/Jan.07.2020.md", page),
        ("tg/meeting_minutes/README.md", page),
    ];
    assert_eq!(
        days(&files),
        ["tg/MeetingMinutes/April.4.2022.md: 2022-04-04", "tg/meeting_minutes/Jan.07.2020.md: 2020-01-07"]
    );
}

#[test]
fn a_session_may_have_a_number_as_its_name() {
    let files = [
        (
            "All Technical Meetings/Meeting 033.md",
            "# Meeting 33\n### Meeting Date/Time: Tue, February 5, 2019 14:00 UTC\n\n# Agenda\n\n- Wood\n",
        ),
        ("All Technical Meetings/How we meet.md", "# How we meet\n\n## Agenda\n\n- Wood\n"),
    ];
    assert_eq!(days(&files), ["All Technical Meetings/Meeting 033.md: 2019-02-05"]);
    assert_eq!(read(&files), ["All Technical Meetings/Meeting 033.md: minutes Meeting 033, Meeting 33"]);
}

#[test]
fn a_number_may_put_a_folder_of_proposals_in_order() {
    let page =
        "---\ntitle: ABC-18\nsidebar_position: 18\n---\n\n# Rest on Sundays\n\n## Why\n\nWe are tired.\n";
    let files = [
        ("community/04-Proposals/ABC18/README.md", page),
        (
            "community/04-Proposals/index.md",
            "---\ntitle: Proposals\n---\n\n# Proposals\n\n- [ABC-18](ABC18/README.md)\n",
        ),
        ("community/04-Topics/ABC18/README.md", page),
    ];
    assert_eq!(read(&files), ["community/04-Proposals/ABC18/README.md: generic 18, Rest on Sundays"]);
}

#[test]
fn a_folder_of_decisions_may_belong_to_work_with_a_number() {
    let page = "# Decision Moment `01K`\n\n- **Status:** `resolved`\n- **Created:** `2026-04-30T07:00:51+00:00`\n\n## Question\n\nHow?\n";
    let files = [
        ("work/auth-2-5-tokens-01k/decisions/DM-01K.md", page),
        ("work/076-tokens/decisions/DM-02K.md", page),
        ("work/decisions/0007-tokens/notes.md", page),
    ];
    assert_eq!(
        read(&files),
        [
            "work/076-tokens/decisions/DM-02K.md: generic DM-02K, Decision Moment 01K",
            "work/auth-2-5-tokens-01k/decisions/DM-01K.md: generic DM-01K, Decision Moment 01K",
        ]
    );
}

#[test]
fn a_guide_about_a_glossary_holds_no_terms() {
    let guide = "# Manage the glossary\n\n## Four scopes\n\nTerms have four scopes.\n\n## Listing terms\n\nRun `list`.\n";
    let glossary = "# Glossary\n\n## Site\n\nA building of a customer.\n\n## Visit\n\nAn hour at a site.\n";
    let files = [
        ("docs/guides/how-to/governance/glossary.md", guide),
        ("docs/governance/manage-glossary.md", guide),
        ("docs/governance/managed-sites-glossary.md", glossary),
        ("docs/governance/glossary.md", glossary),
    ];
    assert_eq!(
        read(&files),
        [
            "docs/governance/glossary.md: glossary-sections Site, Site",
            "docs/governance/glossary.md: glossary-sections Visit, Visit",
            "docs/governance/managed-sites-glossary.md: glossary-sections Site, Site",
            "docs/governance/managed-sites-glossary.md: glossary-sections Visit, Visit",
        ]
    );
}

#[test]
fn a_term_may_have_a_table_of_its_own() {
    let page = "# Context: execution\n\n### Tool\n\n| | |\n|---|---|\n| **Definition** | What runs commands. |\n| **Status** | canonical |\n\n---\n\n\
                ### Session\n\n| | |\n|---|---|\n| **Definition** | An hour of work. |\n\n### Notes\n\nNothing.\n";
    let other = "# Orders\n\n### Order\n\n| Field | Type |\n|---|---|\n| id | number |\n\n### Item\n\n| Field | Type |\n|---|---|\n| id | number |\n";
    let files = [("docs/context/execution.md", page), ("docs/context/orders.md", other)];
    assert_eq!(
        read(&files),
        [
            "docs/context/execution.md: glossary-cards Tool, Tool",
            "docs/context/execution.md: glossary-cards Session, Session",
        ]
    );
}

#[test]
fn a_block_may_be_a_glossary() {
    let page = "# Words\n\n```{glossary}\nSite (ST)\n: A building of a customer,\n  or its yard.\n\n  There may be several.\n\n\
                Sites\n: See {term}`Site`.\n\nVisit\nCall\n: An hour at a site.\n```\n\nOther\n: No term.\n";
    let listing =
        Repository::folder_with(&[("reference/terminology.md", page), ("reference/words.md", page)]);
    let listing = listing.run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let shown = |it: &serde_json::Value| {
        format!(
            "{} {} {}: {}",
            it["path"], it["fields"]["title"], it["fields"]["aliases"], it["fields"]["definition"]
        )
        .replace('"', "")
    };
    assert_eq!(
        records.iter().map(shown).collect::<Vec<_>>(),
        [
            "reference/terminology.md Site [ST]: A building of a customer,\\n  or its yard.",
            "reference/terminology.md Visit null: An hour at a site.",
        ]
    );
}

#[test]
fn one_item_above_the_heading_may_state_the_status() {
    let page = "- Status: Built\n\n# Versions of the interface\n\n## Several versions\n\nThere are two.\n";
    let listing = Repository::folder_with(&[("rfcs/002-versions/002-versions.md", page)]);
    let listing = listing.run(&["records", "--format", "json"]).json();
    assert_eq!(listing["records"][0]["fields"]["status"], "accepted", "{listing}");
    let note = page.replace("- Status: Built", "Note: built.");
    let listing = Repository::folder_with(&[("rfcs/002-versions/002-versions.md", &note)]);
    let listing = listing.run(&["records", "--format", "json"]).json();
    assert_eq!(listing["records"][0]["fields"]["status"], serde_json::Value::Null, "{listing}");
}

#[test]
fn a_pitch_names_its_appetite() {
    let page = "# See the workflows\n\nCreated: August 4, 2022\n\n---\n\n## 🤔 Context and Problem\n\nNobody does.\n\n## 🍴 Appetite\n\nTwo weeks.\n\n## 🎯 Solution\n\nA page.\n";
    let files = [
        ("feature-pitches/001-see-workflows/001-see-workflows.md", page),
        ("feature-pitches/003-shells/shells.md", page),
        ("feature-pitches/feature-pitch-template.md", page),
        ("pages/003-shells/shells.md", page),
    ];
    assert_eq!(
        read(&files),
        [
            "feature-pitches/001-see-workflows/001-see-workflows.md: pitch 001, See the workflows",
            "feature-pitches/003-shells/shells.md: pitch 003, See the workflows",
        ]
    );
}

#[test]
fn a_folder_of_a_status_holds_pages_that_state_it_and_their_authors() {
    let page = "# See packages\n\n* Status: **In Review**\n* Author(s): Ada\n\n## Issue\n\nOne sees none.\n";
    let files =
        [("accepted/2021/SeePackages.md", page), ("accepted/README.md", page), ("docs/accepted/a.md", page)];
    assert_eq!(read(&files), ["accepted/2021/SeePackages.md: proposal-header SeePackages, See packages"]);
}

#[test]
fn a_key_may_say_that_a_page_is_a_design() {
    let page =
        "---\ntitle: Events\ndesign_doc: true\nstatus: released (6.5)\n---\n\nBackground\n----------\n\nA.\n";
    let other = page.replace("design_doc: true\n", "");
    let files = [("doc/design/events.md", page), ("doc/design/logs.md", &other)];
    assert_eq!(read(&files), ["doc/design/events.md: design events, Events"]);
}

#[test]
fn pages_that_describe_how_people_meet_are_not_offered_as_minutes() {
    let files = [("sales/meetings/sync.md", "# Sales sync\n\nEach Monday.\n"), ("README.md", "# A\n")];
    let output = Repository::folder_with(&files).check(&[]);
    assert!(!output.err.contains("meeting:"), "{}", output.err);
    let files = [("sales/meetings/sync-7.md", "# Sales sync 7\n\nNo visits.\n"), ("README.md", "# A\n")];
    let output = Repository::folder_with(&files).check(&[]);
    assert!(output.err.contains("meeting:"), "{}", output.err);
}

#[test]
fn a_name_of_a_day_and_of_meeting_notes_is_that_of_minutes_anywhere() {
    let page = "# Restoring the agreement\n\n## Next steps\n\nWe draft a new one.\n";
    let files = [
        ("docs/office-hours/20190709_meeting_notes.md", page),
        ("docs/office-hours/2019-07-23-board-minutes.md", page),
        ("docs/office-hours/20190806_release_notes.md", page),
        ("_posts/2019-07-09-our-meeting-notes.md", page),
    ];
    assert_eq!(
        read(&files),
        [
            "docs/office-hours/2019-07-23-board-minutes.md: minutes 2019-07-23-board-minutes, Restoring the agreement",
            "docs/office-hours/20190709_meeting_notes.md: minutes 20190709_meeting_notes, Restoring the agreement",
        ]
    );
}

#[test]
fn a_numbered_page_that_names_an_owner_and_approvers_is_a_proposal() {
    let table = "# Forward calls\n\n|  |  |\n|--|--|\n| Owners | @ada |\n| Approvers | @bo |\n\n## Summary\n\nWe do.\n";
    let list = "# Fast sync\n\n- Owner: @ada\n- Approvers:\n  - @bo\n\n## Background\n\nIt is slow.\n";
    let files = [
        ("in-progress/11103-forward-calls/design.md", table),
        ("in-progress/12487-fast-sync.md", list),
        ("in-progress/notes.md", list),
        ("in-progress/0007-list.md", "# List\n\n- Owner: @ada\n\n## Background\n\nA.\n"),
    ];
    assert_eq!(
        read(&files),
        [
            "in-progress/11103-forward-calls/design.md: numbered-proposal 11103, Forward calls",
            "in-progress/12487-fast-sync.md: numbered-proposal 12487, Fast sync",
        ]
    );
}

#[test]
fn the_status_of_an_ensip_is_in_a_mapping() {
    let page = "---\ndescription: Names\ncontributors:\n  - ada.eth\nensip:\n  created: '2016-04-04'\n  status: final\n---\n\n# ENSIP-1: Names\n\n## Abstract\n\nA.\n";
    let files = [("ensips/1.md", page), ("ensips/2.md", "# ENSIP-2: Draft\n")];
    let repository = Repository::folder_with(&files);
    let listing = repository.run(&["records", "--format", "json"]).json();
    let record = &listing["records"][0];
    assert_eq!(
        [&record["id"], &record["title"], &record["fields"]["status"], &record["fields"]["created"]],
        ["1", "Names", "accepted", "2016-04-04"],
        "{listing}"
    );
}

#[test]
fn a_name_that_ends_in_a_day_is_that_of_minutes_with_a_title_and_attendance() {
    let page =
        |title: &str, section: &str| format!("# {title}\n\n## {section}\n\nAda, Bo\n\n## Discussion\n\nA.\n");
    let files = [
        ("notes/team/meeting-20100506.md", page("Team meeting", "Attendance")),
        ("notes/team/zope-dev-2010-05-04.md", page("2010-05-04", "Present")),
        ("notes/team/release-20100601.md", page("Release of June", "Present")),
        ("notes/team/meeting-20100615.md", page("Team meeting", "Topics")),
        ("_posts/our-meeting-20100701.md", page("Team meeting", "Attendance")),
    ];
    let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
    assert_eq!(
        read(&files),
        [
            "notes/team/meeting-20100506.md: minutes meeting-20100506, Team meeting",
            "notes/team/meeting-20100615.md: various-minutes meeting-20100615, Team meeting",
            "notes/team/zope-dev-2010-05-04.md: minutes zope-dev-2010-05-04, 2010-05-04",
        ]
    );
}

#[test]
fn a_design_that_is_named_by_its_day_is_a_proposal() {
    let page = "# Collect garbage\n\n## Abstract\n\nA.\n\n## Background\n\nB.\n\n## Design\n\nC.\n\n## Rationale\n\nD.\n";
    let other = "# Collect garbage\n\n## Background\n\nB.\n\n## Design\n\nC.\n";
    let files = [
        ("20190909-collect-garbage.md", page),
        ("old-designs/20191001-collect-more.md", page),
        ("20190910-other.md", other),
        ("_posts/2019-09-09-collect-garbage.md", page),
        (
            "pages/request-for-comments/003-hire.md",
            "---\ntitle: RFC 003 - Hire\n---\n\n## The problem\n\nA.\n\n## The proposal\n\nB.\n",
        ),
    ];
    assert_eq!(
        read(&files),
        [
            "20190909-collect-garbage.md: numbered-proposal 20190909-collect-garbage, Collect garbage",
            "old-designs/20191001-collect-more.md: numbered-proposal 20191001-collect-more, Collect garbage",
            "pages/request-for-comments/003-hire.md: generic 003, Hire",
        ]
    );
}

#[test]
fn a_ticket_with_a_status_is_no_decision() {
    let page =
        "# Problem 007: Lost reactions\n\n## Status: Parked\n\n## Context\n\nA.\n\n## Decision\n\nB.\n";
    assert_eq!(read(&[("docs/problems/parked/007-lost-reactions.md", page)]), [""; 0]);
}

#[test]
fn letters_with_a_day_or_a_number_in_name_and_title_are_those_of_a_proposal() {
    let files = [
        (
            "cip/1.adopted/CIP2015-06-24-call-procedures.adoc",
            "= CIP2015-06-24 Calling procedures\n\n*Author:* Ada\n\n== Proposal\n\nA.\n",
        ),
        ("cip/1.adopted/CIP2015-06-24-exists.adoc", "= CIP2015-06-24 Exists\n\n== Proposal\n\nA.\n"),
        (
            "ewc-rfc001-issue-credentials.md",
            "# EWC RFC001: Issue credentials\n\n**Authors:**\n\n* Ada\n\n## Summary\n\nA.\n",
        ),
        ("ewc-rfc001-notes.md", "# Notes\n\n## Summary\n\nA.\n"),
        ("problems/073-adr041-regress.md", "# ADR 041 regresses\n\n## Summary\n\nA.\n"),
        ("handoff_adr0094_fixes.md", "# Fixes of ADR 0094\n\n## Summary\n\nA.\n"),
        ("payment-rfcs/CC-4.0-LICENSE.md", "# Attribution 4.0\n\n## Summary\n\nA.\n"),
        ("sg1/meetings/2026-01-15/summary.md", "# Summary\n\n## Participants\n\n- Ada\n"),
    ];
    assert_eq!(
        read(&files),
        [
            "cip/1.adopted/CIP2015-06-24-call-procedures.adoc: numbered-proposal CIP2015-06-24-call-procedures, CIP2015-06-24 Calling procedures",
            "cip/1.adopted/CIP2015-06-24-exists.adoc: numbered-proposal CIP2015-06-24-exists, CIP2015-06-24 Exists",
            "ewc-rfc001-issue-credentials.md: numbered-proposal 001, EWC RFC001: Issue credentials",
            "sg1/meetings/2026-01-15/summary.md: minutes 2026-01-15, -",
        ]
    );
}

#[test]
fn minutes_among_posts_have_a_list_of_those_who_attended() {
    let minutes =
        "---\ntitle: Weekly Meeting 203\n---\n\nPresent: Ada Byron, Max Weber, Kai\n\n## News\n\nWe met.\n";
    let post = "---\ntitle: We have met\n---\n\nPresent: we were there, and you?\n\n## News\n\nWe met.\n";
    let heading = "# Weekly Meeting 113\n\n#### *Present*: Ada Byron, Max Weber\n\n## News\n\nN.\n";
    let files = [
        ("organization/_posts/2021/2021-03-04-coordination.md", minutes),
        ("organization/_posts/2021/2021-03-05-we-have-met.md", post),
        ("organization/_posts/2017/2017-10-18-startup.md", heading),
        ("vereniging/notulen/notulen-alv-14-oktober-2020.md", "# Notulen ALV\n\n## Aanwezig\n\n- Ada\n"),
    ];
    assert_eq!(
        read(&files),
        [
            "organization/_posts/2017/2017-10-18-startup.md: minutes 2017-10-18-startup, Weekly Meeting 113",
            "organization/_posts/2021/2021-03-04-coordination.md: minutes 2021-03-04-coordination, Weekly Meeting 203",
            "vereniging/notulen/notulen-alv-14-oktober-2020.md: minutes notulen-alv-14-oktober-2020, Notulen ALV",
        ]
    );
}

#[test]
fn a_header_indented_with_no_break_spaces_is_read() {
    let page = "```\n\u{a0} KIP: 3\n\u{a0} Title: Sampling\n\u{a0} Author: Ada\n\u{a0} Status: Rejected\n```\n\n# Motivation\n\nM.\n";
    assert_eq!(read(&[("kip-0003.md", page)]), ["kip-0003.md: numbered 0003, Sampling"]);
}

#[test]
fn templates_and_prompts_beside_decisions_are_no_decisions() {
    let page =
        "# Use Git\n\nDate: 2026-01-02\n\n## Status\n\nAccepted\n\n## Context\n\nC.\n\n## Decision\n\nGit.\n";
    let template = page.replace("# Use Git", "# ADR template for the Alexandrian pattern");
    let prompt = page.replace("# Use Git", "# Prompt for the use of Git");
    let files = [
        ("docs/adr/0001-git.md", page),
        ("docs/adr/alexandrian-pattern.md", &template),
        ("docs/adr/prompts/0001-git_prompt.md", &prompt),
    ];
    assert_eq!(read(&files), ["docs/adr/0001-git.md: nygard 0001, Use Git"]);
}

#[test]
fn folders_named_by_a_day_without_hyphens_and_names_in_bold_tell_minutes() {
    let page = "# Community Meeting 14 January 2025\n\n## Attendees\n\n- Ada\n";
    let bold = "**<span style=\"text-decoration:underline;\">Community Meeting</span>**\n\n**<span style=\"text-decoration:underline;\">Attendees</span>**\n\nAda\n";
    let files = [
        ("meeting-notes/20250114-community/index.md", page),
        ("community-calls/2020-12-16-community-call.md", bold),
    ];
    assert_eq!(
        days(&files),
        [
            "community-calls/2020-12-16-community-call.md: 2020-12-16",
            "meeting-notes/20250114-community/index.md: 2025-01-14",
        ]
    );
}

#[test]
fn a_page_called_rfc_has_the_number_of_its_folder() {
    let page = "# API pagination\n\n## Stakeholders\n\nAda\n\n## Summary\n\nS.\n\n## Motivation\n\nM.\n\n## Alternatives\n\nA.\n";
    assert_eq!(
        read(&[("content/0002-api-pagination/rfc.md", page)]),
        ["content/0002-api-pagination/rfc.md: numbered-proposal 0002, API pagination"]
    );
}

#[test]
fn an_abandoned_proposal_at_the_root_is_read_as_an_accepted_one_is() {
    let page = "# PHP RFC: Saner sorting\n\n - Version: 1.0\n - Date: 2025-01-02\n - Author: Ada\n - Status: Abandoned\n\n## Introduction\n\nI.\n";
    assert_eq!(read(&[("abandoned/saner-sorting.md", page)]).len(), 1);
}

#[test]
fn a_title_such_as_adr_01_tells_a_decision_in_any_folder() {
    let page =
        "# ADR 01 - Reference architecture\n\n- **Status:** WIP\n\n## Context\n\nC.\n\n## Decision\n\nD.\n";
    let chapter = "# 02 - Goals\n\n- **Status:** WIP\n\n## Context\n\nC.\n";
    assert_eq!(
        read(&[("architecture/01-reference.md", page), ("architecture/02-goals.md", chapter)]),
        ["architecture/01-reference.md: own-number 01, Reference architecture"]
    );
}

#[test]
fn a_section_may_be_named_with_an_ampersand() {
    let page = "# ADR-020: Keep logs\n\n* **Status:** Accepted\n\n## 1. Context & Problem Statement\n\nC.\n\n## 2. Decision\n\nD.\n";
    assert_eq!(read(&[("docs/0020-keep-logs.md", page)]), ["docs/0020-keep-logs.md: madr 0020, Keep logs"]);
}

#[test]
fn minutes_may_lie_in_a_folder_of_their_day_at_the_root() {
    let page = "# Minutes from the community meeting\n\nWe talked.\n";
    assert_eq!(days(&[("2025-04-30/minutes.md", page)]), ["2025-04-30/minutes.md: 2025-04-30"]);
}

#[test]
fn what_is_to_be_done_and_what_a_company_can_do_are_no_decisions() {
    let task = "# [TASK-003] Create the ADR for queues\n\n**Status**: Done\n**Author**: Ada\n**Created**: 2025-08-13\n";
    let log = "# [TASK-004] Create the ADR for logs\n\n## Context\n\nC.\n\n## Progress\n\n### 2025-08-13 - Task started\n\n**Decision:** begin.\n\n### 2025-08-14 - Task completed\n\n**Decision:** end.\n";
    let capability =
        "---\nid: deposits\ntitle: Deposits\ntype: business-capability\nstatus: draft\n---\n\n# Deposits\n";
    let system = "---\nid: i2c\ntitle: i2c\ntype: system\nstatus: draft\n---\n\n# i2c\n";
    let files = [
        ("backlog/TASK-003-queues.md", task),
        ("backlog/TASK-004-logs-adr.md", log),
        ("capabilities/L1-deposits.md", capability),
        ("systems/i2c.md", system),
    ];
    assert_eq!(read(&files), [] as [&str; 0]);
}

#[test]
fn a_page_in_a_folder_with_a_day_may_say_when_it_was_first_proposed() {
    let page = "# Tracing\n\n* First proposed: 2020-10-30\n* Authors: Ada Byron\n\n## Summary\n\nA.\n\n## Design Details\n\nB.\n";
    let files = [
        ("enhancements/proposed/20201030-tracing/README.md", page),
        ("enhancements/proposed/20210618-tips/tips.md", page),
        ("enhancements/README.md", page),
    ];
    assert_eq!(
        read(&files),
        [
            "enhancements/proposed/20201030-tracing/README.md: generic 20201030-tracing, Tracing",
            "enhancements/proposed/20210618-tips/tips.md: generic tips, Tracing",
        ]
    );
}

#[test]
fn work_that_is_to_be_done_is_no_decision() {
    let page = "---\ntitle: Faster start\nstatus: done\ncreated: 2025-12-01\n---\n\n# Faster start\n\n## Problem\n\nA.\n\n## Proposed Solution\n\nB.\n";
    let files = [
        ("docs/brainstorming_notes/021-start.md", page),
        ("docs/notes/021-start.md", page),
        ("docs/todos/archived/021-start.md", page),
    ];
    assert_eq!(read(&files), ["docs/notes/021-start.md: numbered 021, Faster start"]);
}
