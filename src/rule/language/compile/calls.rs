//! Calls: resolves the function and checks the arguments.

use std::sync::Arc;

use cel::common::ast::IdedExpr;

use crate::calendar::{self, Duration, Period};
use crate::rule::builtins::{files, functions};
use crate::rule::language::error::{
    CompileError, expected, fields_help, unknown, unknown_field, with_conversion_help,
};
use crate::rule::language::expression::{Literal, LoopKind, TermNode, TypedExpr};
use crate::rule::language::foreign;
use crate::rule::runtime::{Argument, Function, FunctionParam, Type, record_field};
use crate::schema::{self, did_you_mean};
use crate::text::Span;

use super::suggestions::or_else_help;
use super::values::{check_beginning, check_line_start, path_from_root};
use super::{Compiled, ExpressionCompiler};

impl ExpressionCompiler<'_, '_> {
    pub(super) fn function(
        &mut self,
        name: &str,
        target: Option<&IdedExpr>,
        args: &[IdedExpr],
        span: Span,
    ) -> Compiled {
        let at = self.name_span(name, span);
        let candidates = functions::overloads(name, target.is_some());
        if functions::overloads(name, target.is_some()).next().is_none() {
            return Err(self.unknown_call(name, target, args, at));
        }
        let parts: Vec<&IdedExpr> = target.into_iter().chain(args).collect();
        let candidate = functions::overloads(name, target.is_some()).next();
        let mut terms = Vec::with_capacity(parts.len());
        for (index, part) in parts.into_iter().enumerate() {
            let param = candidate.and_then(|function| function.params.get(index)).copied();
            terms.push(self.term(part).map_err(|error| self.as_name(error, param))?);
        }
        if target.is_some()
            && let Some(receiver) = terms.first().map(|term| &term.ty)
            && !functions::overloads(name, true).any(|function| accepts(function, receiver))
            && let Some(error) = Self::wrong_receiver(name, receiver, at)
        {
            return Err(error);
        }
        let receiver = terms.first().map(|term| term.ty.clone()).filter(|_| target.is_some());
        let mut errors = Vec::new();
        for function in candidates {
            match self.check_call(function, &terms, at) {
                Ok(ty) => {
                    let span = self.with_parenthesis(terms.iter().fold(at, |span, term| span.to(term.span)));
                    return Ok(TypedExpr { node: TermNode::Call(function, terms), ty, span });
                }
                Err(error) => {
                    let is_of_receiver = receiver.as_ref().is_none_or(|receiver| accepts(function, receiver));
                    errors.push((is_of_receiver, error));
                }
            }
        }
        let closest = errors.into_iter().min_by_key(|(is_of_receiver, _)| !is_of_receiver);
        Err(closest
            .map_or_else(|| CompileError::new(format!("invalid call of `{name}`"), at), |(_, error)| error))
    }

    /// The span of a name at or after the start of `span`: the parser reports the dot of a selection and the parenthesis
    /// of a call.
    pub(super) fn name_span(&self, name: &str, span: Span) -> Span {
        let start = span.start as usize;
        if self.text.get(..start).is_some_and(|head| head.ends_with(name)) {
            return Span::new(start - name.len(), start);
        }
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let near = &rest[..rest.len().min(2 + 2 * name.len())];
        let after = near.windows(name.len().max(1)).position(|word| word == name.as_bytes());
        let before = || self.text.get(..start).and_then(|head| head.rfind(name));
        let at = after.map(|at| start + at).or_else(before);
        at.map_or(span, |at| Span::new(at, at + name.len()))
    }

    /// Says that a name which is no variable belongs in quotes, where a name is expected.
    fn as_name(&self, error: CompileError, param: Option<FunctionParam>) -> CompileError {
        let is_name = matches!(
            param,
            Some(
                FunctionParam::Key
                    | FunctionParam::Kind
                    | FunctionParam::Field
                    | FunctionParam::FieldPath
                    | FunctionParam::OwnFieldPath
            )
        );
        match &error.unknown_variable {
            Some(name) if is_name => {
                let help = format!("write the name in quotes: `\"{}\"`", name.replace('_', "-"));
                error.help(help)
            }
            _ => error,
        }
    }

