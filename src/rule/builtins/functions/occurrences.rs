//! Searches for many strings at once: an index that lists thousands of records is read once, and not once for each.

use aho_corasick::AhoCorasick;

use crate::rule::builtins::args::{first_argument_type, string};
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Function, FunctionParam, Value, doc, method,
};

pub(super) const FUNCTIONS: &[Function] = &[
    method(
        "found_in",
        &[FunctionParam::List, FunctionParam::List, FunctionParam::String],
        first_argument_type,
        |cx, args| with_occurrence(cx, args, true),
        doc(
            "the elements whose string, at the same position of another list, occurs in a text: one search for all",
            r#"[1, 2].found_in(["rye", "oats"], "We grow rye.") == [1]"#,
        ),
    ),
    method(
        "not_found_in",
        &[FunctionParam::List, FunctionParam::List, FunctionParam::String],
        first_argument_type,
        |cx, args| with_occurrence(cx, args, false),
        doc(
            "the elements whose string, at the same position of another list, does not occur in a text",
            r#"[1, 2].not_found_in(["rye", "oats"], "We grow rye.") == [2]"#,
        ),
    ),
    method(
        "with_any",
        &[FunctionParam::List, FunctionParam::List, FunctionParam::List],
        first_argument_type,
        with_any,
        doc(
            "the elements whose text, at the same position of another list, contains one of the strings of a third",
            r#"[1, 2].with_any(["We grow rye.", "We wait."], ["oats", "rye"]) == [1]"#,
        ),
    ),
];

fn with_occurrence<'a>(cx: &Context<'a>, args: &[Value<'a>], is_wanted: bool) -> EvalResult<'a> {
    let parts: Vec<Value<'a>> = args[1].elements(cx.catalog).collect();
    let text = string(&args[2])?;
    cx.step(text.len() / 16)?;
    let (mut found, mut left) = (vec![false; parts.len()], parts.len());
    for hit in search(cx, &parts)?.find_overlapping_iter(text) {
        cx.step(1)?;
        left -= usize::from(!std::mem::replace(&mut found[hit.pattern().as_usize()], true));
        if left == 0 {
            break;
        }
    }
    filtered(cx, &args[0], found.iter().map(|found| *found == is_wanted))
}

fn with_any<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let parts: Vec<Value<'a>> = args[2].elements(cx.catalog).collect();
    let search = search(cx, &parts)?;
    let mut found = Vec::new();
    for text in args[1].elements(cx.catalog) {
        let text = string(&text)?;
        cx.step(1 + text.len() / 16)?;
        found.push(search.is_match(text));
    }
    filtered(cx, &args[0], found.into_iter())
}

fn search(cx: &Context<'_>, parts: &[Value<'_>]) -> Result<AhoCorasick, EvalError> {
    let parts = parts.iter().map(string).collect::<Result<Vec<&str>, EvalError>>()?;
    cx.step(parts.iter().map(|part| ELEMENT_COST + part.len()).sum())?;
    AhoCorasick::new(parts).map_err(|_| EvalError::Indeterminate)
}

/// Returns the elements of a list at the positions that are wanted.
fn filtered<'a>(
    cx: &Context<'a>,
    list: &Value<'a>,
    wanted: impl ExactSizeIterator<Item = bool>,
) -> EvalResult<'a> {
    if list.size() != Some(wanted.len()) {
        return Err(EvalError::Indeterminate);
    }
    cx.step(wanted.len() * ELEMENT_COST)?;
    let elements = list.elements(cx.catalog).zip(wanted).filter(|(_, wanted)| *wanted);
    Ok(Value::list(elements.map(|(element, _)| element).collect()))
}
