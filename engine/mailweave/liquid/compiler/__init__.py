"""The compiler: one generated Python function for each template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailweave.liquid.dialect import Dialect
from mailweave.liquid.interpreter import PartialText


@dataclass(frozen=True, slots=True)
class Compiled:
    """A generated function with its text."""

    source: str

    def render(self, data: dict[str, Any], now: datetime | None) -> str:
        raise NotImplementedError


def compile_template(
    template: PartialText, dialect: Dialect, constants: Mapping[str, Any]
) -> Compiled | None:
    """The compiled template, or None when it has to be interpreted."""
    return None
