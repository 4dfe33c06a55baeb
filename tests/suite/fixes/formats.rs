//! Fixes preserve the style of each format: keys, quotes, comments, line ends.

use super::in_memory::{after, after_own};
use crate::kit::adr;

const ONE_SIDED: &[&str] = &["decision/one-sided-supersede", "decision/superseded-status"];

/// The first file after these rules are fixed.
fn first(files: &[(&str, &str)], rules: &[&str]) -> String {
    after(files, rules).remove(files[0].0).expect("the file is there")
}

/// A decision that supersedes D-3.
const LATER: (&str, &str) =
    ("governance/later.yaml", "decisions:\n  - {id: D-9, title: b, status: accepted, supersedes: [D-3]}\n");

#[test]
fn a_record_learns_of_its_successor_in_every_format() {
    let cases = [
        (
            "governance/decisions.yaml",
            "\u{feff}decisions:\r\n- id: D-3 # é\r\n  title: a\r\n  # not sure yet\r\n  status: \"accepted\"\r\n  tags:\r\n  - x",
            "\u{feff}decisions:\r\n- id: D-3 # é\r\n  title: a\r\n  # not sure yet\r\n  status: \"superseded\"\r\n  superseded-by:\r\n  - D-9\r\n  tags:\r\n  - x",
        ),
        (
            "governance/decisions.yaml",
            "decisions:\n  D-3:\n    title: a\n    state: Approved\n",
            "decisions:\n  D-3:\n    title: a\n    state: Superseded\n    superseded-by: [D-9]\n",
        ),
        (
            "governance/decisions.json",
            "{\n\t\"decisions\": [\n\t\t{\n\t\t\t\"id\": \"D-3\",\n\t\t\t\"title\": \"a\",\n\t\t\t\"status\": \"accepted\"\n\t\t}\n\t]\n}\n",
            "{\n\t\"decisions\": [\n\t\t{\n\t\t\t\"id\": \"D-3\",\n\t\t\t\"title\": \"a\",\n\t\t\t\"status\": \"superseded\",\n\t\t\t\"superseded-by\": [\"D-9\"]\n\t\t}\n\t]\n}\n",
        ),
        (
            "governance/decisions.json",
            "{\"decisions\": [{\"id\": \"D-3\", \"reviewBy\": \"2027-01-01\", \"status\": \"accepted\"}]}",
            "{\"decisions\": [{\"id\": \"D-3\", \"reviewBy\": \"2027-01-01\", \"status\": \"superseded\", \"supersededBy\": [\"D-9\"]}]}",
        ),
        (
            "governance/decisions.toml",
            "[[decisions]]\nid = 'D-3' # é\ntitle = 'a'\nstatus = 'accepted'\n\n[[decisions]]\nid = 'D-4'\n",
            "[[decisions]]\nid = 'D-3' # é\ntitle = 'a'\nstatus = 'superseded'\nsuperseded-by = ['D-9']\n\n[[decisions]]\nid = 'D-4'\n",
        ),
        (
            "docs/decisions/a.md",
            "---\r\nid: D-3\r\nreview_by: 2027-01-01\r\nstatus: accepted # so far\r\n---\r\n\r\n# A\r\n",
            "---\r\nid: D-3\r\nreview_by: 2027-01-01\r\nstatus: superseded # so far\r\nsuperseded_by: [D-9]\r\n---\r\n\r\n# A\r\n",
        ),
        (
            "docs/decisions/a.md",
            "+++\nid = \"D-3\"\nstatus = \"accepted\"\n+++\n# A\n",
            "+++\nid = \"D-3\"\nstatus = \"superseded\"\nsuperseded-by = [\"D-9\"]\n+++\n# A\n",
        ),
    ];
    for (path, before, expected) in cases {
        assert_eq!(first(&[(path, before), LATER], ONE_SIDED), expected, "{before}");
    }
}

#[test]
fn a_key_that_is_there_and_says_nothing_is_filled() {
    for (before, expected) in [
        ("superseded-by:\n", "superseded-by: [D-9]\n"),
        ("superseded-by: TBD # who knows\n", "superseded-by: [D-9] # who knows\n"),
        ("superseded-by: []\n", "superseded-by: [D-9]\n"),
        ("replaced-by: ~\n", "replaced-by: [D-9]\n"),
        ("superseded-by: D-8\n", "superseded-by: [D-8, D-9]\n"),
        (
            "superseded-by:\n    - D-8\n    # the later one:\n",
            "superseded-by:\n    - D-8\n    # the later one:\n    - D-9\n",
        ),
    ] {
        let file = |line: &str| format!("decisions:\n- id: D-3\n  status: superseded\n  {line}- id: D-8\n");
        let path = "governance/decisions.yaml";
        assert_eq!(first(&[(path, &file(before)), LATER], ONE_SIDED), file(expected), "{before}");
    }
}

