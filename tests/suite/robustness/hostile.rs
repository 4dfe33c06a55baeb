//! Files and rules that are broken, huge or malicious. The program neither crashes nor hangs: it reports the problem
//! at its location, and checks everything else.

use std::process::Stdio;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::kit::{Output, PROGRAM, Repository, TODAY, command};

const HEALTHY: &str =
    "assumptions:\n  - { id: A-1, statement: They stay., owner: p1, status: opne, method: ask }\n";
/// The only finding in [`HEALTHY`].
const FINDING: &str = "healthy/governance/assumptions.yaml:2:58: error[schema/enum]";

/// A run that takes longer fails its test.
const LONGEST: Duration = Duration::from_mins(1);

/// A folder with these files beside [`HEALTHY`].
fn folder(files: &[(&str, &[u8])]) -> Repository {
    let folder = Repository::folder();
    folder.write_file(
        "alignlint.yaml",
        "records: { assumption: healthy/governance/*.yaml }\nadopted: [healthy/**]\n",
    );
    folder.write_file("healthy/governance/assumptions.yaml", HEALTHY);
    for (path, bytes) in files {
        folder.write_file(path, bytes);
    }
    folder
}

fn check(folder: &Repository) -> Output {
    let mut command = command(PROGRAM, folder.path());
    command.args(["--as-of", TODAY, "--format", "concise", "--quiet"]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let child = child.expect("the program starts");
    let id = child.id().to_string();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait_with_output()));
    match receiver.recv_timeout(LONGEST) {
        Ok(output) => output.expect("the program ends").into(),
        Err(_) => {
            let _ = std::process::Command::new("kill").arg(id).status();
            panic!("the program runs for more than {LONGEST:?}")
        }
    }
}

/// The findings in all files but the healthy one, which has its own.
#[track_caller]
fn other_findings(output: &Output) -> Vec<&str> {
    assert_eq!((output.code, output.err.as_str()), (Some(1), ""));
    assert!(output.out.contains(FINDING), "the healthy file is not checked");
    output.out.lines().filter(|line| !line.starts_with(FINDING)).collect()
}

/// A malicious file: path, content, and location and message of its finding.
type Hostile<'a> = (&'a str, Vec<u8>, &'a str, &'a str);

/// Asserts the findings of malicious files.
fn each_is_found(hostile: &[Hostile]) {
    let files: Vec<(&str, &[u8])> =
        hostile.iter().map(|(path, bytes, ..)| (*path, bytes.as_slice())).collect();
    let run = check(&folder(&files));
    let mut wanted: Vec<String> = hostile
        .iter()
        .map(|(path, _, place, message)| format!("{path}:{place}: error[document/unreadable] {message}"))
        .collect();
    wanted.sort();
    let mut found = other_findings(&run);
    found.sort_unstable();
    assert_eq!(found, wanted);
}

/// Asserts that malicious files have no findings.
fn all_are_harmless(files: &[(&str, Vec<u8>)]) {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect();
    assert_eq!(other_findings(&check(&folder(&files))), Vec::<&str>::new());
}

fn clip(text: &str) -> String {
    text.lines().take(20).map(|line| line.chars().take(300).collect::<String>() + "\n").collect()
}

/// Aliases in ten levels, each ten times as large as the one before.
fn alias_bomb(last: &str) -> String {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let before = format!("*a{}", level - 1);
        text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![before; 10].join(", ")));
    }
    text + last
}

#[test]
fn aliases_of_aliases_are_refused_where_they_become_too_many() {
    let message = "aliases add more than 100000 values to this file";
    let page = format!("---\n{}---\n\n# Title\n", alias_bomb(""));
    each_is_found(&[
        ("governance/decisions.yaml", alias_bomb("decisions: *a9\n").into(), "5:45", message),
        ("docs/adr/0001-bomb.md", page.into(), "6:45", message),
    ]);
}

