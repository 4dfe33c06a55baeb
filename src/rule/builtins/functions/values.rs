//! Functions of dates, amounts, strings and lists.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use memchr::memmem;

use crate::calendar::{self, Amount, Bound, Duration};
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Evaluated, Function, Str, Ty, Value, function, method,
};
use crate::syntax::markdown::slug;
use crate::text::{LazyRegex, enumerated};

pub(super) const DATES: &[Function] = &[
    function("age", &[Ty::Date], Ty::Age, |_, args| Ok(Value::Age(args[0].date()?))),
    function("weekday", &[Ty::Date], Ty::String, |_, args| {
        Ok(Value::string(args[0].date()?.strftime("%A").to_string()))
    }),
    function("date", &[Ty::DateString], Ty::Date, |_, args| {
        calendar::parse_date(args[0].text()?).map(Value::Date).ok_or(EvalError::Indeterminate)
    }),
    function("duration", &[Ty::DurationString], Ty::Duration, |_, args| {
        Duration::parse(args[0].text()?).map(Value::Duration).ok_or(EvalError::Indeterminate)
    }),
    function("days", &[Ty::Duration], Ty::Double, |_, args| match &args[0] {
        Value::Duration(duration) => Ok(Value::Double(duration.approximate_days())),
        _ => Err(EvalError::Indeterminate),
    }),
    method("contains", &[Ty::Period, Ty::Date], Ty::Bool, |_, args| {
        Ok(Value::Bool(args[0].period()?.contains(args[1].date()?)))
    }),
    function("amount", &[Ty::String], Ty::Amount, |_, args| {
        let amount = Amount::parse(args[0].text()?);
        amount.map(|amount| Value::Amount(Arc::new(amount))).ok_or(EvalError::Absent)
    }),
    function("int", &[Ty::Any], Ty::Int, |_, args| match &args[0] {
        Value::Int(number) => Ok(Value::Int(*number)),
        Value::Double(number) => truncate(*number).map(Value::Int).ok_or(EvalError::Indeterminate),
        value => {
            let parsed = value.as_text().and_then(|text| text.trim().parse().ok());
            parsed.map(Value::Int).ok_or(EvalError::Indeterminate)
        }
    }),
];

