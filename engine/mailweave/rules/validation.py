"""Admission: a recipient's data, validated and brought into normal form, once.

    profile, events, context, now  ->  ValidatedRecipient, or BadData that names the field and never its value

What depends on `now` (which events are seen, whether a score is fresh) stands in `ValidatedRecipient.moment`;
`ValidatedRecipient.at` gives the same recipient at another moment without reading the data again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from mailweave.diagnostics import MailweaveError
from mailweave.rules.codecs import Normal, Reader, field_reader, missing, reader, record_reader, writer
from mailweave.rules.compiled_inputs import SWITCHED_OFF, ArmInput, Input, LookupInput
from mailweave.rules.context import Context, looked_up
from mailweave.rules.events import Build, Moment, Row
from mailweave.rules.input_bindings import Dated, Found, compile_picks, fresh, otherwise
from mailweave.rules.lists import Item, Lists
from mailweave.rules.record_codecs import (
    compile_attributes_reader,
    compile_attributes_shower,
    compile_events_reader,
)
from mailweave.schema.model import LookupType, Schema
from mailweave.schema.types import Key
from mailweave.values.instants import to_instant
from mailweave.values.invalid_value import InvalidValue, mistyped
from mailweave.values.missing import is_missing

LONGEST_KEY = 255
"""Characters of the key of a recipient: an address fits, a text that went astray does not."""

Rows: TypeAlias = Mapping[str, Sequence[Row]]


class BadData(MailweaveError):
    """A recipient whose data breaks the schema: skip this one, and mend the data.

    `field` names what is wrong (`orders`, `cart.price`, `purchase.at`, `scores.churn`), `reason` says why.
    The value itself is never told: it may be personal.

    >>> raise BadData("orders", "is not a whole number")
    Traceback (most recent call last):
    mailweave.rules.validation.BadData: orders is not a whole number
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(())
        self.field = field
        self.reason = reason
        self.args = (field, reason)

    def __str__(self) -> str:
        return f"{self.field} {self.reason}"

    def __reduce__(self) -> tuple[type[BadData], tuple[str, str]]:  # type: ignore[override]  # narrower
        return type(self), (self.field, self.reason)


class ValidatedRecipient(NamedTuple):
    """One recipient's data in normal form, for one program.

    `attributes` holds every declared attribute; one that needs a consent which is not given is missing.
    Scores and what lookups found keep their own moments; `lists` hold plain items, cut to their length.
    """

    attributes: Mapping[str, Normal]
    consents: frozenset[str]
    scores: Mapping[str, Dated]
    found: Mapping[LookupInput, Found]
    lists: Mapping[str, tuple[Item, ...]]
    rows: Rows
    context: Context
    moment: Moment
    admission: Admission
    shown: Mapping[str, object] | None = None
    """The attributes as plain values, where they were asked for together."""

    @property
    def now(self) -> int:
        """The moment (microseconds since 1970, UTC) for which this recipient is read."""
        return self.moment.now

    def at(self, now: datetime | str | int) -> ValidatedRecipient:
        """The same recipient at another moment."""
        moment = moment_of(now)
        if moment == self.now:
            return self
        return self._replace(moment=self.admission.moment(self, moment))

    def in_arms(self, arms: Mapping[str, str]) -> ValidatedRecipient:
        """The same recipient in these arms of experiments on constants, all others switched off."""
        return self._replace(moment=self.admission.in_arms(self.moment, arms))

    def arm(self, experiment: str) -> int:
        """The place of the arm of an experiment on a constant, or why there is none (see `compiled_inputs`)."""
        return self.admission.arm(self.moment, experiment)

    def score(self, name: str) -> Normal:
        """The score at this moment, or its `else`."""
        score = self.admission.schema.scores[name]
        return fresh(self.scores.get(name), self.now, score.ttl, otherwise(score))


def moment_of(now: datetime | str | int) -> int:
    """`now` as callers give it: a datetime with a zone, or ISO 8601 text with an offset.

    Raises ValueError.
    """
    if isinstance(now, int) and not isinstance(now, bool):
        return now
    try:
        return to_instant(now)
    except InvalidValue as refusal:
        raise ValueError(f"now {refusal.reason}") from None


_NO_CONSENT: frozenset[str] = frozenset()


