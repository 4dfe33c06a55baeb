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
fn the_keys_of_a_mapping_have_a_value_and_a_place() {
    let crews = "crews:\n  - id: c\n    rights:\n      ada: write\n      bo: read\n      cy: write\n";
    let writers =
        "each: record.rights\nexpect: record.rights[item] != 'write'\nmessage: \"{item} may write\"";
    assert_eq!(
        found(&[writers], crews),
        [
            "4:7 ada may write",
            "6:7 directory/unknown `c` refers to the unknown person `cy`",
            "6:7 cy may write"
        ]
    );
    let sized = "expect: size(record.rights) < 3 || 'ada' in record.rights && record.rights['ada'] == 'read'\nmessage: \"{record.rights}\"";
    assert_eq!(found(&[sized], crews)[0], "2:9 ada, bo, cy");
    let named = "each: record.rights\nexpect: item.title != 'Bo'\nmessage: \"{item.title}\"";
    assert_eq!(found(&[named], crews)[0], "5:7 Bo");
    let missing = "expect: has(record.rights) && ('zoe' in record.rights || record.rights['zoe'] == 'read')\nmessage: absent";
    assert_eq!(found(&[missing], crews).len(), 1, "an absent key is not judged");
}

#[test]
fn values_of_a_mapping_have_the_types_of_its_kind() {
    let crews = "crews:\n  - id: c\n    places:\n      north: { floors: [1, 9], warden: ada }\n      south: { floors: 3, warden: stranger }\n";
    let floors = "each: record.places\nexpect: record.places[item].floors.all(f, f < 9)\nmessage: \"{item}\"";
    let wardens = "each: record.places.filter(p, record.places[p].warden.resolved)\nexpect: record.places[item].warden.title != 'Ada'\nmessage: \"{record.places[item].warden}\"";
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
    let doors = "each: record.places\nexpect: size(record.places[item].doors) != 3 || record.places[item].doors[1] != ''\nmessage: x";
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
    let cycle =
        "expect: \"!record.in_cycle('people.includes')\"\nmessage: \"{record.id}\"\nat: people.includes";
    assert_eq!(found(&[cycle], NESTED), ["11:41 b", "13:38 c"]);
    let above = "expect: record.ancestors('people.includes') == []\nmessage: \"{record.ancestors('people.includes')}\"";
    assert_eq!(found(&[above], NESTED), ["2:9 b, c", "10:9 c", "12:9 b"]);
    let cited = "expect: size(record.cited_by('crew', 'people.includes')) < 2\nmessage: \"{record.id}\"";
    assert_eq!(found(&[cited], NESTED), ["10:9 b"]);
    let of_list = "expect: size(record.cited_by('crew', 'people.lead')) == 0\nmessage: \"{record.id}\"";
    assert!(found(&[of_list], NESTED).is_empty());
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
    assert!(endless.findings().contains(&"warning[own/empty] c"), "{}", endless.out);
    let wrong = files("extends: ./policy\n", &rule.replace("'a', is", "1, is")).check(&[]);
    assert!(wrong.fault().contains("can't compare a string with an integer"), "{}", wrong.err);
}
