"""The prover: boxes where they decide, z3 where it must, and the evaluators in the last word."""

from __future__ import annotations

from dataclasses import dataclass, field

from mailweave.rules.checked import CheckedDocument
from mailweave.rules.prover.boxes import boxes_of
from mailweave.rules.prover.default_values import NOW
from mailweave.rules.prover.drafts import drafted
from mailweave.rules.prover.questions import Question
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.replay import Gate, Sample
from mailweave.rules.prover.shrinking import shrunk
from mailweave.rules.prover.smt import has_smt
from mailweave.rules.prover.solver import BUDGET, Answer, Found, Nobody, Undecided, solved
from mailweave.rules.reference_evaluator import RecipientValues
from mailweave.rules.regions.boxes import Box, Space
from mailweave.values.instants import to_datetime
from mailweave.values.invalid_value import InvalidValue

_MOST_DRAFTS = 5
_LATEST = 25  # samples that are tried for a question about nobody in particular

__all__ = ["Answer", "Found", "Nobody", "Prover", "Undecided"]


@dataclass(slots=True)
class Prover:
    """Answers questions about the recipients of one rule text.

    now: the moment of the decisions of examples, in microseconds. budget: milliseconds of z3 for one question.
    with_smt: False where boxes alone shall decide. most: questions that are worked out; those beyond are undecided.
    """

    document: CheckedDocument
    now: int = NOW
    budget: int = BUDGET
    with_smt: bool = field(default_factory=has_smt)
    most: int | None = None
    _known: dict[Question, Answer] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    _gate: Gate | None = None
    _masks: dict[str, tuple[int, int]] = field(default_factory=dict)

    def ask(self, question: Question, within: str | None = None) -> Answer:
        """A recipient for whom a question is so; or that there is nobody.

        `within`: a segment that they must be in, where that is known: then all its members are tried first.
        """
        for sample in self._likely(within):  # whoever answered another question may answer this one
            if sample.is_so(question):
                return Found(sample.recipient)
        if question not in self._known:
            is_over = self.most is not None and len(self._known) >= self.most
            self._known[question] = (
                Undecided("there are too many questions") if is_over else self._asked(question)
            )
        return self._known[question]

    def _likely(self, within: str | None) -> list[Sample]:
        if within is None:
            return self.samples[-_LATEST:]
        bits = self._members(within)
        return [sample for at, sample in enumerate(self.samples) if bits >> at & 1]

    def _asked(self, question: Question) -> Answer:
        found = boxes_of(self.document, question)
        if found is not None and not found[1]:
            return Nobody()
        drafted = None if found is None else self._drafted(question, *found)
        if drafted is not None:
            return self._remembered(drafted)
        if not self.with_smt:
            return Undecided("intervals cannot tell; install mailweave[prove], which brings z3")
        answer = solved(
            self.document,
            question,
            lambda each: self._stands(question, each),
            now=self.now,
            budget=self.budget,
        )
        return self._remembered(answer.recipient) if isinstance(answer, Found) else answer

    def _remembered(self, recipient: Recipient) -> Found:
        inside = self._door().segments(recipient)
        self.samples.append(Sample(self.document, recipient, inside))
        return Found(recipient)

    def _drafted(self, question: Question, space: Space, boxes: list[Box]) -> Recipient | None:
        """Somebody in one of the boxes, if one that is put together stands."""
        nobody = RecipientValues(self.document, {}, [], {}, to_datetime(self.now))
        for box in boxes[:_MOST_DRAFTS]:
            try:
                draft = drafted(self.document.schema, space, box, self.now).recipient(nobody)
            except (ArithmeticError, ValueError, TypeError):  # of a value that its type does not hold
                continue
            if self._stands(question, draft):
                return draft
        return None

    def plain(self, question: Question, recipient: Recipient) -> Recipient:
        """The smallest and plainest example that is found from this one."""
        return shrunk(self.document.schema, recipient, lambda each: self._stands(question, each))

    def _stands(self, question: Question, recipient: Recipient) -> bool:
        try:
            return Sample(self.document, recipient).is_so(question) and self._door().admits(recipient)
        except (InvalidValue, ArithmeticError, ValueError, TypeError, KeyError):  # data that no schema admits
            return False

    def _door(self) -> Gate:
        if self._gate is None:
            self._gate = Gate(self.document)
        return self._gate

    def tells_apart(self, one: str, other: str) -> bool:
        """Whether somebody is known who is in the one segment alone, and somebody who is in the other alone."""
        mine, yours = self._members(one), self._members(other)
        return bool(mine & ~yours and yours & ~mine)

    def _members(self, segment: str) -> int:
        """Which of the samples are in a segment, as bits."""
        seen, bits = self._masks.get(segment, (0, 0))
        for at in range(seen, len(self.samples)):
            bits |= self.samples[at].is_in(segment) << at
        self._masks[segment] = (len(self.samples), bits)
        return bits
