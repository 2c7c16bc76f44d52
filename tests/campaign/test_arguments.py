"""A caller's mistake is told once, at once, with field, expected and the type that came; a recipient's is a value."""

from __future__ import annotations

import pickle
import shutil
from collections import UserDict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

import mailweave
from mailweave import ArgumentError, Campaign, CampaignError, Email, Environment, MailweaveError, Skip
from mailweave.cli import group

ROOT = Path(__file__).resolve().parents[2]
ANN: dict[str, Any] = {"id": "1", "email": "ann@example.com", "consent": {"marketing": True}}
NAIVE = datetime(2026, 11, 22)
HALF = "half\ud800"
LONG = 10**5000
SELF: dict[str, Any] = {}
SELF["me"] = [SELF]


def named(value: object) -> str:
    return value if isinstance(value, str) and value.isascii() else type(value).__name__


def deep(levels: int) -> dict[str, Any]:
    found: dict[str, Any] = {"end": 1}
    for _ in range(levels):
        found = {"in": [found]}
    return found


@pytest.fixture(scope="module")
def smallest() -> Campaign:
    return Environment().compile(ROOT / "fixtures/campaigns/smallest")


@pytest.fixture(scope="module")
def demo() -> Campaign:
    return Environment().compile(ROOT / "fixtures/campaigns/cdnow-winback")


CONTEXTS: list[tuple[Any, str, str]] = [
    (5, "context", "int"),
    ("lookups", "context", "str"),
    ([], "context", "list"),
    ({"lookups": 5}, "lookups", "int"),
    ({"lookups": []}, "lookups", "list"),
    ({"lookups": {"stock": 5}}, "lookups.stock", "int"),
    ({"lookups": {"stock": {"CD-1": "3"}}}, "lookups.stock.CD-1", "str"),
    ({"lookups": {"stock": {"CD-1": {"value": True}}}}, "lookups.stock.CD-1.value", "bool"),
    ({"lookups": {"stock": {"CD-1": {"value": 3, "at": 7}}}}, "lookups.stock.CD-1.at", "int"),
    ({"lookups": {"stock": {"CD-1": {"value": 3, "at": NAIVE}}}}, "lookups.stock.CD-1.at", "without a zone"),
    ({"lookups": {"stock": {"CD-1": LONG}}}, "lookups.stock.CD-1", "digits"),
    ({"catalogs": 5}, "catalogs", "int"),
    ({"catalogs": {"discs": 5}}, "catalogs.discs", "int"),
    ({"catalogs": {"discs": {"sku": "CD-1"}}}, "catalogs.discs", "dict"),
    ({"catalogs": {"discs": [5]}}, "catalogs.discs[0]", "int"),
    ({"catalogs": {"discs": [{"sku": "CD-1", "title": HALF}]}}, "catalogs.discs[0].title", "surrogate"),
    ({"catalogs": {"discs": iter([])}}, "catalogs.discs", "list_iterator"),
    ({"more": {"weather": [HALF]}}, "more.weather[0]", "surrogate"),
    ({"more": {HALF: 1}}, "more.half\\ud800", "surrogate"),
    ({"more": {(1, 2): 1}}, "more.(tuple)", "tuple"),
    ({"more": LONG}, "more", "digits"),
    ({"more": float("nan")}, "more", "finite"),
    ({"more": [float("-inf")]}, "more[0]", "finite"),
    ({"more": Decimal("NaN")}, "more", "finite"),
    ({"more": Decimal("sNaN")}, "more", "finite"),
    ({"more": Decimal("1e100000")}, "more", "finite"),
    ({"more": pd.NaT}, "more", "not a time"),
    ({"more": b"bytes"}, "more", "bytes"),
    ({"more": {1, 2}}, "more", "set"),
    ({"more": object()}, "more", "object"),
    ({"more": SELF}, "more.me[0]", "itself"),
    (deep(40), "in[0].in[0]", "levels deep"),
]


