"""What we say to a provider is what django-anymail says to it; docs/delivery.md lists where not, and nothing else."""

from __future__ import annotations

import json
import tomllib
from base64 import b64decode
from collections.abc import Callable, Collection
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import pytest

from mailweave import Email
from mailweave.delivery import DROPPABLE, File, Form, Payload, Unsupported, anymail_message, payload
from tests.conftest import ROOT
from tests.delivery.payloads.anymail_wire import (
    BACKENDS,
    Wire,
    django_message,
    path,
    read,
    read_form,
    refused,
    wire,
)
from tests.delivery.payloads.messages import COUNT, VARIATIONS, messages

BOTH_REFUSE = {
    "amp": "alternative part",
    "attachments": "attachments of type",
    "return_path": "envelope_sender",
    "tags": "multiple tags",
}
"""What anymail says where both refuse, by the name of our feature."""
DIFFERENCES: list[dict[str, Any]] = tomllib.loads(
    (ROOT / "fixtures/delivery/payloads/differences.toml").read_text(encoding="utf-8")
)["difference"]
NAMED = frozenset((one["provider"], one["name"]) for one in DIFFERENCES if "refused" not in one)
ONLY_OURS = frozenset(
    (provider, feature)
    for one in DIFFERENCES
    for feature in one.get("refused", ())
    for provider in (BACKENDS if one["provider"] == "every" else [one["provider"]])
)
"""Refused here by the provider's documentation, and passed on by anymail."""
Names = frozenset[tuple[str, str]]
CASES = [(at, provider) for at in range(COUNT) for provider in BACKENDS]
IDS = [f"{at}-{VARIATIONS[at % len(VARIATIONS)]['name']}-{provider}" for at, provider in CASES]


def test_there_are_sixty() -> None:
    assert len(messages()) == COUNT == 60
    assert len({email.envelope.campaign for email in messages()}) == 8
    assert sum(email.amp is not None for email in messages()) >= 10


@pytest.mark.parametrize(("at", "provider"), CASES, ids=IDS)
def test_both_refuse_the_same(at: int, provider: str) -> None:
    email = messages()[at]
    theirs, ours = refused(django_message(email), provider), _features(email, provider)
    agreed = [feature for feature in ours if (provider, feature) not in ONLY_OURS]
    told = {feature for feature in ours if feature in BOTH_REFUSE and BOTH_REFUSE[feature] in theirs}
    assert bool(agreed) <= bool(theirs)
    assert told if theirs else not agreed, (theirs, ours)  # it tells the first of several; we tell all


@pytest.mark.parametrize(("at", "provider"), CASES, ids=IDS)
def test_the_wire_is_the_same(at: int, provider: str) -> None:
    email = messages()[at]
    if "smtputf8" in _features(email, provider):
        pytest.skip("refused here: its address has letters beyond ASCII before the `@`")
    compare(email, provider, NAMED)


@pytest.mark.parametrize("left_out", sorted(NAMED), ids=lambda pair: " ".join(pair))
def test_each_difference_is_one(left_out: tuple[str, str]) -> None:
    """Without it, some e-mail is not the same."""
    with pytest.raises(AssertionError):
        compare_all(left_out[0], NAMED - {left_out})


@pytest.mark.parametrize(("provider", "feature"), sorted(ONLY_OURS))
def test_each_refusal_of_ours_alone_is_one(provider: str, feature: str) -> None:
    found = [email for email in messages() if feature in _features(email, provider)]
    assert any(
        BOTH_REFUSE.get(feature, "?") not in refused(django_message(email), provider) for email in found
    )


def compare_all(provider: str, named: Names) -> None:
    """One e-mail of each variation."""
    for email in messages()[: len(VARIATIONS)]:
        if "smtputf8" not in _features(email, provider):
            compare(email, provider, named)


