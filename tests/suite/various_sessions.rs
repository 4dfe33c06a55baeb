//! Pages of sessions that no closer form knows: minutes and retrospectives by signs that agree, in several languages.

use crate::session_pages::{read, records};

/// The only record of a page.
fn only(path: &str, page: &str) -> serde_json::Value {
    match records(&[(path, page)]).as_slice() {
        [only] => only.clone(),
        several => panic!("{} records in {path}", several.len()),
    }
}

#[test]
fn minutes_are_read_where_a_word_a_day_or_number_and_people_agree() {
    for (path, page, day) in [
        (
            "_posts/2026-03-21-Standup3.md",
            "---\ntitle: Standup\n---\n\n**Date:** March 21, 2026\n\n**Attendees:** Ada Byron, Max Weber\n\nWe met.\n",
            "2026-03-21",
        ),
        (
            "docs/zapisnice/zapisnica4.1.md",
            "# Zápisnica stretnutia č. 4.1\n\n**Dátum**: Štvrtok - 23.3 2026\n\n## Prítomnosť\n\n- [x] **Ing. Ada Byron**\n- [x] **Bc. Max Weber** - online\n- [ ] **Bc. Kim Novák**\n\n## Priebeh stretnutia\n\nStretli sme sa.\n",
            "2026-03-23",
        ),
        (
            "docs/events/team_meetings/2026-2.md",
            "# Team Meeting 2026/2\n\n*18 June 2026, in the hut*\n\n## Participants\n\nAda Byron (AB), Max Weber (MW)\n\n## Reports\n\nNone.\n",
            "2026-06-18",
        ),
        (
            "docs/atas/ata7.md",
            "# Ata de Reunião 07\n\n**Data:** 06/10/2026\n\n## Participantes presentes:\n\n- ✅ [Ada Byron](https://example.org/ada)\n- ❌ [Kim Sá](https://example.org/kim)\n- ✅ [Max Weber](https://example.org/max)\n\n## Decisões:\n\n- Comprar chá\n",
            "2026-10-06",
        ),
        (
            "docs/pages/atas/ata8.md",
            "# Ata 08\n\n## Identificação\n\n| Data | Início | Término | Local |\n|---|---|---|---|\n| 29/09/2026 | 8:10 | 10:00 | Sala 2 |\n\n| Participante | Presente |\n|---|---|\n| Ada Byron | ✅ |\n| Kim Sá | ❌ |\n| Max Weber | ✅ |\n\n## Pauta\n\n- Chá\n\n## Decisões\n\n- Comprar\n",
            "2026-09-29",
        ),
    ] {
        let record = only(path, page);
        assert_eq!(record["kind"], "meeting", "{path}");
        let fields = &record["fields"];
        assert_eq!(fields["date"], day, "{path}");
        assert_eq!(fields["attendees"], serde_json::json!(["Ada Byron", "Max Weber"]), "{path}");
    }
}

#[test]
fn minutes_in_scripts_without_capitals_are_read() {
    let korean = "# 2026년 11월 15일 임시총회\n\n- 일시: 2026년 11월 15일 오후 3시\n\n## 의사일정\n\n- 개회\n\n## 성원 보고\n\n- 재적 4명, 재석 2명\n- 재석: 김하나, 이두리\n- 결원: 박세나\n\n## 의결 결과\n\n- 원안가결\n";
    let record = only("docs/meetings/ega20261115/index.md", korean);
    assert_eq!(record["fields"]["date"], "2026-11-15");
    assert_eq!(record["fields"]["attendees"], serde_json::json!(["김하나", "이두리"]));
    let chinese = "# 第十周组会会议纪要\n\n## 会议要点\n\n* 会议时间：2026 年 5 月 4 日\n* 主持人：王一（组长）\n* 参会人员：李二，张三丰\n\n## 会议内容\n\n- 分配任务\n";
    let record = only("会议记录/第十周会议纪要.md", chinese);
    assert_eq!(record["fields"]["date"], "2026-05-04");
    assert_eq!(record["fields"]["attendees"], serde_json::json!(["李二", "张三丰"]));
}

#[test]
fn what_only_speaks_of_sessions_is_none() {
    let others = [
        (
            "_posts/2026-03-21-why-standups-fail.md",
            "---\ntitle: Why standups fail\n---\n\nAttendees: everyone who cares.\n\nKeep them short.\n",
        ),
        (
            "docs/meetings/standup-guide.md",
            "# Stand-up 1-2-3\n\n## Attendees\n\nDevelopment team, scrum master\n\n## Agenda\n\n- What did you do?\n\n## Next steps\n\n- Begin\n",
        ),
        (
            "docs/meetings/template.md",
            "# Meeting 1\n\n**Date:** 2026-03-01\n\n## Attendees\n\n- Name\n\n## Agenda\n\n- Topic\n\n## Decisions\n\n- None\n",
        ),
        (
            "docs/actas/acta-00.md",
            "# Acta de reunión 0\n\n**Fecha:** [DD/MM/AAAA]\n\n## Asistentes\n\n- [Nombre 1]\n\n## Acuerdos\n\n- [Acuerdo]\n",
        ),
        (
            "docs/meetings/meeting5.md",
            "# Meeting 5\n\n## Objective\n\nAgree.\n\n## Discussion points\n\n- Prices\n\n## Next steps\n\n- Ask\n",
        ),
        (
            "docs/sprints/sprint-01/review.md",
            "# Sprint review\n\n## Details\n\n- Timespan: 11.12.2025 – 17.12.2025\n- Team: all\n\n## Feedback\n\n- Fine\n\n## Next steps\n\n- Go on\n",
        ),
        (
            "docs/5-minutes/2026.md",
            "# Learn it in 5 minutes\n\n## Summary\n\nRead.\n\n## Next steps\n\nGo on.\n",
        ),
        ("docs/review/pr-12.md", "# Review of 12\n\n## Summary\n\nFine.\n\n## Next steps\n\nMerge.\n"),
    ];
    assert_eq!(read(&others), [""; 0]);
}

