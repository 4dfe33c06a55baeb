//! Installation: the version of a build, and the files that package managers, shells, editors and `man` read.

use std::{fs, path::Path};

use serde_json::Value;

use super::origin::{self, Origin};
use crate::kit::{Output, Repository, alignlint, command, project, project_file};

fn printed(arguments: &[&str]) -> String {
    let Output { code, out, err } = alignlint(project(), arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {err}");
    out
}

/// The version of a build in a folder.
fn version(folder: &Path, epoch: Option<&str>) -> String {
    origin::version("1.2.3", origin::of(folder).as_ref(), epoch)
}

#[test]
fn a_build_of_a_repository_says_its_commit_and_the_commits_day() {
    let repository = Repository::with(&[("a", "1\n")]);
    let commit = repository.git(&["rev-parse", "HEAD"]);
    let short = &commit[..12];
    let said = || version(repository.path(), None);
    assert_eq!(said(), format!("1.2.3 ({short} 2026-10-01)"));
    assert_eq!(said(), said());
    assert_eq!(version(repository.path(), Some("951782400")), format!("1.2.3 ({short} 2000-02-29)"));
    assert_eq!(origin::watched(repository.path()).len(), 2);

    repository.write(&[("new", "not tracked\n")]);
    assert_eq!(said(), format!("1.2.3 ({short} 2026-10-01)"));
    repository.write(&[("a", "2\n")]);
    assert_eq!(said(), format!("1.2.3 ({short} modified)"));
    // Sources in a subfolder of another repository do not belong to it.
    repository.write(&[("vendored/b", "1\n")]);
    assert_eq!(version(&repository.path().join("vendored"), None), "1.2.3");
}

#[test]
fn a_build_of_an_archive_or_a_package_says_what_packaging_left() {
    let attributes = project_file(".gitattributes");
    let placeholder = project_file("build/commit.txt");
    let repository = Repository::with(&[
        (".gitattributes", &attributes),
        ("build/commit.txt", &placeholder),
        ("a", "1\n"),
    ]);
    let commit = repository.git(&["rev-parse", "HEAD"]);
    let short = &commit[..12];
    let unpacked = Repository::folder();
    let (folder, archive) = (unpacked.path(), unpacked.join("a.tar"));
    repository.git(&["archive", "--output", &archive.to_string_lossy(), "HEAD"]);
    assert_eq!(Output::of(command("tar", folder).args(["-xf", "a.tar"])).code, Some(0));
    assert_eq!(version(folder, None), format!("1.2.3 ({short} 2026-10-01)"));

    unpacked.write_file("build/commit.txt", &placeholder);
    assert_eq!(version(folder, None), "1.2.3", "nothing is known");
    let info = format!("{{\n  \"git\": {{\n    \"sha1\": \"{commit}\"\n  }},\n  \"path_in_vcs\": \"\"\n}}");
    unpacked.write_file(".cargo_vcs_info.json", &info);
    assert_eq!(version(folder, None), format!("1.2.3 ({short})"));
    assert_eq!(version(folder, Some("1795003200")), format!("1.2.3 ({short} 2026-11-18)"));
}

#[test]
fn days_are_those_of_the_calendar() {
    let of = |seconds| {
        let origin = Origin { commit: "c".to_owned(), time: Some(seconds), modified: false };
        origin::version("", Some(&origin), None)
    };
    for seconds in [0, -1, 951_782_399, 951_868_800, 1_709_164_800, 4_107_542_400, 1_795_132_799] {
        let day = jiff::Timestamp::from_second(seconds).expect("a time").strftime("%Y-%m-%d").to_string();
        assert_eq!(of(seconds), format!(" (c {day})"));
    }
}

#[test]
fn the_version_begins_with_the_packages() {
    let said = printed(&["--version"]);
    let rest = said.strip_prefix(concat!("alignlint ", env!("CARGO_PKG_VERSION"))).expect(&said);
    assert!(rest == "\n" || rest.starts_with(" ("), "{said}");
}

#[test]
fn every_shell_that_is_offered_gets_a_script() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["completions", shell]);
        for word in ["policy-from", "completions", "no-config"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    let broken =
        Output::of(command("bash", Path::new(".")).args(["-n", "-c", &printed(&["completions", "bash"])]));
    assert_eq!(broken.code, Some(0), "{}", broken.err);
}