def compare(email: Email, provider: str, named: Names) -> None:
    """Fails where what is sent differs in more than what is named."""
    ours, theirs = (
        payload(email, provider, drop=DROPPABLE),
        wire(django_message(email), provider, ignoring=True),
    )
    url = ours.url("https://email.eu-west-1.amazonaws.com")
    assert (ours.method, path(url)) == (theirs["method"], path(theirs["url"]))
    COMPARE[provider](email, ours, theirs, named)


@pytest.mark.parametrize(("at", "provider"), CASES, ids=IDS)
def test_our_message_of_django_says_the_same(at: int, provider: str) -> None:
    email = messages()[at]
    made, expected = anymail_message(email), django_message(email)
    ours, theirs = (_plain(wire(one, provider, ignoring=True)["body"], provider) for one in (made, expected))
    assert ours == theirs


def _features(email: Email, provider: str) -> tuple[str, ...]:
    try:
        payload(email, provider)
    except Unsupported as found:
        return found.features
    return ()


def _sendgrid(email: Email, ours: Payload, theirs: Wire, named: Names) -> None:
    mine, body = json.loads(ours.content), theirs["body"]
    if ("sendgrid-v3", "encoded headers") in named:
        mine["headers"] = {name: _decoded(text) for name, text in mine["headers"].items()}
    to = body["personalizations"][0]["to"][0]
    if "to_name" in _features(email, "sendgrid-v3"):
        del to["name"]
    assert _typed(mine, "attachments", "type") == _typed(body, "attachments", "type")


def _postmark(email: Email, ours: Payload, theirs: Wire, named: Names) -> None:
    mine, body = json.loads(ours.content), theirs["body"]
    if ("postmark", "message id") in named:
        body["Headers"] = [one for one in body["Headers"] if one["Name"] != "Message-ID"]
    if "metadata" in _features(email, "postmark"):
        fit = {name: text for name, text in body["Metadata"].items() if len(name) <= 20 and len(text) <= 80}
        body["Metadata"] = dict(list(fit.items())[:10])
    assert _typed(mine, "Attachments", "ContentType") == _typed(body, "Attachments", "ContentType")


def _resend(email: Email, ours: Payload, theirs: Wire, named: Names) -> None:
    mine, body, headers = json.loads(ours.content), theirs["body"], theirs["headers"]
    if ("resend", "idempotency") in named:
        headers["Idempotency-Key"] = email.idempotency_key
    assert ours.headers["Idempotency-Key"] == headers.get("Idempotency-Key")
    if ("resend", "tags") in named:
        given = _pairs(
            json.loads(body["headers"].pop("X-Metadata")), json.loads(body["headers"].pop("X-Tags", "[]"))
        )
        body["tags"] = [{"name": name, "value": text} for name, text in given]
    if ("resend", "message id") in named:
        del body["headers"]["Message-ID"]
    if "attachments" in _features(email, "resend"):
        del body["attachments"]
    assert _typed(mine, "attachments", "content_type") == _typed(body, "attachments", "content_type")


def _mailgun(email: Email, ours: Payload, theirs: Wire, named: Names) -> None:
    fields, files = read_form(ours.headers["Content-Type"], ours.content)
    body, their_files = theirs["body"]
    if "tags" in _features(email, "mailgun"):
        body["o:tag"] = [tag for tag in body["o:tag"] if tag.isascii()]
    if ("mailgun", "case of headers") in named:
        fields, body = _small(fields), _small(body)
    assert fields == body
    assert list(map(_bare, files)) == list(map(_bare, their_files))


def _ses(email: Email, ours: Payload, theirs: Wire, named: Names) -> None:
    mine, body = json.loads(ours.content), theirs["body"]
    raw, given = (b64decode(one.pop("Content")["Raw"]["Data"]) for one in (mine, body))
    assert raw == email.as_bytes()
    made, expected = _message(raw), _message(given)
    without = {"content-type", "content-transfer-encoding", "mime-version"}
    if ("ses-v2", "message tags") in named:
        pairs = _pairs(
            json.loads(expected["X-Metadata"]), [str(tag) for tag in expected.get_all("X-Tag", [])]
        )
        body["EmailTags"] = [{"Name": name, "Value": text} for name, text in pairs]
        without |= {"x-tag", "x-metadata"}
    if ("ses-v2", "date") in named:
        without.add("date")
    assert mine == body
    assert _headers(made, without) == _headers(expected, without)
    if ("ses-v2", "related") in named:
        assert sorted(_leaves(made), key=repr) == sorted(_leaves(expected), key=repr)
    else:
        assert _shape(made) == _shape(expected)


