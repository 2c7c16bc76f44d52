"""The shop of the docs, with sources."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mailweave.campaign import Campaign, compile_folder
from mailweave.diagnostics import Diagnostic
from tests.delivery.service.asking import SHOP

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ANN = {"id": "7", "email": "ann@example.com", "first-name": "Ann", "consent": {"marketing": True}}


def toml(settings: Mapping[str, Any]) -> str:
    """One inline table, which JSON's scalars and arrays are fit for."""
    return "{" + ", ".join(f"{name} = {json.dumps(value)}" for name, value in settings.items()) + "}"


def with_sources(
    folder: Path, sources: Mapping[str, Mapping[str, Any]], rules: Sequence[str] = ("", "")
) -> Path:
    """A copy of the shop in a folder of its own; of `rules` the second stands in for the first."""
    shutil.copytree(SHOP, folder)
    own = (folder / "main.rules").read_text(encoding="utf-8")
    (folder / "main.rules").write_text(own.replace(rules[0], rules[1]) if rules[0] else own, encoding="utf-8")
    text = (folder / "campaign.toml").read_text(encoding="utf-8")
    lines = "\n".join(f"{name} = {toml(one)}" for name, one in sources.items())
    (folder / "campaign.toml").write_text(f"{text}\n[sources]\n{lines}\n", encoding="utf-8")
    return folder


def checked(
    sources: Mapping[str, Mapping[str, Any]], rules: Sequence[str] = ("", "")
) -> tuple[Campaign | None, tuple[Diagnostic, ...]]:
    """The shop with these sources, compiled, and what is said of it."""
    with TemporaryDirectory() as held:
        return compile_folder(with_sources(Path(held) / "shop", sources, rules))


def compiled(sources: Mapping[str, Mapping[str, Any]], rules: Sequence[str] = ("", "")) -> Campaign:
    """The shop with these sources."""
    campaign, found = checked(sources, rules)
    assert campaign is not None, [(one.code, one.message) for one in found]
    return campaign
