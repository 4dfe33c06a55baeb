use std::collections::HashSet;

use crate::rule::builtins::args::{double_type, first_argument_type, int_type, string_type};
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Function, Param, Type, Value, function, method,
};
use crate::syntax::markdown::slug;

pub(super) const FUNCTIONS: &[Function] = &[
    method("size", &[Param::Sized], int_type, |_, args| size(&args[0])),
    function("size", &[Param::Sized], int_type, |_, args| size(&args[0])),
    method("join", &[Param::List, Param::String], string_type, |cx, args| {
        let separator = args[1].text()?;
        cx.step(args[0].size().unwrap_or(0).saturating_mul(separator.len() / 4))?;
        let parts = args[0].elements(cx.catalog).map(|element| cx.show(&element));
        Ok(Value::string(parts.collect::<Result<Vec<_>, _>>()?.join(separator)))
    }),
    function("quoted", &[Param::List], string_type, |cx, args| Ok(Value::string(enumeration(cx, &args[0])?))),
    function("titled", &[Param::Any], string_type, |cx, args| Ok(Value::string(titles(cx, &args[0])?))),
    method(
        "flat",
        &[Param::List],
        |args| {
            let inner = args[0].ty.element().filter(|inner| inner.element().is_some());
            inner.unwrap_or(Type::list(Type::Any))
        },
        |cx, args| {
            let mut all = Vec::new();
            for inner in args[0].elements(cx.catalog) {
                cx.step(inner.copy_cost())?;
                all.extend(inner.elements(cx.catalog));
            }
            Ok(Value::list(all))
        },
    ),
    method("index_of", &[Param::List, Param::Any], int_type, |cx, args| {
        for (index, element) in args[0].elements(cx.catalog).enumerate() {
            cx.step(1 + element.read_cost())?;
            if cx.equal(&element, &args[1])? {
                return Ok(Value::Int(index as i64));
            }
        }
        Ok(Value::Int(-1))
    }),
    function("distinct", &[Param::List], first_argument_type, distinct),
    function("sorted", &[Param::List], first_argument_type, sorted),
    function("sum", &[Param::Numbers], double_type, |cx, args| {
        let mut sum = 0.0;
        for element in args[0].elements(cx.catalog) {
            cx.step(1)?;
            sum += element.as_number().ok_or(EvalError::Indeterminate)?;
        }
        Ok(Value::Double(sum))
    }),
];

fn size<'a>(value: &Value<'a>) -> EvalResult<'a> {
    value.size().map(|len| Value::Int(len as i64)).ok_or(EvalError::Indeterminate)
}

fn enumeration<'a>(cx: &Context<'a>, list: &Value<'a>) -> Result<String, EvalError> {
    let quoted = list.elements(cx.catalog).map(|element| Ok(format!("`{}`", cx.show(&element)?)));
    let mut quoted = quoted.collect::<Result<Vec<String>, EvalError>>()?;
    Ok(match quoted.pop() {
        None => String::new(),
        Some(last) if quoted.is_empty() => last,
        Some(last) => format!("{} and {last}", quoted.join(", ")),
    })
}

fn titles<'a>(cx: &Context<'a>, value: &Value<'a>) -> Result<String, EvalError> {
    let title = |one: &Value<'a>| {
        cx.step(ELEMENT_COST)?;
        Ok(match one {
            Value::Record(record) if record.name() != &*record.id && slug(record.name()) != *record.id => {
                format!("{} {}", record.id, record.name())
            }
            one => cx.show(one)?,
        })
    };
    match value.is_list() {
        true => {
            Ok(value.elements(cx.catalog).map(|one| title(&one)).collect::<Result<Vec<_>, _>>()?.join("; "))
        }
        false => title(value),
    }
}

fn distinct<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let mut seen = HashSet::new();
    let mut unique = Vec::new();
    for element in args[0].elements(cx.catalog) {
        if seen.insert(cx.identity_key(&element)?) {
            unique.push(element);
        }
    }
    Ok(Value::list(unique))
}

fn sorted<'a>(cx: &Context<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let elements: Vec<Value<'a>> = args[0].elements(cx.catalog).collect();
    let comparisons = elements.len().checked_ilog2().unwrap_or(0) as usize + ELEMENT_COST;
    cx.step(elements.iter().map(|element| (1 + element.read_cost()) * comparisons).sum())?;
    cx.sort(elements).map(Value::list).ok_or(EvalError::Indeterminate)
}
