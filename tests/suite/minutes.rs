//! Pages of minutes as people write them: lines below the title, actions in a sentence, questions with their answers.

use crate::kit::Repository;

const PEOPLE: &str = "people:\n  - { id: ada, title: Ada Byron }\n  - { id: bo, title: Bo Ek }\n  - { id: lena, title: Lena Vogt }\n\
                      teams: [{ id: sales, title: Sales }]\n\
                      forums: [{ id: lead, title: Leadership round, purpose: [decide, align], chair: ada, participants: [ada, bo], cadence: weekly,\n\
                      \u{20}         questions: [What do we stop?] }]\n";

fn minutes(page: &str) -> Repository {
    Repository::folder_with(&[("governance/people.yaml", PEOPLE), ("governance/minutes/2026-11-20.md", page)])
}

fn fields(repository: &Repository) -> serde_json::Value {
    let listing = repository.run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().expect("records").iter();
    let mut found = records.filter(|record| record["kind"] == "meeting").map(|it| it["fields"].clone());
    found.next().unwrap_or_else(|| panic!("no meeting in {listing}"))
}

const SECTIONS: &str =
    "\n## Decisions\n\n- Prices stay.\n\n## Actions\n\n- [ ] Call the printer @bo due 2026-11-27\n";

#[test]
fn lines_below_the_title_state_fields() {
    for lines in [
        "Date: 2026-11-20\nForum: Leadership round\nPresent: Ada Byron, Bo Ek (remote)\nTags: prices, print\n",
        "- Date: 2026-11-20\n- Forum: Leadership round\n- Present:\n  - Ada Byron\n  - Bo Ek\n- Tags: prices, print\n",
        "**Date:** 2026-11-20  \n**Forum:** Leadership round  \n**Present:** Ada Byron, Bo Ek  \n**Tags**: prices, print\n",
    ] {
        let fields = fields(&minutes(&format!("# Round\n\n{lines}{SECTIONS}")));
        assert_eq!(fields["date"], "2026-11-20", "{lines}");
        assert_eq!(fields["forum"], "Leadership round", "{lines}");
        assert_eq!(fields["attendees"], serde_json::json!(["Ada Byron", "Bo Ek"]), "{lines}");
        assert_eq!(fields["tags"], serde_json::json!(["prices", "print"]), "{lines}");
    }
}

#[test]
fn other_lines_state_none() {
    let page = format!(
        "---\nforum: lead\n---\n# Round\n\nForum: sales\nNumber: 12 people\n\n<!--\nDate: 2026-01-01\n-->\n\n```\nTags: a\n```\n\nWe met. Owner: nobody.\n{SECTIONS}"
    );
    let fields = fields(&minutes(&page));
    assert_eq!(fields["forum"], "lead", "the front matter counts");
    assert_eq!(fields["id"], "2026-11-20");
    assert_eq!(fields["date"], "2026-11-20", "the name of the file counts, and a comment does not");
    for absent in ["tags", "owner"] {
        assert!(fields.get(absent).is_none(), "{absent}: {fields}");
    }
    let unread = format!("# Round\n\nDate: 2026-11-20\nForum: lead\n{SECTIONS}");
    let repository = Repository::folder_with(&[("notes/2026-11-20.md", &unread)]);
    assert!(!repository.run(&["records"]).out.contains("meeting"), "the folder is not one of ours");
}

#[test]
fn the_day_in_the_name_may_have_the_name_of_its_month() {
    for (name, title, date) in [
        ("minutes-august-06-2025", "Steering committee", "2025-08-06"),
        ("minutes-6-Aug-2025", "Steering committee", "2025-08-06"),
        ("6th-august-25", "Steering committee, 6 August 2025", "2025-08-06"),
    ] {
        let page = format!("# {title}\n\n## Attendees\n\n- Ada Byron\n");
        let repository = Repository::folder_with(&[(&format!("committee/meeting-minutes/{name}.md"), &page)]);
        assert_eq!(fields(&repository)["date"], date, "{name}");
    }
    let page = "# What we may do\n\n## Attendees\n\n- Ada Byron\n";
    let repository = Repository::folder_with(&[("committee/meeting-minutes/what-we-may-20-do.md", page)]);
    assert!(!repository.run(&["records"]).out.contains("meeting/"), "no year");
}

/// The day and the forum of a session are often in its title, and nowhere else.
#[test]
fn folders_of_minutes_have_names_in_several_languages() {
    for folder in ["protokolle", "notulen", "verbali", "comptes-rendus", "actas"] {
        let path = format!("{folder}/plenum-20260506.md");
        let repository = Repository::folder_with(&[(&path, "# Plenum\n\n- Ada: 3 sites\n")]);
        let listing = repository.run(&["records", "--format", "json"]).json();
        assert_eq!(listing["records"][0]["fields"]["date"], "2026-05-06", "{folder}");
    }
}

