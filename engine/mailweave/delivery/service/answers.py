"""The results as JSON: mails, decisions, skips; texts byte for byte those of `Email`."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from mailweave.decisions import Explanation, Selection, Skip
from mailweave.message import Attachment, Email


class SkipItem(TypedDict):
    """Why there is no mail: the name of a `skip` of the rules, or `withdrawn`."""

    code: str
    reason: str


class Skipped(TypedDict):
    """This recipient gets no mail. `now` is the moment of the decision."""

    status: Literal["skipped"]
    campaign: str
    now: str
    skip: SkipItem


class DrawItem(TypedDict):
    """How a slot of the policy `learned` drew: the chance that each eligible block of the recipient's bucket had."""

    bucket: str
    chances: dict[str, float]


class Decided(TypedDict):
    """What was chosen, by slot, and what it was chosen by. `draws`: of slots that drew a block."""

    status: Literal["decided"]
    campaign: str
    now: str
    selection: dict[str, list[str]]
    reasons: dict[str, str]
    arms: dict[str, str]
    draws: dict[str, DrawItem]
    segments: list[str]
    tiers: dict[str, str | None]


class AttachmentItem(TypedDict):
    """A file of the mail; `content` is base64."""

    name: str
    type: str
    content_id: str
    content: str


class Rendered(TypedDict):
    """A mail. `amp` is null where there is none, and `amp_reason` says why. `headers`: name and text of each, in order.

    `return_path`, `tags` and `metadata` are for who sends, not for readers. `message`: the raw message, where it was asked
    for; its UTF-8 is what goes over the wire.
    """

    status: Literal["rendered"]
    campaign: str
    key: str
    idempotency_key: str
    now: str
    locale: str
    lacks: list[str]
    subject: str
    preheader: str
    selection: dict[str, list[str]]
    arms: dict[str, str]
    draws: dict[str, DrawItem]
    amp_reason: str
    headers: list[tuple[str, str]]
    to: str
    return_path: str
    tags: list[str]
    metadata: list[tuple[str, str]]
    attachments: list[AttachmentItem]
    html: str
    text: str
    amp: str | None
    message: NotRequired[str]


class Explained(TypedDict):
    """Why, as docs/explanation.schema.json says. `withdrawn`: whether the recipient has unsubscribed, whatever is chosen."""

    status: Literal["explained"]
    campaign: str
    now: str
    withdrawn: bool
    explanation: Explanation


class Checked(TypedDict):
    """Findings as `mailweave check --format json` prints them."""

    status: Literal["checked"]
    findings: list[dict[str, Any]]


class ListedItem(TypedDict):
    """A folder. `is_current`: whether what is served is what was saved last; `findings` says what is wrong else."""

    name: str
    is_served: bool
    is_current: bool
    version: NotRequired[int]
    digest: NotRequired[str]
    findings: list[dict[str, Any]]


class Listed(TypedDict):
    """All folders with a campaign."""

    campaigns: list[ListedItem]


class Health(TypedDict):
    """How many campaigns are served, and of how many folders the last save is refused."""

    campaigns: int
    refused: int


def skipped(name: str, now: datetime, skip: Skip) -> Skipped:
    """A skip of the campaign that is served as `name`."""
    told: SkipItem = {"code": skip.code, "reason": skip.reason}
    return {"status": "skipped", "campaign": name, "now": now.isoformat(), "skip": told}


def decided(name: str, now: datetime, chosen: Selection) -> Decided:
    """A decision without a mail."""
    evaluation = chosen.evaluation
    return {
        "status": "decided",
        "campaign": name,
        "now": now.isoformat(),
        "selection": {slot: list(blocks) for slot, blocks in chosen.items()},
        "reasons": {slot: str(reason) for slot, reason in chosen.reasons.items()},
        "arms": dict(chosen.arms),
        "draws": _draws(chosen),
        "segments": sorted(evaluation.segments),
        "tiers": dict(evaluation.tiers),
    }


def rendered(name: str, chosen: Selection, email: Email, *, message: bool) -> dict[str, Any]:
    """A mail, as `Rendered` says; its tuples are written as arrays. Raises MailweaveError where there is no message."""
    envelope = email.envelope
    answer = {
        "status": "rendered",
        "campaign": name,
        "key": email.key,
        "idempotency_key": email.idempotency_key,
        "now": email.now.isoformat(),
        "locale": email.locale,
        "lacks": email.lacks,
        "subject": email.subject,
        "preheader": email.preheader,
        "selection": email.selection,
        "arms": dict(chosen.arms),
        "draws": _draws(chosen),
        "amp_reason": email.amp_reason,
        "headers": email.headers,
        "to": envelope.to,
        "return_path": envelope.return_path,
        "tags": envelope.tags,
        "metadata": envelope.metadata,
        "attachments": [_attachment(one) for one in email.attachments],
        "html": email.html,
        "text": email.text,
        "amp": email.amp,
    }
    return {**answer, "message": email.as_bytes().decode()} if message else answer


def _draws(chosen: Selection) -> dict[str, DrawItem]:
    return {
        slot: {"bucket": draw.bucket, "chances": dict(draw.chances)} for slot, draw in chosen.draws.items()
    }


def _attachment(one: Attachment) -> AttachmentItem:
    content = b64encode(one.content).decode()
    return {"name": one.name, "type": one.type, "content_id": one.content_id, "content": content}
