"""Lists of recipients: read, decided and rendered by a pool of workers, and nothing lost."""

from mailweave.batch.batches import render_batches
from mailweave.batch.ledger import BatchError
from mailweave.batch.run import Progress, Stopped, run

__all__ = ["BatchError", "Progress", "Stopped", "render_batches", "run"]
