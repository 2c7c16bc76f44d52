"""What a provider cannot say is named, all of it at once, and dropped only by name."""

from __future__ import annotations

import json
import pickle
import tomllib
from dataclasses import replace
from typing import Any

import pytest

from mailweave import Email, MailweaveError
from mailweave.delivery import DROPPABLE, Payload, Refusals, Unsupported, batches, payload, register
from mailweave.delivery.payloads import senders
from mailweave.diagnostics import ArgumentError
from tests.conftest import ROOT
from tests.delivery.payloads.messages import varied
from tests.delivery.payloads.small_mail import mail

CASES: list[dict[str, Any]] = tomllib.loads(
    (ROOT / "fixtures/delivery/payloads/refusals.toml").read_text(encoding="utf-8")
)["case"]
EACH = [(case, provider) for case in CASES for provider in case["providers"]]
IDS = [f"{case['name']}-{provider}" for case, provider in EACH]


def email_of(case: dict[str, Any]) -> Email:
    given = dict(case["email"])
    for field, times in case.get("repeat", {}).items():
        given[field] = _longer(given[field], times)
    text = given.pop("text", "Zoë\n")
    return replace(varied(mail(), given), text=text)


def _longer(value: Any, times: int) -> Any:
    """With its last `x` repeated."""
    if isinstance(value, list):
        return [*value[:-1], _longer(value[-1], times)]
    return value * times


@pytest.mark.parametrize(("case", "provider"), EACH, ids=IDS)
def test_it_is_refused_by_name(case: dict[str, Any], provider: str) -> None:
    with pytest.raises(Unsupported) as found:
        payload(email_of(case), provider)
    assert found.value.provider == provider
    assert list(found.value.features) == case["features"]
    assert sorted(one.code for one in found.value.diagnostics) == case["codes"]
    assert case["told"] in " ".join(one.message for one in found.value.diagnostics)
    assert all(provider in one.message and one.place == "spring" for one in found.value.diagnostics)


@pytest.mark.parametrize(("case", "provider"), EACH, ids=IDS)
def test_it_is_said_without_what_is_dropped(case: dict[str, Any], provider: str) -> None:
    email, features = email_of(case), case["features"]
    if not set(features) <= set(DROPPABLE):
        with pytest.raises(Unsupported):
            payload(email, provider, drop=DROPPABLE)
        return
    for feature in features if len(features) > 1 else ():
        with pytest.raises(Unsupported) as left:
            payload(email, provider, drop={feature})
        assert feature not in left.value.features
    made = payload(email, provider, drop=features)
    assert b"Zo\xc3\xab" in made.content or provider == "ses-v2"


@pytest.mark.parametrize(("case", "provider"), EACH, ids=IDS)
def test_nothing_of_a_person_is_told(case: dict[str, Any], provider: str) -> None:
    with pytest.raises(Unsupported) as found:
        payload(email_of(case), provider)
    told = " ".join(f"{one.message} {one.help} {one.place}" for one in found.value.diagnostics)
    secret = ("ann@", "zoë@", "Lee", "New York", "Frühling", "spring sale")
    assert not any(word in told for word in secret)


@pytest.mark.parametrize(
    ("name", "said"),
    [("postmark", ["spring"]), ("sendgrid-v3", [*"abcdefghij"])],
)
def test_of_what_is_dropped_the_rest_is_said(name: str, said: list[str]) -> None:
    case = next(case for case in CASES if case["name"] == {"postmark": "two tags"}.get(name, "eleven tags"))
    body = json.loads(payload(email_of(case), name, drop={"tags"}).content)
    assert (body.get("categories") or [body["Tag"]]) == said


def test_a_provider_that_nobody_knows() -> None:
    with pytest.raises(ArgumentError, match="MW755 provider: expected one of mailgun, postmark") as found:
        payload(mail(), "postmrak")
    assert "did you mean `postmark`?" in found.value.diagnostics[0].help
    with pytest.raises(ArgumentError, match="MW755"):
        batches([], "ses")


