"""From checked rules, or from their text, to a program."""

from __future__ import annotations

from collections.abc import Mapping

from mailweave.diagnostics import RuleError
from mailweave.rules import cache
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.codegen import generate
from mailweave.rules.program import Program
from mailweave.rules.trace import TracedProgram
from mailweave.rules.typed import Expr
from mailweave.source import Source


def compile_checked(
    checked: CheckedDocument,
    *,
    conditions: Mapping[str, Expr] | None = None,
    values: Mapping[str, Expr] | None = None,
    partial: bool = False,
) -> Program:
    """The program for checked rules.

    Each of `conditions` becomes one more bit of the mask, each of `values` a number, an amount or a time that
    `Program.value` answers on demand. With `partial`, a required attribute that a recipient lacks reads as
    missing instead of being bad data: so `test` statements are run.
    """
    extra = conditions or {}
    generated = generate(checked, conditions=extra, values=values or {}, partial=partial)
    return Program(generated, checked.source.name, lambda: TracedProgram(checked, extra, partial=partial))


def compile_rules(text: str, *, name: str = "<rules>") -> Program:
    """The program for a rule text; `name` is what findings call it.

    Programs are kept between runs (see mailweave.rules.cache). Raises RuleError, whose `diagnostics` hold
    every finding.
    """
    source = Source(name, text)
    kept = cache.fetch(source)
    if kept is not None:
        return Program(kept, name, lambda: TracedProgram(checked_rules(source), {}, partial=False))
    program = compile_checked(checked_rules(source))
    cache.keep(source, program.generated)
    return program


def checked_rules(source: Source) -> CheckedDocument:
    """A rule text, parsed and checked. Raises RuleError."""
    # the grammar takes a while to load, and a cached program does without it
    from mailweave.rules.checker import check
    from mailweave.rules.parser import parse

    parsed = parse(source)
    checked = check(parsed.document)
    if checked.document is None:
        raise RuleError([*parsed.diagnostics, *checked.diagnostics])
    return checked.document
