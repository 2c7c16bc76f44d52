"""The context of a moment: lookups, catalogues, and whatever else templates read, the same for all recipients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from mailweave.rules.context import Context as Ready

Context: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A context made ready once, for many recipients: made by `Campaign.snapshot`, taken by `Campaign.render`.

    `given` is what the caller gave, over the campaign's own; `data` what templates see of it, `ready` what rules read.
    `digest` is that of the campaign that it was made for.
    """

    given: Context
    data: Context
    ready: Ready
    digest: str

    def over(self, rows: Mapping[str, Context]) -> Snapshot:
        """This one with other rows of lookups, {lookup: {key: {"value", "at"}}}, of declared types, over its own.

        The tables that get rows are copied; what was read of catalogues is shared.
        """
        bare = {name: {key: _bare(value) for key, value in table.items()} for name, table in rows.items()}
        tables = {**self.ready.lookups, **_over(self.ready.lookups, rows)}
        return replace(
            self,
            given=_with_lookups(self.given, rows),
            data=_with_lookups(self.data, bare),
            ready=replace(self.ready, lookups=tables),
        )

    def __repr__(self) -> str:
        ready = self.ready
        lookups = ", ".join(f"{name} {len(table)}" for name, table in ready.lookups.items())
        catalogs = ", ".join(f"{name} {len(items)}" for name, items in ready.catalogs.items())
        return f"<Snapshot for {self.digest[:12]}: lookups ({lookups}), catalogs ({catalogs})>"


def _over(tables: Mapping[str, Any], rows: Mapping[str, Context]) -> dict[str, Context]:
    return {name: {**(tables.get(name) or {}), **table} for name, table in rows.items()}


def _with_lookups(context: Context, rows: Mapping[str, Context]) -> Context:
    tables = context.get("lookups") or {}
    return {**context, "lookups": {**tables, **_over(tables, rows)}}


def shown_to_templates(context: Context, lookups: Iterable[str]) -> Context:
    """A context whose declared lookups hold the bare value where one with its moment was given.

    >>> shown_to_templates({"lookups": {"stock": {"CD-1": {"value": 3, "at": "2026-11-22T06:00Z"}}}}, ["stock"])
    {'lookups': {'stock': {'CD-1': 3}}}
    """
    tables = context.get("lookups") or {}
    dated = [
        name for name in lookups if any(isinstance(one, Mapping) for one in (tables.get(name) or {}).values())
    ]
    if not dated:
        return context
    bare = {name: {key: _bare(value) for key, value in tables[name].items()} for name in dated}
    return {**context, "lookups": {**tables, **bare}}


def _bare(value: object) -> object:
    return value.get("value") if isinstance(value, Mapping) else value
