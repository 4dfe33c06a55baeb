//! Random records: fixes converge, a second run changes nothing, and everything in a file except the fixed values is
//! preserved.

use std::collections::{BTreeMap, HashSet};

use alignlint::finding::Severity;
use proptest::prelude::*;

use super::in_memory::{fix_all, policy};

/// A decision in a random format with random mistakes.
#[derive(Clone, Debug)]
struct Decision {
    form: usize,
    status: &'static str,
    date: &'static str,
    supersedes: Option<usize>,
    superseded_by: Option<usize>,
    prose: &'static str,
    comment: bool,
}

fn decision() -> impl Strategy<Value = Decision> {
    let status = prop::sample::select(vec![
        "accepted",
        "Accepted",
        "acepted",
        "proposed",
        "'superseded'",
        "rejected",
        "",
    ]);
    let date =
        prop::sample::select(vec!["2026-03-02", "02.03.2026", "\"March 2, 2026\"", "03/04/2026", "TBD", ""]);
    let prose = prop::sample::select(vec![
        "Every client pays.",
        "An account, or clients' accounts.",
        "See [it](0001-frist.md#contxt).",
        "Größe: ok # not a comment",
        "It is so.",
    ]);
    let number = || prop::option::of(0_usize..6);
    (0..FORMS.len(), status, date, number(), number(), prose, any::<bool>()).prop_map(
        |(form, status, date, supersedes, superseded_by, prose, comment)| Decision {
            form,
            status,
            date,
            supersedes,
            superseded_by,
            prose,
            comment,
        },
    )
}

