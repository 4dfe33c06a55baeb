//! Spans that lie in each other and beside each other, such as the parts of a tree: which of them are around a place.

use super::Span;

/// Some spans, by what they are around. Where none ends inside another, to ask takes as long as they are deep, however
/// many they are.
#[derive(Clone, Debug, Default)]
pub struct SpanTree {
    /// Each with its number, in the order of their starts, the wider first.
    spans: Vec<(Span, usize)>,
    /// For each, the nearest one before it that reaches into it.
    outer: Vec<Option<usize>>,
}

impl SpanTree {
    /// Numbers the spans in their order.
    pub fn new(spans: impl IntoIterator<Item = Span>) -> SpanTree {
        let mut spans: Vec<(Span, usize)> = (0..).zip(spans).map(|(number, span)| (span, number)).collect();
        spans.sort_by_key(|(span, number)| (span.start, std::cmp::Reverse(span.end), *number));
        let mut open: Vec<usize> = Vec::new();
        let mut outer = Vec::with_capacity(spans.len());
        for (at, (span, _)) in spans.iter().enumerate() {
            while open.last().is_some_and(|&last| spans[last].0.end <= span.start) {
                open.pop();
            }
            outer.push(open.last().copied());
            open.push(at);
        }
        SpanTree { spans, outer }
    }

    /// The numbers of those that contain a span: the later they start, the sooner they come.
    pub fn containing(&self, span: Span) -> impl Iterator<Item = usize> {
        let first = self.spans.partition_point(|(one, _)| one.start < span.start);
        let end = self.spans.partition_point(|(one, _)| one.start <= span.start);
        let outwards = std::iter::successors(first.checked_sub(1), |&at| self.outer[at]);
        let near = (first..end).rev().chain(outwards);
        near.map(|at| self.spans[at]).filter(move |(one, _)| one.contains(span)).map(|(_, number)| number)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn those_around_a_span_are_those_that_contain_it(
            spans in prop::collection::vec((0_usize..20, 0_usize..8), 0..12),
            (start, length) in (0_usize..20, 0_usize..4),
        ) {
            let spans: Vec<Span> = spans.iter().map(|(start, length)| Span::new(*start, start + length)).collect();
            let asked = Span::new(start, start + length);
            let mut found: Vec<usize> = SpanTree::new(spans.iter().copied()).containing(asked).collect();
            let starts: Vec<u32> = found.iter().map(|&number| spans[number].start).collect();
            prop_assert!(starts.is_sorted_by(|a, b| a >= b));
            found.sort_unstable();
            let expected: Vec<usize> = (0..spans.len()).filter(|&number| spans[number].contains(asked)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
