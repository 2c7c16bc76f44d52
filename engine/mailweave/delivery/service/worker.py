"""The life of a process that answers lines of batches, and what it and its parent say to one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeAlias

from mailweave.batch.processes import live_as_worker
from mailweave.delivery.links import Keys
from mailweave.delivery.service import frames
from mailweave.delivery.service.asgi import Answer
from mailweave.delivery.service.doors import Doors, Waiting, failed
from mailweave.delivery.service.line_stream import LONGEST_LINE
from mailweave.delivery.service.refusals import own_fault, refusal
from mailweave.delivery.service.shelf import Campaigns, Shelf
from mailweave.delivery.service.withdrawals import Withdrawals
from mailweave.diagnostics import MailweaveError

Digests: TypeAlias = Mapping[str, str]
"""Of the campaigns that are served, by name."""
Lines: TypeAlias = Sequence[bytes]
Counts: TypeAlias = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is told when it begins: as `Shelf`, `Withdrawals` and `Doors` have it."""

    folder: Path
    strict: bool = False
    withdrawals: Path | None = None
    keys: Keys | None = None


def answer(doors: Doors, campaigns: Campaigns, line: bytes) -> Answer | Waiting:
    """The answer to a line of a batch, or what waits for sources. One line never ends the others."""
    if len(line) > LONGEST_LINE:
        return failed(refusal(413, "MW773", what=f"a line has more than {LONGEST_LINE:,} bytes"))
    try:
        return doors.about("render", line, campaigns)
    except Exception as fault:  # noqa: BLE001 - its trace would print the data of the line
        return failed(own_fault(fault))


def bodies(answers: Sequence[Answer]) -> list[bytes]:
    """What is sent for them: a line each."""
    return [part for one in answers for part in (one.body, b"\n")]


def counted(answers: Sequence[Answer]) -> Counts:
    """How many there are of each campaign and outcome."""
    return Counter((one.campaign, one.outcome) for one in answers)


def work(connection: Connection, order: Order, parent: int) -> None:
    """The life of a worker: lines come, answers go; None asks it to read the folder again and to say the digests.

    Lines of which one waits for sources are left to the parent, which asks them for all.
    """
    live_as_worker(parent)
    shelf = Shelf(order.folder, order.strict)
    try:
        withdrawals = None if order.withdrawals is None else Withdrawals(order.withdrawals)
        doors = Doors(shelf, withdrawals, keys=order.keys)
        while True:
            lines: Lines | None = connection.recv()
            if lines is None:
                with suppress(OSError):  # the folder is between two names: what is known of it is said
                    shelf.reload()
                connection.send(digests(shelf.campaigns))
            else:
                answers = _answers(doors, shelf.campaigns, lines)
                frames.write(connection.fileno(), counted(answers), bodies(answers))
    except (EOFError, OSError, MailweaveError):
        return  # the parent is gone, or learns from the end of this that it must do without


def _answers(doors: Doors, campaigns: Campaigns, lines: Lines) -> list[Answer]:
    """All answers, or none."""
    found = []
    for line in lines:
        one = answer(doors, campaigns, line)
        if isinstance(one, Waiting):
            return []
        found.append(one)
    return found


def digests(campaigns: Campaigns) -> Digests:
    """The digests of what is served."""
    return {name: one.campaign.digest for name, one in campaigns.items() if one.campaign is not None}
