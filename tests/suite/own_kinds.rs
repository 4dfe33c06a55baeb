//! A user's kinds and profiles that extend built-in ones or take their place.

use crate::kit::{Repository, files_below, project_file};

const CONFIG: (&str, &str) = ("alignlint.yaml", "extends: [essential, ./policy]\n");

fn with(files: &[(&str, &str)]) -> Repository {
    Repository::with(&[&[CONFIG], files].concat())
}

#[test]
fn a_kind_extends_the_built_in_one_of_its_name() {
    let base = "base: decision\nproperties:\n  topic: { enum: [prices, people], x-aliases: null }\n  weight: { type: integer }\n";
    let repository = with(&[
        ("policy/kinds/decision.yaml", base),
        (
            "governance/decisions.yaml",
            "decisions:\n  - {id: D-1, title: Hire, status: rejected, topic: poeple, weight: much}\n",
        ),
    ]);
    let output = repository.check(&["--select", "schema/*"]);
    assert_eq!(
        output.messages(),
        [
            "`D-1`: `topic` is `poeple`; expected one of prices, people",
            "`D-1`: `weight` is `much`; expected a whole number",
        ]
    );
}

#[test]
fn a_field_may_be_called_like_an_alias_of_a_common_one() {
    let kind = "title: Risk\ndescription: A risk.\ntype: object\nx-plural: risks\nx-owner: [responsible]\n\
                properties:\n  responsible: { type: string, x-ref: who }\n";
    let repository = with(&[
        ("policy/kinds/risk.yaml", kind),
        (
            "governance/risks.yaml",
            "risks:\n  - { id: R-1, title: Fire, responsible: ada }\n  - { id: R-2, title: Flood }\n",
        ),
    ]);
    let output = repository.check(&["--select", "ownership/missing"]);
    assert_eq!(output.messages(), ["`R-2` has no owner"]);
}

#[test]
fn a_kind_of_another_name_is_another_kind() {
    let repository = with(&[
        ("policy/kinds/ruling.yaml", "base: decision\ntitle: Ruling\nx-plural: rulings\n"),
        ("governance/rulings.yaml", "rulings:\n  - {id: R-1, title: Hire, status: acepted}\n"),
    ]);
    let output = repository.check(&["--select", "schema/*"]);
    assert_eq!(output.messages().len(), 1, "{output:?}");
    assert_eq!(repository.run(&["schema", "decision"]).code, Some(0));
}

#[test]
fn mistakes_in_what_extends_a_base_are_in_the_users_file() {
    let fault = |path: &str, text: &str| {
        with(&[(path, text), ("governance/a.yaml", "kpis: []\n")]).check(&[]).fault()
    };
    let unknown = fault("policy/kinds/decision.yaml", "base: decison\n");
    assert!(unknown.contains("unknown base `decison`: no built-in kind has this name"), "{unknown}");
    assert!(
        unknown.contains("[policy/kinds/decision.yaml:1:7]") && unknown.contains("did you mean `decision`?")
    );
    let broken = fault("policy/kinds/decision.yaml", "base: decision\nproperties: { status: null }\n");
    assert!(broken.contains("[policy/kinds/decision.yaml:1:7]"), "{broken}");
    let lacking = fault("policy/kinds/decision.yaml", "base: decision\nproperties: { date: null }\n");
    assert!(lacking.contains("no field `date`") && lacking.matches("error: ").count() == 1, "{lacking}");
    assert!(lacking.contains("[policy/kinds/decision.yaml:1:1]"), "{lacking}");
    let other = fault("policy/kinds/decision.yaml", "base: kpi\nx-plural: decisions\n");
    assert!(
        other.contains("kind `decision` has no field `authors`, which a built-in profile reads"),
        "{other}"
    );
    let unknown = fault("policy/profiles/own.yaml", "base: mdar\nname: own\n");
    assert!(unknown.contains("unknown base `mdar`: no built-in profile has this name"), "{unknown}");
}

const PAGE: &str = "# 1. Use Rust\n\nDate: 2026-01-05\n\n## Status\n\nBesiegelt\n\n## Context\n\nSpeed.\n\n## Decision\n\nRust.\n\n## Consequences\n\nFast.\n";

