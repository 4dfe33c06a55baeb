"""A session of `alignlint lsp` with the client of pytest-lsp: open, see diagnostics, change, apply a fix, rename.

ALIGNLINT is the program; tests/editors/run sets it.
"""

import asyncio
import contextlib
import os
import tempfile
from pathlib import Path

import pytest
import pytest_lsp
import scene
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

AS_OF = "2026-11-20"
SERVER = ClientServerConfig(server_command=[os.environ["ALIGNLINT"], "lsp", "--as-of", AS_OF])
# It starts a few seconds before a year ends, on its clock.
LATE = ClientServerConfig(server_command=["faketime", "--exclude-monotonic", "-f", "@2026-12-31 23:59:56", os.environ["ALIGNLINT"], "lsp"], server_env={"TZ": "UTC"})


class Editor:
    """The documents of a client, and what the server has said about them."""

    def __init__(self, client: LanguageClient, folder: Path):
        self.client, self.folder, self.texts, self.versions = client, folder, {}, {}

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str) -> None:
        uri = self.uri(name)
        self.texts[uri], self.versions[uri] = (self.folder / name).read_bytes().decode(), 1
        item = lsp.TextDocumentItem(uri=uri, language_id="yaml", version=1, text=self.texts[uri])
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))

    def position(self, name: str, words: str, after: int = 0) -> lsp.Position:
        """Where these words begin, in units of UTF-16."""
        before = self.texts[self.uri(name)]
        before = before[: before.index(words) + after]
        line = before.rpartition("\n")[2]
        return lsp.Position(line=before.count("\n"), character=len(line.encode("utf-16-le")) // 2)

    def offset(self, uri: str, position: lsp.Position) -> int:
        lines = self.texts[uri].split("\n")
        line = lines[position.line].encode("utf-16-le")[: 2 * position.character].decode("utf-16-le")
        return sum(len(it) + 1 for it in lines[: position.line]) + len(line)

    def edit(self, uri: str, edits: list) -> None:
        """Applies edits of one document, and sends each as the change of a range."""
        for edit in sorted(edits, key=lambda it: (it.range.start.line, it.range.start.character), reverse=True):
            start, end = self.offset(uri, edit.range.start), self.offset(uri, edit.range.end)
            self.texts[uri] = self.texts[uri][:start] + edit.new_text + self.texts[uri][end:]
            self.versions[uri] += 1
            document = lsp.VersionedTextDocumentIdentifier(uri=uri, version=self.versions[uri])
            change = lsp.TextDocumentContentChangePartial(range=edit.range, text=edit.new_text)
            self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(text_document=document, content_changes=[change]))

    def replace(self, name: str, old: str, new: str) -> None:
        start, end = self.position(name, old), self.position(name, old, len(old))
        self.edit(self.uri(name), [lsp.TextEdit(range=lsp.Range(start=start, end=end), new_text=new)])

    def apply(self, change: lsp.WorkspaceEdit) -> list:
        """Applies an edit of the server to the version that it is for. Returns the names of the files."""
        for part in change.document_changes or []:
            assert part.text_document.version in (None, self.versions.get(part.text_document.uri)), part
        parts = {part.text_document.uri: part.edits for part in change.document_changes or []} or dict(change.changes or {})
        for uri, edits in parts.items():
            if uri not in self.texts:
                self.open(Path(uri.removeprefix("file://")).relative_to(self.folder).as_posix())
            self.edit(uri, edits)
        return sorted(Path(uri).name for uri in parts)

    async def sees(self, name: str, *rules: str) -> list:
        """Waits for exactly the diagnostics of these rules."""
        uri = self.uri(name)

        def found() -> list:
            return sorted(str(it.code) for it in self.client.diagnostics.get(uri, []) if it.severity != lsp.DiagnosticSeverity.Hint)

        for _ in range(100):
            if uri in self.client.diagnostics and found() == sorted(rules):
                return list(self.client.diagnostics[uri])
            await asyncio.sleep(0.1)
        raise AssertionError(f"{name}: {found()}, not {sorted(rules)}")


