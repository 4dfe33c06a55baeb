//! A change can't hide a record from the check: what the base has is read in the head, or its loss is reported.

use std::os::unix::fs::symlink;

use crate::kit::{Output, Repository, adr};

/// A decision page outside the conventional folders.
const PAGE: &str = "# 7. Sell through partners\n\n## Status\n\nAccepted\n\n## Context\n\nOur partners know the market \
                    abroad, and we do not.\n\n## Decision\n\nPartners sell in all countries but our own.\n";
const PAGE_PATH: &str = "handbook/0007-sell-through-partners.md";

const KPIS: &str = "kpis:\n  - {id: churn, title: Monthly churn, definition: Customers who left}\n";

fn decision(id: &str, title: &str) -> String {
    format!(
        "  - {{id: {id}, title: {title}, status: accepted, date: 2026-10-01, owner: ada, options: [a, b], trade-offs: \
         [c], context: why, consequences: [what]}}\n"
    )
}

fn decisions() -> String {
    format!("decisions:\n{}{}", decision("D-1", "Sell abroad"), decision("D-2", "Raise prices"))
}

/// A repository without findings: decisions at `path`, a page, a metric and a person.
fn sound(path: &str) -> Repository {
    Repository::with(&[
        (path, &decisions()),
        (PAGE_PATH, PAGE),
        ("strategy/kpis.yaml", KPIS),
        ("governance/people.yaml", "people: [{id: ada, title: Ada}]\n"),
    ])
}

/// The messages about lost records, with their severity, and the exit code. The index, the worktree and the commit
/// agree on them.
#[track_caller]
fn losses(repository: &Repository) -> (Vec<String>, Option<i32>) {
    repository.git(&["add", "--all"]);
    let staged = of_policy(&repository.check(&["--staged", "--since", "HEAD"]));
    assert_eq!(of_policy(&repository.check(&["--since", "HEAD"])), staged, "worktree and index");
    repository.commit("2026-10-02");
    let by_base = ["--rev", "HEAD", "--since", "HEAD~1", "--policy-from", "HEAD~1"];
    assert_eq!(of_policy(&repository.check(&by_base)), staged, "commit, by the policy of the base");
    staged
}

fn of_policy(output: &Output) -> (Vec<String>, Option<i32>) {
    let is_loss = |line: &&str| line.contains("[policy/hidden]") || line.contains("[policy/deleted]");
    let lost = output.findings().into_iter().filter(is_loss).map(str::to_owned);
    (lost.collect(), output.code)
}

#[track_caller]
fn hidden(repository: &Repository, messages: &[&str]) {
    let wanted: Vec<String> =
        messages.iter().map(|message| format!("error[policy/hidden] {message}")).collect();
    assert_eq!(losses(repository), (wanted, Some(1)));
}

#[track_caller]
fn deleted(repository: &Repository, messages: &[&str]) {
    let wanted: Vec<String> =
        messages.iter().map(|message| format!("note[policy/deleted] {message}")).collect();
    assert_eq!(losses(repository), (wanted, Some(0)));
}

/// What the change does to a [`sound`] repository is neither hiding nor deletion.
#[track_caller]
fn harmless(repository: &Repository) {
    assert_eq!(losses(repository).0, Vec::<String>::new());
}

fn moved(repository: &Repository, from: &str, to: &str) {
    let text = repository.read(from);
    repository.remove(from);
    repository.write(&[(to, &text)]);
}

const DECISIONS: &str = "governance/decisions.yaml";

#[test]
fn a_byte_that_is_not_utf8_hides_no_page() {
    let repository = sound(DECISIONS);
    let broken = [PAGE.as_bytes(), b"\x81\n"].concat();
    repository.write_file(PAGE_PATH, &broken);
    hidden(&repository, &[&format!("no longer read: decision `0007`, `{PAGE_PATH}` can't be read")]);
    // Without a base, it is a file that can't be read.
    let output = repository.check(&[]);
    let place = format!("{PAGE_PATH}:14:1: error[document/unreadable] invalid UTF-8");
    assert!(output.out.contains(&place), "{}", output.out);
    // Honest: another byte.
    let repository = sound(DECISIONS);
    repository.write(&[(PAGE_PATH, &format!("{PAGE}é\n"))]);
    harmless(&repository);
}

