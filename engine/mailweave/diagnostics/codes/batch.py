"""MW8xx: lists of recipients."""

from mailweave.diagnostics.model import Code

CODES: tuple[Code, ...] = ()
