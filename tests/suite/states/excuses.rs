//! `--policy-from`: what suppresses one finding can't be used by a change to suppress another. Each attack has the honest
//! change beside it.

use crate::kit::{Output, Repository};

const PEOPLE: &str = "people: [{id: ada, title: Ada, email: ada@example.org}]\n";

/// A decision with an owner.
fn decision(id: &str, owner: &str) -> String {
    format!("  - {{id: {id}, title: T, status: accepted, date: 2026-10-01, owner: {owner}}}\n")
}

fn exception(scope: &str) -> String {
    format!(
        "exceptions: [{{id: X-1, rule: ownership/unknown, scope: {scope}, reason: R, expires: 2027-01-31}}]\n"
    )
}

fn unknown(id: &str) -> String {
    format!("the owner `eve` of `{id}` is not a known person, role or team")
}

/// A repository with an exception of this scope.
fn excused(scope: &str) -> Repository {
    let decisions = format!("decisions:\n{}", decision("D-5", "eve"));
    Repository::with(&[
        ("governance/people.yaml", PEOPLE),
        ("governance/decisions.yaml", &decisions),
        ("governance/exceptions.yaml", &exception(scope)),
        ("strategy/decisions.yaml", &format!("decisions:\n{}", decision("D-6", "ada"))),
    ])
}

const SELECT: &str = "ownership/unknown,exception/scope,policy/excuse";

/// The output for a branch that writes these files, under the policy of `main`.
fn check_change(repository: &Repository, files: &[(&str, &str)]) -> Output {
    repository.git(&["checkout", "--quiet", "-B", "side", "main"]);
    repository.write(files);
    repository.commit("2026-10-02");
    repository.check(&["--since", "main", "--policy-from", "main", "--select", SELECT])
}

#[test]
fn an_exception_for_a_kind_and_identifier_covers_no_record_that_is_called_so() {
    let repository = excused("[decision/D-5]");
    let named_so = format!("kpis:\n{}", "  - {id: decision/D-5, title: T, owner: eve}\n");
    let output = check_change(&repository, &[("governance/kpis.yaml", &named_so)]);
    assert_eq!(output.messages(), [&*unknown("decision/D-5")], "{}", output.out);
    let honest = format!("decisions:\n{}{}", decision("D-5", "eve"), decision("D-7", "ada"));
    let output = check_change(&repository, &[("governance/decisions.yaml", &honest)]);
    assert_eq!(output.messages(), [""; 0], "{}", output.out);
    assert_eq!(repository.check(&["--select", SELECT]).messages(), [""; 0], "what was excused still is");
}

#[test]
fn an_exception_for_a_folder_covers_no_record_that_is_called_so() {
    for (scope, id) in [("strategy/", "strategy/"), ("strategy", "strategy"), ("./strategy", "strategy")] {
        let repository = excused(&format!("[{scope}]"));
        let named_so = format!("kpis:\n  - {{id: {id}, title: T, owner: eve}}\n");
        let output = check_change(&repository, &[("governance/kpis.yaml", &named_so)]);
        assert!(output.messages().contains(&&*unknown(id)), "{scope}: {}", output.out);
        let honest = format!("decisions:\n{}", decision("D-6", "eve"));
        let output = check_change(&repository, &[("strategy/decisions.yaml", &honest)]);
        assert_eq!(output.messages(), [""; 0], "{scope}: {}", output.out);
    }
}

#[test]
fn an_identifier_covers_the_records_that_had_it_where_the_policy_is_from() {
    let repository = excused("[D-5]");
    assert_eq!(repository.check(&["--select", SELECT]).messages(), [""; 0]);
    let output = check_change(
        &repository,
        &[("governance/kpis.yaml", "kpis:\n  - {id: D-5, title: T, owner: eve}\n")],
    );
    assert_eq!(output.messages(), [&*unknown("D-5")], "{}", output.out);
    let moved = format!("decisions:\n{}", decision("D-5", "eve"));
    repository.git(&["checkout", "--quiet", "-B", "side", "main"]);
    repository.remove("governance/decisions.yaml");
    repository.write(&[("strategy/decisions.yaml", &moved)]);
    repository.commit("2026-10-02");
    let output = repository.check(&["--policy-from", "main", "--select", SELECT]);
    assert_eq!(output.messages(), [""; 0], "{}", output.out);
}

