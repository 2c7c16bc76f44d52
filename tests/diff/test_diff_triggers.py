"""What `mailweave diff` says of triggers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import pytest
from tests.diff.test_diff_rules import FOLDER, changed, compared, shop

from mailweave.diff.reports import as_text
from mailweave.rules.prover.smt import has_smt

pytestmark = pytest.mark.skipif(not has_smt(), reason="z3 is not installed: the extra `prove` brings it")
KINDS = ("trigger", "triggers", "experiment")
FIXTURE = tomllib.loads((FOLDER / "triggers.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", FIXTURE["case"], ids=lambda row: row["name"].replace(" ", "-"))
def test_triggers_that_start_otherwise_are_found(row: Mapping[str, Any]) -> None:
    old = shop() + FIXTURE["rules"]
    found = compared(old, changed(old, row["put"]))
    told = {f"{one.status} {one.kind} {one.name}" for one in found.rules}
    of_triggers = {each for each in told if each.split()[1] in KINDS}
    wanted = {each for each in row["found"] if each.split()[1] in KINDS}
    assert of_triggers == wanted
    assert set(row["found"]) <= told
    assert found.is_meant == bool(told)


def test_both_sides_are_said() -> None:
    old = shop() + FIXTURE["rules"]
    told = as_text(compared(old, changed(old, [["wait 30 minutes", "wait 1 hour"]])), None)
    assert (
        "was on click wait 30 minutes unless purchase or open when not lively then reminded after 2 days"
        in told
    )
    assert "is  on click wait 1 hour" in told
