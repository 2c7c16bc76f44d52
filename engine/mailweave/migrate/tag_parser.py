"""Reading a template of tags that open and close: what Liquid and Django have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from mailweave.migrate.bench import Bench
from mailweave.migrate.braces import Piece
from mailweave.migrate.filters import Filters
from mailweave.migrate.operands import Manner, Operands
from mailweave.migrate.scope import Scope
from mailweave.migrate.tree import Arm, Broken, Expr, If, Key, Node, Not, Output, Text

_ENDINGS = ("else", "elsif", "elseif", "elif", "when", "empty")


class TagParser(ABC):
    """Reads one template from its pieces."""

    def __init__(self, bench: Bench, filters: Filters, found: Sequence[Piece], *, django: bool) -> None:
        self._bench, self._filters, self._scope = bench, filters, Scope()
        self._manner = Manner(self._ref, self._apply, django)
        self._pieces, self._now = found, 0

    @abstractmethod
    def _tag(self, piece: Piece) -> tuple[Node, ...]:
        """What a tag is, with all up to the one that closes it."""

    @abstractmethod
    def _ref(self, keys: Sequence[Key], at: int, fixed: int) -> Expr:
        """What a path of names is."""

    def read(self) -> tuple[Node, ...]:
        """The whole template."""
        nodes, ending = self._nodes(())
        if ending is not None:
            raise self._bench.refusal(ending.at, f"`{ending.name}` closes nothing")
        return nodes

    def _nodes(self, ends: Sequence[str]) -> tuple[tuple[Node, ...], Piece | None]:
        """What stands up to a tag of `ends`, and that tag."""
        made: list[Node] = []
        while self._now < len(self._pieces):
            piece = self._pieces[self._now]
            self._now += 1
            if piece.kind == "tag" and (
                piece.name in ends or piece.name.startswith("end") or piece.name in _ENDINGS
            ):
                return tuple(made), piece
            made += self._made(piece)
        return tuple(made), None

    def _body(self, opened: Piece, ends: Sequence[str]) -> tuple[tuple[Node, ...], Piece]:
        nodes, ending = self._nodes(ends)
        if ending is None or ending.name not in ends:
            raise self._bench.refusal(opened.at, f"`{opened.name}` is never closed")
        return nodes, ending

    def _made(self, piece: Piece) -> tuple[Node, ...]:
        if piece.kind == "text":
            return (Text(piece.text),)
        return self._echo(piece) if piece.kind == "output" else self._tag(piece)

    def _without_equal(self, piece: Piece, why: str, todo: str) -> tuple[Node, ...]:
        """A tag that cannot be said; what stands up to its end, if it has one, is kept and not shown."""
        mark = self._bench.no_equal(piece.at, piece.stop, why, todo)
        end = f"end{piece.name}"
        if not any(each.name == end for each in self._pieces[self._now :]):
            return (mark,)
        held, ending = self._body(piece, (end, "else", "empty"))
        while ending.name != end:
            more, ending = self._body(piece, (end, "else", "empty"))
            held = (*held, *more)
        return (mark, If((Arm(Broken(piece.at), held),), piece.at))

    def _words(self, piece: Piece) -> Operands:
        return Operands(self._bench, self._manner, piece.text, piece.within)

    def _apply(
        self, value: Expr, name: str, given: list[Expr], named: dict[str, Expr], place: tuple[int, int]
    ) -> Expr:
        if isinstance(value, Broken):
            return value
        return self._filters.apply(self._bench, value, name, given, named, place)

    def _echo(self, piece: Piece) -> tuple[Node, ...]:
        words = self._words(piece)
        value = words.value()
        words.close()
        if isinstance(value, Broken):
            return (self._bench.kept(piece.at, piece.stop),)
        return (Output(value, at=piece.at),)

    def _test(self, piece: Piece) -> Expr:
        words = self._words(piece)
        test = words.condition()
        words.close()
        return test

    def _if(self, piece: Piece) -> tuple[Node, ...]:
        arms: list[Arm] = []
        opened: Expr | None = self._opened(piece)
        with self._scope.arms() as begin:
            while True:
                begin()
                body, ending = self._body(piece, (f"end{piece.name}", "else", "elsif", "elseif", "elif"))
                arms.append(Arm(opened, body))
                if ending.name.startswith("end"):
                    return (If(tuple(arms), piece.at),)
                opened = None if ending.name == "else" else self._test(ending)

    def _opened(self, piece: Piece) -> Expr:
        """The condition of a tag that opens a branch."""
        return Not(self._test(piece)) if piece.name == "unless" else self._test(piece)
