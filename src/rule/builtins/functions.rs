//! The functions of the rule language. One table serves the load-time check, the evaluation and the
//! reference page: adding a function is adding an entry.

use std::collections::HashSet;

use crate::calendar::{self, Duration};
use crate::record::Record;

use super::dependencies::Dependency;
use super::evaluate::{EvalError, EvalResult, Evaluator};
use super::graph::{Direction, cited_by, cites, cycle, reach};
use super::past;
use super::people;
use super::signature::{Argument, Function, Param, function, method};
use super::types::Type;
use super::value::{ELEMENT, Value};

/// The functions called `name` in this style.
pub fn named(name: &str, method: bool) -> impl Iterator<Item = &'static Function> {
    FUNCTIONS.iter().filter(move |function| function.name == name && function.method == method)
}

fn bool_type(_: &[Argument]) -> Type {
    Type::Bool
}

fn text_type(_: &[Argument]) -> Type {
    Type::Text
}

fn int_type(_: &[Argument]) -> Type {
    Type::Int
}

fn people_type() -> Type {
    Type::list(Type::Record(Box::new(["person".into()])))
}

/// The list that the first argument is.
fn same_list(args: &[Argument]) -> Type {
    args[0].ty.clone()
}

/// A list of records of the kind that the argument at `at` names.
fn records_of(args: &[Argument], at: usize) -> Type {
    let kinds = args.get(at).and_then(|arg| arg.literal).map(|kind| Box::from([kind.into()]));
    Type::list(Type::Record(kinds.unwrap_or_default()))
}

