//! Records in sections of pages that are about something else: a glossary or the phases of a project in a README.

use std::time::{Duration, Instant};

use crate::kit::Repository;

/// Of each record its kind, title and status.
fn read(path: &str, page: &str) -> Vec<String> {
    let listing = Repository::folder_with(&[(path, page)]).run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let text = |record: &serde_json::Value, key: &str| record[key].as_str().unwrap_or_default().to_owned();
    let shown = |it: &serde_json::Value| {
        format!("{} {} {}", text(it, "kind"), text(it, "title"), text(&it["fields"], "status"))
    };
    records.iter().map(|it| shown(it).trim_end().to_owned()).collect()
}

const TABLE: &str =
    "| Term | Definition |\n|---|---|\n| Berth | A place for a ship |\n| Tug | Pulls others |\n";

#[test]
fn a_glossary_may_be_a_section_of_a_page() {
    let expected = ["term Berth", "term Tug"];
    let options = "## Options\n\n- **Flag**: of which country it is\n- **Mast**: how many\n\n";
    for heading in [
        "## Glossary",
        "## 12. Glossary",
        "### 1.3 Definitions, Acronyms, and Abbreviations",
        "## Ubiquitous Language",
        "## Glossary (local)",
        "## Appendix A: Glossary",
        "## Terms and definitions",
        "## Begriffe",
        "## Términos y definiciones",
    ] {
        let page =
            format!("# Port\n\nWhere ships tie up.\n\n{options}{heading}\n\n{TABLE}\n## Usage\n\n{options}");
        assert_eq!(read("README.md", &page), expected, "{heading}");
        assert_eq!(read("docs/port.md", &page), expected, "{heading}");
    }
    for list in [
        "- **Berth**: A place for a ship\n- **Tug**: Pulls others\n",
        "- **Berth.** A place for a ship.\n- **Tug.** It pulls other ships.\n",
        "Berth\n: A place for a ship\n\nTug\n: Pulls others\n",
        "| Name | Description |\n|---|---|\n| Berth | A place for a ship |\n| Tug | Pulls others |\n",
    ] {
        let page = format!("# Port\n\n{options}## Glossary\n\n{list}\n## Usage\n\n{options}");
        assert_eq!(read("docs/requirements.md", &page), expected, "{list}");
    }
    let indented = "  * berth - a place for one ship\n  * tug - a ship that pulls others\n  * pier - where the berths are\n    - of wood\n";
    let page = format!("# Port\n\n## Glossary\n\n{indented}");
    assert_eq!(read("docs/README.md", &page), ["term berth", "term tug", "term pier"]);
}

/// Of each term its title and the words to avoid.
fn language(path: &str, page: &str) -> Vec<String> {
    let listing = Repository::folder_with(&[(path, page)]).run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().cloned().unwrap_or_default();
    let shown =
        |it: &serde_json::Value| format!("{} {}", it["title"], it["fields"]["avoid"]).replace('"', "");
    records.iter().map(shown).collect()
}

const LANGUAGE: &str = "**Berth**:\nA place for a ship.\n_Avoid_: slot, the parking space, bay (of the quay)\n\n\
                        **Tug** (`src/tug.rs`):\nWhat pulls other ships.\n\n_Avoid_: tractor\n\n\
                        **Owner**: Whoever pays.\n_Avoid_: calling it client, as the office does\n\n\
                        **Pier** — where the berths are.\n_Avoid_: \"jetty\",\n\"wooden quay\".\n";

