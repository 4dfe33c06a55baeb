//! `alignlint new`: the next record looks like its neighbours and has a free number; the draft of a rule can be tested.

use crate::kit::{Output, Repository};

/// Runs `alignlint new` on 2026-11-20; returns what it prints on standard output.
#[track_caller]
fn new(repository: &Repository, arguments: &[&str]) -> String {
    let output = run(repository, arguments);
    assert_eq!(output.code, Some(0), "{}", output.err);
    output.out
}

fn run(repository: &Repository, arguments: &[&str]) -> Output {
    repository.run(&[&["new"], arguments, &["--as-of", "2026-11-20"]].concat())
}

fn adr(number: u32, title: &str) -> String {
    format!(
        "# {number}. {title}\n\nDate: 2026-01-0{number}\n\n## Status\n\nAccepted\n\n## Context\n\nWe talk.\n\n## Decision\n\nWe do.\n\n## Consequences\n\nIt is done.\n"
    )
}

fn adrs() -> Repository {
    Repository::with(&[
        ("docs/adr/0001-use-git.md", &adr(1, "Use Git")),
        ("docs/adr/0002-use-rust.md", &adr(2, "Use Rust")),
        ("docs/adr/README.md", "# Decisions\n"),
    ])
}

#[test]
fn a_page_has_the_layout_of_its_neighbours() {
    let repository = adrs();
    assert_eq!(
        new(&repository, &["decision", "Don't ship", "on Fridays"]),
        "docs/adr/0003-dont-ship-on-fridays.md\n"
    );
    let expected = "# 3. Don't ship on Fridays\n\nDate: 2026-11-20\n\n## Status\n\nProposed\n\n## Context\n\n## Decision\n\n## Consequences\n";
    assert_eq!(repository.read("docs/adr/0003-dont-ship-on-fridays.md"), expected);
    let checked = repository.check(&["--fail-on", "warning"]);
    assert_eq!((checked.code, &*checked.out), (Some(0), ""));
}

#[test]
fn a_page_has_the_table_of_its_neighbours() {
    let format = "title: Board\nkind: decision\nrecognise: [{ in: board/*.md, keys: [State] }]\nid: [file-number]\n\
        fields: { date: [Day] }\nstatus: { Under Discussion: proposed, Agreed: accepted }\n";
    let page = "# Open the park\n\n| Field | Value |\n|---|---|\n| State | Agreed |\n| Day | 04.05.2026 |\n| Votes | 7 |\n\n## Reasons\n\nSpace.\n";
    let repository = Repository::with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/formats/board.yaml", format),
        ("board/01-park.md", page),
    ]);
    assert_eq!(new(&repository, &["decision", "Close the port"]), "board/02-close-the-port.md\n");
    let expected = "# Close the port\n\n| Field | Value |\n|---|---|\n| State | Under Discussion |\n| Day | 20.11.2026 |\n| Votes |  |\n\n## Reasons\n";
    assert_eq!(repository.read("board/02-close-the-port.md"), expected);
}

const CHANGE: &str = "title: Change\ndescription: A change.\ntype: object\nx-plural: changes\nx-status: status\nx-live: [in-force]\n\
    properties:\n  status: { type: string, enum: [in-force, withdrawn], description: Whether it holds. }\n  \
    date: { type: string, format: date, description: When it was agreed. }\n  \
    replaces: { type: string, x-ref: change, description: The change that it replaces. }\nadditionalProperties: false\n";
const NOTICE: &str = "title: Notice\nkind: change\nrecognise: [{ in: \"changes/CN-*.md\", keys: [State] }]\n\
    id: [file]\npattern: { id: \"^(CN-[0-9]{4}-[0-9]{3})\" }\nfields: { status: [State], date: [Agreed on], owner: [Raised by] }\n\
    status: { in force: in-force, withdrawn: withdrawn }\nwrite: header\n";

fn notices(kind: &str, format: &str) -> Repository {
    Repository::folder_with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/kinds/change.yaml", kind),
        ("policy/formats/notice.yaml", format),
        (
            "changes/CN-2026-009.md",
            "# Laptops are encrypted\n\n**Raised by:** Ada Byron\n**Agreed on:** 2026-03-02\n**Replaces:** CN-2025-001\n\
             **State:** in force\n\n## Reason\n\nA laptop was lost.\n",
        ),
    ])
}

#[test]
fn a_page_of_an_own_kind_keeps_the_lines_to_fill_in() {
    let repository = notices(CHANGE, NOTICE);
    assert_eq!(new(&repository, &["change", "Watches"]), "changes/CN-2026-010.md\n");
    let page = "# Watches\n\n**Raised by:**\n**Agreed on:**\n**State:**\n\n## Reason\n";
    assert_eq!(repository.read("changes/CN-2026-010.md"), page);
}

#[test]
fn a_new_record_of_an_own_kind_has_the_status_of_a_draft() {
    let kind = CHANGE.replace("x-live", "x-draft: [withdrawn]\nx-live");
    let repository = notices(&kind, NOTICE);
    new(&repository, &["change", "Watches"]);
    assert!(repository.read("changes/CN-2026-010.md").contains("**State:** withdrawn\n"));
}

#[test]
fn a_status_without_a_word_in_the_format_is_left_to_the_author() {
    let format = NOTICE.replace("kind: change", "kind: decision");
    let format = format.replace("in force: in-force, withdrawn: withdrawn", "in force: accepted");
    let repository = notices(CHANGE, &format);
    let output = run(&repository, &["decision", "Watches"]);
    assert_eq!((&*output.out, &*output.err), ("changes/CN-2026-010.md\n", ""));
    let page = "# Watches\n\n**Raised by:**\n**Agreed on:** 2026-11-20\n**State:**\n\n## Reason\n";
    assert_eq!(repository.read("changes/CN-2026-010.md"), page);
}

