"""Rules over whole campaigns: one rule, one file, whose docstring is its page in docs/lint."""

from mailweave.lint.run import RULES, check, findings

__all__ = ["RULES", "check", "findings"]
