//! Members of files that are no records and cite some: source code, configuration, pages.

use std::sync::Arc;

use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalResult, Fact, FactIdentity, FactMember, FactType, MemberType, Value,
};

use super::args::citing_file;

pub(super) static CITATION: FactType = FactType {
    is_searchable: false,
    name: "a citation",
    members: &[
        FactMember("text", MemberType::String, "the citation as written", ""),
        FactMember("line", MemberType::String, "the line around it, without white space at both ends", ""),
        FactMember(
            "comment",
            MemberType::Bool,
            "true in a comment of code or configuration, false in the prose of a page",
            "",
        ),
        FactMember("target", MemberType::Record, "the record that it names", "it names none"),
    ],
    examples: &[
        r#"file.citations[0].text == "ADR-1" && file.citations[0].comment"#,
        r#"file.citations[0].target.title == "Record decisions" && file.citations[0].line.endsWith("see ADR-1")"#,
    ],
};

pub(super) fn citations<'a>(cx: &Context<'a>, value: &Value<'a>) -> EvalResult<'a> {
    let file = citing_file(value)?;
    cx.step(file.citations.len() * ELEMENT_COST)?;
    let source = file.source();
    let facts = file.citations.iter().map(|citation| {
        let mut members = vec![
            ("text", Value::string(source.slice(citation.span))),
            ("line", Value::string(source.slice(source.line_span(citation.span.start as usize)).trim())),
            ("comment", Value::Bool(citation.in_comment)),
        ];
        members.extend(citation.target.map(|number| ("target", Value::Record(cx.catalog.record(number)))));
        let identity = FactIdentity::Members(&["text"]);
        Value::Fact(Arc::new(Fact {
            members,
            path: None,
            span: citation.span,
            related: None,
            written: None,
            identity,
        }))
    });
    Ok(Value::list(facts.collect()))
}
