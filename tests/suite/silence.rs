//! Repositories of many communities in which nothing is wrong, or one thing: of the rest nothing is said.

use crate::kit::{Repository, TODAY};

/// A page in Nygard's form.
fn page(number: u32, title: &str, status: &str, context: &str) -> String {
    format!(
        "# {number}. {title}\n\nDate: 2026-01-02\n\n## Status\n\n{status}\n\n## Context\n\n{context}\n\n## Decision\n\nWe do it.\n\n## Consequences\n\nIt is done.\n"
    )
}

fn git(context: &str) -> String {
    page(1, "Use Git", "Accepted", context)
}

fn rust() -> String {
    page(2, "Use Rust", "Accepted", "We write programs.")
}

/// The findings in a repository with these files, one a line.
fn found<T: AsRef<str>>(files: &[(&str, T)]) -> Vec<String> {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_ref())).collect();
    let repository = Repository::folder_with(&files);
    let run = repository.run(&["check", "--as-of", TODAY, "--format", "concise"]);
    run.out.lines().take_while(|line| line.contains('[')).map(str::to_owned).collect()
}

#[track_caller]
fn silent<T: AsRef<str>>(files: &[(&str, T)]) {
    assert_eq!(found(files), Vec::<String>::new());
}

#[test]
fn a_file_with_the_schema_of_another_program_may_have_keys_of_its_own() {
    let dictionary = r#""terms": [{"id": "brief", "title": "Brief", "definition": "The order.", "aliasesForbidden": ["order"]}],
        "traits": [{"id": "fit", "weight": 10}]}"#;
    let with = |schema: &str| format!("{{\"$schema\": \"{schema}\", {dictionary}");
    silent(&[("governance/policies/dictionary.v1.json", with("../schemas/dictionary.schema.json"))]);
    let own = found(&[("governance/policies/dictionary.v1.json", with("records.schema.json"))]);
    assert_eq!(own.len(), 2, "{own:?}");
    let runs = |schema: &str| format!("{{\"$schema\": \"{schema}\", \"phases\": [{{\"label\": \"plan\"}}]}}");
    let terms =
        ("governance/terms.yaml", "terms: [{id: tour, title: Tour, definition: One truck.}]\n".to_owned());
    silent(&[("governance/policies/runs.json", runs("../schemas/runs.schema.json")), terms.clone()]);
    assert_eq!(found(&[("governance/policies/runs.json", runs("records.schema.json")), terms]).len(), 1);
}

const BROKEN: &str = "docs/adr/0001-use-git.md:11:5: error[reference/broken-link] broken link to ";

const HEADINGS: &str = "\n## 1. First & Second\n\n## Über uns\n\n## A {: #own }\n\n## Tab {#a-tab}\n";

#[test]
fn links_of_site_generators_are_resolved_as_their_sites_do() {
    for (configuration, context) in [
        (
            "docusaurus.config.js",
            "See [two](/docs/adr/0002-use-rust), [two](./0002-use-rust), [a](@site/docs/none.md), ![b](@site/static/none.png), [c](pathname:///none.html), ![d](/img/none.png), [e](../guide.html), [f](#a-tab).",
        ),
        (
            "mkdocs.yml",
            "See [two](../0002-use-rust/), [a](../../guide/), [b](#1-first-second), [c](#uber-uns), [d](#own){ .md-button }, [e](#fn:1), [f](#__tabbed_1_1).",
        ),
        (
            "docs/_config.yml",
            "See [two]({% link adr/0002-use-rust.md %}), [two]({{ site.baseurl }}/adr/0002.html), [two](0002-use-rust.html), [a](#first--second).",
        ),
        (
            "content/docs/_index.md",
            "See [two]({{< ref \"0002-use-rust.md\" >}}), [two](../0002-use-rust/), [two]({{% relref \"x.md\" %}}).",
        ),
        ("docs/antora.yml", "See [two](xref:0002.adoc), [a](../pages/start.html), [b](../pages/start.adoc)."),
        ("docs/conf.py", "(here)=\nSee [two](0002-use-rust), [a](#here), [b](project:0002.md), {doc}`none`."),
        ("book.toml", "See [two](0002-use-rust.html), [a](../part/index.html)."),
        ("docs/index.html.md", "See [two](./0002-use-rust.html), [a](../get-started/access.html#top)."),
        (".gitlab-ci.yml", "See [a](#1-first-second), [b](/-/issues/1)."),
    ] {
        silent(&[
            (configuration, "\n".to_owned()),
            ("docs/adr/0001-use-git.md", git(context) + HEADINGS),
            ("docs/adr/0002-use-rust.md", rust()),
            ("docs/guide.md", "# Guide\n".to_owned()),
            ("docs/pages/start.adoc", "= Start\n".to_owned()),
            ("docs/part/README.md", "# Part\n".to_owned()),
        ]);
    }
}

