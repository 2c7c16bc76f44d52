"""What goes wrong while a template is parsed or rendered, before it becomes a finding.

All are python-liquid errors, so that its nodes give them the place where they arose.
"""

from __future__ import annotations

from liquid.exceptions import FilterArgumentError, LiquidError, LiquidSyntaxError
from liquid.token import Token


class FilterFailed(FilterArgumentError):
    """A filter cannot work with a value; the message never holds the value."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem, token=None)


class FilterRaised(FilterFailed):
    """A caller's own filter raised something; only its type is told, for its words may hold data."""

    def __init__(self, problem: Exception, token: Token | None = None) -> None:
        super().__init__(type(problem).__name__)
        self.token = token


class Foreign(LiquidError):
    """Something raised that no template can raise: a fault of ours, or of a library."""

    def __init__(self, problem: Exception, token: Token | None) -> None:
        super().__init__(type(problem).__name__, token=token)
        self.is_deep = isinstance(problem, RecursionError)


class NotPlain(LiquidError):
    """A value is no plain data."""

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name
        super().__init__(f"a value of type {type_name} is no plain data", token=None)


class MissingVariable(LiquidError):
    """A name is not in the data."""

    def __init__(self, name: str, token: Token | None) -> None:
        self.name = name
        super().__init__(f"{name} is missing", token=token)


class NotStrict(LiquidSyntaxError):
    """Syntax that Ruby's strict2 mode refuses."""


class SlotMisplaced(LiquidSyntaxError):
    """A slot stands where none can."""


class NotCompilable(Exception):
    """A template uses something that generated code does not do; it is interpreted."""
