//! The report formats for forges and servers: their content and limits, and that text of records is never
//! interpreted as markup or commands.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::kit::{Output, PROGRAM, Repository, TODAY, assert_golden, build_drifting, command};

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = command(PROGRAM, folder);
    command.args(["--as-of", TODAY]).args(arguments);
    command
}

/// The report of a folder that has findings.
fn report(folder: &Path, format: &str) -> String {
    let output = Output::of(&mut program(folder, &["-q", "--format", format]));
    assert_eq!(output.code, Some(1), "{}", output.err);
    output.out
}

/// The violations of the part of the SARIF standard that the program uses.
fn violations(sarif: &str) -> Vec<String> {
    let schema: Value = serde_json::from_str(include_str!("sarif.schema.json")).expect("the schema is JSON");
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema");
    let sarif: Value = serde_json::from_str(sarif).expect("SARIF is JSON");
    let mut violations: Vec<String> =
        validator.iter_errors(&sarif).map(|error| format!("{}: {error}", error.instance_path())).collect();
    let run = &sarif["runs"][0];
    for result in run["results"].as_array().into_iter().flatten() {
        let index = result["ruleIndex"].as_u64().unwrap_or(u64::MAX) as usize;
        if run["tool"]["driver"]["rules"][index]["id"] != result["ruleId"] {
            violations.push(format!("the rule of {result} is another"));
        }
    }
    violations
}

const FORMATS: [&str; 5] = ["sarif", "github", "gitlab", "junit", "markdown"];
const AGENT: &str = "--format=agent=agent";

/// Records in which every text tries to be markup or a command.
const HOSTILE: &str = r#"kpis:
  - id: "<img src=x onerror=alert(1)> @ada closes #12 ](https://b.example) | `x` ]]>"
    title: "::error file=a::b%0A::add-mask::x"
    owner: "@ada/team"
    direction: "up\n::stop-commands::x\n/close <!-- --> ##[error]"
  - id: "\e[2J\0\r\u202E"
    title: T
    owner: "`</testcase>"
    direction: "sideways"
"#;

#[test]
fn what_a_record_holds_stays_what_it_is_in_every_format() {
    let folder = Repository::folder_with(&[("governance/a, b: c%.yaml", HOSTILE)]);
    let report = |format| report(folder.path(), format);

    assert_eq!(violations(&report("sarif")), [""; 0]);
    assert!(report("sarif").contains("\"uri\": \"governance/a%2C%20b%3A%20c%25.yaml\""));
    let sarif: Value = serde_json::from_str(&report("sarif")).unwrap();
    for result in sarif["runs"][0]["results"].as_array().unwrap() {
        assert!(!result["message"]["text"].as_str().unwrap().contains("]("), "{result}");
    }

    for line in report("github").lines() {
        let (properties, _) = line.split_once("::").map(|(_, rest)| rest.split_once("::").unwrap()).unwrap();
        assert!(properties.contains(" file=governance/a%2C b%3A c%25.yaml,line="), "{line}");
        assert!(line.starts_with("::error ") || line.starts_with("::warning "), "{line}");
    }

    let gitlab: Value = serde_json::from_str(&report("gitlab")).unwrap();
    assert!(gitlab.as_array().unwrap().len() > 2);

    let junit = report("junit");
    assert!(!junit.contains(|c: char| c.is_control() && c != '\n') && !junit.contains("<img"), "{junit}");

    for text in [report("markdown"), report("github"), report("concise"), report("pretty")] {
        assert!(!text.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'), "{text}");
    }
}

#[test]
fn a_comment_shows_text_from_records_as_text() {
    let folder = Repository::folder_with(&[("governance/kpis.yaml", HOSTILE)]);
    assert_golden("tests/suite/golden/hostile_markdown.txt", &report(folder.path(), "markdown"));
}

/// Sequences of three random markup tokens of Markdown, HTML and forges, inside and outside of backticks.
fn signs(seed: usize) -> impl Iterator<Item = String> {
    const SIGNS: [&str; 26] = [
        "`",
        "``",
        "\\",
        "*",
        "**",
        "_",
        "[a](b)",
        "![i](u)",
        "<b>",
        "</sub>",
        "<!--",
        "-->",
        "|",
        "~~",
        "$",
        "$x$",
        "@ada",
        "#1",
        "!2",
        "&lt;",
        "\n",
        "\n\n# h\n",
        "\n- x",
        "http://a.example",
        "www.a.example",
        "GH-1",
    ];
    let mut state = seed;
    let mut sign = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        SIGNS[(state >> 33) % SIGNS.len()]
    };
    (0..80).map(move |n| {
        let [a, b, c] = [sign(), sign(), sign()];
        match n % 3 {
            0 => format!("`{a}{b}{c}"),
            1 => format!("{a}`{b}`{c}"),
            _ => format!("x`{a} x {b}``{c}"),
        }
    })
}

