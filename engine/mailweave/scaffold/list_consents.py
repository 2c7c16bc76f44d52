"""The purposes that a list says an answer to, in a record `consent` or in columns `consent.x`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mailweave.batch.list_import import Form
from mailweave.scaffold.inference import is_name
from mailweave.scaffold.refusals import Refusals
from mailweave.schema.cell import json_value, truth

_ROOT: Final = "consent"
_MEMBER: Final = f"{_ROOT}."


def is_consent(column: str) -> bool:
    """Whether a column is an answer of its own, and no attribute."""
    return column.startswith(_MEMBER)


def list_consents(rows: Sequence[Mapping[str, Any]], form: Form, refusals: Refusals) -> tuple[str, ...]:
    """The purposes, in the order in which they are met; what cannot be declared is in `refusals`."""
    answers: dict[str, bool] = {}
    for row in rows:
        for name, answer in _answers(row, form, refusals):
            answers[name] = answers.get(name, True) and isinstance(answer, bool)
    for name, is_clear in answers.items():
        if not is_name(name):
            refusals.add(
                f"{_MEMBER}{name}",
                "is no name that rules can write",
                "give it one of ASCII letters, digits and _",
            )
        if not is_clear:
            todo = "write true or false, or nothing where nobody answered"
            refusals.add(f"{_MEMBER}{name}", "holds what is neither true nor false", todo)
    return tuple(answers)


def _answers(row: Mapping[str, Any], form: Form, refusals: Refusals) -> Iterator[tuple[str, Any]]:
    whole = row.get(_ROOT, {})
    record = json_value(whole) if form == "cells" and isinstance(whole, str) else whole
    if isinstance(record, dict):
        yield from ((name, answer) for name, answer in record.items() if answer is not None)
    else:
        refusals.add(_ROOT, "is no record in some row", "write a record of purposes, or columns `consent.x`")
    for column in filter(is_consent, row):
        if isinstance(record, dict) and record.get(column.removeprefix(_MEMBER)) is not None:
            refusals.add(column, "is said twice, in a record and in a column", "take one of them out")
        answer = row[column]
        yield column.removeprefix(_MEMBER), truth(answer) if isinstance(answer, str) else answer
