//! People whom a repository lists, such as its maintainers: some of those that there are, and not all.

use crate::kit::Repository;
use crate::session_pages::records;

const MAINTAINERS: (&str, &str) = (
    "MAINTAINERS.md",
    "# Maintainers\n\n| Name | GitHub Id | Area of expertise |\n|---|---|---|\n| Ada Byron | @ada | Presses |\n| Bo van der Ek | [bo](https://github.com/bo) | Mills |\n\n\
     ## Emeritus maintainers\n\n| Name | GitHub Id |\n|---|---|\n| Cy Roe | cyroe |\n\n## How to become one\n\n| Step | Who |\n|---|---|\n| Ask | Anybody |\n",
);

/// Of each record its kind, path, identifier, title, address and job title.
fn read(files: &[(&str, &str)]) -> Vec<String> {
    let shown = |record: &serde_json::Value| {
        let field = |name: &str| record["fields"][name].as_str().unwrap_or("-").to_owned();
        let (kind, path, id) = (&record["kind"], &record["path"], &record["id"]);
        let title = record["title"].as_str().unwrap_or("-");
        format!("{kind} {path} | {id} | {title} | {} | {}", field("email"), field("job-title"))
            .replace('"', "")
    };
    records(files).iter().map(shown).collect()
}

#[test]
fn a_table_of_maintainers_holds_people() {
    assert_eq!(
        read(&[MAINTAINERS]),
        [
            "person MAINTAINERS.md | ada | Ada Byron | - | -",
            "person MAINTAINERS.md | bo | Bo van der Ek | - | -",
            "person MAINTAINERS.md | cyroe | Cy Roe | - | Emeritus maintainers",
        ]
    );
}

#[test]
fn items_lines_and_headings_with_an_account_are_people() {
    let files = [
        (
            "COMMITTERS.md",
            "# Committers\n\n- Ada Byron (@ada), Acme\n* [Bo Ek](https://github.com/bo)\n- **Cy Roe** <cy@example.org>\n- @dee\n- Reviewers: @ada, @bo\n- Security Team <security@example.org>\n\
             - Code of Conduct (conduct@example.org)\n- Ask @eve before you merge\n\n## Retired\n\n1. Gil Hay (@gil)\n",
        ),
        ("AUTHORS.rst", "Authors\n=======\n\nFay Ito <fay@example.org>\n"),
        (
            "docs/EMERITUS.md",
            "# Emeritus\n\n## Hal Jay [@hal](https://github.com/hal)\n\nHal wrote the parser.\n",
        ),
    ];
    assert_eq!(
        read(&files),
        [
            "person AUTHORS.rst | Fay Ito | Fay Ito | fay@example.org | -",
            "person COMMITTERS.md | ada | Ada Byron | - | -",
            "person COMMITTERS.md | bo | Bo Ek | - | -",
            "person COMMITTERS.md | Cy Roe | Cy Roe | cy@example.org | -",
            "person COMMITTERS.md | dee | - | - | -",
            "person COMMITTERS.md | gil | Gil Hay | - | Retired",
            "person docs/EMERITUS.md | hal | Hal Jay | - | Emeritus",
        ]
    );
}

#[test]
fn data_and_pages_of_sites_hold_people() {
    let files = [
        (
            "_data/people.yml",
            "- { name: Ada Byron, role: Editor, email: ada@example.org }\n- { name: Bo Ek, role: Printer, github: bo }\n",
        ),
        // Companies, and words without a person.
        ("_data/members.yml", "- { name: Acme, image: a.png }\n- { name: Mill Ltd, image: b.png }\n"),
        ("_people/cy.md", "---\nname: Cy Roe\nposition: Miller\n---\nCy mills.\n"),
        ("content/authors/dee/_index.md", "---\ntitle: Dee Low\nrole: Binder\nuser_groups: [Staff]\n---\n"),
        ("content/authors/_index.md", "---\ntitle: Authors\n---\n"),
        (
            "_people/notes.md",
            "---\ntitle: Our spring party\ndate: 2026-01-02\nauthor: Ada\n---\nWe danced.\n",
        ),
    ];
    assert_eq!(
        read(&files),
        [
            "person _data/people.yml | Ada Byron | Ada Byron | ada@example.org | Editor",
            "person _data/people.yml | bo | Bo Ek | - | Printer",
            "person _people/cy.md | Cy Roe | Cy Roe | - | Miller",
            "person content/authors/dee/_index.md | Dee Low | Dee Low | - | Binder",
        ]
    );
}

#[test]
fn guides_templates_and_other_pages_list_nobody() {
    let people = MAINTAINERS.1;
    let files = [
        ("MAINTAINERS.md", "# Maintainer guide\n\n- Ada Byron (@ada)\n"),
        (
            "OWNERS.md",
            "# Owners\n\n- Merge with `@bot`\n- [Guide](https://github.com/acme/press/blob/main/guide.md)\n",
        ),
        ("templates/MAINTAINERS.md", people),
        (".github/ISSUE_TEMPLATE/maintainers.md", people),
        ("docs/api/owners.md", people),
        ("tests/MAINTAINERS.md", people),
        ("prompts/team.md", people),
        ("CHANGELOG.md", "# Changelog\n\n- Ada Byron (@ada)\n"),
        ("docs/add-maintainers-guide.md", people),
        ("_data/authors.yml", "default: { name: Team }\n"),
    ];
    assert_eq!(read(&files), [""; 0]);
}

