"""What of an author's CSS a reader leaves out without a word: no declaration, a rule that is never closed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.source import Source, Span

_HIDDEN = re.compile(
    r"/\*.*?(?:\*/|\Z)|\{\{.*?\}\}|\{%.*?%\}|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|url\([^)\n]*\)",
    re.DOTALL,
)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.DOTALL | re.IGNORECASE)
_BODY = re.compile(r"\{([^{}]*)\}")
_PIECE = re.compile(r"[^;]+")
_LEFT_OUT_ON_PURPOSE = ("*", "_", "@")  # of old browsers alone, or a rule in a rule


def of_stylesheet(source: Source) -> Iterator[Diagnostic]:
    """The mistakes of a file of CSS."""
    yield from _of(source, 0, len(source.text))


def of_page(source: Source) -> Iterator[Diagnostic]:
    """The mistakes in the `<style>` elements of a page."""
    for style in _STYLE.finditer(source.text):
        yield from _of(source, *style.span(1))


def _of(source: Source, start: int, stop: int) -> Iterator[Diagnostic]:
    css = _HIDDEN.sub(_same_length, source.text[start:stop])
    for body in _BODY.finditer(css):
        for piece in _PIECE.finditer(body[1]):
            yield from _piece(source, start + body.start(1) + piece.start(), piece[0])
    opened = _unclosed(css)
    if opened is not None:
        at = Span(start + opened, start + opened + 1)
        yield diagnose(
            "MW549", source, at, problem="this `{` is never closed", todo="close the rule with `}`"
        )


def _same_length(hidden: re.Match[str]) -> str:
    """What cannot be a mistake, as blanks; Liquid and texts as letters, for a declaration may be made of them."""
    filler = " " if hidden[0].startswith("/*") else "x" if not hidden[0].startswith("{%") else ":"
    return re.sub(r"[^\n]", filler, hidden[0])


def _piece(source: Source, at: int, text: str) -> Iterator[Diagnostic]:
    words = text.strip()
    if not words or ":" in words or words.startswith(_LEFT_OUT_ON_PURPOSE) or set(words) == {"x"}:
        return
    start = at + len(text) - len(text.lstrip())
    problem = f"`{source.text[start : start + len(words)]}` has no colon"
    yield diagnose(
        "MW549", source, Span(start, start + len(words)), problem=problem, todo="write `name: value;`"
    )


def _unclosed(css: str) -> int | None:
    """The place of the last bracket that is never closed."""
    waiting: list[int] = []
    for bracket in re.finditer(r"[{}]", css):
        if bracket[0] == "{":
            waiting.append(bracket.start())
        elif waiting:
            waiting.pop()
    return waiting[-1] if waiting else None
