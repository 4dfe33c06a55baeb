//! What other languages call things, and what to write instead.

use crate::calendar;
use crate::rule::runtime::Type;

/// Names of functions and methods, each with what to write.
const CALLS: &[(&[&str], &str)] = &[
    (
        &["len", "length", "count", "strlen", "cardinality"],
        "write `size(…)`, and of a field that may be absent `size(record.?field.orValue([]))`",
    ),
    (&["any", "some", "anyof", "contains_any"], "write `.exists(x, …)`"),
    (&["every", "each", "foreach", "for_each", "allof"], "write `.all(x, …)`"),
    (&["select", "where"], "write `.filter(x, …)`"),
    (&["collect", "transform"], "write `.map(x, …)`"),
    (
        &["isempty", "empty", "blank", "isblank", "none"],
        "write `size(record.?field.orValue([])) == 0` for a list, `!has(record.field)` for another field",
    ),
    (
        &["notempty", "isnotempty", "nonempty"],
        "write `size(record.?field.orValue([])) > 0` for a list, `has(record.field)` for another field",
    ),
    (
        &[
            "isset",
            "isdefined",
            "defined",
            "present",
            "ispresent",
            "exist",
            "hasattr",
            "haskey",
            "hasfield",
            "isnull",
            "isnone",
            "notnull",
            "isnotnull",
            "has",
            "exists",
            "existing",
        ],
        "write `has(record.field)`",
    ),
    (&["get", "getattr", "field", "value"], "write `record.field`"),
    (
        &["coalesce", "default", "ifnull", "nvl", "getordefault", "unwrapor", "or", "orelse"],
        "write `record.?field.orValue(…)`",
    ),
    (&["tolower", "tolowercase", "lowerascii", "lowercase", "downcase", "casefold"], "write `.lower()`"),
    (
        &["upper", "toupper", "touppercase", "upperascii", "uppercase", "upcase"],
        "compare in lower case, with `.lower()`",
    ),
    (&["strip", "trimspace", "trimmed", "chomp"], "write `.trim()`"),
    (
        &["include", "includes", "has_value", "indexof", "strpos"],
        "write `.contains(…)` for a string, `x in list` for a list",
    ),
    (
        &[
            "match",
            "matched",
            "test",
            "search",
            "regex",
            "regexp",
            "rematch",
            "regexmatch",
            "like",
            "fullmatch",
        ],
        "write `.matches(\"…\")`",
    ),
    (
        &["substring", "substr", "slice", "charat", "left", "mid"],
        "write `.startsWith(…)`, or `.find(\"^..\")` for the first two letters",
    ),
    (&["prefix", "hasprefix", "beginswith"], "write `.startsWith(…)`"),
    (&["suffix", "hassuffix"], "write `.endsWith(…)`"),
    (&["concat", "append", "format", "sprintf", "printf"], "join with `+`"),
    (&["first", "head"], "write `list[0]`"),
    (&["last", "tail"], "write `list[list.size() - 1]`"),
    (&["unique", "uniq", "set", "dedup"], "write `distinct(…)`"),
    (&["duplicates", "dups"], "write `repeated(…)`"),
    (&["sort", "orderby", "sortby"], "write `sorted(…)`"),
    (&["str", "tostring", "text"], "write `string(…)`"),
    (&["integer", "parseint", "toint", "number"], "write `int(…)`, or `double(…)` for a fraction"),
    (&["float", "todouble", "parsefloat"], "write `double(…)`"),
    (&["now", "today", "currentdate", "date.today", "getdate", "sysdate", "utcnow"], "write `today`"),
    (
        &["dayssince", "daysago", "daysbetween", "datediff", "timesince", "since", "daysold", "olderthan"],
        "write `age(record.date) > duration(\"90 days\")`",
    ),
    (&["timestamp", "datetime", "parsedate", "todate", "strptime"], "write `date(\"2026-11-20\")`"),
    (
        &["day", "month", "year", "getfullyear", "getyear", "getmonth", "getday"],
        "compare dates: `record.date >= date(\"2026-01-01\")`",
    ),
    (
        &["timedelta", "interval", "months", "weeks", "years", "addmonths", "adddays"],
        "write `duration(\"3 months\")`",
    ),
    (&["lookup", "find_record", "ref", "resolve"], "write `named(\"kind\", \"name\")`"),
    (&["fileexists", "pathexists", "isfile"], "write `has_files(\"docs/*.md\")`"),
    (&["if", "iif", "ifelse", "cond", "when"], "write `condition ? a : b`"),
    (&["abs", "round", "floor", "ceil", "min", "max"], "compare with `<`, `>` and `? :`"),
];

