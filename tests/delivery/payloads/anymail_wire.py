"""What django-anymail's backends put on the wire for an e-mail, and nothing of ours in between but the e-mail."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from mailweave import Email
from mailweave.message import Attachment

_WHY = "needs django-anymail, Django and boto3"
pytest.importorskip("boto3", reason=_WHY)
awsrequest, session = (
    pytest.importorskip(f"botocore.{name}", reason=_WHY) for name in ("awsrequest", "session")
)
requests = pytest.importorskip("requests", reason=_WHY)
django_conf, django_http, django_mail, django_forms, django_uploads = (
    pytest.importorskip(f"django.{name}", reason=_WHY)
    for name in ("conf", "http", "core.mail", "http.multipartparser", "core.files.uploadhandler")
)
exceptions, amazon_ses, mailgun, postmark, resend, sendgrid = (
    pytest.importorskip(f"anymail.{name}", reason=_WHY)
    for name in (
        "exceptions",
        *(f"backends.{each}" for each in ("amazon_ses", "mailgun", "postmark", "resend", "sendgrid")),
    )
)
if not django_conf.settings.configured:
    django_conf.settings.configure(
        DEFAULT_CHARSET="utf-8",
        USE_TZ=True,
        ANYMAIL={
            "SENDGRID_API_KEY": "key",
            "SENDGRID_GENERATE_MESSAGE_ID": False,
            "MAILGUN_API_KEY": "key",
            "POSTMARK_SERVER_TOKEN": "token",
            "RESEND_API_KEY": "key",
            "AMAZON_SES_CLIENT_PARAMS": {
                "region_name": "eu-west-1",
                "aws_access_key_id": "key",
                "aws_secret_access_key": "secret",
            },
        },
    )

BACKENDS = {
    "ses-v2": amazon_ses.EmailBackend,
    "sendgrid-v3": sendgrid.EmailBackend,
    "mailgun": mailgun.EmailBackend,
    "postmark": postmark.EmailBackend,
    "resend": resend.EmailBackend,
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
    backend = BACKENDS[provider](ignore_unsupported_features=ignoring)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        backend.open()
    if provider == "ses-v2":
        _captured(backend.client)
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
    backend.send_messages([message])
    return _last(backend.client)


_sent: dict[int, Any] = {}  # the last request of each client


def _captured(client: Any) -> Any:
    """A client of botocore whose requests are kept here, and answered as if they were sent."""

    def answer(request: Any, **_: Any) -> Any:
        _sent[id(client)] = request
        return awsrequest.AWSResponse(request.url, 200, {}, _Raw(b'{"MessageId":"1"}'))

    client.meta.events.register("before-send.sesv2.SendEmail", answer)
    return client


def _last(client: Any) -> Wire:
    request = _sent[id(client)]
    return {"method": request.method, "url": request.url, "body": json.loads(request.body)}


class _Raw(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.getvalue()


@cache
def _client() -> Any:
    return _captured(
        session.get_session().create_client(
            "sesv2", "eu-west-1", aws_access_key_id="key", aws_secret_access_key="secret"
        )
    )


def sent_by_boto(params: dict[str, Any]) -> Wire:
    """What botocore sends for the parameters of `send_email`, which it checks against the model of the API."""
    _client().send_email(**params)
    return _last(_client())


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