@pytest.mark.parametrize(("context", "field", "got"), CONTEXTS, ids=named)
def test_a_wrong_context_is_told_before_the_first_recipient(
    demo: Campaign, context: Any, field: str, got: str
) -> None:
    met: list[int] = []

    def people() -> Iterator[dict[str, Any]]:
        met.append(1)
        yield ANN

    for call in (
        lambda: demo.snapshot(context),
        lambda: demo.render(ANN, context=context),
        lambda: demo.decide(ANN, context=context),
        lambda: demo.select(ANN, context=context),
        lambda: demo.explain(ANN, context=context),
        lambda: demo.render_many(people(), context=context),
    ):
        with pytest.raises(ArgumentError) as caught:
            call()
        assert caught.value.field.startswith(field)
        assert got in caught.value.got
        assert caught.value.diagnostics[0].code == "MW041"
        copy = pickle.loads(pickle.dumps(caught.value))
        assert (copy.field, str(copy)) == (caught.value.field, str(caught.value))
    assert not met


def test_a_sound_context_is_taken(demo: Campaign) -> None:
    shared = [{"x": date(2026, 1, 2)}]
    many = {"stock": {"CD-1": {"value": 3, "at": datetime.now(UTC)}, "CD-2": None, "CD-3": 0}}
    for context in (
        {},
        {"lookups": many},
        {"a": shared, "b": shared, "c": None, "d": Decimal("2.50")},
        deep(20),
    ):
        assert demo.snapshot(context).given.items() >= context.items()
        assert demo.snapshot(UserDict(context)).given.items() >= context.items()


def test_what_is_shared_many_times_over_is_looked_at_once(smallest: Campaign) -> None:
    doubled: Any = ["x"]
    for _ in range(50):
        doubled = [doubled, doubled]
    smallest.snapshot({"doubled": doubled})


def test_a_snapshot_belongs_to_its_campaign(smallest: Campaign, demo: Campaign) -> None:
    with pytest.raises(ArgumentError, match="one of another campaign"):
        smallest.render(ANN, context=demo.snapshot())
    again = Environment().compile(ROOT / "fixtures/campaigns/smallest")
    assert isinstance(smallest.render(ANN, context=again.snapshot()), Email)


NOWS = [
    "2026-01-01T00:00:00Z",
    5,
    NAIVE,
    date(2026, 1, 1),
    pd.NaT,
    b"",
    datetime.max.replace(tzinfo=UTC),
    True,
]


@pytest.mark.parametrize("now", NOWS, ids=named)
def test_now_is_a_datetime_with_a_zone(smallest: Campaign, now: Any) -> None:
    for call in (smallest.render, smallest.decide, smallest.select, smallest.explain):
        with pytest.raises(ArgumentError, match="now: expected a datetime with a zone") as caught:
            call(ANN, now=now)
        assert isinstance(caught.value, (TypeError, ValueError))
    with pytest.raises(ArgumentError, match="now"):
        smallest.render_many([ANN], now=now)


@pytest.mark.parametrize(
    "now", [pd.Timestamp("2026-11-22T09:00Z"), pd.Timestamp("2026-11-22 18:00", tz="Asia/Tokyo")]
)
def test_a_timestamp_is_a_datetime(smallest: Campaign, now: Any) -> None:
    found = smallest.render(ANN, now=now)
    assert isinstance(found, Email)
    assert (type(found.now), found.now) == (datetime, datetime(2026, 11, 22, 9, tzinfo=UTC))


@pytest.mark.parametrize("profile", [7, "x", b"x", None, [], [("id", "1")], object(), {"id"}], ids=named)
def test_a_profile_is_a_mapping(smallest: Campaign, profile: Any) -> None:
    for call in (smallest.render, smallest.select, smallest.explain, smallest.undeclared):
        with pytest.raises(ArgumentError, match="profile: expected a mapping"):
            call(profile)
    (found,) = smallest.render_many([profile])
    assert isinstance(found, Skip)
    assert (found.code, found.field) == ("bad_data", "profile")


