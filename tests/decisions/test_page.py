"""The Python of docs/decisions.md runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_sample_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs/decisions.md").read_text(encoding="utf-8")
    (sample,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    profile = {
        "id": "7", "email": "a@example.com", "country": "US", "plan": "gold", "nb_orders": 3,
        "lifetime_value": "700", "signup_at": "2024-01-01T00:00Z", "consent": {"marketing": True},
    }  # fmt: skip
    bought = {"type": "purchase", "at": "2026-11-01T09:00Z", "total": "120", "category": "jazz"}
    monkeypatch.chdir(ROOT)
    exec(sample, {"profile": profile, "events": [bought], "now": "2026-11-22T09:00Z"})
    assert "big_spenders" in capsys.readouterr().out