    fn unknown_call(
        &mut self,
        name: &str,
        target: Option<&IdedExpr>,
        args: &[IdedExpr],
        at: Span,
    ) -> CompileError {
        // A mistake in the receiver comes first.
        let receiver = match target.map(|target| self.term(target)) {
            Some(Err(error)) => return error,
            Some(Ok(receiver)) => Some(receiver.ty),
            None => None,
        };
        let what = if receiver.is_some() { "unknown method" } else { "unknown function" };
        let error = CompileError::new(format!("{what} `{name}`"), at);
        if functions::overloads(name, receiver.is_none()).next().is_some() {
            let written = if receiver.is_some() { format!("{name}(…)") } else { format!("value.{name}()") };
            return error.help(format!("write `{written}`"));
        }
        if LoopKind::from_name(name).is_some() && args.len() > 1 {
            return error.help(format!("write `list.{name}(x, …)`"));
        }
        let known = match &receiver {
            Some(ty) => methods(ty),
            None => functions::all().filter(|it| !it.is_method).map(|function| function.name).collect(),
        };
        let error = unknown(what, name, at, &known);
        match foreign::call(name) {
            Some(help) => error.help(help),
            None if error.help.is_none() && receiver.is_none() => {
                let mut names = known;
                names.sort_unstable();
                names.dedup();
                error.help(format!("use one of the functions: {}", names.join(", ")))
            }
            None if error.help.is_none() => {
                error.help("call a method that a value of this type has, or compare it")
            }
            None => error,
        }
    }

    /// The error of a method that is called on a list, or on what may be absent, and that their elements have.
    fn wrong_receiver(name: &str, receiver: &Type, at: Span) -> Option<CompileError> {
        let error = CompileError::new(format!("{receiver} has no method `{name}`"), at);
        match (receiver, name) {
            (Type::List(_) | Type::Map(..), "contains") => Some(error.help("write `x in list`")),
            (Type::List(_), _) => {
                Some(error.help(format!("call it on each element: `.all(x, x.{name}() …)` or `.exists(…)`")))
            }
            (Type::Optional(_), _) => Some(error.help("write `.orValue(…)` before it")),
            _ => None,
        }
    }

    pub(super) fn with_parenthesis(&self, span: Span) -> Span {
        let rest = self.text.get(span.end as usize..).unwrap_or("");
        let bracket =
            rest.find(|c: char| !c.is_whitespace() && c != '(').filter(|at| rest[*at..].starts_with(')'));
        bracket.map_or(span, |at| Span::new(span.start as usize, span.end as usize + at + 1))
    }

    fn check_call(
        &self,
        function: &'static Function,
        terms: &[TypedExpr],
        at: Span,
    ) -> Result<Type, CompileError> {
        let max = if function.is_variadic { usize::MAX } else { function.params.len() };
        if terms.len() < function.required || terms.len() > max {
            return Err(CompileError::new(
                format!("`{}` takes {}", function.name, expected_count(function)),
                at,
            )
            .help(match terms.len() > max {
                true => "remove the others",
                false => "add what is missing between the parentheses",
            }));
        }
        if let ("startsWith", [text, beginning], true) = (function.name, terms, self.scope.is_own) {
            check_beginning(text, beginning)?;
        }
        if let ("find" | "find_all" | "matches", [text, pattern, ..], true) =
            (function.name, terms, self.scope.is_own)
        {
            check_line_start(text, pattern)?;
        }
        if let ("place", [record, field]) = (function.name, terms) {
            self.check_placed(field, record)?;
        }
        if let ("people", [record, field, ..]) = (function.name, terms) {
            self.check_names_people(record, field)?;
        }
        if let ("cited_by", [record, kind, field @ ..], true) = (function.name, terms, self.scope.is_own) {
            self.check_citing(record, kind, field.first())?;
        }
        for (index, term) in terms.iter().enumerate() {
            let param = function.params[index.min(function.params.len() - 1)];
            self.check_argument(param, term, &terms[..index])?;
        }
        let arguments: Vec<Argument> =
            terms.iter().map(|term| Argument { ty: term.ty.clone(), literal: literal_text(term) }).collect();
        Ok((function.result)(&arguments))
    }

