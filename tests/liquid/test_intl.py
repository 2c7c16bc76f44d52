"""Amounts, dates and words in a locale are those of ICU, as Node's Intl has it; docs/filters.md lists what differs."""

from __future__ import annotations

import shutil

import pytest
from tests.liquid.intl import KINDS, compared, drawn

LEAST = {"datetime": 0.8, "list": 0.98, "unit": 0.96, "skeleton": 0.98}
"""How many are equal, where that is not 99 of 100: Babel 2.18 has CLDR 47, Node 20's ICU CLDR 48."""

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs node")


@needs_node
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_what_intl_writes(kind: str) -> None:
    answers = compared(drawn(kind, 300, seed=7))
    shown = [(one.locale, one.value, one.ours, said) for one, said in answers.differences[:5]]
    assert answers.equal >= (LEAST.get(kind, 0.99) - 0.01) * 300, shown


@needs_node
@pytest.mark.deep
@pytest.mark.parametrize("kind", KINDS)
def test_two_thousand_values_of_each(kind: str) -> None:
    answers = compared(drawn(kind, 2000, seed=1))
    shown = [(one.locale, one.value, one.ours, said) for one, said in answers.differences[:5]]
    assert answers.equal >= LEAST.get(kind, 0.99) * 2000, shown
