"""MW5xx: HTML, CSS and plain text."""

from mailweave.diagnostics.model import Code

CODES: tuple[Code, ...] = ()