#[test]
fn a_number_that_follows_the_year_is_the_next_of_this_year() {
    let page =
        |id: &str| format!("# {id} — Buy bicycles\n\n**Status:** Accepted\n\n## Context\n\nWe walk.\n");
    let format = "title: Board\nkind: decision\nrecognise: [{ in: \"board/*.md\" }]\nid: [title-number]\npattern: { id: \"^(AC-[0-9]{4}-[0-9]+)\" }\n";
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/formats/board.yaml", format),
        ("board/AC-2025-07-cars.md", &page("AC-2025-07")),
        ("board/AC-2026-01-trains.md", &page("AC-2026-01")),
    ]);
    assert_eq!(new(&repository, &["decision", "Buy", "shoes"]), "board/AC-2026-02-buy-shoes.md\n");
    assert_eq!(
        repository.read("board/AC-2026-02-buy-shoes.md").lines().next(),
        Some("# AC-2026-02 — Buy shoes")
    );
}

#[test]
fn what_a_kind_requires_is_there_to_fill_in() {
    let kind = "base: decision\nx-plural: purchases\nrequired: [cost]\nproperties:\n  cost: { type: string, format: amount }\n";
    let list = |item: &str| format!("purchases:\n  - {item}\n");
    for (item, new_item) in [
        ("{ id: P-1, title: Chairs }", "  - { id: P-2, title: Lamps, cost: '' }\n"),
        ("id: P-1\n    title: Chairs", "  - id: P-2\n    title: Lamps\n    cost:\n"),
    ] {
        let repository = Repository::with(&[
            ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
            ("policy/kinds/purchase.yaml", kind),
            ("governance/purchases.yaml", &list(item)),
        ]);
        new(&repository, &["purchase", "Lamps"]);
        assert_eq!(repository.read("governance/purchases.yaml"), list(item) + new_item);
    }
}

#[test]
fn the_first_rule_is_written_into_a_folder_that_has_no_files() {
    let config = "extends:\n  - recommended\n  - ./rules-of-ours\n";
    let repository =
        Repository::with(&[("alignlint.yaml", config), ("governance/decisions.yaml", "decisions: []\n")]);
    assert_eq!(new(&repository, &["rule", "pricing/kpi"]), "rules-of-ours/rules/pricing/kpi.yaml\n");
    assert_eq!(new(&repository, &["rule", "pricing/owner"]), "rules-of-ours/rules/pricing/owner.yaml\n");
}

#[test]
fn a_number_is_free_on_every_branch() {
    let origin = adrs();
    origin.git(&["checkout", "--quiet", "-b", "theirs"]);
    origin.write_file("docs/adr/0007-on-a-remote-branch.md", &adr(7, "On a remote branch"));
    origin.commit("2026-10-02");
    origin.git(&["checkout", "--quiet", "main"]);
    let repository = Repository::clone(&origin, &[]);
    let output = run(&repository, &["decision", "Ours"]);
    assert_eq!(output.out, "docs/adr/0008-ours.md\n");
    assert_eq!(output.err, "alignlint: taken on other branches: 7 on `origin/theirs`\n");
    repository.git(&["checkout", "--quiet", "-b", "mine"]);
    repository.commit("2026-10-03");
    repository.git(&["checkout", "--quiet", "main"]);
    assert_eq!(run(&repository, &["decision", "Next"]).out, "docs/adr/0009-next.md\n");
}

#[test]
fn an_identifier_of_a_list_is_free_on_every_branch() {
    let list = |ids: &[u32]| {
        let item = |id: &u32| {
            format!(
                "  - id: D-{id}\n    title: Decision {id}\n    status: accepted\n    date: 2026-01-02\n    owner: Ada Byron\n"
            )
        };
        format!("decisions:\n{}", ids.iter().map(item).collect::<String>())
    };
    let path = "governance/decisions.yaml";
    let repository = Repository::with(&[(path, &list(&[1, 2]))]);
    repository.git(&["checkout", "--quiet", "-b", "theirs"]);
    repository.write_file(path, &list(&[1, 2, 3]));
    repository.commit("2026-10-02");
    repository.git(&["checkout", "--quiet", "main"]);
    let output = run(&repository, &["decision", "Sell: partners"]);
    assert_eq!(output.out, "governance/decisions.yaml\n");
    assert_eq!(
        output.err,
        "alignlint: the new record begins at line 12\nalignlint: taken on other branches: 3 on `theirs`\n"
    );
    let added = "  - id: D-4\n    title: 'Sell: partners'\n    status: proposed\n    date: 2026-11-20\n    owner: Ada Byron\n";
    assert_eq!(repository.read(path), list(&[1, 2]) + added);
    let given = run(&repository, &["decision", "Sell directly", "--id", "D-3"]);
    assert!(given.err.contains("taken on another branch: 3 on `theirs`"), "{}", given.err);
}

#[test]
fn an_identifier_is_free_in_all_files_of_the_kind() {
    let repository = Repository::with(&[
        (
            "governance/decisions.yaml",
            "decisions:\n  - { id: D-1, title: Hire }\n  - { id: D-2, title: Fire }\n",
        ),
        ("governance/dec/D-3.md", "---\nkind: decision\nid: D-3\ntitle: Move\n---\n\nWe move.\n"),
    ]);
    new(&repository, &["decision", "Stay"]);
    assert!(repository.read("governance/decisions.yaml").ends_with("- { id: D-4, title: Stay }\n"));
}

#[test]
fn a_template_is_kept_and_filled_in() {
    let template = "---\nnav_order: 100\nstatus: \"{proposed | accepted}\"\ndate: {YYYY-MM-DD}\n---\n\n# {short title}\n\n## Context and Problem Statement\n\n{Describe it}\n\n## Considered Options\n\n* {option 1}\n";
    let madr = |number: u32, title: &str| {
        format!(
            "---\nnav_order: {number}\nstatus: accepted\ndate: 2026-01-0{number}\n---\n\n# {title}\n\n## Context and Problem Statement\n\nX\n\n## Considered Options\n\n* A\n* B\n\n## Decision Outcome\n\nA.\n"
        )
    };
    let repository = Repository::with(&[
        ("docs/decisions/0001-use-git.md", &madr(1, "Use Git")),
        ("docs/decisions/0002-use-rust.md", &madr(2, "Use Rust")),
        ("docs/decisions/adr-template.md", template),
    ]);
    new(&repository, &["decision", "Use CEL"]);
    let text = repository.read("docs/decisions/0003-use-cel.md");
    assert!(
        text.starts_with("---\nnav_order: 100\nstatus: \"proposed\"\ndate: 2026-11-20\n---\n\n# Use CEL\n"),
        "{text}"
    );
    repository.write_file(
        "docs/decisions/adr-template.md",
        &template.replace("date: {YYYY-MM-DD}", "date: \"{YYYY-MM-DD}\""),
    );
    new(&repository, &["decision", "Use YAML"]);
    let expected = "---\nnav_order: 100\nstatus: \"proposed\"\ndate: \"2026-11-20\"\n---\n\n# Use YAML\n\n## Context and Problem Statement\n\n{Describe it}\n\n## Considered Options\n\n* {option 1}\n";
    assert_eq!(repository.read("docs/decisions/0004-use-yaml.md"), expected);
}

