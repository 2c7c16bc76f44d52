"""A compiled rule text: asked about one recipient after another, by as many threads as like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import CodeType
from typing import Any, Final

from mailweave.rules.artifact import Generated
from mailweave.rules.codecs import writer
from mailweave.rules.context import Context
from mailweave.rules.event_views import EventShower
from mailweave.rules.lists import Item
from mailweave.rules.record_codecs import compile_attributes_writer
from mailweave.rules.runtime import load
from mailweave.rules.validation import Admission, ValidatedRecipient, moment_of
from mailweave.schema.model import Schema
from mailweave.values.bounded_cache import Memo
from mailweave.values.missing import is_missing
from mailweave.values.numbers import Quantity


@dataclass(frozen=True, slots=True)
class SkipReason:
    """Why a recipient gets no mail: the code of the first `skip` that holds, and the author's words."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the rules say of one recipient at one moment.

    `tiers` maps every tier to its member, or to None where no member is true. `conditions` holds the names of
    the extra conditions (see `compile_checked`) that are true. `mask` is the same as one number.
    """

    segments: frozenset[str]
    tiers: Mapping[str, str | None]
    skip: SkipReason | None
    conditions: frozenset[str]
    mask: int


class Program:
    """A compiled rule text. Immutable, and safe to share between threads.

    >>> from datetime import datetime, UTC
    >>> from mailweave.rules import compile_rules
    >>> text = 'ruleset "shop" version 1\\nprofile { orders: int }\\nsegment buyers = orders >= 1'
    >>> program = compile_rules(text)
    >>> program.evaluate({"orders": 3}, now=datetime(2026, 11, 22, tzinfo=UTC)).segments
    frozenset({'buyers'})
    """

    mask: Callable[[ValidatedRecipient], int]
    """`mask(admitted)`: every answer of one recipient, one bit each (see `bits`)."""

    def __init__(self, generated: Generated, code: CodeType, name: str) -> None:
        self.generated: Final = generated
        self.code: Final = code
        self.name: Final = name
        self.bits: Final = generated.bits
        functions = load(code)
        self.mask = functions["mask"]
        self._values = {value: functions[f"value{at}"] for at, value in enumerate(generated.values)}
        logs = tuple(functions[f"log{at}"] for at in range(generated.logs))
        self._admission = Admission(generated.schema, generated.inputs, logs, partial=generated.partial)
        self._decode: Memo[Evaluation] = Memo(_Decoder(self))
        fields = tuple(self.schema.profile.values())
        self._view = compile_attributes_writer(fields, partial=generated.partial)
        self._shown_events = tuple(EventShower(event) for event in self.schema.shown_events)
        self._score_writers = {name: writer(score.type) for name, score in self.schema.scores.items()}

    @property
    def schema(self) -> Schema:
        """What the text declares about its data."""
        return self.generated.schema

    def context(self, context: Mapping[str, Any] | None) -> Context:
        """A campaign-wide snapshot made ready once, to be given to `admit` for many recipients."""
        return Context.of(context, self.schema)

    def admit(
        self,
        profile: Mapping[str, Any],
        events: Iterable[Mapping[str, Any]] = (),
        *,
        context: Mapping[str, Any] | Context | None = None,
        now: datetime | str | int,
        shown: bool = False,
    ) -> ValidatedRecipient:
        """Validate and normalise one recipient, once.

        `profile`: declared attributes as plain JSON or Python (money as decimal text, int or Decimal; dates
        and instants as ISO 8601 text, or date and datetime with a zone; sets as lists), and beside them
        `consent` {purpose: bool}, `scores` {name: {"value", "at"}} and `lists` {name: [items or keys]}.
        `events`: mappings with `type`, `at` and their properties, in any order. `context`: `lookups` and
        `catalogs`. `now`: a datetime with a zone, ISO 8601 text, or microseconds since 1970. `shown`: prepare
        `liquid_view` on the way, which is cheaper than to ask for it later.

        Raises BadData, which names the field and never its value, and ValueError for a `now` without a zone.
        """
        moment = now if now.__class__ is int else moment_of(now)
        return self._admission.admit(profile, events, context, moment, shown=shown)

    def evaluate(
        self,
        profile: Mapping[str, Any] | ValidatedRecipient,
        *,
        events: Iterable[Mapping[str, Any]] = (),
        now: datetime | str,
        context: Mapping[str, Any] | Context | None = None,
    ) -> Evaluation:
        """The segments, tiers and skip of one recipient; `profile` may be admitted already.

        An admitted recipient brings its events and its context along, and is read at `now`. Where experiments vary
        constants, the hash says which arm it is. Raises BadData and ValueError, as `admit` does.
        """
        if isinstance(profile, ValidatedRecipient):
            return self.evaluation(profile.at(now))
        return self.evaluation(self.admit(profile, events, context=context, now=now))

    def evaluation(self, admitted: ValidatedRecipient) -> Evaluation:
        """The answers for a recipient at the moment for which it is admitted, by this program."""
        if admitted.admission is not self._admission:
            raise ValueError("admitted by another program")
        return self._decode[self.mask(admitted)]

    def evaluation_of(self, mask: int) -> Evaluation:
        """The answers that a mask stands for."""
        return self._decode[mask]

    def value(self, admitted: ValidatedRecipient, name: str) -> Quantity | None:
        """An extra value (see `compile_checked`): money in ten-thousandths, time in microseconds; None if
        it is missing."""
        found: Quantity = self._values[name](admitted.moment)
        return None if is_missing(found) else found

    # ---- what a template may see

    def liquid_view(self, admitted: ValidatedRecipient) -> Mapping[str, object]:
        """The attributes as plain JSON types, money as Decimal, dates and instants as ISO 8601 text.

        What is missing is left out, and so is what needs a consent that is not given.
        """
        return self._view(admitted.attributes) if admitted.shown is None else admitted.shown

    def scores_view(self, admitted: ValidatedRecipient) -> dict[str, object]:
        """The scores at this moment, each or its `else`; an unknown one is left out."""
        if not self._score_writers:
            return {}
        written = ((name, write(admitted.score(name))) for name, write in self._score_writers.items())
        return {name: value for name, value in written if value is not None}

    def events_view(self, admitted: ValidatedRecipient) -> dict[str, dict[str, object]]:
        """Of each event that templates may read, the newest at this moment: `{"click": {"last": {..}}}`.

        `last` is left out where there is none, and where it needs a consent that is not given.
        """
        return {one.name: one.view(admitted.moment, admitted.consents) for one in self._shown_events}

    def lists_view(self, admitted: ValidatedRecipient) -> dict[str, list[Item]]:
        """Every declared list: its items, found in the catalogue and cut to `max`."""
        return {name: list(items) for name, items in admitted.lists.items()}


class _Decoder:
    """Reads a mask."""

    def __init__(self, program: Program) -> None:
        bits = program.bits
        names = [*bits.segments]
        self._segments = tuple((1 << at, name) for at, name in enumerate(names))
        at = len(names)
        self._tiers: list[tuple[str, tuple[tuple[int, str], ...]]] = []
        for tier, answers in bits.tiers:
            self._tiers.append((tier, tuple((1 << at + i, answer) for i, answer in enumerate(answers))))
            at += len(answers)
        self._skips = tuple((1 << at + i, SkipReason(*skip)) for i, skip in enumerate(bits.skips))
        at += len(bits.skips)
        self._conditions = tuple((1 << at + i, name) for i, name in enumerate(bits.conditions))

    def __call__(self, mask: int) -> Evaluation:
        return Evaluation(
            frozenset([name for bit, name in self._segments if mask & bit]),
            {tier: _first(answers, mask) for tier, answers in self._tiers},
            _first(self._skips, mask),
            frozenset([name for bit, name in self._conditions if mask & bit]),
            mask,
        )


def _first(answers: Iterable[tuple[int, Any]], mask: int) -> Any:
    return next((answer for bit, answer in answers if mask & bit), None)