#[test]
fn deep_nesting_is_refused_where_it_becomes_too_deep() {
    let brackets = "[".repeat(100_000);
    let braces = "{\"a\":".repeat(100_000);
    let steps: String = (0..3000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let (message, in_toml) = ("nested more than 128 levels deep", "nested more than 40 levels deep");
    each_is_found(&[
        ("governance/a.yaml", brackets.clone().into(), "1:129", message),
        ("governance/b.yaml", braces.clone().into(), "1:641", message),
        ("governance/c.yaml", "- ".repeat(50_000).into(), "1:257", message),
        ("governance/d.yaml", "? ".repeat(50_000).into(), "1:257", message),
        ("governance/e.yaml", steps.into(), "129:129", message),
        ("governance/a.json", brackets.clone().into(), "1:129", message),
        ("governance/b.json", braces.into(), "1:641", message),
        ("governance/a.toml", format!("a = {brackets}").into(), "1:45", in_toml),
        ("governance/b.toml", format!("a = {}", "{a=".repeat(100_000)).into(), "1:125", in_toml),
        ("governance/c.toml", format!("{} = 1", vec!["a"; 50_000].join(".")).into(), "1:82", in_toml),
        ("docs/adr/0001-x.md", format!("---\na: {brackets}\n---\n# x\n").into(), "2:132", message),
    ]);
}

#[test]
fn bytes_that_are_not_text_are_reported_at_their_location() {
    let (no_text, nul) = ("invalid UTF-8", "not a text file: found a NUL byte");
    each_is_found(&[
        ("governance/a.yaml", b"decisions:\n  - { id: D-1, title: a\xffb }\n".into(), "2:24", no_text),
        ("governance/a.json", b"{\n  \"decisions\": \"\xc3\x28\" }".into(), "2:17", no_text),
        ("governance/a.toml", b"a = \"\xed\xa0\x80\"".into(), "1:6", no_text),
        ("docs/adr/0001-x.md", b"# Title\n\nCaf\x81\n".into(), "3:4", no_text),
        ("governance/b.yaml", b"decisions:\n  - { id: D-1, title: a\0b }\n".into(), "2:24", nul),
        ("governance/b.json", b"{ \"decisions\": [\0] }".into(), "1:17", nul),
        ("governance/b.toml", b"a = \"\0\"".into(), "1:6", nul),
    ]);
}

/// Pages may be older than their community's editors.
#[test]
fn a_page_in_the_encoding_of_windows_is_read_and_not_written() {
    let page = b"# 1. Caf\xe9 \x93Nord\x94\n\nDate: 2026-11-01\n\n## Status\n\nAcceptd\n\n## Decision\n\nSee [it](0009-none.md).\n";
    let folder = folder(&[("docs/adr/0001-cafe.md", page)]);
    let run = check(&folder);
    assert!(!run.out.contains("unreadable"), "{}", run.out);
    assert!(run.out.contains("docs/adr/0001-cafe.md:7:1: "), "{}", run.out);
    assert!(run.out.contains("docs/adr/0001-cafe.md:11:10: error[reference/broken-link]"), "{}", run.out);
    let listed = folder.run(&["records", "--format", "json"]).json();
    assert_eq!(listed["records"][0]["title"], "Café “Nord”");
    folder.run(&["--fix=all"]);
    assert_eq!(std::fs::read(folder.path().join("docs/adr/0001-cafe.md")).expect("the page"), page);
}

#[test]
fn nothing_at_all_is_no_error() {
    let paths = ["governance/a.yaml", "governance/b.json", "governance/c.toml", "docs/adr/0001-x.md"];
    for bytes in [&b""[..], b"\n\n", b"\xef\xbb\xbf"] {
        let run = check(&folder(&paths.map(|path| (path, bytes))));
        assert_eq!((run.code, run.err.as_str()), (Some(1), ""));
        let errors: Vec<&str> = run.out.lines().filter(|line| line.contains(" error[")).collect();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].starts_with(FINDING));
    }
}

#[test]
fn long_lines_are_read_like_short_ones() {
    let long = "lorem ipsum ".repeat(450_000).trim_end().to_string();
    let yaml = format!("people: [{{ id: p1, title: \"{long}\" }}]\n");
    let json = format!("{{ \"people\": [{{ \"id\": \"p2\", \"title\": \"{long}\" }}] }}");
    let toml = format!("[[people]]\nid = \"p3\"\ntitle = \"{long}\"\n");
    let page = format!("# 1. Size\n\nDate: 2026-11-01\n\n## Status\n\nProposed\n\n## Context\n\n{long}\n");
    all_are_harmless(&[
        ("governance/a.yaml", yaml.into()),
        ("governance/b.json", json.into()),
        ("governance/c.toml", toml.into()),
        ("docs/adr/0001-x.md", page.into()),
    ]);
    let yaml = format!("people: [{{ id: p1, title: \"{long}\", email: none }}]\n");
    let run = check(&folder(&[("governance/people.yaml", yaml.as_bytes())]));
    let place = "governance/people.yaml:1:5400037: error[schema/invalid]";
    assert!(run.out.contains(place), "{}", run.out.chars().take(300).collect::<String>());
}

