"""A converted template as the files of a campaign."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mailweave.migrate.declared import Declared
from mailweave.rules.formatter import format_source

Files = Mapping[str, bytes]
"""What lies in a folder, by path."""

NOW: Final = "2026-11-30T09:00:00Z"
"""The moment of previews: no clock is read."""
SETTINGS: Final = """\
# The settings of this campaign. docs/campaign.md lists all of them; an unknown one is refused.
name = {name}
from = {{ name = "Your company", address = "hello@shop.example" }}

# The law asks for both: write your own.
unsubscribe_url = "https://shop.example/unsubscribe?who={{{{ profile.id }}}}"
postal_address = "Your company, 1 High Street, Oldtown"

locale = "en"
currency = "USD"

# The moment of previews. Take it out and they use the clock.
now = {now}
"""
"""campaign.toml, for a name and the moment of previews."""
_FRAME: Final = """\
<!DOCTYPE html>
<html lang="{{ campaign.locale | replace: '_', '-' }}" dir="{{ campaign.dir }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ mail.subject }}</title>
</head>
<body>
<div lang="{{ campaign.locale | replace: '_', '-' }}" dir="{{ campaign.dir }}">
{% slot "main" %}
</div>
</body>
</html>
"""
_BLOCK: Final = """\
title = "Message"
doc = "What the template showed."
"""
_DOCUMENT: Final = re.compile(r"<(?:!doctype|html|body)\b", re.IGNORECASE)
_TITLE: Final = re.compile(r"<title>([^<{]*)</title>", re.IGNORECASE)


def is_document(html: str) -> bool:
    """Whether a text is a whole page, and no part of one."""
    return _DOCUMENT.search(html) is not None


def campaign_files(
    name: str, liquid: str, declares: Declared, skips: Sequence[str], person: Mapping[str, Any] | None
) -> Files:
    """The files of a campaign of that name. A whole page becomes its layout, a part of one a block in a plain layout.

    person: one recipient to look at it with, if the data of one are known.
    """
    whole = is_document(liquid)
    files = {
        "campaign.toml": SETTINGS.format(name=json.dumps(name), now=NOW),
        "main.rules": format_source("\n".join(_rules(name, liquid, declares, skips, whole=whole)) + "\n"),
        "layout.html": liquid if whole else _FRAME,
    }
    if not whole:
        files |= {"blocks/message/block.html": liquid, "blocks/message/block.toml": _BLOCK}
    if person is not None:
        files["recipients/sample.json"] = json.dumps(person, indent=2, ensure_ascii=False) + "\n"
    return {path: text.encode() for path, text in files.items()}


def _rules(name: str, liquid: str, declares: Declared, skips: Sequence[str], *, whole: bool) -> Iterator[str]:
    yield "# Who gets what. docs/language.md is the whole language."
    yield f'ruleset "{name}" version 1\n'
    yield "# ---- what the template reads; types are those of the data, or guessed from its use"
    yield "profile {"
    yield from declares.attributes
    yield "}"
    yield from declares.statements
    if skips:
        yield "\n# ---- who gets no mail: where the template aborted"
        yield from skips
    yield "\n# ---- what there is to say"
    yield "slot subject text max 1 fallback subject_line"
    yield from [] if whole else ["slot main max 1 fallback message"]
    yield f"block subject_line for subject says {json.dumps(subject_of(name, liquid), ensure_ascii=False)}"
    yield from [] if whole else ["block message for main"]


def subject_of(name: str, html: str) -> str:
    """The subject of a mail: its title, else the campaign's name.

    >>> subject_of("spring-sale", "<title>News</title>"), subject_of("spring-sale", "<p>Hello</p>")
    ('News', 'Spring sale')
    """
    return title_of(html) or name.replace("-", " ").replace("_", " ").capitalize()


def title_of(html: str) -> str:
    """The title of a page, where it has one that is the same for everybody; else empty."""
    found = _TITLE.search(html)
    return " ".join(found[1].split()).replace("\\", "") if found else ""
