"""What the words of the language mean: `glossary.toml`, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Literal, TypeAlias

Group: TypeAlias = Literal["rules", "types", "tags", "data", "settings"]


@lru_cache(maxsize=1)
def _all() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("mailweave") / "glossary.toml").read_text(encoding="utf-8"))


def meanings(group: Group) -> Mapping[str, str]:
    """One sentence for each word of a group: of the rules, types, tags of Liquid, roots of its data, settings.

    >>> meanings("types")["bool"]
    '`true` or `false`'
    """
    return _all()[group]
