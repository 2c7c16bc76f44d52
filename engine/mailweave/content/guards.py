"""Values that Liquid writes into CSS, and what becomes of them when they come out blank.

A CSS parser drops `color:` with nothing behind it, and the rule below shows through. So a value that can be
blank is written under a condition, with what shows through as the other branch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mailweave.markup.pieces import Kind, Piece, pieces
from mailweave.markup.shield import Shield
from mailweave.markup.stylesheet import Property

PATH = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w-]+|\[[^\[\]]*\])*")
_LITERAL = re.compile(r"\s*(?:\"[^\"]*[^\"\s][^\"]*\"|'[^']*[^'\s][^']*'|-?[\d.]+)")
_NEVER_BLANK = frozenset(
    {"plus", "minus", "times", "divided_by", "modulo", "size", "round", "ceil", "floor", "abs", "json"}
)
_KEYWORDS = frozenset({"empty", "blank", "nil", "null", "true", "false"})
_WITH_LITERAL = frozenset({"default", "append", "prepend"})


class Guards:
    """The values of one page that can be blank, each with the paths that decide it."""

    def __init__(self, shield: Shield) -> None:
        self._shield = shield
        self._paths: dict[str, tuple[str, ...]] = {}

    def __bool__(self) -> bool:
        return any(self._paths.values())

    def without(self, properties: Iterable[Property]) -> tuple[Property, ...]:
        """The declarations that are there when all that can be blank is."""
        return tuple(p for p in properties if not self.paths(p.value))

    def paths(self, value: str) -> tuple[str, ...]:
        """The paths of which one must hold something, or a value is blank; none if it never is."""
        if not self._shield.hides(value):
            return ()
        if value not in self._paths:
            self._paths[value] = _deciding(self._shield.restore(value.removesuffix("!important")))
        return self._paths[value]

    def guarded(self, value: str, text: str, otherwise: str) -> str:
        """`text`, or `otherwise` when `value` comes out blank."""
        paths = self.paths(value)
        if not paths or text == otherwise:
            return text
        out, word = "", "if"
        for path in paths:
            out += self._shield.hide(f"{{% {word} {path} and {path} != blank %}}") + text
            word = "elsif"
        if otherwise:
            out += self._shield.hide("{% else %}") + otherwise
        return out + self._shield.hide("{% endif %}")


def _deciding(text: str) -> tuple[str, ...]:
    held = pieces(text)
    static = "".join(_outside(text, held))
    if not held or re.search(r"\w|\(", static) or any(p.kind is not Kind.OUTPUT for p in held):
        return ()
    paths = [_path(piece) for piece in held]
    return tuple(dict.fromkeys(paths)) if all(paths) else ()


def _outside(text: str, held: Iterable[Piece]) -> Iterable[str]:
    at = 0
    for piece in held:
        yield text[at : piece.span.start]
        at = piece.span.stop
    yield text[at:]


def _path(output: Piece) -> str:
    """The path whose blankness makes an output blank; empty when the output is never blank."""
    path, *filters = (part.strip() for part in output.inside.split("|"))
    for one in filters:
        name, _, argument = one.partition(":")
        if name.strip() in _NEVER_BLANK or (name.strip() in _WITH_LITERAL and _LITERAL.match(argument)):
            return ""
    return path if PATH.fullmatch(path) and path not in _KEYWORDS else ""
