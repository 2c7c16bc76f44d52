"""The prover: boxes where they decide, z3 where it must, and the evaluators in the last word."""

from __future__ import annotations

from dataclasses import dataclass, field

from mailweave.rules.checked import CheckedDocument
from mailweave.rules.compiled_inputs import ArmInput
from mailweave.rules.prover.boxes import boxes_of
from mailweave.rules.prover.default_values import NOW
from mailweave.rules.prover.drafts import drafted
from mailweave.rules.prover.naming import in_their_arms
from mailweave.rules.prover.questions import Question
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.replay import Gate, Sample
from mailweave.rules.prover.samples import Samples
from mailweave.rules.prover.shrinking import shrunk
from mailweave.rules.prover.smt import has_smt
from mailweave.rules.prover.solver import BUDGET, Answer, Found, Nobody, Undecided, solved
from mailweave.rules.reference_evaluator import RecipientValues
from mailweave.rules.regions.boxes import Box, Space
from mailweave.rules.validation import BadData
from mailweave.values.instants import to_datetime
from mailweave.values.invalid_value import InvalidValue

_REFUSED = (BadData, InvalidValue, ArithmeticError, ValueError, TypeError, KeyError)  # data of no schema
_MOST_DRAFTS = 5
_LATEST = 10  # samples that are tried for a question about nobody in particular

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
    samples: Samples = field(default_factory=Samples)
    _gate: Gate | None = None

    def ask(self, question: Question, within: str | None = None) -> Answer:
        """A recipient for whom a question is so; or that there is nobody.

        `within`: a segment that they must be in, where that is known: then all its members are tried first.
        """
        likely = self.samples.latest(_LATEST) if within is None else self.samples.members(within)
        sample = self.samples.first(question, likely)  # who answered another question may answer this one
        if sample is not None:
            return Found(sample.recipient)
        if question not in self._known:
            is_over = self.most is not None and len(self._known) >= self.most
            self._known[question] = (
                Undecided("there are too many questions") if is_over else self._asked(question)
            )
        return self._known[question]

    def _asked(self, question: Question) -> Answer:
        found = boxes_of(self.document, question)
        if found is not None and not found[1]:
            return Nobody()
        drafted = None if found is None else self._drafted(question, *found)
        if drafted is not None:
            return drafted
        if not self.with_smt:
            return Undecided("intervals cannot tell; install mailweave[prove], which brings z3")
        answer = solved(
            self.document,
            question,
            lambda each: self._stands(question, each),
            now=self.now,
            budget=self.budget,
        )
        return answer if not isinstance(answer, Found) else self._kept(question, answer.recipient) or answer

    def _drafted(self, question: Question, space: Space, boxes: list[Box]) -> Found | None:
        """Somebody in one of the boxes, if one that is put together stands."""
        nobody = RecipientValues(self.document, {}, [], {}, to_datetime(self.now))
        for box in boxes[:_MOST_DRAFTS]:
            try:
                draft = drafted(self.document.schema, space, box, self.now).recipient(nobody)
            except (ArithmeticError, ValueError, TypeError):  # of a value that its type does not hold
                continue
            found = self._kept(question, draft)
            if found is not None:
                return found
        return None

    def _kept(self, question: Question, recipient: Recipient) -> Found | None:
        """Keeps somebody for the questions to come, if this one is so for them."""
        sample = Sample(self.document, recipient)
        try:
            if not sample.is_so(question):
                return None
            self.samples.add(sample, self._door().segments(recipient))
        except _REFUSED:
            return None
        return Found(recipient)

    def plain(self, question: Question, recipient: Recipient) -> Recipient:
        """The smallest and plainest example that is found from this one."""
        found = shrunk(self.document.schema, recipient, lambda each: self._stands(question, each))
        return self.named(question, found)

    def named(self, question: Question, recipient: Recipient) -> Recipient:
        """The same under a name whose hash gives the arms that the example is about, where there is one."""
        drawn = [one for one in self._door().inputs if isinstance(one, ArmInput)]
        for each in in_their_arms(self.document.schema, recipient, drawn) if drawn else ():
            if each is recipient or self._stands(question, each):
                return each
        return recipient

    def _stands(self, question: Question, recipient: Recipient) -> bool:
        try:
            return Sample(self.document, recipient).is_so(question) and self._door().admits(recipient)
        except _REFUSED:
            return False

    def _door(self) -> Gate:
        if self._gate is None:
            self._gate = Gate(self.document)
        return self._gate

    def tells_apart(self, one: str, other: str) -> bool:
        """Whether somebody is known who is in the one segment alone, and somebody who is in the other alone."""
        mine, yours = self.samples.members(one), self.samples.members(other)
        return bool(mine & ~yours and yours & ~mine)
