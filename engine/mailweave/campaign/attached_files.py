"""The files that go with the mails of a campaign, read from its folder; and what its HTML calls them by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

from mailweave.campaign.message_settings import AttachedFile
from mailweave.content.files import refusal
from mailweave.content.toml import TomlText
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.message.attachment import MOST_BYTES, Attachment, sent_bytes
from mailweave.root import Refused, Root
from mailweave.source import Source, Span

_MEGA: Final = 1024 * 1024
_CALLED = re.compile(r"[\"'(=,]\s*cid:([^\"'()\s<>]*(?:\{\{|\{%)?)", re.I)


def attached_files(
    root: Root, listed: Iterable[AttachedFile], settings: TomlText
) -> tuple[tuple[Attachment, ...], tuple[Diagnostic, ...]]:
    """The files that campaign.toml names, and why others are not read. Nothing outside the folder is."""
    files: list[Attachment] = []
    found: list[Diagnostic] = []
    for number, one in enumerate(listed):
        if not one.file:
            continue
        try:
            content = root.data(one.file, MOST_BYTES)
        except Refused as refused:
            found.append(_refused(refused, root, one.file, settings, number))
        else:
            files.append(Attachment(one.shown_name, one.media_type, content, one.called))
    size = sum(sent_bytes(len(one.content)) for one in files)
    if size > MOST_BYTES:
        span, sizes = settings.key_span(("attachments",)), f"{size / _MEGA:.0f}"
        found.append(diagnose("MW077", settings.source, span, size=sizes, most=MOST_BYTES // _MEGA))
    return tuple(files), tuple(found)


def _refused(refused: Refused, root: Root, file: str, settings: TomlText, number: int) -> Diagnostic:
    span = settings.value_span(("attachments", number, "file"))
    if refused.kind == "large":
        return diagnose(
            "MW077", settings.source, span, size=f"more than {MOST_BYTES // _MEGA}", most=MOST_BYTES // _MEGA
        )
    if refused.kind != "missing":
        return refusal(refused, file, source=settings.source, span=span)
    todo = "`attachments` in campaign.toml names it"
    help = did_you_mean(PurePosixPath(file).name, _beside(root, file))
    return diagnose("MW001", settings.source, span, what=f"the file {file}", todo=todo, help=help)


def _beside(root: Root, file: str) -> Iterable[str]:
    """The names in the folder of a file."""
    try:
        return root.names(PurePosixPath(file).parent.as_posix())
    except Refused:
        return ()


def check_content_ids(
    sources: Iterable[Source], listed: Iterable[AttachedFile], settings: TomlText
) -> tuple[Diagnostic, ...]:
    """A finding for each `cid:` that no file of the campaign is called by, and for each file that nothing shows."""
    known = {one.called: number for number, one in enumerate(listed) if one.called}
    called: set[str] = set()
    found: dict[tuple[Source, Span], Diagnostic] = {}
    for source, span, name in _calls(sources):
        called.add(name)
        if name not in known:
            help = "write the id out, without Liquid" if "{" in name else did_you_mean(name, known)
            found[source, span] = diagnose("MW078", source, span, name=name.partition("{")[0], help=help)
    unshown = [
        diagnose("MW079", settings.source, settings.key_span(("attachments", number)), name=name)
        for name, number in known.items()
        if name not in called
    ]
    return (*found.values(), *unshown)


def _calls(sources: Iterable[Source]) -> Iterator[tuple[Source, Span, str]]:
    """Where texts call files, and by what."""
    for source in dict.fromkeys(sources):
        for match in _CALLED.finditer(source.text):
            yield source, Span(match.start(1) - len("cid:"), match.end(1)), unquote(match[1])
