//! Keys, pages and searches: what is found stands at its exact place, whatever the line ends and the characters before it.

use crate::kit::Repository;

/// The head of the rule `house/NAME`.
fn rule(name: &str, rest: &str) -> (String, String) {
    let head = format!(
        "id: house/{name}\ntitle: Ours\nseverity: error\npreset: essential\nfacet: record\nwhy: It is.\n\
         message: \"{{item}}\"\n"
    );
    (format!("policy/rules/house/{name}.yaml"), format!("{head}{rest}"))
}

/// What a rule finds, as `path:line:column item`.
fn found(rest: &str, files: &[(&str, &str)], settings: &str) -> Vec<String> {
    let repository = Repository::folder_with(files);
    let (path, text) = rule("found", rest);
    let configuration = format!("extends: [./policy]\n{settings}");
    repository.write(&[(&path, &text), ("alignlint.yaml", &configuration)]);
    let output = repository.check(&["--select", "house/found"]);
    assert!(output.err.is_empty() || output.code != Some(2), "{output:?}");
    output.out.lines().map(|line| line.replace(" error[house/found]", "")).collect()
}

const PAGE: &str = "\u{feff}---\r\nstatus: accepted # so far\r\ntitle:  \"Größe\"\r\ntags: [é, b]\r\n---\r\n\
# Größe\r\n\r\nSee [EIP-20](https://x.org) für EIP-7, `EIP-9`.\r\n\r\n```sh\r\nEIP-1\r\n```\r\n\r\n## Ümlaut\r\n\r\nText. https://ü.org/a_b_c.\r\n";
const ADR: &str = "docs/adr/0001-a.md";

fn on_page(rest: &str) -> Vec<String> {
    found(&format!("for: decision\n{rest}\nexpect: false\n"), &[(ADR, PAGE)], "")
}

#[test]
fn matches_stand_at_their_place_behind_multibyte_characters_and_crlf() {
    let passages = "each: 'record.file.parts(\"prose\").map(p, p.find_all(\"EIP-([0-9]+)\")).flat()'";
    assert_eq!(on_page(passages), ["docs/adr/0001-a.md:8:6: EIP-20", "docs/adr/0001-a.md:8:33: EIP-7"]);
    assert_eq!(
        on_page("each: 'record.file.find_all(\"EIP-[0-9]\\\\b\")'"),
        [
            "docs/adr/0001-a.md:8:33: EIP-7",
            "docs/adr/0001-a.md:8:41: EIP-9",
            "docs/adr/0001-a.md:11:1: EIP-1"
        ]
    );
    assert_eq!(on_page("each: 'record.file.parts(\"code\")'"), ["docs/adr/0001-a.md:8:41: EIP-9"]);
    assert_eq!(
        on_page("each: 'record.file.headings'"),
        ["docs/adr/0001-a.md:6:3: Größe", "docs/adr/0001-a.md:14:4: Ümlaut"]
    );
    assert_eq!(
        on_page("each: 'record.file.parts(\"address\")'"),
        ["docs/adr/0001-a.md:16:7: https://ü.org/a_b_c."]
    );
    assert_eq!(on_page("each: 'record.file.parts(\"link\")'"), ["docs/adr/0001-a.md:8:6: EIP-20"]);
}

#[test]
fn keys_are_as_written() {
    assert_eq!(
        on_page("each: record.keys"),
        ["docs/adr/0001-a.md:2:9: status", "docs/adr/0001-a.md:3:9: title", "docs/adr/0001-a.md:4:7: tags"]
    );

    let shown =
        |member: &str| on_page(&format!("each: '[record.keys.map(k, k.{member}).join(\"|\")]'"))[0].clone();
    assert!(
        shown("line").ends_with(": status: accepted # so far|title:  \"Größe\"|tags: [é, b]"),
        "{}",
        shown("line")
    );
    assert!(shown("text").ends_with(": accepted|\"Größe\"|[é, b]"), "{}", shown("text"));
    assert!(shown("value").ends_with(": accepted|Größe|"), "{}", shown("value"));
    assert!(shown("type").ends_with(": text|text|list"), "{}", shown("type"));
    assert_eq!(
        on_page("each: 'record.key(\"tags\").items.filter(i, i.path.endsWith(\".1\"))'"),
        ["docs/adr/0001-a.md:4:11: `0001`: Ours"]
    );
}

