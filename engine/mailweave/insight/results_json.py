"""Results as JSON, for machines: `results.json`, and what `--format json` prints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import isfinite
from typing import Any

from mailweave.batch.intervals import wilson
from mailweave.insight.campaign_results import Results, Trial
from mailweave.insight.comparisons import Comparison
from mailweave.insight.crossings import Crossing, Interaction
from mailweave.insight.effects import Effect, Interval
from mailweave.insight.samples import Sample, Share
from mailweave.insight.tallies import Tally


def as_json(found: Results) -> str:
    """All that was counted and compared. What is not bounded (an interval of too few) is null."""
    asked = found.asked
    return json.dumps(
        {
            "asked": {
                "conversion": asked.conversion,
                "revenue": asked.revenue,
                "guards": list(asked.guards),
                "days": asked.days,
                "until": asked.until and asked.until.isoformat(),
            },
            "events": dict(found.events),
            "all": _tally(found.all),
            "slots": {slot: _tallies(blocks) for slot, blocks in found.slots.items()},
            "segments": _tallies(found.segments),
            "locales": _tallies(found.locales),
            "experiments": {trial.name: _trial(trial) for trial in found.trials},
            "crossings": list(map(_crossing, found.crossings)),
            "hurt": [f"{one.experiment}.{one.arm}: {one.metric}" for one in found.hurt],
        },
        indent=2,
        allow_nan=False,
    )


def _tallies(tallies: Sequence[Tally]) -> dict[str, Any]:
    return {one.name: _tally(one) for one in tallies}


def _tally(one: Tally) -> dict[str, Any]:
    shares = {
        outcome: {
            "recipients": did,
            "share": _share(did, one.recipients),
            "interval": list(wilson(did, one.recipients)),
        }
        for outcome, did in one.did.items()
    }
    inside = {} if one.block_clicks is None else {"clicks_in_block": one.block_clicks}
    return {
        "recipients": one.recipients,
        **shares,
        "revenue": round(one.revenue, 6),
        **inside,
        "few": one.is_few,
    }


def _share(did: int, of: int) -> float:
    return did / of if of else 0.0


def _trial(trial: Trial) -> dict[str, Any]:
    if trial.untold:
        return {trial.on.kind: trial.on.name, "untold": trial.untold}
    arms = {
        arm.name: {"declared": share, **_tally(arm)}
        for arm, share in zip(trial.arms, trial.shares, strict=True)
    }
    return {
        trial.on.kind: trial.on.name,
        "arms": arms,
        "held_out": trial.held_out,
        "outside": trial.outside,
        "sample_ratio": {"p_value": trial.mismatch, "trusted": trial.is_trusted},
        "comparisons": [_comparison(one) for one in trial.comparisons],
    }


def _comparison(one: Comparison) -> dict[str, Any]:
    kind, name = one.group
    return {
        "arm": one.arm,
        "metric": one.metric,
        "group": {"kind": kind, "name": name},
        "control": _sample(one.samples[0]),
        "with_arm": _sample(one.samples[1]),
        **_effect(one.effect),
        "lift": _effect(one.lift),
        "p_value_corrected": one.adjusted,
        "sequential_interval": _interval(one.sequential),
        "chance_to_win": one.chance,
        "few": one.few,
        "trusted": one.trusted,
        "verdict": one.verdict,
    }


def _crossing(one: Crossing) -> dict[str, Any]:
    return {
        "experiments": list(one.experiments),
        "sizes": [list(row) for row in one.sizes],
        "independence": {"p_value": one.independence, "trusted": one.is_independent},
        "interactions": list(map(_interaction, one.interactions)),
    }


def _interaction(one: Interaction) -> dict[str, Any]:
    cells = ("neither", "first", "second", "both")
    return {
        "arms": list(one.pair.arms),
        "metric": one.metric,
        **{name: _sample(each) for name, each in zip(cells, one.samples, strict=True)},
        **_effect(one.effect),
        "p_value_corrected": one.adjusted,
        "few": one.few,
        "depends": one.depends,
    }


def _sample(one: Sample) -> dict[str, Any]:
    counted = (
        {"did": one.did}
        if isinstance(one, Share)
        else {"spenders": one.spenders, "total": round(one.total, 6)}
    )
    return {"recipients": one.of, **counted, "mean": one.mean}


def _effect(one: Effect) -> dict[str, Any]:
    return {"difference": one.difference, "interval": _interval(one.interval), "p_value": one.p_value}


def _interval(one: Interval) -> list[float] | None:
    return list(one) if isfinite(one.low) and isfinite(one.high) else None
