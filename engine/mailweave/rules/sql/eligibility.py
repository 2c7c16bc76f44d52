"""Which blocks a recipient may get, as far as the recipient and the clock decide it."""

from __future__ import annotations

from datetime import datetime

from mailweave.rules import typed
from mailweave.rules.checked import Block, CheckedDocument
from mailweave.rules.validation import moment_of
from mailweave.schema.types import Bool


def eligibility(document: CheckedDocument, now: datetime | str) -> dict[str, typed.Expr]:
    """A condition `eligible_<block>` for each block with `requires` or `expires`; caps and lists are no part of it."""
    at, taken = moment_of(now), {*document.segments, *document.tiers}
    found: dict[str, typed.Expr] = {}
    for block in document.content.blocks.values():
        if block.requires or block.expires is not None:
            found[_free(f"eligible_{block.name}", taken)] = _condition(block, at)
    return found


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _condition(block: Block, now: int) -> typed.Expr:
    if block.expires is not None and now >= block.expires:
        return typed.Const(block.span, Bool(), False, False)
    if not block.requires:
        return typed.Const(block.span, Bool(), False, True)
    if len(block.requires) == 1:
        return block.requires[0]
    return typed.And(block.span, Bool(), any(term.optional for term in block.requires), block.requires)
