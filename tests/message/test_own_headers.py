"""Headers of a campaign's own: which there may be, what is said to whom; what other people's parsers read of them."""

from __future__ import annotations

import doctest
import email
import email.policy
import random
import re
import tomllib
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.message.mail_readers import by_node, by_perl
from tests.message.small_campaign import GIVEN, compiled, write
from tests.message.test_mime import EMAIL, ENVELOPE
from tests.message.test_readers import cleaned, text

from mailweave import Email, Environment, MailweaveError, Skip
from mailweave.message import own_headers
from mailweave.message.block import checked
from mailweave.message.cleaning import one_line
from mailweave.message.own_headers import LONGEST_NAME, TAKEN, own_header, own_name
from mailweave.values.invalid_value import InvalidValue

FILE = Path(__file__).resolve().parents[2] / "fixtures" / "message" / "own_headers.toml"
CASES = {case["id"]: case for case in tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]}
OURS = ("X-", "List-Id", "List-Help", "Feedback-ID", "Auto-Submitted")


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "error" not in case])
def test_a_setting_is_said_to_each_recipient(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    made = compiled(tmp_path, **case["settings"]).render({**GIVEN, **case.get("profile", {})})
    if "field" in case:
        assert isinstance(made, Skip)
        assert (made.code, made.field) == ("bad_data", case["field"])
        return
    assert isinstance(made, Email)
    own = {name: text for name, text in made.headers if name.startswith(OURS)}
    assert own == case.get("headers", {})
    assert list(made.envelope.tags) == case.get("tags", [])
    assert dict(made.envelope.metadata) == case.get("metadata", {})
    assert made.envelope.return_path == case.get("return_path", "")
    read = email.message_from_bytes(made.as_bytes(), policy=email.policy.default)
    assert {name: read[name] for name in own} == own
    assert made.as_message().as_bytes() == made.as_bytes()


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "error" in case])
def test_a_setting_that_cannot_be_said_is_told(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    found = Environment().check(write(tmp_path / "small", case["settings"]))
    told = [f"{one.message} {one.help}" for one in found if one.severity.value == "error"]
    assert len(told) == 1
    assert re.search(case["error"], told[0]), told


@pytest.mark.parametrize(
    "settings",
    [
        {"headers": {"X-A": "{{ profile.other }}"}},
        {"tags": ["{{ profile.other }}"]},
        {"metadata": {"a": "{{ profile.other }}"}},
        {"return_path": "{{ profile.other }}"},
        {"calendar": {"start": "{{ profile.other }}", "duration": "1 day"}},
    ],
)
def test_no_consent_is_bypassed(settings: dict[str, Any], tmp_path: Path) -> None:
    folder = write(tmp_path / "small", settings)
    rules = (folder / "main.rules").read_text(encoding="utf-8")
    rules = rules.replace("other : text?", "other : text? needs consent.marketing")
    (folder / "main.rules").write_text(rules, encoding="utf-8")
    assert "MW478" in [one.code for one in Environment().check(folder)]


_HOLE = "{{ profile.other }}"


@pytest.mark.parametrize(
    ("settings", "is_told"),
    [
        ({"headers": {"X-A": _HOLE}}, False),
        ({"headers": {"X-A": f"Town of {_HOLE}"}}, True),
        ({"tags": [_HOLE]}, False),
        ({"metadata": {"a": _HOLE}}, False),
        ({"return_path": _HOLE}, False),
        ({"return_path": f"b-{_HOLE}@example.com"}, True),
        ({"list_id": _HOLE}, False),
        ({"feedback_id": f"spring:{_HOLE}:offer:exampleshop"}, False),
        ({"to_name": _HOLE}, False),
        ({"to_name": f"Dear {_HOLE}"}, True),
        ({"to": _HOLE}, True),
        ({"calendar": {"start": _HOLE, "duration": "1 day"}}, False),
        ({"calendar": {"start": _HOLE, "duration": "1 day", "summary": _HOLE, "alarms": [_HOLE]}}, False),
        ({"calendar": {"start": "2026-12-01", "end": _HOLE}}, True),
        ({"calendar": {"start": "2026-12-01", "duration": "1 day", "url": _HOLE}}, True),
    ],
)
def test_what_is_left_out_where_it_is_empty_needs_no_default(
    settings: dict[str, Any], is_told: bool, tmp_path: Path
) -> None:
    found = Environment().check(write(tmp_path / "small", {"subject": "Hello", **settings}))
    assert ("MW475" in [one.code for one in found]) is is_told, found


@pytest.mark.parametrize("name", [*TAKEN, "content-language", "ARC-Seal", "Resent-To"])
def test_what_others_write_is_refused_with_what_to_do(name: str) -> None:
    for one in (name, name.upper(), name.lower()):
        with pytest.raises(InvalidValue, match=r"set |write|mail |say|render"):
            own_name(one)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        *(
            (name, "a mail goes to one: set `to`")
            for name in ("Apparently-To", "X-Bcc", "Envelope-To", "X-Envelope-To", "X-Original-To")
        ),
        *(
            (name, r"set `tags` and `\[metadata\]`.*`extra` of mailweave.delivery.payload")
            for name in (
                *("X-SMTPAPI", "X-Mailgun-Recipient-Variables", "X-MC-BccAddress", "X-PM-Tag"),
                "X-SES-CONFIGURATION-SET",
            )
        ),
    ],
)
def test_what_servers_and_providers_obey_is_refused_with_what_to_set(name: str, told: str) -> None:
    for one in (name, name.upper(), name.lower()):
        with pytest.raises(InvalidValue, match=told):
            own_name(one)