#[test]
fn without_a_site_links_lead_where_github_leads() {
    let site = || ("mkdocs.yml", "site_name: Ours\n".to_owned());
    let mut files = vec![("docs/adr/0001-use-git.md", git("See [a](#1-first-second).") + HEADINGS)];
    assert_eq!(found(&files), [format!("{BROKEN}`#1-first-second`").replace(":11:5:", ":11:9:")]);
    // A site has headings by their words.
    files.push(site());
    silent(&files);
    // The heading is misspelt on any site.
    let context = "See [a](#1-frist-second).";
    let files = [("docs/adr/0001-use-git.md", git(context) + HEADINGS), site()];
    assert_eq!(found(&files), [format!("{BROKEN}`#1-frist-second`").replace(":11:5:", ":11:9:")]);
}

#[test]
fn anchors_that_no_heading_has_are_not_looked_for() {
    silent(&[(
        "docs/adr/0001-use-git.md",
        git(
            "[a](#L10), [b](#L10-L20), [c](#:~:text=words), [d](#tab/linux), [e](#fn1), [f](#fnref:2), [h](#user-content-decision), [i](#), [j](#?).",
        ),
    )]);
    let files = [("docs/adr/0001-use-git.md", git("See [a](#l-ten)."))];
    assert_eq!(found(&files), [format!("{BROKEN}`#l-ten`").replace(":11:5:", ":11:9:")]);
}

#[test]
fn what_a_build_leaves_is_not_missing() {
    let files = [
        (".gitignore", "dist/\n/docs/api/\n*.png\n".to_owned()),
        (
            "docs/adr/0001-use-git.md",
            git("[a](../../dist/out.js), [b](../api/start.html#x), ![c](plan.png)."),
        ),
    ];
    // A picture may have been meant to be committed.
    assert_eq!(found(&files), [format!("{BROKEN}`plan.png`").replace(":11:5:", ":11:56:")]);
}

#[test]
fn code_that_is_not_marked_as_such_is_no_link() {
    let files = [("docs/adr/0001-use-git.md", git("Rows[0](next.md)"))];
    assert_eq!(found(&files), [format!("{BROKEN}`next.md`").replace(":11:5:", ":11:9:")]);
}

#[test]
fn what_others_wrote_and_examples_are_left_alone() {
    let broken = page(1, "Use Zig", "Nonsense", "See [a](gone.md).");
    let mut files = vec![("docs/adr/0001-use-git.md".to_owned(), git("We share code."))];
    for folder in [
        "third_party/x",
        "thirdparty/x",
        "vendor/github.com/x/y",
        "node_modules/y",
        ".venv/lib/python3/site-packages/y",
        "ios/Pods/y",
        "Godeps/_workspace/y",
        "_site/y",
        "examples/shop",
        "samples/shop",
        "demo",
        "workshop/1",
        "skeleton",
        "dist/y",
        "target/y",
        "subprojects/y",
        "archetypes/y",
        ".github/skills/adr",
        "website/versioned_docs/v1",
        "src/test/fixtures",
    ] {
        files.push((format!("{folder}/docs/adr/0001-use-zig.md"), broken.clone()));
    }
    let files: Vec<(&str, &String)> = files.iter().map(|(path, text)| (&**path, text)).collect();
    silent(&files);
    let own = [("services/shop/docs/adr/0001-use-zig.md", &broken)];
    assert_eq!(found(&own).len(), 1, "a folder of the repository's own");
}

#[test]
fn successors_elsewhere_and_in_words_are_none_of_ours() {
    silent(&[
        ("docs/adr/0001-use-git.md", git("We share code.")),
        (
            "docs/adr/0002-a.md",
            page(2, "Keep a wiki", "Superseded by ADR 44 in the platform repository", "We write."),
        ),
        ("docs/adr/0003-b.md", page(3, "Keep a log", "Superseded (see #123)", "We write.")),
        (
            "docs/adr/0004-c.md",
            page(
                4,
                "Keep a list",
                "* Proposed 2026-01-02\n* Accepted 2026-01-03\n* Superseded 2026-02-01 by [5](0005-d.md)",
                "We write.",
            ),
        ),
        (
            "docs/adr/0005-d.md",
            page(5, "Keep two lists", "Accepted\n\nSupersedes [4](0004-c.md)", "We write."),
        ),
        ("docs/adr/0006-e.md", page(6, "Keep a table", "Superseded by docs/notes/tables.md", "We write.")),
        ("docs/notes/tables.md", "# Tables\n".to_owned()),
    ]);
}

