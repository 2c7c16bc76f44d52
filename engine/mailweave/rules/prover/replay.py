"""Whether what was asked is so for one recipient, by the evaluators: never by what found the recipient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mailweave.rules.checked import CheckedDocument
from mailweave.rules.compiler import compile_checked
from mailweave.rules.program import Program
from mailweave.rules.prover.default_values import item
from mailweave.rules.prover.questions import Filled, Holds, Question, answered, atoms
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.reference_evaluator import RecipientValues
from mailweave.rules.typed import InSegment
from mailweave.rules.validation import BadData, ValidatedRecipient
from mailweave.values.invalid_value import InvalidValue


class Sample:
    """One recipient, and what the naive interpreter says of them, which does not check the data."""

    def __init__(self, document: CheckedDocument, recipient: Recipient) -> None:
        self.recipient = recipient
        events = list(recipient.events)
        self._person = RecipientValues(
            document, recipient.profile, events, recipient.context, recipient.moment, recipient.arms
        )
        self._lists: dict[str, Any] = recipient.profile.get("lists") or {}
        self._inside: dict[str, bool] = {}

    def is_so(self, question: Question) -> bool:
        """Whether a question is so of this recipient."""
        return answered(question, self._answer)

    def is_in(self, segment: str) -> bool:
        """Whether this recipient is in a segment."""
        if segment not in self._inside:
            self._inside[segment] = self._person.is_in(segment)
        return self._inside[segment]

    def _answer(self, atom: Holds | Filled) -> bool:
        if isinstance(atom, Filled):
            return bool(self._lists.get(atom.list))
        if isinstance(atom.condition, InSegment):
            return self.is_in(atom.condition.name)
        return self._person.ask(atom.condition) is True


def known_context(document: CheckedDocument, recipient: Recipient) -> Mapping[str, Any]:
    """The context of a recipient; a catalogue that is known to have items, and is not in it, has a plain one."""
    lists, catalogs = document.schema.lists.values(), document.schema.catalogs
    full = [each.everybody for each in lists if each.is_filled and each.everybody is not None]
    if not full:
        return recipient.context
    given = recipient.context.get("catalogs") or {}
    known = {name: [item(catalogs[name])] for name in full}
    return {**recipient.context, "catalogs": {**known, **given}}


class Gate:
    """Whether the data of a recipient is in order; `inputs`: what conditions read of them."""

    def __init__(self, document: CheckedDocument) -> None:
        self._program = compile_checked(document)
        self.inputs = self._program.generated.inputs

    def admits(self, recipient: Recipient) -> bool:
        """Whether no field of a recipient is refused."""
        try:
            _admitted(self._program, recipient)
        except (BadData, InvalidValue):
            return False
        return True

    def segments(self, recipient: Recipient) -> frozenset[str]:
        """The segments that a recipient is in, by the compiled program."""
        return self._program.evaluation(_admitted(self._program, recipient)).segments


class Replay:
    """The compiled program for many questions, which checks the data too."""

    def __init__(self, document: CheckedDocument, questions: Iterable[Question]) -> None:
        found = (a.condition for question in questions for a in atoms(question) if isinstance(a, Holds))
        self._names = {condition: f"asked.{at}" for at, condition in enumerate(dict.fromkeys(found))}
        named = {name: condition for condition, name in self._names.items()}
        self._program = compile_checked(document, conditions=named)

    def is_so(self, question: Question, recipient: Recipient) -> bool:
        """Whether a question is so; not for a recipient whose data is refused."""
        try:
            admitted = _admitted(self._program, recipient)
        except BadData:
            return False
        conditions = self._program.evaluation(admitted).conditions

        def answer(atom: Holds | Filled) -> bool:
            if isinstance(atom, Filled):
                return bool(admitted.lists.get(atom.list))
            return self._names[atom.condition] in conditions

        return answered(question, answer)


def _admitted(program: Program, recipient: Recipient) -> ValidatedRecipient:
    """The recipient in their arms. Raises BadData."""
    admitted = program.admit(
        recipient.profile, recipient.events, context=recipient.context, now=recipient.now
    )
    return admitted.in_arms(recipient.arms)
