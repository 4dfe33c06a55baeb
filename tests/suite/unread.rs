//! Pages that should be records and are not read: told once for each folder and reason, and by "nothing to check".

use crate::kit::Repository;

const READ: &str = "# Limits\n\n## Status\n\nAccepted\n\n## Context\n\nC.\n\n## Decision\n\nD.\n";
const NO_STATUS: &str = "# Sizes\n\n## Decision\n\nD.\n";
const DECISIONS: (&str, &str) = (
    "governance/decisions.yaml",
    "decisions:\n  - {id: D-1, title: T, status: proposed, date: 2026-10-01, owner: ada, options: [{title: A, rejected: no}]}\n",
);
const RULE: &str = "document/unrecognised";

/// The places and messages of what is not read, with the files and a decision elsewhere.
fn unread(files: &[(&str, &str)]) -> Vec<String> {
    let repository = Repository::folder_with(files);
    repository.write(&[DECISIONS]);
    found(&repository, &[])
}

fn found(repository: &Repository, arguments: &[&str]) -> Vec<String> {
    let output = repository.check(&[&["--select", RULE], arguments].concat());
    assert_ne!(output.code, Some(2), "{}", output.err);
    output.out.lines().map(|line| line.replace(": note[document/unrecognised]", "")).collect()
}

#[test]
fn pages_among_records_are_told_once_with_their_count_and_reason() {
    let files = [
        ("design/adr/a.md", NO_STATUS),
        ("design/adr/b.md", NO_STATUS),
        ("design/adr/0003-c.md", READ),
        ("design/adr/0004-d.org", "= D\n"),
        ("design/adr/README.md", "# Decisions\n"),
        ("design/adr/template.md", "# Title\n"),
        ("design/adr/images/flow.png", "\0"),
    ];
    assert_eq!(
        unread(&files),
        [
            "design/adr/0004-d.org:1:1 this page in `design/adr/` is not read as a record: the format `.org` is not read",
            "design/adr/a.md:1:3 2 of 4 pages in `design/adr/` are not read as records: no section `Status` (`nygard`)",
        ]
    );
}

#[test]
fn what_a_format_skips_is_left_out_where_its_own_records_lie() {
    let profile = (
        "policy/profiles/brief.yaml",
        "title: Brief\nkind: decision\nrecognise: { all: [{ path: \"briefs/**/*.md\" }, { key: brief }] }\n\
         skip: [\"**/drafts/**\"]\nfields:\n  id: [{ file: \"^(.+)$\" }]\n  title: [{ title: \"^(.+)$\" }]\n",
    );
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        profile,
        ("briefs/decisions/drafts/a.md", "# Sizes\n\n## Motivation\n\nM.\n\n## Alternatives\n\nA.\n"),
        ("docs/decisions/drafts/b.md", "# Loads\n\n## Motivation\n\nM.\n\n## Alternatives\n\nA.\n"),
    ]);
    let listed = repository.run(&["records"]).out;
    assert!(listed.contains("docs/decisions/drafts/b.md"), "{listed}");
    assert!(!listed.contains("briefs/"), "{listed}");
}

#[test]
fn a_page_comes_near_no_format_whose_records_lie_elsewhere() {
    let path = "enhancements/proposed/20200921-network/network.md";
    let repository = Repository::folder_with(&[(path, "# Static addresses\n\n## Prototype\n\nP.\n")]);
    let told = repository.run(&["explain", path]).out;
    assert!(
        told.contains("Not read as a record: no status, no date and no section of a known format"),
        "{told}"
    );
    assert!(!told.contains("`various-minutes`") && !told.contains("`post-mortem`"), "{told}");
}

#[test]
fn a_page_that_states_its_status_in_a_line_lacks_another_section() {
    let lines =
        "# Sizes\n\n- **Status**: draft\n- **Proposed**: 2026-05-17\n\n## Context\n\nC.\n\n## Types\n\nT.\n";
    let files = [
        ("docs/arch/0001-limits.md", READ),
        ("docs/arch/0002-sizes.md", lines),
        ("docs/arch/0003-loads.md", READ),
    ];
    assert_eq!(
        unread(&files),
        [
            "docs/arch/0002-sizes.md:1:3 this page in `docs/arch/` is not read as a record: no section `Decision` or section `Decisions` (`nygard`)"
        ]
    );
}

