"""Sixty e-mails: rendered by the examples and the demo, each with a variation of its own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from mailweave import Email, Environment
from mailweave.cli.recipient import recipient
from mailweave.message import Attachment
from tests.conftest import ROOT

COUNT = 60
AMP = (
    '<!doctype html><html ⚡4email data-css-strict><head><meta charset="utf-8"></head><body>Zoë</body></html>'
)
VARIATIONS: list[dict[str, Any]] = tomllib.loads(
    (ROOT / "fixtures/delivery/payloads/variations.toml").read_text(encoding="utf-8")
)["variation"]
_FOLDERS = (*sorted((ROOT / "examples").iterdir()), ROOT / "fixtures/campaigns/cdnow-winback")


def varied(email: Email, given: dict[str, Any]) -> Email:
    """An e-mail with what a variation names."""
    values = {name: _tuples(value) for name, value in given.items() if name not in ("name", "amp", "files")}
    files = tuple(
        Attachment(one["name"], one["type"], one["content"].encode(), one.get("content_id", ""))
        for one in given.get("files", ())
    )
    amp = AMP if given.get("amp") else email.amp
    return replace(email, envelope=email.envelope._replace(**values), attachments=files, amp=amp)


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


@cache
def rendered() -> tuple[Email, ...]:
    """A mail of each saved recipient who gets one."""
    return tuple(_rendered())


def _rendered() -> Iterator[Email]:
    for folder in _FOLDERS:
        if not (folder / "campaign.toml").exists():
            continue
        campaign = Environment().compile(folder)
        for path in sorted((folder / "recipients").glob("*.json")):
            who = recipient(campaign, folder, str(path), None)
            made = campaign.render(who.profile, events=who.events, now=who.now, context=who.context)
            if isinstance(made, Email):
                yield made


@cache
def messages() -> tuple[Email, ...]:
    """One after the other with the variations in turn. No mail meets a variation twice."""
    mails = rendered()
    return tuple(varied(mails[at % len(mails)], VARIATIONS[at % len(VARIATIONS)]) for at in range(COUNT))