    fn check_argument(
        &self,
        param: FunctionParam,
        term: &TypedExpr,
        before: &[TypedExpr],
    ) -> Result<(), CompileError> {
        if let Some(ty) = param.ty()
            && !term.ty.fits(&ty)
        {
            let error = with_conversion_help(expected(&ty, &term.ty, term.span), &ty, &term.ty);
            return Err(match self.literal_help(param, term) {
                Some(help) => error.help(help),
                None => error,
            });
        }
        match (param, literal_text(term)) {
            (FunctionParam::Kind, Some(kind)) => self.check_kind(kind, term.span),
            (FunctionParam::Field, Some(field)) if field.contains('.') => {
                let message = format!("expected a field of the record, found the path `{field}`");
                let first = field.split('.').next().unwrap_or(field);
                Err(CompileError::new(message, term.span).help(format!("write `\"{first}\"`")))
            }
            (FunctionParam::OwnFieldPath, Some(field)) => {
                self.check_field(field, &before[..before.len().min(1)], term.span)
            }
            (FunctionParam::Field | FunctionParam::FieldPath, Some(field)) => {
                self.check_field(field, before, term.span)
            }
            (FunctionParam::Key, None) if self.is_value_of_subject(term) => {
                let text = term.text_in(self.text);
                let name = text.rsplit('.').next().unwrap_or(&text).replace('_', "-");
                let message = format!("expected the name of a key, found the value of `{name}`");
                Err(CompileError::new(message, term.span).help(format!("write `\"{name}\"`")))
            }
            // A test compiles the patterns of the program's own rules; a run compiles those that it needs.
            (FunctionParam::Pattern, Some(_)) if !self.scope.is_own => Ok(()),
            (FunctionParam::Pattern, Some(pattern)) => check_pattern(pattern, term.span),
            (FunctionParam::Pattern, None) if term.ty == Type::Pattern => Ok(()),
            (FunctionParam::Pattern, None) => {
                Err(CompileError::new("expected a regular expression in quotes", term.span)
                    .help("for one from the configuration, declare a parameter with `type: pattern`"))
            }
            (FunctionParam::Glob | FunctionParam::GlobString, Some(glob)) => check_glob(glob, term.span),
            (
                FunctionParam::Kind
                | FunctionParam::Field
                | FunctionParam::FieldPath
                | FunctionParam::OwnFieldPath
                | FunctionParam::Glob,
                None,
            ) => Err(CompileError::new("expected a string in quotes", term.span)
                .help("write the name itself in quotes; a value can't be used here")),
            (
                FunctionParam::DateString | FunctionParam::DurationString | FunctionParam::PeriodString,
                Some(text),
            ) => check_literal(param, text, term.span),
            (FunctionParam::RecordOrItem, _)
                if !matches!(term.ty, Type::Any | Type::Record(_) | Type::Item(_)) =>
            {
                let message = format!("expected a record or an item, found {}", term.ty);
                Err(CompileError::new(message, term.span).help("write `record`, `item` or a reference"))
            }
            (FunctionParam::Place, _) if !is_place(&term.ty) => {
                let message = format!("expected a string, a file or a part of one, found {}", term.ty);
                Err(CompileError::new(message, term.span)
                    .help("write `record.file`, or read a part of the value"))
            }
            (FunctionParam::Mapping, _) if !matches!(term.ty, Type::Any | Type::Map(..) | Type::Item(_)) => {
                let message = format!("expected a mapping, found {}", term.ty);
                Err(CompileError::new(message, term.span)
                    .help("name a field with `type: object`, or an item"))
            }
            (FunctionParam::Sized, _)
                if !matches!(term.ty, Type::Any | Type::String | Type::List(_) | Type::Map(..)) =>
            {
                let message = format!("expected a list, a mapping or a string, found {}", term.ty);
                let error = CompileError::new(message, term.span);
                Err(match term.ty {
                    Type::Group { .. } => error.help("count its records: `size(group.records)`"),
                    Type::Optional(_) => error.help(or_else_help(term, self.text)),
                    _ => error.help("name a field that holds a list or a text"),
                })
            }
            _ => Ok(()),
        }
    }

