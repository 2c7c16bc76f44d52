"""Who has withdrawn is never mailed again: by one click, after a crash, in another process, after a restart."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave.delivery.links import Keys
from mailweave.delivery.service.app import application
from mailweave.delivery.service.guard import Guard
from mailweave.delivery.service.one_click import signed
from mailweave.delivery.service.withdrawals import Withdrawals
from mailweave.diagnostics import MailweaveError
from tests.delivery.service.asking import ANN, CAMPAIGNS, LINES, ask, post, service, verify

FORM = {"content-type": "application/x-www-form-urlencoded"}
ONE_CLICK = b"List-Unsubscribe=One-Click"
PARTS = (
    b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    {"content-type": "multipart/form-data; boundary=b"},
)


def app(path: Path) -> Guard:
    return application(service(CAMPAIGNS / "smallest", withdrawals=Withdrawals(path), verify=verify))


def outcome(served: Guard, key: object = "7") -> str:
    reply = post(served, "/render", {"campaign": "smallest", "recipient": {**ANN, "id": key}}).json()
    return str(reply.get("skip", {}).get("code", reply["status"]))


@pytest.mark.parametrize(("body", "headers"), [(ONE_CLICK, FORM), PARTS], ids=["form", "multipart"])
def test_one_click_is_in_the_next_render_restart_included(
    tmp_path: Path, body: bytes, headers: dict[str, str]
) -> None:
    path = tmp_path / "withdrawals"
    first = app(path)
    assert outcome(first) == "rendered"
    reply = ask(first, "POST", "/unsubscribe/ok-7", body, headers)
    assert (reply.status, b"Unsubscribed" in reply.body) == (200, True)
    for served in (first, app(path)):
        assert outcome(served) == "withdrawn"
        assert outcome(served, "8") == "rendered"
        recipient = b'{"campaign":"smallest","recipient":{"id":"7","email":"a@example.com","consent":{"marketing":true}}}'
        assert (
            ask(served, "POST", "/render/batch", recipient, LINES).lines()[0]["skip"]["code"] == "withdrawn"
        )
        told = {"campaign": "smallest", "recipient": ANN}
        assert post(served, "/decide", told).json()["skip"]["code"] == "withdrawn"
        assert post(served, "/explain", told).json()["withdrawn"] is True
    assert ask(first, "POST", "/unsubscribe/ok-7", body, headers).status == 200  # once more is no error


LINKS = """
[links]
key = "2026-11"
unsubscribe = "https://go.example.com/unsubscribe/{token}"
"""


def test_the_signed_link_of_a_mail_withdraws_its_recipient(tmp_path: Path) -> None:
    keys, folder = Keys({"2026-11": os.urandom(32)}), tmp_path / "smallest"
    shutil.copytree(CAMPAIGNS / "smallest", folder)
    with (folder / "campaign.toml").open("a", encoding="utf-8") as settings:
        settings.write(LINKS)
    body = {"campaign": "smallest", "recipient": ANN}
    unable = post(application(service(folder)), "/render", body)
    assert (unable.status, unable.json()["errors"][0]["code"]) == (422, "MW731")
    kept = Withdrawals(tmp_path / "withdrawals")
    served = application(service(folder, withdrawals=kept, verify=signed(keys), keys=keys))
    mail = post(served, "/render", body).json()
    (token,) = set(re.findall(r"https://go.example.com/unsubscribe/([\w-]+)", json.dumps(mail)))
    assert ask(served, "POST", f"/unsubscribe/{token[:-1]}", ONE_CLICK, FORM).status == 404
    assert outcome(served) == "rendered"
    assert ask(served, "POST", f"/unsubscribe/{token}", ONE_CLICK, FORM).status == 200
    assert outcome(served, ANN["id"]) == "withdrawn"


def test_a_link_that_is_only_followed_withdraws_nothing(tmp_path: Path) -> None:
    served = app(tmp_path / "withdrawals")
    for method in ("GET", "HEAD"):
        reply = ask(served, method, "/unsubscribe/ok-7")
        assert reply.status == 200
        assert "form-action 'self'" in reply.headers["content-security-policy"]
    assert outcome(served) == "rendered"
    page = ask(served, "GET", "/unsubscribe/ok-7").body
    assert b'<form method="post">' in page
    assert b'name="List-Unsubscribe" value="One-Click"' in page


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/unsubscribe/bad", ONE_CLICK, FORM, 404),
        ("/unsubscribe/ok-" + "7" * 2000, ONE_CLICK, FORM, 404),
        ("/unsubscribe/ok-7", b"", FORM, 422),
        ("/unsubscribe/ok-7", b"List-Unsubscribe=No", FORM, 422),
        ("/unsubscribe/ok-7", ONE_CLICK, {"content-type": "text/plain"}, 422),
        ("/unsubscribe/ok-7", ONE_CLICK, {"content-type": "multipart/form-data; boundary=b"}, 422),
        ("/unsubscribe/ok-7", b"a" * 10_001, FORM, 413),
        ("/unsubscribe/ok-7", b"&" * 9_000, FORM, 422),
        ("/unsubscribe/", ONE_CLICK, FORM, 404),
    ],
)
def test_what_is_no_such_request_withdraws_nothing(
    tmp_path: Path, path: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    served = app(tmp_path / "withdrawals")
    assert ask(served, "POST", path, body, headers).status == status
    assert outcome(served) == "rendered"
    assert (tmp_path / "withdrawals").read_bytes() == b""


def test_unsubscribing_asks_for_no_token(tmp_path: Path) -> None:
    kept = Withdrawals(tmp_path / "withdrawals")
    served = application(service(CAMPAIGNS / "smallest", withdrawals=kept, verify=verify), token="t" * 32)
    elsewhere = {**FORM, "host": "mail.example.com"}
    assert ask(served, "POST", "/unsubscribe/ok-7", ONE_CLICK, elsewhere).status == 200
    assert ask(served, "OPTIONS", "/unsubscribe/ok-7").headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert ask(served, "PUT", "/unsubscribe/ok-7").status == 405
    assert post(served, "/render", {}).status == 401


def test_who_cannot_be_looked_up_is_not_mailed(tmp_path: Path) -> None:
    path = tmp_path / "withdrawals"
    served = app(path)
    ask(served, "POST", "/unsubscribe/ok-7", ONE_CLICK, FORM)
    os.truncate(path, 0)
    reply = post(served, "/render", {"campaign": "smallest", "recipient": ANN})
    assert (reply.status, reply.codes(), reply.headers["retry-after"]) == (503, ["MW776"], "1")


def test_a_withdrawal_that_cannot_be_kept_is_not_confirmed(tmp_path: Path) -> None:
    kept = Withdrawals(tmp_path / "withdrawals")
    kept.close()
    served = application(service(CAMPAIGNS / "smallest", withdrawals=kept, verify=verify))
    assert ask(served, "POST", "/unsubscribe/ok-7", ONE_CLICK, FORM).status == 503


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1)), st.data())
def test_what_was_confirmed_outlives_a_crash_at_any_byte(
    tmp_path_factory: pytest.TempPathFactory, keys: list[str], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("kept") / "withdrawals"
    kept = Withdrawals(path)
    for key in keys:
        kept.add(key)
    kept.close()
    size = path.stat().st_size
    torn = Withdrawals(path)
    torn.add("torn")
    torn.close()
    os.truncate(path, data.draw(st.integers(size, path.stat().st_size)))
    again = Withdrawals(path)
    assert all(map(again.has, keys))
    again.add("later")
    again.close()
    last = Withdrawals(path)
    assert all(map(last.has, [*keys, "later"]))
    assert last.has("torn") in (True, False)
    last.close()


def test_two_processes_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "withdrawals"
    kept = Withdrawals(path)
    assert not kept.has("0-5")
    code = (
        "import sys; from pathlib import Path; from mailweave.delivery.service.withdrawals import Withdrawals\n"
        "kept = Withdrawals(Path(sys.argv[1])); [kept.add(f'{sys.argv[2]}-{at}') for at in range(30)]"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, path, str(at)]) for at in range(2)]
    for at in range(30):
        kept.add(f"own-{at}")
    assert [one.wait() for one in running] == [0, 0]
    wanted = [f"{who}-{at}" for who in ("0", "1", "own") for at in range(30)]
    assert all(map(kept.has, wanted))
    assert len(path.read_bytes().splitlines()) == 90


def test_one_key_in_two_forms_is_one_recipient(tmp_path: Path) -> None:
    served = app(tmp_path / "withdrawals")
    Withdrawals(tmp_path / "withdrawals").add("Zoe\u0308")
    assert outcome(served, "Zo\u00eb") == "withdrawn"


@pytest.mark.parametrize("line", [b"nonsense}\n", b'{"id": "7"}\n', b'{"key": 7}\n', b'["key"]}\n'])
def test_a_file_that_is_not_what_it_should_be_starts_nothing(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "withdrawals"
    path.write_bytes(b'{"key": "1", "at": "2026-11-22T09:00:00Z"}\n' + line)
    with pytest.raises(MailweaveError, match="MW778"):
        Withdrawals(path)
    with pytest.raises(MailweaveError, match="MW778"):
        Withdrawals(tmp_path)
