//! What parsers make of texts, what configurations mean, and how values are written: one line a case, in `tests/readers`.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use alignlint::catalog::Target;
use alignlint::config::{Config, Preset, RecordFiles, RuleSetting};
use alignlint::finding::Fault;
use alignlint::input::Input;
use alignlint::layout::label_key;
use alignlint::node::{Node, ScalarKind, Value};
use alignlint::policy::Policy;
use alignlint::snapshot::Snapshot;
use alignlint::suppression::{Directive, find_ignores};
use alignlint::syntax::edit::{self, Editor, NewScalar, NewValue, ScalarType, TreeEdit, page};
use alignlint::syntax::markdown::{Heading, Table, slug};
use alignlint::syntax::{self, Document, Format, Markdown, Problem};
use alignlint::text::{Edit, Source, Span};

use super::readers::{walk, walk_raw};

#[test]
fn texts_are_parsed_into_their_parts() {
    walk_raw("documents.txt", |case| {
        let (view, text) = case.split_once(" | ").expect("it names a view");
        let (format, view) = view.split_once(' ').unwrap_or(("md", view));
        let document = parse(&format!("a.{format}"), &unescaped(text));
        escaped(&match view {
            "key" => label_key(text),
            "slug" => slug(text),
            "scalar" => edit::yaml_text(&unescaped(text)),
            "data" => data(&document),
            "ignores" => ignores(&document),
            "directive" => format!("{:?}", Directive::parse(text)),
            _ => match view.split_once(':') {
                None => part(view, &document),
                Some(("position", byte)) => {
                    let position = document.source.position(byte.parse().expect("a number"));
                    format!("{}:{}", position.line, position.column)
                }
                Some((how, what)) => edited(how, &unescaped(what), &document).unwrap_or("none".into()),
            },
        })
    });
}

fn parse(path: &str, text: &str) -> Document {
    let format = Format::from_path(path).expect("a format");
    syntax::parse(Arc::new(Source::new(path, text.into())), format)
}

const ESCAPES: [(&str, &str); 5] =
    [("\\\\", "\\"), ("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t"), ("\\b", "\u{feff}")];

fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let escape = ESCAPES.iter().find(|(escape, _)| rest.starts_with(escape));
        plain.push_str(escape.map_or(&rest[..c.len_utf8()], |(_, plain)| plain));
        rest = &rest[escape.map_or(c.len_utf8(), |(escape, _)| escape.len())..];
    }
    plain
}

fn escaped(text: &str) -> String {
    ESCAPES.iter().fold(text.to_owned(), |text, (escape, plain)| text.replace(plain, escape))
}

fn list(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(" · ") }
}

/// The values with their paths; what is written in brackets where that differs; then the problems.
fn data(document: &Document) -> String {
    let mut lines = Vec::new();
    document.roots.iter().for_each(|root| values(root, "", document, &mut lines));
    lines.extend(document.problems.iter().map(|problem| shown_problem(problem, document)));
    list(lines)
}

fn values(node: &Node, path: &str, document: &Document, lines: &mut Vec<String>) {
    let written = document.source.slice(node.span);
    match &node.value {
        Value::Scalar(scalar) => {
            let mut line = format!("{path} {}", scalar.text());
            if scalar.kind() != ScalarKind::Text {
                line += &format!(" ({:?})", scalar.kind());
            }
            if scalar.text() != written {
                line += &format!(" [{written}]");
            }
            lines.push(line);
        }
        Value::Sequence(items) => {
            lines.push(format!("{path} [{written}]"));
            items
                .iter()
                .enumerate()
                .for_each(|(at, item)| values(item, &format!("{path}/{at}"), document, lines));
        }
        Value::Mapping(mapping) => {
            if !path.is_empty() {
                lines.push(format!("{path} [{written}]"));
            }
            for entry in mapping.entries() {
                values(&entry.value, &format!("{path}/{}", entry.key.name), document, lines);
            }
        }
    }
}

