"""What was learned, as JSON."""

from __future__ import annotations

import json
from typing import Any

from mailweave.insight.learning import Learned, Learning, Value
from mailweave.insight.off_policy import Estimate


def as_json(found: Learning) -> str:
    """One object; shares and chances as numbers in 0..1."""
    return json.dumps(
        {"reward": found.reward, "slots": {one.slot: _slot(one) for one in found.slots}}, indent=2
    )


def _slot(one: Learned) -> dict[str, Any]:
    return {
        "draws": one.draws,
        "left_out": one.left_out,
        "buckets": {
            bucket: {
                block: {
                    "shown": share.of,
                    "rewarded": share.did,
                    "chance": one.before[bucket][block],
                    "next": one.table[bucket][block],
                }
                for block, share in blocks.items()
            }
            for bucket, blocks in one.counts.items()
        },
        "in_use": _value(one.old),
        "next": _value(one.new),
        "gain": _estimate(one.gain),
        "is_better": one.is_better,
    }


def _value(of: Value) -> dict[str, Any]:
    estimates = {"ips": of.ips, "snips": of.snips, "doubly_robust": of.doubly_robust}
    return {**{name: _estimate(one) for name, one in estimates.items()}, "effective_draws": of.effective}


def _estimate(one: Estimate) -> dict[str, Any]:
    return {"value": one.value, "interval": list(one.interval)}
