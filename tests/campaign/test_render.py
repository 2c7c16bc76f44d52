"""A compiled campaign: the same bytes everywhere, no door to the outside, one answer or one skip."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mailweave import Campaign, Email, Environment, Skip
from mailweave.batch.sources import Recipient, Recipients

ROOT = Path(__file__).resolve().parents[2]
CDNOW = ROOT / "fixtures" / "campaigns" / "cdnow-winback"


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return Environment().compile(CDNOW)


@pytest.fixture(scope="module")
def recipients() -> list[Recipient]:
    folder = ROOT / "fixtures" / "cdnow"
    everybody = iter(Recipients(folder / "profiles.parquet", folder / "events.parquet"))
    return [one for _, one in zip(range(300), everybody, strict=False)]


def rendered(campaign: Campaign, recipients: list[Recipient]) -> Iterator[tuple[Recipient, Email]]:
    for one in recipients:
        result = campaign.render(one.profile, events=one.events)
        if isinstance(result, Email):
            yield one, result


@pytest.mark.parametrize(
    "environment", [{}, {"PYTHONHASHSEED": "7", "TZ": "Asia/Kathmandu", "LANG": "tr_TR.UTF-8"}]
)
def test_the_same_recipient_gets_the_same_bytes_everywhere(
    environment: dict[str, str], tmp_path: Path
) -> None:
    runs = []
    for number, extra in enumerate(({}, environment)):
        out = tmp_path / str(number)
        command = [
            sys.executable,
            "-m",
            "mailweave",
            "render",
            str(CDNOW),
            "--profile",
            "00004",
            "--out",
            str(out),
        ]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **extra}, capture_output=True)
        runs.append({p.name: p.read_bytes() for p in out.iterdir()})
    assert runs[0] == runs[1]
    assert {"email.html", "email.txt", "email.eml", "decision.json"} <= set(runs[0])


def test_eight_threads_get_what_one_gets(campaign: Campaign, recipients: list[Recipient]) -> None:
    def all_of_them(_: int) -> list[Any]:
        return [campaign.render(one.profile, events=one.events) for one in recipients]

    alone = all_of_them(0)
    with ThreadPoolExecutor(8) as pool:
        for together in pool.map(all_of_them, range(8)):
            assert together == alone


def test_rendering_opens_nothing(tmp_path: Path) -> None:
    probe = tmp_path / "probe.py"
    probe.write_text(_PROBE.format(campaign=str(CDNOW)), encoding="utf-8")
    done = subprocess.run([sys.executable, str(probe)], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


_PROBE = """
import sys
from mailweave import Environment
from mailweave.batch.sources import Recipients
from pathlib import Path
folder = Path("fixtures/cdnow")
campaign = Environment().compile({campaign!r})
everybody = iter(Recipients(folder / "profiles.parquet", folder / "events.parquet"))
some = [one for _, one in zip(range(40), everybody)]
for one in some[:20]:
    campaign.render(one.profile, events=one.events)  # modules that load lazily, locale data
seen, watching = [], False
def hook(event, arguments):
    if watching and event.split(".")[0] in ("open", "socket", "subprocess", "os", "shutil", "urllib"):
        seen.append(event)
sys.addaudithook(hook)
watching = True
for one in some:
    campaign.render(one.profile, events=one.events)
