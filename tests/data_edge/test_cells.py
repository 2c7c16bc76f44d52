"""Cells of exports: fixtures/data/cells.toml, one test each."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave.data.intake.loading import load
from tests.data_edge.projects import lines, project

CASES = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "fixtures/data/cells.toml").read_text(encoding="utf-8")
)["case"]
RATES = 'rates = [{ on = 2026-11-02, from = "USD", to = "EUR", rate = "0.8615" }]\n'


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(name)} = {_toml(one)}" for name, one in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_cell(case: dict[str, Any], tmp_path: Path) -> None:
    column = {"from": "cell", **case.get("column", {})}
    settings = "".join(f"{name} = {_toml(value)}\n" for name, value in case.get("export", {}).items())
    mapping = project(
        tmp_path,
        f"profile {{\n  id : key\n  x : {case['type']}\n}}\nsegment a = id is known\n",
        f'{RATES}[profile]\nfiles = "rows.jsonl"\n{settings}[profile.columns]\nid = "id"\nx = {_toml(column)}\n',
        rows_jsonl=json.dumps({"id": "1", "cell": case["cell"], **case.get("row", {})}) + "\n",
    )
    found = load(mapping, tmp_path / "out.jsonl")
    if "refused" in case:
        (letter,) = lines(found.rejects)
        assert [reason["kind"] for reason in letter["reasons"]] == [case["refused"]]
        assert letter["row"]["cell"] == case["cell"]
        assert str(case["cell"]) not in "".join(r["why"] for r in letter["reasons"]) or not case["cell"]
    else:
        (row,) = lines(found.out)
        assert row == {"id": "1", **({"x": case["gives"]} if "gives" in case else {})}
        words = [word for (word, _), count in found.counts.repairs.items() for _ in range(count)]
        assert sorted(words) == sorted(case.get("repairs", []))