#[test]
fn an_unreadable_item_at_the_top_hides_no_list() {
    for broken in ["  - @eve\n", "  - [\n", "  - {id: \"x}\n"] {
        let repository = sound("decisions.yaml");
        repository.write(&[("decisions.yaml", &decisions().replacen('\n', &format!("\n{broken}"), 1))]);
        let message = "no longer read: decision `D-1`, decision `D-2`, `decisions.yaml` can't be read";
        hidden(&repository, &[message]);
        let output = repository.check(&[]);
        assert!(output.out.contains("error[document/unreadable]"), "{broken}: {}", output.out);
    }
    let repository = sound("decisions.yaml");
    let more = decisions().replacen('\n', &format!("\n{}", decision("D-3", "Open an office")), 1);
    repository.write(&[("decisions.yaml", &more)]);
    harmless(&repository);
}

#[test]
fn an_implausible_item_at_the_top_hides_no_list() {
    let fields = |count: usize| (0..count).map(|at| format!(", f{at}: [1]")).collect::<String>();
    let with = |items: &str| decisions().replacen('\n', &format!("\n{items}"), 1);
    let repository = sound("decisions.yaml");
    let item =
        format!("  - {{id: [x], title: [], status: 7, date: 3, owner: {{}}, topic: [[]]{}}}\n", fields(40));
    repository.write(&[("decisions.yaml", &with(&item))]);
    // The others are read, and the item is reported.
    let output = repository.check(&["--since", "HEAD"]);
    assert!(output.out.contains("error[schema/"), "{}", output.out);
    assert_eq!(of_policy(&output).0, Vec::<String>::new());
    // More of them than others: the file holds no records.
    let repository = sound("decisions.yaml");
    repository.write(&[("decisions.yaml", &with(&item.repeat(3)))]);
    let message =
        "no longer read: decision `D-1`, decision `D-2`, still in `decisions.yaml`, but not recognised there";
    hidden(&repository, &[message]);
}

#[test]
fn a_schema_of_somebody_else_hides_no_list() {
    for schema in [
        "http://json-schema.org/draft-07/schema#",
        "https://example.org/objective.json",
        "https://example.org/x.json",
    ] {
        let repository = sound(DECISIONS);
        repository.write(&[(DECISIONS, &format!("$schema: {schema}\n{}", decisions()))]);
        harmless(&repository);
    }
    let repository = sound("decisions.yaml");
    let schema = "$schema: http://json-schema.org/draft-07/schema#\n";
    repository.write(&[("decisions.yaml", &format!("{schema}{}", decisions()))]);
    let message =
        "no longer read: decision `D-1`, decision `D-2`, still in `decisions.yaml`, but not recognised there";
    hidden(&repository, &[message]);
}

#[test]
fn another_kind_hides_no_record() {
    let repository = sound(DECISIONS);
    repository
        .write(&[(PAGE_PATH, &format!("---\nkind: term\nid: partner\ndefinition: Who sells.\n---\n{PAGE}"))]);
    repository.git(&["add", "--all"]);
    let (messages, code) = of_policy(&repository.check(&["--staged", "--since", "HEAD"]));
    let message =
        format!("error[policy/hidden] no longer read: decision `0007`, read as kind `term` in `{PAGE_PATH}`");
    assert_eq!((messages, code), (vec![message], Some(1)));
    let repository = sound(DECISIONS);
    repository.write(&[(DECISIONS, &format!("kind: term\nid: t\ntitle: t\ndefinition: d\n{}", decisions()))]);
    let (messages, code) = of_policy(&repository.check(&["--since", "HEAD"]));
    let message = "error[policy/hidden] no longer read: decision `D-1`, decision `D-2`, still in \
                   `governance/decisions.yaml`, but not recognised there";
    assert_eq!((messages, code), (vec![message.to_owned()], Some(1)));
    // Honest: the kind that it has.
    let repository = sound(DECISIONS);
    repository.write(&[(PAGE_PATH, &format!("---\nkind: decision\nid: \"0007\"\n---\n{PAGE}"))]);
    repository.git(&["add", "--all"]);
    assert_eq!(of_policy(&repository.check(&["--staged", "--since", "HEAD"])).0, Vec::<String>::new());
}

