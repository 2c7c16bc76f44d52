"""Numbers as people write them, where the mapping says which mark parts the decimals."""

from __future__ import annotations

import re
from typing import Final

from mailweave.data.intake.raw_values import LONGEST_NUMBER
from mailweave.data.intake.refusals import CellRefused

_PLAIN: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
_THREE: Final = re.compile(r"[+-]?[0-9]{1,3}\.[0-9]{3}", re.ASCII)
_TWO: Final = "could be read in two ways: say `decimal` in data.toml"
_GROUPS: Final = {".": ",", ",": "."}
_BLANKS: Final = "\u0020\u00a0\u202f'\u2019"


class NumberReader:
    """Reads numbers whose decimals stand behind `mark`; None knows neither decimal commas nor groups.

    Groups are three digits each, parted by one mark throughout: blanks, `'`, or the other of `.` and `,`.

    >>> NumberReader(",").plain("1.234,50"), NumberReader(".").plain("1,234.50"), NumberReader(None).plain("12.5")
    ('1234.50', '1234.50', '12.5')
    """

    def __init__(self, mark: str | None) -> None:
        self._mark = mark
        self._shape = None if mark is None else _shape(mark)

    def is_plain(self, text: str) -> bool:
        """Whether a text means one number whatever parts the decimals: no `1.234` where that is a thousand."""
        return len(text) <= LONGEST_NUMBER and (self._mark != "," or "." not in text)

    def plain(self, text: str, *, few: bool = False) -> str:
        """The digits with a point before the decimals. Raises CellRefused (`number`, `decimal_mark`).

        `few`: three decimals are hardly meant, so that `1.234` is a thousand or not, where nobody says.
        """
        if len(text) > LONGEST_NUMBER:
            raise CellRefused("number", f"is longer than {LONGEST_NUMBER} characters, which no number is")
        if self._shape is None:
            if few and _THREE.fullmatch(text):
                raise CellRefused("decimal_mark", _TWO)
            return self._undeclared(text)
        text = text.replace("\u2212", "-")
        found = self._shape.fullmatch(text)
        if found is None:
            raise CellRefused("number", f"is no number with `{self._mark}` before its decimals")
        sign, whole, _, decimals = found.groups()
        digits = re.sub(r"[^0-9]", "", whole)
        return f"{sign.replace('+', '')}{digits}" + (f".{decimals}" if decimals else "")

    def _undeclared(self, text: str) -> str:
        if _PLAIN.fullmatch(text):
            return text.removeprefix("+")
        if re.fullmatch(r"[+-]?[0-9][0-9.,' \u00a0\u202f]*", text):
            raise CellRefused("decimal_mark", _TWO)
        raise CellRefused("number", "is no number")


def _shape(mark: str) -> re.Pattern[str]:
    groups = re.escape(_BLANKS + _GROUPS[mark])
    whole = rf"[0-9]+|[0-9]{{1,3}}(?:([{groups}])[0-9]{{3}})(?:\3[0-9]{{3}})*"
    return re.compile(rf"([+-]?)({whole})(?:{re.escape(mark)}([0-9]+))?", re.ASCII)