#[test]
fn where_there_is_no_place_for_it_nothing_is_changed() {
    let untouched = [
        // The page has neither front matter nor a format that has a place for it.
        ("docs/decisions/a.md", "# D-3\n\n## Context\n\nc\n\n## Decision\n\nd\n\n## Status\n\nAccepted\n"),
        // The text is shared by an alias.
        ("governance/decisions.yaml", "x: &x {id: D-3, status: accepted}\ndecisions: [*x]\n"),
        ("governance/decisions.yaml", "decisions:\n- &x {id: D-3, status: accepted}\nother: *x\n"),
        // The file has a syntax error.
        ("governance/decisions.yaml", "decisions:\n- id: D-3\n  status: accepted\n  tags: [\n"),
    ];
    for (path, text) in untouched {
        assert_eq!(first(&[(path, text), LATER], ONE_SIDED), text, "{text}");
    }
    let shared = "status: accepted\ndecisions:\n- {id: D-3, superseded-by: D-9}\n- {id: D-4}\n";
    let files = [("governance/decisions.yaml", shared), LATER];
    assert_eq!(first(&files, &["decision/superseded-status"]), shared, "the status is D-4's too");
}

#[test]
fn only_own_keys_of_a_mapping_with_merge_keys_are_touched() {
    let before = "base: &base\n  owner: ada\n  status: accepted\ndecisions:\n- <<: *base\n  id: D-3\n";
    let expected = "base: &base\n  owner: ada\n  status: accepted\ndecisions:\n- <<: *base\n  id: D-3\n  superseded-by: [D-9]\n";
    let files = [("governance/decisions.yaml", before), LATER];
    assert_eq!(first(&files, ONE_SIDED), expected, "its status is merged in, and stays");
}

#[test]
fn of_equal_keys_the_one_that_counts_is_changed() {
    let before = "decisions:\n- id: D-3\n  status: acepted\n  status: acepted\n";
    let expected = "decisions:\n- id: D-3\n  status: accepted\n  status: acepted\n";
    assert_eq!(first(&[("governance/decisions.yaml", before)], &["schema/enum"]), expected);
}

#[test]
fn a_status_on_a_page_takes_its_successor_in() {
    let later = adr(9, "Later", "Accepted\n\nSupersedes [3. Old](0003-old.md)");
    for (status, expected) in [
        ("Accepted", "Superseded by [9. Later](0009-later.md)"),
        ("* **accepted**", "* **superseded by [9. Later](0009-later.md)**"),
        // Statuses with other content are not changed.
        ("✅ Accepted", "✅ Accepted"),
        ("Draft 👉 Accepted", "Draft 👉 Accepted"),
        ("Accepted in spring", "Accepted in spring"),
        ("Rejected", "Rejected"),
        ("{proposed | accepted}", "{proposed | accepted}"),
    ] {
        let files = [("docs/adr/0003-old.md", &*adr(3, "Old", status)), ("docs/adr/0009-later.md", &*later)];
        assert_eq!(first(&files, ONE_SIDED), adr(3, "Old", expected), "{status}");
    }
}

#[test]
fn a_superseded_hip_takes_the_word_and_the_key_of_its_format() {
    let hip = |number: u32, rest: &str| {
        format!(
            "---\nhip: {number}\ntitle: Renewals\nauthor: Ada Byron (@ada)\ntype: Standards Track\ncategory: Core\n\
             status: Final\ncreated: 2022-02-25\n{rest}"
        )
    };
    let old = hip(16, "---\n");
    let new = hip(372, "replaces: 16\n---\nA new window.\n");
    let replaced = hip(16, "superseded-by: 372\n---\n").replace("Final", "Replaced");
    assert_eq!(first(&[("HIP/hip-16.md", &*old), ("HIP/hip-372.md", &*new)], ONE_SIDED), replaced);
}

#[test]
fn keps_refer_to_each_other_by_their_place() {
    let kep = |number: u32, rest: &str| {
        format!("title: A\nkep-number: {number}\nauthors:\n  - \"ada\"\nreviewers: [eve]\nstatus: {rest}")
    };
    let files = [
        ("keps/sig-a/3-old/kep.yaml", &*kep(3, "implementable\nstage: alpha\n")),
        ("keps/sig-a/9-new/kep.yaml", &*kep(9, "implementable\nreplaces: [KEP-3]\n")),
    ];
    let expected = kep(3, "replaced\nsuperseded-by:\n  - \"/keps/sig-a/9-new\"\nstage: alpha\n");
    assert_eq!(first(&files, ONE_SIDED), expected);
}

