//! Sections that the directive `sectnum` numbers.

use crate::syntax::Markdown;
use crate::syntax::markdown::slug;

/// Adds the anchors that GitHub gives numbered sections: `131upgrading` for `1.3.1 Upgrading`.
pub(super) fn push_anchors(page: &mut Markdown) {
    let Some(top) = page.headings.iter().map(|heading| heading.level).min() else { return };
    // docutils takes a title that no other heading shares its level with for the title of the document.
    let has_title = page.headings.first().is_some_and(|first| first.level == top)
        && page.headings.iter().filter(|heading| heading.level == top).count() == 1;
    let depth = |level: u8| usize::from(level - top) + usize::from(!has_title);
    let mut numbers: Vec<usize> = Vec::new();
    for heading in page.headings.iter().skip(usize::from(has_title)) {
        numbers.resize(depth(heading.level), 0);
        if let Some(last) = numbers.last_mut() {
            *last += 1;
        }
        let digits: String = numbers.iter().map(ToString::to_string).collect();
        page.anchors.push(&format!("{digits}{}", slug(&heading.title)));
    }
}