pub(super) const STRINGS: &[Function] = &[
    function("string", &[Ty::Any], Ty::String, |cx, args| Ok(Value::string(cx.show(&args[0])?))),
    method("contains", &[Ty::String, Ty::String], Ty::Bool, |_, args| {
        Ok(Value::Bool(args[0].text()?.contains(args[1].text()?)))
    }),
    method("startsWith", &[Ty::String, Ty::String], Ty::Bool, |_, args| {
        Ok(Value::Bool(args[0].text()?.starts_with(args[1].text()?)))
    }),
    method("endsWith", &[Ty::String, Ty::String], Ty::Bool, |_, args| {
        Ok(Value::Bool(args[0].text()?.ends_with(args[1].text()?)))
    }),
    method("matches", &[Ty::String, Ty::Pattern], Ty::Bool, |_, args| {
        Ok(Value::Bool(args[1].pattern()?.is_match(args[0].text()?)))
    }),
    method("find", &[Ty::String, Ty::Pattern], Ty::String, |cx, args| {
        let pattern = args[1].pattern()?;
        let found = matches(pattern, args[0].text()?).next().unwrap_or_default();
        cx.step(found.len() / 4)?;
        Ok(Value::string(found.to_owned()))
    }),
    method("find_all", &[Ty::String, Ty::Pattern], Ty::List(&Ty::String), |cx, args| {
        let pattern = args[1].pattern()?;
        let text = args[0].text()?;
        let mut found = Vec::new();
        for one in matches(pattern, text) {
            cx.step(ELEMENT_COST + one.len() / 4 + text.len() / BYTES_FOR_A_STEP)?;
            found.push(Value::string(one.to_owned()));
        }
        Ok(Value::list(found))
    }),
    method("split", &[Ty::String, Ty::String], Ty::List(&Ty::String), |cx, args| {
        let (text, separator) = (args[0].text()?, args[1].text()?);
        cx.step(text.len() / 4)?;
        if separator.is_empty() {
            return Err(EvalError::Indeterminate);
        }
        let parts: Vec<Value> = match &args[0] {
            Value::String(Str::Borrowed(text)) => text.split(separator).map(Value::string).collect(),
            _ => text.split(separator).map(|part| Value::string(part.to_owned())).collect(),
        };
        Ok(Value::list(parts))
    }),
    method("replace", &[Ty::String, Ty::String, Ty::String], Ty::String, |cx, args| {
        let (text, old, new) = (args[0].text()?, args[1].text()?, args[2].text()?);
        cx.step(text.len() / 4)?;
        if memmem::find(text.as_bytes(), old.as_bytes()).is_none() {
            return Ok(args[0].clone());
        }
        // An empty string is found between all characters.
        cx.step(text.matches(old).count().saturating_mul(new.len()) / 4)?;
        Ok(Value::string(text.replace(old, new)))
    }),
    method("slug", &[Ty::String], Ty::String, |cx, args| {
        let text = args[0].text()?;
        cx.step(text.len() / 4)?;
        Ok(Value::string(slug(text)))
    }),
    method("lower", &[Ty::String], Ty::String, |_, args| Ok(Value::string(args[0].text()?.to_lowercase()))),
    method("trim", &[Ty::String], Ty::String, |_, args| {
        Ok(Value::string(args[0].text()?.trim().to_string()))
    }),
    function("same", &[Ty::String, Ty::String], Ty::Bool, |_, args| {
        let (one, other) = (args[0].text()?, args[1].text()?);
        Ok(Value::Bool(are_same(one, other) || is_same_amount(one, other)))
    }),
    function("meets", &[Ty::String, Ty::List(&Ty::Any)], Ty::Bool, |cx, args| {
        let answer = args[0].text()?;
        let conditions: Vec<Value<'_>> = args[1].elements(cx.catalog).collect();
        cx.step((conditions.len() + 1) * (1 + answer.len() / 4))?;
        let texts = conditions.iter().filter_map(Value::as_text);
        meets(answer, texts).map(Value::Bool).ok_or(EvalError::Indeterminate)
    }),
    function("plural", &[Ty::Int, Ty::String], Ty::String, |_, args| match (&args[0], args[1].text()?) {
        (Value::Int(1), noun) => Ok(Value::string(format!("1 {noun}"))),
        (Value::Int(count), noun) => Ok(Value::string(format!("{count} {}", plural(noun)))),
        _ => Err(EvalError::Indeterminate),
    }),
];

pub(super) const LISTS: &[Function] = &[
    method("size", &[Ty::Sized], Ty::Int, |_, args| size(&args[0])),
    function("size", &[Ty::Sized], Ty::Int, |_, args| size(&args[0])),
    method("join", &[Ty::List(&Ty::Any), Ty::String], Ty::String, |cx, args| {
        let separator = args[1].text()?;
        cx.step(args[0].size().unwrap_or(0).saturating_mul(separator.len() / 4))?;
        let parts = args[0].elements(cx.catalog).map(|element| cx.show(&element));
        Ok(Value::string(parts.collect::<Result<Vec<_>, _>>()?.join(separator)))
    }),
    function("quoted", &[Ty::List(&Ty::Any)], Ty::String, |cx, args| {
        Ok(Value::string(enumeration(cx, &args[0])?))
    }),
    function("titled", &[Ty::Any], Ty::String, |cx, args| Ok(Value::string(titles(cx, &args[0])?))),
    method("flat", &[Ty::List(&Ty::Any)], Ty::Inner, |cx, args| {
        let mut all = Vec::new();
        for inner in args[0].elements(cx.catalog) {
            cx.step(inner.copy_cost())?;
            all.extend(inner.elements(cx.catalog));
        }
        Ok(Value::list(all))
    }),
    method("index_of", &[Ty::List(&Ty::Any), Ty::Any], Ty::Int, |cx, args| {
        for (index, element) in args[0].elements(cx.catalog).enumerate() {
            cx.step(1 + element.read_cost())?;
            if cx.equal(&element, &args[1])? {
                return Ok(Value::Int(index as i64));
            }
        }
        Ok(Value::Int(-1))
    }),
    function("distinct", &[Ty::List(&Ty::Any)], Ty::First, distinct),
    function("sorted", &[Ty::List(&Ty::Any)], Ty::First, sorted),
    function("sum", &[Ty::List(&Ty::Double)], Ty::Double, |cx, args| {
        let mut sum = 0.0;
        for element in args[0].elements(cx.catalog) {
            cx.step(1)?;
            sum += element.as_number().ok_or(EvalError::Indeterminate)?;
        }
        Ok(Value::Double(sum))
    }),
];

