"""Values that Liquid writes into CSS, and what becomes of them when they come out blank.

A CSS parser drops `color:` with nothing behind it, and the rule below shows through. So a value that can be
blank is written under a condition, with what shows through as the other branch.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from mailweave.content.premailer_adapter import understood
from mailweave.markup.pieces import Kind, Piece, pieces
from mailweave.markup.shield import Shield
from mailweave.markup.stylesheet import Property

PATH = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w-]+|\[[^\[\]]*\])*")
_LITERAL = re.compile(r"\s*(?:\"[^\"]*[^\"\s][^\"]*\"|'[^']*[^'\s][^']*'|-?[\d.]+)\s*")
_NEVER_BLANK = frozenset(
    {"plus", "minus", "times", "divided_by", "modulo", "size", "round", "ceil", "floor", "abs", "json"}
)
_AS_BLANK_AS_BEFORE = frozenset(
    {"upcase", "downcase", "capitalize", "strip", "lstrip", "rstrip", "escape", "escape_once"}
)
_KEYWORDS = frozenset({"empty", "blank", "nil", "null", "true", "false"})
_WITH_LITERAL = frozenset({"append", "prepend"})
_FILLERS = ("1", "a1", "abc", "1,2,3")  # what an output may write, so that a value of any form is sound


@dataclass(frozen=True, slots=True)
class Deciders:
    """The outputs (paths, or paths with filters) that decide whether a value is dropped: it stays when any of
    them holds something, or, with `all_needed`, when all do."""

    outputs: tuple[str, ...]
    all_needed: bool = False

    def __bool__(self) -> bool:
        return bool(self.outputs)


_NONE = Deciders(())


class Guards:
    """The values of one page that can be blank, each with the outputs that decide it."""

    def __init__(self, shield: Shield) -> None:
        self._shield = shield
        self._deciders: dict[str, Deciders] = {}

    def __bool__(self) -> bool:
        return any(self._deciders.values())

    def without(
        self, properties: Iterable[Property], blanked: Collection[Deciders] | None
    ) -> tuple[Property, ...]:
        """The declarations that are there when some values are blank; with None, all that can be."""
        return tuple(p for p in properties if not self._blank(self.deciders(p.value), blanked))

    def _blank(self, found: Deciders, blanked: Collection[Deciders] | None) -> bool:
        return bool(found) and (blanked is None or found in blanked)

    def deciders(self, value: str) -> Deciders:
        """What decides whether a value is dropped; nothing, if it never is."""
        if not self._shield.hides(value):
            return _NONE
        if value not in self._deciders:
            self._deciders[value] = _deciders(self._shield.restore(value.removesuffix("!important")))
        return self._deciders[value]

    def guarded(self, value: str, text: str, otherwise: str) -> str:
        """`text`, or `otherwise` when `value` comes out blank."""
        found = self.deciders(value)
        bare = not otherwise and not all(map(PATH.fullmatch, found.outputs))
        if not found or text == otherwise or bare:  # what is blank over nothing is dropped by itself
            return text
        before, tests = self._tests(found.outputs)
        tests = [" and ".join(tests)] if found.all_needed else tests
        out, word = before, "if"
        for test in tests:
            out += self._shield.hide(f"{{% {word} {test} %}}") + text
            word = "elsif"
        if otherwise:
            out += self._shield.hide("{% else %}") + otherwise
        return out + self._shield.hide("{% endif %}")

    def _tests(self, outputs: Sequence[str]) -> tuple[str, list[str]]:
        """A condition for each output; those with filters are given a name before."""
        before, tests = "", []
        for number, output in enumerate(outputs):
            if PATH.fullmatch(output):
                tests.append(f"{output} and {output} != blank")
            else:
                name = f"{self._shield.nonce}n{number}"
                tag = f'{{% assign {name} = {output} | append: "" | strip %}}'
                before += self._shield.hide(tag)
                tests.append(f'{name} != ""')
        return before, tests


def _deciders(text: str) -> Deciders:
    held = pieces(text)
    if not held or any(piece.kind is not Kind.OUTPUT for piece in held):
        return _NONE
    filler = next((f for f in _FILLERS if _stays(text, held, [f] * len(held))), None)
    if filler is None:
        return _NONE
    outputs = [_decider(piece) for piece in held]
    alone = [[filler] * at + [""] + [filler] * (len(held) - at - 1) for at in range(len(held))]
    needed = [o for o, written in zip(outputs, alone, strict=True) if o and not _stays(text, held, written)]
    if needed:
        return Deciders(tuple(dict.fromkeys(needed)), all_needed=True)
    together = ["" if output else filler for output in outputs]
    any_of = () if _stays(text, held, together) else tuple(dict.fromkeys(filter(None, outputs)))
    return Deciders(any_of)


def _stays(text: str, held: Sequence[Piece], written: Sequence[str]) -> bool:
    """Whether a CSS parser keeps a value when the outputs in it write that."""
    out, at = [], 0
    for piece, word in zip(held, written, strict=True):
        out += [text[at : piece.span.start], word]
        at = piece.span.stop
    return understood("x", "".join([*out, text[at:]]))


def _decider(output: Piece) -> str:
    """What of an output decides whether it is blank; empty when it never is."""
    path, *filters = (part.strip() for part in output.inside.split("|"))
    named = PATH.fullmatch(path) is not None and path not in _KEYWORDS
    never = _LITERAL.fullmatch(path) is not None
    for one in filters:
        name, _, argument = one.partition(":")
        always = name.strip() in _NEVER_BLANK
        with_text = name.strip() in _WITH_LITERAL and _LITERAL.fullmatch(argument) is not None
        kept = name.strip() in _AS_BLANK_AS_BEFORE
        never, named = always or with_text or (never and kept), named and kept
    return "" if never else path if named else output.inside
