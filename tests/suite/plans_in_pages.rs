//! Metrics, goals and planned work in sections of pages, and the columns of tables of people and of work.

use std::time::{Duration, Instant};

use crate::kit::Repository;
use crate::session_pages::records;

/// Of each record its kind, title, and status or target.
fn read(path: &str, page: &str) -> Vec<String> {
    let field = |record: &serde_json::Value, name: &str| record["fields"][name].as_str().map(str::to_owned);
    let shown = |record: &serde_json::Value| {
        let value = field(record, "status").or_else(|| field(record, "target")).unwrap_or_default();
        let text = |key: &str| record[key].as_str().unwrap_or_default().to_owned();
        format!("{} {} {value}", text("kind"), text("title")).trim_end().to_owned()
    };
    records(&[(path, page)]).iter().map(shown).collect()
}

#[test]
fn metrics_with_targets_may_be_a_section_of_a_plan() {
    let table = "| Metric | Target | Measurement |\n|---|---|---|\n| **Ships lost** | 0 | Log |\n| Ships on time | > 95% | Clock |\n\
                 | Costs of the quay | what the town pays | Books |\n| [Metric 1] | [Target] | [How] |\n";
    let expected = ["kpi Ships lost 0", "kpi Ships on time > 95%", "kpi Costs of the quay"];
    let page = |heading: &str, table: &str| format!("# Quay plan\n\nBuild it.\n\n{heading}\n\n{table}");
    for heading in [
        "## Success Criteria",
        "## 10. Success metrics",
        "### Key Performance Indicators (KPIs)",
        "## 📈 Success Metrics (KPIs)",
        "## Indicadores de éxito",
        "## Kennzahlen",
    ] {
        assert_eq!(read("docs/quay-plan.md", &page(heading, table)), expected, "{heading}");
    }
    let german = table.replace("Metric |", "Kennzahl |").replace("Target |", "Zielwert |");
    assert_eq!(read("docs/vision.md", &page("## Kennzahlen", &german)), expected);
    // A report, another section, a template and a page of another name.
    let report = table.replace("Measurement", "Achieved");
    assert_eq!(read("docs/quay-plan.md", &page("## Success metrics", &report)), [""; 0]);
    assert_eq!(read("docs/quay-plan.md", &page("## Alerts", table)), [""; 0]);
    assert_eq!(read("docs/quay-plan-template.md", &page("## Success metrics", table)), [""; 0]);
    assert_eq!(read("docs/skills/quay-plan.md", &page("## Success metrics", table)), [""; 0]);
    assert_eq!(read("src/quay.md", &page("## Success metrics", table)), [""; 0]);
    let repository = Repository::folder_with(&[("docs/quay-plan.md", &page("## Success metrics", table))]);
    assert_eq!(repository.check(&[]).findings(), [""; 0]);
}

#[test]
fn quality_goals_of_an_architecture_are_goals() {
    let table = "| Priority | Quality goal | Scenario |\n|---|---|---|\n| 1 | **Safety** | No ship hits the quay |\n| 2 | Speed | A ship is moored in an hour |\n";
    let expected = ["objective Safety", "objective Speed"];
    let page = |heading: &str, what: &str| {
        format!(
            "# Introduction and goals\n\nWhy.\n\n{heading}\n\n{what}\n## Next\n\n- **No**: goal\n- **Of**: them\n"
        )
    };
    for path in [
        "docs/arc42/01_introduction_and_goals.md",
        "docs/port.md",
        "README.md",
        "doc/architecture/01-introduction-and-goals.adoc",
    ] {
        let page = page("## 1.2 Quality Goals", table);
        let page = if path.ends_with("adoc") {
            page.replace("# ", "= ").replace("#=", "==").replace("|---|---|---|\n", "")
        } else {
            page
        };
        if !path.ends_with("adoc") {
            assert_eq!(read(path, &page), expected, "{path}");
        }
    }
    let german = "| **Ziel** |  | **Erläuterung** | **Priorisierung\\*** |\n|---|---|---|---|\n| Safety | x | Kein Schiff stößt an | 10 |\n| Speed | y | In einer Stunde | 7 |\n";
    assert_eq!(read("doku/qualitätsziele.md", &format!("# Qualitätsziele\n\n{german}")), expected);
    for list in [
        "- **Safety** — no ship hits the quay\n- **Speed** — moored in an hour\n",
        "1. **Safety** — no ship hits the quay\n2. **Speed** — moored in an hour\n",
        "- Safety\n- Speed\n",
    ] {
        assert_eq!(read("docs/architecture.md", &page("## 2. Quality objectives", list)), expected, "{list}");
    }
    // A form, a list elsewhere, and other goals.
    let form = "| Priority | Quality goal | Scenario |\n|---|---|---|\n| 1 | {goal} | {scenario} |\n| 2 | Quality goal 2 | … |\n";
    assert_eq!(read("docs/arc42/01_introduction_and_goals.md", &page("## Quality Goals", form)), [""; 0]);
    assert_eq!(read("docs/port.md", &page("## Quality Goals", "- Safety\n- Speed\n")), [""; 0]);
    assert_eq!(read("docs/arc42/01_introduction_and_goals.md", &page("## Goals", table)), [""; 0]);
}

