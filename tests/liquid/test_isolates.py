"""Direction in plain text: marks of a value stay, isolates in pairs; nothing of it reaches past the value."""

from __future__ import annotations

import pytest

from mailweave.liquid.escapers import safe_in_text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("\u2068CA-7\u2069", "\u2068CA-7\u2069"),
        ("\u2067a \u2068b\u2069 c\u2069", "\u2067a \u2068b\u2069 c\u2069"),
        ("\u2067open", "open"),
        ("closed\u2069", "closed"),
        ("\u2069\u2068", ""),
        ("78.00\u00a0\u200f\u20aa", "78.00\u00a0\u200f\u20aa"),
        ("\u061c\u200e5", "\u061c\u200e5"),
        ("\u202ba\u202c \u202eb", "a b"),
        ("{\u2068{", " { { "),
        ("{\u2060{", " { { "),
    ],
)
def test_directions_of_a_value(value: str, shown: str) -> None:
    assert safe_in_text(value) == shown