    /// Suggests how to write an argument of `date`, `duration` or `period` that is not a string, and amounts as numbers.
    fn literal_help(&self, param: FunctionParam, term: &TypedExpr) -> Option<String> {
        if param == FunctionParam::Numbers && term.ty == Type::list(Type::Amount) {
            return Some(format!("add up their numbers: `{}.map(x, x.number)`", term.text_in(self.text)));
        }
        let (is_there, name) = match param {
            FunctionParam::DateString => (term.ty == Type::Date, "date"),
            FunctionParam::DurationString => (term.ty == Type::Duration, "duration"),
            FunctionParam::PeriodString => (term.ty == Type::Period, "period"),
            _ => return None,
        };
        let text = term.text_in(self.text);
        match &term.node {
            _ if is_there => Some(format!("write `{text}` alone: it is a {name} already")),
            TermNode::Literal(Literal::Int(days)) if name == "duration" => {
                Some(format!("write `duration(\"{days} days\")`"))
            }
            _ => Some(format!("write a text in quotes: `{name}(\"{}\")`", example_of(param))),
        }
    }

    /// True for a field of the record that the rule judges.
    fn is_value_of_subject(&self, term: &TypedExpr) -> bool {
        let TermNode::Field(operand, _) = &term.node else { return false };
        matches!(operand.node, TermNode::Variable(slot) if self.is_subject(slot))
    }

    pub(super) fn check_kind(&self, kind: &str, span: Span) -> Result<(), CompileError> {
        if kind == "any" || self.scope.kinds.get(kind).is_some() {
            return Ok(());
        }
        let known: Vec<&str> = self.scope.kinds.iter().map(|kind| &*kind.name).collect();
        let error = unknown("unknown kind", kind, span, &known);
        Err(match self.scope.kinds.meant(kind) {
            Some(meant) => error.help(did_you_mean(meant)),
            None => error,
        })
    }

    /// Checks the field of `place()`, which also takes two names that each format has its own field for.
    fn check_placed(&self, field: &TypedExpr, record: &TypedExpr) -> Result<(), CompileError> {
        const OF_EACH_FORMAT: [&str; 2] = ["owner", "review-due"];
        match literal_text(field) {
            Some(name) if !OF_EACH_FORMAT.contains(&name) => {
                self.check_field(name, std::slice::from_ref(record), field.span)
            }
            _ => Ok(()),
        }
    }

    /// Checks the field of `people()`: a date, a number or a duration names nobody.
    fn check_names_people(&self, record: &TypedExpr, field: &TypedExpr) -> Result<(), CompileError> {
        let (Some(name), Type::Record(kinds)) = (literal_text(field), &record.ty) else { return Ok(()) };
        let Some(ty) = record_field(self.scope.kinds, kinds, name) else { return Ok(()) };
        let names_nobody = matches!(
            ty,
            Type::Date | Type::Duration | Type::Period | Type::Amount | Type::Int | Type::Double | Type::Bool
        ) || self.scope.is_own && (ty == Type::String || ty == Type::list(Type::String));
        match names_nobody {
            true => Err(CompileError::new(format!("`{name}` is {ty}, and names nobody"), field.span)
                .help("name a field that refers to people")),
            false => Ok(()),
        }
    }

