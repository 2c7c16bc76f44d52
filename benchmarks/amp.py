"""What AMP costs per recipient: the looks of a proved part against validating the whole document."""

from __future__ import annotations

from benchmarks import Report, Work, interleaved
from mailweave.liquid import Template
from mailweave.message.amp import EXTENSIONS_SLOT, admit, validate_by_rules, weave
from mailweave.source import Source

LAYOUT = """<!doctype html><html lang="en"><head></head><body style="margin:0">
<table role="presentation"><tr><td style="padding:8px">{% slot "main" %}</td></tr></table></body></html>"""
CARD = """{% for item in block.items %}<table role="presentation" width="100%"><tr>
<td style="padding:8px"><img src="{{ item.image }}" width="72" height="72" alt="{{ item.title }}"></td>
<td style="padding:8px;color:#333"><a href="{{ item.url }}" style="color:#223399">{{ item.title }}</a>
<p style="margin:0 0 8px;font-size:14px">{{ item.text }}</p></td></tr></table>{% endfor %}"""
ITEMS = 40
DOCUMENTS = 20
AT_MOST_MICROSECONDS = 500
AT_LEAST_TIMES = 40


def run() -> Report:
    """The cost of `admit` on a proved and on an unproved document of about 17 KB."""
    report = Report("amp")
    document = _document()
    proved = interleaved(
        {"proved": lambda: [admit(document, exact=True) for _ in range(DOCUMENTS)]}, per_call=DOCUMENTS
    )["proved"]
    validated = interleaved({"validated": lambda: admit(document, exact=False)}, rounds=5)["validated"]
    size = len(document.encode())
    report.say(f"{size:,} bytes: proved {proved * 1e6:.0f} us, validated {validated * 1e3:.1f} ms")
    report.claim("a proved AMP part costs, in microseconds", proved * 1e6, AT_MOST_MICROSECONDS)
    report.claim("validating costs times as much", validated / proved, AT_LEAST_TIMES, at_least=True)
    return report


def work() -> Work:
    """Admitting a proved part, and validating a whole document."""
    document = _document()
    return {
        "admit, proved": lambda: lambda: lambda: [admit(document, exact=True) for _ in range(10 * DOCUMENTS)],
        "validate": lambda: lambda: lambda: admit(document, exact=False),
    }


def _document() -> str:
    made = weave(Source("layout", LAYOUT), {"main": {"card": Source("card", CARD)}})
    assert made.layout is not None
    items = [
        {
            "title": f"Record number {n}",
            "url": f"https://shop.example.com/p/{n}",
            "image": f"https://cdn.example.com/{n}.png",
            "text": "Side one, side two, and a cup of tea between them. " * 2,
        }
        for n in range(ITEMS)
    ]
    part = Template.from_string(made.blocks["card"].source).render({"block": {"items": items}})
    slots = {"main": part, EXTENSIONS_SLOT: made.extensions(["card"], [part])}
    frame = Template.from_string(made.layout.source, slots=("main", EXTENSIONS_SLOT))
    document = frame.render({"slots": slots})
    assert validate_by_rules(document).passed
    return document
