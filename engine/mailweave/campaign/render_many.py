"""Many recipients one after the other, in this process: each gives an e-mail, a skip or a failure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from mailweave.campaign.arguments import check_in_step, out_of_step
from mailweave.decisions import Skip
from mailweave.diagnostics import TemplateError
from mailweave.message.email import Email

Happened: TypeAlias = Iterable[Mapping[str, Any]]
"""The events of one recipient."""
Decide: TypeAlias = Callable[[Mapping[str, Any], Happened], Skip | tuple[object, Email]]
"""What is answered to one profile with its events: a skip, or the decision and the e-mail."""


@dataclass(frozen=True, slots=True)
class Failure:
    """This recipient could not be rendered: a template failed on their data.

    `code` and `name` are those of the finding (docs/errors.md), `place` is file, line and column of the
    template. Nothing of the recipient's data is told.
    """

    code: str
    name: str
    place: str

    @classmethod
    def of(cls, error: TemplateError) -> Failure:
        """The first finding of an error."""
        found = error.diagnostics[0]
        place = found.place if found.location is None else str(found.location)
        return cls(found.code, found.name, place)

    def __str__(self) -> str:
        return f"{self.place}: {self.code} {self.name}"


def in_order(
    decide: Decide,
    profiles: Iterable[Mapping[str, Any]],
    events: Mapping[str, Happened] | Iterable[Happened] | None,
    key: str,
) -> Iterator[Email | Skip | Failure]:
    """One answer for each profile, made when it is asked for."""
    for profile, happened in _with_events(profiles, events, key):
        try:
            decided = decide(profile, happened)
            yield decided if isinstance(decided, Skip) else decided[1]
        except TemplateError as error:
            yield Failure.of(error)


def _with_events(
    profiles: Iterable[Mapping[str, Any]],
    events: Mapping[str, Happened] | Iterable[Happened] | None,
    key: str,
) -> Iterator[tuple[Mapping[str, Any], Happened]]:
    if events is None:
        return ((profile, ()) for profile in profiles)
    if isinstance(events, Mapping):
        return ((profile, _of(events, profile, key)) for profile in profiles)
    return _in_step(iter(profiles), iter(events))


def _in_step(
    profiles: Iterator[Mapping[str, Any]], events: Iterator[Happened]
) -> Iterator[tuple[Mapping[str, Any], Happened]]:
    taken = 0
    for profile in profiles:
        happened = next(events, _NONE_LEFT)
        if happened is _NONE_LEFT:
            raise out_of_step(f"more than {taken}", f"a shorter list, of {taken}")
        check_in_step(happened)
        yield profile, happened
        taken += 1
    if next(events, _NONE_LEFT) is not _NONE_LEFT:
        raise out_of_step(str(taken), "a longer list")


_NONE_LEFT: Happened = []
"""No one's events: this very list, not one that is equal to it."""


def _of(events: Mapping[str, Happened], profile: Mapping[str, Any], key: str) -> Happened:
    """The events under a recipient's key; a profile that is none, or has none, is for admission to refuse."""
    name = profile.get(key) if isinstance(profile, Mapping) else None
    if isinstance(name, int) and name.bit_length() <= 64:
        name = str(name)  # of rules that declare no key
    return events.get(name, ()) if isinstance(name, str) else ()