def test_a_key_that_is_no_text_is_the_callers_mistake(smallest: Campaign) -> None:
    wrong = {**ANN, "id": 7}
    for call in (smallest.render, smallest.select, smallest.explain):
        with pytest.raises(ArgumentError) as caught:
            call(wrong)
        assert (caught.value.field, caught.value.expected, caught.value.got) == ("id", "a text", "int")
    first, second = smallest.render_many([wrong, ANN])
    assert first == Skip("bad_data", "id is not a text: got int", "id")
    assert isinstance(second, Email)


@pytest.mark.parametrize("events", [5, "open", {"type": "open"}, b"", None, object()])
def test_events_are_a_list(smallest: Campaign, events: Any) -> None:
    for call in (smallest.render, smallest.select, smallest.explain, smallest.undeclared):
        with pytest.raises(ArgumentError, match="events: expected a list of events"):
            call(ANN, events=events)
    (found,) = smallest.render_many([ANN], events={"1": events})
    assert isinstance(found, Skip)
    assert found.field == "events"


@pytest.mark.parametrize("profiles", [5, ANN, "x", None, object()])
def test_profiles_come_one_after_the_other(smallest: Campaign, profiles: Any) -> None:
    with pytest.raises(ArgumentError, match="profiles: expected"):
        smallest.render_many(profiles)


@pytest.mark.parametrize("events", [5, "open", b"", [[]], [[], [], []], [[], {"type": "open"}], ((),)])
def test_events_of_many_are_in_step_and_that_is_said_first(smallest: Campaign, events: Any) -> None:
    with pytest.raises(ArgumentError, match="MW042 events"):
        smallest.render_many([ANN, ANN], events=events)


@pytest.mark.parametrize("events", [[()], [(), (), ()], [(), {"type": "open"}]])
def test_events_that_end_early_are_told_in_our_words(smallest: Campaign, events: Any) -> None:
    answers = smallest.render_many(iter([ANN, ANN]), events=iter(events))
    assert isinstance(next(answers), Email)
    with pytest.raises(ArgumentError, match="MW042 events: expected in step"):
        list(answers)


@pytest.mark.parametrize("path", [5, None, b"x", "a\0b", "a" * 10_000, HALF, object()], ids=named)
def test_a_path_is_the_path_of_a_folder(path: Any) -> None:
    for call in (Environment().compile, Environment().check, lambda path: mailweave.render(path, ANN)):
        with pytest.raises(MailweaveError, match=r"path|folder"):
            call(path)


def test_options_are_on_or_off(smallest: Campaign) -> None:
    with pytest.raises(ArgumentError, match="show_pii"):
        smallest.explain(ANN, show_pii="false")  # type: ignore[arg-type]  # the point
    with pytest.raises(ArgumentError, match="strict"):
        Environment(strict=1)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="answers"):
        smallest.decide(ANN, answers="5")  # type: ignore[arg-type]


PROFILES: list[tuple[dict[str, Any], str, str]] = [
    ({"first_name": LONG}, "first_name", "got int"),
    ({"first_name": float("nan")}, "first_name", "got float"),
    ({"first_name": SELF}, "first_name", "got dict"),
    ({"first_name": HALF}, "first_name", "surrogate"),
    ({"email": deep(5000)}, "email", "got dict"),
    ({"consent": SELF["me"]}, "consent", "got list"),
    ({"consent": {"marketing": "true"}}, "consent.marketing", "got str"),
]


@pytest.mark.parametrize(("over", "field", "reason"), PROFILES, ids=named)
def test_wrong_data_of_one_recipient_is_a_skip(
    smallest: Campaign, over: dict[str, Any], field: str, reason: str
) -> None:
    found = smallest.render({**ANN, **over})
    assert isinstance(found, Skip)
    assert (found.code, found.field) == ("bad_data", field)
    assert reason in found.reason
    assert smallest.select({**ANN, **over}) == found
    assert smallest.explain({**ANN, **over}).skip.reason == found.reason  # type: ignore[union-attr]


