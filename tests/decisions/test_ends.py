"""Ties by the end of an offer, where each recipient has an end of their own."""

from __future__ import annotations

import pytest

from mailweave.decisions import Selection, compile_decisions

NOW = "2028-02-29T22:00:00Z"
RULES = """ruleset "ends" version 1
profile {
  id     : key
  signup : instant?
}
event visit { page: text } keep 30 days
segment all_ = id is known
slot hero max 1 fallback plain
block plain for hero
block fixed for hero expires 2028-03-01T12:00Z
block own for hero expires 48 hours after last(visit)
block both for hero expires 2028-03-01T06:00Z expires 3 days after signup
matrix main policy priority {
  tie expires soonest, then order
            | hero    |
  all_      | fixed 1 |
  all_      | own   1 |
  all_      | both  1 |
  otherwise | plain   |
}
"""


@pytest.mark.parametrize(
    ("visited", "signup", "block"),
    [
        (None, None, "fixed"),  # the ends of the others cannot be known: they are out
        ("2028-02-29T21:00:00Z", None, "fixed"),
        ("2028-02-28T11:59:59Z", None, "own"),  # ends a second before
        ("2028-02-28T12:00:00Z", None, "fixed"),  # at the same instant: by the order of rows
        ("2028-02-27T22:00:00.000001Z", None, "own"),  # a microsecond is left
        ("2028-02-27T22:00:00Z", None, "fixed"),  # over
        (None, "2028-02-29T21:00:00Z", "both"),  # by the end for all
        ("2028-02-28T05:00:00Z", "2028-02-27T04:59:59Z", "both"),  # by its own
        ("2028-02-28T04:59:59Z", "2028-02-29T21:00:00Z", "own"),
        (None, "2028-02-26T22:00:00Z", "fixed"),
    ],
)
def test_what_ends_first_is_shown(visited: str | None, signup: str | None, block: str) -> None:
    events = [] if visited is None else [{"type": "visit", "at": visited, "page": "a"}]
    profile = {"id": "1"} if signup is None else {"id": "1", "signup": signup}
    chosen = compile_decisions(RULES).select(profile, events=events, now=NOW)
    assert isinstance(chosen, Selection)
    assert chosen["hero"] == (block,)
