//! Pages and tables of a company: what is told of them, what is offered, and what is written next.

use crate::kit::{Repository, TODAY};

const PEOPLE: (&str, &str) =
    ("governance/people.yaml", "people: [{ id: ada, title: Ada Byron }, { id: priya, title: Priya Nair }]\n");

const FORUMS: (&str, &str) = (
    "governance/forums.yaml",
    "forums: [{ id: leadership, title: Leadership, owner: ada, chair: ada, purpose: [decide], cadence: 1 week }]\n",
);

fn minutes(forum: &str, attendees: &str) -> String {
    format!(
        "# Notes, 16 November 2026\n\nForum: {forum}\nAttendees: {attendees}\n\n## Discussion\n\nChurn.\n\n## Decisions\n\nNone.\n"
    )
}

const PAGE: &str = "minutes/2026-11-16-notes.md";

#[test]
fn a_forum_that_minutes_name_is_known() {
    let found = |forum: &str| {
        let page = minutes(forum, "Ada Byron");
        let repository = Repository::folder_with(&[PEOPLE, FORUMS, (PAGE, &page)]);
        repository.check(&["--select", "reference/unknown"]).out
    };
    assert_eq!(found("Leadership"), "");
    assert_eq!(found("Leadership (by telephone)"), "", "a remark is no name");
    let told = "minutes/2026-11-16-notes.md:3:8: error[reference/unknown] `2026-11-16-notes` refers to the unknown forum `Leadershp`\n";
    assert_eq!(found("Leadershp"), told);
}

#[test]
fn a_run_offers_to_report_unknown_people_and_old_goals() {
    let goals = "# Goals\n\nPeriod: 2026-Q3\n\n## O-1: Stay\n\nOwner: Ada Byron\n\n### Key results\n\n\
                 | Key result | Metric | Baseline | Target |\n|---|---|---|---|\n| Fewer leave | churn | 3% | 2% |\n\n\
                 ## O-2: Grow\n\nOwner: Ada Byron\n\n### Key results\n\n\
                 | Key result | Metric | Baseline | Target |\n|---|---|---|---|\n| More come | arr | 3 | 4 |\n";
    let kpis = "kpis: [{ id: churn, definition: Who left, owner: ada }, { id: arr, definition: Contracts, owner: ada }]\n";
    let page = minutes("Leadership", "Ada Byron, Pria Nair");
    let files = [PEOPLE, FORUMS, (PAGE, &*page), ("okrs/2026-q3.md", goals), ("governance/kpis.yaml", kpis)];
    let repository = Repository::folder_with(&files);
    let notes = repository.run_today(&[]).notes();
    for told in [
        "refers to the unknown person or role or team `Pria Nair` (`minutes/2026-11-16-notes.md:4`); to have it reported: \
         practices: { directory: [minutes/**] }",
        "the period of `O-1` ended on 2026-09-30, and it is still active (`okrs/2026-q3.md:3`), and 1 more; to have them \
         reported: practices: { check-ins: [okrs/**] }",
    ] {
        assert!(notes.contains(&format!("not reported: {told}")) || notes.contains(told), "{notes}");
    }
    repository.write(&[("alignlint.yaml", "practices: { directory: [minutes/**] }\n")]);
    let output = repository.run_today(&["--select", "directory/unknown"]).out;
    assert!(output.contains("did you mean `Priya Nair`?"), "{output}");
}

#[test]
fn a_level_that_is_kept_is_at_its_target() {
    let goals = |title: &str, current: &str| {
        format!(
            "kpis: [{{ id: runway, title: Runway, unit: months, direction: up }}]\n\
             objectives:\n  - id: O-1\n    title: Stay\n    status: active\n    period: 2026-Q4\n    owner: ada\n    key-results: \
             [{{ title: {title}, kpi: runway, baseline: 19 months, target: 18 months, current: {current}, updated: 2026-11-20 }}]\n"
        )
    };
    let course = |title: &str, current: &str| {
        let repository = Repository::folder_with(&[PEOPLE, ("strategy/goals.yaml", &goals(title, current))]);
        let wrong = repository.check(&["--select", "objective/target-against-direction"]).findings().len();
        let report = repository.run(&["report", "course", "--as-of", TODAY]).out;
        let state = report.lines().find_map(|line| line.strip_prefix("runway")).unwrap_or_default();
        (wrong, state.trim().to_owned())
    };
    assert_eq!(course("Runway stays above 18 months", "19 months"), (0, "at its target".to_owned()));
    assert_eq!(course("Runway stays above 18 months", "17 months"), (0, "off".to_owned()));
    assert_eq!(course("Runway falls", "19 months").0, 1);
}

#[test]
fn the_next_session_has_the_title_of_the_last_one_and_the_day_of_today() {
    let page = minutes("Leadership", "Ada Byron").replace("# Notes,", "# Leadership,");
    let files = [PEOPLE, FORUMS, ("minutes/2026-11-16-leadership.md", &*page)];
    let repository = Repository::folder_with(&files);
    let output = repository.run_today(&["new", "meeting"]);
    assert_eq!(output.out, "minutes/2026-11-20-leadership.md\n", "{}", output.err);
    assert!(
        repository.read("minutes/2026-11-20-leadership.md").starts_with("# Leadership, 20 November 2026\n")
    );
}

#[test]
fn a_new_role_and_a_new_team_are_held_by_nobody_yet() {
    let directory = "people: [{ id: ada, title: Ada Byron, email: ada@example.org }]\n\
                     roles:\n  - id: ceo\n    title: Chief Executive\n    holder: ada\n\
                     teams:\n  - id: sales\n    title: Sales\n    lead: ada\n";
    let repository = Repository::with(&[("governance/directory.yaml", directory)]);
    for (kind, line) in [("role", "    holder:\n"), ("team", "    lead:\n")] {
        let output = repository.run_today(&["new", kind, "North"]);
        assert_eq!(output.out, "governance/directory.yaml\n", "{}", output.err);
        let written = repository.read("governance/directory.yaml");
        assert!(written.contains(&format!("    title: North\n{line}")), "{written}");
    }
}

#[test]
fn a_target_that_was_removed_is_told_as_that() {
    let goals = |target: &str| {
        format!(
            "kpis: [{{ id: runway, title: Runway }}]\nobjectives:\n  - id: O-1\n    title: Stay\n    status: active\n    period: 2026-Q4\n    \
             owner: ada\n    key-results:\n      - kpi: runway\n        baseline: 17 months\n        current: 17 months\n{target}"
        )
    };
    let repository =
        Repository::with(&[PEOPLE, ("strategy/goals.yaml", &goals("        target: 18 months\n"))]);
    repository.write(&[("strategy/goals.yaml", &goals(""))]);
    repository.commit("2026-11-10");
    let report = repository.run(&["report", "--as-of", TODAY]).out;
    let report = report.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(report.contains("target 18 months removed on 2026-11-10"), "{report}");
    assert!(!report.contains("to on"), "{report}");
}
