"""Counted segments as one self-contained page; its bars are plain inline SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from mailweave.batch.segments import Counts

Line = tuple[str, int, float]
"""A label, a number of recipients, and the share that its bar shows."""

_PAIRS = 40  # the largest overlaps; the table has them all


def page(counts: Counts, title: str) -> str:
    """Sizes, tiers, overlaps, conflicts and shares."""
    of = f"{counts.recipients:,} recipients, {counts.mailed:,} of them get mail"
    return _PAGE.format(title=escape(title), of=escape(of), parts="".join(_parts(counts)))


def _parts(counts: Counts) -> Iterable[str]:
    rows = tuple(counts.rows())
    lines = {kind: [(n, o, c, s) for k, n, o, c, s in rows if k == kind] for kind in {row[0] for row in rows}}
    yield _chart("Segments", [(name, n, share) for name, _, n, share in lines.get("segment", ())])
    for tier in counts.tiers:
        yield _chart(
            f"Tier {tier}", [(member, n, share) for t, member, n, share in lines.get("tier", ()) if t == tier]
        )
    pairs = [(f"{one} & {other}", n, share) for one, other, n, share in lines.get("overlap", ())]
    yield _chart("Overlaps, share of the smaller segment", pairs[:_PAIRS])
    yield _chart("Skipped", [(code, n, share) for code, _, n, share in lines.get("skip", ())])
    clashes = [(slot, n, share) for slot, _, n, share in lines.get("conflict", ())]
    yield _chart("Slots with more than one candidate", clashes)
    for slot in counts.blocks:
        chosen = [(block, n, share) for s, block, n, share in lines.get("block", ()) if s == slot]
        yield _chart(f"Slot {slot}", chosen)


def _chart(title: str, lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    rows = "".join(
        f"<tr><th scope=row>{escape(label)}</th><td>{n:,}</td><td>{share:.1%}</td><td class=bar>{_bar(share)}</td></tr>"
        for label, n, share in lines
    )
    return f"<h2>{escape(title)}</h2><table>{rows}</table>"


def _bar(share: float) -> str:
    width = max(0.0, min(share, 1.0)) * 100
    return (
        '<svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="100" height="8" class="back"/><rect width="{width:.2f}" height="8"/></svg>'
    )


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
svg{{display:block;width:100%;height:.8rem;fill:#3347c4}}
.back{{fill:#8884}}
</style></head><body><h1>{title}</h1><p>{of}</p>{parts}</body></html>
"""
