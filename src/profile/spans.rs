//! Parts of a page, which are asked for in its order.

use crate::text::Span;

/// Spans that do not overlap, in the order of the page.
pub(super) struct Spans<'s> {
    rest: &'s [Span],
}

impl<'s> Spans<'s> {
    pub(super) fn new(spans: &'s [Span]) -> Spans<'s> {
        Spans { rest: spans }
    }

    /// Starts do not decrease from one call to the next.
    pub(super) fn hold(&mut self, start: u32) -> bool {
        while let Some((_, rest)) = self.rest.split_first().filter(|(span, _)| span.end <= start) {
            self.rest = rest;
        }
        self.rest.first().is_some_and(|span| span.start <= start)
    }
}

/// Keeps what begins in one of the parts, or all if there are none to be in.
pub(super) fn keep<T>(found: &mut Vec<T>, parts: Option<&[Span]>, start: impl Fn(&T) -> u32) {
    if let Some(parts) = parts {
        let mut parts = Spans::new(parts);
        found.retain(|one| parts.hold(start(one)));
    }
}
