use super::Span;

/// An index of spans that finds those containing a given span. If the spans nest, a query takes time linear in the
/// depth of nesting.
#[derive(Clone, Debug, Default)]
pub struct SpanTree {
    /// Sorted by start, wider spans first; each with its index in the input.
    spans: Vec<(Span, usize)>,
    /// For each span, the position in `spans` of the last earlier one that overlaps it.
    enclosing: Vec<Option<usize>>,
}

impl SpanTree {
    pub fn new(spans: impl IntoIterator<Item = Span>) -> SpanTree {
        let mut spans: Vec<(Span, usize)> =
            (0..).zip(spans).map(|(input_index, span)| (span, input_index)).collect();
        spans.sort_by_key(|(span, input_index)| (span.start, std::cmp::Reverse(span.end), *input_index));
        let mut open: Vec<usize> = Vec::new();
        let mut enclosing = Vec::with_capacity(spans.len());
        for (position, (span, _)) in spans.iter().enumerate() {
            while open.last().is_some_and(|&last| spans[last].0.end <= span.start) {
                open.pop();
            }
            enclosing.push(open.last().copied());
            open.push(position);
        }
        SpanTree { spans, enclosing }
    }

    /// Returns the indices of the spans that contain `span`, in descending order of their starts.
    pub fn containing(&self, span: Span) -> impl Iterator<Item = usize> {
        let first = self.spans.partition_point(|(candidate, _)| candidate.start < span.start);
        let end = self.spans.partition_point(|(candidate, _)| candidate.start <= span.start);
        let ancestors = std::iter::successors(first.checked_sub(1), |&position| self.enclosing[position]);
        let candidates = (first..end).rev().chain(ancestors);
        candidates
            .map(|position| self.spans[position])
            .filter(move |(candidate, _)| candidate.contains(span))
            .map(|(_, input_index)| input_index)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn returns_all_spans_that_contain_a_span(
            spans in prop::collection::vec((0_usize..20, 0_usize..8), 0..12),
            (start, length) in (0_usize..20, 0_usize..4),
        ) {
            let spans: Vec<Span> = spans.iter().map(|(start, length)| Span::new(*start, start + length)).collect();
            let query = Span::new(start, start + length);
            let mut found: Vec<usize> = SpanTree::new(spans.iter().copied()).containing(query).collect();
            let starts: Vec<u32> = found.iter().map(|&input_index| spans[input_index].start).collect();
            prop_assert!(starts.is_sorted_by(|a, b| a >= b));
            found.sort_unstable();
            let expected: Vec<usize> = (0..spans.len()).filter(|&input_index| spans[input_index].contains(query)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
