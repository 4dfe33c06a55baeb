//! Rejects comparisons with a value that can't be there: null, an empty text, a word that an `enum` does not list or that nothing returns,
//! a path that is none from the root.

use crate::kind::{AbsentValues, Field};
use crate::rule::builtins::words;
use crate::rule::language::error::CompileError;
use crate::rule::language::expression::{ComparisonOperator, Literal, LoopKind, TermNode, TypedExpr};
use crate::rule::runtime::Type;
use crate::schema::{did_you_mean, nearest};

use super::ExpressionCompiler;
use super::calls::literal_text;

impl ExpressionCompiler<'_, '_> {
    /// A null is absent, and what is absent is not judged.
    pub(super) fn check_not_null(
        &self,
        left: &TypedExpr,
        right: &TypedExpr,
        operator: ComparisonOperator,
    ) -> Result<(), CompileError> {
        let not = if operator == ComparisonOperator::Equal { "!" } else { "" };
        for (value, null) in [(left, right), (right, left)] {
            let is_known = !matches!(value.ty, Type::Any | Type::Null | Type::Nothing);
            if null.ty == Type::Null && (is_known || matches!(value.node, TermNode::Field(..))) {
                let text = value.text_in(self.text);
                let help = match &value.node {
                    TermNode::Field(..) | TermNode::Member(..) | TermNode::Untyped(..) => {
                        format!("write `{not}has({text})`")
                    }
                    _ if matches!(value.ty, Type::Optional(_)) => {
                        format!("write `{not}{text}.hasValue()`")
                    }
                    _ => "compare with a value".to_owned(),
                };
                let message =
                    format!("`{text}` is never null: null is absent, and an absent value is not judged");
                return Err(CompileError::new(message, value.span.to(null.span)).help(help));
            }
        }
        Ok(())
    }

    /// An empty value of a field is absent, so that the field never equals `""`.
    pub(super) fn check_not_empty(&self, left: &TypedExpr, right: &TypedExpr) -> Result<(), CompileError> {
        for (field, value) in [(left, right), (right, left)] {
            let is_empty =
                matches!(&value.node, TermNode::Literal(Literal::String(text)) if text.trim().is_empty());
            let text = field.text_in(self.text);
            let (message, help) = match &field.node {
                _ if !is_empty => continue,
                TermNode::Field(of, name) if self.is_never_empty(of, name) => (
                    format!("`{text}` is never empty: an empty value is absent"),
                    format!("ask whether it is there: `has({text})`"),
                ),
                TermNode::Member(of, member) if matches!(of.ty, Type::Record(_)) && member.name == "id" => {
                    (format!("`{text}` is never empty"), "remove the comparison".to_owned())
                }
                _ => continue,
            };
            return Err(CompileError::new(message, field.span.to(value.span)).help(help));
        }
        Ok(())
    }

    fn is_never_empty(&self, of: &TypedExpr, name: &str) -> bool {
        let Type::Record(kinds) = &of.ty else { return false };
        let kinds: Vec<_> = kinds.iter().filter_map(|kind| self.scope.kinds.get(kind)).collect();
        let is_absent = |field: &Field| field.absent != AbsentValues::None;
        !kinds.is_empty() && kinds.iter().all(|kind| kind.shape.field(name).is_none_or(is_absent))
    }

    pub(super) fn check_enum(&self, left: &TypedExpr, right: &TypedExpr) -> Result<(), CompileError> {
        self.check_value(left, right)?;
        self.check_value(right, left)
    }

    pub(super) fn check_enum_list(&self, field: &TypedExpr, list: &TypedExpr) -> Result<(), CompileError> {
        let TermNode::List(items) = &list.node else { return Ok(()) };
        items.iter().try_for_each(|item| {
            self.check_number(field, item, true)?;
            self.check_value(field, item)
        })
    }

