//! Shallow clones: what can be told of them, and how much of the history would be enough.

use super::repository::{ADA, BO, Repository, alignlint};

const FILE: &str = "strategy/assumptions.yaml";
const RULE: &str = "assumption/stale";

/// Two assumptions, one changed in January and one in September, and commits that touch neither.
fn origin() -> Repository {
    let repository = Repository::new();
    let file = |two: &str| {
        format!(
            "assumptions:\n  - {{id: A-1, statement: Partners close faster, owner: ada}}\n  \
             - {{id: A-2, statement: {two}, owner: ada}}\n"
        )
    };
    repository.write(FILE, &file("Clinics pay late"));
    repository.commit("2026-01-10", ADA, "Believe");
    for (day, month) in ["2026-03-02", "2026-05-04", "2026-07-06"].into_iter().zip(3..) {
        repository.write("README.md", &format!("# Month {month}\n"));
        repository.commit(day, BO, "Something else");
    }
    repository.write(FILE, &file("Clinics pay early"));
    repository.commit("2026-09-15", BO, "The other way round");
    repository.write("README.md", "# Autumn\n");
    repository.commit("2026-11-10", BO, "Something else");
    repository
}

fn clone(origin: &Repository, option: &str) -> Repository {
    let clone = tempfile::tempdir().expect("a temporary folder");
    let url = format!("file://{}", origin.path().display());
    origin.git(&["clone", "--quiet", option, &url, clone.path().to_str().expect("UTF-8")]);
    Repository(clone)
}

/// The findings, and what is said on standard error in one line.
fn judged(repository: &Repository) -> (String, String) {
    let arguments = ["--select", RULE, "--as-of", "2026-11-20", "--format", "concise"];
    let output = alignlint(repository.path(), &arguments);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = text(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
    (text(&output.stdout), said)
}

#[test]
fn what_would_be_enough_is_enough() {
    let origin = origin();
    let (all, said) = judged(&origin);
    assert!(all.contains("`A-1` was last checked on 2026-01-10") && !all.contains("A-2"), "{all}");
    assert!(!said.contains("shallow"), "{said}");
    let clone = clone(&origin, "--depth=1");
    let (found, said) = judged(&clone);
    assert_eq!(found, "", "whatever is in it may be ten days old");
    assert!(said.contains("its history starts on 2026-11-10"), "{said}");
    let since =
        said.split_once("--shallow-since=").expect("a day is named").1.split_once('`').expect("a quote").0;
    // A quarter before 2026-11-20 is 2026-08-20, and some days more.
    assert!(("2026-08-10".."2026-08-20").contains(&since), "{since}");
    clone.git(&["fetch", "--quiet", &format!("--shallow-since={since}")]);
    clone.git(&["fetch", "--quiet", "--deepen=1"]);
    let (found, said) = judged(&clone);
    assert_eq!(
        found,
        "strategy/assumptions.yaml:2:10: error[assumption/stale] `A-1`: Assumption not checked within its time\n"
    );
    assert!(said.contains("its history starts on 2026-07-06") && !said.contains("--shallow-since"), "{said}");
    assert!(said.contains("`git fetch --unshallow` fetches everything"), "{said}");
    clone.git(&["fetch", "--quiet", "--unshallow"]);
    assert_eq!(judged(&clone).0, all);
}

#[test]
fn late_at_the_latest_is_late_and_no_day_is_told_that_nobody_knows() {
    let origin = origin();
    for (depth, late) in
        [("--depth=1", false), ("--depth=2", false), ("--depth=3", true), ("--depth=5", true)]
    {
        let clone = clone(&origin, depth);
        let (found, said) = judged(&clone);
        assert_eq!(found.contains("A-1"), late, "{depth}: {found}");
        assert!(!found.contains("A-2"), "{depth}: {found}");
        assert!(!found.contains("2026-0") && !found.contains("months ago"), "{depth}: {found}");
        assert!(said.contains("the clone is shallow"), "{depth}: {said}");
    }
}

#[test]
fn a_finding_keeps_its_fingerprint_whether_or_not_its_day_is_known() {
    let origin = origin();
    let fingerprint = |repository: &Repository| {
        let arguments = ["--select", RULE, "--as-of", "2026-11-20", "--format", "jsonl", "-q"];
        let output = alignlint(repository.path(), &arguments);
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one finding");
        told["fingerprint"].clone()
    };
    assert_eq!(fingerprint(&origin), fingerprint(&clone(&origin, "--depth=4")));
}

#[test]
fn a_day_that_is_guessed_for_one_record_is_not_taken_for_certain_of_another() {
    let clone = clone(&origin(), "--depth=3");
    clone.write("alignlint.yaml", "extends: [recommended, ./policy]\n");
    // A-1 is from January. As far as the clone goes back it may be from July too, but then A-2 would be late.
    let rule = "id: garden/late\ntitle: Late\nseverity: error\npreset: recommended\nfacet: garden\nfor: assumption\nlet:\n  \
                fresh: records('assumption').filter(a, a.id == 'A-1' && a.last_changed >= date('2026-07-01'))\ndue: >-\n  \
                record.last_changed + (size(fresh) > 0 ? duration('1 day') : duration('1 year'))\nmessage: late\nwhy: Late.\n";
    clone.write("policy/rules/garden/late.yaml", rule);
    let output =
        alignlint(clone.path(), &["--select", "garden/late", "--as-of", "2026-11-20", "--format", "concise"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{said}");
    assert!(said.contains("2 not judged"), "{said}");
}