fn shown_problem(problem: &Problem, document: &Document) -> String {
    let place = |span: Span| {
        let position = document.source.position(span.start as usize);
        format!("{}:{}", position.line, position.column)
    };
    let mark = if problem.fatal { "!" } else { "?" };
    let help = problem.help.iter().map(|help| format!(" → {help}")).collect::<String>();
    let related = problem.related.iter().map(|(span, _)| format!(" ({})", place(*span))).collect::<String>();
    format!("{mark} {} {}{related}{help}", place(problem.span), problem.message)
}

fn ignores(document: &Document) -> String {
    list(find_ignores(document, &[]).iter().map(|ignore| {
        let subject = &ignore.subject;
        let rule = ignore.directive.as_ref().map_or("malformed", |directive| &directive.rule);
        let about = [&subject.section, &subject.block].into_iter().flatten();
        let about: Vec<&str> = subject.keys.iter().chain(about).map(|name| &**name).collect();
        format!("{rule} [{}] {}", document.source.slice(ignore.scope).trim_end(), about.join("/"))
    }))
}

fn part(view: &str, document: &Document) -> String {
    let page: &Markdown = document.markdown.as_ref().expect("a page");
    let slice = |span: Span| document.source.slice(span);
    let slices = |spans: Vec<Span>| list(spans.into_iter().map(|span| format!("[{}]", slice(span))));
    match view {
        "headings" => list(page.headings.iter().map(|it| format!("{} {} #{}", it.level, it.title, it.slug))),
        "sections" => list(page.headings.iter().map(|it| {
            let above = it.above.map(|above| format!(" below {above}")).unwrap_or_default();
            format!("[{}]{above} [{}] [{}]", slice(it.line), slice(it.own_body), slice(it.body))
        })),
        "title" => alignlint::layout::title(document)
            .map_or("none".into(), |it| format!("{} [{}]", it.title, slice(it.span))),
        "items" => list(
            page.items.iter().map(|it| format!("{} {} [{}]", it.depth, it.plain, slice(it.span)).to_owned()),
        ),
        "tables" => list(page.tables.iter().map(|table| shown_table(table, document))),
        "links" => list(page.links.iter().map(|link| {
            let text = if link.text.is_empty() { "" } else { slice(link.text) };
            let definition = link.definition.map(|span| format!(" ({})", slice(span))).unwrap_or_default();
            let image = if link.image { "!" } else { "" };
            format!("{image}{text} -> {} [{}]{definition}", link.destination, slice(link.destination_span))
        })),
        "prose" => slices(page.prose.iter().map(|prose| prose.span).collect()),
        "quotes" => slices(page.prose.iter().filter(|it| it.quoted).map(|prose| prose.span).collect()),
        "paragraphs" => slices(page.paragraphs.iter().map(|paragraph| paragraph.span).collect()),
        "fences" => slices(page.fences.iter().map(|fence| fence.content).collect()),
        "comments" => slices(page.comments.clone()),
        "anchors" => list(page.anchors.iter().map(ToString::to_string)),
        "lead" => slices(page.lead.iter().map(|lead| lead.span).collect()),
        "front" => page.front_matter.as_ref().map_or("none".into(), |front| {
            format!("{} [{}]", if front.closed { "closed" } else { "open" }, slice(front.content))
        }),
        "header" => list(page.document_header.iter().flat_map(|header| {
            let implied = header.implied.iter();
            let implied = implied.map(|(name, value)| format!("{name} [{}]", slice(*value)));
            [format!("[{}]", slice(header.span))].into_iter().chain(implied)
        })),
        _ => panic!("unknown view {view}"),
    }
}

fn shown_table(table: &Table, document: &Document) -> String {
    let rows = std::iter::once(&table.header).chain(&table.rows);
    let cells = |row: &Vec<syntax::markdown::Cell>| {
        let cells = row.iter().map(|cell| match document.source.slice(cell.span) {
            written if written == &*cell.text => cell.text.to_string(),
            written => format!("{} [{written}]", cell.text),
        });
        cells.collect::<Vec<_>>().join(", ")
    };
    rows.map(cells).collect::<Vec<_>>().join(" / ")
}

