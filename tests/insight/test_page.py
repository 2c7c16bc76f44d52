"""docs/insight.md is true: its examples run, one behind the other, and print what the page says in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/insight.md").read_text(encoding="utf-8")


def test_the_examples_run_and_give_the_figures_of_the_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)  # for fixtures/cdnow
    names: dict[str, object] = {}
    for code in re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE):
        exec(compile(code, "docs/insight.md", "exec"), names)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "['ann', 'ben', 'cem', 'dee', 'eva'] [2.0, 1.0, 1.0, 0.0, 1.0]"
    assert f"they are {printed[1]}," in " ".join(PAGE.split())
    assert printed[-2] == "(53211, 53211)"
    assert names["weeks"] == pytest.approx([4.75 / 7, 32.375 / 7])


def test_five_buyers_determine_no_model() -> None:
    from mailweave.diagnostics import MailweaveError
    from mailweave.insight import bgnbd, purchase_counts

    first = re.search(r"^(buyers = .*\ndays = .*)$", PAGE, re.MULTILINE)
    assert first
    names: dict[str, list[float]] = {}
    exec(first[1], names)
    with pytest.raises(MailweaveError, match="MW791"):
        bgnbd(*purchase_counts(names["buyers"], names["days"], until=200)[1])
