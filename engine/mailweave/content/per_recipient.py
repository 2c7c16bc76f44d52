"""The way of a template that cannot be inlined once: after rendering, mail by mail.

css-inline does it where it is installed (`pip install mailweave[fast]`), premailer where it is not.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from functools import lru_cache

from mailweave.diagnostics import Diagnostic, Severity, diagnose
from mailweave.source import Source, Span

# Milliseconds for a mail of 30 KB, as measured by `python -m benchmarks html`.
_COST = {"css-inline": "0.4 to 10", "premailer": "50 to 1,300"}


def engine() -> str:
    """The name of the inliner that would be used per recipient."""
    return "css-inline" if importlib.util.find_spec("css_inline") else "premailer"


def inline_rendered(html: str, css: str, slow: Callable[[str, str], str]) -> str:
    """Inlines the CSS of one rendered mail; `css` comes after that of its own. Nothing is fetched.

    `slow` does it where css-inline is not installed.
    """
    return _fast()(html, css) if engine() == "css-inline" else slow(html, css)


def per_recipient_cost(source: Source, found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """What it costs that a template is not inlined once; nothing, where errors keep it from being sent."""
    if any(d.severity is Severity.ERROR for d in found):
        return ()
    name = engine()
    return (diagnose("MW520", source, Span(0, 0), engine=name, cost=_COST[name], count=len(found)),)


@lru_cache(maxsize=1)
def _fast() -> Callable[[str, str], str]:
    import css_inline

    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, keep_style_tags=False)

    def inline(html: str, css: str) -> str:
        return str(inliner.inline(_with(html, css)))

    return inline


def _with(html: str, css: str) -> str:
    """The mail with the stylesheet at the end of its head."""
    if not css:
        return html
    at = html.lower().find("</head")
    style = f"<style>{css}</style>"
    return style + html if at < 0 else html[:at] + style + html[at:]
