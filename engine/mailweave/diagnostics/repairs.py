"""What a finding knows of its own repair, for programs: the fix that is sure, or the one that its help asks about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailweave.diagnostics.model import Diagnostic, Fix
from mailweave.diagnostics.suggest import closest
from mailweave.source import Source, Span

_ASKED = re.compile(r"did you mean `([^`]+)`\?|write `([^`]+)`$")
_WORD = re.compile(r"[\w.-]*\w")
_PLAIN = re.compile(r"[\w./-]+")


@dataclass(frozen=True, slots=True)
class Repair:
    """A replacement in the file that the author wrote. `sure`: it is no guess. `replaces`: what stands there now."""

    file: Source
    fix: Fix
    replaces: str
    sure: bool


def repair(found: Diagnostic) -> Repair | None:
    """The replacement that mends a finding, in the file where it was written; None where nothing is known.

    A guess is what the help asks about ("did you mean ..?"), where one word of the place is near to it. No program may
    make it unasked: only who wrote the text knows.

    >>> from mailweave.diagnostics import diagnose
    >>> text = Source("a.rules", "segment a = contry == US")
    >>> found = diagnose("MW203", text, Span(12, 18), help="did you mean `country`?", what="name", name="contry")
    >>> made = repair(found)
    >>> made.fix.text, made.replaces, made.sure
    ('country', 'contry', False)
    """
    if found.source is None:
        return None
    fix = found.fix or _guess(found)
    return None if fix is None else _in_file(found.source, fix, found.fix is not None)


def _in_file(source: Source, fix: Fix, sure: bool) -> Repair | None:
    """A fix at its place in the author's file, where what it replaces stands there letter by letter."""
    file, start = source.origin(fix.span.start)
    replaces = source.text[fix.span.start : fix.span.stop]
    span = Span(start, start + len(replaces))
    is_verbatim = file.text[span.start : span.stop] == replaces
    return Repair(file, Fix(span, fix.text), replaces, sure) if is_verbatim else None


def _guess(found: Diagnostic) -> Fix | None:
    asked = _ASKED.match(found.help)
    if asked is None or found.source is None or found.span is None:
        return None
    text = asked[1] or asked[2]
    place = found.source.text[found.span.start : found.span.stop]
    span = _meant(place, text, is_asked=asked[1] is not None)
    return None if span is None else Fix(span.shifted(found.span.start), text)


def _meant(place: str, text: str, *, is_asked: bool) -> Span | None:
    """The part of a place that a suggestion stands for: all of it, or the only word that is near."""
    inner = place.strip("\"' ")
    start = place.find(inner)
    if _PLAIN.fullmatch(inner) and (not is_asked or "." not in inner or "." in text):
        return Span(start, start + len(inner))
    near = (
        [each for each in _words(place) if closest(each[0], [text]) and each[0] != text] if is_asked else []
    )
    return Span(*near[0].span()) if len(near) == 1 else None


def _words(place: str) -> list[re.Match[str]]:
    """The words of a place, whole and in the parts that stand between points."""
    parts = list(re.finditer(r"[\w-]+", place))
    return parts or list(_WORD.finditer(place))
