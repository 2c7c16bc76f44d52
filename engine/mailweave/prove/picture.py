"""Segments by segments as a drawing, in SVG that stands alone and can be read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Final

from mailweave.prove.overlaps import Overlaps, Relation

_SIDE: Final = 34  # of a cell
_LETTER: Final = 7.4  # width of a letter of a name, about
_GAP: Final = 16
_LEGEND: Final = 24  # height of a line of it

_LOOKS: Final[Mapping[Relation, tuple[str, str, str]]] = {
    "apart": ("·", "#f3f4f8", "nobody is in both"),
    "overlap": ("∩", "#c9d4f5", "they overlap; the number: made-up recipients in both"),
    "inside": ("⊂", "#f6d9a8", "the row lies inside the column"),
    "around": ("⊃", "#fbeccf", "the row holds the whole column"),
    "equal": ("=", "#e9b3ae", "the same people"),
    "undecided": ("?", "#ffffff", "undecided"),
}
"""Sign, colour and meaning: nothing is said by colour alone."""


def picture(found: Overlaps, name: str) -> str:
    """A drawing of how segments lie to each other. `name` is what the rules are called."""
    left = _GAP + round(max((len(s) for s in found.segments), default=0) * _LETTER) + 8
    size = len(found.segments) * _SIDE
    width, height = max(left + size + _GAP, 460), left + size + _GAP + _LEGEND * (len(_LOOKS) + 1)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="graphics-document" aria-labelledby="title desc"'
        ' font-family="system-ui, sans-serif" font-size="13">',
        f'<title id="title">{escape(f"How the segments of {name} lie to each other")}</title>',
        f'<desc id="desc">{escape(_said(found))}</desc>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        '<g role="table" aria-label="segments by segments" fill="#1c1f2b">',
        *_head(found, left),
        *(line for at in range(len(found.segments)) for line in _row(found, at, left)),
        "</g>",
        *_legend(left + size + _GAP),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _said(found: Overlaps) -> str:
    """The drawing in one sentence each for what is out of the ordinary."""
    pairs = [(pair, how) for pair, how in found.relations.items() if pair[0] < pair[1]]
    counts = {how: sum(each == how for _, each in pairs) for how in ("apart", "overlap", "undecided")}
    told = [f"{len(found.segments)} segments."]
    told += [
        f"{n} pairs {word}."
        for word, n in zip(("apart", "overlapping", "undecided"), counts.values(), strict=True)
    ]
    told += [f"{one} equals {other}." for (one, other), how in pairs if how == "equal"]
    told += [
        f"{one} lies inside {other}." for (one, other), how in found.relations.items() if how == "inside"
    ]
    return " ".join(told)


def _head(found: Overlaps, left: int) -> Iterator[str]:
    yield '<g role="row">'
    for at, segment in enumerate(found.segments):
        x, y = left + at * _SIDE + _SIDE // 2 + 5, left - 6
        turned = f'transform="rotate(-90 {x} {y})"'
        yield f'<text role="columnheader" x="{x}" y="{y}" {turned}>{escape(segment)}</text>'
    yield "</g>"


def _row(found: Overlaps, at: int, left: int) -> Iterator[str]:
    segment, y = found.segments[at], left + at * _SIDE
    yield '<g role="row">'
    yield f'<text role="rowheader" x="{left - 6}" y="{y + 22}" text-anchor="end">{escape(segment)}</text>'
    for place, other in enumerate(found.segments):
        yield _cell(found, segment, other, left + place * _SIDE, y)
    yield "</g>"


def _cell(found: Overlaps, segment: str, other: str, x: int, y: int) -> str:
    number = found.witnesses[segment, other]
    if segment == other:
        sign, color, said = str(number), "#d8dbe5", f"{segment}: {number} made-up recipients"
    else:
        how = found.relations[segment, other]
        sign, color, meaning = _LOOKS[how]
        sign = f"{sign}{number}" if how == "overlap" else sign
        said = f"{segment} and {other}: {meaning.partition(';')[0]}" + (
            f", {number} of them" * (how == "overlap")
        )
    box = f'<rect x="{x}" y="{y}" width="{_SIDE - 2}" height="{_SIDE - 2}" rx="3" fill="{color}" stroke="#9aa1b5"/>'
    text = (
        f'<text x="{x + _SIDE // 2 - 1}" y="{y + 21}" text-anchor="middle" aria-hidden="true">{sign}</text>'
    )
    return f'<g role="cell"><title>{escape(said)}</title>{box}{text}</g>'


def _legend(top: int) -> Iterator[str]:
    yield '<g role="list" aria-label="legend" fill="#1c1f2b">'
    for at, (sign, color, meaning) in enumerate(_LOOKS.values()):
        y = top + at * _LEGEND
        yield (
            f'<g role="listitem"><rect x="{_GAP}" y="{y}" width="18" height="18" rx="3" fill="{color}"'
            f' stroke="#9aa1b5"/><text x="{_GAP + 9}" y="{y + 14}" text-anchor="middle">{sign}</text>'
            f'<text x="{_GAP + 28}" y="{y + 14}">{escape(meaning)}</text></g>'
        )
    yield "</g>"
