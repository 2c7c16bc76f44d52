"""What became of a list, as numbers and as a page."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from mailweave.batch.precomputed_masks import Answers
from mailweave.batch.rendering import NO_FALLBACKS, OTHERS, WORST
from mailweave.batch.stage_writer import Staged
from mailweave.batch.undeclared import Undeclared
from mailweave.values.zones import zone_data_version

_WORST_REASONS = 20  # of the ways in which recipients fail, this many are told
_TALLIES = ("skips", "codes", "amp", "locales", "lacks")
_TABLES = ("slots", "arms")
_HEAD = (
    *("recipients", "rendered", "skipped", "dead", "suppressed", "duplicates"),
    *("seconds", "per_second", "characters"),
)


@dataclass(slots=True)
class Timing:
    """What this session measured; it is no part of the output."""

    seconds: float = 0.0
    staging: float = 0.0
    cpu: Counter[str] = field(default_factory=Counter)
    rendered_now: int = 0
    slowest: list[tuple[float, str]] = field(default_factory=list)

    def add(self, cpu: Mapping[str, float], recipients: int, slowest: Sequence[tuple[float, str]]) -> None:
        for what, seconds in cpu.items():
            self.cpu[what] += seconds  # type: ignore[assignment]  # a Counter of seconds
        self.rendered_now += recipients
        self.slowest = heapq.nlargest(WORST, [*self.slowest, *slowest])


def summarize(
    shards: Sequence[Mapping[str, Any]],
    staged: Staged,
    answers: Answers,
    timing: Timing,
    undeclared: Undeclared | None = None,
) -> dict[str, Any]:
    """The report, from the committed shards: rendered + skipped + dead = recipients, and these with those who were
    suppressed, doubled or behind the limit are the rows of the list."""
    totals = {key: sum(shard[key] for shard in shards) for key in ("good", "skipped", "dead", "text_bytes")}
    tallies: dict[str, Counter[str]] = {name: Counter() for name in _TALLIES}
    tables: dict[str, dict[str, Counter[str]]] = {name: {} for name in _TABLES}
    for shard in shards:
        for name in _TALLIES:
            tallies[name].update(shard.get(name, {}))
        for name in _TABLES:
            for row, counts in shard[name].items():
                tables[name].setdefault(row, Counter()).update(counts)
    largest = heapq.nlargest(WORST, (tuple(item) for shard in shards for item in shard["largest"]))
    return {
        "recipients": staged.recipients,
        "rendered": totals["good"],
        "skipped": totals["skipped"],
        "dead": totals["dead"],
        "input_rows": staged.input_rows,
        "suppressed": staged.suppressed,
        "duplicates": staged.merged + staged.twins,
        "merged_duplicates": staged.merged,
        "same_address": staged.twins,
        "beyond_limit": staged.beyond,
        "events_of_nobody": staged.orphans,
        "dead_events": staged.unread_events,
        **{name: {row: _sorted(counts) for row, counts in rows.items()} for name, rows in tables.items()},
        **{name: _sorted(counts) for name, counts in tallies.items()},
        **_faults(shards),
        "fallbacks": {name: sum(shard["fallbacks"][name] for shard in shards) for name in NO_FALLBACKS},
        "undeclared": (undeclared or Undeclared()).as_json(),
        "rules": {
            "answered_in_sql": answers.in_sql,
            "answered_in_python": staged.recipients - answers.in_sql,
            "why_not_in_sql": answers.why,
        },
        "zone_data": zone_data_version(),
        "shards": len(shards),
        "characters": totals["text_bytes"],
        "largest": [{"key": key, "characters": size} for size, key in largest],
        "slowest": [{"key": key, "seconds": round(took, 6)} for took, key in timing.slowest],
        "seconds": round(timing.seconds, 3),
        "staging_seconds": round(timing.staging, 3),
        "cpu_seconds": {what: round(seconds, 3) for what, seconds in timing.cpu.items()},
        "per_second": round(timing.rendered_now / timing.seconds) if timing.seconds else 0,
    }


def _faults(shards: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is wrong with dead letters, by the datum, and by what is said of it."""
    fields: Counter[str] = Counter()
    reasons: Counter[tuple[str, str, str]] = Counter()
    for shard in shards:
        for code, named in shard["reasons"].items():
            for name, told in named.items():
                fields[name] += sum(told.values())
                reasons.update({(code, name, reason): n for reason, n in told.items()})
    del fields[""]
    told = [{"code": c, "field": f or None, "reason": r, "count": n} for (c, f, r), n in _worst(reasons)]
    return {"fields": _sorted(fields), "reasons": told}


