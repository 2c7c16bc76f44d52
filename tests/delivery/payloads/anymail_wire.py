"""What django-anymail's backends put on the wire for an e-mail, and nothing of ours in between but the e-mail."""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from base64 import b64encode
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from functools import cache
from io import BytesIO
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from mailweave import Email
from mailweave.message import Attachment

_WHY = "needs django-anymail and Django"
requests = pytest.importorskip("requests", reason=_WHY)
django_conf, django_http, django_mail, django_forms, django_uploads = (
    pytest.importorskip(f"django.{name}", reason=_WHY)
    for name in ("conf", "http", "core.mail", "http.multipartparser", "core.files.uploadhandler")
)
exceptions, mailgun, postmark, resend, sendgrid = (
    pytest.importorskip(f"anymail.{name}", reason=_WHY)
    for name in (
        "exceptions",
        *(f"backends.{each}" for each in ("mailgun", "postmark", "resend", "sendgrid")),
    )
)


def _amazon_ses() -> Any:
    """That of Amazon SES asks for boto3 when it is imported, and only sends with it: a stub will do.

    boto3 itself wants python-dateutil below 3, so it cannot be installed beside what this project is tested with.
    """
    named = ("boto3", "botocore", "botocore.client", "botocore.exceptions")
    stubs = {name: ModuleType(name) for name in named}
    vars(stubs["botocore.client"])["Config"] = object
    for name in ("BotoCoreError", "ClientError", "ConnectionError"):
        vars(stubs["botocore.exceptions"])[name] = type(name, (Exception,), {})
    with pytest.MonkeyPatch.context() as patch:
        for name, stub in stubs.items():
            patch.setitem(sys.modules, name, stub)
        made = importlib.import_module("anymail.backends.amazon_ses")
    del sys.modules["anymail.backends.amazon_ses"]  # others may want it with boto3
    return made


amazon_ses = _amazon_ses()
if not django_conf.settings.configured:
    django_conf.settings.configure()  # what is needed stands below: other tests may have come first

BACKENDS: dict[str, tuple[Any, dict[str, Any]]] = {
    "ses-v2": (amazon_ses.EmailBackend, {}),
    "sendgrid-v3": (sendgrid.EmailBackend, {"api_key": "key", "generate_message_id": False}),
    "mailgun": (mailgun.EmailBackend, {"api_key": "key"}),
    "postmark": (postmark.EmailBackend, {"server_token": "token"}),
    "resend": (resend.EmailBackend, {"api_key": "key"}),
}
Wire = dict[str, Any]


def django_message(email: Email) -> Any:
    """As somebody writes it who knows anymail's documentation and `Email`."""
    envelope = email.envelope
    message = django_mail.EmailMultiAlternatives(
        subject=email.subject,
        body=email.text,
        from_email=_mailbox(envelope.sender_name, envelope.sender),
        to=[_mailbox(envelope.to_name, envelope.to)],
        reply_to=[_mailbox(envelope.reply_to_name, envelope.reply_to)] if envelope.reply_to else [],
        headers={"Message-ID": email.message_id, **_list_headers(email), **dict(envelope.custom_headers)},
    )
    if email.amp is not None:
        message.attach_alternative(email.amp, "text/x-amp-html")
    message.attach_alternative(email.html, "text/html")
    for one in email.attachments:
        if one.content_id:
            message.attach(_inline(one))
        else:
            message.attach(one.name, one.content, one.type.partition(";")[0])
    message.metadata = {"mailweave_key": email.idempotency_key, **dict(envelope.metadata)}
    if envelope.tags:
        message.tags = list(envelope.tags)
    if envelope.return_path:
        message.envelope_sender = envelope.return_path
    return message


def _list_headers(email: Email) -> dict[str, str]:
    url = email.envelope.unsubscribe_url
    if not url:
        return {}
    post = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if email.envelope.one_click else {}
    return {"List-Unsubscribe": f"<{url}>", **post}


def _mailbox(name: str, address: str) -> str:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>' if name else address


