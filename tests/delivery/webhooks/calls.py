"""Calls as each provider makes them, signed with keys that are made anew each time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from mailweave.delivery import DeliveryEvent, Sns, events
from mailweave.delivery.webhooks.entrance import PROVIDERS, EventProvider

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 22, 9, 0, 30, tzinfo=UTC)
SENT = "1795338000"  # 09:00:00
KEY = "85259f3dc5b0d09a43fa3825f4bec89f"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:mail"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
CASES: dict[EventProvider, list[dict[str, Any]]] = {
    provider: json.loads((ROOT / f"fixtures/delivery/events/{provider}.json").read_text(encoding="utf-8"))
    for provider in PROVIDERS
}
ALL = [(provider, case) for provider in PROVIDERS for case in CASES[provider]]
NAMES = [f"{provider}: {case['name']}" for provider, case in ALL]

CURVE = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
MAILGUN = secrets.token_hex(16)
RESEND = f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"
POSTMARK = f"mailweave:{secrets.token_urlsafe(16)}"


def public(key: ec.EllipticCurvePrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(key.public_key().public_bytes(serialization.Encoding.DER, form)).decode()


def certificate(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, days: int = 30) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(NOW - timedelta(days=60))
    made = made.not_valid_after(NOW + timedelta(days=days))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


PEM = certificate(RSA)
KEYS: dict[EventProvider, Any] = {
    "ses": Sns((TOPIC,), lambda _: PEM),
    "sendgrid": public(CURVE),
    "mailgun": MAILGUN,
    "postmark": POSTMARK,
    "resend": RESEND,
}


@dataclass(frozen=True)
class Request:
    """A call; `keys` are those of whoever receives it."""

    provider: EventProvider
    headers: Mapping[str, str]
    body: bytes
    keys: Any = field(repr=False)

    def read(self, **asked: Any) -> tuple[DeliveryEvent, ...]:
        given = {"keys": self.keys, "now": NOW, **asked}
        return events(self.provider, self.headers, self.body, **given)

    def but(self, **headers: str) -> Request:
        """With other headers; an empty one is taken away."""
        changed = {**self.headers, **{name.replace("_", "-"): text for name, text in headers.items()}}
        return replace(self, headers={name: text for name, text in changed.items() if text})


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def request(provider: EventProvider, content: Any, sent: str = SENT) -> Request:
    """A call that says `content`, as bytes where these are not what the provider would write."""
    body = content if isinstance(content, bytes) else dumped(content)
    match provider:
        case "ses":
            return sns({"Type": "Notification", "Message": body.decode("utf-8", "replace")})
        case "sendgrid":
            signature = CURVE.sign(sent.encode() + body, ec.ECDSA(hashes.SHA256()))
            names = ("X-Twilio-Email-Event-Webhook-Signature", "X-Twilio-Email-Event-Webhook-Timestamp")
            headers = dict(zip(names, (base64.b64encode(signature).decode(), sent), strict=True))
        case "mailgun":
            headers, body = (
                {},
                body if isinstance(content, bytes) else dumped({**content, "signature": mailgun(sent)}),
            )
        case "postmark":
            headers = {"Authorization": f"Basic {base64.b64encode(POSTMARK.encode()).decode()}"}
        case "resend":
            headers = {
                "svix-id": "msg_2b",
                "svix-timestamp": sent,
                "svix-signature": svix(RESEND, body, sent),
            }
    return Request(provider, headers, body, KEYS[provider])


def mailgun(sent: str = SENT, token: str = "a" * 50, key: str = MAILGUN) -> dict[str, str]:
    signature = hmac.new(key.encode(), f"{sent}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": sent, "token": token, "signature": signature}


def svix(secret: str, body: bytes, sent: str = SENT, id: str = "msg_2b") -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.digest(key, f"{id}.{sent}.".encode() + body, "sha256")).decode()


def sns(said: Mapping[str, str], version: str = "2", key: rsa.RSAPrivateKey = RSA, **changed: Any) -> Request:
    """A message of Amazon SNS, signed; `changed` is changed behind the signature."""
    whole = {"MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324", "TopicArn": TOPIC, **said}
    whole = {"Timestamp": "2026-11-22T09:00:00.000Z", **whole}
    names = ["Message", "MessageId", "SubscribeURL", "Subject", "Timestamp", "Token", "TopicArn", "Type"]
    text = "".join(f"{name}\n{whole[name]}\n" for name in names if name in whole)
    how = hashes.SHA1() if version == "1" else hashes.SHA256()
    signature = key.sign(text.encode("utf-8", "replace"), padding.PKCS1v15(), how)
    signed = {**whole, "SignatureVersion": version, "Signature": base64.b64encode(signature).decode()}
    return Request("ses", {}, dumped({**signed, "SigningCertURL": CERTIFICATE, **changed}), KEYS["ses"])
