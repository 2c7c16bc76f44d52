"""Rules as SQL: one query that finds segments, tiers and skips of a whole list.

    CheckedDocument --segments_query--> a sqlglot query --write--> text

The answers are those of the compiled program, in every dialect: what a dialect cannot say is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlglot import exp

from mailweave.rules.checked import CheckedDocument
from mailweave.rules.context import Context
from mailweave.rules.sql.dialects import DIALECTS, Name
from mailweave.rules.sql.eligibility import eligibility
from mailweave.rules.sql.query import SKIP, Query
from mailweave.rules.sql.refusals import NotInSql
from mailweave.rules.sql.relations import Relations
from mailweave.rules.sql.windows import Clock
from mailweave.rules.typed import Expr
from mailweave.rules.validation import moment_of
from mailweave.schema.types import Key

__all__ = [
    "DIALECTS",
    "SKIP",
    "Name",
    "NotInSql",
    "Relations",
    "eligibility",
    "scores_query",
    "segments_query",
    "write",
]


def segments_query(
    document: CheckedDocument,
    *,
    now: datetime | str,
    dialect: Name = "duckdb",
    context: Mapping[str, Any] | Context | None = None,
    conditions: Mapping[str, Expr] | None = None,
    zones: Iterable[str] | None = None,
    relations: Relations | None = None,
    key: str | None = None,
) -> exp.Select:
    """The query of a rule text at one moment, for valid data (see docs/sql.md).

    It gives one row for each recipient: the key, a boolean for each segment, a text for each tier, `skip` (the code
    of the first that holds, or NULL) and a boolean for each of `conditions`. `now`: a datetime with a zone, or ISO
    8601 text. `context`: `lookups`. `zones`: the names that the data hold, where only some do; a recipient in
    another zone is left out. `key`: the column of profiles that identifies a recipient, else the attribute of
    type `key`.

    Raises NotInSql for what the dialect cannot say, BadData for a snapshot that breaks its types, and
    ValueError for a `now` without a zone or a text without a key.

    >>> from mailweave.rules import check, parse
    >>> from mailweave.source import Source
    >>> profile = "profile {\\n id: key\\n orders: int\\n}"
    >>> text = f'ruleset "shop" version 1\\n{profile}\\nsegment buyers = orders >= 1'
    >>> document = check(parse(Source("shop.rules", text)).document).document
    >>> query = segments_query(document, now="2026-11-22T09:00Z", dialect="spark")
    >>> print(write(query, "spark").splitlines()[-3].strip())
    `p`.`buyers`,
    """
    return _query(document, now, dialect, context, conditions, zones, relations, key).build()


def scores_query(
    document: CheckedDocument,
    *,
    now: datetime | str,
    dialect: Name = "duckdb",
    context: Mapping[str, Any] | Context | None = None,
    zones: Iterable[str] | None = None,
    relations: Relations | None = None,
    key: str | None = None,
) -> exp.Select:
    """The query of the scores that a rule text computes over the whole list (`by rfm(..)`).

    It gives one row for each recipient: the key, and each such score, NULL for who has none. Takes and raises what
    `segments_query` does.
    """
    return _query(document, now, dialect, context, None, zones, relations, key).build_scores()


def _query(
    document: CheckedDocument,
    now: datetime | str,
    dialect: Name,
    context: Mapping[str, Any] | Context | None,
    conditions: Mapping[str, Expr] | None,
    zones: Iterable[str] | None,
    relations: Relations | None,
    key: str | None,
) -> Query:
    own = key or _key(document)
    clock = Clock(moment_of(now), document.schema.timezone, zones)
    ready = Context.of(context, document.schema)
    engine, known = DIALECTS[dialect], dict(conditions or {})
    return Query(document, engine, clock, ready, relations or Relations(), own, known)


def write(query: exp.Query, dialect: Name) -> str:
    """The text of a query that was made for a dialect, laid out to be read."""
    return query.sql(dialect, pretty=True, identify=True)


def _key(document: CheckedDocument) -> str:
    found = next((f for f in document.schema.profile.values() if isinstance(f.type, Key)), None)
    if found is None:
        raise ValueError(
            "the rules declare no attribute of type key: say which column identifies a recipient"
        )
    return found.column or found.name
