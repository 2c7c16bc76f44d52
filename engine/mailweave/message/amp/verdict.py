"""The verdict that people and verbs ask for: by the rules, or officially where the user says so."""

from __future__ import annotations

from mailweave.message.amp.official import pointed_to, validate_officially
from mailweave.message.amp.report import AmpReport
from mailweave.message.amp.validator import validate_by_rules


def validate(html: str | bytes) -> AmpReport:
    """Whether a document is valid AMP for Email, and each rule that it breaks.

    html: the whole document; bytes are read as UTF-8.

    The rules are those of the package; nothing is downloaded. Where the environment variable
    MAILWEAVE_AMP_VALIDATOR names the official validator, that one answers instead. Raises
    ValidatorUnusable when the one that is named cannot be run; no document makes it raise.

    >>> report = validate("<!doctype html><html><body>Hi</body></html>")
    >>> report.status, report.errors[0].code
    ('FAIL', 'MANDATORY_ATTR_MISSING')
    """
    path = pointed_to()
    if path is None:
        return validate_by_rules(html)
    return validate_officially(html if isinstance(html, str) else html.decode("utf-8", "replace"), path)
