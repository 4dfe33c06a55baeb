use super::*;

const RFC: &str = "\
---
feature: store-layer
start_date: 2022-09-06
author: Ada Byron
co-authors: (find a buddy later to help out with the RFC)
shepherd-team: bo, cy
related-issues: none yet
---

# Summary
[summary]: #summary

Build the store alone.

# Motivation

It is smaller.

# Drawbacks

Two programs.
";

#[test]
fn an_rfc_has_no_status_and_keys_of_its_community() {
    let record = record("rfcs/0134-store-layer.md", RFC);
    assert_eq!((record.profile_name(), &*record.id), ("rfc", "0134"));
    assert_eq!(
        (value(&record, "title"), value(&record, "created")),
        ("store-layer".into(), "2022-09-06".into())
    );
    assert_eq!(
        (value(&record, "authors"), value(&record, "context")),
        ("[Ada Byron]".into(), "It is smaller.".into())
    );
    assert_eq!((value(&record, "status"), record.format_lacks("status")), ("-".into(), true));
    assert_eq!(violations(&record, RFC), Vec::<String>::new());
}

#[test]
fn a_page_of_a_folder_for_rfcs_has_the_status_that_its_header_says() {
    let text = "# RFC-0031: Embedded server\n\n- **Status**: Accepted\n- **Author(s)**: @ada\n\n## Problem Statement\n\nTwo servers.\n";
    let record = record("rfcs/THV-0031-embedded-server.md", text);
    assert_eq!((record.profile_name(), &*record.id), ("rfc", "0031"));
    assert_eq!(
        (value(&record, "title"), value(&record, "status")),
        ("Embedded server".into(), "accepted".into())
    );
    assert_eq!(value(&record, "authors"), "[@ada]");
    let native = "---\nid: D-7\nowner: ada\nstatus: accepted\n---\n# Move\n\n## Summary\n\nWe move.\n";
    assert_eq!(super::record("rfcs/move.md", native).profile_name(), "");
}