#[test]
fn a_day_that_may_mean_two_is_left_out() {
    let page = |date: &str| {
        format!("# Meeting 4\n\nDate: {date}\n\n## Attendees\n\n- Ada Byron\n\n## Decisions\n\n- Tea\n")
    };
    for (date, day) in [
        ("03/04/2026", None),
        ("13/04/2026", Some("2026-04-13")),
        ("04/13/2026", Some("2026-04-13")),
        ("3.4.2026", Some("2026-04-03")),
    ] {
        let record = only("docs/meetings/meeting4.md", &page(date));
        assert_eq!(record["fields"]["date"].as_str(), day, "{date}");
    }
}

#[test]
fn those_who_were_absent_or_are_no_people_are_left_out() {
    for people in [
        "- Ada Byron\n- Max Weber\n\nPeople absent:\n\n- Kim Lee\n",
        "- [x] Ada Byron\n- [x] Max Weber\n- [ ] Kim Lee\n",
        "- Ada Byron\n- Max Weber\n\n### Absent\n\n- Kim Lee\n",
        "- ✅ Ada Byron\n- ❌ Kim Lee\n- ✅ Max Weber\n",
        "| Name | Present |\n|---|---|\n| Ada Byron | ✅ |\n| Kim Lee | ❌ |\n| Max Weber | ✅ |\n",
    ] {
        for path in ["docs/meetings/meeting4.md", "minutes/2026-11-20.md"] {
            let page = format!(
                "# Meeting 4\n\nDate: 2026-11-20\n\n## Attendees\n\n{people}\n## Decisions\n\n- Tea\n"
            );
            let record = only(path, &page);
            assert_eq!(
                record["fields"]["attendees"],
                serde_json::json!(["Ada Byron", "Max Weber"]),
                "{people}"
            );
        }
    }
    let page = "# Core meeting\n\nAttendees: Ada Byron, Max Weber\n\nAbsent: None, everyone was there\n\n## Agenda\n\n- Tea\n";
    let record = only("minutes/2026-11-20.md", page);
    assert_eq!(record["fields"]["absent"], serde_json::Value::Null);
}

#[test]
fn retrospectives_are_read_by_name_and_two_sections() {
    for (path, page) in [
        (
            "_posts/2026-06-02-Retrospective1.md",
            "---\ntitle: Retrospective\n---\n\n**Attendees:** Ada Byron, Max Weber\n\n**Start Doing:**\n\n- Tests\n\n**Stop Doing:**\n\n- Late talks\n",
        ),
        (
            "docs/retrospective/sprint1.md",
            "# Retrospektíva šprintu č. 1\n\n## Záver\n\n| **S čím sme boli spokojní** | **Čo treba zlepšiť** |\n|---|---|\n| Čaj | Testy |\n",
        ),
        (
            "docs/meetings/022226-retrospective.md",
            "# First retrospective\n\n## Glad\n\n- Tea\n\n## Sad\n\n- Rain\n\n## Decisions\n\n- More tea\n",
        ),
        (
            "meeting-notes/blameless-postmortem-11-20-26.md",
            "# Blameless postmortem\n\n## Goals achieved\n\n- Tea\n\n## Goals missed\n\n- Cake\n\n## Plan adjustments\n\n- Bake\n",
        ),
        (
            "retrospectives/sprint2.md",
            "# Sprint 2\n\n| START | STOP | CONTINUE |\n|---|---|---|\n| Tea | Rain | Cake |\n",
        ),
    ] {
        assert_eq!(only(path, page)["kind"], "retrospective", "{path}");
    }
    let others = [
        (
            "docs/retrospectives.md",
            "# Retrospectives\n\n## Start\n\nWhat shall we begin?\n\n## Stop\n\nWhat shall we end?\n\n## Continue\n\nWhat is good?\n",
        ),
        (
            "docs/retrospectives/how-to-1.md",
            "# How to hold a retrospective\n\n## What went well\n\nAsk.\n\n## What could be improved\n\nAsk.\n",
        ),
        (
            "_posts/2026-12-31-year-in-retrospective.md",
            "---\ntitle: The year in retrospective\n---\n\n## What went well\n\n- Tea\n\n## What to improve\n\n- Sleep\n",
        ),
        ("src/retrofit/notes-2.md", "# Retrofit 2\n\n## Good\n\nA.\n\n## Bad\n\nB.\n"),
    ];
    assert_eq!(read(&others), [""; 0]);
}