#[test]
fn no_text_from_a_record_becomes_markup() {
    for seed in 0..4 {
        let kpis = signs(seed).enumerate().map(|(n, text)| {
            let text = serde_json::to_string(&format!("{text}{n}")).expect("a text");
            format!("  - {{id: {text}, title: T, owner: {text}, direction: {text}}}\n")
        });
        let folder = Repository::folder_with(&[(
            "governance/kpis.yaml",
            &format!("kpis:\n{}", kpis.collect::<String>()),
        )]);
        let markdown = report(folder.path(), "markdown");
        assert!(markdown.matches("- **error**").count() > 60, "{markdown}");
        assert_text(&markdown);
    }
}

/// What stands in a cell ends neither the cell nor the table: no row has a cell more, and no text becomes a link, a picture or HTML.
#[test]
fn no_text_from_a_record_leaves_its_cell() {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    for seed in 4..8 {
        let mut records =
            ["forums:\n- {id: monday, purpose: decide, cadence: weekly}\ndecisions:\n", "assumptions:\n"]
                .map(str::to_owned);
        for (n, text) in signs(seed).enumerate() {
            let text = serde_json::to_string(&format!("{text}|{n}")).expect("a text");
            let status = if n % 2 == 0 { "accepted" } else { "proposed" };
            records[0] += &format!(
                "- {{id: {text}, title: {text}, status: {status}, date: 2026-11-08, owner: {text}, forum: monday, decide-by: 2026-11-21}}\n"
            );
            records[1] += &format!(
                "- {{id: A{n}, statement: {text}, status: open, owner: {text}, review-by: 2026-11-21}}\n"
            );
        }
        let repository = Repository::with(&[("governance/records.yaml", &records.concat())]);
        for view in [&["report"][..], &["digest", "--since", "2026-11-01"], &["due"], &["agenda", "monday"]] {
            let markdown = repository.run(&[view, &["--format", "markdown"]].concat()).out;
            let rows = markdown.lines().filter(|line| line.starts_with('|')).count();
            assert!(rows > 20, "{view:?}: {markdown}");
            let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH;
            let events: Vec<Event> = Parser::new_ext(&markdown, options).collect();
            let is_cell = |event: &&Event| matches!(event, Event::Start(Tag::TableCell));
            let is_row = |event: &&Event| matches!(event, Event::Start(Tag::TableRow | Tag::TableHead));
            let is_plain = |event: &Event| match event {
                Event::Start(tag) => matches!(
                    tag,
                    Tag::Table(_)
                        | Tag::TableHead
                        | Tag::TableRow
                        | Tag::TableCell
                        | Tag::Paragraph
                        | Tag::Heading { .. }
                ),
                Event::Text(_) | Event::Code(_) | Event::SoftBreak | Event::End(_) => true,
                _ => false,
            };
            assert_eq!(events.iter().find(|event| !is_plain(event)), None, "{view:?}: {markdown}");
            assert!(events.iter().filter(is_cell).count() >= 2 * events.iter().filter(is_row).count());
        }
    }
}