#[test]
fn a_profile_extends_the_built_in_one_and_takes_its_place() {
    let status = |repository: &Repository| {
        let records = repository.run(&["records", "decision", "--format", "json"]).json();
        let record = &records["records"][0];
        (record["profile"].clone(), record["fields"]["status"].clone())
    };
    let page = ("docs/adr/0001-use-rust.md", PAGE);
    let words = "base: nygard\nvalues: { status: { words: { besiegelt: accepted } } }\n";
    let repository = with(&[page, ("policy/profiles/nygard.yaml", words)]);
    assert_eq!(status(&repository), ("nygard".into(), "accepted".into()));
    assert_ne!(
        status(&with(&[
            page,
            ("policy/rules/a/b.yaml", "for: kpi\nexpect: has(record.owner)\nmessage: a\n")
        ]))
        .1,
        "accepted"
    );
    let words = format!("name: board\n{words}");
    let twice = with(&[page, ("policy/profiles/a.yaml", &words), ("policy/profiles/b.yaml", &words)]);
    let fault = twice.check(&[]).fault();
    assert!(
        fault.contains("duplicate profile name `board`") && fault.contains("policy/profiles/b.yaml"),
        "{fault}"
    );
}

#[test]
fn kinds_and_profiles_are_named_among_the_changes_of_policy() {
    let repository = with(&[
        ("governance/kpis.yaml", "kpis:\n  - {id: churn, title: Churn}\n"),
        ("policy/kinds/risk.yaml", "title: Risk\ndescription: A risk.\nx-plural: risks\nproperties: {}\n"),
    ]);
    repository.write(&[
        ("policy/kinds/kpi.yaml", "base: kpi\nproperties: { owner: null }\nx-owner: null\n"),
        ("policy/profiles/nygard.yaml", "base: nygard\nabsent: [offen]\n"),
    ]);
    repository.commit("2026-10-02");
    let messages = repository.check(&["--policy-from", "HEAD~1", "--select", "policy/*"]);
    for changed in
        ["the kind `policy/kinds/kpi.yaml` was added", "the profile `policy/profiles/nygard.yaml` was added"]
    {
        assert!(messages.out.contains(changed), "{messages:?}");
    }
}

#[test]
fn a_kind_with_an_owner_takes_part_in_the_rules_about_owners() {
    let kind = "title: Risk\ndescription: What may go wrong.\nx-plural: risks\nx-status: status\nx-live: [open]\nx-owner: [steward]\n\
        properties:\n  status: { type: string, enum: [open, closed], default: open }\n  \
        steward: { type: string, x-ref: who }\n  mitigated-by: { type: string, x-ref: decision }\n";
    let risks = "risks:\n  - {id: R-1, title: A}\n  - {id: R-2, title: B, status: closed}\n  \
        - {id: R-3, title: C, steward: ada, mitigated-by: D-9}\n";
    let found = |kind: &str| {
        let repository = with(&[
            ("policy/kinds/risk.yaml", kind),
            ("governance/risks.yaml", risks),
            ("governance/people.yaml", "people:\n  - {id: ada, title: Ada, active-until: 2026-01-01}\n"),
            ("governance/decisions.yaml", "decisions:\n  - {id: D-1, title: Hire, status: rejected}\n"),
        ]);
        repository.check(&["--select", "ownership/*,reference/*"]).messages().join("; ")
    };
    let all = found(kind);
    assert!(all.contains("`R-1` has no owner") && !all.contains("R-2"), "{all}");
    assert!(all.contains("`R-3` refers to the unknown decision `D-9`"), "{all}");
    assert!(all.matches("R-3").count() == 2, "ada has left: {all}");
    let optional = found(&format!("{kind}x-owner-optional: true\n"));
    assert!(!optional.contains("has no owner"), "{optional}");
}

#[test]
fn a_field_says_whether_a_record_is_active() {
    let kind = "title: Supplier\ndescription: A company that we buy from.\nx-plural: suppliers\nx-live: { field: active }\nx-owner: [owner]\n\
        properties:\n  active: { type: boolean, description: Whether we still buy from it. }\n  owner: { type: string, x-ref: who }\n";
    let suppliers = "suppliers:\n  - {id: S-1, title: A, active: true}\n  - {id: S-2, title: B, active: false}\n  - {id: S-3, title: C}\n";
    let found = |kind: &str| {
        let repository =
            with(&[("policy/kinds/supplier.yaml", kind), ("governance/suppliers.yaml", suppliers)]);
        repository.check(&["--select", "ownership/missing"]).messages().join("; ")
    };
    assert_eq!(found(kind), "`S-1` has no owner; `S-3` has no owner");
    let repository = with(&[
        ("policy/kinds/supplier.yaml", &kind.replace("type: boolean", "type: string")),
        ("governance/suppliers.yaml", suppliers),
    ]);
    let output = repository.check(&[]);
    assert!(output.err.contains("`active` is no boolean"), "{}", output.err);
}