#[test]
fn the_title_names_the_day_and_the_forum() {
    for (title, file) in [
        ("Leadership round, 18 November 2026", "governance/minutes/round.md"),
        ("2026-11-18 Leadership round", "governance/minutes/round.md"),
        ("Leadership round: prices (18.11.2026)", "governance/minutes/round.md"),
        ("Leadership round, 18. November 2026", "governance/minutes/2026-11-20.md"),
        ("Leadership round", "governance/minutes/2026-11-18-round.md"),
    ] {
        let page = format!("# {title}\n\nPresent: Ada Byron\n{SECTIONS}");
        let repository = Repository::folder_with(&[("governance/people.yaml", PEOPLE), (file, &page)]);
        let fields = fields(&repository);
        assert_eq!(fields["date"], "2026-11-18", "{title}");
        let agenda = repository.run(&["agenda", "lead", "--as-of", "2026-11-20"]).out;
        assert!(agenda.contains("Call the printer"), "{title}: {agenda}");
    }
    let page = format!("# Sales round, 18 November 2026\n\nPresent: Ada Byron\n{SECTIONS}");
    let repository = Repository::folder_with(&[
        ("governance/people.yaml", PEOPLE),
        ("governance/minutes/sales.md", &page),
    ]);
    let output = repository.check(&["--select", "reference/*,directory/unknown"]);
    assert_eq!(output.out, "", "what names no forum is no reference");
    let output = repository.check(&["--select", "date/*"]);
    assert_eq!(output.out, "");
}

#[test]
fn a_day_without_a_year_is_the_next_one_after_the_session() {
    let page = "# Round, 14 December 2026\n\n## Decisions\n\n- Prices stay.\n\n## Actions\n\n- [ ] Call the printer @bo by 18 December\n- [ ] Count the sites @ada by 8 Jan\n- [x] Tell all @lena by November 30\n";
    let fields = fields(&minutes(page));
    let days: Vec<&str> =
        fields["actions"].as_array().unwrap().iter().map(|action| action["due"].as_str().unwrap()).collect();
    assert_eq!(days, ["2026-12-18", "2027-01-08", "2026-11-30"]);
}

#[test]
fn minutes_in_german_are_read() {
    let page = "# Leadership round, 20. November 2026\n\n**Teilnehmer:** Ada Byron, Bo Ek\n**Entschuldigt:** keine\n\n## Fragen\n\n\
                ### What do we stop?\n\nNichts.\n\n## Beschlüsse\n\n- Die Preise bleiben.\n\n## Aufgaben\n\n\
                - [ ] Den Drucker anrufen @bo bis 2026-11-27\n- Lena: Ulm anrufen bis zum 27. November 2026\n";
    let repository = minutes(page);
    let fields = fields(&repository);
    assert_eq!(fields["attendees"], serde_json::json!(["Ada Byron", "Bo Ek"]));
    assert_eq!(fields["answers"][0]["answer"], "Nichts.");
    assert_eq!(fields["resolutions"], serde_json::json!(["Die Preise bleiben."]));
    assert_eq!(fields["actions"][0]["due"], "2026-11-27");
    assert_eq!(fields["actions"][1]["owner"], "Lena");
    let output = repository.check(&[]);
    assert_eq!(fields["actions"][1]["due"], "2026-11-27");
    assert!(!output.out.contains("minutes/"), "{output:?}");
}

#[test]
fn a_day_below_the_title_is_corrected_there() {
    let page = format!("# Round\n\nDate: 20.11.2026\nForum: lead\n{SECTIONS}");
    let repository = minutes(&page);
    let output = repository.check(&["--select", "schema/*"]);
    assert!(output.out.starts_with("governance/minutes/2026-11-20.md:3:7: "), "{output:?}");
    repository.run(&["--fix"]);
    assert_eq!(repository.read("governance/minutes/2026-11-20.md"), page.replace("20.11.2026", "2026-11-20"));
}

fn actions(lines: &str) -> Repository {
    minutes(&format!(
        "# Round\n\nDate: 2026-11-20\nForum: lead\n\n## Decisions\n\n- Prices stay.\n\n## Actions\n\n{lines}"
    ))
}

#[test]
fn an_action_names_who_does_it_as_people_write_it() {
    for (line, owner, due) in [
        ("- [ ] Tell the recruiter @lena due 27.11.2026", Some("@lena"), Some("27.11.2026")),
        ("- Lena: call Ulm by 27 Nov", Some("Lena"), Some("2026-11-27")),
        ("- Lena Vogt: call Ulm by Nov 27, 2026.", Some("Lena Vogt"), Some("2026-11-27")),
        ("- [ ] Bo writes the offer (due 2026-12-01)", Some("Bo"), Some("2026-12-01")),
        ("- Bo Ek to write the offer (due 1 December 2026)", Some("Bo Ek"), Some("2026-12-01")),
        ("- sales: write to everyone, until 2026-12-01", Some("sales"), Some("2026-12-01")),
        ("- [ ] Send the list until 2026-12-01 (Lena)", Some("Lena"), Some("2026-12-01")),
        ("- [ ] Send the list (Lena Vogt, 2026-12-01)", Some("Lena Vogt"), Some("2026-12-01")),
        ("- [ ] Send the list (Lena, by 2026-12-01)", Some("Lena"), Some("2026-12-01")),
        ("- **Lena**: send the list by 2026-12-01", Some("Lena"), Some("2026-12-01")),
        ("- **Lena:** send the list by 2026-12-01", Some("Lena"), Some("2026-12-01")),
        ("- [ ] [Lena] Send the list by 2026-12-01", Some("Lena"), Some("2026-12-01")),
        ("- Send the list by 2026-12-01 - Lena", Some("Lena"), Some("2026-12-01")),
        ("- Send the list – by 2026-12-01 – Lena Vogt", Some("Lena Vogt"), Some("2026-12-01")),
        ("- Send the list → Lena, 2026-12-01", Some("Lena"), Some("2026-12-01")),
        ("- Lena and Bo: send the list by 2026-12-01", Some("Lena"), Some("2026-12-01")),
        ("- Lena schickt die Liste bis 2026-12-01", Some("Lena"), Some("2026-12-01")),
        ("- Send the list – Lena – 1 December 2026", Some("Lena"), Some("2026-12-01")),
        ("- Send the list (Lena) – moved to 1 December 2026", Some("Lena"), Some("2026-12-01")),
        ("- Send the list – Lena – by Friday", Some("Lena"), Some("2026-11-27")),
        ("- Send the list – Lena – in spring", Some("Lena"), None),
        ("- Send the list (Lena) – in spring", Some("Lena"), None),
        ("- Send the list – at once – in spring", None, None),
        ("- Send the list (again) by 2026-12-01", None, Some("2026-12-01")),
        ("- Send the list - soon", None, None),
        ("- Website: mend the links by 10 marketing pages", None, None),
        ("- Update prices", None, None),
        ("- Fix: nobody knows who", None, None),
    ] {
        let repository = actions(&format!("{line}\n"));
        let found = fields(&repository)["actions"][0].clone();
        assert_eq!(found.get("owner").and_then(|it| it.as_str()), owner, "{line}: {found}");
        assert_eq!(found.get("due").and_then(|it| it.as_str()), due, "{line}: {found}");
        let output = repository.check(&["--select", "action/unowned,reference/*,ownership/unknown"]);
        assert_eq!(output.out.is_empty(), owner.is_some() && due.is_some(), "{line}: {output:?}");
    }
}

