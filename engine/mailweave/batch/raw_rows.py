"""A list as it is written, before any rule says what it holds: each row as plain values, texts as texts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from mailweave.batch.columns import rows
from mailweave.batch.extras import require
from mailweave.batch.list_import import Form, Given, ListImport, as_object
from mailweave.batch.locations import locate, without_secrets
from mailweave.diagnostics import MailweaveError, diagnose

_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class RawList:
    """The rows of a list, absent values left out; None stands for a line that is no JSON object.

    columns: the names that it has, those without any value included.
    """

    shown: str
    form: Form
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any] | None, ...]


def raw_rows(place: str) -> RawList:
    """All rows of the list at a place (see `batch.locations`). Raises MailweaveError."""
    shown = without_secrets(place)
    require("batch", place=shown, what="reading lists")
    import duckdb

    try:
        with closing(duckdb.connect()) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            given = ListImport(connection).take(locate([place]), "mw_list", "", digested=False)
            found = tuple(_rows(connection, given))
    except duckdb.Error as error:
        what = str(error).splitlines()[0]
        raise MailweaveError([diagnose("MW805", place=shown, what=what)]) from None
    named = dict.fromkeys(name for row in found for name in row or ())
    columns = (*named,) if given.form == "lines" else (*given.columns,)
    return RawList(shown, given.form, columns, found)


def _rows(connection: Any, given: Given) -> Iterator[dict[str, Any] | None]:
    for batch in connection.sql(f"SELECT * FROM {given.sql}").to_arrow_reader(_BATCH):
        for row in rows(batch):
            found = as_object(row)
            yield None if found is None else {n: v for n, v in found.items() if v is not None}