#[test]
fn a_kind_takes_part_in_the_general_rules_by_what_it_says_of_itself() {
    let kind = "title: Supplier\ndescription: A company that we buy from.\nx-plural: suppliers\nx-status: status\nx-live: [in use]\n\
        x-owner: [buyer]\nx-review: { due: review-by, last: reviewed, every: review-every }\nproperties:\n  \
        status: { type: string, enum: [in use, left], default: in use }\n  buyer: { type: string, x-ref: who }\n  \
        review-by: { type: string, format: date }\n  reviewed: { type: string, format: date }\n  \
        review-every: { type: string, format: cadence }\n  instead-of: { type: string, x-ref: supplier }\n";
    let suppliers = "suppliers:\n  - { id: S-1, title: The mill, buyer: ada, review-by: 2026-10-01, reviewed: 2026-11-01, review-every: monthly }\n  \
        - { id: S-2, title: The dairy, reviewed: 2026-08-01, review-every: monthly }\n  \
        - { id: S-3, title: The farm, buyer: ada, reviewed: 2026-11-01, review-every: monthly, instead-of: S-9 }\n  \
        - { id: S-4, title: The grocer, buyer: ada, reviewed: soon }\n  \
        - { id: S-5, title: The dairy, status: left, reviewed: 2020-01-01, review-every: monthly }\n  \
        - { id: S-3, title: The farm, buyer: ada, review-by: 2027-01-01 }\n  \
        - { id: S-6, title: The butcher, buyer: ada, reviewed: 2026-11-01 }\n";
    let repository = Repository::with(&[
        ("alignlint.yaml", "extends: [strict, ./policy]\n"),
        ("policy/kinds/supplier.yaml", kind),
        ("governance/suppliers.yaml", suppliers),
        ("governance/people.yaml", "people:\n  - { id: ada, title: Ada }\n"),
    ]);
    let output = repository.check(&["--select", "ownership/*,review/*,reference/*"]);
    assert_eq!(
        output.out,
        "governance/suppliers.yaml:2:56: warning[review/overdue] the review of `S-1` was due on 2026-10-01\n\
         governance/suppliers.yaml:3:11: error[ownership/missing] `S-2` has no owner\n\
         governance/suppliers.yaml:3:44: warning[review/overdue] the review of `S-2` was due on 2026-09-01\n\
         governance/suppliers.yaml:4:102: error[reference/unknown] `S-3` refers to the unknown supplier `S-9`\n\
         governance/suppliers.yaml:7:11: error[reference/duplicate-id] 2 suppliers have the id `S-3`\n\
         governance/suppliers.yaml:8:11: note[review/missing] nothing says when `S-6` is reviewed next\n",
        "{output:?}"
    );
}

/// What `alignlint schema KIND` prints is a kind: each takes the place of the one that it was printed from, and nothing changes.
#[test]
fn the_printed_schema_of_a_kind_is_accepted_as_a_kind() {
    let records = project_file("examples/clean/strategy/kpis.yaml");
    let repository =
        Repository::folder_with(&[CONFIG, ("policy/README.md", ""), ("governance/kpis.yaml", &records)]);
    repository.write(&[("alignlint.yaml", "extends: [strict]\n")]);
    let before = repository.run_today(&["--format", "concise"]);
    let kinds: Vec<String> = files_below("schemas/kinds", Some("yaml")).into_keys().collect();
    let printed = kinds.iter().map(|path| {
        let name = path.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml")).expect("a kind");
        (format!("policy/kinds/{name}.yaml"), repository.run(&["schema", name]).out)
    });
    let printed: Vec<(String, String)> = printed.collect();
    let printed: Vec<(&str, &str)> = printed.iter().map(|(path, text)| (&**path, &**text)).collect();
    repository.write(&printed);
    repository.write(&[("alignlint.yaml", "extends: [strict, ./policy]\n")]);
    let after = repository.run_today(&["--format", "concise"]);
    assert_eq!((before.code, &before.out), (after.code, &after.out), "{}", after.err);
    for (path, text) in printed {
        let name = path.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml")).expect("a kind");
        assert_eq!(repository.run(&["schema", name]).out, text, "{name}");
    }
}