#[test]
fn a_day_of_this_century_may_have_two_digits_of_its_year() {
    let page = page(1, "Use Git", "Accepted", "C.").replace("Date: 2026-01-02", "Date: 09/27/23");
    silent(&[("docs/adr/0001-git.md", page)]);
}

#[test]
fn a_day_with_a_number_is_no_number_of_a_page() {
    let page = |title: &str, rest: &str| {
        format!(
            "---\ntitle: {title}\nstatus: Accepted\n---\n\n## Context and Problem Statement\n\nIt is large.\n\n## Considered Options\n\n\
             * Split\n* Keep: too large\n\n## Decision Outcome\n\nWe do.\n\n{rest}"
        )
    };
    let related = "## Related Decisions\n\n* **ADR-2026-04-17-2** — the other half.\n";
    silent(&[
        ("docs/adr/3.x/2026-04-17-1-split.md", page("Split", related)),
        ("docs/adr/3.x/2026-08-22-1-measure.md", page("Measure", "")),
    ]);
}

#[test]
fn a_form_of_a_day_in_code_is_no_text_of_a_template() {
    silent(&[(
        "docs/adr/0001-git.md",
        git("The file is called `log_{yyyy-mm-dd}.txt`, as in `{short title}`."),
    )]);
}

#[test]
fn a_page_of_many_decisions_is_not_one_of_them() {
    let log = |number: u32, outcome: &str| {
        format!(
            "## {number}. Use it\n\n#### Status\n\nAccepted\n\n#### Context\n\nC.\n\n#### Decision\n\n{outcome}\n\n"
        )
    };
    let page = format!(
        "---\ntitle: Decision Records (ADRs)\n---\n\nThese are our decision records.\n\n{}{}",
        log(2, "We do."),
        log(1, "")
    );
    silent(&[("docs/decisions/index.md", page), ("docs/adr/0001-git.md", git("C."))]);
}

#[test]
fn a_page_that_moved_is_no_page_without_a_status() {
    let moved = "---\ntitle: Two APIs\n---\n\nThis proposal has moved: [Two APIs](https://example.org/60).";
    let mut files: Vec<(String, String)> = (1..=4)
        .map(|number| {
            (format!("docs/adr/000{number}-x.md"), page(number, &format!("X{number}"), "Accepted", "C."))
        })
        .collect();
    files.push(("docs/adr/0005-two-apis.md".to_owned(), moved.to_owned()));
    silent(&files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>());
}

#[test]
fn what_was_superseded_in_part_holds() {
    let successor =
        "Accepted. **Supersedes the transport of [ADR-1](0001-secrets.md)**. The rest of ADR-1 stands.";
    for status in [
        "Accepted. **Its transport (by the CLI) is superseded by [ADR-2](0002-transport.md)**. Everything else in\nthis ADR stands.",
        "Accepted. Its default is superseded by [ADR-2](0002-transport.md): it is off; the rest of this ADR stands.",
        "**Accepted.** **The transport (by the CLI) is superseded by\n[ADR-2](0002-transport.md).**\nThe store **remains in force.**",
    ] {
        silent(&[
            ("docs/adr/0001-secrets.md", page(1, "Secrets", status, "C.")),
            ("docs/adr/0002-transport.md", page(2, "Transport", successor, "C.")),
        ]);
    }
}

#[test]
fn drafts_and_examples_have_the_text_of_their_template() {
    let template = "# Title\n\n## Status\n\nAccepted\n\n## Context\n\nWhat is the issue that we're seeing that is motivating this decision or change?\n\n## Decision\n\nWhat is the change that we're proposing and/or doing?\n";
    let filled = page(1, "Use Git", "Accepted", "C.");
    for path in ["docs/adr/0000Example.md", "docs/adr/0000-sample.md"] {
        silent(&[(path, template), ("docs/adr/0001-git.md", &filled)]);
    }
    let draft = template.replace("Accepted", "Draft");
    silent(&[("docs/adr/DRAFT-use-rust.md", draft.as_str()), ("docs/adr/0001-git.md", &filled)]);
    assert_eq!(found(&[("docs/adr/0002-use-rust.md", template), ("docs/adr/0001-git.md", &filled)]).len(), 1);
}