/// The text after an edit, if the parsed result is the expected one.
fn edited(how: &str, what: &str, document: &Document) -> Option<String> {
    if how == "below" || how == "append" && document.format == Format::Markdown && document.roots.is_empty() {
        let is_it = |heading: &&Heading| *heading.title == *what;
        let heading = document.markdown.as_ref()?.headings.iter().find(is_it)?;
        let write = if how == "below" { page::insert_below } else { page::append_to_section };
        return Some(applied(document, &write(&document.source, heading, "New.")));
    }
    let edit = tree_edit(&Editor::new(document)?, how, what, document)?;
    let text = applied(document, &edit.edit);
    edit::is_expected_result(document, [&edit], &parse(document.source.path(), &text)).then_some(text)
}

fn applied(document: &Document, edit: &Edit) -> String {
    let (text, range) = (document.source.text(), edit.span.range());
    format!("{}{}{}", &text[..range.start], edit.replacement, &text[range.end..])
}

fn tree_edit(editor: &Editor<'_>, how: &str, what: &str, document: &Document) -> Option<TreeEdit> {
    let find = |words: &str| {
        let at = document.source.text().find(words)?;
        Some(Span::new(at, at + words.len()))
    };
    let key = |words: &str| editor.key_at(find(words)?);
    match how {
        "date" | "list" => {
            let whole = Span::new(0, document.source.text().len());
            let mapping = editor.mapping_with(whole, &[find(what)?])?;
            let entries = editor.node(&mapping)?.as_mapping()?.entries();
            let at = entries.iter().position(|it| *it.key.name == *what.trim_matches('"'))?;
            let day = NewScalar { text: "2026-03-02".into(), ty: ScalarType::Date };
            let new =
                if how == "date" { NewValue::Scalar(day) } else { NewValue::List(NewScalar::text("D-9")) };
            editor.insert_entry(&mapping, &[at], if how == "date" { "date" } else { "by" }, &new)
        }
        "set" => {
            let (old, new) = what.split_once('=')?;
            editor.set(&editor.scalar_at(find(old)?)?, &NewValue::Scalar(NewScalar::text(new)))
        }
        "fill" => editor.set(&key(what)?, &NewValue::Scalar(NewScalar::text("new"))),
        "append" => editor.append_item(&key(what)?, &NewScalar::text("new")),
        "rename" => editor.rename_key(&key(what)?, "status"),
        _ => panic!("unknown edit {how}"),
    }
}

#[test]
fn a_long_text_is_read_from_its_source_where_it_stands_there_as_it_is() {
    let written = "a: We sell through partners in Norway from March on\n";
    let source = Arc::new(Source::new("a.yaml", written.into()));
    let span = Span::new(3, written.len() - 1);
    let is_freed = |text: &str| {
        let mut node = Node::sequence(span, vec![Node::text(span, text)]);
        node.read_from(&source);
        assert_eq!(node.as_sequence().expect("a list")[0].as_text(), Some(text));
        Arc::strong_count(&source) > 1
    };
    assert!(is_freed(source.slice(span)));
    assert!(!is_freed("We sell through partners in Norway from May on"), "another text");
    assert!(!is_freed("We sell"), "a short text");
    assert_eq!((size_of::<Value>(), size_of::<Node>()), (24, 32));
}

#[test]
fn a_pointer_walks_mappings_and_sequences_and_unescapes() {
    let document = parse("a.yaml", "a/b: [x]\n");
    let root = &document.roots[0];
    assert_eq!(root.pointer("/a~1b/0").and_then(Node::as_text), Some("x"));
    assert_eq!(root.pointer("/a~1b/1"), None);
    assert_eq!(root.pointer(""), Some(root));
}

