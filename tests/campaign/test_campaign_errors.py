"""What an author is told when a campaign is wrong: place, line, what to do; never a traceback."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mailweave.cli import group

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
CASES: dict[str, dict[str, Any]] = tomllib.loads(
    (FIXTURES / "campaign_errors" / "cases.toml").read_text(encoding="utf-8")
)


def broken(case: dict[str, Any], folder: Path) -> None:
    """The smallest campaign, made wrong as the case says."""
    shutil.copytree(FIXTURES / "campaigns" / "smallest", folder)
    for key in ("replace", "also"):
        if key in case:
            name, old, new = case[key]
            text = (folder / name).read_text(encoding="utf-8")
            assert old in text, f"{old!r} is not in {name}"
            (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    for key in ("write", "more", "and", "fourth"):
        if key in case:
            write(folder, *case[key])
    if "remove" in case:
        (folder / case["remove"]).unlink()


def write(folder: Path, name: str, text: str, how: str = "") -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if how == "latin-1":
        path.write_bytes("# caf\xe9\n".encode("latin-1"))
    elif how.startswith("repeat"):
        _, count, end = how.split()
        path.write_text(text * int(count) + "x" + end * int(count), encoding="utf-8")
    else:
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_wrong_campaign_is_explained(
    name: str, tmp_path: Path, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(CASES[name], tmp_path / "campaign")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(group, ["check", "campaign"])
    assert result.exit_code == 1, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    golden(FIXTURES / "campaign_errors" / f"{name}.txt", result.output)


@pytest.mark.parametrize("name", sorted(name for name in CASES if not CASES[name].get("is_sent")))
def test_rendering_a_wrong_campaign_writes_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(CASES[name], tmp_path / "campaign")
    monkeypatch.chdir(tmp_path)
    Path("ann.json").write_text('{"id": "1"}')
    result = CliRunner().invoke(group, ["render", "campaign", "--profile", "ann.json", "--out", "out"])
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    assert not Path("out").exists()


def test_a_check_lists_trusted_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = {"write": ["blocks/hero/block.html", "<p>{{ block.heading | safe }}</p>"]}
    case["more"] = ["blocks/hero/block.toml", TRUSTED]
    broken(case, tmp_path / "campaign")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(group, ["check", "campaign"])
    assert "note[MW026]: block `welcome` shows `hero`, which is trusted" in result.output


TRUSTED = """title = "Mine"
doc = "A block that writes HTML as it is."
trusted = true
[inputs.heading]
type = "text"
doc = "It."
"""
