"""The scoreboard: mailweave beside others, judged by what is not ours. `make judge` writes docs/scoreboard.md.

A judge is a module here with `TITLE`, `TEXT`, `PEERS` and `judge(scale)`; `scale` makes its inputs fewer or more. What it
finds is kept in results.json, and the page is written from that alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Cell: TypeAlias = int | float
Judge: TypeAlias = Callable[[float], "Judgement"]


class NotJudged(Exception):
    """Why a judge cannot say anything here: a tool or data are missing."""


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of each contender. `columns` names what stands behind the name; `best` says which figure wins."""

    caption: str
    columns: tuple[str, ...]
    rows: Mapping[str, tuple[Cell, ...]]
    best: Literal["least", "most"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one judge found. `notes`: what was left out, and why. `versions`: of the peers, by name."""

    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    skipped: str = ""
    date: str = ""
    machine: str = ""
    versions: Mapping[str, str] | None = None

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Judgement:
        """From JSON."""
        tables = tuple(
            Table(
                one["caption"],
                tuple(one["columns"]),
                {name: tuple(cells) for name, cells in one["rows"].items()},
                one["best"],
            )
            for one in kept["tables"]
        )
        return cls(**{**kept, "tables": tables, "notes": tuple(kept["notes"])})


def percent(good: int, all_: int) -> float:
    """A share with one digit behind the point; only what is whole is 100.

    >>> percent(9_999, 10_000), percent(3, 3)
    (99.9, 100.0)
    """
    return 100.0 if good == all_ else min(99.9, round(100 * good / all_, 1))
