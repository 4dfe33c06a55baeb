//! Which known word somebody may have meant.

/// The candidate that `word` most likely is a slip of, if any is close: at most one edit in three
/// letters, whatever the case. Of equally close ones the first.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let allowed = (length / 3).clamp(1, 4);
    let distance = |candidate: &str| {
        let close = candidate.chars().count().abs_diff(length) <= allowed;
        close.then(|| strsim::osa_distance(&word, &candidate.to_lowercase()))
    };
    candidates
        .into_iter()
        .filter_map(|candidate| Some((distance(candidate)?, candidate)))
        .filter(|(distance, candidate)| *distance <= allowed && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The question that every suggestion is put as.
pub fn did_you_mean(meant: impl std::fmt::Display) -> String {
    format!("Did you mean `{meant}`?")
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_a_slip_away_is_near() {
        let known = ["proposed", "accepted", "rejected", "for"];
        assert_eq!(nearest("aproved", ["approved", "accepted"]), Some("approved"));
        assert_eq!(nearest("imlpemented", ["implemented", "implementable"]), Some("implemented"));
        assert_eq!(nearest("Accepetd", known), Some("accepted"));
        assert_eq!(nearest("foo", known), Some("for"));
        assert_eq!(nearest("banana", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest("x", ["y"]), None);
    }
}
