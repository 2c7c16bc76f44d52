"""Every hostile template ends in a typed error, in little time and memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.liquid.hostile import HARMLESS, TEMPLATES

ROOT = Path(__file__).resolve().parents[2]
TYPED = ("TemplateError MW4", "BudgetExceeded MW4")


def test_hostile() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.liquid.hostile"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    ends = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert set(ends) == set(TEMPLATES), done.stderr[-2000:]
    untyped = {name: end for name, end in ends.items() if not end.startswith(TYPED)}
    assert {name for name in untyped if untyped[name] != "text"} | set(untyped) <= HARMLESS, untyped
