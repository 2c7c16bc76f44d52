"""One e-mail as one request."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from mailweave.delivery.emails import check_email
from mailweave.delivery.payloads.form import Form, Json, Payload, written
from mailweave.delivery.payloads.senders import writer_of
from mailweave.delivery.payloads.unsupported import Refusals, droppable
from mailweave.diagnostics import ArgumentError
from mailweave.message import Email


def payload(
    email: Email,
    provider: str,
    *,
    drop: Collection[str] = (),
    extra: Mapping[str, Any] = MappingProxyType({}),
) -> Payload:
    """An e-mail in the form of a provider's API: `ses-v2`, `sendgrid-v3`, `mailgun`, `postmark`, `resend`, `smtp`.

    drop: features that may be lost, by the names of `DROPPABLE`; what of one the provider can say is said all the same.
    extra: fields of the provider's own, such as `{"MessageStream": "broadcast"}`, put beside those that are written
    here; texts, or lists of texts, for a form.

    Nothing is sent, and no credential is asked for. Raises Unsupported (MW750 to MW754) for what the provider cannot
    say, all of it at once; MailweaveError where the e-mail can be no message, as `Email.as_bytes` does; ArgumentError
    for a provider that is none (MW755), for what cannot be dropped (MW756), and for a field in `extra` that is written
    here or that JSON cannot hold (MW757).
    """
    check_email(email)
    refusals = Refusals(provider, email.envelope.campaign, droppable(drop))
    made = writer_of(provider)(email, refusals)
    refusals.settle()
    return _extended(made, extra) if extra else made


def _extended(made: Payload, extra: Mapping[str, Any]) -> Payload:
    if isinstance(made.body, Form):
        form = _longer(made.body, extra)
        headers = MappingProxyType({**made.headers, "Content-Type": form.type})
        return replace(made, headers=headers, body=form)
    if not isinstance(made.body, dict):
        raise ArgumentError("MW757", "extra", "nothing, for a message has no fields", "fields")
    return replace(made, body=_wider(made.body, extra))


def _wider(body: Json, extra: Mapping[str, Any]) -> Json:
    for name, value in extra.items():
        _free(name, name in body)
        try:
            written(value)
        except (TypeError, ValueError):
            raise ArgumentError("MW757", f"extra.{name}", "a value of JSON", type(value).__name__) from None
    return {**body, **extra}


def _longer(form: Form, extra: Mapping[str, Any]) -> Form:
    fields = list(form.fields)
    for name, value in extra.items():
        _free(name, any(name == each for each, _ in form.fields))
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise ArgumentError("MW757", f"extra.{name}", "a text, or a list of texts", type(value).__name__)
        fields += [(name, text) for text in texts]
    return Form(tuple(fields), form.files)


def _free(name: str, taken: bool) -> None:
    if taken:
        raise ArgumentError(
            "MW757", f"extra.{name}", "a field that the payload does not write", "one that it does"
        )
