//! Pages of sessions as communities name and head them: minutes, retrospectives, and what is none of these.

use crate::kit::Repository;

/// The records of these files.
pub(super) fn records(files: &[(&str, &str)]) -> Vec<serde_json::Value> {
    let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    listing["records"].as_array().cloned().unwrap_or_default()
}

/// Of each record its kind, path, title and day.
pub(super) fn read(files: &[(&str, &str)]) -> Vec<String> {
    let shown = |record: &serde_json::Value| {
        format!("{} {} | {} | {}", record["kind"], record["path"], record["title"], record["fields"]["date"])
            .replace('"', "")
    };
    records(files).iter().map(shown).collect()
}

/// The fields of the only record of a page.
fn fields(path: &str, page: &str) -> serde_json::Value {
    match records(&[(path, page)]).as_slice() {
        [only] => only["fields"].clone(),
        several => panic!("{} records in {path}", several.len()),
    }
}

#[test]
fn the_day_of_the_name_may_stand_in_the_heading_below_the_title_of_the_series() {
    let files = [
        (
            "2020/2020-05-28.md",
            "# Developer meetings\n\n## 2020-05-27\n\n### Action items\n\n- [ ] Ada: list the sites\n\n### Agenda\n\n- Prices\n",
        ),
        (
            "2021/working-groups/bundle/2021-10-06.md",
            "# Bundle working group\n\n## October 6, 2021\n\n### Participants\n\n- Ada\n",
        ),
        ("2021/working-groups/core/2021-10-05.md", "## 2021/10/05\n\n### Agenda\n\n- Prices\n"),
        (
            "2022/2022-06-01-eurasia.md",
            "# Eurasia meeting 2022-06-01 9am CET\n\nIn the hut.\n\n## Action items from last meeting\n\n## Agenda\n\n- Prices\n",
        ),
        ("2022/2022-09-29_north.md", "## 2022-09-29\n\n### This week's agenda\n\n- Prices\n"),
        (
            "2022/working-groups/bundle/2022-02-02.md",
            "## February 2, 2022\n\n| Name | From |\n|---|---|\n| Ada | here |\n\n### Summary\n\nWe met.\n",
        ),
    ];
    assert_eq!(
        read(&files),
        [
            "meeting 2020/2020-05-28.md | Developer meetings | 2020-05-28",
            "meeting 2021/working-groups/bundle/2021-10-06.md | Bundle working group | 2021-10-06",
            "meeting 2021/working-groups/core/2021-10-05.md | 2021/10/05 | 2021-10-05",
            "meeting 2022/2022-06-01-eurasia.md | Eurasia meeting 2022-06-01 9am CET | 2022-06-01",
            "meeting 2022/2022-09-29_north.md | 2022-09-29 | 2022-09-29",
            "meeting 2022/working-groups/bundle/2022-02-02.md | February 2, 2022 | 2022-02-02",
        ]
    );
    let others = [
        ("team/updates/2016-10-12.md", "# October 06-12, 2016\n\n## What has changed\n\n- A\n"),
        (
            "events/2022-08-20-hack-day.md",
            "# Meeting on 2022-08-25\n\nWe invite you.\n\n## Agenda\n\n- Talks\n",
        ),
        ("_posts/2022-06-01-eurasia.md", "# Eurasia meeting 2022-06-01\n\n## Agenda\n\n- Talks\n"),
        ("journal/2022-06-02-thursday.md", "# 2022-06-02\n\n## Agenda\n\n- Shopping\n"),
        ("docs/2022-06-03-plan.md", "# Plan of 2022-06-03\n\n## Agenda\n\n- Write\n"),
        ("til/2022-06-04.md", "# 2022-06-04\n\n## Notes\n\nA trick.\n"),
    ];
    assert_eq!(read(&others), [""; 0]);
}

#[test]
fn month_and_day_in_the_folder_of_a_year_are_those_of_minutes_with_people_and_notes() {
    let page = "# August 11th, 2020\n\n### Attendees\n\n- Ada Byron\n- Max Weber\n\n### Notes\n\n- Max showed the map.\n";
    let copied = "# Month Date, Year\n\nJan 5th\n\n### Attendees\n\n- Ada Byron\n\n### Notes\n\n- Max.\n";
    assert_eq!(
        read(&[("2020/08-11.md", page), ("2021/01-05.md", copied)]),
        [
            "meeting 2020/08-11.md | August 11th, 2020 | 2020-08-11",
            "meeting 2021/01-05.md | 01-05 | 2021-01-05"
        ]
    );
    let others = [("2020/08-12.md", "# August 12th, 2020\n\n### Notes\n\n- A map.\n"), ("2020/08.md", page)];
    assert_eq!(read(&others), [""; 0]);
}