#[test]
fn a_record_that_shares_its_identifier_is_not_referred_to() {
    let twice = "decisions:\n- {id: D-1, status: accepted}\n- {id: D-3, status: superseded, superseded-by: [D-1]}\n- {id: D-3, status: superseded, superseded-by: [D-1]}\n";
    let files = [("governance/decisions.yaml", twice)];
    assert_eq!(first(&files, &["decision/unclaimed-successor"]), twice);
}

#[test]
fn several_values_in_one_text_stay_in_one() {
    let eip = |number: u32, rest: &str| {
        format!(
            "---\neip: {number}\ntitle: A\nauthor: Ada (@ada)\nstatus: {rest}\ncreated: 2026-01-02\n---\n\n## Abstract\n\nA.\n"
        )
    };
    let later = eip(9, "Final\nreplaces: 3, 4");
    for (before, expected) in [
        ("Final", "Final\nsuperseded-by: 9"),
        ("Final\nsuperseded-by: 8", "Final\nsuperseded-by: 8, 9"),
        ("Final\nsuperseded-by:", "Final\nsuperseded-by: 9"),
    ] {
        let files = [
            ("EIPS/eip-3.md", &*eip(3, before)),
            ("EIPS/eip-4.md", &*eip(4, "Final")),
            ("EIPS/eip-8.md", &*eip(8, "Final")),
            ("EIPS/eip-9.md", &*later),
        ];
        let mended = first(&files, &["decision/one-sided-supersede"]);
        // After the last key that precedes it in the format.
        let lines =
            |text: &str| -> std::collections::BTreeSet<String> { text.lines().map(str::to_owned).collect() };
        assert_eq!(lines(&mended), lines(&eip(3, expected)), "{mended}");
    }
}

#[test]
fn references_are_respelt_where_they_stand() {
    let path = "governance/decisions.yaml";
    let other = ("governance/assumptions.yaml", "assumptions:\n- {id: A-growth, statement: It grows}\n");
    for (before, expected) in [
        ("[A-grwoth]", "[A-growth]"),
        ("'A-grwoth'", "'A-growth'"),
        ("\n    - \"A-grwoth\" # é", "\n    - \"A-growth\" # é"),
        ("&a A-grwoth", "&a A-growth"),
    ] {
        let file = |value: &str| format!("decisions:\n- id: D-3\n  assumptions: {value}\n");
        assert_eq!(first(&[(path, &file(before)), other], &["reference/unknown"]), file(expected));
    }
    // A record that appears twice through an alias is not changed.
    let aliased = "decisions:\n- {id: D-3, assumptions: &a [A-grwoth]}\n- {id: D-4, assumptions: *a}\n";
    assert_eq!(first(&[(path, aliased), other], &["reference/unknown"]), aliased);
}

#[test]
fn links_are_respelt_and_headings_and_code_are_not_reworded() {
    let page = "# 3. Old\n\n## Status\n\nAccepted\n\n## The client\n\nA client, `client` and [the client's](0009-latr.md#decison 'client').\n\n```\nclient\n```\n\n<!-- client -->\n[client]: x.md\n\n## Decision\n\nWe do.\n";
    let terms = "terms: [{id: customer, title: customer, definition: d, avoid: [client]}]\n";
    let files = [
        ("docs/adr/0003-old.md", page),
        ("docs/adr/0009-later.md", &*adr(9, "Later", "Accepted")),
        ("governance/glossary.yaml", terms),
    ];
    let expected = page
        .replace("A client,", "A customer,")
        .replace("[the client's]", "[the customer's]")
        .replace("0009-latr.md#decison", "0009-later.md#decision");
    assert_eq!(first(&files, &["term/avoided", "reference/broken-link"]), expected);
}

#[test]
fn a_term_takes_no_place_behind_an_article_that_may_not_fit() {
    let page = "# 3. Old\n\n## Decision\n\nA deal, an SLA, the SLA, a pact and an order.\n";
    let terms = "terms:\n- {id: t1, title: service promise, definition: d, avoid: [SLA]}\n\
        - {id: t2, title: usual order, definition: d, avoid: [pact]}\n- {id: t3, title: agreement, definition: d, avoid: [deal]}\n\
        - {id: t4, title: item, definition: d, avoid: [order]}\n";
    let files = [("docs/adr/0003-old.md", page), ("governance/glossary.yaml", terms)];
    let expected = page.replace("the SLA", "the service promise").replace("an order", "an item");
    assert_eq!(first(&files, &["term/avoided"]), expected);
}

