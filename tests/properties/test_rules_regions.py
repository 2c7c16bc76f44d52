"""What boxes say of a tier or a segment holds for every recipient of a small world, and the other way round."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import product
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from mailweave.rules import Program, check, compile_checked, parse
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.regions import Gap, Regions, Undecided
from mailweave.source import Source

HEAD = """
profile {
  n       : int? min 0 max 3
  country : enum(US, CA)?
  plan    : enum(low < mid < high)
}
event open { machine: bool = false } keep 30 days
let age = time since last(open)
segment base = n >= 1
"""
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)

numbers = st.integers(0, 4)
comparison = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))
windows = st.sampled_from(("in last 7 days", "in last 14 days", ""))
atoms = st.one_of(
    st.builds("n {} {}".format, comparison, numbers),
    st.builds("n between {} and {}".format, numbers, numbers),
    st.builds("n in ({}, {})".format, numbers, numbers),
    st.builds("country {} {}".format, st.sampled_from(("==", "!=")), st.sampled_from(("US", "CA"))),
    st.builds("plan {} {}".format, comparison, st.sampled_from(("low", "mid", "high"))),
    st.builds("{} is {}".format, st.sampled_from(("n", "country")), st.sampled_from(("known", "unknown"))),
    st.builds("count(open {}) {} {}".format, windows, comparison, st.integers(0, 2)),
    st.builds("count(open {} where machine) {} {}".format, windows, comparison, st.integers(0, 2)),
    st.sampled_from(("open in last 7 days", "no open in last 14 days", "base", "not base")),
    st.builds("age {} {} days".format, st.sampled_from(("<", "<=", ">", ">=")), st.sampled_from((7, 14))),
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=4,
)


@lru_cache(maxsize=1)
def worlds() -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Everybody of the small world: each value, missing ones too, and up to three opens of each kind."""
    found = []
    kinds = [(days, machine) for days in (3, 10, 20) for machine in (False, True)]
    for counts in product((0, 1, 2), repeat=len(kinds)):
        if sum(counts) > 3:
            continue
        opens = [
            {"type": "open", "at": NOW - timedelta(days=days), "machine": machine}
            for (days, machine), count in zip(kinds, counts, strict=True)
            for _ in range(count)
        ]
        found.append(opens)
    people = [
        {k: v for k, v in (("n", n), ("country", country), ("plan", plan)) if v is not None}
        for n in (None, 0, 1, 2, 3)
        for country in (None, "US", "CA")
        for plan in ("low", "mid", "high")
    ]
    return [(person, opens) for person in people for opens in found]


def checked(text: str) -> CheckedDocument:
    found = check(parse(Source("t.rules", HEAD + text)).document)
    assert found.document is not None, found.diagnostics
    return found.document


def regions(document: CheckedDocument) -> Regions:
    return Regions(document.schema, document.segments, document.tiers)


def somebody(program: Program, wanted: Any) -> bool:
    return any(wanted(program.evaluate(person, events=opens, now=NOW)) for person, opens in worlds())


@st.composite
def tiers(draw: st.DrawFn) -> list[str]:
    """Random members, and sometimes what the first ones leave over, so that many are complete."""
    members = draw(st.lists(conditions, min_size=1, max_size=3))
    if draw(st.booleans()):
        members.append(f"not ({members[0]})")
        members += [f"{name} is unknown" for name in ("n", "country") if name in members[0]]
        members += ["age is unknown"] if "age" in members[0] else []
    return members


@given(tiers())
@settings(deadline=None, max_examples=40)
def test_a_tier_is_complete_exactly_when_nobody_is_lost(members: list[str]) -> None:
    lines = "\n".join(f"  m{number} = {condition}" for number, condition in enumerate(members))
    document = checked(f"tier t {{\n{lines}\n}}\n")
    found = regions(document).gap(document.tiers["t"])
    event(type(found).__name__)
    if isinstance(found, Undecided):
        return
    lost = somebody(compile_checked(document), lambda evaluation: evaluation.tiers.get("t") is None)
    assert lost == isinstance(found, Gap), found


@given(conditions)
@settings(deadline=None, max_examples=40)
def test_segments_of_nobody_and_of_everybody(condition: str) -> None:
    document = checked(f"segment s within base = {condition}\n")
    found, segment = regions(document), document.segments["s"]
    never, always = found.never(segment), found.always(segment)
    event(f"never {never}, always {always}")
    program = compile_checked(document)
    if never:
        assert not somebody(program, lambda evaluation: "s" in evaluation.segments)
    if always:
        assert not somebody(program, lambda evaluation: "s" not in evaluation.segments)


@given(conditions, conditions)
@settings(deadline=None, max_examples=40)
def test_conditions_that_exclude_each_other(one: str, other: str) -> None:
    document = checked(f"segment a = {one}\nsegment b = {other}\n")
    both = [document.segments[name].condition for name in ("a", "b")]
    excluded = regions(document).exclude(*both)
    event(f"excluded {excluded}")
    if excluded:
        program = compile_checked(document)
        assert not somebody(program, lambda evaluation: {"a", "b"} <= evaluation.segments)
