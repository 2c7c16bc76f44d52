"""What the checks of one kind of expression ask of the checker of all."""

from __future__ import annotations

from typing import Protocol

from mailweave.rules import nodes as n
from mailweave.rules import typed as x
from mailweave.rules.checker.declarations import Declarations
from mailweave.rules.checker.findings import Findings
from mailweave.rules.checker.names import Names
from mailweave.rules.checker.scope import Scope
from mailweave.rules.checker.varying import Varying
from mailweave.rules.checker.windows import window_of
from mailweave.rules.typed import Window
from mailweave.schema.model import Schema
from mailweave.source import Span


class Typing(Protocol):
    """Gives expressions their types. None stands for what has been reported."""

    names: Names
    schema: Schema
    declarations: Declarations
    findings: Findings
    varying: Varying

    def condition(self, node: n.Expression, scope: Scope = ...) -> x.Expr | None:
        """An expression that must be a condition."""

    def value(self, node: n.Expression, scope: Scope = ...) -> x.Expr | None:
        """An expression of any type."""

    def settle(self, node: n.Expression, scope: Scope) -> tuple[n.Expression, Scope]:
        """What a parameter stands for, where it was given."""
        ...

    def resolves(self, name: str, scope: Scope) -> bool:
        """Whether a bare name is declared where it stands."""
        ...

    def attribute(self, name: str, span: Span) -> x.Attribute | None:
        """The attribute of a name."""


def read_window(typing: Typing, node: n.Window, scope: Scope) -> Window | None:
    """A window, its length from the call where a parameter gives it."""
    length = None
    if isinstance(node.length, n.Reference) and node.length.id in scope.parameters:
        length, _ = typing.settle(node.length, scope)
    return window_of(node, length, typing.findings, typing.declarations.literals)