#[test]
fn minutes_without_a_title_state_their_day_in_a_line_with_the_day_first() {
    let page = "#### Data: 06/10/2025\n#### Horário de início: 20:00-22:00\n\n## Participantes:\n- Ada Byron\n- Rui Sá\n\n## Objetivos\n- Preços\n";
    let fields = fields("docs/atas/ata5.md", page);
    assert_eq!(
        (fields["date"].as_str(), &fields["attendees"]),
        (Some("2025-10-06"), &serde_json::json!(["Ada Byron", "Rui Sá"]))
    );
    let form = "# Acta de inicio\n\n| **Fecha y hora** | [dd/mm/aaaa] |\n|---|---|\n\n## Asistentes\n\n| [ ] | Ayuntamiento |\n|---|---|\n";
    assert_eq!(read(&[("docs/actas/01-inicio.md", form)]), [""; 0]);
}

#[test]
fn an_account_in_french_is_read_and_the_agenda_beside_it_is_not() {
    let account = "# Groupe no. 9.\n# Compte-rendu de la rencontre du 2022-12-16\n\n## Présences\n* **Ada Byron**\n* **Guy Noël**\n\n## Ordre du jour\n\n1. Carte\n";
    let agenda = "# Ordre du jour de la rencontre du 2022-12-16\n\n## Présences\n* **Ada Byron**\n";
    let files = [("archives/G009_20221216-cr.md", account), ("archives/G009_20221216-oj.md", agenda)];
    assert_eq!(read(&files), ["meeting archives/G009_20221216-cr.md | Groupe no. 9. | 2022-12-16"]);
}

#[test]
fn the_form_of_a_session_that_nobody_minuted_is_no_record() {
    let form = "## 2023-09-04 Members' Meeting\n\nMinutes recorded by: **???**\n\n**???** Members in attendance: **???**\n\n## Agenda\n\nThis meeting hasn't happened yet.\n";
    let held = "## 2023-10-02 Members' Meeting\n\nMinutes recorded by: **???**\n\n**2** Members in attendance: **Ada, Max**\n\n## Agenda\n\n- Cider\n";
    let found = read(&[("minutes/2023-09-04-Members.md", form), ("minutes/2023-10-02-Members.md", held)]);
    assert_eq!(found, ["meeting minutes/2023-10-02-Members.md | 2023-10-02 Members' Meeting | 2023-10-02"]);
    let template = "# Proposal 0001: Template for proposals\n\nThis is a template.\n\n## Problem Statement\n\nThe problem.\n\n## Proposed Changes\n\nWhat you propose.\n";
    let proposal =
        template.replace("Proposal 0001: Template for proposals", "Proposal 0002: Keep keys at home");
    let found = read(&[("proposals/0001-template.md", template), ("proposals/0002-keys.md", &proposal)]);
    assert_eq!(found, ["decision proposals/0002-keys.md | Keep keys at home | null"]);
}

