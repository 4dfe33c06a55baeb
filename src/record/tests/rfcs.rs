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
