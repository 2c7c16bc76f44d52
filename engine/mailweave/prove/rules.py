"""From a rule text, or the campaign around it, to what is proved of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mailweave.diagnostics import Diagnostic, Severity, ordered
from mailweave.rules.lists import knowing
from mailweave.rules.prover.default_values import NOW
from mailweave.rules.prover.solver import BUDGET
from mailweave.source import Source

_MOST = 500
"""Questions that a check asks: intervals answer as many in about a second."""


def prove_quickly(source: Source, context: Mapping[str, Any] | None = None) -> tuple[Diagnostic, ...]:
    """The faults of a rule text that intervals alone prove; nothing of a text with errors, and nothing undecided.

    context: the campaign's own, which may fill the lists of everybody.
    """
    from mailweave.rules.checker import check
    from mailweave.rules.parser import parse
    from mailweave.rules.prover.proofs import proved_quickly
    from mailweave.rules.prover.prover import Prover

    document = check(parse(source).document, proofs=False).document
    if document is None:
        return ()
    known = replace(document, schema=knowing(document.schema, context or {}))
    return proved_quickly(Prover(known, with_smt=False, most=_MOST))


def prove_rules(
    source: Source, folder: Path | None = None, *, now: int = NOW, budget: int = BUDGET
) -> tuple[Diagnostic, ...]:
    """What is proved of a rule text, or its errors where it has any.

    folder: the campaign that the rules are of, whose templates are then read too. now: the moment of the decisions of
    the recipients that show it, in microseconds since 1970. budget: milliseconds for one question; what takes longer
    is reported as undecided.
    """
    from mailweave.decisions import compile_decisions_checked
    from mailweave.prove.branches import unreachable_branches
    from mailweave.prove.experiments import meeting_experiments
    from mailweave.prove.leaks import leaks
    from mailweave.prove.sensitive import unequal_offers
    from mailweave.prove.ways import campaign_readers, own_context
    from mailweave.rules.checker import check
    from mailweave.rules.parser import parse
    from mailweave.rules.prover.proofs import proved
    from mailweave.rules.prover.prover import Prover

    parsed = parse(source)
    checked = check(parsed.document, proofs=False)
    if checked.document is None:
        found = (*parsed.diagnostics, *checked.diagnostics)
        return ordered(d for d in found if d.severity is Severity.ERROR)
    program = compile_decisions_checked(checked.document)
    program = program if folder is None else program.knowing(own_context(folder))
    prover = Prover(program.document, now, budget)
    whole = [*proved(prover), *meeting_experiments(program.document, prover)]
    whole += unequal_offers(program, prover)
    if folder is not None:
        readers = campaign_readers(folder, program)
        whole += [*leaks(readers, program, prover), *unreachable_branches(readers, program, prover)]
    return ordered(whole)
