"""Whether a sensitive attribute decides alone: the prover's answer is that of all pairs of a small world."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave.decisions import Selection, compile_decisions
from mailweave.prove.sensitive import unequal_offers
from mailweave.rules.prover.prover import Prover
from mailweave.rules.prover.smt import has_smt

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
HEAD = """ruleset "s" version 1
profile {
  id     : key
  gender : enum(f, m)?  sensitive
  vip    : bool
  orders : int          min 0 max 3
}
"""
ATOMS = ["gender == f", "gender != m", "gender is known", "vip", "orders >= 2", "orders < 1", "a", "b"]
WORLD = [
    {"id": "r1", "vip": vip, "orders": orders, **({} if gender is None else {"gender": gender})}
    for gender, vip, orders in product([None, "f", "m"], [False, True], [0, 1, 2, 3])
]


@st.composite
def texts(draw: st.DrawFn) -> str:
    def condition(known: int) -> str:
        atom = st.sampled_from(ATOMS[: 6 + known])
        parts = [
            f"{draw(st.sampled_from(['', 'not ']))}({draw(atom)})" for _ in range(draw(st.integers(1, 3)))
        ]
        return draw(st.sampled_from([" and ", " or "])).join(parts)

    lines = [f"segment {name} = {condition(at)}" for at, name in enumerate("abc")]
    policy = draw(st.sampled_from(["first", "priority", "collect"]))
    most = draw(st.integers(1, 2)) if policy == "collect" else 1
    lines += [f"slot hero max {most} fallback z", "block z for hero", "block x for hero", "block y for hero"]
    if draw(st.booleans()):
        lines[-1] += f" requires {condition(2)}"
    lines += [f"matrix main policy {policy} {{", "  tie order", "  | hero |"]
    for row in "abc":
        number = "" if policy == "first" else f" {draw(st.integers(1, 3))}"
        lines.append(f"  {row} | {draw(st.sampled_from('xyz'))}{number} |")
    return HEAD + "\n".join([*lines, "  otherwise | z |", "}", ""])


@pytest.mark.parametrize(
    "with_smt", [pytest.param(True, marks=pytest.mark.skipif(not has_smt(), reason="no z3")), False]
)
@settings(max_examples=40)
@given(text=texts())
def test_a_pair_is_found_where_there_is_one(text: str, with_smt: bool) -> None:
    program = compile_decisions(text)
    found = list(unequal_offers(program, Prover(program.document, with_smt=with_smt)))
    chosen = {tuple(who.items()): program.select(who, now=NOW) for who in WORLD}
    differs = any(
        chosen[tuple(one.items())] != chosen[tuple(other.items())]
        for one, other in product(WORLD, WORLD)
        if (one["vip"], one["orders"]) == (other["vip"], other["orders"])
    )
    codes = [finding.code for finding in found]
    assert codes == (["MW924"] if differs else []) or (not with_smt and codes == ["MW930"])
    for finding in found:
        assert finding.code == "MW930" or isinstance(finding.witness, tuple)
        if isinstance(finding.witness, tuple):
            one, other = (dict(who) for who in finding.witness)
            assert {k for k in {*one, *other} if one.get(k) != other.get(k)} == {"gender"}
            answers = [
                program.select({k: v for k, v in w.items() if k not in ("events", "now")}, now=NOW)
                for w in (one, other)
            ]
            assert all(isinstance(answer, Selection) for answer in answers)
            assert answers[0] != answers[1]