/// The forms of a record: the path and the text, with a name in `‹›` for each random part. The lines without such a name
/// are the same in all records of a form.
const FORMS: &[(&str, &str)] = &[
    (
        "governance/d‹at›.yaml",
        "decisions:\n  - id: ‹id›‹note›\n    status: ‹status›‹note›\n    date: ‹date›\n    supersedes: [‹old›]\n    superseded-by: ‹new›\n    context: >-\n      ‹text›\n",
    ),
    (
        "governance/d‹at›.yaml",
        "decisions: {\n  ‹id›: { status: ‹status›, date: ‹date›,‹note›\n    supersedes: [‹old›] }\n}\n",
    ),
    (
        "governance/d‹at›.json",
        "{\n  \"decisions\": [ { \"id\": \"‹id›\", \"status\": \"‹word›\", \"superseded-by\": [‹\"new\"›],\n    \"context\": \"‹text›\" } ]\n}\n",
    ),
    (
        "governance/d‹at›.toml",
        "[[decisions]]\nid = \"‹id›\"‹note›\nstatus = \"‹word›\"\nsupersedes = [‹\"old\"›]\ncontext = '''\n‹text›\n'''\n",
    ),
    (
        "docs/adr/‹id›-first.md",
        "# ‹at›. First\n\nDate: ‹date›\n\n## Status\n\n‹status›\n\nSupersedes ‹old›\n\n## Context\n\n‹prose›\n\n```\nclient # kept\n```\n\n## Decision\n\nd\n",
    ),
    (
        "docs/adr/‹id›-first.md",
        "---\nstatus: ‹status›‹note›\ndate: ‹date›\n---\n# First\n\n## Context and Problem Statement\n\n‹prose› <!-- kept -->\n\n## Decision Outcome\n\nd\n",
    ),
    (
        "docs/adr/‹id›-first.rst",
        "‹at›. First\n========\n\n:Date: ‹date›\n\nStatus\n------\n\n‹status›\n\nSupersedes ‹old›\n\n.. kept\n\nContext\n-------\n\n‹prose›::\n\n    client kept\n\nDecision\n--------\n\nd\n",
    ),
    (
        "docs/adr/‹id›-first.rst",
        "‹at›. First\n========\n\n.. list-table::\n\n   * - Status\n     - ‹status›\n   * - Date\n     - ‹date›\n   * - Supersedes\n     - ‹old›\n\n.. kept\n\nContext\n-------\n\n‹prose›\n\nDecision\n--------\n\nd\n",
    ),
    (
        "docs/adr/‹id›-first.adoc",
        "= ‹at›. First\nAda Byron\n:toc: left\n\nDate:: ‹date›\n\n== Status\n\n‹status›\n\nSupersedes ‹old›\n\n// kept\n\n== Context\n\n‹prose›\n\n----\nclient kept\n----\n\n== Decision\n\nd\n",
    ),
    (
        "docs/decisions/‹id›-first.md",
        "---\nid: ‹at›\nstatus: ‹status›\nsupersedes:\n- ‹old›‹note›\nsuperseded_by: [‹new›]\n---\n# First\n\n## Context\n\n‹prose›\n",
    ),
    (
        "docs/decisions/‹id›-first.md",
        "# ‹id› First\n\n- Status: ‹status›\n- Date: ‹date›\n- Supersedes: ‹old›\n- Superseded by: ‹new›\n\n## Context\n\n‹prose› <!-- kept -->\n\n## Decision\n\nd\n",
    ),
    (
        "docs/decisions/‹id›-first.md",
        "# First\n\n**Status:** ‹status›\n**Date:** ‹date›\n**Superseded by:** ‹new›\n\n## Context\n\n‹prose›\n\n<!-- kept -->\n\n## Decision\n\nd\n",
    ),
    (
        "docs/rfcs/‹id›-first.md",
        "# RFC ‹at›: First\n\n| Status | ‹status› |\n|---|---|\n| Created | ‹date› |\n| Supersedes | ‹old› |\n| Superseded-by | ‹new› |\n| Kept | kept |\n\n## Motivation\n\n‹prose›\n",
    ),
    (
        "proposals/‹id›-first.md",
        "```yaml\nstatus: ‹status›‹note›\ncreated: ‹date›\nsuperseded-by: [‹new›]\n```\n\n# First\n\n## Motivation\n\n‹prose›\n\n## Design\n\nd kept\n",
    ),
    (
        "proposals/‹id›-first.md",
        "+++\ntitle = \"First\"\nstatus = \"‹word›\"‹note›\nsupersedes = [‹\"old\"›]\n+++\n\n# First\n\n## Motivation\n\n‹prose›\n",
    ),
    (
        "EIPS/eip-‹at›.md",
        "---\neip: ‹at›\ntitle: First\nauthor: Ada Byron (@ada)\nstatus: ‹status›\ntype: Meta\ncreated: ‹date›\nrequires: ‹old›‹note›\n---\n\n## Abstract\n\n‹prose›\n",
    ),
    (
        "peps/pep-‹id›.rst",
        "PEP: ‹at›\nTitle: First\nStatus: ‹status›\nReplaces: ‹old›\nSuperseded-By: ‹new›\nCreated: 05-Jul-2001\n\nAbstract\n========\n\n‹prose›\n\n.. kept\n",
    ),
    (
        "bip-‹id›.mediawiki",
        "<pre>\n  BIP: ‹at›\n  Title: First\n  Status: ‹status›\n  Replaces: ‹old›\n  Superseded-By: ‹new›\n</pre>\n\n==Abstract==\n\n‹prose› <!-- kept -->\n",
    ),
    (
        "beps/bep-‹at›.md",
        "<pre>\n  BEP: ‹at›\n  Title: First\n  Status: ‹status›\n  Created: ‹date›\n</pre>\n\n# BEP-‹at›: First\n\n‹prose› <!-- kept -->\n",
    ),
    (
        "governance/d‹at›.toml",
        "# kept\ndecisions = [ { id = \"‹id›\", status = \"‹word›\", supersedes = [‹\"old\"›] }, { id = \"K-‹at›\", status = \"accepted\" } ]\n",
    ),
    (
        "governance/d‹at›.toml",
        "[decisions.‹id›]\nstatus = '‹word›'‹note›\nsuperseded-by = [ # kept\n  ‹\"new\"›\n]\ncontext = \"\"\"\n‹text›\"\"\"\n\n[decisions]\n\"K.‹at›\" = { status = \"accepted\" } # kept\n",
    ),
    (
        "docs/adr/‹id›-first.rst",
        "‹at›. First\n========\n\n.. list-table::\n   :header-rows: 1\n   :widths: 1 2 3\n\n   * - Status\n     - Date\n     - Kept\n   * - ‹status›\n     - ‹date›\n     - kept\n\nContext\n-------\n\n‹prose›\n\nDecision\n--------\n\nd\n",
    ),
    (
        "docs/adr/‹id›-first.rst",
        "‹at›. First\n========\n\n==========  ========\nStatus      ‹status›\nDate        ‹date›\nSupersedes  ‹old›\nKept        kept\n==========  ========\n\nContext\n-------\n\n‹prose›\n\nDecision\n--------\n\nd\n",
    ),
    (
        "docs/adr/‹id›-first.rst",
        "‹at›. First\n========\n\n+--------+-----------+\n| Status | accepted  |\n+--------+-----------+\n| Date   | 2.3.2026  |\n+--------+-----------+\n| Kept   | 000‹at›      |\n+--------+-----------+\n\nContext\n-------\n\n‹prose›\n\nDecision\n--------\n\nSupersedes ‹old›\n",
    ),
    (
        "docs/adr/‹id›-first.adoc",
        "= ‹at›. First\n\n|===\n|Status |‹status›\n|Date |‹date›\n|Supersedes |‹old›\n|Kept |kept\n|===\n\n== Context\n\n‹prose›\n\n== Decision\n\nd\n",
    ),
    (
        "beps/bep-‹at›.mediawiki",
        "{| class=\"kept\"\n| BEP || ‹at›\n|-\n| Title || First\n|-\n| Status || ‹status›\n|-\n! Supersedes\n| ‹old›\n|}\n\n==Abstract==\n\n‹prose› <!-- kept -->\n",
    ),
    (
        "docs/rfcs/‹id›-first.md",
        "# RFC ‹at›: First\n\n| Status | Created | Superseded by | Kept |\n|:--|--:|---|---|\n| ‹status› | ‹date› | ‹new› | kept \\| kept |\n\n## Motivation\n\n‹prose›\n",
    ),
    (
        "docs/decision-log.md",
        "# Decision log\n\n## D-‹at›: First\n\nStatus: ‹status›\nDate: ‹date›\nSuperseded by: ‹new›\n\n**Decision:** ‹prose›\n\n<!-- kept -->\n\n## D-1‹at›: Second\n\nStatus:  accepted\n\n**Decision:** d\n",
    ),
    (
        "governance/decisions.md",
        "# Decisions\n\n| ID | Date | Decision | Status | Kept |\n|---|---|---|---|---|\n| D-‹at› | ‹date› | ‹text› | ‹status› | kept |\n| D-1‹at› | 2026-01-02 | Second | accepted | kept |\n",
    ),
    (
        "meetings/2026-11-0‹at›.md",
        "# Round\n\nDate: ‹date›\n\n## Actions\n\n- [ ] @ada ‹text› (due 2026-12-01)\n- [x] kept\n",
    ),
    (
        "docs/adr/README.md",
        "# Decisions\n\n| Number | Title | Status | Kept |\n|---|---|---|---|\n| [000‹at›](000‹at›-first.md) | First | ‹status› | kept |\n",
    ),
    ("docs/decisions/README.md", "# Decisions\n\nKept.\n\n- [000‹at› First](000‹at›-first.md)\n\nThe end.\n"),
];

