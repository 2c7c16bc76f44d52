"""Texts, outputs and tags of a template in `{{ }}` and `{% %}`, as Liquid and Django cut them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from mailweave.migrate.bench import Bench

_INSIDE = r"""(?>"[^"\n]*"|'[^'\n]*'|\$\{[^}\n]*\}|(?!-?%s).){0,5000}+"""
_PIECE: Final = re.compile(
    r"\{\{(?P<before>-?)(?P<output>" + _INSIDE % r"\}\}" + r")(?P<after>-?)\}\}"
    r"|\{%(?P<before_tag>-?)(?P<tag>" + _INSIDE % r"%\}" + r")(?P<after_tag>-?)%\}",
    re.DOTALL,
)
_NOTED: Final = re.compile(r"(?P<note>\{#[^\n]{0,5000}?#\})|" + _PIECE.pattern, re.DOTALL)
_OPENED: Final = re.compile(r"\{\{|\{%|\{#(?=[^\n]{0,5000}?#\})")
_OPENED_TAG: Final = re.compile(r"\{\{|\{%")
_TAG: Final = re.compile(r"\s*(?P<name>#|[A-Za-z_]\w*|)(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a template, from `at` to `stop`. text: what it says; `within`: where that stands; name: a tag's."""

    kind: Literal["text", "output", "tag"]
    text: str
    at: int
    stop: int
    within: int = 0
    name: str = ""


def pieces(bench: Bench, *, notes: bool, as_text: tuple[str, ...], unseen: tuple[str, ...]) -> list[Piece]:
    """The pieces in their order, blanks taken away where the template says so.

    notes: whether `{# #}` is a comment. as_text: tags up to whose end all is text; unseen: those which show nothing.
    """
    found = list(_cut(bench, notes, as_text, unseen))
    return [piece for piece in found if piece.kind != "text" or piece.text]


def _cut(bench: Bench, notes: bool, as_text: tuple[str, ...], unseen: tuple[str, ...]) -> Iterator[Piece]:
    text, at, trims = bench.source.text, 0, False
    while found := _next(bench, at, notes):
        before, after = _dashes(found)
        yield _plain(text, at, found.start(), trims, bool(before))
        at, trims = found.end(), bool(after)
        piece = _made(found)
        if piece is not None and piece.name in (*as_text, *unseen):
            end = _end(bench, piece, text, at)
            if piece.name in as_text:
                yield _plain(text, at, end.start(), trims, "-" in end[1])
            at, trims = end.end(), "-" in end[2]
        elif piece is not None:
            yield piece
    yield _plain(text, at, len(text), trims, False)


def _next(bench: Bench, at: int, notes: bool) -> re.Match[str] | None:
    """The next output, tag or note. Each opening is looked at once: one that is never closed ends the reading."""
    opened = (_OPENED if notes else _OPENED_TAG).search(bench.source.text, at)
    if opened is None:
        return None
    found = (_NOTED if notes else _PIECE).match(bench.source.text, opened.start())
    if found is None:
        raise bench.refusal(opened.start(), "this is never closed")
    return found


def _dashes(found: re.Match[str]) -> tuple[str, str]:
    groups = found.groupdict()
    return groups["before"] or groups["before_tag"] or "", groups["after"] or groups["after_tag"] or ""


def _plain(text: str, start: int, stop: int, left: bool, right: bool) -> Piece:
    shown = text[start:stop]
    shown = shown.lstrip() if left else shown
    return Piece("text", shown.rstrip() if right else shown, start, stop)


def _made(found: re.Match[str]) -> Piece | None:
    if found.groupdict().get("note"):
        return None
    if found["tag"] is None:
        return Piece("output", found["output"], found.start(), found.end(), found.start("output"))
    parts = _TAG.match(found["tag"])
    assert parts is not None  # all of it may be empty
    made = Piece("tag", parts["rest"], found.start(), found.end(), found.start("tag") + parts.start("rest"))
    return None if parts["name"] == "#" else replace(made, name=parts["name"])


def _end(bench: Bench, piece: Piece, text: str, at: int) -> re.Match[str]:
    end = re.compile(r"\{%(-?)\s*end" + piece.name + r"\b[^%]*?(-?)%\}").search(text, at)
    if end is None:
        raise bench.refusal(piece.at, f"`{piece.name}` is never closed")
    return end
