use super::*;

const EIP: &str = "\
---
eip: 3076
title: Slashing Protection Interchange Format
author: Ada Byron (@ada), Bo Ek <bo@example.org>, et al.
discussions-to: https://example.org/t/3076
status: Last Call
last-call-deadline: 2021-11-03
type: Standards Track
category: Interface
created: 2020-10-27
requires: 155, 2335
---

## Abstract

A format.

## Motivation

Keys move.

## Specification

One file.

## Rationale

The simplest one.
";

#[test]
fn an_eip() {
    let record = record("EIPS/eip-3076.md", EIP);
    assert_eq!((record.profile_name(), &*record.id), ("eip", "3076"));
    assert_eq!(value(&record, "authors"), "[Ada Byron (@ada), Bo Ek <bo@example.org>]");
    assert_eq!(
        (value(&record, "status"), value(&record, "created")),
        ("proposed".into(), "2020-10-27".into())
    );
    assert_eq!(value(&record, "depends-on"), "[155, 2335]");
    assert_eq!(source_text(&record, "depends-on", EIP), "155, 2335");
    assert_eq!(source_text(&record, "decide-by", EIP), "2021-11-03");
    assert_eq!(value(&record, "context"), "Keys move.");
    assert_eq!(
        (value(&record, "drivers"), value(&record, "outcome")),
        ("[The simplest one.]".into(), "One file.".into())
    );
    assert!(record.format_lacks("owner") && record.format_lacks("date") && !record.format_lacks("authors"));
    assert_eq!(violations(&record, EIP), Vec::<String>::new());
}

#[test]
fn what_has_moved_is_known_by_its_number_and_has_no_status() {
    let moved = "---\neip: 20\ncategory: ERC\nstatus: Moved\n---\n\nThis file was moved.\n";
    let record = record("EIPS/eip-20.md", moved);
    assert_eq!((&*record.id, value(&record, "status")), ("20", "-".into()));
    assert_eq!(violations(&record, moved), Vec::<String>::new());
}

#[test]
fn keys_in_other_letters_and_other_words_for_the_same() {
    let cip = "---\nCIP: 25\nTitle: Media Token Metadata\nStatus: Active\nAuthors:\n    - Ada Byron <ada@example.org>\n\
               Implementors: []\nDiscussions: []\nCreated: 2021-04-08\nLicense: CC-BY-4.0\n---\n\n## Abstract\n\nTokens.\n";
    let read = record("CIP-0025/README.md", cip);
    assert_eq!((&*read.id, value(&read, "status")), ("0025", "accepted".into()));
    assert_eq!(value(&read, "authors"), "[Ada Byron <ada@example.org>]");
    assert_eq!(violations(&read, cip), Vec::<String>::new());
    let tep = "---\nstatus: implementable\ntitle: Step actions\ncreation-date: '2023-10-19'\nlast-updated: '2024-01-05'\n\
               authors:\n- '@ada'\n---\n\n# TEP-0142: Step actions\n\n## Motivation\n\nReuse.\n";
    let read = record("teps/0142-step-actions.md", tep);
    assert_eq!((read.profile_name(), &*read.id, value(&read, "status")), ("tep", "0142", "accepted".into()));
    assert_eq!(value(&read, "title"), "Step actions");
}

#[test]
fn a_status_that_the_format_does_not_know_and_a_slip_are_shown() {
    let text = EIP.replace("Last Call", "Finished").replace("last-call-deadline", "last-call-dedline");
    let record = record("EIPS/eip-3076.md", &text);
    let violations = violations(&record, &text);
    assert_eq!(violations.len(), 2, "{violations:?}");
    assert!(
        violations[0].starts_with("6:9: `status` is `Finished`; expected one of draft, review, last call"),
        "{violations:?}"
    );
    assert!(
        violations[1].starts_with("7:1: `last-call-dedline` is not a key of this format (eip)"),
        "{violations:?}"
    );
}

