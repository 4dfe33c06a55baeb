//! What configurations mean, and the faults of wrong ones: one line a case, in `tests/readers`.

use std::hash::{DefaultHasher, Hash, Hasher};

use alignlint::config::{Config, Preset, RuleSetting};
use alignlint::finding::Fault;
use alignlint::snapshot::Snapshot;

use super::readers::walk;

fn repository(config: &str) -> Snapshot {
    let files = [("alignlint.yaml", config), ("policy/rules/garden/weeds.yaml", ""), ("a.md", "")];
    Snapshot::in_memory(files.map(|(path, text)| (path.to_owned(), text.to_owned())))
}

fn shown(faults: &[Fault]) -> String {
    let help = |fault: &Fault| fault.help.iter().map(|help| format!(" → {help}")).collect::<String>();
    faults.iter().map(|fault| format!("{fault}{}", help(fault))).collect::<Vec<_>>().join(" · ")
}

#[test]
fn configurations_are_read() {
    walk("configurations.txt", |case| {
        let (view, text) = case.split_once(" | ").expect("it names a view");
        let config = match Config::load(&repository(text), None) {
            Ok(config) => config,
            Err(faults) => return shown(&faults),
        };
        let words: Vec<&str> = view.split(' ').collect();
        match words[..] {
            ["rule", rule, preset, path] => setting(&config, rule, preset, path),
            ["excluded", ref paths @ ..] => {
                paths.iter().copied().filter(|path| config.excludes(path)).collect::<Vec<_>>().join(" ")
            }
            ["records"] => records(&config),
            ["cached"] => (key(&config) == key(&Config::default())).to_string(),
            ["unknown"] => [
                config.unknown_rules(&["garden/weeds", "garden/hedge"]),
                config.unknown_kinds(|name| name == "kpi", &["kpi", "decision"]),
            ]
            .map(|faults| shown(&faults))
            .join(" · "),
            _ => panic!("unknown view {view}"),
        }
    });
}

fn setting(config: &Config, rule: &str, preset: &str, path: &str) -> String {
    let preset = Preset::from_name(preset).expect("a preset");
    match config.rule_overrides(rule, preset, false).for_file(path) {
        RuleSetting::Off => "off".to_owned(),
        RuleSetting::On { severity, params } => {
            let params = params.iter().map(|it| format!(" {}={}", it.key.name, it.value.as_text().unwrap()));
            let severity = severity.map_or("on", |severity| severity.name());
            format!("{severity}{}", params.collect::<String>())
        }
    }
}

fn records(config: &Config) -> String {
    let entry = |entry: &alignlint::config::RecordFiles| {
        format!("{}: {} {}", entry.kind, entry.files.listed(), entry.pointer.as_deref().unwrap_or("-"))
    };
    config.records.iter().map(entry).collect::<Vec<_>>().join(" · ")
}

/// The key of a cache, of what decides which files are read.
fn key(config: &Config) -> u64 {
    let mut hasher = DefaultHasher::new();
    config.record_files_key().hash(&mut hasher);
    hasher.finish()
}

#[test]
fn the_file_may_be_hidden_or_named_and_never_be_two() {
    let preset = |names: &[&str], file: Option<&str>| {
        let files = names.iter().map(|name| (name.to_string(), "extends: strict".to_owned()));
        let config = Config::load(&Snapshot::in_memory(files), file.map(std::path::Path::new));
        config.map_or_else(|faults| shown(&faults), |config| config.preset.name().to_owned())
    };
    assert_eq!(preset(&[".alignlint.yaml"], None), "strict");
    assert_eq!(preset(&["sub/alignlint.yaml"], None), "recommended");
    assert_eq!(preset(&["sub/alignlint.yaml"], Some("./sub/alignlint.yaml")), "strict");
    let two = preset(&["alignlint.yaml", ".alignlint.yaml"], None);
    assert!(two.starts_with("found two configuration files"), "{two}");
    let wrong = preset(&["alignlint.yml"], None);
    assert!(wrong.ends_with("is not a configuration file name → rename it to `alignlint.yaml`"), "{wrong}");
    let missing = preset(&[], Some("/nowhere/alignlint.yaml"));
    assert!(missing.starts_with("can't read the configuration file `/nowhere/alignlint.yaml`"), "{missing}");
}
