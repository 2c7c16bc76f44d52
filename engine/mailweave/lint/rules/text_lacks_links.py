"""# MW999 text-lacks-link

Who reads plain text (a terminal, a watch, a filter that shows no HTML) gets the text that a block has of its own. A link
of its HTML that stands nowhere in it is one that they do not get; filters also compare the parts (SpamAssassin:
`MPART_ALT_DIFF`). Derived texts have all links by themselves. RFC 2046, 5.1.4: the parts of an alternative say the same.

    blocks/offer/block.txt:1:1: warning MW999: this text lacks the link to `https://shop.example/terms`

## What helps

The address in `block.txt`, as the HTML writes it: `{{ block.url }}`, or its text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from mailweave.campaign import Campaign
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.rule import CampaignRule
from mailweave.markup.pieces import Piece, replaced
from mailweave.markup.tokens import StartTag, tokenize
from mailweave.root import written
from mailweave.source import Source, Span

_PAGES = ("block.html", "block.mjml")
_LINKS = frozenset("a area mj-button mj-image mj-navbar-link mj-social-element".split())
_FILTERS = re.compile(r"\|.*", re.DOTALL)


def _check(campaign: Campaign) -> Iterator[Diagnostic]:
    files = {name: written(content, "replace") for name, content in campaign.texts.files}
    for name, text in files.items():
        path = PurePosixPath(name)
        page = next(
            (files[one] for name in _PAGES if (one := (path.parent / name).as_posix()) in files), None
        )
        if path.name == "block.txt" and page is not None:
            source = Source((PurePosixPath(campaign.texts.given) / name).as_posix(), text)
            for address in _missing(page, text):
                yield diagnose("MW999", source, Span(0, 1), address=address)


def _missing(page: str, text: str) -> Iterator[str]:
    """The addresses of the links of a page that a text does not have."""
    plain = _plain(text)
    for address in dict.fromkeys(_links(page)):
        wanted = _plain(address).split("#")[0].rstrip("/")
        if wanted and "{%" not in address and wanted not in plain:
            yield address


def _links(page: str) -> Iterator[str]:
    for token in tokenize(page):
        if isinstance(token, StartTag) and token.name in _LINKS:
            for one in token.attributes:
                address = html.unescape(one.value or "").strip() if one.name == "href" else ""
                if address and not address.startswith(("#", "mailto:", "tel:")):
                    yield address


def _plain(text: str) -> str:
    """A text with the outputs of its Liquid as one name each, without filters."""

    def written(piece: Piece) -> str:
        inside = _FILTERS.sub("", piece.inside).strip()
        return f"{{{{{inside}}}}}" if piece.text.startswith("{{") else piece.text

    return replaced(text, written)


RULE = CampaignRule("MW999", "parity", _check)
