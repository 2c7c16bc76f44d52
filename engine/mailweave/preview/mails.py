"""One mail as the desk shows it: every part, how large it is, and why it is as it is."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final

from mailweave.campaign import Campaign
from mailweave.campaign.saved_recipients import SavedRecipient
from mailweave.campaign.source_marks import SourceMarks
from mailweave.decisions import Selection, Skip
from mailweave.diagnostics import Diagnostic, MailweaveError
from mailweave.message import Email
from mailweave.preview.desk import Edition
from mailweave.preview.places import placed

CLIPPED: Final = 102 * 1024
"""Bytes of HTML behind which Gmail cuts a mail off."""
_KEPT = 100_000_000  # letters of mails: a covering set of hundreds, for some browsers at once
_EXACT = 2**53  # a browser knows no larger whole number


@dataclass(frozen=True, slots=True)
class Asked:
    """A recipient, at their own moment; `arms` None for those of the hash."""

    recipient: SavedRecipient
    arms: Mapping[str, str] | None = None


@dataclass(slots=True)
class Mails:
    """The HTML of the mails shown last, by name: a frame takes it from there."""

    _kept: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _letters: int = 0
    _lock: Lock = field(default_factory=Lock)

    def keep(self, html: str) -> str:
        """The name under which this HTML is to be had."""
        name = hashlib.blake2b(html.encode("utf-8", "replace"), digest_size=12).hexdigest()
        with self._lock:
            self._letters += len(html) - len(self._kept.pop(name, ""))
            self._kept[name] = html
            while self._letters > _KEPT and len(self._kept) > 1:
                self._letters -= len(self._kept.popitem(last=False)[1])
        return name

    def html(self, name: str) -> str | None:
        """A mail that is still kept."""
        with self._lock:
            return self._kept.get(name)


def shown(
    edition: Edition, campaign: Campaign, asked: Asked, marks: SourceMarks, mails: Mails
) -> dict[str, Any]:
    """The mail of a campaign, that of `edition`, and its decision as plain JSON, or why there is none."""
    who = asked.recipient
    now = campaign.pinned(who.moment()) or datetime.now(UTC)
    given: dict[str, Any] = {"events": who.events, "now": now, "context": who.context, "arms": asked.arms}
    about: dict[str, Any] = {"recipient": _exact(who.as_json()), "now": now.isoformat()}
    try:
        explanation = campaign.explain(who.profile, **given, show_pii=True)
        decided = campaign.decide(who.profile, **given)
    except MailweaveError as error:
        return {**about, "status": "failed", "findings": all_as_json(error.diagnostics)}
    about["why"] = asdict(explanation)
    about["undeclared"] = [str(name) for name in campaign.undeclared(who.profile, events=who.events)]
    if isinstance(decided, Skip):
        return {**about, "status": "skipped", "skip": {"code": decided.code, "reason": decided.reason}}
    return {**about, "status": "rendered", **_parts(*decided, edition, marks, mails)}


def _exact(recipient: dict[str, Any]) -> dict[str, Any]:
    """Whole numbers that a browser would round as texts: the form shows them, and refuses them, as they are."""
    return {
        name: str(value) if type(value) is int and abs(value) > _EXACT else value
        for name, value in recipient.items()
    }


def rendered(campaign: Campaign, asked: Asked, marks: SourceMarks) -> Email | None:
    """The mail as it is sent; None for who gets none. Raises MailweaveError."""
    who = asked.recipient
    made = campaign.decide(
        who.profile, events=who.events, now=who.moment(), context=who.context, arms=asked.arms
    )
    return None if isinstance(made, Skip) else replace(made[1], html=marks.unmarked(made[1].html))


def _parts(
    selection: Selection, email: Email, edition: Edition, marks: SourceMarks, mails: Mails
) -> dict[str, Any]:
    clean = replace(email, html=marks.unmarked(email.html))
    raw, why_not = _raw(clean) if edition.has_text else ("", "it is being made")
    parts = {"html": clean.html, "text": clean.text, "amp": clean.amp or "", "raw": raw}
    return {
        "mail": mails.keep(placed(email.html, marks, edition, selection)),
        "mark": marks.word,
        "subject": email.subject,
        "preheader": email.preheader,
        "sender": email.envelope.sender_name or email.envelope.sender,
        "to": email.envelope.to,
        "headers": [list(pair) for pair in clean.headers],
        "parts": parts,
        "sizes": {name: len(text.encode("utf-8", "replace")) for name, text in parts.items()},
        "clipped": CLIPPED,
        "amp_reason": email.amp_reason,
        "raw_reason": why_not,
        "key": email.key,
        "arms": dict(selection.arms),
    }


def _raw(email: Email) -> tuple[str, str]:
    """The message as it goes over the wire, or why it cannot."""
    try:
        return email.as_bytes().decode("utf-8", "replace"), ""
    except MailweaveError as error:
        return "", str(error.diagnostics[0].message)


def as_json(found: Diagnostic) -> dict[str, Any]:
    """A finding, with the author's own line."""
    at = found.location
    line = ""
    if at is not None and found.source is not None and found.span is not None:
        line = found.source.origin(found.span.start)[0].line(at.line)
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "help": found.help,
        "place": str(at) if at is not None else found.place,
        "file": at.name if at is not None else "",
        "line": at.line if at is not None else 0,
        "text": line[:300],
        "witness": found.witness if isinstance(found.witness, Mapping) else None,
    }


def all_as_json(found: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Findings in their order."""
    return [as_json(each) for each in found]
