"""Which values may come out blank: an optional attribute, an empty text, an input that was given none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mailweave.campaign import Campaign
from mailweave.markup.pieces import Kind, pieces
from mailweave.schema.types import Text

LAYOUT: Final = ""
_PARTS = re.compile(r"""(?:[^|"']|"[^"]*"|'[^']*')+""")
_PATH = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w-]+)*")
_ARGUMENT = re.compile(r"""^\s*(default|append|prepend)\s*:\s*("[^"]*"|'[^']*'|[\w.-]+)""")
_NOT_BLANK = r"""\s*(?:!=|<>)\s*(?:""|''|blank|empty|nil)"""
_BLANK = r"""\s*==\s*(?:""|''|blank|empty|nil)"""


@dataclass(frozen=True)
class Blanks:
    """The paths of data that may be blank: for all templates, and by block. What stands in neither counts as words."""

    everywhere: frozenset[str] = frozenset()
    by_block: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def of(self, block: str) -> frozenset[str]:
        """What may be blank in the template of a block, or of the layout."""
        return self.everywhere | self.by_block.get(block, frozenset())

    @property
    def key(self) -> tuple[object, ...]:
        """The same for the same facts."""
        return (self.everywhere, tuple(sorted((name, paths) for name, paths in self.by_block.items())))


def blanks_of(campaign: Campaign) -> Blanks:
    """What may be blank in a campaign: by what its rules declare, and by the inputs that it gives."""
    found = {
        f"profile.{one.name}"
        for one in campaign.schema.profile.values()
        if one.default is None and (one.optional or isinstance(one.type, Text))
    }
    for name, text in campaign.config.let.items():
        if may_be_blank(text, frozenset(found)):
            found.add(f"let.{name}")
    everywhere = frozenset(found)
    by_block = {
        name: frozenset(f"block.{path}" for path in _blank_inputs(values, everywhere))
        for name, values in campaign.inputs().items()
    }
    return Blanks(everywhere, by_block)


def _blank_inputs(values: Mapping[str, Any], paths: frozenset[str]) -> Iterator[str]:
    for name, value in values.items():
        if value is None or (isinstance(value, str) and may_be_blank(value, paths)):
            yield name


def may_be_blank(text: str, paths: frozenset[str]) -> bool:
    """Whether a text with Liquid may come out blank, its conditions left open.

    >>> may_be_blank("{{ profile.name }}", frozenset({"profile.name"})), may_be_blank("Hi {{ x }}", frozenset())
    (True, False)
    """
    at, inside = 0, 0
    for piece in pieces(text):
        if not inside and text[at : piece.span.start].strip():
            return False
        if not inside and piece.kind is Kind.OUTPUT and not output_may_be_blank(piece.inside, paths):
            return False
        inside += piece.opens - piece.closes
        at = piece.span.stop
    return not text[at:].strip()


def output_may_be_blank(inside: str, paths: frozenset[str], tests: tuple[str, ...] = ()) -> bool:
    """Whether `{{ inside }}` may write nothing. tests: the conditions under which it stands, as written.

    >>> output_may_be_blank("profile.name | default: 'friend'", frozenset({"profile.name"}))
    False
    """
    value, *filters = [part.strip() for part in _PARTS.findall(inside)] or [""]
    if value[:1] in ("'", '"'):
        return not value.strip(" \"'")
    for one in filters:
        given = _ARGUMENT.match(one)
        if given is not None and not _is_blank_argument(given[2], paths):
            return False
    if _PATH.fullmatch(value) is None or value not in paths:
        return False
    return not any(_excludes(test, value) for test in tests)


def _is_blank_argument(written: str, paths: frozenset[str]) -> bool:
    return not written.strip(" \"'") if written[0] in "\"'" else written in paths


def _excludes(test: str, path: str) -> bool:
    """Whether a condition holds only where a path is not blank."""
    if re.search(r"\bor\b", test):
        return False
    name = rf"(?<![\w.]){re.escape(path)}"
    sure = rf"{name}(?:\.size\s*>\s*0|\.size\s*!=\s*0|{_NOT_BLANK})"
    if test.startswith("unless "):
        return re.search(rf"{name}(?:{_BLANK}|\.size\s*==\s*0)", test) is not None
    equals = rf"""{name}\s*==\s*(?:"[^"]*\S[^"]*"|'[^']*\S[^']*'|\d)"""
    return re.search(sure, test) is not None or re.search(equals, test) is not None
