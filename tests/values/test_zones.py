"""Zones come from the pinned package, whatever the machine's own files say."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
import tzdata

from mailweave.values.invalid_value import InvalidValue
from mailweave.values.zones import to_zone, zone_data_version, zone_named, zone_names

ROOT = Path(__file__).resolve().parents[2]
PROBE = """
from datetime import UTC, datetime
from zoneinfo import ZoneInfo
from mailweave.decisions import compile_decisions
from mailweave.liquid import Template
from mailweave.rules import compile_rules

text = 'ruleset "r" version 1\\nprofile { born: date }\\ntimezone "Asia/Tokyo"\\n' \\
    'segment today = born in last 1 calendar day'
late = datetime(2026, 11, 22, 20, tzinfo=UTC)  # the 23rd in Tokyo, the 22nd in Lisbon
found = compile_rules(text).evaluate({"born": "2026-11-23"}, now=late).segments
shown = Template.from_string("{{ now | date: '%d %H' }}").render({"campaign": {"timezone": "Asia/Tokyo"}}, now=late)
print(late.astimezone(ZoneInfo("Asia/Tokyo")).day, sorted(found), shown)
"""


def machine_that_disagrees(folder: Path) -> dict[str, str]:
    """The environment of a machine whose Tokyo keeps Lisbon's time."""
    (folder / "Asia").mkdir()
    lisbon = files("tzdata").joinpath("zoneinfo", "Europe", "Lisbon").read_bytes()
    (folder / "Asia" / "Tokyo").write_bytes(lisbon)
    return {**os.environ, "PYTHONTZPATH": str(folder)}


def test_a_machine_that_disagrees_changes_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        env=machine_that_disagrees(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "22 ['today'] 23 05\n"  # the machine's own day first: it does disagree


def test_the_name_of_a_zone_in_a_text_means_nothing_of_the_machine() -> None:
    code = (
        "from mailweave.liquid.dates import moment\n"
        "texts = '10 March 2026 10:00 EST', '10 March 2026 10:00 UTC', '10 March 2026 10:00 +02:00'\n"
        "print(*(moment(text, None) for text in texts), sep='\\n')"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for zone in ("America/New_York", "UTC", "Asia/Tokyo")
    }
    assert told == {"2026-03-10 10:00:00-05:00\n2026-03-10 10:00:00+00:00\n2026-03-10 10:00:00+02:00\n"}


def test_every_name_of_the_data_base_is_a_zone_and_no_other_is() -> None:
    assert {zone_named(name).key for name in zone_names()} == zone_names()
    assert zone_data_version() == tzdata.IANA_VERSION
    for name in ("localtime", "europe/paris", "../zones", "posix/UTC", "", "Europe"):
        with pytest.raises(InvalidValue, match="does not know"):
            to_zone(name)
        with pytest.raises(InvalidValue, match="does not know"):
            zone_named(name)


def test_only_one_module_makes_zones() -> None:
    engine = ROOT / "engine"
    makers = [path for path in engine.rglob("*.py") if "zoneinfo" in path.read_text(encoding="utf-8")]
    assert [path.name for path in makers] == ["zones.py"]