#[test]
fn a_kind_covers_its_records_and_no_others() {
    let repository = excused("[decision]");
    let more = format!("decisions:\n{}", decision("D-8", "eve"));
    let kpis = "kpis:\n  - {id: nps, title: T, owner: eve}\n";
    let output =
        check_change(&repository, &[("strategy/decisions.yaml", &more), ("governance/kpis.yaml", kpis)]);
    assert_eq!(output.messages(), [unknown("nps")], "{}", output.out);
}

#[test]
fn a_pattern_is_no_placeholder() {
    for (scope, covered) in [
        ("[\"{old,strategy}/**\"]", "strategy/decisions.yaml"),
        ("\"{old,strategy}/**\"", "strategy/decisions.yaml"),
        ("[\"*\"]", "decisions.yaml"),
        ("[\"**\"]", "strategy/new/decisions.yaml"),
        ("[\"strat?gy\"]", "strategy/more/decisions.yaml"),
    ] {
        let repository = Repository::with(&[
            ("governance/people.yaml", PEOPLE),
            ("governance/exceptions.yaml", &exception(scope)),
        ]);
        let excused = format!("decisions:\n{}", decision("D-6", "eve"));
        let output = check_change(&repository, &[(covered, &excused)]);
        assert_eq!(output.messages(), [""; 0], "{scope}: {}", output.out);
        let other = format!("decisions:\n{}", decision("D-9", "eve"));
        let output = check_change(&repository, &[("governance/decisions.yaml", &other)]);
        let expected =
            if scope.contains("\"**\"") || scope.contains("\"*\"") { vec![] } else { vec![unknown("D-9")] };
        assert_eq!(output.messages(), expected, "{scope}: {}", output.out);
    }
}

#[test]
fn a_scope_that_cannot_be_read_covers_nothing_and_one_that_is_not_there_everything() {
    let says = |problem: &str| format!("`X-1` covers nothing here: {problem}");
    for (scope, problem) in [
        ("", "`scope` is empty"),
        ("[]", "`scope` is empty"),
        ("\"\"", "`scope` is empty"),
        ("[\"\"]", "`scope` is empty"),
        ("~", "`scope` is empty"),
    ] {
        let repository = excused(scope);
        assert_eq!(
            repository.check(&["--select", SELECT]).messages(),
            [unknown("D-5"), says(problem)],
            "{scope}"
        );
    }
    let repository = excused("TBD");
    assert_eq!(
        repository.check(&["--select", SELECT]).messages(),
        [unknown("D-5")],
        "a file that is not there"
    );
    let everything = exception("x").replace("scope: x, ", "");
    repository.write(&[("governance/exceptions.yaml", &everything)]);
    assert_eq!(repository.check(&["--select", SELECT]).messages(), [""; 0]);
    // A slip in the key does not widen it.
    repository.write(&[("governance/exceptions.yaml", &exception("D-4").replace("scope:", "scop:"))]);
    assert_eq!(repository.check(&["--select", SELECT]).messages(), [unknown("D-5")]);
}

#[test]
fn patterns_are_kept_in_fields_that_programs_read_and_placeholders_dropped_elsewhere() {
    let decision = |more: &str| {
        format!("decisions:\n  - {{id: D-5, title: T, status: accepted, date: 2026-10-01, {more}}}\n")
    };
    let fields = |more: &str| {
        let repository = Repository::folder_with(&[("governance/decisions.yaml", &decision(more))]);
        repository.run(&["records", "--format", "json"]).json()["records"][0]["fields"].clone()
    };
    assert_eq!(fields("governs: [\"**\", \"{a,b}/*\"]")["governs"], serde_json::json!(["**", "{a,b}/*"]));
    assert_eq!(fields("owner: TBD, context: \"{why}\"")["owner"], serde_json::Value::Null);
    assert_eq!(fields("owner: TBD, context: \"{why}\"")["context"], serde_json::Value::Null);
}

