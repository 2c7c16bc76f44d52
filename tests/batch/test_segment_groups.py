"""`mailweave segments --by`: groups counted as each recipient is decided, with intervals, and no personal data."""

from __future__ import annotations

import csv
import json
from collections import Counter
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from mailweave import Campaign, Environment
from mailweave.batch.intervals import wilson
from mailweave.cli.segments import command as segments
from mailweave.decisions import Selection

ROOT = Path(__file__).resolve().parents[2]
SPRING = ROOT / "fixtures" / "diff" / "spring" / "new"
NOW = "2026-11-22T09:00:00Z"
ATTRIBUTES = """  city       : text?
  loyal      : bool?
  spent      : money(USD)?
  born       : date?
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The campaign with an attribute of each kind that makes groups, none of which a rule reads."""
    into = tmp_path_factory.mktemp("campaign")
    (into / "campaign.toml").write_bytes((SPRING / "campaign.toml").read_bytes())
    text = (SPRING / "main.rules").read_text(encoding="utf-8")
    text = text.replace("  plan       :", ATTRIBUTES + "  plan       :")
    (into / "main.rules").write_text(text, encoding="utf-8")
    return into


def people() -> list[dict[str, Any]]:
    found = []
    for at in range(200):
        who: dict[str, Any] = {"id": f"p{at}", "email": f"p{at}@example.org", "orders": at % 7}
        who |= {"plan": "free" if at % 3 else "club", "consent": {"marketing": at % 11 != 0}}
        who |= {"city": "Rome"} if at % 2 else {"city": f"village{at}"} if at % 5 == 0 else {}
        who |= {"loyal": at % 4 == 0} if at % 9 else {}
        who |= {"spent": f"{at}.50", "born": f"19{50 + at % 50}-05-17"} if at % 8 else {}
        found.append(who)
    return found


