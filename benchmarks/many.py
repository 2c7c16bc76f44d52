"""Five thousand selections, each met four times: what joining costs where it hardly pays."""

from __future__ import annotations

import itertools
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import Report, Round, Work, interleaved
from mailweave import Campaign, Environment

SLOTS, BLOCKS = "abcd", 9
SELECTIONS, TIMES, PER_ROUND = 5_000, 4, 800
AGAINST = 1.03
_SEED = 20261130

_SETTINGS = """name = "many"
from = "news@shop.example"
unsubscribe_url = "https://shop.example/u?{{ profile.id }}"
postal_address = "1 Street, Town"
now = 2026-11-22T09:00:00Z
layout = "layout.html"
"""
_BLOCK = """<table role="presentation"><tr><td><h2>Block {0}</h2>
<p>Dear {{{{ profile.name | default: "reader" }}}}, this is what is new in {0}, and it is worth a look this week.</p>
<p><a href="https://shop.example/{0}?who={{{{ profile.id }}}}">See it</a></p></td></tr></table>
"""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>News</title></head><body>
%s
<p>{{ campaign.postal_address }} <a href="{{ campaign.unsubscribe_url }}">Unsubscribe</a></p>
</body></html>
"""


def run() -> Report:
    """CPU microseconds of a mail, over all that were met."""
    report = Report("many: 5,000 selections met four times each, CPU time per recipient")
    times = interleaved({"render": rendering()()}, rounds=1, per_call=PER_ROUND)
    report.say(f"   render, the first {PER_ROUND}: {times['render'] * 1e6:8.1f} us")
    return report


def work() -> Work:
    """Rounds over the whole, in an order that is drawn."""
    return {"render": rendering}


def rendering() -> Round:
    """Each round takes the next recipients."""
    campaign, unseen = made(), people()

    def prepared() -> Callable[[], object]:
        given = list(itertools.islice(unseen, PER_ROUND))
        return lambda: [campaign.render(profile) for profile in given]

    return prepared


def people() -> Iterator[dict[str, Any]]:
    """Each selection as often as it is met, shuffled."""
    draw = random.Random(_SEED)
    found = draw.sample(list(itertools.product(range(BLOCKS), repeat=len(SLOTS))), SELECTIONS) * TIMES
    draw.shuffle(found)
    for number, chosen in enumerate(found):
        about = {"id": f"{number:06d}", "email": f"c{number}@shop.example", "name": f"Jo {number % 97}"}
        yield {**about, **dict(zip(SLOTS, chosen, strict=True))}


def made() -> Campaign:
    """The campaign, with a block for each value of four attributes."""
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        (folder / "campaign.toml").write_text(_SETTINGS, encoding="utf-8")
        (folder / "many.rules").write_text(_rules(), encoding="utf-8")
        places = "\n".join(f'{{% slot "{slot}" %}}' for slot in SLOTS)
        (folder / "layout.html").write_text(_PAGE % places, encoding="utf-8")
        for slot, number in itertools.product(SLOTS, range(BLOCKS)):
            block = folder / "blocks" / f"{slot}{number}"
            block.mkdir(parents=True)
            (block / "block.html").write_text(_BLOCK.format(block.name), encoding="utf-8")
            (block / "block.toml").write_text('title = "A block"\ndoc = "One of many."\n', encoding="utf-8")
        return Environment().compile(folder)


def _rules() -> str:
    names = [(slot, f"{slot}{number}", number) for slot in SLOTS for number in range(BLOCKS)]
    lines = ['ruleset "many" version 1', "profile {", "  id : key", "  email : text", "  name : text?"]
    lines += [*(f"  {slot} : int" for slot in SLOTS), "}"]
    lines += [f"segment is_{name} = {slot} == {number}" for slot, name, number in names]
    lines += [
        "slot subject text max 1 fallback line",
        *(f"slot {slot} max 1 fallback {slot}0" for slot in SLOTS),
    ]
    lines += ['block line for subject says "News"', *(f"block {name} for {slot}" for slot, name, _ in names)]
    lines += ["matrix main policy priority {", "  tie order", f"  | subject | {' | '.join(SLOTS)} |"]
    for slot, name, _ in names:
        cells = " | ".join(f"{name} 50" if other == slot else "-" for other in SLOTS)
        lines.append(f"  is_{name} | - | {cells} |")
    return "\n".join([*lines, f"  otherwise | line | {' | '.join('-' * len(SLOTS))} |", "}", ""])
