"""Doubles: found, merged by rules, in doubt left to a person, undone to the byte."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from benchmarks.dirty_people import dirty_people
from benchmarks.doubles import judge, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailweave.data.doubles.clusters import Clusters
from mailweave.data.doubles.merge_log import follow, read_log, undo
from mailweave.data.doubles.merging import Deduped, dedupe
from mailweave.data.doubles.survivors import surviving
from mailweave.data.mapping import DataMapping, read_mapping
from mailweave.diagnostics import MailweaveError
from tests.data_edge.projects import as_lines, lines, project

RULES = """
profile {
  id : key
  given : text? from "first"
  family : text? from "last"
  street : text?
  email : text?
  phone : text?
  born : date?
  seen : instant?
}
segment a = id is known
"""
MAPPING = """
[dedupe]
email = "email"
phone = "phone"
names = ["given", "family"]
address = "street"
differ = "born"
newest = "seen"
"""
ANN = {"id": "1", "first": "Ann", "last": "Miller", "street": "12 High Street Oldtown"}


def merged(
    folder: Path, rows: list[dict[str, Any]], mapping: str = MAPPING, **asked: Any
) -> tuple[list[Any], Deduped]:
    """The rows that are left, and what was found."""
    found = project(folder, RULES, mapping, people_jsonl=as_lines(rows))
    told = dedupe(found, folder / "people.jsonl", folder / "out.jsonl", **asked)
    return lines(told.out), told


CASES = {
    "one address of e-mail, written in two ways": ([{"email": "Ann@X.example"}, {"email": "ann@x.example"}], "merged"),
    "one telephone, and no names": ([{"phone": "+353 1"}, {"phone": "+353 1"}], "merged"),
    "one key": ([{}, {"id": "1"}], "merged"),
    "one e-mail, two names": (
        [{"email": "a@x.example", "first": "Ann"}, {"email": "a@x.example", "first": "Peter"}],
        "asked",
    ),
    "one e-mail, one name, two birthdays": (
        [{**ANN, "email": "a@x.example", "born": "1990-01-01"}, {**ANN, "email": "a@x.example", "born": "1991-01-01"}],
        "asked",
    ),
    "one telephone in a household": (
        [{"first": "Ann", "phone": "1", "born": "1990-01-01"}, {"first": "Peter", "phone": "1", "born": "1961-01-01"}],
        "apart",
    ),
    "a letter wrong, one address": ([ANN, {**ANN, "last": "Miler"}], "merged"),
    "names that changed places": ([ANN, {**ANN, "first": "Miller", "last": "Ann"}], "merged"),
    "an accent and capitals": ([{**ANN, "first": "Zoë"}, {**ANN, "first": "ZOE"}], "merged"),
    "an initial": ([ANN, {**ANN, "first": "A."}], "asked"),
    "sisters": ([{**ANN, "first": "Anna"}, {**ANN, "first": "Hanna"}], "asked"),
    "father and son": ([{**ANN, "born": "1990-01-01"}, {**ANN, "born": "1960-01-01"}], "apart"),
    "neighbours": ([ANN, {**ANN, "street": "14 High Street Oldtown"}], "asked"),
    "one name in two towns": ([ANN, {**ANN, "street": "3 Mill Lane Newport"}], "apart"),
    "one name and birthday in two towns": (
        [{**ANN, "born": "1990-01-01"}, {**ANN, "street": "3 Mill Lane Newport", "born": "1990-01-01"}],
        "merged",
    ),
    "one name, and nothing else": ([{"first": "Ann", "last": "Miller"}, {"first": "Ann", "last": "Miller"}], "apart"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_two_rows(name: str, tmp_path: Path) -> None:
    rows, what = CASES[name]
    listed = [{**row, "id": "1" if name == "one key" else str(place + 1)} for place, row in enumerate(rows)]
    left, found = merged(tmp_path, listed)
    assert (len(left), found.asked) == {"merged": (1, 0), "asked": (2, 1), "apart": (2, 0)}[what]


def test_rules_of_providers_only_where_they_are_asked_for(tmp_path: Path) -> None:
    rows = [{"id": "1", "email": "a.nn+x@gmail.com"}, {"id": "2", "email": "ann@googlemail.com"}]
    assert len(merged(tmp_path, rows)[0]) == 2
    assert len(merged(tmp_path, rows, MAPPING + 'providers = ["gmail"]\n')[0]) == 1


def test_whoever_contradicts_one_of_a_group_does_not_join_it(tmp_path: Path) -> None:
    """The row without a birthday is like both; the two birthdays stay apart."""
    rows = [
        {**ANN, "id": str(n), **({"born": born} if born else {})}
        for n, born in enumerate(["1990-01-01", "", "1960-01-01"])
    ]
    left, found = merged(tmp_path, rows)
    assert [row.get("born") for row in left] == ["1990-01-01", "1960-01-01"]
    assert found.asked == 1


def test_a_key_of_very_many_is_not_compared(tmp_path: Path) -> None:
    rows = [{"id": str(n), "email": "info@x.example"} for n in range(30)]
    left, found = merged(tmp_path, rows)
    assert len(left) == 30
    assert found.crowded == {"email": 30}
    assert [one.code for one in found.diagnostics] == ["MW840"]


def test_rows_of_which_every_piece_is_frequent_are_counted(tmp_path: Path) -> None:
    rows = [{"id": str(n), "first": "Ann", "street": "Poste"} for n in range(80)]
    assert merged(tmp_path, rows)[1].uncompared == 80


def test_a_person_decides(tmp_path: Path) -> None:
    rows = [{**ANN, "first": "Anna"}, {**ANN, "id": "2", "first": "Hanna", "phone": "+353"}]
    _, found = merged(tmp_path, rows)
    with found.review.open(encoding="utf-8-sig", newline="") as file:
        (pair,) = list(csv.DictReader(file))
    assert (pair["first (1)"], pair["first (2)"], pair["phone (2)"]) == ("Anna", "Hanna", "'+353")
    assert [one.code for one in found.diagnostics] == ["MW837"]
    asked = found.review.read_text(encoding="utf-8-sig")
    for said, left in (("yes", 1), ("No", 2)):
        text = asked.replace(",,alike", f",{said},alike").replace(",", ";")
        (tmp_path / "decided.csv").write_text(text, encoding="utf-8")
        rest, again = merged(tmp_path, rows, decided=tmp_path / "decided.csv")
        assert (len(rest), again.asked) == (left, 0)


def test_decisions_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "decided.csv").write_text("pair,decide\na-b,perhaps\n")
    with pytest.raises(MailweaveError, match="MW838"):
        merged(tmp_path, [ANN], decided=tmp_path / "decided.csv")
    (tmp_path / "decided.csv").write_text("pair,decide\na-b,yes\n")
    assert [one.code for one in merged(tmp_path, [ANN], decided=tmp_path / "decided.csv")[1].diagnostics] == [
        "MW838"
    ]


SURVIVORS: dict[str, tuple[list[dict[str, Any]], dict[str, str], dict[str, Any]]] = {
    "the newest row that has it": ([{"a": 1, "seen": "2026-01-01"}, {"a": 2, "seen": "2026-02-01"}], {}, {"a": 2}),
    "what the newest has not, an older one has": (
        [{"a": 1, "seen": "2026-01-01"}, {"a": None, "seen": "2026-02-01"}], {}, {"a": 1},
    ),
    "moments are compared, and not their texts": (
        [{"a": 1, "seen": "2026-01-01T01:00:00+02:00"}, {"a": 2, "seen": "2026-01-01T00:30:00Z"}], {}, {"a": 2},
    ),
    "first": ([{"a": 1}, {"a": 2, "seen": "2026-02-01"}], {"a": "first"}, {"a": 1}),
    "longest": ([{"a": "Ann"}, {"a": "Annabel"}], {"a": "longest"}, {"a": "Annabel"}),
    "most": ([{"a": 1}, {"a": 2}, {"a": 2}], {"a": "most"}, {"a": 2}),
    "largest of amounts": ([{"a": "9.00"}, {"a": "10.00"}], {"a": "largest"}, {"a": "10.00"}),
    "largest where one is no number": ([{"a": "NaN"}, {"a": "2"}, {"a": "x"}], {"a": "largest"}, {"a": "2"}),
    "smallest where one has no size": ([{"a": "sNaN"}, {"a": "2"}, {"a": "-Infinity"}], {"a": "smallest"}, {"a": "2"}),
    "a flat no is no": ([{"consent.m": True}, {"consent.m": False}], {}, {"consent.m": False}),
    "a flat yes is yes": ([{"consent.m": None}, {"consent.m": True}], {}, {"consent.m": True}),
    "smallest of days": ([{"a": "2026-02-01"}, {"a": "2025-12-01"}], {"a": "smallest"}, {"a": "2025-12-01"}),
    "lists are joined": ([{"a": [1, 2]}, {"a": [2, 3]}], {}, {"a": [1, 2, 3]}),
    "no is no": ([{"consent": {"m": True}}, {"consent": {"m": False}}], {}, {"consent": {"m": False}}),
    "yes and nothing is yes": ([{"consent": {"m": True}}, {"consent": {"m": None}}, {}], {}, {"consent": {"m": True}}),
}  # fmt: skip


@pytest.mark.parametrize("name", SURVIVORS)
def test_what_is_left_of_several_rows(name: str) -> None:
    rows, rules, expected = SURVIVORS[name]
    found = surviving([{"id": str(n), **row} for n, row in enumerate(rows)], "id", rules, "seen")
    assert found["id"] == "0"
    assert {member: found[member] for member in expected} == expected


LINES = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"id": st.sampled_from("1234"), "email": st.sampled_from(["a@x.example", "b@x.example", None])}
        ).map(lambda row: json.dumps(row).encode()),
        st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"")),
        st.sampled_from([b"{}", b'{"id": 7}  ', b'{"id":"1","x":"\\ud800"}']),
    ),
    max_size=10,
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=LINES, has_end=st.booleans(), crlf=st.booleans())
def test_undo_gives_every_byte_back(content: list[bytes], has_end: bool, crlf: bool, tmp_path: Path) -> None:
    """Whatever the lines are, JSON or none, with a last line end or without: nothing is lost, all of it comes back."""
    mapping = project(tmp_path, RULES, MAPPING)
    end = b"\r\n" if crlf else b"\n"
    before = end.join(content) + (end if has_end else b"")
    (tmp_path / "people.jsonl").write_bytes(before)
    found = dedupe(mapping, tmp_path / "people.jsonl", tmp_path / "out.jsonl")
    joined = sum(len(merge.lines) - 1 for merge in read_log(found.log).merges)
    assert found.rows == found.written + joined
    assert undo(found.log, found.out, tmp_path / "again.jsonl") == found.rows
    assert (tmp_path / "again.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda found: found.out.write_bytes(found.out.read_bytes() + b"\n"),
        lambda found: found.log.write_bytes(found.log.read_bytes()[:-20]),
        lambda found: found.log.write_bytes(found.log.read_bytes().replace(b"Miler", b"Miner")),
        lambda found: found.log.write_bytes(b"".join(found.log.read_bytes().splitlines(keepends=True)[1:])),
    ],
)
def test_what_was_changed_is_not_undone(spoil: Callable[[Deduped], object], tmp_path: Path) -> None:
    _, found = merged(tmp_path, [ANN, {**ANN, "id": "2", "last": "Miler"}])
    spoil(found)
    with pytest.raises(MailweaveError, match="MW839"):
        undo(found.log, found.out, tmp_path / "again.jsonl")
    assert not (tmp_path / "again.jsonl").exists()


def test_events_follow_their_recipients(tmp_path: Path) -> None:
    _, found = merged(tmp_path, [ANN, {**ANN, "id": "2"}])
    events = b'{"profile": "2",  "type": "x"}\n{"profile": "1", "type":"x"}\n{"profile": 3}\n'
    (tmp_path / "events.jsonl").write_bytes(events)
    assert follow(found.log, tmp_path / "events.jsonl", tmp_path / "followed.jsonl") == (3, 1)
    assert [row["profile"] for row in lines(tmp_path / "followed.jsonl")] == ["1", "1", 3]
    assert (tmp_path / "followed.jsonl").read_bytes().splitlines()[1:] == events.splitlines()[1:]


JOINS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12)


@given(joins=JOINS, apart=JOINS, known=st.lists(st.sampled_from([None, "a", "b"]), min_size=8, max_size=8))
def test_groups_are_those_of_a_naive_search(
    joins: list[tuple[int, int]], apart: list[tuple[int, int]], known: list[str | None]
) -> None:
    """Sets that are joined one by one, unless two of them differ or are to be kept apart."""
    groups, naive = Clusters(8), [{row} for row in range(8)]
    forbidden = {frozenset(pair) for pair in apart if len(set(pair)) == 2}
    for row, value in enumerate(known):
        groups.know(row, (value,))
    for pair in forbidden:
        groups.keep_apart(*pair)
    for one, other in joins:
        mine, theirs = (next(group for group in naive if row in group) for row in (one, other))
        both = mine | theirs
        differ = len({known[row] for row in both} - {None}) > 1
        may = mine is theirs or not (
            differ or any(frozenset(pair) in forbidden for pair in combinations(both, 2))
        )
        assert groups.join(one, other) == may
        if may and mine is not theirs:
            naive = [group for group in naive if group not in (mine, theirs)] + [both]
    assert list(groups.members(range(8))) == sorted(sorted(group) for group in naive if len(group) > 1)


def test_a_dirty_list_with_known_truth(tmp_path: Path) -> None:
    """What `python -m benchmarks doubles` says of 100,000 rows, of a few."""
    made = dirty_people(3_000, 7)
    mapping: DataMapping = read_mapping(write(tmp_path, made))
    found = dedupe(mapping, tmp_path / "people.jsonl", tmp_path / "out.jsonl")
    groups = [[at for at, _ in merge.lines] for merge in read_log(found.log).merges]
    seen = judge(groups, made.truth)
    assert seen.precision > 0.99
    assert seen.recall > 0.9
    undo(found.log, found.out, tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "people.jsonl").read_bytes()
