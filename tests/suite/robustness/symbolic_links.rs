//! Symbolic links in the way of what the program writes and of what it is told to read. Inside the project none is
//! followed, whoever committed it; outside, paths mean what they mean everywhere.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use alignlint::output::{EntryKind, Folder, OpenFolder, Target, portable, unix};

use crate::kit::{Output, PROGRAM, Repository, TODAY, command};

const DECISIONS: &str = "governance/decisions.yaml";

/// A decision with an error, and one with a slip that `--fix` mends.
const TEXT: &str = "decisions:\n  - id: D-1\n    title: A\n    status: accepted\n    date: 01.02.2026\n    owner: ada\n    options: [a]\n    trade-offs: [b]\n    context: why\n    consequences: [what]\n  - id: D-2\n    title: B\n    status: nonsense\n    date: 2026-02-01\n    owner: ada\n    options: [a]\n    trade-offs: [b]\n    context: why\n    consequences: [what]\n";

fn repository() -> Repository {
    Repository::with(&[(DECISIONS, TEXT), ("ci/notes.md", "Notes.\n")])
}

/// What is outside of the project and must not be touched.
fn outside() -> Repository {
    Repository::folder_with(&[("precious", "precious\n"), ("folder/report", "precious\n")])
}

#[track_caller]
fn untouched(outside: &Repository) {
    assert_eq!(outside.read("precious"), "precious\n");
    assert_eq!(outside.read("folder/report"), "precious\n");
    assert_eq!(names(outside.path()), ["folder", "precious"]);
    assert_eq!(names(&outside.join("folder")), ["report"]);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|it| it.expect("an entry").file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn no_report_is_written_through_a_link_in_the_project() {
    let (repository, outside) = (repository(), outside());
    let links = [
        ("file", outside.join("precious")),
        ("dangling", outside.join("new")),
        ("inner", DECISIONS.into()),
        ("folder", outside.join("folder")),
        ("inner-folder", "governance".into()),
        ("ci/deep", outside.join("folder")),
    ];
    for (name, target) in &links {
        symlink(target, repository.join(name)).expect("a link");
    }
    let alias = Repository::folder();
    symlink(repository.path(), alias.join("alias")).expect("a link");
    let absolute = |path: &str| repository.join(path).to_str().expect("UTF-8").to_owned();
    let aliased = |path: &str| alias.join("alias").join(path).to_str().expect("UTF-8").to_owned();
    let paths = [
        "file",
        "dangling",
        "inner",
        "folder/report",
        "inner-folder/decisions.yaml",
        "folder/new",
        "ci/deep/report",
    ];
    for path in paths {
        let ways = [
            path.to_owned(),
            format!("./{path}"),
            format!("governance/../{path}"),
            absolute(path),
            aliased(path),
        ];
        for way in ways {
            let fault = repository.check(&["--format", &format!("json={way}")]).fault();
            let link = if path.starts_with("ci") { "ci/deep" } else { path.split('/').next().unwrap() };
            assert!(fault.contains(&format!("`{link}` is a symbolic link")), "{way}: {fault}");
        }
        let below = repository.run(&["-C", "governance", "--format", &format!("json=../{path}")]);
        assert!(below.fault().contains("is a symbolic link"), "{path}");
    }
    untouched(&outside);
    assert_eq!(repository.read(DECISIONS), TEXT);
    for (name, target) in &links {
        assert_eq!(fs::read_link(repository.join(name)).expect("still a link"), *target);
    }
    assert_eq!(
        names(repository.path()),
        [".git", "ci", "dangling", "file", "folder", "governance", "inner", "inner-folder"]
    );
}

#[test]
fn reports_are_written_into_files_and_folders_of_the_project() {
    let repository = repository();
    let alias = Repository::folder();
    symlink(repository.path(), alias.join("alias")).expect("a link");
    repository.write(&[("ci/report.json", "an older one\n")]);
    let mode = |path: &str| fs::metadata(repository.join(path)).expect("a file").permissions().mode() & 0o777;
    fs::set_permissions(repository.join("ci/report.json"), fs::Permissions::from_mode(0o640))
        .expect("permissions");
    let aliased = alias.join("alias/ci/alias.json").display().to_string();
    let ways =
        [("ci/report.json", "ci/report.json"), ("./new.json", "new.json"), (&*aliased, "ci/alias.json")];
    for (way, path) in ways {
        let run = repository.check(&["--format", &format!("json={way}")]);
        assert_eq!(run.code, Some(1), "{way}: {}", run.err);
        assert!(repository.read(path).starts_with("{\n") && repository.read(path).ends_with("}\n"), "{way}");
    }
    assert_eq!(mode("ci/report.json"), 0o640);
    assert_eq!(names(&repository.join("ci")), ["alias.json", "notes.md", "report.json"]);
    // In a folder that is not a repository, too.
    let folder = Repository::folder_with(&[(DECISIONS, TEXT)]);
    symlink("/dev/null", folder.join("link")).expect("a link");
    assert!(folder.check(&["--format", "json=link"]).fault().contains("`link` is a symbolic link"));
    assert_eq!(folder.check(&["--format", "json=report"]).code, Some(1));
}

#[test]
fn what_the_user_names_outside_the_project_is_written_as_it_is() {
    let (repository, outside) = (repository(), Repository::folder_with(&[("real", ""), ("folder/real", "")]));
    symlink("real", outside.join("link")).expect("a link");
    symlink("folder", outside.join("linked")).expect("a link");
    for path in ["real", "link", "linked/real", "linked/new"] {
        let run = repository.check(&["--format", &format!("jsonl={}", outside.join(path).display())]);
        assert_eq!(run.code, Some(1), "{path}: {}", run.err);
        assert!(outside.read(path).starts_with('{'), "{path}");
    }
    assert!(outside.join("link").is_symlink());
    for device in ["/dev/stdout", "/dev/fd/1"] {
        let mut run = command(PROGRAM, repository.path());
        let run = Output::of(run.args(["--as-of", TODAY, "--format", &format!("jsonl={device}")]));
        assert_eq!(run.code, Some(1), "{device}: {}", run.err);
        assert!(run.out.starts_with('{'), "{device}: {}", run.out);
    }
    // Standard output may be a file in the project.
    let log = fs::File::create(repository.join("log")).expect("a file");
    let mut run = command(PROGRAM, repository.path());
    run.args(["--format", "jsonl=/dev/stdout"]).stdout(log).stderr(Stdio::null());
    assert_eq!(run.status().expect("it runs").code(), Some(1));
    assert!(repository.read("log").starts_with('{'));
    assert_eq!(repository.check(&["--format", "json=/dev/null"]).code, Some(1));
}

#[test]
fn no_baseline_is_written_or_read_through_a_link_in_the_project() {
    let outside = outside();
    for (link, baseline) in
        [("base", "base/b.yaml"), ("ci/b.yaml", "ci/b.yaml"), ("alignlint-baseline.yaml", "")]
    {
        for target in [outside.join("folder"), outside.join("precious"), "governance".into()] {
            let repository = repository();
            symlink(&target, repository.join(link)).expect("a link");
            if !baseline.is_empty() {
                repository.write(&[("alignlint.yaml", &format!("baseline: {baseline}\n"))]);
            }
            let before = names(&repository.join("governance"));
            for arguments in [&["--write-baseline"][..], &[]] {
                let fault = repository.check(arguments).fault();
                assert!(fault.contains(&format!("`{link}` is a symbolic link")), "{arguments:?}: {fault}");
            }
            if !baseline.is_empty() {
                let named = repository.join(baseline).display().to_string();
                let arguments = ["--no-config", "--write-baseline", "--baseline", &named];
                let fault = repository.check(&arguments).fault();
                assert!(fault.contains(&format!("`{link}` is a symbolic link")), "{fault}");
            }
            assert_eq!(names(&repository.join("governance")), before);
            untouched(&outside);
        }
    }
    let repository = repository();
    repository.write(&[("alignlint.yaml", "baseline: new/folder/b.yaml\n")]);
    assert_eq!(repository.check(&["--write-baseline"]).code, Some(0));
    assert!(repository.read("new/folder/b.yaml").contains("fingerprint"));
    assert_eq!(names(&repository.join("new/folder")), ["b.yaml"]);
    assert_eq!(repository.check(&[]).code, Some(0));
    // Outside, the user's own link is followed.
    outside.write(&[("precious", "version: 2\nfindings: []\n")]);
    symlink("precious", outside.join("link")).expect("a link");
    let named = outside.join("link").display().to_string();
    assert_eq!(repository.check(&["--write-baseline", "--baseline", &named]).code, Some(0));
    assert!(outside.join("link").is_symlink() && outside.read("precious").contains("fingerprint"));
}

#[test]
fn relative_paths_begin_in_the_folder_of_the_program() {
    let above = Repository::folder();
    above.write(&[("repo/governance/decisions.yaml", TEXT), ("own.yaml", "rules: {'*': off}\n")]);
    let git = |arguments: &[&str]| crate::kit::git(&above.join("repo"), arguments);
    git(&["init", "--quiet"]);
    let run = |arguments: &[&str]| {
        let mut run = command(PROGRAM, above.path());
        Output::of(run.args(["-C", "repo"]).args(arguments))
    };
    assert_eq!(run(&["--config", "../own.yaml"]).code, Some(0));
    let written = run(&["--write-baseline", "--baseline", "../b.yaml"]);
    assert_eq!(written.code, Some(0), "{}", written.err);
    assert!(above.read("b.yaml").contains("fingerprint"));
    assert_eq!(run(&["--baseline", "../b.yaml"]).code, Some(0));
    assert_eq!(names(above.path()), ["b.yaml", "own.yaml", "repo"]);
}

#[test]
fn no_configuration_is_read_through_a_link_in_the_project() {
    let outside =
        Repository::folder_with(&[("own.yaml", "rules: {'*': off}\n"), ("secret.yaml", "token: SECRET\n")]);
    let repository = repository();
    repository.write(&[("ci/own.yaml", "rules: {'*': off}\n")]);
    symlink(outside.join("own.yaml"), repository.join("link.yaml")).expect("a link");
    symlink(outside.join("secret.yaml"), repository.join("secret.yaml")).expect("a link");
    symlink(outside.path(), repository.join("folder")).expect("a link");
    symlink("ci/own.yaml", repository.join("inner.yaml")).expect("a link");
    repository.commit("2026-10-02");
    for (path, link) in [
        ("link.yaml", "link.yaml"),
        ("secret.yaml", "secret.yaml"),
        ("folder/own.yaml", "folder"),
        ("inner.yaml", "inner.yaml"),
        ("ci/../link.yaml", "link.yaml"),
    ] {
        let absolute = repository.join(path).display().to_string();
        for way in [path, &absolute] {
            for state in [&[][..], &["--staged"], &["--rev", "HEAD"], &["--policy-from", "HEAD"]] {
                let run = repository.check(&[&["--config", way], state].concat());
                let fault = run.fault();
                assert!(fault.contains(&format!("`{link}` is a symbolic link")), "{way} {state:?}: {fault}");
                assert!(!fault.contains("SECRET") && !fault.contains("token"), "{fault}");
            }
        }
    }
    // Not followed if Git ignores the link, either.
    repository.write(&[(".gitignore", "ignored*\n"), ("ignored.yaml", "rules: {'*': off}\n")]);
    symlink(outside.join("own.yaml"), repository.join("ignored-link.yaml")).expect("a link");
    assert!(repository.check(&["--config", "ignored-link.yaml"]).fault().contains("is a symbolic link"));
    let named = outside.join("own.yaml").display().to_string();
    symlink("own.yaml", outside.join("link.yaml")).expect("a link");
    let link = outside.join("link.yaml").display().to_string();
    for honest in ["ci/own.yaml", "ignored.yaml", &named, &link] {
        let run = repository.check(&["--config", honest]);
        assert_eq!(run.code, Some(0), "{honest}: {}", run.err);
    }
}

#[test]
fn a_link_never_stands_for_the_default_policy() {
    let repository = repository();
    let config = "rules: {schema/enum: error, policy/*: error, '*': off}\n";
    repository.write(&[("ci/own.yaml", config)]);
    let regular = repository.commit("2026-10-02");
    repository.remove("ci/own.yaml");
    symlink("../alignlint.yaml", repository.join("ci/own.yaml")).expect("a link");
    let link = repository.commit("2026-10-03");
    repository.remove("ci/own.yaml");
    let none = repository.commit("2026-10-04");
    let check = |state: &str, from: &str| {
        repository.check(&["--config", "ci/own.yaml", "--rev", state, "--policy-from", from])
    };
    for (state, from) in [(&regular, &link), (&link, &link), (&none, &link), (&link, &none)] {
        let fault = check(state, from).fault();
        assert!(fault.contains("`ci/own.yaml` is a symbolic link"), "{fault}");
    }
    // A change that makes it a link is judged by what it was, and would break every run after it.
    let broken = check(&link, &regular);
    assert_eq!(broken.code, Some(1), "{}", broken.err);
    assert!(broken.out.contains("`ci/own.yaml` is a symbolic link"), "{}", broken.out);
    // Honest: a change that adds it.
    assert!(check(&regular, &none).notes().contains("the default configuration is used"));
    // A discovered one, in the folder of a project.
    repository.write(&[("company/governance/decisions.yaml", TEXT)]);
    symlink("../ci/notes.md", repository.join("company/alignlint.yaml")).expect("a link");
    let fault = repository.check(&["-C", "company"]).fault();
    assert!(fault.contains("`alignlint.yaml` is not a regular file"), "{fault}");
}

#[test]
fn a_rule_behind_a_link_is_missed_and_named() {
    let repository = repository();
    let rule = "title: T\nfor: decision\nexpect: record.id == 'D-0'\nmessage: m\nwhy: w\n";
    repository.write(&[("alignlint.yaml", "extends: [./policy]\n"), ("policy/rules/house/named.yaml", rule)]);
    fs::create_dir_all(repository.join("policy/rules")).expect("folders");
    symlink("../../ci/notes.md", repository.join("policy/rules/own.yaml")).expect("a link");
    let fault = repository.check(&[]).fault();
    assert!(fault.contains("`policy/rules/own.yaml` is a symbolic link"), "{fault}");
    repository.remove("policy/rules/own.yaml");
    assert_eq!(repository.check(&[]).code, Some(1));
}

#[test]
fn the_cache_is_not_written_through_a_link() {
    let (repository, outside) = (repository(), outside());
    symlink(outside.join("folder"), repository.join(".git/alignlint")).expect("a link");
    let fault = repository.check(&[]).fault();
    assert!(fault.contains("alignlint` is a symbolic link") && fault.contains("--no-cache"), "{fault}");
    assert_eq!(repository.check(&["--no-cache"]).code, Some(1));
    untouched(&outside);
}

/// Makes a file so many minutes old.
fn age(path: &Path, minutes: u64) {
    let file = fs::File::options().write(true).open(path).expect("a file");
    file.set_modified(SystemTime::now() - Duration::from_secs(minutes * 60)).expect("its age is set");
}

#[test]
fn a_fix_removes_what_killed_fixes_left_behind_and_nothing_else() {
    let repository = repository();
    let tracked = "governance/.alignlint-7-0.tmp";
    repository.write(&[(tracked, "tracked\n"), (".gitignore", "governance/.alignlint-8*\n")]);
    repository.git(&["add", "--all", "--force"]);
    repository.commit("2026-10-02");
    let left = ["governance/.alignlint-1-0.tmp", "governance/.alignlint-8-0.tmp", ".alignlint-9-12.tmp"];
    let young = "governance/.alignlint-2-0.tmp";
    let others = [
        "governance/.alignlint-1-0.tmp.md",
        "governance/.alignlint-x-0.tmp",
        "governance/alignlint-1-0.tmp",
        "governance/.alignlint--0.tmp",
    ];
    for path in left.iter().chain(&others).chain([&young]) {
        repository.write(&[(path, "half\n")]);
        age(&repository.join(path), 90);
    }
    age(&repository.join(tracked), 90);
    age(&repository.join(young), 30);
    fs::create_dir(repository.join("governance/.alignlint-3-0.tmp")).expect("a folder");
    repository.check(&[]);
    repository.check(&["--fix", "--diff"]);
    assert!(left.iter().all(|path| repository.join(path).exists()), "only `--fix` removes them");
    let fixed = repository.check(&["--fix"]);
    assert_eq!(fixed.code, Some(1), "{}", fixed.err);
    assert!(
        repository
            .read(DECISIONS)
            .contains("2026-02-01\n    owner: ada\n    options: [a]\n    trade-offs: [b]\n    context: why\n    consequences: [what]\n  - id: D-2")
    );
    let still = |path: &&str| repository.join(path).exists();
    assert_eq!(left.iter().filter(|path| still(path)).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert!(others.iter().chain([&young, &tracked, &"governance/.alignlint-3-0.tmp"]).all(still));
}

#[test]
fn an_ignore_file_without_an_end_is_not_read() {
    let repository = repository();
    for folder in ["", "governance/"] {
        symlink("/dev/zero", repository.join(&format!("{folder}.gitignore"))).expect("a link");
        let found = repository.check(&[]);
        assert_eq!((found.code, found.out.lines().count()), (Some(1), 2), "{folder}: {}", found.err);
    }
}

#[test]
fn a_dead_link_to_a_name_of_another_script_is_told() {
    let adr = |links: &str| {
        format!("# 1. Use Git\n\n## Status\n\nAccepted\n\n## Context\n\n{links}\n\n## Decision\n\nWe do.\n")
    };
    // A character of three bytes stands at each place.
    let names: Vec<String> = (0..16).map(|at| format!("{}网络-{at}.md", "a".repeat(at))).collect();
    let links: Vec<String> = names.iter().map(|name| format!("[a]({name})")).collect();
    let repository = Repository::with(&[("docs/adr/0001-use-git.md", &adr(&links.join(" ")))]);
    let output = repository.run(&["check", "--as-of", "2026-11-20", "--format", "concise", "--all"]);
    assert_eq!(output.code, Some(1), "{}", output.err);
    assert!(output.out.contains("网络"), "{}", output.out);
}

#[test]
fn a_file_is_replaced_as_a_whole_and_nothing_is_left_beside_it() {
    let disk = Repository::folder_with(&[("a/b.md", "old")]);
    let root = Folder::open(disk.path()).unwrap();
    let write = |path: &str, text: &str| root.write(Path::new(path), |file| file.write_all(text.as_bytes()));
    root.write(Path::new("a/b.md"), |file| {
        file.write_all(b"new")?;
        assert_eq!((disk.read("a/b.md"), names(&disk.join("a")).len()), ("old".to_owned(), 2));
        Ok(())
    })
    .unwrap();
    assert_eq!(disk.read("a/b.md"), "new");
    let failed = root.write(Path::new("a/b.md"), |file| {
        file.write_all(b"half")?;
        Err::<(), _>(io::Error::other("full"))
    });
    assert_eq!(failed.unwrap_err().to_string(), "full");
    write("./new/c.md", "c").unwrap();
    assert_eq!((disk.read("a/b.md"), disk.read("new/c.md")), ("new".to_owned(), "c".to_owned()));
    assert_eq!(names(&disk.join("a")), ["b.md"]);
    for path in ["", ".", "..", "../x", "a/../../x", "/x", "a"] {
        assert!(write(path, "").is_err(), "{path}");
    }
    assert_eq!(names(disk.path()), ["a", "new"]);
}

/// The behaviour that folders by path and by descriptor share.
fn opens_no_links<H: OpenFolder>(disk: &Path) {
    let [file, link, inner, new] = ["file", "link", "inner", "new"].map(OsStr::new);
    let root = H::open(disk).unwrap();
    let kinds = [file, link, inner].map(|name| root.kind(name).unwrap());
    assert_eq!(kinds, [EntryKind::File, EntryKind::Link, EntryKind::Folder]);
    assert_eq!(root.kind(new).unwrap_err().kind(), io::ErrorKind::NotFound);
    assert!(root.folder(link).is_err() && root.file(link).is_err() && root.file_to_write(link).is_err());
    assert!(root.folder(file).is_err());
    assert_eq!(root.create_file(link).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    root.create_folder(inner).unwrap();
    let inner = root.folder(inner).unwrap();
    drop(inner.create_file(new).unwrap());
    assert_eq!(inner.names().unwrap(), [new]);
    inner.rename(new, file).unwrap();
    inner.remove(file).unwrap();
    assert_eq!(inner.names().unwrap(), Vec::<&OsStr>::new());
}

#[test]
fn folders_by_path_and_by_descriptor_behave_alike() {
    let disk = Repository::folder_with(&[("file", "")]);
    fs::create_dir(disk.join("inner")).unwrap();
    symlink("inner", disk.join("link")).unwrap();
    opens_no_links::<portable::Handle>(disk.path());
    opens_no_links::<unix::Handle>(disk.path());
}

#[test]
fn a_typed_path_is_inside_or_outside() {
    let disk = Repository::folder_with(&[("repo/sub/x", ""), ("other/y", "")]);
    let above = disk.path().canonicalize().unwrap();
    let (root, start) = (above.join("repo"), above.join("repo/sub"));
    let locate = |typed: &Path| Target::locate(Some(&root), &start, typed);
    let (absolute, other, beside) = (root.join("a/b"), above.join("other/y"), above.join("repository"));
    for (typed, path) in [
        (Path::new("x"), "sub/x"),
        (Path::new("./new/../x"), "sub/x"),
        (Path::new("../x"), "x"),
        (Path::new("."), "sub"),
        (Path::new("../../repo/x"), "x"),
        (&absolute, "a/b"),
        (&root, ""),
    ] {
        assert_eq!(locate(typed), Target::Inside { root: root.clone(), path: path.into() });
    }
    for (typed, path) in [(Path::new("../../other/y"), &other), (&other, &other), (&beside, &beside)] {
        assert_eq!(locate(typed), Target::Outside(path.clone()));
    }
    assert_eq!(Target::locate(None, &start, Path::new("x")), Target::Outside(start.join("x")));
}
