"""One shard, rendered: what becomes of every recipient in a range of the list."""

from __future__ import annotations

import heapq
import json
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mailweave.batch.sources import Recipient
from mailweave.campaign import Campaign
from mailweave.decisions import Skip
from mailweave.diagnostics import TemplateError
from mailweave.message import Email
from mailweave.message.headers import idempotency_key

WORST = 5  # of the slowest and the largest recipients, this many are named in the report


@dataclass(frozen=True, slots=True)
class Row:
    """One message as output formats take it."""

    key: str
    idempotency_key: str
    email: Email
    selection: str
    segments: tuple[str, ...]


@dataclass(slots=True)
class Outcome:
    """What became of a shard. `facts` depends on the input alone; `timing` does not."""

    rows: list[Row] = field(default_factory=list)
    dead: list[bytes] = field(default_factory=list)
    skipped: list[bytes] = field(default_factory=list)
    slots: dict[str, Counter[str]] = field(default_factory=dict)
    arms: dict[str, Counter[str]] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)
    skips: Counter[str] = field(default_factory=Counter)
    amp: Counter[str] = field(default_factory=Counter)
    sizes: list[tuple[int, str]] = field(default_factory=list)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    bytes: int = 0

    def facts(self) -> dict[str, Any]:
        """The counts, as the manifest holds them."""
        return {
            "good": len(self.rows),
            "skipped": len(self.skipped),
            "dead": len(self.dead),
            "slots": {slot: dict(sorted(counts.items())) for slot, counts in sorted(self.slots.items())},
            "arms": {name: dict(sorted(counts.items())) for name, counts in sorted(self.arms.items())},
            "skips": dict(sorted(self.skips.items())),
            "codes": dict(sorted(self.codes.items())),
            "amp": dict(sorted(self.amp.items())),
            "text_bytes": self.bytes,
            "largest": heapq.nlargest(WORST, self.sizes),
        }


class ShardRenderer:
    """Renders ranges of a list with one compiled campaign."""

    def __init__(self, campaign: Campaign, now: datetime, context: Mapping[str, Any] | None) -> None:
        self._campaign, self._now, self._context = campaign, now, campaign.snapshot(context)

    def render(
        self,
        people: Iterator[tuple[int, int, Recipient | None]],
        poison: Collection[int] = (),
        alive: Callable[[], None] = lambda: None,
    ) -> Outcome:
        """The outcome for `people`: number, line and recipient; the numbers of `poison` are dead, untouched.

        `alive` is called before each recipient.
        """
        outcome = Outcome()
        for number, line, recipient in people:
            alive()
            if recipient is None:
                self._bury(outcome, line, "", "bad_json", "this is no JSON object")
            elif not recipient.key:
                self._bury(outcome, line, "", "no_key", "nothing tells who it is")
            elif number in poison:
                self._bury(outcome, line, recipient.key, "worker_died", "rendering it ended the worker")
            else:
                self._one(outcome, line, recipient)
        return outcome

    def _one(self, outcome: Outcome, line: int, recipient: Recipient) -> None:
        started = time.perf_counter()
        try:
            result = self._campaign.decide(
                recipient.profile,
                events=recipient.events,
                now=self._now,
                context=self._context,
                answers=recipient.answers,
            )
        except TemplateError as error:
            found = error.diagnostics[0]
            self._bury(outcome, line, recipient.key, found.code, found.name)
            return
        except MemoryError:
            raise  # that ends this worker, and the pool finds out on whom
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this recipient's, and stops nobody else
            self._bury(outcome, line, recipient.key, "internal_error", type(error).__name__)
            return
        if isinstance(result, Skip):
            self._leave(outcome, line, recipient.key, result)
            return
        chosen, email = result
        selection = json.dumps({slot: list(blocks) for slot, blocks in chosen.items()}, sort_keys=True)
        envelope = email.envelope
        once = idempotency_key(envelope.campaign, envelope.version, email.key)
        outcome.rows.append(Row(email.key, once, email, selection, tuple(sorted(chosen.evaluation.segments))))
        self._count(outcome, chosen, email)
        took = time.perf_counter() - started
        _keep(outcome.slowest, (took, email.key))

    def _count(self, outcome: Outcome, chosen: Any, email: Email) -> None:
        for slot, blocks in chosen.items():
            outcome.slots.setdefault(slot, Counter()).update(blocks)
        for name, arm in chosen.arms.items():
            outcome.arms.setdefault(name, Counter())[arm] += 1
        outcome.amp["sent" if email.amp is not None else (email.amp_reason or "none")] += 1
        size = len(email.html) + len(email.text) + len(email.amp or "")
        outcome.bytes += size
        _keep(outcome.sizes, (size, email.key))

    def _leave(self, outcome: Outcome, line: int, key: str, skip: Skip) -> None:
        if skip.code == "bad_data":
            self._bury(outcome, line, key, skip.code, skip.reason)
            return
        outcome.skips[skip.code] += 1
        outcome.skipped.append(_line({"line": line, "key": key, "code": skip.code}))

    def _bury(self, outcome: Outcome, line: int, key: str, code: str, reason: str) -> None:
        outcome.codes[code] += 1
        outcome.dead.append(_line({"line": line, "key": key, "code": code, "reason": reason}))


def _keep(heap: list[Any], item: Any) -> None:
    """The `WORST` greatest items."""
    if len(heap) < WORST:
        heapq.heappush(heap, item)
    elif item > heap[0]:
        heapq.heapreplace(heap, item)


def _line(entry: dict[str, Any]) -> bytes:
    return json.dumps(entry, ensure_ascii=True).encode() + b"\n"