#[test]
fn a_numbered_page_among_numbered_records_is_expected_to_be_one_in_any_folder() {
    let records = [("docs/arch/0001-a.md", READ), ("docs/arch/0002-b.md", READ)];
    let stray = [("docs/arch/0003-c.md", "# Notes\n\nNothing.\n"), ("docs/arch/overview.md", "# Overview\n")];
    assert_eq!(
        unread(&[records, stray].concat()),
        [
            "docs/arch/0003-c.md:1:3 this page in `docs/arch/` is not read as a record: no section `Status` (`nygard`)"
        ]
    );
    assert_eq!(unread(&stray), [""; 0], "without records beside them they are pages as any");
}

#[test]
fn a_heading_with_a_link_to_the_new_place_is_no_unread_page() {
    let moved = ("docs/arch/0003-c.md", "### See [B](0002-b.md)\n");
    assert_eq!(unread(&[("docs/arch/0001-a.md", READ), ("docs/arch/0002-b.md", READ), moved]), [""; 0]);
}

#[test]
fn names_that_formats_leave_out_are_told_if_they_are_numbered() {
    assert_eq!(
        unread(&[
            ("docs/rfcs/use-templates-for-mail.md", "# Mail\n"),
            ("docs/rfcs/0000-template.md", "# T\n"),
            ("docs/rfcs/README.intro.md", "# T\n\nHow we write them.\n"),
            ("docs/rfcs/rfc-template-short.md", "# T\n")
        ]),
        [
            "docs/rfcs/use-templates-for-mail.md:1:3 this page in `docs/rfcs/` is not read as a record: it has nothing but a title"
        ]
    );
    let own = [
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        (
            "policy/profiles/brief.yaml",
            "name: brief\ntitle: A brief\nkind: decision\npaths: [\"**/*.md\"]\nskip: [\"**/*-draft.md\"]\n\
             recognise: { heading: Brief }\nfields: { id: [{ file: \"^(.+)$\" }] }\n",
        ),
        ("docs/adr/0007-mail-draft.md", "# Mail\n\n## Brief\n"),
        ("docs/adr/0008-mail.md", "# Mail\n\n## Brief\n"),
    ];
    assert_eq!(
        unread(&own),
        [
            "docs/adr/0007-mail-draft.md:1:3 this page in `docs/adr/` is not read as a record: `skip` of the profile `brief` leaves it out"
        ]
    );
}

#[test]
fn folders_with_the_name_of_a_community_are_named_for_records() {
    assert_eq!(
        unread(&[DECISIONS, ("PIPs/burn.md", "# A burn\n")]),
        ["PIPs/burn.md:1:3 this page in `PIPs/` is not read as a record: it has nothing but a title"]
    );
}

#[test]
fn what_a_format_does_not_want_is_told_by_its_name() {
    let profile = "name: brief\ntitle: A brief\nkind: decision\npaths: [\"**/*.md\"]\nrecognise:\n  all:\n    - { heading: Brief }\n    \
                   - { heading: Mail }\n    - { not: { any: [{ heading: Draft }, { key: draft, called: mark of a draft }] } }\n\
                   fields: { id: [{ file: \"^(.+)$\" }] }\n";
    let unwanted = [
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        ("policy/profiles/brief.yaml", profile),
        ("docs/adr/mail.md", "---\ndraft: true\n---\n# Mail\n\n## Brief\n\n## Mail\n"),
        ("docs/adr/0008-post.md", "# Post\n\n## Brief\n\n## Mail\n"),
    ];
    assert_eq!(
        unread(&unwanted),
        [
            "docs/adr/mail.md:4:3 this page in `docs/adr/` is not read as a record: a mark of a draft (`brief`)"
        ]
    );
}

