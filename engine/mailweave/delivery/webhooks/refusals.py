"""What is raised where a provider's call is not believed or not understood."""

from __future__ import annotations

from typing import Any, NoReturn

from mailweave.diagnostics import MailweaveError, diagnose


class EventError(MailweaveError):
    """A call that is refused; `code` says why (MW740 to MW747). It holds nothing of what was sent."""

    @property
    def code(self) -> str:
        """The code of the finding."""
        return self.diagnostics[0].code


def refuse(code: str, provider: str, **facts: Any) -> NoReturn:
    """Raises EventError."""
    raise EventError([diagnose(code, place=provider, provider=provider, **facts)])
