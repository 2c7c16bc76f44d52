"""What the process beside is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailweave.lsp.findings import Found


@dataclass(frozen=True, slots=True)
class Report:
    """What is said of a campaign; `types`: of the lets that its rules use, where they compile."""

    found: tuple[Found, ...]
    types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Renamed:
    """What a rename is to keep: the campaign before and after, and how a path of Liquid reads afterwards."""

    unit: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    root: str
    old: str
    new: str
