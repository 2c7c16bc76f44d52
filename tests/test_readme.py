"""The README's samples are the files and the code that run."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SMALLEST = ROOT / "fixtures" / "campaigns" / "smallest"


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
    assert printed.getvalue().startswith("Hello, Ann ")
    assert "('welcome',)" in printed.getvalue()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:docs|fixtures)/[\w./-]+)`", README))))
def test_every_file_it_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()