#[test]
fn a_change_is_told_only_of_the_pages_that_it_adds() {
    let repository =
        Repository::with(&[DECISIONS, ("design/adr/b.md", NO_STATUS), ("design/adr/0003-c.md", READ)]);
    repository.commit("2026-10-01");
    repository.write(&[("design/adr/a.md", NO_STATUS), ("design/adr/b.md", READ)]);
    assert_eq!(
        found(&repository, &["--since", "HEAD"]),
        [""; 0],
        "one page is read now, and one is new: as many as before, for the same reason"
    );
    repository.write(&[("design/adr/b.md", NO_STATUS)]);
    let added = "design/adr/a.md:1:3 this new page in `design/adr/` is not read as a record: no section `Status` (`nygard`)";
    assert_eq!(found(&repository, &["--since", "HEAD"]), [added]);
    repository.git(&["add", "-A"]);
    assert_eq!(found(&repository, &["--staged", "--since", "HEAD"]), [added]);
}

#[test]
fn what_the_configuration_excludes_is_not_told() {
    let files = [("design/adr/a.md", NO_STATUS), ("alignlint.yaml", "exclude: [design/adr/a.md]\n")];
    assert_eq!(unread(&files), [""; 0]);
}

#[test]
fn an_ignore_comment_in_one_page_is_about_that_page() {
    let ignored =
        "<!-- alignlint: ignore document/unrecognised because it is a draft -->\n# Sizes\n\nLarge.\n";
    let files = [("docs/adr/a.md", ignored), ("docs/adr/b.md", "# Sizes\n\nSmall.\n")];
    assert_eq!(
        unread(&files),
        [
            "docs/adr/b.md:1:3 this page in `docs/adr/` is not read as a record: no status, no date and no section of a known format"
        ]
    );
}

#[test]
fn nothing_to_check_names_the_candidates_and_init_an_entry_that_reads_them() {
    let repository = Repository::folder_with(&[
        ("design/adr/a.md", NO_STATUS),
        ("design/adr/b.md", NO_STATUS),
        ("design/adr/README.md", "# Decisions\n"),
    ]);
    let fault = repository.check(&[]).fault();
    for part in [
        "`design/adr/a.md`: 2 pages in `design/adr/` are not read as records: no status, no date and no section of a known format",
        "nothing to check: found no records in 3 files",
    ] {
        assert!(fault.contains(part), "{fault}");
    }
    let told = repository.run(&["init"]).out;
    let entry = "records: { decision: [design/adr/a.md, design/adr/b.md] }";
    assert!(told.contains(entry), "{told}");
    repository.write(&[("alignlint.yaml", &format!("{entry}\n"))]);
    assert!(repository.check(&[]).err.contains("Read 2 files: 2 decisions"));
}

#[test]
fn the_page_of_a_file_says_how_it_is_read_and_why() {
    let repository = Repository::folder_with(&[
        ("design/adr/a.md", NO_STATUS),
        ("design/adr/0003-c.md", READ),
        ("docs/decisions/0004-d.md", "---\nid: 4\nstatus: accepted\n---\n# D\n"),
        ("proposals/e.md", "---\nstatus: draft\n---\n# E\n"),
        ("notes/f.md", "# F\n"),
        ("src/main.rs", ""),
        DECISIONS,
    ]);
    let page = |path: &str| {
        let output = repository.run(&["explain", path]);
        assert_eq!(output.code, Some(0), "{output:?}");
        let page = output.out.strip_prefix(&format!("{path}\n\n")).expect("a title");
        let (how, _) = page.split_once("\nWhat is read of").unwrap_or((page, ""));
        how.to_owned()
    };
    assert!(
        page("design/adr/a.md")
            .starts_with("Not read as a record: no section `Status` (`nygard`).\n\nTo have it read, ")
    );
    assert_eq!(
        page("design/adr/0003-c.md"),
        "Read as the decision `0003`, in the format `nygard`: Architecture decision\nrecord (Michael Nygard's format).\n\n\
         It has:\n\n- section `Status`\n- section `Context`\n- section `Decision`\n- number in its name\n"
    );
    assert_eq!(page("docs/decisions/0004-d.md"), "Read as the decision `4`, in the program's own form.\n");
    assert_eq!(
        page("proposals/e.md"),
        "Read as the decision `e`, in the format `generic`: Page of a decision or\nproposal in no known format.\n\n\
         It has:\n\n- key `status`\n"
    );
    assert!(page("notes/f.md").starts_with(
        "Not read as a record: nothing tells that it is one, neither its place nor its\ncontent.\n"
    ));
    assert_eq!(
        page("src/main.rs"),
        "Not read as a record: only YAML, JSON, TOML, Markdown, reStructuredText,\nAsciiDoc and MediaWiki are read.\n"
    );
}

