"""Two texts of an experiment on a wait are told apart where they draw other people, and only there."""

import pytest

from mailweave.decisions.waits import waits
from mailweave.rules import check, parse
from mailweave.source import Source

LONG = " or ".join(f"orders == {number}" for number in range(100, 120))
TEXT = f"""ruleset "shop" version 1
profile {{
  id : key
  plan : enum(free < club < gold)
  orders : int
}}
event purchase keep 9 days
segment golden = plan == gold
segment best within golden = orders > 10
tier size {{
  large = orders > 5
  middle = orders > 2
  otherwise small
}}
let many = 3
trigger thanks on purchase wait 1 hour
experiment patience on wait of thanks {{
  unit id salt "2026-12"
  only best or size == large or orders > many or {LONG}
  split control 50%, later 50% -> 2 hours
}}
"""


def version(text: str) -> str:
    document = check(parse(Source("shop.rules", text)).document).document
    assert document is not None
    return waits(document, "thanks")[0].version


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("plan == gold", "plan >= club"),
        ("orders > 10", "orders > 11"),
        ("within golden", ""),
        ("orders > 5", "orders > 6"),
        ("let many = 3", "let many = 4"),
        ("orders == 119", "orders == 120"),
        ("later 50%", "other 50%"),
        ("2 hours", "3 hours"),
        ("wait 1 hour", "wait 90 minutes"),
    ],
)
def test_whoever_else_takes_part_is_another_version(old: str, new: str) -> None:
    assert old in TEXT
    assert version(TEXT.replace(old, new)) != version(TEXT)


def test_members_of_a_tier_that_change_places_are_another_version() -> None:
    assert version(TEXT.replace("large = ", "x = ").replace("middle = ", "large = ")) != version(TEXT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("only best", "only (best)"),
        ("2 hours", "120 minutes"),
        ('ruleset "shop" version 1', 'ruleset "shop" version 2'),
        ("event purchase", "segment other = orders == 7\nevent purchase"),
    ],
)
def test_what_decides_nothing_is_the_same_version(old: str, new: str) -> None:
    assert old in TEXT
    assert version(TEXT.replace(old, new)) == version(TEXT)
