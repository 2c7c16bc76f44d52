"""Templates with Liquid, and blocks in slots: rendered after inlining they look as rendered without, or say why not."""

from __future__ import annotations

import pytest

from tests.conftest import part_of
from tests.inlining.liquid import people, slotted, template, templates
from tests.inlining.oracle import Judge
from tests.inlining.rendered import rendered_verdicts, slotted_verdicts
from tests.inlining.verdicts import Verdict, counted, told

# A hazard is an honest answer, but one that is always given is none.
FEWEST_EXACT = 0.5
PARTS, PART, DEEP_PART = 2, 20, part_of(125)


def check(found: list[Verdict]) -> None:
    count = counted(found)
    print(f"\n{dict(count)}")
    assert count["wrong"] + count["crashed"] == 0, told(found)
    assert all(one.findings for one in found if one.kind == "reported")
    assert count["equal"] >= FEWEST_EXACT * len(found), told(found, "reported")


def of_templates(judge: Judge, first: int, count: int) -> list[Verdict]:
    seeds = range(first, first + count)
    named = [(f"template {seed}", text) for seed, text in zip(seeds, templates(seeds), strict=True)]
    return rendered_verdicts(judge, named, people(first))


def of_layouts(judge: Judge, first: int, count: int) -> list[Verdict]:
    return slotted_verdicts(judge, map(slotted, range(first, first + count)), people(first))


def test_templates_have_conditions_where_they_matter() -> None:
    text = "".join(templates(range(40)))
    for sign in ('style="{%', 'class="{%', " {% if flag.k1 %}class=", "%}<td", "%}<tr", "%}.", ":{{ color."):
        assert sign in text
    assert template(3) == template(3)


@pytest.mark.parametrize("part", range(PARTS))
def test_templates(judge: Judge, part: int) -> None:
    check(of_templates(judge, 1000 + part * PART, PART))


@pytest.mark.parametrize("part", range(PARTS))
def test_blocks_in_slots(judge: Judge, part: int) -> None:
    check(of_layouts(judge, 1000 + part * PART, PART // 2))


@pytest.mark.deep
@pytest.mark.parametrize("part", range(4))
def test_five_hundred_templates(judge: Judge, part: int) -> None:
    check(of_templates(judge, 2000 + part * DEEP_PART, DEEP_PART))


@pytest.mark.deep
@pytest.mark.parametrize("part", range(4))
def test_many_blocks_in_slots(judge: Judge, part: int) -> None:
    check(of_layouts(judge, 2000 + part * DEEP_PART, DEEP_PART // 2))
