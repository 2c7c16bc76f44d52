"""A generated program as JSON and back: data only, rebuilt from the classes named here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from mailweave.rules import compiled_inputs
from mailweave.rules.artifact import Bits, Generated
from mailweave.schema import model, types
from mailweave.values.calendar import CalendarWindow

_CLASSES: Final[dict[str, type]] = {
    each.__name__: each
    for each in (
        Generated,
        Bits,
        CalendarWindow,
        *(
            compiled_inputs.AttributeInput,
            compiled_inputs.ConsentInput,
            compiled_inputs.ScoreInput,
            compiled_inputs.LookupInput,
            compiled_inputs.ArmInput,
        ),
        *(model.Schema, model.EventType, model.ScoreType, model.Rfm, model.LookupType, model.CatalogType),
        *(model.Shown,),
        *(model.RecommendedList, model.Timezone, types.Field, types.Text, types.Key, types.Bool, types.Int),
        *(types.Number, types.Ratio, types.Money, types.Date, types.Instant, types.Duration, types.Zone),
        *(types.Enum, types.SetOf, types.ListOf),
    )
}


def dumped(generated: Generated) -> str:
    """A program as text."""
    return json.dumps(_plain(generated), separators=(",", ":"))


def loaded(text: str) -> Generated:
    """The program of a text that `dumped` wrote. Raises ValueError, KeyError or TypeError for another."""
    found = _rebuilt(json.loads(text))
    if not isinstance(found, Generated):
        raise TypeError("not a program")
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        parts = [_plain(getattr(value, field.name)) for field in fields(value)]
        return {"is": type(value).__name__, "of": parts}
    if isinstance(value, Mapping):
        return {"map": [[key, _plain(item)] for key, item in value.items()]}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _rebuilt(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_rebuilt, value))
    if not isinstance(value, dict):
        return value
    if "map" in value:
        return {key: _rebuilt(item) for key, item in value["map"]}
    return _CLASSES[value["is"]](*map(_rebuilt, value["of"]))
