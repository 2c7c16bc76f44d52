"""mailweave results and mailweave results plan, as the shell calls them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave import Campaign
from mailweave.cli import group
from tests.insight.conftest import TRIAL, event, happened, write
from tests.insight.test_results import in_arm

Sent = Callable[[str], Path]


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    done = CliRunner().invoke(group, ["results", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def test_results_are_told_and_written(sent: Sent, events: str, tmp_path: Path) -> None:
    out = tmp_path / "told" / "here"
    code, told, wrong = run(str(TRIAL), "--sent", str(sent("parquet")), "--events", events, "--out", str(out))
    assert code == 1  # one experiment cannot be told from the rows
    assert "MW794" in wrong
    assert told.startswith("600 sent; 698 of 704 events counted (2 doubled, 1 of other types, 1 of nobody")
    assert "complaint: 4 (0.7%)" in told
    assert "experiment warmth on welcome: control 2" in told
    assert "experiment thanks_again: its arms are not told" in told
    assert max(map(len, told.splitlines())) < 240
    assert (out / "results.html").read_text("utf-8").startswith("<!doctype html>")
    code, printed, _ = run(str(TRIAL), "--sent", str(sent("parquet")), "--events", events, "--format", "json")
    assert json.loads(printed) == json.loads((out / "results.json").read_text("utf-8"))


def test_a_guard_that_is_hurt_has_an_exit_code_of_its_own(
    sent: Sent, campaign: Campaign, tmp_path: Path
) -> None:
    hurt = [event(n, "unsubscribe") for n in in_arm(campaign, "warm")[:100]]
    path = write(tmp_path / "events.jsonl", [*happened(), *hurt])
    code, _, wrong = run(str(TRIAL), "--sent", str(sent("parquet")), "--events", path)
    assert code == 4
    assert "MW796" in wrong


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--sent", "nowhere"], "MW792"),
        (["--days", "0"], "MW797"),
        (["--guard", "purchase"], "MW797"),
        (["--events", "nowhere.csv"], "MW001"),
    ],
)
def test_what_cannot_be_told_ends_without_a_traceback(
    arguments: list[str], says: str, sent: Sent, events: str
) -> None:
    code, told, wrong = run(str(TRIAL), "--sent", str(sent("parquet")), "--events", events, *arguments)
    assert (code, told) == (1, "")
    assert says in wrong


def test_a_plan_before_the_start() -> None:
    code, told, _ = run("plan", "--baseline", "3%", "--lift", "10%", "--power", "0.8")
    assert code == 0
    assert told.startswith(
        "106,422 recipients (53,211, 53,211): 0.03 to 0.033 (lift +10.0%) is found with a chance of 80.0%"
    )
    code, told, _ = run(
        "plan", "--baseline", "0.03", "--recipients", "30000", "--split", "40,30,30", "--format", "json"
    )
    assert json.loads(told)["recipients"] == [12000, 9000, 9000]
    code, _, wrong = run("plan", "--baseline", "3%")
    assert (code, "MW797" in wrong) == (1, True)
    code, _, wrong = run("plan", "--baseline", "three", "--lift", "1%")
    assert (code, "a share is written" in wrong) == (2, True)
    assert "--baseline" in run("plan", "--help")[1]
    assert "results plan" in run("--help")[1]


@pytest.mark.parametrize(
    "arguments", [["plan", "--baseline", "3%", "--lift", "1%"], [str(TRIAL), "--sent", "x", "--events", "y"]]
)
def test_without_the_extra_it_is_named(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)  # as where it is not installed
    code, _, wrong = run(*arguments)
    assert code == 1
    assert "MW022" in wrong
    assert "mailweave[insight]" in wrong


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--split", "inf"], 2, "--split"),
        (["--split", "nan,50"], 2, "--split"),
        (["--split", "0,50"], 1, "MW797"),
        (["--split", "-1,50"], 1, "MW797"),
        (["--split", "1e-300,1"], 1, "MW797"),
        (["--baseline", "inf"], 2, "--baseline"),
        (["--baseline", "1e-320"], 1, "MW797"),
        (["--lift", "nan"], 2, "--lift"),
        (["--lift", "0"], 1, "MW797"),
        (["--lift", "1e-300"], 1, "MW797"),
        (["--power", "inf"], 2, "--power"),
        (["--power", "0"], 1, "MW797"),
        (["--recipients", "0"], 2, "--recipients"),
        (["--recipients", "9" * 400], 1, "MW797"),
    ],
)
def test_numbers_that_no_plan_has_are_refused(arguments: list[str], code: int, says: str) -> None:
    found, _, wrong = run("plan", "--baseline", "3%", "--lift", "10%", *arguments)
    assert (found, says in wrong) == (code, True), wrong


def test_an_end_that_is_no_moment_is_called_by_its_option(sent: Sent, events: str) -> None:
    asked = (str(TRIAL), "--sent", str(sent("parquet")), "--events", events, "--until", "tomorrow")
    code, _, wrong = run(*asked)
    assert (code, "--until" in wrong, "--now" in wrong) == (2, True, False)


@pytest.mark.parametrize("days", ["inf", "nan", "-1"])
def test_days_are_a_number_that_can_be_lived(sent: Sent, events: str, days: str) -> None:
    asked = (str(TRIAL), "--sent", str(sent("parquet")), "--events", events, "--days", days)
    assert "MW797" in run(*asked)[2]
