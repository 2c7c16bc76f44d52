"""What a run tells: of states, streams, campaigns, lines, profiles and mails that cannot be used."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from click.testing import Result

from mailweave import Environment
from mailweave.triggers import State
from tests.triggers.shop import FIXTURES, PEOPLE, campaign, event, mails, rows, run, written

RULES = "trigger thanks on purchase"
BOUGHT = event("a 1 purchase 2026-11-02T12:00:00Z")
MAILS = ["a thanks 1 1 2026-11-02T12:00:00Z"]


def told(result: Result, code: str) -> str:
    assert f"[{code}]" in result.output, result.output
    assert result.exit_code == 1
    return result.output


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    return written(tmp_path / "events.jsonl", [BOUGHT])


def _no_database(path: Path) -> None:
    path.write_text("no database, but long enough to be taken for one" * 40, encoding="utf-8")


def _of_something_else(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE shop (name TEXT)")


def _of_another_format(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE meta (name TEXT, value)")
        other.execute("INSERT INTO meta VALUES ('format', 'another')")
        other.commit()


@pytest.mark.parametrize("made", [_no_database, _of_something_else, _of_another_format])
def test_a_file_that_is_no_state(made: Callable[[Path], None], stream: Path, tmp_path: Path) -> None:
    made(tmp_path / "state.db")
    before = (tmp_path / "state.db").read_bytes()
    told(run(tmp_path, campaign(tmp_path, RULES), events=stream), "MW860")
    assert (tmp_path / "state.db").read_bytes() == before


def test_a_state_of_the_first_format_goes_on(tmp_path: Path) -> None:
    """It had no arms and no exposures. A mail that waits in it goes out."""
    made = campaign(tmp_path, "trigger thanks on purchase wait 1 day")
    run(
        tmp_path,
        made,
        events=written(tmp_path / "1.jsonl", [BOUGHT]),
        until="2026-11-02T13:00Z",
        more=PEOPLE,
    )
    with closing(sqlite3.connect(tmp_path / "state.db")) as state:
        state.execute("ALTER TABLE timers DROP COLUMN arms")
        state.execute("DROP TABLE exposed")
        state.execute("UPDATE meta SET value = 'mailweave triggers 1' WHERE name = 'format'")
        state.commit()
    for _ in range(2):
        assert run(tmp_path, made, events=tmp_path / "1.jsonl").exit_code == 0
    assert mails(tmp_path) == ["a thanks 1 1 2026-11-03T12:00:00Z"]
    assert [row["arms"] for row in rows(tmp_path)] == [{}]


def test_a_state_that_another_run_has(stream: Path, tmp_path: Path) -> None:
    with closing(State(tmp_path / "state.db")):
        told(run(tmp_path, campaign(tmp_path, RULES), events=stream), "MW860")


def test_only_its_owner_reads_a_state(tmp_path: Path) -> None:
    with closing(State(tmp_path / "state.db")):
        assert (tmp_path / "state.db").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("events", ["nowhere.jsonl", "torn.jsonl.gz", "kafka://broker"])
def test_a_stream_that_cannot_be_read(events: str, tmp_path: Path) -> None:
    (tmp_path / "torn.jsonl.gz").write_bytes(gzip.compress(BOUGHT.encode() * 100)[:40])
    address = events if "://" in events else tmp_path / events
    told(run(tmp_path, campaign(tmp_path, RULES), events=address), "MW861")


def test_a_packed_stream(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl.gz").write_bytes(gzip.compress(BOUGHT.encode()))
    assert (
        run(tmp_path, campaign(tmp_path, RULES), events=tmp_path / "events.jsonl.gz", more=PEOPLE).exit_code
        == 0
    )
    assert mails(tmp_path) == MAILS


def test_a_campaign_without_triggers(stream: Path, tmp_path: Path) -> None:
    told(run(tmp_path, campaign(tmp_path, ""), events=stream), "MW862")


def test_two_campaigns_of_one_name(stream: Path, tmp_path: Path) -> None:
    made = campaign(tmp_path, RULES)
    told(run(tmp_path, made, made, events=stream), "MW863")


def test_caps_count_over_all_campaigns(tmp_path: Path) -> None:
    both = [campaign(tmp_path, f"{RULES}\nat most 1 mail in 7 days", name) for name in ("one", "two")]
    stream = written(tmp_path / "events.jsonl", [BOUGHT])
    result = run(tmp_path, *both, events=stream, more=PEOPLE)
    assert "mails one/thanks: 1" in result.output
    assert "kept back two/thanks/cap: 1" in result.output


LINES = {
    "no JSON": "it is no JSON",
    '["a"]': "it is no JSON object",
    r'{"type": "purchase", "profile": "a", "at": "2026-11-02T12:00:00Z", "x": ["secret \ud800"]}': "it holds half a",
    r'{"type": "purchase", "profile": "a", "at": "2026-11-02T12:00:00Z", "id": "\ud800 secret"}': "it holds half a",
    '{"profile": "secret", "at": "2026-11-02T12:00:00Z"}': "`type` is no text",
    '{"type": "purchase", "at": "2026-11-02T12:00:00Z"}': "`profile` names nobody",
    '{"type": "purchase", "profile": " ", "at": "2026-11-02T12:00:00Z"}': "`profile` is blank",
    '{"type": "purchase", "profile": "secret", "at": "2026-11-02T12:00:00"}': "`at` is an instant without a zone",
    '{"type": "purchase", "profile": "secret", "at": "2026-11-02T12:00:00Z", "id": ["x"]}': "`id` is no text",
    '{"type": "cart_change", "profile": "secret", "at": "2026-11-02T12:00:00Z", "total": 9.5}': "`cart_change.total` is not",
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_is_no_event(line: str, tmp_path: Path) -> None:
    """It is named by its place, without a value; the others are read."""
    stream = written(tmp_path / "events.jsonl", [line, BOUGHT])
    output = told(run(tmp_path, campaign(tmp_path, RULES), events=stream, more=PEOPLE), "MW864")
    assert f"events.jsonl:1: {LINES[line]}" in output
    assert "secret" not in output
    assert mails(tmp_path) == MAILS


def test_an_id_of_two_events(tmp_path: Path) -> None:
    stream = written(tmp_path / "events.jsonl", [BOUGHT, BOUGHT.replace("T12", "T13")])
    told(run(tmp_path, campaign(tmp_path, RULES), events=stream, more=PEOPLE), "MW865")
    assert mails(tmp_path) == MAILS


def test_without_an_id_the_content_is_the_id(tmp_path: Path) -> None:
    line = json.dumps({name: value for name, value in json.loads(BOUGHT).items() if name != "id"})
    stream = written(tmp_path / "events.jsonl", [line, line, line.replace("T12", "T13")])
    result = run(tmp_path, campaign(tmp_path, RULES), events=stream, more=PEOPLE)
    assert "events: 1 doubled, 2 new" in result.output


def test_the_list_of_the_campaign(stream: Path, tmp_path: Path) -> None:
    made = campaign(tmp_path, RULES)
    written(made / "people.jsonl", (FIXTURES / "people.jsonl").read_text(encoding="utf-8").splitlines())
    settings = made / "campaign.toml"
    settings.write_text(
        f'profiles = "people.jsonl"\n{settings.read_text(encoding="utf-8")}', encoding="utf-8"
    )
    assert run(tmp_path, made, events=stream).exit_code == 0
    assert mails(tmp_path) == MAILS


def test_profiles_that_do_not_read(stream: Path, tmp_path: Path) -> None:
    people = written(
        tmp_path / "people.jsonl", ['{"id": "a", "consent.marketing": true, "consent": {"marketing": true}}']
    )
    more = ("--profiles", str(people))
    told(run(tmp_path, campaign(tmp_path, RULES), events=stream, more=more), "MW866")


def test_columns_of_parquet(stream: Path, tmp_path: Path) -> None:
    """Dates are said as in JSON; a column of bytes is no profile."""
    people = tmp_path / "people.parquet"
    row = "'a' AS id, 'a@example.com' AS email, DATE '1990-05-03' AS birthday, {'marketing': true} AS consent"
    duckdb.sql(f"COPY (SELECT {row}) TO '{people}' (FORMAT parquet)")
    result = run(tmp_path, campaign(tmp_path, RULES), events=stream, more=("--profiles", str(people)))
    assert (result.exit_code, mails(tmp_path)) == (0, MAILS)
    duckdb.sql(f"COPY (SELECT {row}, 'x'::BLOB AS seal) TO '{people}' (FORMAT parquet)")
    told(run(tmp_path, tmp_path / "shop", events=stream, more=("--profiles", str(people))), "MW866")


def test_mails_that_cannot_be_made(stream: Path, tmp_path: Path) -> None:
    """Nobody has said who this is."""
    told(run(tmp_path, campaign(tmp_path, RULES), events=stream), "MW867")
    assert mails(tmp_path) == []


def test_late_events_are_counted(tmp_path: Path) -> None:
    """They keep back what is not out yet, and start nothing before the moment that was reached."""
    made = campaign(tmp_path, "trigger cart_left on cart_change wait 1 hour unless purchase")
    first = written(tmp_path / "1.jsonl", [event("a 1 cart_change 2026-11-02T12:00:00Z")])
    run(tmp_path, made, events=first, until="2026-11-02T12:30Z", more=PEOPLE)
    late = [
        "a 2 purchase 2026-11-02T12:10:00Z",
        "b 3 cart_change 2026-11-02T11:00:00Z",
        "b 4 cart_change 2026-11-02T12:00:00Z",
    ]
    second = written(tmp_path / "2.jsonl", map(event, late))
    result = run(tmp_path, made, events=second, until="2026-11-02T14:00Z")
    assert "events: 3 late, 3 new" in result.output
    assert "came too late for 1 mails" in result.output
    assert mails(tmp_path) == ["b cart_left 1 4 2026-11-02T13:00:00Z"]


def test_lateness_waits_for_them(tmp_path: Path) -> None:
    made = campaign(tmp_path, RULES)
    stream = written(tmp_path / "events.jsonl", [BOUGHT])
    more = (*PEOPLE, "--lateness", "1 hour")
    run(tmp_path, made, events=stream, until="2026-11-02T12:59Z", more=more)
    assert mails(tmp_path) == []
    run(tmp_path, made, events=stream, until="2026-11-02T13:00Z", more=more)
    assert mails(tmp_path) == MAILS


def test_a_changed_profile_brings_somebody_into_a_segment(tmp_path: Path) -> None:
    made = campaign(tmp_path, "trigger golden_now on entering golden")
    stream = written(tmp_path / "events.jsonl", [BOUGHT])
    run(tmp_path, made, events=stream, until="2026-11-03T00:00Z", more=PEOPLE)
    people = (
        (FIXTURES / "people.jsonl")
        .read_text(encoding="utf-8")
        .replace('"id": "a"', '"id": "a", "plan": "gold"')
    )
    changed = ("--profiles", str(written(tmp_path / "people.jsonl", people.splitlines())))
    for _ in range(2):
        run(tmp_path, made, events=stream, until="2026-11-04T00:00Z", more=changed)
    moment = "2026-11-03T00:00:00.000001Z"
    assert mails(tmp_path) == [f"a golden_now 1 {moment} {moment}"]


def test_a_changed_date_is_counted_anew(tmp_path: Path) -> None:
    made = campaign(tmp_path, "trigger bday on birthday at 9:00")
    stream = written(tmp_path / "events.jsonl", [BOUGHT])
    run(tmp_path, made, events=stream, until="2026-12-01T00:00Z", more=PEOPLE)
    people = (FIXTURES / "people.jsonl").read_text(encoding="utf-8").replace("1990-05-03", "1990-12-24")
    changed = ("--profiles", str(written(tmp_path / "people.jsonl", people.splitlines())))
    run(tmp_path, made, events=stream, until="2027-06-01T00:00Z", more=changed)
    assert [one.split()[-1] for one in mails(tmp_path) if one.startswith("a ")] == ["2026-12-24T08:00:00Z"]


def test_time_that_has_passed_is_said(tmp_path: Path) -> None:
    made, stream = campaign(tmp_path, RULES), written(tmp_path / "events.jsonl", [BOUGHT])
    run(tmp_path, made, events=stream, until="2026-11-02T13:00Z", more=PEOPLE)
    result = run(tmp_path, made, events=stream, until="2026-11-01T13:00Z", more=PEOPLE)
    assert "0 mails; an earlier run has mailed all that was due by 2026-11-02T13:00:00Z" in result.output
    assert mails(tmp_path) == MAILS


def test_a_type_that_is_nearly_declared(tmp_path: Path) -> None:
    """`mail@example.com` is no name, and is told to nobody."""
    lines = [
        event(f"a {at} {type} 2026-11-02T12:00:00Z")
        for at, type in enumerate(("cart_chnage", "cart_chnage", "view"))
    ]
    stream = written(tmp_path / "events.jsonl", [*lines, event("a 9 mail@example.com 2026-11-02T12:00:00Z")])
    said = told(run(tmp_path, campaign(tmp_path, RULES), events=stream), "MW869")
    assert "2 events have a type that no rule declares: `cart_chnage`" in said
    assert "did you mean `cart_change`?" in said
    assert "example.com" not in said


def test_what_an_experiment_on_a_wait_hashes_is_read(tmp_path: Path) -> None:
    """An attribute that nothing reads need not be collected; a unit is read."""
    unit = 'trigger t on purchase wait 1 hour\nexperiment p on wait of t {\n  unit house salt "p"\n'
    for rules, notes in ((f"{unit}  split a 50%, b 50% -> 1 minute\n}}", 0), (RULES, 1)):
        made = campaign(tmp_path / str(notes), rules)
        schema = made / "shop.rules"
        text = schema.read_text(encoding="utf-8").replace("profile {", "profile {\n  house : text?", 1)
        schema.write_text(text, encoding="utf-8")
        found = Environment().compile(made).diagnostics
        assert len([one for one in found if "`profile.house`" in one.message]) == notes
