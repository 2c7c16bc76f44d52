"""What callers hand on as an e-mail: `render` may have given a skip in its place."""

from __future__ import annotations

from mailweave.diagnostics import ArgumentError
from mailweave.message import Email
from mailweave.values.invalid_value import type_name


def check_email(given: object) -> None:
    """Raises ArgumentError (MW040) for what is no Email, such as the Skip of somebody who gets none.

    >>> check_email(None)
    Traceback (most recent call last):
    mailweave.diagnostics.errors.ArgumentError: MW040 email: expected an Email, got None
    """
    if not isinstance(given, Email):
        raise ArgumentError("MW040", "email", "an Email", type_name(given))