/// The text of a file after `new kpi "Net churn"`, which replaces `…` in what is expected.
#[track_caller]
fn added(path: &str, before: &str, expected: &str) {
    let repository = Repository::with(&[(path, before)]);
    new(&repository, &["kpi", "Net churn"]);
    assert_eq!(repository.read(path), expected.replace('…', before.trim_end()), "{path}");
}

#[test]
fn an_item_has_the_layout_of_its_list() {
    let yaml = "# Ours.\nkpis:\n  - id: churn\n    title: Churn # all of it\n    unit: '%'\n    owner: Ada Byron\n\n  - id: margin\n    title: Margin\n    unit: '%'\n    owner: bo\n    # The end.\n";
    added(
        "governance/kpis.yaml",
        yaml,
        "…\n\n  - id: net-churn\n    title: Net churn\n    unit:\n    owner: Ada Byron\n",
    );
    let flow = "kpis:\n- { id: churn, title: Churn, unit: '%', owner: bo }\n- { id: margin, title: Margin, unit: '%', owner: bo }\n";
    added("governance/kpis.yaml", flow, "…\n- { id: net-churn, title: Net churn, owner: Ada Byron }\n");
    let keyed = "kpis:\n  churn:\n    title: Churn\n    owner: bo\n  margin:\n    title: Margin\n    owner: bo\nother: 1\n";
    let expected = keyed.replace("other: 1\n", "")
        + "  net-churn:\n    title: Net churn\n    owner: Ada Byron\nother: 1\n";
    added("governance/kpis.yaml", keyed, &expected);
    let json = "{\n  \"kpis\": [\n    {\n      \"id\": \"churn\",\n      \"title\": \"Churn\",\n      \"unit\": \"%\"\n    }\n  ]\n}\n";
    let expected = json.replace("    }\n  ]", "    },\n    {\n      \"id\": \"net-churn\",\n      \"title\": \"Net churn\",\n      \"unit\": \"\"\n    }\n  ]");
    added("governance/kpis.json", json, &expected);
    let toml = "[[kpis]]\nid = \"churn\"\ntitle = \"Churn\"\nowner = \"bo\"\n";
    added(
        "governance/kpis.toml",
        toml,
        "…\n\n[[kpis]]\nid = \"net-churn\"\ntitle = \"Net churn\"\nowner = \"Ada Byron\"\n",
    );
}

#[test]
fn names_are_spelt_like_the_others() {
    let page = |title: &str| {
        format!(
            "# {title}\n\n* Status: accepted\n* Date: 02.01.2026\n* Deciders: bo\n\n## Context and Problem Statement\n\nX\n\n## Decision Outcome\n\nY\n"
        )
    };
    let repository = Repository::with(&[
        ("adr/ADR-007_Use_Git.md", &page("ADR-007: Use Git")),
        ("adr/ADR-008_Use_Rust.md", &page("ADR-008: Use Rust")),
    ]);
    assert_eq!(new(&repository, &["decision", "Use CEL"]), "adr/ADR-009_Use_CEL.md\n");
    let expected = "# ADR-009: Use CEL\n\n* Status: proposed\n* Date: 20.11.2026\n* Deciders: Ada Byron\n\n## Context and Problem Statement\n\n## Decision Outcome\n";
    assert_eq!(repository.read("adr/ADR-009_Use_CEL.md"), expected);
    let dated = Repository::with(&[
        ("docs/adr/2026-01-02-use-git.md", &adr(1, "Use Git").replace("# 1. ", "# ")),
        ("docs/adr/2026-01-03-use-rust.md", &adr(2, "Use Rust").replace("# 2. ", "# ")),
    ]);
    if dated.run(&["records"]).out.contains("2026-01-03") {
        assert_eq!(new(&dated, &["decision", "Use CEL"]), "docs/adr/2026-11-20-use-cel.md\n");
    }
}

#[test]
fn a_proposal_in_a_folder_is_made_from_the_folder_of_the_template() {
    let kep = |number: &str, title: &str, status: &str, sig: &str| {
        format!(
            "title: {title}\nkep-number: {number}\nauthors:\n  - \"@jane\"\n  - \"@joe\"\nowning-sig: {sig}\nstatus: {status}\ncreation-date: 2026-01-02\nreviewers:\n  - TBD\napprovers:\n  - TBD\n"
        )
    };
    let repository = Repository::with(&[
        (
            "keps/NNNN-kep-template/kep.yaml",
            &kep("NNNN", "KEP Template", "provisional|implementable", "sig-xyz"),
        ),
        ("keps/NNNN-kep-template/README.md", "# KEP-NNNN: Your short, descriptive title\n\n## Summary\n"),
        ("keps/sig-node/12-fences/kep.yaml", &kep("12", "Fences", "implementable", "sig-node")),
        ("keps/sig-node/12-fences/README.md", "# KEP-12: Fences\n"),
        ("keps/sig-node/31-claim-templates/README.md", "# KEP-31: Claim templates\n"),
        (
            "keps/sig-node/31-claim-templates/kep.yaml",
            &kep("31", "Claim templates", "implementable", "sig-node"),
        ),
        ("keps/sig-storage/40-snapshots/kep.yaml", &kep("40", "Snapshots", "implementable", "sig-storage")),
    ]);
    let out = new(&repository, &["decision", "Pod hedges", "--in", "keps/sig-node"]);
    assert_eq!(out, "keps/sig-node/41-pod-hedges/kep.yaml\n");
    let expected = "title: Pod hedges\nkep-number: 41\nauthors:\n  - \"Ada Byron\"\nowning-sig: sig-node\nstatus: provisional\ncreation-date: 2026-11-20\nreviewers:\n  - TBD\napprovers:\n  - TBD\n";
    assert_eq!(repository.read("keps/sig-node/41-pod-hedges/kep.yaml"), expected);
    assert!(
        repository
            .read("keps/sig-node/41-pod-hedges/README.md")
            .starts_with("# KEP-41: Pod hedges\n\n## Summary")
    );
}