#[test]
fn days_in_words_are_read_on_a_page() {
    let page = "# Round\n\nDate: 20 November 2026\nForum: lead\n\n## Decisions\n\n- Prices stay.\n\n## Actions\n\n\
                | What | Who | By |\n|---|---|---|\n| Call Ulm | Lena | 3 Dec 2026 |\n| Count the sites | Bo | 4 December |\n";
    let repository = minutes(page);
    let fields = fields(&repository);
    assert_eq!(fields["date"], "2026-11-20");
    assert_eq!(fields["actions"][0]["due"], "2026-12-03");
    assert_eq!(fields["actions"][1]["due"], "2026-12-04");
    assert!(!repository.check(&["--select", "schema/*"]).out.contains("minutes/"));
}

#[test]
fn an_action_in_brackets_keeps_its_words() {
    let repository = actions("- [ ] Send the list (all of it) until 2026-12-01 (Lena)\n");
    assert_eq!(fields(&repository)["actions"][0]["what"], "Send the list (all of it) (Lena)");
}

#[test]
fn those_present_are_joined_by_a_word() {
    for (present, found) in [
        ("Ada Byron and Bo Ek", &["Ada Byron", "Bo Ek"][..]),
        ("Ada, Bo und Lena Vogt", &["Ada", "Bo", "Lena Vogt"]),
        ("Ada, Bo, and Lena", &["Ada", "Bo", "Lena"]),
        ("Ada & sales", &["Ada", "sales"]),
    ] {
        let repository =
            minutes(&format!("# Round\n\nDate: 2026-11-20\nForum: lead\nPresent: {present}\n{SECTIONS}"));
        let output = repository.check(&["--select", "reference/*,ownership/*,directory/unknown"]);
        assert_eq!(output.out, "", "{present}");
        let listing = repository.run(&["records", "--format", "json"]).json().to_string();
        assert!(found.iter().all(|name| listing.contains(&format!("{name:?}"))), "{present}: {listing}");
    }
    let page = format!("# Round\n\nDate: 2026-11-20\nForum: lead\nPresent: Ada Byron and Cy Roe\n{SECTIONS}");
    let output = minutes(&page).check(&["--select", "reference/*,directory/unknown"]);
    let expected = "governance/minutes/2026-11-20.md:5:24: note[directory/unknown] `2026-11-20` refers to the unknown person or role or team `Cy Roe`\n";
    assert_eq!(output.out, expected, "only who is not known is told");
    let team = PEOPLE.replace("title: Sales", "title: Research and Sales");
    let page = page.replace("Ada Byron and Cy Roe", "Research and Sales");
    let repository = Repository::folder_with(&[
        ("governance/people.yaml", &team),
        ("governance/minutes/2026-11-20.md", &page),
    ]);
    assert_eq!(
        repository.check(&["--select", "reference/*,directory/unknown"]).out,
        "",
        "a name with such a word is one"
    );
}

#[test]
fn a_given_name_alone_is_not_in_the_directory() {
    let people = "people: [{ id: ada-b, title: Ada Byron }, { id: bo-e, title: Bo Ek }, { id: bo-r, title: Bo Roe }]\n";
    let page = format!("# Round\n\nDate: 2026-11-20\nPresent: Ada, Bo\n{SECTIONS}").replace("@bo", "Ada");
    let repository = Repository::folder_with(&[
        ("governance/people.yaml", people),
        ("governance/minutes/2026-11-20.md", &page),
    ]);
    let output = repository.check(&["--select", "reference/*,directory/unknown"]);
    let expected = "governance/minutes/2026-11-20.md:4:10: note[directory/unknown] `2026-11-20` refers to the unknown person or role or team `Ada`\n\
                    governance/minutes/2026-11-20.md:4:15: note[directory/unknown] `2026-11-20` refers to the unknown person or role or team `Bo`\n";
    assert_eq!(output.out, expected);
    let decisions = "decisions: [{ id: D-1, title: Hire, owner: Ada }]\n";
    repository.write(&[("governance/decisions.yaml", decisions)]);
    assert!(
        repository.check(&["--select", "ownership/unknown"]).out.contains("`Ada`"),
        "a list names people in full"
    );
}