    /// Checks that a kind, or a field of it, can refer to the record: else no record ever cites it.
    fn check_citing(
        &self,
        record: &TypedExpr,
        kind: &TypedExpr,
        field: Option<&TypedExpr>,
    ) -> Result<(), CompileError> {
        let (Some(name), Type::Record(cited)) = (literal_text(kind), &record.ty) else { return Ok(()) };
        let Some(citing) = self.scope.kinds.get(name).filter(|_| !cited.is_empty()) else { return Ok(()) };
        let holder = Type::Record(Box::new([name.into()]));
        if !citing.shape.may_refer_to(cited) {
            let message = format!("no field of {holder} refers to {}", record.ty);
            let kinds = self.scope.kinds.iter().filter(|kind| kind.shape.may_refer_to(cited));
            let names: Vec<&str> = kinds.map(|kind| &*kind.name).collect();
            return Err(CompileError::new(message, kind.span).help(citing_help(&names)));
        }
        let path = field.and_then(|field| Some((literal_text(field)?, field.span)));
        let Some((path, span)) = path else { return Ok(()) };
        let Some(field) = citing.shape.field(path).filter(|field| !field.ty.may_refer_to(cited)) else {
            return Ok(());
        };
        let message = format!("`{}` of {holder} never refers to {}", field.name, record.ty);
        let fields = citing.shape.fields.iter().filter(|field| field.ty.may_refer_to(cited));
        let names: Vec<&str> = fields.map(|field| &*field.name).collect();
        Err(CompileError::new(message, span).help(citing_help(&names)))
    }

    /// Checks that a field is one of the kind named before it, or else of the receiver.
    fn check_field(&self, field: &str, before: &[TypedExpr], span: Span) -> Result<(), CompileError> {
        let kinds: Vec<Arc<str>> =
            match (before.last().and_then(literal_text), before.first().map(|term| &term.ty)) {
                (Some("any"), _) => Vec::new(),
                (Some(kind), _) => vec![kind.into()],
                (None, Some(Type::Record(kinds))) => kinds.to_vec(),
                (None, Some(Type::Item(shape))) => {
                    if shape.0.field(field).is_some() {
                        return Ok(());
                    }
                    let known: Vec<&str> = shape.0.fields.iter().map(|field| &*field.name).collect();
                    return Err(unknown("an item of this list has no field", field, span, &known));
                }
                _ => Vec::new(),
            };
        if record_field(self.scope.kinds, &kinds, field).is_some() {
            return Ok(());
        }
        let holder = Type::Record(kinds.as_slice().into());
        let kinds = kinds.iter().filter_map(|kind| self.scope.kinds.get(kind));
        let known: Vec<&str> =
            kinds.flat_map(|kind| kind.shape.fields.iter().map(|field| &*field.name)).collect();
        Err(fields_help(unknown_field(self.scope.kinds, &holder, field, span, &known), &holder))
    }
}

/// Names the kinds or fields that do refer to a record.
fn citing_help(names: &[&str]) -> String {
    match names {
        [] => "leave it out: nothing refers to such records".to_owned(),
        [one] => format!("write `\"{one}\"`"),
        _ => format!("use one of: {}", names.join(", ")),
    }
}

fn check_pattern(pattern: &str, span: Span) -> Result<(), CompileError> {
    match schema::compile_pattern(pattern) {
        Ok(_) if is_glob(pattern) => {
            let message = format!("`{pattern}` is a glob, and a regular expression is due");
            Err(CompileError::new(message, span).help(format!("write `\"{}\"`", pattern_of_glob(pattern))))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(CompileError::new(error.to_string(), span).help(error.help_in_expression())),
    }
}

fn check_glob(glob: &str, span: Span) -> Result<(), CompileError> {
    if let Some(rest) = path_from_root(glob) {
        let help = format!("write `\"{rest}\"`, from the root of the repository");
        return Err(CompileError::new(format!("no path begins like `{glob}`"), span).help(help));
    }
    files::compile(glob).map(|_| ()).map_err(|message| {
        CompileError::new(format!("invalid glob: {message}"), span)
            .help("write a path, or a glob such as `docs/**/*.md`")
    })
}

/// True for letters and a star at the end, which would match the same without the last letter, and for a path with stars in place of names.
fn is_glob(pattern: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '/' | ':');
    let start = pattern.strip_suffix('*').unwrap_or_default();
    let is_start = !start.is_empty() && start.chars().all(is_name);
    let is_path = pattern.contains("/*") && !pattern.contains(".*");
    is_start || is_path && pattern.chars().all(|c| is_name(c) || matches!(c, '.' | '*'))
}