@pytest.mark.parametrize("provider", senders.FACTS)
def test_a_domain_beyond_ascii_is_said_in_ascii(provider: str) -> None:
    made = payload(mail(to="ann@bücher.example", reply_to="b@straße.example"), provider)
    assert b"ann@xn--bcher-kva.example" in made.content
    assert provider == "ses-v2" or b"b@xn--strae-oqa.example" in made.content


@pytest.mark.parametrize("drop", [{"subject"}, {"tag"}, "amps"])
def test_only_what_may_be_lost_is_dropped(drop: Any) -> None:
    with pytest.raises(ArgumentError, match="MW756 drop: expected some of amp"):
        payload(mail(), "resend", drop=drop)


def test_one_name_alone_is_a_name() -> None:
    amp = varied(mail(), {"amp": True})
    assert payload(amp, "resend", drop="amp") == payload(mail(), "resend")


def test_fields_of_the_providers_own() -> None:
    body = payload(mail(), "postmark", extra={"MessageStream": "broadcast"}).body
    assert isinstance(body, dict)
    assert body["MessageStream"] == "broadcast"
    form = payload(mail(), "mailgun", extra={"o:testmode": "yes", "o:x": ["1", "2"]})
    assert form.content.count(b'name="o:') == 3
    assert form.headers["Content-Type"].partition("boundary=")[2].strip('"').encode() in form.content


@pytest.mark.parametrize(
    ("provider", "extra"),
    [
        ("postmark", {"To": "x@example.com"}),
        ("postmark", {"X": {1, 2}}),
        ("postmark", {"X": float("nan")}),
        ("mailgun", {"to": "x@example.com"}),
        ("mailgun", {"o:x": 1}),
        ("smtp", {"x": "y"}),
    ],
)
def test_a_field_that_is_taken(provider: str, extra: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match="MW757 extra"):
        payload(mail(), provider, extra=extra)


def test_no_address_is_guessed() -> None:
    made = payload(mail(), "ses-v2")
    with pytest.raises(ArgumentError, match="MW758 base"):
        made.url()
    assert made.url("https://email.eu-west-1.amazonaws.com/").endswith(".com/v2/email/outbound-emails")


def test_an_email_that_is_no_message() -> None:
    with pytest.raises(MailweaveError, match="MW025"):
        payload(mail(to=""), "postmark")
    with pytest.raises(MailweaveError, match="MW031"):
        payload(mail(reply_to="x y"), "postmark")
    with pytest.raises(MailweaveError, match="MW031 `return_path`"):
        payload(mail(return_path="x y"), "ses-v2")


def test_an_error_can_be_sent_between_processes() -> None:
    with pytest.raises(Unsupported) as found:
        payload(mail(tags=("a", "b")), "postmark")
    again = pickle.loads(pickle.dumps(found.value))
    assert (again.provider, again.features, again.diagnostics) == (
        "postmark",
        ("tags",),
        found.value.diagnostics,
    )


def test_another_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(senders, "_writers", dict(senders._writers))

    def write(email: Email, refusals: Refusals) -> Payload:
        if email.amp is not None:
            refusals.add("amp", "MW750", what="an AMP part")
        body = {"to": email.envelope.to}
        return Payload(
            refusals.provider, "POST", "https://mail.example", "/v1", {}, body, (email.idempotency_key,)
        )

    register("house", write)
    assert payload(mail(), "house").content == b'{"to":"ann@example.com"}'
    with pytest.raises(Unsupported):
        payload(varied(mail(), {"amp": True}), "house")
    assert [one.keys for one in batches([mail("1"), mail("2")], "house") if isinstance(one, Payload)] == [
        (mail("1").idempotency_key,),
        (mail("2").idempotency_key,),
    ]
    with pytest.raises(ArgumentError, match="MW757 name"):
        register("postmark", write)


def test_what_is_printed_says_nothing_of_a_person() -> None:
    assert repr(payload(mail(), "postmark")).startswith("<Payload postmark POST /email: 1 e-mail, ")
    assert "ann" not in repr(payload(mail(), "mailgun"))


def test_anymail_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    from mailweave.delivery import anymail_message

    monkeypatch.setitem(__import__("sys").modules, "anymail.message", None)
    with pytest.raises(MailweaveError, match="MW759 anymail_message needs django-anymail"):
        anymail_message(mail())
