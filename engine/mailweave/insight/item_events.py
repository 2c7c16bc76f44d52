"""Which recipient took which item when, from a list of events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mailweave.batch.list_import import OWNER, ListImport, quoted
from mailweave.batch.locations import locate
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.insight.histories import Histories, column_of, moment_of, once
from mailweave.insight.taken_items import Taken

if TYPE_CHECKING:
    import duckdb


def taken(
    connection: duckdb.DuckDBPyConnection,
    histories: Histories,
    events: Sequence[str],
    kind: str,
    field: str,
    items: Iterable[str] = (),
) -> tuple[Taken, list[str]]:
    """What happened of a kind, the recipient and the item in `field` by their places; and the items, with those of `items`
    that nobody took.

    Raises MailweaveError (MW888) where nothing did.
    """
    given = ListImport(connection).take(locate(events), "mw_items", OWNER, digested=False)
    owner, type_, item = (f"CAST({column_of(given, name)} AS VARCHAR)" for name in (OWNER, "type", field))
    query = (
        f"SELECT place, {item} AS item, epoch({moment_of(given)}) AS moment FROM {once(given)} "
        f"JOIN people ON {owner} = key WHERE {type_} = ? AND item <> '' AND moment IS NOT NULL ORDER BY ALL"
    )
    found = connection.execute(query, [kind]).fetchnumpy()
    if not len(found["place"]):
        what = f"no `{kind}` with a `{field}` belongs to a recipient of the list"
        raise MailweaveError([diagnose("MW888", place=given.shown, what=what)])
    known = np.unique([*found["item"].astype(str), *items])
    places = np.searchsorted(known, found["item"].astype(str))
    return Taken(found["place"].astype(np.int64), places.astype(np.int64), found["moment"]), known.tolist()


def consenting(
    connection: duckdb.DuckDBPyConnection, histories: Histories, purpose: str | None
) -> npt.NDArray[np.bool_]:
    """Who has given a consent; everybody where none is asked for."""
    if purpose is None:
        return np.ones(len(histories.keys), dtype=np.bool_)
    given = histories.profiles
    if given.form == "lines":
        said = f"json_extract_string(mw_raw, '$.consent.{purpose}')"
    elif f"consent.{purpose}" in given.columns:
        said = quoted(f"consent.{purpose}")
    elif "consent" in given.columns:
        said = f"consent.{quoted(purpose)}"
    else:
        said = "NULL"
    query = f"SELECT place FROM {given.sql} JOIN people ON CAST({histories.key} AS VARCHAR) = key"
    agreed = f"lower(CAST({said} AS VARCHAR)) = 'true'"
    flags = np.zeros(len(histories.keys), dtype=np.bool_)
    flags[[place for (place,) in connection.execute(f"{query} WHERE {agreed}").fetchall()]] = True
    return flags
