"""One shard, rendered: what becomes of every recipient in a range of the list.

A message is made into the piece of its format here, recipient by recipient: whatever raises on the way, while it is
decided, rendered or encoded, is charged to the one whom it is about.
"""

from __future__ import annotations

import heapq
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias
from unicodedata import normalize

from mailweave.batch.addresses import address_attribute
from mailweave.batch.attached import check_files
from mailweave.batch.keys import as_key
from mailweave.batch.rows import NO_DRAWS, Row
from mailweave.batch.sources import Recipient
from mailweave.campaign import Campaign
from mailweave.decisions import Draw, Selection, Skip
from mailweave.diagnostics import MailweaveError
from mailweave.message import Email
from mailweave.rules import BadData
from mailweave.rules.reserved import EMPTY
from mailweave.rules.validation import why_no_key
from mailweave.values.invalid_value import type_name

Chosen: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""Slots with their blocks."""
WORST = 5  # of the slowest and the largest recipients, this many are named in the report
_REASONS = 50  # of the ways in which recipients of one shard fail, this many are told apart
OTHERS = "other reasons"
NO_FALLBACKS: Final = {"interpreted": 0, "apart": 0}
_PLACE = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a recipient is a dead letter. `field` names the datum that is wrong, where one is; its value is not told."""

    code: str
    reason: str
    field: str | None = None

    @classmethod
    def of(cls, error: Exception) -> Fault:
        """What an exception says of the recipient on whom it was raised."""
        if isinstance(error, BadData):
            return cls("bad_data", str(error), error.field)
        if isinstance(error, MailweaveError) and error.diagnostics:
            found = error.diagnostics[0]
            return cls(found.code, found.name)
        return cls("internal_error", type(error).__name__)


@dataclass(slots=True)
class Outcome:
    """What became of a shard. `facts` depends on the input alone; `slowest` does not.

    pieces: the messages, as the format takes them. reasons: by code, field and reason, how many dead letters.
    fallbacks: how often `Campaign.fallbacks` has counted.
    """

    pieces: list[Any] = field(default_factory=list)
    dead: list[bytes] = field(default_factory=list)
    skipped: list[bytes] = field(default_factory=list)
    selections: Counter[Chosen] = field(default_factory=Counter)
    arms: dict[str, Counter[str]] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    skips: Counter[str] = field(default_factory=Counter)
    amp: Counter[str] = field(default_factory=Counter)
    locales: Counter[str] = field(default_factory=Counter)
    lacks: Counter[str] = field(default_factory=Counter)
    fallbacks: Counter[str] = field(default_factory=lambda: Counter(NO_FALLBACKS))
    sizes: list[tuple[int, str]] = field(default_factory=list)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    bytes: int = 0

    def facts(self) -> dict[str, Any]:
        """The counts, as the manifest holds them."""
        return {
            "good": len(self.pieces),
            "skipped": len(self.skipped),
            "dead": len(self.dead),
            "slots": {slot: dict(sorted(counts.items())) for slot, counts in sorted(self._slots().items())},
            "arms": {name: dict(sorted(counts.items())) for name, counts in sorted(self.arms.items())},
            "skips": dict(sorted(self.skips.items())),
            "codes": dict(sorted(self.codes.items())),
            "reasons": self._reasons(),
            "amp": dict(sorted(self.amp.items())),
            "locales": dict(sorted(self.locales.items())),
            "lacks": dict(sorted(self.lacks.items())),
            "fallbacks": dict(self.fallbacks),
            "text_bytes": self.bytes,
            "largest": heapq.nlargest(WORST, self.sizes),
        }

    def _slots(self) -> dict[str, Counter[str]]:
        """How often each block was shown."""
        found: dict[str, Counter[str]] = {}
        for selection, count in self.selections.items():
            for slot, blocks in selection:
                counts = found.setdefault(slot, Counter())
                for block in blocks or (EMPTY,):
                    counts[block] += count
        return found

    def _reasons(self) -> dict[str, dict[str, dict[str, int]]]:
        found: dict[str, dict[str, dict[str, int]]] = {}
        for (code, name, reason), n in sorted(self.reasons.items()):
            found.setdefault(code, {}).setdefault(name, {})[reason] = n
        return found

    def bury(self, line: int, key: str, fault: Fault) -> None:
        """One more dead letter."""
        letter = {"line": line, "key": key, "code": fault.code, "field": fault.field, "reason": fault.reason}
        self.dead.append(as_line(letter))
        self.codes[fault.code] += 1
        which = (fault.code, _PLACE.sub("[]", fault.field or ""), _PLACE.sub("[]", fault.reason))
        known = which in self.reasons or len(self.reasons) < _REASONS
        self.reasons[which if known else (fault.code, "", OTHERS)] += 1

    def leave(self, line: int, key: str, skip: Skip) -> None:
        """One more who gets no mail."""
        if skip.code == "bad_data":
            self.bury(line, key, Fault(skip.code, skip.reason, skip.field))
            return
        self.skips[skip.code] += 1
        self.skipped.append(as_line({"line": line, "key": key, "code": skip.code}))

    def send(self, piece: Any, chosen: Selection, email: Email) -> None:
        """One more message."""
        self.pieces.append(piece)
        self.selections[tuple(chosen.blocks.items())] += 1
        for name, arm in chosen.arms.items():
            self.arms.setdefault(name, Counter())[arm] += 1
        self.amp["sent" if email.amp is not None else (email.amp_reason or "none")] += 1
        self.locales[email.locale] += 1
        self.lacks.update(email.lacks)
        size = len(email.html) + len(email.text) + len(email.amp or "")
        self.bytes += size
        _keep(self.sizes, (size, email.key))


