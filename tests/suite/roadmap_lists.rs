//! Roadmaps that are lists, and objectives that stand below the heading of a period.

use crate::kit::Repository;
use crate::session_pages::records;

fn shown(files: &[(&str, &str)]) -> Vec<String> {
    let field =
        |record: &serde_json::Value, name: &str| record["fields"][name].as_str().unwrap_or("-").to_owned();
    let shown = |record: &serde_json::Value| {
        let period = field(record, "period");
        format!("{} | {} | {} | {period}", record["path"], record["title"], field(record, "status"))
            .replace('"', "")
    };
    records(files).iter().map(shown).collect()
}

fn findings(files: &[(&str, &str)]) -> String {
    Repository::folder_with(files).run(&["--format", "concise", "--as-of", "2026-11-20"]).out
}

#[test]
fn a_page_of_a_milestone_is_an_initiative() {
    let page = "# M5 — Settlement\n\n**Status:** Shipped (closed 2026-05-17)\n**Scope:** All payments.\n\n## 1. Goal & Exit Criteria\n\nPay.\n";
    let files = [
        ("docs/milestones/M5-settlement.md", page),
        ("docs/milestones/M5-retrospective.md", page),
        ("docs/milestones/settlement.md", page),
        ("docs/milestones/M6-refunds.md", "# M6 — Refunds\n\n## Goal\n\nPay back.\n"),
        ("docs/notes/M5-settlement.md", page),
    ];
    let listing = Repository::folder_with(&files).run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let [record] = records.as_slice() else { panic!("{listing}") };
    assert_eq!((&record["id"], &record["title"]), (&"M5".into(), &"Settlement".into()));
    assert_eq!((&record["profile"], &record["fields"]["status"]), (&"milestone-page".into(), &"done".into()));
}

#[test]
fn a_page_of_goals_may_have_several_headings_of_the_first_level() {
    let page = "# Objectives and Key Results\n\n## Quarterly\n### Q1 2026\nOpen a second site (7/10)\n- 3 tenants\n\nSell the boat\n\
                - A buyer\n- A price\n\n# Future\nMove\n";
    let listing = Repository::folder_with(&[("OKRs.md", page)]).run(&["records"]).out;
    assert!(listing.contains("Sell the boat") && !listing.contains("Move"), "{listing}");
}

#[test]
fn items_with_marks_are_planned_work_below_any_heading() {
    let files = [
        (
            "docs/roadmap.md",
            "# Press roadmap\n\n## Legend\n\n- :octicons-pin-16: to do\n- :octicons-check-16: done\n\n\
             ## Cellar\n\n- :material-run: Mend the stairs\n- Presses\n    - :octicons-pin-16: Oil the screw\n    - :octicons-check-16: New basket\n\
             - Barrels\n    - :octicons-pin-16: Oil the screw\n\n## Shop\n\n- A note without a mark\n",
        ),
        (
            "ROADMAP.md",
            "# Roadmap\n\n## Garden\n\n- [x] **Fence** – along the road\n- [ ] Trees\n  - [X] Apples\n  - [ ] ~~Pears~~\n  - what is no tree\n- ✅ Paths (done)\n- 🚧 Pond\n- Bridge *(in progress)*\n- [Gate](gate.md)\n\n\
             ## Success criteria\n\n- [ ] Nobody falls\n",
        ),
    ];
    assert_eq!(
        shown(&files),
        [
            "ROADMAP.md | Fence | done | -",
            "ROADMAP.md | Apples | done | -",
            "ROADMAP.md | Pears | planned | -",
            "ROADMAP.md | Paths | done | -",
            "ROADMAP.md | Pond | running | -",
            "ROADMAP.md | Bridge | running | -",
            "docs/roadmap.md | Mend the stairs | running | -",
            "docs/roadmap.md | Oil the screw | planned | -",
            "docs/roadmap.md | New basket | done | -",
            "docs/roadmap.md | Oil the screw | planned | -",
        ]
    );
    let ids = records(&files[..1]).iter().map(|record| record["id"].to_string()).collect::<Vec<_>>();
    assert_eq!(
        ids,
        ["\"Mend the stairs\"", "\"Presses: Oil the screw\"", "\"New basket\"", "\"Barrels: Oil the screw\""]
    );
    assert_eq!(findings(&files), "");
}

