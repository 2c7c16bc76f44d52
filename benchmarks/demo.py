"""The demo campaign, of stock blocks as users write it: whole mails, for recipients who were never seen."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks import Report, Round, Work, interleaved
from benchmarks.demo_people import DEMO, LIST
from mailweave import Email, Environment
from mailweave.batch.sources import Recipients

PER_ROUND = 800  # in 25 rounds 20,000 recipients
AGAINST = 0.40
"""What a mail may cost of that of commit 4349315, where nothing was joined."""

Person = tuple[dict[str, Any], tuple[Any, ...]]
"""A profile and its events."""


def run() -> Report:
    """What `render` and the message of its mails take."""
    report = Report("demo: whole mails of the demo campaign, CPU time per recipient")
    campaign, unseen = Environment().compile(DEMO), people()

    def render() -> object:
        given = itertools.islice(unseen, PER_ROUND)
        return [campaign.render(profile, events=events) for profile, events in given]

    mails = [e for e in (campaign.render(p, events=ev) for p, ev in first(PER_ROUND)) if isinstance(e, Email)]
    times = interleaved({"render": render, "as_bytes": lambda: [mail.as_bytes() for mail in mails]})
    per_mail = {"render": times["render"] / PER_ROUND, "as_bytes": times["as_bytes"] / len(mails)}
    for name, seconds in per_mail.items():
        report.say(f"   {name:12s} {seconds * 1e6:8.1f} us")
    return report


def work() -> Work:
    """Deciding and rendering, and what the mails take to become bytes."""
    return {"render": rendering}


def rendering() -> Round:
    """Recipients of the demo's list, each seen once."""
    campaign, unseen = Environment().compile(DEMO), people()

    def prepared() -> Callable[[], object]:
        given = list(itertools.islice(unseen, PER_ROUND))
        return lambda: [campaign.render(profile, events=events) for profile, events in given]

    return prepared


def people() -> Iterator[Person]:
    """The demo's list, in its order."""
    for one in Recipients(LIST / "profiles.parquet", LIST / "events.parquet"):
        yield one.profile, one.events


def first(count: int) -> list[Person]:
    """The first of the list."""
    return list(itertools.islice(people(), count))
