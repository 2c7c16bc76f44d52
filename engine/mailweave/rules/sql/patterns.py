"""Globs as LIKE: `*` is `%`, `?` is `_`, everything else stands for itself."""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from mailweave.rules.sql.building import Sql
from mailweave.rules.sql.dialects import Dialect

_ESCAPE: Final = "!"


def like(text: Sql, pattern: str, dialect: Dialect) -> Sql | None:
    """The test, or None when the dialect cannot escape what the pattern holds.

    >>> from mailweave.rules.sql.building import column
    >>> from mailweave.rules.sql.dialects import DIALECTS
    >>> like(column("city"), "50%*", DIALECTS["duckdb"]).sql("duckdb")
    '"city" LIKE \\'50!%%\\' ESCAPE \\'!\\''
    """
    escapes = any(char in pattern for char in "%_\\" + _ESCAPE)
    if escapes and "a pattern with special characters" in dialect.missing:
        return None
    pieces = {"*": "%", "?": "_", "%": f"{_ESCAPE}%", "_": f"{_ESCAPE}_", _ESCAPE: _ESCAPE * 2}
    written = "".join(pieces.get(char, char) for char in pattern)
    test = exp.Like(this=text, expression=exp.Literal.string(written))
    return exp.Escape(this=test, expression=exp.Literal.string(_ESCAPE)) if escapes else test
