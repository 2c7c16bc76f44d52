"""A known fault, kept in sight: this test turns red when it is mended, and then becomes a case."""

from __future__ import annotations

import pytest

from mailweave.content import inline_once


@pytest.mark.xfail(strict=True, reason="a property written twice, the second blank: DOMs differ unreported")
def test_a_property_written_twice_with_a_blank_second_value_is_reported() -> None:
    style = "<style>p{margin:0}</style>"
    assert not inline_once(f'{style}<p style="color:green;color:{{{{ maybe }}}}">x</p>').exact
