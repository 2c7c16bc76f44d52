"""`explain` and `render` of somebody on a list decide as a batch over it does, scores of the whole list included."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave.batch import run
from mailweave.cli.explain import command as explain
from mailweave.cli.render import command as render
from tests.batch.conftest import CAMPAIGN

RULES = """
event purchase { total: money(USD) } keep forever
score rfm : int by rfm(purchase.total in last 365 days) ttl 7 days else 0
segment champions = score.rfm >= 500
block best for hero
matrix main policy first {
  tie order
              | hero    |
  champions   | best    |
  otherwise   | welcome |
}
"""


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """The smallest campaign with a score, and a list of its own of ten, of whom one buys most and last."""
    folder = tmp_path / "campaign"
    folder.mkdir()
    settings = (CAMPAIGN / "campaign.toml").read_text(encoding="utf-8")
    lists = 'profiles = "people.jsonl"\nevents = "events.jsonl"\n'
    best = '\n[blocks.best]\nuse = "hero"\ninputs = { heading = "For our best" }\n'
    (folder / "campaign.toml").write_text(
        settings.replace("now = 2026", lists + "now = 2026") + best, encoding="utf-8"
    )
    (folder / "main.rules").write_text((CAMPAIGN / "main.rules").read_text(encoding="utf-8") + RULES)
    people = [{"id": str(n), "email": f"p{n}@example.com", "consent": {"marketing": True}} for n in range(10)]
    events = [
        {"profile": str(n), "type": "purchase", "at": f"2026-11-{n + 1:02d}T09:00:00Z", "total": str(10 * n)}
        for n in range(10)
        for _ in range(n + 1)
    ]
    for name, rows in (("people", people), ("events", events)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


def test_the_answer_is_that_of_a_batch(campaign: Path, tmp_path: Path) -> None:
    lists = str(campaign / "people.jsonl"), tmp_path / "out"
    run(campaign, *lists, events=str(campaign / "events.jsonl"), format="jsonl", workers=1)
    shard = (tmp_path / "out/shards/000000.jsonl").read_text(encoding="utf-8")
    batched = {one["key"]: one["selection"] for one in map(json.loads, shard.splitlines())}
    assert {tuple(one["hero"]) for one in batched.values()} == {("best",), ("welcome",)}
    for key in ("0", "9"):
        out = str(tmp_path / key)
        done = CliRunner().invoke(render, [str(campaign), "--profile", key, "--out", out])
        assert done.exit_code == 0, done.output
        assert "MW819" not in done.output
        made = json.loads((tmp_path / key / "decision.json").read_text(encoding="utf-8"))
        assert made["selection"] == batched[key]
    told = CliRunner().invoke(explain, [str(campaign), "--profile", "9", "--part", "champions"])
    assert told.exit_code == 0
    assert "unknown" not in told.output
    assert "missing" not in told.output


def test_one_profile_by_itself_has_no_such_score_and_that_is_told(campaign: Path, tmp_path: Path) -> None:
    profile = {"id": "1", "email": "a@example.com", "consent": {"marketing": True}}
    profile |= {"scores": {"rfm": {"value": 555, "at": "2026-11-21T09:00:00Z"}}}
    path = tmp_path / "ann.json"
    path.write_text(json.dumps(profile), encoding="utf-8")
    done = CliRunner().invoke(render, [str(campaign), "--profile", str(path), "--out", str(tmp_path / "o")])
    assert done.exit_code == 0, done.output
    assert "MW819" in done.output
    made = json.loads((tmp_path / "o/decision.json").read_text(encoding="utf-8"))
    assert made["selection"]["hero"] == ["best"]
