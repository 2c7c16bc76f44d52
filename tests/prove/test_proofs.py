"""The prover finds every planted fault, shows who proves it, and says nothing of the texts without one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from click.testing import CliRunner
from tests.prove.plants import EXISTS, NOBODY, Case, in_a_link, in_two_alone, knows_sensitive, load, selection
from tests.prove.recipients import Recipient

from mailweave.rules.prover.smt import has_smt

CODES: Mapping[str, frozenset[str]] = {
    kind: frozenset(codes.split())
    for kind, codes in {
        "tier-gap": "MW900",
        "never-true": "MW901",
        "always-true": "MW902",
        "redundant": "MW903 MW904",
        "segment-equal": "MW906",
        "segment-inside": "MW907",
        "overlap-priority": "MW911",
        "overlap-tie": "MW910",
        "overlap-order": "MW910",
        "unreachable-row": "MW912",
        "unreachable-cell": "MW913",
        "unreachable-block": "MW914",
        "unreachable-override": "MW915",
        "unreachable-arm": "MW916",
        "unique-violated": "MW917",
        "any-violated": "MW917",
        "experiments-meet": "MW918",
        "pii-leak": "MW921",
        "consent-leak": "MW920",
        "branch-unreachable": "MW922",
        "sensitive": "MW924",
    }.items()
}
"""The codes by which the prover tells each kind; where there are none yet, the cases are skipped."""

pytestmark = pytest.mark.skipif(not has_smt(), reason="z3 is not installed: the extra `prove` brings it")

UNDECIDED = frozenset({"MW930"})
ALONE = {"segment-inside": in_two_alone, "pii-leak": in_a_link}
"""What a witness shows where the tables of faults have no entry."""

CASES = load()
PLANTS = [case for case in CASES if not case.clean]
CLEAN = [case for case in CASES if case.clean]


def name(case: Case) -> str:
    return case.name


def findings(case: Case) -> list[dict[str, Any]]:
    """What `mailweave prove --format json` prints."""
    return _proved(str(case.path))


@cache
def _proved(path: str) -> list[dict[str, Any]]:
    from mailweave.cli.prove import command

    result = CliRunner().invoke(command, [path, "--format", "json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    assert result.exit_code == int(any(f["severity"] != "note" for f in found))
    return found


def told(case: Case) -> list[dict[str, Any]]:
    """Its findings by the codes of the case's kind; skips what cannot be found yet."""
    if case.kind == "sensitive" and not knows_sensitive():
        pytest.skip("the label `sensitive` is not in the language yet")
    if not CODES[case.kind]:
        pytest.skip(f"the prover has no code for {case.kind} yet")
    return [finding for finding in findings(case) if finding["code"] in codes(case)]


def codes(case: Case) -> frozenset[str]:
    """The codes that tell a plant: a cell that is out of reach may be told by its row or its block."""
    kinds = {case.kind}
    if case.kind.startswith("unreachable") and not case.clean:
        kinds |= {kind for kind in case.row.get("also", ()) if kind.startswith("unreachable")}
    return frozenset().union(*(CODES[kind] for kind in kinds))


def lines(finding: Mapping[str, Any]) -> set[int]:
    """The lines that a finding points at: its own, and those of related places."""
    places = [finding, *finding.get("related", ())]
    return {at for place in places for at in range(place["line"], place.get("end_line", place["line"]) + 1)}


def witnesses(finding: Mapping[str, Any]) -> Iterator[Recipient]:
    """The recipients that a finding shows."""
    shown = finding.get("witness")
    for one in shown if isinstance(shown, list) else [] if shown is None else [shown]:
        profile = {key: value for key, value in one.items() if key not in ("events", "now", "context")}
        yield Recipient(profile, tuple(one["events"]), one.get("context", {}), one["now"])


def touches(case: Case, finding: Mapping[str, Any]) -> bool:
    """Whether a finding is about the plant: a line of each group, or the names of its other ones."""
    groups = case.row.get("lines", [])
    if "file" in case.row:
        return str(finding["file"]).endswith(case["file"]) and bool(lines(finding) & set(groups[0]))
    text = case.text.splitlines()
    pointed = [bool(lines(finding) & set(group)) for group in groups]
    named = [any(_words(text[at - 1]) & _words(finding["message"]) for at in group) for group in groups]
    return not groups or (any(pointed) and all(p or n for p, n in zip(pointed, named, strict=True)))


def _words(text: str) -> set[str]:
    """Names that a line declares or a message quotes."""
    declared = re.findall(r"^\s*(?:segment |tier |experiment |block |override )?(\w+)", text)
    return {*declared, *re.findall(r"`(\w+)`", text)}


@pytest.mark.parametrize("case", PLANTS, ids=name)
def test_a_plant_is_found(case: Case) -> None:
    found = told(case)
    assert any(touches(case, finding) for finding in found), findings(case)


@pytest.mark.parametrize("case", [c for c in PLANTS if c.kind in {*EXISTS, *ALONE}], ids=name)
def test_its_witness_shows_it(case: Case) -> None:
    """Judged by the evaluator: what the recipient of the finding is said to show is so."""
    found = [finding for finding in told(case) if touches(case, finding)]
    shown = [who for finding in found for who in witnesses(finding)]
    assert shown
    if case.kind == "sensitive":
        assert len({str(selection(case.text, who)) for who in shown}) > 1
    else:
        shows = EXISTS.get(case.kind) or ALONE[case.kind]
        assert all(shows(case, who) for who in shown)


@pytest.mark.parametrize("case", [c for c in PLANTS if c.kind in NOBODY], ids=name)
def test_what_holds_for_nobody_is_shown_by_nobody(case: Case) -> None:
    """A recipient beside such a finding comes close; what nobody can do they do not do either."""
    shown = [who for finding in told(case) for who in witnesses(finding)]
    assert not any(NOBODY[case.kind](case, who) for who in shown)


@pytest.mark.parametrize("case", CLEAN, ids=name)
def test_nothing_is_said_of_a_clean_text(case: Case) -> None:
    """No error or warning but of what is true beside; of the kind that it looks like, nothing at all."""
    assert not [f for f in told(case) if not told_beside(case, f)]
    fair = frozenset().union(*(CODES[kind] for kind in case.row.get("also", ())))
    faults = [f for f in findings(case) if f["severity"] != "note" and f["code"] not in fair]
    assert not faults


def told_beside(case: Case, finding: Mapping[str, Any]) -> bool:
    """Whether a finding of the near kind is one that is true of this text by another kind."""
    also = frozenset().union(*(CODES[kind] for kind in case.row.get("also", ())))
    return finding["code"] in also


@pytest.mark.parametrize("case", CLEAN, ids=name)
def test_nothing_is_undecided_of_a_clean_text(case: Case) -> None:
    assert not [finding for finding in findings(case) if finding["code"] in UNDECIDED]


def test_at_most_two_plants_are_undecided() -> None:
    undecided = [case.name for case in PLANTS if any(f["code"] in UNDECIDED for f in findings(case))]
    assert len(undecided) <= 2, undecided
