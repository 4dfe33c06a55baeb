//! Glossaries: a page, a section, a row or an item of a list for each term.

use crate::kit::Repository;

/// Of each term its path, title, definition and aliases.
fn terms(files: &[(&str, &str)]) -> Vec<String> {
    let listing = Repository::folder_with(files).run(&["records", "--format", "json"]).json();
    let terms = listing["records"].as_array().cloned().unwrap_or_default();
    let shown = |term: &serde_json::Value| {
        let field = |name: &str| term["fields"][name].to_string();
        format!("{} | {} | {} | {}", term["path"], term["title"], field("definition"), field("aliases"))
            .replace('"', "")
            .replace("\\n", " ")
    };
    terms.iter().map(shown).collect()
}

#[test]
fn other_names_of_a_term_may_have_addresses() {
    let page = "---\ntitle: Guard\naka:\n  - title: Condition\n    url: guard.html\n---\n\nA check.\n";
    assert_eq!(
        terms(&[("_glossary/guard.md", page)]),
        ["_glossary/guard.md | Guard | A check. | [Condition]"]
    );
}

#[test]
fn a_page_in_a_folder_of_terms_that_names_synonyms_or_related_terms_is_a_term() {
    let files = [
        (
            "src/terms/cms.md",
            "---\n  title: \"CMS\"\n  wordClasses:\n    - \"noun\"\n  tags:\n    - \"web\"\n  synonyms:\n    - \"content system\"\n  \
             relatedTerms: []\n---\nSoftware that keeps the content of a site.\n",
        ),
        (
            "terms/loss.md",
            "---\ntitle: Loss\nrelated_terms:\n- risk\nreferences:\n- link_title: A\n  link_url: https://example.org\n---\nWhat a model \
             costs.\n\n[1]: https://example.org\n",
        ),
        (
            "_glossary/node.md",
            "---\nlayout: glossary\nterm_id: node\ntitle: Node\nshort_definition: \"A state.\"\n---\n# Node\n\nA node is a state.\n",
        ),
        // A legal page, a page of a site and the index are no terms.
        (
            "terms/privacy.md",
            "---\ntitle: Privacy policy\ndate: 2024-01-02\nsummary: Which data we keep.\n---\n\nWe keep little.\n",
        ),
        ("terms/service.md", "---\ntitle: Terms of service\nsummary: The contract.\n---\n\nYou agree.\n"),
        ("terms/index.md", "---\ntitle: Terms\nrelated_terms: []\n---\n\nAll.\n"),
    ];
    assert_eq!(
        terms(&files),
        [
            "_glossary/node.md | Node | A state. | null",
            "src/terms/cms.md | CMS | Software that keeps the content of a site. | [content system]",
            "terms/loss.md | Loss | What a model costs.  [1]: https://example.org | null",
        ]
    );
}

#[test]
fn a_page_of_a_term_may_wait_for_its_text() {
    let page = "---\ntitle: Loss\nrelated_terms: [risk]\n---\n";
    let output = Repository::folder_with(&[("terms/loss.md", page)]).check(&[]);
    assert_eq!((output.code, output.messages()), (Some(0), vec![]));
}