/// Asserts that the only markup in a report is what the program itself writes.
#[track_caller]
fn assert_text(markdown: &str) {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH;
    let (mut text, mut tags) = (String::new(), Vec::new());
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(piece) => text += &piece,
            Event::Code(_) | Event::SoftBreak | Event::End(_) => text.push('\n'),
            Event::InlineHtml(tag) => tags.push(tag.to_string()),
            Event::Html(comment) => assert_eq!(comment.trim(), "<!-- alignlint -->"),
            Event::Start(
                Tag::HtmlBlock
                | Tag::Heading { .. }
                | Tag::List(None)
                | Tag::Item
                | Tag::Paragraph
                | Tag::Strong
                | Tag::BlockQuote(_),
            ) => {}
            other => panic!("{other:?} in {markdown}"),
        }
    }
    let meant = regex::Regex::new(r"(?i)[@#!]\w|://|www\.|gh-\d").expect("a pattern");
    assert_eq!(meant.find(&text).map(|found| found.as_str()), None, "{text}");
    let breaks = markdown.lines().filter(|line| line.ends_with("<br>")).count();
    let own = ["<br>"].repeat(breaks).into_iter().chain(["<sub>", "</sub>"]).collect::<Vec<_>>();
    assert_eq!(tags, own);
}

#[test]
fn the_drifting_example_is_sarif_that_github_takes() {
    let repository = build_drifting();
    let sarif = report(repository.path(), "sarif");
    assert_eq!(violations(&sarif), [""; 0]);
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    let uri = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    let uri = uri.as_str().unwrap();
    assert!(repository.join(uri).exists(), "{uri}");
}

#[test]
fn a_clean_run_is_a_report_too() {
    let decision = "decisions:\n  - {id: D-1, title: T, status: accepted, date: 2026-11-01, owner: ada, \
                    options: [a, b], trade-offs: [c], context: why, consequences: [what]}\n";
    let folder = Repository::folder_with(&[("governance/decisions.yaml", decision)]);
    for format in FORMATS {
        let output = folder.run_today(&["-q", "--format", format]);
        assert_eq!(output.code, Some(0), "{}", output.err);
        let text = output.out;
        match format {
            "sarif" => {
                assert_eq!(violations(&text), [""; 0]);
                assert!(text.contains("\"exitCode\": 0") && text.contains("\"results\": []"), "{text}");
            }
            "github" => assert_eq!(text, ""),
            "gitlab" => assert_eq!(text, "[]\n"),
            "junit" => assert!(text.contains("tests=\"1\" failures=\"0\""), "{text}"),
            _ => assert!(text.starts_with("<!-- alignlint -->\n### alignlint: no findings\n"), "{text}"),
        }
    }
}

#[test]
fn a_run_that_fails_writes_no_report() {
    let folder =
        Repository::folder_with(&[("governance/kpis.yaml", HOSTILE), ("alignlint.yaml", "exlude: []\n")]);
    let mut command = program(folder.path(), &[]);
    let output = Output::of(command.args(FORMATS.map(|format| format!("--format={format}={format}"))));
    assert_eq!((output.code, output.out.as_str()), (Some(2), ""));
    for format in FORMATS {
        assert!(!folder.join(format).exists(), "{format}: a server would take nothing for all is well");
    }
}

#[test]
fn files_are_written_before_anything_is_printed() {
    let folder = Repository::folder_with(&[("governance/kpis.yaml", HOSTILE)]);
    let arguments = ["--format", "concise", "--format", "json=out.json", "--format", "sarif=out.json/report"];
    let refused = folder.run_today(&arguments);
    assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""));
    assert!(refused.err.contains("can't write `out.json/report`"), "{}", refused.err);
    assert!(folder.join("out.json").exists());
}

#[test]
fn a_file_lies_where_the_run_is_said_to_start() {
    let folder = Repository::folder_with(&[("inner/governance/kpis.yaml", HOSTILE)]);
    folder.run_today(&["-C", "inner", "-q", "--format", "concise=out.txt"]);
    assert!(folder.join("inner/out.txt").exists() && !folder.join("out.txt").exists());
}

