"""Many small documents, each of another construct: fixtures/inline/siblings.toml, before and after in Chromium."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mailweave.content import inline_once
from tests.inlining.oracle import Judge
from tests.inlining.verdicts import counted, told, verdicts

FILE = Path(__file__).parents[2] / "fixtures" / "inline" / "siblings.toml"
TABLE = tomllib.loads(FILE.read_text(encoding="utf-8"))
DOCTYPE = "<!doctype html>"


def test_each_looks_the_same_and_none_is_reported(judge: Judge) -> None:
    named = [(name, DOCTYPE + html) for name, html in TABLE["documents"].items()]
    found = verdicts(judge, named, widths=(375, 600))
    assert counted(found)["equal"] == len(named), told(found, "wrong crashed reported")


@pytest.mark.parametrize("name", TABLE["reported"])
def test_what_cannot_be_had_is_reported(name: str) -> None:
    code, html = TABLE["reported"][name]
    done = inline_once(DOCTYPE + html)
    assert not done.exact
    assert code in {one.code for one in done.diagnostics}
    assert done.source == DOCTYPE + html
