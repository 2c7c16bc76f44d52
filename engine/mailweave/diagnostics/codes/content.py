"""MW6xx: blocks, links, sizes."""

from mailweave.diagnostics.model import Code

CODES: tuple[Code, ...] = ()
