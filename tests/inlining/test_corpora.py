"""Mails that were not made for this test: equal before and after, and nothing is reported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import some_of
from tests.inlining.corpora import CATALOG, FULL, Pair, alone, emails, foundation, full, mjml
from tests.inlining.oracle import Judge
from tests.inlining.verdicts import counted, told, verdicts

TENTH = 10
FEWEST_OF_FOUNDATION = 60


def check(judge: Judge, named: Sequence[tuple[str, str]]) -> None:
    found = verdicts(judge, named)
    print(f"\n{dict(counted(found))}")
    assert counted(found)["equal"] == len(named) > 0, told(found, "wrong crashed reported")


def test_some_real_mails(judge: Judge, shared_data: Path) -> None:
    check(judge, list(emails(shared_data))[::TENTH])


@pytest.mark.deep
def test_all_real_mails(judge: Judge, shared_data: Path) -> None:
    check(judge, some_of(list(emails(shared_data))))


def test_compiled_mjml(judge: Judge, node_modules: Path) -> None:
    check(judge, list(mjml(node_modules)))


@pytest.fixture
def framework(node_modules: Path) -> list[tuple[str, str]]:
    """All mails of foundation-emails, compiled."""
    if not (node_modules / "inky").is_dir():
        pytest.skip("needs inky among MAILWEAVE_NPM: npm install inky@1.5.0")
    return list(foundation(node_modules))


def test_some_mails_of_foundation(judge: Judge, framework: list[tuple[str, str]]) -> None:
    check(judge, framework[::TENTH])


@pytest.mark.deep
def test_all_mails_of_foundation(judge: Judge, framework: list[tuple[str, str]]) -> None:
    assert len(framework) > FEWEST_OF_FOUNDATION
    check(judge, some_of(framework))


def check_pair(judge: Judge, pair: Pair) -> None:
    assert pair.exact, pair.findings
    assert [str(one) for one in judge.differences(pair.before, pair.after, (375, 600, 800))] == []


@pytest.mark.parametrize("name", CATALOG.names())
def test_each_stock_block(judge: Judge, name: str) -> None:
    check_pair(judge, alone(name))


@pytest.mark.parametrize("name", FULL)
def test_each_stock_layout(judge: Judge, name: str) -> None:
    check_pair(judge, full(name))
