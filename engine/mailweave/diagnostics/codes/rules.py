"""MW1xx and MW2xx: the rule language."""

from mailweave.diagnostics.model import Code

CODES: tuple[Code, ...] = ()
