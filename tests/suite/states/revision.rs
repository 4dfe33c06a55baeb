//! Revisions.

use std::path::Path;

use alignlint::snapshot::Snapshot;

use super::{paths, text};
use crate::kit::{Repository, git};

#[test]
fn a_revision_is_named_in_any_of_gits_ways() {
    let repository = Repository::with(&[("a.yaml", "one")]);
    let first = repository.git(&["rev-parse", "HEAD"]);
    repository.git(&["tag", "--annotate", "v1", "--message=one"]);
    repository.write(&[("a.yaml", "two"), ("b/c.yaml", "")]);
    repository.commit("2026-10-02");
    for rev in ["HEAD~1", "v1", "refs/tags/v1", &first, &first[..9], "main^", "@~"] {
        let state = repository.at(rev);
        assert_eq!((paths(&state), text(&state, "a.yaml").as_str()), (vec!["a.yaml"], "one"), "{rev}");
        assert_eq!(state.commit().as_deref(), Some(&*first));
    }
    assert_eq!(paths(&repository.at("main")), ["a.yaml", "b/c.yaml"]);
}

#[test]
fn files_are_in_the_order_of_their_paths_bytes_and_not_of_gits_trees() {
    let repository = Repository::with(&[("a/b.yaml", ""), ("a.yaml", ""), ("a-b.yaml", ""), ("B.yaml", "")]);
    let expected = ["B.yaml", "a-b.yaml", "a.yaml", "a/b.yaml"];
    assert_eq!(paths(&repository.at("HEAD")), expected);
    assert_eq!(paths(&repository.staged()), expected);
}

#[test]
fn a_bare_repository_has_revisions() {
    let origin = Repository::with(&[("docs/a.yaml", "id: 1")]);
    let bare = Repository::clone(&origin, &["--bare"]);
    let state = bare.at("main");
    assert_eq!(text(&state, "docs/a.yaml"), "id: 1");
    assert_eq!((state.root(), state.prefix()), (None, ""));
}

#[test]
fn from_a_subfolder_paths_that_a_person_types_are_relative_to_it() {
    let repository = Repository::with(&[("a.yaml", ""), ("docs/b.yaml", "")]);
    let state = Snapshot::revision(&repository.path().join("docs"), "HEAD").unwrap();
    assert_eq!((paths(&state), state.prefix()), (vec!["a.yaml", "docs/b.yaml"], "docs"));
    assert_eq!(state.resolve(Path::new("../a.yaml")).as_deref(), Some("a.yaml"));
}

#[test]
fn a_folder_with_a_configuration_is_a_project_in_every_state() {
    let repository = Repository::with(&[("sub/alignlint.yaml", ""), ("sub/in/a.yaml", "a"), ("b.yaml", "")]);
    let start = repository.path().join("sub/in");
    for state in [Snapshot::index(&start), Snapshot::revision(&start, "HEAD"), Snapshot::worktree(&start)] {
        let project = state.unwrap().project();
        assert_eq!((paths(&project), project.prefix()), (vec!["alignlint.yaml", "in/a.yaml"], "in"));
        assert_eq!(text(&project, "in/a.yaml"), "a");
        assert_eq!(project.root(), Some(&*repository.path().join("sub")));
    }
}

#[test]
fn the_base_is_the_same_folder_though_it_was_no_project_then() {
    let repository = Repository::with(&[("sub/a.yaml", "before"), ("b.yaml", "")]);
    repository.write(&[("sub/alignlint.yaml", ""), ("sub/a.yaml", "after")]);
    repository.git(&["add", "--all"]);
    let project = Snapshot::index(&repository.path().join("sub")).unwrap().project();
    let base = project.merge_bases("HEAD").unwrap().remove(0);
    assert_eq!((paths(&base), text(&base, "a.yaml").as_str()), (vec!["a.yaml"], "before"));
}

#[test]
fn the_base_of_a_revision_is_its_own_merge_base() {
    let repository = Repository::with(&[("a.yaml", "start")]);
    let start = repository.git(&["rev-parse", "HEAD"]);
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write(&[("a.yaml", "side")]);
    repository.commit("2026-10-02");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(&[("b.yaml", "")]);
    let main = repository.commit("2026-10-03");
    let base = |state: &Snapshot, since: &str| state.merge_bases(since).unwrap().remove(0).commit().unwrap();
    assert_eq!(base(&repository.at("side"), "main"), start);
    assert_eq!(base(&repository.worktree(), "side"), start);
    assert_eq!(base(&repository.staged(), "HEAD"), main);
}

