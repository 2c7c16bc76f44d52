"""docs/triggers.md is true: its rules are sound and canonical, its example and its Python run and print what it says."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave.cli import group
from mailweave.diagnostics import Severity
from mailweave.rules import check, parse
from mailweave.rules.formatter import format_source
from mailweave.source import Source
from tests.triggers.shop import FIXTURES

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/triggers.md").read_text(encoding="utf-8")
RULES, MATRIX, EXPERIMENTS = re.findall(r"^```rules\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_the_rules_are_sound_and_in_their_canonical_form() -> None:
    schema = (FIXTURES / "shop" / "shop.rules").read_text(encoding="utf-8").partition("slot subject")[0]
    text = schema + RULES + EXPERIMENTS + MATRIX
    parsed = parse(Source("page.rules", text))
    found = [*parsed.diagnostics, *check(parsed.document).diagnostics]
    assert [one for one in found if one.severity is Severity.ERROR] == []
    assert format_source(RULES) == RULES
    assert format_source(EXPERIMENTS) == EXPERIMENTS


def test_the_example_prints_what_the_page_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (command,) = re.findall(
        r"^example-triggers:.*\n\trm [^\n]*\n\t\$\(BIN\)/mailweave (.*\n.*)\n",
        Path("Makefile").read_text(),
        re.M,
    )
    words = command.replace("\\\n", " ").replace("out/triggers", str(tmp_path)).split()
    (told,) = re.findall(r"^```text\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    result = CliRunner().invoke(group, words)
    assert (result.exit_code, result.output.replace(str(tmp_path), "out/triggers")) == (0, told)


def test_the_seam_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (code,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code.replace("out/seam", str(tmp_path)), "docs/triggers.md", "exec"), {})
    (said,) = re.findall(r"^prints `(.*?)`:", PAGE, re.MULTILINE)
    assert printed.getvalue().strip() == said
