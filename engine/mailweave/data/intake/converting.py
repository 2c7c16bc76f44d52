"""One row of an export as a row of a list: whole, or refused with every reason there is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from mailweave.data.intake.export_rows import ExportRow
from mailweave.data.intake.reading_plan import Attribute, ReadingPlan
from mailweave.data.intake.refusals import CellRefused, Reason
from mailweave.values.invalid_value import InvalidValue

Repaired: TypeAlias = Counter[tuple[str, str]]


class Converted(NamedTuple):
    """A row as it is written, or why it is refused; `repairs` are pairs of a word and a column."""

    record: dict[str, Any] | None
    reasons: tuple[Reason, ...]
    repairs: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Counts:
    """What became of an export. Every row is either written or refused.

    repairs: how often a word was said of a column, in rows that were written. refusals: the same for reasons, of which a
    row may have several.
    """

    rows: int = 0
    written: int = 0
    rejected: int = 0
    repairs: Repaired = field(default_factory=Counter)
    refusals: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, one: Converted) -> None:
        """Counts one row."""
        self.rows += 1
        if one.record is None:
            self.rejected += 1
            self.refusals.update({(reason.kind, reason.column) for reason in one.reasons})
        else:
            self.written += 1
            self.repairs.update(one.repairs)

    @property
    def most_refused(self) -> list[tuple[tuple[str, str], int]]:
        """The reasons and how many rows have them, the most frequent first."""
        return sorted(self.refusals.items(), key=lambda item: (-item[1], item[0]))


def converted(row: ExportRow, plan: ReadingPlan) -> Converted:
    """Reads every cell of a row that the plan names, and admits what was read as the rules would."""
    if row.wrong:
        return Converted(None, (Reason("", "", "row", row.wrong),), ())
    reasons: list[Reason] = []
    repairs: list[tuple[str, str]] = []
    record: dict[str, Any] = {"type": plan.event} if plan.event else {}
    for attribute in plan.attributes:
        value = _value(attribute, row, reasons, repairs)
        if value is None:
            continue
        if attribute.parent:
            record.setdefault(attribute.parent, {})[attribute.name] = value
        else:
            record[attribute.name] = value
    return Converted(None if reasons else record, tuple(reasons), tuple(repairs))


def _value(
    attribute: Attribute, row: ExportRow, reasons: list[Reason], repairs: list[tuple[str, str]]
) -> Any:
    """The value of one attribute; adds to reasons where there is none that the rules take."""
    words: list[str] = []
    try:
        value = None if attribute.read is None else attribute.read(row.cells, words)
        if value is not None or not attribute.parent:
            attribute.admit(value)
    except CellRefused as refusal:
        reasons.append(Reason(attribute.column, attribute.declared.name, refusal.kind, refusal.why))
        return None
    except InvalidValue as refusal:
        reasons.append(Reason(attribute.column, attribute.declared.name, _kind(refusal), _said(refusal)))
        return None
    repairs.extend((word, attribute.column) for word in words)
    return value


def _kind(refusal: InvalidValue) -> str:
    return "required" if refusal.reason == "is required, and absent" else "rules"


def _said(refusal: InvalidValue) -> str:
    return f"{refusal.path} {refusal.reason}".strip()