#[test]
fn the_manual_has_a_page_for_each_subcommand() {
    let program = printed(&["manual"]);
    let pages: Vec<&str> =
        program.lines().filter_map(|line| line.strip_prefix("alignlint\\-")?.strip_suffix("(1)")).collect();
    assert!(pages.contains(&"check") && pages.contains(&"manual"), "{pages:?}");
    for page in pages {
        let page = printed(&["manual", page]);
        assert!(page.contains(".SH SYNOPSIS") && page.contains(".SH DESCRIPTION"), "{page}");
    }
    let misspelt = alignlint(project(), &["manual", "chek"]);
    assert!(misspelt.code == Some(2) && misspelt.err.contains("did you mean `check`?"), "{misspelt:?}");
}

#[test]
fn every_file_that_people_write_has_a_schema() {
    let page = project_file("docs/install.md");
    for name in ["config", "records", "rule", "format", "kind", "report", "decision"] {
        let schema: Value = serde_json::from_str(&printed(&["schema", name])).expect("JSON");
        assert!(schema["title"].is_string() && schema["description"].is_string(), "{name}");
        assert!(page.contains(&format!("`alignlint schema {name}`")), "docs/install.md tells of `{name}`");
    }
}

#[test]
fn the_packages_say_the_same() {
    let cargo: toml::Table = project_file("Cargo.toml").parse().expect("TOML");
    let wheel: toml::Table = project_file("build/python/pyproject.toml").parse().expect("TOML");
    let (package, project) = (&cargo["package"], &wheel["project"]);
    for field in ["name", "license", "keywords"] {
        assert_eq!(package[field], project[field], "{field}");
    }
    assert_eq!(wheel["tool"]["maturin"]["bindings"].as_str(), Some("bin"));
    let changes = project_file("CHANGELOG.md");
    assert!(project_file("setup.py").contains(concat!("\nVERSION = \"", env!("CARGO_PKG_VERSION"), "\"\n")));
    assert!(changes.contains(concat!("\n## ", env!("CARGO_PKG_VERSION"), " ")), "the changelog tells of it");
    // Three files name the archives of a release: one builds them, two fetch them.
    let name = "{ name }-{ version }-{ target }";
    let binstall = &package["metadata"]["binstall"];
    let url = binstall["pkg-url"].as_str().expect("text");
    assert!(url.ends_with(&format!("/releases/download/v{{ version }}/{name}.tar.gz")), "{url}");
    assert_eq!(binstall["bin-dir"].as_str(), Some(&*format!("{name}/{{ bin }}{{ binary-ext }}")));
    assert!(project_file("build/package.sh").contains("name=alignlint-$version-$target\n"));
    assert!(project_file("action/install.sh").contains("archive=alignlint-$version-$target.tar.gz\n"));
    let release = project_file(".github/workflows/build.yml");
    let fetched = project_file("action/install.sh");
    let targets = fetched
        .split_whitespace()
        .filter(|word| word.contains("-unknown-") || word.contains("-apple-") || word.contains("-pc-"));
    let targets: Vec<&str> = targets.collect();
    assert_eq!(targets.len(), 6);
    for target in targets {
        assert!(release.contains(&format!("target: {target},")), "no release is built for {target}");
    }
}

#[test]
fn workflows_pin_what_they_use_and_may_do_nothing_unless_they_say_so() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows");
    for entry in fs::read_dir(folder).expect("workflows") {
        let path = format!(".github/workflows/{}", entry.expect("an entry").file_name().display());
        let text = project_file(&path);
        let workflow: Value = serde_yaml::from_str(&text).expect("YAML");
        assert_eq!(workflow["permissions"], serde_json::json!({}), "{path}");
        for line in text.lines().filter(|line| line.contains("uses: ")) {
            let (_, pin) = line.split_once('@').expect("a version");
            let (pin, version) = pin.split_once(" # v").expect("the version that the pin stands for");
            assert!(pin.len() == 40 && !version.is_empty(), "{path}: {line}");
        }
        for (name, job) in workflow["jobs"].as_object().expect("jobs") {
            assert!(job["permissions"].is_object() && job["timeout-minutes"].is_number(), "{path}: {name}");
        }
    }
    assert!(project_file(".github/workflows/ci.yml").contains("run: .ci/run\n"));
}
