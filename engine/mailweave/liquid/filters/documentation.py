"""The filters' page: what each does, from its docstring, and an example that a test runs."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from mailweave.liquid.filters.catalog import GROUPS
from mailweave.liquid.filters.spec import Filter

EXAMPLE_DATA: Mapping[str, Any] = MappingProxyType(
    {
        "cart": [{"name": "Lamp", "price": 20}, {"name": "Desk", "price": 90}],
        "lines": "one\ntwo",
    }
)


def examples(one: Filter) -> Iterator[tuple[str, str]]:
    """The examples in a filter's docstring: a template, and what it gives."""
    for line in (inspect.getdoc(one.run) or "").splitlines():
        template, arrow, result = line.partition(" => ")
        if arrow:
            yield template, result


def summary(one: Filter) -> str:
    """What a filter does, in the words of its docstring."""
    lines = (inspect.getdoc(one.run) or "").splitlines()
    return " ".join(line for line in lines if line and " => " not in line)


def page() -> str:
    """docs/filters.md."""
    rows = [
        "# Filters",
        "",
        "Written by `make docs` from the filters themselves; a test runs every example.",
        "",
        "The examples know `cart`, a list of a Lamp for 20 and a Desk for 90, and `lines`, which are one, two.",
    ]
    for title, group in GROUPS.items():
        rows += ["", f"## {title}"]
        for one in group:
            rows += ["", f"### {one.name}", "", summary(one), "", "```liquid"]
            rows += [f"{template}\n    gives  {result}" for template, result in examples(one)]
            rows.append("```")
    return "\n".join(rows) + "\n"
