"""Draws that were sent and what came back of them, a row each, and how tables would have drawn in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from mailweave.decisions import Draw
from mailweave.diagnostics import Diagnostic
from mailweave.insight.event_findings import event_findings
from mailweave.insight.purchase_counts import Numbers
from mailweave.insight.responses import Question, Responses, responses
from mailweave.insight.samples import Share
from mailweave.insight.sent_rows import output
from mailweave.values.hashing import fnv1a32

Counts = Mapping[str, Mapping[str, Share]]
"""Bucket to block to how often it was shown, and was rewarded."""
Chances = Mapping[str, Mapping[str, float]]
"""Bucket to block to its chance; those of a bucket add up to 1."""


class Logged(NamedTuple):
    """One draw of a slot: who it was for, what could be shown and what was, whether it was rewarded."""

    key: str
    draw: Draw
    block: str
    rewarded: bool

    @property
    def judges(self) -> bool:
        """Whether a recipient is in the half by which is judged what the other half teaches, in every output alike.

        One split and no more: folds that judge each other give intervals that are too narrow, for their errors pull
        against one another (by two fifths, in logs where no block is better).
        """
        return fnv1a32(f"judge {self.key}") % 2 == 1

    def under(self, chances: Chances) -> Mapping[str, float]:
        """What could be shown here, as another table draws it: its numbers, renormalised; what it lacks, evenly."""
        known = chances.get(self.draw.bucket, {})
        even = 1 / max(len(known), len(self.draw.chances))
        kept = {block: known.get(block, even) for block in self.draw.chances}
        total = sum(kept.values())
        return {block: chance / total for block, chance in kept.items()}


class Columns(NamedTuple):
    """Draws as arrays, as `mailweave.insight.off_policy` takes them."""

    rewards: Numbers
    shown: Numbers
    asked: Numbers
    foretold: Numbers
    foretold_of_policy: Numbers
    people: npt.NDArray[np.int64]


def logged(
    sent: Sequence[str | Path], events: Sequence[str], asked: Question, reward: str
) -> tuple[dict[str, list[Logged]], tuple[Diagnostic, ...]]:
    """Slot to its draws in all outputs, in their order; and what is wrong with the events. `reward`: the outcome that is
    learned for."""
    found: dict[str, list[Logged]] = {}
    wrong: dict[Diagnostic, None] = {}  # one list is read once for each output
    for one in sent:
        rows = responses(output(Path(one), None), events, asked)
        place = ", ".join(map(str, events))
        wrong |= dict.fromkeys(event_findings(asked, rows.events, rows.other_types, place))
        for slot, draw in _of(rows, reward):
            found.setdefault(slot, []).append(draw)
    return found, tuple(wrong)


def _of(rows: Responses, reward: str) -> Iterator[tuple[str, Logged]]:
    for place, key in enumerate(rows.keys):
        for slot, draw in rows.draws[place].items():
            block = rows.selections[place][slot][0]
            yield slot, Logged(key, draw, block, bool(rows.did[reward][place]))


def counted(draws: Sequence[Logged], blocks: Sequence[str]) -> dict[str, dict[str, Share]]:
    """How often each of the blocks was shown in each bucket, and rewarded; those that never were, too."""
    found: dict[str, dict[str, Share]] = {}
    for one in draws:
        bucket = found.setdefault(one.draw.bucket, {block: Share(0, 0) for block in blocks})
        if one.block in bucket:
            did, of = bucket[one.block]
            bucket[one.block] = Share(did + one.rewarded, of + 1)
    return dict(sorted(found.items()))


def columns(draws: Sequence[Logged], table: Chances, model: Counts) -> Columns:
    """Draws as arrays, under a table; the rates of the model foretell rewards."""
    rates = _rates(model)
    under = [one.under(table) for one in draws]
    foretold = [rates.get(one.draw.bucket, {}) for one in draws]
    _, people = np.unique([one.key for one in draws], return_inverse=True)
    each = list(zip(draws, under, foretold, strict=True))
    return Columns(
        np.array([one.rewarded for one in draws], dtype=np.float64),
        np.array([one.draw.chances[one.block] for one in draws]),
        np.array([new[one.block] for one, new, _ in each]),
        np.array([known.get(one.block, 0.5) for one, _, known in each]),
        np.array([sum(p * known.get(block, 0.5) for block, p in new.items()) for _, new, known in each]),
        people,
    )


def _rates(counts: Counts) -> dict[str, dict[str, float]]:
    """What is rewarded of each block, one more of each kind counted."""
    return {
        bucket: {block: (share.did + 1) / (share.of + 2) for block, share in of.items()}
        for bucket, of in counts.items()
    }
