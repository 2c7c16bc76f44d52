"""Handlebars: its blocks, paths and helpers; of helpers that are registered elsewhere those that all write alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from mailweave.migrate.bench import Bench
from mailweave.migrate.context import Context, below
from mailweave.migrate.handlebars_words import Call, Given, Name, Word, call_of
from mailweave.migrate.mustaches import Stache, of_handlebars
from mailweave.migrate.sample import Kind
from mailweave.migrate.scope import ours
from mailweave.migrate.tree import (
    ITEM,
    Arm,
    Broken,
    Choice,
    Compare,
    Expr,
    Filtered,
    For,
    If,
    Lit,
    Logic,
    Node,
    Not,
    Output,
    Ref,
    Text,
    Truth,
)

_COMPARING: Final[Mapping[str, str]] = {
    "eq": "==", "equals": "==", "ne": "!=", "notEquals": "!=", "gt": ">", "greaterThan": ">", "gte": ">=", "lt": "<",
    "lessThan": "<", "lte": "<=",
}  # fmt: skip
_COUNTERS: Final = {"index": "index0", "first": "first", "last": "last", "key": "index0"}
_REGISTERED: Final = "the helper is registered elsewhere, and taken for what its name says"


class HandlebarsParser:
    """Reads one template."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._pieces = of_handlebars(bench)
        self._now = 0
        self._around = [Context()]
        self._loops: list[int] = []  # how many contexts are around each loop
        self._names: dict[str, Ref] = {}
        self._opened: list[str] = []  # the names of the blocks around

    def read(self) -> tuple[Node, ...]:
        """The whole template."""
        nodes, ending = self._nodes()
        if ending is not None:
            raise self._bench.refusal(ending.at, "this closes nothing")
        return nodes

    def _nodes(self) -> tuple[tuple[Node, ...], Stache | None]:
        made: list[Node] = []
        while self._now < len(self._pieces):
            piece = self._pieces[self._now]
            self._now += 1
            if not piece.is_text and (piece.sign == "/" or _is_else(piece)):
                if piece.sign == "/" and self._opened and self._opened[-1] not in ("", piece.text):
                    raise self._bench.refusal(piece.at, f"this does not close `{self._opened[-1]}`")
                return tuple(made), piece
            made += self._node(piece)
        return tuple(made), None

    def _node(self, piece: Stache) -> Iterator[Node]:
        if piece.is_text:
            yield Text(piece.text)
        elif piece.sign == "raw":
            self._bench.tell("MW669", piece.at, piece.stop, instead="raw", difference=_REGISTERED)
            yield Text(piece.text)
        elif piece.sign in ("", "&"):
            yield from self._shown(piece)
        elif piece.sign in ("#", "^"):
            call = call_of(self._bench, piece.text, piece.at)
            self._opened.append(call.name.written if isinstance(call.name, Name) else "")
            yield from self._block(piece, call, is_inverse=piece.sign == "^")
            self._opened.pop()
        elif piece.sign == "!":
            return
        else:
            yield from self._elsewhere(piece)

    def _elsewhere(self, piece: Stache) -> Iterator[Node]:
        why, todo = "the partial stands in another file", "docs/libraries.md says how snippets are shared"
        yield self._bench.no_equal(piece.at, piece.stop, why, todo)
        if piece.sign in ("#>", "#*"):
            self._opened.append(piece.text.split()[0] if piece.text else "")
            body, ending = self._nodes()
            self._opened.pop()
            if ending is None:
                raise self._bench.refusal(piece.at, "this is never closed")
            yield If((Arm(Broken(piece.at), body),), piece.at)

    # ---- values

    def _shown(self, piece: Stache) -> Iterator[Node]:
        call = call_of(self._bench, piece.text, piece.at)
        if isinstance(call.name, Name) and call.name.keys == ("log",):
            return
        value = self._called(call, piece)
        if isinstance(value, Broken):
            yield self._bench.kept(piece.at, piece.stop)
            return
        if piece.sign == "&":
            self._bench.tell("MW661", piece.at, piece.stop)
        if self._kind(value) == "list":
            value = Filtered(value, "join", (Lit(","),))
        yield Output(value, piece.sign == "&", piece.at)

    def _called(self, call: Call, piece: Stache) -> Expr:
        """A value, or what a helper makes of its values."""
        name = _looked_up(call.name)
        if isinstance(name, Word):
            why = "a number, and null, are names there"
            return self._bench.broken(piece.at, piece.stop, why, "write it as text, or name the value")
        word = name.keys[0] if len(name.keys) == 1 and not name.is_private else ""
        if not call.given and not call.named:
            return self._path(name, piece)
        given = [self._given(each, piece) for each in call.given]
        if any(isinstance(each, Broken) for each in given):
            return Broken(piece.at)
        made = self._helped(word, given, piece)
        if made is None:
            return self._bench.broken(
                piece.at, piece.stop, f"the helper `{name.written}` is a program", "compute it in the data"
            )
        return made

    def _helped(self, word: str, given: list[Expr], piece: Stache) -> Expr | None:
        match word, given:
            case "lookup", [Ref() as record, Lit(value=str() | int() as key)]:
                return below(Context(record), [key], piece.at)
            case ("and" | "or") as logic, [_, _, *_]:
                made: Expr = Logic("and" if logic == "and" else "or", tuple(map(Truth, given)))
            case "not", [value]:
                made = Not(Truth(value))
            case "length", [value]:
                made = Filtered(value, "size")
            case "insert", [value, Lit(value=str() as other)] if other.startswith("default="):
                made = Choice(Truth(value), value, Lit(other.removeprefix("default=")))
            case _, [left, right] if word in _COMPARING:
                made = Compare(_COMPARING[word], left, right)
            case _:  # a helper that nobody knows
                return None
        instead = type(made).__name__.lower() if not isinstance(made, Compare) else made.sign
        self._bench.tell("MW669", piece.at, piece.stop, instead=instead, difference=_REGISTERED)
        return made

    def _given(self, given: Given, piece: Stache) -> Expr:
        match given:
            case Word(value=value):
                return Lit(value)
            case Call():
                return self._called(given, piece)
            case Name():
                return self._path(given, piece)

    def _path(self, name: Name, piece: Stache) -> Expr:
        if name.is_private:
            return self._private(name, piece)
        keys = [int(key) if key.isdigit() else key for key in name.keys]
        if keys and not name.up and not name.written.startswith(("this", "./")) and keys[0] in self._names:
            known = self._names[str(keys[0])]
            return below(Context(known), keys[1:], piece.at) if keys[1:] else replace(known, at=piece.at)
        if name.up >= len(self._around):
            return Lit(None)
        if not keys and self._around[-1 - name.up].this is None:
            why = "all of the data are no value"
            return self._bench.broken(piece.at, piece.stop, why, "name the one that is meant")
        return below(self._around[-1 - name.up], keys, piece.at)

    def _private(self, name: Name, piece: Stache) -> Expr:
        if name.keys[:1] == ("root",):
            return below(Context(), [int(key) if key.isdigit() else key for key in name.keys[1:]], piece.at)
        counter = _COUNTERS.get(name.keys[0]) if len(name.keys) == 1 else None
        if counter is None or name.up >= len(self._loops):
            return self._bench.broken(
                piece.at, piece.stop, "a loop does not say that", "compute it in the data"
            )
        return ours("forloop", *["parentloop"] * name.up, counter, at=piece.at)

    def _kind(self, value: Expr) -> Kind:
        return self._bench.known(value)

    # ---- blocks

    def _block(self, piece: Stache, call: Call, *, is_inverse: bool) -> Iterator[Node]:
        word = call.name.written if isinstance(call.name, Name) else ""
        if word in ("if", "unless") and len(call.given) == 1:
            yield self._if(piece, call, word == "unless", is_inverse)
        elif word == "each" and len(call.given) == 1:
            yield from self._each(piece, call, self._given(call.given[0], piece), is_inverse)
        elif word == "with" and len(call.given) == 1:
            yield self._with(piece, call, self._given(call.given[0], piece), is_inverse)
        elif not call.given and not call.named:
            yield from self._section(piece, call, is_inverse)
        else:
            yield self._if_helped(piece, call, is_inverse)

    def _if(self, piece: Stache, call: Call, is_opposite: bool, is_inverse: bool) -> Node:
        value = self._given(call.given[0], piece)
        test: Expr = Truth(value) if not isinstance(value, Broken) else value
        if dict(call.named).get("includeZero") == Word(True):
            test = Logic("or", (test, Compare("==", value, Lit(0))))
        test = Not(test) if is_opposite != is_inverse and not isinstance(test, Broken) else test
        return self._branched(piece, test)

    def _if_helped(self, piece: Stache, call: Call, is_inverse: bool) -> Node:
        value = self._called(call, piece)
        test = value if isinstance(value, Broken | Compare | Logic | Not) else Truth(value)
        return self._branched(piece, Not(test) if is_inverse and not isinstance(test, Broken) else test)

    def _branched(self, piece: Stache, test: Expr, context: Context | None = None) -> Node:
        """A condition with what stands under it and behind its `else`."""
        body, ending = self._within(piece, context)
        other = self._otherwise(piece, ending)
        return If((Arm(test, body), *((Arm(None, other),) if other else ())), piece.at)

    def _within(self, piece: Stache, context: Context | None) -> tuple[tuple[Node, ...], Stache]:
        if context is not None:
            self._around.append(context)
        nodes, ending = self._nodes()
        if context is not None:
            self._around.pop()
        if ending is None:
            raise self._bench.refusal(piece.at, f"`{piece.text.split()[0]}` is never closed")
        return nodes, ending

    def _otherwise(self, piece: Stache, ending: Stache) -> tuple[Node, ...]:
        """What stands behind an `else`, up to the end of the block."""
        if ending.sign == "/":
            return ()
        words = ending.text.removeprefix("else").strip() if ending.sign == "" else ending.text
        if words:  # `else if`: a block that has no end of its own
            return tuple(
                self._block(
                    replace(ending, text=words), call_of(self._bench, words, ending.at), is_inverse=False
                )
            )
        body, last = self._within(piece, None)
        if last.sign != "/":
            raise self._bench.refusal(last.at, "a second `else`")
        return body

    def _each(self, piece: Stache, call: Call, items: Expr, is_inverse: bool) -> Iterator[Node]:
        kind = self._kind(items)
        if isinstance(items, Broken) or kind not in ("list", "unknown") or is_inverse:
            if not isinstance(items, Broken):
                why = "a record has no order here" if kind == "record" else f"a {kind} has no items"
                why = "a loop turned around" if is_inverse else why
                yield self._bench.no_equal(piece.at, piece.stop, why, "make it a list of records")
            yield self._branched(piece, Broken(piece.at), Context())
            return
        yield self._loop(piece, call, items)

    def _loop(self, piece: Stache, call: Call, items: Expr) -> Node:
        depth = len(self._loops) + 1
        name = "item" if depth == 1 else f"item{depth}"
        of = (*items.of, ITEM) if isinstance(items, Ref) and items.of else None
        item = Ref((), name, (), of, piece.at)
        outer = dict(self._names)
        self._names.update(zip(call.names, (item, ours("forloop", "index0")), strict=False))
        self._loops.append(len(self._around))
        body, ending = self._within(piece, Context(item, is_item=True))
        self._loops.pop()
        self._names = outer
        return For(name, items, body, self._otherwise(piece, ending), at=piece.at)

    def _with(self, piece: Stache, call: Call, record: Expr, is_inverse: bool) -> Node:
        if not isinstance(record, Ref) or is_inverse:
            return self._branched(
                piece, Broken(piece.at) if isinstance(record, Broken) else Not(Truth(record))
            )
        outer = dict(self._names)
        self._names.update(zip(call.names, (record,), strict=False))
        body, ending = self._within(piece, Context(record))
        self._names = outer
        other = self._otherwise(piece, ending)
        return If((Arm(Truth(record), body), *((Arm(None, other),) if other else ())), piece.at)

    def _section(self, piece: Stache, call: Call, is_inverse: bool) -> Iterator[Node]:
        """A block without a helper: what it is, the data say."""
        value = self._called(call, piece)
        kind = self._kind(value)
        if kind == "unknown" and not self._bench.sample.given and not is_inverse:
            kind = "list"
            self._bench.tell("MW662", piece.at, piece.stop, kind="a list")
        if kind == "list" and not is_inverse:
            yield self._loop(piece, call, value)
            return
        holds: Expr = Truth(value, as_liquid=True) if kind != "list" else Truth(value)
        if is_inverse and kind != "bool":
            yield from self._inverse(piece, Not(holds))
            return
        context = Context(value) if isinstance(value, Ref) and kind not in ("bool", "unknown") else None
        yield self._branched(piece, Not(holds) if is_inverse else holds, None if is_inverse else context)

    def _inverse(self, piece: Stache, test: Expr) -> Iterator[Node]:
        """A section turned around; its `else` would be a loop, or have a record around it."""
        body, ending = self._within(piece, None)
        yield If((Arm(test, body),), piece.at)
        if ending.sign != "/":
            why, todo = "a section turned around, with an `else`", "begin it with # and swap the two parts"
            yield self._bench.no_equal(ending.at, ending.stop, why, todo)
            yield If((Arm(Broken(ending.at), self._otherwise(piece, ending)),), ending.at)


def _looked_up(name: Name | Word) -> Name | Word:
    """A literal at the start of a tag is the name of a value or helper; a number, and null, stay literals."""
    if isinstance(name, Name) or name.value is None or not isinstance(name.value, str | bool):
        return name
    word = name.value if isinstance(name.value, str) else str(name.value).lower()
    return Name((word,), written=word) if word and not word.isdigit() else name


def _is_else(piece: Stache) -> bool:
    if piece.sign == "^" and not piece.text:
        return True
    return piece.sign == "" and piece.text.split()[:1] == ["else"]


def parse_handlebars(bench: Bench) -> tuple[Node, ...]:
    """The tree of a template of Handlebars. Raises MailweaveError (MW665) for what it cannot read."""
    return HandlebarsParser(bench).read()