const CAMPAIGN: &str = "title: Campaign\ndescription: Work with a period.\ntype: object\nx-plural: campaigns\n\
    properties:\n  period: { type: string, format: period, description: When. }\n  \
    depends-on: { type: array, items: { type: string, x-ref: campaign }, description: What ends before. }\n";

#[test]
fn a_kind_is_called_like_its_file_in_lower_case() {
    let repository = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [essential, ./policy]\n"),
        ("policy/kinds/Campaign.yaml", CAMPAIGN),
        ("policy/rules/programme/late.yaml", "for: campaign\nexpect: has(record.period)\nmessage: late\n"),
    ]);
    assert_eq!(
        repository.check(&[]).fault(),
        "error: a kind is called like its file, in lower case: `campaign`, not `Campaign` \
         ╭─[policy/kinds/Campaign.yaml:1:1] 1 │ title: Campaign · ─────────────── ╰──── \
         help: rename the file to `campaign.yaml`"
    );
}

#[test]
fn a_page_of_an_unknown_kind_is_not_silently_one_of_its_folder() {
    let page =
        |kind: &str| format!("---\nkind: {kind}\nid: I-3\ntitle: Move\nperiod: 2027-Q1\n---\n# Move\n");
    let found = |path: &str, kind: &str| {
        let text = if path.ends_with(".md") {
            page(kind)
        } else {
            page(kind).replace("---\n# Move\n", "").replace("---\n", "")
        };
        let repository = Repository::folder_with(&[
            ("alignlint.yaml", "extends: [essential, ./policy]\n"),
            ("policy/kinds/campaign.yaml", CAMPAIGN),
            (path, &text),
        ]);
        let output = repository.run(&["--select", "document/unread-part", "--format", "json"]).json();
        let finding = &output["findings"][0];
        format!("{} → {}", finding["message"], finding["help"]).replace('"', "")
    };
    for path in ["governance/campaigns/I-3.md", "governance/campaigns/I-3.yaml"] {
        assert_eq!(found(path, "campain"), "unknown record kind `campain` → did you mean `campaign`?");
        assert_eq!(
            found(path, "programme"),
            "unknown record kind `programme` → write `kind: campaign`, or remove the line"
        );
        assert_eq!(found(path, "campaign"), "null → null");
        assert_eq!(found(path, "Campaign"), "null → null");
    }
}

#[test]
fn what_a_kind_demands_besides_its_base_leaves_pages_recognised() {
    let page = "---\nid: 3\nstatus: superseded\n---\n# Sell direct only\n\nWe sell direct.\n";
    let repository = with(&[
        ("policy/kinds/decision.yaml", "base: decision\nrequired: [topic]\n"),
        ("alignlint.yaml", "extends: [recommended, ./policy]\nadopted: [docs/**]\n"),
        ("docs/decisions/0003-sell-direct-only.md", page),
    ]);
    let found = repository.check(&[]).out;
    assert!(found.contains("schema/required"), "{found}");
    assert!(found.contains("decision/no-successor"), "{found}");
}

#[test]
fn a_rule_reads_the_field_whose_other_name_is_one_of_each_record() {
    let kind = "title: Service\ndescription: What runs.\ntype: object\nx-plural: services\nproperties:\n  service-path: { type: string, x-aliases: [path] }\n";
    let repository = with(&[
        ("policy/kinds/service.yaml", kind),
        (
            "policy/own/path.yaml",
            "for: service\nexpect: record.service_path.startsWith(\"docs/\")\nmessage: \"{record.service_path}\"\n",
        ),
        (
            "governance/services.yaml",
            "services:\n  - { id: door, path: docs/door.md }\n  - { id: gate, path: gate.md }\n",
        ),
    ]);
    assert_eq!(repository.check(&["--select", "own/*"]).messages(), ["gate.md"]);
}

#[test]
fn an_unknown_field_of_an_own_kind_is_found() {
    let kind = "title: Service\ndescription: What runs.\ntype: object\nx-plural: services\nproperties:\n  tier: { type: integer }\nadditionalProperties: false\n";
    let repository = with(&[
        ("policy/kinds/service.yaml", kind),
        ("governance/services.yaml", "services:\n  - { id: door, colour: red }\n"),
    ]);
    let output = repository.check(&["--select", "schema/*"]);
    assert_eq!(output.messages(), ["`door`: `colour` is not a field of a service"]);
    assert!(
        output.out.starts_with("governance/services.yaml:2:17: error[schema/unknown-field]"),
        "{output:?}"
    );
}

