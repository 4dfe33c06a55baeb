//! Header lines of all forms.

use super::*;
use crate::node::Mapping;

fn pairs(text: &str) -> Vec<(String, String, String)> {
    let source = Source::new("a.md", text.into());
    let node = parse(&source, Span::new(source.bom_len(), text.len()));
    let entries = node.iter().filter_map(Node::as_mapping).flat_map(Mapping::entries);
    let text = |node: &Node| match node.as_sequence() {
        Some(items) => items.iter().filter_map(Node::as_text).collect::<Vec<_>>().join(" + "),
        None => node.as_text().unwrap_or("null").to_owned(),
    };
    let pair = |Entry { key, value }: &Entry| {
        assert_eq!(source.slice(key.span), &*key.name);
        (key.name.to_string(), text(value), source.slice(value.span).to_owned())
    };
    entries.map(pair).collect()
}

fn pair(key: &str, value: &str, bytes: &str) -> (String, String, String) {
    (key.into(), value.into(), bytes.into())
}

#[test]
fn mail_headers_continue_on_indented_lines() {
    let header = "\u{feff}PEP: 8\r\nTitle: Style – Guide\r\nAuthor: Guido,\r\n        Barry\r\nStatus:\r\nType: Process\r\n\r\nAbstract\r\n====\r\nNote: no\r\n";
    assert_eq!(
        pairs(header),
        [
            pair("PEP", "8", "8"),
            pair("Title", "Style – Guide", "Style – Guide"),
            pair("Author", "Guido, Barry", "Guido,\r\n        Barry"),
            pair("Status", "null", "Status"),
            pair("Type", "Process", "Process"),
        ]
    );
}

#[test]
fn mail_headers_may_be_in_a_block() {
    let bip = "<pre>\n  BIP: 2\n  Author: Luke\n          Ada\n  Status: Active\n</pre>\n\nBecause: no\n";
    let expected = [
        pair("BIP", "2", "2"),
        pair("Author", "Luke Ada", "Luke\n          Ada"),
        pair("Status", "Active", "Active"),
    ];
    assert_eq!(pairs(bip), expected);
    assert_eq!(
        pairs("# 1. Use Git\n\nDate: 2020-01-31\n\nStatus: accepted\n"),
        [pair("Date", "2020-01-31", "2020-01-31"), pair("Status", "accepted", "accepted")]
    );
}

#[test]
fn bullets_lose_the_emphasis_around_their_value() {
    let header = "# Title\n\n* Proposal: [SE-0001](0001.md)\n* Status: **Implemented (Swift 5.9)**\n* Authors:\n  - Ada\n  - *Grace*\n\n## Introduction\n";
    assert_eq!(
        pairs(header),
        [
            pair("Proposal", "[SE-0001](0001.md)", "[SE-0001](0001.md)"),
            pair("Status", "Implemented (Swift 5.9)", "Implemented (Swift 5.9)"),
            pair("Authors", "Ada + Grace", "Ada\n  - *Grace*"),
        ]
    );
}

#[test]
fn bold_keys_may_contain_the_colon() {
    let header = "**Status:** `accepted`  \n**Decided on**: 2026-01-02<br>\n- __Owner__: Ada\\\n";
    assert_eq!(
        pairs(header),
        [
            pair("Status", "accepted", "accepted"),
            pair("Decided on", "2026-01-02", "2026-01-02"),
            pair("Owner", "Ada", "Ada")
        ]
    );
}

#[test]
fn lines_without_a_mark_may_follow_bold_ones() {
    let entries = [
        pair("Status", "accepted", "accepted"),
        pair("Date", "2026-01-02", "2026-01-02"),
        pair("Owner", "Ada", "Ada"),
    ];
    assert_eq!(pairs("# Boiler\n\n**Status:** accepted\nDate: 2026-01-02\nOwner: Ada\n"), entries);
    assert_eq!(pairs("**Status:** accepted\n\nDate: 2026-01-02\n\nOwner: Ada\n"), entries);
    assert_eq!(
        pairs("Status: accepted\n**Date:** 2026-01-02\nOwner: Ada\n\nIt works.\nResult: none\n"),
        entries
    );
    // Sentences.
    let status = &entries[..1];
    assert_eq!(pairs("**Status:** accepted\nand the reason: it works\nResult: none\n"), status);
    assert_eq!(pairs("**Status:** accepted\n\nThis is what we learnt: nothing\nResult: none\n"), status);
}

#[test]
fn marks_around_keys_and_values_do_not_matter() {
    let status = [pair("Status", "Accepted", "Accepted")];
    for header in [
        "📌 **Status:** Accepted",
        "- 📌 Status: Accepted",
        "_Status: Accepted_  ",
        "**Status: Accepted**",
        "'''Status:''' Accepted",
        "> [!NOTE]\n> Status: Accepted",
        "!!! info \"Metadata\"\n    Status: Accepted",
        "**Status:** <span style=\"color:green\">Accepted</span>",
    ] {
        assert_eq!(pairs(header), status, "{header}");
    }
    assert_eq!(pairs("_Note: a_ and _b_"), []);
    assert_eq!(
        pairs("Reply-to: <ada@example.org>"),
        [pair("Reply-to", "<ada@example.org>", "<ada@example.org>")]
    );
}

