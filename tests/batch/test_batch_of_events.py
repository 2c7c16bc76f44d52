"""A batch brings the events that templates read, and the ends of offers, whoever answers the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailweave import Email, Environment, batch
from tests.batch.event_lists import listed
from tests.campaign.event_campaign import NOW, people, written
from tests.spark.outputs import messages


@pytest.mark.parametrize("in_sql", [True, False])
def test_a_batch_writes_the_mails_of_render(in_sql: bool, tmp_path: Path) -> None:
    folder = written(tmp_path / "campaign")
    campaign, (who, happened) = Environment().compile(folder), listed(tmp_path, 150, 3)
    report = batch.run(folder, who, tmp_path / "out", events=happened, now=NOW, workers=1, in_sql=in_sql)
    assert report["rules"]["answered_in_sql"] == (150 if in_sql else 0)
    found = messages(tmp_path / "out")
    assert len(found) == 150
    empty = 0
    for profile, events in people(150, 3):
        email = campaign.render(profile, events=events, now=NOW)
        assert isinstance(email, Email)
        mine = found[profile["id"]]
        assert (mine["subject"], mine["html"], mine["text"]) == (email.subject, email.html, email.text)
        empty += not email.selection["offers"]
    assert report["slots"]["offers"].get("empty", 0) == empty


def test_counts_say_empty(tmp_path: Path) -> None:
    folder = written(tmp_path / "campaign")
    rules = (
        (folder / "a.rules")
        .read_text(encoding="utf-8")
        .replace("| cart | moment           |", "| cart | - |")
    )
    (folder / "a.rules").write_text(rules, encoding="utf-8")
    who, happened = listed(tmp_path, 40, 5)
    report = batch.run(folder, who, tmp_path / "out", events=happened, now=NOW, workers=1)
    assert report["slots"]["offers"]["empty"] > 0
    assert sum(report["slots"]["offers"].values()) >= 40
    assert "<th scope=row>empty</th>" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