fn repository_with(config: &str) -> Snapshot {
    let files = [("alignlint.yaml", config), ("policy/rules/garden/weeds.yaml", ""), ("a.md", "")];
    Snapshot::in_memory(files.map(|(path, text)| (path.to_owned(), text.to_owned())))
}

fn shown_faults(faults: &[Fault]) -> String {
    let help = |fault: &Fault| fault.help.iter().map(|help| format!(" → {help}")).collect::<String>();
    faults.iter().map(|fault| format!("{fault}{}", help(fault))).collect::<Vec<_>>().join(" · ")
}

#[test]
fn configurations_are_read() {
    walk("configurations.txt", |case| {
        let (view, text) = case.split_once(" | ").expect("it names a view");
        let config = match Config::load(&repository_with(text), None) {
            Ok(config) => config,
            Err(faults) => return shown_faults(&faults),
        };
        let words: Vec<&str> = view.split(' ').collect();
        match words[..] {
            ["rule", rule, preset, path] => setting(&config, rule, preset, path),
            ["excluded", ref paths @ ..] => {
                paths.iter().copied().filter(|path| config.excludes(path)).collect::<Vec<_>>().join(" ")
            }
            ["records"] => records(&config),
            ["cached"] => (key(&config) == key(&Config::default())).to_string(),
            ["unknown"] => [
                config.unknown_rules(&["garden/weeds", "garden/hedge"]),
                config.unknown_in_records(
                    |name| (name == "kpi").then_some("kpi"),
                    |_| None,
                    &["kpi", "decision"],
                    &[],
                ),
            ]
            .map(|faults| shown_faults(&faults))
            .join(" · "),
            _ => panic!("unknown view {view}"),
        }
    });
}

fn setting(config: &Config, rule: &str, preset: &str, path: &str) -> String {
    let preset = Preset::from_name(preset).expect("a preset");
    match config.rule_overrides(rule, preset, false).for_file(path) {
        RuleSetting::Off => "off".to_owned(),
        RuleSetting::On { severity, params } => {
            let params = params.iter().map(|it| format!(" {}={}", it.key.name, it.value.as_text().unwrap()));
            let severity = severity.map_or("on", |severity| severity.name());
            format!("{severity}{}", params.collect::<String>())
        }
    }
}

fn records(config: &Config) -> String {
    let entry = |entry: &RecordFiles| {
        format!("{}: {} {}", entry.kind, entry.files.listed(), entry.pointer.as_deref().unwrap_or("-"))
    };
    config.records.iter().map(entry).collect::<Vec<_>>().join(" · ")
}

/// The key of a cache, of what decides which files are read.
fn key(config: &Config) -> u64 {
    let mut hasher = DefaultHasher::new();
    config.record_files_key().hash(&mut hasher);
    hasher.finish()
}

#[test]
fn the_file_may_be_hidden_or_named_and_never_be_two() {
    let preset = |names: &[&str], file: Option<&str>| {
        let files = names.iter().map(|name| (name.to_string(), "extends: strict".to_owned()));
        let config = Config::load(&Snapshot::in_memory(files), file.map(std::path::Path::new));
        config.map_or_else(|faults| shown_faults(&faults), |config| config.preset.name().to_owned())
    };
    assert_eq!(preset(&[".alignlint.yaml"], None), "strict");
    assert_eq!(preset(&["sub/alignlint.yaml"], None), "recommended");
    assert_eq!(preset(&["sub/alignlint.yaml"], Some("./sub/alignlint.yaml")), "strict");
    let two = preset(&["alignlint.yaml", ".alignlint.yaml"], None);
    assert!(two.starts_with("found two configuration files"), "{two}");
    let wrong = preset(&["alignlint.yml"], None);
    assert!(wrong.ends_with("is not a configuration file name → rename it to `alignlint.yaml`"), "{wrong}");
    let missing = preset(&[], Some("/nowhere/alignlint.yaml"));
    assert!(missing.starts_with("can't read the configuration file `/nowhere/alignlint.yaml`"), "{missing}");
}