/// What to write for the day of the run.
pub(super) const TODAY: &str = "write `today`";

/// Names of parts that a page has in other languages.
const SECTIONS: [&str; 4] = ["section", "sections", "heading", "headings"];
const TEXTS: [&str; 4] = ["text", "content", "contents", "body"];
const ENDINGS: [&str; 4] = ["ext", "extension", "suffix", "filetype"];
const LINES: [&str; 2] = ["lines", "line"];

/// Names of variables and constants, likewise.
const NAMES: &[(&[&str], &str)] = &[
    (
        &["none", "nil", "null", "undefined", "nothing", "empty"],
        "ask whether there is a value: `has(record.field)`",
    ),
    (&["true", "yes"], "write `true`"),
    (&["false", "no"], "write `false`"),
    (&["now", "date", "current_date", "today"], TODAY),
];

/// Names of what a rule judges, and of an element of a list.
const SUBJECTS: [&str; 8] = ["this", "self", "doc", "document", "resource", "data", "input", "subject"];
const ELEMENTS: [&str; 7] = ["it", "entry", "row", "element", "elem", "obj", "object"];

fn fold(name: &str) -> String {
    name.replace('_', "").to_lowercase()
}

fn look_up(table: &'static [(&[&str], &str)], name: &str) -> Option<&'static str> {
    let name = fold(name);
    let (_, help) = table.iter().find(|(names, _)| names.iter().any(|known| fold(known) == name))?;
    Some(help)
}

/// What to write for a function or method of another language.
pub(super) fn call(name: &str) -> Option<&'static str> {
    look_up(CALLS, name)
}

/// What to write for a part of a page or file that a value of this type does not have; `text` is the expression before its name.
pub(super) fn part(of: &Type, name: &str, text: &str) -> Option<String> {
    let folded = fold(name);
    let is_one_of = |names: &[&str]| names.contains(&&*folded);
    let is_searched = match of {
        Type::Record(_) if is_one_of(&SECTIONS) => return Some(format!("write `{text}.file.headings`")),
        Type::Record(_) if is_one_of(&LINES) => return Some(find_all(&format!("{text}.file"), "(?m)^.*$")),
        Type::File if is_one_of(&SECTIONS) => return Some(format!("write `{text}.headings`")),
        Type::File => true,
        Type::Fact(fact) => fact.is_searchable,
        _ => false,
    };
    let has_path = match of {
        Type::File | Type::PolicyFile | Type::CitingFile | Type::UnreadFile => true,
        Type::Fact(fact) => fact.member("stem").is_some(),
        _ => false,
    };
    match () {
        () if has_path && is_one_of(&ENDINGS) => Some(format!("write `{text}.path.endsWith(\".md\")`")),
        () if is_searched && is_one_of(&LINES) => Some(find_all(text, "(?m)^.*$")),
        () if is_searched && is_one_of(&TEXTS) => Some(find_all(text, "…")),
        () => None,
    }
}

fn find_all(text: &str, pattern: &str) -> String {
    format!("search in it: `{text}.find_all(\"{pattern}\")`")
}

/// True for a name of what a rule judges; also of an element, unless `has_elements`.
pub(super) fn is_subject(name: &str, has_elements: bool) -> bool {
    SUBJECTS.contains(&&*fold(name)) || (!has_elements && is_element(name))
}

/// True for a name of an element of a list.
pub(super) fn is_element(name: &str) -> bool {
    ELEMENTS.contains(&&*fold(name))
}

/// What to write for a variable or constant of another language.
pub(super) fn name(name: &str) -> Option<&'static str> {
    look_up(NAMES, name)
}

/// What to write for a text that is used as a date or duration.
pub(super) fn quoted_date(text: &str) -> Option<String> {
    match () {
        () if calendar::parse_date(text).is_some() => Some(format!("write the date as `date(\"{text}\")`")),
        () if calendar::Duration::parse(text).is_some() => {
            Some(format!("write the duration as `duration(\"{text}\")`"))
        }
        () => None,
    }
}
