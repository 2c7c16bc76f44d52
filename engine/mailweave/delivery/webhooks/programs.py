"""Which opens are a program's, by what it says of itself."""

from __future__ import annotations

import re
from typing import Final

_PROXIES: Final = re.compile(r"GoogleImageProxy|YahooMailProxy|ggpht\.com", re.I)


def is_program(user_agent: str) -> bool | None:
    """Whether a program fetched the picture for somebody; None where it may be anybody.

    Apple's Mail Privacy Protection says `Mozilla/5.0` and nothing else; the proxies of Gmail and Yahoo say their name.

    >>> is_program("Mozilla/5.0"), is_program("Mozilla/5.0 (via ggpht.com GoogleImageProxy)"), is_program("Thunderbird")
    (True, True, None)
    """
    return True if user_agent.strip() == "Mozilla/5.0" or _PROXIES.search(user_agent) else None
