"""mailweave data load: an export becomes a list, and the rows that are refused a file beside it. Nothing is lost."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mailweave.batch.extras import require
from mailweave.data.files import appearing, unusable
from mailweave.data.intake.cells import Settings
from mailweave.data.intake.converting import Converted, Counts, converted
from mailweave.data.intake.export_rows import ExportRow, ExportRows
from mailweave.data.intake.list_writing import Lines, list_file, refuse_lists_of_records
from mailweave.data.intake.rates import rates_of
from mailweave.data.intake.raw_values import as_text
from mailweave.data.intake.reading_plan import Attribute, ReadingPlan, missing_columns, reading_plan
from mailweave.data.intake.refusals import CellRefused
from mailweave.data.mapping import DataMapping
from mailweave.data.pseudonyms import Pseudonyms
from mailweave.data.settings import Export, OnColumn
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose
from mailweave.values.invalid_value import InvalidValue

REJECTED: Final = ".rejected.jsonl"
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Loaded:
    """A list that was written: where, where its refused rows are, how it was read, what was counted.

    unread: columns of the export that no attribute takes; none are known of JSON lines.
    """

    out: Path
    rejects: Path
    plan: ReadingPlan
    counts: Counts
    unread: tuple[str, ...] = ()

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """A warning where rows were refused, with the most frequent reasons."""
        counts = self.counts
        if not counts.rejected:
            return ()
        listed = [f"{kind} in `{column}` {n:,}" if column else f"{kind} {n:,}"
                  for (kind, column), n in counts.most_refused[:_SHOWN]]  # fmt: skip
        more = [".."] if len(counts.most_refused) > _SHOWN else []
        rejected, rows, reasons = f"{counts.rejected:,}", f"{counts.rows:,}", ", ".join([*listed, *more])
        return (diagnose("MW832", place=str(self.rejects), rejected=rejected, rows=rows, reasons=reasons),)


def load(
    mapping: DataMapping,
    out: str | Path,
    *,
    event: str = "",
    rejects: str | Path | None = None,
    pseudonyms: Pseudonyms | None = None,
) -> Loaded:
    """Writes the list `out` (.jsonl or .parquet) from the export of recipients, or of events of a type.

    rejects: the file of refused rows; beside the list without it. Both are whole or not there, and nobody but their
    owner reads them. Raises MailweaveError: MW830 and MW831 for the mapping, MW833 for what cannot be read or written,
    MW845 for keys of pseudonyms, MW022 without the extra.
    """
    require("data", place=mapping.text.source.name, what="mailweave data")
    export, target = mapping.export(event), Path(out)
    settings = Settings(export, rates_of(mapping), _checked(mapping, event, export, pseudonyms))
    plan = reading_plan(mapping, event, settings)
    rows = ExportRows(export, mapping.folder)
    missing_columns(plan, _beside(export), rows.columns, rows.shown)
    refuse_lists_of_records(plan, target.suffix, target)
    refused = Path(rejects) if rejects is not None else target.with_suffix(REJECTED)
    if {one.resolve() for one in rows.paths} & {target.resolve(), refused.resolve()}:
        raise unusable(target, "an export is not written over: name another --out")
    with appearing(target, refused) as (made, letters):
        counts = _write(rows, plan, made, letters, target.suffix)
    read = {*plan.sources, *_beside(export)}
    unread = tuple(name for name in rows.columns or () if name not in read)
    return Loaded(target, refused, plan, counts, unread)


def _write(rows: ExportRows, plan: ReadingPlan, made: Path, letters: Path, kind: str) -> Counts:
    counts = Counts()
    with ExitStack() as ended:
        listed, refused = list_file(made, kind, plan), Lines(letters)
        ended.callback(listed.close)
        ended.callback(refused.close)
        for row in rows:
            one = converted(row, plan)
            counts.add(one)
            if one.record is None:
                refused.add(_letter(row, one, plan))
            else:
                listed.add(one.record)
    return counts


def _letter(row: ExportRow, one: Converted, plan: ReadingPlan) -> dict[str, Any]:
    """A refused row: where it stood, why it is refused, and all of it."""
    told: dict[str, Any] = {"file": Path(row.file).name, "line": row.line}
    key = next((_key(each, row) for each in plan.attributes if each.name == plan.key), None)
    told |= {} if key is None else {"key": key}
    told["reasons"] = [reason._asdict() for reason in one.reasons]
    return {**told, "row": dict(row.cells)} if row.cells else {**told, "raw": row.raw}


def _key(attribute: Attribute, row: ExportRow) -> str | None:
    """Whose row it is, by the name that lists have for them; as it stands there where that is none."""
    try:
        key = None if attribute.read is None else attribute.read(row.cells, [])
    except (CellRefused, InvalidValue):
        key = as_text(row.cells[attribute.column])
    return key if isinstance(key, str) else None


def _checked(mapping: DataMapping, event: str, export: Export, keys: Pseudonyms | None) -> Pseudonyms | None:
    """The keys, which have each id that the mapping names."""
    ids = {column.pseudonym for column in export.columns.values() if column.pseudonym is not None}
    if ids and keys is None:
        keys = Pseudonyms.given(None)
    absent = sorted(ids - set(keys.ids if keys is not None else ()))
    if absent:
        what = f"there is no key `{absent[0]}` among them"
        raise MailweaveError([diagnose("MW845", place=mapping.text.source.name, what=what)])
    return keys


def _beside(export: Export) -> tuple[str, ...]:
    """Columns that others are read by: of currencies and days."""
    named = [each for column in export.columns.values() for each in (column.currency, column.on)]
    return tuple(each.source for each in named if isinstance(each, OnColumn))
