"""Addresses: what the check accepts is what the writer writes, and other parsers read it."""

from __future__ import annotations

import email
import email.policy
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.message.small_campaign import GIVEN, compiled, write
from tests.message.test_mime import EMAIL, ENVELOPE

from mailweave import Email, Environment, Skip
from mailweave.campaign import Campaign
from mailweave.diagnostics import CampaignError, MailweaveError
from mailweave.message.addresses import address, is_address
from mailweave.values.invalid_value import InvalidValue

FILE = Path(__file__).resolve().parents[2] / "fixtures" / "message" / "addresses.toml"
CASES = tomllib.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("given", CASES["written"])
def test_an_address_is_written_in_one_form(given: str) -> None:
    written = CASES["written"][given]
    assert address(given) == written
    sent = replace(EMAIL, envelope=ENVELOPE._replace(to=given)).as_bytes()
    read = email.message_from_bytes(sent, policy=email.policy.default)
    assert [one.addr_spec for one in read["To"].addresses] == [written]


@pytest.mark.parametrize("given", CASES["refused"]["addresses"])
def test_what_is_no_address_is_refused_by_check_and_writer(given: str) -> None:
    assert not is_address(given)
    with pytest.raises(InvalidValue) as refused:
        address(given, international=True)
    assert not given.strip() or given.strip() not in str(refused.value)
    with pytest.raises(MailweaveError, match="MW025" if not given else "MW031"):
        replace(EMAIL, envelope=ENVELOPE._replace(to=given)).as_bytes()


@pytest.mark.parametrize("given", CASES["international"])
def test_letters_beyond_ascii_before_the_at_need_smtputf8(given: str, tmp_path: Path) -> None:
    result = compiled(tmp_path).render({**GIVEN, "email": given})
    assert isinstance(result, Skip)
    assert (result.code, result.field) == ("bad_data", "email")
    assert "smtputf8" in result.reason
    assert given not in result.reason
    sent = compiled(tmp_path / "on", smtputf8=True).render({**GIVEN, "email": given, "name": "Zoë"})
    assert isinstance(sent, Email)
    written = CASES["international"][given]
    assert f"To: {written}\r\n".encode() in sent.as_bytes()
    assert sent.as_message().as_bytes() == sent.as_bytes()
    assert sent.as_message()["To"].addresses[0].addr_spec == written


def test_a_sender_with_letters_beyond_ascii_needs_smtputf8(tmp_path: Path) -> None:
    with pytest.raises(CampaignError, match="smtputf8"):
        compiled(tmp_path, **{"from": "näws@example.com"})
    campaign = compiled(tmp_path / "on", **{"from": "näws@exämple.com", "smtputf8": True})
    assert campaign.config.sender.address == "näws@xn--exmple-cua.com"


@pytest.mark.parametrize(
    ("to", "profile", "field"),
    [
        ("{{ profile.email }}", {"email": ""}, "email"),
        ("{{ profile.email }}", {"email": "  "}, "email"),
        ("{{ profile.email }}", {"email": "ann..b@example.com"}, "email"),
        ("{{ profile.other | default: profile.email }}", {"email": "ann..b@example.com"}, "email"),
        ("{{ profile.other | default: profile.email }}", {"other": "bea..b@example.com"}, "other"),
        (
            "{% if profile.name %}{{ profile.other }}{% endif %}",
            {"other": "b..b@example.com", "name": "x"},
            "other",
        ),
        ("{% if profile.name %}{{ profile.other }}{% endif %}", {}, "other"),
        ("{{ profile.other }}", {}, "other"),
        ("no address", {}, "to"),
    ],
)
def test_a_skip_names_the_attribute_of_the_address(
    to: str, profile: dict[str, Any], field: str, tmp_path: Path
) -> None:
    result = compiled(tmp_path, to=to).render({**GIVEN, **profile})
    assert isinstance(result, Skip)
    assert (result.code, result.field) == ("bad_data", field)


