"""One sentence a slot: what is shown in it, and the reason that decided."""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.decisions.drawing import EVERYBODY
from mailweave.decisions.explanation.model import Cause, Contender, Refusal, SlotExplanation, Why
from mailweave.rules.reserved import EMPTY

_INELIGIBLE: frozenset[Why] = frozenset(
    (
        "consent_not_given",
        "requires_is_false",
        "requires_is_unknown",
        "expired",
        "capped",
        "nothing_to_show",
        "rank_is_unknown",
    )
)


def slot_sentence(story: SlotExplanation) -> str:
    """The slot, its blocks and why.

    `hero: hero_birthday, because birthday_soon ranks 95, above big_spenders 75`
    """
    because = _SAID[story.how](story)
    return f"{story.name}: {', '.join(story.chosen) or EMPTY}, because {because}{''.join(_arms(story))}"


def refusal_sentence(refusal: Refusal) -> str:
    """Why there is no mail: `no mail, because no_consent: has not agreed to marketing`."""
    return f"no mail, because {refusal.code}" + (f": {refusal.reason}" if refusal.reason else "")


# ---- how a slot came by its blocks


def _from_matrix(story: SlotExplanation) -> str:
    won = [contender for contender in story.contenders if contender.status == "won"]
    if len(won) > 1:
        return " and ".join(map(_origin, won)) + " hold" + _beyond(story)
    return _from_row(story, won[0])


def _from_row(story: SlotExplanation, winner: Contender) -> str:
    for why, say in _AGAINST.items():
        beaten = [(loser, cause) for loser, cause in _lost(story) if cause.why == why]
        if beaten:
            return say(winner, *max(beaten, key=_standing))
    out = _out_of_reach(story)
    if out:
        return f"{winner.row} holds, and {out}"
    alone = not any(_holds(loser) for loser, _ in _lost(story))
    return f"{winner.row} is the only row that holds" if alone else f"{winner.row} holds"


def _from_otherwise(story: SlotExplanation) -> str:
    return _out_of_reach(story) or "no other row holds"


def _from_fallback(story: SlotExplanation) -> str:
    if story.policy is None:
        return "no matrix fills this slot"
    return _out_of_reach(story, with_otherwise=True) or "no row holds"


def _from_broken(story: SlotExplanation) -> str:
    cause = next(cause for _, cause in _lost(story) if cause.why == "promise_broken")
    return cause.message


_SAID = {
    "matrix": _from_matrix,
    "otherwise": _from_otherwise,
    "fallback": _from_fallback,
    "empty": _from_fallback,
    "broken": _from_broken,
}


# ---- what a winner was measured against


def _tie(winner: Contender, loser: Contender, cause: Cause) -> str:
    facts = cause.facts
    return f"{_level(winner, loser)}; {facts['tie']}: {facts['winner_value']} against {facts['value']}"


def _earlier(winner: Contender, loser: Contender, cause: Cause) -> str:
    if winner.rank is None:
        return f"{winner.row} holds and stands above {loser.row}"
    return f"{_level(winner, loser)} and stands above it"


def _rank(winner: Contender, loser: Contender, cause: Cause) -> str:
    return f"{winner.row} ranks {winner.rank}, above {_origin(loser)}"


def _override(winner: Contender, loser: Contender, cause: Cause) -> str:
    return cause.message


def _drawn(winner: Contender, loser: Contender, cause: Cause) -> str:
    facts = cause.facts
    bucket = "" if facts["bucket"] == EVERYBODY else f" in {facts['bucket']}"
    return f"{winner.row} was drawn with a chance of {winner.rank}{bucket}, and {_origin(loser)} was not"


_AGAINST = {
    "not_drawn": _drawn,
    "lost_tie": _tie,
    "later_row": _earlier,
    "outranked": _rank,
    "overridden": _override,
}


def _level(winner: Contender, loser: Contender) -> str:
    return f"{winner.row} ranks {winner.rank} like {loser.row}"


def _standing(beaten: tuple[Contender, Cause]) -> float:
    """The highest of those that were outranked, or not drawn, is the one that a winner is measured by."""
    facts = beaten[1].facts
    rank = facts.get("rank", facts.get("chance"))
    return float(rank) if isinstance(rank, int | float) else 0.0


# ---- what stood in the way


def _out_of_reach(story: SlotExplanation, *, with_otherwise: bool = False) -> str:
    """The blocks of rows that hold which could not be had, each with its reasons once; that of the row `otherwise` as well,
    where nothing stood before it."""
    reasons: dict[str, dict[str, None]] = {}
    for loser, cause in _lost(story):
        is_asked = _holds(loser) or (with_otherwise and loser.kind == "otherwise")
        if is_asked and cause.why in _INELIGIBLE:
            reasons.setdefault(loser.block, {})[cause.message] = None
    return "; ".join(f"{block} is out ({', and '.join(why)})" for block, why in reasons.items())


def _beyond(story: SlotExplanation) -> str:
    full = any(cause.why == "beyond_max" for _, cause in _lost(story))
    return f", and the slot holds {len(story.chosen)}" if full else ""


def _lost(story: SlotExplanation) -> Iterator[tuple[Contender, Cause]]:
    for contender in story.contenders:
        for cause in contender.causes:
            yield contender, cause


def _holds(loser: Contender) -> bool:
    """Whether the row of a candidate that lost is true for the recipient."""
    return loser.kind == "row" and all(cause.why != "row_does_not_hold" for cause in loser.causes)


def _origin(contender: Contender) -> str:
    return contender.row if contender.rank is None else f"{contender.row} {contender.rank}"


def _arms(story: SlotExplanation) -> Iterator[str]:
    for trial in story.trials:
        if trial.exposure == "exposed":
            yield f"; arm {trial.arm} of experiment {trial.experiment} on {trial.block}"