fn truncate(number: f64) -> Option<i64> {
    let limit = i64::MAX as f64;
    (number > -limit && number < limit).then_some(number as i64)
}

/// Returns true if two texts are one amount or one duration, however it is written.
fn is_same_amount(a: &str, b: &str) -> bool {
    let has_digit = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    if !has_digit(a) && !has_digit(b) {
        return false;
    }
    let amounts = Amount::parse(a.trim()).zip(Amount::parse(b.trim()));
    // `≤ 4%` and `below 4%` say of `4%` on which side is well.
    let is_same_side = |(a, b): (Bound, Bound)| a.is_upper() == b.is_upper();
    let are_equal = amounts.is_some_and(|(a, b)| a == b && a.bound.zip(b.bound).is_none_or(is_same_side));
    let durations = || Duration::parse(a.trim()).zip(Duration::parse(b.trim()));
    // A month is as long as 30 days, or 31.
    are_equal || durations().is_some_and(|(a, b)| a.order(b).is_none_or(|order| order == Ordering::Equal))
}

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

/// Returns whether an answer is one of these words or within one of these limits; `None` if only people can tell.
fn meets<'c>(answer: &str, conditions: impl Iterator<Item = &'c str>) -> Option<bool> {
    let mut judged = Some(false);
    for condition in conditions {
        match meets_one(answer, condition) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => judged = None,
        }
    }
    judged
}

fn meets_one(answer: &str, condition: &str) -> Option<bool> {
    let (given, wanted) = (normal(answer), normal(condition));
    if given == wanted {
        return Some(true);
    }
    if let Some(limit) = Amount::parse(condition) {
        return limit.admits(&Amount::parse(answer)?);
    }
    if wanted.contains(' ') {
        return None;
    }
    let first = normal(given.split([' ', ',', ':', ';', '.', '–', '—']).next().unwrap_or_default());
    let is_closed = |word: &str| matches!(word, "yes" | "no");
    match first == wanted {
        true => Some(true),
        false if !given.contains(' ') || (is_closed(&first) && is_closed(&wanted)) => Some(false),
        false => None,
    }
}

/// Lower case, without a full stop; `yes` and `no` in one word each.
fn normal(text: &str) -> String {
    let text = text.trim().trim_end_matches(['.', '!']).to_lowercase();
    match &*text {
        "true" | "y" | "✓" | "✔" | "pass" | "passed" => "yes".to_owned(),
        "false" | "n" | "✗" | "fail" | "failed" => "no".to_owned(),
        _ => text,
    }
}

fn size<'a>(value: &Value<'a>) -> EvalResult<'a> {
    value.size().map(|len| Value::Int(len as i64)).ok_or(EvalError::Indeterminate)
}

fn enumeration<'a>(cx: &Context<'a>, list: &Value<'a>) -> Evaluated<String> {
    let quoted = list.elements(cx.catalog).map(|element| Ok(format!("`{}`", cx.show(&element)?)));
    Ok(enumerated(&quoted.collect::<Evaluated<Vec<_>>>()?))
}

fn titles<'a>(cx: &Context<'a>, value: &Value<'a>) -> Evaluated<String> {
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
            Ok(value.elements(cx.catalog).map(|it| title(&it)).collect::<Result<Vec<_>, _>>()?.join("; "))
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
