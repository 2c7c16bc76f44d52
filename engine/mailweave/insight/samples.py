"""What was counted on one group: how many did something, or how much they spent."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Share(NamedTuple):
    """`did` of `of` recipients.

    >>> Share(3, 12).mean, Share(3, 12).variance, Share(0, 0).mean
    (0.25, 0.1875, 0.0)
    """

    did: int
    of: int

    @property
    def mean(self) -> float:
        return self.did / self.of if self.of else 0.0

    @property
    def variance(self) -> float:
        """That of one recipient."""
        return self.mean * (1 - self.mean)

    @property
    def responses(self) -> int:
        """How many have anything but nothing to tell."""
        return self.did


class Amounts(NamedTuple):
    """What `of` recipients spent: their sum, the sum of the squares, and how many of them are not at 0.

    centre: what was taken off each before it was squared. With their mean, great amounts that differ by little lose no
    digits.
    """

    total: float
    squares: float
    of: int
    spenders: int
    centre: float = 0.0

    @property
    def mean(self) -> float:
        return self.total / self.of if self.of else 0.0

    @property
    def variance(self) -> float:
        """That of one recipient, as a sample has it."""
        if self.of < 2:
            return 0.0
        off = self.total - self.of * self.centre
        return max(0.0, (self.squares - off**2 / self.of) / (self.of - 1))

    @property
    def responses(self) -> int:
        """How many have anything but nothing to tell."""
        return self.spenders


Sample: TypeAlias = Share | Amounts
