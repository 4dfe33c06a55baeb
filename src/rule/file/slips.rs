//! Rules that compile and can't be meant: conditions that are always true or false, days that never pass, texts that should
//! be expressions.

use crate::kind::Kinds;
use crate::rule::builtins::functions;
use crate::rule::language::{
    ComparisonOperator, CompileError, Expression, Literal, Scope, TermNode, TypedExpr,
};
use crate::rule::runtime::Type;
use crate::text::Span;

use super::location::locate;
use super::program::{Form, Program, Subjects, nth};
use super::rule::Rule;
use super::tautologies;

const HELP: &str = "/help";

/// Returns the slips of a rule of the user's own, each with its place in the rule file.
pub(super) fn find(
    rule: &Rule,
    program: &Program,
    scope: &Scope,
    kinds: &Kinds,
) -> Vec<(Span, CompileError)> {
    let mut slips = Vec::new();
    let conditions = [
        ("/when", program.when.as_ref().map(|(_, when)| when)),
        ("/expect", if let Form::Expect(expect) = &program.form { Some(expect) } else { None }),
    ];
    for (pointer, expression) in conditions {
        let constant = expression.and_then(|it| constant(&it.text, &it.root));
        let literal = expression.and_then(|it| literal_part(&it.root));
        let found = constant
            .or(literal)
            .or_else(|| expression.and_then(empty_title))
            .or_else(|| expression.and_then(tautologies::find));
        // A condition of `when` also asks whether the format has a place for the field.
        let of_expect = expression.filter(|_| pointer == "/expect");
        let found = found.or_else(|| of_expect.and_then(certain_size));
        slips.extend(found.map(|error| (locate(&rule.source, pointer, error.span), error)));
    }
    for (name, _) in &rule.lets {
        let named = program.lets.iter().find(|named| *named.name == **name);
        let found = named.and_then(|named| tautologies::find(&named.expression));
        let pointer = format!("/let/{name}");
        slips.extend(found.map(|error| (locate(&rule.source, &pointer, error.span), error)));
    }
    if let Form::Due(due) = &program.form
        && depends_on_today_alone(due)
    {
        let error = CompileError::new(
            "`due` depends on today alone, so it passes on no day or on each",
            Span::new(0, due.text.len()),
        );
        let help =
            "name a day of the record, such as `record.review_by` or `record.date + duration(\"1 year\")`";
        slips.push((locate(&rule.source, "/due", error.span), error.help(help)));
    }
    let reports_each = rule.expect.as_ref().is_some_and(|expect| expect.0.trim() == "false");
    if rule.each.is_some() && rule.at.is_empty() && !reports_each && !scope.is_used("item") {
        let text = rule.each.as_deref().unwrap_or_default();
        let error =
            CompileError::new("nothing reads `item`, so all items have one result", Span::new(0, text.len()));
        let help = "read the item, as in `has(item.owner)`, or remove `each`";
        slips.push((locate(&rule.source, "/each", error.span), error.help(help)));
    }
    if let Some(key) = rule.key.as_deref().filter(|key| reads_field(rule, key)) {
        let error =
            CompileError::new(format!("`key` is the text `{key}` for all findings"), Span::new(0, key.len()));
        let help = format!(
            "write `at: {key}` to underline the field, or its value in braces: `\"{{record.{}}}\"`",
            key.replace('-', "_")
        );
        slips.push((locate(&rule.source, "/key", error.span), error.help(help)));
    }
    slips.extend(unbraced(rule, program, kinds));
    slips.extend(same_example(rule));
    slips
}

/// The second of two examples with one name.
fn same_example(rule: &Rule) -> Option<(Span, CompileError)> {
    let names = || rule.examples.iter().map(|example| &example.name);
    let (at, name) = names().enumerate().find(|(at, name)| names().take(*at).any(|other| other == *name))?;
    let error = CompileError::new(format!("two examples are called `{name}`"), Span::new(0, name.len()));
    let span = locate(&rule.source, &format!("/examples/{at}/name"), error.span);
    Some((span, error.help("give each a name of its own, which says what is special about it")))
}

