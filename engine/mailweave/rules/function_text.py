"""One function that is generated at run time: its lines, and the objects that they name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mailweave.generated_code import compile_source


class FunctionText:
    """Gathers the objects of one function; `title` says what it does, in tracebacks and profiles.

    Names of authors stand in its lines as `repr` alone.

    >>> text = FunctionText("limit")
    >>> limit = text.name(3)
    >>> text.function("value", [f"return value < {limit}"])(2)
    True
    """

    def __init__(self, title: str, **names: Any) -> None:
        self._title = title
        self._names: dict[str, Any] = names

    def name(self, value: object) -> str:
        """The name under which the lines find `value`."""
        name = f"k{len(self._names)}"
        self._names[name] = value
        return name

    def function(self, head: str, lines: Iterable[str]) -> Callable[..., Any]:
        """The function with the parameters `head`."""
        source = "\n".join((f"def f({head}):", *(f"    {line}" for line in lines)))
        exec(compile_source(self._title, source), self._names)
        made: Callable[..., Any] = self._names["f"]
        return made
