"""Recipients in clusters by what the rules can say of them: counts of events, and attributes that are numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.insight.histories import WINDOWS, Histories, column_of
from mailweave.insight.propensity import placed
from mailweave.insight.purchase_counts import Numbers
from mailweave.insight.taken_items import Places
from mailweave.schema.model import EventType, Schema
from mailweave.schema.types import Field, Int, Money, Number, Ratio

if TYPE_CHECKING:
    import duckdb

MOST: Final = 8
"""Clusters that `auto` tries."""
_LEAST: Final = 50  # recipients for each cluster that is tried
_LOOKED_AT: Final = 5_000  # recipients of whom the silhouette is told
_SEED: Final = 1
_DAY: Final = 86_400_000_000


class Said(NamedTuple):
    """What the rules call a number of a recipient; the unit that a bound is written with; whether it is whole."""

    text: str
    unit: str
    whole: bool


class Clustered(NamedTuple):
    """The cluster of each recipient, the largest first; what they were told by; how far apart clusters lie, from -1 to 1
    (P. J. Rousseeuw, "Silhouettes", Journal of Computational and Applied Mathematics 20, 1987)."""

    said: tuple[Said, ...]
    rows: Numbers
    places: Places
    silhouette: float


def clusters(
    connection: duckdb.DuckDBPyConnection, histories: Histories, schema: Schema, number: int | None
) -> Clustered:
    """`number` clusters by k-means, or as many from 2 to `MOST` as lie farthest apart.

    Columns are read as log(1 + x), standardised. Attributes that are optional, `pii`, `sensitive` or need a consent are left
    out, so is what everybody has alike. Raises MailweaveError (MW882).
    """
    columns = [*_counts(histories, schema), *_attributes(connection, histories, schema)]
    kept = [(said, values) for said, values in columns if values.std() > 0]
    rows = np.column_stack([values for _, values in kept] or [np.zeros(len(histories.keys))])
    different = len(np.unique(rows, axis=0))
    most = min(different, len(rows) // _LEAST)
    tried = [k for k in (range(2, MOST + 1) if number is None else (number,)) if k <= most]
    if not tried:
        what = f"{len(rows)} recipients, {different} of them different; each cluster needs {_LEAST}, and one that differs"
        raise MailweaveError([diagnose("MW882", place="clusters", what=what)])
    spread = placed(rows)
    spread = (spread - spread.mean(axis=0)) / spread.std(axis=0)
    found = [_clustered(spread, k) for k in tried]
    silhouette, places = max(found, key=lambda one: one[0])
    order = np.argsort(-np.bincount(places), kind="stable")
    return Clustered(tuple(said for said, _ in kept), rows, np.argsort(order)[places], silhouette)


def _clustered(spread: Numbers, k: int) -> tuple[float, Places]:
    places = KMeans(n_clusters=k, n_init=10, random_state=_SEED).fit_predict(spread).astype(np.int64)
    looked_at = np.random.default_rng(_SEED).permutation(len(spread))[:_LOOKED_AT]
    if len(np.unique(places[looked_at])) < 2:  # all but a few are one cluster: nothing lies apart
        return 0.0, places
    return float(silhouette_score(spread[looked_at], places[looked_at])), places


def _counts(histories: Histories, schema: Schema) -> Iterator[tuple[Said, Numbers]]:
    """Of each event, in windows that are kept."""
    features = histories.features(histories.until)
    for name, event in schema.events.items():
        for days in WINDOWS:
            column = f"{name} in {days} days"
            if column in features.names and _keeps(event, days):
                text = f"count({name} in last {days} days)"
                yield Said(text, "", True), features.rows[:, features.names.index(column)]


def _keeps(event: EventType, days: int) -> bool:
    return event.keep is None or days * _DAY <= event.keep


def _attributes(
    connection: duckdb.DuckDBPyConnection, histories: Histories, schema: Schema
) -> Iterator[tuple[Said, Numbers]]:
    """Numbers that everybody has, and that any rule may read."""
    given = histories.profiles
    for name, field in schema.profile.items():
        if not _may_be_read(field):
            continue
        value = f"TRY_CAST(CAST({column_of(given, field.column or name)} AS VARCHAR) AS DOUBLE)"
        query = f"SELECT place, any_value({value}) AS value FROM {given.sql} JOIN people "
        query += f"ON CAST({histories.key} AS VARCHAR) = key GROUP BY place ORDER BY place"
        values = np.ma.filled(connection.execute(query).fetchnumpy()["value"].astype(np.float64), np.nan)
        if np.isfinite(values).all():
            unit = f" {field.type.currency}" if isinstance(field.type, Money) else ""
            yield Said(name, unit, isinstance(field.type, Int)), values


def _may_be_read(field: Field) -> bool:
    closed = field.optional or field.pii or field.sensitive or field.needs is not None
    return not closed and isinstance(field.type, Int | Number | Ratio | Money)
