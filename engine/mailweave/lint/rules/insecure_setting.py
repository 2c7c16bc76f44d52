"""# MW984 insecure-setting

An input or a setting that holds an `http:` address is a link or a picture of the mail, and MW966 and MW971 say why
that should be `https:`. Looked at are the inputs of `[blocks.x]`, `[values]`, the pictures of `[images.x]`, and
`unsubscribe_url`.

    campaign.toml:18:7: warning MW984: `http://shop.example/spring` is not encrypted

## What helps

`https://`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mailweave.campaign import Campaign
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.addresses import scheme
from mailweave.lint.lines import without_liquid
from mailweave.lint.rule import CampaignRule
from mailweave.lint.settings import Path, settings


def _check(campaign: Campaign) -> Iterator[Diagnostic]:
    text = settings(campaign)
    data = text.data
    wanted = {
        name: data[name] for name in ("blocks", "values", "let", "images", "unsubscribe_url") if name in data
    }
    for path, value in _texts((), wanted):
        address = value.strip()
        if scheme(address) == "http" and not re.search(r"\s", without_liquid(address)):
            yield diagnose("MW984", text.source, text.value_span(path), address=address)


def _texts(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    """All texts in a value, each with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _texts((*path, name), one)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _texts((*path, number), one)


RULE = CampaignRule("MW984", "links", _check)