#[test]
fn names_are_bytes() {
    let repository = Repository::with(&[("line\nend.yaml", ""), ("日本.yaml", "")]);
    assert_eq!(paths(&repository.at("HEAD")), ["line\nend.yaml", "日本.yaml"]);
}

#[test]
fn blobs_are_read_from_many_threads_and_from_packs() {
    let files: Vec<(String, String)> =
        (0..500).map(|n| (format!("docs/{n:03}.yaml"), format!("id: {n}\n{}", "line\n".repeat(n)))).collect();
    let named: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let repository = Repository::with(&named);
    repository.git(&["gc", "--quiet"]);
    let state = repository.at("HEAD");
    std::thread::scope(|scope| {
        for part in named.chunks(100) {
            let state = &state;
            scope.spawn(move || {
                part.iter().for_each(|(path, expected)| assert_eq!(text(state, path), *expected));
            });
        }
    });
}

/// A repository with two commits, made with these options of `git init`.
fn initialised(options: &[&str]) -> Repository {
    let repository = Repository::folder();
    repository.git(&[&["init", "--quiet", "--initial-branch=main"], options].concat());
    let decision =
        |status: &str| format!("decisions: [{{ id: D-1, title: A, status: {status}, governs: [src] }}]\n");
    repository.write(&[("governance/decisions.yaml", &decision("proposed")), ("src/a", "")]);
    repository.commit("2026-10-01");
    repository.write(&[("governance/decisions.yaml", &decision("accepted"))]);
    repository.commit("2026-10-02");
    repository
}

#[test]
fn reftables_are_read_as_files_are() {
    let commands = "check --rev HEAD~1; check --since main~1; check --staged --since HEAD; check --rev side --since @~1; \
                    why src/a; trend; records --rev v1; check --policy-from main";
    for format in [&[][..], &["--object-format=sha256"]] {
        let repositories = ["--ref-format=files", "--ref-format=reftable"].map(|storage| {
            let repository = initialised(&[&[storage], format].concat());
            // A table of many small blocks, and others.
            repository.git(&["config", "reftable.blockSize", "256"]);
            (0..40).for_each(|n| drop(repository.git(&["branch", &format!("topic/number-{n}"), "HEAD~1"])));
            repository.git(&["tag", "--annotate", "--message=x", "v1"]);
            repository.git(&["symbolic-ref", "refs/heads/side", "refs/heads/topic/number-8"]);
            repository.git(&["branch", "--delete", "--force", "topic/number-7"]);
            repository
        });
        let [files, tables] = &repositories;
        assert!(tables.read(".git/reftable/tables.list").lines().count() > 1, "there are several tables");
        for arguments in commands.split("; ") {
            let arguments: Vec<&str> = arguments.split_whitespace().collect();
            let [one, other] = [files, tables].map(|it| it.run_today(&arguments));
            assert_eq!((one.code, one.out), (other.code, other.out), "{arguments:?}: {}", other.err);
        }
        let linked = Repository::folder();
        tables.git(&[
            "worktree",
            "add",
            "--quiet",
            "--detach",
            linked.join("w").to_str().unwrap(),
            "topic/number-9",
        ]);
        for (folder, name) in [(linked.join("w"), "HEAD"), (linked.join("w"), "main"), (tables.join(""), "@")]
        {
            let id = git(&folder, &["rev-parse", name]);
            assert_eq!(Snapshot::revision(&folder, name).unwrap().commit(), Some(id), "{name}");
        }
        let listed = tables.git(&["for-each-ref", "--format=%(objectname) %(refname) %(refname:short)"]);
        for line in listed.lines() {
            let [id, full, short] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
            let expected = tables.git(&["rev-parse", &format!("{id}^{{commit}}")]);
            for name in [full, short] {
                assert_eq!(tables.at(name).commit().as_ref(), Some(&expected), "{name}");
            }
        }
        assert!(tables.check(&["--rev", "topic/number-7"]).fault().contains("unknown revision"));
    }
}
