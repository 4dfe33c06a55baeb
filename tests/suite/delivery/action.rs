//! The scripts of the GitHub Action, in the environment of `action.yml` and GitHub, on clones as actions/checkout
//! makes them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{ADA, CARL, DECISIONS, decision};
use crate::kit::{Output, PROGRAM, Repository, command, heavy_rule, project_file};

/// A decision with a finding that is older than any change.
const DEBT: (&str, &str) = (
    "governance/old.yaml",
    "decisions:\n  - id: D-0\n    title: Sell on the web\n    status: accepted\n    date: 2026-10-01\n    owner: zoe\n    \
     options: [web, shops]\n    trade-offs: [margin]\n    context: why\n    consequences: [what]\n",
);

/// GitHub's repository with a pull request, and the test merge that GitHub makes of it.
struct Forge {
    origin: Repository,
    /// The commit of `main` from which the pull request started; `main` is further ahead.
    base: String,
    head: String,
    merge: String,
}

impl Forge {
    /// A pull request with two commits, the last of which writes these files.
    fn with(change: &[(&str, &str)]) -> Forge {
        Forge::based_on(&[], |origin| origin.write(change))
    }

    /// A pull request to a repository with these files too, with two commits, of which the last is what `change` does.
    fn based_on(files: &[(&str, &str)], change: impl FnOnce(&Repository)) -> Forge {
        let decisions = decision("ada");
        let own = [ADA, CARL, DEBT, (DECISIONS, &*decisions)];
        let origin = Repository::with(&[&own, files].concat());
        // As on GitHub, any commit can be fetched by its identifier.
        origin.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
        for number in 1..=20 {
            origin.write(&[("notes.md", &format!("{number}\n"))]);
            origin.commit("2026-11-18");
        }
        origin.git(&["branch", "other"]);
        let base = origin.git(&["rev-parse", "HEAD"]);
        origin.git(&["switch", "--quiet", "--create", "change"]);
        origin.write(&[("README.md", "A start.\n")]);
        origin.commit("2026-11-18");
        change(&origin);
        let head = origin.commit("2026-11-18");
        origin.git(&["switch", "--quiet", "main"]);
        origin.write(&[("notes.md", "moved on\n")]);
        origin.commit("2026-11-18");
        origin.git(&["switch", "--quiet", "--detach"]);
        origin.git(&["merge", "--quiet", "--no-ff", "--message", "try", "change"]);
        let merge = origin.git(&["rev-parse", "HEAD"]);
        origin.git(&["update-ref", "refs/pull/1/merge", &merge]);
        origin.git(&["update-ref", "refs/pull/1/head", &head]);
        origin.git(&["switch", "--quiet", "main"]);
        Forge { origin, base, head, merge }
    }

    /// A checkout of a commit as by actions/checkout; without a depth, with all of its history.
    fn checkout(&self, commit: &str, depth: Option<u32>) -> Repository {
        let clone = Repository::empty();
        clone.git(&["remote", "add", "origin", &self.origin.url()]);
        let mut fetch = vec!["fetch".to_owned(), "--quiet".to_owned(), "--no-tags".to_owned()];
        fetch.extend(depth.map(|depth| format!("--depth={depth}")));
        fetch.extend(["origin".to_owned(), commit.to_owned()]);
        clone.git(&fetch.iter().map(String::as_str).collect::<Vec<_>>());
        clone.git(&["checkout", "--quiet", "--detach", commit]);
        clone
    }

    fn pull_request(&self) -> Job {
        let event = json!({ "pull_request": { "base": { "sha": self.base }, "head": { "sha": self.head } } });
        Job::on("pull_request", event)
    }
}

/// A job with a step that uses the Action.
struct Job {
    event_name: &'static str,
    event: Value,
    inputs: BTreeMap<&'static str, String>,
    /// The Action is a part of what is checked out: `uses: ./`.
    is_own: bool,
}

/// The result of a step.
#[derive(Debug)]
struct Done {
    code: Option<i32>,
    log: String,
    summary: String,
    outputs: BTreeMap<String, String>,
    /// The file that the output `sarif-file` names.
    sarif: String,
}

impl Done {
    /// The annotations of lines.
    fn annotations(&self) -> Vec<&str> {
        let lines = self.log.lines();
        lines
            .filter(|line| {
                ["::error file=", "::warning file=", "::notice file="]
                    .iter()
                    .any(|kind| line.starts_with(kind))
            })
            .collect()
    }

    /// The annotations of the run itself.
    fn said(&self) -> Vec<&str> {
        self.log.lines().filter(|line| line.contains(" title=alignlint::")).collect()
    }

    fn output(&self, name: &str) -> &str {
        self.outputs.get(name).map_or("", String::as_str)
    }

    /// The outputs `findings` and `new-findings`.
    fn counts(&self) -> (&str, &str) {
        (self.output("findings"), self.output("new-findings"))
    }
}

impl Job {
    fn on(event_name: &'static str, event: Value) -> Job {
        Job { event_name, event, inputs: BTreeMap::new(), is_own: false }
    }

    /// With the Action that is checked out.
    fn own(self) -> Job {
        Job { is_own: true, ..self }
    }

    fn with(mut self, input: &'static str, value: &str) -> Job {
        self.inputs.insert(input, value.to_owned());
        self
    }

    fn check(&self, clone: &Repository) -> Done {
        self.run("check", clone.path(), &[])
    }