#[test]
fn a_page_about_a_context_has_its_language() {
    let expected = ["Berth [slot,parking space]", "Tug [tractor]", "Owner null", "Pier [jetty,wooden quay]"];
    let others = "## Stack\n\n- **Runtime**: a virtual machine\n- **Store**: a database\n\n";
    let after = "## Relationships\n\n- **Berth**: one ship\n- **Tug**: many ships\n\n\
                 ## Example dialogue\n\n**Dev**: Which berth?\n**Pilot**: The next one.\n\n\
                 ## Flagged ambiguities\n\n- **Bay**: may be a berth\n- **Quay**: may be a pier\n";
    for heading in
        ["## Language", "## Language — at the quay", "## Ubiquitous language", "## Langage", "## Glossary"]
    {
        let page =
            format!("# Port\n\nWhere ships tie up.\n\n{others}{heading}\n\n### Ships\n\n{LANGUAGE}\n{after}");
        for path in ["CONTEXT.md", "docs/context.md", "apps/api/CONTEXT.md", "CONTEXT-MAP.md"] {
            assert_eq!(language(path, &page), expected, "{path} {heading}");
        }
        assert_eq!(language("src/port.md", &page), [""; 0]);
        assert_eq!(language("skills/port/CONTEXT.md", &page), [""; 0]);
        assert_eq!(language(".claude/CONTEXT.md", &page), [""; 0]);
        assert_eq!(language("templates/CONTEXT.md", &page), [""; 0]);
    }
    let areas = format!("# Port, domain glossary\n\n## Ships\n\n{LANGUAGE}\n{after}");
    // Where no section is named for the words, `**Owner**: Ada` may be a line about the page.
    assert_eq!(language("CONTEXT.md", &areas), [expected[0], expected[1], expected[3]]);
    let project = format!("# Port\n\nA site for ships.\n\n## Ships\n\n{LANGUAGE}\n{after}");
    assert_eq!(language("CONTEXT.md", &project), [""; 0]);
}

#[test]
fn phases_of_a_project_may_be_a_table() {
    let table = "| Phase | Scope | Status |\n|---|---|---|\n| 0 | Moor by day | ✅ Complete |\n| 1 | Moor by night | 🚧 In progress |\n\
                 | 2 | Moor in storms | ⬜ Not started |\n";
    let expected = [
        "initiative Moor by day done",
        "initiative Moor by night running",
        "initiative Moor in storms planned",
    ];
    let page = |heading: &str| format!("# Port\n\nWhere ships tie up.\n\n{heading}\n\n{table}");
    assert_eq!(read("README.md", &page("## Project phases")), expected);
    assert_eq!(read("docs/IMPLEMENTATION_TRACKER.md", &page("## Summary")), expected);
    assert_eq!(read("docs/harbour-action-plan.md", &page("## Summary")), expected);
    // A table of what a program does in phases, a template, and what to learn.
    assert_eq!(read("README.md", &page("## Compilation")), [""; 0]);
    assert_eq!(read("docs/compiler.md", &page("## Project phases")), [""; 0]);
    assert_eq!(read("README.md", &page("## Roadmap").replace("# Port\n", "# Learning to sail\n")), [""; 0]);
    assert_eq!(
        read("docs/action-plan.md", &page("## A").replace("# Port\n", "# Action plan template\n")),
        [""; 0]
    );
}

#[test]
fn a_roster_may_have_pictures() {
    let page = "# Crew\n\n# Team roster\n\n| Profile Picture | Name | About Me |\n|---|---|---|\n\
                | <img src=\"a.png\"/> | [Ada Byron](https://github.com/ada) | I sail. |\n| <img src=\"b.png\"/> | Bo Ek | I row. |\n";
    assert_eq!(read("admin/team.md", page), ["person Ada Byron", "person Bo Ek"]);
    assert_eq!(read("docs/ships.md", page), [""; 0]);
}

#[test]
fn a_glossary_may_mix_how_it_ends_words() {
    let page = "# Glossary\n\n**Berth:** A place for a ship.\n\n**Tug**. What pulls other ships.\n\n**Pier**. Where the berths are.\n";
    assert_eq!(read("docs/glossary.md", page), ["term Berth", "term Tug", "term Pier"]);
}

#[test]
fn hostile_pages_about_a_context_take_no_time() {
    for mark in
        ["## Language\n", "**a**:\n", "_Avoid_: a, b\n", "**a** (", "## Examples\n", "_Avoid_: (a, \n"]
    {
        let page = format!("# Port glossary\n\n## Language\n\n{}", mark.repeat(200_000 / mark.len()));
        let start = Instant::now();
        language("CONTEXT.md", &page);
        assert!(start.elapsed() < Duration::from_secs(20), "{mark}");
    }
}