#[test]
fn a_line_may_hold_several_pairs() {
    let header = "**Status:** Accepted | **Date:** 2025-03-26 | **Review:** 2026-03-26\n";
    assert_eq!(
        pairs(header),
        [
            pair("Status", "Accepted", "Accepted"),
            pair("Date", "2025-03-26", "2025-03-26"),
            pair("Review", "2026-03-26", "2026-03-26"),
        ]
    );
    assert_eq!(
        pairs("- **Status:** **Accepted**  **Date:** 2025-03-26\n"),
        [pair("Status", "Accepted", "Accepted"), pair("Date", "2025-03-26", "2025-03-26")]
    );
    assert_eq!(
        pairs("Status: Accepted · Date: 2025-03-26\n"),
        [pair("Status", "Accepted", "Accepted"), pair("Date", "2025-03-26", "2025-03-26")]
    );
    assert_eq!(
        pairs("Status: Accepted | Date: 2025-03-26 | Trace: logs · replaces 3\n"),
        [
            pair("Status", "Accepted", "Accepted"),
            pair("Date", "2025-03-26", "2025-03-26"),
            pair("Trace", "logs · replaces 3", "logs · replaces 3"),
        ]
    );
    let choice = "Status: proposed | accepted\n";
    assert_eq!(pairs(choice), [pair("Status", "proposed | accepted", "proposed | accepted")]);
}

#[test]
fn sentences_and_urls_are_not_pairs() {
    assert_eq!(pairs("We met. Result: we go on.\nStatus: x\n"), []);
    assert_eq!(pairs("https://example.org\n"), []);
    assert_eq!(pairs("- see https://example.org\n"), []);
    assert_eq!(pairs("- What we found after looking at everything for weeks: nothing\n"), []);
    assert_eq!(pairs(""), []);
}

#[test]
fn the_first_of_equal_keys_is_used() {
    assert_eq!(pairs("Status: a\nStatus: b\n"), [pair("Status", "a", "a")]);
}

#[test]
fn a_quote_above_the_lines_is_left_alone() {
    let renamed = "> **Renamed 2026-06-11**: this page was number 7 and\n> had it in common with another one.\n\nStatus: accepted\nOwner: Ada\n";
    let found = pairs(renamed);
    assert_eq!(found[1..], [pair("Status", "accepted", "accepted"), pair("Owner", "Ada", "Ada")]);
    let said = "> Nobody reads this.\n> Status: rejected\n\nStatus: accepted\n";
    assert_eq!(pairs(said), [pair("Status", "accepted", "accepted")]);
    assert_eq!(pairs("> Nobody reads this.\n\nWe met.\nStatus: accepted\n"), []);
}

#[test]
fn a_quote_of_entries_may_follow_one_of_prose() {
    let header = "> We write down what we decide.\n\n> **Status**: accepted\n> Owner: Ada\n";
    assert_eq!(pairs(header), [pair("Status", "accepted", "accepted"), pair("Owner", "Ada", "Ada")]);
}

#[test]
fn a_list_of_contents_between_comments_does_not_end_the_header() {
    let header = "Contents:\n\n<!-- TOC start -->\n\n- [Goals](#goals)\n   - [More](#more)\n\n<!-- TOC end -->\n\nStatus: Accepted\n\nText.\n";
    let found = pairs(header);
    assert_eq!(found.last(), Some(&pair("Status", "Accepted", "Accepted")));
    assert_eq!(found.len(), 2);
}

#[test]
fn a_comment_behind_a_value_is_no_part_of_it() {
    let text = "- **Status:** Accepted <!-- Proposed | Superseded by NNNN -->\n- **Date:** 2026-05-29<!-- day -->\n- **Owner:** <!-- who -->\n";
    let values: Vec<(String, String)> = pairs(text).into_iter().map(|(key, value, _)| (key, value)).collect();
    let expected = [("Status", "Accepted"), ("Date", "2026-05-29"), ("Owner", "<!-- who -->")];
    assert_eq!(values, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
}

#[test]
fn a_line_has_a_further_entry_behind_a_stroke_if_a_label_follows() {
    let header = "# Title\n\n- Status: accepted\n- Supersedes: none / Relates to: ADR-7, ADR-8\n- Scope: read / write, tests / docs: all\n- Owner: Ada | Date: 2026-11-20\n";
    assert_eq!(
        pairs(header),
        [
            pair("Status", "accepted", "accepted"),
            pair("Supersedes", "none", "none"),
            pair("Relates to", "ADR-7, ADR-8", "ADR-7, ADR-8"),
            pair("Scope", "read / write, tests / docs: all", "read / write, tests / docs: all"),
            pair("Owner", "Ada", "Ada"),
            pair("Date", "2026-11-20", "2026-11-20"),
        ]
    );
}

#[test]
fn entries_stand_in_columns_or_as_code() {
    let header = "# Title\n\n**Status**  Accepted\n**Date**    2026-07-10 (after a review)\n**Note** to all\n\n`Updated: 2026-06-28` · `Decider: Ada Byron`\n";
    assert_eq!(
        pairs(header),
        [
            pair("Status", "Accepted", "Accepted"),
            pair("Date", "2026-07-10 (after a review)", "2026-07-10 (after a review)"),
            pair("Updated", "2026-06-28", "2026-06-28"),
            pair("Decider", "Ada Byron", "Ada Byron"),
        ]
    );
    assert_eq!(
        pairs("# Title\n\nSupersedes: none          Related: vision.md, ADR-7   see also more\n"),
        [
            pair("Supersedes", "none", "none"),
            pair("Related", "vision.md, ADR-7   see also more", "vision.md, ADR-7   see also more"),
        ]
    );
}
