"""Who of a list is left out, and that nobody is left out silently."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mailweave.batch import BatchError
from mailweave.batch.audience import Choice, read_lines
from mailweave.batch.stage_writer import STAGED_LEFT_OUT, UNREAD_EVENTS, Staged, stage
from mailweave.batch.undeclared import Undeclared
from mailweave.diagnostics import MailweaveError

PEOPLE: list[dict[str, Any]] = [
    {"id": "1", "email": "ann@example.com"},
    {"id": "2", "email": " ANN@Example.com\t"},
    {"id": "3", "email": "bob@exämple.com"},
    {"id": "4", "email": "cid@example.com"},
    {"id": "5", "email": None},
    {"id": "6", "email": None},
    {"id": "4", "email": "other@example.com"},
    {"id": None, "email": "ann@example.com"},
]


def lines(folder: Path) -> str:
    path = folder / "people.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in PEOPLE), encoding="utf-8")
    return str(path)


def cells(folder: Path) -> str:
    path = folder / "people.csv"
    rows = [",".join((one["id"] or "", f'"{one["email"] or ""}"')) for one in PEOPLE]
    path.write_text("\n".join(["id,email", *rows]) + "\n", encoding="utf-8")
    return str(path)


def columns(folder: Path) -> str:
    pq.write_table(pa.Table.from_pylist(PEOPLE), folder / "people.parquet")
    return str(folder / "people.parquet")


def left_out(folder: Path) -> list[tuple[int, str]]:
    path = folder / STAGED_LEFT_OUT
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [(one["line"], one["code"]) for one in map(json.loads, text.splitlines())]


def adds_up(found: Staged) -> bool:
    others = found.merged + found.twins + found.suppressed + found.beyond
    return found.recipients + others == found.input_rows == len(PEOPLE)


@pytest.mark.parametrize("write", [lines, cells, columns])
def test_who_is_left_out_is_told_in_every_kind_of_list(tmp_path: Path, write: Callable[[Path], str]) -> None:
    listed = write(tmp_path)
    found = stage(tmp_path, [listed], [], "id", Choice("first"))
    assert adds_up(found)
    assert left_out(tmp_path) == [(7, "same_key")]
    found = stage(tmp_path, [listed], [], "id", Choice("last", unique="email"))
    assert adds_up(found)
    assert left_out(tmp_path) == [(2, "same_address"), (4, "same_key"), (8, "same_address")]
    never = ("BOB@xn--exmple-cua.com", "6")
    found = stage(tmp_path, [listed], [], "id", Choice("first", None, "email", never, "email"))
    assert adds_up(found)
    told = [(2, "same_address"), (3, "suppressed"), (6, "suppressed"), (7, "same_key"), (8, "same_address")]
    assert left_out(tmp_path) == told
    found = stage(tmp_path, [listed], [], "id", Choice(limit=3, unique="email"))
    assert adds_up(found)
    assert (found.recipients, found.beyond, found.twins) == (2, 5, 1)


def test_who_has_unsubscribed_by_one_click_is_suppressed(tmp_path: Path) -> None:
    file = tmp_path / "withdrawals"
    file.write_text('ann@example.com\n{"key": "4", "at": "2026-11-22T09:00:00Z"}\n"b"\n', encoding="utf-8")
    assert read_lines(file) == ("ann@example.com", "4", "b")
    for line in ("{", '{"keys": "4"}', '{"key": 4}'):
        file.write_text(line, encoding="utf-8")
        with pytest.raises(BatchError, match="MW805"):
            read_lines(file)


@pytest.mark.parametrize("write", [lines, cells, columns])
def test_doubles_are_named(tmp_path: Path, write: Callable[[Path], str]) -> None:
    with pytest.raises(MailweaveError, match="`4` in lines 4 and 7"):
        stage(tmp_path, [write(tmp_path)], [], "id")


def test_a_column_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="no column `mail`"):
        stage(tmp_path, [columns(tmp_path)], [], "id", Choice("first", unique="mail"))


def test_a_line_of_the_events_that_is_no_json_is_a_dead_letter(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    good = '{"profile": "1", "type": "open", "at": "2026-01-01T00:00:00Z"}'
    events.write_text("\n".join([good, "nonsense", "[]", good, '{"profile": "9"}']), encoding="utf-8")
    found = stage(tmp_path, [columns(tmp_path)], [str(events)], "id", "first")
    assert (found.unread_events, found.orphans) == (2, 1)
    letters = [json.loads(line) for line in (tmp_path / UNREAD_EVENTS).read_text().splitlines()]
    assert [(one["line"], one["code"], one["field"]) for one in letters] == [
        (2, "bad_json", "events"),
        (3, "bad_json", "events"),
    ]


def test_nothing_is_undeclared_where_nothing_is_wrong() -> None:
    assert Undeclared().is_nothing
    assert not Undeclared(events={"Complaint": 1}).is_nothing


@pytest.mark.parametrize(
    "key", ["", " ", "\t", "\u00a0", "\u2003", "\x1f", "\u200b", "a\x00b", "a\u0085b", "k" * 256]
)
def test_a_key_that_names_nobody_is_no_double(key: str, tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    people = [{"id": key, "email": f"p{n}@example.com"} for n in range(2)]
    path.write_text("".join(json.dumps(one) + "\n" for one in people), encoding="utf-8")
    assert stage(tmp_path, [str(path)], [], "id").recipients == 2


@pytest.mark.skipif(os.name != "posix", reason="needs named pipes")
def test_a_named_pipe_of_addresses_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "never.txt"
    os.mkfifo(path)
    with pytest.raises(BatchError, match="MW006") as refused:
        read_lines(path)
    assert "it is a named pipe" in str(refused.value)
