"""What templates see of events: the newest one of a type, as plain values."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from mailweave.rules.codecs import Normal, writer
from mailweave.rules.events import Moment, Row
from mailweave.schema.model import EventType
from mailweave.schema.types import Instant
from mailweave.values.missing import is_missing


class EventShower:
    """Shows the newest event of one type, as `{"last": {"at": .., its fields}}`."""

    def __init__(self, event: EventType) -> None:
        self.name: Final = event.name
        self._needs = None if event.shown is None else event.shown.needs
        self._at = writer(Instant())
        self._writers = tuple((name, writer(field.type)) for name, field in event.fields.items())

    def view(self, moment: Moment, consents: Collection[str]) -> dict[str, object]:
        """What is seen at a moment; nothing without the consent that it needs."""
        if self._needs is not None and self._needs not in consents:
            return {}
        rows = moment.rows(self.name)
        if not rows:
            return {}
        newest = max((row for row in rows if row[0] == rows[-1][0]), key=_order)
        written = (
            (name, write(value)) for (name, write), value in zip(self._writers, newest[1:], strict=True)
        )
        fields = {name: value for name, value in written if value is not None}
        return {"last": {"at": self._at(newest[0]), **fields}}


def _order(row: Row) -> tuple[tuple[bool, Normal], ...]:
    """Of events at one instant, the one with the largest fields, in their order; what is missing is smallest."""
    return tuple((False, 0) if is_missing(value) else (True, value) for value in row[1:])
