"""Regular expressions of the rules, matched as the official validator matches them: with RE2.

RE2 runs in linear time, so that no document can make a pattern explode.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import re2


@cache
def _compiled(pattern: str, any_case: bool) -> Any:
    options = re2.Options()
    options.case_sensitive = not any_case
    options.log_errors = False
    return re2.compile(pattern, options)


def matches(pattern: str, text: str, *, any_case: bool = False) -> bool:
    """Whether the whole text matches."""
    return _compiled(pattern, any_case).fullmatch(text) is not None


def occurs(pattern: str, text: str, *, any_case: bool = False) -> bool:
    """Whether some part of the text matches."""
    return _compiled(pattern, any_case).search(text) is not None
