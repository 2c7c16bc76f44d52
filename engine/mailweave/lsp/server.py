"""`mailweave lsp`: the server's requests and notifications, each answered from the desk."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import Final, TypeVar

from lsprotocol import types as t
from pygls import uris
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lsp import answers, changes
from mailweave.lsp.background import Background
from mailweave.lsp.campaign_files import role_of, stock_files
from mailweave.lsp.desk import Desk, real_path
from mailweave.lsp.findings import Found, as_found
from mailweave.lsp.index import index_of
from mailweave.lsp.renaming import refusal, renamed
from mailweave.lsp.reports import Report
from mailweave.lsp.rule_completion import complete_rules
from mailweave.lsp.syntax import syntax_findings

_TRIGGERS: Final = (".", "|", " ", '"', "{", "%", "[", "=")
_WATCHED: Final = "**/*.{rules,toml,html,txt,liquid,css,json,po}"
_log = logging.getLogger(__name__)
_P = TypeVar("_P")
_R = TypeVar("_R")


class Server(LanguageServer):
    """The language server. `found`: what was last said of each file."""

    def __init__(self) -> None:
        super().__init__("mailweave", version("mailweave"))
        self.desk = Desk()
        self.found: dict[str, tuple[Found, ...]] = {}
        self.files_of: dict[str, set[str]] = defaultdict(set)
        self._background: Background | None = None

    @property
    def background(self) -> Background:
        """What checks campaigns; begun with the first text."""
        if self._background is None:
            self._background = Background(self.desk.unsaved, self.tell, self.fault)
        return self._background

    def path(self, uri: str) -> str:
        """The real path of a file that an editor names."""
        return real_path(uris.to_fs_path(uri) or uri)

    def typed(self, path: str) -> None:
        """A text is another one now: mistakes of syntax are said at once, the rest when it rests."""
        if role_of(path) is None:
            return
        if path.endswith(".rules"):
            self.tell_syntax(path)
        self.background.wanted(self.desk.unit(path))

    def tell_syntax(self, path: str) -> None:
        """Where a rule text does not parse, says so; nothing else is sure of it then."""
        broken = syntax_findings(path, self.desk.text(path).text)
        if broken:
            self.publish(path, as_found(broken, path))

    def tell(self, unit: str, report: Report) -> None:
        """What was found in a campaign, file by file, nothing included; what is said no more is taken back."""
        self.desk.types[unit] = report.types or self.desk.types.get(unit, {})
        by_file: dict[str, list[Found]] = defaultdict(list)
        for one in report.found:
            by_file[one.path].append(one)
        for path in sorted(self.files_of[unit] | set(by_file) | self.desk.opened(unit)):
            self.publish(path, tuple(by_file.get(path, ())))
        self.files_of[unit] = set(by_file)

    def publish(self, path: str, found: Sequence[Found]) -> None:
        """Tells the editor what is said of a file."""
        self.found[path] = tuple(found)
        self.files_of[self.desk.unit(path)].add(path)
        uri = uris.from_fs_path(path) or path
        params = t.PublishDiagnosticsParams(uri, changes.diagnostics(found))
        self.text_document_publish_diagnostics(params)

    def fault(self, error: Exception) -> None:
        """A check failed by a fault of ours: told by its kind, as its text may hold what an author wrote."""
        _log.error("a check failed: %s", type(error).__name__)

    def end(self) -> None:
        """Nothing is asked any more."""
        if self._background is not None:
            self._background.end()


def _calm(answer: Callable[[_P], _R]) -> Callable[[_P], _R | None]:
    """An answer that a fault of ours makes none: what it was is logged by its kind, and the editor goes on."""

    @wraps(answer)
    def answered(params: _P) -> _R | None:
        try:
            return answer(params)
        except JsonRpcException:
            raise
        except Exception as fault:  # noqa: BLE001 - the last door: an editor shows no traceback
            _log.error("no answer to %s: %s", answer.__name__, type(fault).__name__)
            return None

    return answered


def server() -> Server:
    """A server with all that it answers."""
    ls = Server()
    _lifecycle(ls)
    _texts(ls)
    _questions(ls)
    _changes(ls)
    return ls


def _lifecycle(ls: Server) -> None:
    @ls.feature(t.INITIALIZED)
    @_calm
    def initialized(_: t.InitializedParams) -> None:
        ls.background.warm()
        complete_rules(index_of(stock_files()), "segment a = ", 12)  # loads tables, filters, words
        watches = (
            ls.client_capabilities.workspace and ls.client_capabilities.workspace.did_change_watched_files
        )
        if watches and watches.dynamic_registration:
            options = t.DidChangeWatchedFilesRegistrationOptions([t.FileSystemWatcher(_WATCHED)])
            asked = t.Registration("mailweave-files", t.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            ls.client_register_capability(t.RegistrationParams([asked]), lambda _: None)

    @ls.feature(t.SHUTDOWN)
    @_calm
    def shutdown(_: None) -> None:
        ls.end()


def _texts(ls: Server) -> None:
    @ls.feature(t.TEXT_DOCUMENT_DID_OPEN)
    @_calm
    def opened(params: t.DidOpenTextDocumentParams) -> None:
        path = ls.path(params.text_document.uri)
        ls.desk.open(path, params.text_document.text)
        ls.typed(path)

    @ls.feature(t.TEXT_DOCUMENT_DID_CHANGE)
    @_calm
    def changed(params: t.DidChangeTextDocumentParams) -> None:
        path = ls.path(params.text_document.uri)
        ls.desk.change(path, params.content_changes)
        ls.typed(path)

    @ls.feature(t.TEXT_DOCUMENT_DID_SAVE)
    @_calm
    def saved(params: t.DidSaveTextDocumentParams) -> None:
        ls.desk.forget()
        ls.typed(ls.path(params.text_document.uri))

    @ls.feature(t.TEXT_DOCUMENT_DID_CLOSE)
    @_calm
    def closed(params: t.DidCloseTextDocumentParams) -> None:
        path = ls.path(params.text_document.uri)
        unit = ls.desk.unit(path)
        ls.desk.close(path)
        if Path(unit).exists():
            ls.background.wanted(unit)

    @ls.feature(t.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    @_calm
    def elsewhere(params: t.DidChangeWatchedFilesParams) -> None:
        ls.desk.forget()
        for unit in {ls.desk.unit(ls.path(one.uri)) for one in params.changes}:
            if unit in ls.files_of:
                ls.background.wanted(unit)


def _questions(ls: Server) -> None:
    @ls.feature(t.TEXT_DOCUMENT_COMPLETION, t.CompletionOptions(trigger_characters=list(_TRIGGERS)))
    @_calm
    def completion(params: t.CompletionParams) -> t.CompletionList:
        return answers.completion(ls.desk, ls.path(params.text_document.uri), params.position)

    @ls.feature(t.TEXT_DOCUMENT_HOVER)
    @_calm
    def hover(params: t.HoverParams) -> t.Hover | None:
        return answers.hover(ls.desk, ls.path(params.text_document.uri), params.position)

    @ls.feature(t.TEXT_DOCUMENT_DEFINITION)
    @_calm
    def definition(params: t.DefinitionParams) -> list[t.Location]:
        return answers.definition(ls.desk, ls.path(params.text_document.uri), params.position)

    @ls.feature(t.TEXT_DOCUMENT_REFERENCES)
    @_calm
    def references(params: t.ReferenceParams) -> list[t.Location]:
        path, declaration = ls.path(params.text_document.uri), params.context.include_declaration
        return answers.references(ls.desk, path, params.position, declaration=declaration)

    @ls.feature(t.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    @_calm
    def symbols(params: t.DocumentSymbolParams) -> list[t.DocumentSymbol]:
        return answers.symbols(ls.desk, ls.path(params.text_document.uri))


def _changes(ls: Server) -> None:
    @ls.feature(t.TEXT_DOCUMENT_FORMATTING)
    @_calm
    def formatting(params: t.DocumentFormattingParams) -> list[t.TextEdit]:
        return changes.formatted(ls.desk, ls.path(params.text_document.uri))

    @ls.feature(t.TEXT_DOCUMENT_CODE_ACTION, t.CodeActionOptions([t.CodeActionKind.QuickFix]))
    @_calm
    def actions(params: t.CodeActionParams) -> list[t.CodeAction]:
        path = ls.path(params.text_document.uri)
        return changes.quick_fixes(ls.desk, path, params.range, ls.found.get(path, ()))

    @ls.feature(t.TEXT_DOCUMENT_PREPARE_RENAME)
    @_calm
    def prepare(params: t.PrepareRenameParams) -> t.PrepareRenamePlaceholder | None:
        path = ls.path(params.text_document.uri)
        mention = answers.mention_at(ls.desk, path, params.position)
        if mention is None:
            return None
        refused = refusal(ls.desk.index(ls.desk.unit(path)), mention.symbol)
        if refused is not None:
            raise _error(refused)
        return t.PrepareRenamePlaceholder(ls.desk.text(path).range(mention.span), mention.symbol.name)

    @ls.feature(t.TEXT_DOCUMENT_RENAME, t.RenameOptions(prepare_provider=True))
    async def rename(params: t.RenameParams) -> t.WorkspaceEdit | None:
        try:
            path = ls.path(params.text_document.uri)
            return await _renamed(ls, path, params.position, params.new_name)
        except JsonRpcException:
            raise
        except Exception as fault:  # noqa: BLE001 - as in `_calm`
            _log.error("no answer to rename: %s", type(fault).__name__)
            return None


async def _renamed(ls: Server, path: str, position: t.Position, new: str) -> t.WorkspaceEdit | None:
    """All edits of a rename, once it is proved that they are all; nothing may be typed meanwhile."""
    unit = ls.desk.unit(path)
    index, mention = ls.desk.index(unit), answers.mention_at(ls.desk, path, position)
    if mention is None:
        return None
    made = renamed(index, unit, mention.symbol, new)
    if isinstance(made, Diagnostic):
        raise _error(made)
    why = await ls.background.objection(made.proof)
    if not why and ls.desk.index(unit) is not index:
        why = "something was typed meanwhile"
    if why:
        raise _error(diagnose("MW679", name=mention.symbol.name, why=why))
    return changes.workspace_edit(ls.desk, made)


def _error(refused: Diagnostic) -> JsonRpcException:
    """A refusal as the protocol tells it: RequestFailed of LSP 3.17, which editors show as it is."""
    return JsonRpcException(f"{refused.code} {refused.message}; {refused.help}", code=-32803)