/// A page of a decision with an ignore comment above a section.
fn page(id: &str, text: &str) -> String {
    format!(
        "---\nid: \"{id}\"\nstatus: accepted\ndate: 2026-10-01\nowner: ada\n---\n# Sell through partners\n\n\
         <!-- alignlint: ignore term/avoided because it quotes the contract -->\n\n## Context\n\n{text}\n"
    )
}

const TERMS: &str = "terms: [{id: customer, title: Customer, definition: Who pays., avoid: [client]}]\n";

#[test]
fn a_comment_is_not_granted_to_the_same_heading_of_another_file() {
    let path = "docs/decisions/0007-partners.md";
    let repository = Repository::with(&[
        ("governance/terms.yaml", TERMS),
        ("governance/people.yaml", PEOPLE),
        (path, &page("0007", "The client pays.")),
        ("docs/notes.md", "# N\n"),
    ]);
    let select = ["--since", "main", "--policy-from", "main", "--select", "term/avoided"];
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    for other in ["docs/decisions/0007-again.md", "docs/adr/0007-partners.md", "strategy/decisions/0007.md"] {
        repository.write(&[(other, &page("0007", "Every client is right."))]);
        let output = repository.check(&select);
        assert_eq!(output.messages().len(), 1, "{other}: {}{}", output.out, output.err);
        assert!(output.out.starts_with(other), "{}", output.out);
        repository.remove(other);
    }
    repository.write(&[(path, &page("0007", "The client pays today."))]);
    assert_eq!(repository.check(&select).messages(), [""; 0], "the section that it was granted to");
    repository.git(&["mv", path, "docs/decisions/0007-by-partners.md"]);
    assert_eq!(repository.check(&select).messages(), [""; 0], "the record has moved");
}

#[test]
fn a_comment_is_not_granted_to_an_identifier_that_contains_a_separator() {
    let comment = "# alignlint: ignore ownership/unknown because Eve starts in January\n";
    let fields = "    title: T\n    status: accepted\n    date: 2026-10-01\n";
    let on_field = |id: &str| format!("decisions:\n  - id: {id}\n{fields}    {comment}    owner: eve\n");
    let on_record = |id: &str| format!("decisions:\n  {comment}  - id: {id}\n{fields}    owner: eve\n");
    let repository = Repository::with(&[
        ("governance/people.yaml", PEOPLE),
        ("governance/decisions.yaml", &on_field("D-1")),
    ]);
    let select = ["--since", "main", "--policy-from", "main", "--select", "ownership/unknown"];
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    for path in ["governance/decisions.yaml", "strategy/decisions.yaml"] {
        repository.write(&[(path, &on_record("\"D-1\\u001fowner\""))]);
        let output = repository.check(&select);
        assert_eq!(output.messages().len(), 1, "{path}: {}{}", output.out, output.err);
        repository.git(&["checkout", "--quiet", "main", "--", "governance"]);
    }
    repository.remove("strategy/decisions.yaml");
    repository.write(&[("governance/decisions.yaml", &on_field("D-1").replace("title: T", "title: U"))]);
    assert_eq!(repository.check(&select).messages(), [""; 0], "the same record");
}

#[test]
fn a_merge_key_or_an_alias_does_not_bring_the_comment_along() {
    let first = "decisions:\n  - &first\n    id: D-1\n    title: T\n    status: accepted\n    date: 2026-10-01\n    # \
                 alignlint: ignore ownership/unknown because Eve starts in January\n    owner: &owner eve\n";
    let repository =
        Repository::with(&[("governance/people.yaml", PEOPLE), ("governance/decisions.yaml", first)]);
    let select = ["--since", "main", "--policy-from", "main", "--select", "ownership/unknown"];
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    for (second, place) in [
        ("  - <<: *first\n    id: D-2\n", ":9:9"),
        ("  - <<: [*first]\n    id: D-2\n", ":9:10"),
        ("  - {id: D-2, title: T, status: accepted, date: 2026-10-01, owner: *owner}\n", ":9:68"),
    ] {
        repository.write(&[("governance/decisions.yaml", &format!("{first}{second}"))]);
        let output = repository.check(&select);
        assert_eq!(output.messages(), [unknown("D-2")], "{second}: {}", output.out);
        assert!(output.out.starts_with(&format!("governance/decisions.yaml{place}: ")), "{}", output.out);
    }
    repository.git(&["checkout", "--quiet", "main"]);
    let granted =
        "  - id: D-2\n    # alignlint: ignore ownership/unknown because so does he\n    <<: *first\n";
    repository.write(&[("governance/decisions.yaml", &format!("{first}{granted}"))]);
    assert_eq!(repository.check(&["--select", "ownership/unknown"]).messages(), [""; 0], "at the merge");
    repository.commit("2026-10-02");
    let output = repository.check(&["--policy-from", "main", "--select", "ownership/unknown"]);
    assert_eq!(output.messages(), [""; 0]);
}

