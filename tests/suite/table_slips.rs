//! Slips in tables whose rows are records or key results: what is told once, at the slip, and not of each row.

use crate::kit::Repository;

/// A repository that keeps its records in this form on purpose.
const CONFIG: (&str, &str) = ("alignlint.yaml", "extends: [recommended]\n");

const PEOPLE: (&str, &str) = (
    "governance/people.md",
    "# People\n\n| ID | Name | Reports to | Left |\n|---|---|---|---|\n| ada | Ada Byron | | |\n| bo | Bo Ek | ada | 2026-06-30 |\n\
     | cy | Cy Or | ada | |\n",
);

const INITIATIVES: &str = "# Work\n\n| ID | Initiative | Owner | Status | Start | End | Depends on | Decision |\n|---|---|---|---|---|---|---|---|\n\
     | I-1 | Portal | ada | running | 2026-09-01 | 2027-01-29 | | |\n| I-2 | Second maker | cy | running | 2026-11-16 | 2027-02-26 | | D-3 |\n\
     | I-3 | Renewal calls | ada | running | 2026-10-05 | 2026-12-18 | | |\n";

const DECISION: (&str, &str) = (
    "governance/decisions.yaml",
    "decisions:\n  - { id: D-3, title: Two makers, status: accepted, date: 2026-11-16, owner: ada, consequences: [More work.] }\n",
);

