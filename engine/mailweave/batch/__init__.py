"""Lists of recipients: read, decided and rendered by a pool of workers, and nothing lost.

What only the extra `batch` installs is loaded when it is used, so that the command line can say what it does without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailweave.batch.ledger import BatchError, Stuck
from mailweave.batch.options import TooManyDead
from mailweave.batch.run import Progress, Stopped, run
from mailweave.batch.segments import Counts, count_segments

if TYPE_CHECKING:
    from mailweave.batch.batches import render_batches

__all__ = [
    "BatchError",
    "Counts",
    "Progress",
    "Stopped",
    "Stuck",
    "TooManyDead",
    "count_segments",
    "render_batches",
    "run",
]


if not TYPE_CHECKING:  # a name that is not there stays an error to mypy

    def __getattr__(name: str) -> object:
        if name != "render_batches":
            raise AttributeError(f"module 'mailweave.batch' has no attribute {name!r}")
        from mailweave.batch.batches import render_batches

        return render_batches
