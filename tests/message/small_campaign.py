"""A campaign of one subject, one block and one layout, with settings of a case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mailweave import Campaign, Environment

_SETTINGS: dict[str, Any] = {
    "name": "small",
    "from": "news@example.com",
    "unsubscribe_url": "https://example.com/u?w={{ profile.id }}",
    "postal_address": "1 High Street",
}
_RULES = """ruleset "small" version {version}
profile {{
  id    : key
  email : text
  other : text?
  name  : text?
  token : text?
}}
consent marketing
slot subject text max 1 fallback hello
slot hero max 1 fallback note
block hello for subject says "{subject}"
block note for hero
"""
GIVEN = {"id": "7", "email": "ann@example.com", "consent": {"marketing": True}}


def write(folder: Path, settings: Mapping[str, Any], *, version: int = 1) -> Path:
    """The campaign's folder; `subject` among the settings is the text of the subject."""
    given = {**_SETTINGS, **settings}
    subject = given.pop("subject", "Hello, {{ profile.name }}")
    (folder / "blocks" / "note").mkdir(parents=True)
    (folder / "blocks" / "note" / "block.html").write_text("<p>Hello</p>", encoding="utf-8")
    (folder / "blocks" / "note" / "block.toml").write_text(
        'title = "Note"\ndoc = "A note."\n', encoding="utf-8"
    )
    (folder / "layout.html").write_text(
        '<html><head><title>t</title></head><body>{% slot "hero" %}'
        '<a href="{{ campaign.unsubscribe_url }}">Unsubscribe</a></body></html>',
        encoding="utf-8",
    )
    rules = _RULES.format(version=version, subject=subject.replace('"', '\\"'))
    (folder / "main.rules").write_text(rules, encoding="utf-8")
    lines = [f"{key} = {_toml(value)}" for key, value in given.items()]
    lines += ["now = 2026-11-22T09:00:00Z", "[blocks.note]", ""]
    (folder / "campaign.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def compiled(folder: Path, **settings: Any) -> Campaign:
    return Environment().compile(write(folder / "small", settings))


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f'"{name}" = {_toml(inner)}' for name, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    text = str(value)
    return f"'{text}'" if text.isprintable() and "'" not in text else json.dumps(text, ensure_ascii=False)
