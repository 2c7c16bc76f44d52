"""The newsletter as a campaign: the whole `render` (admission, decision, subject, HTML, text) against Jinja2,
which renders the inlined HTML alone."""

from __future__ import annotations

import copy
import gc
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2

from benchmarks import Report, Round, Work
from benchmarks.liquid import FOLDER, _filters
from benchmarks.newsletter.campaign import recipient, write
from benchmarks.newsletter.recipients import make
from mailweave import Campaign, Email, Environment
from mailweave.content import inline_once

ROUNDS, PER_ROUND, WARM = 26, 240, 5
LIMIT = 0.6


def run() -> Report:
    report = Report("campaign: the newsletter, whole, against Jinja2's HTML alone, CPU time per recipient")
    shared, given = make(ROUNDS * PER_ROUND)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), shared)
        campaign = Environment().compile(folder)
    profiles = [recipient(one) for one in given]
    template = jinja(shared)
    times = measured(
        {
            "campaign.render": (campaign.render, profiles),
            "jinja2, inlined HTML alone": (template, given),
        }
    )
    ours, theirs = times.values()
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    stages(campaign, profiles, report)
    for name, seconds in times.items():
        report.say(f"   {name:36s} {statistics.median(seconds[WARM:]) * 1e6:8.1f} us")
    filling = ", ".join(f"{ratio:.2f}" for ratio in ratios[:WARM])
    report.say(f"   while what recurs is met, the first {WARM} rounds of {PER_ROUND}: {filling}")
    report.claim(
        "the whole mail, in units of Jinja2's HTML, round by round", statistics.median(ratios[WARM:]), LIMIT
    )
    return report


def work() -> Work:
    """The newsletter, whole, where what is recommended recurs; `unlike` is where it does not."""
    return {"render": lambda: rounds_of(recipient)}


def rounds_of(shape: Callable[[dict[str, Any]], dict[str, Any]]) -> Round:
    """Each recipient is seen once, as long as there are any."""
    shared, given = make(ROUNDS * PER_ROUND)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), shared)
        campaign = Environment().compile(folder)
    unseen = iter(given)

    def prepared() -> Callable[[], object]:
        people = [copy.deepcopy(shape(next(unseen))) for _ in range(PER_ROUND)]
        return lambda: [campaign.render(one) for one in people]

    return prepared


def jinja(shared: dict[str, Any]) -> Callable[[dict[str, Any]], str]:
    """The newsletter in Jinja2, its CSS inlined once."""
    text = (FOLDER / "newsletter.jinja").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, keep_trailing_newline=True)
    environment.filters.update(_filters())
    template = environment.from_string(inline_once(text).source)
    return lambda one: template.render({**shared, **one})


def measured(
    variants: dict[str, tuple[Callable[[Any], object], list[dict[str, Any]]]],
) -> dict[str, list[float]]:
    """CPU seconds per recipient, one figure a round; each recipient is seen once, outputs are dropped.

    The first `WARM` rounds are those in which memories of what recurs fill; a campaign has a million recipients.

    The data of a recipient are made right before, as a queue hands them over; making them is not timed.
    """
    order = random.Random(7)
    times: dict[str, list[float]] = {name: [] for name in variants}
    for start in range(0, ROUNDS * PER_ROUND, PER_ROUND):
        names = list(variants)
        order.shuffle(names)
        for name in names:
            render, recipients = variants[name]
            gc.collect()
            gc.disable()
            times[name].append(timed(render, recipients[start : start + PER_ROUND]))
            gc.enable()
    return times


def timed(render: Callable[[Any], object], recipients: list[dict[str, Any]]) -> float:
    total = 0.0
    for given in recipients:
        fresh = copy.deepcopy(given)
        began = time.process_time()
        render(fresh)
        total += time.process_time() - began
    return total / len(recipients)


def stages(campaign: Campaign, profiles: list[dict[str, Any]], report: Report) -> None:
    """Where the time goes, and how large the mails are."""
    emails = [e for e in map(campaign.render, profiles[:50]) if isinstance(e, Email)]
    size = statistics.median(len(e.html) for e in emails)
    began = time.process_time()
    for one in profiles[:300]:
        campaign.select(one)
    report.say(f"   of it admission and decision       {(time.process_time() - began) / 300 * 1e6:8.1f} us")
    report.say(f"   HTML {size / 1024:.1f} KB")
