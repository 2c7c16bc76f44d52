"""Each case of fixtures/inline/cases.toml that is called exact: the browser sees no difference after rendering."""

from __future__ import annotations

import random
from typing import Any

import pytest

from liquid import Environment
from mailweave.content import inline_once
from tests.content.test_inline_cases import TABLE, template
from tests.inlining.oracle import Judge

ENVIRONMENT = Environment(autoescape=True)
EXACT = [case for case in TABLE["case"] if "MW520" not in case["codes"]]


def recipient(rng: random.Random) -> dict[str, Any]:
    return {
        "t": rng.choice(("T", "a & b")),
        "name": rng.choice(("Bob", "<b>x</b>", 'A & "B"', "", "Zoë’s", "it's")),
        "url": rng.choice(("https://x.example/?a=1&b=2", "/p", "https://é.example/ü?q=a+b")),
        "id": rng.randint(0, 9),
        "n": rng.randint(0, 4),
        "v": rng.random() < 0.5,
        "color": rng.choice(("red", "#abc", "#AABBCC", "transparent")),
        "blank_or_red": rng.choice(("", "red", None, "  ")),
        "cls": rng.choice(("a", "b", "zz", "")),
        "attrs": rng.choice(("", "title=x", "class=a")),
        "items": [{"t": rng.choice("xyz<"), "v": rng.random() < 0.5} for _ in range(rng.randint(0, 3))],
    }


@pytest.mark.parametrize("case", EXACT, ids=[case["name"] for case in EXACT])
def test_the_browser_sees_no_difference(judge: Judge, case: dict[str, Any]) -> None:
    source = template(case)
    done = inline_once(source)
    assert done.exact
    first, after = ENVIRONMENT.from_string(source), ENVIRONMENT.from_string(done.source)
    rng = random.Random(1)
    people = [recipient(rng) for _ in range(8)]
    pairs = [(first.render(**one), after.render(**one)) for one in people]
    assert [str(d) for found in judge.compared(pairs) for some in found for d in some] == []
