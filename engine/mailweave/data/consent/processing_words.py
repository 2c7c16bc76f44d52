"""The record of processing as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from mailweave.data.consent.processing import FieldRecord, ProcessingRecord, Use
from mailweave.values.durations import spoken

_BY = {"skip": "whether there is a mail", "block": "whether it may be shown", "matrix": "the score of",
       "template": "shown by", "experiment": "the arm of", "override": "override", "segment": "segment",
       "tier": "tier", "tie": "ties of", "score": "score", "timezone": "whose days count:"}  # fmt: skip


def as_json(record: ProcessingRecord) -> str:
    """The record as a JSON object; `kept` in words."""
    told = {**asdict(record), "kept": {name: _kept(keep) for name, keep in record.kept.items()}}
    return json.dumps(told, indent=2, ensure_ascii=False)


def as_markdown(record: ProcessingRecord) -> str:
    """The record as a page: what every mail needs, a table of the fields, what nobody reads."""
    return "\n".join([*_head(record), *_table(record), *_unused(record), ""])


def _head(record: ProcessingRecord) -> Iterator[str]:
    yield f"# Record of processing: {record.campaign}\n"
    declared = ", ".join(f"`{one}`" for one in record.purposes) or "none"
    yield f"Consents that the rules declare: {declared}."
    needed = ", ".join(f"`{one}`" for one in record.every_mail)
    yield f"Nobody gets a mail without: {needed or 'no consent is asked for'}.\n"
    for name, keep in record.kept.items():
        yield f"- events `{name}` are seen for {_kept(keep)}"
    yield ""


def _table(record: ProcessingRecord) -> Iterator[str]:
    yield "| field | type | what it is | used by | under consent |"
    yield "| --- | --- | --- | --- | --- |"
    for field in record.fields:
        for place, use in enumerate(field.uses):
            first = (f"`{field.name}`", field.type, _labels(field)) if not place else ("", "", "")
            consents = ", ".join(f"`{one}`" for one in use.consents) or "none"
            yield "| " + " | ".join([*first, _used(use), consents]) + " |"


def _unused(record: ProcessingRecord) -> Iterator[str]:
    idle = [f"`{field.name}`" for field in record.fields if not field.uses]
    if idle:
        yield f"\nDeclared, and read by nothing in the campaign: {', '.join(idle)}."


def _used(use: Use) -> str:
    blocks = f" (blocks {', '.join(f'`{one}`' for one in use.blocks)})" if use.blocks else ""
    return f"{_BY[use.by]} `{use.name}`{blocks}"


def _labels(field: FieldRecord) -> str:
    labels = [word for word, is_so in (("personal", field.pii), ("sensitive", field.sensitive)) if is_so]
    return ", ".join([*labels, *(() if field.needs is None else (f"needs `{field.needs}`",))])


def _kept(keep: int | None) -> str:
    return "ever" if keep is None else spoken(keep)
