"""`--fetch`: the verbs about one recipient ask the sources, and say what became of each."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from mailweave.cli import group
from tests.delivery.sources.server import site
from tests.delivery.sources.shop import ANN, with_sources


def test_the_verbs_ask_when_they_are_told_to(tmp_path: Path) -> None:
    (tmp_path / "ann.json").write_text(json.dumps(ANN), encoding="utf-8")
    with site({"churn": {"answer": "0.87"}, "gone": {"status": 404}}) as there:
        start = f"http://127.0.0.1:{there.port}"
        folder = with_sources(
            tmp_path / "shop",
            {
                "churn": {"url": f"{start}/churn", "fills": "scores.churn", "timeout": "5s"},
                "picks": {"url": f"{start}/gone", "fills": "lists.for_you", "timeout": "5s"},
            },
        )
        given = [str(folder), "--profile", str(tmp_path / "ann.json"), "--now", "2026-11-22T09:00Z"]
        told = [CliRunner().invoke(group, ["explain", *given, "--full", *more]) for more in ([], ["--fetch"])]
        mail = CliRunner().invoke(group, ["render", *given, "--fetch", "--out", str(tmp_path / "out")])
    assert [one.exit_code for one in (*told, mail)] == [0, 0, 0], (told, mail.output)
    assert "sources: churn fetched, picks failed (" in told[1].stderr
    assert "sources:" in mail.stderr
    assert "in: leaving" in told[1].stdout
    assert "in: leaving" not in told[0].stdout