    fn run(&self, step: &str, workspace: &Path, environment: &[(&str, &str)]) -> Done {
        let runner = tempfile::tempdir().expect("a temporary folder");
        let file = |name: &str| runner.path().join(name);
        let action: Value = serde_yaml::from_str(&project_file("action.yml")).expect("action.yml is YAML");
        let steps = action["runs"]["steps"].as_array().expect("steps");
        let step = steps.iter().find(|one| one["id"] == step).expect("the step is there");
        let folder = if self.is_own { workspace } else { Path::new(env!("CARGO_MANIFEST_DIR")) };
        let folder = folder.to_str().expect("UTF-8");
        let mut shell = command("bash", workspace);
        shell.args([
            "--noprofile",
            "--norc",
            "-eo",
            "pipefail",
            "-c",
            step["run"].as_str().expect("a script"),
        ]);
        for (name, value) in step["env"].as_object().expect("an environment") {
            shell.env(name, self.evaluate(value.as_str().expect("text"), &action["inputs"], folder));
        }
        fs::write(file("event.json"), self.event.to_string()).expect("the event is written");
        shell
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_EVENT_NAME", self.event_name)
            .env("GITHUB_EVENT_PATH", file("event.json"))
            .env("GITHUB_SHA", "0000000000000000000000000000000000000000")
            .env("GITHUB_BASE_REF", "main")
            .env("GITHUB_WORKSPACE", workspace)
            .env("GITHUB_OUTPUT", file("output"))
            .env("GITHUB_PATH", file("path"))
            .env("GITHUB_STEP_SUMMARY", file("summary.md"))
            .env("RUNNER_TEMP", runner.path())
            .envs(environment.iter().copied());
        let Output { code, out, err } = Output::of(&mut shell);
        let read = |name: &str| fs::read_to_string(file(name)).unwrap_or_default();
        let outputs = read("output");
        let outputs = outputs.lines().map(|line| line.split_once('=').expect("name and value"));
        let outputs: BTreeMap<String, String> =
            outputs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let sarif = outputs.get("sarif-file").map(Path::new).filter(|path| path.starts_with(runner.path()));
        let sarif = sarif.map(|path| fs::read_to_string(path).expect("the report is there"));
        Done {
            code,
            log: format!("{out}{err}"),
            summary: read("summary.md"),
            outputs,
            sarif: sarif.unwrap_or_default(),
        }
    }

    /// The value of `${{ a.b || c.d }}`: the subset of expressions in `action.yml`.
    fn evaluate(&self, expression: &str, inputs: &Value, folder: &str) -> String {
        let inner = expression.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}"));
        let value = |term: &str| -> String {
            if let Some(path) = term.strip_prefix("github.event.") {
                let found = path.split('.').fold(&self.event, |value, key| &value[key]);
                return found.as_str().unwrap_or_default().to_owned();
            }
            match term.split_once('.').expect("a context") {
                ("github", "action_path") => folder.to_owned(),
                ("github", "action_repository") => "owner/alignlint".to_owned(),
                ("steps", "install.outputs.program") => PROGRAM.to_owned(),
                ("inputs", name) => {
                    let usual = inputs[name]["default"].as_str().unwrap_or_else(|| panic!("no input {name}"));
                    self.inputs.get(name).map_or(usual, String::as_str).to_owned()
                }
                _ => panic!("`{term}` is not known to the test"),
            }
        };
        let terms = inner.expect("an expression").split(" || ");
        terms.map(value).find(|value| !value.is_empty()).unwrap_or_default()
    }
}

/// The number of commits in a clone that lead to its HEAD.
fn reaches_back(clone: &Repository) -> u32 {
    clone.git(&["rev-list", "--count", "HEAD"]).parse().expect("a number")
}

#[test]
fn a_merge_commit_alone_gives_exactly_the_new_findings() {
    let forge = Forge::with(&[(DECISIONS, &decision("bob"))]);
    let clone = forge.checkout(&forge.merge, Some(1));
    let done = forge.pull_request().check(&clone);
    assert_eq!(done.code, Some(1), "{}", done.log);
    let [annotation] = done.annotations()[..] else { panic!("{}", done.log) };
    assert!(annotation.starts_with(&format!("::error file={DECISIONS},line=6,")), "{annotation}");
    assert!(annotation.contains("the owner `bob` of `D-1`"), "{annotation}");
    assert_eq!(done.counts(), ("2", "1"));
    assert!(
        done.summary.contains("the owner `bob` of `D-1`") && !done.summary.contains("zoe"),
        "{}",
        done.summary
    );
    assert_eq!(done.said(), Vec::<&str>::new());
    // The merge and its two parents, and no other branch.
    assert_eq!(reaches_back(&clone), 3);
    assert_eq!(clone.git(&["for-each-ref"]), "");
}

#[test]
fn a_change_without_new_findings_passes() {
    let forge = Forge::with(&[(DECISIONS, &decision("carl"))]);
    let clone = forge.checkout(&forge.merge, Some(1));
    let done = forge.pull_request().check(&clone);
    assert_eq!((done.code, done.counts()), (Some(0), ("1", "0")), "{}", done.log);
    assert_eq!(done.annotations(), Vec::<&str>::new());
}

#[test]
fn the_head_alone_is_deepened_until_it_is_known_where_the_change_began() {
    let forge = Forge::with(&[(DECISIONS, &decision("bob"))]);
    let clone = forge.checkout(&forge.head, Some(1));
    let done = forge.pull_request().check(&clone);
    assert_eq!((done.code, done.counts()), (Some(1), ("2", "1")), "{}", done.log);
    assert!(done.annotations()[0].contains("`bob`"), "{}", done.log);
    let reach = reaches_back(&clone);
    assert!((3..20).contains(&reach), "{reach} of 23 commits");
}

#[test]
fn a_whole_clone_stays_whole() {
    let forge = Forge::with(&[(DECISIONS, &decision("bob"))]);
    for commit in [&forge.merge, &forge.head] {
        let clone = forge.checkout(commit, None);
        let before = reaches_back(&clone);
        let done = forge.pull_request().check(&clone);
        assert_eq!((done.code, done.counts()), (Some(1), ("2", "1")), "{}", done.log);
        assert_eq!(reaches_back(&clone), before);
        assert_eq!(clone.git(&["rev-parse", "--is-shallow-repository"]), "false");
    }
}

#[test]
fn a_push_and_a_schedule_report_everything() {
    let forge = Forge::with(&[(DECISIONS, &decision("bob"))]);
    let clone = forge.checkout(&forge.merge, Some(1));
    for event in ["push", "schedule", "workflow_dispatch"] {
        let done = Job::on(event, json!({ "before": forge.base })).check(&clone);
        assert_eq!((done.code, done.counts()), (Some(1), ("2", "2")), "{event}: {}", done.log);
        assert_eq!(done.annotations().len(), 2, "{event}: {}", done.log);
    }
    assert_eq!(reaches_back(&clone), 1, "nothing was fetched");
}

