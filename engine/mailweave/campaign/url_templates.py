"""Addresses with Liquid in them: the recipient's mailbox, and the link that stops the mails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from mailweave.liquid import Template
from mailweave.liquid.contract import contract_of
from mailweave.liquid.contract.model import Occurrence
from mailweave.liquid.filters.signature import Use
from mailweave.message.addresses import address, host
from mailweave.message.mime import unsubscribe_url
from mailweave.source import Source
from mailweave.values.invalid_value import InvalidValue

_ENTITY = re.compile(r"&(amp|lt|gt|#34|#39|#123|#125);")
_SIGNS = {"amp": "&", "lt": "<", "gt": ">", "#34": '"', "#39": "'", "#123": "{", "#125": "}"}
_PARTS = re.compile(r"(https?://)([^/?#:@]*)(.*)", re.IGNORECASE | re.DOTALL)
_SCHEME = re.compile(r"(?:https?://[^/?#]|mailto:[^?#])", re.IGNORECASE)
_DOTS = re.compile(r"[^?#]*/\.{1,2}(?:[/?#]|\Z)")


class UrlTemplate:
    """A URL whose values are encoded for the part of it where they stand.

    `fields` names what it reads of a recipient.
    """

    def __init__(self, template: Template, fields: tuple[str, ...]) -> None:
        self._template, self.fields = template, fields

    @classmethod
    def compile(
        cls, source: Source, fields: tuple[str, ...], make: Callable[[Source], Template | None]
    ) -> UrlTemplate | None:
        """The URL in `source`, or None when `make`, which compiles the value of an attribute, has reported what is
        wrong."""
        template = make(source)
        return None if template is None else cls(template, fields)

    def render(self, data: Mapping[str, Any], *, now: datetime) -> str:
        """The URL, in ASCII where it is one; `checked_url` says whether it is."""
        url = _ENTITY.sub(lambda found: _SIGNS[found[1]], self._template.render(data, now=now)).strip()
        return url if url.isascii() and " " not in url else _in_ascii(url)


def checked_url(url: str) -> str:
    """`url` itself, where it can stop mails: whole, of a scheme that does, leading nowhere else. Raises InvalidValue."""
    if not _SCHEME.match(url):
        raise InvalidValue("is no whole URL of http, https or mailto")
    if "/." in url and _DOTS.match(url):
        raise InvalidValue("is a URL that leads elsewhere by a segment of dots")
    return unsubscribe_url(url)


def _in_ascii(url: str) -> str:
    """What the author wrote beyond ASCII: A-labels in the host, UTF-8 and percent signs behind it."""
    found = _PARTS.fullmatch(url)
    start, name, rest = found.groups() if found else ("", "", url)
    try:
        name = host(name)
    except InvalidValue:
        rest, name = name + rest, ""
    return start + name + quote(rest, safe="!#$%&'()*+,/:;=?@[]~", errors="replace")


@dataclass(frozen=True, slots=True)
class MailboxTemplate:
    """The recipient's address. `fields` names what it reads; `international`: letters beyond ASCII before the `@`."""

    template: Template
    fields: tuple[tuple[str, ...], ...]
    international: bool = False

    def render(self, data: Mapping[str, Any], *, now: datetime) -> str:
        """The address as it is written; "" where the campaign sets none for anybody.

        Raises InvalidValue, whose `path` names the attribute.
        """
        given = self.template.render(data, now=now).strip()
        try:
            if given:
                return address(given, international=self.international)
            if self.template.fixed is not None:
                return ""
            raise InvalidValue("is blank, or missing: there is no address to write to")
        except InvalidValue as refusal:
            raise InvalidValue(refusal.reason, self._field(given, data)) from None

    def _field(self, given: str, data: Mapping[str, Any]) -> str:
        """The attribute that holds what was given; the first that is read where that cannot be told."""
        holds = (path for path in self.fields if str(_at(data, path)).strip() == given)
        return named(next(holds, self.fields[0])) if self.fields else "to"


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        data = data.get(name) if isinstance(data, Mapping) else None
    return "" if data is None else data


def named(path: tuple[str, ...]) -> str:
    """A path of the data in the words of admission: `email`, `lists.offers`."""
    return ".".join(path[1:] if path[0] == "profile" else path[:2])


def read_by(source: Source, lets: Mapping[str, Source]) -> tuple[tuple[str, ...], ...]:
    """The paths of a recipient's data that a template shows, in order; those behind `let` instead of its names."""
    from liquid.exceptions import LiquidError

    try:
        return tuple(dict.fromkeys(_read_by(source, dict(lets))))
    except LiquidError:
        return ()  # compiling it says why


def _read_by(source: Source, lets: dict[str, Source]) -> Iterator[tuple[str, ...]]:
    found = [one for read in contract_of(source).reads for one in read.occurrences]
    for path in _in_order(found, shown=True) or _in_order(found, shown=False):
        inner = lets.pop(path[1], None) if path[0] == "let" else None
        if inner is not None:
            yield from _read_by(inner, lets)
        elif path[0] in ("profile", "lists", "scores", "context"):
            yield path


def _in_order(found: list[Occurrence], *, shown: bool) -> list[tuple[str, ...]]:
    ours = [one for one in found if len(one.path) > 1 and (one.use in _SHOWN or not shown)]
    return [one.path for one in sorted(ours, key=lambda one: one.span.start)]


_SHOWN = frozenset((Use.OUTPUT, Use.TEXT))