    fn check_value(&self, field: &TypedExpr, value: &TypedExpr) -> Result<(), CompileError> {
        if self.scope.is_own {
            self.check_word(field, value)?;
            check_beginning(field, value)?;
        }
        self.check_word_in_mapping(field, value)?;
        self.check_past_value(field, value)?;
        let (Some(text), Some((holder, name))) = (literal_text(value), read_field(field)) else {
            return Ok(());
        };
        let fields = self.fields_called(holder, name);
        // One without an `enum` can have any value.
        if fields.is_empty() || fields.iter().any(|field| field.values.is_empty()) {
            return Ok(());
        }
        let mut known: Vec<&str> = Vec::new();
        for value in fields.iter().flat_map(|field| &field.values) {
            if !known.contains(&&**value) {
                known.push(value);
            }
        }
        let is_removed = || !self.scope.is_own && fields.iter().any(|field| field.has_removed(text));
        if known.contains(&text) || is_removed() {
            return Ok(());
        }
        let message = format!("unknown value `{text}` of `{name}` in {holder}");
        let error = CompileError::new(message, value.span);
        let synonym = fields.iter().find_map(|field| field.canonical(text));
        Err(match synonym.or_else(|| nearest(text, known.iter().copied())) {
            Some(near) => error.help(did_you_mean(near)),
            None => error.help(format!("use one of: {}", known.join(", "))),
        })
    }

    /// Rejects a word that no value of a mapping can be.
    fn check_word_in_mapping(&self, value: &TypedExpr, word: &TypedExpr) -> Result<(), CompileError> {
        let words = match &value.node {
            TermNode::Index(mapping, _) if let Type::Map(_, _, words) = &mapping.ty => words,
            TermNode::Member(entry, member)
                if let ("value", Type::Entry(_, _, words)) = (member.name, &entry.ty) =>
            {
                words
            }
            _ => return Ok(()),
        };
        let Some(text) = literal_text(word).filter(|text| words.iter().all(|word| **word != **text)) else {
            return Ok(());
        };
        if words.is_empty() {
            return Ok(());
        }
        let known: Vec<&str> = words.iter().map(|word| &**word).collect();
        let message = format!("unknown value `{text}` of `{}`", value.text_in(self.text));
        let error = CompileError::new(message, word.span);
        Err(match nearest(text, known.iter().copied()) {
            Some(near) => error.help(did_you_mean(near)),
            None => error.help(format!("use one of: {}", known.join(", "))),
        })
    }

    /// Rejects a misspelt value of a field in its history. Another word may be one of earlier days.
    fn check_past_value(&self, change: &TypedExpr, value: &TypedExpr) -> Result<(), CompileError> {
        let (Some(text), Some((holder, name))) = (literal_text(value), self.read_change(change)) else {
            return Ok(());
        };
        let fields = self.fields_called(holder, name);
        let is_known = |field: &&Field| {
            field.values.is_empty() || field.canonical(text).is_some() || field.has_removed(text)
        };
        let known = fields.iter().flat_map(|field| &field.values).map(|value| &**value);
        match nearest(text, known).filter(|_| !fields.iter().any(is_known)) {
            Some(near) if self.scope.is_own => {
                let message = format!("unknown value `{text}` of `{name}` in {holder}");
                Err(CompileError::new(message, value.span).help(did_you_mean(near)))
            }
            _ => Ok(()),
        }
    }