#[test]
fn a_page_that_is_a_decision_stays_one() {
    let page = format!(
        "# 7. Tie up ships by day\n\n## Status\n\naccepted\n\n## Context\n\nShips wait.\n\n## Decision\n\nBy day.\n\n## Consequences\n\nNone.\n\n## Glossary\n\n{TABLE}"
    );
    assert_eq!(read("docs/adr/0007-tie-up.md", &page), ["decision Tie up ships by day accepted"]);
}

#[test]
fn a_table_of_acronyms_in_a_glossary_of_another_form_is_read_too() {
    let page = "# Port, domain glossary\n\n## Entities\n\n### Berth\n**Type.** Entity\n**Definition.** A place for a ship.\n\n\
                ### Tug\n**Type.** Entity\n**Definition.** Pulls others.\n\n## Acronyms & Abbreviations\n\n\
                | Acronym | Meaning |\n|---|---|\n| VTS | Vessel traffic service |\n| TUG | Pulls others |\n";
    assert_eq!(read("port/glossary.md", page), ["term Berth", "term Tug", "term VTS"]);
}

#[test]
fn guides_templates_and_other_pages_have_no_records_in_their_sections() {
    let page = |title: &str| {
        format!("# {title}\n\n## Glossary\n\n{TABLE}\n## Roadmap\n\n- [ ] Moor by night\n- [ ] Moor by day\n")
    };
    for path in [
        "docs/templates/requirements.md",
        "docs/style-guide.md",
        "docs/api/port.md",
        "docs/tutorials/port.md",
        "tests/fixtures/README.md",
        ".github/prompts/requirements.md",
        "docs/port.de.md",
        "CHANGELOG.md",
        "src/port.md",
        "docs/license.md",
        "blog/docs/port.md",
    ] {
        assert_eq!(read(path, &page("Port")), [""; 0], "{path}");
    }
    for title in
        ["How to write a glossary", "Requirements template", "[Project name]", "Lesson 7", "Terms of use"]
    {
        assert_eq!(read("docs/port.md", &page(title)), [""; 0], "{title}");
    }
    // Placeholders, settings, labels, and a section about glossaries.
    for section in [
        "## Glossary\n\n| Term | Definition |\n|---|---|\n| <Term-1> | <definition-1> |\n| [Term] | … |\n",
        "## Definitions\n\n| Name | Type | Description |\n|---|---|---|\n| size | int | How long it is |\n",
        "## Terminology\n\n- **Note**: read this first\n- **Example**: a ship\n",
        "## Glossary editor\n\n- **Save**: keeps the words\n- **Undo**: brings them back\n",
        "## Terms of service\n\n- **Use**: at your own risk\n- **Pay**: in advance\n",
    ] {
        assert_eq!(read("docs/port.md", &format!("# Port\n\n{section}")), [""; 0], "{section}");
    }
    assert_eq!(
        read("docs/port.md", "# Port\n\n## Roadmap\n\n- [ ] Moor by night\n- [ ] Moor by day\n"),
        [""; 0]
    );
    assert_eq!(read("README.md", "# Port\n\n## Contributors\n\n- Cy Roe (@cy)\n"), [""; 0]);
}

#[test]
fn nothing_is_said_of_the_rest_of_such_a_page() {
    let page =
        format!("# Port\n\nSee [the rules](rules.md) and [the tides](#tides).\n\n## Glossary\n\n{TABLE}");
    let repository = Repository::folder_with(&[("docs/port.md", &page)]);
    assert_eq!(repository.check(&[]).findings(), [""; 0]);
}

#[test]
fn many_sections_take_no_long_time() {
    let sections = "# Port\n\n".to_owned() + &"## Glossary\n\n- **A**: b c\n\n".repeat(40_000);
    let marks = "# Port\n\n## Glossary\n\n".to_owned() + &"- **".repeat(200_000) + &"\n  * a".repeat(200_000);
    let start = Instant::now();
    for page in [sections, marks] {
        let _ = Repository::folder_with(&[("docs/port.md", &page)]).run(&["records"]);
    }
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}