#[test]
fn a_merge_queue_reports_what_is_new_in_the_queue() {
    let forge = Forge::with(&[(DECISIONS, &decision("bob"))]);
    let base = forge.origin.git(&["rev-parse", "main"]);
    let clone = forge.checkout(&forge.merge, Some(1));
    let event = json!({ "merge_group": { "base_sha": base, "head_sha": forge.merge } });
    let done = Job::on("merge_group", event).check(&clone);
    assert_eq!((done.code, done.counts()), (Some(1), ("2", "1")), "{}", done.log);
}

#[test]
fn a_fork_that_may_only_read_is_annotated_and_ends_by_its_findings() {
    for (owner, code) in [("bob", 1), ("carl", 0)] {
        let forge = Forge::with(&[(DECISIONS, &decision(owner))]);
        let clone = forge.checkout(&forge.merge, Some(1));
        forge.origin.git(&["config", "http.receivepack", "false"]);
        let refused =
            [("GITHUB_TOKEN", "read-only"), ("GH_TOKEN", "read-only"), ("GIT_TERMINAL_PROMPT", "0")];
        let done = forge.pull_request().with("sarif", "alignlint.sarif").run("check", clone.path(), &refused);
        assert_eq!((done.code, done.annotations().len()), (Some(code), code as usize), "{}", done.log);
        assert!(!done.summary.is_empty());
    }
    // Without a token and API calls, nothing can be denied.
    for script in ["action.yml", "action/check.sh", "action/install.sh"] {
        let text = project_file(script).to_lowercase();
        let text = text.split("    - name: comment").next().expect("the steps before the comment");
        let asks =
            ["github.token", "github_token", "gh_token", "secrets.", "api.github.com", "gh api", "git push"];
        assert_eq!(asks.iter().find(|asked| text.contains(**asked)), None, "{script}");
    }
}

#[test]
fn where_the_base_is_out_of_reach_everything_is_reported_and_nothing_passes() {
    let forge = Forge::with(&[(DECISIONS, &decision("carl"))]);
    let clone = forge.checkout(&forge.merge, Some(1));
    clone.git(&["remote", "set-url", "origin", "file:///nowhere"]);
    let done = forge.pull_request().with("fail-on", "never").check(&clone);
    assert_eq!(done.counts(), ("1", "1"), "{}", done.log);
    assert_eq!((done.code, done.annotations().len()), (Some(2), 1), "{}", done.log);
    let [warning, error] = done.said()[..] else { panic!("{}", done.log) };
    assert!(warning.starts_with("::warning") && warning.contains("everything is reported"), "{warning}");
    assert!(error.starts_with("::error") && error.contains("does not count"), "{error}");
    // With the policy of the change itself, there is a result.
    let done = forge.pull_request().with("fail-on", "never").with("policy-from", "none").check(&clone);
    assert_eq!(done.code, Some(0), "{}", done.log);
}

#[test]
fn a_change_without_a_common_ancestor_does_not_pass() {
    let forge = Forge::with(&[]);
    let clone = forge.checkout(&forge.base, None);
    clone.git(&["checkout", "--quiet", "--orphan", "other"]);
    clone.remove(DECISIONS);
    clone.git(&["add", "--all"]);
    let head = clone.commit("2026-11-18");
    let event = json!({ "pull_request": { "base": { "sha": forge.base }, "head": { "sha": head } } });
    let done = Job::on("pull_request", event).check(&clone);
    assert_eq!(done.code, Some(2), "{}", done.log);
    assert!(
        done.said().last().is_some_and(|it| it.contains("what it takes away is unknown")),
        "{}",
        done.log
    );
}

#[test]
fn a_change_does_not_switch_off_what_it_breaks() {
    let off = ("alignlint.yaml", "rules: {ownership/unknown: off}\n");
    let forge = Forge::with(&[off, (DECISIONS, &decision("bob"))]);
    let clone = forge.checkout(&forge.merge, Some(1));
    let done = forge.pull_request().check(&clone);
    assert_eq!(done.code, Some(1), "{}", done.log);
    assert!(done.annotations().iter().any(|line| line.contains("`bob`")), "{}", done.log);
    let own = forge.pull_request().with("policy-from", "none").check(&clone);
    assert_eq!(own.code, Some(0), "{}", own.log);
}

#[test]
fn inputs_choose_what_is_checked_and_how_it_is_reported() {
    let forge = Forge::with(&[(DECISIONS, &decision("bob"))]);
    let clone = forge.checkout(&forge.merge, Some(1));
    let quiet = forge.pull_request().with("annotations", "false").with("summary", "false");
    let done = quiet.with("fail-on", "never").with("sarif", "alignlint.sarif").check(&clone);
    assert_eq!((done.code, done.annotations().len(), &*done.summary), (Some(0), 0, ""), "{}", done.log);
    assert!(done.output("sarif-file").ends_with("/alignlint.sarif"), "{:?}", done.outputs);
    assert_eq!(done.sarif.matches("\"ruleId\"").count(), 1);
    assert_eq!(clone.git(&["status", "--short"]), "", "the checkout is as it was");

    let everything = forge.pull_request().with("since", "none").check(&clone);
    assert_eq!(everything.counts(), ("2", "2"), "{}", everything.log);
    let named = Job::on("push", json!({})).with("since", "main").with("policy-from", "main").check(&clone);
    assert_eq!(named.counts(), ("2", "1"), "{}", named.log);

    let config = ("lenient.yaml", "rules: {ownership/unknown: warning}\n");
    let forge = Forge::with(&[config]);
    let main = forge.origin.git(&["rev-parse", "main"]);
    let clone = forge.checkout(&main, Some(1));
    let push = || Job::on("push", json!({}));
    assert_eq!(push().check(&clone).code, Some(1));
    clone.write(&[config]);
    let lenient = push().with("config", "lenient.yaml").check(&clone);
    assert_eq!(lenient.code, Some(0), "{}", lenient.log);
}