#[test]
fn outermost_items_below_a_period_a_version_a_phase_or_a_horizon_are_planned_work() {
    let files = [
        (
            "docs/roadmap.rst",
            "Roadmap\n=======\n\n- **Short-term**:\n\n  - Sheds\n  - Fences\n\n- **Later**:\n\n  - Towers\n",
        ),
        (
            "plan.md",
            "# Roadmap\n\n## Principles\n\n- Small steps\n\n## Q3 2026\n\n### Cellar\n\n- Stairs\n  - of oak\n- Goal: dry feet\n\n## v1.2 (in progress)\n\n- Press\n\n\
             ## Not planned\n\n- A mill\n\n## Phase 2: Shop\n\n**Deliverables:**\n\n- Counter\n\n**Success criteria:**\n\n- Ten guests\n\n### 2.1 Till\n\n- Buy it\n\n\
             ## Next\n\n### Roof\n\nIt leaks.\n\n### Risks\n\nRain.\n",
        ),
    ];
    assert_eq!(
        shown(&files),
        [
            "docs/roadmap.rst | Sheds | - | -",
            "docs/roadmap.rst | Fences | - | -",
            "docs/roadmap.rst | Towers | proposed | -",
            "plan.md | Stairs | - | Q3 2026",
            "plan.md | Press | running | -",
            "plan.md | Counter | - | -",
            "plan.md | Roof | planned | -",
        ]
    );
    assert_eq!(findings(&files), "");
}

#[test]
fn items_without_a_mark_beside_such_with_one_are_details() {
    let page = "# Roadmap\n\n## Phase 1\n\n- [ ] Press\n- what it costs\n\n## Phase 2\n\n- Cellar\n";
    let expected = ["roadmap.md | Press | planned | -", "roadmap.md | Cellar | - | -"];
    assert_eq!(shown(&[("roadmap.md", page)]), expected);
}

#[test]
fn guides_templates_lessons_and_translations_of_roadmaps_hold_no_work() {
    let page = "# Roadmap\n\n## Q3 2026\n\n- [ ] Press\n- [x] Cellar\n";
    let learnt = "# Learning roadmap\n\n## Phase 1\n\n- [ ] Rust\n- [ ] Git\n";
    let weeks = "# Roadmap\n\n## Week 1\n\n- [ ] Rust\n\n## Week 2\n\n- [ ] Git\n";
    let template = "# Roadmap\n\n## Q1 2026\n\n- [ ] Feature 1\n- [ ] Feature 2\n- [ ] TBD\n";
    let contents = "# Roadmap\n\n## 2026\n\n- [Press](press.md)\n- [Cellar](#cellar)\n";
    let changes = "# Roadmap\n\n## Changelog\n\n### 1.2.0\n\n- Press\n- Cellar\n";
    for (path, text) in [
        ("templates/roadmap.md", page),
        ("docs/roadmap-template.md", page),
        ("docs/how-to-roadmap-guide.md", page),
        ("docs/zh/roadmap.md", page),
        ("docs/roadmap.zh-cn.md", page),
        ("_posts/roadmap.md", page),
        ("tests/fixtures/roadmap.md", page),
        (".github/roadmap.md", page),
        ("docs/changelog.md", page),
        ("docs/api/tasks.md", page),
        ("docs/roadmap.md", learnt),
        ("docs/roadmap.md", weeks),
        ("docs/roadmap.md", template),
        ("docs/roadmap.md", contents),
        ("docs/roadmap.md", changes),
        ("docs/roadmap.md", "# Roadmap\n\n## Cellar\n\n- Stairs\n- Press\n"),
        ("docs/roadmap.md", "# Roadmap\n\nSee [the board](https://example.org).\n\n- [ ] Press\n"),
    ] {
        assert_eq!(shown(&[(path, text)]), [""; 0], "{path}: {text}");
    }
}

