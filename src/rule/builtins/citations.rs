//! Members of files that are no records and cite some: source code, configuration, pages.

use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalResult, Fact, FactIdentity, FactType, MemberType, Value,
};

use super::args::citing_file;

pub(super) static CITATION: FactType = FactType {
    is_searchable: false,
    name: "a citation",
    members: &[
        ("text", MemberType::String),
        ("line", MemberType::String),
        ("comment", MemberType::Bool),
        ("target", MemberType::Record),
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
        Fact::new(members, citation.span, identity).into()
    });
    Ok(Value::list(facts.collect()))
}
