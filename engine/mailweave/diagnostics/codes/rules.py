"""MW1xx and MW2xx: the rule language; MW30x to MW34x and MW39x: choices as written."""

from mailweave.diagnostics.codes import rules_choice, rules_meaning, rules_syntax
from mailweave.diagnostics.model import Code

CODES: tuple[Code, ...] = (*rules_syntax.CODES, *rules_meaning.CODES, *rules_choice.CODES)
