"""`mailweave mcp`: the tools as the Model Context Protocol offers them, over standard input and output."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import ValidationError

from mailweave.diagnostics import MailweaveError, diagnose, did_you_mean
from mailweave.diagnostics.printers import as_dict
from mailweave.mcp_server.border import Border
from mailweave.mcp_server.desk import Answer, Desk, Part
from mailweave.mcp_server.skill import page

_READS: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_F = TypeVar("_F", bound=Callable[..., Any])
INSTRUCTIONS: Final = (
    "Campaigns of personalised e-mail, checked by their own engine. Read the resource mailweave://skill first: it is "
    "the language on one page. Nothing is written: edit files yourself, then call `check`; it takes texts that are not "
    "saved, too. A finding's `fix` has the offsets and the text that mend it; `sure: false` is a guess."
)


class _Strict(MCPServer[Any]):
    """A server that refuses arguments that a tool does not have: the library drops them, and takes the defaults."""

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
        tool = self._tool_manager.get_tool(name)
        known = tool.parameters.get("properties", {}) if tool is not None else arguments
        for unknown in (one for one in arguments if one not in known):
            todo = f"{name} takes: {', '.join(known) or 'nothing'}"
            found = diagnose(
                "MW682",
                help=did_you_mean(unknown, known),
                argument=unknown,
                why="no such argument",
                todo=todo,
            )
            raise ToolError(_refusal(MailweaveError([found])))
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if isinstance(error.__cause__, ValidationError):  # whose own words hold what was given
                raise ToolError(_refusal(_unfit(error.__cause__))) from None
            raise


def _unfit(error: ValidationError) -> MailweaveError:
    """Arguments of another type than a tool takes, by their names; no value is told."""
    why: dict[str, list[str]] = {}
    for one in error.errors(include_input=False, include_context=False, include_url=False):
        why.setdefault(str(one["loc"][0]) if one["loc"] else "arguments", []).append(one["msg"])
    return MailweaveError(
        [
            diagnose(
                "MW682", argument=name, why=" or ".join(dict.fromkeys(said)), todo="give what the tool takes"
            )
            for name, said in why.items()
        ]
    )


def server(folder: Path, *, show_pii: bool = False) -> MCPServer[Any]:
    """The server of a folder of campaigns. Raises MailweaveError where the folder is none."""
    desk = Desk(Border.around(folder), show_pii)
    made = _Strict("mailweave", version=version("mailweave"), instructions=INSTRUCTIONS, log_level="ERROR")
    _judging(made, desk)
    _showing(made, desk)
    about: Any = {"name": "skill", "description": "The language on one page.", "mime_type": "text/markdown"}
    made.resource("mailweave://skill", **about)(page)
    return made


_ALONE = threading.Lock()
"""Tools run one after the other: the prover's library is not made for threads."""


def _told(tool: _F) -> _F:
    """A tool whose refusals are answers: the findings, as JSON; a fault of ours by its kind alone."""

    @wraps(tool)
    def answered(*arguments: Any, **named: Any) -> Any:
        try:
            with _ALONE:
                return tool(*arguments, **named)
        except MailweaveError as error:
            raise ToolError(_refusal(error)) from None
        except Exception as fault:  # noqa: BLE001 - no traceback, which could hold somebody's data, leaves
            raise ToolError(f"internal fault of mailweave ({type(fault).__name__})") from None

    return answered  # type: ignore[return-value]  # the same signature


def _refusal(error: MailweaveError) -> str:
    lines = []
    for one in map(as_dict, error.diagnostics):
        place = f"{one['file']}:{one['line']}: " if one.get("line") else ""
        lines.append(f"{place}{one['code']} {one['message']}" + (f" ({one['help']})" if one["help"] else ""))
    return "\n".join(lines) or "refused"


def _judging(made: MCPServer[Any], desk: Desk) -> None:
    @made.tool(annotations=_READS)
    @_told
    def campaigns() -> Answer:
        """The campaigns that there are, by the names that other tools take."""
        return {"campaigns": list(desk.border.campaigns())}

    @made.tool(annotations=_READS)
    @_told
    def check(campaign: str, unsaved: dict[str, str] | None = None) -> Answer:
        """Everything that is wrong with a campaign: each finding with file, line, what to do, and the fix where one is
        known. `unsaved` maps files, by their paths from the server's folder (`CAMPAIGN/main.rules`), to texts that
        are judged in their place."""
        return desk.check(campaign, unsaved)

    @made.tool(annotations=_READS)
    @_told
    def test(campaign: str) -> Answer:
        """Runs the `test` blocks in the rules of a campaign."""
        return desk.test(campaign)

    @made.tool(annotations=_READS)
    @_told
    def prove(campaign: str) -> Answer:
        """Proves the rules over all recipients that there can be: gaps, dead conditions, rows that nobody reaches; each
        with a made-up recipient who shows it. May take a minute."""
        return desk.prove(campaign)

    @made.tool(annotations=_READS)
    @_told
    def cover(campaign: str) -> Answer:
        """Few made-up recipients who together get every block and arm that anybody can get; `render` takes each."""
        return desk.cover(campaign)


def _showing(made: MCPServer[Any], desk: Desk) -> None:
    @made.tool(annotations=_READS)
    @_told
    def explain(campaign: str, recipient: str | dict[str, Any], part: str = "") -> Answer:
        """Why a recipient gets what. `recipient`: a name that `recipients` lists, or the recipient as JSON. `part`: a
        slot, segment, tier or `skip`, which is then told in full."""
        return desk.explain(campaign, recipient, part)

    @made.tool(annotations=_READS)
    @_told
    def render(campaign: str, recipient: str | dict[str, Any], part: Part = "summary") -> Answer:
        """The mail of a recipient, with stand-ins for personal values: subject, text and what was chosen, or `html`,
        `text`, `amp` whole."""
        return desk.render(campaign, recipient, part)

    @made.tool(annotations=_READS)
    @_told
    def segments(campaign: str) -> Answer:
        """The segments, tiers, attributes, events and consents of a campaign."""
        return desk.segments(campaign)

    @made.tool(annotations=_READS)
    @_told
    def blocks(campaign: str = "") -> Answer:
        """The blocks that there are, with their inputs; those of a campaign first, where one is named."""
        return desk.blocks(campaign)

    @made.tool(annotations=_READS)
    @_told
    def recipients(campaign: str) -> Answer:
        """The recipients that are saved with a campaign, pii masked."""
        return desk.recipients(campaign)