#[test]
fn minutes_with_few_sections_are_read_in_a_folder_of_minutes() {
    let page = "# Betriebsrunde, 20. November 2026\n\nAnwesend: Ada und Bo\n\n## Aufgaben\n\n- [ ] Liste schicken (Lena, bis 2026-12-01)\n";
    let repository = minutes(page);
    assert_eq!(fields(&repository)["actions"][0]["owner"], "Lena");
    assert_eq!(repository.check(&[]).out.lines().filter(|line| line.contains("minutes/")).count(), 0);
}

#[test]
fn a_list_after_a_table_is_read_too() {
    let repository = actions(
        "| What | Who | Due |\n|---|---|---|\n| Count the sites | ada | 2026-12-01 |\n\nAnd:\n\n- [ ] Call Ulm @lena due 2026-12-02\n\n\
         | What | Who | Due |\n|---|---|---|\n| Print it | bo | 2026-12-03 |\n",
    );
    let fields = fields(&repository);
    let what: Vec<&str> =
        fields["actions"].as_array().expect("actions").iter().filter_map(|it| it["what"].as_str()).collect();
    assert_eq!(what, ["Count the sites", "Call Ulm", "Print it"]);
    let repository = actions(
        "| What | Who | Due |\n|---|---|---|\n| Count the sites | ada | 2026-12-01 |\n\n- Call Ulm\n",
    );
    let output = repository.check(&["--select", "action/unowned"]);
    assert!(output.out.contains("`Call Ulm`"), "{}", output.out);
}

#[test]
fn an_unreadable_day_of_an_action_is_corrected_as_in_a_table() {
    let repository = actions("- [ ] Tell the recruiter @lena due 27.11.2026\n- Lena: call Ulm by 27 Nov\n");
    let output = repository.check(&[]);
    assert!(output.out.contains("2026-11-20.md:12:36: error[schema/invalid]"), "{output:?}");
    repository.run(&["--fix"]);
    let page = repository.read("governance/minutes/2026-11-20.md");
    assert!(page.contains("- [ ] Tell the recruiter @lena due 2026-11-27\n"), "{page}");
}

#[test]
fn an_answer_stands_behind_or_below_its_question() {
    for section in [
        "## Questions\n\n- What do we stop? Oliver: Nothing new.\n",
        "## Answers\n\n1. **What do we stop?**\n\n   Nothing new.\n",
        "## Questions\n\n- What do we stop?\n  - Nothing new.\n",
        "## Questions\n\n### What do we stop?\n\nNothing new.\n",
        "## Questions\n\n**1. What do we stop?** Nothing new.\n\n**2. What else?**\nMuch.\n",
    ] {
        let page = format!(
            "# Round\n\nDate: 2026-11-20\nForum: lead\n\n{section}\n## Decisions\n\n- Prices stay.\n"
        );
        let repository = minutes(&page);
        let output = repository.check(&["--select", "forum/questions-unanswered,schema/*"]);
        assert_eq!(output.out, "", "{section}");
        let answer = fields(&repository)["answers"][0]["answer"].clone();
        assert!(
            answer.as_str().is_some_and(|answer| answer.ends_with("Nothing new.")),
            "{section}: {answer}"
        );
    }
    for section in [
        "## Questions\n\n- What do we stop?\n",
        "## Questions\n\n### What do we stop?\n",
        "## Questions\n\n**What do we stop?**\n",
    ] {
        let page = format!(
            "# Round\n\nDate: 2026-11-20\nForum: lead\n\n{section}\n## Decisions\n\n- Prices stay.\n"
        );
        let output = minutes(&page).check(&["--select", "forum/questions-unanswered"]);
        assert!(output.out.contains("leaves 1 question of `lead` open"), "{section}: {output:?}");
    }
}

#[test]
fn a_word_for_nothing_is_neither_a_decision_nor_an_action() {
    for word in ["None.", "Keine.", "Nichts.", "Aucune", "n/a"] {
        let page = format!(
            "Date: 2026-11-20\nForum: Leadership round\n\n## Decisions\n\n- {word}\n\n## Actions\n\n- {word}\n"
        );
        let repository = minutes(&format!("# Round\n\n{page}"));
        let fields = fields(&repository);
        assert!(fields.get("actions").is_none() && fields.get("decisions").is_none(), "{word}: {fields}");
        let output = repository.run(&["--select", "action/*", "--select", "reference/unknown"]);
        assert_eq!((output.code, &*output.out), (Some(0), ""), "{word}");
    }
}

#[test]
fn a_table_of_actions_may_have_german_columns() {
    let table =
        "## Aufgaben\n\n| Was | Wer | Bis wann |\n|---|---|---|\n| Drucker anrufen | Bo Ek | 2026-11-27 |\n";
    let fields =
        fields(&minutes(&format!("# Round\n\nDate: 2026-11-20\nForum: Leadership round\n\n{table}")));
    assert_eq!(
        fields["actions"],
        serde_json::json!([{ "what": "Drucker anrufen", "owner": "Bo Ek", "due": "2026-11-27" }])
    );
}

