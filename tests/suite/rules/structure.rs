//! Rules over the structure of files: mappings whose keys are references, fields below fields, cycles through them.

use crate::kit::Repository;

const KIND: &str = "\
title: Crew
description: A group of people with rights.
x-plural: crews
properties:
  people:
    type: object
    description: Who is in it.
    properties:
      lead: { type: string, x-ref: person, description: Who leads it. }
      members: { type: array, items: { type: string, x-ref: person }, description: All of them. }
      includes: { type: array, items: { type: string, x-ref: crew }, description: Other crews. }
    additionalProperties: false
  rights:
    type: object
    description: What people may do.
    propertyNames: { x-ref: person }
    additionalProperties: { type: string, enum: [read, write] }
  places:
    type: object
    description: Where they meet.
    additionalProperties:
      type: object
      properties:
        doors: { type: array, items: { type: string }, description: The doors., x-verbatim: true }
        floors: { type: array, items: { type: integer }, description: The floors. }
        warden: { type: string, x-ref: person, description: Who has the key. }
  lists:
    type: array
    description: Mailing lists.
    items:
      type: object
      properties:
        address: { type: string, description: The address. }
        extra: { type: array, items: { type: string, x-ref: person }, description: More people. }
  everyone:
    type: array
    description: All people of it and of the crews in it.
    items: { type: string, x-ref: person }
    x-computed: >-
      distinct(record.?people.?members.orValue([]) + record.?people.?includes.orValue([]).map(c, c.everyone).flat())
additionalProperties: false
";

fn rule(id: &str, body: &str) -> String {
    format!(
        "id: {id}\ntitle: A rule\nseverity: error\npreset: essential\nfacet: record\nfor: crew\n{body}\nwhy: It is a test.\n"
    )
}

