"""The demo's mails as they go over the wire: what `as_bytes` costs beside rendering them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence

from benchmarks import Report, Round, Work, interleaved
from benchmarks.demo_people import DEMO, Mailed, mailed
from mailweave import Campaign, Email, Environment

PEOPLE, ROUNDS = 150, 15
OF_RENDERING, OF_MESSAGE = 0.25, 1 / 20
AGAINST = 1.1
"""What is compared name by name stands here to be divided by; `campaign` has the strict bound on rendering."""


def run() -> Report:
    report = Report("wire: the demo's mails as bytes, CPU time per recipient")
    times = interleaved({name: make()() for name, make in work().items()}, rounds=ROUNDS, per_call=PEOPLE)
    for name, seconds in times.items():
        report.say(f"   {name:36s} {seconds * 1e6:8.1f} us")
    report.claim("as_bytes, in units of render", times["as_bytes"] / times["render"], OF_RENDERING)
    return report


def work() -> Work:
    """Rendering, the message of the standard library, and the bytes."""
    return {"render": _rendering, "as_message().as_bytes()": _message, "as_bytes": _wire}


def across(here: Mapping[str, Sequence[float]], there: Mapping[str, Sequence[float]], report: Report) -> None:
    """`as_bytes` beside what rendering and the message cost at the other commit."""
    for name, limit in (("render", OF_RENDERING), ("as_message().as_bytes()", OF_MESSAGE)):
        if name in there and "as_bytes" in here:
            pairs = zip(here["as_bytes"], there[name], strict=True)
            report.claim(
                f"as_bytes, in units of {name} there", statistics.median(a / b for a, b in pairs), limit
            )


def _people() -> tuple[Campaign, list[Mailed]]:
    campaign = Environment().compile(DEMO)
    return campaign, mailed(campaign, PEOPLE)


def _emails() -> list[Email]:
    return [email for _, _, email in _people()[1]]


def _rendering() -> Round:
    campaign, people = _people()
    return lambda: lambda: [campaign.render(profile, events=events) for profile, events, _ in people]


def _message() -> Round:
    emails = _emails()
    return lambda: lambda: [email.as_message().as_bytes() for email in emails]


def _wire() -> Round:
    emails = _emails()
    written: Callable[[Email], bytes] = Email.as_bytes  # an older commit has none, and says so here
    return lambda: lambda: [written(email) for email in emails]