#[test]
fn a_roadmap_may_be_a_section_of_an_introduction() {
    let page = |section: &str| {
        format!("# Port\n\n## Features\n\n- [x] A quay\n\n{section}\n## Tasks\n\n- [ ] Paint\n")
    };
    let marked = "## 🗺️ Roadmap\n\n- [x] Moor by day\n- [ ] Moor by night\n- [ ] Feature 3\n  - [ ] Nested Feature\n- [ ] Add Changelog\n";
    let expected = ["initiative Moor by day done", "initiative Moor by night planned"];
    assert_eq!(read("README.md", &page(marked)), expected);
    assert_eq!(read("docs/README.md", &page(marked)), expected);
    let phases = "## Roadmap\n\n### Phase 1: Moor by day (done)\n\n- [x] A rope\n\n### Phase 2 — Moor by night\n\n- [ ] A lamp\n";
    assert_eq!(read("README.md", &page(phases)), ["initiative Moor by day done", "initiative Moor by night"]);
    assert_eq!(read("docs/port.md", &page(marked)), [""; 0]);
    assert_eq!(read("README.md", &page(marked).replace("# Port\n", "# Learning to sail\n")), [""; 0]);
    assert_eq!(read("README.md", &page("## Learning roadmap\n\n- [x] Knots\n- [ ] Sails\n")), [""; 0]);
}

#[test]
fn tables_of_phases_and_milestones_have_few_columns() {
    let page = |heading: &str, table: &str| format!("# Port\n\n{heading}\n\n{table}\n");
    let done = ["initiative Moor by day done", "initiative Moor by night running"];
    let status = "| Phase | Status |\n|---|---|\n| Phase 1: Moor by day | ✅ Complete |\n| Phase 2: Moor by night | 🚧 In progress |\n| **TOTAL** | 50% |\n";
    let milestones = "| # | Milestone | Status |\n|---|---|---|\n| 1 | Moor by day | done |\n| 2 | Moor by night | in progress |\n";
    assert_eq!(read("README.md", &page("## Implementation Status", status)), done);
    assert_eq!(read("README.md", &page("## Milestone status", milestones)), done);
    assert_eq!(read("ROADMAP.md", &page("## Next", milestones)), done);
    let planned = "| Phase | Focus |\n|---|---|\n| 1 | Moor by day |\n| 2 | Moor by night |\n";
    let expected = ["initiative Moor by day", "initiative Moor by night"];
    assert_eq!(read("README.md", &page("## Roadmap", planned)), expected);
    assert_eq!(read("README.md", &page("## Phases", planned)), [""; 0]);
    let activities = "| Actividad | Tipo | Descripción |\n|---|---|---|\n| Moor by day | Muelle | Con cuerdas |\n| Moor by night | Luz | Con lámparas |\n";
    assert_eq!(read("ROADMAP.md", &page("## Ruta", activities)), expected);
    assert_eq!(read("docs/roadmap-notes.md", &page("## Ruta", activities)), [""; 0]);
    let traced = "| Requirement | Phase | Status |\n|---|---|---|\n| R-1 | Phase 1 | Done |\n| R-2 | Phase 2 | Open |\n";
    assert_eq!(read("README.md", &page("## Project status", traced)), [""; 0]);
}

#[test]
fn hostile_sections_take_no_long_time() {
    let rows = "| a | 1 |\n".repeat(40_000);
    let pages = [
        ("docs/quay-plan.md", format!("# P\n\n## Success metrics\n\n| Metric | Target |\n|---|---|\n{rows}")),
        (
            "docs/plan.md",
            "# P\n\n".to_owned()
                + &"## Metrics\n\n| Metric | Target |\n|---|---|\n| a | 1 |\n\n".repeat(10_000),
        ),
        (
            "docs/architecture.md",
            "# P\n\n".to_owned() + &"## Quality goals\n\n- **a** — b\n- c\n\n".repeat(20_000),
        ),
        ("README.md", "# P\n\n".to_owned() + &"## Roadmap\n\n### Phase 1: a\n\n- [ ] b\n\n".repeat(15_000)),
    ];
    let start = Instant::now();
    for (path, page) in &pages {
        let _ = Repository::folder_with(&[(path, page)]).run(&["records"]);
    }
    assert!(start.elapsed() < Duration::from_secs(40), "{:?}", start.elapsed());
}
