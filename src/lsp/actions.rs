//! Code actions: the fixes of findings, all safe fixes of a file, and comments that suppress a finding.

use std::sync::Arc;

use lsp_types::request::CodeActionRequest;
use lsp_types::{CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, NumberOrString};

use crate::finding::{Finding, Fix, Safety};
use crate::record::Record;
use crate::suppression::{PLACEHOLDER, find_ignores};
use crate::syntax;
use crate::syntax::edit::same_tree;
use crate::text::{Edit, Source, Span, applied};

use super::context::{Answer, Context};
use super::cursor::{document, plain};
use super::edits::Edits;
use super::session::State;

/// Clients that ask for `source.fixAll` take it too.
pub(super) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.alignlint");

/// How many bytes are read to find places for comments in one request. Where the range touches hundreds of findings, some have none.
const MAX_READ: usize = 1 << 20;

pub(super) fn actions(context: &Context, params: CodeActionParams) -> Answer<CodeActionRequest> {
    let Some((state, source)) = document(context, &params.text_document.uri) else { return Ok(None) };
    // Positions in another text mean nothing.
    let is_here = |of: &Source| of.path() == source.path() && of.text() == source.text();
    let findings = state.with_edits(|finding| is_here(&finding.place.source));
    let Span { start, end } = context.encoding.span(&source, params.range);
    let meets = |span: Span| span.start <= end && start <= span.end;
    let touched = findings.iter().filter(|finding| meets(finding.place.span));
    let is_wanted = |kind: &CodeActionKind| {
        let is_within = |only: &CodeActionKind| {
            let rest = kind.as_str().strip_prefix(only.as_str());
            only.as_str().is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        params.context.only.as_ref().is_none_or(|only| only.is_empty() || only.iter().any(is_within))
    };
    let mut reads = (MAX_READ / source.text().len().max(1)).max(4);
    let mut actions = Vec::new();
    if is_wanted(&CodeActionKind::QUICKFIX) {
        for finding in touched {
            let code = Some(NumberOrString::String(finding.rule.to_string()));
            let shown = params.context.diagnostics.iter().filter(|shown| shown.code == code);
            let diagnostics = Some(shown.cloned().collect());
            let own = [fix(context, finding), suppression(context, state, finding, &mut reads)];
            let own = own.into_iter().flatten();
            actions.extend(own.map(|it| CodeAction { diagnostics: diagnostics.clone(), ..it }));
        }
    }
    if is_wanted(&FIX_ALL) {
        actions.extend(all_fixes(context, &findings, is_here));
    }
    Ok(Some(actions.into_iter().map(CodeActionOrCommand::CodeAction).collect()))
}

/// Returns an action, unless one of its documents has changed since the check.
fn action(context: &Context, title: String, kind: CodeActionKind, edits: Edits) -> Option<CodeAction> {
    let edit = Some(edits.into_workspace_edit(context).ok()?);
    Some(CodeAction { title: plain(&title), kind: Some(kind), edit, ..CodeAction::default() })
}

fn fix(context: &Context, finding: &Finding) -> Option<CodeAction> {
    let Fix { safety, edits, .. } = finding.fix.as_ref()?;
    let (source, list) = edits.as_ref()?;
    let mut edits = Edits::default();
    edits.add(source, list.iter().cloned());
    let title = finding.help.as_ref().unwrap_or(&finding.message);
    let title = format!("fix {}: {title}", finding.rule);
    let action = action(context, title, CodeActionKind::QUICKFIX, edits)?;
    Some(CodeAction { is_preferred: Some(*safety == Safety::Safe), ..action })
}

fn all_fixes(
    context: &Context,
    findings: &[Finding],
    is_here: impl Fn(&Source) -> bool,
) -> Option<CodeAction> {
    let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
    let safe = fixes.filter(|fix| fix.safety == Safety::Safe).filter_map(|fix| fix.edits.as_ref());
    let mut edits = Edits::default();
    let mut count = 0;
    for (of, list) in safe.filter(|(of, _)| is_here(of)) {
        edits.add(of, list.iter().cloned());
        count += 1;
    }
    let title = "fix all that is safe to fix in this file".to_owned();
    (count > 0).then(|| action(context, title, FIX_ALL, edits)).flatten()
}

fn suppression(context: &Context, state: &State, finding: &Finding, reads: &mut usize) -> Option<CodeAction> {
    let source = &finding.place.source;
    let edit = comment(state, finding, reads)?;
    let mut edits = Edits::default();
    edits.add(source, [edit]);
    let title = format!("suppress {} here with a reason", finding.rule);
    action(context, title, CodeActionKind::QUICKFIX, edits)
}

/// Returns the nearest line above a finding where a comment suppresses it and changes nothing else. It has no reason yet, so a check
/// reports it.
fn comment(state: &State, finding: &Finding, reads: &mut usize) -> Option<Edit> {
    // How comments of all formats are written.
    const MARKS: [(&str, &str); 4] = [("# ", ""), ("<!-- ", " -->"), ("// ", ""), (".. ", "")];
    const MAX_LINES: usize = 20;
    let source = &finding.place.source;
    let first = source.position(finding.place.span.start as usize).line - 1;
    let starts = source.line_starts()[..=first].iter().rev().take(MAX_LINES);
    let edits = starts.flat_map(|&start| {
        let line = source.slice(source.line_span(start as usize));
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        let end = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
        MARKS.map(|(open, close)| Edit {
            span: Span::at(start as usize),
            replacement: format!(
                "{indent}{open}alignlint: ignore {} because {PLACEHOLDER}{close}{end}",
                finding.rule
            ),
        })
    });
    let mut edits = edits.take(*reads);
    edits.find(|edit| {
        *reads -= 1;
        only_suppresses(state, finding, edit)
    })
}

/// Returns true if a text with a comment says the same, and the comment is about the place of the finding.
fn only_suppresses(state: &State, finding: &Finding, edit: &Edit) -> bool {
    let (input, source) = (&state.result.input, &finding.place.source);
    let Some(file) = input.file_at(source.path()) else { return false };
    let text = applied(source.text(), vec![edit.clone()]);
    let after = Arc::new(Source::new(source.path().clone(), text.into_bytes()));
    let document = syntax::parse(after.clone(), file.document.format);
    let (at, length) = (edit.span.start, edit.replacement.len() as u32);
    let Span { start, end } = finding.place.span;
    let (comment, moved) =
        (Span { start: at, end: at + length }, Span { start: start + length, end: end + length });
    let is_meant =
        find_ignores(&document, &[]).iter().any(|it| comment.contains(it.span) && it.scope.contains(moved));
    let Ok(records) = state.linter.policy().recogniser().records(&document) else { return false };
    let is_same = |(before, record): (&Record, Record)| {
        let record = input.named_in_items(&record, &after).unwrap_or(record);
        before.id == record.id && same_tree(&before.fields, &record.fields)
    };
    let before = input.records_of(file);
    is_meant
        && document.problems.len() <= file.problems().len()
        && before.len() == records.len()
        && before.iter().zip(records).all(is_same)
}