#[test]
fn pages_of_sections_without_end_are_read_in_one_pass() {
    let days = "## 2024-03-01\n\nWe met.\n\n".repeat(19_000);
    let parts = |first: &str, count: usize| -> String {
        (0..count).map(|at| format!("## {first}\n\nWe noted number {at} of a long list.\n\n")).collect()
    };
    let header = "Date: 2026-11-01\n\n## Status\n\nProposed\n\n";
    let run = check(&folder(&[
        ("a/minutes.md", format!("# Meetings\n\nChair: Ada\n\n{days}").as_bytes()),
        ("docs/adr/0001-x.md", format!("# 1. X\n\n{header}{}", parts("Notes", 20_000)).as_bytes()),
        ("docs/adr/0002-x.md", format!("# 2. X\n\n{header}{}", parts("Decisions", 20_000)).as_bytes()),
        (
            "docs/adr/0003-x.md",
            format!("# 3. X\n\n{header}{}", "[a](0001-x.md) and ".repeat(20_000)).as_bytes(),
        ),
    ]));
    assert_eq!(other_findings(&run), Vec::<&str>::new());
}

#[test]
fn markdown_that_nests_without_end_is_read() {
    let bodies: Vec<String> = vec![
        ">".repeat(100_000),
        "> ".repeat(50_000),
        "- ".repeat(50_000),
        "1. ".repeat(150_000),
        "[".repeat(100_000),
        "![".repeat(50_000),
        "[a](".repeat(50_000),
        "*a ".repeat(50_000),
        "_a_*b*".repeat(30_000),
        "`".repeat(100_000),
        (1..400).map(|count| "`".repeat(count) + " ").collect(),
        "<a ".repeat(50_000),
        "<div>\n".repeat(50_000),
        "<!-- ".repeat(50_000),
        "&amp;".repeat(50_000),
        format!("|{}\n|{}\n", "a|".repeat(10_000), "-|".repeat(10_000)),
        "[a]: /b\n".repeat(50_000),
        "[a]\n\n".repeat(20_000),
        "## Heading\n\n".repeat(20_000),
        "a\n---\n".repeat(20_000),
        "\\".repeat(100_000),
    ];
    let page = |body: &String| {
        format!("# Page\n\nDate: 2026-11-01\n\n## Status\n\nProposed\n\n## Context\n\n{body}\n").into_bytes()
    };
    let paths: Vec<String> = (1..=bodies.len()).map(|number| format!("docs/adr/{number:04}-x.md")).collect();
    let pages = paths.iter().map(String::as_str).zip(bodies.iter().map(page));
    all_are_harmless(&pages.collect::<Vec<_>>());
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_of_the_repository_are_not_followed() {
    use std::os::unix::fs::symlink;

    let outside = Repository::folder();
    let secret = "assumptions:\n  - { id: SECRET, statement: x, owner: p1, status: opne, method: ask }\n";
    outside.write_file("assumptions.yaml", secret);
    let page = b"# 1. Title\n\nDate: 2026-11-01\n\n## Status\n\nProposed\n\n## Context\n\nSee [x](../../../../etc/passwd), [y](y.md).\n";
    let repository = folder(&[("docs/adr/0001-x.md", page)]);
    let at = |path: &str| repository.join(path);
    std::fs::create_dir_all(at("governance")).expect("the folder is made");
    symlink(outside.join("assumptions.yaml"), at("governance/assumptions.yaml")).expect("a link");
    symlink(outside.path(), at("governance/folder")).expect("a link");
    symlink("..", at("governance/round")).expect("a link");
    symlink("self.yaml", at("governance/self.yaml")).expect("a link");
    symlink("/dev/zero", at("governance/zero.yaml")).expect("a link");
    symlink("nowhere.yaml", at("governance/gone.yaml")).expect("a link");
    let run = check(&repository);
    other_findings(&run);
    assert!(!run.out.contains("SECRET"), "{}", run.out);
    assert!(run.out.contains("docs/adr/0001-x.md:11:38: error[reference/broken-link]"), "{}", run.out);
}

/// A rule with these lines in place of `expect`.
fn rule(lines: &str) -> Vec<u8> {
    format!(
        "id: own/rule\ntitle: A rule of ours\nseverity: error\npreset: essential\nfacet: record\nfor: person\n\
         {lines}\nmessage: \"`{{record.id}}` is wrong\"\nwhy: It matters.\n"
    )
    .into_bytes()
}

/// So many people, each of whom reports to the one before.
fn people(count: usize) -> Vec<u8> {
    let person = |number: usize| {
        format!(
            "  - {{ id: p{number}, title: Person {number}, reports-to: p{} }}\n",
            number.saturating_sub(1)
        )
    };
    let people: String = (0..count).map(person).collect();
    format!("people:\n{people}").into_bytes()
}

/// Asserts that a rule exceeds the limit of steps on 10,000 people, and that the run fails at the rule.
fn takes_too_many_steps(lines: &str) {
    let config = b"extends: [./policy]\nrecords: { person: governance/*.yaml }\n";
    let repository = folder(&[
        ("alignlint.yaml", config),
        ("policy/own/rule.yaml", &rule(lines)),
        ("governance/people.yaml", &people(10_000)),
    ]);
    let run = check(&repository);
    assert_eq!(run.code, Some(2), "{lines}: {}", run.err);
    assert!(run.err.contains("rule `own/rule` exceeds the limit of"), "{lines}: {}", run.err);
    assert!(run.err.contains("policy/own/rule.yaml:1:5"), "{lines}: {}", run.err);
}

#[test]
fn rules_that_run_away_are_stopped() {
    for lines in [
        // Nested loops over 10,000 records.
        "expect: records('person').all(a, records('person').all(b, records('person').all(c, a.id + b.id != c.id)))",
        "against: records('person')",
        "expect: false\nrelated: { each: records('person') }",
        // Values that grow exponentially.
        "let: { a: \"'xxxxxxxxxxxxxxxx'\", b: a + a + a + a, c: b + b + b + b, d: c + c + c + c, e: d + d + d + d, \
         f: e + e + e + e, g: f + f + f + f, h: g + g + g + g, i: h + h + h + h, j: i + i + i + i, k: j + j + j + j, \
         l: k + k + k + k, m: l + l + l + l }\nexpect: m == ''",
        "let: { a: '[1, 1]', b: '[a, a, a, a]', c: '[b, b, b, b]', d: '[c, c, c, c]', e: '[d, d, d, d]', \
         f: '[e, e, e, e]', g: '[f, f, f, f]', h: '[g, g, g, g]', i: '[h, h, h, h]', j: '[i, i, i, i]', \
         k: '[j, j, j, j]', l: '[k, k, k, k]', m: '[l, l, l, l]', n: '[m, m, m, m]' }\nexpect: string(n) == ''",
    ] {
        takes_too_many_steps(lines);
    }
}

#[test]
fn rules_that_cannot_be_parsed_are_reported_at_their_location() {
    let deep = format!("expect: {}record.live{}", "(".repeat(100_000), ")".repeat(100_000));
    let brackets = format!("expect: {}", "[".repeat(100_000));
    let long = format!("expect: {}", vec!["record.live"; 100_000].join(" && "));
    let signs = |count: usize| format!("expect: \"{}record.live\"", "!".repeat(count));
    let label = format!("expect: true\nlabel: \"{}\"", "{record.id}".repeat(100_000));
    let braces = format!("expect: true\nlabel: \"{}\"", "{".repeat(100_001));
    for (lines, code, message) in [
        (deep.as_str(), 2, "policy/own/rule.yaml:7:"),
        (&brackets, 2, "policy/own/rule.yaml:7:"),
        (&long, 2, "policy/own/rule.yaml:7:"),
        (&signs(2_000), 1, ""),
        (&signs(3_000), 2, "policy/own/rule.yaml:7:"),
        (&label, 2, "policy/own/rule.yaml:8:"),
        (&braces, 2, "policy/own/rule.yaml:8:"),
        (
            "expect: \"record.id.matches('(a{1000}){1000}')\"",
            2,
            "invalid regular expression: it is too large",
        ),
        ("expect: \"record.id.matches('(a+)+$')\"", 1, ""),
        (&alias_bomb("expect: *a9"), 2, "aliases add more than"),
    ] {
        let config = b"extends: [./policy]\nrecords: { person: governance/*.yaml }\n";
        let repository = folder(&[
            ("alignlint.yaml", config),
            ("policy/own/rule.yaml", &rule(lines)),
            ("governance/people.yaml", &people(2)),
        ]);
        let run = check(&repository);
        let start: String = lines.chars().take(60).collect();
        assert_eq!(run.code, Some(code), "{start}: {}{}", clip(&run.err), clip(&run.out));
        assert!(run.err.contains(message), "{start}: {}", clip(&run.err));
    }
}

#[test]
fn long_chains_and_rings_of_references_are_followed() {
    let chain: String = (0..3_000)
        .map(|n| format!("  - {{ id: O-{n}, title: T, parent: O-{}, owner: p1 }}\n", (n + 1) % 3_000))
        .collect();
    let run = check(&folder(&[
        ("governance/objectives.yaml", format!("objectives:\n{chain}").as_bytes()),
        ("governance/people.yaml", &people(3_000)),
    ]));
    other_findings(&run);
}

#[test]
fn a_flood_of_terms_is_looked_for_at_once() {
    let terms: String = (0..20_000)
        .map(|number| format!("  - {{ id: t{number}, title: term number {number}, definition: x, avoid: [word {number}] }}\n"))
        .collect();
    let prose: String = (0..20_000).map(|number| format!("word {number} and the like. ")).collect();
    let page = format!("# 1. Title\n\nDate: 2026-11-01\n\n## Status\n\nProposed\n\n## Context\n\n{prose}\n");
    let run = check(&folder(&[
        ("governance/terms.yaml", format!("terms:\n{terms}").as_bytes()),
        ("docs/adr/0001-x.md", page.as_bytes()),
    ]));
    let avoided = other_findings(&run).into_iter().filter(|line| line.contains("[term/avoided]"));
    assert_eq!(avoided.count(), 5_000);
}

#[test]
fn a_configuration_that_cannot_be_read_fails_the_run_at_its_place() {
    for (bytes, message) in [
        (alias_bomb("extends: *a9\n"), "alignlint.yaml:5:"),
        ("[".repeat(100_000), "alignlint.yaml:1:"),
        ("- ".repeat(50_000), "alignlint.yaml:1:"),
        ("extends: [\0]".to_string(), "alignlint.yaml:1:"),
        (format!("exclude: [\"{}\"]", "{a,".repeat(10_000)), "alignlint.yaml:1:"),
        (format!("exclude: [\"{}\"]", "{a,b}".repeat(10_000)), "alignlint.yaml:1:"),
        (format!("exclude: [\"{}\"]", "**/".repeat(10_000)), "alignlint.yaml:1:"),
    ] {
        let run = check(&folder(&[("alignlint.yaml", bytes.as_bytes())]));
        let start: String = bytes.chars().take(60).collect();
        assert_eq!(run.code, Some(2), "{start}: {}{}", clip(&run.err), clip(&run.out));
        assert!(run.err.contains(message), "{start}: {}", clip(&run.err));
    }
}

#[test]
fn kinds_that_refer_to_themselves_fail_or_are_read() {
    for (properties, code) in [
        ("  a: { $ref: \"#/properties/a\", description: x }\n", 1),
        (
            "  a: { type: string, x-derived: { from: b }, description: x }\n  b: { type: string, x-derived: { from: a }, description: x }\n",
            2,
        ),
        ("  a: { type: string, pattern: \"(a{1000}){1000}\", description: x }\n", 2),
        ("  a: { type: string, pattern: \"^(a+)+$\", description: x }\n", 1),
    ] {
        let kind = format!(
            "title: Thing\ndescription: x\ntype: object\nx-plural: things\nproperties:\n{properties}"
        );
        let thing = format!("things: [{{ id: t, a: {}! }}, {{ id: u }}]\n", "a".repeat(5000));
        let own = b"id: own/rule\ntitle: A rule\nseverity: error\npreset: essential\nfacet: record\nfor: thing\nexpect: has(record.a)\nmessage: m\nwhy: w\n";
        let run = check(&folder(&[
            ("alignlint.yaml", b"extends: [./policy]\nrecords: { thing: governance/*.yaml }\n"),
            ("policy/kinds/thing.yaml", kind.as_bytes()),
            ("policy/own/rule.yaml", own),
            ("governance/things.yaml", thing.as_bytes()),
        ]));
        assert_eq!(run.code, Some(code), "{properties}: {}{}", clip(&run.err), clip(&run.out));
    }
}

/// A hundred thousand bytes.
fn long_text() -> String {
    "lorem ipsum ".repeat(8334)[..100_000].to_owned()
}

/// The long text once, and as often by aliases.
fn aliases_of_long_text(count: usize) -> String {
    format!("text: &t \"{}\"\nlist: [{}]\n", long_text(), vec!["*t"; count].join(", "))
}

#[test]
fn texts_that_aliases_repeat_have_a_limit() {
    let message = "aliases add more than 16 MiB of text to this file";
    let page = format!("---\n{}---\n\n# Title\n", aliases_of_long_text(1000));
    let records = (0..1000).map(|at| format!("  - {{ id: D-{at}, title: *t }}\n")).collect::<String>();
    let records = format!("text: &t \"{}\"\ndecisions:\n{records}", long_text());
    let merged =
        format!("base: &b {{ context: \"{}\" }}\nlist:\n{}", long_text(), "  - { <<: *b }\n".repeat(1000));
    // 167 times the text is just below 16 MiB; a merge adds the key too.
    each_is_found(&[
        ("governance/decisions.yaml", aliases_of_long_text(1000).into(), "2:676", message),
        ("governance/a.yaml", records.into(), "170:25", message),
        ("governance/b.yaml", merged.into(), "170:11", message),
        ("docs/adr/0001-bomb.md", page.into(), "3:676", message),
    ]);
}

#[test]
fn a_file_has_a_limited_number_of_values() {
    let message = "more than 1000000 values in this file";
    let page = |body: String| format!("# 1. Use X\n\n## Status\n\nAccepted\n\n{body}").into_bytes();
    each_is_found(&[
        ("governance/a.yaml", format!("[{}]", "x,".repeat(1_100_000)).into(), "1:1999996", message),
        ("governance/b.yaml", "---\n".repeat(1_100_000).into(), "333334:1", message),
        ("governance/a.json", format!("[{}0]", "1,".repeat(1_100_000)).into(), "1:2000000", message),
        ("governance/a.toml", format!("a=[{}]\n", "1,".repeat(600_000)).into(), "1:1000001", message),
        ("governance/b.toml", "\n".repeat(1_100_000).into(), "1000001:1", message),
        ("docs/adr/0001-a.md", page("|a|b|\n".repeat(400_000)), "250005:5", message),
        ("docs/adr/0002-b.md", page("*a ".repeat(1_100_000)), "7:2999983", message),
    ]);
}

#[test]
fn the_records_of_a_file_have_a_limited_length_of_globs() {
    let globs = "'docs/**/*x{a,b}*/**',".repeat(15_000);
    let message = "more than 262144 bytes of globs in this file";
    each_is_found(&[
        (
            "governance/a.yaml",
            format!("exceptions:\n- {{id: X-1, scope: [{globs}]}}\n").into(),
            "2:303555",
            message,
        ),
        (
            "governance/b.yaml",
            format!("decisions:\n- {{id: D-1, governs: [{globs}]}}\n").into(),
            "2:303557",
            message,
        ),
    ]);
}

#[test]
fn a_file_has_a_limited_number_of_records() {
    let message = "more than 20000 records in this file";
    let documents: String = (0..30_000).map(|at| format!("---\nkind: decision\nid: D-{at}\n")).collect();
    let header = "# Glossary\n\n| Term | Definition |\n|---|---|\n";
    each_is_found(&[
        (
            "governance/decisions.yaml",
            format!("decisions: [{}]", "{},".repeat(300_000)).into(),
            "1:60013",
            message,
        ),
        (
            "governance/a.json",
            format!("{{\"decisions\":[{}{{}}]}}", "{},".repeat(30_000)).into(),
            "1:60015",
            message,
        ),
        ("governance/b.yaml", documents.into(), "60002:1", message),
        ("docs/glossary.md", (header.to_owned() + &"| a | b |\n".repeat(30_000)).into(), "20005:3", message),
    ]);
}

#[test]
fn fields_above_a_list_are_repeated_within_the_limit_of_aliases() {
    let long = format!("context: \"{}\"\ndecisions: [{}]", long_text(), "{id: a},".repeat(1000));
    let tags = format!("tags: [{}]\ndecisions: [{}]", "a,".repeat(1000), "{id: a},".repeat(1000));
    let message = |what: &str| format!("the fields above the records add more than {what} to this file");
    each_is_found(&[
        ("governance/a.yaml", long.into(), "1:1", &message("16 MiB of text")),
        ("governance/b.yaml", tags.into(), "1:1", &message("100000 values")),
    ]);
}

#[test]
fn problems_and_comments_have_an_end() {
    let duplicates = "a: 1\n".repeat(3000);
    let run = check(&folder(&[("governance/a.yaml", duplicates.as_bytes())]));
    let found = other_findings(&run);
    assert_eq!(found.len(), 1001);
    assert_eq!(
        found[1000],
        "governance/a.yaml:1002:1: error[document/unreadable] more than 1000 problems in this file"
    );
    let comments = "decisions:\n".to_owned() + &"# alignlint: because\n".repeat(11_000) + "- { id: a }\n";
    each_is_found(&[(
        "governance/a.yaml",
        comments.into(),
        "10002:3",
        "more than 10000 ignore comments in this file",
    )]);
}

#[test]
fn violations_of_a_record_have_an_end() {
    let fields: String = (0..1500).map(|at| format!("    extra{at}: 1\n")).collect();
    let config = "records: { assumption: healthy/governance/*.yaml }\nadopted: ['**']\n";
    let run = check(&folder(&[
        ("alignlint.yaml", config.as_bytes()),
        ("governance/assumptions.yaml", format!("assumptions:\n  - id: A-2\n{fields}").as_bytes()),
    ]));
    let found = other_findings(&run);
    let count = |rule: &str| found.iter().filter(|line| line.contains(rule)).count();
    // The first one is that the record has no statement.
    assert_eq!((count("schema/unknown-field"), count("document/unreadable")), (999, 1));
    let message = "governance/assumptions.yaml:1001:5: error[document/unreadable] only the first 1000 violations of each record in this file are listed";
    assert!(found.contains(&message), "{:?}", found.last());
}

#[test]
fn violations_of_many_records_have_an_end_that_is_told_once() {
    let records: String =
        (0..15_000).map(|at| format!("  - {{id: A-{at}, statement: S, x: 1, y: 1}}\n")).collect();
    let path = "governance/assumptions.yaml";
    let run = check(&folder(&[(path, format!("assumptions:\n{records}").as_bytes())]));
    let found = other_findings(&run);
    let told: Vec<_> = found.iter().filter(|line| line.contains("document/unreadable")).collect();
    let message = "governance/assumptions.yaml:2:29: error[document/unreadable] only the first violation of each record in this file is listed";
    assert_eq!(told, [&message]);
}

/// A repository with a kind of its own and a file of such records.
fn kind_and_things(definitions: &str, things: &str) -> Repository {
    let kind = format!(
        "title: Thing\ndescription: x\ntype: object\nx-plural: things\nproperties:\n  a: {{ $ref: \"#/$defs/d0\" }}\n$defs:\n{definitions}"
    );
    folder(&[
        ("alignlint.yaml", b"extends: [./policy]\nrecords: { assumption: healthy/governance/*.yaml, thing: governance/*.yaml }\n"),
        ("policy/kinds/thing.yaml", kind.as_bytes()),
        ("governance/things.yaml", things.as_bytes()),
    ])
}

/// Each level refers twice to the next one.
fn doubled(keyword: &str, levels: usize) -> String {
    let level = |at: usize| {
        let next = format!("{{ $ref: \"#/$defs/d{}\" }}", at + 1);
        format!("  d{at}: {{ {keyword}: [{next}, {next}] }}\n")
    };
    (0..levels).map(level).collect::<String>() + &format!("  d{levels}: {{ type: integer }}\n")
}

#[test]
fn a_kind_that_multiplies_the_work_is_refused() {
    let options = (0..3000).map(|at| format!("v{at}")).collect::<Vec<_>>().join(", ");
    let recursive: String = (0..30).map(|at| format!("p{at}: {{ $ref: \"#/$defs/d0\" }}, ")).collect();
    for (definitions, message) in [
        (doubled("allOf", 22), "more than 4000 subschemas and fields apply to one value"),
        (doubled("anyOf", 64), "more than 4000 subschemas and fields apply to one value"),
        (doubled("oneOf", 22), "more than 4000 subschemas and fields apply to one value"),
        (format!("  d0: {{ enum: [{options}] }}\n"), "an `enum` has more than 2000 values"),
        (
            format!("  d0: {{ type: object, properties: {{ {recursive} }} }}\n"),
            "the kind has more than 10000 fields",
        ),
    ] {
        let run = check(&kind_and_things(&definitions, "things: [{ id: t, a: x }]\n"));
        assert_eq!(run.code, Some(2), "{}{}", clip(&run.err), clip(&run.out));
        assert!(run.err.contains(message), "{message}: {}", clip(&run.err));
        assert!(run.err.contains("policy/kinds/thing.yaml:"), "{}", clip(&run.err));
    }
}

#[test]
fn a_value_that_multiplies_the_work_of_its_kind_is_not_checked_to_the_end() {
    let definitions = "  d0: { type: array, allOf: [{ items: { $ref: \"#/$defs/d0\" } }, { items: { $ref: \"#/$defs/d0\" } }] }\n";
    let things = format!("things: [{{ id: t, a: {}5{} }}]\n", "[".repeat(60), "]".repeat(60));
    let run = check(&kind_and_things(definitions, &things));
    let found = other_findings(&run);
    assert!(found.iter().any(|line| line.contains("document/unreadable")), "{found:?}");
    let patterns = "  d0: { type: object, patternProperties: { \".*\": { $ref: \"#/$defs/d0\" }, \"^\": { $ref: \"#/$defs/d0\" } } }\n";
    let things = format!("things: [{{ id: t, a: {}5{} }}]\n", "{ a: ".repeat(60), " }".repeat(60));
    let run = check(&kind_and_things(patterns, &things));
    let found = other_findings(&run);
    assert!(found.iter().any(|line| line.contains("document/unreadable")), "{found:?}");
}

const RULE: (&str, &str) =
    ("policy/own/other.yaml", "for: assumption\nexpect: has(record.owner)\nmessage: no owner\n");

/// Files of a policy that are each far too large, and the message about each.
fn hostile_policies() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let aliases = aliases_of_long_text(1000).into_bytes();
    let repeated = "aliases add more than 16 MiB of text to this file";
    let large = || b"# a comment\n".repeat(100_000);
    let size = "a file of the policy is larger than 1 MiB";
    vec![
        ("alignlint.yaml", aliases.clone(), repeated),
        ("policy/own/rule.yaml", aliases.clone(), repeated),
        ("policy/kinds/thing.yaml", aliases.clone(), repeated),
        ("policy/formats/thing.yaml", aliases.clone(), repeated),
        ("alignlint-baseline.yaml", aliases, repeated),
        ("alignlint.yaml", large(), size),
        ("policy/own/rule.yaml", large(), size),
        ("policy/kinds/thing.yaml", large(), size),
        ("policy/formats/thing.yaml", large(), size),
        (
            "alignlint.yaml",
            format!("exclude: [{}]\n", "a/b, ".repeat(11_000)).into(),
            "more than 10000 globs in the configuration",
        ),
    ]
}

