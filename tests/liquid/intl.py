"""What Node's Intl, which is ICU, says of amounts, dates and words in a locale."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from mailweave.liquid import Template
from mailweave.liquid.filters.localized_dates import relative_days
from mailweave.liquid.filters.localized_words import category

LOCALES = (
    "en", "en_GB", "en_IN", "en_AU", "en_CA", "de", "de_AT", "de_CH", "fr", "fr_CA", "fr_CH", "es", "es_MX",
    "es_AR", "it", "it_CH", "pt", "pt_PT", "nl", "sv", "nb", "da", "fi", "pl", "cs", "sk", "hu", "ro", "bg",
    "el", "tr", "uk", "ru", "hr", "sl", "et", "lv", "lt", "he", "ar", "ar_EG", "ar_SA", "hi", "bn", "mr", "th",
    "vi", "id", "ms", "ja", "fa", "ko", "zh", "zh_Hant", "ca",
)  # fmt: skip
CURRENCIES = (
    "USD",
    "EUR",
    "JPY",
    "GBP",
    "CHF",
    "KWD",
    "INR",
    "BRL",
    "PLN",
    "ILS",
    "EGP",
    "SEK",
    "CLP",
    "KRW",
)
UNITS = (
    "kilometer", "kilogram", "liter", "meter", "gram", "day", "hour", "minute", "mile", "byte", "megabyte",
)  # fmt: skip
SKELETONS: dict[str, dict[str, str]] = {
    "yMMMd": {"year": "numeric", "month": "short", "day": "numeric"},
    "yMMMMd": {"year": "numeric", "month": "long", "day": "numeric"},
    "yMMMM": {"year": "numeric", "month": "long"},
    "MMMd": {"month": "short", "day": "numeric"},
    "MMMMd": {"month": "long", "day": "numeric"},
    "MMMEd": {"month": "short", "day": "numeric", "weekday": "short"},
    "yMd": {"year": "numeric", "month": "numeric", "day": "numeric"},
}
_START = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """One value: what we say of it, and what is to be asked of Intl."""

    kind: str
    locale: str
    value: Any
    option: Any
    ours: str


@dataclass(frozen=True)
class Answers:
    """How many are equal, and where not: what we say, what Intl says."""

    cldr: str
    equal: int
    differences: tuple[tuple[Asked, str], ...]


def compared(asked: list[Asked]) -> Answers:
    """What Intl says of each."""
    rows = [[one.kind, one.locale, one.value, one.option] for one in asked]
    node = shutil.which("node")
    assert node is not None
    script = Path(__file__).with_name("intl.js")
    run = subprocess.run([node, script], input=json.dumps(rows), capture_output=True, text=True, check=True)
    answer = json.loads(run.stdout)
    pairs = zip(asked, answer["said"], strict=True)
    differ = tuple((one, said) for one, said in pairs if _plain(one.ours) != _plain(said))
    return Answers(answer["cldr"], len(asked) - len(differ), differ)


def _plain(text: str) -> str:
    """V8 writes an ordinary blank where CLDR has a narrow one."""
    return text.replace("\u202f", " ")


def drawn(kind: str, number: int, seed: int) -> list[Asked]:
    """So many values of a kind, by a seed."""
    source = random.Random(f"{kind} {seed}")
    return [_KINDS[kind](source, source.choice(LOCALES)) for _ in range(number)]


def _rendered(filters: str, value: Any, locale: str) -> str:
    template = _template(filters, locale)
    return template.render({"v": value})


_MADE: dict[tuple[str, str], Template] = {}


def _template(filters: str, locale: str) -> Template:
    key = filters, locale
    if key not in _MADE:
        campaign = {"locale": locale, "currency": "USD", "timezone": "UTC"}
        constants = {"campaign": campaign}
        _MADE[key] = Template.from_string(f"{{{{ v | {filters} }}}}", escape="none", constants=constants)
    return _MADE[key]


def _amount(source: random.Random) -> float:
    size = 10 ** source.randint(0, 8)
    return round(source.uniform(-size / 10, size), source.choice((0, 1, 2, 2, 3))) + 0.0  # no minus nothing


def _money(source: random.Random, locale: str) -> Asked:
    unit, amount = source.choice(CURRENCIES), _amount(source)
    ours = _rendered(f'money: "{unit}"', Decimal(str(amount)), locale)
    return Asked("money", locale, amount, unit, ours)


def _number(source: random.Random, locale: str) -> Asked:
    amount, places = _amount(source), source.randint(0, 3)
    return Asked(
        "number", locale, amount, places, _rendered(f"number: {places}", Decimal(str(amount)), locale)
    )


def _percent(source: random.Random, locale: str) -> Asked:
    share, places = round(source.uniform(-1, 3), 3), source.randint(0, 1)
    ours = _rendered(f"percent: {places}", Decimal(str(share)), locale)
    return Asked("percent", locale, share, places, ours)


def _instant(source: random.Random) -> datetime:
    return _START + timedelta(minutes=source.randrange(60 * 365 * 24 * 60))


def _dated(kind: str, options: tuple[str, ...]) -> Callable[[random.Random, str], Asked]:
    def drawn_one(source: random.Random, locale: str) -> Asked:
        when, option = _instant(source), source.choice(options)
        form = f'date_skeleton: "{option}"' if kind == "skeleton" else f'{kind}: "{option}"'
        told: Any = SKELETONS[option] if kind == "skeleton" else option
        return Asked(kind, locale, when.isoformat(), told, _rendered(form, when, locale))

    return drawn_one


def _category(kind: str) -> Callable[[random.Random, str], Asked]:
    def drawn_one(source: random.Random, locale: str) -> Asked:
        whole = source.choice((source.randint(0, 30), source.randint(0, 2_000)))
        value: float = whole
        if kind == "plural" and source.random() < 0.2:
            value = whole + source.randint(1, 999) / 1000
        ours = category(Decimal(str(value)), locale, f"{kind}_form")
        return Asked(kind, locale, value, None, ours)

    return drawn_one


def _list(source: random.Random, locale: str) -> Asked:
    names = source.sample(("Ann", "Bob", "Yara", "Omar", "Noa", "Kei"), source.randint(1, 5))
    kind = source.choice(("and", "or"))
    told = {"and": "conjunction", "or": "disjunction"}[kind]
    return Asked("list", locale, names, told, _rendered(f'list: "{kind}"', names, locale))


def _unit(source: random.Random, locale: str) -> Asked:
    name, width = source.choice(UNITS), source.choice(("short", "long"))
    amount = abs(round(source.uniform(0, 10 ** source.randint(0, 4)), source.randint(0, 2)))
    ours = _rendered(f'unit: "{name}", "{width}"', Decimal(str(amount)), locale)
    return Asked("unit", locale, amount, [name, width], ours)


def _relative(source: random.Random, locale: str) -> Asked:
    days = source.choice((source.randint(-2, 2), source.randint(-400, 400)))
    return Asked("relative", locale, days, None, relative_days(days, locale, "locale"))


_KINDS: dict[str, Callable[[random.Random, str], Asked]] = {
    "money": _money,
    "number": _number,
    "percent": _percent,
    "date": _dated("date", ("short", "medium", "long", "full")),
    "time": _dated("time", ("short", "medium")),
    "datetime": _dated("datetime", ("short", "medium")),
    "skeleton": _dated("skeleton", tuple(SKELETONS)),
    "plural": _category("plural"),
    "ordinal": _category("ordinal"),
    "list": _list,
    "unit": _unit,
    "relative": _relative,
}
KINDS = tuple(_KINDS)