#[test]
fn what_votes_are_put_together_in_one_pull_request_share_its_number() {
    let vote = |title: &str| {
        format!(
            "# A Vote for {title}\n\n## Proposal\n\nWe do.\n\n## Deadline\n\nA week.\n\n## Result\n\nYes.\n"
        )
    };
    silent(&[
        ("votes/0820-ada.md", vote("Ada")),
        ("votes/0820-bo.md", vote("Bo")),
        ("votes/0821-cy.md", vote("Cy")),
    ]);
}

#[test]
fn numbers_of_clauses_are_no_decisions() {
    let successor =
        page(11, "Names", "Accepted", "C.") + "\n## Supersedes\n\n- ADR-0010, clauses 3, 6 and 9.\n";
    let files = [
        ("docs/adr/0006-mail.md", page(6, "Mail", "Accepted", "C.")),
        ("docs/adr/0009-logs.md", page(9, "Logs", "Accepted", "C.")),
        ("docs/adr/0010-borders.md", page(10, "Borders", "Accepted", "C.")),
        ("docs/adr/0011-names.md", successor),
    ];
    assert_eq!(
        found(&files),
        [
            "docs/adr/0010-borders.md:7:1: error[decision/one-sided-supersede] `0010` does not name its successor `0011`"
        ]
    );
}

#[test]
fn a_page_with_the_keys_of_another_program_is_none_of_ours() {
    let page = |keys: &str| {
        format!(
            "---\nid: G-001\ntype: goal\nstatus: accepted\n{keys}title: Learning\n---\n\n# G-001 — Learning\n\n**Who:** Ada\n"
        )
    };
    let theirs = page("links: []\nprovenance: verified\n");
    let errors = |page: &str| {
        let found = found(&[
            ("docs/goals/G-001-learning.md", page),
            ("docs/goals/G-002.md", "---\nkind: objective\nid: G-002\ntitle: Growth\nowner: ada\n---\n"),
        ]);
        found.into_iter().filter(|line| line.contains("error[")).collect::<Vec<_>>()
    };
    assert_eq!(errors(&theirs), [""; 0]);
    assert!(!errors(&page("links: []\nowner: ada\nprovenance: verified\n")).is_empty());
    assert!(!errors(&page("")).is_empty());
}