#[test]
fn a_comment_for_a_rule_that_the_same_change_adds_is_not_unknown() {
    let rule = "id: garden/weeds\ntitle: Weeds\nseverity: error\npreset: recommended\nfacet: garden\nfor: decision\n\
                expect: record.id != 'D-5'\nmessage: \"`{record.id}` is a weed\"\nwhy: They grow.\n";
    let repository = excused("[decision/D-5]");
    let config = "extends: [recommended, ./policy]\n";
    let ignore = |rule: &str| {
        format!("decisions:\n  # alignlint: ignore {rule} because it blooms\n{}", decision("D-5", "eve"))
    };
    let check = |rule_name: &str| {
        repository.git(&["checkout", "--quiet", "-B", "side", "main"]);
        repository.write(&[
            ("alignlint.yaml", config),
            ("policy/garden/weeds.yaml", rule),
            ("governance/decisions.yaml", &ignore(rule_name)),
        ]);
        repository.check(&["--policy-from", "main", "--select", "ignore/*"])
    };
    assert_eq!(check("garden/weeds").messages(), [""; 0]);
    assert_eq!(check("garden/weed").messages(), ["unknown rule `garden/weed` in an ignore comment"]);
}

#[test]
fn a_hook_sees_that_a_new_record_changes_what_a_scope_names() {
    let repository = excused("[strategy]");
    let decisions = format!("decisions:\n{}", decision("D-6", "eve"));
    repository.write(&[("strategy/decisions.yaml", &decisions)]);
    repository.commit("2026-10-02");
    repository.write(&[("governance/kpis.yaml", "kpis:\n  - {id: strategy, title: T, owner: ada}\n")]);
    repository.git(&["add", "--all"]);
    let hook = repository.check(&["--staged", "--since", "HEAD", "--select", SELECT]);
    assert_eq!(hook.messages(), [&*unknown("D-6")], "{}", hook.out);
    assert_eq!(repository.check(&["--since", "HEAD", "--select", SELECT]).out, hook.out);
}

#[test]
fn an_exception_for_a_record_covers_findings_at_its_page() {
    let page = "# 3. Use Git\n\nDate: 2026-10-01\n\n## Status\n\nAccepted\n\n## Context\n\nSee [gone](gone.md).\n\n## Decision\n\nGit.\n";
    let found = |scope: &str| {
        let exception = format!(
            "exceptions: [{{id: X-1, rule: reference/broken-link, scope: {scope}, reason: R, expires: 2027-01-31}}]\n"
        );
        let repository = Repository::with(&[
            ("docs/adr/0003-use-git.md", page),
            ("docs/adr/0004-use-rust.md", &page.replace("3. Use Git", "4. Use Rust")),
            ("governance/exceptions.yaml", &exception),
        ]);
        let output = repository.check(&["--select", "reference/broken-link,exception/unused"]);
        let places = output.out.lines().filter_map(|line| line.split(": ").next());
        places.map(str::to_owned).collect::<Vec<_>>()
    };
    let (git, rust) = ("docs/adr/0003-use-git.md:11:12", "docs/adr/0004-use-rust.md:11:12");
    for scope in ["[decision/0003]", "[docs/adr/0003-use-git.md]"] {
        assert_eq!(found(scope), [rust], "{scope}");
    }
    assert_eq!(found("decision"), [""; 0]);
    assert_eq!(found("kpi"), [git, rust, "governance/exceptions.yaml:1:30"]);
}