    /// The field of which a term reads the new or old value in a change, with the type of what has it.
    fn read_change<'t>(&'t self, term: &'t TypedExpr) -> Option<(&'t Type, &'t str)> {
        let TermNode::Field(change, part) = &term.node else { return None };
        match &change.node {
            _ if !matches!(&**part, "value" | "before") => None,
            TermNode::Variable(slot) => {
                let variable = self.scope.variables.iter().rev().find(|variable| variable.slot == *slot)?;
                variable.changes_of.as_ref().map(|(of, name)| (of, &**name))
            }
            _ => changed_field(change),
        }
    }

    /// Rejects a word that a function or member never returns.
    fn check_word(&self, term: &TypedExpr, value: &TypedExpr) -> Result<(), CompileError> {
        let Some(word) = literal_text(value) else { return Ok(()) };
        let (called, known) = match (&term.node, read_member(term)) {
            (TermNode::Call(function, _), _) => (function.name, words::of_function(function.name)),
            (_, Some((Type::Record(_), "kind"))) => return self.check_kind(word, value.span),
            (_, Some((Type::Fact(fact), name))) => (name, words::of_member(fact, name)),
            _ => return Ok(()),
        };
        if known.is_empty() || known.contains(&word) {
            return Ok(());
        }
        let error = CompileError::new(format!("`{called}` is never `{word}`"), value.span);
        Err(match nearest(word, known.iter().copied()) {
            Some(near) => error.help(did_you_mean(near)),
            None => error.help(format!("use one of: {}", known.join(", "))),
        })
    }

    /// The fields with this name of records or items of a type; of all kinds for a record of any.
    pub(super) fn fields_called<'t>(&'t self, holder: &'t Type, name: &'t str) -> Vec<&'t Field> {
        match holder {
            Type::Record(kinds) => {
                let kinds =
                    self.scope.kinds.iter().filter(|kind| kinds.is_empty() || kinds.contains(&kind.name));
                kinds.filter_map(|kind| kind.shape.field(name)).collect()
            }
            Type::Item(shape) => shape.0.field(name).into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

/// The field of which a term is the history or the last change, with the type of what has it.
pub(super) fn changed_field(term: &TypedExpr) -> Option<(&Type, &str)> {
    match &term.node {
        TermNode::Call(function, args) if matches!(function.name, "history" | "changed") => match &**args {
            [of, field] => Some((&of.ty, literal_text(field)?)),
            _ => None,
        },
        TermNode::Loop { kind: LoopKind::Filter, list, .. } => changed_field(list),
        _ => None,
    }
}

/// Rejects a path that begins with a slash, and the title of a heading that begins with its marks.
pub(super) fn check_beginning(term: &TypedExpr, value: &TypedExpr) -> Result<(), CompileError> {
    let (Some(text), Some((of, name))) = (literal_text(value), read_member(term)) else { return Ok(()) };
    let rest = match (of, name) {
        (_, "path" | "folder") => path_from_root(text),
        (Type::Fact(_), "title") => text.strip_prefix('#').map(|rest| rest.trim_start_matches(['#', ' '])),
        _ => None,
    };
    match rest.filter(|rest| !rest.is_empty()) {
        None => Ok(()),
        Some(rest) => Err(CompileError::new(format!("a {name} never begins like `{text}`"), value.span)
            .help(format!("write `\"{rest}\"`"))),
    }
}

/// Rejects a pattern of a lower heading that has to match at the beginning of a file.
pub(super) fn check_line_start(text: &TypedExpr, pattern: &TypedExpr) -> Result<(), CompileError> {
    let is_file = |term: &TypedExpr| matches!(term.ty, Type::File | Type::CitingFile | Type::UnreadFile);
    let is_whole = is_file(text)
        || matches!(&text.node, TermNode::Member(of, member) if is_file(of) && member.name == "text");
    match literal_text(pattern).filter(|written| is_whole && written.starts_with("^##")) {
        None => Ok(()),
        Some(written) => {
            let message = format!("`^` is the beginning of the file, which never begins like `{written}`");
            let help = format!("write `\"(?m){written}\"`, where `^` is the beginning of a line");
            Err(CompileError::new(message, pattern.span).help(help))
        }
    }
}

/// Returns the rest of a path that says that it is from the root: `docs/adr` of `/docs/adr` and `./docs/adr`.
pub(super) fn path_from_root(path: &str) -> Option<&str> {
    path.strip_prefix("./").or_else(|| path.strip_prefix('/'))
}

/// What a term reads of a record, a file or a part of one, with the type of what has it.
fn read_member(term: &TypedExpr) -> Option<(&Type, &str)> {
    match &term.node {
        TermNode::Member(of, member) => Some((&of.ty, member.name)),
        TermNode::Field(of, name) => Some((&of.ty, name)),
        _ => None,
    }
}

/// The field that a term reads, with the type of what has it; also where `.?` and `orValue()` provide for its absence.
fn read_field(term: &TypedExpr) -> Option<(&Type, &str)> {
    match &term.node {
        TermNode::Field(holder, name) => Some((&holder.ty, name)),
        TermNode::OrValue(optional, _) => read_field(optional),
        TermNode::OptionalField { selection, .. } => read_field(selection),
        _ => None,
    }
}
