"""One person out of a state: nothing of them stays in the file, and nothing of others goes."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner, Result

from mailweave.cli import group
from mailweave.triggers import State
from tests.triggers.shop import PEOPLE, campaign, event, mails, run, written

RULES = "trigger cart_left on cart_change wait 30 minutes unless purchase"
EVENTS = [
    event("a 1 cart_change 2026-11-02T12:00:00Z"),
    event("b 2 cart_change 2026-11-02T12:10:00Z"),
    event("b 3 cart_change 2026-11-02T14:00:00Z"),
]
BETWEEN, LATER = "2026-11-02T12:45:00Z", "2026-11-03T00:00:00Z"


def forget(folder: Path, key: str) -> Result:
    return CliRunner().invoke(group, ["trigger", "forget", key, "--state", str(folder / "state.db")])


def test_nothing_of_who_is_forgotten_stays(tmp_path: Path) -> None:
    made, events = campaign(tmp_path, RULES), written(tmp_path / "events.jsonl", EVENTS)
    assert run(tmp_path, made, events=events, until=BETWEEN, more=PEOPLE).exit_code == 0
    assert mails(tmp_path) == ["a cart_left 1 1 2026-11-02T12:30:00Z", "b cart_left 1 2 2026-11-02T12:40:00Z"]
    profile = json.loads(next(line for line in _people() if json.loads(line)["id"] == "b"))
    assert profile["email"].encode() in (tmp_path / "state.db").read_bytes()
    result = forget(tmp_path, "b")
    assert (result.exit_code, result.output) == (
        0,
        "erased: profile 1, events 2, waits 1, mails remembered 1\n",
    )
    for file in tmp_path.glob("state.db*"):
        assert profile["email"].encode() not in file.read_bytes()
    assert run(tmp_path, made, events=written(tmp_path / "none.jsonl", []), until=LATER).exit_code == 0
    assert len(mails(tmp_path)) == 2, "what waited for b is gone; a has had the mail"
    again = forget(tmp_path, "b")
    assert again.exit_code == 1
    assert "MW844" in again.output


def _people() -> list[str]:
    return Path(PEOPLE[1]).read_text(encoding="utf-8").splitlines()


def test_what_waits_in_an_outbox_goes_too(tmp_path: Path) -> None:
    with closing(State(tmp_path / "state.db")) as state, state.transaction():
        state.post([b'{"key": "a", "cause": "1"}\n', b'{"key": "b", "cause": "2"}\n'])
        state.post([b'{"key": "b", "cause": "3"}\n'])
    assert forget(tmp_path, "b").output == "erased: mails to be written 2\n"
    with closing(State(tmp_path / "state.db")) as state:
        assert list(state.posted()) == [(1, b'{"key": "a", "cause": "1"}\n')]


def test_a_state_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert "MW860" in forget(tmp_path, "a").output
    assert not (tmp_path / "state.db").exists()