/// What rules find, as `line:column message`, in crews.
fn found(rules: &[&str], crews: &str) -> Vec<String> {
    let named = |(index, body): (usize, &&str)| {
        let id = format!("own/r{index}");
        (format!("policy/rules/{id}.yaml"), rule(&id, body))
    };
    let rules: Vec<(String, String)> = rules.iter().enumerate().map(named).collect();
    let mut files = vec![
        ("alignlint.yaml", "extends: [essential, ./policy]\n"),
        ("policy/kinds/crew.yaml", KIND),
        ("governance/people.yaml", "people:\n  - {id: ada, title: Ada}\n  - {id: bo, title: Bo}\n"),
        ("governance/crews.yaml", crews),
    ];
    files.extend(rules.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let output = Repository::folder_with(&files).check(&[]);
    assert!(output.code != Some(2), "{}", output.err);
    let place = |line: &str| {
        let (place, rest) = line.strip_prefix("governance/crews.yaml:")?.split_once(": ")?;
        let rest = rest.split_once('[')?.1.replace(']', "");
        Some(format!(
            "{place} {}",
            rest.strip_prefix("own/r")
                .and_then(|rest| rest.split_once(' '))
                .map_or(rest.as_str(), |(_, message)| message)
        ))
    };
    output.out.lines().filter_map(place).collect()
}

#[test]
fn the_entries_of_a_mapping_have_a_key_a_value_and_a_place() {
    let crews = "crews:\n  - id: c\n    rights:\n      ada: write\n      bo: read\n      cy: write\n";
    let writers =
        "each: entries(record.rights)\nexpect: item.value != 'write'\nmessage: \"{item.key} may write\"";
    assert_eq!(
        found(&[writers], crews),
        [
            "4:7 ada may write",
            "6:7 directory/unknown `c` refers to the unknown person `cy`",
            "6:7 cy may write"
        ]
    );
    let at_value = format!("{writers}\nat: item.value");
    assert_eq!(found(&[&at_value], crews)[0], "4:12 ada may write");
    let sized = "expect: size(record.rights) < 3 || 'ada' in record.rights && record.rights['ada'] == 'read'\nmessage: \"{record.rights}\"";
    assert_eq!(found(&[sized], crews)[0], "2:9 ada, bo, cy");
    let named = "each: entries(record.rights)\nexpect: item.key.title != 'Bo'\nmessage: \"{item.key.title}\"";
    assert_eq!(found(&[named], crews)[0], "5:7 Bo");
    let missing = "expect: has(record.rights) && ('zoe' in record.rights || record.rights['zoe'] == 'read')\nmessage: absent";
    assert_eq!(found(&[missing], crews).len(), 1, "an absent key is not judged");
}

#[test]
fn values_of_a_mapping_have_the_types_of_its_kind() {
    let crews = "crews:\n  - id: c\n    places:\n      north: { floors: [1, 9], warden: ada }\n      south: { floors: 3, warden: stranger }\n";
    let floors =
        "each: entries(record.places)\nexpect: item.value.floors.all(f, f < 9)\nmessage: \"{item.key}\"";
    let wardens = "each: entries(record.places).filter(e, e.value.warden.resolved)\nexpect: item.value.warden.title != 'Ada'\nmessage: \"{item.value.warden}\"";
    assert_eq!(
        found(&[floors, wardens], crews),
        ["4:7 north", "4:7 ada", "5:35 directory/unknown `c` refers to the unknown person `stranger`"]
    );
}

const NESTED: &str = "\
crews:
  - id: a
    people:
      members: [bo]
      lead: ada
      includes: [b]
    lists:
      - address: a@example.org
        extra: [bo, ada]
  - id: b
    people: { members: [ada], includes: [c] }
  - id: c
    people: { members: [], includes: [b] }
";

#[test]
fn an_empty_text_in_a_list_can_be_a_value() {
    let crews = "crews:\n  - id: c\n    places:\n      north: { doors: [a, '', TBD] }\n";
    let doors = "each: entries(record.places)\nexpect: size(item.value.doors) != 3 || item.value.doors[1] != ''\nmessage: x";
    assert_eq!(found(&[doors], crews), ["4:7 x"]);
}

#[test]
fn items_from_fields_below_fields_are_underlined_there() {
    let lead = "each: '[record.people.lead]'\nexpect: item in record.people.members\nmessage: \"{item} is no member\"";
    assert_eq!(found(&[lead], NESTED), ["5:13 ada is no member"]);
    let extra = "each: record.lists.map(l, l.extra).flat()\nexpect: item != 'ada'\nmessage: \"{item}\"";
    assert_eq!(found(&[extra], NESTED), ["9:21 ada"]);
    let address = "each: record.lists\nexpect: \"'ada' in record.people.members\"\nmessage: \"{item.address}\"\nat: item.address";
    assert_eq!(found(&[address], NESTED), ["8:18 a@example.org"]);
    let at =
        "when: has(record.people.lead)\nexpect: 'false'\nmessage: \"{record.people.lead}\"\nat: people.lead";
    assert_eq!(found(&[at], NESTED), ["5:13 ada"]);
    let own = "each: record.lists.map(l, l.address)\nexpect: 'false'\nmessage: \"{item}\"";
    assert_eq!(found(&[own], NESTED), ["8:18 a@example.org"]);
}

#[test]
fn paths_are_followed_and_have_cycles() {
    let cycle = "expect: \"!record.in_cycle('people.includes')\"\nmessage: \"{record.cycle('people.includes').join(' > ')}\"\nat: people.includes";
    assert_eq!(found(&[cycle], NESTED), ["11:41 b > c", "13:38 c > b"]);
    let above = "expect: record.ancestors('people.includes') == []\nmessage: \"{record.ancestors('people.includes')}\"";
    assert_eq!(found(&[above], NESTED), ["2:9 b, c", "10:9 c", "12:9 b"]);
    let cited = "expect: size(record.cited_by('crew', 'people.includes')) < 2\nmessage: \"{record.id}\"";
    assert_eq!(found(&[cited], NESTED), ["10:9 b"]);
    let of_list = "expect: size(record.cited_by('crew', 'people.lead')) == 0\nmessage: \"{record.id}\"";
    assert!(found(&[of_list], NESTED).is_empty());
    let cites = "expect: record.cites('person', 'people.members') != ['ada']\nmessage: \"{record.id}\"";
    assert_eq!(found(&[cites], NESTED), ["10:9 b"]);
}

#[test]
fn wrong_paths_and_types_are_faults_of_the_rule() {
    for (body, fault) in [
        ("expect: \"!record.in_cycle('people.leed')\"\nmessage: x", "a crew has no field `people.leed`"),
        ("expect: 'true'\nat: people.leed\nmessage: x", "a crew has no field `people.leed`"),
        (
            "each: record.lists\nexpect: 'true'\nat: item.adress\nmessage: x",
            "an item of a list has no field `item.adress`",
        ),
        ("expect: entries(record.title) == []\nmessage: x", "expected a mapping, found a string"),
        ("expect: record.rights[0] == ''\nmessage: x", "expected a string, found an integer"),
    ] {
        let files = [
            ("alignlint.yaml", "extends: ./policy\n"),
            ("policy/kinds/crew.yaml", KIND),
            ("policy/rules/own/r.yaml", &rule("own/r", body)),
            ("governance/crews.yaml", NESTED),
        ];
        let output = Repository::folder_with(&files).check(&[]);
        assert!(output.fault().contains(fault), "{body}: {}", output.fault());
    }
}

#[test]
fn a_computed_field_reads_other_records_and_itself() {
    let crews = "\
crews:
  - id: a
    people: { members: [bo], includes: [b] }
  - id: b
    people: { members: [ada], includes: [c] }
  - id: c
    people: { members: [ada] }
  - id: d
    everyone: [bo]
  - id: e
    people: { members: [bo], includes: [e] }
";
    let all = "each: record.everyone\nexpect: item != 'ada'\nmessage: \"{record.id}: {item}\"\nwhen: size(record.everyone) > 0";
    assert_eq!(
        found(&[all], crews),
        [
            "2:9 a: ada",
            "5:25 b: ada",
            "7:25 c: ada",
            "9:5 schema/unknown-field `d`: `everyone` is not a field of a crew"
        ],
        "what depends on itself is not judged"
    );
}

#[test]
fn a_chain_of_computed_fields_ends() {
    let mut crews = String::from("crews:\n");
    for number in 0..2000 {
        crews.push_str(&format!(
            "  - {{id: c{number}, people: {{members: [bo], includes: [c{}]}}}}\n",
            number + 1
        ));
    }
    let all = "expect: size(record.everyone) == 0\nmessage: x";
    assert!(
        !found(&[all], &crews).iter().any(|line| line.ends_with(" x")),
        "the last one refers to no record"
    );
}

#[test]
fn a_wrong_computed_field_is_a_fault_of_the_kind() {
    for (expression, fault) in [
        ("record.peple", "field `everyone`: a crew has no field `peple`"),
        ("record.id", "field `everyone`: expected a list of records, found a string"),
    ] {
        let start = KIND.find("      distinct").expect("the expression");
        let end = start + KIND[start..].find('\n').expect("its end");
        let kind = [&KIND[..start], "      ", expression, &KIND[end..]].concat();
        let files = [
            ("alignlint.yaml", "extends: ./policy\n"),
            ("policy/kinds/crew.yaml", &*kind),
            ("governance/crews.yaml", NESTED),
        ];
        let output = Repository::folder_with(&files).check(&[]);
        assert!(output.fault().contains(fault), "{expression}: {}", output.fault());
        assert!(output.err.contains("policy/kinds/crew.yaml:"), "{}", output.err);
    }
}

#[test]
fn files_that_hold_no_records_are_listed() {
    let rule = rule(
        "own/keys",
        "each: files('keys/*/*.pub').filter(f, !records('crew').exists(c, f.name == c.id + \".pub\"))\nexpect: 'false'\nmessage: \"`{item.path}` belongs to no crew\"",
    );
    let repository = Repository::with(&[
        ("alignlint.yaml", "extends: [essential, ./policy]\n"),
        ("policy/kinds/crew.yaml", KIND),
        ("policy/rules/own/keys.yaml", &rule),
        ("governance/crews.yaml", "crews:\n  - {id: a}\n"),
        ("keys/x/a.pub", "k"),
        ("keys/x/A.pub", "k"),
        ("keys/x/b.PUB", "k"),
    ]);
    let line = "keys/x/A.pub:1:1: error[own/keys] `keys/x/A.pub` belongs to no crew\n";
    assert_eq!(repository.check(&[]).out, line, "case matters");
    assert_eq!(repository.check(&["--staged", "--since", "HEAD"]).out, "");
    repository.write(&[("keys/x/c.pub", "k")]);
    repository.git(&["add", "."]);
    let new = repository.check(&["--staged", "--since", "HEAD"]).out;
    assert_eq!(new, line.replace('A', "c"), "a file that holds no records makes a finding");
    let pretty = repository.check(&["--format", "pretty"]).out;
    assert!(pretty.contains("keys/x/A.pub"), "{pretty}");
}

#[test]
fn the_severity_can_depend_on_the_record() {
    let body = "expect: size(record.?people.?members.orValue([])) > 0\nmessage: \"{record.id}\"";
    let rule = rule("own/empty", body).replace(
        "severity: error",
        "severity:\n  - { when: record.id == 'a', is: error }\n  - { when: record.people.lead == 'bo', is: warning }\n  - { is: note }",
    );
    let crews = "crews:\n  - {id: a}\n  - {id: b, people: {lead: bo}}\n  - {id: c}\n";
    let files = |configuration: &str, rule: &str| {
        Repository::folder_with(&[
            ("alignlint.yaml", configuration),
            ("policy/kinds/crew.yaml", KIND),
            ("policy/rules/own/empty.yaml", rule),
            ("governance/people.yaml", "people: [{id: bo, title: Bo}]\n"),
            ("governance/crews.yaml", crews),
        ])
    };
    let repository = files("extends: [essential, ./policy]\n", &rule);
    let output = repository.check(&["--select", "own/*"]);
    assert_eq!(output.findings(), ["error[own/empty] a", "warning[own/empty] b", "note[own/empty] c"]);
    assert_eq!(output.code, Some(1));
    let sarif = repository.run(&["--select", "own/*", "--format", "sarif"]).json();
    let levels =
        sarif["runs"][0]["results"].as_array().expect("results").iter().map(|one| one["level"].as_str());
    assert_eq!(levels.collect::<Vec<_>>(), [Some("error"), Some("warning"), Some("note")]);
    assert_eq!(repository.check(&["--select", "own/*", "--write-baseline"]).code, Some(0));
    assert_eq!(repository.check(&["--select", "own/*"]).out, "");
    let configured = files("extends: [essential, ./policy]\nrules: { own/empty: note }\n", &rule);
    let output = configured.check(&["--select", "own/*"]);
    assert_eq!(output.findings(), ["note[own/empty] a", "note[own/empty] b", "note[own/empty] c"]);
    assert_eq!(output.code, Some(0));
    let endless = files("extends: ./policy\n", &rule.replace("  - { is: note }\n", "")).check(&[]);
    assert!(endless.fault().contains("expected a `when` in each severity but the last"), "{}", endless.err);
    let wrong = files("extends: ./policy\n", &rule.replace("'a', is", "1, is")).check(&[]);
    assert!(wrong.fault().contains("can't compare a string with an integer"), "{}", wrong.err);
}