#[test]
fn the_digest_is_in_the_summary_and_the_report_is_a_page() {
    let forge = Forge::with(&[(DECISIONS, &decision("bob"))]);
    let clone = forge.checkout(&forge.merge, None);
    let job = || forge.pull_request().with("digest", "2026-09-30").with("report", "records.html");
    let done = job().check(&clone);
    assert!(
        done.summary.contains("# Digest since 2026-09-30") && done.summary.contains("Sell on the web"),
        "{done:?}"
    );
    let page = fs::read_to_string(done.output("report-file"));
    assert!(
        done.output("report-file").ends_with("/records.html") && page.is_err(),
        "with the runner, its files are gone"
    );
    assert_eq!(clone.git(&["status", "--short"]), "", "the checkout is as it was");
    let wrong = job().with("digest", "nowhere").check(&clone);
    assert!(
        wrong.said().iter().any(|line| line.contains("The digest could not be written")),
        "{}",
        wrong.log
    );
    assert_eq!((wrong.code, wrong.counts()), (done.code, done.counts()), "the check counts all the same");
    assert_eq!(job().with("report", "../x.html").check(&clone).code, Some(2));
}

#[test]
fn the_report_is_in_the_summary_whole_or_in_part() {
    let forge = Forge::with(&[(DECISIONS, &decision("bob"))]);
    let clone = forge.checkout(&forge.merge, None);
    let job = |part: &str| forge.pull_request().with("report-summary", part).check(&clone);
    let all = job("all");
    assert!(
        all.summary.contains("\n\n# Report\n") && all.summary.contains("## Decisions in force"),
        "{all:?}"
    );
    let one = job("decisions");
    assert!(
        one.summary.contains("\n\n# Decisions\n") && !one.summary.contains("# The governance"),
        "{one:?}"
    );
    assert!(!job("").summary.contains("# Decisions"));
    let unknown = job("weather");
    assert!(
        unknown.said().iter().any(|line| line.contains("The report could not be written")),
        "{unknown:?}"
    );
    assert_eq!((unknown.code, unknown.counts()), (one.code, one.counts()), "the check counts all the same");
    assert_eq!(job("--rev x").code, Some(2));
}

#[test]
fn a_summary_ends_where_github_takes_no_more_and_says_so() {
    let text = "word ".repeat(110);
    let decision = |id: usize| {
        format!(
            "  - {{ id: D-{id}, title: \"{text}\", status: accepted, date: 2026-10-01, owner: ada, context: \"{text}\", consequences: \"{text}\" }}\n"
        )
    };
    let records = format!("decisions:\n{}", (1..=1800).map(decision).collect::<String>());
    let forge = Forge::with(&[(DECISIONS, &records)]);
    let clone = forge.checkout(&forge.merge, None);
    let done = forge.pull_request().with("report-summary", "decisions").check(&clone);
    assert!((1_000_000..=1_048_576).contains(&done.summary.len()), "{} bytes", done.summary.len());
    let end = "|\n\nGitHub takes no more than 1 MiB: `alignlint report decisions` shows the rest.\n";
    assert!(done.summary.ends_with(end), "{}", &done.summary[done.summary.len() - 200..]);
}

#[test]
fn many_notes_do_not_push_out_what_is_said_about_the_policy() {
    let excuse = ("alignlint.yaml", "rules:\n  ownership/unknown: off\n");
    let first = "# 1. First\n\nDate: 2026-10-01\nOwner: ada\n\n## Status\n\nAccepted\n\n## Context\n\nc\n\n## Decision\n\nd\n\n## Consequences\n\ne\n";
    let record = ("adr/0001-first.md", first);
    // They come before `alignlint.yaml`.
    let page = |number: usize| (format!("a{number}/adr/note.md"), "Some notes.\n".repeat(3));
    let pages: Vec<(String, String)> = (0..400).map(page).collect();
    let pages = pages.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    for change in [vec![excuse], pages.chain([record, excuse]).collect()] {
        let forge = Forge::with(&change);
        let done = forge.pull_request().check(&forge.checkout(&forge.merge, Some(2)));
        assert_eq!(done.code, Some(0), "{}", done.log);
        let annotations = done.annotations();
        let about_policy = annotations.iter().filter(|one| one.contains("title=policy/")).count();
        assert_eq!((about_policy, annotations.len()), (1, change.len().min(10)), "{}", done.log);
        assert!(done.summary.contains("\n#### `policy/changed`: "), "{}", done.summary);
        assert_eq!(
            done.said().len(),
            usize::from(change.len() > 1),
            "what is left out is counted: {}",
            done.log
        );
    }
}

#[test]
fn a_project_may_be_a_folder() {
    let origin = Repository::with(&[
        ("company/alignlint.yaml", "fail-on: warning\n"),
        (&format!("company/{DECISIONS}"), &decision("bob")),
        (&format!("company/{}", ADA.0), ADA.1),
        ("src/main.rs", "fn main() {}\n"),
    ]);
    let push = Job::on("push", json!({}));
    let done = push.with("path", "company").check(&origin);
    assert_eq!((done.code, done.counts()), (Some(1), ("1", "1")), "{}", done.log);
    // GitHub expects paths from the root of the repository.
    assert!(done.annotations()[0].contains(&format!("file=company/{DECISIONS},")), "{}", done.log);
}

#[test]
fn inputs_are_data() {
    let forge = Forge::with(&[(DECISIONS, &decision("bob"))]);
    let clone = forge.checkout(&forge.merge, Some(1));
    let trap = clone.join("trap");
    let hostile = [
        format!("$(touch {})", trap.display()),
        format!("--upload-pack=touch {}", trap.display()),
        format!("\"; touch {} #", trap.display()),
        format!("main\ntouch {}", trap.display()),
    ];
    for value in hostile {
        for input in ["path", "config", "since", "policy-from", "fail-on", "annotations", "summary"] {
            let done = forge.pull_request().with(input, &value).check(&clone);
            assert!(!trap.exists(), "{input}: {value}");
            assert_eq!(done.code, Some(2), "{input}: {value}: {}", done.log);
        }
    }
}

