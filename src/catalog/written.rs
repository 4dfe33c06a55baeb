//! Files as they are written: with the trees and the parts of pages that a catalog does not keep, because few rules read
//! them.

use crate::node::Node;
use crate::record::Record;
use crate::syntax::markdown::Heading;
use crate::syntax::{self, Document};
use crate::text::Span;

use super::{Catalog, SourceFile};

impl Catalog {
    /// Returns a file with its trees and all parts of its page. Parses it once.
    pub fn document<'s>(&'s self, file: &'s SourceFile) -> &'s Document {
        let Some(at) = self.index_of(file) else { return &file.document };
        let parse = || Box::new(syntax::parse(file.source().clone(), file.document.format));
        self.lazy.documents[at].get_or_init(parse)
    }

    /// Returns the headings of a page, for which it parses the page only where the catalog does not keep them.
    pub fn headings<'s>(&'s self, file: &'s SourceFile) -> &'s [Heading] {
        let Some(page) = &file.document.markdown else { return &[] };
        let has_none = page.anchors.is_empty();
        if !page.headings.is_empty() || has_none {
            return &page.headings;
        }
        self.document(file).markdown.as_ref().map_or(&[], |page| &page.headings)
    }

    /// Returns the mapping that a record is written as, before its fields get canonical names; `None` for the row of a table.
    pub fn mapping_of<'s>(&'s self, record: &'s Record) -> Option<&'s Node> {
        let document = self.document(self.file_of(record));
        let lead = document.markdown.as_ref().and_then(|page| page.lead.as_ref()).map(|lead| &lead.fields);
        outermost_mapping(document.roots.iter().chain(lead), record.span)
    }
}

/// Returns the first mapping within a span that is in no other mapping within it.
fn outermost_mapping<'n>(nodes: impl Iterator<Item = &'n Node>, within: Span) -> Option<&'n Node> {
    let mut open: Vec<&Node> = nodes.collect();
    open.reverse();
    while let Some(node) = open.pop() {
        if node.span.end < within.start || node.span.start > within.end {
            continue;
        }
        match (node.as_mapping(), node.as_sequence()) {
            (Some(_), _) if within.contains(node.span) => return Some(node),
            (Some(mapping), _) => open.extend(mapping.entries().iter().rev().map(|entry| &entry.value)),
            (_, Some(items)) => open.extend(items.iter().rev()),
            _ => {}
        }
    }
    None
}
