"""docs/delivery.md is true: its examples run, and its tables are those of the engine."""

from __future__ import annotations

import doctest
import json
import re
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from mailweave.delivery import DROPPABLE, Payload
from mailweave.delivery.payloads import senders
from mailweave.delivery.payloads.limits import Facts
from tests.conftest import ROOT
from tests.delivery.payloads.messages import varied
from tests.delivery.payloads.small_mail import mail

PAGE = (ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE, re.S | re.M)
LIVE = varied(mail(), {"amp": True})


class Sent:
    """Stands for an HTTP client, and for one of AWS."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []

    def request(self, method: str, url: str, **given: Any) -> None:
        self.requests.append({"method": method, "url": url, **given})

    def send_email(self, **params: Any) -> None:
        self.requests.append(params)

    def client(self, name: str, **_: Any) -> Sent:
        assert name == "sesv2"
        return self


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    made = Sent()
    monkeypatch.setitem(sys.modules, "httpx", made)
    monkeypatch.setattr(senders, "_writers", dict(senders._writers))
    return made


def run(example: str, sent: Sent) -> dict[str, Any]:
    campaign = SimpleNamespace(render=lambda profile: mail())
    refused: list[Any] = []
    space: dict[str, Any] = {
        "campaign": campaign,
        "profile": {},
        "token": "secret",
        "email": mail(),
        "boto3": sent,
    }
    space |= {
        "emails": [LIVE, mail("2"), mail(to="")],
        "client": sent,
        "bearer": {"Authorization": "Bearer k"},
    }
    exec(
        "from mailweave.delivery import payload\n" + example,
        space | {"log": lambda *told: refused.append(told)},
    )
    return {"refused": refused}


def one(start: str) -> str:
    (found,) = (example for example in EXAMPLES if start in example)
    return str(found)


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_runs(example: str, sent: Sent) -> None:
    run(example, sent)


def test_what_the_first_sends(sent: Sent) -> None:
    run(one("import httpx"), sent)
    (request,) = sent.requests
    assert (request["method"], request["url"]) == ("POST", "https://api.postmarkapp.com/email")
    assert request["headers"]["X-Postmark-Server-Token"] == "secret"
    assert json.loads(request["content"])["To"] == "Ann <ann@example.com>"


def test_what_a_list_sends(sent: Sent) -> None:
    told = run(one("batches(emails"), sent)["refused"]
    assert [(index, [found.code for found in why]) for index, _, why in told] == [(2, ["MW025"])]
    assert [len(json.loads(request["content"])) for request in sent.requests] == [2]


def test_what_amazon_gets(sent: Sent) -> None:
    run(one("send_email"), sent)
    assert sent.requests[0]["Content"] == {"Raw": {"Data": mail().as_bytes()}}


def test_what_is_shown_is_printed() -> None:
    parsed = doctest.DocTestParser().get_doctest(PAGE, {"email": LIVE}, "delivery.md", None, 0)
    assert parsed.examples
    assert doctest.DocTestRunner().run(parsed).failed == 0


def test_it_names_what_can_be_dropped() -> None:
    (told,) = re.findall(r"It takes (.+?)\. What\nof", PAGE, re.S)
    assert re.findall(r"`(\w+)`", told) == list(DROPPABLE)


@pytest.mark.parametrize("facts", senders.FACTS.values(), ids=lambda facts: facts.name)
def test_each_provider_is_said_how_to_be_authorised(facts: Facts) -> None:
    authorised = PAGE.partition("## What a provider cannot say")[0]
    assert f"`{facts.name}`" in authorised


def test_no_payload_holds_a_credential() -> None:
    fields = set(Payload.__dataclass_fields__)
    assert fields == {"provider", "method", "base", "path", "headers", "body", "keys"}