/// A comparison of a size that has one answer, as a size is never less than 0.
fn certain_size(expression: &Expression) -> Option<CompileError> {
    let is_size =
        |term: &TypedExpr| matches!(&term.node, TermNode::Call(function, _) if function.name == "size");
    let is_zero = |term: &TypedExpr| matches!(term.node, TermNode::Literal(Literal::Int(0)));
    let mut found = None;
    expression.root.walk(&mut |part| {
        let (answer, meant, size) = match &part.node {
            TermNode::Compare(ComparisonOperator::GreaterOrEqual, size, zero) if is_zero(zero) => {
                ("true", "> 0", size)
            }
            TermNode::Compare(ComparisonOperator::Less, size, zero) if is_zero(zero) => {
                ("false", "== 0", size)
            }
            _ => return,
        };
        if is_size(size) {
            let text = |term: &TypedExpr| term.text_in(&expression.text);
            let error = CompileError::new(format!("`{}` is always {answer}", text(part)), part.span);
            found.get_or_insert(error.help(format!("write `{} {meant}`, or remove it", text(size))));
        }
    });
    found
}

/// True for the name of a field that a condition of the rule reads.
fn reads_field(rule: &Rule, name: &str) -> bool {
    let lets = rule.lets.iter().map(|(_, text)| &**text);
    let forms = [rule.when.as_deref(), rule.expect.as_ref().map(|text| &*text.0), rule.due.as_deref()];
    let read = format!("record.{}", name.replace('-', "_"));
    let is_read = |text: &str| {
        let ends = |at: usize| !text[at..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        text.match_indices(&read).any(|(at, _)| ends(at + read.len()))
    };
    forms.into_iter().flatten().chain(lets).any(is_read)
}

/// A part that is written `true` or `false`, and decides the condition or says nothing in it.
fn literal_part(term: &TypedExpr) -> Option<CompileError> {
    let (left, right, decides) = match &term.node {
        TermNode::Or(left, right) => (left, right, true),
        TermNode::And(left, right) => (left, right, false),
        _ => return None,
    };
    let written = |term: &TypedExpr| match &term.node {
        TermNode::Literal(Literal::Bool(value)) => Some(*value),
        _ => None,
    };
    let Some((part, value)) = [left, right].into_iter().find_map(|part| Some((part, written(part)?))) else {
        return literal_part(left).or_else(|| literal_part(right));
    };
    let message = match value == decides {
        true => format!("this is {value}, whatever stands beside `{value}`"),
        false => format!("`{value}` changes nothing here"),
    };
    Some(CompileError::new(message, part.span).help(format!("remove `{value}` or what stands beside it")))
}

/// A comparison of a title with an empty text: a record without a title has none.
fn empty_title(expression: &Expression) -> Option<CompileError> {
    let mut found = None;
    expression.root.walk(&mut |part| {
        let TermNode::Compare(ComparisonOperator::Equal | ComparisonOperator::NotEqual, left, right) = &part.node
        else {
            return;
        };
        let is_title = |term: &TypedExpr| {
            matches!(&term.node, TermNode::Member(of, member) if matches!(of.ty, Type::Record(_)) && member.name == "title")
        };
        let is_empty = |term: &TypedExpr| {
            matches!(&term.node, TermNode::Literal(Literal::String(text)) if text.trim().is_empty())
        };
        if is_title(left) && is_empty(right) {
            let text = left.text_in(&expression.text);
            let error = CompileError::new(format!("`{text}` is never empty: an empty title is absent"), part.span);
            found.get_or_insert(error.help(format!("ask whether it is there: `has({text})`")));
        }
    });
    found
}

/// A comparison of one value with two texts that is always true, `a != "x" || a != "y"`, or always false.
fn constant(text: &str, term: &TypedExpr) -> Option<CompileError> {
    let (operator, left, right, outcome, other) = match &term.node {
        TermNode::Or(left, right) => (ComparisonOperator::NotEqual, left, right, "true", "&&"),
        TermNode::And(left, right) => (ComparisonOperator::Equal, left, right, "false", "||"),
        _ => return None,
    };
    let compared = |term: &TypedExpr| match &term.node {
        TermNode::Compare(found, value, word) if *found == operator => match &word.node {
            TermNode::Literal(Literal::String(word)) => Some((value.text_in(text), word.to_string())),
            _ => None,
        },
        _ => None,
    };
    let clash = compared(left).zip(compared(right)).filter(|(one, two)| one.0 == two.0 && one.1 != two.1);
    let Some(((value, one), (_, two))) = clash else {
        return constant(text, left).or_else(|| constant(text, right));
    };
    let error =
        CompileError::new(format!("this is {outcome} for each value of `{value}`"), left.span.to(right.span));
    let list = match operator {
        ComparisonOperator::Equal => format!("`{value} in [\"{one}\", \"{two}\"]`"),
        _ => format!("`!({value} in [\"{one}\", \"{two}\"])`"),
    };
    Some(error.help(format!("write `{other}` between them, or {list}")))
}

fn depends_on_today_alone(due: &Expression) -> bool {
    let (mut reads_today, mut reads_more) = (false, false);
    due.root.walk(&mut |part| match &part.node {
        TermNode::Today => reads_today = true,
        TermNode::Variable(_) | TermNode::Call(..) if part.ty != Type::Duration => {
            reads_more = true;
        }
        _ => {}
    });
    reads_today && !reads_more
}

/// Finds a field or parameter that a text names without braces: `record.id has no owner`.
fn unbraced(rule: &Rule, program: &Program, kinds: &Kinds) -> Option<(Span, CompileError)> {
    const PREFIXES: [&str; 2] = ["record.", "params."];
    let is_field = |name: &str| match &program.subjects {
        Subjects::Kinds(names) => names.iter().any(|kind| {
            kinds.get(kind).is_some_and(|kind| kind.shape.field(&name.replace('_', "-")).is_some())
        }),
        _ => false,
    };
    let is_known = |prefix: &str, name: &str| match prefix {
        "params." => rule.params.keys().any(|param| param.replace('-', "_") == name),
        _ => matches!(name, "id" | "title" | "owner" | "kind") || reads_field(rule, name) || is_field(name),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let helps = rule.help.iter().enumerate().map(|(index, text)| (nth(HELP, index, &rule.help), &**text));
    let label = rule.label.as_deref().map(|text| ("/label".to_owned(), text));
    let texts = [("/message".to_owned(), &*rule.message)].into_iter().chain(label).chain(helps);
    for (pointer, text) in texts {
        if let Some((span, call)) = call_around_braces(text) {
            let error = CompileError::new(format!("`{}` stands here as a text", &text[span.range()]), span);
            let error = error.help(format!("write the whole call in braces: `{{{call}}}`"));
            return Some((locate(&rule.source, &pointer, span), error));
        }
        let is_outside = |at: usize| text[..at].matches('{').count() == text[..at].matches('}').count();
        let places = PREFIXES.iter().flat_map(|prefix| text.match_indices(prefix));
        for (at, prefix) in places.filter(|(at, _)| is_outside(*at) && !text[..*at].ends_with(is_name)) {
            let name = &text[at + prefix.len()..];
            let name = &name[..name.find(|c| !is_name(c)).unwrap_or(name.len())];
            // A help may name what to write into the file.
            let is_quoted = pointer.starts_with(HELP) && text[..at].matches('`').count() % 2 == 1;
            if is_known(prefix, name) && !is_quoted {
                let span = with_call(text, Span::new(at, at + prefix.len() + name.len()));
                let written = &text[span.range()];
                let error = CompileError::new(format!("`{written}` stands here as a text"), span);
                let error = error.help(format!("put it in braces: `{{{written}}}`"));
                return Some((locate(&rule.source, &pointer, span), error));
            }
        }
    }
    None
}

/// The name of a function before an argument in braces, `ago({record.date})`: its span, and the call.
fn call_around_braces(text: &str) -> Option<(Span, String)> {
    let (open, _) = text.match_indices("({").next()?;
    let name = text[..open].rsplit(|c: char| !(c.is_ascii_lowercase() || c == '_')).next()?;
    let (argument, _) = text[open + 2..].split_once("})")?;
    let is_function = functions::overloads(name, false).next().is_some() && !argument.contains(['{', '}']);
    is_function.then(|| (Span::new(open - name.len(), open + 1), format!("{name}({argument})")))
}

/// Returns the span of the call around its only argument, as in `ago(record.date)`; without such a call, that of the argument.
fn with_call(text: &str, argument: Span) -> Span {
    let (before, after) = (&text[..argument.start as usize], &text[argument.end as usize..]);
    let call = before.strip_suffix('(').filter(|_| after.starts_with(')'));
    let Some(call) = call else { return argument };
    let name = call.trim_end_matches(|c: char| c.is_ascii_lowercase() || c == '_');
    match name.len() < call.len() {
        true => Span::new(name.len(), argument.end as usize + 1),
        false => argument,
    }
}