#[test]
fn the_first_record_is_the_way_to_the_first_finding() {
    let repository = Repository::empty();
    assert_eq!(new(&repository, &["decision", "Sell through partners"]), "governance/decisions.yaml\n");
    let expected = "# All fields: `alignlint explain decision`.\ndecisions:\n  - id: D-1\n    title: Sell through partners\n    status: proposed\n    date: 2026-11-20\n    owner: Ada Byron\n    context:\n    options:\n    consequences:\n";
    assert_eq!(repository.read("governance/decisions.yaml"), expected);
    let found = repository.check(&[]);
    let messages = [
        "`D-1` does not say what follows from it",
        "`D-1` does not say why it was proposed",
        "`D-1` records neither options nor trade-offs",
    ];
    assert_eq!(found.messages(), messages);
    assert_eq!(new(&repository, &["decision", "Sell in Norway"]), "governance/decisions.yaml\n");
}

#[test]
fn nothing_is_overwritten_and_no_link_followed() {
    let repository = adrs();
    let fault = run(&repository, &["decision", "Use Perl", "--id", "1"]).fault();
    assert!(fault.contains("the decision `0001` exists already"), "{fault}");
    assert!(fault.contains("docs/adr/0001-use-git.md:1"), "{fault}");
    repository.write(&[("docs/adr/0009-use-git.md", "Notes.\n")]);
    let fault = run(&repository, &["decision", "Use Git", "--id", "9"]).fault();
    assert_eq!(
        fault,
        "error: `docs/adr/0009-use-git.md` is there already and was left as it is help: give the record another title or `--id`"
    );
    assert_eq!(repository.read("docs/adr/0001-use-git.md"), adr(1, "Use Git"));
    let other = Repository::with(&[("governance/kpis.yaml", "kpis: []\n")]);
    assert!(run(&other, &["kpi", "Churn"]).fault().contains("put a first record under `kpis` there by hand"));
    #[cfg(unix)]
    {
        let outside = Repository::folder();
        let linked = Repository::empty();
        std::os::unix::fs::symlink(outside.path(), linked.join("governance")).expect("a link");
        assert!(run(&linked, &["kpi", "Churn"]).fault().contains("is a symbolic link"));
    }
}

#[test]
fn of_several_forms_in_one_folder_the_newest_is_taken() {
    let madr = "---\nstatus: accepted\ndate: 2026-03-03\n---\n\n# Use SQLite\n\n## Context and Problem Statement\n\nWe store.\n\n## Considered Options\n\n* SQLite\n* Files\n\n## Decision Outcome\n\nSQLite.\n";
    let repository = Repository::with(&[
        ("docs/adr/0001-use-git.md", &adr(1, "Use Git")),
        ("docs/adr/0002-use-sqlite.md", madr),
    ]);
    let output = run(&repository, &["decision", "Use Rust"]);
    assert_eq!(output.out, "docs/adr/0003-use-rust.md\n");
    let page = repository.read("docs/adr/0003-use-rust.md");
    assert!(page.contains("## Considered Options") && page.contains("date: 2026-11-20"), "{page}");
    repository.write(&[("docs/adr/0004-use-linux.md", &adr(4, "Use Linux"))]);
    let output = run(&repository, &["decision", "Use Make"]);
    assert!(repository.read("docs/adr/0005-use-make.md").contains("# 5. Use Make"), "{}", output.err);
    repository.write(&[(
        "docs/adr/template.md",
        "# Title\n\n## Status\n\nProposed\n\n## Context\n\n## Decision\n",
    )]);
    let output = run(&repository, &["decision", "Use Nix"]);
    assert_eq!((&*output.out, &*output.err), ("docs/adr/0006-use-nix.md\n", ""), "a template is the form");
}

#[test]
fn what_is_not_clear_is_asked_for() {
    let repository = Repository::with(&[
        ("a/adr/0001-use-git.md", &adr(1, "Use Git")),
        ("b/adr/0001-use-rust.md", &adr(1, "Use Rust")),
    ]);
    let fault = run(&repository, &["decision", "Ours"]).fault();
    assert_eq!(
        fault,
        "error: decisions are kept in 2 places, and none has most of them help: name one: `--in a/adr`, `--in b/adr`"
    );
    assert_eq!(new(&repository, &["decision", "Ours", "--in", "b/adr"]), "b/adr/0002-ours.md\n");
    repository.write(&[
        ("b/adr/web/0003-use-html.md", &adr(3, "Use HTML")),
        ("b/adr/web/0004-use-css.md", &adr(4, "Use CSS")),
    ]);
    repository.write(&[("b/adr/web/0005-use-svg.md", &adr(5, "Use SVG"))]);
    let above = new(&repository, &["decision", "Theirs", "--in", "b/adr"]);
    assert_eq!(above, "b/adr/0006-theirs.md\n", "a folder that is named counts before those below it");
    let inside = crate::kit::alignlint(&repository.join("a/adr"), &["new", "decision", "Mine"]);
    assert_eq!(inside.out, "0002-mine.md\n", "an editor can be started with it");
    assert!(run(&repository, &["desicion", "X"]).fault().contains("did you mean `decision`?"));
}

