"""A covering set reaches what exhaustive search over a small world reaches, with hardly more recipients than it takes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, product
from typing import Any

import pytest

from mailweave.decisions import DecisionProgram, Selection, compile_decisions, reachable_selections
from mailweave.liquid import Template
from mailweave.prove.arms import liquid_arms
from mailweave.prove.branches import Written
from mailweave.prove.bucketing import selected
from mailweave.prove.cover import cover
from mailweave.rules.prover.columns import Columns
from mailweave.rules.prover.prover import Prover
from mailweave.rules.prover.smt import has_smt
from mailweave.source import Source

pytestmark = pytest.mark.skipif(not has_smt(), reason="z3 is not installed: the extra `prove` brings it")

NOW = "2026-12-01T09:00:00Z"
HEAD = """ruleset "world" version 1
profile {
  id      : key
  orders  : int min 0 max 3
  plan    : enum(free < club < gold)
  country : enum(US, CA)?
}
slot hero max 1 fallback plain
slot foot max 1 fallback end
block plain for hero
block one for hero
block two for hero requires plan == gold
block three for hero requires plan == free
block end for foot
block more for foot
block less for foot
"""
ROWS = (
    ("orders >= 2", "country == US", "plan >= club"),
    ("plan == free", "orders >= 1", "country is unknown"),
    ("orders == 3", "orders == 3 and plan == gold", "not (country == CA)"),
)
CELLS = (
    (("one", "more"), ("two", "-"), ("three", "less")),
    (("three", "-"), ("one", "less"), ("two", "more")),
)


def optional(rules: str) -> str:
    """The same rules, in which `foot` may stay empty."""
    rules = rules.replace("slot foot max 1 fallback end\n", "slot foot max 1 optional\n")
    return rules.replace("block end for foot\n", "").replace("| plain | end |", "| plain | - |")


def text(rows: tuple[str, ...], cells: tuple[tuple[str, str], ...]) -> str:
    segments = [f"segment s{at} = {condition}" for at, condition in enumerate(rows)]
    lines = [f"  s{at} | {hero} | {foot} |" for at, (hero, foot) in enumerate(cells)]
    head = ["matrix main policy first {", "  tie order", "  | hero | foot |"]
    return HEAD + "\n".join([*segments, *head, *lines, "  otherwise | plain | end |", "}"]) + "\n"


def everybody(program: DecisionProgram) -> list[frozenset[tuple[str, str]]]:
    """What everybody of the small world gets."""
    found = set()
    for orders, plan, country in product(range(4), ("free", "club", "gold"), ("US", "CA", None)):
        who: dict[str, Any] = {"id": "a", "orders": orders, "plan": plan}
        selection = program.select({**who, "country": country} if country else who, now=NOW)
        assert isinstance(selection, Selection)
        found.add(shown(selection))
    return sorted(found, key=sorted)


def shown(selection: Selection) -> frozenset[tuple[str, str]]:
    """Slots with their blocks, and `empty` for those without."""
    return frozenset((slot, block) for slot, blocks in selection.items() for block in blocks or ("empty",))


def fewest(people: list[frozenset[tuple[str, str]]]) -> int:
    """How many people show everything that anybody shows."""
    whole = frozenset().union(*people)
    sizes = (n for n in range(1, 9) for some in combinations(people, n) if frozenset().union(*some) == whole)
    return next(sizes)


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("cells", CELLS)
@pytest.mark.parametrize("is_optional", [False, True])
def test_what_exhaustive_search_reaches(
    rows: tuple[str, ...], cells: tuple[tuple[str, str], ...], is_optional: bool
) -> None:
    rules = text(rows, cells)
    program = compile_decisions(optional(rules) if is_optional else rules)
    found = cover(program, Prover(program.document))
    reached: set[tuple[str, str]] = set()
    for each in found.recipients:
        selection = selected(program, each.recipient)
        assert isinstance(selection, Selection)
        reached |= shown(selection)
    people = everybody(program)
    whole = frozenset().union(*people)
    assert reached == whole
    assert not found.open
    assert set(found.unreached) - {"foot is empty"} == set(program.blocks) - {block for _, block in whole}
    assert ("foot is empty" in found.unreached) == (is_optional and ("foot", "empty") not in whole)
    assert len(found.recipients) <= fewest(people) + 1
    can = {
        (slot, block)
        for slot, one in reachable_selections(program).items()
        for block in (*one.blocks, *(["empty"] if one.empty else []))
    }
    assert whole <= can


TEMPLATES = (
    {
        "one": "{% if profile.country == 'US' %}1{% elsif profile.orders > 2 %}2{% else %}3{% endif %}",
        "two": "{% unless profile.country %}4{% endunless %}",
        "plain": "{% case profile.plan %}{% when 'free' %}5{% when 'gold', 'club' %}6{% endcase %}",
    },
    {
        "one": "{% assign n = profile.country | default: 'CA' %}{% if n == 'CA' and profile.orders >= 2 %}1{% endif %}",
        "three": "{% if profile.plan != 'free' %}2{% else %}3{% if profile.orders == 1 %}4{% endif %}{% endif %}",
        "more": "{% if profile.orders < 1 %}5{% else %}6{% endif %}",
    },
)
Shown = frozenset[tuple[str, str]]


def branches(templates: dict[str, str], profile: Mapping[str, Any], selection: Selection) -> Shown:
    """The digits that the templates of somebody's blocks write, beside their blocks."""
    blocks = {block for _, block in shown(selection)}
    texts = {
        name: Template.from_string(text).render({"profile": profile}) for name, text in templates.items()
    }
    return frozenset((name, digit) for name in blocks & set(templates) for digit in texts[name])


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("templates", TEMPLATES)
def test_branches_of_templates_too(rows: tuple[str, ...], templates: dict[str, str]) -> None:
    program = compile_decisions(text(rows, CELLS[0]))
    columns, schema = Columns(program.document), program.program.schema
    written = [
        Written(
            Source(name, body),
            name,
            liquid_arms(Template.from_string(body), schema),
            columns.shown(name),
            (name,),
        )
        for name, body in templates.items()
    ]
    found = cover(program, Prover(program.document), written)
    reached: set[tuple[str, str]] = set()
    for each in found.recipients:
        selection = selected(program, each.recipient)
        assert isinstance(selection, Selection)
        reached |= shown(selection) | branches(templates, each.recipient.profile, selection)
    people = set()
    for orders, plan, country in product(range(4), ("free", "club", "gold"), ("US", "CA", None)):
        who: dict[str, Any] = {
            "id": "a",
            "orders": orders,
            "plan": plan,
            **({"country": country} if country else {}),
        }
        selection = program.select(who, now=NOW)
        assert isinstance(selection, Selection)
        people.add(shown(selection) | branches(templates, who, selection))
    assert reached == frozenset().union(*people)
    assert not found.open
    assert not found.unsaid
    assert len(found.recipients) <= fewest(sorted(people, key=sorted)) + 1