def _worst(reasons: Counter[tuple[str, str, str]]) -> list[tuple[tuple[str, str, str], int]]:
    """The most frequent; the others by their code, so that nobody is missing."""
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    others: Counter[tuple[str, str, str]] = Counter()
    for (code, _, _), n in ordered[_WORST_REASONS:]:
        others[code, "", OTHERS] += n
    return [*ordered[:_WORST_REASONS], *sorted(others.items())]


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def page(report: Mapping[str, Any], title: str) -> str:
    """The report as one self-contained page."""
    rows = [_row(name, report[name]) for name in _HEAD]
    tables = [_table(f"Slot {slot}", counts, report["rendered"]) for slot, counts in report["slots"].items()]
    tables += [
        _table(f"Experiment {name}", counts, report["rendered"]) for name, counts in report["arms"].items()
    ]
    tables += [
        _table("Skipped, by reason", report["skips"], report["recipients"]),
        _table("Dead letters, by code", report["codes"], report["recipients"]),
        _table("Dead letters, by field", report["fields"], report["recipients"]),
        _table("Dead letters, by reason", {one["reason"]: one["count"] for one in report["reasons"]}, 0),
        _table("AMP", report["amp"], report["rendered"]),
        _table("Locales", report["locales"] if len(report["locales"]) > 1 else {}, report["rendered"]),
        _table("Not said by their data", report["lacks"], report["rendered"]),
        _table("Rendered more slowly", +Counter(report["fallbacks"]), 0),
        _table("Largest, characters", {item["key"]: item["characters"] for item in report["largest"]}, 0),
        _table("Slowest, seconds", {item["key"]: item["seconds"] for item in report["slowest"]}, 0),
    ]
    return _PAGE.format(title=escape(title), rows="".join(rows), tables="".join(tables))


def _row(name: str, value: float) -> str:
    return f"<tr><th scope=row>{escape(name.replace('_', ' '))}</th><td>{value:,}</td></tr>"


def _table(title: str, counts: Mapping[str, float], whole: int) -> str:
    if not counts:
        return ""
    rows = "".join(
        f"<tr><th scope=row>{escape(str(name))}</th><td>{count:,}</td>{_share(count, whole)}</tr>"
        for name, count in counts.items()
    )
    return f"<h2>{escape(title)}</h2><table>{rows}</table>"


def _share(count: float, whole: int) -> str:
    if not whole:
        return ""
    share = count / whole
    return f'<td>{share:.1%}</td><td class=bar><i style="width:{share:.1%}"></i></td>'


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
:root{{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}}
body{{max-width:60rem;margin:2rem auto;padding:0 1rem}}
table{{border-collapse:collapse;width:100%}}
th{{text-align:left;font-weight:400;overflow-wrap:anywhere}}
td{{text-align:right;padding:.2rem .6rem;font-variant-numeric:tabular-nums}}
h2{{font-size:1.1rem;margin-top:2rem}}
.bar{{width:40%;min-width:4rem}}
.bar i{{display:block;height:.8rem;background:#3347c4;border-radius:.2rem}}
</style></head><body><h1>{title}</h1><table>{rows}</table>{tables}</body></html>
"""
