"""Recipients of a small world around the literals of one rule text: all of them, or many, never by the prover.

Values are read off the text by regular expressions, so that nothing is shared with what reasons about them: each
number, amount, day and length that stands there, its neighbours, what is missing, and events at both sides of the
edges of the windows.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import combinations_with_replacement, product
from math import prod
from typing import Any

from mailweave.schema import types as t
from mailweave.schema.model import Schema

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MOST, FEWEST = 4_000, 64
_LENGTHS = {
    "second": 1,
    "minute": 60,
    "hour": 3_600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_592_000,
    "year": 31_536_000,
}


@dataclass(frozen=True)
class Recipient:
    profile: Mapping[str, Any]
    events: tuple[Mapping[str, Any], ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    now: str = NOW.isoformat()


def crowd(text: str, schema: Schema, wanted: int = 2_000) -> list[Recipient]:
    """Everybody of the small world where that is at most MOST; else so many of them, always the same ones.

    At least FEWEST, the same values under more keys, so that an experiment meets all its arms.
    """
    world = _World(text, schema)
    names, pools = list(world.pools), list(world.pools.values())
    if prod(map(len, pools)) <= MOST:
        whole = list(product(*pools))
        rows: Iterable[tuple[Any, ...]] = whole * -(-FEWEST // len(whole))
    else:
        chance = random.Random(7)
        rows = (tuple(chance.choice(pool) for pool in pools) for _ in range(wanted))
    return [_recipient(dict(zip(names, row, strict=True)), f"r{at}") for at, row in enumerate(rows)]


def _recipient(values: Mapping[tuple[str, str], Any], key: str) -> Recipient:
    profile: dict[str, Any] = {"id": key}
    groups: dict[str, dict[str, Any]] = {"consent": {}, "scores": {}}
    events: list[Mapping[str, Any]] = []
    lookups: dict[str, Any] = {}
    for (kind, name), value in values.items():
        if kind == "event":
            events += value
        elif kind == "lookup":
            lookups[name] = value or {}
        elif value is not None:
            (profile if kind == "profile" else groups[kind])[name] = value
    return Recipient({**profile, **groups}, tuple(events), {"lookups": lookups} if lookups else {})


class _World:
    """The pools that values are drawn from; keys are pairs of a kind and a name."""

    def __init__(self, text: str, schema: Schema) -> None:
        text = re.sub(r"#.*", "", text)
        self.numbers = sorted(
            {float(n) for n in re.findall(r"(?<![\w.-])\d[\d_]*(?:\.\d+)?(?![\w.-])", text)}
        )
        self.texts = sorted({m for m in re.findall(r'"([^"\n]*)"', text) if len(m) < 20})
        self.texts += re.findall(r"(?m)^block (\w+)", text) if "event sent" in text else []
        self.texts += ["a", "b", "c", "d"]
        self.days = sorted({date.fromisoformat(d) for d in re.findall(r"\b\d{4}-\d\d-\d\d\b", text)})
        found = re.findall(r"\b(\d+) (?:calendar )?(second|minute|hour|day|week|month|year)s?\b", text)
        self.lengths = sorted({int(n) * _LENGTHS[unit] for n, unit in found})
        self.pools: dict[tuple[str, str], list[Any]] = {}
        for name, each in schema.profile.items():
            if not isinstance(each.type, t.Key) and re.search(rf"\b{name}\b", text.partition("}")[2]):
                missing = [None] if each.optional or isinstance(each.type, t.SetOf | t.ListOf) else []
                self.pools["profile", each.column or name] = [*missing, *self._values(each)]
            elif not isinstance(each.type, t.Key) and not each.optional:
                self.pools["profile", each.column or name] = self._values(each)[:1]
        if ("profile", "email") in self.pools:
            self.pools["profile", "email"] = ["ann@example.com"]
        for purpose in schema.consents:
            self.pools["consent", purpose] = [None, True]
        for name, score in schema.scores.items():
            shown = [{"value": v, "at": _ago(3_600)} for v in self._plain(score.type)]
            self.pools["scores", name] = [None, *shown, {**shown[-1], "at": _ago(400 * 86_400)}]
        for name, lookup in schema.lookups.items():
            keys = re.findall(rf'{name}\("([^"]+)"\)', text)
            answers = [
                dict(zip(keys, few, strict=False)) for few in product(self._plain(lookup.type), repeat=2)
            ]
            self.pools["lookup", name] = [None, *answers[:60]]
        for name, event in schema.events.items():
            if name in ("sent",) or re.search(rf"\b{name}\b(?!\s*\{{)", text.replace(f"event {name}", "")):
                self.pools["event", name] = self._histories(name, event.fields)

    def _values(self, each: t.Field) -> list[Any]:
        values = self._plain(each.type)
        scale = 10_000 if isinstance(each.type, t.Money) else 1
        if isinstance(each.type, t.Int | t.Number | t.Money):
            low, high = (None if b is None else float(str(b)) / scale for b in (each.minimum, each.maximum))
            values = [
                v for v in values if (low is None or float(v) >= low) and (high is None or float(v) <= high)
            ]
        return values

    def _plain(self, type_: t.Type) -> list[Any]:
        match type_:
            case t.Bool():
                return [False, True]
            case t.Int():
                return sorted({int(n) + step for n in (0.0, *self.numbers) for step in (-1, 0, 1)})
            case t.Ratio():
                near = {n + step for n in self.numbers for step in (-0.1, 0, 0.1)}
                return sorted({0.0, 1.0, *(round(n, 3) for n in near if 0 <= n <= 1)})
            case t.Number():
                return sorted(
                    {round(n + step, 3) for n in (0.0, *self.numbers) for step in (-1, -0.05, 0, 0.05, 1)}
                )
            case t.Money():
                return [f"{n + step:.2f}" for n in (0.0, *self.numbers) for step in (-1, -0.01, 0, 0.01, 1)]
            case t.Enum(members=members):
                return list(members)
            case t.Date():
                return [d.isoformat() for d in self._dates()]
            case t.Instant():
                return [
                    _ago(age)
                    for edge in (0, *self.lengths)
                    for age in (edge - 1, edge, edge + 1, -edge - 86_400)
                ]
            case t.Zone():
                return ["UTC", *(name for name in self.texts if "/" in name), "Asia/Tokyo"]
            case t.SetOf():
                return [list(kept) for kept in _subsets(self.texts)]
            case t.ListOf():
                item = {"sku": "a", "price": "10"}
                return [[], [item], [{**item, "qty": 2}], [item, {**item, "qty": 3}]]
            case t.Duration():
                return [f"PT{max(edge + step, 0)}S" for edge in self.lengths for step in (-1, 0, 1)]
        return list(self.texts)

    def _dates(self) -> list[date]:
        near = [d + timedelta(days=step) for d in self.days for step in (-1, 0, 1)]
        steps = [
            sign * edge // 86_400 + by
            for edge in (0, *self.lengths)
            for sign in (-1, 1)
            for by in (-2, -1, 0, 1)
        ]
        now = [NOW.date() + timedelta(days=step) for step in steps]
        return sorted({*near, *now, *(d.replace(year=1990) for d in now if (d.month, d.day) != (2, 29))})

    def _histories(self, name: str, fields: Mapping[str, t.Field]) -> list[list[Mapping[str, Any]]]:
        ages = sorted({max(edge + step, 0) for edge in (0, *self.lengths) for step in (-3_600, -1, 0, 1)})
        chosen = [self._plain(each.type) for each in fields.values()]
        chance = random.Random(len(name))
        rows = list(product(ages, *chosen))
        rows = rows if len(rows) <= 40 else chance.sample(rows, 40)
        one = [{"type": name, "at": _ago(age), **dict(zip(fields, row, strict=True))} for age, *row in rows]
        few: list[list[Mapping[str, Any]]] = [
            list(some) for size in (0, 1, 2) for some in combinations_with_replacement(one, size)
        ]
        more: list[list[Mapping[str, Any]]] = [
            [chance.choice(one) for _ in range(size)] for size in (3, 4) for _ in range(200)
        ]
        return [[], *chance.sample(few, min(len(few), 400)), *more]


def _ago(seconds: int) -> str:
    return (NOW - timedelta(seconds=seconds)).isoformat()


def _subsets(texts: list[str]) -> Iterator[tuple[str, ...]]:
    few = texts[:5]
    return (tuple(text for at, text in enumerate(few) if mask >> at & 1) for mask in range(2 ** len(few)))
