"""A plain text with values in it: known lines are wrapped once, the others for each recipient."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import count

from mailweave.liquid.spans import Filling
from mailweave.message.text_regions import region, regions
from mailweave.message.wrapping import AS_IS, ended, wrap


class TextFilling:
    """A plain text with its values, as it is sent."""

    __slots__ = ("_is_sure", "_known", "_pieces", "_whole", "size")

    def __init__(self, pieces: Sequence[str | int], marked: Collection[str]) -> None:
        """`marked` is as `regions` takes it."""
        cut = regions(pieces, marked)
        self._whole = Filling(pieces) if cut is None else None
        self._pieces: list[str | Filling] = [
            one if isinstance(one, str) else Filling(one) for one in cut or ()
        ]
        self._known = sum(len(piece) for piece in pieces if isinstance(piece, str))
        self._is_sure = not self._pieces or all(isinstance(self._pieces[at], str) for at in (0, -1))
        self.size = sum(len(one) if isinstance(one, str) else one.size for one in self._pieces)
        self.size += self._whole.size if self._whole else 0

    def before_wrapping(self, values: list[str]) -> int:
        """How many characters the text has before it is wrapped."""
        return self._known + sum(map(len, values))

    def filled(self, values: list[str]) -> str:
        """The text with these values."""
        if self._whole is not None:
            return wrap(self._whole.filled(values))
        return ended(
            "".join([one if isinstance(one, str) else region(one.filled(values)) for one in self._pieces])
        )

    def sheet(self, first: int) -> tuple[str | int, ...]:
        """The known texts as they are sent, with numbers from `first` for what `cut` gives."""
        if self._whole is not None:
            return (first,)
        numbers = count(first)
        return tuple(
            self._at_ends(at, one) if isinstance(one, str) else next(numbers)
            for at, one in enumerate(self._pieces)
        )

    def cut(self, values: list[str]) -> list[str] | None:
        """What stands between the known texts: lines, ready to be sent. None where the text begins or ends with what is
        blank for this recipient."""
        if self._whole is not None:
            return [wrap(self._whole.filled(values))]
        made = [
            self._at_ends(at, region(one.filled(values)))
            for at, one in enumerate(self._pieces)
            if not isinstance(one, str)
        ]
        return made if self._is_sure or (made[0].strip() and made[-1].strip()) else None

    def _at_ends(self, at: int, text: str) -> str:
        text = text.replace(AS_IS, "")
        if at == 0:
            text = text.lstrip("\n")
        return text.rstrip() + "\n" if at == len(self._pieces) - 1 else text
