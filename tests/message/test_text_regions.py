"""A text that is wrapped region by region is the text that is wrapped whole."""

from __future__ import annotations

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from mailweave.message.navigation import END, LINK, NAVIGATION
from mailweave.message.text_filling import TextFilling
from mailweave.message.wrapping import AS_IS, wrap

PARTS = (
    "Tea",
    "x" * 90,
    "a word " * 15,
    " ",
    "\n",
    "\n\n",
    "\n \n\n",
    "\t",
    "- ",
    "> ",
    "1. ",
    AS_IS,
    "é",
    "煎茶",
)
LINES = ("\u2003", "a line of its own\n" * 6, "cell\tcell\t\n")
WORDS = st.lists(st.sampled_from([*PARTS, *LINES]), max_size=8).map("".join)
SIGNED = st.tuples(st.sampled_from([NAVIGATION, LINK]), WORDS, WORDS).map(
    lambda made: f"{made[0]}{made[1]}{END}{made[2]}"
)
KNOWN = st.one_of(WORDS, SIGNED, st.tuples(WORDS, SIGNED).map("".join))
VALUES = st.lists(st.one_of(WORDS, st.just("")), min_size=6, max_size=6)


def compare(known: list[str], values: list[str], *, signed: bool) -> None:
    pieces = [piece for at, text in enumerate(known) for piece in (text, at)][:-1]
    values = [f"{LINK}{value}{END}" if signed and at == 3 else value for at, value in enumerate(values)]
    made = TextFilling(pieces, [LINK + END] if signed else [])
    event("whole" if made._whole else "in regions")
    whole = "".join(piece if isinstance(piece, str) else values[piece] for piece in pieces)
    assert made.filled(values) == wrap(whole)


@settings(max_examples=400)
@given(st.lists(KNOWN, min_size=1, max_size=6), VALUES, st.booleans())
def test_the_same(known: list[str], values: list[str], signed: bool) -> None:
    compare(known, values, signed=signed)


@pytest.mark.deep
@settings(max_examples=40_000)
@given(st.lists(KNOWN, min_size=1, max_size=6), VALUES, st.booleans())
def test_the_same_of_many(known: list[str], values: list[str], signed: bool) -> None:
    compare(known, values, signed=signed)


@settings(max_examples=400)
@given(st.lists(WORDS, min_size=1, max_size=6), VALUES)
def test_of_long_texts(known: list[str], values: list[str]) -> None:
    many = "Said once.\n" * 30
    compare([f"{text}\n{many}{text}" for text in known], values, signed=False)
