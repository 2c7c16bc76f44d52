"""The forms of settings: what is checked of a text in campaign.toml before anybody is written to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator

from mailweave.diagnostics import did_you_mean
from mailweave.values.invalid_value import InvalidValue
from mailweave.values.zones import zone_names


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


def told(check: Callable[[str], str]) -> Callable[[str], str]:
    """A check whose refusals pydantic tells."""

    def checked(text: str) -> str:
        try:
            return check(text)
        except InvalidValue as refusal:
            raise ValueError(refusal.reason) from None

    return checked


def zone(text: str) -> str:
    """`text` itself, the name of a zone. Raises ValueError."""
    if text not in zone_names():
        hint = did_you_mean(text, zone_names()) or "write one such as Europe/Paris"
        raise ValueError(f"this is no time zone of the IANA data base: {hint}")
    return text


Line = Annotated[str, AfterValidator(one_line)]
"""A text of one line, with Liquid or without."""
