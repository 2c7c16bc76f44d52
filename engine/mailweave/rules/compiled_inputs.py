"""What the compiled conditions read of a recipient, in the order in which it is handed to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mailweave.schema.model import Value
from mailweave.values.bucket_ranges import Range, choose_variation
from mailweave.values.hashing import bucket_after, has_unit


@dataclass(frozen=True, slots=True)
class AttributeInput:
    name: str


@dataclass(frozen=True, slots=True)
class ConsentInput:
    name: str


@dataclass(frozen=True, slots=True)
class ScoreInput:
    name: str


@dataclass(frozen=True, slots=True)
class LookupInput:
    """The value of a lookup under a fixed `key`, or under the value of an attribute."""

    name: str
    by: Literal["key", "attribute"]
    key: Value


@dataclass(frozen=True, slots=True)
class ArmInput:
    """The place of somebody's arm among the `arms` of an experiment, by the hash of their unit; `only` is not asked.

    `salt_state`: the hash of the salt. `ranges`: the stretch of buckets of each arm.
    """

    experiment: str
    unit: str
    salt_state: int
    ranges: tuple[Range, ...]
    arms: tuple[str, ...]

    def place(self, unit: object) -> int:
        """The arm of who has this unit; HELD_OUT and NO_UNIT are none."""
        if not has_unit(unit):
            return NO_UNIT
        return choose_variation(bucket_after(self.salt_state, str(unit)), self.ranges)


HELD_OUT, NO_UNIT, SWITCHED_OFF = -1, -2, -3
"""In the place of an arm."""

Input: TypeAlias = AttributeInput | ConsentInput | ScoreInput | LookupInput | ArmInput
