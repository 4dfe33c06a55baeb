use memchr::memmem;

use crate::rule::builtins::answers;
use crate::rule::builtins::args::{bool_type, string_type};
use crate::rule::runtime::{ELEMENT_COST, EvalError, Function, Param, Str, Type, Value, function, method};
use crate::syntax::markdown::slug;
use crate::text::LazyRegex;

use super::dates::is_same_amount;

pub(super) const FUNCTIONS: &[Function] = &[
    function("string", &[Param::Any], string_type, |cx, args| Ok(Value::string(cx.show(&args[0])?))),
    method("contains", &[Param::String, Param::String], bool_type, |_, args| {
        Ok(Value::Bool(args[0].text()?.contains(args[1].text()?)))
    }),
    method("startsWith", &[Param::String, Param::String], bool_type, |_, args| {
        Ok(Value::Bool(args[0].text()?.starts_with(args[1].text()?)))
    }),
    method("endsWith", &[Param::String, Param::String], bool_type, |_, args| {
        Ok(Value::Bool(args[0].text()?.ends_with(args[1].text()?)))
    }),
    method("matches", &[Param::String, Param::Pattern], bool_type, |_, args| {
        Ok(Value::Bool(args[1].pattern()?.is_match(args[0].text()?)))
    }),
    method("find", &[Param::String, Param::Pattern], string_type, |cx, args| {
        let pattern = args[1].pattern()?;
        let found = matches(pattern, args[0].text()?).next().unwrap_or_default();
        cx.step(found.len() / 4)?;
        Ok(Value::string(found.to_owned()))
    }),
    method(
        "find_all",
        &[Param::String, Param::Pattern],
        |_| Type::list(Type::String),
        |cx, args| {
            let pattern = args[1].pattern()?;
            let text = args[0].text()?;
            let mut found = Vec::new();
            for one in matches(pattern, text) {
                cx.step(ELEMENT_COST + one.len() / 4 + text.len() / BYTES_FOR_A_STEP)?;
                found.push(Value::string(one.to_owned()));
            }
            Ok(Value::list(found))
        },
    ),
    method(
        "split",
        &[Param::String, Param::String],
        |_| Type::list(Type::String),
        |cx, args| {
            let (text, separator) = (args[0].text()?, args[1].text()?);
            cx.step(text.len() / 4)?;
            if separator.is_empty() {
                return Err(EvalError::Indeterminate);
            }
            let parts: Vec<Value> = match &args[0] {
                Value::String(Str::Borrowed(text)) => text.split(separator).map(Value::string).collect(),
                _ => text.split(separator).map(|part| Value::string(part.to_owned())).collect(),
            };
            cx.step(parts.len() * ELEMENT_COST)?;
            Ok(Value::list(parts))
        },
    ),
    method("replace", &[Param::String, Param::String, Param::String], string_type, |cx, args| {
        let (text, old, new) = (args[0].text()?, args[1].text()?, args[2].text()?);
        cx.step(text.len() / 4)?;
        if memmem::find(text.as_bytes(), old.as_bytes()).is_none() {
            return Ok(args[0].clone());
        }
        // An empty string is found between all characters.
        cx.step(text.matches(old).count().saturating_mul(new.len()) / 4)?;
        Ok(Value::string(text.replace(old, new)))
    }),
    method("slug", &[Param::String], string_type, |cx, args| {
        let text = args[0].text()?;
        cx.step(text.len() / 4)?;
        Ok(Value::string(slug(text)))
    }),
    method("lower", &[Param::String], string_type, |_, args| {
        Ok(Value::string(args[0].text()?.to_lowercase()))
    }),
    method("trim", &[Param::String], string_type, |_, args| {
        Ok(Value::string(args[0].text()?.trim().to_string()))
    }),
    function("same", &[Param::String, Param::String], bool_type, |_, args| {
        let (one, other) = (args[0].text()?, args[1].text()?);
        Ok(Value::Bool(are_same(one, other) || is_same_amount(one, other)))
    }),
    function("meets", &[Param::String, Param::List], bool_type, |cx, args| {
        let answer = args[0].text()?;
        let conditions: Vec<Value<'_>> = args[1].elements(cx.catalog).collect();
        cx.step((conditions.len() + 1) * (1 + answer.len() / 4))?;
        let texts = conditions.iter().filter_map(Value::as_text);
        answers::meets(answer, texts).map(Value::Bool).ok_or(EvalError::Indeterminate)
    }),
    function("plural", &[Param::Int, Param::String], string_type, |_, args| {
        match (&args[0], args[1].text()?) {
            (Value::Int(1), noun) => Ok(Value::string(format!("1 {noun}"))),
            (Value::Int(count), noun) => Ok(Value::string(format!("{count} {}", plural(noun)))),
            _ => Err(EvalError::Indeterminate),
        }
    }),
];

/// Bytes of a string that the search for its next match may read, for each step.
const BYTES_FOR_A_STEP: usize = 512;

/// Returns the first group of each match of a pattern; the whole match if it has none, whose search takes a fraction of the time.
fn matches<'t>(pattern: &LazyRegex, text: &'t str) -> impl Iterator<Item = &'t str> {
    let (with_groups, whole) = match pattern.groups() {
        0 => (None, Some(pattern.find_iter(text))),
        _ => (Some(pattern.captures_iter(text)), None),
    };
    let of_groups = with_groups.into_iter().flatten();
    let of_groups = of_groups.map(|captures| captures.get(1).map_or("", |group| group.as_str()));
    of_groups.chain(whole.into_iter().flatten().map(|found| found.as_str()))
}

fn are_same(one: &str, other: &str) -> bool {
    let is_same = |one: &str, other: &str| {
        one.eq_ignore_ascii_case(other)
            || !(one.is_ascii() && other.is_ascii()) && one.to_lowercase() == other.to_lowercase()
    };
    // A full stop at the end says nothing.
    let [one, other] = [one, other].map(|text| text.trim_end().trim_end_matches('.'));
    let (mut words, mut others) = (one.split_whitespace(), other.split_whitespace());
    loop {
        match (words.next(), others.next()) {
            (None, None) => return true,
            (Some(word), Some(other)) if is_same(word, other) => {}
            _ => return false,
        }
    }
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if noun.ends_with(['s', 'x']) => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}
