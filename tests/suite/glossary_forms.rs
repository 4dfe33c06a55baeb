//! Glossaries as definition lists of the markups, as lists without words in bold, and with the meaning below the word.

use crate::kit::Repository;

/// Of each term its title, definition and aliases.
fn terms(path: &str, page: &str) -> Vec<String> {
    let listing = Repository::folder_with(&[(path, page)]).run(&["records", "--format", "json"]).json();
    let terms = listing["records"].as_array().cloned().unwrap_or_default();
    let shown = |term: &serde_json::Value| {
        let definition = term["fields"]["definition"].as_str().unwrap_or("none");
        let words: Vec<&str> = definition.split_whitespace().collect();
        let aliases = term["fields"]["aliases"].as_array().cloned().unwrap_or_default();
        let aliases: String =
            aliases.iter().filter_map(|it| it.as_str()).map(|it| format!(" ({it})")).collect();
        format!("{}{aliases}: {}", term["title"].as_str().unwrap_or_default(), words.join(" "))
    };
    terms.iter().map(shown).collect()
}

#[test]
fn a_glossary_of_sphinx_has_words_with_an_indented_text() {
    let page = "Glossary\n========\n\n.. glossary::\n   :sorted:\n\n   berth\n      A place where\n      one ship is tied up.\n\n\
                \x20     Two ships never share it.\n\n   estimated time of arrival\n   ETA\n      When a ship comes in.\n\n\
                \x20  .. a comment\n\n   tug : ship\n\n      .. index:: tug\n\n      A small ship that pulls others.\n\n   Pier\n   pier\n     Where berths are.\n\n\
                See also the rules.\n";
    assert_eq!(
        terms("docs/glossary.rst", page),
        [
            "berth: A place where one ship is tied up.",
            "estimated time of arrival: When a ship comes in.",
            "ETA: When a ship comes in.",
            "tug: A small ship that pulls others.",
            "Pier: Where berths are.",
        ]
    );
    let russian = "Глоссарий\n=========\n\n.. glossary::\n\n   Причал\n      Место стоянки.\n   Буксир\n      Тянет суда.\n";
    assert_eq!(terms("docs/glossary.rst", russian), ["Причал: Место стоянки.", "Буксир: Тянет суда."]);
}

#[test]
fn a_glossary_of_sphinx_may_be_in_markdown() {
    let page = "# Glossary\n\n:::{glossary}\n\nberth\n  A place where a ship is tied up.\n\ntug\n  A small ship.\n  It pulls others.\n:::\n";
    let expected = ["berth: A place where a ship is tied up.", "tug: A small ship. It pulls others."];
    assert_eq!(terms("docs/glossary.md", page), expected);
}

#[test]
fn sections_that_say_which_line_is_the_meaning_are_terms_and_chapters_are_none() {
    let page = "# Port, domain glossary\n\n## 1. Overview\n\nThe port ties up ships.\n\n## 2. Entities\n\n### Berth\n**Type.** Entity\n\
                **Definition.** A place where a ship is tied up.\n**Avoid.** Quay\n\n### Tug (small ship)\n**Type.** Entity\n\
                **Definition.** Pulls others.\n\n## 3. Services\n\nNone yet.\n\n## 4. Use cases\n\n- Tie up\n";
    let expected = ["Berth: A place where a ship is tied up.", "Tug (small ship): Pulls others."];
    assert_eq!(terms("port/glossary.md", page), expected);
    let of_one = page.replace("**Definition.** Pulls others.\n", "");
    assert_eq!(terms("port/glossary.md", &of_one), [""; 0]);
    assert_eq!(terms("port/classes.md", &page.replace("glossary", "classes")), [""; 0]);
}

