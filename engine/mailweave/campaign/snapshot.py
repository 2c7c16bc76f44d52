"""The context of a moment: lookups, catalogues, and whatever else templates read, the same for all recipients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from mailweave.rules import Program
from mailweave.rules.context import Context as Ready
from mailweave.values.refused import Refused

Context: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A context made ready once, for many recipients: made by `Campaign.snapshot`, taken by `Campaign.render`.

    `data` is what templates see. `ready` is what rules read; None where the context is malformed, which is said of
    each recipient.
    """

    data: Context
    ready: Ready | None = None

    @classmethod
    def of(cls, data: Context, program: Program) -> Snapshot:
        """Catalogues indexed; their items are read when a list first names them."""
        try:
            return cls(data, program.context(data))
        except Refused:
            return cls(data)