#[test]
fn the_rows_of_a_table_of_roles_are_roles() {
    let roles = "# Roles\n\n| Role | Holder | Reports to |\n|---|---|---|\n| Head of Sales | Ada Byron | Managing Director |\n\
                 | Managing Director | Bo Ek | |\n";
    let repository =
        Repository::folder_with(&[("governance/people.yaml", PEOPLE), ("governance/roles.md", roles)]);
    let listing = repository.run(&["records", "role", "--format", "json"]).json();
    let ids: Vec<&str> =
        listing["records"].as_array().expect("records").iter().filter_map(|it| it["id"].as_str()).collect();
    assert_eq!(ids, ["head-of-sales", "managing-director"]);
    assert_eq!(listing["records"][0]["fields"]["holder"], "Ada Byron");
}

#[test]
fn the_rows_of_a_register_are_exceptions() {
    let register = "# Exceptions\n\n| Exception | Rule | Owner | Approved by | Reason | Expires |\n|---|---|---|---|---|---|\n\
                    | One signature | Two-person rule | Ada Byron | Bo Ek | Holidays | 30 September 2026 |\n\
                    | No badge | Badges | Ada Byron | Bo Ek | Guests | 2027-06-30 |\n";
    let repository = Repository::folder_with(&[
        ("governance/people.yaml", PEOPLE),
        ("governance/exceptions.md", register),
    ]);
    let output = repository.check(&["--select", "exception/expired,schema/*,reference/*"]);
    let expected = "governance/exceptions.md:5:";
    assert!(output.out.starts_with(expected) && output.out.lines().count() == 1, "{}", output.out);
    let roles = "# Roles\n\n| Role | Holder |\n|---|---|\n| Head of Sales | Ada Byron |\n";
    let repository =
        Repository::folder_with(&[("governance/people.yaml", PEOPLE), ("governance/roles.md", roles)]);
    assert!(repository.run(&["records", "role"]).out.contains("head-of-sales"));
}

/// The path and the day of each record.
fn days(listing: &serde_json::Value) -> Vec<(&str, &serde_json::Value)> {
    let records = listing["records"].as_array().expect("records");
    records.iter().map(|it| (it["path"].as_str().expect("a path"), &it["fields"]["date"])).collect()
}

/// Outside of the usual folders a page is minutes if it lies in a folder for them and is named by its day.
#[test]
fn pages_named_by_their_day_are_minutes_in_folders_of_any_place() {
    let page = "# Releases\n\n## Attendees\n\n- @ada\n- @bo\n\n## Agenda\n\n- Ship it\n\n## Action items\n\n- [ ] Ship it @bo\n";
    let repository = Repository::folder_with(&[
        ("wg-releases/meeting-notes/2026-11-04.md", page),
        ("wg-docs/meeting-notes/2026-11-04.md", page),
        ("council/minutes/2026-11-18-budget.md", page),
        ("council/minutes/README.md", "# Minutes\n\nWe meet on Wednesdays.\n"),
        ("council/minutes/how-we-meet.md", "# How we meet\n\n## Agenda\n\n- Say hello\n"),
        ("blog/2026-11-18-meeting.md", page),
    ]);
    let listing = repository.run(&["records", "--format", "json"]).json();
    assert_eq!(
        days(&listing),
        [
            ("council/minutes/2026-11-18-budget.md", &"2026-11-18".into()),
            ("wg-docs/meeting-notes/2026-11-04.md", &"2026-11-04".into()),
            ("wg-releases/meeting-notes/2026-11-04.md", &"2026-11-04".into()),
        ]
    );
    let of_releases = &listing["records"][2]["fields"];
    assert_eq!(of_releases["attendees"], serde_json::json!(["@ada", "@bo"]), "{listing}");
    assert_eq!(of_releases["actions"][0]["owner"], "@bo", "{listing}");
    let report = repository.run(&["check", "--format", "concise", "--as-of", "2026-11-20"]);
    assert_eq!(
        report.out, "",
        "two groups may meet on one day, and minutes of others are held to no practice"
    );
}

#[test]
fn a_session_is_known_by_the_day_in_a_line_or_in_its_title() {
    let of_call = "# Developers' call 10\n### Meeting Date/Time: Friday, July 30th, 2021 15:00 UTC\n### Notes: Ada\n\n## Decisions\n";
    let repository = Repository::folder_with(&[
        ("meeting-notes/calls-10.md", of_call),
        ("meeting-notes/how-we-meet.md", "# How we meet\n\n### Meeting date: each Friday\n"),
        ("agm/2008-agm/index.md", "# Minutes of our AGM - 20 October 2008\n\nMeeting opened 7.15pm.\n"),
        ("agm/rules.md", "# Rules of a general meeting\n\nThe chair opens it.\n"),
        (
            "wiki/10Feb2016--WaterMeeting49.md",
            "# Water meeting 49 -- Wed 10 Feb 2016\n\n## **Agenda**\n\n- Wells\n",
        ),
        ("2008/DevMeeting-2008-02-15.md", "# DevMeeting-2008-02-15\n\nBriefly.\n"),
        ("wiki/meeting-rooms.md", "# Meeting rooms since 10 Feb 2016\n\nTwo of them.\n"),
    ]);
    let listing = repository.run(&["records", "--format", "json"]).json();
    assert_eq!(
        days(&listing),
        [
            ("2008/DevMeeting-2008-02-15.md", &"2008-02-15".into()),
            ("agm/2008-agm/index.md", &"2008-10-20".into()),
            ("meeting-notes/calls-10.md", &"2021-07-30".into()),
            ("wiki/10Feb2016--WaterMeeting49.md", &"2016-02-10".into()),
        ]
    );
}

