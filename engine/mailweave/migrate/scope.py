"""Which names a template has given itself, and what a path of names leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from mailweave.migrate.names import local_name
from mailweave.migrate.tree import ITEM, Expr, Key, Path, Ref

ENDS = frozenset({"first", "last", "size"})
"""What Liquid reads of a list or a text by a dot."""


@dataclass(frozen=True, slots=True)
class Known:
    """A name of the template's own: how it is called here, and where in the data its value comes from."""

    name: str
    of: Path | None = None


@dataclass(slots=True)
class Scope:
    """The names that are known at a place of the template."""

    known: dict[str, Known] = field(default_factory=dict)

    def give(self, name: str, value: Expr | None = None) -> str:
        """Makes a name known from here on; returns how it is called here."""
        of = value.of if isinstance(value, Ref) else None
        self.known[name] = Known(local_name(name), of)
        return self.known[name].name

    @contextmanager
    def item(self, name: str, items: Expr, called: str = "") -> Iterator[str]:
        """Makes a name known, for what is in a loop, as an item of a list."""
        outer = dict(self.known)
        of = (*items.of, ITEM) if isinstance(items, Ref) and items.of else None
        self.known[name] = Known(called or local_name(name), of)
        yield self.known[name].name
        lost = [each for each in self.known if each not in outer and each != name]
        kept = {each: self.known[each] for each in lost}
        self.known = {**outer, **kept}

    @contextmanager
    def arms(self) -> Iterator[Callable[[], None]]:
        """For branches: call what is given before each, so that it knows nothing of the others; behind them all that
        one of them gave is known."""
        outer, given = dict(self.known), dict(self.known)

        def begin() -> None:
            given.update(self.known)
            self.known = dict(outer)

        yield begin
        self.known = {**given, **self.known}

    def ref(self, keys: Sequence[Key], at: int, *, fixed: int = 1, ends: bool = True) -> Ref:
        """What a path of names leads to. fixed: so many of them are names of data, whatever they are called; ends:
        whether `size`, `first` and `last` mean what they mean in Liquid."""
        known = self.known.get(str(keys[0]))
        if known is not None:
            return Ref((), known.name, tuple(keys[1:]), _of(known.of, keys[1:], ends), at)
        stop = next((n for n, key in enumerate(keys) if n >= fixed and _is_step(key, ends)), len(keys))
        data, tail = tuple(map(str, keys[:stop])), tuple(keys[stop:])
        return Ref(data, "", tail, _of(data, tail, ends), at)


def ours(*names: str, at: int = 0) -> Ref:
    """What templates here read besides the data: `campaign.unsubscribe_url`."""
    return Ref((), names[0], names[1:], None, at)


def _is_step(key: Key, ends: bool) -> bool:
    return isinstance(key, int) or (ends and key in ENDS)


def _of(start: Path | None, tail: Sequence[Key], ends: bool) -> Path | None:
    if start is None:
        return None
    path = list(start)
    for key in tail:
        if ends and key == "size":
            break
        path.append(ITEM if isinstance(key, int) or (ends and key in ENDS) else key)
    return tuple(path)
