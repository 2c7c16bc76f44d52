"""Mappings that are refused: fixtures/data/mappings.toml, one test each."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave.data.intake.loading import load
from mailweave.data.mapping import read_mapping
from mailweave.diagnostics import MailweaveError
from tests.data_edge.projects import project

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
CASES = tomllib.loads((FIXTURES / "data/mappings.toml").read_text(encoding="utf-8"))["case"]
RULES = """
profile {
  id : key
  email : text? pii
  orders : int = 0
  birthday : date?
  country : enum(IE, FR)?
}
consent marketing
event purchase { total: money(EUR)? } keep 90 days
segment a = orders > 1
"""


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_mapping_that_is_refused(
    case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILWEAVE_DATA_KEYS", raising=False)
    (tmp_path / "out.jsonl").write_text('{"id": "1"}\n')
    files = {"rows_jsonl": '{"id": "1"}\n', "rows_csv": "id,E-mail\n1,\n", "doubled_csv": "id,id\n1,2\n"}
    with pytest.raises(MailweaveError) as refused:
        load(project(tmp_path, RULES, case["mapping"], **files), tmp_path / "out.jsonl")
    told = "\n".join(f"{one.code} {one.message} {one.help}" for one in refused.value.diagnostics)
    assert all(words in told for words in case["says"]), told
    assert (tmp_path / "out.jsonl").read_text() == '{"id": "1"}\n'


def test_all_findings_come_at_once(tmp_path: Path) -> None:
    mapping = '[profile]\nfiles = "a.csv"\n[profile.columns]\nmail = "m"\norder = "o"\n'
    with pytest.raises(MailweaveError) as refused:
        load(project(tmp_path, RULES, mapping), tmp_path / "out.jsonl")
    assert [one.code for one in refused.value.diagnostics] == ["MW830"] * 3
    assert all(one.location is not None for one in refused.value.diagnostics)


def test_the_rules_may_be_a_campaign(tmp_path: Path) -> None:
    """As in the example: `rules` names the folder of a campaign."""
    shutil.copytree(FIXTURES / "docs/shop", tmp_path / "campaign")
    shutil.copy(FIXTURES / "data/shop/data.toml", tmp_path)
    found = read_mapping(tmp_path / "data.toml")
    assert found.schema.consents == ("marketing", "profiling")