impl Decision {
    fn file(&self, at: usize) -> (String, String) {
        let (path, text) = FORMS[self.form];
        (self.filled(path, at), self.filled(text, at))
    }

    fn filled(&self, form: &str, at: usize) -> String {
        let id = |at: usize| format!("000{at}");
        let list = |of: Option<usize>, quote: &str| {
            of.map_or(String::new(), |at| format!("{quote}{}{quote}", id(at)))
        };
        [
            ("‹id›", id(at)),
            ("‹at›", at.to_string()),
            ("‹status›", self.status.to_owned()),
            ("‹word›", self.status.trim_matches('\'').to_owned()),
            ("‹date›", self.date.to_owned()),
            ("‹old›", list(self.supersedes, "")),
            ("‹new›", list(self.superseded_by, "")),
            ("‹\"old\"›", list(self.supersedes, "\"")),
            ("‹\"new\"›", list(self.superseded_by, "\"")),
            ("‹note›", if self.comment { " # kept" } else { "" }.to_owned()),
            ("‹prose›", self.prose.to_owned()),
            ("‹text›", self.prose.replace('"', "")),
        ]
        .iter()
        .fold(form.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}

/// The lines of all forms that are the same in each record. None may be what another form has for some record.
fn lines_of_forms() -> HashSet<&'static str> {
    FORMS.iter().flat_map(|(_, text)| text.lines()).filter(|line| !line.contains('‹')).collect()
}

/// Files with consistent line ends, each with or without byte order mark and final line end.
fn repository() -> impl Strategy<Value = BTreeMap<String, String>> {
    let file = (decision(), any::<bool>(), any::<bool>(), any::<bool>());
    prop::collection::vec(file, 1..6).prop_map(|decisions| {
        let mut files = BTreeMap::new();
        for (at, (decision, crlf, mark, ended)) in decisions.into_iter().enumerate() {
            let (path, mut text) = decision.file(at);
            if !ended {
                text.truncate(text.trim_end().len());
            }
            if crlf {
                text = text.replace('\n', "\r\n");
            }
            files.insert(path, if mark { format!("\u{feff}{text}") } else { text });
        }
        let terms =
            "terms:\n  - { id: customer, title: customer, definition: d, avoid: [client, account] }\n";
        files.insert("governance/glossary.yaml".to_owned(), terms.to_owned());
        files
    })
}

/// The rules with fixes, and those that would report a broken file.
fn concerned() -> Vec<&'static str> {
    let rules = policy().rules.rules().iter();
    let concerned = rules.filter(|rule| rule.fix.is_some() || matches!(rule.family(), "schema" | "document"));
    concerned.map(|rule| &*rule.id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn fixes_converge_and_remove_nothing(files in repository()) {
        let rules = concerned();
        let lines_of_forms = lines_of_forms();
        let (first, left) = fix_all(&files, &rules);
        let mut fixed = files.clone();
        for (before, after) in &first.files {
            let (old, new) = (before.text(), after.text());
            prop_assert_eq!(old, &files[&**before.path()], "what is told as the old text is");
            let kept = |text: &str| text.matches("kept").count();
            prop_assert_eq!(kept(old), kept(new), "{}", new);
            let is_subsequence = |lines: &[&str], of: &str| {
                let mut all = of.lines();
                lines.iter().all(|line| all.any(|one| one == *line))
            };
            let same: Vec<_> = old.lines().filter(|line| lines_of_forms.contains(line)).collect();
            prop_assert!(is_subsequence(&same, new), "{}", new);
            let links_of_markdown = |text: &str| text.matches("](").count();
            let is_of_other_markup = [".rst", ".mediawiki", ".adoc"].iter().any(|end| before.path().ends_with(end));
            prop_assert!(!is_of_other_markup || links_of_markdown(new) <= links_of_markdown(old), "{}", new);
            prop_assert_eq!(old.starts_with('\u{feff}'), new.starts_with('\u{feff}'));
            prop_assert_eq!(old.ends_with('\n'), new.ends_with('\n'));
            let lone = |text: &str| text.replace("\r\n", "").contains('\n');
            prop_assert_eq!(old.contains("\r\n") && !lone(old), new.contains("\r\n") && !lone(new), "{:?}", new);
            prop_assert!(old.contains('\r') || !new.contains('\r'));
            fixed.insert(before.path().to_string(), new.to_owned());
        }
        let (again, left_again) = fix_all(&fixed, &rules);
        prop_assert!(again.files.is_empty(), "{:?}", again.files[0].1.text());
        let texts = |findings: &[alignlint::finding::Finding]| -> Vec<String> {
            findings.iter().map(|finding| format!("{} {}", finding.fingerprint, finding.message)).collect()
        };
        prop_assert_eq!(texts(&left), texts(&left_again), "what is left is what a new look finds");
        let unreadable = |finding: &alignlint::finding::Finding| finding.severity == Severity::Error && &*finding.rule == "document/unreadable";
        let count = |findings: &[alignlint::finding::Finding]| findings.iter().filter(|one| unreadable(one)).count();
        prop_assert_eq!(count(&left), count(&fix_all(&files, &["document/unreadable"]).1));
    }
}

/// The files of a rule's example, with one random line damaged.
fn spoilt() -> impl Strategy<Value = BTreeMap<String, String>> {
    let examples = policy().rules.rules().iter().flat_map(|rule| rule.examples.iter());
    let states: Vec<_> =
        examples.map(alignlint::rule::file::Example::final_files).filter(|files| !files.is_empty()).collect();
    (prop::sample::select(states), any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_usize..9)
        .prop_map(|(mut files, file, line, way)| {
            let path = files.keys().nth(file.index(files.len())).cloned().expect("there is a file");
            let text = files.remove(&path).expect("the file is there");
            let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
            if lines.is_empty() {
                lines.push(String::new());
            }
            let at = line.index(lines.len());
            let spoilt = lines[at].clone();
            lines[at] = match way {
                0 => String::new(),
                1 => format!("{spoilt}{spoilt}"),
                2 => format!("\t{spoilt}"),
                3 => spoilt.replace(' ', "\t"),
                4 => spoilt.replace(['e', 'a'], "ü"),
                5 => spoilt.replace([':', '"', '['], ""),
                6 => spoilt.replace('\n', "\r\n"),
                7 => spoilt.chars().take(spoilt.chars().count() / 2).collect(),
                _ => format!("&x {spoilt}"),
            };
            files.insert(path, lines.concat());
            files
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn fixes_converge_in_damaged_files(files in spoilt()) {
        let rules = concerned();
        let (first, _) = fix_all(&files, &rules);
        let mut fixed = files.clone();
        for (_, after) in &first.files {
            fixed.insert(after.path().to_string(), after.text().to_owned());
        }
        let (again, _) = fix_all(&fixed, &rules);
        prop_assert!(again.files.is_empty(), "{:?} then {:?}", first.files, again.files);
    }
}
