"""The doors of the desk: who is let in, what is answered."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from tests.preview.conftest import CORNER, Running, started, status

HALF = "\ud800"  # half of a character, which no file and no list can hold
FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Host": "evil.example"},
    {"Host": "rebound.example:80"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]
ANSWERS = [
    ("GET", "", 200),
    ("HEAD", "", 200),
    ("GET", "desk.js", 200),
    ("GET", "nope", 404),
    ("GET", "mail/x", 404),
    ("GET", "mail/x/", 404),
    ("GET", "state/", 404),
    ("GET", "/evil.example", 404),
    ("GET", "%ff%fe", 404),
    ("GET", "state", 405),
    ("DELETE", "", 405),
    ("OPTIONS", "mail", 405),
    ("POST", "state", 415),
]


def test_the_first_line_is_the_address_and_the_page_is_there(corner: Running) -> None:
    assert corner.address.startswith("http://127.0.0.1:")
    assert status(corner.address) == 200
    with urllib.request.urlopen(corner.address) as page:
        policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(("method", "path", "expected"), ANSWERS)
def test_every_answer_has_the_policy_and_none_leads_elsewhere(
    corner: Running, method: str, path: str, expected: int
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", corner.port, timeout=60)
    connection.request(method, corner.inside + path)
    answer = connection.getresponse()
    assert answer.status == expected
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["location"] is None
    assert answer.headers["set-cookie"] is None


def test_what_is_refused_has_the_policy_too(corner: Running) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"http://{corner.host}/guessed/")
    assert "default-src 'none'" in caught.value.headers["content-security-policy"]


@pytest.mark.parametrize("second", ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site"])
def test_of_two_headers_none_is_left_unread(corner: Running, second: str) -> None:
    name = second.partition(":")[0]
    first = {"Origin": f"http://{corner.host}", "Sec-Fetch-Site": "none"}[name]
    head = f"GET {corner.inside} HTTP/1.1\r\nHost: {corner.host}\r\n{second}\r\n{name}: {first}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", corner.port), 60) as client:
        client.sendall(head.encode())
        assert client.recv(1_000).split()[1] in (b"404", b"400")


def test_a_browser_that_goes_away_leaves_no_word(tmp_path: Path) -> None:
    shutil.copytree(CORNER, tmp_path / "corner")
    process, running = started(tmp_path / "corner", stderr=subprocess.PIPE)
    running.compiled()
    head = f"Host: {running.host}\r\nContent-Type: application/json\r\nContent-Length: 999"
    for line in (f"POST {running.inside}mail", f"GET {running.inside}changes?after=999"):
        with socket.create_connection(("127.0.0.1", running.port), 60) as client:
            client.sendall(f"{line} HTTP/1.1\r\n{head}\r\n\r\n{{".encode())
    assert running.ask("state")["current"]
    process.terminate()
    assert process.communicate(timeout=30) == ("", "")


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_foreign_page_is_refused(corner: Running, headers: dict[str, str]) -> None:
    assert status(corner.address, **headers) == 404


@pytest.mark.parametrize("token", ["", "guessed", "%2e%2e", "A" * 32])
def test_a_guessed_token_is_refused(corner: Running, token: str) -> None:
    assert status(f"http://{corner.host}/{token}/") == 404
    assert status(f"http://{corner.host}/{token}") == 404


@pytest.mark.parametrize(
    "path", ["../main.rules", "..%2f..%2fetc/passwd", "mail/..", "desk.py", "page/desk.js", "mail/%2e%2e%2fx"]
)
def test_no_path_from_a_client_is_opened(corner: Running, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", corner.port, timeout=60)
    connection.request("GET", corner.inside + path)
    assert connection.getresponse().status == 404


@pytest.mark.parametrize("name", ["../corner", "..", "/etc/passwd", "ann.json", "nobody", ""])
def test_a_recipient_that_is_not_listed_is_not_read(corner: Running, name: str) -> None:
    corner.compiled()
    assert corner.ask("mail", kind="saved", name=name)["findings"][0]["code"] == "MW001"


@pytest.mark.parametrize(
    "name", [0, "0", "../x", "corner.rules", "/etc/passwd", "campaign.toml", None, 1.5, [], HALF]
)
def test_a_file_has_a_name_that_the_desk_gave(corner: Running, name: Any) -> None:
    corner.compiled()
    assert corner.ask("source", file=name)["findings"][0]["code"] == "MW001"


def test_a_name_means_one_file_in_every_edition(own_corner: Running) -> None:
    before = own_corner.compiled()
    ids = {Path(name).name: known for known, name in before["files"].items()}
    number = before["number"]
    (own_corner.folder / "aaa.rules").write_text("segment first = orders >= 1\n", encoding="utf-8")
    own_corner.changed(number)
    state = own_corner.compiled()
    assert set(before["files"].items()) < set(state["files"].items())
    assert own_corner.ask("source", file=ids["corner.rules"])["name"].endswith("corner.rules")
    own = next(known for known, name in state["files"].items() if name.endswith("aaa.rules"))
    (own_corner.folder / "aaa.rules").rename(own_corner.folder / "zzz.rules")
    while own in own_corner.compiled()["files"]:
        own_corner.changed(own_corner.ask("state")["number"])
    (gone,) = own_corner.ask("source", file=own)["findings"]
    assert "it is gone" in gone["message"]
    assert gone["place"].endswith("aaa.rules")
    assert own_corner.ask("source", file=ids["corner.rules"])["name"].endswith("corner.rules")
    (own_corner.folder / "zzz.rules").rename(own_corner.folder / "aaa.rules")
    while own not in own_corner.compiled()["files"]:
        own_corner.changed(own_corner.ask("state")["number"])
    assert own_corner.ask("source", file=own)["name"].endswith("aaa.rules")


@pytest.mark.parametrize(
    ("body", "media", "expected"),
    [
        (b"{}", "text/plain", 415),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"a": NaN}', "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
    ],
)
def test_what_is_no_question_is_refused(corner: Running, body: bytes, media: str, expected: int) -> None:
    request = urllib.request.Request(f"{corner.address}state", body, {"content-type": media}, method="POST")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert caught.value.code == expected
    assert json.load(caught.value)["findings"][0]["message"], "the page can say why"


def test_a_link_that_leads_out_is_not_shown(own_corner: Running, tmp_path: Path) -> None:
    outside = tmp_path / "secret.json"
    outside.write_text('{"id": "secret", "email": "s@example.com"}', encoding="utf-8")
    (own_corner.folder / "recipients" / "link.json").symlink_to(outside)
    own_corner.compiled()
    assert own_corner.ask("mail", kind="saved", name="link")["findings"][0]["code"] == "MW024"


@pytest.mark.parametrize("asked", [{"arms": 5}, {"arms": ["x"]}, {"recipient": {"id": "7"}, "arms": ["a"]}])
def test_what_nobody_thought_of_is_told_without_a_trace(corner: Running, asked: dict[str, Any]) -> None:
    corner.compiled()
    request = urllib.request.Request(
        f"{corner.address}mail",
        json.dumps(asked).encode(),
        {"content-type": "application/json"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request) as answer:
            told = json.load(answer)
    except urllib.error.HTTPError as error:
        told = json.load(error)
    assert told["status"] == "failed"
    assert "Traceback" not in json.dumps(told)


@pytest.mark.parametrize(
    ("door", "asked"),
    [
        ("search", {"text": HALF}),
        ("mail", {"kind": "listed", "name": HALF}),
        ("mail", {"kind": "saved", "name": HALF}),
        ("mail", {"kind": "segment", "name": HALF}),
        ("mail", {"arms": 5}),
        ("place", {"slot": "main", "block": HALF}),
        ("source", {"file": HALF}),
    ],
    ids=str,
)
def test_what_a_browser_may_write_is_no_fault_of_mailweave(
    corner: Running, door: str, asked: dict[str, Any]
) -> None:
    corner.compiled()
    told = json.dumps(corner.ask(door, **asked))
    assert "internal fault" not in told
    assert "Conversion" not in told, "the words of a library"


def test_a_number_that_a_browser_would_round_stays_as_it_is(corner: Running) -> None:
    corner.compiled()
    ann = corner.ask("mail", kind="saved", name="ann")["recipient"]
    told = corner.ask("mail", kind="edited", recipient={**ann, "orders": 2**53 + 1})
    assert told["recipient"]["orders"] == str(2**53 + 1)


def test_every_kind_of_recipient_gets_a_mail(corner: Running) -> None:
    state = corner.compiled()
    assert state["saved"] == ["ann", "ben", "eve"]
    assert corner.ask("search", text="DI@")["keys"] == ["k2"]
    recipient = json.loads((corner.folder / "recipients" / "ann.json").read_text(encoding="utf-8"))
    asked: list[dict[str, Any]] = [
        {"kind": "saved", "name": "ann"},
        {"kind": "listed", "name": "k1"},
        {"kind": "segment", "name": "loyal"},
        {"kind": "cover", "name": "0"},
        {"kind": "edited", "recipient": recipient},
    ]
    for one in asked:
        answer = corner.ask("mail", **one)
        assert answer["status"] == "rendered", answer
        assert answer["parts"]["raw"]
        assert answer["mark"] not in json.dumps(answer["parts"])
        assert status(f"{corner.address}mail/{answer['mail']}?pictures=off") == 200
    assert "loyal" in [s["name"] for s in corner.ask("mail", **asked[2])["why"]["segments"] if s["member"]]


def test_what_if_without_consent_at_another_moment_or_in_another_arm(corner: Running) -> None:
    corner.compiled()
    ann = corner.ask("mail", kind="saved", name="ann")["recipient"]

    def edited(arms: dict[str, str] | None = None, **changes: Any) -> Any:
        return corner.ask("mail", kind="edited", recipient={**ann, **changes}, arms=arms or {})

    assert edited(consent={"marketing": False})["skip"]["code"] == "no_consent"
    assert edited(now="2027-01-01T00:00:00Z")["now"] == "2027-01-01T00:00:00+00:00"
    assert edited(now="2027-01-01")["now"] == "2027-01-01T00:00:00+00:00", "as the command line reads it"
    assert edited(now="soon")["findings"][0]["code"] == "MW020"
    assert edited(arms={"x": "y"})["findings"][0]["code"] == "MW040"


def test_who_is_edited_keeps_what_was_saved_with_them(own_corner: Running) -> None:
    """A made-up recipient has a moment and a context of their own; a change of one field keeps both."""
    saved = {"id": "x", "email": "x@example.com", "orders": 1, "consent": {"marketing": True}}
    beside = {"events": [], "now": "2020-02-02T00:00:00Z", "context": {"weather": "rain"}}
    (own_corner.folder / "recipients" / "x.json").write_text(json.dumps(saved | beside), encoding="utf-8")
    own_corner.compiled()
    told = own_corner.ask("mail", kind="saved", name="x")
    assert told["recipient"] == saved | beside
    again = own_corner.ask("mail", kind="edited", recipient={**told["recipient"], "orders": 9})
    assert again["now"] == told["now"] == "2020-02-02T00:00:00+00:00"
    assert again["recipient"]["context"] == {"weather": "rain"}


@pytest.mark.parametrize("after", ["\u00b2", "9" * 5_000, "-1", "x", ""])
def test_what_is_no_number_is_the_first_edition(corner: Running, after: str) -> None:
    corner.compiled()
    assert status(f"{corner.address}changes?after={urllib.parse.quote(after)}") == 200


def test_a_block_leads_to_where_it_begins(corner: Running) -> None:
    state = corner.compiled()

    def line(slot: str, block: str) -> tuple[str, str]:
        found = corner.ask("place", slot=slot, block=block)
        text = corner.ask("source", file=found["file"])["text"]
        return Path(state["files"][found["file"]]).name, text.splitlines()[found["line"] - 1].strip()

    assert line("hero", "welcome") == ("campaign.toml", "[blocks.welcome]")
    assert line("main", "note")[0] == "block.html"
    assert line("subject", "hello")[1].startswith("block hello")
    assert corner.ask("place", slot="x", block="y") == {}


def test_a_save_is_seen_and_a_broken_one_keeps_the_last_good_mail(own_corner: Running) -> None:
    number = own_corner.compiled()["number"]
    block = own_corner.folder / "blocks" / "note" / "block.html"
    text = block.read_text(encoding="utf-8")
    block.write_text(text.replace("Plain words", "Other words"), encoding="utf-8")
    number = own_corner.changed(number)
    assert "Other words" in own_corner.ask("mail", kind="saved", name="ann")["parts"]["html"]
    number = own_corner.compiled()["number"]
    block.write_text(text + "{% if %}", encoding="utf-8")
    own_corner.changed(number)
    state = own_corner.ask("state")
    assert not state["current"]
    assert any(d["severity"] == "error" for d in state["findings"])
    assert "Other words" in own_corner.ask("mail", kind="saved", name="ann")["parts"]["html"]


def test_a_picture_of_the_folder_is_shown_and_no_other_file(own_corner: Running, tmp_path: Path) -> None:
    folder = own_corner.folder / "pictures"
    folder.mkdir()
    (folder / "a.png").write_bytes(b"\x89PNG")
    (folder / "notes.txt").write_text("no picture", encoding="utf-8")
    (tmp_path / "out.png").write_bytes(b"outside")
    (folder / "link.png").symlink_to(tmp_path / "out.png")
    assert status(f"{own_corner.address}picture/a.png") == 200
    for name in ("notes.txt", "link.png", "b.png", "..%2fcorner.rules", "%2e%2e/campaign.toml"):
        assert status(f"{own_corner.address}picture/{name}") == 404