def _inline(one: Attachment) -> MIMEBase:
    part = MIMEBase(*one.type.split("/"))
    part.set_payload(one.content)
    encode_base64(part)
    part.add_header("Content-Disposition", "inline", filename=one.name)
    part.add_header("Content-ID", f"<{one.content_id}>")
    return part


def refused(message: Any, provider: str) -> str:
    """What anymail says that it cannot say, first of all; empty where it says everything."""
    try:
        wire(message, provider)
    except exceptions.AnymailUnsupportedFeature as error:
        return str(error).splitlines()[0]
    return ""


def wire(message: Any, provider: str, *, ignoring: bool = False) -> Wire:
    """The request: `method`, `url`, `headers` and `body`, read as the provider reads it.

    ignoring: whether anymail leaves out what it cannot say.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # anymail no longer tests SendGrid, and says so
        send = _by_boto if provider == "ses-v2" else _by_requests
        return send(_backend(provider, ignoring), message)


@cache
def _backend(provider: str, ignoring: bool) -> Any:
    """Ready to send; that for Amazon SES has a client whose requests go nowhere."""
    made, settings = BACKENDS[provider]
    if provider != "ses-v2":
        backend = made(ignore_unsupported_features=ignoring, **settings)
        backend.open()
        return backend
    with pytest.MonkeyPatch.context() as patch:  # it asks for the version of botocore's settings
        patch.setattr(amazon_ses, "_get_anymail_boto3_params", lambda **_: ({}, {}))
        backend = made(ignore_unsupported_features=ignoring)
    backend.client = _Client()
    return backend


def _by_requests(backend: Any, message: Any) -> Wire:
    made = backend.build_message_payload(message, backend.send_defaults)
    given = made.get_request_params(backend.api_url)
    request = requests.Request(
        **{name: value for name, value in given.items() if name != "timeout"}
    ).prepare()
    assert isinstance(request.body, str | bytes)
    body = request.body if isinstance(request.body, bytes) else request.body.encode()
    return {
        "method": request.method,
        "url": request.url,
        "headers": dict(request.headers),
        "body": read(request.headers["Content-Type"], body),
    }


def _by_boto(backend: Any, message: Any) -> Wire:
    """As boto3 sends it: to this path, the message in base64."""
    backend.send_messages([message])
    params = dict(backend.client.params)
    raw = b64encode(params["Content"]["Raw"]["Data"]).decode()
    body = json.loads(json.dumps({**params, "Content": {"Raw": {"Data": raw}}}))
    return {
        "method": "POST",
        "url": "https://email.eu-west-1.amazonaws.com/v2/email/outbound-emails",
        "body": body,
    }


class _Client:
    """Stands for boto3's client of the API v2."""

    def send_email(self, **params: Any) -> dict[str, str]:
        self.params = params
        return {"MessageId": "1"}


def read(content_type: str, body: bytes) -> Any:
    """A body as its receiver reads it: JSON, or the fields and files of a form."""
    kind = content_type.partition(";")[0]
    if kind == "application/json":
        return json.loads(body)
    if kind == "application/x-www-form-urlencoded":
        return _fields(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)), []
    assert kind == "multipart/form-data", kind
    return read_form(content_type, body)


def read_form(
    content_type: str, body: bytes
) -> tuple[dict[str, list[str]], list[tuple[str, str, str, bytes]]]:
    """By Django's own parser."""
    handler = django_uploads.MemoryFileUploadHandler()
    meta = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body))}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_conf.settings, "DATA_UPLOAD_MAX_MEMORY_SIZE", None)
        fields, files = django_forms.MultiPartParser(meta, BytesIO(body), [handler], "utf-8").parse()
    assert isinstance(fields, django_http.QueryDict)
    told = [
        (field, one.name, one.content_type + "".join(f"; {k}={v.decode()}" for k, v in one.content_type_extra.items()),
         one.read())
        for field, several in files.lists()
        for one in several
    ]  # fmt: skip
    return {name: list(texts) for name, texts in fields.lists()}, told


def _fields(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        found.setdefault(name, []).append(text)
    return found


def path(url: str) -> str:
    return urlsplit(url).path
