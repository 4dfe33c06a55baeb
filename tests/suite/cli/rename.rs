//! `alignlint rename`: another identifier for a record, wherever it is named.

use crate::kit::Repository;

fn page(number: &str, title: &str, status: &str) -> String {
    format!(
        "# {number}. {title}\n\nDate: 2026-06-01\n\n## Status\n\n{status}\n\n## Context\n\nSee also ADR-4.\n\n## Decision\n\nThis.\n\n\
         ## Consequences\n\nThat.\n"
    )
}

fn adrs() -> Repository {
    Repository::with(&[
        (
            "docs/adr/0004-use-4-queues.md",
            &page("4", "Use 4 queues", "Superseded by [5. One queue](0005-one-queue.md)"),
        ),
        (
            "docs/adr/0005-one-queue.md",
            &page("5", "One queue", "Accepted\n\nSupersedes [4. Use 4 queues](0004-use-4-queues.md)"),
        ),
        (
            "docs/adr/README.md",
            "| ADR | Title |\n|---|---|\n| 0004 | [Use 4 queues](0004-use-4-queues.md) |\n| 0005 | [One](0005-one-queue.md) |\n\n* [4. Use 4 queues](0004-use-4-queues.md)\n",
        ),
        (
            "src/queue.py",
            "# ADR-0004, adr 4, ADR-004 and docs/adr/0004-use-4-queues.md\nx = 'ADR-4'  # the Cosmos ADR-4\r\ny = 4 # ADR-5\n",
        ),
    ])
}

#[track_caller]
fn apply(repository: &Repository, arguments: &[&str]) {
    let patch = repository.run(&[&["rename"], arguments].concat());
    assert_eq!((patch.code, patch.err.as_str()), (Some(0), ""));
    let before = repository.git(&["status", "--porcelain"]);
    repository.write(&[(".git/a.patch", &patch.out)]);
    repository.git(&["apply", "--index", ".git/a.patch"]);
    let patched = repository.git(&["write-tree"]);
    repository.git(&["reset", "--quiet", "--hard"]);
    assert_eq!(repository.git(&["status", "--porcelain"]), before);
    let output = repository.run(&[&["rename", "--apply"], arguments].concat());
    assert_eq!((output.code, output.out.as_str()), (Some(0), ""), "{}", output.err);
    repository.git(&["add", "--all"]);
    assert_eq!(repository.git(&["write-tree"]), patched, "the patch and the files are the same");
}

#[test]
fn a_number_changes_wherever_it_names_the_record() {
    let repository = adrs();
    let tree = repository.git(&["write-tree"]);
    let before = repository.check(&[]).findings().len();
    apply(&repository, &["4", "50"]);
    let page = repository.read("docs/adr/0050-use-4-queues.md");
    assert!(page.starts_with("# 50. Use 4 queues\n") && page.contains("See also ADR-50."), "{page}");
    let successor = repository.read("docs/adr/0005-one-queue.md");
    assert!(successor.contains("Supersedes [50. Use 4 queues](0050-use-4-queues.md)"), "{successor}");
    assert_eq!(
        repository.read("docs/adr/README.md"),
        "| ADR | Title |\n|---|---|\n| 0050 | [Use 4 queues](0050-use-4-queues.md) |\n| 0005 | [One](0005-one-queue.md) |\n\n* [50. Use 4 queues](0050-use-4-queues.md)\n"
    );
    assert_eq!(
        repository.read("src/queue.py"),
        "# ADR-0050, adr 50, ADR-050 and docs/adr/0050-use-4-queues.md\nx = 'ADR-4'  # the Cosmos ADR-4\r\ny = 4 # ADR-5\n"
    );
    assert_eq!(repository.check(&[]).findings().len(), before);
    let again = repository.run(&["rename", "4", "50"]);
    assert!(again.fault().contains("no file, folder or record `4`"), "{}", again.err);
    repository.commit("2026-10-02");
    apply(&repository, &["0050", "ADR-0004"]);
    assert_eq!(repository.git(&["write-tree"]), tree, "and back");
}

#[test]
fn a_number_is_filled_with_zeros_as_those_beside_it_are() {
    for (first, path, expected) in [("01", "12-b.md", "03-b.md"), ("1", "12-b.md", "3-b.md")] {
        let page = |title: &str| {
            format!("# {title}\n\n## Status\n\nAccepted\n\n## Decision\n\nThis, as in ADR-12.\n")
        };
        let (one, two) = (format!("docs/adr/{first}-a.md"), format!("docs/adr/{path}"));
        let repository = Repository::with(&[(&*one, &*page("Queues")), (&*two, &*page("Log as JSON"))]);
        apply(&repository, &["12", "3"]);
        assert!(repository.join(&format!("docs/adr/{expected}")).exists(), "{expected}");
    }
}

