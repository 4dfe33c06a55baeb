use super::{CONFIG, PROFILE, assert_places};
use crate::kit::Repository;

#[test]
fn mistakes_in_a_profile() {
    assert_places(
        "profile",
        "policy/profiles/memo.yaml",
        PROFILE,
        &[
            ("a misspelt key", "recognise:", "recognize:"),
            ("a line called head", "{ header: State }", "{ head: State }"),
            ("an unknown kind", "kind: decision", "kind: desicion"),
            ("the plural of a kind", "kind: decision", "kind: people"),
            (
                "conditions as a mapping",
                "all: [{ path: \"**/memos/*.md\" }]",
                "all: { path: \"**/memos/*.md\", preamble: \"State:\" }",
            ),
            (
                "conditions as a long mapping",
                "all: [{ path: \"**/memos/*.md\" }]",
                "all: { path: \"**/memos/*.md\", preamble: \"State: (?:agreed|open|turned down)\" }",
            ),
            ("a form of sections for a line", "{ header: State }", "{ header: State, take: lines }"),
            (
                "nothing of the base removed",
                "name: memo",
                "base: nygard\nvalues: { stauts: null }\nname: memo",
            ),
            ("a field that the kind lacks", "status: [", "state: ["),
            (
                "a field that the kind lacks, read from a place of its own name",
                "  status: [",
                "  colour: [{ section: Colour }]\n  status: [",
            ),
            ("an unknown extractor", "{ header: State }", "{ heading: State }"),
            ("a misspelt extractor that is a key of the file", "{ header: State }", "{ sections: State }"),
            ("a wrong date pattern", "%d %B %Y", "%d %Q %Y"),
            ("a bad regular expression", "^(.+)$", "^(.+$"),
            ("a bad glob", "**/memos/*.md", "**/memos/[.md"),
            ("an unknown value", "", "values: { status: { words: { agreed: acepted } } }\n"),
            (
                "no fields",
                "fields:\n  id: [{ file: \"^([0-9]+)\" }]\n  title: [{ title: \"^(.+)$\" }]\n  status: [{ header: State }]\n",
                "",
            ),
            ("an unknown base", "name: memo", "base: mdar\nname: memo"),
            ("a tab", "dates:", "\tdates:"),
            (
                "a glob to recognise by",
                "recognise:\n  all: [{ path: \"**/memos/*.md\" }]\n",
                "recognise: \"**/memos/*.md\"\n",
            ),
            ("a place as text", "status: [{ header: State }]", "status: State"),
            ("a place without a list", "status: [{ header: State }]", "status: { header: State }"),
            ("front matter instead of a key", "header: State", "front-matter: state"),
            ("words without `words`", "", "values: { status: { agreed: accepted } }\n"),
            ("words of no field", "", "values: { agreed: accepted }\n"),
            ("a format of dates as text", "dates: [\"%d %B %Y\"]", "dates: \"%d %B %Y\""),
            ("either instead of any", "all: [{", "either: [{"),
            ("several separators", "{ header: State }", "{ header: State, split: [\",\", \";\"] }"),
            ("a name of two words", "name: memo", "name: Decision Memo"),
            ("match instead of recognise", "recognise:", "match:"),
            ("a line with its markup", "header: State", "header: \"**State:**\""),
            ("a separator that is true", "{ header: State }", "{ header: State, split: true }"),
            ("regex instead of the text that it is searched in", "header: State", "regex: \"State: (.+)\""),
            ("a pattern of no text", "header: State", "pattern: \"State: (.+)\""),
            ("two locations in one", "{ header: State }", "{ header: State, section: Status }"),
            ("no id", "  id: [{ file: \"^([0-9]+)\" }]\n", ""),
            ("words in the wrong order", "", "values: { status: { words: { accepted: agreed } } }\n"),
            ("another name of a field", "  status: [", "  deciders: ["),
            ("a quote that is closed lines below", "{ header: State }", "{ header: State, split: \"; }"),
            ("a location without a space", "header: State", "header:State"),
            (
                "a word in two cases",
                "",
                "values: { status: { words: { Agreed: accepted, agreed: rejected } } }\n",
            ),
            (
                "words of a field that is read nowhere",
                "  status: [{ header: State }]\n",
                "values: { status: { words: { agreed: accepted } } }\n",
            ),
            ("words as a list", "", "values: { status: { words: [agreed, rejected] } }\n"),
            ("a field by its name in the format", "", "values: { State: { words: { agreed: accepted } } }\n"),
            ("a pattern with the markup of the page", "header: State", "preamble: \"**State:** (.+)\""),
            ("a pattern with an open parenthesis", "^([0-9]+)", "^(ADR ([0-9]+)"),
            ("a place without brackets", "status: [{ header: State }]", "status: { title: \"^(.+)$\" }"),
            ("a pattern without a group", "^([0-9]+)", "^[0-9]+-"),
            ("fields in the column of a condition", "fields:", "  fields:"),
            (
                "fields without indentation",
                "  id: [{ file: \"^([0-9]+)\" }]\n  title: [{ title: \"^(.+)$\" }]\n  status: [{ header: State }]",
                "id: [{ file: \"^([0-9]+)\" }]\ntitle: [{ title: \"^(.+)$\" }]\nstatus: [{ header: State }]",
            ),
            ("a bracket that stays open", "[{ path: \"**/memos/*.md\" }]", "[{ path: \"**/memos/*.md\" }"),
            ("conditions at the top", "recognise:\n  all:", "all:"),
            ("a separator without a value", "{ header: State }", "{ header: State, split }"),
            ("a comma without quotes", "{ header: State }", "{ header: State, split: , }"),
            ("a pattern as a place", "[{ title: \"^(.+)$\" }]", "[\"^(.+)$\"]"),
            ("a heading with its marks", "header: State", "section: ## State"),
            (
                "a value that is no word of the kind",
                "",
                "values: { status: { words: { parked: frozen } } }\n",
            ),
            ("a class of letters that stays open", "^([0-9]+)", "^([0-9+)"),
            (
                "two conditions in one item",
                "{ path: \"**/memos/*.md\" }",
                "{ path: \"**/memos/*.md\", preamble: \"State:\" }",
            ),
            (
                "two conditions without a list",
                "all: [{ path: \"**/memos/*.md\" }]",
                "path: \"**/memos/*.md\"\n  preamble: \"State:\"",
            ),
            ("a path from the root", "**/memos", "/docs/memos"),
            ("a path that is left out", "\"**/memos/*.md\"", "\"!**/memos/*.md\""),
            ("a path outside of the repository", "**/memos", "../memos"),
            ("a range from the higher letter", "^([0-9]+)", "^([9-0]+)"),
            ("a class that Unicode does not have", "^([0-9]+)", "^(\\\\p{Digits}+)"),
            ("a byte in a pattern", "^([0-9]+)", "^((?-u:\\\\xFF))"),
            ("a part that is no pattern", "fields:", "parts: { number: '[0-9' }\nfields:"),
            ("a folder as a path", "**/memos/*.md", "docs/memos/"),
            ("words beside their field", "", "values:\n  status:\n  words: { agreed: accepted }\n"),
            (
                "words to the left of other words",
                "",
                "values:\n  status:\n    also: { fine: accepted }\n  words: { agreed: accepted }\n",
            ),
            ("a field that is required and lacked", "", "requires: [owner]\nlacks: [owner]\n"),
            ("dots in place of a location", "[{ header: State }]", "[..]"),
            (
                "several words for one value",
                "",
                "values: { status: { words: { accepted: [approved, agreed] } } }\n",
            ),
            ("a format of dates in capitals", "%d %B %Y", "%D.%M.%Y"),
            ("a date in place of its format", "%d %B %Y", "14 March 2025"),
            ("words below no field", "", "values: { words: { agreed: accepted } }\n"),
            ("values as a list", "", "values: [agreed]\n"),
            ("references without a list", "", "references: { id: \"ADR-([0-9]+)\" }\n"),
            ("references as texts", "", "references: [\"ADR-([0-9]+)\"]\n"),
            ("several paths in one", "\"**/memos/*.md\"", "[docs/a/*.md, docs/b/*.md]"),
            ("the name of a line as a pattern", "header: State", "header: \"^State$\""),
            (
                "conditions as a list",
                "recognise:\n  all: [{ path: \"**/memos/*.md\" }]",
                "recognise:\n  - path: \"**/memos/*.md\"",
            ),
            ("a list of names without brackets", "header: State", "header: Stand, Status"),
            ("one field with a dash", "  id: [", "  - id: ["),
            (
                "all words in the wrong order",
                "",
                "values: { status: { words: { accepted: agreed, rejected: turned down } } }\n",
            ),
            ("words at a location", "{ header: State }", "{ header: State, words: { agreed: accepted } }"),
            ("a separator in one value", "{ header: State }", "{ header: State, split: \";\" }"),
            ("a citation without its id", "", "cited-as: [ADR-]\n"),
            ("a name with its extension", "^([0-9]+)", "^([0-9]+)-.*\\\\.md$"),
            ("a field at the left edge", "", "context: [{ section: Why }]\n"),
            ("a text to recognise by", "{ path: \"**/memos/*.md\" }", "{ contains: \"State:\" }"),
            ("an accountable field without a place", "", "accountable: [owner]\nlacks: [owner]\n"),
            ("a pointer without its slash", "", "at: [memos.list]\n"),
            ("a header line as a condition", "{ path: \"**/memos/*.md\" }", "{ header: State }"),
        ],
    );
}