/// Reads files in memory by the built-in policy.
fn read(files: &[(&str, &str)]) -> Input {
    let snapshot =
        Snapshot::in_memory(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    let snapshot = Arc::new(snapshot);
    let policy = Policy::load(&snapshot, None).expect("the embedded policy has no faults");
    policy.read(&snapshot, policy.rules.rules())
}

#[test]
fn files_that_name_people_are_known_beside_a_directory() {
    let owners = "# @nobody\n*  @acme/pay @ada bo@example.org # @cy\n";
    let aliases = "aliases:\n  sig-apps-leads:\n    - ada # lead\n    - \"bo\"\n";
    let mailmap = "Zoe Falk <zoe@example.org> <zoe@old.example>\n";
    let table = "| Name | GitHub |\n|---|---|\n| Zoe Falk | [@zf](https://github.com/zf) |\n";
    for (path, text, owner, expected) in [
        ("CODEOWNERS", owners, "@acme/pay", Target::Inconclusive),
        (".github/CODEOWNERS", owners, "Pay", Target::Inconclusive),
        ("CODEOWNERS", owners, "bo@example.org", Target::Inconclusive),
        ("CODEOWNERS", owners, "@nobody", Target::Unknown),
        ("OWNERS_ALIASES", aliases, "sig-apps-leads", Target::Inconclusive),
        ("OWNERS_ALIASES", aliases, "@bo", Target::Inconclusive),
        ("OWNERS_ALIASES", aliases, "aliases", Target::Unknown),
        (".mailmap", mailmap, "zoe@old.example", Target::Record(1)),
        ("MAINTAINERS.md", table, "@zf", Target::Record(1)),
        ("MAINTAINERS", "M: Cy Roe <cy@example.org>\n", "Cy Roe", Target::Inconclusive),
        ("catalog-info.yaml", "spec:\n  owner: group:default/pay\n", "pay", Target::Inconclusive),
    ] {
        let decisions = format!("decisions:\n  - {{id: D-1, title: T, owner: \"{owner}\"}}\n");
        let people = "people:\n  - {id: zoe, title: Zoe Falk}\n";
        let input = read(&[
            ("governance/decisions.yaml", &decisions),
            ("governance/people.yaml", people),
            (path, text),
        ]);
        let targets = input.references(&input.records()[0]).map(|it| it.target);
        assert_eq!(targets.collect::<Vec<_>>(), [expected], "{path} {owner}");
    }
}

#[test]
fn links_lead_to_headings_and_to_what_is_none() {
    let target = "# Costs of über-uns\n\n## Step 1\n\n(label)=\n## Launch plan\n\nText {: #plan .b }\n";
    let at = |anchor: &str, site: &[(&str, &str)]| {
        let page = format!("---\nkind: decision\nid: D-1\n---\n# T\n\n[it](0002-b.md#{anchor})\n");
        let other = format!("---\nkind: decision\nid: D-2\n---\n{target}");
        let files = [("decisions/0001-a.md", &*page), ("decisions/0002-b.md", &*other)];
        let input = read(&[&files[..], site].concat());
        let file = input.file_at("decisions/0001-a.md").expect("a page");
        let links = input.links(file);
        links[0].broken.map(|_| input.link_remedy(file, &links[0], None).nearest.unwrap_or_default())
    };
    for anchor in "l7 l7-l12 l7c1-l9c4 fn1 fnref:2 tab/linux top readme label plan step-1 STEP-1".split(' ') {
        assert_eq!(at(anchor, &[]), None, "{anchor}");
    }
    for (anchor, near) in [
        ("launchplan", "0002-b.md#launch-plan"),
        ("costs-of-uber-uns", "0002-b.md#costs-of-über-uns"),
        ("step-2", ""),
        ("function", ""),
    ] {
        assert_eq!(at(anchor, &[]).as_deref(), Some(near), "{anchor}");
    }
    // A site leaves out accents, and has pages of its own.
    assert_eq!(at("costs-of-uber-uns", &[("mkdocs.yml", "site_name: x\n")]), None);
}