#[test]
fn a_folder_that_bears_the_number_is_left_to_its_owner() {
    let kep = "title: Migration\nkep-number: 625\nauthors: [\"@ada\"]\nowning-sig: sig-storage\nstatus: implementable\n\
               approvers: [\"@bo\"]\ncreation-date: 2026-01-29\n";
    let repository = Repository::with(&[("keps/sig-storage/625-migration/kep.yaml", kep)]);
    let fault = repository.run(&["rename", "625", "77"]).fault();
    assert!(fault.contains("the folder `keps/sig-storage/625-migration` is named `625` too"), "{fault}");
}

#[test]
fn a_renaming_that_fails_leaves_all_as_it_was() {
    let repository = adrs();
    let before = repository.git(&["status", "--porcelain"]);
    let locked = repository.join("src/queue.py");
    let mut permissions = std::fs::metadata(&locked).expect("a file").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&locked, permissions).expect("a file of ours");
    let fault = repository.run(&["rename", "--apply", "4", "50"]).fault();
    assert!(fault.contains("can't write `src/queue.py`: it is read-only"), "{fault}");
    assert_eq!(repository.git(&["status", "--porcelain"]), before);
}

#[test]
fn an_identifier_of_a_structured_file_changes_in_references_and_texts() {
    let decisions = "decisions:\r\n  - id: 'D-7' # D-7\r\n    title: One queue\r\n    status: superseded\r\n    superseded-by: [D-77]\r\n  - \
                     { id: D-77, title: 'Not D-7', status: accepted, supersedes: [ \"D-7\" ] }\r\n";
    let repository = Repository::with(&[
        ("governance/decisions.yaml", decisions),
        ("governance/assumptions.yaml", "assumptions:\n  - { id: A-1, statement: As D-7 says }\n"),
        ("a.py", "# decision D-7, D-7\n"),
    ]);
    apply(&repository, &["decision/D-7", "D-8"]);
    assert_eq!(
        repository.read("governance/decisions.yaml"),
        decisions
            .replace("'D-7' # D-7", "'D-8' # D-8")
            .replace("Not D-7", "Not D-8")
            .replace("\"D-7\"", "\"D-8\"")
    );
    assert_eq!(repository.read("a.py"), "# decision D-8, D-7\n", "a letter and a number may be anything");
    assert!(repository.read("governance/assumptions.yaml").contains("As D-8 says"));
}

#[test]
fn what_is_taken_unknown_or_unclear_is_refused() {
    let repository = adrs();
    repository.write(&[("lib/docs/adr/0004-other.md", &page("4", "Other", "Accepted"))]);
    let fault = |arguments: &[&str]| repository.run(&[&["rename"], arguments].concat()).fault();
    assert!(fault(&["4", "50"]).contains("`4` names 2 records"), "{}", fault(&["4", "50"]));
    let path = "docs/adr/0004-use-4-queues.md";
    assert!(
        fault(&[path, "5"]).contains("the id `0005` is taken by `docs/adr/0005-one-queue.md`"),
        "{}",
        fault(&[path, "5"])
    );
    assert!(fault(&[path, "0004"]).contains("has the id `0004` already"));
    assert!(fault(&[path, "five"]).contains("`five` is no number"));
    assert!(fault(&["7", "8"]).contains("no file, folder or record `7`"));
    let excluded = ("alignlint.yaml", "exclude: [docs/adr/0060-*]\n");
    repository.write(&[("docs/adr/0060-use-4-queues.md", ""), excluded]);
    assert!(fault(&[path, "60"]).contains("`docs/adr/0060-use-4-queues.md` exists already"));
}

#[test]
fn one_of_two_records_with_one_id_is_named_by_its_line() {
    let repository = Repository::with(&[(
        "governance/decisions.yaml",
        "decisions:\n  - { id: D-2, title: One queue, status: accepted }\n  - id: D-2\n    title: Two regions\n    status: accepted\n",
    )]);
    let fault = |arguments: &[&str]| repository.run(&[&["rename"], arguments].concat()).fault();
    let several = fault(&["D-2", "D-3"]);
    assert!(several.contains("name the file and the line, as in `governance/decisions.yaml:3`"), "{several}");
    let unclear = fault(&["governance/decisions.yaml", "D-3"]);
    assert!(unclear.contains("`governance/decisions.yaml` names 2 records"), "{unclear}");
    apply(&repository, &["governance/decisions.yaml:4", "D-3"]);
    let decisions = repository.read("governance/decisions.yaml");
    assert!(
        decisions.contains("{ id: D-2, title: One queue")
            && decisions.contains("- id: D-3\n    title: Two regions")
    );
}

#[test]
fn a_text_that_may_be_an_id_follows() {
    let repository = Repository::with(&[
        ("strategy/kpis.yaml", "kpis:\n  - { id: churn, title: Customers lost }\n"),
        (
            "strategy/trade-offs.yaml",
            "trade-offs:\n  - { id: T-1, prefer: revenue, over: churn, reason: Less churn }\n",
        ),
    ]);
    apply(&repository, &["churn", "leavers"]);
    assert_eq!(
        repository.read("strategy/trade-offs.yaml"),
        "trade-offs:\n  - { id: T-1, prefer: revenue, over: leavers, reason: Less churn }\n"
    );
}

