//! What a reader has no room for: which findings a report leaves out, and how it says so. Every format with
//! a limit keeps its findings by [`keep`] and returns the [`Omitted`].

use super::{by_severity, enumerated};
use crate::finding::Finding;

/// The findings that a report does not tell, and why; nothing where it tells them all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Omitted {
    counts: [usize; 3],
    /// Whose limit it is: `GitHub takes no more than …`.
    why: &'static str,
}

impl Omitted {
    /// The findings that are not told.
    pub fn count(&self) -> usize {
        self.counts.iter().sum()
    }

    /// `20 errors and 5,000 notes are left out: GitHub takes …`; none where nothing is left out.
    pub fn message(&self) -> Option<String> {
        let counts = by_severity(|severity| self.counts[severity as usize]);
        let verb = if self.count() == 1 { "is" } else { "are" };
        (self.count() > 0).then(|| format!("{} {verb} left out: {}.", enumerated(&counts), self.why))
    }
}

/// What is left of a reader's limits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub findings: usize,
    pub bytes: usize,
}

impl Room {
    /// Takes the room of one more finding of so many bytes, if it is there.
    pub fn take(&mut self, bytes: usize) -> bool {
        let fits = self.findings > 0 && bytes <= self.bytes;
        if fits {
            self.findings -= 1;
            self.bytes -= bytes;
        }
        fits
    }
}

/// The findings for which there is room, in catalog order. The gravest are asked first, and of one severity the
/// first in the catalog: so the same findings are kept in every run, and one error outlives any number of notes.
pub(super) fn keep<'f>(
    findings: &'f [Finding],
    why: &'static str,
    mut fits: impl FnMut(&'f Finding) -> bool,
) -> (Vec<&'f Finding>, Omitted) {
    let mut left_out = Omitted { why, ..Omitted::default() };
    let mut kept: Vec<usize> = Vec::with_capacity(findings.len());
    for at in gravest_first(findings) {
        match fits(&findings[at]) {
            true => kept.push(at),
            false => left_out.counts[findings[at].severity as usize] += 1,
        }
    }
    kept.sort_unstable();
    (kept.into_iter().map(|at| &findings[at]).collect(), left_out)
}

/// The findings' numbers, by severity, then in their order.
fn gravest_first(findings: &[Finding]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(findings[at].severity));
    order
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::finding::Severity;

    #[test]
    fn the_gravest_are_kept_and_the_rest_is_counted() {
        use Severity::{Error, Note, Warning};
        let severities = [Note, Warning, Error, Note, Error, Warning];
        let findings = severities.map(|severity| Finding { severity, ..sample::finding("a", "x", "x") });
        let mut room = Room { findings: 3, bytes: 100 };
        let (kept, left_out) = keep(&findings, "the wall is full", |_| room.take(30));
        let kept: Vec<Severity> = kept.iter().map(|finding| finding.severity).collect();
        assert_eq!((kept, left_out.count()), (vec![Warning, Error, Error], 3));
        let said = left_out.message().unwrap();
        assert_eq!(said, "1 warning and 2 notes are left out: the wall is full.");
    }

    #[test]
    fn what_is_too_long_makes_room_for_what_is_short() {
        let long = Finding { message: "m".repeat(90), ..sample::finding("a", "x", "x") };
        let findings = [long, sample::finding("b", "x", "x")];
        let mut room = Room { findings: 2, bytes: 80 };
        let (kept, left_out) = keep(&findings, "", |finding| room.take(finding.message.len()));
        assert_eq!((&**kept[0].place.source.path(), left_out.count()), ("b", 1));
    }

    #[test]
    fn nothing_is_said_where_nothing_is_left_out() {
        let findings = [sample::finding("a", "x", "x")];
        let (kept, left_out) = keep(&findings, "full", |_| true);
        assert_eq!((kept.len(), left_out.message()), (1, None));
    }
}
