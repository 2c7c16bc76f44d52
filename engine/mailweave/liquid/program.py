"""From a text to what both runners need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from liquid.exceptions import LiquidError

from mailweave.diagnostics import Diagnostic, Severity, TemplateError
from mailweave.liquid.attribute_limits import ATTRIBUTES, crowded
from mailweave.liquid.budget import Budget, BudgetExceeded
from mailweave.liquid.compile import Compiled, compile_template, why_not
from mailweave.liquid.dialect import DateNames, Mode, OnMissing, dialect_of, environment
from mailweave.liquid.findings import Findings
from mailweave.liquid.ir.nodes import Tree
from mailweave.liquid.lower.binding import Binder
from mailweave.liquid.parse import Mistakes, TooLarge
from mailweave.liquid.partials import as_source
from mailweave.liquid.passes.facts import Facts
from mailweave.liquid.slots import know_slots
from mailweave.source import Source


@dataclass(slots=True)
class Program:
    """A template ready to run: the tree for the interpreter, the texts it was made from, and the function, if there
    can be one.

    The function is made when it is first wanted: a check of a campaign, or a worker that shows three of
    forty blocks, does without the others. Threads may make it twice, and get the same.
    """

    template: Tree
    facts: Facts
    source: Source
    partials: Mapping[str, Source]
    slots: tuple[str, ...]
    findings: Findings
    notes: tuple[Diagnostic, ...]
    reason: str = ""  # why there is no function, once it was wanted
    _compiled: Compiled | None = None
    _is_made: bool = False

    def knowing(self, facts: Facts) -> Program:
        """The same, where more is known."""
        return replace(self, facts=facts, reason="", _compiled=None, _is_made=False)

    @property
    def compiled(self) -> Compiled | None:
        """The generated function, or None when the template can only be interpreted."""
        if not self._is_made:
            try:
                self._compiled = compile_template(self.template, self.facts, self.source)
            except Exception as problem:  # noqa: BLE001  # on any doubt it is interpreted; tests know what to expect
                self.reason = why_not(problem)
            self._is_made = True
        return self._compiled


def build(
    source: Source,
    *,
    escape: str,
    constants: Mapping[str, Any],
    members: Mapping[str, Mapping[str, Any]],
    undefined: OnMissing,
    mode: Mode,
    budget: Budget,
    partials: Mapping[str, str | Source],
    filters: Mapping[str, Callable[..., Any]],
    trusted: bool,
    slots: tuple[str, ...],
    start: str,
    date_names: DateNames = "english",
) -> Program:
    """Parse, check and lower. Raises `TemplateError` with every finding."""
    sources = {name: as_source(text, name) for name, text in partials.items()}
    env = environment(mode)
    know_slots(env, slots)
    meaning = dialect_of(undefined, filters, budget, date_names)
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
    return Program(
        template, Facts(meaning, constants, members), source, sources, slots, findings, binder.findings
    )


def _bounded(source: Source, escape: str) -> None:
    tag = crowded(source.text) if escape == "html" else None
    if tag is not None:
        raise TooLarge(f"{tag[1]} attributes in one tag, where {ATTRIBUTES} are allowed", tag[0])


def _refuse(found: list[Diagnostic]) -> None:
    if any(one.severity is Severity.ERROR for one in found):
        raise TemplateError(found)