class Admission:
    """Reads recipients of one schema, for conditions that take `inputs`.

    With `partial`, required attributes may be absent and read as missing.
    """

    def __init__(
        self, schema: Schema, inputs: tuple[Input, ...], builders: Sequence[Build], *, partial: bool = False
    ) -> None:
        self.schema = schema
        self._inputs = inputs
        self._builders = builders
        fields = tuple(schema.profile.values())
        self._fields = tuple(
            (one, one.column or one.name, field_reader(one, partial=partial)) for one in fields
        )
        self._key = next((one.name for one in fields if isinstance(one.type, Key)), None)
        self._quick = compile_attributes_reader(fields, partial=partial)
        self._shower = compile_attributes_shower(fields, partial=partial)
        types = {name: tuple(event.fields.values()) for name, event in schema.events.items()}
        self._events = {name: record_reader(fields) for name, fields in types.items()}
        self._quick_events = compile_events_reader(types)
        self._no_rows: Rows = dict.fromkeys(self._events, ())
        self._scores = {name: reader(score.type) for name, score in schema.scores.items()}
        self._lists = Lists(schema)
        self._lookups = tuple((use, _Lookup(use, schema)) for use in inputs if isinstance(use, LookupInput))
        self._arms = {one.experiment: at for at, one in enumerate(inputs) if isinstance(one, ArmInput)}
        self._pick = compile_picks(inputs, schema)

    def admit(
        self,
        profile: Mapping[str, Any],
        events: Iterable[Mapping[str, Any]],
        context: Mapping[str, Any] | Context | None,
        now: int,
        *,
        shown: bool = False,
    ) -> ValidatedRecipient:
        """With `shown`, the attributes as plain values too. Raises BadData."""
        if profile.__class__ is not dict and not isinstance(profile, Mapping):
            raise BadData("profile", mistyped(profile, "a mapping").reason)
        consents = self._read_consents(profile)
        attributes, view = self._read_attributes(profile, consents, shown)
        if self._key is not None:
            _check_key(attributes[self._key], self._key)
        try:
            snapshot = Context.of(context, self.schema)
        except InvalidValue as refusal:
            raise BadData(refusal.path, refusal.reason) from None
        rows = self._read_events(events)
        found = (
            {use: lookup.find(snapshot, attributes) for use, lookup in self._lookups} if self._lookups else {}
        )
        scores, lists = self._read_scores(profile), self._read_lists(profile, snapshot)
        moment = self._moment(attributes, consents, scores, found, rows, now)
        return ValidatedRecipient(
            attributes, consents, scores, found, lists, rows, snapshot, moment, self, view
        )

    def moment(self, admitted: ValidatedRecipient, now: int) -> Moment:
        """What depends on `now`."""
        return self._moment(
            admitted.attributes, admitted.consents, admitted.scores, admitted.found, admitted.rows, now
        )

    def in_arms(self, moment: Moment, arms: Mapping[str, str]) -> Moment:
        """A moment with arms by hand."""
        if not self._arms:
            return moment
        given = list(moment.inputs)
        for name, at in self._arms.items():
            drawn = self._inputs[at]
            assert isinstance(drawn, ArmInput)
            given[at] = drawn.arms.index(arms[name]) if name in arms else SWITCHED_OFF
        return moment.reading(tuple(given))

    def arm(self, moment: Moment, experiment: str) -> int:
        """What the place of an experiment holds."""
        found: int = moment.inputs[self._arms[experiment]]
        return found

    def _moment(
        self,
        attributes: Mapping[str, Normal],
        consents: frozenset[str],
        scores: Mapping[str, Dated],
        found: Mapping[LookupInput, Found],
        rows: Rows,
        now: int,
    ) -> Moment:
        zone = self.schema.timezone
        attribute = zone.attribute and attributes[zone.attribute]
        values = self._pick(attributes, consents, scores, found, now)
        return Moment(values, now, attribute or zone.zone, rows, self.schema.events, self._builders)

    # ---- the doors

    def _read_consents(self, profile: Mapping[str, Any]) -> frozenset[str]:
        given = _mapping(profile.get("consent"), "consent")
        if not given:
            return _NO_CONSENT
        granted = []
        for purpose in self.schema.consents:
            answer = given.get(purpose)
            if answer is True:
                granted.append(purpose)
            elif answer is not False and answer is not None:
                raise BadData(
                    f"consent.{purpose}",
                    mistyped(answer, "true or false", "is neither true nor false").reason,
                )
        return frozenset(granted)

    def _read_attributes(
        self, profile: Mapping[str, Any], consents: frozenset[str], shown: bool
    ) -> tuple[dict[str, Normal], dict[str, object] | None]:
        if profile.__class__ is dict:
            try:
                return self._shower(profile, consents) if shown else (self._quick(profile, consents), None)
            except InvalidValue:
                pass  # rare: read once more, to say which field it was
        attributes: dict[str, Normal] = {}
        for field, column, read in self._fields:
            value = _read(read, profile.get(column), field.name)
            given = field.needs is None or field.needs in consents
            attributes[field.name] = value if given else missing(field.type)
        return attributes, None

    def _read_scores(self, profile: Mapping[str, Any]) -> dict[str, Dated]:
        given = _mapping(profile.get("scores"), "scores")
        if not given:
            return {}
        scores = ((name, read, given.get(name)) for name, read in self._scores.items())
        dated = ((name, _dated(read, value, f"scores.{name}")) for name, read, value in scores)
        return {name: value for name, value in dated if value is not None}

    def _read_events(self, events: Iterable[Mapping[str, Any]]) -> Rows:
        if events.__class__ is tuple and not events:
            return self._no_rows
        if events.__class__ not in (tuple, list) and (
            isinstance(events, str | bytes | Mapping) or not isinstance(events, Iterable)
        ):
            raise BadData("events", mistyped(events, "a list of events", "are not a list of events").reason)
        given = events if isinstance(events, tuple | list) else list(events)
        try:
            return self._quick_events(given)
        except InvalidValue:  # rare: read once more, to say which it was
            return self._read_each(given)

    def _read_each(self, events: Iterable[Mapping[str, Any]]) -> Rows:
        rows: dict[str, list[Row]] = {name: [] for name in self._events}
        for event in events:
            kind = event.get("type") if isinstance(event, Mapping) else None
            if not isinstance(kind, str):
                raise BadData("events", "hold an event without a type")
            read = self._events.get(kind)
            if read is not None:  # what is not declared cannot matter
                at = _read(to_instant, event.get("at"), f"{kind}.at")
                rows[kind].append((at, *_read(read, event, kind)))
        return rows

    def _read_lists(self, profile: Mapping[str, Any], context: Context) -> dict[str, tuple[Item, ...]]:
        try:
            return self._lists.read(_mapping(profile.get("lists"), "lists"), context)
        except InvalidValue as refusal:
            raise BadData(f"lists{refusal.path}", refusal.reason) from None


