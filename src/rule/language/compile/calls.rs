//! The check of a call: which function is meant, and whether what it is handed fits.

use std::sync::Arc;

use cel::common::ast::IdedExpr;

use crate::calendar::{self, Duration, Period};
use crate::text::Span;

use super::super::expression::{Literal, Term, TermNode};
use super::super::functions;
use super::super::mistake::{Mistake, unknown, with_mend};
use super::super::patterns;
use super::super::signature::{Argument, Function, Param};
use super::super::types::{ShapeRef, Type, record_field};
use super::{Compiled, Compiler};

impl Compiler<'_, '_> {
    pub(super) fn function(
        &mut self,
        name: &str,
        target: Option<&IdedExpr>,
        args: &[IdedExpr],
        span: Span,
    ) -> Compiled {
        let at = self.word(name, span);
        let parts: Vec<&IdedExpr> = target.into_iter().chain(args).collect();
        let terms = parts.iter().map(|part| self.term(part)).collect::<Result<Vec<_>, _>>()?;
        let mut candidates = functions::named(name, target.is_some()).peekable();
        if candidates.peek().is_none() {
            let known: Vec<&str> = functions::FUNCTIONS
                .iter()
                .filter(|function| function.method == target.is_some())
                .map(|function| function.name)
                .chain(
                    target
                        .is_some()
                        .then_some(["all", "exists", "exists_one", "filter", "map", "orValue"])
                        .into_iter()
                        .flatten(),
                )
                .collect();
            let what = if target.is_some() { "there is no method" } else { "there is no function" };
            return Err(unknown(what, name, at, &known));
        }
        let mut refusal = None;
        for function in candidates {
            match self.fit(function, &terms, at) {
                Ok(ty) => {
                    let span = self.closed(terms.iter().fold(at, |span, term| span.to(term.span)));
                    return Ok(Term { node: TermNode::Call(function, terms), ty, span });
                }
                Err(error) => refusal = refusal.or(Some(error)),
            }
        }
        Err(refusal.unwrap_or_else(|| Mistake::new(format!("`{name}` does not fit"), at)))
    }

    /// The span of a call, with the bracket that closes it.
    fn closed(&self, span: Span) -> Span {
        let rest = self.text.get(span.end as usize..).unwrap_or("");
        let bracket =
            rest.find(|c: char| !c.is_whitespace() && c != '(').filter(|at| rest[*at..].starts_with(')'));
        bracket.map_or(span, |at| Span::new(span.start as usize, span.end as usize + at + 1))
    }

    /// Whether the arguments fit the function, and what it then yields.
    fn fit(&self, function: &'static Function, terms: &[Term], at: Span) -> Result<Type, Mistake> {
        let most = if function.repeats { usize::MAX } else { function.params.len() };
        if terms.len() < function.required || terms.len() > most {
            return Err(Mistake::new(format!("`{}` takes {}", function.name, takes(function)), at));
        }
        for (index, term) in terms.iter().enumerate() {
            let param = function.params[index.min(function.params.len() - 1)];
            self.fit_argument(param, term, &terms[..index])?;
        }
        let arguments: Vec<Argument> =
            terms.iter().map(|term| Argument { ty: term.ty.clone(), literal: literal_text(term) }).collect();
        Ok((function.result)(&arguments))
    }

    fn fit_argument(&self, param: Param, term: &Term, before: &[Term]) -> Result<(), Mistake> {
        if let Some(ty) = param.ty()
            && !term.ty.fits(&ty)
        {
            let mistake = Mistake::new(format!("this is {}, where {ty} is needed", term.ty), term.span);
            return Err(with_mend(mistake, &ty, &term.ty));
        }
        match (param, literal_text(term)) {
            (Param::Kind, Some(kind)) => self.known_kind(kind, term.span),
            (Param::Field, Some(field)) => self.known_field(field, before, term.span),
            (Param::Pattern, Some(pattern)) => match patterns::compile(pattern) {
                Ok(_) => Ok(()),
                Err(message) => Err(Mistake::new(message, term.span)),
            },
            (Param::Kind | Param::Field | Param::Pattern, None) => {
                Err(Mistake::new("a text in quotes has to stand here", term.span))
            }
            (Param::DateText | Param::DurationText | Param::PeriodText, Some(text)) => {
                readable(param, text, term.span)
            }
            (Param::Holder, _) if !matches!(term.ty, Type::Any | Type::Record(_) | Type::Item(_)) => {
                let message = format!("this is {}, where a record or an item is needed", term.ty);
                Err(Mistake::new(message, term.span))
            }
            (Param::Countable, _) if !matches!(term.ty, Type::Any | Type::Text | Type::List(_)) => {
                let message = format!("this is {}, where a list or a text is needed", term.ty);
                Err(Mistake::new(message, term.span))
            }
            _ => Ok(()),
        }
    }

