"""# MW997 unused-input

An input that a block declares and no template of it reads: whoever fills it in for a campaign sees nothing of it, and
believes that it is said. Blocks of the campaign itself are looked at; one of a library may be read elsewhere.

    blocks/offer/block.toml:9:9: warning MW997: no template of this block reads its input `legal`

## What helps

`{{ block.legal }}` where it belongs, or no such input.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from mailweave.campaign import Campaign
from mailweave.content.toml import read_toml
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.rule import CampaignRule
from mailweave.root import written
from mailweave.source import Source

_WHOLE = re.compile(r"\bblock\s*[\[|,}%]|\bin\s+block\b")


def _check(campaign: Campaign) -> Iterator[Diagnostic]:
    files = {name: written(content, "replace") for name, content in campaign.texts.files}
    for name, text in files.items():
        path = PurePosixPath(name)
        if path.name == "block.toml" and len(path.parts) == 3:
            shown = (PurePosixPath(campaign.texts.given) / name).as_posix()
            yield from _of_block(Source(shown, text), _templates(files, path.parent))


def _templates(files: Mapping[str, str], folder: PurePosixPath) -> str:
    """The templates of a block; snippets are given what they read by its templates."""
    return "\n".join(
        text
        for name, text in files.items()
        if PurePosixPath(name).parent == folder and not name.endswith(".toml")
    )


def _of_block(settings: Source, templates: str) -> Iterator[Diagnostic]:
    inputs = tomllib.loads(settings.text).get("inputs", {})
    unread = [name for name in inputs if re.search(rf"\bblock\.{re.escape(name)}\b", templates) is None]
    text = read_toml(settings)[0] if unread and not _WHOLE.search(templates) else None
    if text is None:
        return
    for name in unread:
        yield diagnose("MW997", settings, text.key_span(("inputs", name)), name=name)


RULE = CampaignRule("MW997", "unused", _check)
