use std::hash::{DefaultHasher, Hasher};

use super::*;
use crate::node::Entry;

fn repository(config: &str) -> Snapshot {
    let files = [("alignlint.yaml", config), ("policy/rules/garden/weeds.yaml", ""), ("a.md", "")];
    Snapshot::in_memory(files.map(|(path, text)| (path.to_owned(), text.to_owned())))
}

fn config(text: &str) -> Config {
    match Config::load(&repository(text), None) {
        Ok(config) => config,
        Err(faults) => panic!("{}", shown(&faults)),
    }
}

fn shown(faults: &[Fault]) -> String {
    let line = |fault: &Fault| match &fault.help {
        Some(help) => format!("{fault} → {help}"),
        None => fault.to_string(),
    };
    faults.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn faults(text: &str) -> String {
    shown(&Config::load(&repository(text), None).unwrap_err())
}

fn on(severity: Option<Severity>) -> RuleSetting<'static> {
    RuleSetting::On { severity, params: Vec::new() }
}

#[test]
fn the_cache_key_is_what_decides_which_files_are_read() {
    let key = |text: &str| {
        let mut hasher = DefaultHasher::new();
        config(text).record_files_key().hash(&mut hasher);
        hasher.finish()
    };
    let plain = key("");
    for same in [
        "# A comment.\nfail-on: note\n",
        "extends: [strict]\n",
        "rules: {'*': off}\n",
        "fiscal-year-start: 4\n",
    ] {
        assert_eq!(key(same), plain, "{same}");
    }
    let mut keys = vec![plain];
    for other in [
        "baseline: ci/b.yaml\n",
        "baseline: ci/c.yaml\n",
        "exclude: [a]\n",
        "exclude: [a, b]\n",
        "records: {decision: a}\n",
        "records: {decision: [{files: a, at: /x}]}\n",
        "records: {goal: a}\n",
    ] {
        assert!(!keys.contains(&key(other)), "{other}");
        keys.push(key(other));
    }
}

#[test]
fn without_a_file_the_recommended_rules_run() {
    let config = Config::load(&Snapshot::in_memory([]), None).unwrap();
    assert!(config.source.is_none());
    assert_eq!(config.preset, Preset::Recommended);
    assert_eq!(config.fiscal_year_start(), 1);
    assert_eq!(config.rule_overrides("garden/weeds", Preset::Essential, false).for_file("a.md"), on(None));
    assert_eq!(
        config.rule_overrides("garden/hedge", Preset::Strict, false).for_file("a.md"),
        RuleSetting::Off
    );
}

#[test]
fn every_setting_is_read() {
    let config = config(
        "\
extends: [strict, ./policy]
records:
  decision: docs/decisions/**/*.md
  kpi: { files: metrics.yaml, at: /metrics }
  team: [teams/*.yaml, { files: [org.yaml, org2.yaml], at: /teams }]
exclude: [vendor/**, drafts]
fail-on: warning
fiscal-year-start: 2
",
    );
    assert_eq!(config.preset, Preset::Strict);
    assert_eq!(config.folders.iter().map(|folder| &*folder.path).collect::<Vec<_>>(), ["policy"]);
    let place = |place: &RecordFiles| {
        let files: Vec<_> = place.files.patterns().iter().map(|(pattern, _)| pattern.to_string()).collect();
        format!("{}: {} {}", place.kind, files.join(","), place.pointer.as_deref().unwrap_or("-"))
    };
    assert_eq!(
        config.records.iter().map(place).collect::<Vec<_>>(),
        [
            "decision: docs/decisions/**/*.md -",
            "kpi: metrics.yaml /metrics",
            "team: teams/*.yaml -",
            "team: org.yaml,org2.yaml /teams"
        ]
    );
    assert_eq!(config.fail_on, Some(FailOn::Severity(Severity::Warning)));
    assert_eq!(config.fiscal_year_start(), 2);
}