/// The findings on minutes in a folder of another format.
fn found_in_notes(page: &str) -> Vec<String> {
    let repository = Repository::folder_with(&[("meeting-notes/2026-11-17.md", page)]);
    repository.check(&[]).out.lines().map(str::to_owned).collect()
}

#[test]
fn minutes_of_another_format_say_a_day_in_their_own_words() {
    let actions = |due: &str| {
        format!(
            "# Round\n\n## Action items\n\n| Owner | Action | Due |\n|---|---|---|\n| Ada Byron | Call the clinics | {due} |\n"
        )
    };
    for due in ["Ongoing", "As needed", "By Thursday, 2027-02-19", "before 19 February 2027"] {
        assert_eq!(found_in_notes(&actions(due)), [""; 0], "{due}");
    }
    let impossible = found_in_notes(&actions("2027-02-30"));
    assert!(impossible.iter().any(|line| line.contains("February 2027 has 28 days")), "{impossible:?}");
    let dated = "Date: Tue 17th of November, 2026\n\n## Attendees\n\n- Ada Byron\n";
    assert_eq!(found_in_notes(&format!("# Round\n\n{dated}")), [""; 0]);
}

#[test]
fn what_minutes_of_another_format_decided_names_a_record_by_its_number_only() {
    let page =
        |decided: &str| format!("# Round\n\n## Decisions\n\n- {decided}\n\n### Postponed\n\n- digital v3\n");
    for decided in ["Prices stay", "We keep the price list until the spring of next year"] {
        assert_eq!(found_in_notes(&page(decided)), [""; 0], "{decided}");
        // Also where there are decisions that could be named.
        let repository = Repository::folder_with(&[
            ("docs/adr/0001-use-git.md", "# 1. Use Git\n\n## Status\n\nAccepted\n\n## Decision\n\nYes.\n"),
            ("docs/minutes/2026-11-17.md", &page(decided)),
        ]);
        assert_eq!(repository.check(&[]).messages(), [""; 0], "{decided}");
    }
}

#[test]
fn a_list_below_a_plain_line_is_read_as_one_below_a_heading() {
    let list = "- [ ] Call the printer @bo due 2026-11-27\n- [x] Count the sites @ada due 2026-11-20\n";
    let page = |lead: &str| {
        format!(
            "# Round\n\nDate: 2026-11-20\n\n## Decisions\n\n- Prices stay.\n\n## Notes\n\nWe talked.\n\n{lead}\n\n{list}\nThat was all.\n\n- Bread\n"
        )
    };
    for lead in ["Follow-ups:", "**Next steps:**", "**To do**:", "Action items:\n"] {
        let actions = fields(&minutes(&page(lead)))["actions"].clone();
        assert_eq!(actions.as_array().map(Vec::len), Some(2), "{lead} {actions}");
        assert_eq!(
            (&actions[0]["what"], &actions[0]["owner"]),
            (&"Call the printer".into(), &"@bo".into()),
            "{lead}"
        );
        assert_eq!(
            (&actions[1]["status"], &actions[1]["due"]),
            (&"done".into(), &"2026-11-20".into()),
            "{lead}"
        );
    }
    let other = page("Follow-ups are these").replace("- [ ]", "-").replace("- [x]", "-");
    assert!(fields(&minutes(&other)).get("actions").is_none());
}

#[test]
fn a_list_of_actions_is_read_whole_though_items_lack_a_person_or_a_day() {
    let items = "- Ada: order the pump by Friday, 2026-11-27\n- [ ] mend the gate (Ada)\n- paint the shed — Ada, Fri 27 Nov\n- @ada ring the council\n- ask about the hose,\n  also for the pump\n";
    let nested = items.replace("- ", "  - ").replace("\n  also", "\n    also");
    let topic =
        "# Round\n\nDate: 2026-11-20\n\n## Attendees\n\n- Ada Byron\n\n## Water\n\nWe looked at the pump.\n";
    for page in [
        format!("{topic}\n**Actions:**\n\n{items}\n- - -\n\n## Hose\n\n- It leaks\n"),
        format!("{topic}\nActions:\n{items}\nThat was all.\n\n- Bread\n"),
        format!("{topic}\n**Action items**\n\n{items}"),
        format!("{topic}\n- It drips\n- Next steps:\n{nested}- It is old\n"),
        format!("{topic}\n### Actions\n\n{items}\n## Hose\n\n- It leaks\n"),
    ] {
        let actions = fields(&minutes(&page))["actions"].clone();
        let text = |item: &serde_json::Value, field: &str| item[field].as_str().unwrap_or("-").to_owned();
        let read: Vec<String> = actions
            .as_array()
            .into_iter()
            .flatten()
            .map(|item| ["what", "owner", "due"].map(|field| text(item, field)).join(" | "))
            .collect();
        assert_eq!(
            read,
            [
                "Ada: order the pump | Ada | 2026-11-27",
                "mend the gate (Ada) | Ada | -",
                "paint the shed — Ada | Ada | 2026-11-27",
                "ring the council | @ada | -",
                "ask about the hose, also for the pump | - | -",
            ],
            "{page}"
        );
    }
    // Below each topic there may be a list.
    for lead in ["### Actions", "Actions:"] {
        let page = format!(
            "{topic}\n{lead}\n\n- Ada: ring the council\n\n## Hose\n\nIt leaks.\n\n{lead}\n\n- buy tape\n"
        );
        assert_eq!(fields(&minutes(&page))["actions"].as_array().map(Vec::len), Some(2), "{page}");
    }
}

