"""What brings the first mail sooner: no look for garbage before it is shown, and no library that is never asked."""

from __future__ import annotations

import gc
import sys
from types import ModuleType


def begin() -> None:
    """To be called before all else is loaded, in a process that does nothing but show a campaign.

    premailer imports requests, for style sheets at an address, which it is never given here; with what requests imports
    it is a twentieth of the start.
    """
    gc.disable()
    sys.modules.setdefault("requests", ModuleType("requests"))


def end() -> None:
    """To be called when the first mail can be shown; what was made until then stays, and is not looked over again."""
    gc.freeze()
    gc.enable()
