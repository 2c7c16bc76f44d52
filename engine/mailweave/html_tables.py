"""Tables of HTML for notebooks: every word escaped, no style sheet, no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_CELL = "text-align:left;vertical-align:top;padding:2px 12px 2px 0"


def table(rows: Iterable[Sequence[object]], head: Sequence[str] = ()) -> str:
    """A table of texts.

    >>> table([("a", "<b>")])[-59:]
    'padding:2px 12px 2px 0">&lt;b&gt;</td></tr></tbody></table>'
    """
    top = f"<thead><tr>{''.join(_cells('th', head))}</tr></thead>" if head else ""
    body = "".join(f"<tr>{''.join(_cells('td', row))}</tr>" for row in rows)
    return f"<table>{top}<tbody>{body}</tbody></table>"


def _cells(tag: str, row: Sequence[object]) -> Iterable[str]:
    return (f'<{tag} style="{_CELL}">{escape(str(each))}</{tag}>' for each in row)


def headed(title: str, *parts: str) -> str:
    """Parts below a line that names them."""
    return f"<div><strong>{escape(title)}</strong>{''.join(parts)}</div>"


def frame(html: str, height: int = 420) -> str:
    """A page in a frame of its own, in which nothing runs, nothing is sent, and nothing is fetched from its place."""
    return (
        f'<iframe sandbox="" referrerpolicy="no-referrer" srcdoc="{escape(html)}" '
        f'style="width:100%;max-width:640px;height:{height}px;border:1px solid #ccc"></iframe>'
    )
