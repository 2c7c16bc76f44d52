"""MW0xx: campaign folders and files."""

from mailweave.diagnostics.model import Code

CODES: tuple[Code, ...] = ()
