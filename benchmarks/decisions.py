"""A whole decision against the mask alone; how long a person waits for `--help` and for a check.

The rules have 5 slots, 12 segments and 3 windows; a recipient has 50 events and is admitted beforehand.
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import Report, Work, interleaved

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RECIPIENTS, CALLS = 400, 5
BLOCKS = 40

RULES = """
ruleset "bench" version 1
profile {
  id             : key
  country        : enum(US, CA, GB)
  plan           : enum(free < club < gold)
  orders         : int            min 0
  lifetime_value : money(USD)
  interests      : set of text
  age            : int?
  signup_at      : instant
}
event open  { machine: bool = false } keep 400 days
event click keep 400 days
event purchase { total: money(USD) } keep 400 days
event sent  { block: text } keep 90 days
consent marketing, profiling
score churn : ratio ttl 7 days else 0.5
lookup stock(text) : int ttl 1 hour else 0

segment customers    = orders >= 1
segment big          = lifetime_value >= 500 USD
segment members      = plan >= club
segment north        = country in (US, CA)
segment jazz         = interests contains any ("jazz", "blues")
segment grown        = age between 18 and 65
segment fresh        = signup_at in last 30 days
segment at_risk      = score.churn > 0.7 and orders >= 2
segment readers      = count(open in last 14 days where not machine) >= 3
segment clickers     = count(click in last 30 days) >= 2
segment buyers       = sum(purchase.total in last 90 days) > 100 USD
segment loyal        within customers = members and north

skip no_consent "has not agreed" when not consent.marketing

