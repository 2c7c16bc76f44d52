"""What is left of a block and a layout after compilation: one template for each part of the e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from mailweave.campaign.annotations import Annotation
from mailweave.liquid import Template, TemplatePair

Data: TypeAlias = Mapping[str, Any]
Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of one use of a block: fixed values, and those that hold Liquid, by their path."""

    fixed: Mapping[str, Any]
    templates: tuple[tuple[Path, Template], ...] = ()

    def of(self, data: Data, now: datetime) -> Mapping[str, Any]:
        """The values for one recipient."""
        if not self.templates:
            return self.fixed
        values = dict(self.fixed)
        for path, template in self.templates:
            text = template.render(data, now=now)
            name = str(path[0])
            values[name] = text if len(path) == 1 else _with(values[name], path[1:], text)
        return values


def _with(holder: Any, path: Path, value: str) -> Any:
    """A copy of `holder`, as deep as `path`, with `value` in it."""
    if not path:
        return value
    copy: Any = dict(holder) if isinstance(holder, Mapping) else list(holder)
    copy[path[0]] = _with(holder[path[0]], path[1:], value)
    return copy


@dataclass(frozen=True, slots=True)
class BlockParts:
    """One block, ready: its HTML and its text, and its inputs."""

    name: str
    slot: str
    inputs: Inputs
    pair: TemplatePair
    annotation: Annotation | None = None

    def data(self, data: dict[str, Any], now: datetime, *, text: str | None = None) -> dict[str, Any]:
        """What its templates see: the recipient's data and its own inputs, with `text` as one of them.

        Inputs that are the same for everybody were worked into its templates.
        """
        if text is not None:
            return {**data, "block": {**self.inputs.of(data, now), "text": text}}
        return {**data, "block": self.inputs.of(data, now)} if self.inputs.templates else data


@dataclass(frozen=True, slots=True)
class LayoutParts:
    """The frame with its places."""

    pair: TemplatePair
    places: tuple[str, ...]