def test_the_attribute_behind_a_let_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "small", {"to": "{{ let.mail }}"})
    with (folder / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write("\n[let]\nmail = '{{ profile.other }}'\n")
    result = Environment().compile(folder).render(GIVEN)
    assert isinstance(result, Skip)
    assert result.field == "other"


def test_a_campaign_without_addresses_has_parts_but_no_message(tmp_path: Path) -> None:
    result = compiled(tmp_path, to="").render({**GIVEN, "email": ""})
    assert isinstance(result, Email)
    with pytest.raises(MailweaveError, match="MW025"):
        result.as_message()


_U = "https://example.com/u/"
LINKS = [
    (_U + "{{ profile.token }}?w={{ profile.token }}", "a/b?c#d%2f&e", "/u/a%2Fb%3Fc%23d%252f&e?w=a%2Fb%3Fc%23d%252f%26e"),
    ("{{ profile.other }}/u/{{ profile.token }}", "a/b", "/u/a%2Fb"),
    ("{% if profile.name %}http://a.example/{% else %}" + _U + "{% endif %}{{ profile.token }}", "a/b", "/u/a%2Fb"),
    (_U + "{{ profile.token }}&copy=1&section=2&lt=3", "x", "/u/x&copy=1&section=2&lt=3"),
    ("https://example.com/ü b?q={{ profile.token }}", "ü", "/%C3%BC%20b?q=%C3%BC"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "token", "rest"), LINKS)
def test_a_value_stays_in_its_part_of_the_link(url: str, token: str, rest: str, tmp_path: Path) -> None:
    result = compiled(tmp_path, unsubscribe_url=url).render(
        {**GIVEN, "token": token, "other": "https://example.com"}
    )
    assert isinstance(result, Email)
    assert dict(result.headers)["List-Unsubscribe"] == f"<https://example.com{rest}>"


def test_the_host_of_a_link_may_be_international(tmp_path: Path) -> None:
    result = compiled(tmp_path, unsubscribe_url="https://exämple.com/u").render(GIVEN)
    assert isinstance(result, Email)
    assert result.envelope.unsubscribe_url == "https://xn--exmple-cua.com/u"


@pytest.mark.parametrize(
    ("url", "token"),
    [
        ("https://example.com/u/{{ profile.token }}/x", ".."),
        ("https://example.com/u/{{ profile.token }}", "."),
        ("https://example.com/u/{{ profile.token }}", "t" * 1000),
        ("{{ profile.token }}", ""),
        ("{{ profile.token }}", "/u/7"),
        ("{{ profile.token }}", "javascript:alert(1)"),
        ("{{ profile.token }}", "https://"),
    ],
)
def test_a_link_that_stops_nothing_skips_its_recipient(url: str, token: str, tmp_path: Path) -> None:
    result = compiled(tmp_path, unsubscribe_url=url).render({**GIVEN, "token": token})
    assert isinstance(result, Skip)
    assert (result.code, result.field) == ("bad_data", "token")


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return compiled(tmp_path_factory.mktemp("keys"))


@pytest.mark.parametrize(
    "key", ["", " ", "\u00a0", "\u200b", "a\0b", "a\nb", "a\x85b", "k" * 256, "k" * 100_000]
)
def test_a_key_that_names_nobody_is_bad_data(key: str, keyed: Campaign) -> None:
    for result in (keyed.render({**GIVEN, "id": key}), keyed.select({**GIVEN, "id": key})):
        assert isinstance(result, Skip)
        assert (result.code, result.field) == ("bad_data", "id")


@pytest.mark.parametrize("key", ["7", "a b", "é", "a@b.c", "k" * 255])
def test_a_key_that_names_somebody_is_taken(key: str, keyed: Campaign) -> None:
    assert isinstance(keyed.render({**GIVEN, "id": key}), Email)
