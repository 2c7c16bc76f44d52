"""Each planted fault is one, and each clean text has none: shown by the evaluator, without the prover."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.prove.plants import (
    EXISTS,
    FOLDER,
    NOBODY,
    Case,
    evaluation,
    in_a_link,
    in_one_alone,
    in_two_alone,
    knows_sensitive,
    load,
    selection,
)

from mailweave import Environment
from mailweave.decisions import check_rules
from mailweave.diagnostics import Severity
from mailweave.source import Source

CASES = load()
DECIDABLE = [case for case in CASES if case.kind in EXISTS or case.kind in NOBODY]


def name(case: Case) -> str:
    return case.name


def of(kind: str) -> list[Case]:
    return [case for case in CASES if case.kind == kind]


def test_there_are_enough() -> None:
    kinds = Counter(case["kind"] for case in CASES)
    assert kinds["clean"] >= 60
    assert sum(kinds.values()) - kinds["clean"] >= 80
    assert len({case.name for case in CASES}) == len(CASES)
    assert {case.kind for case in CASES} == {*EXISTS, *NOBODY, "segment-inside", "pii-leak"}


@pytest.mark.parametrize("case", CASES, ids=name)
def test_what_check_says_of_it(case: Case) -> None:
    if case.kind == "sensitive" and not knows_sensitive():
        pytest.skip("the label `sensitive` is not in the language yet")
    whole = case.path.is_dir()
    found = Environment().check(case.path) if whole else check_rules(Source(case.path.name, case.text))
    told = {d.code for d in found if d.severity is not Severity.NOTE}
    assert sorted(told) == case.row.get("today", [])


@pytest.mark.parametrize("case", DECIDABLE, ids=name)
def test_the_evaluator_agrees(case: Case) -> None:
    somebody = case.clean if case.kind in NOBODY else not case.clean
    shows = EXISTS.get(case.kind) or NOBODY[case.kind]
    assert any(shows(case, who) for who in case.people) == somebody
    witness = case.recipient("witness")
    if witness is not None:
        assert shows(case, witness) == somebody


@pytest.mark.parametrize("case", of("segment-inside"), ids=name)
def test_inside(case: Case) -> None:
    """`one` has members; in the plants all of them are in `two`, which reaches further."""
    assert any(case["segments"][0] in evaluation(case.text, who).segments for who in case.people)
    assert any(in_one_alone(case, who) for who in case.people) == case.clean
    assert any(in_two_alone(case, who) for who in case.people)
    witness = case.recipient("witness")
    assert witness is not None
    assert (in_one_alone if case.clean else in_two_alone)(case, witness)


@pytest.mark.parametrize("case", of("segment-equal"), ids=name)
def test_equal_segments_are_not_empty(case: Case) -> None:
    assert any(set(case["segments"]) <= evaluation(case.text, who).segments for who in case.people)


@pytest.mark.parametrize("case", of("pii-leak"), ids=name)
def test_links(case: Case) -> None:
    witness = case.recipient("witness")
    assert witness is not None
    assert in_a_link(case, witness) != case.clean


@pytest.mark.parametrize("case", [c for c in of("sensitive") if not c.clean], ids=name)
def test_twins_differ_in_one_attribute(case: Case) -> None:
    one, other = case.recipient("witness"), case.recipient("other")
    assert one is not None
    assert other is not None
    assert {k for k in {*one.profile, *other.profile} if one.profile.get(k) != other.profile.get(k)} == {
        case["attribute"]
    }
    assert selection(case.text, one) != selection(case.text, other)


PEERS = sorted((FOLDER / "peers").glob("*.rules"))


def test_there_are_sixty_segments_of_others() -> None:
    texts = [path.read_text(encoding="utf-8") for path in PEERS]
    assert [path.stem for path in PEERS] == ["braze", "customerio", "klaviyo"]
    assert sum(line.startswith("segment ") for text in texts for line in text.splitlines()) >= 60


@pytest.mark.parametrize("path", PEERS, ids=lambda path: path.stem)
def test_segments_of_others_pass_the_check(path: Path) -> None:
    found = check_rules(Source(path.name, path.read_text(encoding="utf-8")))
    assert not [d for d in found if d.severity is not Severity.NOTE]
