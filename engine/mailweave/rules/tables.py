"""The parser's tables: `grammar/rules.lark`, worked out once.

Lark takes 0.3 to 0.9 s to work them out. They ship beside the grammar as JSON (data, no code: nothing is
unpickled, nothing is read from a place that others can write), with the digest of the grammar and the version
of Lark they were made by; where either differs, they are worked out again in memory.
"""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from typing import Any, cast

import lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from mailweave import resources

STARTS = ["document", "alone"]


def grammar_text() -> str:
    """The grammar, as it ships."""
    return resources.text("grammar", "rules.lark")


def digest(grammar: str) -> str:
    """What the tables depend on: the grammar and the library that read it."""
    return sha256(f"{lark.__version__}\n{grammar}".encode()).hexdigest()


@lru_cache(maxsize=1)
def parser() -> lark.Lark:
    """The parser, from the shipped tables when they are those of this grammar and this Lark."""
    grammar, ready = grammar_text(), stored()
    if ready is None or ready["digest"] != digest(grammar):
        return build(grammar)
    loaded: Any = lark.Lark.load(cast(Any, _numbered(ready["tables"])))
    return cast(lark.Lark, loaded)


def stored() -> dict[str, Any] | None:
    """The tables that ship, whichever grammar they were made from; None when there are none."""
    try:
        found = json.loads(resources.text("grammar", "rules.tables.json"))
    except (FileNotFoundError, ValueError):
        return None
    return cast(dict[str, Any], found)


def build(grammar: str, *, strict: bool = False) -> lark.Lark:
    """The parser, worked out from the grammar; with `strict`, refusing every ambiguity."""
    return lark.Lark(
        grammar, parser="lalr", lexer="contextual", start=STARTS, propagate_positions=True, strict=strict
    )


def written(grammar: str) -> str:
    """The tables of a grammar as the JSON text that ships."""
    data, memo = build(grammar).memo_serialize([TerminalDef, Rule])
    stored = {"digest": digest(grammar), "tables": {"data": data, "memo": memo}}
    return json.dumps(stored, separators=(",", ":"), sort_keys=True) + "\n"


def _numbered(value: Any) -> Any:
    """JSON makes every key a text; Lark's tables count states and rules."""
    if isinstance(value, dict):
        return {(int(key) if key.isdigit() else key): _numbered(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbered(item) for item in value]
    return value