#[test]
fn a_definition_list_is_read_beside_a_table_of_acronyms() {
    let list = "# Glossary\n\n## A\n\n**Arc42**\n: A template for documentation.\n\n## B\n\n**Berth**\n: A place where a ship is tied up.\n\n";
    let table = "## Acronyms\n\n| Acronym | Full term |\n|---|---|\n| ETA | Estimated time of arrival |\n| VTS | Vessel traffic service |\n";
    let of_list = ["Arc42: A template for documentation.", "Berth: A place where a ship is tied up."];
    let of_table = ["ETA: Estimated time of arrival", "VTS: Vessel traffic service"];
    assert_eq!(terms("docs/glossary.md", &format!("{list}{table}")), [of_list, of_table].concat());
    assert_eq!(terms("docs/glossary.md", &format!("# Glossary\n\n{table}")), of_table);
}

#[test]
fn words_in_restructuredtext_need_no_name_of_their_list() {
    let page = "Terminology\n===========\n\nThe words of the port.\n\nberth\n    A place where a ship\n    is tied up.\n\n**tug**\n    Pulls others.\n\n\
                This text has lines that\ngo on.\n\n  A quotation.\n\nAn example::\n\n  berth = 7\n";
    assert_eq!(
        terms("docs/terminology.rst", page),
        ["berth: A place where a ship is tied up.", "tug: Pulls others."]
    );
}

#[test]
fn a_definition_list_in_markdown_has_a_colon_before_the_meaning() {
    let page = "# Glossary\n\nThe words of the port.\n\nberth\n:   A place where a ship\n    is tied up.\n\n    Two never share it.\n\n\
                Estimated Time of Arrival (ETA)\n\n: When a ship comes in.\n: What the harbour expects.\n\n### [Größe](#size)\n: How long a ship is.\n\n\
                ```\ncode\n: is none\n```\n\n<!-- old\n: is none -->\n";
    assert_eq!(
        terms("docs/glossary.md", page),
        [
            "berth: A place where a ship is tied up.",
            "Estimated Time of Arrival (ETA): When a ship comes in.",
            "Größe: How long a ship is.",
        ]
    );
}

#[test]
fn abbreviations_are_terms() {
    let page = "<!-- lint: off -->\n*[ETA]: Estimated time of arrival\n*[TEU]: Twenty-foot equivalent unit\n*[SMS]:\n*[teu]: Twenty-foot equivalent unit\n*[→]: leads to\n";
    assert_eq!(
        terms("includes/abbreviations.md", page),
        ["ETA: Estimated time of arrival", "TEU: Twenty-foot equivalent unit"]
    );
}

#[test]
fn a_definition_list_in_html_is_read() {
    let page = "# Glossary\n\n<dl>\n<dt id=\"berth\"><a name=\"b\"></a><strong>berth</strong></dt>\n<dd>A place where\na ship is tied up.</dd>\n\
                <dt>ETA</dt><dt>arrival</dt>\n  <dd>When a ship comes in.</dd>\n</dl>\n";
    assert_eq!(
        terms("docs/glossary.md", page),
        [
            "berth: A place where a ship is tied up.",
            "ETA: When a ship comes in.",
            "arrival: When a ship comes in.",
        ]
    );
}

#[test]
fn a_described_list_in_asciidoc_is_read() {
    let page = "= Glossary\n\n[glossary]\nberth:: A place where\na ship is tied up.\n\n[[eta]]ETA::\narrival::\n  When a ship comes in.\n+\nIt is a guess.\n\n\
                tug::\n\nA small ship. `ship::tug` is its type.\n\n----\ncode:: none\n----\n\n// old:: none\n\n== More\n\npier:: Where berths are.\n";
    assert_eq!(
        terms("docs/glossary.adoc", page),
        [
            "berth: A place where a ship is tied up.",
            "ETA: When a ship comes in.",
            "arrival: When a ship comes in.",
            "tug: A small ship. `ship::tug` is its type.",
            "pier: Where berths are.",
        ]
    );
}