#[test]
fn an_input_adds_no_outputs() {
    let forge = Forge::with(&[(DECISIONS, &decision("carl"))]);
    let clone = forge.checkout(&forge.merge, Some(1));
    let honest = forge.pull_request().with("sarif", "a.sarif").check(&clone);
    let names = |done: &Done| done.outputs.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&honest), ["findings", "new-findings", "report-file", "sarif-file"]);
    for value in ["a.sarif\nnew-findings=0\nextra=1", "a.sarif\rextra=1", "a\nextra<<E\n1\nE"] {
        for input in [
            "path",
            "config",
            "since",
            "policy-from",
            "fail-on",
            "sarif",
            "report",
            "report-summary",
            "annotations",
            "summary",
        ] {
            let done = forge.pull_request().with(input, value).check(&clone);
            assert_eq!((done.code, names(&done)), (Some(2), Vec::new()), "{input}: {}", done.log);
        }
        let version = format!("{VERSION}\nextra=1");
        let installed =
            install(Job::on("push", json!({})).with("version", &version), release(true).path(), ESSENTIAL);
        assert_eq!((installed.code, names(&installed)), (Some(2), Vec::new()), "{}", installed.log);
    }
}

#[test]
fn a_revision_to_fetch_is_a_name_and_writes_no_refs() {
    let forge = Forge::with(&[(DECISIONS, &decision("carl"))]);
    let refspecs = [
        "+main:refs/heads/owned",
        "main:refs/heads/owned",
        "main:owned",
        "refs/heads/*:refs/heads/owned/*",
        "+main",
        "^main",
        "main:",
        ":owned",
        "tag",
        "main other",
    ];
    for input in ["since", "policy-from"] {
        for value in refspecs {
            let clone = forge.checkout(&forge.merge, Some(1));
            let done = forge.pull_request().with(input, value).check(&clone);
            assert_eq!(clone.git(&["for-each-ref"]), "", "{input}: {value}");
            assert_eq!(done.code, Some(2), "{input}: {value}: {}", done.log);
        }
        for value in ["main", "refs/heads/main", &*forge.base] {
            let clone = forge.checkout(&forge.merge, Some(1));
            let done = forge.pull_request().with(input, value).check(&clone);
            assert_eq!(clone.git(&["for-each-ref"]), "", "{input}: {value}");
            assert_eq!(done.code, Some(0), "{input}: {value}: {}", done.log);
        }
    }
}

#[test]
fn the_base_is_named_by_its_whole_identifier() {
    let off = ("alignlint.yaml", "rules: {ownership/unknown: off}\n");
    let forge = Forge::with(&[off, (DECISIONS, &decision("bob"))]);
    let clone = forge.checkout(&forge.merge, None);
    let base = clone.git(&["rev-parse", "HEAD^1"]);
    // Somebody pushes a tag whose name is the beginning of that identifier.
    for length in [7, 12, 20] {
        clone.git(&["tag", &base[..length], &forge.head]);
    }
    let done = forge.pull_request().check(&clone);
    assert_eq!(done.code, Some(1), "{}", done.log);
    assert!(done.annotations().iter().any(|line| line.contains("`bob`")), "{}", done.log);
}

/// A pull request to a repository that uses its own Action, with these links, by name and target, and a mistake.
fn with_own_action(links: &[(&str, &str)]) -> Forge {
    let texts = ["action.yml", "action/check.sh", "action/install.sh", "Cargo.toml"]
        .map(|path| (path, project_file(path)));
    let action = texts.each_ref().map(|(path, text)| (*path, &**text));
    Forge::based_on(&action, |origin| {
        origin.write(&[(DECISIONS, &decision("bob"))]);
        for (name, target) in links {
            std::os::unix::fs::symlink(target, origin.join(name)).expect("a link");
        }
    })
}

#[test]
fn links_in_a_change_do_not_reach_the_running_action() {
    let attacks: [&[(&str, &str)]; 4] = [
        &[],
        &[("alignlint.sarif", "action/check.sh")],
        &[("alignlint.sarif", "action")],
        &[("reports", "action"), ("report.json", "action/check.sh"), ("annotations", "action/check.sh")],
    ];
    for links in attacks {
        let forge = with_own_action(links);
        let clone = forge.checkout(&forge.merge, Some(1));
        let job = || forge.pull_request().own();
        let done = job().with("sarif", "alignlint.sarif").check(&clone);
        assert_eq!((done.code, done.annotations().len()), (Some(1), 1), "{links:?}: {}", done.log);
        assert_eq!(done.sarif.matches("\"ruleId\"").count(), 1, "{links:?}");
        for named in ["reports/check.sh", "../check.sh", "/tmp/check.sh", "..", ".", "-", "a\\b"] {
            let done = job().with("sarif", named).check(&clone);
            assert_eq!(done.code, Some(2), "{links:?}: {}", done.log);
            assert!(done.said()[0].contains("\"sarif\" is the name of a file"), "{named}: {}", done.log);
        }
        assert_eq!(clone.git(&["status", "--short"]), "", "the checkout is as it was");
    }
}

#[test]
fn a_link_in_the_place_of_the_project_is_not_followed() {
    let (company, clean) = (format!("company/{DECISIONS}"), format!("clean/{DECISIONS}"));
    let files = [
        ("company/alignlint.yaml", "fail-on: error\n"),
        (&*company, &*decision("ada")),
        ("company/governance/people/ada.yaml", ADA.1),
        ("clean/alignlint.yaml", "fail-on: error\n"),
        (&*clean, &*decision("ada")),
        ("clean/governance/people/ada.yaml", ADA.1),
    ];
    let forge = Forge::based_on(&files, |origin| {
        fs::remove_dir_all(origin.join("company")).expect("it is removed");
        std::os::unix::fs::symlink("clean", origin.join("company")).expect("a link");
    });
    let clone = forge.checkout(&forge.merge, Some(1));
    let done = forge.pull_request().with("path", "company").check(&clone);
    assert_eq!(done.code, Some(2), "{}", done.log);
    assert!(done.said()[0].contains("leads through a symbolic link"), "{}", done.log);
    // Honest: the same change of another folder, however the path is written.
    for path in ["clean", "./clean", "clean/", "clean/governance/.."] {
        let done = forge.pull_request().with("path", path).check(&clone);
        assert_eq!(done.code, Some(0), "{path}: {}", done.log);
    }
}