/// What is told of values and columns, as one line.
fn told(repository: &Repository) -> String {
    let output = repository.run(&["--select", "schema/*"]).out;
    output.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The findings that a change to the table of initiatives adds.
fn found(from: &str, to: &str) -> Vec<String> {
    assert!(INITIATIVES.contains(from), "{from}");
    let lines = |text: &str| {
        let files = [CONFIG, PEOPLE, DECISION, ("strategy/initiatives.md", text)];
        let output = Repository::folder_with(&files).run(&["--as-of", "2026-11-20", "--format", "concise"]);
        output.out.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let before = lines(INITIATIVES);
    lines(&INITIATIVES.replacen(from, to, 1)).into_iter().filter(|line| !before.contains(line)).collect()
}

#[test]
fn a_row_with_a_cell_too_many_or_too_few_is_one_finding() {
    for (from, to, message) in [
        (
            "Renewal calls",
            "Renewal calls | mails",
            "7:3: error[schema/type] `I-3`: the row has 9 cells, and the table 8 columns",
        ),
        (
            "2027-02-26 | | D-3",
            "2027-02-26 | D-3",
            "6:3: error[schema/type] `I-2`: the row has 7 cells, and the table 8 columns",
        ),
        (
            "| cy | running",
            "| running",
            "6:3: error[schema/type] `I-2`: the row has 7 cells, and the table 8 columns",
        ),
    ] {
        assert_eq!(found(from, to), [format!("strategy/initiatives.md:{message}")], "{to}");
    }
}

#[test]
fn a_row_that_ends_early_and_a_bar_in_a_text_are_no_slips() {
    assert!(found("2026-12-18 | | |", "2026-12-18 |").is_empty());
    assert!(found("Renewal calls", "Renewal calls \\| mails").is_empty());
}

#[test]
fn a_row_without_an_identifier_is_told_where_all_others_have_one() {
    let told = found("| I-3 |", "| |");
    assert_eq!(
        told,
        [
            "strategy/initiatives.md:7:5: error[schema/required] `renewal-calls`: the row has no `id`, and all other rows of the table have one"
        ]
    );
}

#[test]
fn a_misspelt_column_is_a_finding_and_its_cells_are_read() {
    for (from, to) in [("Owner", "Ownr"), ("Status", "Staus"), ("Depends on", "Depnds on")] {
        let told = found(&format!("| {from} |"), &format!("| {to} |"));
        let [only] = &told[..] else { panic!("{to}: {told:?}") };
        assert!(
            only.contains(&format!("error[schema/additional-properties] `I-1`: the column `{to}` is no field of the kind `initiative`")),
            "{only}"
        );
    }
    let leaft = PEOPLE.1.replace("| Left |", "| Leaft |");
    let files =
        [CONFIG, ("governance/people.md", &*leaft), DECISION, ("strategy/initiatives.md", INITIATIVES)];
    let repository = Repository::folder_with(&files);
    let output = repository.run(&["--as-of", "2026-11-20", "--select", "schema/*"]);
    assert!(output.out.contains("did you mean `Left`?"), "{}", output.out);
    let fields = repository.run(&["records", "--format", "json"]).out;
    assert!(fields.contains("2026-06-30"), "{fields}");
}

#[test]
fn another_word_is_no_misspelt_column() {
    for column in ["Stage", "Votes", "Owners", "Quarters", "Titre"] {
        let told = found("| Decision |", &format!("| {column} |"));
        assert!(!told.iter().any(|line| line.contains("additional-properties")), "{column}: {told:?}");
    }
}

#[test]
fn a_line_of_dashes_that_makes_no_table_of_its_header_is_named() {
    let text = INITIATIVES.replacen("|---|---|", "|---|", 1).replace("Work", "Initiatives");
    let files = [CONFIG, PEOPLE, ("strategy/initiatives.md", &*text)];
    let told = Repository::folder_with(&files).check(&["--select", "document/unrecognised"]).out;
    assert!(told.contains("line 4 has 7 cells with dashes, and the header above it 8 columns"), "{told}");
}

#[test]
fn the_misspelt_column_of_a_glossary_is_a_finding() {
    let glossary = "# Glossary\n\n| Term | Definiton | Avoid |\n|---|---|---|\n| lab | A room. | site |\n| drift | A change. | |\n";
    let files = [CONFIG, PEOPLE, ("governance/glossary.md", glossary)];
    let told = Repository::folder_with(&files).check(&["--select", "schema/additional-properties"]).out;
    assert!(told.contains("`lab`: the column `Definiton` is no field of the kind `term`"), "{told}");
}

const GOALS: &str = "# Goals\n\nPeriod: 2026-Q4\n\n## O-1: Labs stay\n\nOwner: ada\nFocus: yes\nRank: 1\nHealth: off-track\n\n\
     | Key result | KPI | From | To | Now | Updated |\n|---|---|---|---|---|---|\n| Labs renew | renewal | 88% | 92% | 89% | 2026-11-20 |\n\n\
     ## O-2: Nobody waits\n\nOwner: cy\n\n### Key results\n\n- Answers in a day\n";

fn goals(from: &str, to: &str) -> Repository {
    assert!(GOALS.contains(from), "{from}");
    Repository::folder_with(&[CONFIG, PEOPLE, ("strategy/objectives.md", &GOALS.replacen(from, to, 1))])
}

#[test]
fn a_misspelt_column_of_key_results_is_a_finding() {
    for (from, to) in [("From", "Form"), ("KPI", "KIP"), ("Now", "Nwo"), ("Updated", "Upadted")] {
        let output = told(&goals(&format!("| {from} |"), &format!("| {to} |")));
        let told = format!("`O-1`: `{to}` is not a column of this format (goal-page)");
        assert!(
            output.contains(&told) && output.contains(&format!("did you mean `{from}`?")),
            "{to}: {output}"
        );
    }
    for column in ["Note", "Source", "Trend"] {
        let output = told(&goals("| Updated |", &format!("| {column} |")));
        assert!(!output.contains("not a column"), "{column}: {output}");
    }
}

#[test]
fn an_impossible_day_of_a_key_result_is_wrong_whatever_the_habits() {
    let output = told(&goals("2026-11-20", "2026-11-31"));
    assert!(output.contains("`updated` is `2026-11-31`, and November 2026 has 30 days"), "{output}");
    let output = told(&goals("2026-11-20", "each Monday"));
    assert!(!output.contains("[schema/"), "{output}");
}

#[test]
fn focus_rank_and_health_below_the_heading_of_a_goal_are_read() {
    let listed = goals("Focus: yes", "Focus: yes").run(&["records", "--format", "json"]).json();
    let records = listed["records"].as_array().expect("records");
    let fields = &records.iter().find(|record| record["id"] == "O-1").expect("the goal")["fields"];
    assert_eq!(
        (&fields["focus"], &fields["rank"], &fields["health"]),
        (&true.into(), &1.into(), &"off-track".into()),
        "{fields}"
    );
    let output = told(&goals("Focus: yes", "Focus: all labs"));
    assert!(!output.contains("[schema/"), "{output}");
}

#[test]
fn a_misspelt_column_of_the_actions_of_minutes_is_a_finding() {
    let minutes = |owner: &str| {
        format!(
            "# Leadership, 16 November 2026\n\nAttendees: ada, cy\n\n## Actions\n\n| What | {owner} | Due | Status |\n|---|---|---|---|\n\
             | Write to the labs | cy | 2026-12-04 | open |\n"
        )
    };
    let found = |owner: &str| {
        let files = [CONFIG, PEOPLE, ("governance/minutes/2026-11-16-leadership.md", &*minutes(owner))];
        told(&Repository::folder_with(&files))
    };
    let told = found("Ownr");
    assert!(told.contains("the column `Ownr` is no field of an item of `actions`"), "{told}");
    assert!(!found("Owner").contains("[schema/") && !found("Room").contains("[schema/"));
}

#[test]
fn a_column_with_one_letter_in_the_place_of_another_is_misspelt() {
    let forums = |column: &str| {
        let page = format!(
            "# Forums\n\n| ID | Name | Chair | {column} |\n|---|---|---|---|\n| ops | Operations | ada | weekly |\n"
        );
        let repository = Repository::folder_with(&[CONFIG, PEOPLE, ("governance/forums.md", &page)]);
        repository.check(&["--select", "schema/additional-properties"]).out
    };
    let told = "governance/forums.md:3:23: error[schema/additional-properties] `ops`: the column `Cadance` is no field of the kind `forum`\n";
    assert_eq!(forums("Cadance"), told);
    for column in ["Duretion", "Purpase", "Reviaws"] {
        assert!(forums(column).contains("is no field"), "{column}");
    }
    // Words of their own.
    for column in ["Cadence", "Content", "Loader", "Notices"] {
        assert_eq!(forums(column), "", "{column}");
    }
}