#[test]
fn owner_is_another_name_of_the_field_that_names_the_owner() {
    let kind = "title: Service\ndescription: A service.\ntype: object\nx-plural: services\nx-owner: [operator]\nproperties:\n  \
        operator: { type: string, x-ref: who, description: Who runs it }\nadditionalProperties: false\n";
    let services = "services:\n  - { id: gw, title: Gateway, owner: ines }\n  - { id: db, title: Database, accountable: ines }\n  - { id: ui, title: Pages }\n";
    let repository = with(&[
        ("policy/kinds/service.yaml", kind),
        ("governance/people.yaml", "people: [{ id: ines, title: Ines Roth }]\n"),
        ("governance/services.yaml", services),
    ]);
    assert_eq!(repository.check(&[]).messages(), ["`ui` has no owner"]);
    let page = repository.run(&["explain", "service"]).out;
    assert!(!page.contains("that is accountable for it"), "{page}");
    let own = kind
        .replace("properties:\n", "properties:\n  owner: { type: string, description: Who pays for it }\n");
    repository.write(&[("policy/kinds/service.yaml", &*own)]);
    assert_eq!(
        repository.check(&[]).messages(),
        [
            "`gw` has no owner",
            "`db` has no owner",
            "`db`: `accountable` is not a field of a service",
            "`ui` has no owner"
        ],
        "a field of the kind's own has its own meaning"
    );
}

#[test]
fn a_field_that_built_in_formats_read_is_not_removed() {
    let repository = with(&[("policy/kinds/decision.yaml", "base: decision\nproperties: { kpis: null }\n")]);
    let fault = repository.run(&["--as-of", "2026-11-20"]).fault();
    assert!(fault.contains("kind `decision` has no field `kpis`, which a built-in profile reads"), "{fault}");
    repository.remove("policy/kinds/decision.yaml");
    repository.write(&[(
        "policy/kinds/choice.yaml",
        "base: decision\ntitle: Choice\nx-plural: choices\nproperties: { kpis: null }\n",
    )]);
    assert_eq!(repository.run(&["--as-of", "2026-11-20"]).code, Some(2), "nothing to check, and no fault");
}

#[test]
fn numbers_to_choose_from_are_numbers() {
    let kind = "title: Service\ndescription: What runs.\ntype: object\nx-plural: services\nproperties:\n  \
                id: { type: string }\n  tier: { type: integer, enum: [1, 2, 3] }\nrequired: [id]\n";
    let rule = "for: service\nexpect: record.tier <= 2\nmessage: \"`{record.id}` may be down for long\"\n";
    let repository = with(&[
        ("policy/kinds/service.yaml", kind),
        ("policy/rules/service/tier.yaml", rule),
        (
            "governance/services.yaml",
            "services: [{ id: a, tier: 3 }, { id: b, tier: 1 }, { id: c, tier: \"1\" }]\n",
        ),
    ]);
    assert_eq!(
        repository.check(&[]).messages(),
        ["`a` may be down for long", "`c`: `tier` is `1`; expected a whole number"]
    );
}

#[test]
fn a_required_owner_may_be_named_by_those_who_are_accountable_in_the_format() {
    let profile = "title: Memo\nkind: decision\nrecognise: { all: [{ path: \"memos/*.md\" }] }\nfields:\n  \
                   id: [{ file: \"^([0-9]+)-\" }]\n  title: [{ title: \"^(.+)$\" }]\n  status: [{ header: State }]\n  \
                   decision-makers: [{ header: Signed by }]\naccountable: [decision-makers]\nrequires: [owner]\n";
    let page =
        |signed: &str| format!("# Answer by telephone\n\nState: accepted\n{signed}\n## Why\n\nCalls.\n");
    let repository = with(&[
        ("policy/profiles/memo.yaml", profile),
        ("alignlint.yaml", "extends: [recommended, ./policy]\nadopted: [memos/**]\n"),
        ("memos/1-telephone.md", &page("Signed by: Ada Byron\n")),
        ("memos/2-letters.md", &page("")),
    ]);
    assert_eq!(repository.check(&["--select", "schema/*"]).messages(), ["`2`: `owner` is missing"]);
}
