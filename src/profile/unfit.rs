//! What a page states in a place that a field is read from, and that its pattern does not fit.

use regex_syntax::hir::HirKind;

use super::Profile;
use super::extract::{Extractor, Selector};
use super::view::View;
use crate::node::{Mapping, Node};
use crate::schema::nearest;
use crate::syntax::Document;

impl Profile {
    /// Returns what a page states where a field is read from, if the pattern of that place does not fit it, and the pattern.
    pub fn unfit_value(&self, field: &str, view: &View<'_>) -> Option<(Node, &str)> {
        self.extractors(field).find_map(|one| one.unfit_value(view))
    }

    /// Returns the correction of a user's own profile that names no place for a field, or reads it from the name or the title
    /// of a file and finds none there. `None` if the file itself can be corrected.
    pub fn how_to_correct(&self, field: &str) -> Option<String> {
        let own = self.own_path.as_ref().filter(|_| self.how_to_state(field).is_none())?;
        let Some((_, places)) = self.described_fields().find(|(name, _)| *name == field) else {
            return Some(format!("add `{field}`, or say under `fields` in `{own}` where pages state it"));
        };
        if let Some(line) = self.own_line_of(field) {
            return Some(format!(
                "write a line `{line} …` below the title, or correct `{field}` under `fields` in `{own}` if the pages state it elsewhere"
            ));
        }
        let places = places.join(" or the ");
        Some(format!("correct `{field}` under `fields` in `{own}`: it finds none in the {places}"))
    }

    /// Returns how the line begins from which a user's own profile reads a field in the text below the title: `@phase ~`.
    pub fn own_line_of(&self, field: &str) -> Option<String> {
        self.own_path.as_ref()?;
        self.extractors(field).find_map(Extractor::beginning_of_line)
    }

    /// Returns the first pointer of `at`, if no pointer leads to a list or a mapping of the file, and the nearest one that does.
    pub fn pointer_to_nothing(&self, document: &Document) -> Option<(&str, Option<String>)> {
        let root = document.roots.first()?;
        let leads = |at: &&str| root.pointer(at).is_some_and(|node| node.as_scalar().is_none());
        let mut pointers = self.items.at.iter().map(|at| &**at);
        let first = pointers.clone().next().filter(|_| !pointers.any(|at| leads(&at)))?;
        let names = root.as_mapping().map_or(&[][..], Mapping::entries).iter();
        let lists = names.filter(|entry| entry.value.as_scalar().is_none()).map(|entry| &*entry.key.name);
        let near = nearest(first.trim_start_matches('/'), lists);
        Some((first, near.map(|near| format!("/{near}"))))
    }
}

impl Extractor {
    /// Returns what a line, row, cell or key states, if the pattern does not fit it, and the pattern.
    pub(super) fn unfit_value(&self, view: &View<'_>) -> Option<(Node, &str)> {
        let is_named = matches!(
            self.selector,
            Selector::Header(_) | Selector::Row(_) | Selector::Cell(_) | Selector::Key(_)
        );
        let pattern = self.pattern.as_ref().filter(|_| is_named && self.read(view).is_none())?;
        let stated = self.selector.read(view).filter(|node| !node.is_blank())?;
        stated.as_text().is_some().then(|| (stated, pattern.text()))
    }

    /// Returns how a line begins that the pattern for the text below the title reads: `@phase ~`.
    pub(super) fn beginning_of_line(&self) -> Option<String> {
        let Selector::Preamble(pattern) = &self.selector else { return None };
        let parsed = regex_syntax::parse(pattern.text()).ok()?;
        let HirKind::Concat(parts) = parsed.kind() else { return None };
        let mut beginning = String::new();
        for part in parts.iter().skip_while(|part| matches!(part.kind(), HirKind::Look(_))) {
            match part.kind() {
                HirKind::Literal(literal) => beginning.push_str(std::str::from_utf8(&literal.0).ok()?),
                HirKind::Capture(_) if !beginning.trim().is_empty() => {
                    return Some(beginning.trim().to_owned());
                }
                _ => return None,
            }
        }
        None
    }
}
