"""MW7xx: AMP for Email."""

from mailweave.diagnostics.model import Code

CODES: tuple[Code, ...] = ()