slot subject text max 1 fallback subject_plain
slot hero         max 1 fallback hero_plain
slot offers       max 2 fallback offer_plain
slot picks        max 1 fallback picks_plain
slot footer       max 1 fallback footer_plain
block subject_plain for subject says "News"
block subject_back  for subject says "Back"
block subject_jazz  for subject says "Jazz"
block hero_plain    for hero
block hero_vip      for hero requires stock("CD-1") > 0
block hero_winback  for hero cap 1 per 14 days
block hero_new      for hero expires 2027-01-31
block hero_short    for hero
block offer_plain   for offers
block offer_jazz    for offers requires consent.profiling
block offer_big     for offers
block offer_buyers  for offers expires 2026-12-24
block picks_plain   for picks
block picks_read    for picks
block picks_click   for picks
block footer_plain  for footer
block footer_us     for footer
matrix main policy priority {
  tie least recently sent, then order
            | subject (first) | hero            | offers (collect)   | picks          | footer (first) |
  at_risk   | subject_back    | hero_winback 80 | offer_big       40 | -              | -              |
  big       | -               | hero_vip     90 | offer_big       70 | -              | -              |
  fresh     | -               | hero_new     60 | -                  | -              | -              |
  jazz      | subject_jazz    | -               | offer_jazz      60 | -              | -              |
  readers   | -               | -               | -                  | picks_read  30 | -              |
  clickers  | -               | -               | -                  | picks_click 20 | -              |
  buyers    | -               | -               | offer_buyers    50 | -              | -              |
  loyal     | -               | hero_vip     50 | -                  | -              | footer_us      |
  grown     | -               | -               | -                  | picks_read  10 | -              |
  otherwise | subject_plain   | hero_plain      | offer_plain        | picks_plain    | footer_plain   |
}
experiment short on hero_vip {
  unit id salt "2026-11"
  holdout 5%
  split control 50%, short 50% -> hero_short
}
"""


def run() -> Report:
    """The claims of the decisions: a select, a mask, and two waits of a person."""
    report = Report("decisions")
    _select(report)
    _waits(report)
    return report


def work() -> Work:
    """A whole decision, and admitting a recipient of 50 events."""
    from mailweave.decisions import compile_decisions

    program, context = compile_decisions(RULES), {"lookups": {"stock": {"CD-1": 3}}}
    given = [_recipient(number) for number in range(RECIPIENTS)]

    def admit() -> list[Any]:
        return [program.program.admit(one, events, context=context, now=NOW) for one, events in given]

    def select() -> Callable[[], object]:
        people = admit()
        return lambda: [program.select(who, now=NOW) for _ in range(10 * CALLS) for who in people]

    return {"admit, 50 events": lambda: lambda: admit, "select": lambda: select}


def _select(report: Report) -> None:
    from mailweave.decisions import compile_decisions

    program = compile_decisions(RULES)
    context = {"lookups": {"stock": {"CD-1": 3}}}
    people = [
        program.program.admit(profile, events, context=context, now=NOW)
        for profile, events in (_recipient(number) for number in range(RECIPIENTS))
    ]
    mask, select = program.program.mask, program.select
    times = interleaved(
        {
            "mask": lambda: [mask(who) for _ in range(CALLS) for who in people],
            "select": lambda: [select(who, now=NOW) for _ in range(CALLS) for who in people],
        },
        per_call=RECIPIENTS * CALLS,
    )
    micro = {name: seconds * 1e6 for name, seconds in times.items()}
    for name, value in micro.items():
        report.say(f"   {name:<8}{value:8.2f} us")
    report.claim("a select, microseconds", micro["select"], 12)
    report.claim("a select, times the mask", micro["select"] / micro["mask"], 6)


def _recipient(number: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    chance = random.Random(number)
    profile = {
        "id": f"c{number:05d}",
        "country": chance.choice(["US", "CA", "GB"]),
        "plan": chance.choice(["free", "club", "gold"]),
        "orders": chance.randrange(9),
        "lifetime_value": str(chance.randrange(900)),
        "interests": chance.sample(["jazz", "blues", "opera", "folk"], 2),
        "age": chance.choice([None, chance.randrange(14, 90)]),
        "signup_at": (NOW - timedelta(days=chance.randrange(900))).isoformat(),
        "consent": {"marketing": chance.random() < 0.97, "profiling": chance.random() < 0.6},
        "scores": {"churn": {"value": chance.random(), "at": NOW.isoformat()}},
    }
    return profile, [_event(chance) for _ in range(50)]


def _event(chance: random.Random) -> dict[str, Any]:
    kind = chance.choice(["open", "open", "click", "purchase", "sent"])
    about: dict[str, dict[str, Any]] = {
        "open": {"machine": chance.random() < 0.3},
        "purchase": {"total": str(chance.randrange(5, 90))},
        "sent": {"block": chance.choice(["hero_winback", "hero_vip", "offer_big"])},
    }
    at = NOW - timedelta(minutes=chance.randrange(60 * 24 * 120))
    return {"type": kind, "at": at.isoformat(), **about.get(kind, {})}


# ---- what a person waits for


def _waits(report: Report) -> None:
    with tempfile.TemporaryDirectory() as folder:
        campaign = Path(folder) / "forty"
        write_campaign(campaign)
        help_wait = _wall(["--help"])
        check_wait = _wall(["check", str(campaign)])
    report.say(f"   --help  {help_wait * 1000:8.0f} ms wall")
    report.say(f"   check   {check_wait * 1000:8.0f} ms wall, {BLOCKS} blocks, warm")
    report.claim("mailweave --help, seconds", help_wait, 0.25)
    report.claim(f"a warm check of {BLOCKS} blocks, seconds", check_wait, 1.5)


def _wall(arguments: list[str], rounds: int = 7) -> float:
    """The median wall time of a verb, after one run that warms the caches; the verb must succeed."""
    tool = shutil.which("mailweave", path=os.pathsep.join([str(Path(sys.executable).parent), os.defpath]))
    assert tool is not None, "mailweave is not installed beside this Python"
    times = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        done = subprocess.run([tool, *arguments], capture_output=True, text=True, check=False)
        times.append(time.perf_counter() - start)
        assert done.returncode == 0, done.stdout + done.stderr
    return statistics.median(times[1:])


def write_campaign(folder: Path, blocks: int = BLOCKS) -> None:
    """A campaign with so many blocks of its own, each with its HTML."""
    (folder / "blocks").mkdir(parents=True)
    slots = 8
    names = [(f"slot{index % slots}", f"block{index:02d}") for index in range(blocks)]
    for _, name in names:
        place = folder / "blocks" / name
        place.mkdir()
        (place / "block.toml").write_text(
            f'title = "{name}"\ndoc = "A line and a link."\n\n'
            '[inputs.title]\ntype = "text"\ndefault = "Hello"\ndoc = "The headline."\n'
        )
        (place / "block.html").write_text(_HTML)
    (folder / "campaign.toml").write_text(_SETTINGS)
    (folder / "layout.html").write_text(_layout(slots))
    (folder / "forty.rules").write_text(_rules(names, slots))


_HTML = """<table role="presentation" width="100%"><tr><td class="cell">
<h2>{{ block.title }}</h2><p>{{ profile.first_name | default: 'Hello' }}, {{ profile.orders }} orders so far.
{% if profile.orders > 3 %}Thank you.{% else %}Welcome.{% endif %}</p>
<a href="https://shop.example.com/{{ profile.country }}">See more</a></td></tr></table>
"""
_SETTINGS = """name = "forty"
from = { address = "shop@example.com", name = "Shop" }
unsubscribe_url = "https://shop.example.com/u/{{ profile.id }}"
postal_address = "1 Main Street, Springfield"
to = "{{ profile.email }}"
layout = "layout.html"
"""


def _layout(slots: int) -> str:
    places = "\n".join(f'<div>{{% slot "slot{index}" %}}</div>' for index in range(slots))
    style = "<style>.cell { padding: 8px; color: #333 } h2 { font-size: 20px }</style>"
    footer = '<p><a href="{{ campaign.unsubscribe_url }}">Unsubscribe</a> {{ campaign.postal_address }}</p>'
    return f"<!DOCTYPE html><html><head><title>x</title>{style}</head><body>{places}{footer}</body></html>"


def _rules(names: list[tuple[str, str]], slots: int) -> str:
    rows = []
    for level in range(blocks_per_slot := len(names) // slots):
        cells = [f"{names[level * slots + index][1]} {blocks_per_slot - level}" for index in range(slots)]
        rows.append(f"  s{level} | " + " | ".join(cells) + " |")
    last = " | ".join(f"plain{index}" for index in range(slots))
    return "\n".join(
        [
            'ruleset "forty" version 1',
            "profile {",
            "  id: key\n  email: text pii\n  first_name: text? pii\n  country: text\n  orders: int min 0",
            "}",
            *(f"segment s{level} = orders == {level}" for level in range(blocks_per_slot)),
            "slot subject text max 1 fallback hello",
            'block hello for subject says "Hello"',
            *(f"slot slot{index} max 1 fallback {names[index][1]}" for index in range(slots)),
            *(f"block {name} for {slot}" for slot, name in names),
            "matrix main policy priority {",
            "  tie order",
            "  | " + " | ".join(f"slot{index}" for index in range(slots)) + " |",
            *rows,
            "  otherwise | " + last.replace("plain", "block0") + " |",
            "}",
            "",
        ]
    )
