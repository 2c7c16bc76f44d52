"""TOML texts whose keys have places: a wrong key is shown where the author wrote it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mailweave.content.toml_escapes import unescaped_source
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.source import Source, Span

DEEPEST = 30  # tables and lists in each other
Path = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

_TOKEN = re.compile(
    r"(?P<space>[ \t\r]+|\#[^\n]*)|(?P<line>\n)"
    r'|(?P<text>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r"|(?P<mark>[\[\]{}=,.])|(?P<word>[^\s\[\]{}=,.#\"']+)",
    re.S,
)
_AT = re.compile(r" ?\(at (?:line (\d+), column (\d+)|end of document)\)")


_WORDS = {
    "string_type": "should be a text in quotes",
    "int_type": "should be a whole number",
    "float_type": "should be a number",
    "bool_type": "should be true or false",
    "list_type": "should be a list in [ ]",
    "tuple_type": "should be a list in [ ]",
    "dict_type": "should be a table",
    "mapping_type": "should be a table",
    "model_type": "should be a table",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key and its value stand."""

    key: Span
    value: Span


@dataclass(frozen=True, slots=True)
class TomlText:
    """A parsed TOML text: its data, and where each key of it stands."""

    source: Source
    data: Mapping[str, Any]
    places: Mapping[Path, Place]

    def key_span(self, path: Path) -> Span:
        """The span of the key at `path`, or of the nearest table around it."""
        place = self._nearest(path)
        return place.key if place else Span(0, 0)

    def value_span(self, path: Path) -> Span:
        """The span of the value at `path`, or of the nearest table around it."""
        place = self._nearest(path)
        return place.value if place else Span(0, 0)

    def value_source(self, path: Path, value: str) -> Source:
        """The string at `path` as a source that reports places of this file."""
        place = self.places.get(path)
        if place is not None:
            at = self.source.text.find(value, place.value.start, place.value.stop)
            if value and at >= 0:
                return self.source.part(Span(at, at + len(value)))
            return unescaped_source(self.source, place.value, value)
        return Source(self.source.name, value)

    def _nearest(self, path: Path) -> Place | None:
        while path:
            if path in self.places:
                return self.places[path]
            inside = (place for key, place in self.places.items() if key[: len(path)] == path)
            first = next(inside, None)
            if first is not None:  # a table that only dotted keys name
                return first
            path = path[:-1]
        return None


def read_toml(source: Source) -> tuple[TomlText | None, tuple[Diagnostic, ...]]:
    """Parses a TOML text; a syntax error comes back as one diagnostic.

    >>> text, found = read_toml(Source("a.toml", "[theme]\\nradius = 4\\n"))
    >>> text.data, str(text.source.locate(text.key_span(("theme", "radius")).start))
    ({'theme': {'radius': 4}}, 'a.toml:2:1')
    """
    try:
        data = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        return None, (_syntax(source, str(error)),)
    except RecursionError:
        return None, (_too_deep(source),)
    if _depth(data) > DEEPEST:
        return None, (_too_deep(source),)
    return TomlText(source, data, dict(_Places(source.text).walk())), ()


def _too_deep(source: Source) -> Diagnostic:
    problem = f"it is nested too deeply; {DEEPEST} levels are read"
    return diagnose("MW601", source, Span(0, 0), problem=problem)


def _depth(data: Any) -> int:
    """How many tables and lists lie in each other at most."""
    level, depth = [data], 0
    while level:
        level = [inner for one in level for inner in _within(one)]
        depth += 1
    return depth


def _within(value: Any) -> list[Any]:
    found = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [one for one in found if isinstance(one, (dict, list))]


def validate(
    model: type[Model], text: TomlText, at: Path = ()
) -> tuple[Model | None, tuple[Diagnostic, ...]]:
    """The table at path `at` as a `model`, or one diagnostic for each key that does not fit."""
    data: Any = text.data
    for step in at:
        data = data[step]
    try:
        return model.model_validate(data), ()
    except ValidationError as error:
        found = tuple(_finding(model, text, at, item) for item in error.errors(include_url=False))
        return None, found


def _syntax(source: Source, message: str) -> Diagnostic:
    match = _AT.search(message)
    offset = len(source.text)
    if match and match[1]:
        starts = [0, *(m.end() for m in re.finditer("\n", source.text))]
        offset = starts[min(int(match[1]), len(starts)) - 1] + int(match[2]) - 1
    problem = _AT.sub("", message)
    return diagnose("MW601", source, Span(offset, offset), problem=problem[:1].lower() + problem[1:])