#[test]
fn each_community_has_words_of_its_own() {
    let cip = |status: &str| format!("---\nCIP: 58\nTitle: Bits\nStatus: {status}\nAuthors: [Ada]\n---\n");
    let read = |status: &str| record("CIP-0058/README.md", &cip(status));
    let proposed = read("Proposed");
    assert_eq!((proposed.profile_name(), value(&proposed, "status")), ("cip", "accepted".into()));
    assert_eq!(value(&read("Inactive (abandoned)"), "status"), "withdrawn");
    let superseded = read("Inactive (superseded by CIP-0121 and CIP-0122)");
    assert_eq!(value(&superseded, "status"), "superseded");
    assert_eq!(value(&superseded, "superseded-by"), "[0121, 0122]");
    let tep = "---\nstatus: proposed\ntitle: Bits\nauthors: ['@ada']\ncreation-date: 2023-10-19\n---\n";
    assert_eq!(value(&record("teps/0024-embedded-trigger-templates.md", tep), "status"), "draft");
    assert_eq!(record("docs/proposals/0142-bits.md", tep).profile_name(), "proposal");
    assert!(names("teps/0000-template.md", tep).is_empty());
}

#[test]
fn a_field_beyond_the_format_leaves_the_others_lacking() {
    let simd = "---\nsimd: '0174'\ntitle: Bits\nauthors: [Ada]\nstatus: Accepted\ncreated: 2026-01-05\nsee-also: 0161\n---\n";
    let read = record("proposals/0174-bits.md", simd);
    assert_eq!(value(&read, "related"), "[0161]");
    assert!(read.format_lacks("trade-offs") && !read.format_lacks("related"));
}

#[test]
fn of_several_days_the_last_one_counts() {
    let hip =
        "---\nhip: 260\ntitle: Bits\nauthor: Ada\nstatus: Final\nupdated: 2021-12-07, 2022-08-15\n---\n";
    let read = record("HIP/hip-260.md", hip);
    assert_eq!((read.profile_name(), value(&read, "updated")), ("hip", "2022-08-15".into()));
    assert_eq!(violations(&read, hip), Vec::<String>::new());
}

#[test]
fn the_number_in_a_files_name_is_compared_with_that_in_the_page() {
    let simd = "---\nsimd: '0506'\ntitle: Bits\nauthors: [Ada]\nstatus: Review\ncreated: 2026-03-27\n---\n";
    let read = record("proposals/0505-bits.md", simd);
    assert_eq!((&*read.id, read.file_id.as_deref()), ("0506", Some("0505")));
}

#[test]
fn a_page_with_a_status_is_no_proposal_yet() {
    let page = "---\ntitle: Our wiki\nstatus: final\n---\n\n# Our wiki\n";
    assert_eq!(record("docs/proposals/0001-wiki.md", page).profile_name(), "generic");
    assert!(names("docs/wiki/0001-wiki.md", page).is_empty());
    assert!(names("EIPS/README.md", "# All proposals\n").is_empty());
}

#[test]
fn a_kep_of_the_years_before_its_keys_had_a_file_of_their_own() {
    let page = "---\ntitle: aws-k8s-tester\nauthors:\n  - \"@gyuho\"\nowning-sig: sig-aws\neditor: TBD\n\
                creation-date: 2018-11-26\nstatus: provisional\n---\n\n# aws-k8s-tester\n\n## Summary\n\nA tester.\n";
    let read = record("keps/sig-aws/20181126-aws-k8s-tester.md", page);
    assert_eq!(
        (read.profile_name(), &*read.id, value(&read, "status")),
        ("kep", "20181126-aws-k8s-tester", "proposed".into())
    );
    assert_eq!(value(&read, "authors"), "[@gyuho]");
    let unnumbered = "title: Manifests\nauthors: [\"@v\"]\nowning-sig: sig-node\nstatus: provisional\n";
    assert_eq!(&*record("keps/sig-node/1872-manifests/kep.yaml", unnumbered).id, "1872");
}