/// Where a page names those who were there, and those who were not.
#[test]
fn people_are_read_wherever_the_page_lists_them() {
    let here = ["Ada Byron", "Max Weber", "Bo Ek"];
    for people in [
        "## Opening\n\n### Check-in\n\n- Attendees: Ada Byron, Max Weber, Bo Ek\n- Apologies: Kim\n",
        "Attendees: Ada Byron, Max Weber, Bo Ek\n\nApologies: Kim\n",
        "Directors in attendance: **Ada Byron, Max Weber, Bo Ek**\n\nDirectors not in attendance: **Kim**\n",
        "**3** Members in attendance: **Ada Byron, Max Weber, Bo Ek**\n\n**Apologies:** Kim\n",
        "## Participants (please add yourself)\n\n- Ada Byron\n- Max Weber\n- Bo Ek\n\n## Apologies\n\n- Kim\n",
        "## Participants\n\nAda Byron\nMax Weber\nBo Ek\n\n## Apologies\n\n- Kim\n",
        "## Participants\n\n| Name | Initials |\n|---|---|\n| Ada Byron | AB |\n| Max Weber | MW |\n| Bo Ek | BE |\n\n## Apologies\n\n- Kim\n",
        "## Attendees\n\n- From last week: Lena Vogt\n- Current: Ada Byron, Max Weber, Bo Ek\n- Apologies: Kim\n",
        "## Attendees\n\n- Ada Byron, Max Weber, Bo Ek\n\n## Apologies\n\n- Kim\n",
        "###### tags: `core`\n\n:::info\n- **Participants:**\n    - Ada Byron, Max Weber, Bo Ek\n- **Apologies:** Kim\n:::\n",
    ] {
        let fields =
            fields("meetings/2026-11-20.md", &format!("# Core meeting\n\n{people}\n## Agenda\n\n- Prices\n"));
        assert_eq!(fields["attendees"], serde_json::json!(here), "{people}");
        assert_eq!(fields["absent"], serde_json::json!(["Kim"]), "{people}");
    }
    let several = fields(
        "meetings/2026-11-20.md",
        "# Round\n\n## Attendees\n\n- name, pronouns\n- sen, linnea\n- Ada Byron, chair\n",
    );
    assert_eq!(several["attendees"], serde_json::json!(["sen", "linnea", "Ada Byron, chair"]));
    let counted = fields(
        "meetings/2026-11-20.md",
        "# Round\n\nMembers in attendance: 3 voting members\n\n## Topics\n\n- A\n  - Participants: Ada\n",
    );
    assert_eq!(counted.get("attendees"), None, "a count, and who takes part in something else");
}

#[test]
fn a_numbered_list_ends_the_list_of_those_who_were_absent() {
    let page = "# Board, 4 August 2026\n\nAbsent:\n\n* Bo Ek\n\n1. Agenda:\n   1. Structure\n      * Max to call the notary\n   2. Priorities\n      * confirm them\n";
    assert_eq!(fields("minutes/2026-08-04.md", page)["absent"], serde_json::json!(["Bo Ek"]));
}

#[test]
fn an_action_keeps_an_address_and_a_note_about_the_minutes_is_none() {
    let page = "# Round\n\n## New action items\n\n- Send leads to sponsors@example.org\n- [TODO] Count the sites @ada\n- Mention to sponsors that we are online\n\n------\n\n\
                At the end of the meeting:\n- Copy this page\n";
    let actions = fields("minutes/2026-08-04.md", page)["actions"].clone();
    assert_eq!(
        actions,
        serde_json::json!([
            { "what": "Send leads to sponsors@example.org" },
            { "what": "Count the sites", "owner": "@ada" },
            { "what": "Mention to sponsors that we are online" },
        ])
    );
}

#[test]
fn a_second_question_is_no_answer() {
    let page =
        "# Round\n\n## Questions\n\n- How many stands fit? How many do we want?\n- Who brings tea? Ada.\n";
    let answers = fields("minutes/2026-08-04.md", page)["answers"].clone();
    assert_eq!(answers, serde_json::json!([{ "question": "Who brings tea?", "answer": "Ada." }]));
}

#[test]
fn retrospectives_are_read_in_several_languages() {
    let page = |good: &str, better: &str| {
        format!("# Sprint 23\n\n## {good}\n\n- Short days\n\n## {better}\n\n- Tests\n")
    };
    for (good, better) in [
        ("What went well", "What could be improved"),
        ("Vad gick bra", "Vad kan förbättras"),
        ("Vad gick bra", "Vad kan forbattras"),
        ("Hva gikk bra", "Hva kan bli bedre"),
        ("Hvad gik godt", "Hvad kan gøres bedre"),
        ("Was lief gut", "Was lief nicht so gut"),
        ("Ce qui a bien marché", "Ce qui peut être amélioré"),
        ("Qué salió bien", "Qué podemos mejorar"),
        ("O que foi bem", "O que podemos melhorar"),
        ("Wat ging goed", "Wat kan beter"),
    ] {
        let fields = fields("docs/retros/2026-04-12-sprint-23.md", &page(good, better));
        assert_eq!(fields["date"], "2026-04-12", "{good}");
        assert_eq!(fields["went-well"], serde_json::json!(["Short days"]), "{good}");
        assert_eq!(fields["went-badly"], serde_json::json!(["Tests"]), "{better}");
    }
    let of_both = page("What went well", "What could be improved");
    let incident = of_both.replace("Sprint 23", "Outage of the queue");
    let others = [
        ("docs/retros/index.md", &*of_both),
        ("docs/retros/guide.md", &*of_both),
        ("docs/retros/2026-04-13-outage.md", &*incident),
        ("docs/sprints/2026-04-12-sprint-23.md", &*of_both),
        ("docs/retros/2026-04-14-audit.md", "# Audit\n\n## Findings\n\n- A\n\n## What went well\n\n- B\n"),
    ];
    assert_eq!(read(&others), [""; 0]);
}