#[test]
fn reports_are_the_same_in_every_run_and_hold_no_path_of_the_machine() {
    let folder = Repository::folder_with(&[("governance/kpis.yaml", HOSTILE)]);
    let machine = folder.path().to_str().expect("UTF-8");
    let of = |threads: &str| {
        let mut command = program(folder.path(), &["-q"]);
        command.args(FORMATS.map(|format| format!("--format={format}"))).env("RAYON_NUM_THREADS", threads);
        Output::of(&mut command).out
    };
    let (one, seven) = (of("1"), of("7"));
    assert!(one.contains("<testsuites ") && one.contains("<!-- alignlint -->"), "{one}");
    assert!(one == seven && !one.contains(machine), "{one}");
}

/// A decision with 10,000 options, and a rule of each severity that reports each of them.
fn thirty_thousand() -> Repository {
    let options: String = (0..10_000).map(|n| format!("      - option {n}\n")).collect();
    let decision = format!(
        "decisions:\n  - id: D-1\n    title: T\n    status: open\n    owner: ada\n    options:\n{options}"
    );
    let rule = |severity: &str| {
        format!(
            "id: own/{severity}\ntitle: An option\nseverity: {severity}\npreset: essential\nfacet: sample\n\
             for: decision\neach: record.options\nexpect: false\nmessage: \"`{{record.id}}` has an option\"\n\
             help: Take it away.\nwhy: Ten thousand are too many.\n"
        )
    };
    Repository::folder_with(&[
        ("governance/decisions.yaml", &decision),
        ("alignlint.yaml", "extends: [./policy]\n"),
        ("policy/own/error.yaml", &rule("error")),
        ("policy/own/warning.yaml", &rule("warning")),
        ("policy/own/note.yaml", &rule("note")),
    ])
}

#[test]
fn of_thirty_thousand_findings_the_most_severe_are_reported_and_the_others_counted() {
    let folder = thirty_thousand();
    let outputs = FORMATS.map(|format| format!("--format={format}={format}"));
    let arguments: Vec<&str> =
        ["-q", "--select", "own/*", AGENT].into_iter().chain(outputs.iter().map(String::as_str)).collect();
    let output = folder.run_today(&arguments);
    assert_eq!((output.code, output.out.as_str()), (Some(1), ""));
    let read = |format: &str| folder.read(format);

    let sarif = read("sarif");
    let of = |rule: &str| sarif.matches(&format!("\"ruleId\": \"own/{rule}\"")).count();
    assert_eq!([of("error"), of("warning"), of("note")], [10_000, 10_000, 5_000]);
    let left_out = "5,000 notes are left out: GitHub accepts at most 25,000 findings and 10 MB in a SARIF file; \
                    `--format json` lists all findings.";
    assert!(
        sarif.contains(left_out)
            && sarif.contains("GitHub shows only the 5,000 most severe of these 25,000 findings.")
    );

    let github = read("github");
    let annotated = |command: &str| github.lines().filter(|line| line.starts_with(command)).count();
    assert_eq!([annotated("::error "), annotated("::warning "), annotated("::notice ")], [10, 10, 10]);
    assert!(github.ends_with(
        "9,990 errors, 9,990 warnings and 9,991 notes are left out: GitHub shows at most 10 \
                              annotations per severity and step; `--format json` lists all findings.\n"
    ));

    let markdown = read("markdown");
    assert!(markdown.len() <= 60_000 && markdown.len() > 50_000, "{}", markdown.len());
    let shown = markdown.matches("- **error**").count();
    assert!(markdown.contains("\n### alignlint: 10,000 errors, 10,000 warnings and 10,000 notes\n"));
    let counted = format!("{} errors, 10,000 warnings and 10,000 notes are left out", 10_000 - shown);
    assert!(shown > 100 && markdown.contains(&counted.replacen('9', "9,", 1)), "{shown}: {counted}");

    let agent = read("agent");
    assert!(agent.len() < 64_000 && agent.contains(" are left out: this format lists at most 200 findings"));

    assert_eq!(read("junit").matches("<testcase ").count(), 30_000);
    let gitlab = read("gitlab");
    let fingerprints = gitlab.lines().filter(|line| line.contains("\"fingerprint\""));
    assert_eq!(fingerprints.collect::<HashSet<_>>().len(), 30_000);

    let notes = output.err;
    for format in ["agent", "sarif", "github", "markdown"] {
        assert!(notes.contains(&format!("alignlint: {format}: ")), "{notes}");
    }
    assert!(notes.contains(left_out) && notes.lines().count() == 4, "{notes}");
}

