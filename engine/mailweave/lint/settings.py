"""The settings of a campaign as their author wrote them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path as FilePath

from mailweave.campaign import Campaign
from mailweave.content.toml import Path, TomlText, read_toml
from mailweave.root import written
from mailweave.source import Source

__all__ = ["Path", "settings"]


def settings(campaign: Campaign) -> TomlText:
    """campaign.toml with the places of its keys; it was read when the campaign was compiled."""
    files = dict(campaign.texts.files)
    name = (FilePath(campaign.texts.given) / "campaign.toml").as_posix()
    return _read(name, written(files["campaign.toml"]))


@lru_cache(maxsize=2)
def _read(name: str, content: str) -> TomlText:
    """The same for all rules that ask."""
    text, _ = read_toml(Source(name, content))
    assert text is not None, "a campaign that compiled has settings"
    return text