#[test]
fn a_folder_that_is_not_read_hides_no_page() {
    let name = "0007-sell-through-partners.md";
    let places = [
        format!("vendor/{name}"),
        format!("test/{name}"),
        format!("handbook/templates/{name}"),
        "handbook/template-partners.md".to_owned(),
        "handbook/0007-sell-through-partners.txt".to_owned(),
    ];
    for place in places {
        let repository = sound(DECISIONS);
        moved(&repository, PAGE_PATH, &place);
        let message =
            format!("no longer read: decision `0007`, still in `{place}`, but not recognised there");
        hidden(&repository, &[&message]);
    }
    // Changed a little on the way.
    for place in [format!("vendor/{name}"), format!("test/{name}"), "handbook/template-0007.md".to_owned()] {
        let repository = sound(DECISIONS);
        repository.remove(PAGE_PATH);
        repository.write(&[(&place, &PAGE.replace("abroad", "elsewhere"))]);
        let message =
            format!("no longer read: decision `0007`, still in `{place}`, but not recognised there");
        hidden(&repository, &[&message]);
    }
    // Honest: a folder that is read, and one of adr-tools.
    for place in [format!("docs/adr/{name}"), format!("sales/{name}"), "handbook/adr-0007.md".to_owned()] {
        let repository = sound(DECISIONS);
        moved(&repository, PAGE_PATH, &place);
        harmless(&repository);
    }
}

#[test]
fn a_list_in_a_file_that_is_not_read_hides_no_record() {
    for place in ["vendor/decisions.yaml", "sales/plan.yaml", "governance/decisions.txt"] {
        let repository = sound(DECISIONS);
        moved(&repository, DECISIONS, place);
        let message = format!(
            "no longer read: decision `D-1`, decision `D-2`, still in `{place}`, but not recognised there"
        );
        hidden(&repository, &[&message]);
    }
    let repository = sound(DECISIONS);
    repository.remove(DECISIONS);
    let edited = decisions().replace("2026-10-01", "2026-10-02");
    repository.write(&[("sales/plan.yaml", &edited)]);
    let message = "no longer read: decision `D-1`, decision `D-2`, still in `sales/plan.yaml`, but not recognised there";
    hidden(&repository, &[message]);
    let repository = sound(DECISIONS);
    moved(&repository, DECISIONS, "strategy/sales.yaml");
    harmless(&repository);
}

#[test]
fn a_link_hides_no_folder() {
    let repository = sound(DECISIONS);
    fs_rename(&repository, "governance", "old");
    symlink("old", repository.join("governance")).expect("a link");
    let message =
        "no longer read: decision `D-1`, decision `D-2`, person `ada`, `governance` is a symbolic link";
    hidden(&repository, &[message]);
}

#[test]
fn a_link_hides_no_repository() {
    let repository = Repository::with(&[(DECISIONS, &decisions().replace("owner: ada, ", ""))]);
    fs_rename(&repository, "governance", "old");
    symlink("old", repository.join("governance")).expect("a link");
    let message = "no longer read: decision `D-1`, decision `D-2`, `governance` is a symbolic link";
    hidden(&repository, &[message]);
}

