"""MW1xx and MW2xx: the rule language."""

from mailweave.diagnostics.codes import rules_meaning, rules_syntax
from mailweave.diagnostics.model import Code

CODES: tuple[Code, ...] = (*rules_syntax.CODES, *rules_meaning.CODES)
