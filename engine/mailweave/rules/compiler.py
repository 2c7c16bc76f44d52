"""From checked rules, or from their text, to a program.

What only compiling needs is loaded when something is compiled: a program that comes from the cache does
without grammar, checker and code generator.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mailweave.generated_code import compile_source, show_source
from mailweave.rules import cache
from mailweave.rules.program import Program
from mailweave.source import Source

if TYPE_CHECKING:
    from mailweave.rules.checked import CheckedDocument
    from mailweave.rules.typed import Expr


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
    from mailweave.rules.codegen import generate

    name = checked.source.name
    generated = generate(checked, conditions=conditions or {}, values=values or {}, partial=partial)
    return Program(generated, compile_source(name, generated.source), name)


def compile_rules(text: str, *, name: str = "<rules>") -> Program:
    """The program for a rule text; `name` is what findings call it.

    Programs are kept between runs (see mailweave.rules.cache). Raises RuleError, whose `diagnostics` hold
    every finding.
    """
    source = Source(name, text)
    kept = cache.fetch(source)
    if kept is not None:
        show_source(kept[1], kept[0].source)
        return Program(*kept, name)
    program = compile_checked(checked_rules(source))
    cache.keep(source, program.generated, program.code)
    return program


def checked_rules(source: Source) -> CheckedDocument:
    """A rule text, parsed and checked. Raises RuleError."""
    from mailweave.diagnostics import RuleError
    from mailweave.rules.checker import check
    from mailweave.rules.parser import parse

    parsed = parse(source)
    checked = check(parsed.document)
    if checked.document is None:
        raise RuleError([*parsed.diagnostics, *checked.diagnostics])
    return checked.document