#[test]
fn a_file_that_bears_the_number_of_its_page_moves() {
    let page = "---\nid: D-1\nstatus: accepted\n---\n# One price\n\nSee [itself](0001-one-price.md).\n";
    let repository = Repository::with(&[("governance/decisions/0001-one-price.md", page)]);
    apply(&repository, &["D-1", "D-11"]);
    assert!(repository.read("governance/decisions/0011-one-price.md").contains("id: D-11"));
    assert!(repository.read("governance/decisions/0011-one-price.md").contains("(0011-one-price.md)"));
}

#[test]
fn a_page_whose_id_is_its_file_name_moves() {
    let page = |title: &str, line: &str| {
        format!("---\nkind: decision\n---\n# {title}\n\nStatus: accepted\n{line}\n## Decision\n\nSo.\n")
    };
    let repository = Repository::with(&[
        ("decisions/hall.md", &page("Rent a hall", "")),
        ("decisions/buy.md", &page("Buy a hall", "Supersedes: [Rent a hall](hall.md)\n")),
    ]);
    apply(&repository, &["hall", "room"]);
    assert!(repository.read("decisions/room.md").contains("# Rent a hall"));
    assert!(repository.read("decisions/buy.md").contains("(room.md)"));
}

#[test]
fn a_person_is_renamed_in_pages_of_no_known_format() {
    let repository = Repository::with(&[
        ("governance/people.yaml", "people: [{ id: gwen, title: Gwen Parry }]\n"),
        (
            "decisions/D05-short-night.md",
            "# Short night\n\n**Status:** decided\n**Date:** 2026-10-06\n**Owner:** gwen\n\nText.\n",
        ),
    ]);
    apply(&repository, &["gwen", "gwenllian"]);
    assert!(repository.read("decisions/D05-short-night.md").contains("**Owner:** gwenllian\n"));
}

#[test]
fn an_id_with_a_year_is_renamed_in_the_name_of_the_file_and_wherever_it_is_cited() {
    let format = "title: Motion\nkind: decision\nrecognise: [{ in: motions/*.md }]\nid: [title-number]\n\
        pattern: { id: \"^Motion (M-[0-9]{4}-[0-9]{2})\" }\n";
    let repository = Repository::with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/formats/motion.yaml", format),
        ("motions/M-2026-01-sunday.md", "# Motion M-2026-01: Sunday hours\n\nFamilies come.\n"),
        ("motions/M-2026-02-van.md", "# Motion M-2026-02: A van\n\nIt drives on Sundays, see M-2026-01.\n"),
    ]);
    apply(&repository, &["M-2026-01", "M-2026-09"]);
    assert_eq!(
        repository.read("motions/M-2026-09-sunday.md"),
        "# Motion M-2026-09: Sunday hours\n\nFamilies come.\n"
    );
    assert!(repository.read("motions/M-2026-02-van.md").contains("see M-2026-09."));
}

#[test]
fn an_id_that_programs_read_as_another_type_is_quoted_in_yaml() {
    let repository = Repository::with(&[
        ("governance/people.yaml", "people: [{ id: nora, title: Nora Berg }]\n"),
        ("governance/decisions.yaml", "decisions:\n  - { id: D-1, title: Sell, owner: nora }\n"),
        (
            "decisions/D05-short-night.md",
            "---\nowner: nora\n---\n\n# Short night\n\n**Status:** decided\n\nText.\n",
        ),
        ("decisions/D06-long-night.md", "# Long night\n\n**Status:** decided\n**Owner:** nora\n\nText.\n"),
    ]);
    apply(&repository, &["nora", "on"]);
    assert_eq!(repository.read("governance/people.yaml"), "people: [{ id: 'on', title: Nora Berg }]\n");
    assert!(repository.read("governance/decisions.yaml").contains("owner: 'on' }"));
    assert!(repository.read("decisions/D05-short-night.md").contains("owner: 'on'\n"));
    assert!(repository.read("decisions/D06-long-night.md").contains("**Owner:** on\n"));
}

#[test]
fn a_number_that_another_branch_has_is_not_proposed() {
    let repository = adrs();
    repository.git(&["checkout", "--quiet", "-b", "theirs"]);
    repository.write(&[("docs/adr/0006-log-as-json.md", &page("6", "Log as JSON", "Accepted"))]);
    repository.commit("2026-10-02");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(&[("docs/adr/0005-two-queues.md", &page("5", "Two queues", "Accepted"))]);
    let found = repository.run(&["--select", "reference/duplicate-id"]).out;
    assert!(found.contains("0007") && !found.contains("0006"), "{found}");
}
