//! The period in the title of a page or a chapter, or in its path.

use crate::calendar::Period;
use crate::kind::{FieldType, Kind};
use crate::layout::{Content, Origin, Statement};
use crate::syntax::Document;
use crate::text::Span;
use crate::value::words;

/// Returns the period in the name of a page or of its folder: `okrs/2026-Q4.md`, `okrs/2026-Q4/sales.md`. What the page states counts before it.
pub(super) fn period_of_path<'a>(document: &'a Document, kind: &Kind) -> Option<Statement<'a>> {
    let field = kind.shape.fields.iter().find(|field| matches!(field.ty, FieldType::Period))?;
    let path: &'a str = document.source.path();
    let folder = path.rfind('/').and_then(|at| path[..at].rfind('/')).map_or(0, |at| at + 1);
    let period = period_in(&path[folder..], |c| !c.is_alphanumeric())?;
    let start = Span::at(document.source.bom_len());
    Some(Statement::new(&field.name, start, Content::Name(period), start, Origin::FileName))
}

/// Returns the period that a text names in one word or two: `2026-Q4` of `OKRs 2026-Q4`, `Q4 2026`.
pub(super) fn period_in(text: &str, is_gap: impl Fn(char) -> bool) -> Option<&str> {
    let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    let words: Vec<&str> = text.split(is_gap).filter(|word| !word.is_empty()).collect();
    let is_end = |it: &str| {
        let before = text[..start(it)].trim_end();
        words::is_in("before-ends", before.rsplit(' ').next().unwrap_or_default()) || before.ends_with('–')
    };
    let is_period = |it: &&str| Period::parse(it, 1).is_some() && !is_end(it);
    let pairs = words.windows(2).map(|pair| &text[start(pair[0])..start(pair[1]) + pair[1].len()]);
    pairs.chain(words.iter().copied()).map(|it| it.trim_matches([',', '(', ')', ':'])).find(is_period)
}
