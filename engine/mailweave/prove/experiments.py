"""Pairs of experiments that meet on the same recipients: exposed to both, by the hash that decides it."""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.decisions import DecisionProgram, compile_decisions_checked
from mailweave.diagnostics import Diagnostic, Related, diagnose
from mailweave.prove.bucketing import placed
from mailweave.rules import checked as c
from mailweave.rules.prover.experiments import meetings
from mailweave.rules.prover.findings import Findings
from mailweave.rules.prover.prover import Found, Prover, Undecided
from mailweave.rules.prover.recipients import Recipient


def meeting_experiments(document: c.CheckedDocument, prover: Prover) -> Iterator[Diagnostic]:
    """A warning for each pair, with somebody who is exposed to both."""
    program: DecisionProgram | None = None
    findings = Findings(prover)
    for one, other, question in meetings(document):
        answer = prover.ask(question)
        if isinstance(answer, Found):
            program = program or compile_decisions_checked(document)
            recipient = findings.example(question)
            shown = recipient and _exposed(program, recipient, frozenset((one.name, other.name)))
            if shown:
                yield _meet(document, one, other, shown.as_json())
        elif isinstance(answer, Undecided):
            what = f"`{one.name}` and `{other.name}` meet on the same recipients"
            yield diagnose("MW930", document.source, other.span, what=what, reason=answer.reason)


def _exposed(program: DecisionProgram, recipient: Recipient, both: frozenset[str]) -> Recipient | None:
    return placed(program, recipient, both, lambda selection: both <= set(selection.arms))


def _meet(
    document: c.CheckedDocument, one: c.AnyExperiment, other: c.AnyExperiment, witness: dict[str, object]
) -> Diagnostic:
    related = (Related("the other experiment", document.source, one.span),)
    return diagnose(
        "MW918",
        document.source,
        other.span,
        related=related,
        shown_by=witness,
        one=one.name,
        other=other.name,
    )