/// A format of pages with a table, in words and dates of its own.
const MINUTES: (&str, &str) = (
    "policy/profiles/conseil.yaml",
    "title: Décision du conseil\nkind: decision\nrecognise: { all: [{ path: conseil/*.md }, { row: Statut }] }\nfields:\n  id: [{ file: \"^([0-9]+)\" }]\n  \
     title: [{ title: \"^(.+)$\" }]\n  status: [{ row: Statut }]\n  date: [{ row: Date }]\n  topic: [{ row: Theme }]\n  \
     superseded-by: [{ row: Remplacée par }]\ndates: [\"%d.%m.%Y\"]\nrequires: [status]\n\
     values: { status: { words: { En discussion: proposed, Adoptée: accepted } } }\n",
);

fn council(status: &str, date: &str) -> Repository {
    let page = |status: &str, date: &str| {
        format!(
            "# Ouvrir le parc\n\n| Champ | Valeur |\n|---|---|\n| Statut | {status} |\n| Date | {date} |\n\n## Contexte\n\nVide.\n"
        )
    };
    Repository::folder_with(&[
        ("alignlint.yaml", "extends: [recommended, ./policy]\n"),
        MINUTES,
        ("conseil/1-parc.md", &page(status, date)),
        ("conseil/2-port.md", &page("En discussion", "04.05.2026")),
    ])
}

#[test]
fn a_status_that_a_format_requires_is_one_of_its_words() {
    let found = council("Aprouvée", "14.03.2026").check(&["--select", "schema/*"]);
    assert_eq!(found.messages(), ["`1`: `Statut` is `Aprouvée`; expected one of En discussion, Adoptée"]);
}

