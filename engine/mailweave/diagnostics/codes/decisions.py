"""MW3xx: slots, blocks, matrices, experiments, tests."""

from mailweave.diagnostics.model import Code

CODES: tuple[Code, ...] = ()
