"""Random rule texts and random recipients for them.

A text is made from the grammar and the types: every expression knows its kind, so whatever comes out must
pass the checker. A recipient is made from what the checked text declares, near the literals and the edges of
the windows that it speaks of, on nights when clocks change and on leap days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from mailweave.rules import CheckedDocument, typed
from mailweave.schema import types as t
from mailweave.values.calendar import CalendarWindow, bounds
from mailweave.values.instants import to_datetime
from mailweave.values.money import to_decimal

Draw = Callable[[st.SearchStrategy[Any]], Any]

ZONES = ("Europe/Paris", "America/New_York", "America/St_Johns", "Asia/Beirut", "Pacific/Apia", "UTC")
PLANS = ("free", "club", "gold")
COUNTRIES = ("US", "CA", "GB")
PLAN, COUNTRY = "enum(free < club < gold)", "enum(US, CA, GB)"
TEXTS = ("", "a", "jazz", "blue jazz", 'he said "no"', "back\\slash", "line\nend", "{{ x }}", "é", "[x]", "'")
GLOBS = ("*", "jazz", "*jazz", "j*", "*a*", "j?zz", "*a*z*", "?", "[x]", "", "*\\*", "b*e*z")

# name, type, kind, literals of that type
ATTRIBUTES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("flag", "bool", "bool", ("true", "false")),
    ("optin", "bool", "bool", ("true",)),
    ("orders", "int", "int", ("0", "3", "-2")),
    ("points", "int", "int", ("7", "9223372036854775807")),
    ("height", "number", "number", ("0.5", "-2.5", "3")),
    ("share", "ratio", "number", ("0.5", "0", "1")),
    ("ltv", "money(USD)", "usd", ("500 USD", "0.0001 USD")),
    ("spent", "money(USD)", "usd", ("12.50 USD", "99999999999999 USD")),
    ("saved", "money(EUR)", "eur", ("1 EUR", "-2.50 EUR")),
    ("born", "date", "date", ("2000-02-29", "1990-11-25")),
    ("joined", "instant", "instant", ("2024-03-31T01:30Z", "2026-11-22T09:00Z")),
    ("pause", "duration", "duration", ("3 days", "90 minutes")),
    ("home", "zone", "zone", ('"Europe/Paris"',)),
    ("country", COUNTRY, "country", COUNTRIES),
    ("plan", PLAN, "plan", PLANS),
    ("city", "text", "text", ('"jazz"', '"a"')),
    ("id", "key", "text", ('"u1"',)),
    ("interests", "set of text", "texts", ()),
    ("codes", "set of int", "ints", ()),
    ("plans", f"set of {PLAN}", "plan_set", ()),
    (
        "basket",
        "list of { sku: text, price: money(USD)?, qty: int = 1, gift: bool?, weight: number?,"
        f" grade: {PLAN}? }}",
        "list",
        (),
    ),
)
EVENTS: Mapping[str, Mapping[str, str]] = {
    "open": {"machine": "bool", "device": "text"},
    "buy": {
        "total": "usd",
        "qty": "int",
        "weight": "number",
        "grade": "plan",
        "day": "date",
        "when_due": "instant",
        "took": "duration",
        "gift": "bool",
    },
    "ping": {},
}
EVENT_TEXT = {
    "open": "event open { machine: bool = false, device: text } keep 400 days",
    "buy": "event buy { total: money(USD), qty: int = 2, weight: number, grade: enum(free < club < gold),"
    " day: date, when_due: instant, took: duration, gift: bool } keep forever",
    "ping": "event ping keep 40 days",
}
ITEM: Mapping[str, str] = {
    "sku": "text",
    "price": "usd",
    "qty": "int",
    "gift": "bool",
    "weight": "number",
    "grade": "plan",
}
LITERALS: Mapping[str, tuple[str, ...]] = {
    "bool": ("true", "false"),
    "int": ("0", "1", "3", "-2", "7", "9223372036854775807"),
    "number": ("0", "0.5", "3", "-2.5"),
    "usd": ("0 USD", "12.50 USD", "500 USD", "-3 USD"),
    "eur": ("1 EUR", "0 EUR"),
    "date": ("2000-02-29", "2026-11-22", "2024-03-31"),
    "instant": ("2024-03-31T01:30Z", "2026-11-22T09:00Z", "2026-10-25T01:30+01:00"),
    "duration": ("3 days", "90 minutes", "2 weeks", "1 second"),
    "zone": ('"Europe/Paris"', '"UTC"'),
    "country": COUNTRIES,
    "plan": PLANS,
}
ORDERED = ("int", "number", "usd", "eur", "date", "instant", "duration", "plan")
KINDS = (*ORDERED, "bool", "zone", "country", "text")


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


@dataclass(slots=True)
class Rules:
    """Writes one random text; `row` holds the fields of the row at hand, by kind."""

    draw: Draw
    length: tuple[int, int]
    values: dict[str, list[str]] = field(default_factory=dict)
    segments: list[str] = field(default_factory=list)
    tiers: dict[str, list[str]] = field(default_factory=dict)
    functions: list[str] = field(default_factory=list)
    row: Mapping[str, str] | None = None

    def one(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def chance(self, percent: int) -> bool:
        return bool(self.draw(st.integers(0, 99)) < percent)

    # ---- the text

    def text(self) -> str:
        head = [
            'ruleset "random" version 1',
            self.one('timezone home else "', 'timezone "') + self.one(*ZONES) + '"',
        ]
        return (
            "\n".join([*head, self.profile(), *EVENT_TEXT.values(), *self.sources(), *self.statements()])
            + "\n"
        )

    def profile(self) -> str:
        lines, names = ["profile {"], [name for name, *_ in ATTRIBUTES]
        lacking = self.draw(st.integers(0, 2 ** len(names) - 1))
        labelled = self.draw(st.sets(st.sampled_from(names), max_size=4))
        for at, (name, type_, kind, literals) in enumerate(ATTRIBUTES):
            self.values.setdefault(kind, []).append(name)
            mark = "?" if lacking >> at & 1 and name != "id" else ""
            labels = self.labels(name, kind, literals if mark else ()) if name in labelled else ""
            lines.append(f"  {name} : {type_}{mark}{labels}")
        return "\n".join([*lines, "}"])

    def labels(self, name: str, kind: str, literals: tuple[str, ...]) -> str:
        found = [f" = {self.one(*literals)}"] if literals and kind != "zone" and self.chance(50) else []
        found += [" needs consent.profiling"] if self.chance(50) else []
        found += [f' from "{name} in data"'] if self.chance(50) else []
        found += [" sensitive"] if self.chance(50) else []
        return "".join([*found, " pii"])

    def sources(self) -> list[str]:
        self.values["number"].append("score.churn")
        self.values["int"] += ["score.place", 'stock("CD-1")', "stock(city)"]
        self.values["usd"] += ["fee(orders)", "fee(3)"]
        return [
            "consent marketing, profiling",
            f"score churn : ratio ttl 7 days else {self.one('0.5', 'unknown')}",
            f"score place : int ttl 1 day else {self.one('3', 'unknown')}",
            "lookup stock(text) : int ttl 15 minutes else 0",
            "lookup fee(int) : money(USD) ttl 2 hours else 1.25 USD",
        ]

    def statements(self) -> list[str]:
        lines = [self.let(at) for at in range(self.draw(st.integers(0, 3)))]
        for at in range(self.draw(st.integers(*self.length))):
            lines.append(self.one(self.segment, self.segment, self.tier)(at))
        return [*lines, *([self.skip()] if self.chance(50) else [])]

    def let(self, at: int) -> str:
        if self.chance(30):
            self.functions.append(f"recent{at}")
            where = self.where("open") if self.chance(50) else ""
            return f"let recent{at}(w) = count(open in last w{where})"
        kind = self.one(*KINDS, "cond")
        made = self.condition(2) if kind == "cond" else self.value(kind, 2)
        self.values.setdefault(kind, []).append(f"let{at}")
        return f"let let{at} = {made}"

    def segment(self, at: int) -> str:
        within = f" within {self.one(*self.segments)}" if self.segments and self.chance(30) else ""
        label = ' "A label"' if self.chance(20) else ""
        if self.chance(30):
            lines = "\n".join(f"  {self.condition(2)}" for _ in range(self.draw(st.integers(1, 3))))
            body = f" {{\n{lines}\n}}"
        else:
            body = f" = {self.condition(3)}"
        self.segments.append(f"seg{at}")
        return f"segment seg{at}{label}{within}{body}"

    def tier(self, at: int) -> str:
        members = [f"m{at}{letter}" for letter in "abc"[: self.draw(st.integers(1, 3))]]
        lines = [f"  {name} = {self.condition(2)}" for name in members]
        if self.chance(50):
            members.append(f"m{at}z")
            lines.append(f"  otherwise m{at}z")
        self.tiers[f"tier{at}"] = members
        return f"tier tier{at} {{\n" + "\n".join(lines) + "\n}"

    def skip(self) -> str:
        sure = ["consent.marketing", "ping in last 3 days", "never buy", "city is known", *self.segments]
        return f'skip stop "a reason" when {self.one("", "not ")}{self.one(*sure)}'

    # ---- conditions

    def condition(self, depth: int) -> str:
        if depth > 0 and self.chance(45):
            return self.connective(depth)
        choices: list[Callable[[int], str]] = [
            self.compare,
            self.compare,
            self.between,
            self.is_in,
            self.known,
        ]
        choices += [self.in_window, self.text_test, self.set_test, self.flag]
        choices += [self.exists, self.exists, self.counted, self.counted] if self.row is None else []
        return str(self.one(*choices)(depth))

    def connective(self, depth: int) -> str:
        terms = [self.condition(depth - 1) for _ in range(self.draw(st.integers(2, 3)))]
        if self.chance(25):
            return f"not ({terms[0]})"
        return f"({self.one(' and ', ' or ').join(terms)})"

    def compare(self, depth: int) -> str:
        kind = self.one(*KINDS)
        signs = ("==", "!=", "<", "<=", ">", ">=") if kind in ORDERED else ("==", "!=")
        left, right = self.value(kind, depth - 1), self.operand(kind, depth - 1)
        if self.chance(20) and kind in LITERALS and kind not in ("country", "plan"):
            left, right = right, left
        return f"{left} {self.one(*signs)} {right}"

    def counted(self, depth: int) -> str:
        counted = self.events_value("count", depth)
        signs = ("==", "!=", "<", "<=", ">", ">=")
        return f"{counted} {self.one(*signs)} {self.draw(st.integers(0, 4))}"

    def between(self, depth: int) -> str:
        kind = self.one(*ORDERED)
        low, high = self.operand(kind, 0), self.operand(kind, 0)
        return f"{self.value(kind, depth - 1)} {self.one('', 'not ')}between {low} and {high}"

    def is_in(self, depth: int) -> str:
        kind = self.one(*LITERALS)
        items = self.draw(st.lists(st.sampled_from(LITERALS[kind]), min_size=1, max_size=3))
        return f"{self.value(kind, depth - 1)} {self.one('', 'not ')}in ({', '.join(items)})"

    def known(self, depth: int) -> str:
        kind = self.one(*KINDS)
        return f"{self.value(kind, depth - 1)} is {self.one('known', 'unknown')}"

    def in_window(self, depth: int) -> str:
        if self.chance(50):
            days = [
                *self.values["date"],
                *(["last(buy.day)", "anniversary of born"] if self.row is None else []),
            ]
            return f"{self.one(*days)} in {self.window(calendar=True)}"
        moments = [*self.values["instant"], *self._ends()]
        moments += [name for name, kind in (self.row or {}).items() if kind == "instant"]
        return f"{self.one(*moments)} in {self.window(calendar=self.chance(50))}"

    def text_test(self, depth: int) -> str:
        if self.chance(40):
            return f"{self.value('text', 0)} matches {quoted(self.one(*GLOBS))}"
        part = self.one(quoted(self.one(*TEXTS)), self.value("text", 0))
        return f"{self.value('text', 0)} contains {part}"

    def set_test(self, depth: int) -> str:
        name, kind = self.one(("interests", "text"), ("codes", "int"), ("plans", "plan"))
        pool = [quoted(text) for text in TEXTS] if kind == "text" else list(LITERALS[kind])
        if self.chance(50):
            return f"{name} contains {self.one(*pool, self.value(kind, 0))}"
        items = self.draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3))
        return f"{name} contains {self.one('any', 'all')} ({', '.join(items)})"

    def flag(self, depth: int) -> str:
        names = [*self.values["bool"], *self.values.get("cond", ()), *self.segments, "consent.marketing"]
        names += [name for name, kind in (self.row or {}).items() if kind == "bool"]
        tiers = [f"{name} == {self.one(*members)}" for name, members in self.tiers.items()]
        tiers += [f"{name} != {self.one(*members)}" for name, members in self.tiers.items()]
        return f"{self.one('', 'not ')}{self.one(*names, *tiers)}"

    def exists(self, depth: int) -> str:
        event = self.one(*EVENTS)
        choices = [f"{event} in {self.event_window(event)}", f"no {event} in {self.event_window(event)}"]
        return str(self.one(*choices, "never buy"))

    # ---- values

    def operand(self, kind: str, depth: int) -> str:
        literals = LITERALS.get(kind) or tuple(quoted(text) for text in TEXTS)
        return self.one(*literals) if self.chance(65) else self.value(kind, depth)

    def value(self, kind: str, depth: int) -> str:
        """An expression that is no literal."""
        choices: list[Callable[[], str]] = [lambda: self.one(*self.values[kind])]
        if self.row is not None:
            fields = [name for name, each in self.row.items() if each == kind]
            choices += [lambda: self.one(*fields)] * 3 if fields else []
        elif kind in ("int", "number", "usd", "plan", "date", "instant", "duration", "text", "bool"):
            choices += [lambda: self.aggregate(kind, depth)] * 2
        if kind in ("int", "number", "usd") and depth > 0:
            choices += [lambda: self.arithmetic(kind, depth)] * 2
        if kind == "date" and self.row is None:
            choices.append(lambda: "anniversary of born")
        if kind == "duration":
            choices.append(lambda: f"time since {self.one('joined', *self._ends())}")
        return str(self.one(*choices)())

    def _ends(self) -> list[str]:
        return [] if self.row is not None else ["last(buy)", "first(open in last 30 days)"]

    def arithmetic(self, kind: str, depth: int) -> str:
        left, right = self.value(kind, depth - 1), self.operand(kind, depth - 1)
        if kind == "number" and self.chance(40):
            of = self.one("int", "usd", "number")
            return f"({self.value(of, depth - 1)} / {self.operand(of, depth - 1)})"
        if kind == "usd":
            times = self.value("int", 0)
            return str(
                self.one(f"({left} * {times})", f"({times} * {left})", f"({left} - {right})", f"(-{left})")
            )
        return f"({left} {self.one('+', '-', '*')} {right})" if self.chance(80) else f"(-{left})"

    def aggregate(self, kind: str, depth: int) -> str:
        if self.chance(30):
            made = self.list_value(kind, depth)
            if made:
                return made
        if kind == "int":
            return self.events_value(
                self.one("count", "sum", "min", "max", "first", "last", "distinct"), depth
            )
        fields = [name for name, each in EVENTS["buy"].items() if each == kind]
        if kind == "text":
            return f"{self.one('first', 'last')}(open.device{self.over('open')})"
        if kind == "instant" and self.chance(50):
            event = self.one(*EVENTS)
            return f"{self.one('first', 'last')}({event}{self.over(event)})"
        functions = ["first", "last", *(("min", "max") if kind != "bool" else ())]
        functions += ["sum", "avg"] if kind in ("usd", "number") else []
        function = self.one(*functions)
        name = self.one("weight", "qty") if (function, kind) == ("avg", "number") else self.one(*fields)
        return f"{function}(buy.{name}{self.over('buy')})"

    def events_value(self, function: str, depth: int) -> str:
        if function == "count" and self.functions and self.chance(40):
            return f"{self.one(*self.functions)}({self.draw(st.integers(1, 60))} days)"
        if function == "count":
            event = self.one(*EVENTS)
            return f"count({event}{self.over(event)})"
        name = self.one(*EVENTS["buy"]) if function == "distinct" else "qty"
        return f"{function}(buy.{name}{self.over('buy')})"

    def list_value(self, kind: str, depth: int) -> str:
        functions = {"int": ("sum", "min", "max", "count", "distinct"), "usd": ("sum", "avg", "min", "max")}
        functions |= {"number": ("sum", "avg", "min", "max"), "plan": ("min", "max")}
        if kind not in functions:
            return ""
        function, names = self.one(*functions[kind]), [name for name, each in ITEM.items() if each == kind]
        where = self.where("basket") if self.chance(60) else ""
        if function == "count":
            return f"count(basket{where})"
        return f"{function}(basket.{self.one(*(ITEM if function == 'distinct' else names))}{where})"

    def over(self, event: str) -> str:
        window = f" in {self.event_window(event)}" if self.chance(65) else ""
        return window + (self.where(event) if self.chance(35) else "")

    def where(self, source: str) -> str:
        outer, self.row = self.row, EVENTS.get(source, ITEM)
        made = self.condition(1)
        self.row = outer
        return f" where {made}"

    def event_window(self, event: str) -> str:
        if self.chance(35):
            return f"last {self.draw(st.integers(1, 5))} calendar {self.one('days', 'weeks')}"
        if event == "buy" and self.chance(30):
            return f"last {self.draw(st.integers(1, 3))} calendar {self.one('months', 'years')}"
        return f"last {self.draw(st.integers(1, 40))} {self.one('days', 'hours', 'minutes')}"

    def window(self, *, calendar: bool) -> str:
        direction = self.one("last", "next")
        if calendar:
            unit = self.one("days", "weeks", "months", "years")
            return f"{direction} {self.draw(st.integers(1, 5))} calendar {unit}"
        return f"{direction} {self.draw(st.integers(1, 60))} {self.one('days', 'hours', 'weeks')}"


@st.composite
def rule_texts(draw: Draw, length: tuple[int, int] = (1, 5)) -> str:
    """A random rule text that the checker accepts, with so many segments and tiers, least and most."""
    return Rules(draw, length).text()


# ---- recipients

NIGHTS = (
    *("2026-03-29T00:59:59.999999Z", "2026-03-29T01:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
    *("2026-03-08T06:59:59Z", "2026-11-01T05:30:00Z", "2024-02-29T12:00:00Z", "2024-02-28T23:30:00Z"),
    *("2023-02-28T22:59:59Z", "2010-11-07T02:30:30Z", "2011-12-30T10:00:00Z", "2026-12-31T23:30:00Z"),
    *("2026-11-22T09:00:00Z", "2025-10-25T21:30:00Z"),
)
LENGTHS = (0, 1, 60_000_000, 3_600_000_000, 86_400_000_000, 7 * 86_400_000_000)


@dataclass(frozen=True, slots=True)
class Recipient:
    profile: dict[str, Any]
    events: list[dict[str, Any]]
    context: dict[str, Any]
    now: datetime


@st.composite
def recipients(draw: Draw, checked: CheckedDocument) -> Recipient:
    """A recipient whose data is valid, for a checked text."""
    near = Near(checked, datetime.fromisoformat(draw(st.sampled_from(NIGHTS))))
    schema = checked.schema
    profile: dict[str, Any] = {
        declared.column or name: draw(near.field(declared)) for name, declared in schema.profile.items()
    }
    present = {name: value for name, value in profile.items() if value is not None or draw(st.booleans())}
    purposes = {name: draw(st.sampled_from((True, True, False, None))) for name in schema.consents}
    scores = {name: draw(near.dated(score.type, score.ttl)) for name, score in schema.scores.items()}
    lookups = {
        name: {
            key: draw(near.dated(lookup.type, lookup.ttl) | near.value(lookup.type))
            for key in draw(st.sets(st.sampled_from(("CD-1", "jazz", "a", "3", "0", "7"))))
        }
        for name, lookup in schema.lookups.items()
    }
    events = draw(st.lists(st.sampled_from(sorted(schema.events)).flatmap(near.event), max_size=8))
    return Recipient(
        {**present, "consent": purposes, "scores": scores}, events, {"lookups": lookups}, near.now
    )


class Near:
    """Values near what a text speaks of."""

    def __init__(self, checked: CheckedDocument, now: datetime) -> None:
        self.now = now
        self.schema = checked.schema
        self._constants: dict[type, set[Any]] = {}
        self._windows: set[typed.Window] = set()
        for expr in every_expression(checked):
            if isinstance(expr, typed.Const):
                self._constants.setdefault(type(expr.type), set()).add(expr.value)
            window = getattr(expr, "window", None)
            if window is not None:
                self._windows.add(window)

    def constants(self, kind: type) -> list[Any]:
        return sorted(self._constants.get(kind, ()))

    def field(self, declared: t.Field) -> st.SearchStrategy[Any]:
        value = self.value(declared.type)
        lacking = declared.optional or isinstance(declared.type, t.SetOf | t.ListOf)
        return st.one_of(st.none(), value, value) if lacking else value

    def dated(self, type_: t.Type, ttl: int) -> st.SearchStrategy[Any]:
        ages = [timedelta(microseconds=age) for age in (0, ttl, ttl + 1, ttl // 2, -5)]
        at = st.sampled_from([(self.now - age).isoformat() for age in ages] + [None])
        return st.none() | st.fixed_dictionaries({"value": self.value(type_), "at": at})

    def event(self, name: str) -> st.SearchStrategy[dict[str, Any]]:
        fields = {each: st.none() | self.value(f.type) for each, f in self.schema.events[name].fields.items()}
        return st.fixed_dictionaries({"type": st.just(name), "at": self.moment(), **fields})

    def moment(self) -> st.SearchStrategy[str]:
        """Near now, and near the edges of windows and of what is kept."""
        edges = [self.now]
        for window in self._windows:
            if isinstance(window, CalendarWindow):
                now = round((self.now - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
                edges += [to_datetime(end) for zone in ZONES for end in bounds(window, now, zone)]
            else:
                length = timedelta(microseconds=window.length)
                edges.append(self.now - length if window.last else self.now + length)
        keeps = [event.keep for event in self.schema.events.values() if event.keep is not None]
        edges += [self.now - timedelta(microseconds=keep) for keep in keeps]
        around = st.sampled_from((0, 0, 0, -1, 1, -3_600_000_000))
        near = st.builds(lambda edge, by: edge + timedelta(microseconds=by), st.sampled_from(edges), around)
        far = st.integers(0, 500 * 1440).map(lambda minutes: self.now - timedelta(minutes=minutes))
        return st.one_of(near, near, near, far).map(datetime.isoformat)

    def day(self) -> st.SearchStrategy[str]:
        known = [date.fromordinal(each) for each in self.constants(t.Date)]
        today = st.integers(-40, 400).map(lambda by: self.now.date() + timedelta(days=by))
        return st.one_of(st.sampled_from([*known, date(2000, 2, 29)]), today, today).map(date.isoformat)

    def value(self, type_: t.Type) -> st.SearchStrategy[Any]:
        """Plain data of a type."""
        match type_:
            case t.Bool():
                return st.booleans()
            case t.Int():
                known = self.constants(t.Int)
                return st.sampled_from([*known, *known, 0, 1, 2, 3, -2, 2**63 - 1, -(2**63)])
            case t.Number():
                known = [each for each in self.constants(t.Number) if isinstance(each, float)]
                return st.sampled_from([0.0, 0.5, -2.5, 3, 1e308, 0.1, *known])
            case t.Ratio():
                return st.sampled_from([0.0, 0.5, 1, 0.3])
            case t.Money():
                amounts = [0, 5000, 125_000, -30_000, 5_000_000, 10**18 - 1, *self.constants(t.Money)]
                return st.sampled_from(amounts).flatmap(
                    lambda units: st.sampled_from([str(to_decimal(units)), to_decimal(units)])
                )
            case t.Date():
                return self.day()
            case t.Instant():
                return self.moment()
            case t.Duration():
                lengths = [timedelta(microseconds=each) for each in {*LENGTHS, *self.constants(t.Duration)}]
                return st.sampled_from(sorted(lengths))
            case t.Zone():
                return st.sampled_from(ZONES)
            case t.Enum(members=members):
                return st.sampled_from(members)
            case t.SetOf(item=item):
                return st.lists(self.value(item), max_size=3)
            case t.ListOf(fields=fields):
                record = st.fixed_dictionaries({each.name: self.field(each) for each in fields})
                return st.lists(record, max_size=3)
            case t.Key():
                return st.sampled_from([text for text in TEXTS if text.strip() and text.isprintable()])
            case _:
                return st.sampled_from([*TEXTS, "e\u0301"])


def every_expression(checked: CheckedDocument) -> Iterator[typed.Expr]:
    """Every expression of a checked text."""
    roots = [segment.condition for segment in checked.segments.values()]
    roots += [member.condition for tier in checked.tiers.values() for member in tier.members]
    roots += [skip.condition for skip in checked.skips]
    for root in roots:
        yield from typed.walk(root)


def constructs(checked: CheckedDocument) -> set[str]:
    """What a checked text is made of, in words for `hypothesis.event`."""
    found: set[str] = set()
    for expr in every_expression(checked):
        word = type(expr).__name__
        match expr:
            case typed.EventAggregate() | typed.ListAggregate():
                found.add(f"{word} {expr.function}")
                found |= {f"{word} where"} if expr.where is not None else set()
            case typed.Compare(op=op) | typed.Arithmetic(op=op):
                found.add(f"{word} {op} {type(expr.left.type).__name__}")
            case typed.SetContainsMany(quantifier=quantifier):
                found.add(f"{word} {quantifier}")
            case _:
                found.add(word)
        window = getattr(expr, "window", None)
        if isinstance(window, CalendarWindow):
            found.add(f"window {window.unit} {'last' if window.last else 'next'}")
        elif isinstance(window, typed.ExactWindow):
            found.add(f"window exact {'last' if window.last else 'next'}")
    return found
