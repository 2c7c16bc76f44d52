"""The README's samples are the files and the code that run."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave.cli import group
from mailweave.diagnostics.printers import print_text
from mailweave.prove import prove_rules
from mailweave.source import Source

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WINBACK = ROOT / "fixtures" / "campaigns" / "cdnow-winback"
SMALLEST = ROOT / "fixtures" / "docs" / "regulars"


def blocks(language: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.S | re.M)
    return [text for name, text in fenced if name == language]


def test_the_smallest_campaign_is_the_one_in_the_fixtures() -> None:
    assert blocks("toml")[0] == (SMALLEST / "campaign.toml").read_text(encoding="utf-8")
    assert blocks("")[0] == (SMALLEST / "main.rules").read_text(encoding="utf-8")


def test_the_ten_lines_run(monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = blocks("python")
    monkeypatch.chdir(ROOT)
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    assert printed.getvalue().startswith("Hello, friend ")
    assert "('thanks',)" in printed.getvalue()


def test_the_ten_lines_of_rules_lose_the_person_it_prints() -> None:
    pytest.importorskip("z3", reason="z3 is not installed: the extra `prove` brings it")
    name = "fixtures/proved/MW900-engagement.rules"
    text = (ROOT / name).read_text(encoding="utf-8")
    assert blocks("rules") == [text]
    assert len([line for line in text.splitlines() if line.strip()]) <= 10
    (shown,) = blocks("console")
    assert shown == f"$ mailweave prove {name}\n" + print_text(prove_rules(Source(name, text)))


def figure(command: str) -> str:
    """The figure that a command prints, as the README's table has it."""
    return next(row.split(" | ")[1] for row in README.splitlines() if f"`{command}" in row)


def test_the_list_has_the_figures_of_the_readme() -> None:
    pytest.importorskip("duckdb", reason="duckdb is not installed: the extra `batch` brings it")
    told = CliRunner().invoke(group, ["segments", str(WINBACK)]).output.splitlines()[0]
    customers, mails = re.findall(r"[\d,]*\d", told)
    assert figure("mailweave segments") == f"{customers} customers, {mails} mails"


@pytest.mark.deep
def test_the_covering_set_has_the_figure_of_the_readme(tmp_path: Path) -> None:
    pytest.importorskip("z3", reason="z3 is not installed: the extra `prove` brings it")
    told = CliRunner().invoke(group, ["cover", str(WINBACK), "--out", str(tmp_path / "cover")]).output
    assert f": {figure('mailweave cover')} recipients\n" in told


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:docs|fixtures)/[\w./-]+|[A-Z]+\.md)`", README)))
)
def test_every_file_it_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()