#[test]
fn a_page_of_a_decision_has_its_actions_below_a_plain_line() {
    let page = "# 1. Use Git\n\n## Status\n\nAccepted\n\n## Decision\n\nWe use Git.\n\nFollow-ups:\n\n- [ ] Move the code @bo due 2026-11-01\n- Tell the others\n";
    let repository = Repository::folder_with(&[("docs/adr/0001-use-git.md", page)]);
    let listing = repository.run(&["records", "--format", "json"]).json();
    let actions = &listing["records"][0]["fields"]["actions"];
    assert_eq!(actions.as_array().map(Vec::len), Some(1), "only what has a box or a day is sure: {actions}");
    assert_eq!(actions[0]["due"], "2026-11-01");
}

/// Communities keep minutes in folders of many names; each page has two marks that it is of a session on a day.
#[test]
fn minutes_elsewhere_are_known_by_their_names_and_titles() {
    let attended = "## Attendees\n\n- Ada\n\n## Discussion\n\nA.\n";
    let read = |files: &[(&str, &str)]| -> Vec<String> {
        let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
        let records = listing["records"].as_array().cloned().unwrap_or_default();
        let line = |record: &serde_json::Value| {
            let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
            format!("{} {}", text(&record["path"]), text(&record["fields"]["date"]))
        };
        records.iter().filter(|record| record["profile"] == "minutes").map(line).collect()
    };
    let minutes = [
        ("2017/2017-08/aug-16.md", &*format!("# Team Meeting - 2017-08-16\n\n{attended}")),
        ("2020/2020-09-10.md", "# Board monthly meeting, September 10, 2020\n\nA.\n"),
        ("2020/telcons/06-29-minutes.md", "# Call\n\nA.\n"),
        ("community_meetings/2024/community-2024-12-18.md", "# Community\n\nA.\n"),
        ("ietf100/minutes.md", "# Minutes, Singapore\n\n## Tuesday, 14 November 2017\n\nA.\n"),
    ];
    assert_eq!(
        read(&minutes),
        [
            "2017/2017-08/aug-16.md 2017-08-16",
            "2020/2020-09-10.md 2020-09-10",
            "2020/telcons/06-29-minutes.md -",
            "community_meetings/2024/community-2024-12-18.md 2024-12-18",
            "ietf100/minutes.md -",
        ]
    );
    let others = [
        ("2017/2017-08/aug-16.md", &*format!("# Release 2017-08-16\n\n{attended}")),
        ("2020/2020-09-10.md", "# A release of 2020\n\nA.\n"),
        ("2020/how-to-take-minutes.md", "# How to take minutes\n\nA.\n"),
        ("_posts/2020-09-10-meeting.md", "# A meeting in 2020\n\nA.\n"),
        ("docs/minutes.md", "# Minutes\n\n## Who writes them\n\nA.\n"),
    ];
    assert_eq!(read(&others), [""; 0]);
}

#[test]
fn a_word_that_begins_an_action_owns_none_where_nobody_is_listed() {
    let actions = [
        "Talk to the bank",
        "Write to the insurer",
        "Remember to order tags",
        "Note: order tags",
        "Tom to call the bank",
        "Ada: write to the insurer",
        "Ada Byron will order tags",
    ];
    let items: String = actions.iter().map(|action| format!("- {action}, due 2026-12-10\n")).collect();
    let page = format!("# Monday\n\n## Actions\n\n{items}");
    let repository = Repository::with(&[
        ("docs/minutes/2026-11-16.md", &*page),
        ("alignlint.yaml", "practices: { actions: [docs/minutes/**] }\n"),
    ]);
    let output = repository.check(&[]);
    let expected: Vec<String> = actions[..4]
        .iter()
        .map(|action| format!("the action `{action}` of `2026-11-16` lacks `owner`"))
        .collect();
    assert_eq!(output.messages(), expected);
}