#[test]
fn a_page_of_a_glossary_in_german_or_with_its_word_as_title_is_a_term() {
    let page = "---\nid: bohrung\nbenennung: Bohrung\nsynonyme: [Bohrloch]\nabgelehnte_benennungen: [Loch]\noberbegriff: bearbeitung\n---\n\n## Prosa-Definition\n\nEin Loch im Holz.\n\n## Quellen\n\nKeine.\n";
    let term = fields("content/hauptglossar/holz/hg_bohrung.md", page);
    assert_eq!(
        (&term["title"], &term["definition"], &term["aliases"], &term["avoid"]),
        (
            &"Bohrung".into(),
            &"Ein Loch im Holz.".into(),
            &serde_json::json!(["Bohrloch"]),
            &serde_json::json!(["Loch"])
        )
    );
    let term = fields(
        "glossary/end-user-definition.md",
        "---\ntype: Resource\n---\n\n# End user\n\nWhoever works with the product in the end.\n",
    );
    assert_eq!(
        (&term["title"], &term["definition"]),
        (&"End user".into(), &"Whoever works with the product in the end.".into())
    );
    let rows = "# Words\n\n| Deutsch | English | Definition |\n|---|---|---|\n| Ereignis | Event | What happened. |\n| Veranstaltung | Event | A meeting of guests. |\n";
    let titles: Vec<serde_json::Value> =
        records(&[("docs/glossary.md", rows)]).iter().map(|it| it["title"].clone()).collect();
    assert_eq!(titles, ["Ereignis", "Veranstaltung"]);
    let others = [
        ("content/hauptglossar/KONVENTIONEN.md", "# Konventionen\n\nJede Seite hat eine Benennung.\n"),
        (
            "content/subglossar/sg_kerve.md",
            "---\nid: sg_kerve\nbenennung: Kerve\nglossar_ref: kerve\n---\n\n# Kerve\n\nWie man sie schneidet.\n",
        ),
        (
            "glossary/style-definition.md",
            "# How we define words\n\nWrite short sentences, and no more than two.\n",
        ),
        (
            "glossary/guide-definition.md",
            "# Guide\n\nA page that guides whoever reads it.\n\n## See also\n\nOthers.\n",
        ),
    ];
    assert_eq!(read(&others), [""; 0]);
}

/// What would be read as decisions without a word about minutes.
#[test]
fn the_help_for_a_page_in_a_folder_of_a_kind_names_that_kind() {
    for (path, page, entry) in [
        ("docs/atas/ata3.md", "# Ata\n\n## Status\n\nAberta\n\n## Resumo\n\nA.\n", "records: { meeting: "),
        ("docs/retros/notes.md", "# Notes\n\n## Status\n\nOpen\n\nA.\n", "records: { retrospective: "),
        ("content/glossar/begriff.md", "# Begriff\n\n## Status\n\nOffen\n\nA.\n", "records: { term: "),
    ] {
        let out = Repository::folder_with(&[(path, page)]).run(&["explain", path]).out;
        assert!(out.contains(entry), "{path}: {out}");
    }
}

