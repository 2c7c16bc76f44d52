"""The folder `models` of a campaign: where there is one, no score is read without a card that says what it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mailweave.content.files import SNAPSHOT
from mailweave.decisions import DecisionProgram
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.root import Refused, Root
from mailweave.values.json_text import read_json

MODELS: Final = "models"
_SAYS: Final = ("score", "model", "event", "horizon_days", "trained_until", "judged_until", "people")


def model_cards(root: Root, decisions: DecisionProgram) -> Iterator[Diagnostic]:
    """What is wrong with the cards of the scores that a rule text declares, but for those that a batch computes."""
    try:
        if not root.is_folder(MODELS):
            return
        there = set(root.names(MODELS))
    except Refused:
        return
    for score in decisions.program.schema.scores.values():
        if score.computed is None and (why := _lacks(root, score.name, there)):
            what = f"{MODELS}/{score.name}.json {why}"
            yield diagnose("MW887", place=decisions.source.name, score=score.name, what=what)


def _lacks(root: Root, score: str, there: set[str]) -> str:
    if f"{score}.json" not in there:
        return "is missing"
    try:
        card: Any = read_json(root.text(f"{MODELS}/{score}.json", SNAPSHOT))
    except (Refused, ValueError, RecursionError):
        return "does not read"
    if not isinstance(card, dict) or any(not card.get(name) for name in _SAYS):
        return "does not say " + ", ".join(_SAYS)
    return "" if card["score"] == score else f"is the card of `{card['score']}`"