#[test]
fn a_page_whose_name_begins_with_a_day_and_that_lists_who_attended_holds_minutes() {
    let read = |files: &[(&str, &str)]| -> Vec<String> {
        let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
        let records = listing["records"].as_array().cloned().unwrap_or_default();
        let shown =
            |it: &serde_json::Value| format!("{} | {} | {}", it["path"], it["title"], it["fields"]["date"]);
        records.iter().map(|it| shown(it).replace('"', "")).collect()
    };
    let files = [
        (
            "board/20241121.md",
            "## 2024-11-21\n\n### Participants (names preferred)\n\n- Ada\n\n### Agenda\n\n- Prices\n",
        ),
        ("board/20241128.md", "# 2024-11-28\n\n## :notebook: Agenda\n\n- Prices\n"),
        ("call/20220804.md", "# Tech weekly 2022-08-04\n\n## Updates\n\nA.\n"),
        (
            "2018/2018-12-05 Planung.md",
            "# **Planung**\nMittwoch\n\n### Anwesende Mitglieder\nAda Byron\n\n### Tagesordnungspunkte\n1. Keller\n",
        ),
        (
            "_bureau/2022-11-29-bureau.md",
            "---\ntitle: Bureau du 13 octobre 2021\ncat: bureau\n---\n**Date :** 13 octobre à 21 h  \n**Présent.es :** Ada, Bo  \n\n## Ordre du jour\n\nA.\n",
        ),
        ("minutes/2021-01-15/index.qmd", "---\ntitle: Call\n---\n\n## Topics\n\nA.\n"),
    ];
    assert_eq!(
        read(&files),
        [
            "2018/2018-12-05 Planung.md | Planung | 2018-12-05",
            "_bureau/2022-11-29-bureau.md | Bureau du 13 octobre 2021 | 2021-10-13",
            "board/20241121.md | 2024-11-21 | 2024-11-21",
            "board/20241128.md | 2024-11-28 | 2024-11-28",
            "call/20220804.md | Tech weekly 2022-08-04 | 2022-08-04",
            "minutes/2021-01-15/index.qmd | Call | 2021-01-15",
        ]
    );
    let others = [
        ("_posts/2024-11-21-trial.md", "# A trial\n\n## Participants\n\nForty.\n"),
        ("journal/2024-11-22.md", "# A long day\n\n## Agenda\n\nA.\n"),
        ("2019/2019-01-23 Einladung.md", "# Einladung\n\n## Tagesordnung\n\n1. Wahl\n"),
        ("studies/2024-11-21-trial.md", "# A trial\n\n## Participants' age\n\nForty.\n"),
        ("lab/20241121-run.md", "# Run\n\nPresent: nothing.\n"),
    ];
    assert_eq!(read(&others), [""; 0]);
}

#[test]
fn each_item_of_the_decisions_names_its_own_record() {
    let page = "# Yard round, 9 November 2026\n\n## Decisions\n\n- D-8: buy wood\n\
                - The slip stays shut, see [the letter](https://example.org/letter)\n- Buy resin (D-9)\n\
                - The budget is in [the notes](notes.md)\n- D-1: no copper, as [the page](notes.md) says\n";
    let files = [
        ("governance/decisions.yaml", "decisions: [{ id: D-1, title: Stop buying copper paint }]\n"),
        ("governance/minutes/2026-11-09-yard-round.md", page),
        ("governance/minutes/notes.md", "Notes.\n"),
    ];
    let repository = Repository::folder_with(&files);
    let found =
        |rule: &str| repository.run(&["--format", "concise", "--select", rule, "--as-of", "2026-11-20"]).out;
    let unknown = found("reference/unknown");
    let told: Vec<&str> =
        unknown.lines().filter_map(|line| line.split_once("unknown decision ")).map(|it| it.1).collect();
    assert_eq!(told, ["`D-8`", "`D-9`"], "{unknown}");
}

#[test]
fn a_page_of_several_sessions_holds_a_meeting_for_each() {
    let year = "## Meeting #45 - 2023-12-13\n\n- **Chair:** Ada\n\n## Meeting #44 - 2023-11-29\n\n- **Chair:** Bo\n\n## Links\n\nNone.\n";
    let agendas = "# Community meeting\n\n### Conduct\n\nBe kind.\n\n## Agenda for November 29th, 2023\n\n- Press\n\n## Agenda for 1 November 2023\n\n- Press\n";
    let one = "## Meeting #63 - 2026-03-11\n\n- **Chair:** Ada\n";
    let plan = "# Plan\n\n## 2026-03-11\n\nWe plan.\n\n## 2026-03-18\n\nWe plan.\n";
    let files = [
        ("meeting-minutes/2023.md", year),
        ("docs/meetings_2023.md", agendas),
        ("meeting-minutes/2026.md", one),
        ("meeting-minutes/README.md", plan),
        ("docs/plan.md", plan),
        ("meetings/2018-08-22/Agenda.md", "Members\n\n- [ ] Ada\n- [X] Bo Ek\n\n# Prices\n"),
        ("meetings/2018-08-29/Agenda.md", "Members\n\n- [ ] Ada\n- [ ] Bo Ek\n\n# Prices\n"),
    ];
    let listing = Repository::folder_with(&files).run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().expect("records").iter();
    let found: Vec<String> =
        records.map(|it| format!("{}: {}", it["title"], it["fields"]["date"]).replace('"', "")).collect();
    assert_eq!(
        found,
        [
            "Agenda for November 29th, 2023: 2023-11-29",
            "Agenda for 1 November 2023: 2023-11-01",
            "Meeting #45 - 2023-12-13: 2023-12-13",
            "Meeting #44 - 2023-11-29: 2023-11-29",
            "Meeting #63 - 2026-03-11: 2026-03-11",
            "Prices: 2018-08-22",
        ]
    );
}

#[test]
fn a_comma_in_brackets_parts_no_names() {
    let page = "# Board, 12 October 2026\n\nAttendees: Ada Byron, Canon Whitby (St Olave's, guest), Bo Ek\n\n## Decisions\n\n- D-1: We rent.\n";
    let listing = Repository::folder_with(&[("minutes/2026-10-12-board.md", page)])
        .run(&["records", "--format", "json"])
        .json();
    let attendees = &listing["records"][0]["fields"]["attendees"];
    assert_eq!(*attendees, serde_json::json!(["Ada Byron", "Canon Whitby (St Olave's, guest)", "Bo Ek"]));
}
