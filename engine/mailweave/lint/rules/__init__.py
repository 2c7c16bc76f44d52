"""The rules, one a module; the docstring of a module is the rule's page in docs/lint."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from mailweave.lint.rule import Rule


def modules() -> tuple[str, ...]:
    """The names of the modules that hold a rule each."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def every() -> tuple[Rule, ...]:
    """All rules, by code."""
    found: list[Rule] = [import_module(f"{__name__}.{name}").RULE for name in modules()]
    return tuple(sorted(found, key=lambda rule: rule.code))


def page_of(rule: Rule) -> str:
    """The name of the module of a rule, and of its page."""
    return next(name for name in modules() if import_module(f"{__name__}.{name}").RULE is rule)
