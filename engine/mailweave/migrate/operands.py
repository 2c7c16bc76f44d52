"""Values and conditions as Liquid and Django write them: names, literals, filters, comparisons."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from mailweave.migrate.bench import Bench
from mailweave.migrate.tree import Compare, Expr, Key, Lit, Logic, Not, Range, Special, Truth

_WORD: Final = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<number>-?\d+(?:\.\d+)?(?![\w.]\d))|(?P<value>\$\{[^}]*\})"""
    r"""|(?P<name>[A-Za-z_][\w-]*\??)|(?P<braces>\{\{-?|-?\}\})|(?P<sign>==|!=|<>|<=|>=|&&|\|\||\.\.|[<>|:,.()\[\]=]))"""
)
LONGEST: Final = 5_000
"""Characters in one tag."""
_SIGNS: Final = {**{s: s for s in ("==", "!=", "<", "<=", ">", ">=")}, "<>": "!="}
_LITERALS: Final = {
    "true": True, "false": False, "nil": None, "null": None, "True": True, "False": False, "None": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an expression."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Manner:
    """What a dialect means by names and filters.

    ref: what a path of names is; apply: a value through a filter, which stands from a place to another.
    django: `not`, `in` and the precedence of Python; else that of Liquid, in which the last `and` or `or` binds first.
    """

    ref: Callable[[Sequence[Key], int, int], Expr]
    apply: Callable[[Expr, str, list[Expr], dict[str, Expr], tuple[int, int]], Expr]
    django: bool = False


class Operands:
    """Reads one expression after the other from the markup of a tag or output."""

    def __init__(self, bench: Bench, manner: Manner, text: str, at: int) -> None:
        self._bench, self._manner, self._at = bench, manner, at
        self._words = self._cut(text, at)
        self._now = 0
        self._end = at + len(text)

    def _cut(self, text: str, at: int) -> list[Word]:
        if len(text) > LONGEST:
            raise self._bench.refusal(at, f"a tag has at most {LONGEST:,} characters")
        words, stop = [], 0
        while text[stop:].strip():
            found = _WORD.match(text, stop)
            if found is None or found.lastgroup is None:
                raise self._bench.refusal(at + stop, "this is no value and no sign")
            if (
                found.lastgroup != "braces" or self._manner.django
            ):  # Braze takes a value in a tag with its braces, too
                words.append(Word(found.lastgroup, found[found.lastgroup], at + found.start(found.lastgroup)))
            stop = found.end()
        return words

    # ---- words

    @property
    def at(self) -> int:
        """Where the next word stands."""
        return self._words[self._now].at if self._now < len(self._words) else self._end

    @property
    def is_done(self) -> bool:
        """Whether all has been read."""
        return self._now >= len(self._words)

    @property
    def is_assigned(self) -> bool:
        """Whether the next words are a name and `=`."""
        following = self._words[self._now : self._now + 2]
        return len(following) == 2 and following[0].kind == "name" and following[1].text == "="

    def take(self, *texts: str) -> bool:
        """Takes the next word if it is one of these."""
        found = self._peek() in texts
        self._now += found
        return found

    def name(self) -> str:
        """Takes a name."""
        if self.is_done or self._words[self._now].kind != "name":
            raise self._bench.refusal(self.at, "a name is missing")
        self._now += 1
        return self._words[self._now - 1].text

    def expect(self, text: str) -> None:
        """Takes a word that must stand here."""
        if not self.take(text):
            raise self._bench.refusal(self.at, f"`{text}` is missing")

    def close(self) -> None:
        """Says that nothing may follow."""
        if not self.is_done:
            raise self._bench.refusal(
                self.at, f"`{self._words[self._now].text}` stands where nothing may follow"
            )

    def _peek(self) -> str:
        word = self._words[self._now] if self._now < len(self._words) else None
        return "" if word is None or word.kind == "text" else word.text

    def _is_named(self) -> bool:
        following = self._words[self._now : self._now + 2]
        return len(following) == 2 and following[0].kind == "name" and following[1].text == ":"

    # ---- values

    def value(self) -> Expr:
        """A value and its filters."""
        start = self.at
        value = self.bare()
        while self.take("|"):
            name = self.name()
            positional, named = self._arguments()
            value = self._manner.apply(value, name, positional, named, (start, self.at))
        return value

    def _arguments(self) -> tuple[list[Expr], dict[str, Expr]]:
        positional: list[Expr] = []
        named: dict[str, Expr] = {}
        if not self.take(":"):
            return positional, named
        while True:
            if self._is_named():
                key = self.name()
                self.expect(":")
                named[key] = self.bare()
            else:
                positional.append(self.bare())
            if self._manner.django or not self.take(","):
                return positional, named

    def bare(self) -> Expr:
        """A value without filters."""
        if self.is_done:
            raise self._bench.refusal(self.at, "a value is missing")
        word = self._words[self._now]
        self._now += 1
        match word.kind:
            case "text":
                return Lit(word.text[1:-1])
            case "number":
                return Lit(float(word.text) if "." in word.text else int(word.text))
            case "sign" if word.text == "(":
                return self._range()
            case "name" if word.text in ("blank", "empty") and not self._manner.django:
                return Special(word.text)
            case "name" if word.text in _LITERALS and self._peek() != ".":
                return Lit(_LITERALS[word.text])
            case "name" | "value":
                return self._path(word)
            case _:  # a sign
                raise self._bench.refusal(word.at, f"`{word.text}` stands where a value is meant")

    def _range(self) -> Expr:
        start = self.bare()
        if self.take(".."):
            stop = self.bare()
            self.expect(")")
            return Range(start, stop)
        raise self._bench.refusal(self.at, "a range is written (1..5)")

    def _path(self, first: Word) -> Expr:
        keys: list[Key] = [_key(first)]
        fixed = 1
        while not self.is_done:
            if self.take("."):
                word = self._words[self._now] if not self.is_done else Word("", "", self.at)
                if word.kind not in ("name", "value", "number"):
                    raise self._bench.refusal(self.at, "a name is missing behind the dot")
                self._now += 1
                fixed += word.kind == "value"
                keys.append(int(word.text) if word.kind == "number" else _key(word))
            elif self.take("["):
                key = self._index()
                keys.append(key if key is not None else "")
            else:
                break
        if "" in keys:
            why = "what stands in brackets is not known before the data are"
            return self._bench.broken(first.at, self.at, why, "have the one value in the data")
        return self._manner.ref(keys, first.at, fixed)

    def _index(self) -> Key | None:
        """What stands in brackets; None where only the data say it."""
        inner = self.bare()
        self.expect("]")
        is_key = (
            isinstance(inner, Lit)
            and isinstance(inner.value, int | str)
            and not isinstance(inner.value, bool)
        )
        return (
            inner.value if is_key and isinstance(inner, Lit) and isinstance(inner.value, int | str) else None
        )

    # ---- conditions

    def condition(self) -> Expr:
        """A condition."""
        return self._or() if self._manner.django else self._of_liquid()

    def _of_liquid(self) -> Expr:
        left = self._comparison()
        for word in ("and", "or"):
            if self.take(word):
                right = self._of_liquid()
                return Logic("and" if word == "and" else "or", (left, right))
        return left

    def _or(self) -> Expr:
        parts = [self._and()]
        while self.take("or", "||"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Logic("or", tuple(parts))

    def _and(self) -> Expr:
        parts = [self._not()]
        while self.take("and", "&&"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else Logic("and", tuple(parts))

    def _not(self) -> Expr:
        return Not(self._not()) if self.take("not") else self._comparison()

    def _comparison(self) -> Expr:
        if self._is_group():
            self.expect("(")
            inner = self.condition()
            self.expect(")")
            return inner
        left = self.value()
        sign = _SIGNS.get(self._peek())
        if sign is not None:
            self._now += 1
            return Compare(sign, left, self.value())
        return self._word_comparison(left)

    def _is_group(self) -> bool:
        ahead = [word.text for word in self._words[self._now :]]
        return ahead[:1] == ["("] and ".." not in ahead[: ahead.index(")") if ")" in ahead else 0]

    def _word_comparison(self, left: Expr) -> Expr:
        if self.take("contains"):
            return Compare("contains", left, self.value())
        if self._manner.django and self.take("in"):
            return Compare("contains", self.value(), left)
        if self._manner.django and self._peek() == "not":
            self._now += 1
            self.expect("in")
            return Not(Compare("contains", self.value(), left))
        if self._manner.django and self.take("is"):
            sign = "!=" if self.take("not") else "=="
            return Compare(sign, left, self.value())
        return Truth(left, as_liquid=not self._manner.django)


def _key(word: Word) -> str:
    return word.text[2:-1].strip() if word.kind == "value" else word.text