#[test]
fn the_draft_of_a_rule_says_what_is_to_be_filled_in() {
    let repository = Repository::with(&[
        ("alignlint.yaml", "extends: [recommended, ./house]\n"),
        (
            "house/kinds/risk.yaml",
            "title: Risk\ndescription: What may go wrong.\ntype: object\nx-plural: risks\nproperties: {}\n",
        ),
    ]);
    let out = new(&repository, &["rule", "pricing/names-an-owner", "--severity", "error"]);
    assert_eq!(out, "house/rules/pricing/names-an-owner.yaml\n");
    let tested = repository.run(&["test", "house"]);
    assert_eq!(tested.code, Some(1), "{}", tested.err);
    assert!(
        tested.out.contains("WHAT IS WRONG") && tested.out.ends_with("1 passed, 1 failed\n"),
        "{}",
        tested.out
    );
    let path = "house/rules/pricing/names-an-owner.yaml";
    let text = repository.read(path);
    repository.write_file(path, &text.replace("expect: has(record.title)", "expect: has(record.owner)"));
    assert_eq!(repository.run(&["test", "house"]).out, "2 passed, 0 failed\n");
    assert!(
        repository
            .run(&["rules"])
            .out
            .lines()
            .any(|line| line.starts_with("pricing/names-an-owner") && line.contains("error"))
    );
    for (name, why) in [
        ("pricing", "is not the name of a rule"),
        ("pricing/../../x", "is not the name of a rule"),
        ("decision/undated", "there is a rule `decision/undated` already"),
        ("pricing/names-an-owner", "there is a rule `pricing/names-an-owner` already"),
    ] {
        assert!(run(&repository, &["rule", name]).fault().contains(why), "{name}");
    }
    let without = Repository::empty();
    let output = run(&without, &["rule", "pricing/names-an-owner"]);
    assert_eq!(output.out, "policy/rules/pricing/names-an-owner.yaml\n");
    assert!(output.err.contains("add `./policy` to `extends`"), "{}", output.err);
}

#[test]
fn the_title_is_written_in_every_kind() {
    for kind in alignlint::kind::Kinds::load(&[]).expect("the embedded kinds have no faults").iter() {
        let repository = Repository::empty();
        let path = new(&repository, &[&kind.name, "Pipeline of deals"]);
        let written = repository.read(path.trim_end());
        assert!(written.contains(": Pipeline of deals\n"), "{written}");
        new(&repository, &[&kind.plural, "Second"]);
        let written = repository.read(path.trim_end());
        assert!(written.contains(": Second\n"), "{written}");
        let found = repository.check(&["--select", "ownership/unknown,reference/unknown"]);
        assert_eq!(found.out, "", "{written}");
    }
    let assumptions = "assumptions:\n  - id: A-1\n    statement: They stay.\n    owner: Ada Byron\n";
    let repository = Repository::with(&[("governance/assumptions.yaml", assumptions)]);
    new(&repository, &["hypothesis", "They pay."]);
    let expected = format!("{assumptions}  - id: A-2\n    statement: They pay.\n    owner: Ada Byron\n");
    assert_eq!(repository.read("governance/assumptions.yaml"), expected);
}

#[test]
fn an_owner_is_written_only_if_the_directory_knows_them() {
    let repository =
        Repository::with(&[("governance/teams.yaml", "teams:\n  - id: growth\n    title: Growth\n")]);
    let output = run(&repository, &["kpi", "Churn"]);
    assert!(
        output.err.contains("`Ada Byron`, who is at work according to Git, is not in the directory"),
        "{}",
        output.err
    );
    assert!(repository.read("governance/kpis.yaml").contains("    owner:\n"));
    repository.run_today(&["init", "--with", "forums"]);
    assert!(!repository.read("governance/forums.yaml").contains("Ada Byron"));
}

#[test]
fn a_term_is_a_row_of_the_glossary() {
    let glossary = "# Glossary\n\n| Term   | Definition     | Owner |\n|--------|----------------|-------|\n| churn  | Who leaves.    | bo    |\n| site   | A building.    | bo    |\n\nThe end.\n";
    let repository = Repository::with(&[("docs/glossary.md", glossary)]);
    assert_eq!(new(&repository, &["term", "Deal | won"]), "docs/glossary.md\n");
    let expected = glossary.replace("| site ", "| Deal \\| won |                |       |\n| site ");
    assert_eq!(repository.read("docs/glossary.md"), expected);
    let ragged = "Term | Means\n--|--\nsite | A building\nchurn | Who leaves";
    repository.write(&[("docs/glossary.md", ragged)]);
    new(&repository, &["term", "Pipeline"]);
    assert_eq!(repository.read("docs/glossary.md"), format!("{ragged}\nPipeline |\n"));
}

#[test]
fn a_value_in_place_of_a_record_is_added_by_hand() {
    let kind = "title: Alias\ndescription: A name for several people.\nx-plural: aliases\nx-value: members\nproperties:\n  \
        members: { type: array, items: { type: string } }\n";
    let repository = Repository::folder_with(&[
        (
            "alignlint.yaml",
            "extends: [recommended, ./policy]\nrecords: { alias: { files: OWNERS_ALIASES, as: yaml, at: /aliases } }\n",
        ),
        ("policy/kinds/alias.yaml", kind),
        ("OWNERS_ALIASES", "aliases:\n  site: [ada]\n  api: [bo, cy]\n"),
    ]);
    let fault = repository.run(&["new", "alias", "billing"]).fault();
    assert!(fault.contains("can't add a record to `OWNERS_ALIASES`: its records are values"), "{fault}");
    assert!(fault.contains("add it by hand: `billing: …`, where `…` is its `members`"), "{fault}");
}

#[test]
fn a_record_in_a_table_of_its_page_is_a_row() {
    let head = "# Roadmap\n\n## Now\n\n| ID | Item | Cost | Owner | Start | Status |\n|---|---|---|---|---|---|\n\
                | R-1 | Blue/green deployment | 1 | ada | 2026-10-12 | in progress |\n";
    let rest = "\n## Finished\n\n| ID | Item | Cost | Owner | Start | Status |\n|---|---|---|---|---|---|\n| R-2 | E-invoicing | 2 | ada | 2026-08-02 | done |\n";
    let path = "strategy/roadmap.md";
    let repository = Repository::with(&[
        (path, &format!("{head}{rest}")),
        ("governance/people.yaml", "people: [{ id: ada, title: Ada Byron, email: ada@example.org }]\n"),
    ]);
    assert_eq!(new(&repository, &["initiative", "Pay | go"]), "strategy/roadmap.md\n");
    let row = "| R-3 | Pay \\| go             |   | ada |            | planned     |\n";
    assert_eq!(repository.read(path), format!("{head}{row}{rest}"));
}

