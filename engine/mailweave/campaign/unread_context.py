"""Lookups and catalogues of a context that nobody reads: a misspelt one would leave each answer at its `else`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.schema.model import Schema
from mailweave.source import Source


def unread_context(
    context: Mapping[str, Any], schema: Schema, templates: Iterable[Source], place: str
) -> Iterator[Diagnostic]:
    """A warning for each, with the declared one that is near."""
    texts = [one.text for one in templates]
    for kind, declared in (("lookups", schema.lookups), ("catalogs", schema.catalogs)):
        given = context.get(kind)
        for name in given if isinstance(given, Mapping) else ():
            if name not in declared and not any(f"{kind}.{name}" in text for text in texts):
                help = did_you_mean(str(name), declared)
                yield diagnose("MW060", place=place, help=help, name=f"{kind}.{name}")