#[test]
fn colours_are_for_those_who_ask_or_see_them() {
    let folder = Repository::folder_with(&[("governance/kpis.yaml", HOSTILE)]);
    let coloured = |flags: &[&str], variables: &[(&str, &str)]| {
        let mut command = program(folder.path(), flags);
        let output = Output::of(command.arg("--statistics").envs(variables.iter().copied()));
        let has = |text: String| text.contains('\u{1b}');
        let (findings, end) = (has(output.out), has(output.err));
        assert_eq!(findings, end, "one decision for both streams");
        findings
    };
    assert!(!coloured(&[], &[]), "a pipe has no colours");
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    let forced = [("CLICOLOR_FORCE", "1")];
    Output::of(program(folder.path(), &["--format", "pretty=report.txt"]).envs(forced));
    assert!(!folder.read("report.txt").contains('\u{1b}'), "a file has no colours");
}

#[test]
fn a_report_in_a_pipe_has_80_columns_by_default() {
    let repository = build_drifting();
    let widest = |columns: Option<&str>| {
        let mut command = program(repository.path(), &["-q"]);
        columns.map(|columns| command.env("COLUMNS", columns));
        let text = Output::of(&mut command).out;
        // A path is not broken.
        text.lines().filter(|line| !line.contains("─[")).map(|line| line.chars().count()).max().unwrap_or(0)
    };
    assert!((70..=80).contains(&widest(None)), "{}", widest(None));
    assert!((100..=120).contains(&widest(Some("400"))), "{}", widest(Some("400")));
    assert!(widest(Some("50")) <= 60, "{}", widest(Some("50")));
}

/// Findings on lines that are too long, with several labels on one line, with wide characters and with tabs.
#[test]
fn snippets_show_the_underlined_words_in_the_width_of_the_terminal() {
    let decision = |id: &str, status: &str| {
        format!("  - {{id: {id}, \t title: 漢字, status: {status}, date: 2026-11-01, owner: ada}}\n")
    };
    let page = format!(
        "# 1. Prices\n\n## Status\n\nAccepted\n\n## Decision\n\nD.\n\n## Context\n\n{}the client pays{}\n",
        "so it was and ".repeat(30),
        ", or more".repeat(30)
    );
    let rule = "id: own/late\ntitle: Late\nseverity: error\npreset: essential\nfacet: sample\nfor: decision\n\
                expect: record.status == 'proposed'\nat: status\nlabel: decided\nhelp: Wait.\nwhy: Why.\n\
                related: { each: '[record]', at: date, label: \"since {record.date}, which is a day on which nobody \
                was there, as all who decide such things were at the fair\" }\nmessage: '`{record.id}` is decided'\n";
    let folder = Repository::folder_with(&[
        ("alignlint.yaml", "extends: [./policy]\n"),
        ("policy/own/late.yaml", rule),
        ("governance/decisions.yaml", &format!("decisions:\n{}", decision("D-1", "accepted"))),
        (
            "governance/terms.yaml",
            "terms:\n  - {id: customer, title: customer, definition: Who pays., avoids: [client]}\n",
        ),
        ("docs/decisions/0001-prices.md", &page),
    ]);
    let written = ["80", "120"].map(|columns| {
        let flags = ["-q", "--select", "own/late,term/avoided"];
        let mut command = program(folder.path(), &flags);
        Output::of(command.env("COLUMNS", columns)).out
    });
    assert_golden("tests/suite/golden/snippets.txt", &written.concat());
}