#[test]
fn a_submodule_hides_no_folder() {
    let other = Repository::with(&[("decisions.yaml", &decisions())]);
    let repository = sound("strategy/plan/decisions.yaml");
    repository.git(&["rm", "--quiet", "-r", "strategy/plan"]);
    repository.git(&["submodule", "--quiet", "add", &other.url(), "strategy/plan"]);
    let message = "no longer read: decision `D-1`, decision `D-2`, `strategy/plan` is a submodule";
    hidden(&repository, &[message]);
    let repository = sound("strategy/plan/decisions.yaml");
    repository.git(&["rm", "--quiet", "-r", "strategy/plan"]);
    deleted(&repository, &["deleted: decision `D-1`", "deleted: decision `D-2`"]);
}

fn fs_rename(repository: &Repository, from: &str, to: &str) {
    std::fs::rename(repository.join(from), repository.join(to)).expect("it is renamed");
}

#[test]
fn a_deleted_record_is_named() {
    let repository = sound(DECISIONS);
    repository.write(&[(DECISIONS, &format!("decisions:\n{}", decision("D-1", "Sell abroad")))]);
    deleted(&repository, &["deleted: decision `D-2`"]);
    let repository = sound(DECISIONS);
    repository.remove(PAGE_PATH);
    deleted(&repository, &["deleted: decision `0007`"]);
    // Also if everything is gone that there was to check.
    let repository = Repository::with(&[(PAGE_PATH, PAGE), ("README.md", "")]);
    repository.remove(PAGE_PATH);
    deleted(&repository, &["deleted: decision `0007`"]);
}

#[test]
fn a_deleted_folder_is_one_note() {
    let repository = sound(DECISIONS);
    let pages: Vec<String> = (1..=14).map(|number| format!("plan/adr/{number:04}-page.md")).collect();
    for (number, path) in pages.iter().enumerate() {
        repository.write(&[(path, &PAGE.replace("7. Sell", &format!("{}. Sell {number}", number + 1)))]);
    }
    repository.commit("2026-10-01");
    repository.git(&["rm", "--quiet", "-r", "plan"]);
    let named: String = (1..=10).map(|number| format!("decision `{number:04}`, ")).collect();
    deleted(&repository, &[&format!("deleted: {} and 4 more", named.trim_end_matches(", "))]);
}

#[test]
fn a_record_that_is_split_off_renamed_or_converted_is_not_lost() {
    let repository = sound(DECISIONS);
    let (one, other) = (decision("D-1", "Sell abroad"), decision("D-2", "Raise prices"));
    repository.write(&[
        (DECISIONS, &format!("decisions:\n{one}")),
        ("strategy/prices.yaml", &format!("decisions:\n{other}")),
    ]);
    harmless(&repository);
    let repository = sound(DECISIONS);
    let renamed = decisions().replace("D-1", "sales-1").replace("D-2", "prices-1");
    repository.write(&[(DECISIONS, &renamed)]);
    harmless(&repository);
    let repository = sound(DECISIONS);
    repository.write(&[("docs/adr/0009-other.md", &adr(9, "Other", "Accepted"))]);
    repository.write(&[("docs/adr/0008-one.md", &adr(8, "One", "Accepted"))]);
    repository.commit("2026-10-02");
    repository.write(&[("docs/adr/0008-one.md", &adr(9, "One", "Accepted"))]);
    let (notes, _) = losses(&repository);
    assert!(notes.iter().all(|note| !note.contains("deleted")), "{notes:?}");
    let repository = sound(DECISIONS);
    moved(&repository, PAGE_PATH, "handbook/0012-sell-through-partners.md");
    harmless(&repository);
    let repository = sound(DECISIONS);
    repository.remove(DECISIONS);
    let json = "{\"decisions\": [{\"id\": \"D-1\", \"title\": \"Sell abroad\", \"status\": \"accepted\", \"date\": \
                \"2026-10-01\", \"owner\": \"ada\", \"options\": [\"a\", \"b\"], \"trade-offs\": [\"c\"], \"context\": \"why\", \"consequences\": [\"what\"]}]}";
    repository.write(&[
        ("governance/decisions.json", json),
        ("governance/D-2.yaml", "kind: decision\nid: D-2\ntitle: Raise prices\nstatus: accepted\ndate: 2026-10-01\nowner: ada\noptions: [a, b]\ntrade-offs: [c]\ncontext: why\nconsequences: [what]\n"),
    ]);
    harmless(&repository);
}

