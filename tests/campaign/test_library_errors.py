"""What an author is told of libraries, imports and snippets: in the file where it was written, with what to do."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.campaign.library_project import FIXTURE, changed, project

from mailweave.cli import group

CASES: dict[str, dict[str, Any]] = tomllib.loads((FIXTURE / "cases.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_is_wrong_is_told_where_it_was_written(
    name: str, tmp_path: Path, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.css").write_text("p { color: red }\n")
    monkeypatch.chdir(changed(project(tmp_path / "project"), CASES[name]))
    result = CliRunner().invoke(group, ["check", "--no-cache", CASES[name].get("campaign", "spring")])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "color: red" not in result.output
    golden(FIXTURE / "errors" / f"{name}.txt", result.output)