#[test]
fn the_roadmap_of_the_example_takes_a_row() {
    let path = "strategy/roadmap.md";
    let roadmap = crate::kit::project_file("examples/clean/strategy/roadmap.md");
    let repository = Repository::with(&[(path, &roadmap)]);
    assert_eq!(new(&repository, &["initiative", "Push messages", "--id", "push"]), "strategy/roadmap.md\n");
    let after = repository.read(path);
    let (above, below) = after.split_once("## Finished").expect("the other table");
    assert!(above.trim_end().lines().last().is_some_and(|row| row.starts_with("| push")), "{after}");
    assert!(!below.contains("Push messages"), "{after}");
}

const MINUTES: &str = "---\nkind: meeting\nid: M-1\n---\n\n# Leadership, 16 November 2026\n\nForum: Leadership\nDate: 2026-11-16\nPresent: Ada Byron, Bo Ek\n\n## Answers\n\n- Who may leave? Holm AS.\n\n## Actions\n\n- [x] Call Holm AS @ada due 2026-11-18\n";

#[test]
fn minutes_name_their_forum_its_questions_and_the_day_of_the_title() {
    let forums = "people: [{ id: ada, title: Ada Byron }, { id: bo, title: Bo Ek }]\nforums:\n  - { id: lead, title: Leadership, questions: [Who may leave?, What is blocked?] }\n  - { id: support, title: Support }\n";
    let repository = Repository::with(&[
        ("governance/forums.yaml", forums),
        ("governance/minutes/2026-11-16-leadership.md", MINUTES),
    ]);
    let path = "governance/minutes/2026-11-24-leadership.md";
    assert_eq!(new(&repository, &["meeting", "Leadership, 24 November 2026"]), format!("{path}\n"));
    assert_eq!(
        repository.read(path),
        "---\nkind: meeting\nid: M-2\n---\n\n# Leadership, 24 November 2026\n\nForum: Leadership\nDate: 2026-11-24\nPresent:\n\n## Answers\n\n### Who may leave?\n\n### What is blocked?\n\n## Actions\n"
    );
    let path = new(&repository, &["meeting", "Support"]);
    assert_eq!(path, "governance/minutes/2026-11-20-support.md\n");
    let written = repository.read(path.trim_end());
    assert!(
        written.contains("\nForum: support\nDate: 2026-11-20\nPresent:\n\n## Answers\n\n## Actions\n"),
        "{written}"
    );
}

#[test]
fn the_first_record_of_a_folder_is_a_page() {
    let repository = Repository::with(&[("README.md", "# Us\n")]);
    std::fs::create_dir_all(repository.join("governance/decisions")).expect("a folder");
    let written = new(&repository, &["decision", "--in", "governance/decisions", "Sell direct"]);
    assert_eq!(written, "governance/decisions/0001-sell-direct.md\n");
    let page = repository.read("governance/decisions/0001-sell-direct.md");
    let begin =
        "---\nkind: decision\nid: D-1\n---\n\n# Sell direct\n\n- Status: proposed\n- Date: 2026-11-20\n";
    assert!(page.starts_with(begin) && page.contains("\n\n## Context\n"), "{page}");
    assert_eq!(new(&repository, &["decision", "Sell more"]), "governance/decisions/0002-sell-more.md\n");
}

#[test]
fn an_objective_has_the_level_and_the_period_of_its_neighbours() {
    let page = |number: u32| {
        format!(
            "# Goal {number}\n\n**Owner:** Ada\n**Level:** company\n**Period:** 2026-Q4\n**Supports:** O-1\n\n- Churn from 4% to 2%\n"
        )
    };
    let repository = Repository::with(&[
        ("strategy/objectives/one.md", &page(1)),
        ("strategy/objectives/two.md", &page(2)),
    ]);
    assert_eq!(new(&repository, &["objective", "Win the north"]), "strategy/objectives/win-the-north.md\n");
    let written = repository.read("strategy/objectives/win-the-north.md");
    assert!(written.contains("**Level:** company\n**Period:** 2026-Q4\n"), "{written}");
}

#[test]
fn a_list_of_a_page_that_is_no_table_is_left_to_the_author() {
    let glossary = "# Words\n\n**Pool** – all pieces.\n\n**Gate** – a reader.\n";
    let repository = Repository::with(&[("governance/glossary.md", glossary)]);
    let output = run(&repository, &["term", "Cage"]);
    assert_eq!(
        output.err,
        "error: can't add a record to `governance/glossary.md`: its terms are not rows of\n  a table\n  help: add it by hand, like `Gate`\n"
    );
}

/// The belief is what an assumption says, and a table of them may have no other title.
#[test]
fn a_row_of_a_table_of_assumptions_holds_the_belief() {
    let table = "# Assumptions\n\n| ID | Assumption | Status |\n|---|---|---|\n| A1 | Shops ride in winter | open |\n| A2 | Rent beats sale | open |\n";
    let repository = Repository::with(&[("governance/assumptions.md", table)]);
    assert_eq!(new(&repository, &["assumption", "Bikes rust"]), "governance/assumptions.md\n");
    let added = repository.read("governance/assumptions.md").replace(table, "");
    assert_eq!(added, "| A3 | Bikes rust      | open |\n");
}

