"""Where the characters of a TOML string with escapes stand in the file."""

from __future__ import annotations

import re

from mailweave.source import Source, Span

_OPENING = re.compile(r'"""(?:\r?\n)?|"')
_UNIT = re.compile(
    r'(?P<joined>\\[ \t]*\r?\n\s*)|\\(?:[btnfre"\\]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})|\r\n|[\s\S]'
)


def unescaped_source(source: Source, span: Span, value: str) -> Source:
    """The value of the string at `span` of a TOML text as a source that reports places of the file.

    >>> text = Source("a.toml", 'a = "x\\\\ty"')
    >>> str(unescaped_source(text, Span(4, 10), "x\\ty").locate(2))
    'a.toml:1:9'
    """
    opening = _OPENING.match(source.text, span.start, span.stop)
    if opening is None:
        return Source(source.name, value)
    pieces: list[tuple[int, Source]] = []
    count, at = 0, opening.end()
    while count < len(value):
        unit = _UNIT.match(source.text, at, span.stop)
        if unit is None:
            return Source(source.name, value)  # not the string that it was taken for
        if unit["joined"] is None:
            if not pieces or len(unit[0]) > 1 or pieces[-1][1].offset + count - pieces[-1][0] != at:
                pieces.append((count, source.part(Span(at, span.stop))))
            count += 1
        at = unit.end()
    return Source(source.name, value, pieces=tuple(pieces))
