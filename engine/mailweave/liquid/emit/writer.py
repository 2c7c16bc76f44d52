"""Lines of generated Python, each with the template line it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from mailweave.liquid.failures import NotCompilable

_UNSAFE = re.compile(r"[^A-Za-z0-9_]")
_INLINE = (type(None), bool, int, str)

Line = tuple[int, int, str | list[str]]
"""Its indentation, its line in the template, and its text; or lines that are known later."""


class Names:
    """The only doors of template text into generated code: `repr` of a literal, and made-up identifiers."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}
        self._counter = 0
        self._known: dict[tuple[str, int], str] = {}

    def fresh(self, prefix: str, hint: str = "") -> str:
        """A new identifier; `hint` is only for readers and loses everything but ASCII letters and digits."""
        self._counter += 1
        return f"{prefix}{self._counter}" + (f"_{_UNSAFE.sub('_', hint)[:24]}" if hint else "")

    def constant(self, value: object, prefix: str = "K", hint: str = "") -> str:
        """An identifier for an object that the generated function uses."""
        key = (prefix, id(value))
        if key not in self._known:
            self._known[key] = name = self.fresh(prefix, hint)
            self.values[name] = value
        return self._known[key]

    def literal(self, value: object) -> str:
        """A value as Python source when it has one, else the identifier of it."""
        exact = type(value) in _INLINE and not (isinstance(value, int) and abs(value) > 1 << 62)
        return repr(value) if exact else self.constant(value)


class Writer:
    """Collects indented lines."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self.line = 1
        self._indent = 1
        self.closed = 0  # while an expression is made, no statement may be written

    @property
    def is_empty(self) -> bool:
        return not self._lines

    @property
    def is_within(self) -> bool:
        """Whether the next line stands in a loop or a branch."""
        return self._indent > 1

    def write(self, text: str) -> None:
        if self.closed:
            raise NotCompilable("it has a statement within an expression")
        self._lines.append((self._indent, self.line, text))

    def later(self) -> list[str]:
        """Lines that stand here, once they are known."""
        lines: list[str] = []
        self._lines.append((self._indent, self.line, lines))
        return lines

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """The lines written inside stand below `head`; an empty block gets `pass`."""
        self.write(head)
        before = len(self._lines)
        self._indent += 1
        yield
        if not any(text for *_, text in self._lines[before:]):
            self.write("pass")
        self._indent -= 1

    def text(self, parameters: str, head: Sequence[str]) -> tuple[str, list[int]]:
        """The function, and for each of its lines the line of the template."""
        made, origins, last = (
            [
                f"def render({parameters}):",
                *("    " + one for one in head or ([] if self._lines else ["pass"])),
            ],
            [],
            0,
        )
        origins = [1] * len(made)
        for indent, origin, text in self._lines:
            for line in [text] if isinstance(text, str) else text:
                if origin != last:
                    made.append("    " * indent + f"# line {origin}")
                    origins.append(origin)
                    last = origin
                made.append("    " * indent + line)
                origins.append(origin)
        return "\n".join(made) + "\n", origins
