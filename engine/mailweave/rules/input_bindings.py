"""What compiled conditions read of a recipient, picked by one generated function in the order of the inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from mailweave.rules.codecs import Normal, missing
from mailweave.rules.compiled_inputs import (
    ArmInput,
    AttributeInput,
    ConsentInput,
    Input,
    LookupInput,
    ScoreInput,
)
from mailweave.rules.function_text import FunctionText
from mailweave.schema.model import Schema, ScoreType

Dated: TypeAlias = tuple[Normal, int | None]
"""A value and the moment it is of, when that is known."""
Found: TypeAlias = Dated | None
"""What a lookup found."""
Pick: TypeAlias = Callable[
    [Mapping[str, Normal], frozenset[str], Mapping[str, Dated], Mapping[LookupInput, Found], int],
    tuple[Normal, ...],
]
"""Attributes, consents, scores, what lookups found, and now (microseconds since 1970, UTC), to the inputs."""


def otherwise(score: ScoreType) -> Normal:
    """What a score is without a fresh value."""
    return missing(score.type) if score.otherwise is None else score.otherwise


def fresh(dated: Dated | None, now: int, ttl: int, otherwise: Normal) -> Normal:
    """The value, unless it is absent, of no known moment, or older than `ttl`.

    >>> fresh((0.5, 100), 200, 50, None), fresh((0.5, 150), 200, 50, None)
    (None, 0.5)
    """
    if dated is None or dated[1] is None or dated[1] < now - ttl:
        return otherwise
    return dated[0]


def compile_picks(inputs: Sequence[Input], schema: Schema) -> Pick:
    """The function that fetches `inputs` for generated code."""
    code = FunctionText("inputs of conditions", fresh=fresh)
    picked = "".join(f"{_pick(one, schema, code)}, " for one in inputs)
    return code.function("attributes, consents, scores, found, now", [f"return ({picked})"])


def _pick(source: Input, schema: Schema, code: FunctionText) -> str:
    """Source of one input."""
    match source:
        case AttributeInput(name):
            return f"attributes[{name!r}]"
        case ConsentInput(name):
            return f"{name!r} in consents"
        case ScoreInput(name):
            score = schema.scores[name]
            return f"fresh(scores.get({name!r}), now, {score.ttl}, {code.name(otherwise(score))})"
        case ArmInput(unit=unit):
            return f"{code.name(source.place)}(attributes[{unit!r}])"
        case LookupInput(name):
            lookup = schema.lookups[name]
            return f"fresh(found[{code.name(source)}], now, {lookup.ttl}, {code.name(lookup.otherwise)})"
