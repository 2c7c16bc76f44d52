"""MW4xx: Liquid templates."""

from mailweave.diagnostics.model import Code

CODES: tuple[Code, ...] = ()
