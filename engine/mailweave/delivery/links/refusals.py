"""What is raised where a link cannot be signed, or a token not be trusted."""

from __future__ import annotations

from mailweave.diagnostics import MailweaveError


class LinkError(MailweaveError):
    """A link that is not signed, or a token that is refused; `code` says why (MW730 to MW739)."""

    @property
    def code(self) -> str:
        """The code of the first finding."""
        return self.diagnostics[0].code
