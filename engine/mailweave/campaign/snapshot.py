"""The context of a moment: lookups, catalogues, and whatever else templates read, the same for all recipients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from mailweave.rules.context import Context as Ready

Context: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A context made ready once, for many recipients: made by `Campaign.snapshot`, taken by `Campaign.render`.

    `data` is what templates see, `ready` what rules read. `digest` is that of the campaign that it was made for.
    """

    data: Context
    ready: Ready
    digest: str

    def __repr__(self) -> str:
        ready = self.ready
        lookups = ", ".join(f"{name} {len(table)}" for name, table in ready.lookups.items())
        catalogs = ", ".join(f"{name} {len(items)}" for name, items in ready.catalogs.items())
        return f"<Snapshot for {self.digest[:12]}: lookups ({lookups}), catalogs ({catalogs})>"
