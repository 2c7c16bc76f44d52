"""Names and addresses as Spark writes them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mailweave.batch.ledger import BatchError
from mailweave.batch.list_import import RAW
from mailweave.diagnostics import diagnose, did_you_mean

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame


BLANKS: Final = " \t\n\v\f\r"


def quoted(name: str) -> str:
    """A name of a column that may hold anything, dots included.

    >>> quoted("consent.marketing")
    '`consent.marketing`'
    """
    return "`" + name.replace("`", "``") + "`"


def address(path: Path) -> str:
    """A file of this machine as Spark writes to it: an address that nothing is escaped in.

    >>> address(Path("/lists/new people"))
    'file:///lists/new people'
    """
    return f"file://{path}"


def pattern(path: Path) -> str:
    """The same as Spark reads from it, which takes an address for a glob.

    >>> pattern(Path("/lists/people.csv"))
    'file:///lists/people.csv'
    """
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", address(path))


def kind(name: str) -> Column:
    """The type that a member of lines of JSON has there, such as STRING or BIGINT."""
    from pyspark.sql import functions as f

    return f.schema_of_variant(f.try_variant_get(f.try_parse_json(RAW), _path(name), "variant"))


def _path(name: str) -> Column:
    from pyspark.sql import functions as f

    return f.lit("$['" + name.replace("'", "\\'") + "']")


def datum(rows: DataFrame, name: str, shown: str, what: str) -> Column:
    """A column, or a member of lines of JSON, as text. Raises BatchError where there is none."""
    from pyspark.sql import functions as f

    if RAW in rows.columns:
        return f.try_variant_get(f.try_parse_json(RAW), _path(name), "string")
    if name not in rows.columns:
        near = did_you_mean(name, rows.columns)
        raise BatchError([diagnose("MW809", place=shown, column=name, what=what, help=near)])
    return f.col(quoted(name)).cast("string")
