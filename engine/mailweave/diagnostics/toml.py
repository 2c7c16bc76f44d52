"""TOML files that people write: read into a pydantic model, every fault with its line.

`tomllib` keeps no places, so the place of a key is found again in the text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mailweave.diagnostics.model import Diagnostic
from mailweave.diagnostics.suggest import did_you_mean
from mailweave.diagnostics.table import diagnose
from mailweave.source import Source, Span

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]

_HEADER = re.compile(r"[ \t]*(\[\[?)([^\]\n]+)\]\]?")
_KEY = re.compile(r"""[ \t]*((?:"[^"\n]*"|'[^'\n]*'|[A-Za-z0-9_.\- \t])+?)[ \t]*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)""")
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")


def load(source: Source, model: type[M]) -> tuple[M | None, tuple[Diagnostic, ...]]:
    """The file as a `model`, or None and what is wrong with it."""
    try:
        data = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, (_broken(source, error),)
    try:
        return model.model_validate(data), ()
    except ValidationError as error:
        places = dict(_places(source.text))
        return None, tuple(_finding(source, places, model, detail) for detail in error.errors())


def place(source: Source, path: Path) -> Span:
    """Where the key at `path` stands; its nearest parent when it is not written on a line of its own."""
    return _nearest(dict(_places(source.text)), path)


def _broken(source: Source, error: Exception) -> Diagnostic:
    found = _AT.search(str(error))
    at = len(source.text)
    if found:
        lines = source.text.split("\n")
        at = sum(len(line) + 1 for line in lines[: int(found[1]) - 1]) + int(found[2]) - 1
    what = _AT.sub("", str(error)).strip() or "too deeply nested"
    return diagnose("MW002", source, Span(at, at + 1), what=what[:1].lower() + what[1:])


def _places(text: str) -> Iterator[tuple[Path, Span]]:
    """Every key written at the start of a line, with the table it belongs to."""
    table: Path = ()
    counts: dict[Path, int] = {}
    at = 0
    for line in text.split("\n"):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header and not key:
            table = _parts(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield table, Span(at + header.start(2), at + header.end(2))
        elif key:
            yield (*table, *_parts(key[1])), Span(at + key.start(1), at + key.end(1))
        at += len(line) + 1


def _parts(dotted: str) -> Path:
    return tuple(a or b or c for a, b, c in _PART.findall(dotted))


def _nearest(places: dict[Path, Span], path: Path) -> Span:
    while path:
        if path in places:
            return places[path]
        path = path[:-1]
    return Span(0, 1)


def _finding(
    source: Source, places: dict[Path, Span], model: type[BaseModel], detail: ErrorDetails
) -> Diagnostic:
    path: Path = tuple(detail["loc"])
    span, dotted = _nearest(places, path), ".".join(map(str, path))
    if detail["type"] == "extra_forbidden":
        known = _known(model, path[:-1])
        return diagnose("MW003", source, span, key=dotted, help=did_you_mean(str(path[-1]), known))
    if detail["type"] == "missing":
        return diagnose("MW004", source, span, key=dotted)
    what = detail["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return diagnose("MW005", source, span, key=dotted, what=what[:1].lower() + what[1:])


def _known(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that `model` takes at `path`."""
    current: Any = model
    for step in path:
        fields = getattr(current, "model_fields", None)
        if fields is not None:
            current = next((f.annotation for n, f in fields.items() if step in (n, f.alias)), None)
        current = _inner(current)
    fields = getattr(_inner(current), "model_fields", {})
    return [field.alias or name for name, field in fields.items()]


def _inner(annotation: Any) -> Any:
    """The model inside an optional, a list or a mapping."""
    while not hasattr(annotation, "model_fields"):
        arguments = [a for a in getattr(annotation, "__args__", ()) if a is not type(None)]
        if not arguments:
            return annotation
        annotation = arguments[-1]
    return annotation
