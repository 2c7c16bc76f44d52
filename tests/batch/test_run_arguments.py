"""What callers pass to a batch: a mistake is told at once, by its name, and nothing is begun."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest

from mailweave import ArgumentError
from mailweave.batch import BatchError, run
from mailweave.batch.ledger import LEFT_OUT, MANIFEST
from mailweave.batch.locations import expand

SMALLEST = Path(__file__).resolve().parents[2] / "fixtures" / "campaigns" / "smallest"
INSTANT = datetime(2026, 12, 1, 9, tzinfo=UTC)

MISTAKES: dict[str, tuple[object, ...]] = {
    "campaign": (5, None, b"smallest", "\0"),
    "profiles": (5, None, b"list.csv", [], "", " ", "\0", [{"id": "1"}], {"id": "1"}, [None]),
    "events": (5, None, b"list.csv", "", [{"profile": "1"}]),
    "out": (5, None, b"out", "", " ", "\0"),
    "now": ("2026-01-01T00:00:00Z", 5, datetime(2026, 1, 1)),
    "context": (5, {"lookups": 5}),
    "format": ("xml", None, 5, ["eml"]),
    "workers": (0, -1, "2", 1.5, True),
    "shard_size": (0, -1, "5", 2.5, None, True),
    "duplicates": ("newest", None, 5),
    "patience": (0, -1, "5", nan, inf, None),
    "limit": (0, -3, "5", 2.5, True),
    "unique": (5, ["email"]),
    "suppress": (5, ["ann@example.com"], b"never.txt", ""),
    "seeds": (5, ["ann@example.com"], ""),
    "send_id": (5, "a b", ""),
    "max_dead": ("5%", 5, -0.1, nan, True),
    "strict": ("no", None),
    "dry_run": ("no", 1),
    "resume": ("no", None),
    "in_sql": (2,),
    "progress": (5, None),
    "warn": (None,),
}
CASES = [(name, value) for name, values in MISTAKES.items() for value in values]
FIELDS = {"campaign": {"path"}, "context": {"context", "lookups"}}


def called(folder: Path, told: Mapping[str, Any]) -> None:
    listed = folder / "list.csv"
    listed.write_text("id,email\n1,ann@example.com\n", encoding="utf-8")
    given: dict[str, Any] = {"campaign": SMALLEST, "profiles": listed, "out": folder / "out", **told}
    run(given.pop("campaign"), given.pop("profiles"), given.pop("out"), **given)


@pytest.mark.parametrize(("name", "value"), CASES, ids=lambda given: repr(given)[:40])
def test_a_mistake_is_told_by_its_name(name: str, value: object, tmp_path: Path) -> None:
    with pytest.raises(ArgumentError) as caught:
        called(tmp_path, {name: value})
    assert caught.value.field in FIELDS.get(name, {name})
    assert caught.value.expected
    assert not (tmp_path / "out").exists()


def test_what_lies_where_an_output_should_is_left_alone(tmp_path: Path) -> None:
    for name in ("shards", "seeds", "staged"):
        stranger = tmp_path / name / "out" / name / "mine.txt"
        stranger.parent.mkdir(parents=True)
        stranger.write_text("mine", encoding="utf-8")
        for dry_run in (False, True):
            with pytest.raises(BatchError, match=f"`{name}` in it holds files"):
                called(tmp_path / name, {"dry_run": dry_run})
        assert stranger.read_text(encoding="utf-8") == "mine"
        assert not (tmp_path / name / "out" / MANIFEST).exists()


def test_whom_a_dry_run_left_out_is_not_told_of_what_follows(tmp_path: Path) -> None:
    (tmp_path / "never.txt").write_text("1\n", encoding="utf-8")
    told = tmp_path / "out" / LEFT_OUT
    called(tmp_path, {"dry_run": True, "suppress": tmp_path / "never.txt"})
    assert json.loads(told.read_text(encoding="utf-8"))["code"] == "suppressed"
    called(tmp_path, {})
    assert not told.exists()


CHANGES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"limit": 1}, {"limit": 2}, "`--limit` (1 then, 2 now)"),
    ({}, {"unique": "email"}, "`--unique` (none then, email now)"),
    ({"duplicates": "first"}, {}, "`--duplicates` (first then, refuse now)"),
    ({"format": "jsonl"}, {}, "`--format` (jsonl then, parquet now)"),
    ({"shard_size": 5}, {"shard_size": 6}, "`--shard-size` (5 then, 6 now)"),
    ({"send_id": "a"}, {"send_id": "b"}, "`--send-id` (a then, b now)"),
    ({}, {"now": INSTANT}, f"`--now` (2026-11-22T09:00:00+00:00 then, {INSTANT.isoformat()} now)"),
    ({"context": {"secret": 1}}, {"context": {"secret": 2}}, "`context` (one then, another one now)"),
    (
        {"suppress": "never.txt"},
        {},
        "`--suppress` (one then, none now) and the address in `to` (email then, none now)",
    ),
    ({"seeds": "own.txt"}, {"limit": 1}, "`--limit` (none then, 1 now) and `--seeds` (one then, none now)"),
]


@pytest.mark.parametrize(("then", "now", "said"), CHANGES, ids=lambda given: repr(given)[:40])
def test_a_resume_says_which_option_is_another(
    then: dict[str, Any], now: dict[str, Any], said: str, tmp_path: Path
) -> None:
    for name in ("never.txt", "own.txt"):
        (tmp_path / name).write_text("eve@example.com\n", encoding="utf-8")
    files: dict[str, Any] = {name: tmp_path / then[name] for name in ("suppress", "seeds") if name in then}
    called(tmp_path, {**then, **files, "workers": 1})
    head = (tmp_path / "out" / MANIFEST).read_bytes()
    assert b"eve@" not in head
    with pytest.raises(BatchError) as caught:
        called(tmp_path, {**now, "resume": True, "workers": 1})
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("MW802", f"{said} changed since this output was begun")
    called(tmp_path, {**then, **files, "resume": True, "workers": 1})
    assert (tmp_path / "out" / MANIFEST).read_bytes() == head


def test_a_dry_run_into_an_output_is_not_told_to_resume(tmp_path: Path) -> None:
    called(tmp_path, {"workers": 1})
    for resume in (True, False):
        with pytest.raises(BatchError) as caught:
            called(tmp_path, {"dry_run": True, "resume": resume})
        (found,) = caught.value.diagnostics
        assert found.code == "MW801"
        assert "resume" not in str(found.help)


@pytest.mark.parametrize("what", ["file", "pipe", "device", "below a file"])
def test_an_output_that_is_no_folder_is_refused(what: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    if what == "pipe":
        os.mkfifo(out)
    elif what == "device":
        out = Path("/dev/null")
    else:
        out.write_text("mine", encoding="utf-8")
    for dry_run in (False, True):
        with pytest.raises(BatchError) as caught:
            called(tmp_path, {"out": out / "in" if what == "below a file" else out, "dry_run": dry_run})
        assert [found.code for found in caught.value.diagnostics] == ["MW810"]
    assert what not in ("file", "below a file") or out.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["report.json", "report.html", "dead.jsonl", "left_out.jsonl"])
@pytest.mark.parametrize("dry_run", [False, True])
def test_the_files_of_somebody_else_stay(name: str, dry_run: bool, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / name).write_text('{"mine": 1}\n', encoding="utf-8")
    with pytest.raises(BatchError, match="MW810"):
        called(tmp_path, {"out": out, "dry_run": dry_run})
    assert {path.name for path in out.iterdir()} <= {name, ".lock"}
    assert (out / name).read_text(encoding="utf-8") == '{"mine": 1}\n'


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.csv", "b.csv", "c.csv"):
        (tmp_path / name).write_text("id\n", encoding="utf-8")
    (tmp_path / "again.csv").symlink_to("a.csv")
    monkeypatch.chdir(tmp_path)
    assert expand(["b.csv", "*.csv", str(tmp_path / "c.csv"), "./a.csv"]) == [
        Path("b.csv"),
        Path("a.csv"),
        Path("c.csv"),
    ]