#[test]
fn a_word_or_number_that_means_something_else_hides_nothing() {
    let repository = sound(DECISIONS);
    repository.remove(PAGE_PATH);
    repository.remove("strategy/kpis.yaml");
    repository.write(&[
        ("blog/0007-hello.md", "# Hello\n\nThis is the first page of our new blog about sales.\n"),
        ("deploy/settings.yaml", "churn: {replicas: 2, image: churn}\nitems: [{id: 7}, {id: churn}]\n"),
        ("vendor/list.json", "{\"id\": \"0007\"}\n"),
    ]);
    deleted(&repository, &["deleted: decision `0007`", "deleted: kpi `churn`"]);
}

#[test]
fn a_copy_that_was_there_before_hides_nothing() {
    let repository = sound(DECISIONS);
    repository.write(&[("vendor/0007-sell-through-partners.md", PAGE)]);
    repository.commit("2026-10-01");
    repository.remove(PAGE_PATH);
    deleted(&repository, &["deleted: decision `0007`"]);
}

#[test]
fn a_change_can_not_excuse_what_it_hides() {
    let repository = sound(DECISIONS);
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    moved(&repository, PAGE_PATH, "vendor/0007-sell-through-partners.md");
    repository.write(&[
        ("alignlint.yaml", "exclude: [vendor/**, handbook/**]\nrules: {policy/hidden: off}\n"),
        (
            "governance/exceptions.yaml",
            "exceptions: [{id: X-1, rule: policy/hidden, reason: R, owner: ada, expires: 2027-01-31}]\n",
        ),
    ]);
    repository.commit("2026-10-02");
    let output = repository.check(&["--since", "main", "--policy-from", "main"]);
    assert!(output.out.contains("error[policy/hidden] no longer read: decision `0007`, "), "{}", output.out);
    assert_eq!(output.code, Some(1));
}

#[test]
fn a_record_that_takes_the_file_of_another_is_not_that_record() {
    let (one, other) = ("governance/sell.yaml", "governance/prices.yaml");
    let pair = || {
        let repository = sound(DECISIONS);
        repository.remove(DECISIONS);
        let list = |id, title| format!("decisions:\n{}", decision(id, title));
        repository.write(&[(one, &list("D-1", "Sell abroad")), (other, &list("D-2", "Raise prices"))]);
        repository.commit("2026-10-01");
        repository
    };
    // A record of the base moves into the file.
    let repository = pair();
    moved(&repository, other, one);
    deleted(&repository, &["deleted: decision `D-1`"]);
    // A new record replaces it.
    let repository = pair();
    repository.write(&[(one, &format!("decisions:\n{}", decision("D-9", "Have lunch")))]);
    deleted(&repository, &["deleted: decision `D-1`"]);
    // Honest: another identifier for the same decision.
    let repository = pair();
    repository.write(&[(one, &format!("decisions:\n{}", decision("D-9", "Sell abroad")))]);
    harmless(&repository);
}

