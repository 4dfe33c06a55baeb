//! The fuzz targets accept their seeds, and what was found earlier. `fuzz/README.md` says how to look for more.

#[path = "../../../fuzz/src/lib.rs"]
pub mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The seeds that are tried of each input of a target; all are tried by the fuzzer.
const TRIED: usize = 3;

#[test]
fn each_target_accepts_its_seeds() {
    let seeds = targets::seeds(Path::new("."));
    for (name, works) in targets::TARGETS {
        for (choice, (work, _)) in works.iter().enumerate() {
            let is_own = |target: &str, bytes: &[u8]| target == name && usize::from(bytes[0]) == choice;
            let own: Vec<&[u8]> = seeds
                .iter()
                .filter(|(target, bytes)| is_own(target, bytes))
                .map(|(_, bytes)| &**bytes)
                .collect();
            assert!(own.len() >= 2, "{work} has {} seeds", own.len());
            own.iter().step_by(own.len().div_ceil(TRIED)).for_each(|bytes| targets::run(name, bytes));
        }
    }
    if std::env::var_os("FUZZ_CORPUS").is_some() {
        write_corpus(&seeds);
    }
}

fn write_corpus(seeds: &BTreeSet<(&'static str, Vec<u8>)>) {
    for (at, (target, bytes)) in seeds.iter().enumerate() {
        let folder = Path::new("fuzz/corpus").join(target);
        fs::create_dir_all(&folder).expect("the folder is made");
        fs::write(folder.join(format!("seed-{at:04}")), bytes).expect("it is written");
    }
}

#[test]
fn what_was_found_earlier_is_not_found_again() {
    for (name, _) in targets::TARGETS {
        for file in fs::read_dir(Path::new("fuzz/regressions").join(name)).into_iter().flatten() {
            let path = file.expect("an entry").path();
            println!("{}", path.display());
            targets::run(name, &fs::read(path).expect("it is a file"));
        }
    }
}

#[test]
fn each_target_has_a_program_and_a_place_in_the_workflow() {
    let names: BTreeSet<&str> = targets::TARGETS.iter().map(|(name, _)| *name).collect();
    let manifest = fs::read_to_string("fuzz/Cargo.toml").expect("it is there");
    let workflow = fs::read_to_string(".github/workflows/fuzz.yml").expect("it is there");
    let programs: BTreeSet<&str> =
        manifest.split("[[bin]]\nname = \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(programs, names);
    for name in names {
        let program = fs::read_to_string(format!("fuzz/fuzz_targets/{name}.rs")).expect("it is there");
        assert!(program.contains(&format!("run(\"{name}\", data)")), "{program}");
        assert!(workflow.contains(&format!("          - {name}\n")), "{name}");
    }
}