watching = False
print(seen)
"""


def test_every_part_shows_the_same_decision(campaign: Campaign, recipients: list[Recipient]) -> None:
    gifts = 0
    for _, email in rendered(campaign, recipients):
        shown = "offer_gift" in email.selection["offers"]
        gifts += shown
        for part in (email.html, email.text, email.amp):
            if part is not None:
                assert ("BACK10" in part) is shown
    assert gifts


def test_every_mail_can_be_stopped(campaign: Campaign, recipients: list[Recipient]) -> None:
    for one, email in rendered(campaign, recipients):
        link = f"https://www.example.com/unsubscribe?who={one.key}"
        assert link in email.html
        assert link in email.text
        assert email.as_message()["List-Unsubscribe"] == f"<{link}>"


def test_links_carry_the_campaign_and_unsubscribing_does_not(
    campaign: Campaign, recipients: list[Recipient]
) -> None:
    _, email = next(rendered(campaign, recipients))
    assert "utm_campaign=winback-1998-07" in email.html
    unsubscribe = email.html.split("https://www.example.com/unsubscribe")[1].split('"')[0]
    assert "utm_" not in unsubscribe


def test_a_skip_is_a_value(campaign: Campaign) -> None:
    profile: dict[str, Any] = {"id": "x", "email": "x@example.com", "country": "US"}
    profile |= {"signup_at": "1997-01-01T00:00Z"}
    profile |= {"orders": 1, "lifetime_value": "10"}
    assert campaign.render(profile) == Skip("no_consent", "has not agreed to marketing")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("orders", "many"),
        ("orders", 2**63),
        ("lifetime_value", 10.5),
        ("country", "DE"),
        ("signup_at", "1997-01-01T00:00"),
        ("email", "a\ud800@example.com"),
        ("tz", "Mars/Olympus"),
    ],
)
def test_bad_data_names_the_field_and_never_the_value(campaign: Campaign, field: str, value: object) -> None:
    profile: dict[str, Any] = {"id": "x", "email": "x@example.com", "country": "US", "orders": 1}
    profile |= {"signup_at": "1997-01-01T00:00Z", "lifetime_value": "10", "consent": {"marketing": True}}
    result = campaign.render({**profile, field: value})
    assert isinstance(result, Skip)
    assert result.code == "bad_data"
    assert field in result.reason
    assert str(value) not in result.reason


@pytest.mark.parametrize("address", ["x", "a@b.c, d@e.f", "a@b.c\nBcc: d@e.f", "Ann <a@b.c>"])
def test_what_is_no_address_is_not_mailed(campaign: Campaign, address: str) -> None:
    profile: dict[str, Any] = {"id": "x", "email": address, "country": "US", "orders": 1}
    profile |= {"signup_at": "1997-01-01T00:00Z", "lifetime_value": "10", "consent": {"marketing": True}}
    result = campaign.render(profile)
    assert isinstance(result, Skip)
    assert result.code == "bad_data"
    assert address not in result.reason


def test_now_needs_a_zone(campaign: Campaign) -> None:
    with pytest.raises(ValueError, match="zone"):
        campaign.render({}, now=datetime(2026, 1, 1))


def test_now_decides(campaign: Campaign, recipients: list[Recipient]) -> None:
    late = datetime(1998, 7, 14, tzinfo=UTC)
    for one in recipients:
        result = campaign.select(one.profile, events=one.events, now=late)
        assert isinstance(result, Skip) or "offer_gift" not in result["offers"]


def test_the_decision_is_written_down(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "mailweave",
        "render",
        str(CDNOW),
        "--profile",
        "00004",
        "--out",
        str(tmp_path),
    ]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    decision = json.loads((tmp_path / "decision.json").read_text(encoding="utf-8"))
    assert decision["status"] == "rendered"
    assert decision["key"] == "00004"
    assert set(decision["selection"]) >= {"subject", "hero", "offers", "footer"}


def test_every_part_of_the_demo_is_written_in_one_walk_and_never_handed_back(
    campaign: Campaign, recipients: list[Recipient]
) -> None:
    assert sum(1 for _ in rendered(campaign, recipients)) > 100
    parts: list[Any] = [*campaign._woven.blocks.values(), campaign._woven.layout]
    for part in parts:
        pair = part.pair
        pair.render({"profile": {"orders": 1}}, now=campaign.config.now)
        assert pair.source
        assert (pair.apart, pair.html.deopts, pair.text.deopts) == (0, 0, 0), pair.source[:200]


def test_the_text_of_the_demo_begins_with_content(campaign: Campaign, recipients: list[Recipient]) -> None:
    """The header of the demo is a linked name and a row of links: they stand behind everything else."""
    for _, email in rendered(campaign, recipients[:40]):
        first, second, *rest = email.text.split("\n")
        assert (bool(first), second[:1] == "<") == (True, False)
        last = max(at for at, line in enumerate(rest) if line.startswith("Unsubscribe"))
        assert rest.index("CD Corner") > last