def _read(read: Reader, value: object, name: str) -> Normal:
    try:
        return read(value)
    except InvalidValue as refusal:
        raise BadData(name + refusal.path, refusal.reason) from None


def _check_key(key: Normal, name: str) -> None:
    """The idempotency key and the message id hang on it, so it must name one recipient."""
    if key is not None and (why := why_no_key(key)) is not None:
        raise BadData(name, why)


def why_no_key(key: str) -> str | None:
    """Why a text, in NFC, names no recipient; None where it does.

    >>> why_no_key("7"), why_no_key("7\\n")
    (None, 'holds a control character')
    """
    if key.isalnum() and len(key) <= LONGEST_KEY:
        return None
    if len(key) > LONGEST_KEY:
        return f"is longer than {LONGEST_KEY} characters"
    if not any(char.isprintable() and not char.isspace() for char in key):
        return "is blank: a key names one recipient"
    return "holds a control character" if _CONTROL.search(key) else None


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _mapping(value: object, name: str) -> Mapping[Any, Any]:
    if value is None:
        return {}
    if value.__class__ is not dict and not isinstance(value, Mapping):
        raise BadData(name, mistyped(value, "a mapping").reason)
    return value


def _dated(read: Reader, given: object, name: str) -> Dated | None:
    """A bare value, or {"value", "at"}; None for what is absent."""
    value, at = (given.get("value"), given.get("at")) if isinstance(given, Mapping) else (given, None)
    if value is None:
        return None
    return _read(read, value, name), None if at is None else _read(to_instant, at, f"{name}.at")


class _Lookup:
    """One use of a lookup: a fixed key, or the value of an attribute."""

    def __init__(self, use: LookupInput, schema: Schema) -> None:
        self._use = use
        self._type: LookupType = schema.lookups[use.name]
        self._read = reader(self._type.type)
        self._write = writer(self._type.key)

    def find(self, context: Context, attributes: Mapping[str, Normal]) -> Found:
        use = self._use
        key = attributes[str(use.key)] if use.by == "attribute" else use.key
        if is_missing(key):
            return None
        given = looked_up(context.lookups.get(use.name, {}), self._write(key))
        dated = _dated(self._read, given, f"lookups.{use.name}")
        # a bare value is of the moment of the snapshot
        return dated if dated is None or dated[1] is not None else (dated[0], _ALWAYS)


_ALWAYS = 2**63