#[test]
fn keys_of_a_record_in_a_list_are_its_own() {
    let files = [(
        "governance/kpis.yaml",
        "kpis:\n  - { id: a, target: 3%, custom: { unit: x } }\n  - id: b\n    # why\n    weight: 1 # one\n",
    )];
    let keys = |each: &str| found(&format!("for: kpi\neach: {each}\nexpect: false\n"), &files, "");
    assert_eq!(
        keys("record.keys"),
        [
            "governance/kpis.yaml:2:11: id",
            "governance/kpis.yaml:2:22: target",
            "governance/kpis.yaml:2:34: custom",
            "governance/kpis.yaml:3:9: id",
            "governance/kpis.yaml:5:13: weight",
        ]
    );
    assert_eq!(keys("'[record.key(\"custom.unit\")]'"), ["governance/kpis.yaml:2:42: unit"]);
    assert_eq!(
        keys("'record.keys.filter(k, k.line.endsWith(\"# one\"))'"),
        ["governance/kpis.yaml:5:13: weight"]
    );
}

#[test]
fn a_value_that_is_left_out_or_stands_below_is_shown_at_its_key() {
    let files =
        [("governance/kpis.yaml", "kpis:\n  - id: a\n    target:\n    custom: # of ours\n      unit: x\n")];
    let keys = |each: &str| found(&format!("for: kpi\neach: {each}\nexpect: false\n"), &files, "");
    assert_eq!(
        keys("'record.keys.filter(k, k.text == \"\" && k.type == \"null\")'"),
        ["governance/kpis.yaml:3:5: target"]
    );
    assert_eq!(
        keys("'record.keys.filter(k, k.line.endsWith(\"# of ours\"))'"),
        ["governance/kpis.yaml:4:5: custom"]
    );
}

#[test]
fn what_another_file_says_is_underlined_there() {
    let files = [
        ("governance/kpis.yaml", "kpis: [{ id: a }]\n"),
        ("governance/decisions.yaml", "decisions:\n  - { id: D-1, title: One }\n"),
    ];
    let rest =
        "for: decision\neach: 'records(\"kpi\").map(k, k.file.find_all(\"id: a\")).flat()'\nexpect: false\n";
    assert_eq!(found(rest, &files, ""), ["governance/kpis.yaml:1:10: id: a"]);
}

#[test]
fn a_parameter_may_be_a_pattern_or_a_list_of_patterns() {
    let rest = "for: decision\nparams:\n  word: { type: pattern, default: \"EIP-[0-9]+\", description: What }\n  \
                but: { type: patterns, default: [\"^EIP-2\"], description: Exceptions }\n\
                each: record.file.find_all(params.word)\nexpect: params.but.exists(p, item.text.matches(p))\n";
    let lines =
        found(rest, &[(ADR, PAGE)], "rules: { house/found: { but: [\"[27]\"], word: \"EIP-..?\" } }\n");
    assert_eq!(
        lines,
        ["docs/adr/0001-a.md:8:41: EIP-9`", "docs/adr/0001-a.md:11:1: EIP-1\r"].map(str::trim_end)
    );
}

#[test]
fn a_pattern_of_the_configuration_is_checked_when_it_is_loaded() {
    let repository = Repository::folder_with(&[(ADR, PAGE)]);
    let rest = "for: decision\nparams:\n  word: { type: pattern, default: x, description: What }\n\
                each: record.file.find_all(params.word)\nexpect: false\n";
    let (path, text) = rule("found", rest);
    repository.write(&[
        (&path, &text),
        ("alignlint.yaml", "extends: [./policy]\nrules: { house/found: { word: \"[\" } }\n"),
    ]);
    let output = repository.check(&[]);
    assert_eq!(output.code, Some(2));
    assert!(
        output.err.contains("expected a regular expression for `word` of rule `house/found`"),
        "{output:?}"
    );
    let (path, text) = rule("found", "for: decision\neach: record.file.find_all(record.id)\nexpect: false\n");
    repository.write(&[(&path, &text), ("alignlint.yaml", "extends: [./policy]\n")]);
    let output = repository.check(&[]);
    assert!(output.err.contains("declare a parameter with `type: pattern`"), "{output:?}");
}

#[test]
fn only_what_has_a_text_of_a_file_is_searched() {
    let repository = Repository::folder_with(&[(ADR, PAGE), ("alignlint.yaml", "extends: [./policy]\n")]);
    let (path, text) =
        rule("found", "for: decision\neach: 'record.references[0].find_all(\"a\")'\nexpect: false\n");
    repository.write(&[(&path, &text)]);
    let output = repository.check(&[]);
    assert_eq!(output.code, Some(2));
    let words = output.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("expected a string, a file or a part of one, found a reference"), "{output:?}");
}