#[test]
fn a_day_or_a_sprint_may_be_that_of_the_folder_or_of_six_digits() {
    let files = [
        (
            "calls/2026-03-09/call-notes.md",
            "# 2026-03-09 Meeting\n\n### Agenda\n\n- Crane repairs\n\n### Summary\n\nThe crane waits for a part.\n",
        ),
        (
            "exports/2026-03-10-import/notes.md",
            "# Notes on the importer, 2026-03-10\n\n## Summary\n\nOne file.\n",
        ),
        (
            "club/meetings/042826-kickoff.md",
            "# Season kick-off meeting, 042826 at 6pm\n\n## Attendees\nPeople who came:\n- Ada Byron\n- Bo Ek\n\nPeople absent:\n\
             - Kim Lund\n\n## Agenda\n1. Boats\n",
        ),
        ("club/meetings/042826-boat-list.md", "# Boats of the club\n\n- Heron, six metres\n"),
        ("club/meetings/051226-stand-up.md", "# Meeting 6.1 notes: 5/12/2026\n\n## Location\n\n- The pier\n"),
        ("club/meetings/051326-harbour.md", "# Harbour rules of 5/13/2026\n\n## Berths\n\n- Six\n"),
        (
            "work/sprint-4/Retrospective.md",
            "# Retrospective – Sprint 4\n\n## O Que Funcionou Bem\n\n- A revisão em pares\n\n## Sugestões de Melhoria\n\n\
             - Tarefas menores\n",
        ),
        ("work/sprint-5/Retrospective.md", "# Retrospective – Sprint 5\n\nIt takes place on Friday.\n"),
        (
            "sprints/sprint3.md",
            "## Histórico de Versão\n\n| Data | Versão |\n|---|---|\n| 06/03/2026 | 1.0 |\n\n## Participantes\n\n* Ana Reis\n\n\
             ## 1ª Pauta: Orçamento\n\n* Comprar um guindaste\n",
        ),
        (
            "sprints/sprint4.md",
            "# Sprint 4\n\n## Participantes\n\n* Ana Reis\n\n## Pauta de desenvolvimento\n\n* Medir\n",
        ),
        (
            "sprints/sprint-5.md",
            "# Ata da reunião – Sprint 5\n\n**Data:** 09/03/2026\n**Participantes:** Ana Reis, Rui Melo\n\n## Decisões\n\n- Comprar\n",
        ),
    ];
    assert_eq!(
        read(&files),
        [
            "meeting calls/2026-03-09/call-notes.md | 2026-03-09 Meeting | 2026-03-09",
            "meeting club/meetings/042826-kickoff.md | Season kick-off meeting, 042826 at 6pm | 2026-04-28",
            "meeting club/meetings/051226-stand-up.md | Meeting 6.1 notes: 5/12/2026 | null",
            "meeting sprints/sprint-5.md | Ata da reunião – Sprint 5 | 2026-03-09",
            "meeting sprints/sprint3.md | sprint3 | null",
            "retrospective work/sprint-4/Retrospective.md | Retrospective – Sprint 4 | null",
        ]
    );
    let (path, page) = files[2];
    let kickoff = fields(path, page);
    assert_eq!(kickoff["attendees"], serde_json::json!(["Ada Byron", "Bo Ek"]));
    assert_eq!(kickoff["absent"], serde_json::json!(["Kim Lund"]));
    let (path, page) = files[6];
    assert_eq!(fields(path, page)["went-badly"], serde_json::json!(["Tarefas menores"]));
}

#[test]
fn sessions_are_told_by_words_of_many_languages_and_among_posts() {
    let telecon = "---\ntitle: 2012-07-11 Telecon\n---\n\nGroup telecon\n\n## Agenda ##\n\n- Prices\n\n## Notes ##\n\n- We talked.\n";
    let files = [
        (
            "2014-05-30.rst",
            "Reading circle Treffen vom 30. Mai 2014\n=======================================\n\nBooks\n-----\n\n* one\n",
        ),
        ("2014-06-06.md", "# Réunion du 6 juin 2014\n\n## Livres\n\n- un\n"),
        ("2014-06-07.md", "# Books of 7 June 2014\n\n## Livres\n\n- un\n"),
        ("_posts/2012-07-11-telecon.md", telecon),
        ("_posts/2012-09-17-quarterly_telecon.md", telecon),
        ("_posts/2012-12-03-general-assembly.md", telecon),
        // What is announced, and what merely has such a word.
        ("_posts/2013-01-11-telecon.md", "---\ntitle: Telecon\n---\n\n## Agenda\n\n- Prices\n"),
        ("_posts/2013-01-12-cook-in-ten-minutes.md", telecon),
        ("_posts/2013-01-13-general-assembly-language.md", telecon),
        ("collaboration/meetingMinutes/oct8th.md", "We met.\nWe split the work.\n"),
        ("collaboration/october/oct8th.md", "We met.\nWe split the work.\n"),
    ];
    assert_eq!(
        read(&files),
        [
            "meeting 2014-05-30.rst | Reading circle Treffen vom 30. Mai 2014 | 2014-05-30",
            "meeting 2014-06-06.md | Réunion du 6 juin 2014 | 2014-06-06",
            "meeting _posts/2012-07-11-telecon.md | 2012-07-11 Telecon | 2012-07-11",
            "meeting _posts/2012-09-17-quarterly_telecon.md | 2012-07-11 Telecon | 2012-09-17",
            "meeting _posts/2012-12-03-general-assembly.md | 2012-07-11 Telecon | 2012-12-03",
            "meeting collaboration/meetingMinutes/oct8th.md | oct8th | null",
        ]
    );
}