#[test]
fn the_schema_and_the_reader_have_the_same_keys() {
    let schema: serde_json::Value =
        serde_json::from_str(crate::embedded::file("schemas/config.schema.json").unwrap()).unwrap();
    let keys = schema["properties"].as_object().unwrap().keys().filter(|key| *key != "$schema");
    assert_eq!(keys.collect::<Vec<_>>(), read::KEYS.map(|(key, _)| key));
    assert_eq!(schema["properties"]["fail-on"]["enum"], serde_json::json!(FailOn::NAMES));
    let formats = &schema["$defs"]["record-place"]["properties"]["as"]["enum"];
    assert_eq!(*formats, serde_json::json!(Format::NAMES.map(|(name, _)| name)));
}

#[test]
fn excluded_files_and_the_folders_of_rules_are_never_records() {
    let config = config("extends: ./policy/\nexclude: [vendor/**, drafts/, '*.tmp.md']\n");
    for path in ["vendor/a/b.md", "drafts/x/y.md", "x.tmp.md", "policy/rules/garden/weeds.yaml"] {
        assert!(config.excludes(path), "{path}");
    }
    for path in ["vendored.md", "docs/drafts/x.md", "docs/x.tmp.md", "policy.md", "policy-2/a.yaml"] {
        assert!(!config.excludes(path), "{path}");
    }
}

#[test]
fn a_severity_switches_a_rule_on_and_parameters_alone_do_not() {
    let config = config(
        "\
rules:
  garden/weeds: off
  garden/hedge: note
  garden/pond: { depth: 2 feet }
  garden/path: { severity: warning, width: 3 }
",
    );
    assert_eq!(
        config.rule_overrides("garden/weeds", Preset::Essential, false).for_file("a.md"),
        RuleSetting::Off
    );
    assert_eq!(
        config.rule_overrides("garden/hedge", Preset::Strict, false).for_file("a.md"),
        on(Some(Severity::Note))
    );
    assert_eq!(
        config.rule_overrides("garden/pond", Preset::Strict, false).for_file("a.md"),
        RuleSetting::Off
    );
    let RuleSetting::On { severity, params } =
        config.rule_overrides("garden/path", Preset::Strict, false).for_file("a.md")
    else {
        panic!()
    };
    assert_eq!(severity, Some(Severity::Warning));
    assert_eq!(params.iter().map(|param| &*param.key.name).collect::<Vec<_>>(), ["width"]);
}

#[test]
fn a_rules_own_identifier_beats_its_family_which_beats_all_in_whatever_order() {
    let config = config("rules: { garden/weeds: error, garden/*: note, '*': off }\n");
    assert_eq!(
        config.rule_overrides("garden/weeds", Preset::Essential, false).for_file("a.md"),
        on(Some(Severity::Error))
    );
    assert_eq!(
        config.rule_overrides("garden/hedge", Preset::Essential, false).for_file("a.md"),
        on(Some(Severity::Note))
    );
    assert_eq!(
        config.rule_overrides("gardening/tools", Preset::Essential, false).for_file("a.md"),
        RuleSetting::Off
    );
}