/// All functions, in the order of the reference page.
pub static FUNCTIONS: &[Function] = &[
    Function {
        depends_on: Dependency::AtAllOfTheKind,
        ..function(
            "records",
            &[Param::Kind],
            |args| records_of(args, 0),
            |eval, args| Ok(Value::Records(eval.catalog.of_kind(text(&args[0])?))),
            "all records of a kind",
        )
    },
    Function {
        depends_on: Dependency::AtAllOfTheKind,
        ..function(
            "named",
            &[Param::Kind, Param::Text],
            |args| records_of(args, 0),
            |eval, args| Ok(Value::Records(eval.catalog.named(text(&args[0])?, text(&args[1])?))),
            "the records of a kind that answer to a name, in whatever case and spelling",
        )
    },
    Function {
        repeats: true,
        ..function(
            "in_use",
            &[Param::Kind],
            bool_type,
            |eval, args| {
                let used =
                    |kind: &Value| kind.as_text().is_some_and(|kind| !eval.catalog.of_kind(kind).is_empty());
                Ok(Value::Bool(args.iter().any(used)))
            },
            "whether there is a record of any of these kinds",
        )
    },
    Function {
        depends_on: Dependency::Back,
        required: 1,
        ..method(
            "cited_by",
            &[Param::Record, Param::Kind, Param::Field],
            |args| records_of(args, 1),
            cited_by,
            "the records that refer to this one: those of a kind, through a field",
        )
    },
    Function {
        depends_on: Dependency::Ahead(1),
        required: 1,
        ..method(
            "cites",
            &[Param::Record, Param::Kind, Param::Field],
            |args| records_of(args, 1),
            cites,
            "the records that this one refers to: those of a kind, through a field",
        )
    },
    Function {
        depends_on: Dependency::AlongField,
        ..method(
            "ancestors",
            &[Param::Record, Param::Field],
            |args| Type::list(args[0].ty.clone()),
            |eval, args| Ok(reach(eval, record(&args[0])?, text(&args[1])?, Direction::Up)?.into()),
            "the records reached by following a field again and again, nearest first, at most 100 steps away",
        )
    },
    Function {
        depends_on: Dependency::AlongField,
        ..method(
            "descendants",
            &[Param::Record, Param::Field],
            |args| Type::list(args[0].ty.clone()),
            |eval, args| Ok(reach(eval, record(&args[0])?, text(&args[1])?, Direction::Down)?.into()),
            "the records from which following a field leads here, nearest first, at most 100 steps away",
        )
    },
    Function {
        depends_on: Dependency::AlongField,
        ..method(
            "in_cycle",
            &[Param::Record, Param::Field],
            bool_type,
            |eval, args| {
                let record = record(&args[0])?;
                Ok(Value::Bool(eval.catalog.in_cycles(text(&args[1])?)[record.number as usize]))
            },
            "whether following a field leads back here",
        )
    },
    Function {
        depends_on: Dependency::AlongField,
        ..method(
            "cycle",
            &[Param::Record, Param::Field],
            |args| Type::list(args[0].ty.clone()),
            |eval, args| Ok(cycle(eval, record(&args[0])?, text(&args[1])?)?.into()),
            "the records on the shortest way by which a field leads back here, this one first; none where it takes more than 100 steps",
        )
    },
    Function {
        depends_on: Dependency::AtDirectory,
        ..method(
            "history",
            &[Param::Holder, Param::Field],
            |_| Type::list(Type::Fact(&past::CHANGE)),
            |eval, args| past::history(eval, &args[0], text(&args[1])?),
            "the changes of a field of a record or item, from the oldest: each a `value`, the value `before`, the `date`, the `commit`, its `author`, and all `people` who stand under it, how many `words` differ, how many `records` the commit changed, and its `order` among all changes, also of one day",
        )
    },
    Function {
        depends_on: Dependency::AtDirectory,
        ..method(
            "changed",
            &[Param::Holder, Param::Field],
            |_| Type::Fact(&past::CHANGE),
            |eval, args| past::changed(eval, &args[0], text(&args[1])?),
            "the last change of a field of a record or item",
        )
    },
    Function {
        depends_on: Dependency::AtDirectory,
        required: 2,
        ..method(
            "people",
            &[Param::Record, Param::Field, Param::Change],
            |_| people_type(),
            people::named,
            "the people whom a field names: by themselves, as holders of a role, as lead and members of a team; with a change, as it stood just before that change",
        )
    },
    Function {
        depends_on: Dependency::AtDirectory,
        required: 1,
        ..method(
            "people",
            &[Param::Record, Param::Change],
            |_| people_type(),
            people::behind,
            "the people for whom a person, role or team stands; with a change, as it was just before that change",
        )
    },
    Function {
        depends_on: Dependency::AtDirectory,
        ..method(
            "superiors",
            &[Param::Record],
            |_| people_type(),
            people::superiors,
            "the people above a person, role or team, nearest first",
        )
    },
    Function {
        depends_on: Dependency::Alike,
        ..method(
            "namesakes",
            &[Param::Record],
            |args| Type::list(args[0].ty.clone()),
            |eval, args| {
                let namesakes: Vec<_> = eval.catalog.duplicates(record(&args[0])?).collect();
                eval.step(namesakes.len() * ELEMENT)?;
                Ok(namesakes.into())
            },
            "the other records of the kind with the same identifier",
        )
    },
    Function {
        depends_on: Dependency::Alike,
        ..method(
            "names",
            &[Param::Record, Param::Text],
            bool_type,
            |eval, args| Ok(Value::Bool(eval.catalog.is_named(record(&args[0])?, text(&args[1])?))),
            "whether a text names this record",
        )
    },
    function(
        "age",
        &[Param::Date],
        |_| Type::Age,
        |_, args| Ok(Value::Age(date(&args[0])?)),
        "the time since a day",
    ),
    function(
        "ago",
        &[Param::Date],
        text_type,
        |eval, args| Ok(Value::text(calendar::relative_date(date(&args[0])?, eval.today))),
        "how long ago a day was, in words",
    ),
    function(
        "date",
        &[Param::DateText],
        |_| Type::Date,
        |_, args| calendar::parse_date(text(&args[0])?).map(Value::Date).ok_or(EvalError::Indeterminate),
        "a day from its text, such as `2026-11-20`",
    ),
    function(
        "duration",
        &[Param::DurationText],
        |_| Type::Duration,
        |_, args| Duration::parse(text(&args[0])?).map(Value::Duration).ok_or(EvalError::Indeterminate),
        "a duration from its text, such as `1 quarter`",
    ),
    function(
        "hours",
        &[Param::Duration],
        |_| Type::Double,
        |_, args| match &args[0] {
            Value::Duration(duration) => Ok(Value::Double(duration.working_hours())),
            _ => Err(EvalError::Indeterminate),
        },
        "how many hours of work a duration holds, eight a day",
    ),
    function(
        "days",
        &[Param::Duration],
        |_| Type::Double,
        |_, args| match &args[0] {
            Value::Duration(duration) => Ok(Value::Double(duration.approximate_days())),
            _ => Err(EvalError::Indeterminate),
        },
        "the mean length of a duration in days",
    ),
    function(
        "period",
        &[Param::PeriodText],
        |_| Type::Period,
        |eval, args| eval.period(text(&args[0])?).ok_or(EvalError::Indeterminate),
        "a period from its text, such as `2026-Q4`",
    ),
    method(
        "overlaps",
        &[Param::Period, Param::Period],
        bool_type,
        |_, args| match (&args[0], &args[1]) {
            (Value::Period(a), Value::Period(b)) => Ok(Value::Bool(a.overlaps(b))),
            _ => Err(EvalError::Indeterminate),
        },
        "whether two periods share a day",
    ),
    method(
        "contains",
        &[Param::Period, Param::Date],
        bool_type,
        |_, args| match (&args[0], &args[1]) {
            (Value::Period(period), Value::Date(day)) => Ok(Value::Bool(period.contains(*day))),
            _ => Err(EvalError::Indeterminate),
        },
        "whether a day lies in the period",
    ),
    method(
        "contains",
        &[Param::Text, Param::Text],
        bool_type,
        |_, args| Ok(Value::Bool(text(&args[0])?.contains(text(&args[1])?))),
        "whether a text holds another",
    ),
    method(
        "startsWith",
        &[Param::Text, Param::Text],
        bool_type,
        |_, args| Ok(Value::Bool(text(&args[0])?.starts_with(text(&args[1])?))),
        "whether a text starts with another",
    ),
    method(
        "endsWith",
        &[Param::Text, Param::Text],
        bool_type,
        |_, args| Ok(Value::Bool(text(&args[0])?.ends_with(text(&args[1])?))),
        "whether a text ends with another",
    ),
    method(
        "matches",
        &[Param::Text, Param::Pattern],
        bool_type,
        |eval, args| Ok(Value::Bool(eval.pattern(text(&args[1])?)?.is_match(text(&args[0])?))),
        "whether a regular expression matches in a text",
    ),
    method(
        "lower",
        &[Param::Text],
        text_type,
        |_, args| Ok(Value::text(text(&args[0])?.to_lowercase())),
        "the text in small letters",
    ),
    method(
        "trim",
        &[Param::Text],
        text_type,
        |_, args| Ok(Value::text(text(&args[0])?.trim().to_string())),
        "the text without white space around it",
    ),
    function(
        "same",
        &[Param::Text, Param::Text],
        bool_type,
        |_, args| Ok(Value::Bool(folded(text(&args[0])?) == folded(text(&args[1])?))),
        "whether two texts differ only in case and white space",
    ),
    method(
        "size",
        &[Param::Countable],
        int_type,
        |_, args| size(&args[0]),
        "how many elements a list has, or characters a text",
    ),
    function(
        "size",
        &[Param::Countable],
        int_type,
        |_, args| size(&args[0]),
        "the same, before its argument",
    ),
    method(
        "join",
        &[Param::List, Param::Text],
        text_type,
        |eval, args| {
            let between = text(&args[1])?;
            eval.step(args[0].size().unwrap_or(0).saturating_mul(between.len() / 4))?;
            let parts = args[0].elements(eval.catalog).map(|element| eval.show(&element));
            Ok(Value::text(parts.collect::<Result<Vec<_>, _>>()?.join(between)))
        },
        "the elements' texts with another between them",
    ),
    function(
        "quoted",
        &[Param::List],
        text_type,
        |eval, args| Ok(Value::text(enumeration(eval, &args[0])?)),
        "the elements in words: `` `a`, `b` and `c` ``",
    ),
    function(
        "plural",
        &[Param::Int, Param::Text],
        text_type,
        |_, args| match (&args[0], text(&args[1])?) {
            (Value::Int(1), noun) => Ok(Value::text(format!("1 {noun}"))),
            (Value::Int(count), noun) => Ok(Value::text(format!("{count} {}", plural(noun)))),
            _ => Err(EvalError::Indeterminate),
        },
        "a count and its noun: `1 decision`, `2 decisions`",
    ),
    method(
        "flat",
        &[Param::List],
        |args| {
            args[0].ty.element().filter(|inner| inner.element().is_some()).unwrap_or(Type::list(Type::Any))
        },
        |eval, args| {
            let mut all = Vec::new();
            for inner in args[0].elements(eval.catalog) {
                eval.step(inner.bulk())?;
                all.extend(inner.elements(eval.catalog));
            }
            Ok(Value::list(all))
        },
        "the elements of a list of lists",
    ),
    function(
        "distinct",
        &[Param::List],
        same_list,
        distinct,
        "the elements, each once, in the order of their first",
    ),
    function("sorted", &[Param::List], same_list, sorted, "the elements in ascending order"),
    function(
        "sum",
        &[Param::List],
        |_| Type::Double,
        |eval, args| {
            let mut sum = 0.0;
            for element in args[0].elements(eval.catalog) {
                eval.step(1)?;
                sum += element.as_number().ok_or(EvalError::Indeterminate)?;
            }
            Ok(Value::Double(sum))
        },
        "the sum of a list of numbers",
    ),
    function(
        "string",
        &[Param::Any],
        text_type,
        |eval, args| Ok(Value::text(eval.show(&args[0])?)),
        "a value as a message shows it",
    ),
    function(
        "int",
        &[Param::Any],
        int_type,
        |_, args| match &args[0] {
            Value::Int(number) => Ok(Value::Int(*number)),
            Value::Double(number) => whole(*number).map(Value::Int).ok_or(EvalError::Indeterminate),
            value => value
                .as_text()
                .and_then(|text| text.trim().parse().ok())
                .map(Value::Int)
                .ok_or(EvalError::Indeterminate),
        },
        "a whole number from its text, or from a number without its fraction",
    ),
    function(
        "double",
        &[Param::Any],
        |_| Type::Double,
        |_, args| {
            let parsed = || args[0].as_text().and_then(|text| text.trim().parse().ok());
            let parsed = || parsed().filter(|number: &f64| number.is_finite());
            args[0].as_number().or_else(parsed).map(Value::Double).ok_or(EvalError::Indeterminate)
        },
        "a number from its text",
    ),
];

