"""Keys and ids that others keep: they may not change from one version of mailweave to the next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.message.small_campaign import GIVEN, compiled
from tests.message.test_mime import EMAIL, ENVELOPE

from mailweave import Email, Environment
from mailweave.diagnostics import ArgumentError, CampaignError
from mailweave.message.headers import idempotency_key

SMALLEST = Path(__file__).resolve().parents[2] / "fixtures" / "campaigns" / "smallest"
GOLDEN = {
    None: ("708125da7246185a059f6c81efa3b560", "<b75a86a68fdcfc136cd45bcaca980f65@example.com>"),
    "2026-w48": ("1323500b2afd1ef8f2c5dcfb9275a2f5", "<9ff921613c2ed4afdea23ca770fb005a@example.com>"),
}


@pytest.mark.parametrize("send_id", GOLDEN)
def test_identity_is_as_it_was(send_id: str | None) -> None:
    campaign = Environment().compile(SMALLEST)
    person = {**GIVEN, "id": "42"}
    decided = campaign.decide(person, send_id=send_id)
    many = list(campaign.render_many([person], send_id=send_id))
    assert isinstance(decided, tuple)
    for email in (campaign.render(person, send_id=send_id), decided[1], many[0]):
        assert isinstance(email, Email)
        assert (email.idempotency_key, email.message_id) == GOLDEN[send_id]


def test_the_key_knows_campaign_version_and_recipient() -> None:
    assert idempotency_key("spring", 1, "42") == "85259f3dc5b0d09a43fa3825f4bec89f"
    assert idempotency_key("spring", 2, "42") == "d936e7358969b7b9f290f3cec66859a0"
    assert idempotency_key("autumn", 1, "42") == "098baa76aac4da7707d634f452fc16a9"
    assert idempotency_key("spring", 1, "43") == "f62fa666090312e3d6e5946871bbb271"
    assert idempotency_key("spring", 1, "42", "2026-w48") == "20887031bb78cf66534cc2a08e27705f"


def test_the_settings_name_a_sending_and_an_option_another(tmp_path: Path) -> None:
    campaign = compiled(tmp_path, send_id="2026-w48")
    own, other = campaign.render(GIVEN), campaign.render(GIVEN, send_id="2026-w49")
    assert isinstance(own, Email)
    assert isinstance(other, Email)
    assert own.idempotency_key == idempotency_key("small", 1, "7", "2026-w48")
    assert other.idempotency_key == idempotency_key("small", 1, "7", "2026-w49")
    assert own.message_id != other.message_id


@pytest.mark.parametrize("send_id", ["", " ", "week 48", "w\n", "é", "w" * 65])
def test_what_is_no_send_id_is_refused(send_id: str, tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="send_id"):
        compiled(tmp_path).render(GIVEN, send_id=send_id)
    with pytest.raises(ArgumentError, match="send_id"):
        compiled(tmp_path / "many").render_many([GIVEN], send_id=send_id)
    if send_id not in ("", "w\n"):
        with pytest.raises(CampaignError, match="send_id"):
            compiled(tmp_path / "set", send_id=send_id)


@pytest.mark.parametrize(
    ("url", "one_click", "post"),
    [
        ("https://example.com/u", True, "List-Unsubscribe=One-Click"),
        ("HTTPS://example.com/u", True, "List-Unsubscribe=One-Click"),
        ("https://example.com/u", False, None),
        ("http://example.com/u", True, None),
        ("mailto:stop@example.com", True, None),
    ],
)
def test_one_click_is_offered_for_https_alone(url: str, one_click: bool, post: str | None) -> None:
    email = replace(EMAIL, envelope=ENVELOPE._replace(unsubscribe_url=url, one_click=one_click))
    assert dict(email.headers)["List-Unsubscribe"] == f"<{url}>"
    assert dict(email.headers).get("List-Unsubscribe-Post") == post
    assert email.as_message()["List-Unsubscribe-Post"] == post