/// Returns a glob of letters, or of a path, as a regular expression.
fn pattern_of_glob(glob: &str) -> String {
    match glob.strip_suffix('*').filter(|start| !start.contains('*') && !start.ends_with('/')) {
        Some(start) => format!("^{start}"),
        None => {
            let names =
                glob.replace('.', "[.]").replace("**/", "\u{1}").replace("**", "\u{2}").replace('*', "[^/]*");
            format!("^{}$", names.replace('\u{1}', "(?:.*/)?").replace('\u{2}', ".*"))
        }
    }
}

/// True if a method can be called on a value of this type.
pub(super) fn accepts(method: &Function, receiver: &Type) -> bool {
    let Some(param) = method.params.first() else { return false };
    match param {
        FunctionParam::RecordOrItem => matches!(receiver, Type::Any | Type::Record(_) | Type::Item(_)),
        FunctionParam::Place => is_place(receiver),
        FunctionParam::Mapping => matches!(receiver, Type::Any | Type::Map(..) | Type::Item(_)),
        FunctionParam::Sized => matches!(receiver, Type::Any | Type::String | Type::List(_) | Type::Map(..)),
        param => param.ty().is_none_or(|ty| receiver.fits(&ty)),
    }
}

/// The methods of values of this type.
fn methods(receiver: &Type) -> Vec<&'static str> {
    let functions = functions::all().filter(|function| function.is_method && accepts(function, receiver));
    let of_lists: &[&str] = match receiver {
        Type::List(_) => &["all", "exists", "exists_one", "filter", "map"],
        Type::Optional(_) => &["orValue", "hasValue"],
        _ => &[],
    };
    functions.map(|function| function.name).chain(of_lists.iter().copied()).collect()
}

/// True for a file and what has a text of one.
fn is_place(ty: &Type) -> bool {
    match ty {
        Type::Any | Type::File => true,
        Type::Fact(fact) => fact.is_searchable,
        _ => false,
    }
}

fn expected_count(function: &Function) -> String {
    let receiver = usize::from(function.is_method);
    let (min, max) = (function.required - receiver, function.params.len() - receiver);
    let arguments = |count: usize| if count == 1 { "argument" } else { "arguments" };
    match (min, max) {
        _ if function.is_variadic => format!("{min} or more {}", arguments(2)),
        (0, 0) => "no arguments".to_string(),
        (min, max) if min == max => format!("{min} {}", arguments(min)),
        (0, max) => format!("at most {max} {}", arguments(max)),
        (min, max) => format!("{min} to {max} arguments"),
    }
}

fn check_literal(param: FunctionParam, text: &str, span: Span) -> Result<(), CompileError> {
    let (is_valid, what) = match param {
        FunctionParam::DateString => (calendar::parse_date(text).is_some(), "date"),
        FunctionParam::DurationString => (Duration::parse(text).is_some(), "duration"),
        _ => (Period::parse(text, 1).is_some(), "period"),
    };
    if is_valid {
        return Ok(());
    }
    let meant = match param {
        FunctionParam::DateString => calendar::parse_unambiguous_date(text).map(|day| day.to_string()),
        FunctionParam::DurationString => {
            Some(format!("{text} days")).filter(|it| Duration::parse(it).is_some())
        }
        _ => Period::respelt(text),
    };
    let message = format!("`{text}` is not a {what} such as `{}`", example_of(param));
    let meant = meant.unwrap_or_else(|| example_of(param).to_owned());
    Err(CompileError::new(message, span).help(format!("write it as in `{what}(\"{meant}\")`")))
}

fn example_of(param: FunctionParam) -> &'static str {
    match param {
        FunctionParam::DateString => "2026-11-20",
        FunctionParam::DurationString => "1 quarter",
        _ => "2026-Q4",
    }
}

pub(super) fn literal_text(term: &TypedExpr) -> Option<&str> {
    match &term.node {
        TermNode::Literal(Literal::String(text)) => Some(text),
        _ => None,
    }
}