#[test]
fn words_to_avoid_need_no_quotes() {
    let avoided = |page: &str| {
        let listing = Repository::folder_with(&[("governance/glossary.md", page)])
            .run(&["records", "--format", "json"])
            .json();
        listing["records"][0]["fields"]["avoid"].to_string()
    };
    let sections =
        "# Glossary\n\n## Plot\n\nA piece of land.\n\n**Avoid:** parcel, building lot\n\n## Shed\n\nA hut.\n";
    assert_eq!(avoided(sections), r#"["parcel","building lot"]"#);
    let advice = sections.replace("building lot", "which is what the council says of land");
    assert_eq!(avoided(&advice), r#"["parcel"]"#);
}

#[test]
fn a_list_of_terms_names_the_words_to_avoid_in_many_ways() {
    let page = "# Glossary\n\n\
                - **Customer**: a company with a contract. Avoid: client, account.\n\
                - **Outage**: an hour without service (avoid: downtime or breakdown)\n\
                - **Seat**: a person who signs in. *Avoid*: `licence` / `user`\n\
                - **Fee**: what is paid, not: \"price\" and \"charge\".\n\
                - **Rota**: who works when.\n  - Avoid: roster, schedule\n\
                - **Shift**: hours of work.\n\n  **Avoid:** slot\n\
                - **Team**: people who work together. Not: a department of the company, or a squad that we lend.\n";
    let listing = Repository::folder_with(&[("governance/glossary.md", page)])
        .run(&["records", "--format", "json"])
        .json();
    let terms = listing["records"].as_array().cloned().unwrap_or_default();
    let shown =
        |term: &serde_json::Value| format!("{} {}", term["id"], term["fields"]["avoid"]).replace('"', "");
    assert_eq!(
        terms.iter().map(shown).collect::<Vec<_>>(),
        [
            "Customer [client,account]",
            "Outage [downtime,breakdown]",
            "Seat [licence,user]",
            "Fee [price,charge]",
            "Rota [roster,schedule]",
            "Shift [slot]",
            "Team null",
        ]
    );
}

#[test]
fn a_glossary_table_has_all_names_of_the_fields_as_columns() {
    let kinds = alignlint::kind::Kinds::load(&[]).expect("the embedded kinds load");
    let term = kinds.get("term").expect("a kind");
    for name in ["kpi", "owner", "aliases", "avoid"] {
        let field = term.shape.field(name).expect("a field");
        for column in field.aliases.iter().chain([&field.name.to_string().into()]) {
            let column = column.replace('-', " ");
            let page = format!(
                "# Glossary\n\n| Term | Meaning | {column} |\n|---|---|---|\n| Rework | Hours spent twice. | scrap |\n"
            );
            let listing = Repository::folder_with(&[("governance/glossary.md", &page)])
                .run(&["records", "--format", "json"])
                .json();
            assert!(!listing["records"][0]["fields"][name].is_null(), "{name}: {column}");
        }
    }
}

#[test]
fn a_section_about_the_glossary_is_no_term() {
    let files = [(
        "governance/glossary-of-terms.md",
        "# Glossary\n\n## Berth\n\nA place where one ship is tied up.\n\n## Tide Table\n\nThe times of high water.\n\n\
             ## Who it is for\n\nThe glossary is for keepers and guests.\n",
    )];
    assert_eq!(
        terms(&files),
        [
            "governance/glossary-of-terms.md | Berth | A place where one ship is tied up. | null",
            "governance/glossary-of-terms.md | Tide Table | The times of high water. | null",
        ]
    );
}

#[test]
fn a_glossary_in_any_folder_may_have_a_section_for_each_term() {
    let page = "# Glossary\n\nThe words of the harbour.\n\n## A\n\n### Anchorage\n\nA place where ships wait for a berth.\n\n\
                ## B\n\n### Berth\n\nA place where one ship is tied up.\n\n\
                ### Bill of Lading (BL)\n\nThe paper that says what a ship carries.\n\n### See also\n\nThe rules of the port.\n";
    for path in ["Glossary/README.md", "docs/glossary.md", "wiki/Glossary-of-Terms.md"] {
        assert_eq!(
            terms(&[(path, page)]),
            [
                format!("{path} | Anchorage | A place where ships wait for a berth. | null"),
                format!("{path} | Berth | A place where one ship is tied up. | null"),
                format!("{path} | Bill of Lading | The paper that says what a ship carries. | [BL]"),
            ]
        );
    }
    // A page about something else.
    assert!(terms(&[("docs/harbour.md", page)]).is_empty());
}

#[test]
fn a_section_of_a_glossary_with_terms_below_it_is_no_term() {
    let page = "# Glossary\n\n## Ships\n\nWords for what comes in.\n\n### Barge\n\nA flat ship without an engine.\n\n\
                ### Tug\n\nA small ship that pulls others.\n";
    assert_eq!(
        terms(&[("docs/glossary.md", page)]),
        [
            "docs/glossary.md | Barge | A flat ship without an engine. | null",
            "docs/glossary.md | Tug | A small ship that pulls others. | null",
        ]
    );
}

#[test]
fn the_terms_of_a_category_may_be_items_of_a_list() {
    let page = "# Terminology\n\n## Ships\n\nWhat comes in:\n\n- **Barge:** a flat ship without an engine\n\
                - **Tug** – a small ship that pulls others\n\n## People\n\nWho works here:\n\n- **Pilot**: who brings ships in\n\
                - **Note**: pilots are on call\n";
    assert_eq!(
        terms(&[("docs/terminology.md", page)]),
        [
            "docs/terminology.md | Barge | a flat ship without an engine | null",
            "docs/terminology.md | Tug | a small ship that pulls others | null",
            "docs/terminology.md | Pilot | who brings ships in | null",
        ]
    );
}

#[test]
fn a_guide_to_a_glossary_holds_no_terms() {
    let guide = "# Glossary\n\n## Creating a term\n\nClick on New and enter its name.\n\n## Importing terms\n\nUpload a file of values.\n";
    let fields = "# Definitions\n\n## Berth\n\n|Name|Schema|\n|---|---|\n|**id**|string|\n\n## Ship\n\n|Name|Schema|\n|---|---|\n|**id**|string|\n";
    let vocabulary = "# Vocabulary\n\n| Term | Description | Range |\n|---|---|---|\n| berth | Where a ship lies. | Place |\n\
                      | ship | What lies there. | Thing |\n";
    let words = "# Glossary\n\n| English | Deutsch |\n|---|---|\n| berth | Liegeplatz |\n| ship | Schiff |\n";
    let files = [
        ("docs/glossary.md", guide),
        ("docs/definitions.md", fields),
        ("docs/vocabulary.md", vocabulary),
        ("docs/terminology.md", words),
    ];
    assert!(terms(&files).is_empty());
}

#[test]
fn a_table_of_abbreviations_is_a_glossary() {
    let page = "# Glossary\n\n| Abbreviation | Meaning | Further information |\n|---|---|---|\n\
                | **ETA** | Estimated time of arrival | |\n| **TEU** | Twenty-foot equivalent unit | The size of a small container. |\n";
    assert_eq!(
        terms(&[("docs/glossary/index.md", page)]),
        [
            "docs/glossary/index.md | ETA | Estimated time of arrival | null",
            "docs/glossary/index.md | TEU | Twenty-foot equivalent unit | null",
        ]
    );
}

#[test]
fn a_page_in_a_folder_of_a_glossary_with_the_title_of_its_name_is_a_term() {
    let files = [
        (
            "docs/glossary/flood-gate.md",
            "# Flood gate\n\nWhat keeps the tide out of the inner harbour.\n\n## See also\n\nTide.\n",
        ),
        ("docs/glossary/README.md", "# Glossary\n\nEach word has a page of its own, in this folder.\n"),
    ];
    assert_eq!(
        terms(&files),
        ["docs/glossary/flood-gate.md | Flood gate | What keeps the tide out of the inner harbour. | null"]
    );
}

#[test]
fn other_structured_files_hold_no_terms() {
    let others = [
        // Words and their translations, and those of an interface.
        ("glossary.json", "{\"Quota\": \"Quote\", \"Yield\": \"Ertrag\", \"Orchard\": \"Obstgarten\"}"),
        ("i18n/glossary.yml", "quota: A share of the yield\nyield: What the orchard bears a year\n"),
        ("_data/glossary_translations.yml", "- { term: Quota, de: Quote }\n- { term: Yield, de: Ertrag }\n"),
        // Parts of a site, and of an interface.
        (
            "_data/navigation.yml",
            "main:\n  - { title: Home, description: The page, url: / }\n  - { title: Blog, description: News, url: /blog }\n",
        ),
        (
            "_data/terms.yml",
            "- { title: Home, description: The page }\n- { title: Blog, description: News }\n",
        ),
        (
            "terms.json",
            "{\"$schema\": \"https://json-schema.org/draft-07/schema\", \"definitions\": {\"a\": {\"name\": \"a\", \"definition\": \"b\"}, \"b\": {\"name\": \"a\", \"definition\": \"b\"}}}",
        ),
        ("words.yml", "- { term: Quota, definition: A share }\n- { term: Yield, definition: A crop }\n"),
        ("src/glossary.json", "{\"version\": 2, \"theme\": \"dark\", \"entries\": []}"),
        (
            "tests/fixtures/glossary.yml",
            "- { term: Quota, definition: A share }\n- { term: Yield, definition: A crop }\n",
        ),
        // What programs of the site read in their own way is not told.
        (
            "_data/glossary.yml",
            "- term: Quota\n  definition: \"A share\n  of the yield\"\n- term: Yield\n  definition: A crop\n",
        ),
    ];
    for other in others {
        let listing = Repository::folder_with(&[other]).run(&["records", "--format", "json"]).json();
        let listed = listing["records"].as_array().cloned().unwrap_or_default();
        assert!(listed.iter().all(|term| term["profile"].is_null()), "{}", other.0);
        let repository = crate::kit::Repository::folder_with(&[other]);
        assert_eq!(repository.check(&[]).out, "", "{}", other.0);
    }
}

#[test]
fn nothing_is_said_of_a_glossary_of_a_site_that_cant_be_parsed() {
    let text = "glossary:\n  - term: Reads\n    definition: What a sequencer reports.\n  - term: Ends\n    definition: Both ends.\n  - term: Pairs\n    definition: \"Single\n    or paired.\"\n";
    let repository = Repository::with(&[
        ("_data/glossary.yml", text),
        (
            "docs/adr/0001-a.md",
            "# 1. A\n\nDate: 2026-01-02\n\n## Status\n\nAccepted\n\n## Context\n\nB.\n\n## Decision\n\nC.\n\n## Consequences\n\nD.\n",
        ),
    ]);
    let output = repository.check(&[]).out;
    assert!(!output.contains("_data/glossary.yml"), "{output}");
}