class ShardRenderer:
    """Renders ranges of a list with one compiled campaign, into the pieces of a format. `send_id`, `cuts`: see
    `Campaign.decide`."""

    def __init__(
        self,
        campaign: Campaign,
        now: datetime,
        context: Mapping[str, Any] | None,
        piece: Callable[[Row], Any] = Row.values,
        send_id: str | None = None,
        *,
        cuts: bool = False,
    ) -> None:
        check_files(campaign)
        self._campaign, self._now, self._context = campaign, now, campaign.snapshot(context)
        self._piece, self._address = piece, address_attribute(campaign)
        self._told: dict[str, Any] = {"cuts": cuts} | ({} if send_id is None else {"send_id": send_id})

    def render(
        self,
        people: Iterator[tuple[int, int, Recipient | None]],
        poison: Collection[int] = (),
        alive: Callable[[], None] = lambda: None,
    ) -> Outcome:
        """The outcome for `people`: number, line and recipient; the numbers of `poison` are dead, untouched.

        `alive` is called before each recipient.
        """
        outcome, before = Outcome(), self._campaign.fallbacks
        for number, line, recipient in people:
            alive()
            if recipient is None:
                outcome.bury(line, "", Fault("bad_json", "this is no JSON object"))
            elif as_key(recipient.key) is None:
                outcome.bury(line, "", self._nobody(recipient))
            elif number in poison:
                outcome.bury(line, recipient.key, Fault("worker_died", "rendering it ended the worker"))
            else:
                self._one(outcome, line, recipient)
        outcome.fallbacks.update(self._campaign.fallbacks.since(before))
        return outcome

    def _nobody(self, recipient: Recipient) -> Fault:
        name = self._campaign.key_column
        told = recipient.profile.get(name)
        if isinstance(told, str) and (why := why_no_key(normalize("NFC", told))) is not None:
            return Fault.of(BadData(name, why))
        if told is not None:
            return Fault("bad_data", f"{name} is not a text: got {type_name(told)}", name)
        return Fault("no_key", "nothing tells who it is", name)

    def _known_by(self, recipient: Recipient) -> str:
        """The key that letters name; what is no text is written by each engine in its own way, and names nobody."""
        told = recipient.profile.get(self._campaign.key_column, "")
        return recipient.key if isinstance(told, str) else ""

    def _one(self, outcome: Outcome, line: int, recipient: Recipient) -> None:
        started = time.perf_counter()
        try:
            made = self.made(recipient)
            if isinstance(made, Skip):
                outcome.leave(line, self._known_by(recipient), made)
                return
            chosen, email = made
            piece = self._piece(selected(chosen, email))
        except MemoryError:
            raise  # that ends this worker, and the pool finds out on whom
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this recipient's, and stops nobody else
            outcome.bury(line, self._known_by(recipient), Fault.of(error))
            return
        outcome.send(piece, chosen, email)
        _keep(outcome.slowest, (time.perf_counter() - started, email.key))

    def made(self, recipient: Recipient) -> tuple[Selection, Email] | Skip:
        """The decision and the e-mail, which has an address. Raises whatever rendering raises."""
        if recipient.refused is not None:
            raise recipient.refused
        result = self._campaign.decide(
            recipient.profile,
            events=recipient.events,
            now=self._now,
            context=self._context,
            answers=recipient.answers,
            **self._told,
        )
        if not isinstance(result, Skip) and not result[1].envelope.to:
            raise BadData(self._address or "to", "is empty, and nothing else tells where to send it")
        return result

    def tried(self, recipient: Recipient) -> tuple[Selection, Email] | Skip | None:
        """The same, and None for whoever is a dead letter."""
        try:
            made = self.made(recipient)
            if not isinstance(made, Skip):
                self._piece(selected(*made))
        except Exception:  # noqa: BLE001 - the batch has said why
            return None
        return made


def selected(chosen: Selection, email: Email) -> Row:
    """A message with what was decided about it."""
    selection = _as_json(tuple(chosen.blocks.items()))
    draws = _draws(chosen.draws) if chosen.draws else NO_DRAWS
    return Row(email, selection, _in_order(chosen.evaluation.segments), draws)


def _draws(drawn: Mapping[str, Draw]) -> str:
    return json.dumps({slot: draw._asdict() for slot, draw in sorted(drawn.items())})


@lru_cache(maxsize=4096)
def _in_order(segments: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(segments))


@lru_cache(maxsize=4096)
def _as_json(chosen: Chosen) -> str:
    return json.dumps({slot: list(blocks) for slot, blocks in chosen}, sort_keys=True)


def _keep(heap: list[Any], item: Any) -> None:
    """The `WORST` greatest items."""
    if len(heap) < WORST:
        heapq.heappush(heap, item)
    elif item > heap[0]:
        heapq.heapreplace(heap, item)


def as_line(entry: Mapping[str, Any]) -> bytes:
    """A letter or a skip as a line of JSON."""
    return json.dumps(entry, ensure_ascii=True).encode() + b"\n"
