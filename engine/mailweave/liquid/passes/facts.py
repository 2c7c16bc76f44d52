"""What passes know besides the tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mailweave.liquid.dialect import Dialect


@dataclass(frozen=True, slots=True)
class Facts:
    """`constants`: names whose values are known. `shared`: names of data under which lists lie whose items many
    renders share and nobody changes."""

    dialect: Dialect
    constants: Mapping[str, Any]
    shared: frozenset[str] = frozenset()