#[test]
fn an_id_with_a_year_and_a_number_is_the_next_one_of_the_year_or_the_one_that_is_asked_for() {
    let format = "title: Motion\nkind: decision\nrecognise: [{ in: motions/*.md }]\nid: [title-number]\n\
        pattern: { id: \"^Motion (M-[0-9]{4}-[0-9]{2})\" }\n";
    let repository = Repository::with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/formats/motion.yaml", format),
        ("motions/M-2026-01-sunday.md", "# Motion M-2026-01: Sunday hours\n\n## Grounds\n\nFamilies.\n"),
    ]);
    for (arguments, path, heading) in [
        (vec!["A van"], "motions/M-2026-02-a-van.md", "# Motion M-2026-02: A van\n"),
        (vec!["A bus", "--id", "M-2026-07"], "motions/M-2026-07-a-bus.md", "# Motion M-2026-07: A bus\n"),
        (vec!["A bike", "--id", "M-2025-09"], "motions/M-2025-09-a-bike.md", "# Motion M-2025-09: A bike\n"),
    ] {
        assert_eq!(new(&repository, &[&["decision"], &*arguments].concat()), format!("{path}\n"));
        let text = repository.read(path);
        assert!(text.starts_with(heading), "{text}");
    }
    let fault = run(&repository, &["decision", "A car", "--id", "cars"]).fault();
    assert!(fault.contains("`cars` is no id like the others"), "{fault}");
}

#[test]
fn who_writes_down_a_team_does_not_lead_it() {
    let repository = Repository::with(&[
        ("governance/people.yaml", "people: [{ id: ada, title: Ada Byron, email: ada@example.org }]\n"),
        ("governance/teams.yaml", "teams:\n  - id: sales\n    title: Sales\n    lead: ada\n"),
    ]);
    new(&repository, &["team", "Support"]);
    let teams = repository.read("governance/teams.yaml");
    assert!(teams.contains("title: Support") && teams.matches("ada").count() == 1, "{teams}");
}

#[test]
fn a_form_that_the_last_pages_do_not_have_is_given_up() {
    let nygard = |number: u8| {
        let page = format!(
            "# {number}. Use part {number}\n\nDate: 2025-03-0{number}\n\n## Status\n\nAccepted\n\n## Context\n\nWe need it.\n\n\
             ## Decision\n\nWe use it.\n\n## Consequences\n\nIt costs.\n"
        );
        (format!("docs/adr/000{number}-part-{number}.md"), page)
    };
    let madr = |number: u8| {
        let page = format!(
            "---\nstatus: accepted\ndate: 2026-04-0{number}\n---\n\n# Use part {number}\n\n## Context and Problem Statement\n\nWhich?\n\n\
             ## Considered Options\n\n* This\n* That\n\n## Decision Outcome\n\nChosen option: \"This\", because it is near.\n"
        );
        (format!("docs/adr/000{number}-part-{number}.md"), page)
    };
    let written = |forms: [bool; 7]| {
        let pages =
            (1..).zip(forms).map(|(number, is_madr)| if is_madr { madr(number) } else { nygard(number) });
        let pages: Vec<(String, String)> = pages.collect();
        let pages: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (&**path, &**text)).collect();
        let repository = Repository::folder_with(&pages);
        repository.run(&["new", "decision", "Ship logs"]);
        repository.read("docs/adr/0008-ship-logs.md")
    };
    assert!(written([false, false, false, false, true, true, true]).contains("## Considered Options"));
    assert!(written([false, false, false, true, true, true, false]).contains("# 8. Ship logs"));
}