#[test]
fn a_misspelt_key_is_fixed_unless_the_right_one_is_there() {
    let path = "governance/decisions.yaml";
    let before = "decisions:\n- id: D-3\n  stauts: accepted # é\n- {id: D-4, \"stauts\": accepted, status: rejected}\n";
    let expected = "decisions:\n- id: D-3\n  status: accepted # é\n- {id: D-4, \"stauts\": accepted, status: rejected}\n";
    assert_eq!(first(&[(path, before)], &["schema/unknown-field"]), expected);
    // `accountable` is an alias of `owner`.
    let twice = "decisions:\n- {id: D-3, owner: ada, acountable: eve, accountable: bo}\n- {id: D-4, owner: ada, owners: bo}\n";
    assert_eq!(first(&[(path, twice)], &["schema/unknown-field"]), twice);
}

#[test]
fn what_touches_is_sorted_out_in_order_and_over_several_passes() {
    let before = "decisions:\n- {id: D-1, status: accepted}\n- {id: D-2, status: accepted, supersedes: [D-1]}\n- {id: D-3, status: accepted, supersedes: [D-1]}\n";
    let expected = "decisions:\n- {id: D-1, status: superseded, superseded-by: [D-2, D-3]}\n- {id: D-2, status: accepted, supersedes: [D-1]}\n- {id: D-3, status: accepted, supersedes: [D-1]}\n";
    assert_eq!(first(&[("governance/decisions.yaml", before)], ONE_SIDED), expected);
}

/// A decision rule with these lines and this fix.
fn own(form: &str, fix: &str) -> String {
    format!(
        "id: own/rule\ntitle: Ours\nseverity: error\npreset: essential\nfacet: record\nfor: decision\n{form}\n\
         message: \"`{{record.id}}`\"\nwhy: It matters.\nfix:\n  safety: safe\n{fix}"
    )
}

#[test]
fn several_fields_are_set_together_or_not_at_all() {
    let rule = own(
        "expect: has(record.topic) && has(record.date)",
        "  set: { topic: \"on-{record.kind}\", date: 2026-03-02 }\n",
    );
    for (before, expected) in [
        ("- id: D-3\n  owner: ada\n", "- id: D-3\n  date: 2026-03-02\n  owner: ada\n  topic: on-decision\n"),
        ("- id: D-3\n", "- id: D-3\n  date: 2026-03-02\n  topic: on-decision\n"),
        ("- {id: D-3}\n", "- {id: D-3, date: 2026-03-02, topic: on-decision}\n"),
    ] {
        let file = |text: &str| format!("decisions:\n{text}");
        let files = [("governance/decisions.yaml", &*file(before))];
        assert_eq!(after_own(&rule, &files), file(expected));
    }
    // One of the fields is shared by all records, and so neither is set.
    let shared = "topic: x\ndecisions:\n- id: D-3\n";
    let rule = own("expect: has(record.date)", "  set: { topic: other, date: 2026-03-02 }\n");
    assert_eq!(after_own(&rule, &[("governance/decisions.yaml", shared)]), shared);
}

#[test]
fn items_and_others_are_changed_where_they_stand() {
    let rule = own("each: record.actions\nexpect: has(item.due)", "  of: item\n  set: { due: 2026-12-01 }\n");
    let before = "decisions:\n- id: D-3\n  actions:\n  - what: call # them\n    owner: ada\n  - {what: write, due: 2026-01-01}\n  - {what: meet}\n";
    let expected = before
        .replace("owner: ada\n", "owner: ada\n    due: 2026-12-01\n")
        .replace("{what: meet}", "{what: meet, due: 2026-12-01}");
    assert_eq!(after_own(&rule, &[("governance/decisions.yaml", before)]), expected);

    let rule = own(
        "against: \"record.cited_by('decision', 'supersedes').filter(d, !(record in d.?related.orValue([])))\"",
        "  of: other\n  add: { related: \"{record}\" }\n",
    );
    let later = "decisions:\n- {id: D-9, supersedes: [D-3]}\n";
    let files =
        [("governance/later.yaml", later), ("governance/decisions.yaml", "decisions:\n- {id: D-3}\n")];
    assert_eq!(after_own(&rule, &files), later.replace("[D-3]}", "[D-3], related: [D-3]}"));
}

#[test]
fn a_destination_that_would_end_the_link_too_early_is_encoded() {
    let page = "# 3. Old\n\n## Status\n\nAccepted\n\n## Context\n\nSee [it](lter.md) and [it](a-b.md).\n\n## Decision\n\nd\n";
    let files = [("docs/adr/0003-old.md", page), ("docs/adr/l)ter.md", "x"), ("docs/adr/a b.md", "x")];
    let expected = page.replace("lter.md", "l%29ter.md").replace("a-b.md", "a%20b.md");
    assert_eq!(first(&files, &["reference/broken-link"]), expected);
}
