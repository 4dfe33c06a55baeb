//! Values by a text, for the few look-ups of a suggestion: sorted lists take much less memory than a map of lists.

/// Values, those of the same text in the order in which they were added.
pub(super) struct ByText<V> {
    /// Sorted; each has the value at the same index.
    texts: Box<[Box<str>]>,
    values: Box<[V]>,
}

impl<V> FromIterator<(Box<str>, V)> for ByText<V> {
    fn from_iter<I: IntoIterator<Item = (Box<str>, V)>>(entries: I) -> ByText<V> {
        let mut entries: Vec<(Box<str>, V)> = entries.into_iter().collect();
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        let (texts, values): (Vec<Box<str>>, Vec<V>) = entries.into_iter().unzip();
        ByText { texts: texts.into(), values: values.into() }
    }
}

impl<V> ByText<V> {
    pub(super) fn get(&self, text: &str) -> &[V] {
        let first = self.texts.partition_point(|other| **other < *text);
        let length = self.texts[first..].partition_point(|other| **other == *text);
        &self.values[first..first + length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_a_text_stay_in_order() {
        let entries = [("b", 1), ("a", 2), ("b", 0), ("c", 3)];
        let by_text: ByText<u32> = entries.into_iter().map(|(text, value)| (text.into(), value)).collect();
        assert_eq!(by_text.get("b"), [1, 0]);
        assert_eq!(by_text.get("c"), [3]);
        assert!(by_text.get("bb").is_empty());
    }
}