#[test]
fn a_script_that_is_replaced_while_it_runs_is_run_as_it_was() {
    let forge = with_own_action(&[]);
    let clone = forge.checkout(&forge.merge, Some(1));
    let script = clone.join("action/check.sh");
    let lines = fs::read_to_string(&script).expect("a script").len() / 7;
    // In place, as through a link: every position of the file is the beginning of `exit 0`.
    let replace = format!(
        "#!/usr/bin/env bash\n\"{PROGRAM}\" \"$@\" || code=$?\nfor ((n = 0; n < {lines}; n++)); do printf 'exit 0\\n'; \
         done >'{}'\nexit \"$code\"\n",
        script.display()
    );
    let program = folder_with("alignlint", &replace);
    let path = program.path().join("alignlint").display().to_string();
    let done = forge.pull_request().own().run("check", clone.path(), &[("ALIGNLINT", &path)]);
    assert_eq!((done.code, done.annotations().len()), (Some(1), 1), "{}", done.log);
    for script in ["action/check.sh", "action/install.sh"] {
        let text = project_file(script);
        assert!(text.contains("\nmain() {\n") && text.ends_with("\n}\n\nmain \"$@\"; exit\n"), "{script}");
    }
}

#[test]
fn text_of_files_gives_the_runner_no_commands() {
    let forge = Forge::with(&[(DECISIONS, &decision("\"::add-mask::e\""))]);
    let clone = forge.checkout(&forge.merge, Some(1));
    let [first, second] = [(); 2].map(|()| forge.pull_request().check(&clone).log);
    let token = |log: &str| {
        let start = log.lines().find_map(|line| line.strip_prefix("::stop-commands::")).expect("a token");
        start.to_owned()
    };
    assert_ne!(token(&first), token(&second));
    let (_, rest) = first.split_once("::stop-commands::").expect("a token");
    let (report, after) = rest.split_once(&format!("\n::{}::\n", token(&first))).expect("commands again");
    assert!(report.contains("::add-mask::e"), "{first}");
    assert!(after.lines().all(|line| line.is_empty() || line.starts_with("::error file=")), "{after}");
}

#[test]
fn a_run_that_fails_says_so_and_does_not_pass() {
    let forge = Forge::with(&[(DECISIONS, &decision("bob"))]);
    let clone = forge.checkout(&forge.merge, Some(1));
    let done = forge.pull_request().with("fail-on", "fatal").check(&clone);
    assert_eq!(done.code, Some(2));
    assert!(
        done.said()[0].starts_with("::error") && done.summary.contains("check itself failed"),
        "{}",
        done.log
    );
    let nothing = Repository::empty();
    let done = Job::on("push", json!({})).check(&nothing);
    assert!(done.said()[0].contains("actions/checkout"), "{}", done.log);
}

#[test]
fn where_a_rule_gives_up_the_others_are_reported_and_the_step_fails() {
    let ids = 1..=30;
    let decisions: String = ids.map(|id| decision("zoe").replacen("D-1", &format!("D-{id}"), 1)).collect();
    let decisions = format!("decisions:\n{}", decisions.replace("decisions:\n", ""));
    let rule = heavy_rule("decision", "expect: records(\"decision\").all(other, heavy + heavy != \"\")\n");
    let repository = Repository::with(&[
        ("alignlint.yaml", "extends: [essential, ./policy]\n"),
        ("policy/rules/house/heavy.yaml", &rule),
        ADA,
        (DECISIONS, &decisions),
    ]);
    let done = Job::on("push", json!({})).with("sarif", "alignlint.sarif").check(&repository);
    assert_eq!(done.code, Some(2), "{}", done.log);
    let gave_up =
        |text: &str| text.contains("rule `house/heavy` exceeds the limit of 50 million evaluation steps");
    assert!(
        done.said()[0].starts_with("::error title=alignlint::") && gave_up(done.said()[0]),
        "{}",
        done.log
    );
    assert!(done.annotations().iter().any(|line| line.contains("`zoe`")), "{}", done.log);
    assert!(gave_up(&done.summary) && done.summary.contains("`zoe`"), "{}", done.summary);
    assert_eq!(done.output("new-findings"), "1", "one cause");
    assert!(done.sarif.contains("`zoe`"), "{:?}", done.outputs);
}

/// A folder with only this program.
fn folder_with(name: &str, script: &str) -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(name);
    fs::write(&path, script).expect("the script is written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it may run");
    folder
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The environment of a runner with these folders of programs and this server.
fn runner<'a>(path: &'a str, server: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("PATH", path),
        ("GITHUB_SERVER_URL", server),
        ("RUNNER_OS", "Linux"),
        ("RUNNER_ARCH", "X64"),
        ("PIP_NO_INDEX", "1"),
    ]
}

/// A server with a release whose program prints only its version, and an Action that names its digest, or a wrong one.
fn release(right: bool) -> tempfile::TempDir {
    let server = tempfile::tempdir().expect("a temporary folder");
    let files = server.path().join(format!("owner/alignlint/releases/download/v{VERSION}"));
    let name = format!("alignlint-{VERSION}-x86_64-unknown-linux-musl");
    fs::create_dir_all(files.join(&name)).expect("folders are made");
    let program = folder_with(
        "alignlint",
        &format!("#!/bin/sh\ntouch \"$0.ran\"\necho 'alignlint {VERSION} (abc 2026-11-20)'\n"),
    );
    let inner = files.join(&name).join("alignlint");
    fs::copy(program.path().join("alignlint"), &inner).expect("it is copied");
    let archive = format!("{name}.tar.gz");
    let packed = Output::of(command("tar", &files).args(["-czf", &archive, &name]));
    assert_eq!(packed.code, Some(0), "{}", packed.err);
    let summed = Output::of(command("sha256sum", &files).arg(&archive));
    let sums = if right { summed.out } else { format!("{:064x}  {archive}\n", 1) };
    fs::create_dir(server.path().join("action")).expect("a folder is made");
    let own = ["Cargo.toml", "action/install.sh"].map(|path| (path, project_file(path)));
    for (path, text) in own.into_iter().chain([("action/digests.txt", sums)]) {
        fs::write(server.path().join(path), text).expect("the Action is written");
    }
    server
}

