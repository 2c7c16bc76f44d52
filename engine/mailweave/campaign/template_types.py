"""The shapes of what a campaign's templates see besides the profile: the inputs of a block, its constants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mailweave.content.inputs import FieldSpec, InputSpec
from mailweave.liquid.contract import ANYTHING, Shape, items, leaf, record
from mailweave.schema.types import Bool, Date, Enum, Int, Money, Number, Text, Type

_TYPES: Mapping[str, Type] = {"int": Int(), "number": Number(), "date": Date(), "bool": Bool()}


def shape_of_inputs(inputs: Mapping[str, InputSpec], currency: str) -> Shape:
    """What `block` is in the template of a block that declares these inputs; amounts are in `currency`.

    >>> shape = shape_of_inputs({"title": InputSpec(type="text", doc="What it says.")}, "EUR")
    >>> str(shape), str(shape.fields["title"])
    ('a record', 'of type text')
    """
    return record({name: _shape(spec, currency) for name, spec in inputs.items()})


def _shape(spec: InputSpec | FieldSpec, currency: str) -> Shape:
    if isinstance(spec, InputSpec) and spec.type == "list":
        return items(record({name: _shape(field, currency) for name, field in spec.fields.items()}))
    if spec.type == "money":
        return leaf(Money(currency))
    if spec.type == "enum":
        return leaf(Enum(spec.values))
    return leaf(_TYPES.get(spec.type, Text()))


def shape_of_constant(value: Any) -> Shape:
    """The shape of a constant: its names are known, its values are what they are."""
    if isinstance(value, Mapping):
        return record({key: shape_of_constant(item) for key, item in value.items()})
    return ANYTHING
