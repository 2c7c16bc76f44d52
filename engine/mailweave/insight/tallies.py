"""Recipients counted by what they did, in groups: by block, segment, locale, arm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from mailweave.insight.responses import MACHINES, OUTCOMES, Flags, Responses
from mailweave.insight.samples import Amounts, Sample, Share

REVENUE: Final = "revenue"
FEW: Final = 30
"""Recipients: what is said of fewer is flagged."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A group of recipients. `did`: by outcome, how many of them did it at least once; machines apart."""

    name: str
    recipients: int
    did: Mapping[str, int]
    revenue: float
    block_clicks: int | None = None

    @property
    def is_few(self) -> bool:
        """Whether shares of it are rough, and may speak of single people."""
        return self.recipients < FEW


def tally(name: str, rows: Responses, of: Flags, block_clicks: int | None = None) -> Tally:
    """A group by its places. `block_clicks`: how many clicked in the block of that name, where events say it."""
    did = {outcome: int(np.count_nonzero(flags & of)) for outcome, flags in rows.did.items()}
    return Tally(name, int(np.count_nonzero(of)), did, float(rows.revenue[of].sum()), block_clicks)


def sample(metric: str, rows: Responses, of: Flags) -> Sample:
    """What statistics see of a metric in a group."""
    number = int(np.count_nonzero(of))
    if metric != REVENUE:
        return Share(int(np.count_nonzero(rows.did[metric] & of)), number)
    spent = rows.revenue[of]
    total, spenders = float(spent.sum()), int(np.count_nonzero(spent))
    centre = total / number if number else 0.0
    return Amounts(total, float(((spent - centre) ** 2).sum()), number, spenders, centre)


def metrics(rows: Responses) -> tuple[str, ...]:
    """What arms are compared by; guards last. Machines are no readers."""
    guards = tuple(name for name in rows.did if name not in (*OUTCOMES, *MACHINES))
    return (*OUTCOMES, REVENUE, *guards)


def by_segment(rows: Responses) -> dict[str, Flags]:
    """The places of each segment, in the order of their names. Segments overlap."""
    return _gathered(rows.segments)


def by_locale(rows: Responses) -> dict[str, Flags]:
    """The places of each locale that rows name."""
    return _gathered([() if locale is None else (locale,) for locale in rows.locales])


def by_block(rows: Responses) -> dict[str, dict[str, Flags]]:
    """Slot to block to the places of who was shown it."""
    slots = sorted(
        {slot for selection in {id(one): one for one in rows.selections}.values() for slot in selection}
    )
    return {slot: _gathered([selection.get(slot, ()) for selection in rows.selections]) for slot in slots}


def _gathered(named: Sequence[Sequence[str]]) -> dict[str, Flags]:
    places: dict[str, list[int]] = {}
    for place, names in enumerate(named):
        for name in names:
            places.setdefault(name, []).append(place)
    return {name: flags(len(named), places[name]) for name in sorted(places)}


def flags(number: int, places: Sequence[int]) -> Flags:
    """An array of `number` that is true at these places."""
    found = np.zeros(number, dtype=np.bool_)
    found[list(places)] = True
    return found
