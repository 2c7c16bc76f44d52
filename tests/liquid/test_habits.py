"""What an author reads of other products' and languages' forms in a template: fixtures/liquid/habits.txt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "liquid"
CASES = (FOLDER / "habits.liquid").read_text(encoding="utf-8").splitlines()


def told(text: str) -> str:
    with pytest.raises(TemplateError) as caught:
        Template.from_string(text)
    lines = [
        f"  {d.location.column if d.location else '?'}: {d.code} {d.message}; {d.help}"
        for d in caught.value.diagnostics
    ]
    return "\n".join((text, *lines))


def test_each_form_is_told_with_what_to_write(golden: Callable[[Path, str], None]) -> None:
    golden(FOLDER / "habits.txt", "\n".join(map(told, CASES)) + "\n")


@pytest.mark.parametrize("text", CASES)
def test_no_form_is_left_without_advice(text: str) -> None:
    assert "correct what is marked" not in told(text)
    assert "a few more tags" not in told(text)
