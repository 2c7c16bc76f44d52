"""Addresses with Liquid in them."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from mailweave.liquid import Template
from mailweave.source import Source

_BEFORE, _AFTER = '<a href="', '"></a>'


class UrlTemplate:
    """A URL whose values are encoded for the part of it where they stand.

    The escaper of HTML knows how; so the URL is rendered as a link, and the link is unwrapped.
    """

    def __init__(self, template: Template) -> None:
        self._template = template

    @classmethod
    def compile(cls, source: Source, make: Callable[[Source], Template | None]) -> UrlTemplate | None:
        """The URL in `source`, or None when `make`, which compiles HTML, has reported what is wrong."""
        before, after = Source(source.name, _BEFORE), Source(source.name, _AFTER)
        pieces = ((0, before), (len(_BEFORE), source), (len(_BEFORE) + len(source.text), after))
        template = make(Source(source.name, _BEFORE + source.text + _AFTER, pieces=pieces))
        return None if template is None else cls(template)

    def render(self, data: Mapping[str, Any], *, now: datetime) -> str:
        """The URL, without anything that could end a header or an attribute."""
        rendered = self._template.render(data, now=now)
        return html.unescape(rendered[len(_BEFORE) : -len(_AFTER)]).strip()
