use std::sync::Arc;

use super::*;
use crate::syntax::parse;

fn kinds() -> Kinds {
    Kinds::load(&[]).unwrap()
}

fn faults(text: &str) -> Vec<String> {
    let source = Arc::new(Source::new("policy/kinds/risk.yaml", text.as_bytes().to_vec()));
    let line = |fault: &Fault| fault.to_string().replace("policy/kinds/risk.yaml:", "");
    Kinds::load(&[source]).err().unwrap_or_default().iter().map(line).collect()
}

#[test]
fn every_embedded_kind_satisfies_the_meta_schema_and_itself() {
    let meta = Schema::embedded("schemas/kind.schema.json").unwrap();
    for (path, text) in embedded::files("schemas/kinds") {
        let document = parse(Arc::new(Source::new(path, text.as_bytes().to_vec())), Format::Yaml);
        let root = document.only_mapping().unwrap();
        assert_eq!(meta.violations(root), [], "{path}");
        let kinds = kinds();
        let names = kinds.referable();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let kind = kinds.get(name_of(path)).unwrap();
        let faults = check::faults(&document.source, root, kind, &names);
        assert_eq!(faults.iter().map(ToString::to_string).collect::<Vec<_>>(), [""; 0], "{path}");
    }
    for kind in kinds().iter() {
        assert!(kind.schema().is_ok(), "{}: {:?}", kind.name, kind.schema().err());
        assert_described(&kind.shape, &kind.name);
    }
}

#[test]
fn what_is_read_as_json_says_the_same_in_yaml() {
    let folders = ["schemas", "packs"].into_iter().flat_map(embedded::files);
    let mut compared = 0;
    for (path, text) in folders.filter(|(path, _)| !path.contains("/rules/")) {
        let Some(json) = embedded::as_json(path) else { continue };
        let document = parse(Arc::new(Source::embedded(path, text)), Format::Yaml);
        let json: Value = serde_json::from_str(json).expect("it is JSON");
        assert_eq!(to_json(&document.roots[0]).to_string(), json.to_string(), "{path}");
        compared += 1;
    }
    assert!(compared > embedded::files("schemas/kinds").count());
}

/// Asserts that each property has a description and no key is ambiguous.
fn assert_described(shape: &Shape, path: &str) {
    if let Some((first, second, key)) = shape.ambiguous_key() {
        panic!("{path}: `{key}` means `{}` and `{}`", first.name, second.name);
    }
    for field in &shape.fields {
        let path = format!("{path}/{}", field.name);
        assert!(!field.description.is_empty(), "{path} is not described");
        assert!(field.natural_key.is_none() || matches!(&field.ty, FieldType::List(_)), "{path} is no list");
        let mut ty = &field.ty;
        while let FieldType::List(item) = ty {
            ty = item;
        }
        if let FieldType::Struct(inner) = ty {
            assert_described(inner, &path);
            for name in field.natural_key.iter().chain(&inner.text) {
                assert!(inner.field(name).is_some(), "{path} has no `{name}`");
            }
        }
    }
}

#[test]
fn a_user_kind_is_validated_against_the_meta_schema() {
    let good = "title: Risk\ndescription: What may go wrong.\nx-plural: risks\nproperties:\n  likelihood: { enum: [low, high] }\n";
    let source = Arc::new(Source::new("policy/kinds/risk.yaml", good.as_bytes().to_vec()));
    let kinds = Kinds::load(&[source]).unwrap();
    assert_eq!(&*kinds.by_key("risks").unwrap().name, "risk");
    assert!(kinds.get("risk").unwrap().shape.field("owner").is_some());

    let cases = [
        ("  until: { fromat: date }\n", "6:12: unknown key `fromat` in `until`"),
        ("  Until: { type: string }\n", "6:3: the key is `Until`; expected text such as `review-by`"),
        ("x-owner: [holder]\n", "6:11: unknown field `holder`"),
        ("x-review: { due: on }\n", "6:18: unknown field `on`"),
        ("x-review: { due: likelihood }\n", "6:18: `likelihood` is no date"),
        ("x-aliases: [adr]\n", "1:1: duplicate kind name `adr` in `decision` and `risk`"),
        ("x-live: open\n", "6:9: `x-live` is `open`; expected a list or a mapping"),
        ("  team: { type: string, x-ref: teem }\n", "6:32: unknown kind `teem`"),
        ("  why: { type: array, items: { x-ref: [who, kpy] } }\n", "6:45: unknown kind `kpy`"),
        ("required: [likelyhood]\n", "6:12: unknown field `likelyhood`"),
        ("  on: { x-derived: { from: likelihod } }\n", "6:28: unknown field `likelihod`"),
        ("  by: { default: hihg, enum: [low, high] }\n", "6:18: unknown value `hihg` of field `by`"),
        (
            "  by: { enum: [low, high], x-synonyms: { low: [small], high: [small] } }\n",
            "6:63: duplicate word `small` in `low` and `high`",
        ),
        (
            "  step: { type: object, required: [waht], x-text: what, properties: { what: { type: string } } }\n",
            "6:36: unknown field `waht`",
        ),
        ("x-status: likelihood\nx-live: [hihg]\n", "7:10: unknown status `hihg` of kind `risk`"),
        ("  until: { x-aliases: [name] }\n", "6:10: duplicate field name `name` in `until` and `title`"),
    ];
    for (added, expected) in cases {
        assert_eq!(faults(&format!("{good}{added}")), [expected], "{added}");
    }
    let two =
        "  step: { type: object, properties: { what: { type: string }, due: { x-aliases: [What] } } }\n";
    assert_eq!(faults(&format!("{good}{two}")), ["6:82: duplicate field name `What` in `what` and `due`"]);
    assert_eq!(
        faults(&format!("{good}  values: {{ x-ref: value }}\n")),
        [""; 0],
        "decisions refer to values too"
    );
    assert_eq!(faults("[1]"), ["1:1: expected one mapping of keys to values in the file"]);
    assert_eq!(faults("title: a: b").len(), 1);
}
