use std::sync::Arc;

use super::*;
use crate::embedded;
use crate::node::Entry;
use crate::schema::to_json;

fn load(texts: &[&str]) -> Result<Profiles, Vec<Fault>> {
    let kinds = Kinds::load(&[]).expect("the embedded kinds load");
    let sources: Vec<Arc<Source>> = (1..)
        .zip(texts)
        .map(|(number, text)| {
            Arc::new(Source::new(format!("policy/profiles/{number}.yaml"), text.as_bytes().to_vec()))
        })
        .collect();
    Profiles::load(&sources, &[], &kinds)
}

fn faults(text: &str) -> Vec<String> {
    let faults = load(&[text]).err().unwrap_or_default();
    let shown = |fault: &Fault| match &fault.help {
        Some(help) => format!("{fault} [{help}]"),
        None => fault.to_string(),
    };
    faults.iter().map(shown).collect()
}

const NOTE: &str =
    "name: note\ntitle: A note\nkind: decision\nrecognise: {key: note}\nfields: {id: [{key: note}]}\n";

#[test]
fn the_embedded_profiles_are_what_any_profile_must_be() {
    let profiles = built_in();
    let rows: Vec<bool> = profiles.iter().map(|profile| profile.has_row_records).collect();
    assert!(rows.contains(&true) && rows.is_sorted(), "rows of a table are asked for last");
    let kinds = Kinds::load(&[]).expect("the embedded kinds load");
    let faults = Profiles::load(&embedded_sources(), &embedded_sources(), &kinds).err();
    let faults: Vec<String> = faults.iter().flatten().map(ToString::to_string).collect();
    assert_eq!(faults, [""; 0]);
}

fn embedded_sources() -> Vec<Arc<Source>> {
    let files = embedded::files("schemas/profiles");
    files.map(|(path, text)| Arc::new(Source::new(path, text.as_bytes().to_vec()))).collect()
}

fn built_in() -> Profiles {
    let kinds = Kinds::load(&[]).expect("the embedded kinds load");
    Profiles::load(&[], &embedded_sources(), &kinds).expect("no faults")
}

#[test]
fn a_part_of_a_built_in_profile_is_that_of_the_whole() {
    let sources = embedded_sources();
    let profiles = base::BuiltInProfiles::new(&sources);
    let mut extending = 0;
    for source in &sources {
        let stated = crate::syntax::parse(source.clone(), crate::syntax::Format::Yaml);
        let stated = stated.roots.first().expect("it is not empty");
        let stated = &*base::with_parts(source, stated).expect("each part is above");
        let json = profiles.document(source).and_then(|document| document.roots.first());
        let mut of_yaml = to_json(stated);
        of_yaml.as_object_mut().expect("a profile is a mapping").remove("parts");
        assert_eq!(json.map(to_json), Some(of_yaml), "{}", source.path());
        let whole = profiles.whole(source).expect("it is embedded");
        for Entry { key, value } in whole.as_mapping().expect("a profile is a mapping").entries() {
            let part = profiles.keys(source, &[&key.name]).expect("it is embedded");
            let own = stated.get(&key.name).filter(|_| *key.name == *base::RECOGNISE);
            assert_eq!(part.get(&key.name).map(to_json), Some(to_json(own.unwrap_or(value))), "{}", key.name);
            extending += usize::from(stated.get(&key.name).is_none());
        }
    }
    assert!(extending > 0);
}

#[test]
fn a_profile_is_asked_before_the_one_that_it_extends() {
    let profiles = built_in();
    let position = |name: &str| profiles.iter().position(|profile| &*profile.name == name);
    assert!(position("tep") < position("proposal") && position("simd") < position("proposal"));
    assert_eq!(profiles.get("tep").expect("it is built in").separator("authors"), Some(","), "as its base");
}

#[test]
fn the_profiles_of_packs_are_too() {
    let sources = |folder: String| -> Vec<Arc<Source>> {
        let source = |(path, text): (&str, &str)| Arc::new(Source::new(path, text.as_bytes().to_vec()));
        embedded::files(&folder).map(source).collect()
    };
    for pack in embedded::packs().into_iter().map(embedded::pack_folder) {
        let kinds = Kinds::load(&sources(format!("{pack}/kinds"))).expect("its kinds load");
        let profiles = sources(format!("{pack}/profiles"));
        let faults = Profiles::load(&profiles, &sources("schemas/profiles".to_owned()), &kinds).err();
        let faults: Vec<String> = faults.iter().flatten().map(ToString::to_string).collect();
        assert_eq!(faults, [""; 0], "{pack}");
    }
}