#[test]
fn two_pages_may_plan_the_same() {
    let page = "# Roadmap\n\n- [ ] Press\n- [x] Cellar\n";
    let files = [("docs/roadmap.md", page), ("server/docs/roadmap.md", page)];
    assert_eq!(shown(&files).len(), 4);
    assert_eq!(findings(&files), "");
}

#[test]
fn objectives_stand_below_the_heading_of_a_period() {
    let files = [
        (
            "OKRs.md",
            "# OKRs\n\n## 2026 OKRs PRESS\n*What are these?*\n\n### Build the team\n- hire two\n    - one of oak\n\n### Be profitable\n        - earn more\n\n\
             ## Q2 OKRs\n\n### Build the team\n\n- hire one\n",
        ),
        (
            "okrs/cellar.md",
            "# Objectives and Key Results\n\n## 2026 Q1\n\n**Dry feet**\n\n- P0 - a drain\n\n**Key results:**\n\n- none\n\nGood stairs (7/10)\n- of oak\n\nFor more:\n- this\n\n\
             ## 2026 Q2\n\n- **A new door**\n  - `P1` - oak\n- No results\n- [The sheet](https://example.org)\n\n## Q3 2026\n\n### Kitchen\n\n- **O1**: Warm food\n  - KR1: a stove\n- Objective 2: Clean plates\n  - KR1: a sink\n",
        ),
        (
            "docs/goals.md",
            "# Goals for 2026\n\n## Sell in Norway\n\nTwo shops.\n\n## Mend the press\n\n- a screw\n\n## Review of 2025\n\n- good\n",
        ),
    ];
    assert_eq!(
        shown(&files),
        [
            "OKRs.md | Build the team | - | 2026",
            "OKRs.md | Be profitable | - | 2026",
            "OKRs.md | Build the team | - | -",
            "docs/goals.md | Sell in Norway | - | 2026",
            "docs/goals.md | Mend the press | - | 2026",
            "okrs/cellar.md | Dry feet | - | 2026 Q1",
            "okrs/cellar.md | Good stairs (7/10) | - | 2026 Q1",
            "okrs/cellar.md | A new door | - | 2026 Q2",
            "okrs/cellar.md | Warm food | - | Q3 2026",
            "okrs/cellar.md | Clean plates | - | Q3 2026",
        ]
    );
    assert_eq!(findings(&files), "");
}

#[test]
fn guides_and_templates_for_objectives_hold_none() {
    let page = "# OKRs\n\n## 2026 OKRs\n\n### Build\n\n- hire\n\n### Sell\n\n- shops\n";
    let guide = "# OKRs\n\n## The magic\n\n1. Focus on what counts\n2. Stretch\n\n## What they are not\n\n1. Set in stone\n";
    let filled_in = "# OKRs [Quarter]\n\n## Q1 2026\n\n### Build\n\n- x\n\n### Sell\n\n- y\n";
    let sheets = "# OKRs\n\n## 2026 Q1\n\n- [Sheet](https://example.org/1)\n\n## 2026 Q2\n\n- [Sheet](https://example.org/2)\n";
    for (path, text) in [
        ("templates/okrs.md", page),
        ("docs/okr-template.md", page),
        ("docs/okr-guide.md", page),
        ("skills/okrs/okr.md", page),
        ("docs/press.md", page),
        ("docs/okrs.md", guide),
        ("docs/okrs.md", filled_in),
        ("docs/okrs.md", sheets),
    ] {
        assert_eq!(shown(&[(path, text)]), [""; 0], "{path}: {text}");
    }
}

