"""What the rules of a campaign say of one person at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from mailweave.rules import BadData, Context, Evaluation, Program, ValidatedRecipient, compile_checked
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.typed import Expr
from mailweave.triggers.person import Person
from mailweave.values.missing import is_missing


class Judged(Protocol):
    """The rules of a campaign, asked about one person; times in microseconds since 1970."""

    def zone(self, attribute: str | None) -> str:
        """The zone that an attribute names; without one, and where it is missing, that of the text."""
        ...

    def value(self, attribute: str) -> int | None:
        """A date (as a day number) or an instant; None where it is missing."""
        ...

    def is_in(self, segment: str, at: int) -> bool:
        """Whether the person is in a segment."""
        ...

    def holds(self, trigger: str, number: int, at: int) -> bool:
        """Whether the condition of a mail is true."""
        ...

    def unit(self, experiment: str, attribute: str, at: int) -> object:
        """What an experiment hashes; None for whoever is outside: without a profile, or by its `only`."""
        ...


class Rules:
    """The rules of a campaign, compiled for its triggers. context: its snapshot. key: the column of the recipient's key."""

    def __init__(self, document: CheckedDocument, context: Context, key: str) -> None:
        self._program = compile_checked(document, conditions=_conditions(document))
        experiments = document.triggers.experiments.values()
        self._asking = frozenset(one.name for one in experiments if one.only is not None)
        self._context, self._key = context, key
        self._zone = document.schema.timezone.zone

    def profile(self, person: Person) -> Mapping[str, Any]:
        """The profile of a person, or what is known without one."""
        return {self._key: person.key} if person.profile is None else person.profile

    def of(self, person: Person) -> _Of:
        """The rules about one person. Data that do not read leave all conditions untrue."""
        events = [event.plain() for event in person.events]
        try:
            admitted = self._program.admit(self.profile(person), events, context=self._context, now=0)
        except BadData:
            admitted = None
        return _Of(self._program, admitted, self._zone, self._asking if person.profile is not None else None)


class _Of:
    def __init__(
        self,
        program: Program,
        admitted: ValidatedRecipient | None,
        zone: str,
        asking: frozenset[str] | None,
    ) -> None:
        """asking: the experiments that have an `only`; None for whoever has no profile."""
        self._program, self._admitted, self._zone, self._asking = program, admitted, zone, asking

    def zone(self, attribute: str | None) -> str:
        """See `Judged`."""
        if self._admitted is None:
            return self._zone
        if attribute is None:
            return self._admitted.moment.zone
        return self._admitted.attributes[attribute] or self._zone

    def value(self, attribute: str) -> int | None:
        """See `Judged`."""
        found = None if self._admitted is None else self._admitted.attributes[attribute]
        return None if found is None or is_missing(found) else int(found)

    def is_in(self, segment: str, at: int) -> bool:
        """See `Judged`."""
        return self._admitted is not None and segment in self._at(self._admitted, at).segments

    def holds(self, trigger: str, number: int, at: int) -> bool:
        """See `Judged`."""
        return (
            self._admitted is not None and _name(trigger, number) in self._at(self._admitted, at).conditions
        )

    def unit(self, experiment: str, attribute: str, at: int) -> object:
        """See `Judged`."""
        if self._admitted is None or self._asking is None:
            return None
        if experiment in self._asking and _only(experiment) not in self._at(self._admitted, at).conditions:
            return None
        return self._admitted.attributes[attribute]

    def _at(self, admitted: ValidatedRecipient, at: int) -> Evaluation:
        return self._program.evaluation(admitted.at(at))


def _conditions(document: CheckedDocument) -> dict[str, Expr]:
    of_mails = {
        _name(trigger.name, number): mail.condition
        for trigger in document.triggers.triggers
        for number, mail in enumerate(trigger.mails)
        if mail.condition is not None
    }
    experiments = document.triggers.experiments.values()
    return of_mails | {_only(one.name): one.only for one in experiments if one.only is not None}


def _name(trigger: str, number: int) -> str:
    return f"{trigger}.{number}"


def _only(experiment: str) -> str:
    return f"only of {experiment}"
