//! Five well-run organisations, written from the descriptions of the kinds before the program ran on them. What it reports
//! there is right; the reasons are here.

use crate::kit::{Repository, files_below};

/// A finding, and why it is right.
struct Right {
    finding: &'static str,
    because: &'static str,
}

const COMMA: &str = "in braces a comma ends the value, so that 18 borrowers are to become 21";

const NOBODY_ACTS: &str = "it says what is given up, and not who does what from when on";

/// Asserts that an organisation has exactly these findings under the preset `recommended`.
#[track_caller]
fn assert_found(name: &str, expected: &[Right]) {
    let repository = Repository::empty();
    let folder = format!("tests/organisations/{name}/");
    for (path, text) in files_below(&folder, None) {
        repository.write(&[(path.strip_prefix(&folder).expect("below the folder"), &text)]);
    }
    repository.commit("2026-11-19");
    let found = repository.check(&[]).out;
    let expected_lines: Vec<&str> = expected.iter().map(|right| right.finding).collect();
    let reasons: Vec<&str> = expected.iter().map(|right| right.because).collect();
    assert_eq!(
        found.lines().collect::<Vec<_>>(),
        expected_lines,
        "right are those of which it is said: {reasons:#?}"
    );
}

#[test]
fn of_a_founder_who_decides_nearly_everything_it_is_said_which_numbers_others_answer_for() {
    let because = "whoever answers for the number asks Grace for each step; she may want that, but it is what the rule is about";
    assert_found(
        "founder-led",
        &[
            Right {
                finding: "governance/tuesdays.md:1:3: note[document/unrecognised] this page in `governance/` is not read as a \
                          record: no `kind`, and no rows or sections with the fields of one",
                because: "three meetings on one page are no record of a meeting",
            },
            Right {
                finding: "strategy/numbers.yaml:11:14: warning[kpi/owner-without-authority] `rhys` owns `meters-sold` but may \
                          not decide `everything`",
                because,
            },
            Right {
                finding: "strategy/numbers.yaml:37:14: warning[kpi/owner-without-authority] `suki` owns `yards-on-app` but may \
                          not decide `everything`",
                because,
            },
            Right {
                finding: "strategy/numbers.yaml:51:14: warning[kpi/owner-without-authority] `della` owns `months-in-bank` but \
                          may not decide `everything`",
                because,
            },
        ],
    );
}

#[test]
fn regions_with_targets_of_their_own_do_not_compete() {
    assert_found(
        "regional",
        &[
            Right {
                finding: "governance/decisions.yaml:45:14: warning[decision/no-consequences] `ES-12` does not say what follows from it",
                because: NOBODY_ACTS,
            },
            Right {
                finding: "governance/decisions.yaml:60:14: warning[decision/no-consequences] `UK-4` does not say what follows from it",
                because: NOBODY_ACTS,
            },
            Right {
                finding: "strategy/objectives-2026-H2.yaml:37:64: error[objective/target-against-direction] `es-hold-meals` moves \
                          `meals-a-day` from 232 meals to 230 meals, the wrong way",
                because: "the objective says that Spain keeps its guests, and its target gives two of them up; no decision does, as \
                          one does for the food cost of the United Kingdom",
            },
        ],
    );
}

#[test]
fn goals_of_a_year_and_of_quarters_and_milestones_hold_together() {
    assert_found(
        "scale-up",
        &[Right {
            finding: "strategy/2026/retrospectives.md:1:3: note[document/unrecognised] this page in `strategy/` is not read as a \
                      record: no `kind` and no field of the kind `retrospective`",
            because: "the retrospectives are elsewhere, and this page is a list of what came of them",
        }],
    );
}

#[test]
fn a_public_body_may_keep_its_figures_and_minutes_elsewhere() {
    assert_found(
        "public-body",
        &[
            Right {
                finding: "governance/decisions/2026-02-no-fines.md:29:1: warning[decision/no-consequences] `2026-02` does not say what \
                          follows from it",
                because: NOBODY_ACTS,
            },
            Right {
                finding: "governance/decisions/2026-03-loan-history.md:27:1: warning[decision/no-consequences] `2026-03` does not say \
                          what follows from it",
                because: NOBODY_ACTS,
            },
            Right {
                finding: "strategy/figures.yaml:11:14: warning[kpi/owner-without-authority] `joyce-tennant` owns `visits` but may \
                          not decide `opening-hours`",
                because: "the head of branches is consulted about opening hours and cannot change them",
            },
            Right {
                finding: "strategy/figures.yaml:42:14: warning[kpi/owner-without-authority] `ola-fashola` owns `young-readers` but \
                          may not decide `stock`",
                because: "the youth librarian answers for a number that another department moves",
            },
            Right {
                finding: "strategy/plan-2026.yaml:12:70: warning[objective/milestone-overdue] the milestone `Saturday afternoons in all \
                          town libraries` of `P26-1` was due on 2026-09-26",
                because: "eight weeks later, the plan does not say whether they open on Saturdays",
            },
            Right {
                finding: "strategy/plan-2026.yaml:17:12: warning[forum/no-checkpoint] `marian-coles` and `joyce-tennant` own company \
                          objectives in 2026 but share no forum with `purpose: align`",
                because: "they meet to decide and review; the questions of alignment are asked where the head of service is not",
            },
            Right {
                finding: "strategy/plan-2026.yaml:21:43: error[schema/unknown-field] `P26-2`: `200 borrowers` is not a field \
                          of `key-results`",
                because: COMMA,
            },
            Right {
                finding: "strategy/plan-2026.yaml:21:65: error[schema/unknown-field] `P26-2`: `000 borrowers` is not a field \
                          of `key-results`",
                because: COMMA,
            },
        ],
    );
}

#[test]
fn maintainers_who_never_meet_decide_in_writing() {
    let because = "the metric leads to decisions about the interface, and the check before a release decides about releases only";
    assert_found(
        "open-source",
        &[
            Right {
                finding: "governance/goals.yaml:11:9: warning[objective/unsupported] no objective of a team and no initiative contributes \
                          to `newcomers`",
                because: "all that the roadmap plans serves the other goal of the year",
            },
            Right {
                finding: "governance/goals.yaml:12:12: note[objective/focus] no focus among `2.0` and `newcomers` in 2026",
                because: "with two goals for the year, nobody can tell which one gives way",
            },
            Right {
                finding: "governance/metrics.yaml:21:14: warning[kpi/no-cadence] no forum that may act on `review-wait` reviews it: none of `release-check` decides \
                          `interface`",
                because,
            },
            Right {
                finding: "governance/metrics.yaml:32:18: warning[kpi/no-cadence] no forum that may act on `decode-speed` reviews it: none of `release-check` decides \
                          `interface`",
                because,
            },
        ],
    );
}
