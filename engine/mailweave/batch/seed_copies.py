"""Proofs: copies of rendered mails to addresses of one's own.

They are mails of the first recipients who show, between them, every block that anybody of the first so many gets. Each copy
has its own key, so that its idempotency key and Message-ID are no recipient's, its header lets nobody be unsubscribed, and
its bounces go to the sender; the links in its body are those of the recipient.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from mailweave.batch.audience import read_lines
from mailweave.batch.cut_mails import write_sheets
from mailweave.batch.disk import Disk
from mailweave.batch.formats import FORMATS
from mailweave.batch.ledger import BatchError
from mailweave.batch.rendering import ShardRenderer, selected
from mailweave.batch.stage_reader import Stage
from mailweave.batch.worker import Order
from mailweave.campaign import Campaign
from mailweave.decisions import Selection, Skip
from mailweave.diagnostics import diagnose
from mailweave.message import Email
from mailweave.message.addresses import is_address

PROOFS: Final = "seeds"
_LOOKED_AT, _AT_ONCE, _MAILS = 2_000, 100, 20


def read_seeds(path: Path) -> tuple[str, ...]:
    """The addresses of a file, one a line. Raises BatchError for a line that is none."""
    seeds = read_lines(path)
    for number, seed in enumerate(seeds, 1):
        if not is_address(seed):
            what, todo = f"number {number} of {path.name} is no plain address", "write one address a line"
            raise BatchError([diagnose("MW818", place="--seeds", what=what, todo=todo)])
    return seeds


def write_proofs(
    stage: Stage, order: Order, campaign: Campaign, seeds: tuple[str, ...], recipients: int
) -> dict[str, int]:
    """Writes the proofs of a batch beside its shards, and counts them."""
    form = FORMATS[order.format]
    renderer = ShardRenderer(campaign, order.now, order.context, form.piece, order.send_id, cuts=form.cuts)
    mails = list(_covering(stage, renderer, min(recipients, _LOOKED_AT)))
    pieces = [
        form.piece(selected(chosen, proof_of(email, seed))) for seed in seeds for chosen, email in mails
    ]
    folder = order.folder / PROOFS
    folder.mkdir(exist_ok=True)
    if form.shared is not None:
        write_sheets(order.folder, form.shared(pieces))
    Disk().write(folder / f"000000{form.suffix}", form.gather(pieces))
    return {"addresses": len(seeds), "mails": len(mails), "proofs": len(pieces)}


def _covering(stage: Stage, renderer: ShardRenderer, stop: int) -> Iterator[tuple[Selection, Email]]:
    """The mail of each recipient who shows a block that none before shows."""
    seen: set[tuple[str, str]] = set()
    left = _MAILS
    for start in range(0, stop, _AT_ONCE):
        for _, _, recipient in stage.read(start, min(start + _AT_ONCE, stop)):
            made = None if recipient is None or not left else renderer.tried(recipient)
            if made is None or isinstance(made, Skip):
                continue
            shown = {(slot, block) for slot, blocks in made[0].items() for block in blocks}
            if not shown <= seen or not seen:
                seen |= shown
                left -= 1
                yield made


def proof_of(email: Email, address: str) -> Email:
    """The same mail to another address, as one of its own."""
    envelope: Any = email.envelope._replace(to=address, to_name="", unsubscribe_url="", return_path="")
    return replace(email, key=f"seed {address} {email.key}", envelope=envelope)