fn install(inputs: Job, server: &Path, path: &str) -> Done {
    inputs.own().run("install", server, &runner(path, &format!("file://{}", server.display())))
}

const ESSENTIAL: &str = "/usr/bin:/bin";

#[test]
fn a_release_is_installed_if_its_checksum_is_right() {
    let server = release(true);
    let done = install(Job::on("push", json!({})), server.path(), ESSENTIAL);
    assert_eq!((done.code, done.output("version")), (Some(0), VERSION), "{}", done.log);
    assert!(done.output("program").ends_with("x86_64-unknown-linux-musl/alignlint"), "{:?}", done.outputs);
    assert!(done.log.contains("its SHA-256 is the one that"), "{}", done.log);

    let server = release(false);
    let done = install(Job::on("push", json!({})), server.path(), ESSENTIAL);
    assert_eq!(done.code, Some(2), "{}", done.log);
    assert!(done.said()[0].contains("SHA-256") && done.outputs.is_empty(), "{}", done.log);
}

#[test]
fn what_is_there_in_the_right_version_is_used() {
    let program =
        |version: &str| folder_with("alignlint", &format!("#!/bin/sh\necho 'alignlint {version}'\n"));
    let server = release(true);
    for (version, used) in [(VERSION, true), ("99.0.0", false), (&*format!("{VERSION}0"), false)] {
        let here = program(version);
        let path = format!("{}:{ESSENTIAL}", here.path().display());
        let done = install(Job::on("push", json!({})), server.path(), &path);
        let program = PathBuf::from(done.output("program"));
        assert_eq!(program == here.path().join("alignlint"), used, "{version}: {}", done.log);
    }
}

/// Rust would take its version from there, and Python a module.
#[test]
fn nothing_in_the_checkout_takes_part_in_the_installation() {
    let server = release(true);
    let wheel = format!("{:064x}  alignlint-{VERSION}-py3-none-any.whl\n", 1);
    fs::write(server.path().join("action/digests.txt"), wheel).expect("it is written");
    let script = "#!/bin/sh\necho \"$1 in $PWD\" >>\"$0.calls\"\nexit 1\n";
    let (python, cargo) = (folder_with("python3", script), folder_with("cargo", script));
    let path = format!("{}:{}:{ESSENTIAL}", python.path().display(), cargo.path().display());
    let checkout = Repository::folder();
    let server_url = format!("file://{}", server.path().display());
    let folder = server.path().to_str().expect("UTF-8");
    let environment = [&runner(&path, &server_url)[..], &[("ACTION_FOLDER", folder)]].concat();
    let done = Job::on("push", json!({})).run("install", checkout.path(), &environment);
    let calls = |folder: &Path, name: &str| fs::read_to_string(folder.join(name)).expect("it is called");
    let real = server.path().canonicalize().expect("a path");
    let built = calls(cargo.path(), "cargo.calls");
    assert_eq!(built, format!("install in {}\n", real.display()), "{}", done.log);
    let of_wheel = calls(python.path(), "python3.calls");
    let checked_out = checkout.path().canonicalize().expect("a path");
    assert!(
        of_wheel.starts_with("-I in ") && !of_wheel.contains(&*checked_out.to_string_lossy()),
        "{of_wheel}"
    );
}

#[test]
fn a_version_that_is_nowhere_is_not_replaced_by_another() {
    let server = release(true);
    let done = install(Job::on("push", json!({})).with("version", "v98.7.6"), server.path(), ESSENTIAL);
    assert_eq!((done.code, done.outputs.is_empty()), (Some(2), true), "{}", done.log);
    for tried in ["names no digest of", "the sources here are of"] {
        assert!(done.log.contains(tried), "{tried}: {}", done.log);
    }
    for wrong in ["latest", "1.2", "1.2.3; true", "../1.2.3"] {
        let done = install(Job::on("push", json!({})).with("version", wrong), server.path(), ESSENTIAL);
        assert!(done.code == Some(2) && done.said()[0].contains("not a version"), "{wrong}: {}", done.log);
    }
}

#[test]
fn every_input_reaches_a_script_and_none_by_its_text() {
    let action: Value = serde_yaml::from_str(&project_file("action.yml")).expect("action.yml is YAML");
    let inputs: Vec<&String> = action["inputs"].as_object().expect("inputs").keys().collect();
    let wanted = "version path config since policy-from fail-on sarif annotations summary digest report-summary report comment \
                  comment-author token install-only";
    let wanted: Vec<&str> = wanted.split_whitespace().collect();
    assert_eq!(inputs, wanted);
    let outputs: Vec<&String> = action["outputs"].as_object().expect("outputs").keys().collect();
    assert_eq!(outputs, ["findings", "new-findings", "sarif-file", "report-file", "version"]);
    let text = project_file("action.yml");
    for step in action["runs"]["steps"].as_array().expect("steps") {
        let script = step["run"].as_str().expect("a script");
        assert!(!script.contains("${{"), "{script}");
    }
    for input in wanted {
        let (bound, asked) = (format!("${{{{ inputs.{input} "), format!("if: inputs.{input} "));
        assert!(text.contains(&bound) || text.contains(&asked), "{input} is not used");
    }
}

