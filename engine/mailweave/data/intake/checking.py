"""mailweave data check: an export loaded to nowhere, and what it looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mailweave.data.intake.loading import Loaded, load
from mailweave.data.intake.quality import Quality, findings, quality
from mailweave.data.mapping import DataMapping
from mailweave.data.pseudonyms import Pseudonyms
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose
from mailweave.values.json_text import read_json


@dataclass(frozen=True, slots=True)
class Checked:
    """What an export would become, and what stands out in it."""

    loaded: Loaded
    quality: Quality
    diagnostics: tuple[Diagnostic, ...]


def check(
    mapping: DataMapping,
    now: datetime,
    *,
    event: str = "",
    before: Quality | None = None,
    pseudonyms: Pseudonyms | None = None,
) -> Checked:
    """Reads an export as `load` does and writes nothing that stays. `before`: an earlier report to compare with.

    Raises what `load` raises.
    """
    place = mapping.text.source.name
    with TemporaryDirectory(prefix="mailweave-") as folder:
        loaded = load(mapping, Path(folder) / "list.jsonl", event=event, pseudonyms=pseudonyms)
        seen = quality(loaded.out, loaded.plan, now)
    refused = tuple(replace(one, place=place, help="`mailweave data load` keeps each with its reasons")
                    for one in loaded.diagnostics)  # fmt: skip
    found = findings(seen, before, place, loaded.plan.key, is_events=bool(event))
    return Checked(loaded, seen, (*refused, *found))


def as_report(loaded: Loaded, seen: Quality | None = None) -> dict[str, Any]:
    """Counts as plain JSON: rows, repairs and refusals by word and column, and what the list looks like."""
    counts = loaded.counts
    told: dict[str, Any] = {"rows": counts.rows, "written": counts.written, "rejected": counts.rejected}
    told["repairs"] = _nested(counts.repairs)
    told["refusals"] = _nested(counts.refusals)
    told["unread_columns"] = list(loaded.unread)
    return told if seen is None else {**told, "quality": asdict(seen)}


def earlier_report(path: Path) -> Quality:
    """What `check --report` wrote before. Raises MailweaveError (MW833)."""
    try:
        value = read_json(path.read_text(encoding="utf-8"))
        return TypeAdapter(Quality).validate_python(value["quality"])
    except OSError as error:
        what = error.strerror or type(error).__name__
    except (ValueError, RecursionError, KeyError, TypeError, ValidationError):
        what = "it is no report of `mailweave data check`"
    raise MailweaveError([diagnose("MW833", place=str(path), what=what)])


def _nested(counted: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (word, column), count in sorted(counted.items()):
        found.setdefault(column or "*", {})[word] = count
    return found