#[test]
fn one_of_two_records_with_an_identifier_is_not_lost_unseen() {
    let (one, other) = ("governance/sell.yaml", "governance/more.yaml");
    let pair = || {
        let repository = sound(DECISIONS);
        let list = format!("decisions:\n{}", decision("D-7", "Sell at home"));
        repository.write(&[(one, &list), (other, &list.replace("at home", "in town"))]);
        repository.commit("2026-10-01");
        repository
    };
    let repository = pair();
    std::fs::remove_file(repository.join(one)).expect("it is removed");
    symlink("../old", repository.join(one)).expect("a link");
    let message = "no longer read: decision `D-7`, `governance/sell.yaml` is a symbolic link";
    assert_eq!(losses(&repository).0, [format!("error[policy/hidden] {message}")]);
    let repository = pair();
    repository.remove(other);
    assert_eq!(losses(&repository).0, ["note[policy/deleted] deleted: decision `D-7`"]);
    // Honest: one of them moves.
    let repository = pair();
    moved(&repository, other, "strategy/more.yaml");
    harmless(&repository);
}

#[test]
fn a_folder_where_the_base_has_switched_all_rules_off_hides_nothing() {
    let repository = sound(DECISIONS);
    let config = "overrides: [{files: archive/**, rules: {\"*\": off}}]\n";
    repository.write(&[("alignlint.yaml", config)]);
    repository.commit("2026-10-01");
    moved(&repository, DECISIONS, "archive/decisions.yaml");
    let message = "no longer read: decision `D-1`, decision `D-2`, still in `archive/decisions.yaml`, but not \
                   recognised there";
    hidden(&repository, &[message]);
    // Honest: a rule that is named is off there.
    let repository = sound(DECISIONS);
    repository.write(&[("alignlint.yaml", &config.replace("\"*\"", "policy/hidden"))]);
    repository.commit("2026-10-01");
    moved(&repository, DECISIONS, "archive/decisions.yaml");
    harmless(&repository);
}

#[test]
fn an_identifier_and_a_title_show_a_record_and_only_a_new_one_hides_it() {
    for key in ["identifier", "key", "number"] {
        let repository = sound(DECISIONS);
        repository.remove(DECISIONS);
        repository.write(&[("sales/plan.yaml", &format!("old: [{{{key}: D-1, title: Sell abroad}}]\n"))]);
        let hidden = "no longer read: decision `D-1`, still in `sales/plan.yaml`, but not recognised there";
        let expected = [
            "note[policy/deleted] deleted: decision `D-2`".to_owned(),
            format!("error[policy/hidden] {hidden}"),
        ];
        assert_eq!(losses(&repository).0, expected, "{key}");
    }
    // Honest: somebody else's file has had that identifier all along.
    let repository = sound(DECISIONS);
    let menu = "dishes: [{id: D-1, colour: red}]\n";
    repository.write(&[("web/menu.yaml", menu)]);
    repository.commit("2026-10-01");
    repository.write(&[
        ("web/menu.yaml", &menu.replace("red", "green")),
        (DECISIONS, &format!("decisions:\n{}", decision("D-2", "Raise prices"))),
    ]);
    deleted(&repository, &["deleted: decision `D-1`"]);
}

#[test]
fn a_sparse_checkout_deletes_nothing() {
    let repository = sound(DECISIONS);
    repository.git(&["sparse-checkout", "set", "--no-cone", "/governance/"]);
    let output = repository.check(&["--since", "HEAD"]);
    assert_eq!((output.messages(), output.code), (vec![], Some(0)), "{}", output.out);
}

/// A page of a decision in force, with words that are its own.
const ACCEPTED: &str = "# 8. Sell in shops\n\nDate: 2026-10-01\n\n## Status\n\nAccepted\n\n## Context\n\nOur partners know \
                        the market abroad, and every attempt to open an office there has failed within a year.\n\n## \
                        Decision\n\nShops sell in all countries, under contracts that renew annually.\n\n## \
                        Consequences\n\nMargins shrink by a fifth. Support requests arrive through the shops.\n";
const ACCEPTED_PATH: &str = "docs/adr/0008-sell-in-shops.md";

/// A [`sound`] repository with that page too.
fn with_page() -> Repository {
    let repository = sound(DECISIONS);
    repository.write(&[(ACCEPTED_PATH, ACCEPTED)]);
    repository.commit("2026-10-01");
    repository
}

