"""What `mailweave check` proves by intervals alone: never more than the truth, and much of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.prove.plants import Case, load
from tests.prove.test_proofs import CODES

from mailweave.cli.check import command
from mailweave.prove import prove_quickly
from mailweave.source import Source

ROOT = Path(__file__).resolve().parents[2]
CASES = [case for case in load() if not case.path.is_dir()]
QUICK = frozenset("MW900 MW901 MW905 MW912 MW913 MW914 MW915 MW916 MW917".split())


@cache
def codes(text: str) -> frozenset[str]:
    return frozenset(found.code for found in prove_quickly(Source("case.rules", text)))


def true_of(case: Case) -> frozenset[str]:
    """The codes of the faults that a text has."""
    kinds = [*case.row.get("also", ()), *([] if case.clean else [case.kind])]
    return frozenset().union(*(CODES[kind] for kind in kinds))


@pytest.mark.parametrize("case", [case for case in CASES if case.clean], ids=lambda case: case.name)
def test_nothing_is_said_of_a_clean_text(case: Case) -> None:
    assert codes(case.text) <= true_of(case)


def test_most_plants_need_no_z3() -> None:
    wanted = [case for case in CASES if not case.clean and CODES[case.kind] & QUICK]
    found = [case for case in wanted if codes(case.text) & CODES[case.kind]]
    assert len(found) >= len(wanted) * 0.6, (len(found), len(wanted))


def test_check_tells_it(tmp_path: Path) -> None:
    rules = tmp_path / "a.rules"
    rules.write_text("profile {\n  n : int\n}\nsegment a = n > 5 and n < 3\n", encoding="utf-8")
    result = CliRunner().invoke(command, [str(rules)])
    assert result.exit_code == 1
    assert "MW901" in result.stdout


@pytest.mark.parametrize("name", ["cdnow-winback", "smallest"])
def test_campaigns_in_order_stay_so(name: str) -> None:
    assert CliRunner().invoke(command, [str(ROOT / "fixtures" / "campaigns" / name)]).exit_code == 0
