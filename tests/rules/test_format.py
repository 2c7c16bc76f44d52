"""The one canonical form: what it keeps, what it changes, and that it is done once."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailweave.diagnostics import RuleError
from mailweave.rules.formatter import format_source
from mailweave.source import Source

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def test_the_example_is_canonical() -> None:
    text = (FIXTURES / "rules" / "winback.rules").read_text(encoding="utf-8")
    assert format_source(Source("winback.rules", text)) == text


@pytest.mark.parametrize("path", sorted((FIXTURES / "format").glob("*.rules")), ids=lambda p: p.stem)
def test_texts_and_their_canonical_form(path: Path, golden: object) -> None:
    once = format_source(path.read_text(encoding="utf-8"))
    golden(path.with_suffix(".txt"), once)  # type: ignore[operator]
    assert format_source(once) == once


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("segment a=orders>=1   and   b", "segment a = orders >= 1 and b"),
        ("segment a = ((x) and (y)) or z", "segment a = (x and y) or z"),
        ("segment a = not x in (1,2)", "segment a = not (x in (1, 2))"),
        ("segment a = not(x)", "segment a = not x"),
        ("segment a = (x-(y-z))*2>1", "segment a = (x - (y - z)) * 2 > 1"),
        ("segment a = e in last 1 days", "segment a = e in last 1 day"),
        ("segment a = e in last 14 day", "segment a = e in last 14 days"),
        ("segment a = x > 5_000 USD", "segment a = x > 5_000 USD"),
        ("segment a { x }", "segment a {\n  x\n}"),
        ('segment a = n == "a\\"b\\\\c\\n"', 'segment a = n == "a\\"b\\\\c\\n"'),
        ("event e{x:int}keep 1 day", "event e { x: int } keep 1 day"),
        ("matrix policy first{tie order\n|a|\nb|c|\notherwise|d|\n}",
         "matrix policy first {\n  tie order\n            | a |\n  b         | c |\n  otherwise | d |\n}"),
    ],
)  # fmt: skip
def test_one_form(written: str, canonical: str) -> None:
    assert format_source(written) == canonical + "\n"


def test_lines_of_one_shape_are_aligned_as_far_apart_as_the_narrowest_gap() -> None:
    text = "profile {\n  a : int   pii\n  bcd : text  pii\n\n  e : int pii\n}\n"
    assert format_source(text) == ("profile {\n  a   : int   pii\n  bcd : text  pii\n\n  e : int pii\n}\n")


def test_comments_stay_where_they_belong() -> None:
    text = "# one\n\n\n\nsegment a = x and # two\n  y # three\n# four\nsegment b {\n  # five\n  z\n # six\n}\n#seven"
    assert format_source(text) == (
        "# one\n\n# two\nsegment a = x and y  # three\n# four\nsegment b {\n  # five\n  z\n  # six\n}\n#seven\n"
    )


def test_long_lines_are_broken_outside_brackets() -> None:
    terms = " and ".join(f"attribute_{number} >= {number}" for number in range(9))
    lines = format_source(f"segment a = {terms} or ({terms})").splitlines()
    assert all(len(line) <= 110 for line in lines)
    assert len(lines) > 3
    assert format_source("\n".join(lines)) == "\n".join(lines) + "\n"


def test_a_text_with_mistakes_is_not_touched() -> None:
    with pytest.raises(RuleError) as caught:
        format_source("segment a == b")
    assert [d.code for d in caught.value.diagnostics] == ["MW121"]
