"""What a sending comes to, in counts that add up, and what is to be said of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from mailweave.batch.disk import Disk
from mailweave.delivery.sending.answers import Verdict
from mailweave.delivery.sending.outputs import Output
from mailweave.delivery.sending.send_ledger import Fact, SendLedger
from mailweave.delivery.sending.sender import Sender
from mailweave.diagnostics import Diagnostic, diagnose

REPORT: Final = "report.json"
_NAMED: Final = 5  # keys that a message names; the report has all


def summarize(
    output: Output, ledger: SendLedger, sender: Sender, resend: bool, began: float, ended: float
) -> dict[str, Any]:
    """The report: `sent + refused + held + left = all`, counted from the ledger. began, ended: seconds since 1970."""
    counts, doubts = Counter[Fact | None](), list[str]()
    for key in output.every_key():
        fact = ledger.fact(key)
        counts[fact] += 1
        if fact is Fact.BEGUN:
            doubts.append(key)
    held = 0 if resend else len(doubts)
    open = counts[None] + counts[Fact.DEFERRED] + (len(doubts) if resend else 0)
    seconds = ended - began
    return {
        "all": counts.total(),
        "sent": counts[Fact.SENT],
        "refused": counts[Fact.REFUSED],
        "held": held,
        "left": open,
        "put_off": counts[Fact.DEFERRED],
        "in_doubt": doubts,
        "lacks": dict(Counter(status.partition(" ")[0] for status in sender.unfit.values())),
        "this_run": {
            "sent": sender.sent,
            "replies": _replies(sender),
            "began": datetime.fromtimestamp(began, UTC).isoformat(timespec="seconds"),
            "seconds": round(seconds, 3),
            "per_second": round(sender.sent / seconds, 1) if seconds > 0 else 0.0,
            "ended_by": sender.trouble.code if sender.trouble else "",
        },
    }


def _replies(sender: Sender) -> dict[str, dict[str, int]]:
    """What the server answered in this run, by verdict; `connection lost` where it answered nothing."""
    found: dict[str, dict[str, int]] = {
        verdict.value: {} for verdict in Verdict if verdict is not Verdict.UNFIT
    }
    for (verdict, reply), count in sorted(
        sender.replies.items(), key=lambda each: (each[0][0].value, each[0][1])
    ):
        found[verdict.value][reply.removeprefix("0").strip() or "connection lost"] = count
    return found


def findings(report: dict[str, Any], sender: Sender, folder: Path) -> Iterator[Diagnostic]:
    """What did not go, and why."""
    if sender.trouble is not None:
        yield sender.trouble
    place, replies = str(folder), report["this_run"]["replies"]
    doubts = report["in_doubt"]
    if doubts:
        more = ", .." if len(doubts) > _NAMED else ""
        yield diagnose("MW764", place=place, count=f"{len(doubts):,}", keys=", ".join(doubts[:_NAMED]) + more)
    if report["refused"]:
        told = _told(replies[Verdict.REFUSED.value]) or "in earlier runs"
        yield diagnose("MW765", place=place, count=f"{report['refused']:,}", replies=told)
    for what, count in report["lacks"].items():
        yield diagnose("MW766", place=place, count=f"{count:,}", what=f"they need {what}")
    if report["put_off"]:
        told = _told(replies[Verdict.DEFERRED.value]) or "in earlier runs"
        yield diagnose("MW769", place=place, count=f"{report['put_off']:,}", replies=told)


def _told(replies: dict[str, int]) -> str:
    return ", ".join(f"{reply} ({count:,})" for reply, count in replies.items())


def write_report(folder: Path, report: dict[str, Any]) -> None:
    """Beside the ledger, whole or not at all."""
    disk, part = Disk(), folder / f".{REPORT}.part"
    disk.write(part, (json.dumps(report, indent=2) + "\n").encode())
    disk.rename(part, folder / REPORT)