#[test]
fn a_table_says_who_was_there_and_one_line_has_all_names() {
    let attendees = |what: &str| {
        let page = format!("# Meeting\n\n## Attendance\n\n{what}\n\n## Agenda\n\n- Prices\n");
        fields("meetings/2026-03-09.md", &page)["attendees"].to_string()
    };
    for (header, marks) in [
        ("Member name | Present", ["Y", "N", "y"]),
        ("Name | Attended?", ["✅", "❌", "✅"]),
        ("Nome | Presença", ["presente", "ausente", "Presente (tarde)"]),
    ] {
        let rows: Vec<String> = ["Ada Byron", "Max Weber", "Bo Ek"]
            .iter()
            .zip(marks)
            .map(|(name, mark)| format!("| {name} | {mark} |\n"))
            .collect();
        let table = format!("| {header} |\n|---|---|\n{}", rows.concat());
        assert_eq!(attendees(&table), r#"["Ada Byron","Bo Ek"]"#, "{header}");
    }
    assert_eq!(attendees("| Seat | Colour |\n|---|---|\n| 1 | Red |\n"), "null");
    assert_eq!(attendees("Ada Byron; Max Weber; Bo Ek\n"), r#"["Ada Byron","Max Weber","Bo Ek"]"#);
    assert_eq!(
        attendees("Ada Byron\\*, Max Weber (chair), Bo Ek\\*\n\n\\* voting\n"),
        r#"["Ada Byron","Max Weber","Bo Ek"]"#
    );
}

#[test]
fn what_stands_below_a_label_is_decided_in_its_place() {
    let page = "# Minute 6\n\n**Date:** 5/5/2026\n\n## Participants\n\n- Ada Byron\n- Bo Ek\n\n## Decisions\n\n1. Work to be done:\n    - Mend the sail\n    - Paint the hull\n2. Sell the boat\n    - to Max\n\n## Tasks\n\n1. Find a buyer\n";
    let fields = fields("minutes/minute6.md", page);
    assert_eq!(fields["resolutions"].to_string(), r#"["Mend the sail","Paint the hull","Sell the boat"]"#);
    // Day and month are one number.
    assert_eq!(fields["date"], "2026-05-05");
}

#[test]
fn a_day_may_have_its_weekday_and_a_comma_before_its_year() {
    let day = |line: &str| {
        let page = format!(
            "# Halt of the chain: post-mortem\n\n{line}\n\n## Root causes\n\nA rope.\n\n## Lessons learned\n\n- Look.\n\n## Action items\n\n- Buy rope.\n"
        );
        fields("postmortems/halt.md", &page)["date"].clone()
    };
    for (line, expected) in [
        ("**Date of incident**: 6th November, 2022 between 12.39UTC and 17.17UTC", "2022-11-06"),
        ("**Date**: 7th September, 2022.", "2022-09-07"),
        ("**Date**: Sunday, April 12, 2026", "2026-04-12"),
        ("**Date**: 5/5/2026", "2026-05-05"),
    ] {
        assert_eq!(day(line), expected, "{line}");
    }
    assert_eq!(day("**Date**: 4/5/2026"), serde_json::Value::Null);
    let minutes = |line: &str| {
        let page = format!("# Standup\n\n{line}\n\n## Attendees\n\n- Ada Byron\n\n## Agenda\n\n- Ships\n");
        fields("meetings/standup-3.md", &page)["date"].clone()
    };
    for line in ["Date: Sunday, April 12, 2026", "Date: 12th April, 2026"] {
        assert_eq!(minutes(line), "2026-04-12", "{line}");
    }
}

#[test]
fn the_day_of_the_next_meeting_is_no_second_day_of_this_one() {
    let page = "# Team meeting minutes\n\n1.  Meeting information:\n    *   Date: 3 Sept 2025\n    *   Location: the quay\n\n2.  Attendees:\n    *   Ada Byron\n    *   Bo Ek\n\n3.  Next meeting:\n    *   Date: 10 Sept 2025\n    *   Location: the slip\n";
    let repository = crate::kit::Repository::folder_with(&[("minutes/2025-09-03-team.md", page)]);
    assert_eq!(repository.run(&["check", "--format", "concise", "--as-of", "2026-11-20"]).out, "");
}