#[test]
fn a_page_that_takes_over_the_title_of_a_deleted_one_gains_no_excuse() {
    let page = |number: u32, why: &str| {
        format!(
            "# {number}. Use Git\n\nDate: 2026-10-01\n\n## Status\n\nAccepted\n\n## Context\n\n{why}\n\n## Decision\n\nGit.\n"
        )
    };
    let exception = "exceptions: [{id: X-1, rule: reference/broken-link, scope: decision/0003, reason: R, expires: 2027-01-31}]\n";
    for has_exception in [true, false] {
        let repository = Repository::with(&[("docs/adr/0003-use-git.md", &page(3, "See [gone](gone.md)."))]);
        match has_exception {
            true => repository.write(&[("governance/exceptions.yaml", exception)]),
            false => drop(repository.check(&["--select", "reference/broken-link", "--write-baseline"])),
        }
        repository.commit("2026-10-03");
        assert_eq!(repository.check(&["--select", "reference/broken-link"]).messages(), [""; 0]);
        repository.git(&["checkout", "--quiet", "-b", "side"]);
        repository.remove("docs/adr/0003-use-git.md");
        repository.write(&[("docs/adr/0007-use-git.md", &page(7, "For all, see [gone](gone.md)."))]);
        repository.commit("2026-10-04");
        let output = repository.check(&["--since", "main", "--select", "reference/broken-link"]);
        assert_eq!(output.messages(), ["broken link to `gone.md`"], "{has_exception}: {}", output.err);
    }
}

#[test]
fn another_record_of_an_identifier_inherits_nothing() {
    let page = |title: &str, why: &str, decided: &str| {
        format!(
            "# 3. {title}\n\nDate: 2026-10-01\n\n## Status\n\nAccepted\n\n## Context\n\n{why} See [gone](gone.md).\n\n\
             ## Decision\n\n{decided}\n"
        )
    };
    let (path, elsewhere) = ("docs/adr/0003-use-git.md", "services/web/adr/0003-lunch.md");
    let git = page("Use Git", "Everybody knows its commands.", "All sources live in one repository.");
    let retitled = git.replace("Use Git", "Version sources").replace("one repository", "one place");
    let lunch = page("Have lunch", "Hunger strikes at noon.", "Pizza comes daily, with fruit.");
    let exception = "exceptions: [{id: X-1, rule: reference/broken-link, scope: decision/0003, reason: R, expires: 2027-01-31}]\n";
    let comment = "<!-- alignlint: ignore reference/broken-link because it will come -->\n\n## Context";
    for excuse in ["none", "exception", "baseline", "comment"] {
        let commented = |text: &str| match excuse {
            "comment" => text.replace("## Context", comment),
            _ => text.to_owned(),
        };
        let repository = Repository::with(&[(path, &commented(&git))]);
        match excuse {
            "exception" => repository.write(&[("governance/exceptions.yaml", exception)]),
            "baseline" => drop(repository.check(&["--select", "reference/broken-link", "--write-baseline"])),
            _ => {}
        }
        repository.commit("2026-10-03");
        let known = repository.check(&["--select", "reference/broken-link"]).messages().len();
        assert_eq!(known, usize::from(excuse == "none"), "{excuse}");
        repository.git(&["checkout", "--quiet", "-b", "side"]);
        let check = || {
            let output = repository.check(&[
                "--since",
                "main",
                "--policy-from",
                "main",
                "--select",
                "reference/broken-link",
            ]);
            output
                .out
                .lines()
                .map(|line| line.split(':').next().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
        };
        repository.write(&[(path, &commented(&lunch))]);
        assert_eq!(check(), [path], "{excuse}: another decision");
        repository.write(&[(path, &commented(&git)), (elsewhere, &commented(&lunch))]);
        assert_eq!(check(), [elsewhere], "{excuse}: in another folder");
        repository.remove(path);
        assert_eq!(check(), [elsewhere], "{excuse}: instead of the first");
        // Honest: another title for the same words, in the folder or in another.
        repository.remove(elsewhere);
        repository.write(&[(path, &commented(&retitled))]);
        assert_eq!(check(), [""; 0], "{excuse}: retitled");
    }
}