#[test]
fn a_list_that_another_program_writes_is_no_list_of_records() {
    let item = |number: u32, status: &str| {
        format!(
            r#"{{"id": "ADR-{number}", "title": "Use {number}", "status": "{status}", "hash": "64ce", "layer": "app", "triggers": ["stack"]}}"#
        )
    };
    let items: Vec<String> = (1..4).map(|number| item(number, "accepted")).collect();
    let list = |before: &str, items: &[String]| format!("{{{before}\"adrs\": [{}]}}", items.join(", "));
    silent(&[("docs/adr/manifest.json", list("", &items)), ("docs/adr/0001-git.md", git("C."))]);
    let generated = list("\"generated\": true, ", &items[..1]);
    silent(&[("docs/adr/manifest.json", generated), ("docs/adr/0001-git.md", git("C."))]);
    let own = items[0].replace(r#", "layer": "app", "triggers": ["stack"]"#, "");
    let one = found(&[("docs/adr/manifest.json", list("", &[own])), ("docs/adr/0001-git.md", git("C."))]);
    assert!(one.iter().any(|line| line.contains("`hash` is not a field of a decision")), "{one:?}");
    let layers = r#"{"layers": [{"id": "app", "name": "App"}, {"id": "core", "name": "Core"}]}"#;
    silent(&[("governance/manifest.json", layers), ("docs/adr/0001-git.md", &git("C."))]);
}

#[test]
fn a_status_below_a_quote_is_read() {
    let page = "# ADR-0022: Cards\n\n> **Renamed 2026-06-11**: this was 0007 and\n> had that number in common with another one.\n\nStatus: accepted\n\n## Context\n\nC.\n\n## Decision\n\nCards.\n";
    let other = "# ADR-0021: Views\n\nStatus: accepted\n\n## Context\n\nC.\n\n## Decision\n\nViews.\n";
    silent(&[("docs/adr/0022-cards.md", page), ("docs/adr/0021-views.md", other)]);
}

#[test]
fn what_is_built_because_of_a_decision_is_no_second_one() {
    let spec = |title: &str| {
        format!("---\ntitle: {title}\nstatus: Draft\ncreated: 2026-08-06\nauthor: Ada\n---\n\nS.\n")
    };
    let (import, export) = (spec("Import"), spec("Export"));
    silent(&[
        ("docs/adr/0001-git.md", &*git("C.")),
        ("docs/specs/adr-001-import.md", &import),
        ("docs/specs/adr-001-export.md", &export),
    ]);
}

#[test]
fn a_number_behind_a_hash_is_an_issue_and_a_line_above_the_title_is_no_front_matter() {
    silent(&[("docs/adr/0001-git.md", &format!("---\n\n{}", git("See [ADR-4](#185).")))]);
}

#[test]
fn a_file_of_keys_with_the_text_of_a_page_is_read() {
    let file = "id: ADR-0049\ntitle: Cursors\nstatus: accepted\ndate: 2026-05-13\nconsequences: { good: [], bad: [] }\nbody: |\n  # 49. Cursors\n\n  ## Context\n\n  C.\n";
    let files = [("docs/adr/0049-cursors.yaml", file), ("docs/adr/0001-git.md", &git("C."))];
    silent(&files);
    assert!(
        Repository::folder_with(&files)
            .listed()
            .contains(&"docs/adr/0049-cursors.yaml: - ADR-0049, Cursors".to_owned())
    );
}

#[test]
fn a_status_in_a_table_below_its_heading_is_stated() {
    let page = "# ADR 004: Registrar\n\n## Status\n\n| Category | Status |\n|---|---|\n| **ADR Stage** | ACCEPTED |\n| **Start Date** | 2023-01-30 |\n\n## Context\n\nC.\n\n## Decision\n\nD.\n";
    silent(&[("architecture/adr-list/adr-004-registrar.md", page)]);
}

#[test]
fn a_folder_named_for_governance_may_hold_pages_of_a_community() {
    silent(&[
        ("governance/charter.md", "# Charter\n\nWe meet.\n"),
        ("governance/pending.md", "# Pending\n\n- Later.\n"),
        (
            "governance/minutes/2026-08-12.md",
            "# Committee, 2026-08-12\n\n**Present:** Ada, Tom\n\n## Decisions\n\n1. We meet.\n",
        ),
    ]);
}

#[test]
fn the_status_may_stand_beside_its_day() {
    let text = git("C.").replace("\nAccepted\n", "\n**Accepted** | Date: 2025-09-03\n");
    silent(&[("docs/adr/0001-git.md", text)]);
}

#[test]
fn the_decision_to_keep_decisions_may_say_what_their_template_has() {
    let text = page(
        1,
        "Record architecture decisions",
        "Accepted",
        "The template has:\n\n* **Date**: The date the decision was made.\n* **Title**: A short title.",
    );
    silent(&[("docs/adr/0001-record-architecture-decisions.md", text), ("docs/adr/0002-rust.md", rust())]);
}

#[test]
fn days_of_actions_may_be_written_with_points() {
    silent(&[(
        "docs/minutes/20240529-minutes.md",
        "# Minutes\n\n## Tasks\n\nWhat? | Who? | Deadline\n--- | --- | ---\nAdd the experts | Mr. Godel | 29.05.2024\n",
    )]);
}

#[test]
fn a_page_about_a_piece_of_work_is_no_decision_with_its_number() {
    let page = |by: &str| {
        format!(
            "---\ntitle: \"Wave-17 review by {by}\"\nstatus: review\ndate: 2026-04-24\nwave: 17\n---\n\n# Wave-17 review\n\nAll holds.\n"
        )
    };
    silent(&[("docs/reviews/wave17-code.md", page("Ada")), ("docs/reviews/wave17-plans.md", page("Bo"))]);
}

#[test]
fn a_post_beside_the_minutes_of_a_blog_is_no_record() {
    let minutes =
        |day: &str| format!("---\ntitle: Meeting of {day}\ntype: meeting\n---\n\n## Notes\n\n- Releases.\n");
    silent(&[
        ("_posts/en/meetings/2026-01-28-meeting.md", minutes("2026-01-28")),
        ("_posts/en/meetings/2026-02-04-meeting.md", minutes("2026-02-04")),
        ("_posts/de/posts/2026-01-28-news.md", "---\ntype: post\ntype: posts\n---\n\nNews.\n".to_owned()),
        ("blog/posts/2026-01-28-board-minutes.md", minutes("2026-01-28")),
        ("blog/posts/2026-02-04-board-minutes.md", minutes("2026-02-04")),
        ("blog/posts/v1.3.0-release.md", "---\ndate: 2026-03-01\n---\n\nIt is out.\n".to_owned()),
    ]);
}
