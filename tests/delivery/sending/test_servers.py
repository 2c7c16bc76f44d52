"""What a server may do, and what becomes of the mails then: cases of fixtures/delivery/sending/servers.toml."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mailweave.delivery.sending.run import Ended, send
from mailweave.delivery.sending.sender import Manner
from mailweave.delivery.sending.servers import Login, Server
from mailweave.delivery.sending.smtp import Patience, SmtpRoute
from tests.delivery.sending.conftest import Made
from tests.delivery.sending.people import ROOT
from tests.delivery.sending.servers import Script, Taken, VirtualClock, scripted

CASES = tomllib.loads((ROOT / "fixtures/delivery/sending/servers.toml").read_text("utf-8"))["case"]
NOW = 1_796_000_000.0
SHORT = Patience(0.5, 0.5, 0.5)


def sent(out: Path, script: Script, manner: Manner, **about: Any) -> tuple[Ended, Taken]:
    with scripted(script) as (port, taken):
        server = Server.named(f"smtp://127.0.0.1:{port}", **about)
        ended = send(out, SmtpRoute(server, SHORT), manner, clock=VirtualClock(NOW))
    return ended, taken


def counts(report: dict[str, Any]) -> dict[str, int]:
    return {name: report[name] for name in ("sent", "refused", "held", "left")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_a_server_does(case: dict[str, Any], made: Made) -> None:
    offers = (
        {"offers": None}
        if case.get("without_extensions")
        else {"offers": case["offers"]}
        if "offers" in case
        else {}
    )
    about = {name: case[name] for name in ("answers", "always", "delay") if name in case}
    share = case.get("max_errors", 5) / 100
    manner = Manner(connections=1, resend=case.get("resend", False), max_errors=share)
    ended, taken = sent(made(case.get("people", 7)), Script(**about, **offers), manner)
    report = ended.report
    assert counts(report) == {name: case.get(name, 0) for name in ("sent", "refused", "held", "left")}
    assert sum(counts(report).values()) == report["all"]
    assert [found.code for found in ended.findings] == case.get("findings", [])
    for verdict, replies in case.get("replies", {}).items():
        assert report["this_run"]["replies"][verdict] == replies
    assert report["lacks"] == case.get("lacks", {})
    often = Counter(to for _, to, _ in taken.mails)
    assert sum(count > 1 for count in often.values()) == case.get("twice", 0)
    assert taken.connections == case.get("connections", taken.connections)
    told = "".join(f"{found.message}{found.help}" for found in ended.findings) + str(report)
    assert "@" not in told, "no address is told"


def test_a_run_goes_on_where_the_last_one_ended(made: Made) -> None:
    out = made(24)
    first, taken = sent(
        out, Script(always={"MAIL": "550 no"}, answers={"MAIL": ["250 ok"] * 5}), Manner(connections=1)
    )
    assert (first.report["sent"], first.report["left"]) == (5, 17)
    second, more = sent(out, Script(), Manner())
    assert (second.report["sent"], second.report["this_run"]["sent"]) == (22, 17)
    third, none = sent(out, Script(), Manner())
    assert third.is_whole
    assert none.mails == []
    assert none.connections == 0, "whoever has nothing to say does not call"
    assert len({to for _, to, _ in taken.mails + more.mails}) == 22


def test_connections_and_mails_on_each_are_bounded(made: Made) -> None:
    _, taken = sent(made(24), Script(), Manner(connections=1, per_connection=10))
    assert taken.connections == 3
    assert len(taken.mails) == 22


def test_a_rate_spaces_mails(made: Made) -> None:
    with scripted(Script()) as (port, taken):
        clock = VirtualClock(NOW)
        send(made(24), SmtpRoute(Server.named(f"smtp://127.0.0.1:{port}")), Manner(rate=2.0), clock=clock)
    assert len(taken.mails) == 22
    assert clock.now() - NOW >= 21 / 2.0


def test_a_login_is_given_and_told_to_nobody(made: Made) -> None:
    ended, taken = sent(made(7), Script(), Manner(connections=1), login=Login("ann", "s3cret"))
    assert ended.is_whole
    assert [line for line in taken.lines if line.startswith("AUTH")]
    assert "s3cret" not in repr(Login("ann", "s3cret"))


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (Script(always={"AUTH": "535 5.7.8 ann@example.com: wrong"}), "535 5.7.8"),
        (Script(offers=("8BITMIME",)), "offers no login"),
    ],
    ids=["wrong", "not offered"],
)
def test_a_login_that_is_not_taken_ends_the_run(script: Script, words: str, made: Made) -> None:
    ended, _ = sent(made(7), script, Manner(connections=1), login=Login("ann", "s3cret"))
    [found] = ended.findings
    assert found.code == "MW762"
    assert words in found.message
    assert "@" not in found.message