#[test]
fn overrides_hold_for_their_files_and_the_last_one_wins() {
    let config = config(
        "\
rules:
  garden/weeds: { severity: error, height: 3, sort: nettle }
overrides:
  - { files: archive/**, rules: { garden/*: off } }
  - { files: [archive/live/**, new.md], rules: { garden/weeds: { severity: note, height: 5 } } }
",
    );
    let rule = config.rule_overrides("garden/weeds", Preset::Essential, false);
    assert_eq!(rule.for_all_files(), None);
    let values = |setting: RuleSetting<'_>| match setting {
        RuleSetting::Off => "off".to_owned(),
        RuleSetting::On { severity, params } => {
            let value = |param: &&Entry| format!("{}={}", param.key.name, param.value.as_text().unwrap());
            format!("{} {}", severity.unwrap(), params.iter().map(value).collect::<Vec<_>>().join(" "))
        }
    };
    assert_eq!(values(rule.for_file("a.md")), "error height=3 sort=nettle");
    assert_eq!(values(rule.for_file("archive/a.md")), "off");
    assert_eq!(values(rule.for_file("archive/live/a.md")), "note sort=nettle height=5");
    assert_eq!(values(rule.for_file("new.md")), "note sort=nettle height=5");
    assert_eq!(rule.params().count(), 3);
    assert_eq!(config.rule_overrides("other/rule", Preset::Essential, false).for_all_files(), Some(on(None)));
}

#[test]
fn each_fault_stands_at_its_own_place() {
    assert_eq!(
        faults("extends: [recomended, ./nowhere, ../up, house]\nexclude: ['[a', '../x', '!b', ./]\n"),
        format!("\
alignlint.yaml:1:11: unknown preset or pack `recomended` → did you mean `recommended`?
alignlint.yaml:1:23: no files in folder `nowhere` → check the path and `.gitignore`
alignlint.yaml:1:34: `../up` is not a path below the repository root → write it relative to the root, such as `./policy`
alignlint.yaml:1:41: unknown preset or pack `house` → write one of `essential`, `recommended`, `strict`, `all`, or `./house` for a folder
alignlint.yaml:2:11: invalid glob `[a`: unclosed character class → {GLOB_HELP}
alignlint.yaml:2:17: invalid glob `../x`: outside of the repository → {GLOB_HELP}
alignlint.yaml:2:25: invalid glob `!b`: negation is not supported → {GLOB_HELP}
alignlint.yaml:2:31: invalid glob `./`: expected `**` for the whole repository → {GLOB_HELP}")
    );
}

#[test]
fn values_of_the_wrong_form_are_faults_that_say_what_was_expected() {
    assert_eq!(
        faults(
            "\
fail-on: warnings
fiscal-year-start: 13
rules:
  garden: off
  garden/weeds: warn
  garden/*: { depth: 1 }
  garden/pond: { severity: eror, x: { y: 1 } }
records: { kpi: { files: metrics.yaml, at: metrics } }
overrides: [{ files: archive/** }]
exclude: { a: b }
"
        ),
        "\
alignlint.yaml:1:10: `fail-on` is `warnings`; expected one of error, warning, note, never → did you mean `warning`?
alignlint.yaml:2:20: `fiscal-year-start` is `13`; expected at most 12
alignlint.yaml:4:3: invalid name or pattern `garden` → write a rule as `family/name`, `family/*` or `*`, another name with letters, digits and `-`
alignlint.yaml:5:17: `garden/weeds` is `warn`; expected one of off, error, warning, note
alignlint.yaml:6:13: `garden/*` is a mapping; expected one of off, error, warning, note
alignlint.yaml:7:28: `severity` is `eror`; expected one of off, error, warning, note → did you mean `error`?
alignlint.yaml:7:37: `x` is a mapping; expected text or a list
alignlint.yaml:8:44: `at` is `metrics`; expected text such as `/metrics`
alignlint.yaml:9:15: missing key `rules` in `overrides` → add `rules`: the settings for these files
alignlint.yaml:10:10: `exclude` is a mapping; expected text or a list"
    );
}

#[test]
fn what_is_no_yaml_stands_twice_or_begins_again_is_a_fault() {
    assert_eq!(faults("rules: [\n"), "alignlint.yaml:1:8: unclosed `[`");
    assert_eq!(faults("fail-on: error\nfail-on: note\n"), "alignlint.yaml:2:1: duplicate key `fail-on`");
    assert_eq!(
        faults("fail-on: error\n---\nfail-on: note\n"),
        "alignlint.yaml:3:1: the configuration file contains more than one YAML document"
    );
}

#[test]
fn patterns_are_bounded() {
    let nested = |depth: usize| format!("exclude: [b, '{}a{}']\n", "{".repeat(depth), "}".repeat(depth));
    assert!(config(&nested(50)).excludes("a"));
    assert!(faults(&nested(500)).contains(": nested too deeply → "));
    let wide = format!("exclude: '{}'\n", "{a,b}".repeat(200));
    assert!(!config(&wide).excludes("a"));
    let long = format!("exclude: '{}'\n", "{".repeat(100_000));
    assert!(faults(&long).contains(": longer than 1024 bytes → "));
}

#[cfg(unix)]
#[test]
fn a_configuration_behind_a_link_is_refused_not_overlooked() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/elsewhere.yaml", folder.path().join("alignlint.yaml")).unwrap();
    let snapshot = Snapshot::worktree(folder.path()).unwrap();
    assert_eq!(shown(&Config::load(&snapshot, None).unwrap_err()), "`alignlint.yaml` is not a regular file");
}

#[test]
fn rules_and_kinds_that_nobody_knows_are_named_with_the_nearest_one() {
    let config = config(
        "\
rules: { garden/weds: off, gardn/*: off, garden/*: off, '*': note }
records: { desicion: [a/*.md, { files: b.yaml }], kpi: c.yaml }
overrides: [ { files: x, rules: { house/roof: off } } ]
",
    );
    assert_eq!(
        shown(&config.unknown_rules(&["garden/weeds", "garden/hedge"])),
        "\
alignlint.yaml:1:10: unknown rule `garden/weds` → did you mean `garden/weeds`?
alignlint.yaml:1:28: unknown rule `gardn/*` → did you mean `garden/*`?
alignlint.yaml:3:35: unknown rule `house/roof` → `alignlint rules` lists all rules"
    );
    assert_eq!(
        shown(&config.unknown_kinds(|name| name == "kpi", &["kpi", "decision"])),
        "alignlint.yaml:2:12: unknown kind `desicion` → did you mean `decision`?"
    );
}

#[test]
fn the_file_may_be_hidden_or_named_by_the_caller_and_never_be_two() {
    let snapshot = |names: &[&str]| {
        Snapshot::in_memory(names.iter().map(|name| (name.to_string(), "extends: strict".to_owned())))
    };
    let preset = |names: &[&str], file: Option<&str>| {
        Config::load(&snapshot(names), file.map(Path::new))
            .map(|config| config.preset)
            .map_err(|faults| shown(&faults))
    };
    assert_eq!(preset(&[".alignlint.yaml"], None), Ok(Preset::Strict));
    assert_eq!(preset(&["sub/alignlint.yaml"], None), Ok(Preset::Recommended));
    assert_eq!(preset(&["sub/alignlint.yaml"], Some("./sub/alignlint.yaml")), Ok(Preset::Strict));
    assert_eq!(
        preset(&["alignlint.yaml", ".alignlint.yaml"], None).unwrap_err(),
        "found two configuration files: `alignlint.yaml` and `.alignlint.yaml` → \
         move all settings into one of them and delete the other"
    );
    assert_eq!(
        preset(&["alignlint.yml"], None).unwrap_err(),
        "`alignlint.yml` is not a configuration file name → rename it to `alignlint.yaml`"
    );
    let missing = preset(&[], Some("/nowhere/alignlint.yaml")).unwrap_err();
    assert!(missing.starts_with("can't read the configuration file `/nowhere/alignlint.yaml`"), "{missing}");
}

#[test]
fn the_least_severity_that_fails_is_the_one_named() {
    let fails = |name: &str| {
        let fail_on = FailOn::from_name(name).unwrap();
        [Severity::Note, Severity::Warning, Severity::Error].map(|severity| fail_on.fails(severity))
    };
    assert_eq!(
        FailOn::NAMES.map(fails),
        [[false, false, true], [false, true, true], [true, true, true], [false, false, false]]
    );
}
