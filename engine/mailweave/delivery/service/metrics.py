"""What was answered and how long it took, as Prometheus reads it: by address, campaign and outcome, never by person."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from mailweave.delivery.sources.outcomes import Outcome

MEDIA: Final = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds: the upper ends of the histogram."""

Labels: TypeAlias = tuple[str, str, str]
"""Address, campaign (empty where a request names none that is served) and outcome."""


@dataclass(slots=True)
class Metrics:
    """Counts of one process. Safe to share between threads."""

    _requests: dict[Labels, list[int]] = field(default_factory=dict)
    _seconds: Counter[Labels] = field(default_factory=Counter)  # in microseconds, so that sums stay exact
    _recipients: Counter[tuple[str, str]] = field(default_factory=Counter)
    _sources: dict[str, Counter[Outcome]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def request(self, address: str, campaign: str, outcome: str, seconds: float) -> None:
        """One request was answered."""
        labels = (address, campaign, outcome)
        with self._lock:
            buckets = self._requests.setdefault(labels, [0] * (len(BOUNDS) + 1))
            buckets[bisect_left(BOUNDS, seconds)] += 1
            self._seconds[labels] += round(seconds * 1e6)

    def recipients(self, counted: Mapping[tuple[str, str], int]) -> None:
        """So many recipients were answered, by campaign and outcome: in a batch, many in one request."""
        with self._lock:
            self._recipients.update(counted)

    def sources(self, campaign: str) -> Counter[Outcome]:
        """The counts of a campaign's sources, for who asks them to add to."""
        with self._lock:
            return self._sources.setdefault(campaign, Counter())

    def text(self) -> str:
        """The counts as they are now."""
        with self._lock:
            return "\n".join([*self._of_requests(), *self._of_recipients(), *self._of_sources(), ""])

    def _of_requests(self) -> Iterator[str]:
        name = "mailweave_request_seconds"
        yield f"# HELP {name} How long requests took, by address, campaign and outcome."
        yield f"# TYPE {name} histogram"
        for labels, buckets in sorted(self._requests.items()):
            told, count = _told(("address", "campaign", "outcome"), labels), 0
            for bound, inside in zip((*map(str, BOUNDS), "+Inf"), buckets, strict=True):
                count += inside
                yield f'{name}_bucket{{{told},le="{bound}"}} {count}'
            yield f"{name}_sum{{{told}}} {self._seconds[labels] / 1e6}"
            yield f"{name}_count{{{told}}} {count}"

    def _of_recipients(self) -> Iterator[str]:
        name = "mailweave_recipients_total"
        yield f"# HELP {name} Recipients that were rendered, skipped or failed."
        yield f"# TYPE {name} counter"
        for labels, count in sorted(self._recipients.items()):
            yield f"{name}{{{_told(('campaign', 'outcome'), labels)}}} {count}"

    def _of_sources(self) -> Iterator[str]:
        if not self._sources:
            return
        name = "mailweave_sources_total"
        yield f"# HELP {name} What became of sources, by campaign, source, outcome and why one gave nothing."
        yield f"# TYPE {name} counter"
        for campaign, counts in sorted(self._sources.items()):
            for one, count in sorted(counts.copy().items()):
                yield f"{name}{{{_told(('campaign', *one._fields), (campaign, *one))}}} {count}"


def _told(names: tuple[str, ...], values: tuple[str, ...]) -> str:
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in zip(names, values, strict=True))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
