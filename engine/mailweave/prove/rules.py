"""From a rule text, or the campaign around it, to what is proved of it."""

from __future__ import annotations

from pathlib import Path

from mailweave.diagnostics import Diagnostic, Severity, ordered
from mailweave.rules.prover.default_values import NOW
from mailweave.rules.prover.solver import BUDGET
from mailweave.source import Source

_MOST = 500
"""Questions that a check asks: intervals answer as many in about a second."""


def prove_quickly(source: Source) -> tuple[Diagnostic, ...]:
    """The faults of a rule text that intervals alone prove; nothing of a text with errors, and nothing undecided."""
    from mailweave.rules.checker import check
    from mailweave.rules.parser import parse
    from mailweave.rules.prover.proofs import proved_quickly
    from mailweave.rules.prover.prover import Prover

    document = check(parse(source).document, proofs=False).document
    return () if document is None else proved_quickly(Prover(document, with_smt=False, most=_MOST))


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
    from mailweave.prove.ways import campaign_readers
    from mailweave.rules.checker import check
    from mailweave.rules.parser import parse
    from mailweave.rules.prover.proofs import proved
    from mailweave.rules.prover.prover import Prover

    parsed = parse(source)
    checked = check(parsed.document, proofs=False)
    if checked.document is None:
        found = (*parsed.diagnostics, *checked.diagnostics)
        return ordered(d for d in found if d.severity is Severity.ERROR)
    prover = Prover(checked.document, now, budget)
    whole = [*proved(prover), *meeting_experiments(checked.document, prover)]
    program = compile_decisions_checked(checked.document)
    whole += unequal_offers(program, prover)
    if folder is not None:
        readers = campaign_readers(folder, program)
        whole += [*leaks(readers, program, prover), *unreachable_branches(readers, program, prover)]
    return ordered(whole)