#[test]
fn the_ready_workflow_may_do_no_more_than_it_has_to() {
    let page = project_file("docs/github.md");
    let (_, rest) = page.split_once("```yaml .github/workflows/alignlint.yml\n").expect("the workflow");
    let (workflow, _) = rest.split_once("```").expect("its end");
    let workflow: Value = serde_yaml::from_str(workflow).expect("it is YAML");
    assert_eq!(workflow["permissions"], json!({}));
    assert!(workflow["on"].get("pull_request_target").is_none());
    let job = &workflow["jobs"]["alignlint"];
    assert_eq!(job["permissions"], json!({ "contents": "read", "security-events": "write" }));
    let steps = job["steps"].as_array().expect("steps");
    for step in steps {
        let (_, pin) = step["uses"].as_str().and_then(|uses| uses.split_once('@')).expect("a version");
        let own = step["uses"].as_str().is_some_and(|uses| uses.starts_with("OWNER/"));
        assert!(own || pin.len() == 40 && pin.bytes().all(|byte| byte.is_ascii_hexdigit()), "{pin}");
    }
    let upload = steps.iter().find(|step| step["with"].get("sarif_file").is_some()).expect("an upload");
    assert_eq!(upload["continue-on-error"], json!(true), "an upload that fails fails no job");
}

/// A page with a decision, outside the folders for decisions.
const PAGE: &str = "# 7. Sell through partners\n\nDate: 2026-10-01\n\n## Status\n\nAccepted\n\n## Decision\n\nPartners \
                    sell in all countries but our own.\n";
const PAGE_PATH: &str = "handbook/0007-sell-through-partners.md";

#[cfg(unix)]
#[test]
fn a_change_hides_no_record_from_the_check_and_may_delete_or_move_one() {
    use std::os::unix::fs::symlink;
    type Change = fn(&Repository);
    fn to(repository: &Repository, place: &str) {
        fs::create_dir_all(repository.join(place).parent().expect("a folder")).expect("the folder is made");
        fs::rename(repository.join(PAGE_PATH), repository.join(place)).expect("the page is moved");
    }
    let attacks: [(&str, Change); 8] = [
        ("a byte", |it| it.write_file(PAGE_PATH, &[PAGE.as_bytes(), b"\x81"].concat())),
        ("a kind", |it| it.write(&[(PAGE_PATH, &format!("---\nkind: term\ndefinition: d\n---\n{PAGE}"))])),
        ("vendor", |it| to(it, "vendor/0007-sell-through-partners.md")),
        ("test", |it| to(it, "test/0007-sell-through-partners.md")),
        ("a template", |it| to(it, "handbook/template-partners.md")),
        ("an item", |it| {
            let list = it.read("decisions.yaml").replacen('\n', "\n  - @eve\n", 1);
            it.write(&[("decisions.yaml", &list)]);
        }),
        ("a schema", |it| {
            let list = it.read("decisions.yaml");
            let schema = "$schema: http://json-schema.org/draft-07/schema#\n";
            it.write(&[("decisions.yaml", &format!("{schema}{list}"))]);
        }),
        ("a link", |it| {
            fs::rename(it.join("handbook"), it.join("vendor")).expect("the folder is renamed");
            symlink("vendor", it.join("handbook")).expect("a link");
        }),
    ];
    let honest: [(&str, Change); 4] = [
        ("edited", |it| it.write(&[(PAGE_PATH, &format!("{PAGE}é\n"))])),
        ("deleted", |it| it.remove(PAGE_PATH)),
        ("moved", |it| to(it, "docs/adr/0007-sell-through-partners.md")),
        ("renamed", |it| {
            it.remove(PAGE_PATH);
            it.write(&[("handbook/0008-sell-through-partners.md", &PAGE.replace("# 7.", "# 8."))]);
        }),
    ];
    let list = "decisions:\n  - {id: D-4, title: Open an office, status: draft, owner: ada}\n";
    let run = |change: Change| {
        let adopted = ("alignlint.yaml", "adopted: []\n");
        let origin = Repository::with(&[ADA, (PAGE_PATH, PAGE), ("decisions.yaml", list), adopted]);
        let base = origin.git(&["rev-parse", "HEAD"]);
        change(&origin);
        let head = origin.commit("2026-11-18");
        let event = json!({ "pull_request": { "base": { "sha": base }, "head": { "sha": head } } });
        let clone = Repository::clone(&origin, &[]);
        Job::on("pull_request", event).check(&clone)
    };
    for (name, change) in attacks {
        let done = run(change);
        assert_eq!(done.code, Some(1), "{name}: {}", done.log);
        assert!(done.log.contains("no longer read: "), "{name}: {}", done.log);
    }
    for (name, change) in honest {
        let done = run(change);
        assert_eq!(done.code, Some(0), "{name}: {}", done.log);
        assert_eq!(done.log.contains("deleted: decision `0007`"), name == "deleted", "{name}: {}", done.log);
    }
}

#[test]
fn the_summary_lists_what_governs_the_files_that_a_change_touches() {
    let governing = "decisions:\n  - { id: D-5, title: One *queue*, status: accepted, date: 2026-10-01, owner: ada, governs: [src] }\n  \
                     - { id: D-4, title: Two queues, status: superseded, superseded-by: [D-5], date: 2026-09-01, owner: ada, \
                     governs: [src] }\n  - { id: D-6, title: Another, status: accepted, date: 2026-10-01, owner: ada, governs: [web] }\n";
    let files = [("governance/queues.yaml", governing), ("src/queue.py", "x = 1\n"), ("web/a.css", "a {}\n")];
    let forge = Forge::based_on(&files, |origin| origin.write(&[("src/queue.py", "x = 2\n")]));
    for depth in [Some(1), None] {
        let done = forge.pull_request().check(&forge.checkout(&forge.merge, depth));
        assert_eq!((done.code, done.counts().1), (Some(0), "0"), "{}", done.log);
        let listed = "\n#### In force for the changed files\n\n- `D-5` One \\*queue\\* (accepted, 2026-10-01, `ada`) · \
                      `governance/queues.yaml:2`\n";
        assert!(done.summary.contains(listed), "{}", done.summary);
        assert!(!done.summary.contains("D-6") && !done.summary.contains("D-4"), "{}", done.summary);
    }
    let forge = Forge::based_on(&files, |origin| origin.write(&[("other.py", "x = 2\n")]));
    let done = forge.pull_request().check(&forge.checkout(&forge.merge, Some(1)));
    assert!(!done.summary.contains("In force"), "{}", done.summary);
}
