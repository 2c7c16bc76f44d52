"""Missing values.

A missing quantity is NaN: `<`, `<=`, `==`, `>`, `>=` with it are false without a test, which is what an
unknown comparison counts for once `not` has been pushed down to it. Anything else is missing as None.
"""

from __future__ import annotations

from typing import Final

MISSING: Final = float("nan")


def is_missing(value: object) -> bool:
    """Whether a value in its normal form is missing.

    >>> is_missing(MISSING), is_missing(None), is_missing(0), is_missing("")
    (True, True, False, False)
    """
    return value is None or value != value