#[test]
fn a_goal_on_a_page_of_goals_is_one_more_section() {
    let page = "# Goals\n\nPeriod: 2026-Q4\n\n## O-1: Labs stay\n\nOwner: Ada Byron\nLevel: company\n\n\
         | Key result | KPI | From | To |\n|---|---|---|---|\n| Labs renew | renewal | 88% | 92% |\n\n\
         ## O-2: Nobody waits\n\nOwner: Ada Byron\n\n| Key result | KPI | From | To |\n|---|---|---|---|\n| Answers | answer | 9 h | 4 h |\n\n# Notes\n\nNone.\n";
    let repository = Repository::folder_with(&[("strategy/objectives.md", page)]);
    let output = repository.run(&["new", "objective", "Each renewal is agreed early"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    let written = repository.read("strategy/objectives.md");
    let (before, after) = written.split_once("## O-3: Each renewal is agreed early\n").expect("a section");
    assert!(before.ends_with("| Answers | answer | 9 h | 4 h |\n\n"), "{written}");
    assert!(
        after.ends_with("| Key result | KPI | From | To |\n|---|---|---|---|\n\n# Notes\n\nNone.\n"),
        "{written}"
    );
}

#[test]
fn a_record_without_a_title_is_told_what_it_is_called() {
    let repository = adrs();
    let output = run(&repository, &["decision"]);
    assert_eq!(output.out, "docs/adr/0003-untitled-decision.md\n");
    assert_eq!(output.err, "alignlint: without a title, it is called `Untitled decision`\n");
}

#[test]
fn an_item_with_an_identifier_waits_for_its_title() {
    let repository = Repository::with(&[]);
    let output = run(&repository, &["exception"]);
    assert!(output.err.contains("alignlint: fill in what the exception is called\n"), "{}", output.err);
    let expected = "# All fields: `alignlint explain exception`.\nexceptions:\n  - id: X-1\n    rule:\n";
    assert!(repository.read("governance/exceptions.yaml").starts_with(expected));
    let list = "kpis:\n  - id: churn\n    title: Churn\n    unit: \"%\"\n";
    let repository = Repository::folder_with(&[("governance/kpis.yaml", list)]);
    run(&repository, &["kpi"]);
    let written = format!("{list}  - id: untitled-kpi\n    title:\n    unit:\n");
    assert_eq!(repository.read("governance/kpis.yaml"), written);
}

#[test]
fn who_writes_a_record_down_is_its_owner_and_nothing_more() {
    let people = ("governance/people.yaml", "people: [{ id: ada, title: Ada Byron }]\n");
    let written = |path: &str, list: &str, kind: &str| {
        let repository = Repository::with(&[people, (path, list)]);
        run(&repository, &[kind, "Renewal"]);
        repository.read(path)
    };
    let handoffs = "handoffs:\n  - id: contract\n    title: Contract\n    from-owner: bo\n";
    let expected = format!("{handoffs}  - id: renewal\n    title: Renewal\n    from-owner:\n");
    assert_eq!(written("governance/handoffs.yaml", handoffs, "handoff"), expected);
    let forums = "forums:\n  - id: board\n    title: Board\n    chair: bo\n";
    let expected = format!("{forums}  - id: renewal\n    title: Renewal\n    chair:\n");
    assert_eq!(written("governance/forums.yaml", forums, "forum"), expected);
    let owned = forums.replace("chair", "owner");
    let expected = format!("{owned}  - id: renewal\n    title: Renewal\n    owner: ada\n");
    assert_eq!(written("governance/forums.yaml", &owned, "forum"), expected);
}

#[test]
fn a_new_page_with_front_matter_begins_at_its_first_line() {
    let madr = "---\nstatus: accepted\n---\n\n# Use Git\n\n## Context and Problem Statement\n\nHow?\n\n## Considered Options\n\n* Git\n";
    let repository = Repository::with(&[("docs/adr/0001-use-git.md", madr)]);
    assert_eq!(run(&repository, &["decision", "Use Rust"]).err, "");
}

const MADR: &str = "---\nstatus: accepted\ndate: 2026-02-05\ndecision-makers: [Ada Byron]\nconsulted: [Max Lang]\ninformed: [Lena Fischer]\n---\n\n\
    # 2. Use Kafka\n\n## Context and Problem Statement\n\nWhich?\n\n## Considered Options\n\n* Kafka\n* Do nothing\n\n\
    ## Decision Outcome\n\nChosen option: \"Kafka\", because of replay.\n\n### Consequences\n\n* Bad, because it costs money\n\n\
    ### Confirmation\n\nThe bill.\n\n## Pros and Cons of the Options\n\n### Do nothing\n\n* Good, because it is free\n";

#[test]
fn a_page_has_the_parts_of_the_only_one_of_its_form() {
    let repository = Repository::with(&[
        ("docs/adr/0001-use-git.md", &adr(1, "Use Git")),
        ("docs/adr/0002-use-kafka.md", MADR),
    ]);
    assert_eq!(new(&repository, &["decision", "Use Go"]), "docs/adr/0003-use-go.md\n");
    let written = repository.read("docs/adr/0003-use-go.md");
    assert!(
        written.ends_with(
            "## Decision Outcome\n\n### Consequences\n\n### Confirmation\n\n## Pros and Cons of the Options\n"
        ),
        "{written}"
    );
}

#[test]
fn an_option_that_all_pages_weigh_is_no_part_of_the_form() {
    let pages = ["1", "2", "3"].map(|number| MADR.replace("2. Use", &format!("{number}. Use")));
    let repository = Repository::with(&[
        ("docs/adr/0001-a.md", &pages[0]),
        ("docs/adr/0002-b.md", &pages[1]),
        ("docs/adr/0003-c.md", &pages[2]),
    ]);
    new(&repository, &["decision", "Use Go"]);
    let written = repository.read("docs/adr/0004-use-go.md");
    assert!(written.contains("### Confirmation") && !written.contains("Do nothing"), "{written}");
    assert!(written.contains("\nconsulted: []\ninformed: []\n---\n"), "{written}");
}

#[test]
fn a_page_that_would_not_be_recognised_is_not_written() {
    let repository = notices(CHANGE, &NOTICE.replace("keys: [State]", "keys: [State, Replaces]"));
    let fault = run(&repository, &["change", "Watches"]).fault();
    assert!(fault.contains("the new change is not recognised"), "{fault}");
}

#[test]
fn a_new_section_has_the_lines_of_the_last_one_in_their_form() {
    for (owner, team) in [
        ("- **Owner:** Ada Byron", "- **Team:**"),
        ("* Owner: Ada Byron", "* Team:"),
        ("**Owner**: Ada Byron", "**Team**:"),
    ] {
        let section = |id: u8, title: &str| {
            format!(
                "## G-{id}: {title}\n\n{owner}\n{team} care\n\n| Key result | Metric | From | Target |\n|---|---|---|---|\n| A | b | 1% | 2% |\n"
            )
        };
        let page = format!("# Goals\n\nPeriod: 2026-Q4\n\n{}\n{}", section(1, "Stay"), section(2, "Pay"));
        let repository = Repository::folder_with(&[("strategy/goals/q4.md", &page)]);
        repository.run(&["new", "objective", "Train"]);
        let written = repository.read("strategy/goals/q4.md");
        let new = written.split_once("## G-3: Train\n\n").map(|(_, new)| new).unwrap_or_default();
        let lines: Vec<&str> = new.lines().take(4).collect();
        let name = owner.trim_end_matches(" Ada Byron");
        assert!(
            lines[0].starts_with(name) && lines[1..3] == [team, ""] && lines[3].starts_with("| Key"),
            "{written}"
        );
    }
}

#[test]
fn a_period_in_a_title_is_no_number() {
    let page = |title: &str| format!("# {title}\n\n## Status\n\nAccepted\n\n## Decision\n\nWe do.\n");
    let repository = Repository::with(&[
        ("docs/decisions/use-a.md", &page("Use A")),
        ("docs/decisions/use-b.md", &page("Use B")),
    ]);
    for (title, path) in [
        ("2027-Q1 budget", "2027-q1-budget"),
        ("2027-Q2 budget", "2027-q2-budget"),
        ("Q1 2027", "q1-2027"),
        ("Budget 2027", "budget-2027"),
        ("Plan 2027", "plan-2027"),
    ] {
        assert_eq!(new(&repository, &["decision", title]), format!("docs/decisions/{path}.md\n"));
        assert!(repository.read(&format!("docs/decisions/{path}.md")).starts_with(&format!("# {title}\n")));
    }
    let records = repository.run(&["records", "--format", "json"]).json();
    let name = |record: &serde_json::Value| format!("{} {}", record["id"], record["title"]);
    let mut names: Vec<String> = records["records"].as_array().expect("a list").iter().map(name).collect();
    names.sort();
    let expected = [
        r#""2027-q1-budget" "2027-Q1 budget""#,
        r#""2027-q2-budget" "2027-Q2 budget""#,
        r#""budget-2027" "Budget 2027""#,
        r#""plan-2027" "Plan 2027""#,
        r#""q1-2027" "Q1 2027""#,
        r#""use-a" "Use A""#,
        r#""use-b" "Use B""#,
    ];
    assert_eq!(names, expected);
    assert_eq!(repository.check(&["--select", "reference/duplicate-id"]).messages(), [""; 0]);
}
