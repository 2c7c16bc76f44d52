"""A program as data: what code generation hands on, and what the cache keeps."""

from __future__ import annotations

from dataclasses import dataclass

from mailweave.rules.compiled_inputs import Input
from mailweave.schema.model import Schema


@dataclass(frozen=True, slots=True)
class Bits:
    """What the bits of a mask stand for, lowest first: segments, then the answers of each tier, then skips
    (code and reason), then extra conditions."""

    segments: tuple[str, ...]
    tiers: tuple[tuple[str, tuple[str, ...]], ...]
    skips: tuple[tuple[str, str], ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Generated:
    """A program as data: `source` defines the functions, `values` names the `value<n>` in order."""

    schema: Schema
    partial: bool
    inputs: tuple[Input, ...]
    bits: Bits
    values: tuple[str, ...]
    logs: int
    source: str
