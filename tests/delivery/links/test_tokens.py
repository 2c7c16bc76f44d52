"""Tokens say what was signed, to whom has the key, and nothing else does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave import ArgumentError
from mailweave.delivery.links import Keys, Link, LinkError, sign, verify
from mailweave.delivery.links.tokens import PURPOSES
from tests.delivery.links.mails import KEYS, NOW

LINK = Link("click", "spring", 3, "85259f3dc5b0d09a43fa3825f4bec89f", "https://a.example/?b=ü", "2026-11")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

links = st.builds(
    Link,
    st.sampled_from([purpose for purpose in PURPOSES if purpose != "unsubscribe"]),
    st.text(st.characters(codec="utf-8"), max_size=80),
    st.integers(0, 2**63),
    st.binary(min_size=16, max_size=16).map(bytes.hex),
    st.text(st.characters(codec="utf-8"), max_size=300),
    st.sampled_from(KEYS.ids),
    st.none() | st.datetimes(datetime(1971, 1, 1), datetime(9000, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
    ),
)  # fmt: skip


leaving = st.builds(
    lambda link, key: replace(link, purpose="unsubscribe", target="", recipient=key),
    links,
    st.text(max_size=99),
)


def refused(token: str, keys: Keys = KEYS, **asked: object) -> str:
    with pytest.raises(LinkError) as found:
        verify(token, keys, **{"purpose": "click", "now": NOW, **asked})  # type: ignore[arg-type]
    return found.value.code


@given(links | leaving)
def test_what_is_signed_comes_back(link: Link) -> None:
    before = None if link.expires is None else link.expires - timedelta(seconds=1)
    assert verify(sign(link, KEYS), KEYS, purpose=link.purpose, now=before) == link
    assert set(sign(link, KEYS)) <= set(ALPHABET)


def test_nobody_reads_who_unsubscribes_without_the_key() -> None:
    link = replace(LINK, purpose="unsubscribe", target="", recipient="ann@example.com")
    token = sign(link, KEYS)
    data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    assert b"ann" not in data
    assert b"example" not in data
    assert sign(link, KEYS) == token
    assert verify(token, KEYS, purpose="unsubscribe").recipient == "ann@example.com"
    assert "ann" not in repr(verify(token, KEYS, purpose="unsubscribe"))


def test_the_signature_is_that_of_the_page() -> None:
    """By hand, from the form that the module's docstring gives."""
    secret = secrets.token_bytes(32)
    said = b"\x01\x00\x01k" + bytes.fromhex(LINK.key) + b"\x00\x03\x06spring" + LINK.target.encode()
    signature = hmac.new(secret, said, hashlib.sha256).digest()[:16]
    token = base64.urlsafe_b64encode(said + signature).decode().rstrip("=")
    assert sign(replace(LINK, key_id="k"), Keys({"k": secret})) == token


@given(links, st.data())
def test_no_changed_token_is_followed(link: Link, data: st.DataObject) -> None:
    token = sign(link, KEYS)
    at = data.draw(st.integers(0, len(token) - 1))
    sign_at = data.draw(st.sampled_from([char for char in ALPHABET if char != token[at]]))
    changed = token[:at] + sign_at + token[at + 1 :]
    assert refused(changed, purpose=link.purpose) in ("MW735", "MW736", "MW737")


@given(links, st.data())
def test_no_cut_or_longer_token_is_followed(link: Link, data: st.DataObject) -> None:
    token = sign(link, KEYS)
    cut = token[: data.draw(st.integers(0, len(token) - 1))]
    longer = token + data.draw(st.text(ALPHABET + "=. \n%é", min_size=1, max_size=5))
    assert {refused(cut), refused(longer)} <= {"MW735", "MW736", "MW737"}


@given(st.text(max_size=200) | st.text(ALPHABET, max_size=200))
def test_no_other_text_is_followed(text: str) -> None:
    assert refused(text) in ("MW735", "MW736", "MW737")


def test_a_token_is_good_for_its_purpose_alone() -> None:
    for made in PURPOSES:
        token = sign(replace(LINK, purpose=made), KEYS)
        assert [one for one in PURPOSES if one != made and refused(token, purpose=one) != "MW738"] == []


def test_a_token_that_says_another_key_is_forged() -> None:
    """Both keys are known; the id that the token names was changed."""
    token = sign(replace(LINK, key_id="2026-10"), KEYS)
    data = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    data[3:10] = b"2026-11"
    assert refused(base64.urlsafe_b64encode(data).decode().rstrip("=")) == "MW737"


def test_keys_are_changed_without_breaking_links() -> None:
    old, new = secrets.token_bytes(32), secrets.token_bytes(32)
    token = sign(replace(LINK, key_id="old"), Keys({"old": old}))
    assert verify(token, Keys({"new": new, "old": old}), purpose="click").target == LINK.target
    assert refused(token, Keys({"new": new})) == "MW736"
    assert refused(token, Keys({"old": new})) == "MW737"


def test_one_spelling_of_a_token_counts() -> None:
    token = sign(replace(LINK, target="https://a.example/?b"), KEYS)
    last = token[-1]
    others = [char for char in ALPHABET if char != last]
    same = [base64.urlsafe_b64decode(token[:-1] + char + "==")[:-1] for char in others]
    assert len(set(same)) < len(same)  # some differ in bits that say nothing
    assert {refused(token[:-1] + char) for char in others} <= {"MW735", "MW737"}
    assert {refused(token + "="), refused(f" {token}"), refused(f"{token}\n")} == {"MW735"}


def test_a_link_ends() -> None:
    link = replace(LINK, expires=NOW.replace(microsecond=0))
    token = sign(link, KEYS)
    assert verify(token, KEYS, purpose="click", now=NOW - timedelta(seconds=1)).expires == link.expires
    assert refused(token, now=link.expires) == "MW739"
    assert refused(token, now=None) == "MW739"


def test_a_key_that_is_not_there_signs_nothing() -> None:
    with pytest.raises(LinkError, match="MW731") as found:
        sign(replace(LINK, key_id="2026-12"), KEYS)
    assert "did you mean `2026-1" in found.value.diagnostics[0].help


@pytest.mark.parametrize("asked", [{"purpose": "clicks"}, {"now": datetime(2026, 1, 1)}])
def test_mistakes_of_the_caller_are_told(asked: dict[str, object]) -> None:
    with pytest.raises(ArgumentError):
        verify(sign(LINK, KEYS), KEYS, **{"purpose": "click", **asked})  # type: ignore[arg-type]