#[test]
fn items_need_no_words_in_bold() {
    let page = "# Glossary\n\n## Ships\n\n- Berth: a place where a ship\n  is tied up\n- `tug` - a small ship that pulls others\n\
                - Estimated Time of Arrival (ETA) – when a ship comes in\n\n## See also\n\n- [Rules](rules.md)\n- [Tides](tides.md)\n";
    assert_eq!(
        terms("docs/glossary.md", page),
        [
            "Berth: a place where a ship is tied up",
            "tug: a small ship that pulls others",
            "Estimated Time of Arrival (ETA): when a ship comes in",
        ]
    );
    let french = "# Glossaire\n\n* Quai : où un navire accoste\n* Remorqueur : petit navire qui tire les autres\n* Marée : la mer monte et descend\n";
    assert_eq!(
        terms("docs/glossaire.md", french),
        [
            "Quai: où un navire accoste",
            "Remorqueur: petit navire qui tire les autres",
            "Marée: la mer monte et descend"
        ]
    );
    let japanese = "# 用語\n\n- 岸壁：船が係留される場所\n- 曳船：他の船を引く小さな船\n- 潮汐：海の水位が上下すること\n";
    assert_eq!(terms("docs/用語集.md", japanese).len(), 3);
}

#[test]
fn the_meaning_may_stand_below_the_word_in_bold() {
    let page = "# Glossary\n\n**Berth**\nA place where a ship is tied up.\n\n**Tug:**  \nA small ship.\n\n**Estimated Time of Arrival (ETA)**\n\nWhen a ship comes in.\n\n\
                **Rules**\n\n- none\n";
    assert_eq!(
        terms("docs/glossary.md", page),
        [
            "Berth: A place where a ship is tied up.",
            "Tug: A small ship.",
            "Estimated Time of Arrival (ETA): When a ship comes in.",
        ]
    );
}

#[test]
fn an_alias_that_is_the_title_is_none() {
    let page = "# Glossary\n\n| Term | Abbreviation | Meaning |\n|---|---|---|\n| ETA | ETA | When a ship comes in. |\n| Berth | B, Berth | A place. |\n";
    assert_eq!(terms("docs/glossary.md", page), ["ETA: When a ship comes in.", "Berth (B): A place."]);
}

#[test]
fn other_lists_hold_no_terms() {
    let options = "Command line\n============\n\n-v\n    Says more.\n\n--quiet\n    Says less.\n\nharbour\n    The name of the port.\n\nship\n    What comes in.\n";
    let reference =
        "= Ships\n\nname:: The name of the ship.\nlength:: How long it is.\nflag:: Of which country it is.\n";
    let changes = "# Changelog\n\n- Added: ships with two masts\n- Fixed: the tide of last week\n- Removed: the old pier of the port\n";
    let questions =
        "# FAQ\n\nMay I moor?\n: Yes, at a free berth.\n\nMay I stay?\n: For a night, if no ship waits.\n";
    let post = "# A day in the port\n\n**Morning**\nShips come in.\n\n**Noon**\nThey wait.\n\n**Night**\nThey leave.\n";
    for (path, page) in [
        ("docs/cli.rst", options),
        ("docs/ships.adoc", reference),
        ("docs/terms.adoc", reference),
        ("CHANGELOG.md", changes),
        ("docs/faq.md", questions),
        ("blog/2026-05-01-port.md", post),
    ] {
        assert_eq!(terms(path, page), [""; 0], "{path}");
    }
    // Words to learn, a list of links, one of other things, and too few words.
    for page in [
        "# Vocabulary\n\n- el barco: ship\n- la marea: tide\n- el muelle: the pier\n- la boya: buoy\n",
        "# Vocabulary\n\n- [Rules](rules.md): how we moor here\n- [Tides](tides.md): when we moor here\n- [Ships](ships.md): what we moor here\n",
        "# Vocabulary\n\n- Berth: a place for a ship\n- Tug: a small strong ship\n- Pier: where the berths are\n- Read the rules\n- Ask the keeper\n",
        "# Vocabulary\n\n- Berth: a place for a ship\n- Tug: a small strong ship\n",
        "# Vocabulary\n\nberth\n: A place for a ship.\n",
        "# Vocabulary\n\n**Morning**\nShips come in.\n\n**Night**\nThey leave.\n",
    ] {
        assert_eq!(terms("docs/vocabulary.md", page), [""; 0], "{page}");
    }
}

