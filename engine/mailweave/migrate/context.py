"""What `this` is at a place of a Handlebars or Mustache template, and what names lead to from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mailweave.migrate.tree import ITEM, Key, Path, Ref


@dataclass(frozen=True, slots=True)
class Context:
    """A record that names are looked up in; without `this` it is all of the data. is_item: of a loop."""

    this: Ref | None = None
    is_item: bool = False

    @property
    def of(self) -> Path | None:
        """Where it is in the data."""
        return () if self.this is None else self.this.of


def below(context: Context, keys: Sequence[Key], at: int) -> Ref:
    """A value in a context. `length` behind another name is the size."""
    this = context.this or Ref()
    ends = ["size" if key == "length" and n + (this != Ref()) > 0 else key for n, key in enumerate(keys)]
    if this.local or this.tail:
        return Ref(this.data, this.local, (*this.tail, *ends), _of(this.of, ends), at)
    stop = next(
        (n for n, key in enumerate(ends) if isinstance(key, int) or _is_size(keys, ends, n)), len(ends)
    )
    data = (*this.data, *map(str, ends[:stop]))
    return Ref(data, "", tuple(ends[stop:]), _of(data, ends[stop:]), at)


def _is_size(keys: Sequence[Key], ends: Sequence[Key], n: int) -> bool:
    return ends[n] == "size" and keys[n] == "length"


def _of(start: Path | None, keys: Sequence[Key]) -> Path | None:
    if start is None:
        return None
    path = list(start)
    for key in keys:
        if key == "size":
            break
        path.append(ITEM if isinstance(key, int) else key)
    return tuple(path)
