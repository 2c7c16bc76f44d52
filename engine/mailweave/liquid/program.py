"""From a text to what both runners need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from liquid.exceptions import LiquidError, UnknownFilterError

from mailweave.diagnostics import Diagnostic, Severity, TemplateError
from mailweave.liquid.budget import Budget, BudgetExceeded
from mailweave.liquid.compiler import Compiled, compile_template
from mailweave.liquid.dialect import Dialect, Name, OnMissing, dialect_of, environment
from mailweave.liquid.findings import Findings
from mailweave.liquid.interpreter import PartialText
from mailweave.liquid.parse import Mistakes, TooLarge
from mailweave.liquid.partials import PartialLoader
from mailweave.liquid.slots import know_slots
from mailweave.liquid.tree.binding import Binder
from mailweave.liquid.tree.filters_used import unknown_filters
from mailweave.liquid.tree.slots_used import misplaced
from mailweave.source import Source


class Program:
    """A template ready to run: the tree for the interpreter, and the function, if there can be one.

    The function is made when it is first wanted: a check of a campaign, or a worker that shows three of
    forty blocks, does without the others. Threads may make it twice, and get the same.
    """

    __slots__ = ("_compiled", "_make", "dialect", "template")

    def __init__(self, template: PartialText, dialect: Dialect, make: Callable[[], Compiled | None]) -> None:
        self.template, self.dialect = template, dialect
        self._make: Callable[[], Compiled | None] | None = make
        self._compiled: Compiled | None = None

    @property
    def compiled(self) -> Compiled | None:
        """The generated function, or None when the template can only be interpreted."""
        make = self._make
        if make is not None:
            self._compiled = make()
            self._make = None
        return self._compiled


@dataclass(frozen=True, slots=True)
class Built:
    """A program and the texts it was made from."""

    program: Program
    findings: Findings
    notes: tuple[Diagnostic, ...]
    source: Source
    partials: Mapping[str, str | Source]
    slots: tuple[str, ...]


def build(
    source: Source,
    *,
    escape: str,
    constants: Mapping[str, Any],
    undefined: OnMissing,
    dialect: Name,
    budget: Budget,
    partials: Mapping[str, str | Source],
    filters: Mapping[str, Callable[..., Any]],
    trusted: bool,
    slots: tuple[str, ...],
    start: str,
) -> Built:
    """Parse, check, transform and compile. Raises `TemplateError` with every finding."""
    loader = PartialLoader(partials)
    env = environment(dialect, undefined, loader)
    know_slots(env, slots)
    meaning = dialect_of(env, dialect, undefined, filters, budget)
    findings = Findings(source, loader.sources.values(), meaning.filters)
    binder = Binder(env, meaning, loader)
    loader.bind = binder.load
    try:
        template = binder.root(source, mode=escape, start=start, trusted=trusted)
        problems = (*binder.problems, *_unknown(binder, meaning), *misplaced(template.nodes))
        problems += tuple(
            one for nodes in binder.partial_trees() for one in misplaced(nodes, inside="a partial")
        )
        _refuse([*binder.findings, *(findings.of(one) for one in problems)])
    except (LiquidError, TooLarge) as problem:
        kind = BudgetExceeded if isinstance(problem, TooLarge) else TemplateError
        all_ = problem.found if isinstance(problem, Mistakes) else (problem,)
        raise kind(map(findings.of, all_)) from problem
    make = partial(compile_template, template, meaning, constants, source)
    program = Program(template, meaning, make)
    return Built(program, findings, binder.findings, source, partials, slots)


def _unknown(binder: Binder, meaning: Dialect) -> list[UnknownFilterError]:
    if not meaning.nil_for_missing:
        return []  # python-liquid speaks up when it gets there
    return [error for nodes in binder.trees() for error in unknown_filters(nodes, meaning.filters)]


def _refuse(found: list[Diagnostic]) -> None:
    if any(one.severity is Severity.ERROR for one in found):
        raise TemplateError(found)