@contextlib.asynccontextmanager
async def session(lsp_client: LanguageClient, editor: str):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        scene.build(folder)
        # A client that can watch files is asked to.
        lsp_client.feature(lsp.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
        folders = [lsp.WorkspaceFolder(uri=folder.as_uri(), name="records")]
        capabilities = client_capabilities(editor)
        await lsp_client.initialize_session(lsp.InitializeParams(capabilities=capabilities, root_uri=folder.as_uri(), workspace_folders=folders))
        lsp_client.editor = Editor(lsp_client, folder)
        yield
        await lsp_client.shutdown_session()


@pytest_lsp.fixture(config=SERVER, params=["neovim@v0.7.0", "visual-studio-code@latest"])
async def client(request, lsp_client: LanguageClient):
    async with session(lsp_client, request.param):
        yield


@pytest_lsp.fixture(config=LATE)
async def late_client(lsp_client: LanguageClient):
    async with session(lsp_client, "neovim@v0.7.0"):
        yield


DECISIONS = "governance/decisions.yaml"
ONE_SIDED = "decision/one-sided-supersede"


@pytest.mark.asyncio
async def test_open_and_change(client: LanguageClient):
    editor = client.editor
    editor.open(DECISIONS)
    [found] = await editor.sees(DECISIONS, ONE_SIDED)
    assert found.range.start == editor.position(DECISIONS, "superseded") and found.source == "alignlint"
    # Also of a file that is not open.
    await editor.sees("governance/assumptions.yaml", "ownership/unknown")

    # The name stands behind two characters of two units.
    editor.replace(DECISIONS, "owner: ada, supersedes", "owner: bob, supersedes")
    unknown = next(it for it in await editor.sees(DECISIONS, ONE_SIDED, "ownership/unknown") if it.code == "ownership/unknown")
    assert unknown.range.start == editor.position(DECISIONS, "bob, supersedes"), unknown.range
    editor.replace(DECISIONS, "owner: bob, supersedes", "owner: ada, supersedes")
    await editor.sees(DECISIONS, ONE_SIDED)


@pytest.mark.asyncio
async def test_apply_a_fix(client: LanguageClient):
    editor = client.editor
    editor.open(DECISIONS)
    [found] = await editor.sees(DECISIONS, ONE_SIDED)
    document = lsp.TextDocumentIdentifier(uri=editor.uri(DECISIONS))
    context = lsp.CodeActionContext(diagnostics=[found])
    actions = await editor.client.text_document_code_action_async(lsp.CodeActionParams(text_document=document, range=found.range, context=context))
    [fix] = [it for it in actions if it.kind == lsp.CodeActionKind.QuickFix and it.is_preferred]
    if not fix.edit:
        fix = await editor.client.code_action_resolve_async(fix)
    assert editor.apply(fix.edit) == ["decisions.yaml"]
    await editor.sees(DECISIONS)
    assert "superseded-by" in editor.texts[editor.uri(DECISIONS)]


@pytest.mark.asyncio
async def test_rename(client: LanguageClient):
    editor = client.editor
    editor.open(DECISIONS)
    await editor.sees(DECISIONS, ONE_SIDED)
    document = lsp.TextDocumentIdentifier(uri=editor.uri(DECISIONS))
    position = editor.position(DECISIONS, "D-1", 1)
    change = await editor.client.text_document_rename_async(lsp.RenameParams(text_document=document, position=position, new_name="D-9"))
    assert editor.apply(change) == ["assumptions.yaml", "decisions.yaml"]
    await editor.sees(DECISIONS, ONE_SIDED)
    text = editor.texts[editor.uri(DECISIONS)]
    assert text.count("D-9") == 2 and "D-1" not in text and text.count("\r\n") == text.count("\n"), text


@pytest.mark.asyncio
async def test_ask_about_what_is_under_the_cursor(client: LanguageClient):
    editor = client.editor
    editor.open(DECISIONS)
    await editor.sees(DECISIONS, ONE_SIDED)
    document = lsp.TextDocumentIdentifier(uri=editor.uri(DECISIONS))
    # The citation of D-1 stands behind two characters of two units.
    cited = editor.position(DECISIONS, "supersedes: [D-1]", len("supersedes: [D"))
    hover = await client.text_document_hover_async(lsp.HoverParams(text_document=document, position=cited))
    shown = hover.contents.value if isinstance(hover.contents, lsp.MarkupContent) else str(hover.contents)
    assert "Sell through partners" in shown, shown

    found = await client.text_document_definition_async(lsp.DefinitionParams(text_document=document, position=cited))
    found = found if isinstance(found, (list, tuple)) else [found]
    places = [(getattr(it, "target_uri", None) or it.uri, (getattr(it, "target_selection_range", None) or it.range).start.line) for it in found]
    assert places == [(document.uri, editor.position(DECISIONS, "id: D-1").line)], places

    context = lsp.ReferenceContext(include_declaration=False)
    found = await client.text_document_references_async(lsp.ReferenceParams(text_document=document, position=cited, context=context))
    assert (document.uri, cited.line) in [(it.uri, it.range.start.line) for it in found or []], found

    owner = editor.position(DECISIONS, "owner: ada, supersedes", len("owner: "))
    offered = await client.text_document_completion_async(lsp.CompletionParams(text_document=document, position=owner))
    items = offered.items if isinstance(offered, lsp.CompletionList) else offered
    assert "ada" in [it.label for it in items], [it.label for it in items]


@pytest.mark.asyncio
async def test_the_server_writes_nothing(client: LanguageClient):
    editor = client.editor
    editor.open(DECISIONS)
    await editor.sees(DECISIONS, ONE_SIDED)
    editor.replace(DECISIONS, "D-2", "D-3")
    await asyncio.sleep(0.5)
    assert {path.relative_to(editor.folder).as_posix(): path.read_bytes().decode() for path in editor.folder.glob("governance/*")} == scene.FILES


@pytest.mark.asyncio
async def test_the_day_changes_at_midnight(late_client: LanguageClient):
    editor = late_client.editor
    name = "governance/assumptions.yaml"
    editor.open(name)
    editor.replace(name, "owner: bob", "owner: ada\n    review-by: 2026-12-31")
    await editor.sees(name)
    await editor.sees(name, "assumption/stale")
