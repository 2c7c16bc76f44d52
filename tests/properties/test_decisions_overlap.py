"""Segments that are said to be disjoint have no member in common."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations, product

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from mailweave.decisions.overlap import Overlaps
from mailweave.rules import check, compile_checked, parse
from mailweave.source import Source

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HEAD = """
ruleset "overlap" version 1
profile {
  n: int?
  c: enum(A, B, C)?
  o: enum(low < mid < high)?
  f: bool?
}
tier t {
  small = n < 2
  otherwise big
}
"""
NUMBERS, MEMBERS, RANKS, FLAGS = (
    (None, 0, 1, 2, 3, 4),
    (None, "A", "B", "C"),
    (None, "low", "mid", "high"),
    (None, True, False),
)

numbers, ops = st.integers(0, 4), st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
atoms = st.one_of(
    st.builds("n {} {}".format, ops, numbers),
    st.builds("{1} {0} n".format, ops, numbers),
    st.builds("n between {} and {}".format, numbers, numbers),
    st.builds("c in ({})".format, st.lists(st.sampled_from("ABC"), min_size=1, unique=True).map(", ".join)),
    st.builds("c {} {}".format, st.sampled_from(["==", "!="]), st.sampled_from("ABC")),
    st.builds("o {} {}".format, ops, st.sampled_from(["low", "mid", "high"])),
    st.sampled_from(["f", "t == small", "t == big"]),
)
terms = st.one_of(atoms, atoms.map("not ({})".format))
conditions = st.lists(terms, min_size=1, max_size=3).flatmap(
    lambda found: st.sampled_from([" and ".join(found), " or ".join(found), f"not ({' or '.join(found)})"])
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(conditions, min_size=2, max_size=4))
def test_disjoint_segments_share_nobody(found: list[str]) -> None:
    lines = [f"segment s{at} = {condition}\n" for at, condition in enumerate(found)]
    lines += ["segment inner within s0 = s1\n", "segment outer = not s0\n"]
    document = check(parse(Source("x", HEAD + "".join(lines))).document).document
    assert document is not None
    program = compile_checked(document)
    people = [
        program.evaluate({"n": n, "c": c, "o": o, "f": f}, now=NOW).segments
        for n, c, o, f in product(NUMBERS, MEMBERS, RANKS, FLAGS)
    ]
    overlaps = Overlaps(document)
    for one, other in combinations(document.segments, 2):
        meet = any({one, other} <= segments for segments in people)
        disjoint = overlaps.are_disjoint(one, other)
        assert not (meet and disjoint), (one, other)
        event("meet" if meet else "disjoint, and seen" if disjoint else "disjoint, not seen")
