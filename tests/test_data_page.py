"""docs/data.md is true: its recipients, events, lists and contexts are given to a campaign."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mailweave import ArgumentError, Campaign, Email, Environment, Selection, Skip, coerce
from mailweave.campaign.saved_recipients import saved_recipient

ROOT = Path(__file__).resolve().parents[1]
SHOP = ROOT / "fixtures" / "docs" / "shop"
PAGE = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
ANN = {"id": "0001", "email": "ann@example.com", "consent": {"marketing": True}}
NOW = "2026-11-22T09:00Z"
ROW = re.compile(r"^\| `(\w+) : [^`]+` \| `([^`]+)` \| `([^`]+)` \|", re.M)


def fenced(language: str) -> list[tuple[str, str]]:
    """What stands behind the language of each block, and its text."""
    return re.findall(rf"^```{language} ?([^\n]*)\n(.*?)^```$", PAGE, re.S | re.M)


@pytest.fixture(scope="module")
def shop() -> Campaign:
    return Environment().compile(SHOP)


def is_mail(shop: Campaign, profile: Any, _: str) -> None:
    """A recipient of whom nothing is left out gets a mail."""
    assert shop.undeclared(profile) == ()
    assert isinstance(shop.render(profile), Email)


def is_skipped(shop: Campaign, profile: Any, code: str) -> None:
    found = shop.render(profile)
    assert isinstance(found, Skip)
    assert found.code == code


def is_bad(shop: Campaign, profile: Any, field: str) -> None:
    found = shop.render(profile)
    assert isinstance(found, Skip)
    assert (found.code, found.field) == ("bad_data", field)


def is_mistake(shop: Campaign, profile: Any, field: str) -> None:
    with pytest.raises(ArgumentError) as refused:
        shop.render(profile)
    assert refused.value.field == field


def is_bad_event(shop: Campaign, event: Any, field: str) -> None:
    found = shop.render(ANN, events=[event])
    assert isinstance(found, Skip)
    assert (found.code, found.field) == ("bad_data", field)


def is_sent(shop: Campaign, event: Any, block: str) -> None:
    """Somebody who gets the block does not get it again so soon."""
    is_event(shop, event, block)
    fan = {**ANN, "lists": {"for_you": ["CD-1"]}}
    shown = [shop.select(fan, events=events, now=datetime.fromisoformat(NOW)) for events in ([], [event])]
    assert [isinstance(one, Selection) and one["products"] for one in shown] == [(block,), ("nothing",)]


def is_event(shop: Campaign, event: Any, _: str) -> None:
    assert shop.undeclared(ANN, events=[event]) == ()
    assert set(event) <= {"type", "at", *shop.schema.events[event["type"]].fields}
    assert isinstance(shop.render(ANN, events=[event]), Email)


def is_context(shop: Campaign, context: Any, _: str) -> None:
    assert context == json.loads((SHOP / "context.json").read_text(encoding="utf-8"))
    email = shop.render({**ANN, "lists": {"for_you": ["CD-2", "CD-9"]}}, context=context)
    assert isinstance(email, Email)
    assert "Paper Orchard" in email.html
    assert "It is wet outside." in email.html


def is_refused(shop: Campaign, context: Any, member: str) -> None:
    with pytest.raises(ArgumentError) as refused:
        shop.snapshot(context)
    assert refused.value.field == member


def is_saved(shop: Campaign, value: Any, _: str) -> None:
    one = saved_recipient(shop, value, "ann.json")
    assert (one.now, one.context) == (value["now"], value["context"])
    email = shop.render(
        one.profile, events=one.events, now=datetime.fromisoformat(value["now"]), context=one.context
    )
    assert isinstance(email, Email)
    assert email.selection["products"] == ("picked",)
    assert "It is dry outside." in email.html


JUDGES: dict[str, Callable[[Campaign, Any, str], None]] = {
    "profile": is_mail,
    "skip": is_skipped,
    "bad": is_bad,
    "event": is_event,
    "bad_event": is_bad_event,
    "mistake": is_mistake,
    "sent": is_sent,
    "context": is_context,
    "refused": is_refused,
    "saved": is_saved,
}


@pytest.mark.parametrize(("kind", "text"), fenced("json"))
def test_what_it_shows_as_json_is_what_a_campaign_takes(shop: Campaign, kind: str, text: str) -> None:
    judge, _, said = kind.partition(" ")
    JUDGES[judge](shop, json.loads(text), said)


def test_there_is_an_example_of_each_kind() -> None:
    assert {kind.partition(" ")[0] for kind, _ in fenced("json")} == set(JUDGES)


def test_the_declarations_are_those_of_the_fixture() -> None:
    ((_, text),) = fenced("rules")
    assert text in (SHOP / "main.rules").read_text(encoding="utf-8")


def attributes(shop: Campaign) -> Iterator[tuple[str, Any, str]]:
    """Each row of the table by type: the name in the data, the value in JSON, the cell."""
    for name, value, cell in ROW.findall(PAGE):
        yield shop.schema.profile[name].column or name, json.loads(value), cell


def test_the_table_has_an_attribute_of_every_type(shop: Campaign) -> None:
    shown, fields = [name for name, _, _ in ROW.findall(PAGE)], shop.schema.profile
    assert {type(fields[name].type) for name in shown} == {type(each.type) for each in fields.values()}


def test_values_of_the_table_are_taken(shop: Campaign) -> None:
    for column, value, _ in attributes(shop):
        assert isinstance(shop.render({**ANN, column: value}), Email), column


def test_cells_of_the_table_are_read_as_those_values(shop: Campaign) -> None:
    def admitted(profile: Any) -> object:
        return shop.decisions.admit(profile, (), NOW, {}).attributes

    for column, value, cell in attributes(shop):
        assert admitted(coerce({**ANN, column: cell}, shop)) == admitted({**ANN, column: value}), column


def test_the_lists_of_csv_are_rendered(tmp_path: Path) -> None:
    pytest.importorskip("duckdb", reason="duckdb is not installed: the extra `batch` brings it")
    from mailweave.batch import run

    for name, text in fenced("csv"):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    people, events = str(tmp_path / "people.csv"), str(tmp_path / "events.csv")
    report = run(SHOP, people, tmp_path / "out", events=events, workers=1, format="jsonl")
    assert (report["recipients"], report["rendered"], report["dead_events"]) == (2, 2, 0)
    assert report["slots"]["products"] == {"picked": 1, "nothing": 1}
    assert report["slots"]["subject"] == {"stay": 1, "hello": 1}
    named = report["undeclared"]
    assert not any(named[kind] for kind in ("columns", "purposes", "events", "properties"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "0 left, 3 there"),
        (
            {"lookups": {"stock": {"CD-1": {"value": 7}, "CD-2": {"value": None, "at": NOW}}}},
            " left, 7 there",
        ),
        ({"lookups": {"stock": {"CD-1": 5}}}, " left, 5 there"),
        ({"weather": "dry"}, "0 left, 3 there"),
    ],
)
def test_templates_see_the_value_of_a_dated_lookup(tmp_path: Path, given: Any, said: str) -> None:
    shutil.copytree(SHOP, tmp_path / "shop")
    settings = tmp_path / "shop" / "campaign.toml"
    read = "{{ context.lookups.stock['CD-2'] }} left, {{ context.lookups.stock['CD-1'] }} there"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("It is {{ context.weather | default: 'dry' }} outside", read), "utf-8")
    campaign = Environment().compile(tmp_path / "shop")
    email = campaign.render(ANN, context=given)
    assert isinstance(email, Email)
    assert f">{said}." in email.html.replace("\n", "")
    assert campaign.context == json.loads((SHOP / "context.json").read_text(encoding="utf-8")), "as given"


def test_rules_know_the_moment_of_a_dated_lookup_beside_templates(shop: Campaign) -> None:
    stale = {"lookups": {"stock": {"CD-1": {"value": 3, "at": "2026-11-20T09:00:00Z"}}}}
    for context in (stale, shop.snapshot(stale)):
        why = shop.explain(ANN, context=context)
        assert [one.member for one in why.segments if one.name == "in_stock"] == [False]
        chosen = shop.select(ANN, context=context)
        assert isinstance(chosen, Selection)
        assert chosen["products"] == ("nothing",), "older than its ttl"