#[test]
fn a_profile_is_judged_by_its_schema() {
    let text = NOTE.replace("key: note}]", "key: note, takes: line}]");
    let found = faults(&text);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("policy/profiles/1.yaml:5:27: unknown key `takes` in"), "{found:?}");
    assert!(found[0].ends_with("[did you mean `take`?]"), "{found:?}");
}

#[test]
fn a_profile_speaks_of_fields_and_values_that_the_kind_has() {
    let text = format!("{NOTE}lacks: [ownr]\nvalues: {{status: {{words: {{ok: acepted}}}}}}\n");
    assert_eq!(
        faults(&text),
        [
            "policy/profiles/1.yaml:6:9: kind `decision` has no field `ownr` [did you mean `owner`?]",
            "policy/profiles/1.yaml:7:10: `values` names `status`, which has no location under `fields` [add where it is read, such as `status: [{ header: Status }]`, to `fields`, or remove it]",
            "policy/profiles/1.yaml:7:31: unknown value `acepted` of field `status` in kind `decision` [did you mean `accepted`?]",
        ]
    );
    assert_eq!(
        faults(&NOTE.replace("kind: decision", "kind: decison")),
        ["policy/profiles/1.yaml:3:7: unknown kind `decison` [did you mean `decision`?]"]
    );
}

#[test]
fn dates_values_and_variables_are_ones_that_can_be_read() {
    let fields = NOTE.replace("{key: note}]", "{key: note}],\n  status: [{value: acepted}]");
    let text =
        format!("{fields}dates: ['%d.%m.%Y', DD MMMM YYYY, '%Y']\nknown-as: ['{{foldr}}']\nrows: true\n");
    assert_eq!(
        faults(&text),
        [
            "policy/profiles/1.yaml:6:20: unknown value `acepted` of field `status` [did you mean `accepted`?]",
            "policy/profiles/1.yaml:7:21: `DD MMMM YYYY` is not a format of a date [write day, month and year as in `%d %B %Y`]",
            "policy/profiles/1.yaml:7:35: `%Y` is not a format of a date [write day, month and year as in `%d %B %Y`]",
            "policy/profiles/1.yaml:8:12: unknown variable; expected `{folder}` [write it as in `{folder}/README.md`]",
            "policy/profiles/1.yaml:9:7: `rows` needs `columns` under `recognise` [name the columns of the table, such as `columns: [Term, Meaning]`]",
        ]
    );
}

#[test]
fn patterns_and_globs_must_compile() {
    let text = NOTE.replace("{key: note}]", "{title: '(a'}]") + "paths: ['a{b']\n";
    assert_eq!(
        faults(&text),
        [
            "policy/profiles/1.yaml:5:23: invalid regular expression: unclosed group",
            "policy/profiles/1.yaml:6:9: invalid glob: unclosed alternate group [write a path below the root of the repository, or a glob such as `docs/**/*.md`]",
        ]
    );
}

#[test]
fn two_profiles_of_one_name_are_a_fault() {
    let found = load(&[NOTE, NOTE]).err().unwrap_or_default();
    assert_eq!(found[0].to_string(), "policy/profiles/2.yaml:1:7: duplicate profile name `note`");
}

#[test]
fn the_users_own_profiles_are_asked_first() {
    let embedded = load(&[NOTE]).unwrap_or_default();
    let own = load(&[&NOTE.replace("name: note", "name: own")]).unwrap_or_default();
    let names: Vec<Box<str>> =
        embedded.preferring(own).iter().map(|profile| (&*profile.name).into()).collect();
    assert_eq!(names, ["own".into(), "note".into()] as [Box<str>; 2]);
}

#[test]
fn keys_match_whatever_their_case_and_separators() {
    assert!(same_key("Review_By", "review-by") && same_key("reviewBy", "review by"));
    assert!(!same_key("review", "review-by"));
}