#[test]
fn headings_with_titles_of_their_own_are_planned_work_with_all_that_stands_below() {
    let files = [
        (
            "ROADMAP.md",
            "# Press roadmap\n\n- [x] **Phase 1: Cellar** - dry\n- [ ] Phase 2: Shop\n\n# Iteration 1\n\n- How we work\n\n## Phase 1: Cellar\n\n- [ ] Stairs\n\n### Milestone 1.1: Drain\n\n- [ ] Pipe\n\n### Milestone 1.2: Roof\n\n\
             ## Phase 2: Shop - [/] IN-PROGRESS (counter landed)\n\n* [x] Counter\n\n## Phase 3a — Garden (Q3 2026) ✅\n\nTrees.\n\n## Deferred: The mill [P2]\n\n- [ ] Wheel\n\n# Backlog\n\n- [ ] Bridge\n- [x] Gate\n",
        ),
        (
            "docs/roadmap.md",
            "# Roadmap\n\n## Phase 1: MVP (완료)\n\n| Task | Status |\n|---|---|\n| Stairs | done |\n| Press | done |\n\n## Phase 2: 운영 안정성\n\n| Task | Status |\n|---|---|\n| Roof | open |\n\n\
             ## Phase 3\n\n### Later\n\n- Towers\n\n## Phase 4: Completed\n\n- Fence\n",
        ),
        (
            "docs/roadmap.rst",
            "Roadmap\n=======\n\nv1.2 – Search\n-------------\n\n- Words\n- Names\n\nv1.3 – Offline mode (done)\n--------------------------\n\nWithout a net.\n",
        ),
        (
            "plans/milestones.md",
            "# Roadmap\n\n## Next\n\n### M1: Bread\n\n- Flour\n\n### M2 — Cake\n\n- Eggs\n",
        ),
    ];
    assert_eq!(
        shown(&files),
        [
            "ROADMAP.md | Cellar | done | -",
            "ROADMAP.md | Shop | running | -",
            "ROADMAP.md | Garden (Q3 2026) | done | Q3 2026",
            "ROADMAP.md | Deferred: The mill [P2] | planned | -",
            "ROADMAP.md | Bridge | planned | -",
            "ROADMAP.md | Gate | done | -",
            "docs/roadmap.md | MVP | done | -",
            "docs/roadmap.md | 운영 안정성 | - | -",
            "docs/roadmap.md | Towers | proposed | -",
            "docs/roadmap.md | Fence | done | -",
            "docs/roadmap.rst | v1.2 – Search | - | -",
            "docs/roadmap.rst | v1.3 – Offline mode | done | -",
            "plans/milestones.md | Bread | - | -",
            "plans/milestones.md | Cake | - | -",
        ]
    );
    let ids = |files: &[(&str, &str)]| -> Vec<String> {
        records(files).iter().map(|record| record["id"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(ids(&files[..1])[..3], ["Phase 1", "Phase 2", "Phase 3a"]);
    assert_eq!(ids(&files[3..]), ["M1", "M2"]);
    assert_eq!(findings(&files), "");
    // A number that comes twice names none of them.
    let twice =
        "# Roadmap\n\n## Phase 1: Shop\n\n- x\n\n## Phase 1: Mill [P0]\n\n- y\n\n## Phase 2: Roof\n\n- z\n";
    assert_eq!(ids(&[("docs/roadmap.md", twice)]), ["Phase 1: Shop", "Phase 1: Mill [P0]", "Phase 2"]);
    let titles = [
        "docs/roadmap.md | Shop | - | -",
        "docs/roadmap.md | Mill | - | -",
        "docs/roadmap.md | Roof | - | -",
    ];
    assert_eq!(shown(&[("docs/roadmap.md", twice)]), titles);
}

#[test]
fn headings_without_words_of_their_own_hold_planned_work() {
    for headings in [
        ["Phase 1", "Phase 2"],
        ["Q1 2026", "Q2 2026"],
        ["v1.2", "v1.3"],
        ["2025", "2026"],
        ["Phase 1: Q1 2026", "Phase 2: Q2 2026"],
        ["Phase 1 (Weeks 1–4)", "Phase 2 (Weeks 5–8)"],
        ["Phase 1 - [x] DONE", "Phase 2: In progress"],
        ["v1.2 – May 2026", "v1.3 – Planned features"],
        ["P0: Urgent", "P1: Wanted"],
        ["Phase 1: Shop", "Phase 2"],
    ] {
        let [first, second] = headings;
        let page = format!("# Roadmap\n\n## {first}\n\n- Press\n- Cellar\n\n## {second}\n\n- Mill\n");
        let titles: Vec<String> = shown(&[("docs/roadmap.md", &page)]);
        let titles: Vec<&str> = titles.iter().filter_map(|it| it.split(" | ").nth(1)).collect();
        assert_eq!(titles, ["Press", "Cellar", "Mill"], "{page}");
    }
}

#[test]
fn headings_of_guides_templates_and_changes_are_no_planned_work() {
    let page = "# Roadmap\n\n## Phase 1: Shop\n\nSell.\n\n## Phase 2: Mill\n\nGrind.\n";
    let learnt = "# Learning roadmap\n\n## Phase 1: Rust\n\nRead.\n\n## Phase 2: Git\n\nRead.\n";
    let template = "# Roadmap\n\n## Phase 1: [Name]\n\n- TBD\n\n## Phase 2: {{PHASE_2_NAME}}\n\n- TBD\n\n## Phase 3: \\<title\\>\n\n- TBD\n";
    let changes = "# Roadmap\n\n## Changelog\n\n### v1.2 – Search\n\n- x\n\n### v1.3 – Offline\n\n- y\n";
    let criteria =
        "# Roadmap\n\n## Success metrics\n\n### Phase 1: Shop\n\n- x\n\n### Phase 2: Mill\n\n- y\n";
    let fenced = "# Roadmap\n\n```markdown\n## Phase 1: Shop\n\n## Phase 2: Mill\n```\n";
    let sections = "# Roadmap\n\n## 1.1 Shop\n\nSell.\n\n## 1.2 Mill\n\nGrind.\n";
    for (path, text) in [
        ("templates/roadmap.md", page),
        ("docs/roadmap-template.md", page),
        ("docs/how-to-roadmap-guide.md", page),
        ("docs/roadmap-meeting.md", page),
        ("docs/prompts/roadmap.md", page),
        ("tests/fixtures/roadmap.md", page),
        (".github/ISSUE_TEMPLATE/roadmap.md", page),
        ("docs/changelog.md", page),
        ("docs/api/phases.md", page),
        ("plan.md", "# Plan\n\n## Phase 1: Shop\n\nSell.\n\n## Phase 2: Mill\n\nGrind.\n"),
        ("docs/roadmap.md", learnt),
        ("docs/roadmap.md", template),
        ("docs/roadmap.md", changes),
        ("docs/roadmap.md", criteria),
        ("docs/roadmap.md", fenced),
        ("docs/roadmap.md", sections),
        ("docs/roadmap.md", "# Roadmap\n\n## Phase 1: Shop\n\nSell.\n"),
    ] {
        assert_eq!(shown(&[(path, text)]), [""; 0], "{path}: {text}");
    }
}

#[test]
fn what_a_text_announces_below_a_further_heading_is_a_detail() {
    let page = "# Roadmap\n\n## Must have\n\n### 1. A wider schema\n\nIt should support:\n\n- extent\n- path type\n\n## Next\n\nWe plan:\n\n- A slip\n- *Strategic trace:* more ships\n\n### Ferry\n\n- A ramp\n\n## Later\n\n### Launch checklist\n\n- [ ] All systems green\n- [ ] The harbour is told\n";
    let expected = ["docs/roadmap.md | A slip | planned | -", "docs/roadmap.md | A ramp | planned | -"];
    assert_eq!(shown(&[("docs/roadmap.md", page)]), expected);
}