COMPARE: dict[str, Callable[[Email, Payload, Wire, Names], None]] = {
    "ses-v2": _ses,
    "sendgrid-v3": _sendgrid,
    "mailgun": _mailgun,
    "postmark": _postmark,
    "resend": _resend,
}


def _pairs(metadata: dict[str, str], tags: list[str]) -> list[tuple[str, str]]:
    """As pairs of name and value, those that are words."""
    words = [tag for tag in tags if _is_word(tag)]
    numbered = [(f"tag-{at}" if at > 1 else "tag", tag) for at, tag in enumerate(words, 1)]
    given = [*metadata.items(), *numbered]
    return [(name, text) for name, text in given if _is_word(name) and _is_word(text)]


@pytest.mark.parametrize("at", range(COUNT))
def test_the_form_for_smtp_is_the_message(at: int) -> None:
    email = messages()[at]
    assert payload(email, "smtp").content == email.as_bytes()


def _decoded(text: str) -> str:
    return str(make_header(decode_header(text)))


def _is_word(text: str) -> bool:
    return text.isascii() and text.replace("_", "").replace("-", "").isalnum()


def _typed(body: dict[str, Any], field: str, type: str) -> dict[str, Any]:
    """With media types in one spelling: `charset=utf-8` and `charset="utf-8"` are the same."""
    files = body.get(field, [])
    return {**body, field: [{**one, type: one[type].replace('"', "")} for one in files]}


def _small(fields: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name.lower() if name.startswith("h:") else name: texts for name, texts in fields.items()}


def _bare(file: tuple[str, str, str, bytes]) -> tuple[str, str, str, bytes]:
    field, name, type, content = file
    return field, name, type.replace('"', ""), content


def _message(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def _headers(message: EmailMessage, without: Collection[str]) -> dict[str, str]:
    """As they are read; the standard library leads a folded subject in by a blank."""
    return {name.lower(): str(text).strip() for name, text in message.items() if name.lower() not in without}


def _shape(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def _leaves(message: EmailMessage) -> list[tuple[object, ...]]:
    return [
        (
            part.get_content_type(),
            part.get_content_charset(),
            part.get_content_disposition(),
            part.get_filename(),
            part["Content-ID"],
            _content(part),
        )
        for part in message.walk()
        if not part.is_multipart()
    ]


def _content(part: Any) -> object:
    content = part.get_payload(decode=True)
    if part.get_content_disposition():
        return content
    return content.decode().replace("\r\n", "\n").rstrip("\n")


def _plain(body: Any, provider: str) -> Any:
    """A body without what differs from call to call."""
    if provider == "ses-v2":
        message = _message(b64decode(body["Content"]["Raw"]["Data"]))
        without = ("content-type", "date", "mime-version")
        return sorted(_headers(message, without).items()), sorted(_leaves(message), key=repr)
    if provider == "mailgun":
        return _small(body[0]), list(map(_bare, body[1]))
    field = {"sendgrid-v3": ("attachments", "type"), "postmark": ("Attachments", "ContentType")}
    return _typed(body, *field.get(provider, ("attachments", "content_type")))


def test_a_form_is_read_as_it_was_written() -> None:
    form = Form(
        (("a", "1"), ("a", "2\r\nb"), ("ü:x", "")), (File("inline", "Zoë.png", "image/png", b"\r\n--"),)
    )
    fields, files = read(form.type, form.content)
    assert fields == {"a": ["1", "2\r\nb"], "ü:x": [""]}
    assert files == [("inline", "Zoë.png", "image/png", b"\r\n--")]
