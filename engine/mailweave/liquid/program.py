"""From a text to what both runners need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from liquid.exceptions import LiquidError

from mailweave.diagnostics import Diagnostic, Severity, TemplateError
from mailweave.liquid.attribute_limits import ATTRIBUTES, crowded
from mailweave.liquid.budget import Budget, BudgetExceeded
from mailweave.liquid.compile import Compiled, compile_template, why_not
from mailweave.liquid.dialect import Dialect, Mode, OnMissing, dialect_of, environment
from mailweave.liquid.findings import Findings
from mailweave.liquid.ir.nodes import Tree
from mailweave.liquid.lower.binding import Binder
from mailweave.liquid.parse import Mistakes, TooLarge
from mailweave.liquid.partials import as_source
from mailweave.liquid.slots import know_slots
from mailweave.source import Source


class Program:
    """A template ready to run: the tree for the interpreter, and the function, if there can be one.

    The function is made when it is first wanted: a check of a campaign, or a worker that shows three of
    forty blocks, does without the others. Threads may make it twice, and get the same.
    """

    __slots__ = ("_compiled", "_make", "dialect", "reason", "template")

    def __init__(self, template: Tree, dialect: Dialect, make: Callable[[], Compiled]) -> None:
        self.template, self.dialect = template, dialect
        self._make: Callable[[], Compiled] | None = make
        self._compiled: Compiled | None = None
        self.reason = ""  # why there is no function, once it was wanted

    @property
    def compiled(self) -> Compiled | None:
        """The generated function, or None when the template can only be interpreted."""
        make = self._make
        if make is not None:
            try:
                self._compiled = make()
            except Exception as problem:  # noqa: BLE001  # on any doubt it is interpreted; tests know what to expect
                self.reason = why_not(problem)
            self._make = None
        return self._compiled


@dataclass(frozen=True, slots=True)
class Built:
    """A program and the texts it was made from."""

    program: Program
    findings: Findings
    notes: tuple[Diagnostic, ...]
    source: Source
    partials: Mapping[str, Source]
    slots: tuple[str, ...]


def build(
    source: Source,
    *,
    escape: str,
    constants: Mapping[str, Any],
    undefined: OnMissing,
    mode: Mode,
    budget: Budget,
    partials: Mapping[str, str | Source],
    filters: Mapping[str, Callable[..., Any]],
    trusted: bool,
    slots: tuple[str, ...],
    start: str,
) -> Built:
    """Parse, check and lower. Raises `TemplateError` with every finding."""
    sources = {name: as_source(text, name) for name, text in partials.items()}
    env = environment(mode)
    know_slots(env, slots)
    meaning = dialect_of(undefined, filters, budget)
    findings = Findings(source, sources.values(), meaning.filters)
    binder = Binder(env, meaning, sources, escape, trusted)
    try:
        _bounded(source, escape)
        template = binder.root(source, start)
        _refuse([*binder.findings, *map(findings.of, binder.problems(template))])
    except (LiquidError, TooLarge, RecursionError) as problem:
        kind = TemplateError if isinstance(problem, LiquidError) else BudgetExceeded
        all_ = problem.found if isinstance(problem, Mistakes) else (problem,)
        raise kind(map(findings.of, all_)) from problem
    program = Program(template, meaning, lambda: compile_template(template, meaning, constants, source))
    return Built(program, findings, binder.findings, source, sources, slots)


def _bounded(source: Source, escape: str) -> None:
    tag = crowded(source.text) if escape == "html" else None
    if tag is not None:
        raise TooLarge(f"{tag[1]} attributes in one tag, where {ATTRIBUTES} are allowed", tag[0])


def _refuse(found: list[Diagnostic]) -> None:
    if any(one.severity is Severity.ERROR for one in found):
        raise TemplateError(found)
