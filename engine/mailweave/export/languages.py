"""How the pieces of a sheet are written in a template language, so that what it writes is what was sent.

What the language would read in a known text becomes a value, too: no way of escaping is the same in all of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from mailweave.message.cut_mail import Pieces, Sheet

_SIGNS: Final = re.compile(r"[\\{}]+")


class Language(NamedTuple):
    """How a value is asked for that is written as it is."""

    before: str
    after: str

    def hole(self, name: str) -> str:
        """The place of a value.

        >>> RAW.hole("v12")
        '{{{v12}}}'
        """
        return f"{self.before}{name}{self.after}"


RAW: Final = Language("{{{", "}}}")
"""Where `{{ }}` escapes, and three braces do not."""
NEVER_ESCAPED: Final = Language("{{", "}}")
"""Where two braces do not escape either."""


class Asked(NamedTuple):
    """What a template asks for. numbers: of the values of a mail. signs: texts that the language would read, by the
    names of their values. has_amp: whether it has an AMP part."""

    numbers: tuple[int, ...]
    signs: dict[str, str]
    has_amp: bool

    def values(self, given: Sequence[str]) -> dict[str, str]:
        """The values of one mail, by name."""
        return {f"v{number}": given[number] for number in self.numbers} | self.signs


@dataclass(frozen=True, slots=True)
class TemplateParts:
    """A sheet in a language."""

    html: str
    text: str
    amp: str | None
    asked: Asked


def written(sheet: Sheet, language: Language, *, amp: bool = True) -> TemplateParts:
    """The sheet in a language, with its AMP part or without.

    >>> made = written(Sheet(("<b>{{", 0, "}</b>"), (1,), None), RAW)
    >>> made.html, made.asked.values(["Jo", "Jo"])
    ('<b>{{{s0}}}{{{v0}}}{{{s1}}}</b>', {'v0': 'Jo', 'v1': 'Jo', 's0': '{{', 's1': '}'})
    """
    parts = (sheet.html, sheet.text, sheet.amp if amp else None)
    writer = _Writer(language)
    html, text, live = (None if pieces is None else writer.part(pieces) for pieces in parts)
    numbers = {piece for pieces in parts for piece in pieces or () if isinstance(piece, int)}
    signs = {name: signs for signs, name in writer.names.items()}
    return TemplateParts(html or "", text or "", live, Asked(tuple(sorted(numbers)), signs, live is not None))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the parts of one template. names: of the signs that were met."""

    language: Language
    names: dict[str, str] = field(default_factory=dict)

    def part(self, pieces: Pieces) -> str:
        """One part."""
        hole = self.language.hole
        return "".join([self._known(one) if isinstance(one, str) else hole(f"v{one}") for one in pieces])

    def _known(self, text: str) -> str:
        return _SIGNS.sub(self._signs, text)

    def _signs(self, found: re.Match[str]) -> str:
        """Two braces open something; any at an end of the text would run together with those of a value."""
        signs, inside = found[0], found.start() > 0 and found.end() < len(found.string)
        if inside and "{{" not in signs:
            return signs
        return self.language.hole(self.names.setdefault(signs, f"s{len(self.names)}"))
