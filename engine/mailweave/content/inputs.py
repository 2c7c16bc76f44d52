"""The typed inputs of a block: what `block.toml` declares, and the values a campaign gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from mailweave.content.input_types import KINDS, Kind, KindOrList, holds_liquid
from mailweave.content.rich.reading import RichText, read_rich
from mailweave.content.rich.writing import words
from mailweave.content.toml import Path, TomlText
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.source import Source


class FieldSpec(BaseModel):
    """One field of the records of a list input."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Kind
    doc: str = ""
    values: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None


class InputSpec(BaseModel):
    """One input: its type, its default, its bounds and a sentence for authors.

    `min` and `max` bound a number, the length of a text in characters, or the number of
    records in a list; `values` are those of an enum, `fields` those of a record.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: KindOrList
    doc: str
    default: Any = None
    values: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    fields: Mapping[str, FieldSpec] = {}

    @model_validator(mode="after")
    def _consistent(self) -> InputSpec:
        if self.type == "enum" and not self.values:
            raise ValueError("an enum needs `values`")
        if self.type == "list" and not self.fields:
            raise ValueError("a list needs `fields`, the fields of its records")
        if self.default is not None and (wrong := next(problems(self, self.default), None)):
            raise ValueError(f"the default {wrong[1]}")
        return self

    @property
    def fallback(self) -> Any:
        """The value of a missing input: the declared default, else nothing of its kind."""
        if self.default is not None:
            return self.default
        return [] if self.type == "list" else _blank(self)


@dataclass(frozen=True, slots=True)
class BoundInputs:
    """The inputs of one use of a block, defaults filled in.

    `values` is plain JSON. The strings at the paths of `templates` hold Liquid; the sources report
    the place in the file where the author wrote them. `rich` holds the texts with marks by their paths;
    their values are their words without the marks.
    """

    values: Mapping[str, Any]
    templates: Mapping[Path, Source] = field(default_factory=dict)
    rich: Mapping[Path, RichText] = field(default_factory=dict)

    @property
    def written(self) -> dict[Path, Source]:
        """The texts that hold Liquid as their author wrote them, marks and targets of links included."""
        marked = {path: text.source for path, text in self.rich.items() if holds_liquid(text.source.text)}
        return {**self.templates, **marked}


def bind(
    block: str,
    inputs: Mapping[str, InputSpec],
    given: Mapping[str, Any],
    *,
    text: TomlText | None = None,
    at: Path = (),
) -> tuple[BoundInputs, tuple[Diagnostic, ...]]:
    """Checks the inputs that a campaign gives to a block and fills in the defaults.

    `text` and `at` say where they are written. What is wrong is reported and replaced by its default.

    >>> spec = {"heading": InputSpec(type="text", doc="What it says.", default="Hello")}
    >>> bind("hero", spec, {})[0].values
    {'heading': 'Hello'}
    >>> bind("hero", spec, {"headin": "x"})[1][0].help
    'did you mean `heading`? its inputs: heading'
    """
    found: list[Diagnostic] = []
    values = {name: spec.fallback for name, spec in inputs.items()}
    for name, value in given.items():
        path = (*at, name)
        spec = inputs.get(name)
        if spec is None:
            found.append(_unknown(block, name, inputs, path, text))
            continue
        wrong = list(problems(spec, value))
        found += [_wrong(block, name, path, item, text) for item in wrong]
        if not wrong:
            values[name] = _filled(spec, value)
    made, told = _bound(inputs, values, text, at)
    return made, (*found, *told)


def problems(spec: InputSpec | FieldSpec, value: Any) -> Iterator[tuple[Path, str]]:
    """Every problem of a value as (path inside the value, words), in order."""
    if isinstance(spec, InputSpec) and spec.type == "list":
        yield from _list_problems(spec, value)
    elif (wrong := _scalar_problem(spec, value)) is not None:
        yield (), wrong


def _list_problems(spec: InputSpec, value: Any) -> Iterator[tuple[Path, str]]:
    if not isinstance(value, list):
        yield (), "should be a list of tables"
        return
    if spec.max is not None and len(value) > spec.max:
        yield (), f"has {len(value)} records, more than {spec.max:g}"
    if spec.min is not None and len(value) < spec.min:
        yield (), f"has {len(value)} records, fewer than {spec.min:g}"
    for index, record in enumerate(value):
        if not isinstance(record, dict):
            yield (index,), "should be a table"
            continue
        for name, item in record.items():
            inner = spec.fields.get(name)
            if inner is None:
                known = f"known: {', '.join(spec.fields)}"
                yield (index, name), f"is no field of its records; {did_you_mean(name, spec.fields) or known}"
            elif (wrong := _scalar_problem(inner, item)) is not None:
                yield (index, name), wrong


def _scalar_problem(spec: InputSpec | FieldSpec, value: Any) -> str | None:
    rules = KINDS[spec.type]
    if rules.liquid and holds_liquid(value):
        return rules.wrong(value) if spec.type == "rich" else None
    wrong = rules.wrong(value)
    if wrong is not None:
        return wrong
    return _no_choice(spec, value) if spec.type == "enum" else _bounds(spec, value)


def _no_choice(spec: InputSpec | FieldSpec, value: str) -> str | None:
    if value in spec.values:
        return None
    hint = did_you_mean(value, spec.values)
    return f"should be one of {', '.join(spec.values)}" + (f"; {hint}" if hint else "")


def _bounds(spec: InputSpec | FieldSpec, value: Any) -> str | None:
    if spec.type not in ("text", "rich", "int", "number"):
        return None
    size, unit = (len(value), " characters") if isinstance(value, str) else (value, "")
    if spec.max is not None and size > spec.max:
        return f"should be at most {spec.max:g}{unit}, and is {size:g}"
    if spec.min is not None and size < spec.min:
        return f"should be at least {spec.min:g}{unit}, and is {size:g}"
    return None


def _filled(spec: InputSpec, value: Any) -> Any:
    if spec.type != "list":
        return _kept(spec, value)
    blank = {name: _blank(inner) for name, inner in spec.fields.items()}
    return [
        {**blank, **{name: _kept(spec.fields[name], item) for name, item in record.items()}}
        for record in value
    ]


def _kept(spec: InputSpec | FieldSpec, value: Any) -> Any:
    return KINDS[spec.type].kept(value)


def _blank(spec: InputSpec | FieldSpec) -> Any:
    return spec.values[0] if spec.type == "enum" else KINDS[spec.type].blank


def _bound(
    inputs: Mapping[str, InputSpec], values: dict[str, Any], text: TomlText | None, at: Path
) -> tuple[BoundInputs, tuple[Diagnostic, ...]]:
    """The inputs with what is Liquid in them, and with the marks of rich texts read."""
    templates: dict[Path, Source] = {}
    rich: dict[Path, RichText] = {}
    found: list[Diagnostic] = []
    for path, kind, item in list(_scalars(inputs, values)):
        if not isinstance(item, str):
            continue
        source = text.value_source((*at, *path), item) if text else Source(f"<{path[0]}>", item)
        read, wrong = read_rich(source) if kind == "rich" else (None, ())
        found += wrong
        if read is not None:
            rich[path], source = read, words(read)
            _put(values, path, source.text)
        if holds_liquid(source.text):
            templates[path] = source
    return BoundInputs(values, templates, rich), tuple(found)


def _scalars(
    inputs: Mapping[str, InputSpec], values: Mapping[str, Any]
) -> Iterator[tuple[Path, KindOrList, Any]]:
    """Each value that is no list, with its path and its type; those of records included."""
    for name, value in values.items():
        spec = inputs[name]
        if spec.type != "list":
            yield (name,), spec.type, value
            continue
        for index, record in enumerate(value):
            for key, item in record.items():
                yield (name, index, key), spec.fields[key].type, item


def _put(values: dict[str, Any], path: Path, text: str) -> None:
    """Puts a text at a path of the values; records are copied, for a default is everybody's."""
    name, *inner = path
    if not inner:
        values[str(name)] = text
        return
    index, key = inner
    records = list(values[str(name)])
    records[int(index)] = {**records[int(index)], str(key): text}
    values[str(name)] = records


def _unknown(
    block: str, name: str, inputs: Mapping[str, InputSpec], path: Path, text: TomlText | None
) -> Diagnostic:
    known, hint = ", ".join(inputs) or "none", did_you_mean(name, inputs)
    source, span = (text.source, text.key_span(path)) if text else (None, None)
    return diagnose("MW606", source, span, help=hint, block=block, key=name, known=known)


def _wrong(block: str, name: str, path: Path, item: tuple[Path, str], text: TomlText | None) -> Diagnostic:
    inner, problem = item
    key = ".".join(map(str, (name, *inner)))
    source, span = (text.source, text.value_span((*path, *inner))) if text else (None, None)
    return diagnose("MW607", source, span, block=block, key=key, problem=problem)
