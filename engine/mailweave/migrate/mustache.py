"""Mustache: sections that are a list, a record or a condition by the data that comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mailweave.migrate.bench import Bench
from mailweave.migrate.context import Context, below
from mailweave.migrate.mustaches import Stache, of_mustache
from mailweave.migrate.sample import Kind
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
    Node,
    Not,
    Output,
    Ref,
    Text,
    Truth,
)


class MustacheParser:
    """Reads one template."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._pieces = of_mustache(bench)
        self._now = 0
        self._around = [Context()]
        self._loops = 0

    def read(self) -> tuple[Node, ...]:
        """The whole template."""
        nodes, ending = self._nodes()
        if ending is not None:
            raise self._bench.refusal(ending.at, f"`{ending.text}` closes nothing")
        return nodes

    def _nodes(self) -> tuple[tuple[Node, ...], Stache | None]:
        made: list[Node] = []
        while self._now < len(self._pieces):
            piece = self._pieces[self._now]
            self._now += 1
            if piece.sign == "/" and not piece.is_text:
                return tuple(made), piece
            made += self._node(piece)
        return tuple(made), None

    def _node(self, piece: Stache) -> Iterator[Node]:
        if piece.is_text:
            yield Text(piece.text)
        elif piece.sign in ("", "&"):
            yield from self._shown(piece)
        elif piece.sign in ("#", "^"):
            yield from self._section(piece)
        elif piece.sign == ">":
            why, todo = "the partial stands in another file", "docs/libraries.md says how snippets are shared"
            yield self._bench.no_equal(piece.at, piece.stop, why, todo)

    def _shown(self, piece: Stache) -> Iterator[Node]:
        value = self._named(piece)
        if isinstance(value, Broken):
            yield self._bench.kept(piece.at, piece.stop)
            return
        if piece.sign == "&":
            self._bench.tell("MW661", piece.at, piece.stop)
        if isinstance(value, Ref) and value.of and self._bench.sample.kind(value.of) == "list":
            value = Filtered(value, "join", (Lit(","),))
        yield Output(value, piece.sign == "&", piece.at)

    # ---- names

    def _named(self, piece: Stache) -> Expr:
        """What a name is: the first record around that has it."""
        if piece.text == ".":
            this = self._around[-1].this
            return self._whole(piece) if this is None else replace(this, at=piece.at)
        keys = [int(key) if key.isdigit() else key for key in piece.text.split(".")]
        if "" in keys:
            raise self._bench.refusal(piece.at, "this is no name")
        found = [context for context in reversed(self._around) if self._may_have(context, str(keys[0]))]
        first = found[0] if found else self._around[-1]
        value = below(first, keys, piece.at)
        if len(found) > 1 and not self._always_has(first, str(keys[0])):
            outer = below(found[1], keys, piece.at)
            return Choice(Compare("==", below(first, keys[:1], piece.at), Lit(None)), outer, value)
        return value

    def _whole(self, piece: Stache) -> Expr:
        return self._bench.broken(
            piece.at, piece.stop, "all of the data are no value", "name the one that is meant"
        )

    def _may_have(self, context: Context, name: str) -> bool:
        sample = self._bench.sample
        if not sample.given:
            return context.this is None or context.is_item or context.of is not None
        return context.of is not None and name in sample.fields(context.of)

    def _always_has(self, context: Context, name: str) -> bool:
        sample = self._bench.sample
        if not sample.given or context.of is None:
            return True
        records = sample.values(context.of)
        return all(isinstance(record, dict) and name in record for record in records)

    # ---- sections

    def _section(self, piece: Stache) -> Iterator[Node]:
        value = self._named(piece)
        kind = self._kind(piece, value)
        this = value if isinstance(value, Ref) else None
        if piece.sign == "^":
            body = self._body(piece, None)
            yield If((Arm(Not(Truth(value)), body),), piece.at)
        elif kind == "list":
            yield self._loop(piece, value)
        else:
            is_record = this is not None and kind != "bool" and this.tail[-1:] != ("size",)
            body = self._body(piece, Context(this) if is_record else None)
            yield If((Arm(Truth(value), body),), piece.at)

    def _loop(self, piece: Stache, items: Expr) -> Node:
        self._loops += 1
        name = "item" if self._loops == 1 else f"item{self._loops}"
        of = (*items.of, ITEM) if isinstance(items, Ref) and items.of else None
        body = self._body(piece, Context(Ref((), name, (), of, piece.at), is_item=True))
        self._loops -= 1
        return For(name, items, body, at=piece.at)

    def _body(self, piece: Stache, context: Context | None) -> tuple[Node, ...]:
        if context is not None:
            self._around.append(context)
        nodes, ending = self._nodes()
        if context is not None:
            self._around.pop()
        if ending is None or ending.text != piece.text:
            raise self._bench.refusal(piece.at, f"`{piece.text}` is never closed")
        return nodes

    def _kind(self, piece: Stache, value: Expr) -> Kind:
        """What a section is: by the data, else by what stands in it."""
        if isinstance(value, Ref) and value.of is not None:
            kind = self._bench.known(value)
            if kind != "unknown" or piece.sign == "^":
                return kind
        return "unknown" if self._bench.sample.given else self._guess(piece)

    def _guess(self, piece: Stache) -> Kind:
        names = self._names_within(piece.text)
        is_inner = any(context.is_item for context in self._around)  # a list in a list could not be declared
        kind: Kind = "list" if names and not is_inner else "text" if "." in names else "bool"
        said = {"list": "a list", "text": "a value", "bool": "a condition"}[kind]
        self._bench.tell("MW662", piece.at, piece.stop, kind=said)
        return kind

    def _names_within(self, section: str) -> set[str]:
        """The values that a section shows and which stand nowhere outside of it."""
        depth, stop = 1, self._now
        while stop < len(self._pieces) and depth:
            piece = self._pieces[stop]
            depth += (piece.sign in ("#", "^")) - (piece.sign == "/")
            stop += 1
        outside = {p.text for p in (*self._pieces[: self._now], *self._pieces[stop:]) if not p.is_text}
        inside = {
            p.text for p in self._pieces[self._now : stop] if not p.is_text and p.sign in ("", "&", "#")
        }
        return (inside - outside - {section}) | (inside & {"."})


def parse_mustache(bench: Bench) -> tuple[Node, ...]:
    """The tree of a template of Mustache. Raises MailweaveError (MW665) for what it cannot read."""
    return MustacheParser(bench).read()