def listed(folder: Path, form: str) -> Path:
    path = folder / f"people.{form}"
    if form == "jsonl":
        path.write_text("".join(json.dumps(who) + "\n" for who in people()), encoding="utf-8")
        return path
    names = ["id", "email", "orders", "plan", "city", "loyal", "spent", "born", "consent.marketing"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        for who in people():
            marketing = str(who.pop("consent")["marketing"]).lower()
            loyal = {"loyal": str(who["loyal"]).lower()} if "loyal" in who else {}
            writer.writerow({**who, **loyal, "consent.marketing": marketing})
    return path


def counted(folder: Path, form: str, *more: str) -> dict[str, Any]:
    arguments = [
        str(folder),
        "--profiles",
        str(listed(folder, form)),
        "--now",
        NOW,
        "--format",
        "json",
        *more,
    ]
    result = CliRunner().invoke(segments, arguments)
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def by_hand(campaign: Campaign, group: Any) -> dict[str, tuple[int, int, Counter[str]]]:
    """Each group's recipients, mailed, and blocks of the hero, one recipient after the other."""
    found: dict[str, tuple[int, int, Counter[str]]] = {}
    for who in people():
        chosen = campaign.decisions.select(who, now=NOW)
        members, mailed, blocks = found.get(group(who), (0, 0, Counter()))
        got = isinstance(chosen, Selection)
        blocks.update(chosen["hero"] if isinstance(chosen, Selection) else ())
        found[group(who)] = members + 1, mailed + got, blocks
    return found


GROUPS = {
    "plan": lambda who: who["plan"],
    "loyal": lambda who: {True: "true", False: "false", None: "(missing)"}[who.get("loyal")],
    "city": lambda who: (
        "Rome" if who.get("city") == "Rome" else "(other)" if who.get("city") else "(missing)"
    ),
}


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.parametrize("by", sorted(GROUPS))
def test_groups_are_counted_as_each_is_decided(by: str, form: str, folder: Path) -> None:
    wanted = by_hand(Environment().compile(folder), GROUPS[by])
    told = counted(folder, form, "--by", by)
    assert told["by"] == by
    groups = {group["group"]: group for group in told["groups"]}
    assert set(groups) == set(wanted)
    for name, (members, mailed, blocks) in wanted.items():
        group = groups[name]
        assert (group["recipients"], group["mailed"], group["small"]) == (members, mailed, members < 30)
        heroes = {s["block"]: s for s in group["shares"] if s["name"] == "hero" and s["kind"] == "block"}
        assert {block: share["recipients"] for block, share in heroes.items()} == dict(blocks)
        for block, share in heroes.items():
            assert share["share"] == blocks[block] / mailed
            assert (share["low"], share["high"]) == wilson(blocks[block], mailed)


@pytest.mark.parametrize(
    ("by", "cuts", "labels"),
    [
        ("orders", "2,5", ["below 2", "from 2 to below 5", "from 5"]),
        (
            "spent",
            "50,150.5",
            ["below 50.00 USD", "from 50.00 USD to below 150.50 USD", "from 150.50 USD", "(missing)"],
        ),
        ("born", "1970-01-01", ["below 1970-01-01", "from 1970-01-01", "(missing)"]),
    ],
)
def test_ranges_begin_where_they_are_cut(by: str, cuts: str, labels: list[str], folder: Path) -> None:
    told = counted(folder, "csv", "--by", by, "--cuts", cuts)
    assert [group["group"] for group in told["groups"]] == labels
    assert sum(group["recipients"] for group in told["groups"]) == told["recipients"]


def test_without_cuts_ranges_are_of_about_the_same_size(folder: Path) -> None:
    groups = counted(folder, "jsonl", "--by", "spent")["groups"]
    sizes = [group["recipients"] for group in groups if group["group"] != "(missing)"]
    assert len(sizes) == 4
    assert max(sizes) - min(sizes) <= 2


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--by", "email"], "it says who somebody is"),
        (["--by", "id"], "it says who somebody is"),
        (["--by", "plam"], "did you mean `plan`?"),
        (["--by", "plan", "--cuts", "free"], "no ranges to cut"),
        (["--by", "orders", "--cuts", "many"], "is no int to cut at\n  --> --cuts many\n"),
    ],
)
def test_what_makes_no_groups_is_refused(more: list[str], why: str, folder: Path) -> None:
    result = CliRunner().invoke(segments, [str(folder), "--profiles", str(listed(folder, "jsonl")), *more])
    assert result.exit_code == 1
    assert why in result.stderr


def test_a_rare_text_is_never_printed(folder: Path) -> None:
    for form in ("text", "json"):
        arguments = [
            str(folder),
            "--profiles",
            str(listed(folder, "jsonl")),
            "--by",
            "city",
            "--format",
            form,
        ]
        assert "village" not in CliRunner().invoke(segments, arguments).output


def test_small_groups_are_flagged(folder: Path) -> None:
    arguments = [str(folder), "--profiles", str(listed(folder, "jsonl")), "--by", "city", "--now", NOW]
    shown = CliRunner().invoke(segments, arguments).output
    assert "* fewer than 30 recipients: (other)" in shown
    assert "Rome*" not in shown


# ---- intervals


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_published_examples(count: int, of: int, low: float, high: float) -> None:
    """Method 3 of R. G. Newcombe, Statistics in Medicine 17, 1998, table I."""
    assert wilson(count, of) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 100_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_end_is_where_the_score_test_just_rejects(drawn: tuple[int, int]) -> None:
    """The interval by its definition: both ends lie 1.96 of their own standard errors from what was counted."""
    count, of = drawn
    share = count / of
    for end in wilson(count, of):
        if 0 < end < 1:
            assert abs(share - end) / sqrt(end * (1 - end) / of) == pytest.approx(1.959964, rel=1e-4)
    low, high = wilson(count, of)
    assert 0 <= low <= share <= high <= 1
