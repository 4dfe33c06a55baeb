//! What compiles and can't be meant: names that are never used, conditions that don't depend on anything.

use crate::finding::Fault;
use crate::kind::Kinds;
use crate::rule::language::{CompileError, Expression, Literal, Scope, TermNode};
use crate::text::Span;

use super::location::{locate, locate_key};
use super::outcomes;
use super::program::{Form, Program};
use super::rule::{ANY, CITING_FILE, FILE, POLICY_FILE, Rule, UNREAD_FILE};
use super::slips;

/// Returns the mistakes of a rule that compiles, each at its place in the rule file.
pub(super) fn find(rule: &Rule, program: &Program, scope: &Scope, kinds: &Kinds) -> Vec<Fault> {
    let mut mistakes = Vec::new();
    let mut unused = |pointer: String, what: &str, name: &str| {
        let error = CompileError::new(format!("{what} `{name}` is never used"), Span::at(0));
        mistakes
            .push((locate_key(&rule.source, &pointer), error.help("use it in an expression, or remove it")));
    };
    for (name, _) in rule.lets.iter().filter(|(name, _)| !scope.is_used(&name.replace('-', "_"))) {
        unused(format!("/let/{name}"), "the `let`", name);
    }
    for name in rule.params.keys().filter(|name| !scope.is_param_used(&name.replace('-', "_"))) {
        unused(format!("/params/{name}"), "the parameter", name);
    }
    let of_due = [("by", rule.by.is_some()), ("task", rule.task.is_some())];
    let is_without_due = !matches!(program.form, Form::Due(_));
    for (key, _) in of_due.into_iter().filter(|(_, is_stated)| *is_stated && is_without_due) {
        let error = CompileError::new(format!("`{key}` without `due` is never read"), Span::at(0));
        let help = format!("write the last day on which all is well under `due`, or remove `{key}`");
        mistakes.push((locate_key(&rule.source, &format!("/{key}")), error.help(help)));
    }
    let mut constant = |pointer: &str, expression: &Expression, message: &str, help: &str| {
        let whole = Span::new(0, expression.text.len());
        let span = locate(&rule.source, pointer, whole);
        mistakes.push((span, CompileError::new(message, Span::at(0)).help(help)));
    };
    if let Some((_, when)) = &program.when
        && (literal(when) == Some(false) || is_constant(when))
    {
        let help = "write which records it is for: `when: record.live`";
        constant("/when", when, "the condition reads nothing, so it is the same for all records", help);
    }
    if let Form::Expect(expect) = &program.form
        && (literal(expect) == Some(true) || is_constant(expect))
    {
        let help = "write what must be true of a record: `expect: has(record.owner)`";
        constant("/expect", expect, "the condition reads nothing, so it is the same for all records", help);
    }
    mistakes.extend(outcomes::find(rule, program, kinds));
    if rule.is_own {
        mistakes.extend(slips::find(rule, program, scope, kinds));
    }
    mistakes.into_iter().map(|(span, error)| fault(rule, span, error)).collect()
}

fn literal(expression: &Expression) -> Option<bool> {
    match expression.root.node {
        TermNode::Literal(Literal::Bool(value)) => Some(value),
        _ => None,
    }
}

/// True for an expression such as `1 < 2`. A mere `true` or `false` says what it means.
fn is_constant(expression: &Expression) -> bool {
    let mut reads = false;
    expression.root.walk(&mut |part| {
        let constant = matches!(
            part.node,
            TermNode::Literal(_)
                | TermNode::Compare(..)
                | TermNode::And(..)
                | TermNode::Or(..)
                | TermNode::Not(_)
        );
        reads |= !constant;
    });
    !reads && literal(expression).is_none()
}

/// The help for a name under `for` that no kind has.
pub(super) fn help_for_kind(name: &str) -> Option<String> {
    Some(match name {
        ANY | FILE | POLICY_FILE | CITING_FILE | UNREAD_FILE => {
            format!("write `for: {name}`, or name the kinds in a list")
        }
        "all" | "every" | "everything" | "record" | "records" => {
            "write `for: any` for records of every kind".to_owned()
        }
        "page" | "pages" | "files" | "markdown" => {
            format!("write `for: {FILE}`, and which files under `when`")
        }
        _ if name.contains(['*', '/']) => files_at(name),
        _ => format!("define it in a file `kinds/{name}.yaml`, beside the folder of the rules"),
    })
}

/// How to write a rule for the files at a path.
fn files_at(glob: &str) -> String {
    let (start, end) =
        (glob.split('*').next().unwrap_or_default(), glob.rsplit('*').next().unwrap_or_default());
    let start = (!start.is_empty()).then(|| format!("file.path.startsWith(\"{start}\")"));
    let end = (glob.contains('*') && !end.is_empty()).then(|| format!("file.path.endsWith(\"{end}\")"));
    let conditions: Vec<String> = start.into_iter().chain(end).collect();
    match conditions.is_empty() {
        true => format!("write `for: {FILE}`"),
        false => format!("write `for: {FILE}`, with `when: {}`", conditions.join(" && ")),
    }
}

/// Returns the help for a field of `at` that is written as in expressions.
pub(super) fn at_help(field: &str, has_items: bool, is_known: impl Fn(&str) -> bool) -> Option<String> {
    match field.split_once('.') {
        _ if field.contains(',') => {
            let is_list = field.split(',').all(|part| is_known(part.trim()));
            is_list.then(|| format!("write several fields as a list: `[{field}]`"))
        }
        None if field == "item" && has_items => {
            Some("remove `at`: without it, the item is underlined".to_owned())
        }
        Some(("record" | "item", rest)) => {
            let rest = rest.replace('_', "-");
            is_known(&rest).then(|| format!("write `{rest}`"))
        }
        _ => {
            let field = field.replace('_', "-");
            is_known(&field).then(|| format!("write `{field}`"))
        }
    }
}

/// The error of a field of `at` that is one of an item without a list of items, or of the other record.
pub(super) fn at_of_another(field: &str, has_items: bool) -> Option<CompileError> {
    let (start, rest) = field.split_once('.')?;
    let (message, help) = match start {
        "item" if !has_items => (
            format!("`at` is `{field}`, and the rule has no `each`"),
            "add `each: record.FIELD`, the list whose items are checked, or name a field of the record"
                .to_owned(),
        ),
        "other" => (
            format!("`at` is `{field}`, and names a field of the record, not of another one"),
            format!("write `related: {{ at: {rest} }}` to underline the other record, too"),
        ),
        _ => return None,
    };
    Some(CompileError::new(message, Span::at(0)).help(help))
}

/// A mistake as a fault of the rule.
pub(super) fn fault(rule: &Rule, span: Span, error: CompileError) -> Fault {
    let mut fault = Fault::new(format!("rule `{}`: {}", rule.id, error.message));
    fault.help = error.help;
    fault.at(&rule.source, span)
}
