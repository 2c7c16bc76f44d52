"""Liquid: compiled, escaped for the place where each output stands, bounded."""

from mailweave.liquid.budget import Budget, BudgetExceeded
from mailweave.liquid.pair import TemplatePair
from mailweave.liquid.template import Template

__all__ = ["Budget", "BudgetExceeded", "Template", "TemplatePair"]
