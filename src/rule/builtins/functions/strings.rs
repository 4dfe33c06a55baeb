use crate::rule::builtins::args::{bool_type, string, string_type};
use crate::rule::builtins::patterns;
use crate::rule::runtime::{EvalError, Function, FunctionParam, Value, doc, function, method};

pub(super) const FUNCTIONS: &[Function] = &[
    function(
        "is_rule",
        &[FunctionParam::String],
        bool_type,
        |cx, args| Ok(Value::Bool(cx.input.has_rule(string(&args[0])?))),
        doc(
            "true if there is a rule with this name, or a family of rules such as `decision/*`",
            r#"is_rule("decision/*") && !is_rule("desicion/*")"#,
        ),
    ),
    function(
        "nearest_rule",
        &[FunctionParam::String],
        string_type,
        |cx, args| Ok(Value::string(cx.input.nearest_rule(string(&args[0])?).unwrap_or_default())),
        doc(
            "the rule, or family of rules, with the most similar name; empty if none is similar",
            r#"nearest_rule("desicion/*") == "decision/*" && nearest_rule("SOC2/CC6") == """#,
        ),
    ),
    method(
        "contains",
        &[FunctionParam::String, FunctionParam::String],
        bool_type,
        |_, args| Ok(Value::Bool(string(&args[0])?.contains(string(&args[1])?))),
        doc("true if a string contains another", r#""pricing".contains("ric")"#),
    ),
    method(
        "startsWith",
        &[FunctionParam::String, FunctionParam::String],
        bool_type,
        |_, args| Ok(Value::Bool(string(&args[0])?.starts_with(string(&args[1])?))),
        doc("true if a string starts with another", r#""pricing".startsWith("pri")"#),
    ),
    method(
        "endsWith",
        &[FunctionParam::String, FunctionParam::String],
        bool_type,
        |_, args| Ok(Value::Bool(string(&args[0])?.ends_with(string(&args[1])?))),
        doc("true if a string ends with another", r#""pricing".endsWith("ing")"#),
    ),
    method(
        "matches",
        &[FunctionParam::String, FunctionParam::Pattern],
        bool_type,
        |_, args| {
            let pattern = patterns::compile(string(&args[1])?).map_err(|_| EvalError::Indeterminate)?;
            Ok(Value::Bool(pattern.is_match(string(&args[0])?)))
        },
        doc(
            "true if a [regular expression](https://docs.rs/regex/latest/regex/#syntax) matches anywhere in a string, in the same dialect as `pattern` in a kind: `\\w`, `\\d` and `\\s` are those of Unicode, and there is no look-around",
            r#""D-17".matches("^D-[0-9]+$")"#,
        ),
    ),
    method(
        "lower",
        &[FunctionParam::String],
        string_type,
        |_, args| Ok(Value::string(string(&args[0])?.to_lowercase())),
        doc("the string in lower case", r#""Sales".lower() == "sales""#),
    ),
    method(
        "trim",
        &[FunctionParam::String],
        string_type,
        |_, args| Ok(Value::string(string(&args[0])?.trim().to_string())),
        doc("the string without white space at both ends", r#"" sales ".trim() == "sales""#),
    ),
    function(
        "same",
        &[FunctionParam::String, FunctionParam::String],
        bool_type,
        |_, args| Ok(Value::Bool(fold(string(&args[0])?) == fold(string(&args[1])?))),
        doc(
            "true if two strings differ only in case and white space",
            r#"same("Raise  prices", "raise prices")"#,
        ),
    ),
    function(
        "plural",
        &[FunctionParam::Int, FunctionParam::String],
        string_type,
        |_, args| match (&args[0], string(&args[1])?) {
            (Value::Int(1), noun) => Ok(Value::string(format!("1 {noun}"))),
            (Value::Int(count), noun) => Ok(Value::string(format!("{count} {}", plural(noun)))),
            _ => Err(EvalError::Indeterminate),
        },
        doc(
            "a count with its English noun",
            r#"plural(1, "policy") == "1 policy" && plural(2, "policy") == "2 policies""#,
        ),
    ),
];

fn fold(text: &str) -> String {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if noun.ends_with(['s', 'x']) => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}