const DECISIONS: (&str, &str) = (
    "governance/decisions.yaml",
    "decisions:\n  - { id: D-1, title: Sell abroad, status: accepted, owner: Ada Byron, decision-makers: [ada], consulted: [eve], domain: trade, changes: [share], strategic: true, date: 2026-11-01 }\n  \
     - { id: D-2, title: Buy a mill, status: accepted, owner: Eve Fox, informed: ['@bo'], date: 2026-11-01 }\n  - { id: D-3, title: Hire, status: accepted, owner: Cy Roe, date: 2026-11-01 }\n\
     decision-rights: [{ id: trade, title: Trade, owner: Bo van der Ek, consulted: [Fay Ito], agree: [cyroe], escalates-to: ada }]\nkpis: [{ id: share, title: Share, owner: bo }]\n\
     exceptions: [{ id: E-1, owner: ada, approved-by: bo, rule: decision/no-review, reason: Late, expires: 2026-12-31 }]\n",
);

#[test]
fn a_list_of_some_people_makes_nobody_unknown_and_adds_no_finding() {
    let site =
        ("_data/people.yml", "- { name: Ada Byron, role: Editor }\n- { name: Eve Roe, role: Printer }\n");
    let check = |files: &[(&str, &str)]| {
        let settings = ("alignlint.yaml", "extends: [strict]\n");
        let repository = Repository::folder_with(&[files, &[DECISIONS, settings]].concat());
        repository.check(&["-v"]).out
    };
    let findings = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.contains('[')).map(str::to_owned).collect()
    };
    let without = findings(&check(&[]));
    assert_eq!(findings(&check(&[MAINTAINERS])), without);
    assert_eq!(findings(&check(&[MAINTAINERS, site])), without);
}

#[test]
fn one_in_the_directory_and_in_a_list_is_one_person() {
    let directory = |left: &str| {
        format!("people:\n  - {{ id: byron, title: Ada Byron{left} }}\n  - {{ id: jo, title: Jo Kay }}\n")
    };
    let check = |owner: &str, left: &str| {
        let decision =
            format!("decisions: [{{ id: D-1, title: Sell, status: accepted, owner: '{owner}' }}]\n");
        let repository = Repository::folder_with(&[
            MAINTAINERS,
            ("governance/people.yaml", &directory(left)),
            ("governance/decisions.yaml", &decision),
        ]);
        repository
            .check(&["--select", "ownership/*,directory/*,reference/*", "--ignore", "ownership/missing"])
            .out
    };
    let left = ", active-until: 2026-01-31";
    assert_eq!(
        check("@ada", left),
        "governance/decisions.yaml:1:62: error[ownership/departed] `D-1` is owned by `@ada`, who left on 2026-01-31\n"
    );
    assert_eq!(check("@ada", ""), "");
    assert_eq!(check("Cy Roe", left), "", "whoever is listed is known");
    assert_eq!(
        check("Eve Fox", left),
        "governance/decisions.yaml:1:62: error[ownership/unknown] the owner `Eve Fox` of `D-1` is not a known person, role or team\n"
    );
}

#[test]
fn one_in_several_lists_is_one_person() {
    let again = ("COMMITTERS.md", "# Committers\n\n- Ada Byron (@ada)\n- Ada Byron (@ada)\n");
    let repository =
        Repository::folder_with(&[MAINTAINERS, again, DECISIONS, ("alignlint.yaml", "extends: [strict]\n")]);
    let found = repository.check(&[]).out;
    assert!(!found.contains("reference/ambiguous") && !found.contains("MAINTAINERS.md"), "{found}");
    assert!(!found.contains("COMMITTERS.md"), "{found}");
    let due = repository.run(&["due", "--for", "@ada", "--as-of", "2026-11-20"]);
    assert_eq!(due.code, Some(0), "{due:?}");
}

#[test]
fn a_format_of_the_users_own_may_be_partial() {
    let profile = "kind: person\nname: roster\ntitle: Roster\npartial: true\nrows: true\nrecognise:\n  all: [{ path: roster.md }, { columns: [Guest, Mail] }]\n\
                   fields: { id: [{ cell: Guest }], title: [{ cell: Guest }], email: [{ cell: Mail }] }\nlacks: [team, active-until]\n";
    let roster = "# Roster\n\n| Guest | Mail |\n|---|---|\n| Ada Byron | ada@example.org |\n";
    let check = |profile: &str| {
        let repository = Repository::folder_with(&[
            ("policy/profiles/roster.yaml", profile),
            ("roster.md", roster),
            ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
            (
                "governance/decisions.yaml",
                "decisions: [{ id: D-1, title: Sell, status: accepted, owner: Eve Fox }]\n",
            ),
        ]);
        repository.check(&["--select", "ownership/unknown"]).out
    };
    assert_eq!(check(profile), "");
    assert!(check(&profile.replace("partial: true\n", "")).contains("ownership/unknown"));
}

#[test]
fn long_lists_take_no_long_time() {
    let items = format!("# Maintainers\n\n{}\n{}", "- A B (@a) ".repeat(200_000), "- [*_@".repeat(200_000));
    let lines = format!("# Maintainers\n{}", "\n# A\n- [A".repeat(50_000));
    let start = std::time::Instant::now();
    assert_eq!(read(&[("MAINTAINERS.md", &items), ("docs/OWNERS.md", &lines)]), [""; 0]);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn a_word_before_an_action_is_a_label_where_others_were_there() {
    let page = "# Weekly\n\nDate: 2026-01-05\n\nAttendees: Ada, Bo\n\n## Action items\n\n- [ ] **Research:** compare the presses\n- [ ] Ada: call the mill\n- [ ] **Bo:** order paper\n";
    let found = records(&[("minutes/2026-01-05.md", page)]);
    let actions = found[0]["fields"]["actions"].as_array().cloned().unwrap_or_default();
    let owners: Vec<String> = actions.iter().map(|it| it["owner"].to_string()).collect();
    assert_eq!(owners, ["null", "\"Ada\"", "\"Bo\""]);
}
