"""Results as one page: no script, nothing loaded; plots are plain inline SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import isfinite

from mailweave.insight.campaign_results import Results, Trial
from mailweave.insight.comparisons import EVERYBODY, Comparison
from mailweave.insight.crossings import Crossing, Interaction
from mailweave.insight.effects import Interval
from mailweave.insight.results_words import (
    amount,
    crossing_heading,
    crossing_verdict,
    heading,
    p_value,
    points,
    share,
    verdict,
)
from mailweave.insight.tallies import Tally

_WIDTH, _ROW = 420, 22


def page(found: Results, title: str, *, maps: str = "") -> str:
    """Counts by block, segment and locale; experiments with their effects as intervals around nothing.

    maps: the page beside it on which clicks are drawn on mails, if there is one.
    """
    link = f'<p><a href="{escape(maps)}">Clicks, drawn on the mails</a></p>' if maps else ""
    return _PAGE.format(title=escape(title), parts="".join([link, *_parts(found)]))


def _parts(found: Results) -> Iterator[str]:
    yield f"<p>{escape(heading(found))}</p>"
    for one in found.diagnostics:
        yield f'<p class="{one.severity.value}"><b>{one.code}</b> {escape(one.message)}</p>'
    yield _tallies("Everybody", [found.all])
    for trial in found.trials:
        yield from _trial(trial)
    for crossing in found.crossings:
        yield _crossing(crossing)
    for slot, blocks in found.slots.items():
        yield _tallies(f"Slot {slot}", blocks)
    yield _tallies("Segments", found.segments)
    yield _tallies("Locales", found.locales)
    yield "<p>Blocks, segments and locales were not drawn by lot: that one of them has more clicks than another says "
    yield "nothing of what made them. Arms of experiments were. <i>few</i>: fewer than 30 recipients.</p>"


def _tallies(title: str, tallies: Sequence[Tally]) -> str:
    if not tallies:
        return ""
    named = [outcome.replace("_", " ") for outcome in tallies[0].did]
    inside = any(one.block_clicks is not None for one in tallies)
    columns = ["", "recipients", *named, "revenue", *(["clicks in the block"] if inside else [])]
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in columns)
    return f"<h2>{escape(title)}</h2><div class=wide><table><tr>{head}</tr>{''.join(map(_tally, tallies))}</table></div>"


def _tally(one: Tally) -> str:
    few = " <i>few</i>" if one.is_few else ""
    cells = [
        f"{one.recipients:,}",
        *(f"{did:,} <small>{share(did, one.recipients)}</small>" for did in one.did.values()),
    ]
    cells.append(f"{one.revenue:,.2f}")
    if one.block_clicks is not None:
        cells.append(f"{one.block_clicks:,}")
    return (
        f"<tr><th scope=row>{escape(one.name)}{few}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    )


def _trial(trial: Trial) -> Iterator[str]:
    yield f"<h2>Experiment {escape(trial.name)} on {escape(str(trial.on))}</h2>"
    if trial.untold:
        yield f"<p>Its arms are not told: {escape(trial.untold)}.</p>"
        return
    yield _tallies("Arms", trial.arms).replace("<h2>Arms</h2>", "")
    others = f"{trial.held_out:,} held out, {trial.outside:,} outside"
    yield f"<p>{others}. Sizes of the arms against those declared: p = {p_value(trial.mismatch)}.</p>"
    overall = [one for one in trial.comparisons if one.group[0] == EVERYBODY]
    for metric in dict.fromkeys(one.metric for one in overall):
        yield _effects(f"{metric}", [one for one in overall if one.metric == metric])
    groups = [one for one in trial.comparisons if one.group[0] != EVERYBODY and one.metric == "conversion"]
    yield _effects("conversion, by segment and locale", groups)


def _effects(title: str, found: Sequence[Comparison]) -> str:
    if not found:
        return ""
    reach = max((_reach(one) for one in found), default=0.0) or 1.0
    names = ("", "control", "arm", "difference", "", "p", "corrected", "whenever looked", "chance", "")
    head = "".join(f"<th scope=col>{name}</th>" for name in names)
    rows = "".join(_effect(one, reach) for one in found)
    return f"<h3>{escape(title)}</h3><div class=wide><table><tr>{head}</tr>{rows}</table></div>"


def _effect(one: Comparison, reach: float) -> str:
    where = f" in {one.group[0]} {one.group[1]}" if one.group[1] else ""
    said = amount if one.metric == "revenue" else points
    means = (f"{side.mean:,.3f}" if one.metric == "revenue" else f"{side.mean:.2%}" for side in one.samples)
    chance = "" if one.chance is None else f"{one.chance:.1%}"
    cells = [
        *means,
        said(one.effect.difference, one.effect.interval),
        _bar(one, reach),
        p_value(one.effect.p_value),
    ]
    cells += [p_value(one.adjusted), said(None, one.sequential), chance, f"<b>{verdict(one)}</b>"]
    return f"<tr><th scope=row>{escape(one.arm + where)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _crossing(one: Crossing) -> str:
    first, second = map(escape, one.experiments)
    names = ("", "neither", first, second, "both", "beyond their sum", "p", "corrected", "")
    head = "".join(f"<th scope=col>{name}</th>" for name in names)
    rows = "".join(map(_interaction, one.interactions))
    title = f"Experiments {escape(crossing_heading(one))}"
    return f"<h2>{title}</h2><div class=wide><table><tr>{head}</tr>{rows}</table></div>"


def _interaction(one: Interaction) -> str:
    said = amount if one.metric == "revenue" else points
    means = (f"{side.mean:,.3f}" if one.metric == "revenue" else f"{side.mean:.2%}" for side in one.samples)
    effect = said(one.effect.difference, one.effect.interval)
    p_values = p_value(one.effect.p_value), p_value(one.adjusted)
    cells = [*means, effect, *p_values, f"<b>{crossing_verdict(one)}</b>"]
    what = escape(f"{' and '.join(one.pair.arms)}, {one.metric}")
    return f"<tr><th scope=row>{what}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _reach(one: Comparison) -> float:
    """How far from nothing a plot has to go."""
    return max((abs(end) for end in (*one.effect.interval, *one.sequential) if isfinite(end)), default=0.0)


def _bar(one: Comparison, reach: float) -> str:
    """The fixed interval, thick; the sequential one, thin; nothing in the middle."""
    kind = one.verdict
    lines = "".join(
        _line(interval, reach, width, kind)
        for interval, width in ((one.sequential, 2), (one.effect.interval, 6))
    )
    at = _place(one.effect.difference, reach)
    dot = f'<circle cx="{at:.1f}" cy="{_ROW / 2}" r="5" class="{kind}"/>'
    zero = f'<path d="M{_WIDTH / 2} 0V{_ROW}" class="zero"/>'
    return f'<svg viewBox="0 0 {_WIDTH} {_ROW}" aria-hidden="true">{zero}{lines}{dot}</svg>'


def _line(interval: Interval, reach: float, width: int, kind: str) -> str:
    low, high = (_place(max(-reach, min(reach, end)), reach) for end in interval)
    return f'<path d="M{low:.1f} {_ROW / 2}H{high:.1f}" stroke-width="{width}" class="{kind}"/>'


def _place(value: float, reach: float) -> float:
    return _WIDTH / 2 * (1 + 0.97 * value / reach)


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
:root{{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}}
body{{max-width:75rem;margin:2rem auto;padding:0 1rem}}
.wide{{overflow-x:auto}}
table{{border-collapse:collapse;width:100%;font-size:.9rem}}
th{{text-align:left;font-weight:400;overflow-wrap:anywhere}}
td,th[scope=col]{{padding:.2rem .6rem;font-variant-numeric:tabular-nums;text-align:right}}
td{{white-space:nowrap}}th[scope=col]{{overflow-wrap:normal;vertical-align:bottom;opacity:.75}}
tr+tr{{border-top:1px solid #8884}}
h2{{font-size:1.2rem;margin-top:2.5rem}}h3{{font-size:1rem;margin-bottom:0}}
small,i{{opacity:.75}}
svg{{display:block;width:16rem;min-width:10rem}}
path{{stroke:#777}}circle{{fill:#777}}path.zero{{stroke:#999;stroke-dasharray:3 3}}
path.better{{stroke:#2a7d4f}}circle.better{{fill:#2a7d4f}}path.worse{{stroke:#c0392b}}circle.worse{{fill:#c0392b}}
.error,.warning{{border-left:.3rem solid #c0392b;padding-left:.6rem}}.warning{{border-color:#b8860b}}
</style></head><body><h1>{title}</h1>{parts}</body></html>
"""
