"""The tables that other tools are told: what is said of their rows holds for everybody of a small world."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from tests.prove.plants import FOLDER, load

TABLES = tomllib.loads((FOLDER / "tables.toml").read_text(encoding="utf-8"))["table"]
Row = Mapping[str, list[tuple[str, Any]]]


def holds(op: str, value: Any, wanted: Any) -> bool:
    """As those tools read it: a missing value differs from every value, and is in no order to any."""
    if op in ("known", "!=", "=="):
        return bool(
            {"known": (value is not None) == wanted, "!=": value != wanted, "==": value == wanted}[op]
        )
    if value is None:
        return False
    if op == "in":
        return value in wanted
    if op == "between":
        return bool(wanted[0] <= value <= wanted[1])
    return bool({"<": value < wanted, "<=": value <= wanted, ">": value > wanted, ">=": value >= wanted}[op])


def is_in(row: Row, who: Mapping[str, Any]) -> bool:
    return all(holds(op, who[name], wanted) for name, tests in row.items() for op, wanted in tests)


def world(rows: list[Row]) -> list[dict[str, Any]]:
    """Each value that stands in the rows, its neighbours, another one; only a country may be missing."""
    pools: dict[str, set[Any]] = {}
    for row in rows:
        for name, tests in row.items():
            pool = pools.setdefault(name, {None} if name == "country" else set())
            for op, wanted in tests:
                values = wanted if isinstance(wanted, list) else [wanted]
                known = [value for value in values if op != "known"]
                pool |= {v + step for v in known if type(v) is int for step in (-1, 0, 1)}
                pool |= {v for v in known if type(v) is not int} | ({True, False} if True in known else set())
                pool |= {"another"} if any(isinstance(v, str) for v in known) or op == "known" else set()
    return [dict(zip(pools, who, strict=True)) for who in product(*pools.values())]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table["case"]))
def test_what_is_said_of_the_rows_is_so(table: Mapping[str, Any]) -> None:
    rows, everybody = table["rows"], world(table["rows"])
    first = [next((at for at, row in enumerate(rows, 1) if is_in(row, who)), 0) for who in everybody]
    unreachable = [at for at in range(1, len(rows) + 1) if at not in first]
    meets = [
        at
        for at, row in enumerate(rows, 1)
        if row and any(is_in(row, who) and 0 < one < at for who, one in zip(everybody, first, strict=True))
    ]
    assert unreachable == table.get("unreachable", [])
    assert [at for at in meets if at not in unreachable] == table.get("overlaps", [])


def test_each_stands_for_a_case() -> None:
    assert {table["case"] for table in TABLES} <= {case.name for case in load()}