#[test]
fn statistics_are_printed_below_the_findings_also_in_quiet_runs() {
    let folder = Repository::folder_with(&[("governance/kpis.yaml", HOSTILE)]);
    let plain = folder.run_today(&["-q", "--format", "concise"]);
    let counted = folder.run_today(&["-q", "--statistics", "--format", "concise"]);
    assert_eq!((&plain.out, plain.err.as_str()), (&counted.out, ""));
    let notes = counted.err;
    assert!(notes.starts_with("By rule\n") && notes.contains("\nBy owner\n"), "{notes}");
    assert!(notes.contains("  @ada/team\n") && !notes.contains("Read "), "{notes}");
    let count = |table: &str| -> usize {
        let rows = table.lines().filter_map(|row| row.split_whitespace().next()?.parse::<usize>().ok());
        rows.sum()
    };
    let (by_rule, by_owner) = notes.split_once("By owner").expect("both tables");
    let findings = plain.out.lines().count();
    assert_eq!((count(by_rule), count(by_owner)), (findings, findings));
}

#[test]
fn many_warnings_of_one_rule_are_abridged_for_people_only() {
    let assumption = |number| {
        format!(
            "  - {{id: A-{number}, statement: S, status: open, owner: ada, last-validated: 2026-11-12}}\n"
        )
    };
    let assumptions: String = (0..13).map(assumption).collect();
    let people = "people: [{id: ada, title: Ada}]\n";
    let folder = Repository::folder_with(&[
        ("governance/people.yaml", people),
        ("governance/assumptions.yaml", &format!("assumptions:\n{assumptions}")),
    ]);
    let check = |flags: &[&str]| {
        folder.run_today(&[&["--select", "assumption/untestable", "--fail-on", "warning"], flags].concat())
    };
    let shown = |flags: &[&str]| {
        let output = check(flags);
        assert_eq!(output.code, Some(1), "{}", output.err);
        (output.out.matches("assumption/untestable]").count(), output.out.contains("… and "), output.err)
    };
    let (count, is_abridged, summary) = shown(&[]);
    assert_eq!((count, is_abridged), (10, true));
    assert!(check(&[]).out.ends_with("\n\n… and 3 more of assumption/untestable; --all shows them\n\n"));
    assert!(summary.starts_with("13 warnings"), "{summary}");
    for whole in [&["--all"][..], &["--format", "concise"]] {
        let (count, is_abridged, _) = shown(whole);
        assert_eq!((count, is_abridged), (13, false));
    }
}

#[test]
fn lines_about_pages_that_are_not_read_are_counted_and_in_every_report() {
    let prose = ["a", "b", "c", "d", "e", "f"].map(|folder| format!("{folder}/proposals/x.md"));
    let read = "# Limits\n\n## Status\n\nAccepted\n\n## Context\n\nC.\n\n## Decision\n\nD.\n";
    let records = [("docs/adr/0001-a.md", "A"), ("docs/adr/0002-b.md", "B"), ("docs/adr/0003-c.md", "C")];
    let records = records.map(|(path, title)| (path, read.replace("Limits", title)));
    let records = records.each_ref().map(|(path, text)| (*path, &**text));
    let prose = prose.each_ref().map(|path| (&**path, "# Sizes\n\nText.\n"));
    let repository = Repository::folder_with(&[&records[..], &prose].concat());
    let told = |output: &str| output.matches("is not read as a record").count();
    let output = repository.run(&["check"]);
    assert_eq!(told(&output.err), 3, "{}", output.err);
    assert!(
        output.err.contains("… and 3 more lines about pages that are not read; `-v` shows them"),
        "{}",
        output.err
    );
    assert_eq!(told(&repository.run(&["check", "-v"]).err), 6);
    let json = repository.run(&["check", "--format", "json"]).json();
    assert_eq!(told(&json["notices"].to_string()), 6, "{json}");
    let output = repository.run(&["check", "--format", "concise"]);
    assert_eq!((output.out.as_str(), told(&output.err)), ("", 3), "{}", output.err);
    let output = repository.run(&["check", "--format", "github"]);
    assert_eq!((output.out.lines().count(), told(&output.out), told(&output.err)), (1, 5, 3), "{output:?}");
    let output = repository.run(&["check", "--format", "junit"]);
    assert_eq!((told(&output.out), told(&output.err)), (6, 3), "{output:?}");
    let page = repository.run(&["check", "--format", "markdown"]).out;
    assert!(told(&page) == 5 && page.contains("… and 1 more notice"), "{page}");
}
