"""The forms of settings: what is checked of a text in campaign.toml before anybody is written to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator

from mailweave.values.invalid_value import InvalidValue


def by_recipient(text: str) -> bool:
    """Whether a setting holds Liquid, so that each recipient has their own."""
    return "{{" in text or "{%" in text


def one_line(text: str) -> str:
    """`text` itself, which holds no control characters. Raises ValueError."""
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise ValueError("this must be one line without control characters")
    return text


def or_liquid(check: Callable[[str], str]) -> AfterValidator:
    """Checks a setting where it is the same for everybody."""
    return AfterValidator(lambda text: text if by_recipient(text) else check(text))


def said(check: Callable[[str], str]) -> Callable[[str], str]:
    """A check whose refusals pydantic tells."""

    def told(text: str) -> str:
        try:
            return check(text)
        except InvalidValue as refusal:
            raise ValueError(refusal.reason) from None

    return told


Line = Annotated[str, AfterValidator(one_line)]
"""A text of one line, with Liquid or without."""
