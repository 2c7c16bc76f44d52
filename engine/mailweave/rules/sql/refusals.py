"""What cannot be said in SQL, or not in one dialect of it: refused with its place, never guessed."""

from __future__ import annotations

from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.rules.sql.dialects import Dialect
from mailweave.source import Source, Span


class NotInSql(MailweaveError):
    """A rule text uses a construct that a dialect cannot express; `diagnostics` say which, and where."""


def refuse(construct: str, dialect: Dialect, source: Source, span: Span | None, help: str = "") -> NotInSql:
    """The error for one construct; `help` where the table's words are not what to do."""
    return NotInSql([diagnose("MW808", source, span, help=help, construct=construct, dialect=dialect.name)])
