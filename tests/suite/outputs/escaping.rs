//! Names, identifiers, branches and commits are whatever their authors want. None of them sends a control character to the
//! terminal, changes the direction of its text, or gives a command to what reads the log.

use std::io::Write;

use alignlint::report::{Escaped, Escaping};

use crate::kit::{Output, PROGRAM, Repository, command};

/// An escape sequence that clears the screen, the same in one character, and what turns text around.
const HOSTILE: &str = "\u{1b}[2J\u{9b}2J\u{202e}x\u{7f}";

/// The same as a double-quoted scalar of YAML or JSON.
const QUOTED: &str = "\"a\\u001b[2J\\u009b2J\\u202ex\\u007f\\n::error::x\"";

fn repository() -> Repository {
    let repository = Repository::empty();
    let records = |id: &str, owner: &str| {
        format!(
            "decisions:\n  - {{ id: {id}, title: {QUOTED}, status: {QUOTED}, owner: {owner}, date: {QUOTED}, supersedes: [{QUOTED}] }}\n  \
             - {{ id: D-1, status: acepted, superseded-by: [D-2] }}\n  - {{ id: D-2, title: {QUOTED}, status: accepted, governs: [\"**\"] }}\n\
             assumptions:\n  - {{ id: {id}, statement: s, status: open, owner: {owner}, review-by: soon }}\n"
        )
    };
    let rule = format!(
        "id: house/odd\ntitle: {QUOTED}\nseverity: error\npreset: essential\nfacet: record\nfor: decision\nexpect: record.id == 'x'\n\
         message: \"`{{record.id}}` is odd, says {{record.title}}\"\nhelp: {QUOTED}\nlabel: {QUOTED}\nwhy: {QUOTED}\nexamples:\n  \
         - {{ name: {QUOTED}, files: {{ {QUOTED}: {QUOTED} }}, finds: [{{ at: \"a:1:1\", message: {QUOTED} }}] }}\n"
    );
    repository.write(&[
        ("alignlint.yaml", "extends: [all, ./policy]\n"),
        ("policy/rules/house/odd.yaml", &rule),
        (
            "policy/kinds/thing.yaml",
            &format!("title: {QUOTED}\ndescription: {QUOTED}\ntype: object\nx-plural: things\nproperties:\n  size: {{ type: string, description: {QUOTED} }}\n"),
        ),
        ("governance/a.yaml", &records(QUOTED, "ada")),
        (&format!("governance/b{HOSTILE}\n::error::.yaml"), &records("D-1", QUOTED)),
        // A name that wraps, and a path that begins a line.
        ("::error::x/adr/0001-a.md", &format!("# {} ::error::x ##[error]y\n\n## Status\n\nAcepted\n\n## Context\n\nC\n\n## Decision\n\nD\n", "long ".repeat(14))),
        (&format!("governance/c{HOSTILE}.yaml"), &format!("decisions:\n  - id: D-1\n  {HOSTILE}: [\n")),
        (
            &format!("docs/adr/0001-{HOSTILE}.md"),
            &format!("# {HOSTILE}\n\n## Status\n\n{HOSTILE}\n\n[a](b{HOSTILE}.md)\n"),
        ),
    ]);
    repository.git(&["add", "--all"]);
    let branch = "b\u{9b}2J\u{202e}x";
    repository.git(&["checkout", "--quiet", "-b", branch]);
    let author = format!("A{HOSTILE} <a{HOSTILE}@example.org>");
    repository.commit_as("2026-10-01", &author, &format!("{HOSTILE}\n\nReviewed-by: {author}"));
    repository.write(&[("governance/a.yaml", &records("\"D-7\"", "bo"))]);
    repository.commit_as("2026-10-02", &author, HOSTILE);
    repository
}

