use super::{CONFIG, assert_places};

#[test]
fn mistakes_in_the_configuration() {
    assert_places(
        "configuration",
        "alignlint.yaml",
        CONFIG,
        &[
            ("a misspelt key", "", "rule: { kpi/undefined: off }\n"),
            ("an unknown preset", "recommended", "recomended"),
            ("a folder that does not exist", "./policy", "./polcy"),
            ("an unknown rule", "", "rules: { kpi/undefind: off }\n"),
            ("an unknown family", "", "rules: { kpis/*: off }\n"),
            ("a wrong severity", "", "rules: { kpi/undefined: warn }\n"),
            ("an unknown parameter", "", "rules: { assumption/stale: { max-aeg: 1 week } }\n"),
            ("a misspelt severity", "", "rules: { assumption/stale: { severty: error } }\n"),
            ("a wrong value of a parameter", "", "rules: { assumption/stale: { max-age: soon } }\n"),
            ("an unknown kind", "", "records: { desicion: docs/*.md }\n"),
            ("a bad glob", "", "exclude: [\"docs/[\"]\n"),
            ("a wrong type", "", "exclude: 5\nfail-on: fatal\n"),
            ("a tab", "extends", "rules:\n\tkpi/undefined: off\nextends"),
            ("rules as a list", "", "rules: [kpi/undefined]\n"),
            ("what is excluded as a mapping", "", "exclude: { vendor: true }\n"),
            ("records as a list", "", "records: [docs/*.md]\n"),
            (
                "paths of an override",
                "",
                "overrides: [{ paths: archive/**, rules: { kpi/undefined: off } }]\n",
            ),
            ("a pointer without a slash", "", "records: { kpi: { files: metrics.yaml, at: metrics } }\n"),
            ("the whole repository as a folder", "./policy", "."),
            ("a file of the policy", "./policy", "./policy/rules/pricing/kpi.yaml"),
            ("a family of rules alone", "./policy", "./policy/rules/pricing"),
            ("a parameter of a rule without any", "", "rules: { review/overdue: { grace: x } }\n"),
            ("a kind that is not defined", "", "records: { squad: teams/*.yaml }\n"),
            ("a rule like no other", "", "rules: { frob/nicate: off }\n"),
            ("a rule without its family", "", "rules: { no-owner: off }\n"),
            ("a negation", "", "exclude: [\"!docs/**\"]\n"),
            ("a family like no other", "", "rules: { frob/*: off }\n"),
            ("another repository", "./policy", "github.com/acme/policy"),
        ],
    );
}