#[test]
fn a_decision_in_force_is_not_emptied_unseen() {
    let head = "# 8. Sell in shops\n\nDate: 2026-10-01\n\n## Status\n\nAccepted\n";
    let (start, end) = ACCEPTED.split_once("## Context").expect("a section");
    for text in [
        "# 8. Sell in shops\n",
        head,
        &format!("{head}\n## Context\n\nWe thought.\n\n## Decision\n\nNothing is settled.\n"),
        &format!("{}\n## Decision\n\nNothing.\n", head.replace("Accepted", "Acepted-ish")),
        &ACCEPTED.split("## Decision").next().expect("the beginning").replace("every attempt", "each"),
        &format!("{start}```\n## Context{end}```\n"),
        &format!("# 8. Sell in shops\n\n<!--\n{end}-->\n"),
        "# 8. Have lunch\n\n## Status\n\nAccepted\n\n## Context\n\nHunger.\n\n## Decision\n\nPizza.\n",
    ] {
        let repository = with_page();
        repository.write(&[(ACCEPTED_PATH, text)]);
        let message =
            format!("no longer read: decision `0008`, in force without its text in `{ACCEPTED_PATH}`");
        hidden(&repository, &[&message]);
    }
    // Honest: an edit, a pointer to what supersedes it, another layout, more words, another language, and a draft.
    let superseded = "# 8. Sell in shops\n\n## Status\n\nSuperseded by [9](0009-sell-online.md)\n";
    let relaid = "---\nstatus: accepted\ndate: 2026-10-01\n---\n# Sell in shops\n\n## Context and Problem Statement\n\nOur \
                  partners know the market abroad, and every attempt to open an office has failed.\n\n## Considered \
                  Options\n\n* Shops\n* Agents\n\n## Decision Outcome\n\nShops sell in all countries.\n";
    let german = "# 8. Verkauf in Filialen\n\n## Status\n\nAccepted\n\n## Kontext\n\nUnsere Partner kennen den Markt im \
                  Ausland, und jeder Versuch einer eigenen Niederlassung ist gescheitert.\n\n## \
                  Entscheidung\n\nFilialen verkaufen in allen Ländern, mit jährlich erneuerten Verträgen.\n\n## \
                  Konsequenzen\n\nDie Marge sinkt um ein Fünftel.\n";
    for text in [
        &ACCEPTED.replace("by a fifth", "by a third"),
        superseded,
        relaid,
        &format!("{ACCEPTED}\n## Notes\n\nShops in Norway open later.\n"),
        &ACCEPTED.replace("# 8. Sell in shops", "# 8. Shops sell"),
        &ACCEPTED.replace("## Decision", "## Where we stand after the summer"),
    ] {
        let repository = with_page();
        repository.write(&[(ACCEPTED_PATH, text)]);
        harmless(&repository);
    }
    let repository = with_page();
    repository.write(&[(ACCEPTED_PATH, german)]);
    assert_eq!(losses(&repository).0, ["note[policy/deleted] deleted: decision `0008`"]);
    let repository = sound(DECISIONS);
    repository.write(&[(ACCEPTED_PATH, &ACCEPTED.replace("Accepted", "Proposed"))]);
    repository.commit("2026-10-01");
    repository.write(&[(ACCEPTED_PATH, &format!("{head}\n## Decision\n\nAgents.\n"))]);
    harmless(&repository);
}

