"""Every hostile template ends in a typed error, in little time and memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.liquid.hostile import DIALECTS, HARMLESS, OURS_ONLY, TEMPLATES

ROOT = Path(__file__).resolve().parents[2]
TYPED = ("TemplateError MW4", "BudgetExceeded MW4")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_hostile(dialect: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.liquid.hostile", dialect],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    ends = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    left_out = set() if dialect == "mailweave" else OURS_ONLY
    assert set(ends) == set(TEMPLATES) - left_out, done.stderr[-2000:]
    untyped = {name: end for name, end in ends.items() if not end.startswith(TYPED)}
    assert {name for name in untyped if untyped[name] != "text"} | set(untyped) <= HARMLESS, untyped