#[test]
fn a_compound_in_bold_before_a_noun_is_no_variant_of_its_words() {
    let glossary =
        "# Glossary\n\n**vertical datum**: What heights are measured from.\n\n**tide**: The sea rises.\n";
    let page = |words: &str| {
        let page = format!(
            "# Heights\n\nStatus: accepted\n\n## Context\n\nWe note {words}.\n\n## Decision\n\nYes.\n"
        );
        let files = [("docs/glossary.md", glossary), ("docs/adr/0001-heights.md", &*page)];
        Repository::folder_with(&files).check(&[]).out.contains("[term/variant]")
    };
    assert!(!page("the **vertical-datum** caveat") && !page("the vertical-datum caveat"));
    assert!(page("the **vertical-datum**") && page("the vertical-datum"));
}

#[test]
fn short_forms_in_a_text_have_their_words_in_brackets() {
    let page = "# Basis\n\n## 1.5 Glossary\n\n### 1.5.1 Acronyms\nETA (Estimated Time of Arrival), DWT (Dead\nWeight Tonnage), LOA (Length\nOver All), \
                VTS (Vessel Traffic Service). `[extend as needed]`\n";
    let expected = [
        "ETA: Estimated Time of Arrival",
        "DWT: Dead Weight Tonnage",
        "LOA: Length Over All",
        "VTS: Vessel Traffic Service",
    ];
    assert_eq!(terms("docs/basis/atbd.md", page), expected);
    assert_eq!(terms("docs/basis/atbd.md", &page.replace("ETA (", "We use ETA (")), [""; 0], "a sentence");
    assert_eq!(
        terms("docs/basis/atbd.md", &page.replace("Glossary", "Ships").replace("Acronyms", "Ships")),
        [""; 0]
    );
}

#[test]
fn chapters_without_words_and_rules_of_use_are_no_terms() {
    let page = "# Port, glossary\n\n## Overview of the context\n\nThe port ties up ships.\n\n## 3. Value Objects\n\n— (none. A berth could be one)\n\n\
                ## 4. Domain Events\n\n— (none)\n\n## 5. Ropes\n\nNone.\n";
    assert_eq!(terms("port/glossary.md", page), [""; 0]);
    let rules = "# Abbreviations\n\n## Rules\n\n- **No common ones** — such as URL and API.\n- **No change in code** — only in texts.\n\n\
                 ## Ships\n\n- **ETA** — Estimated time of arrival.\n- **LOA** — Length over all.\n";
    let expected = ["ETA: Estimated time of arrival.", "LOA: Length over all."];
    assert_eq!(terms("docs/abbreviations.md", rules), expected);
}

#[test]
fn a_word_in_bold_within_a_sentence_and_a_label_that_comes_again_are_no_terms() {
    let page = "# Vocabulary\n\nEach of them stamps a mark onto the ship and\n**returns it unchanged**: it is not wrapped.\n\n**Berth**: a place for a ship.\n**Slip**: a berth on land.\n\n## Tug\n\n**Example:** the Ada.\n\n## Ferry\n\n**Example:** the Bo.\n\n## Barge\n\n**Example:** the Cy.\n";
    let listing = crate::kit::Repository::folder_with(&[("docs/vocabulary.md", page)])
        .run(&["records", "--format", "json"]);
    let listing = listing.json();
    let titles: Vec<&str> = listing["records"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|record| record["title"].as_str())
        .collect();
    assert_eq!(titles, ["Berth", "Slip"]);
}

#[test]
fn the_first_section_of_a_page_may_follow_a_byte_order_mark() {
    let page = "## Glossary\n\n| Term | Meaning |\n|---|---|\n| Berth | A place for a ship |\n| Slip | A berth on land |\n\n## More\n\nText.\n";
    let expected = ["Berth: A place for a ship", "Slip: A berth on land"];
    assert_eq!(terms("docs/port.md", page), expected);
    assert_eq!(terms("docs/port.md", &format!("\u{feff}{page}")), expected);
}