@pytest.mark.parametrize(
    "name", ["Reply-By", "Message-Type", "In-Reply-To", "List-Subscribe", "X-Message-Id"]
)
def test_a_registered_name_near_to_ours_is_one(name: str) -> None:
    assert own_name(name) == name
    for near in ("Repy-To", "Mesage-ID"):
        with pytest.raises(InvalidValue, match="is near"):
            own_name(near)


@given(st.text(min_size=1, max_size=60))
def test_a_name_is_one_by_the_grammar_or_refused(name: str) -> None:
    try:
        own_name(name)
    except InvalidValue:
        return
    assert re.fullmatch(r"[\x21-\x39\x3b-\x7e]{1,50}", name)


@given(st.text(max_size=60) | st.sampled_from(["X-A", "List-Help", "Auto-Submitted"]), st.text(max_size=300))
def test_headers_by_hand_give_a_message_or_a_typed_error(name: str, said: str) -> None:
    made = replace(EMAIL, envelope=ENVELOPE._replace(custom_headers=((name, said),)))
    try:
        sent = made.as_bytes()
    except MailweaveError as error:
        refused = error
    else:
        assert made.as_message().as_bytes() == sent
        assert max(map(len, sent.split(b"\r\n"))) <= 998
        return
    assert [one.code for one in refused.diagnostics] == ["MW031"]


@pytest.mark.parametrize("names", [("X-A", "x-a"), ("X-A", "X-A"), ("Bcc", "X-A"), ("Subject", "X-A")])
def test_a_header_that_is_not_ours_alone_is_refused(names: tuple[str, ...]) -> None:
    headers = tuple((name, "1") for name in names)
    with pytest.raises(MailweaveError, match="MW031"):
        replace(EMAIL, envelope=ENVELOPE._replace(custom_headers=headers)).as_bytes()


def test_the_last_look_knows_them_by_name() -> None:
    sent = replace(EMAIL, envelope=ENVELOPE._replace(custom_headers=(("X-A", "1"),))).as_bytes()
    block = sent.partition(b"\r\n\r\n")[0] + b"\r\n"
    assert checked(block, international=False, own=("X-A",)) is block
    for own in ((), ("X-B",), ("X-A", "X-B")):
        with pytest.raises(MailweaveError, match="MW030"):
            checked(block, international=False, own=own)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_the_longest_name_leaves_room_for_encoded_words(said: str) -> None:
    line = own_header("X-" + "n" * (LONGEST_NAME - 2), one_line(said) or "a")
    assert max(map(len, line.split("\r\n"))) <= (76 if "=?utf-8?" in line else 998)


def test_readers_read_what_was_said(tmp_path: Path) -> None:
    """Values in headers, some beyond ASCII, as mailparser, postal-mime, Email::MIME and Python read them."""
    fields = {"X-First": "name", "X-Second": "other", "X-A-Name-That-Is-Longer-Than-Others-Are": "token"}
    settings = {name: f"{{{{ profile.{field} }}}}" for name, field in fields.items()}
    campaign = compiled(tmp_path, headers=settings, subject="Hello")
    source, sent, wanted = random.Random(5), [], []
    for number in range(400):
        profile = {field: text(source) for field in fields.values()}
        made = campaign.render({**GIVEN, "id": f"k{number}", **profile})
        assert isinstance(made, Email)
        said = {
            name.lower(): cleaned(unicodedata.normalize("NFC", profile[field]))
            for name, field in fields.items()
        }
        wanted.append({name: one for name, one in said.items() if one})
        sent.append(made.as_bytes())
        read = email.message_from_bytes(sent[-1], policy=email.policy.SMTP)
        assert squeezed({name: str(one) for name, one in read.items()}) == squeezed(wanted[-1])
    for found, one in zip(by_perl(sent), wanted, strict=True):
        assert found["own"] == one
    for found, one in zip(by_node(sent), wanted, strict=True):
        assert found["postal-mime"]["own"] == one
        assert found["mailparser"]["own"] == one


def squeezed(headers: dict[str, Any]) -> dict[str, str]:
    """Without blanks: Python 3.11 shows those between encoded words."""
    return {
        name.lower(): "".join(one.split()) for name, one in headers.items() if name.lower().startswith("x-")
    }


def test_docstring_examples() -> None:
    assert doctest.testmod(own_headers).failed == 0