#[test]
fn another_title_and_ending_hide_no_page_and_no_list() {
    let page = ACCEPTED.replace("# 8. Sell in shops", "# 8. Shops").replace("annually", "monthly");
    for place in ["docs/adr/0008.j2", "docs/adr/0008-shops.md.txt", "docs/adr/0008-shops", "web/0008.html"] {
        let repository = with_page();
        repository.remove(ACCEPTED_PATH);
        repository.write(&[(place, &page)]);
        let message =
            format!("no longer read: decision `0008`, still in `{place}`, but not recognised there");
        hidden(&repository, &[&message]);
    }
    let repository = with_page();
    repository.remove(ACCEPTED_PATH);
    repository.write(&[("notes/mail.txt", &ACCEPTED.replace("# 8. Sell in shops", "# Mail"))]);
    hidden(
        &repository,
        &["no longer read: decision `0008`, still in `notes/mail.txt`, but not recognised there"],
    );
    let list = decisions().replace("Sell abroad", "Sell").replace("Raise prices", "Raise");
    let (comment, block) =
        (list.replace("  - ", "  # - "), format!("notes: |\n  {}", list.replace('\n', "\n  ")));
    let code = format!("# Notes\n\n```yaml\n{list}```\n");
    for (place, text) in [
        (DECISIONS, &comment),
        (DECISIONS, &block),
        ("handbook/notes.md", &code),
        ("governance/decisions.jsonc", &format!("// {list}")),
        ("governance/decisions", &list),
    ] {
        let repository = sound(DECISIONS);
        repository.remove(DECISIONS);
        repository.write(&[(place, text)]);
        let (lost, code) = losses(&repository);
        let message = format!("still in `{place}`, but not recognised there");
        let wanted =
            format!("error[policy/hidden] no longer read: decision `D-1`, decision `D-2`, {message}");
        assert_eq!((lost, code), (vec![wanted], Some(1)), "{place}");
    }
    // Honest: a note says that they are gone, and another decision takes up half a sentence.
    let repository = with_page();
    repository.write(&[("CHANGELOG.md", "# Changes\n")]);
    repository.commit("2026-10-01");
    repository.remove(ACCEPTED_PATH);
    let other =
        ACCEPTED.replace("# 8. Sell in shops", "# 9. Hire agents").replace("Shops sell", "Agents sell");
    let log = "# Changes\n\n- ADR 0008 and D-1 are gone: nothing of them is used any more.\n- Removed D-1: Sell abroad, and 0008: Sell in shops\n";
    repository.write(&[
        ("docs/adr/0009-hire-agents.md", &other),
        ("CHANGELOG.md", log),
        (DECISIONS, &format!("decisions:\n{}", decision("D-2", "Raise prices"))),
    ]);
    let gone = ["0008", "D-1"].map(|id| format!("note[policy/deleted] deleted: decision `{id}`"));
    assert_eq!(losses(&repository).0, gone);
    // It moves, and leaves a pointer behind.
    let repository = with_page();
    let pointer = "# 8. Sell in shops\n\n## Status\n\nAccepted\n\nMoved to [another folder](../decisions/0008-sell-in-shops.md)\n";
    repository.write(&[("docs/decisions/0008-sell-in-shops.md", ACCEPTED), (ACCEPTED_PATH, pointer)]);
    assert_eq!(losses(&repository).0, [""; 0]);
}

#[test]
fn a_page_that_moves_into_an_archive_and_is_rewritten_is_checked() {
    let rewritten = ACCEPTED.replace("renew annually", "never renew, see [here](gone.md)");
    for folder in ["archive", "out", "dist", "docs/adr/old"] {
        let repository = with_page();
        let path = format!("{folder}/0008-sell-in-shops.md");
        repository.remove(ACCEPTED_PATH);
        repository.write(&[(&path, &rewritten)]);
        let output = repository.check(&["--since", "HEAD", "--policy-from", "HEAD"]);
        assert_eq!(output.messages(), ["broken link to `gone.md`"], "{folder}: {}", output.err);
        // Honest: as it is, or with an end.
        for text in [ACCEPTED, &rewritten.replace("Accepted", "Rejected")] {
            repository.write(&[(&path, text)]);
            let output = repository.check(&["--since", "HEAD", "--policy-from", "HEAD"]);
            assert_eq!(output.messages(), [""; 0], "{folder}: {}", output.out);
        }
    }
}
