"""Cards of models: JSON for programs, Markdown for people, in the campaign's folder `models`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.insight.propensity import Fitted, Judged
from mailweave.insight.scoring import Card


def write(card: Card, folder: Path) -> None:
    """Writes NAME.json and NAME.md. Raises OSError."""
    folder.mkdir(exist_ok=True)
    told = asdict(card) | {
        "judged": None if card.judged is None else card.judged._asdict(),
        "trained_until": card.trained_until.isoformat(),
        "judged_until": card.judged_until.isoformat(),
    }
    (folder / f"{card.score}.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    (folder / f"{card.score}.md").write_text("\n".join(_page(card)) + "\n", encoding="utf-8")


def read(score: str, folder: Path) -> Card | None:
    """The card of a score, None where there is none. Raises MailweaveError (MW883) for one that does not read."""
    file = folder / f"{score}.json"
    if not file.exists():
        return None
    try:
        return _card(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        raise MailweaveError([diagnose("MW883", place=str(file), what="what does not read")]) from None


def _card(told: dict[str, Any]) -> Card:
    judged = told["judged"] and Judged(
        **told["judged"] | {"deciles": tuple(map(tuple, told["judged"]["deciles"]))}
    )
    fitted = told["fitted"] and Fitted(**{k: _tuples(v) for k, v in told["fitted"].items()})
    moments = {name: datetime.fromisoformat(told[name]) for name in ("trained_until", "judged_until")}
    return Card(**told | moments | {"judged": judged, "fitted": fitted})


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _page(card: Card) -> Iterator[str]:
    yield f"# {card.score}\n"
    yield f"{card.model} of `{card.event}` within {card.horizon_days:g} days, of {card.people:,} recipients.\n"
    trained, judged = f"{card.trained_until:%Y-%m-%d}", f"{card.judged_until:%Y-%m-%d}"
    yield f"Trained on what was known until {trained}, judged by what came until {judged}.\n"
    if card.judged is not None:
        yield from _judgement(card.judged)
    for name, value in card.facts.items():
        yield f"- {name}: {value:.4g}"
    if card.fitted is not None:
        yield "\n| feature | weight | drift (PSI) |\n| --- | --- | --- |"
        weighed = sorted(
            zip(card.fitted.names, card.fitted.weights, strict=True), key=lambda one: -abs(one[1])
        )
        yield from (f"| {name} | {weight:+.3f} | {card.drift[name]:.3f} |" for name, weight in weighed)
    yield "\nNot for: recipients of another list, other horizons, decisions about more than which mail to send."


def _judgement(judged: Judged) -> Iterator[str]:
    yield f"- AUC {judged.auc:.4f}; Brier score {judged.brier:.4f}, of the plain rate {judged.brier_of_rate:.4f}"
    yield f"- lift of the first tenth: {judged.lift:.2f} times the rate of {judged.rate:.1%}\n"
    yield "| tenth | foretold | happened |\n| --- | --- | --- |"
    yield from (f"| {at} | {told:.1%} | {came:.1%} |" for at, (told, came) in enumerate(judged.deciles, 1))