def _finding(model: type[BaseModel], text: TomlText, at: Path, item: Any) -> Diagnostic:
    path: Path = at + tuple(step for step in item["loc"] if not str(step).startswith("function-"))
    is_key = path[-1:] == ("[key]",)
    path = path[:-1] if is_key else path
    key = str(path[-1]) if path else text.source.name
    if item["type"] == "extra_forbidden":
        known = _known(model, path[len(at) : -1])
        return diagnose(
            "MW602",
            text.source,
            text.key_span(path),
            key=key,
            known=", ".join(known) or "nothing",
            help=did_you_mean(key, known),
        )
    if item["type"] == "missing":
        problem, span = "is missing", text.key_span(path[:-1])
    else:
        problem, span = _problem(item), text.key_span(path) if is_key else text.value_span(path)
    return diagnose("MW603", text.source, span, key=".".join(map(str, path)) or key, problem=problem)


def _problem(item: Any) -> str:
    if item["type"] == "value_error":
        return str(item["ctx"]["error"])
    if item["type"] in _WORDS:
        return _WORDS[item["type"]]
    words = str(item["msg"]).replace("Input should", "should")
    return words[:1].lower() + words[1:]


def _known(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that the table at `path` of a model may have."""
    for step in path:
        inner = _inner(model, step)
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _inner(model: type[BaseModel], step: str | int) -> type[BaseModel] | None:
    named = {field.alias or name: field for name, field in model.model_fields.items()}
    field = named.get(str(step))
    if field is None:  # a key of a free mapping, or an index: the model stays the same
        return model
    return next(_models(field.annotation), None)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models(argument)


def _name(token: re.Match[str]) -> str:
    """The key that a token of a key stands for; one in quotes may hold escapes."""
    return str(tomllib.loads(f"key = {token[0]}")["key"]) if token.lastgroup == "text" else token[0]


class _Places:
    """Walks the tokens of a text that `tomllib` has accepted."""

    def __init__(self, text: str) -> None:
        self._tokens = [m for m in _TOKEN.finditer(text) if m.lastgroup != "space"]
        self._at = 0
        self._table: Path = ()
        self._counts: dict[Path, int] = {}

    def walk(self) -> Iterator[tuple[Path, Place]]:
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.lastgroup == "line":
                self._at += 1
            elif token[0] == "[":
                yield self._header()
            else:
                yield from self._pair(self._table)

    def _header(self) -> tuple[Path, Place]:
        opening = self._tokens[self._at]
        self._at += 1
        double = self._peek() == "["
        self._at += double
        names, span = self._key()
        path: Path = ()
        for name in names[:-1]:
            path = self._step((*path, name))
        path = (*path, names[-1])
        if double:
            self._counts[path] = self._counts.get(path, -1) + 1
        self._table = self._step(path)
        self._at += 1 + double
        return self._table, Place(span, Span(opening.start(), span.stop))

    def _step(self, path: Path) -> Path:
        """A name inside an array of tables means that of its latest table."""
        return (*path, self._counts[path]) if path in self._counts else path

    def _pair(self, table: Path) -> Iterator[tuple[Path, Place]]:
        names, span = self._key()
        self._at += 1  # the equals sign
        start = self._at
        path = (*table, *names)
        inner = list(self._value(path))
        value = Span(self._tokens[start].start(), self._tokens[self._at - 1].end())
        yield path, Place(span, value)
        yield from inner

    def _key(self) -> tuple[tuple[str, ...], Span]:
        names: list[str] = []
        first = self._tokens[self._at]
        last = first
        while self._at < len(self._tokens) and self._peek() not in ("=", "]"):
            last = self._tokens[self._at]
            if last[0] != ".":
                names.append(_name(last))
            self._at += 1
        return tuple(names), Span(first.start(), last.end())

    def _value(self, path: Path) -> Iterator[tuple[Path, Place]]:
        opening = self._peek()
        if opening not in ("[", "{"):
            while self._at < len(self._tokens) and self._ends() is False:
                self._at += 1
            return
        self._at += 1
        index = 0
        while self._peek() not in ("]", "}"):
            token = self._tokens[self._at]
            if token[0] == "," or token.lastgroup == "line":
                self._at += 1
            elif opening == "{":
                yield from self._pair(path)
            else:
                inner = list(self._value((*path, index)))
                span = Span(token.start(), self._tokens[self._at - 1].end())
                yield (*path, index), Place(span, span)
                yield from inner
                index += 1
        self._at += 1

    def _ends(self) -> bool:
        token = self._tokens[self._at]
        return token.lastgroup == "line" or token[0] in (",", "]", "}")

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else "]"
