"""# MW971 image-not-loaded

A picture must lie at an `https:` address. A mail has no folder that a relative address could mean; Gmail, Outlook and
Yahoo drop `data:`; over `http:` Gmail's and Apple's proxies may refuse, and who reads over the shoulder sees what was
opened. caniemail.com: "Base64 image format". A picture that goes with the mail, `cid:`, is checked with the campaign
(MW078).

    blocks/hero/block.html:1:1: warning MW971: this picture will not be shown everywhere: its address is relative

## What helps

Put the picture on a server and write its whole `https://` address.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.addresses import pictures, scheme
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at

_WHY = {
    "": "its address is relative",
    "data": "`data:` is dropped by Gmail and Outlook",
    "http": "`http:` is not encrypted",
    "file": "`file:` lies on one machine",
}


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag, address in pictures(reading):
        kind = scheme(address)
        if kind in _WHY and not address.startswith("//"):
            yield found_at(reading, tag.span, "MW971", why=_WHY[kind] if address else "it has no address")


RULE = PageRule("MW971", "images", _judge)