#[test]
fn a_file_of_the_policy_past_a_limit_is_a_fault() {
    for (path, bytes, message) in hostile_policies() {
        let config = b"extends: [./policy]\nrecords: { assumption: healthy/governance/*.yaml }\n";
        let files = [("alignlint.yaml", &config[..]), (RULE.0, RULE.1.as_bytes()), (path, &bytes)];
        let run = check(&folder(&files));
        assert_eq!(run.code, Some(2), "{path}: {}{}", clip(&run.err), clip(&run.out));
        assert!(
            run.err.contains(message) && run.err.contains(&format!("{path}:")),
            "{path}: {}",
            clip(&run.err)
        );
    }
}

#[test]
fn a_hostile_policy_in_a_change_is_a_finding_under_the_policy_of_its_base() {
    for (path, bytes, message) in hostile_policies() {
        let repository = Repository::empty();
        repository.write_file("alignlint.yaml", "extends: [./policy]\n");
        repository.write_file(RULE.0, RULE.1);
        repository.write_file("governance/assumptions.yaml", HEALTHY);
        repository.commit_as("2026-11-12", crate::kit::ADA, "Start");
        repository.write_file(path, &bytes);
        repository.commit_as("2026-11-13", crate::kit::ADA, "Attack");
        let run =
            repository.run_today(&["check", "--policy-from", "HEAD~1", "--format", "concise", "--quiet"]);
        assert_eq!(run.code, Some(1), "{path}: {}{}", clip(&run.err), clip(&run.out));
        assert!(
            run.out.contains("governance/assumptions.yaml:2:58: error[schema/enum]"),
            "{path}: {}",
            clip(&run.out)
        );
        assert!(run.out.contains(message), "{path}: {}", clip(&run.out));
    }
}
