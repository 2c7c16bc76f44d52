"""The contracts of a campaign's templates, together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mailweave.liquid.contract.contract import Contract, merged
from mailweave.liquid.contract.model import str_path


@dataclass(frozen=True, slots=True)
class CampaignContract:
    """What each template of a campaign reads; `blocks` maps the name of a block (or "layout",
    "subject", ...) to its contract."""

    blocks: Mapping[str, Contract]

    @property
    def whole(self) -> Contract:
        """What they read together."""
        return merged(self.blocks.values())

    def readers(self) -> Mapping[str, tuple[str, ...]]:
        """Each path, with the templates that read it."""
        found: dict[str, list[str]] = {}
        for name, contract in self.blocks.items():
            for path in contract.paths():
                found.setdefault(path, []).append(name)
        return {path: tuple(found[path]) for path in sorted(found)}

    def to_text(self) -> str:
        """A table: path, type (`?`: may be missing), and the templates that read it."""
        readers = self.readers()
        rows = [
            (path, read.type + ("" if read.required else "?"), ", ".join(readers[path]))
            for read in self.whole.reads
            for path in (str_path(read.path),)
        ]
        widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
        return "".join(f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c}\n" for a, b, c in rows)

    def to_json_schema(self) -> dict[str, Any]:
        """A JSON Schema (2020-12) of the data that the campaign's templates read."""
        return self.whole.to_json_schema()


def campaign_contract(blocks: Mapping[str, Contract]) -> CampaignContract:
    """The contract of a campaign from those of its templates, by name.

    >>> from mailweave.liquid.contract import contract_of
    >>> print(campaign_contract({"hero": contract_of("{{ profile.name }}")}).to_text(), end="")
    profile.name  text  hero
    """
    return CampaignContract(dict(blocks))
