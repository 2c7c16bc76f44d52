"""What calls of snippets pass, against what the snippets read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from mailweave.content.snippets.reading import Argument, Call, Reading
from mailweave.diagnostics import Diagnostic, Related, diagnose, did_you_mean
from mailweave.source import Source, Span


@dataclass(slots=True)
class _Asked:
    """A snippet's text with the calls that write it: each as its place and the names that it passes."""

    body: Reading
    calls: dict[tuple[Source, Span], frozenset[str]] = field(default_factory=dict)


class Arguments:
    """Collects calls. `known`: the names of data, which nobody has to pass."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = frozenset(known)
        self._asked: dict[Source, _Asked] = {}
        self._unread: dict[tuple[Source, Span], Diagnostic] = {}

    def call(self, source: Source, call: Call, body: Reading, forms: Sequence[Reading | None]) -> None:
        """Notes that a call writes `body`. forms: all texts of the snippet, each of which may read what is passed; None
        for one that is no Liquid, and so may read anything."""
        given = (*call.arguments, *(() if call.bound is None else (call.bound,)))
        passed = frozenset(one.name for one in given) | ({"forloop"} if call.loop else set())
        asked = self._asked.setdefault(body.source, _Asked(body))
        asked.calls[source, call.name_span] = passed
        whole = [form for form in forms if form is not None]
        reads = {one.name for form in whole for one, loop in form.reads if loop is None}
        for one in given:
            if one.name not in reads and len(whole) == len(forms):
                self._unread[source, one.place] = _unread(source, call, one, reads - self._known)

    def findings(self) -> Iterator[Diagnostic]:
        """Arguments that nothing reads, and names that are read and not passed."""
        yield from self._unread.values()
        for asked in self._asked.values():
            yield from self._unpassed(asked)

    def _unpassed(self, asked: _Asked) -> Iterator[Diagnostic]:
        body = asked.body
        own = self._known | {name for name, _ in body.sets} | body.asked
        passed = frozenset[str]().union(*asked.calls.values())
        seen: set[str] = set()
        for one, loop in body.reads:
            if loop is not None or one.name in own or one.name in seen:
                continue
            seen.add(one.name)
            if one.name not in passed:
                hint = did_you_mean(one.name, sorted(self._known | passed))
                yield diagnose("MW435", body.source, one.word, help=hint, name=one.name)
                continue
            read = (Related("it is read here", body.source, one.word),)
            for (source, span), names in asked.calls.items():
                if one.name not in names:
                    yield diagnose("MW434", source, span, related=read, name=one.name)


def wrong(source: Source, call: Call) -> Iterator[Diagnostic]:
    """What cannot be passed: a name twice, and Liquid in quotes."""
    names = [one.name for one in call.arguments]
    for number, one in enumerate(call.arguments):
        if one.name in names[:number]:
            yield diagnose("MW441", source, one.place, name=one.name)
        value = source.text[one.span.start : one.span.stop]
        if value[:1] in ("'", '"') and any(sign in value for sign in ("{{", "}}", "{%", "%}")):
            yield diagnose("MW442", source, one.span, name=one.name)


def _unread(source: Source, call: Call, one: Argument, reads: Collection[str]) -> Diagnostic:
    hint = did_you_mean(one.name, sorted(reads))
    return diagnose("MW433", source, one.place, help=hint, snippet=call.name, name=one.name)