/// What of the output a terminal would act on, and lines that GitHub would take for commands.
fn acted_on(output: &Output) -> Vec<String> {
    let text = format!("{}{}", output.out, output.err);
    let acts = |c: &char| {
        matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    // Those of the report for GitHub are its own.
    let is_own = |line: &&str| line.contains(" file=") || line.starts_with("::notice title=alignlint::");
    let is_command = |line: &&str| line.trim_start().starts_with("::") || line.contains("##[");
    let commands = text.lines().filter(is_command).filter(|line| !is_own(line)).map(str::to_owned);
    text.chars().filter(acts).map(|c| format!("{c:?}")).chain(commands).collect()
}

#[test]
fn nothing_in_a_repository_reaches_the_terminal_unescaped() {
    let repository = repository();
    let odd = "b\u{9b}2J\u{202e}x";
    let id = format!("D-9{HOSTILE}");
    let commands: &[&[&str]] = &[
        &[],
        &["-v"],
        &["-v", "--statistics"],
        &["-v", "--rev", odd],
        &["--since", odd],
        &["--since", "HEAD~1", "--policy-from", "HEAD~1"],
        &["--since", HOSTILE],
        &["--policy-from", HOSTILE],
        &["--config", HOSTILE],
        &["--baseline", HOSTILE],
        &["--select", HOSTILE],
        &["--format", HOSTILE],
        &["--as-of", HOSTILE],
        &[HOSTILE],
        &["-C", HOSTILE],
        &[&format!("--{HOSTILE}")],
        &["--format", "concise", "-v"],
        &["--format", "json"],
        &["--format", "jsonl"],
        &["--format", "sarif"],
        &["--format", "github"],
        &["--format", "gitlab"],
        &["--format", "junit"],
        &["--format", "markdown"],
        &["--format", "agent"],
        &["report"],
        &["report", "decisions"],
        &["digest", "--format", "markdown"],
        &["due", "--within", "9 years"],
        &["records"],
        &["records", "--format", "json"],
        &["records", HOSTILE],
        &["blame", "."],
        &["why", "."],
        &["why", ".", "--format", "json"],
        &["blame", ".", "--format", "json"],
        &["blame", &id],
        &["rules"],
        &["explain", "house/odd"],
        &["explain", HOSTILE],
        &["test", "--select", "house/*"],
        &["test", HOSTILE],
        &["schema", "thing"],
        &["schema", "records"],
        &["schema", HOSTILE],
        &["completions", HOSTILE],
        &["manual", HOSTILE],
        &["--write-baseline"],
        &["--fix=all"],
    ];
    let mut seen = 0;
    for arguments in commands {
        let output = repository.run(arguments);
        assert_eq!(acted_on(&output), Vec::<String>::new(), "{arguments:?}: {output:?}");
        seen += usize::from(output.out.contains('\u{241b}') || output.err.contains('\u{241b}'));
        let json = ["json", "sarif", "gitlab"].iter().any(|format| arguments.contains(format));
        assert!(!json || output.json().to_string().contains('\u{9b}'), "the data is whole: {arguments:?}");
    }
    assert!(seen > 15, "the texts are printed, with pictures: {seen}");
}

#[test]
fn in_colour_only_colours_and_links_are_escape_sequences() {
    let repository = repository();
    for arguments in [
        &["-v", "--color", "always"][..],
        &["records", "--color", "always"],
        &["blame", ".", "--color", "always"],
    ] {
        let output = Output::of(command(PROGRAM, repository.path()).args(arguments));
        let plain = |text: &str| {
            let mut parts = text.split("\u{1b}[");
            let first = parts.next().unwrap_or_default().to_owned();
            first
                + &parts
                    .map(|part| {
                        part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').replacen('m', "", 1)
                    })
                    .collect::<String>()
        };
        let uncoloured = Output { out: plain(&output.out), err: plain(&output.err), ..output };
        assert_eq!(acted_on(&uncoloured), Vec::<String>::new(), "{arguments:?}");
    }
}

#[test]
fn a_patch_is_written_byte_by_byte_so_that_it_applies() {
    let path = format!("docs/decisions/0003-{HOSTILE}.md");
    let page = |fields: &str| format!("---\n{fields}\n---\n# T {HOSTILE}\n\n## Context\n\n{HOSTILE}\n");
    let old = page("id: 3\nstatus: superseded\nsuperseded-by: [8]");
    let new = page("id: 9\nstatus: accepted\nsupersedes: [3]");
    let repository =
        Repository::with(&[(&*path, &*old), ("docs/decisions/0009-new.md", &new), ("alignlint.yaml", "")]);
    let patch = repository.run_today(&["--diff", "--fix=all", "--quiet"]);
    assert!(patch.out.contains(HOSTILE), "{patch:?}");
    repository.write_file("p.diff", &patch.out);
    repository.git(&["apply", "p.diff"]);
    assert_eq!(repository.read(&path), old.replace("[8]", "[8, 9]"));
}

fn escaped<'p>(escaping: Escaping, pieces: impl IntoIterator<Item = &'p [u8]>) -> String {
    let mut out = Vec::new();
    let mut escaped = Escaped::new(&mut out, escaping);
    pieces.into_iter().for_each(|piece| escaped.write_all(piece).unwrap());
    escaped.flush().unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_stream_passes_colours_in_a_style_only_and_no_command_whatever_its_pieces() {
    let written = |escaping, text: &str| escaped(escaping, [text.as_bytes()]);
    let (lines, parted) = ("a::b\n ::error::x\n##[error]y::z\n", "a::b\n : :error::x\n## [error]y::z\n");
    assert_eq!(written(Escaping::Text, lines), parted);
    assert_eq!(written(Escaping::Commands, lines), lines);
    assert_eq!(written(Escaping::Json, "\"##[error]\""), "\"##\\u005berror]\"");
    let styled = "\u{1b}[1;31mred\u{1b}[0m";
    assert_eq!(written(Escaping::Styled, styled), styled);
    assert!(!written(Escaping::Text, styled).contains('\u{1b}'));
    for other in ["\u{1b}]0;title\u{7}", "\u{1b}[2K", "\u{1b}", "\u{1b}[31"] {
        assert!(!written(Escaping::Styled, other).contains('\u{1b}'), "{other:?}");
    }
    let pieces = ["\u{1b}[", "31", "mred\n", "x"].map(str::as_bytes);
    assert_eq!(escaped(Escaping::Styled, pieces), "\u{1b}[31mred\nx");
    assert_eq!(escaped(Escaping::Text, [&b"\xc2"[..], b"\x9b", b"\xc3", b"\xbc"]), "\u{fffd}ü");
}