/// Few records refer to others, so that such a line may well be on no page; not where the page has almost the same.
#[test]
fn a_line_for_another_record_that_no_page_has_is_told() {
    let notice = |from: &str| {
        let profile = format!(
            "name: letter\ntitle: Letter\nkind: decision\nrecognise:\n  all: [{{ path: \"letters/*.md\" }}]\nfields:\n  id: [{{ file: \"^([0-9]+)\" }}]\n  \
             title: [{{ title: \"^(.+)$\" }}]\n  status: [{{ header: State }}]\n  supersedes: [{from}]\n"
        );
        let repository = Repository::folder_with(&[
            ("alignlint.yaml", CONFIG),
            ("policy/profiles/letter.yaml", &profile),
            ("letters/7-first.md", "# First letter\n\n* State: accepted\n\nText.\n"),
            ("letters/8-second.md", "# Second letter\n\n* State: accepted\n* Replaces: letter 7\n\nText.\n"),
        ]);
        repository.run_today(&[]).err
    };
    let misnamed = notice("{ header: Replacing, pattern: \"letter ([0-9]+)\" }");
    assert!(misnamed.contains("write `header: Replaces`"), "{misnamed}");
    let unfit = notice("{ header: Replaces, pattern: \"brief ([0-9]+)\" }");
    assert!(unfit.contains("the `pattern` there does not fit `letter 7`"), "{unfit}");
    let right = notice("{ header: Replaces, pattern: \"letter ([0-9]+)\" }");
    assert!(!right.contains("supersedes"), "{right}");
}
