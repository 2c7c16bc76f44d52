"""MW2xx: names, types and meaning of rules."""

from mailweave.diagnostics.model import Code

CODES: tuple[Code, ...] = ()