def test_keys_of_lists_with_too_many_digits_are_refused(demo: Campaign) -> None:
    (found,) = demo.render_many([{**ANN, "lists": {"for_you": [LONG]}}])
    assert isinstance(found, Skip)
    assert found.code == "bad_data"


# ---- names that no rule declares

STRANGE: dict[Any, Any] = {
    **ANN,
    "fist_name": "A",
    "consent.marketing": True,
    7: 1,
    "consent": {"marketing": True, "marketting": True},
    "scores": {"churn": 1},
    "lists": {"for_you": []},
}


def test_undeclared_names_can_be_asked_for(smallest: Campaign) -> None:
    events: list[dict[str, Any]] = [
        {"type": "Open", "profile": "1"},
        {"type": "Open", "profile": "2"},
        {"type": 5},
    ]
    assert [str(name) for name in smallest.undeclared(STRANGE, events=events)] == [
        "fist_name is an attribute that no rule declares: did you mean `first_name`?",
        "consent.marketing is an attribute that no rule declares: did you mean `consent`?",
        "(int) is an attribute that no rule declares",
        "consent.marketting is a purpose that no rule declares: did you mean `marketing`?",
        "scores.churn is a score that no rule declares",
        "lists.for_you is a list that no rule declares",
        "events.Open is a type of event that no rule declares",
        "events.profile is the key of another recipient",
    ]
    assert smallest.undeclared(ANN) == ()


def test_strict_refuses_them_everywhere_alike() -> None:
    path = ROOT / "fixtures/campaigns/smallest"
    campaign = Environment(strict=True).compile(path)
    wrong = {**ANN, "fist_name": "A"}
    found = campaign.render(wrong)
    assert found == Skip(
        "bad_data", "fist_name is an attribute that no rule declares: did you mean `first_name`?", "fist_name"
    )
    assert campaign.select(wrong) == found
    assert campaign.explain(wrong).skip.reason == found.reason  # type: ignore[union-attr]
    assert list(campaign.render_many([wrong])) == [found]
    assert mailweave.render(path, wrong, strict=True) == found
    assert isinstance(campaign.render(ANN), Email)
    stranger = campaign.render(
        ANN, events=iter([{"type": "open", "at": "2026-01-01T00:00Z", "profile": "2"}])
    )
    assert isinstance(stranger, Skip)
    assert stranger.field == "events.open"


# ---- what stands in files


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            '{"n": ' + "1" * 5000 + "}",
            "MW002 invalid-json: this is not JSON: a number in it has too many digits",
        ),
        ("[" * 100_000, "MW002 invalid-json: this is not JSON: it is nested too deeply"),
        (
            '{"lookups": 5}',
            "MW041 unusable-context: the context cannot be used: lookups: expected a mapping, got int",
        ),
        ('{"more": NaN}', "MW002 invalid-json: this is not JSON: NaN and Infinity are no numbers of JSON"),
        ('{"more": "\\ud800"}', "more: expected plain data"),
    ],
    ids=["digits", "depth", "shape", "nan", "surrogate"],
)
def test_a_context_in_a_file_is_checked_with_the_campaign(tmp_path: Path, text: str, problem: str) -> None:
    folder = tmp_path / "campaign"
    shutil.copytree(ROOT / "fixtures/campaigns/smallest", folder)
    settings = folder / "campaign.toml"
    settings.write_text('context = "context.json"\n' + settings.read_text(), encoding="utf-8")
    (folder / "context.json").write_text(text, encoding="utf-8")
    found = Environment().check(folder)
    assert next(d.location.name if d.location else d.place for d in found).endswith("context.json")
    assert problem in f"{found[0].code} {found[0].name}: {found[0].message}"
    with pytest.raises(CampaignError):
        Environment().compile(folder)


def test_a_profile_in_a_file_says_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "ann.json").write_text('{"id": ' + "1" * 5000 + "}", encoding="utf-8")
    command = ["render", str(ROOT / "fixtures/campaigns/smallest"), "--profile", str(tmp_path / "ann.json")]
    done = CliRunner().invoke(group, command)
    assert (done.exit_code, "too many digits" in done.output) == (1, True)
