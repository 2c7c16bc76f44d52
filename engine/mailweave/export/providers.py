"""The senders: in which language each reads templates, which files it wants, and what it cannot say.

docs/export.md names the page of each sender on which a fact stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from mailweave.export.languages import NEVER_ESCAPED, RAW, Language, TemplateParts

Files: TypeAlias = dict[str, bytes]
_AMP: Final = "the AMP part"


@dataclass(frozen=True, slots=True)
class Provider:
    """files: those of a template, from its digest. cannot: what its templates have no place for. most_templates and
    most_bytes: how many it keeps, and how large one may be, where its documentation says so."""

    language: Language
    files: Callable[[Language, str, TemplateParts], Files]
    cannot: tuple[str, ...] = ()
    most_templates: int | None = None
    most_bytes: int | None = None

    @property
    def has_amp(self) -> bool:
        """Whether its templates have an AMP part."""
        return _AMP not in self.cannot


def _plain(language: Language, digest: str, parts: TemplateParts) -> Files:
    live = {} if parts.amp is None else {f"{digest}.amp.html": parts.amp.encode()}
    return {f"{digest}.html": parts.html.encode(), f"{digest}.txt": parts.text.encode(), **live}


def _sendgrid(language: Language, digest: str, parts: TemplateParts) -> Files:
    """The body of a new version. Left to itself, SendGrid makes a plain text of its own."""
    return _json(
        digest,
        {
            "name": digest,
            "active": 1,
            "editor": "code",
            "subject": language.hole("subject"),
            "html_content": parts.html,
            "plain_content": parts.text,
            "generate_plain_content": False,
        },
    )


def _ses(language: Language, digest: str, parts: TemplateParts) -> Files:
    about = {"TemplateName": digest, "SubjectPart": language.hole("subject")}
    return _json(digest, {"Template": {**about, "HtmlPart": parts.html, "TextPart": parts.text}})


def _mailgun(language: Language, digest: str, parts: TemplateParts) -> Files:
    return _json(digest, {"name": digest, "engine": "handlebars", "template": parts.html})


def _postmark(language: Language, digest: str, parts: TemplateParts) -> Files:
    about = {"Name": digest, "Alias": f"mw-{digest}", "Subject": language.hole("subject")}
    return _json(digest, {**about, "HtmlBody": parts.html, "TextBody": parts.text})


def _json(digest: str, body: Mapping[str, Any]) -> Files:
    return {f"{digest}.json": json.dumps(body, indent=2).encode() + b"\n"}


PROVIDERS: Final[Mapping[str, Provider]] = MappingProxyType(
    {
        "sendgrid": Provider(RAW, _sendgrid, (_AMP,), most_templates=300),
        "ses": Provider(NEVER_ESCAPED, _ses, (_AMP,), most_templates=20_000, most_bytes=500_000),
        "mailgun": Provider(RAW, _mailgun, (_AMP, "the text part", "the subject"), most_templates=100),
        "postmark": Provider(RAW, _postmark, (_AMP,), most_templates=100),
        "handlebars": Provider(RAW, _plain),
        "mustache": Provider(RAW, _plain),
    }
)
