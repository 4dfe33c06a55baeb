//! The documents that the client has open, with its text.

use std::collections::BTreeMap;
use std::sync::Arc;

use lsp_types::{TextDocumentContentChangeEvent, Uri};

use crate::text::Source;

use super::position::Encoding;

/// By path from the root of the repository.
#[derive(Default)]
pub(super) struct Documents(BTreeMap<Arc<str>, Document>);

#[derive(Clone)]
pub(super) struct Document {
    /// As the client writes it.
    pub uri: Uri,
    pub version: i32,
    /// Its path is the one from the root of the repository.
    pub source: Arc<Source>,
}

impl Documents {
    pub(super) fn get(&self, path: &str) -> Option<&Document> {
        self.0.get(path)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Document)> {
        self.0.iter()
    }

    pub(super) fn open(&mut self, path: String, uri: Uri, version: i32, text: String) {
        let path: Arc<str> = path.into();
        let source = Arc::new(Source::new(path.clone(), text.into_bytes()));
        self.0.insert(path, Document { uri, version, source });
    }

    pub(super) fn close(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// Applies changes in their order; those of a document that is not open have no effect.
    pub(super) fn change(
        &mut self,
        path: &str,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) {
        let Some(document) = self.0.get_mut(path) else { return };
        let mut text = document.source.text().to_owned();
        let mut known = (0, 0);
        for change in changes {
            match change.range {
                Some(range) => {
                    let start = encoding.offset_in(&text, range.start, &mut known);
                    let end = encoding.offset_in(&text, range.end, &mut known.clone()).max(start);
                    text.replace_range(start..end, &change.text);
                }
                None => (text, known) = (change.text, (0, 0)),
            }
        }
        let source = Arc::new(Source::new(document.source.path().clone(), text.into_bytes()));
        *document = Document { version, source, uri: document.uri.clone() };
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use lsp_types::{Position, Range};

    use super::*;

    fn edit(from: (u32, u32), to: (u32, u32), text: &str) -> TextDocumentContentChangeEvent {
        let range = Range::new(Position::new(from.0, from.1), Position::new(to.0, to.1));
        TextDocumentContentChangeEvent { range: Some(range), range_length: None, text: text.to_owned() }
    }

    fn after(text: &str, encoding: Encoding, changes: Vec<TextDocumentContentChangeEvent>) -> String {
        let mut documents = Documents::default();
        let uri = Uri::from_str("file:///a.md").expect("a URI");
        documents.open("a.md".to_owned(), uri, 1, text.to_owned());
        documents.change("a.md", 2, changes, encoding);
        let document = documents.get("a.md").expect("it is open");
        assert_eq!(document.version, 2);
        document.source.text().to_owned()
    }

    #[test]
    fn changes_apply_one_after_the_other() {
        let changes =
            || vec![edit((0, 0), (0, 1), "xy\n"), edit((1, 0), (1, 1), "B"), edit((9, 0), (9, 9), "!")];
        assert_eq!(after("ab\r\nc", Encoding::Utf16, changes()), "xy\nB\r\nc!");
        let whole =
            TextDocumentContentChangeEvent { range: None, range_length: None, text: "new".to_owned() };
        assert_eq!(after("old", Encoding::Utf8, vec![whole, edit((0, 3), (0, 3), "er")]), "newer");
    }

    #[test]
    fn a_change_counts_in_the_units_of_the_client() {
        assert_eq!(after("📌 a\r\né b", Encoding::Utf16, vec![edit((0, 3), (1, 1), "-")]), "📌 - b");
        assert_eq!(after("📌 a\r\né b", Encoding::Utf8, vec![edit((0, 5), (1, 2), "-")]), "📌 - b");
        // An end before its start is no reason to lose text.
        assert_eq!(after("abc", Encoding::Utf8, vec![edit((0, 2), (0, 1), "x")]), "abxc");
    }
}
