"""Findings of a proof: made one by one, and replayed together before any is shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from mailweave.diagnostics import Diagnostic, Related, diagnose
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.prover.prover import Found, Nobody, Prover, Undecided
from mailweave.rules.prover.questions import Question
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.replay import Replay
from mailweave.source import Span


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding, the recipient who shows it, and what must be so of them."""

    diagnostic: Diagnostic
    recipient: Recipient | None
    claim: Question | None
    stands_alone: bool
    """Whether it is proved without the recipient, who then only illustrates it."""


@dataclass(slots=True)
class Findings:
    """What one run over a rule text found."""

    prover: Prover
    found: list[Shown] = field(default_factory=list)

    @property
    def document(self) -> CheckedDocument:
        """The rule text at hand."""
        return self.prover.document

    def report(
        self,
        code: str,
        span: Span,
        claim: Question | None = None,
        related: tuple[tuple[str, Span], ...] = (),
        *,
        stands_alone: bool = True,
        **facts: Any,
    ) -> None:
        """Adds a finding; whoever makes `claim` so shows it. `stands_alone`: it is so without them."""
        recipient = None if claim is None else self.example(claim)
        others = tuple(Related(words, self.document.source, other) for words, other in related)
        made = diagnose(code, self.document.source, span, related=others, **facts)
        self.found.append(Shown(made, recipient, claim, stands_alone))

    def example(self, claim: Question) -> Recipient | None:
        """The plainest recipient who makes something so, if one is found."""
        answer = self.prover.ask(claim)
        return self.prover.plain(claim, answer.recipient) if isinstance(answer, Found) else None

    def is_nobody(self, question: Question, span: Span, what: str, within: str | None = None) -> bool | None:
        """Whether a question is so for nobody; None, and reported, where that is undecided."""
        answer = self.prover.ask(question, within)
        if isinstance(answer, Undecided):
            self.report("MW930", span, what=what, reason=answer.reason)
            return None
        return isinstance(answer, Nobody)

    def replayed(self) -> tuple[Diagnostic, ...]:
        """Every finding; an example that does not stand when the compiled rules judge it is left out."""
        claims = [shown.claim for shown in self.found if shown.claim is not None and shown.recipient]
        replay = Replay(self.document, claims) if claims else None
        return tuple(self._replayed(shown, replay) for shown in self.found)

    def _replayed(self, shown: Shown, replay: Replay | None) -> Diagnostic:
        if shown.recipient is None or shown.claim is None or replay is None:
            return shown.diagnostic
        if replay.is_so(shown.claim, shown.recipient):
            return replace(shown.diagnostic, witness=shown.recipient.as_json())
        return shown.diagnostic if shown.stands_alone else _doubted(shown.diagnostic)


def _doubted(found: Diagnostic) -> Diagnostic:
    """A finding whose example does not stand: an undecided question."""
    what, reason = found.message, "its example does not stand when it is replayed"
    return diagnose("MW930", found.source, found.span, related=found.related, what=what, reason=reason)