pub(super) fn text<'s>(value: &'s Value<'_>) -> Result<&'s str, EvalError> {
    value.as_text().ok_or(EvalError::Indeterminate)
}

fn date(value: &Value<'_>) -> Result<jiff::civil::Date, EvalError> {
    if let Value::Date(day) = value { Ok(*day) } else { Err(EvalError::Indeterminate) }
}

pub(super) fn record<'a>(value: &Value<'a>) -> Result<&'a Record, EvalError> {
    if let Value::Record(record) = value { Ok(record) } else { Err(EvalError::Indeterminate) }
}

/// The whole part of a number, where it is one that fits.
fn whole(number: f64) -> Option<i64> {
    let limit = i64::MAX as f64;
    (number > -limit && number < limit).then_some(number as i64)
}

fn size<'a>(value: &Value<'a>) -> EvalResult<'a> {
    value.size().map(|len| Value::Int(len as i64)).ok_or(EvalError::Indeterminate)
}

impl<'a> From<Vec<&'a Record>> for Value<'a> {
    fn from(records: Vec<&'a Record>) -> Value<'a> {
        Value::list(records.into_iter().map(Value::Record).collect())
    }
}

/// Small letters and single spaces: what two texts share that a reader would call the same.
pub fn folded(text: &str) -> String {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if noun.ends_with(['s', 'x']) => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

fn enumeration<'a>(eval: &Evaluator<'a>, list: &Value<'a>) -> Result<String, EvalError> {
    let quoted = list.elements(eval.catalog).map(|element| Ok(format!("`{}`", eval.show(&element)?)));
    let mut quoted = quoted.collect::<Result<Vec<String>, EvalError>>()?;
    Ok(match quoted.pop() {
        None => String::new(),
        Some(last) if quoted.is_empty() => last,
        Some(last) => format!("{} and {last}", quoted.join(", ")),
    })
}

fn distinct<'a>(eval: &Evaluator<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let mut seen = HashSet::new();
    let mut kept = Vec::new();
    for element in args[0].elements(eval.catalog) {
        if seen.insert(eval.identity_key(&element)?) {
            kept.push(element);
        }
    }
    Ok(Value::list(kept))
}

fn sorted<'a>(eval: &Evaluator<'a>, args: &[Value<'a>]) -> EvalResult<'a> {
    let elements: Vec<Value<'a>> = args[0].elements(eval.catalog).collect();
    // Sorting compares each element with some others: more of them, the longer the list is.
    let comparisons = elements.len().checked_ilog2().unwrap_or(0) as usize + ELEMENT;
    eval.step(elements.iter().map(|element| (1 + element.weight()) * comparisons).sum())?;
    eval.sort(elements).map(Value::list).ok_or(EvalError::Indeterminate)
}