#[test]
fn a_page_that_meets_one_of_two_conditions_is_explained() {
    let repository = council("Adoptée", "14.03.2026");
    repository.write(&[("conseil/3-quai.md", "# Fermer le quai\n\nVide.\n")]);
    let output = repository.run(&["explain", "conseil/3-quai.md"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(output.out.contains("no row `Statut` (`conseil`)"), "{}", output.out);
}

#[test]
fn pages_of_a_format_that_is_not_read_get_no_suggestion() {
    let repository = Repository::folder_with(&[("docs/rfcs/0001-a.org", "= A\n")]);
    let fault = repository.check(&[]).fault();
    assert!(fault.contains("the format `.org` is not read") && !fault.contains("to read them"), "{fault}");
}

#[test]
fn a_directory_of_people_alone_is_nothing_to_check() {
    let people = ("people.yaml", "people:\n  - {id: ada, title: Ada, email: ada@example.org}\n");
    let fault = Repository::folder_with(&[people]).check(&[]).fault();
    assert!(fault.contains("nothing to check: found only people, roles and teams in 1 file "), "{fault}");
    for configuration in ["records: { person: people.yaml }\n", "extends: recommended\n"] {
        let asked = Repository::folder_with(&[people, ("alignlint.yaml", configuration)]);
        assert_eq!(asked.check(&[]).code, Some(0), "the configuration asks for them");
    }
    let begun = Repository::with(&[]);
    assert_eq!(begun.run(&["init", "--with", "person"]).code, Some(0));
    let output = begun.check(&[]);
    assert_eq!((output.code, &*output.out), (Some(0), ""), "{output:?}");
}

#[test]
fn init_tells_what_is_not_read() {
    let repository = Repository::with(&[
        ("design/adr/a.md", NO_STATUS),
        ("design/adr/b.md", NO_STATUS),
        ("design/adr/0003-c.md", READ),
    ]);
    repository.commit("2026-10-01");
    let output = repository.run(&["init"]);
    let told = "2 of 3 pages in `design/adr/` are not read as records: no section `Status` (`nygard`) (such as \
                `design/adr/a.md`)";
    assert!(output.out.contains(told), "{}", output.out);
}

#[test]
fn a_file_that_the_configuration_names_is_told_in_any_folder() {
    let files = [
        ("alignlint.yaml", "records: {kpi: {files: metrics/*.json, at: /data/metrics}}\n"),
        ("metrics/all.json", r#"{"data": {"metrics": {"churn": {"unit": "%"}}}}"#),
        ("metrics/other.json", "{\"data\": []}\n"),
    ];
    assert_eq!(
        unread(&files),
        [
            "metrics/other.json:1:1 this file in `metrics/` is not read as a record: it has no records at `/data/metrics`"
        ]
    );
}

#[test]
fn the_nearest_name_is_said_of_a_pointer_and_of_a_list() {
    let help = |config: &str, text: &str| {
        let repository = Repository::folder_with(&[
            ("alignlint.yaml", config),
            ("data/a.yaml", text),
            ("governance/kpis.yaml", "kpis: [{ id: churn, title: Churn }]\n"),
        ]);
        let output = repository.run_today(&["--select", "document/*", "--format", "agent"]);
        output.out
    };
    let pointer = help(
        "records: { decision: { files: data/a.yaml, at: /company/decisons } }\n",
        "company: { decisions: [{ id: D-1, title: Hire }] }\n",
    );
    assert!(pointer.contains("did you mean `at: /company/decisions`?"), "{pointer}");
    let list = help("records: { kpi: data/a.yaml }\n", "kpiz: [{ id: churn, title: Churn }]\n");
    assert!(list.contains("did you mean `kpis`?"), "{list}");
    let far = help("records: { kpi: data/a.yaml }\n", "servers: [{ id: churn, title: Churn }]\n");
    assert!(far.contains("put its records under the name of their kind, such as `kpis:`"), "{far}");
}

#[test]
fn a_page_of_a_kind_that_it_does_not_state_is_told_how_to() {
    let page = "# Round\n\nDate: 2026-11-20\nForum: lead\n\n## Actions\n\n- [ ] Call @ada due 2026-12-01\n";
    let expected = |path: &str| {
        let folder = path.split('/').next().unwrap_or_default();
        format!(
            "{path}:1:3 this page in `{folder}/` is not read as a record: it looks like a record of the kind `meeting` and states no `kind`"
        )
    };
    // The name of the folder states the kind.
    let minutes = ("governance/minutes/2026-11-20.md", page);
    assert_eq!(found(&Repository::folder_with(&[minutes, DECISIONS]), &[]), [""; 0]);
    for path in ["governance/leadership/2026-11-20.md", "governance/board/2026-11-20.md"] {
        let repository = Repository::folder_with(&[(path, page), DECISIONS]);
        assert_eq!(found(&repository, &[]), [expected(path)]);
        let told = repository.run_today(&["--select", RULE]).out;
        assert!(told.contains("help: begin it with the lines `---`, `kind: meeting` and `---`"), "{told}");
        repository.write_file(path, &format!("---\nkind: meeting\n---\n{page}"));
        assert_eq!(found(&repository, &[]), [""; 0]);
    }
}

/// What carries the number of a record belongs to it, and a name without a number is no record among numbered ones.
#[test]
fn files_in_formats_that_are_not_read_are_told_where_a_record_is_missing() {
    let files = [
        ("docs/adr/0001-a.md", READ),
        ("docs/adr/0002-b.md", READ),
        ("docs/adr/0003-c.md", READ),
        ("docs/adr/0001-a.csv", "a,b\n"),
        ("docs/adr/notes.txt", "N.\n"),
        ("docs/adr/data/0009-x.csv", "a,b\n"),
        ("docs/adr/0004-d.html", "<h1>D</h1>\n"),
        ("docs/adr/0005-e.txt", "E\n"),
    ];
    assert_eq!(
        unread(&files),
        [
            "docs/adr/0004-d.html:1:1 this page in `docs/adr/` is not read as a record: the format `.html` is not read",
            "docs/adr/0005-e.txt:1:1 this page in `docs/adr/` is not read as a record: the format `.txt` is not read",
        ]
    );
}

#[test]
fn lines_about_pages_that_are_not_read_are_counted_and_in_every_report() {
    let prose = ["a", "b", "c", "d", "e", "f"].map(|folder| format!("{folder}/proposals/x.md"));
    let records = [("docs/adr/0001-a.md", "A"), ("docs/adr/0002-b.md", "B"), ("docs/adr/0003-c.md", "C")];
    let records = records.map(|(path, title)| (path, READ.replace("Limits", title)));
    let records = records.each_ref().map(|(path, text)| (*path, &**text));
    let prose = prose.each_ref().map(|path| (&**path, "# Sizes\n\nText.\n"));
    let repository = Repository::folder_with(&[&records[..], &prose].concat());
    let told = |output: &str| output.matches("is not read as a record").count();
    let output = repository.run(&["check"]);
    assert_eq!(told(&output.err), 3, "{}", output.err);
    assert!(
        output.err.contains("… and 3 more lines about pages that are not read; `-v` shows them"),
        "{}",
        output.err
    );
    assert_eq!(told(&repository.run(&["check", "-v"]).err), 6);
    let json = repository.run(&["check", "--format", "json"]).json();
    assert_eq!(told(&json["notices"].to_string()), 6, "{json}");
    let output = repository.run(&["check", "--format", "concise"]);
    assert_eq!((output.out.as_str(), told(&output.err)), ("", 3), "{}", output.err);
    let output = repository.run(&["check", "--format", "github"]);
    assert_eq!((output.out.lines().count(), told(&output.out), told(&output.err)), (1, 5, 0), "{output:?}");
    let output = repository.run(&["check", "--format", "junit"]);
    assert_eq!((told(&output.out), told(&output.err)), (6, 0), "{output:?}");
    let page = repository.run(&["check", "--format", "markdown"]).out;
    assert!(told(&page) == 5 && page.contains("… and 1 more notice"), "{page}");
}

#[test]
fn a_template_is_told_as_one() {
    let repository =
        Repository::folder_with(&[("docs/adr/0001-a.md", READ), ("docs/adr/0000-template.md", READ)]);
    let page = repository.run(&["explain", "docs/adr/0000-template.md"]).out;
    assert!(page.contains("its path is that of a template"), "{page}");
    assert!(!page.contains("alignlint.yaml"), "{page}");
}

#[test]
fn pages_of_rules_for_coding_agents_are_no_records() {
    let page = "---\ndescription: Conventions\nglobs: src/**/*.rs\nalwaysApply: false\n---\n\n# Conventions\n\nWrite tests.\n";
    assert_eq!(unread(&[("governance/rules/conventions.md", page)]), [""; 0]);
    assert_eq!(
        unread(&[(
            "governance/rules/conventions.md",
            &page.replace("globs", "files").replace("alwaysApply", "always")
        )])
        .len(),
        1
    );
}

#[test]
fn a_numbered_page_about_a_template_is_a_record_and_a_numbered_template_is_none() {
    let page = |title: &str, status: &str| {
        format!(
            "# {title}\n\n- Status: {status}\n\n## Motivation\n\nReports lack versions.\n\n## Proposal\n\nA form.\n"
        )
    };
    let about = page("Issue template for bugs", "accepted");
    let files = [
        ("proposals/0012-issue-template-for-bugs.md", &*about),
        ("proposals/ABC-18-template.md", &page("One form for all issues", "accepted")),
        ("proposals/abc-0017-template.md", &page("ABC-0017: [Title]", "draft")),
        ("proposals/0016-rfc-template.md", &page("RFC 16: Title", "draft")),
    ];
    let repository = Repository::folder_with(&files);
    let listing = repository.run(&["records", "--format", "json"]).json();
    let records = listing["records"].as_array().expect("records");
    let mut paths: Vec<&str> = records.iter().filter_map(|record| record["path"].as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["proposals/0012-issue-template-for-bugs.md", "proposals/ABC-18-template.md"]);
}

#[test]
fn a_page_named_for_other_records_than_its_table_holds_is_told_the_right_name() {
    let forums = "# Our meetings\n\n| Meeting | Chair | Participants | Every | Decides |\n|---|---|---|---|---|\n| Leadership | Mara | Mara, Pierre | 2 weeks | Pricing |\n";
    assert_eq!(
        unread(&[("governance/meetings.md", forums)]),
        [
            "governance/meetings.md:1:3 this page in `governance/` is not read as a record: it is named for meetings, and its table has the columns of forums: name it `forums.md`",
        ]
    );
}

#[test]
fn records_with_the_keys_of_another_program_are_told_as_such() {
    let item = |number: u32| {
        format!("  - {{ id: T-{number}, title: T, emoji: x, theme: y, sprint: 3, status: proposed }}\n")
    };
    let list = format!("decisions:\n{}", (1..4).map(item).collect::<String>());
    let expected = "governance/board.yaml:1:1 this file in `governance/` is not read as a record: it is generated, or its records have keys of another program and no owner";
    assert_eq!(unread(&[("governance/board.yaml", &list)]), [expected]);
    let configured = ("alignlint.yaml", "extends: [recommended]\n");
    assert_eq!(unread(&[("governance/board.yaml", &list), configured]), [""; 0]);
    let hidden = Repository::folder_with(&[
        ("governance/board.yaml", &format!("generated: true\n{list}")),
        configured,
    ]);
    let records = hidden.run(&["records", "decision"]).out;
    assert!(records.contains("T-1"), "a key hides nothing from a configured run: {records}");
}

#[test]
fn front_matter_that_can_not_be_parsed_is_told_beside_what_is_read() {
    let page = |keys: &str| format!("---\ntitle: Logs\nauthors:\n- \"@ada\"\n{keys}---\n\n# Logs\n\nMore.\n");
    let right = page("status: implementable\ncreation-date: 2022-01-28\n");
    let told = unread(&[
        ("enhancements/logs.md", &right),
        ("enhancements/pages.md", &right),
        ("enhancements/queues.md", &page("  status: implementable\n")),
    ]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("its front matter can't be parsed: "), "{told:?}");
}

#[test]
fn a_page_of_prose_that_the_configuration_names_is_one_document() {
    let page = "# Closing\n\n## On Mondays\n\nLock the door.\n\n## On Tuesdays\n\nLock it too.\n";
    let config = "records: { document: handbook/** }\n";
    let repository = Repository::folder_with(&[("alignlint.yaml", config), ("handbook/closing.md", page)]);
    let output = repository.run_today(&[]);
    assert_eq!(output.code, Some(0), "{}", output.out);
    assert!(output.notes().contains("Read 1 document"), "{}", output.err);
}

#[test]
fn a_line_without_a_value_is_told_at_its_place() {
    let profile = "title: Motion\nkind: decision\nrecognise: { all: [{ path: \"motions/*.md\" }, { title: \"^Motion \" }] }\nfields:\n  \
                   id: [{ title: \"^Motion (M-[0-9]+)\" }]\n  title: [{ title: \"^Motion [^:]+: (.+)$\" }]\n  status: [{ header: Vote }]\n  \
                   owner: [{ header: Put by }]\nvalues: { status: { words: { carried: accepted } } }\nrequires: [status, owner]\n";
    let page = "# Motion M-1: Sunday hours\n\n- **Put by:**\n- Vote: carried\n\n## Grounds\n\nFamilies.\n";
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [essential, ./policy]\n"),
        ("policy/profiles/motion.yaml", profile),
        ("motions/M-1.md", page),
    ]);
    let output = repository.check(&["--select", "schema/required"]);
    assert_eq!(
        output.out,
        "motions/M-1.md:3:5: error[schema/required] `M-1`: the line `Put by:` has no value\n"
    );
}

#[test]
fn a_file_that_cannot_be_parsed_is_named_where_its_rule_is_not_selected() {
    let repository = Repository::folder_with(&[
        ("governance/people.yaml", "people: [{ id: ada, title: Ada Byron }]\n"),
        ("governance/decisions.yaml", "decisions:\n  - id: D-1\n   title: Use Git\n"),
    ]);
    let run = repository.run_today(&["--select", "ownership/*"]);
    assert!(run.err.contains("`governance/decisions.yaml` is not read from line "), "{}", run.err);
    assert!(!repository.run_today(&[]).err.contains("rules miss the records"));
}

#[test]
fn a_list_is_explained_at_the_line_of_its_first_item() {
    let repository = Repository::folder_with(&[
        ("docs/adr/0001-use-git.md", "# 1. Use Git\n\n## Status\n\nAccepted\n\n## Decision\n\nWe do.\n"),
        (
            "docs/adr/0002-use-make.md",
            "# 2. Use Make\n\n## Status\n\nAccepted\n\nAmends [1. Use Git](0001-use-git.md)\n\n## Decision\n\nWe do.\n",
        ),
    ]);
    let explained = repository.run(&["explain", "0002"]).out;
    assert!(explained.contains("- `amends`: 0001-use-git.md (line 7)\n"), "{explained}");
}
