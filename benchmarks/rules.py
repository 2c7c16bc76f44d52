"""Rules: what a decision costs beside hand-written Python and beside zen-engine, and what compiling costs.

The hand-written function is what an engineer writes who knows that nothing is missing: the ten conditions
over a dictionary, what is read often in locals, one bit each.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import zen

from benchmarks import Report, Work, interleaved
from mailweave.rules import Program, compile_rules

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RECIPIENTS = 2_000

COUNTRIES = ("FR", "DE", "US", "GB", "ES", "IT", "NL", "BE", "PL", "SE")
PLANS = ("free", "basic", "pro", "vip")
LANGUAGES = ("fr", "de", "en", "es", "it", "nl", "pl", "sv")
CITIES = ("Paris", "Berlin", "Boston", "London", "Madrid", "Roma", "Utrecht", "Gent", "Krakow", "Malmo")
DOMAINS = ("gmail.com", "yahoo.com", "outlook.com", "corp.example", "mail.example")
TAGS = ("sale", "shoes", "outdoor", "kids", "tech", "books", "garden", "music")

SCHEMA = f"""
ruleset "bench" version 1
profile {{
  age              : int
  country          : enum({", ".join(COUNTRIES)})
  plan             : enum({", ".join(PLANS)})
  orders           : int
  ltv              : money(USD)
  days_since_order : int
  opens_30d        : int
  clicks_30d       : int
  lang             : enum({", ".join(LANGUAGES)})
  city             : text
  email            : text
  churn            : ratio
  cart_value       : money(USD)
  points           : int
  has_app          : bool
  tags             : set of text
  birth_month      : int
  tickets          : int
  aov              : money(USD)
}}
event open     keep 400 days
event click    keep 400 days
event view     keep 400 days
event purchase keep 400 days
consent mail
"""

SEGMENTS = """
segment vip {
  consent.mail
  ltv >= 500 USD
  orders >= 5
  plan in (pro, vip)
  days_since_order <= 90
}
segment lapsing {
  consent.mail
  days_since_order between 60 and 180
  orders >= 2
  churn > 0.7
  opens_30d < 3
}
segment engaged {
  opens_30d >= 3
  clicks_30d >= 2
  consent.mail
  not tickets > 1
  age >= 18
}
segment young_fr {
  country == FR
  age between 18 and 29
  lang == fr
  has_app or clicks_30d >= 1
}
segment cart {
  cart_value > 30 USD
  consent.mail
  not (plan in (free))
  points >= 100
  days_since_order > 1
}
segment outdoor {
  tags contains "outdoor"
  city in ("Paris", "Berlin", "Madrid") or country == SE
  aov > 40 USD
  age < 65
}
segment corp {
  email matches "*corp.example"
  orders > 0
  aov > 80 USD
  tickets == 0
  country != US
}
segment birthday {
  birth_month == 7
  consent.mail
  age >= 18
  points > 500
  churn < 0.9
}
segment win_back {
  days_since_order > 180
  opens_30d == 0
  consent.mail
  ltv > 100 USD
  not tags contains "sale"
}
segment dach_app {
  country in (DE, NL, BE)
  has_app
  lang == de or lang == nl
  orders >= 1
  churn <= 0.5
}
"""

WINDOWS = """
segment active {
  count(open in last 7 days) >= 3
  count(click in last 7 days) >= 2
}
segment no_purchase = consent.mail and no purchase in last 30 days
"""

ZEN = """[
 consent and ltv >= 500 and orders >= 5 and plan in ['pro', 'vip'] and days_since_order <= 90,
 consent and days_since_order in [60..180] and orders >= 2 and churn > 0.7 and opens_30d < 3,
 opens_30d >= 3 and clicks_30d >= 2 and consent and not (tickets > 1) and age >= 18,
 country == 'FR' and age in [18..29] and lang == 'fr' and (has_app or clicks_30d >= 1),
 cart_value > 30 and consent and not (plan in ['free']) and points >= 100 and days_since_order > 1,
 contains(tags, 'outdoor') and (city in ['Paris', 'Berlin', 'Madrid'] or country == 'SE')
  and aov > 40 and age < 65,
 endsWith(email, 'corp.example') and orders > 0 and aov > 80 and tickets == 0 and country != 'US',
 birth_month == 7 and consent and age >= 18 and points > 500 and churn < 0.9,
 days_since_order > 180 and opens_30d == 0 and consent and ltv > 100 and not (contains(tags, 'sale')),
 country in ['DE', 'NL', 'BE'] and has_app and (lang == 'de' or lang == 'nl') and orders >= 1 and churn <= 0.5
]"""


def by_hand(p: dict[str, Any]) -> int:
    """The ten segments, without a thought for what may be missing."""
    consent, orders, country, age = p["consent"], p["orders"], p["country"], p["age"]
    churn, aov, since, lang = p["churn"], p["aov"], p["days_since_order"], p["lang"]
    mask = 0
    if consent and p["ltv"] >= 500 and orders >= 5 and p["plan"] in ("pro", "vip") and since <= 90:
        mask |= 1
    if consent and 60 <= since <= 180 and orders >= 2 and churn > 0.7 and p["opens_30d"] < 3:
        mask |= 2
    if p["opens_30d"] >= 3 and p["clicks_30d"] >= 2 and consent and not p["tickets"] > 1 and age >= 18:
        mask |= 4
    if country == "FR" and 18 <= age <= 29 and lang == "fr" and (p["has_app"] or p["clicks_30d"] >= 1):
        mask |= 8
    if p["cart_value"] > 30 and consent and p["plan"] not in ("free",) and p["points"] >= 100 and since > 1:
        mask |= 16
    if (
        "outdoor" in p["tags"]
        and (p["city"] in ("Paris", "Berlin", "Madrid") or country == "SE")
        and aov > 40
        and age < 65
    ):
        mask |= 32
    if (
        p["email"].endswith("corp.example")
        and orders > 0
        and aov > 80
        and p["tickets"] == 0
        and country != "US"
    ):
        mask |= 64
    if p["birth_month"] == 7 and consent and age >= 18 and p["points"] > 500 and churn < 0.9:
        mask |= 128
    if since > 180 and p["opens_30d"] == 0 and consent and p["ltv"] > 100 and "sale" not in p["tags"]:
        mask |= 256
    if (
        country in ("DE", "NL", "BE")
        and p["has_app"]
        and (lang == "de" or lang == "nl")
        and orders >= 1
        and churn <= 0.5
    ):
        mask |= 512
    return mask


def profile(r: random.Random) -> dict[str, Any]:
    """One recipient, as the prototypes measured them."""
    return {
        "age": r.randint(16, 80),
        "country": r.choice(COUNTRIES),
        "plan": r.choice(PLANS),
        "orders": r.randint(0, 40),
        "ltv": round(r.expovariate(1 / 400), 2),
        "days_since_order": r.randint(0, 400),
        "opens_30d": r.randint(0, 20),
        "clicks_30d": r.randint(0, 10),
        "lang": r.choice(LANGUAGES),
        "city": r.choice(CITIES),
        "email": f"u{r.randint(1, 10**6)}@{r.choice(DOMAINS)}",
        "consent": r.random() < 0.8,
        "churn": round(r.random(), 3),
        "cart_value": round(max(0.0, r.gauss(20, 40)), 2),
        "points": r.randint(0, 5000),
        "has_app": r.random() < 0.4,
        "tags": r.sample(TAGS, r.randint(0, 4)),
        "birth_month": r.randint(1, 12),
        "tickets": r.randint(0, 3),
        "aov": round(r.uniform(5, 200), 2),
    }


def events(r: random.Random) -> list[dict[str, Any]]:
    """Fifty events of sixty days."""
    kinds = r.choices(["open", "click", "view", "purchase"], [5, 2, 6, 1], k=50)
    return [{"type": kind, "at": NOW - timedelta(days=r.random() * 60)} for kind in kinds]


def ours(plain: dict[str, Any]) -> dict[str, Any]:
    """The same recipient as our schema declares it."""
    money = {name: str(plain[name]) for name in ("ltv", "cart_value", "aov")}
    return {**plain, **money, "consent": {"mail": plain["consent"]}}


def run() -> Report:
    report = Report("rules: one decision, against hand-written Python and zen-engine")
    r = random.Random(5)
    people = [profile(r) for _ in range(RECIPIENTS)]
    histories = [events(r) for _ in people]
    ten = compile_rules(SCHEMA + SEGMENTS, name="ten.rules")
    twelve = compile_rules(SCHEMA + SEGMENTS + WINDOWS, name="twelve.rules")
    _measure(report, ten, twelve, people, histories)
    _compile_times(report)
    return report


def work() -> Work:
    """The mask of ten segments, admission, and compiling a thousand lines."""
    people = [ours(profile(random.Random(number))) for number in range(RECIPIENTS)]
    ten, text = compile_rules(SCHEMA + SEGMENTS, name="ten.rules"), thousand_lines()
    admitted = [ten.admit(each, now=NOW) for each in people]
    return {
        "mask": lambda: lambda: lambda: [ten.mask(each) for _ in range(50) for each in admitted],
        "admit": lambda: lambda: lambda: [ten.admit(each, now=NOW) for each in people],
        "compile 1,000 lines": lambda: lambda: lambda: compile_rules(text, name="thousand.rules"),
    }


def _measure(
    report: Report, ten: Program, twelve: Program, people: list[dict[str, Any]], histories: list[Any]
) -> None:
    own = [ours(each) for each in people]
    admitted = [ten.admit(each, now=NOW) for each in own]
    behaved = [twelve.admit(each, history, now=NOW) for each, history in zip(own, histories, strict=True)]
    expression = zen.compile_expression(ZEN)
    _agree(ten, people, admitted, expression)
    for each in behaved:
        twelve.mask(each)  # makes the index ready
    few = people[: RECIPIENTS // 10]
    variants: dict[str, Callable[[], object]] = {
        "hand": lambda: [by_hand(each) for each in people],
        "ten": lambda: [ten.mask(each) for each in admitted],
        "twelve": lambda: [twelve.mask(each) for each in behaved],
        "zen": lambda: [expression.evaluate(each) for each in few],
        "admit": lambda: [ten.admit(each, now=NOW) for each in own],
        "admit50": lambda: [
            twelve.admit(a, h, now=NOW) for a, h in zip(own[:200], histories[:200], strict=True)
        ],
    }
    units = {"zen": len(few), "admit50": 200}
    times = {
        name: each / units.get(name, RECIPIENTS) for name, each in interleaved(variants, rounds=15).items()
    }
    hand = times["hand"]
    report.say(f"   hand-written, null-unsafe, 10 segments      {hand * 1e6:8.2f} us")
    report.say(f"   mask of 10 segments                         {times['ten'] * 1e6:8.2f} us")
    report.say(f"   mask of 12 segments, 3 windows, 50 events   {times['twelve'] * 1e6:8.2f} us")
    report.say(f"   zen-engine, one list expression             {times['zen'] * 1e6:8.2f} us")
    report.say(f"   admission, 20 attributes                    {times['admit'] * 1e6:8.2f} us")
    report.say(f"   admission, 20 attributes and 50 events      {times['admit50'] * 1e6:8.2f} us")
    report.claim("mask of 10 segments / hand-written", times["ten"] / hand, 2.0)
    report.claim("mask of 10 segments / zen-engine", times["ten"] / times["zen"], 1 / 6)
    report.claim("12 segments with 3 windows / hand-written 10 segments", times["twelve"] / hand, 8.0)


def _agree(ten: Program, people: list[dict[str, Any]], admitted: list[Any], expression: Any) -> None:
    """All three say the same, or the figures mean nothing."""
    for plain, ready in zip(people[:300], admitted, strict=False):
        mask = by_hand(plain)
        other = sum(1 << at for at, holds in enumerate(expression.evaluate(plain)) if holds)
        if not mask == ten.mask(ready) == other:
            raise AssertionError("the variants disagree")


def thousand_lines() -> str:
    """A rule file of a thousand lines."""
    r = random.Random(3)
    lines = [*SCHEMA.strip().splitlines()]
    while len(lines) < 1000:
        at = len(lines)
        lines.append(
            f"segment s{at} = {r.choice(('orders', 'points', 'age'))} >= {r.randint(1, 90)}"
            f" and (country == {r.choice(COUNTRIES)} or ltv > {r.randint(1, 900)}.50 USD)"
            f" and count(open in last {r.randint(1, 90)} days) >= {r.randint(1, 9)}"
        )
    return "\n".join(lines) + "\n"


_TIMED = """
import json, sys, time
text = sys.stdin.read()
import mailweave.rules
start = time.perf_counter(), time.process_time()
mailweave.rules.compile_rules(text, name="thousand.rules")
print(json.dumps([time.perf_counter() - start[0], time.process_time() - start[1]]))
"""


def _timed(text: str, folder: str) -> tuple[float, float]:
    """Wall and CPU seconds of one compilation in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", _TIMED],
        input=text,
        text=True,
        capture_output=True,
        check=True,
        env={**os.environ, "MAILWEAVE_CACHE": folder},
    )
    wall, processor = json.loads(done.stdout)
    return wall, processor


def _compile_times(report: Report) -> None:
    """In fresh processes, so that nothing is warm but what the cache holds; the quickest of three."""
    text, cold, cached = thousand_lines(), [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            cold.append(_timed(text, folder))
            cached.append(_timed(text, folder))
    for name, found, limit in (("cold", min(cold), 3.0), ("from the cache", min(cached), 0.2)):
        report.say(f"   1,000 lines, {name}: {found[0]:.3f} s wall, {found[1]:.3f} s CPU")
        report.claim(f"1,000-line rule file, {name}, seconds of wall", found[0], limit)
