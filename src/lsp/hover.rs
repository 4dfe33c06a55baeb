//! What a record or a rule says, in a few lines of plain text.

use lsp_types::request::HoverRequest;
use lsp_types::{Hover, HoverContents, HoverParams, MarkupContent, MarkupKind};

use crate::governing::describe;
use crate::input::Input;
use crate::node::Node;
use crate::record::Record;
use crate::rule::Rule;
use crate::term::TERM;

use super::context::{Answer, Context};
use super::cursor::{Cursor, plain};

pub(super) fn hover(context: &Context, params: HoverParams) -> Answer<HoverRequest> {
    let Some(cursor) = Cursor::new(context, &params.text_document_position_params) else { return Ok(None) };
    let of_rule = || cursor.rule().map(rule_lines);
    let lines = of_rule().or_else(|| cursor.record().map(|record| record_lines(cursor.input(), record)));
    Ok(lines.map(|lines| {
        let value = lines.iter().map(|line| plain(line)).collect::<Vec<_>>().join("\n");
        let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::PlainText, value });
        Hover { contents, range: None }
    }))
}

fn rule_lines(rule: &Rule) -> Vec<String> {
    vec![format!("{}: {}", rule.id, rule.title), rule.reason().to_owned()]
}

/// Returns at most five lines about a record; what it does not state is left out.
pub(super) fn record_lines(input: &Input, record: &Record) -> Vec<String> {
    let place = format!("{} {} in {}", record.kind.name, record.id, record.path);
    if *record.kind.name == *TERM {
        let definition = record.field("definition").and_then(Node::as_text);
        return [record.name(), definition.unwrap_or_default(), place.as_str()].map(str::to_owned).into();
    }
    let stated = describe(input, record);
    let owners = if stated.deciders.is_empty() { Vec::from_iter(stated.owner) } else { stated.deciders };
    let of_status = stated.status.map(|status| format!("status: {status}"));
    let owner = (!owners.is_empty()).then(|| format!("owner: {}", owners.join(", ")));
    let who: Vec<String> = owner.into_iter().chain(of_status).collect();
    let review = stated.review.map(|day| format!("review: {day}"));
    let lines =
        [Some(record.name().to_owned()), Some(place), Some(who.join("; ")), review, cited_by(input, record)];
    lines.into_iter().flatten().filter(|line| !line.is_empty()).collect()
}

/// Names the records that refer to a record.
fn cited_by(input: &Input, record: &Record) -> Option<String> {
    const SHOWN: usize = 5;
    let mut numbers: Vec<u32> = input.citations(record).map(|it| it.from).collect();
    numbers.dedup();
    let shown: Vec<&str> = numbers.iter().take(SHOWN).map(|number| &*input.record(*number).id).collect();
    let more = numbers.len().checked_sub(SHOWN).filter(|more| *more > 0);
    let more = more.map(|more| format!(" and {more} more")).unwrap_or_default();
    (!shown.is_empty()).then(|| format!("referred to by {}{more}", shown.join(", ")))
}
