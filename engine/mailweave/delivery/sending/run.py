"""A sending from its folder to its report."""

from __future__ import annotations

import asyncio
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailweave.batch.extras import require
from mailweave.batch.folders import writing
from mailweave.batch.run import Progress
from mailweave.delivery.links import Keys
from mailweave.delivery.sending.answers import Route
from mailweave.delivery.sending.outputs import Output, opened
from mailweave.delivery.sending.pacing import Clock, WallClock
from mailweave.delivery.sending.reports import findings, summarize, write_report
from mailweave.delivery.sending.send_ledger import SendLedger
from mailweave.delivery.sending.sender import Manner, Sender
from mailweave.delivery.sending.signing import Signer
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose


@dataclass(frozen=True, slots=True)
class Ended:
    """How a sending ended. `report` is what DIR/sending/report.json says; `stopped`: whether a signal asked for it."""

    report: dict[str, Any]
    findings: Sequence[Diagnostic]
    stopped: bool

    @property
    def is_whole(self) -> bool:
        """Whether every mail is sent."""
        return bool(self.report["sent"] == self.report["all"])


def send(
    folder: Path,
    route: Route,
    manner: Manner,
    *,
    signer: Signer | None = None,
    keys: Keys | None = None,
    unsigned: bool = False,
    clock: Clock | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Ended:
    """Sends the mails of a finished output that its ledger does not call sent, and says what became of all.

    keys, unsigned: as `opened` takes them, for the links of a campaign that signs them.

    Killed at any moment, it goes on where it was when it is called again. Raises MailweaveError where nothing can be
    sent: an output that is not finished or not whole, another sender at work, a damaged ledger.
    """
    require("delivery", place=str(folder), what="sending")
    output, time = opened(folder, keys, unsigned=unsigned), clock or WallClock()
    know_zones(output, manner)
    began = time.now()
    with writing(folder), SendLedger(folder, began) as ledger:
        sender, asked = asyncio.run(_sent(output, ledger, route, manner, signer, time, progress))
        report = summarize(output, ledger, sender, manner.resend, began, time.now())
        write_report(ledger.folder, report)
    return Ended(report, tuple(findings(report, sender, folder)), asked)


async def _sent(
    output: Output,
    ledger: SendLedger,
    route: Route,
    manner: Manner,
    signer: Signer | None,
    clock: Clock,
    progress: Callable[[Progress], None],
) -> tuple[Sender, bool]:
    sender, asked = Sender(output, ledger, route, manner, signer, clock, progress), list[int]()

    def stop(number: int) -> None:
        asked.append(number)
        sender.stop()

    with _signals(stop):
        await sender.run()
    return sender, bool(asked)


@contextmanager
def _signals(stop: Callable[[int], None]) -> Iterator[None]:
    """Hands SIGTERM and SIGINT to `stop`; outside the main thread there is nothing to hand on."""
    loop, heard = asyncio.get_running_loop(), list[signal.Signals]()
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop, number)
            heard.append(number)
    except (ValueError, RuntimeError):
        pass
    try:
        yield
    finally:
        for number in heard:
            loop.remove_signal_handler(number)


def know_zones(output: Output, manner: Manner) -> None:
    """Raises MailweaveError where recipients' zones are asked for and no mail says one."""
    if manner.hours.by_recipient and not any(zones_of(output)):
        what = "no mail of this output says its recipient's zone"
        todo = "let `timezone` in campaign.toml ask for it ({{ profile.timezone }}) and render again; or name one zone"
        raise MailweaveError([diagnose("MW818", place="--zone", what=what, todo=todo)])


def zones_of(output: Output) -> set[str]:
    """The zones of an output's recipients; an empty text where any mail says none."""
    found: set[str] = set()

    def look(_: str, zone: str) -> bool:
        found.add(zone)
        return False

    for shard in range(len(output.shards)):
        deque(output.mails(shard, look), maxlen=0)  # none is wanted, so none is put together
    return found