    fn known_kind(&self, kind: &str, span: Span) -> Result<(), Mistake> {
        if kind == "any" || self.scope.kinds.get(kind).is_some() {
            return Ok(());
        }
        let known: Vec<&str> = self.scope.kinds.iter().map(|kind| &*kind.name).collect();
        Err(unknown("there is no kind", kind, span, &known))
    }

    /// The field is one of the kind named before it, else of the receiver.
    fn known_field(&self, field: &str, before: &[Term], span: Span) -> Result<(), Mistake> {
        let kinds: Vec<Arc<str>> =
            match (before.last().and_then(literal_text), before.first().map(|term| &term.ty)) {
                (Some("any"), _) => Vec::new(),
                (Some(kind), _) => vec![kind.into()],
                (None, Some(Type::Record(kinds))) => kinds.to_vec(),
                (None, Some(Type::Item(shape))) => return known_part(field, shape, span),
                _ => Vec::new(),
            };
        if record_field(self.scope.kinds, &kinds, field).is_some() {
            return Ok(());
        }
        let holder = Type::Record(kinds.as_slice().into());
        let of = format!("{holder} has no field");
        let kinds = kinds.iter().filter_map(|kind| self.scope.kinds.get(kind));
        let known: Vec<&str> =
            kinds.flat_map(|kind| kind.shape.fields.iter().map(|field| &*field.name)).collect();
        Err(listed(unknown(&of, field, span, &known), &holder))
    }
}

/// The field is one of an item's.
fn known_part(field: &str, shape: &ShapeRef, span: Span) -> Result<(), Mistake> {
    if shape.0.field(field).is_some() {
        return Ok(());
    }
    let known: Vec<&str> = shape.0.fields.iter().map(|field| &*field.name).collect();
    Err(unknown("an item of this list has no field", field, span, &known))
}

/// Where the fields of a kind are listed, where nothing nearer is known.
pub(super) fn listed(mistake: Mistake, holder: &Type) -> Mistake {
    match holder {
        Type::Record(kinds) if mistake.help.is_none() && kinds.len() == 1 => {
            mistake.help(format!("`alignlint schema {}` lists its fields", kinds[0]))
        }
        _ => mistake,
    }
}

/// The values that a function takes in its brackets, in words.
fn takes(function: &Function) -> String {
    let receiver = usize::from(function.method);
    let (least, most) = (function.required - receiver, function.params.len() - receiver);
    let values = |count: usize| if count == 1 { "value" } else { "values" };
    match (least, most) {
        _ if function.repeats => format!("{least} {} or more", values(least)),
        (0, 0) => "nothing in its brackets".to_string(),
        (least, most) if least == most => format!("{least} {}", values(least)),
        (0, most) => format!("at most {most} {}", values(most)),
        (least, most) => format!("{least} to {most} values"),
    }
}

/// A day, duration or period in quotes has to be one.
fn readable(param: Param, text: &str, span: Span) -> Result<(), Mistake> {
    let (fits, what) = match param {
        Param::DateText => (calendar::parse_date(text).is_some(), "day such as `2026-11-20`"),
        Param::DurationText => (Duration::parse(text).is_some(), "duration such as `1 quarter`"),
        _ => (Period::parse(text, 1).is_some(), "period such as `2026-Q4`"),
    };
    if fits { Ok(()) } else { Err(Mistake::new(format!("`{text}` is no {what}"), span)) }
}

pub(super) fn literal_text(term: &Term) -> Option<&str> {
    match &term.node {
        TermNode::Literal(Literal::Text(text)) => Some(text),
        _ => None,
    }
}
