//! Edits for the client to apply, each bound to the version of the document that was checked.

use std::collections::BTreeMap;

use lsp_types::{
    DocumentChangeOperation, DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, RenameFile,
    ResourceOp, ResourceOperationKind, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};

use crate::text::{Edit, Source};

use super::context::Context;

/// Edits of files that were checked, by path from the root of the checked folder.
#[derive(Default)]
pub(super) struct Edits<'s> {
    files: BTreeMap<&'s str, (&'s Source, Vec<Edit>)>,
    /// The new path of a file.
    pub moved: Option<(&'s str, &'s str)>,
}

impl<'s> Edits<'s> {
    pub(super) fn add(&mut self, source: &'s Source, edits: impl IntoIterator<Item = Edit>) {
        self.files.entry(source.path()).or_insert_with(|| (source, Vec::new())).1.extend(edits);
    }

    /// Returns what the client is to do; or why it can't be done: a document has another version by now.
    pub(super) fn into_workspace_edit(self, context: &Context) -> Result<WorkspaceEdit, String> {
        let edits = context.client.workspace.as_ref().and_then(|it| it.workspace_edit.as_ref());
        let operations = edits.and_then(|it| it.resource_operations.as_deref()).unwrap_or_default();
        // Neovim 0.7 says nothing else of changes by document, which alone can hold operations.
        let is_versioned = edits.and_then(|it| it.document_changes) == Some(true) || !operations.is_empty();
        if self.moved.is_some() && !operations.contains(&ResourceOperationKind::Rename) {
            return Err("the client can't rename files; run `alignlint rename`".to_owned());
        }
        let mut changes: Vec<(Uri, Option<i32>, Vec<TextEdit>)> = Vec::new();
        for (path, (source, mut edits)) in self.files {
            edits.sort_unstable();
            edits.dedup();
            let edit =
                |edit: Edit| TextEdit::new(context.encoding.range(source, edit.span), edit.replacement);
            let (uri, version) = checked_version(context, path)?;
            changes.push((uri, version, edits.into_iter().map(edit).collect()));
        }
        changes.retain(|(.., edits)| !edits.is_empty());
        if !is_versioned {
            let changes = changes.into_iter().map(|(uri, _, edits)| (uri, edits));
            return Ok(WorkspaceEdit { changes: Some(changes.collect()), ..WorkspaceEdit::default() });
        }
        let edits = changes.into_iter().map(|(uri, version, edits)| TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
            edits: edits.into_iter().map(OneOf::Left).collect(),
        });
        let document_changes = match self.moved {
            None => DocumentChanges::Edits(edits.collect()),
            Some((old, new)) => {
                let uri = |path: &str| context.root.uri(&context.state?.path_in_repository(path));
                let (old_uri, new_uri) = uri(old).zip(uri(new)).ok_or("the new path is no URI")?;
                let rename = RenameFile { old_uri, new_uri, options: None, annotation_id: None };
                let rename = DocumentChangeOperation::Op(ResourceOp::Rename(rename));
                DocumentChanges::Operations(
                    edits.map(DocumentChangeOperation::Edit).chain([rename]).collect(),
                )
            }
        };
        Ok(WorkspaceEdit { document_changes: Some(document_changes), ..WorkspaceEdit::default() })
    }
}

/// Returns the URI and the version of a file as it was checked; no version of one that is not open.
fn checked_version(context: &Context, path: &str) -> Result<(Uri, Option<i32>), String> {
    let changed = || format!("`{path}` has changed since the last check");
    let state = context.state.ok_or_else(changed)?;
    let whole = state.path_in_repository(path);
    match (context.documents.get(&whole), state.versions.get(&*whole)) {
        (Some(open), Some(version)) if open.version == *version => Ok((open.uri.clone(), Some(*version))),
        (None, None) => Ok((context.root.uri(&whole).ok_or_else(changed)?, None)),
        _ => Err(changed()),
    }
}
