"""The counts of a shard, as its manifest holds them, added up over the pieces of a task and over tasks."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from typing import Any

from mailweave.batch.rendering import WORST, Outcome

_WORST = ("largest", "slowest")


def of(outcome: Outcome, seconds: float) -> dict[str, Any]:
    """What one piece counts, with the CPU time that it took."""
    return {
        **outcome.facts(),
        "slowest": sorted(outcome.slowest, reverse=True),
        "cpu": {"render": seconds},
        "in_sql": 0,
    }


def added(counted: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """All counts together; those of nothing are zero."""
    total: dict[str, Any] = of(Outcome(), 0.0)
    for one in counted:
        total = _sum(total, one)
    return total


def _sum(total: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(total)
    for name, value in one.items():
        if name in _WORST:
            found[name] = heapq.nlargest(WORST, map(tuple, [*found[name], *value]))
        elif isinstance(value, Mapping):
            found[name] = _sum(found.get(name, {}), value)
        else:
            found[name] = found.get(name, 0) + value
    return found
