"""Whatever is passed to whatever entry: an answer, or an error of ours; never a bare one of Python's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mailweave
from mailweave import Campaign, Environment, MailweaveError

ROOT = Path(__file__).resolve().parents[2]
NAMES = [
    "id",
    "email",
    "first_name",
    "consent",
    "marketing",
    "scores",
    "lists",
    "lookups",
    "catalogs",
    "discs",
]
NAMES += [
    "stock",
    "sku",
    "price",
    "value",
    "at",
    "type",
    "purchase",
    "sent",
    "for_you",
    "orders",
    "birthday",
    "profile",
]
VALUES: list[Any] = [
    None,
    True,
    -1,
    7,
    10**400,
    1.5,
    float("nan"),
    float("-inf"),
    Decimal("sNaN"),
    Decimal("1e999"),
    b"x",
    "x",
]
VALUES += [
    "",
    "half\ud800",
    "a\0b",
    "2026-11-22",
    "2026-11-22T09:00Z",
    datetime(2026, 1, 1),
    object(),
    len,
    dict,
]
VALUES += [
    datetime.max.replace(tzinfo=UTC),
    datetime(2026, 11, 22, tzinfo=UTC),
    pd.NaT,
    np.float32(1),
    np.array([1, 2]),
]
VALUES += [pd.Series([1]), pd.DataFrame([{"id": "1"}]), {1, 2}, range(3), Environment, 1j]
ANN: dict[str, Any] = {"id": "1", "email": "ann@example.com", "consent": {"marketing": True}}


def holders(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    names = st.one_of(st.sampled_from(NAMES), st.text(max_size=3), st.sampled_from([7, None, (1,), 1.5]))
    return st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=2).map(tuple),
        st.lists(inner, max_size=2).map(iter),
        st.dictionaries(names, inner, max_size=4),
    )


def itself() -> Any:
    found: dict[str, Any] = {"id": "1"}
    found["consent"] = found["lists"] = found["lookups"] = found
    return found


junk = st.one_of(
    st.sampled_from(VALUES),
    st.builds(itself),
    st.recursive(st.one_of(st.sampled_from(VALUES), st.text(max_size=4)), holders, max_leaves=12),
)
profiles = st.one_of(
    junk, st.dictionaries(st.sampled_from(NAMES), junk, max_size=4).map(lambda more: {**ANN, **more})
)


@pytest.fixture(scope="module")
def campaigns() -> tuple[Campaign, ...]:
    folders = [ROOT / "fixtures/campaigns" / name for name in ("smallest", "cdnow-winback")]
    lenient = [Environment().compile(folder) for folder in folders]
    return *lenient, Environment(strict=True).compile(folders[1])


def everything(campaign: Campaign, profile: Any, events: Any, now: Any, context: Any) -> dict[str, Any]:
    one = {"events": events, "now": now, "context": context}
    return {
        "render": lambda: campaign.render(profile, **one),
        "decide": lambda: campaign.decide(profile, **one),
        "select": lambda: campaign.select(profile, **one),
        "explain": lambda: campaign.explain(profile, **one),
        "render_many of it": lambda: list(campaign.render_many(profile, **one)),
        "render_many": lambda: list(campaign.render_many([profile, ANN], **one)),
        "by key": lambda: list(
            campaign.render_many([profile, ANN], events={"1": events}, now=now, context=context)
        ),
        "snapshot": lambda: campaign.snapshot(context),
        "undeclared": lambda: campaign.undeclared(profile, events=events),
        "coerce": lambda: mailweave.coerce(profile, campaign),
        "coerce by it": lambda: mailweave.coerce(ANN, events),
        "pinned": lambda: campaign.pinned(now),
    }


def raised(call: Callable[[], object]) -> MailweaveError | None:
    """What of ours a call raises; anything else goes through."""
    try:
        call()
    except MailweaveError as error:
        return error
    return None


def check(campaigns: tuple[Campaign, ...], profile: Any, events: Any, now: Any, context: Any) -> None:
    for campaign in campaigns:
        for name, call in everything(campaign, profile, events, now, context).items():
            error = raised(call)
            assert error is None or (error.diagnostics and str(error)), name


SETTINGS = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
}


@settings(max_examples=60, **SETTINGS)  # type: ignore[arg-type]
@given(
    profiles, junk, junk, junk, st.sets(st.sampled_from(["profile", "events", "now", "context"]), min_size=1)
)
def test_junk_in_and_only_ours_out(
    campaigns: tuple[Campaign, ...], profile: Any, events: Any, now: Any, context: Any, wrong: set[str]
) -> None:
    check(
        campaigns,
        profile if "profile" in wrong else ANN,
        events if "events" in wrong else (),
        now if "now" in wrong else None,
        context if "context" in wrong else None,
    )


@pytest.mark.deep
@settings(max_examples=1500, **SETTINGS)  # type: ignore[arg-type]
@given(
    profiles, junk, junk, junk, st.sets(st.sampled_from(["profile", "events", "now", "context"]), min_size=1)
)
def test_much_junk(
    campaigns: tuple[Campaign, ...], profile: Any, events: Any, now: Any, context: Any, wrong: set[str]
) -> None:
    test_junk_in_and_only_ours_out.hypothesis.inner_test(campaigns, profile, events, now, context, wrong)  # type: ignore[attr-defined]


@pytest.mark.parametrize("at", range(len(VALUES)))
def test_each_kind_of_junk_in_each_place(campaigns: tuple[Campaign, ...], at: int) -> None:
    value = VALUES[at]
    for wrong in ("profile", "events", "now", "context"):
        check(campaigns, **{"profile": ANN, "events": (), "now": None, "context": None, wrong: value})
    for name in NAMES:
        check(
            campaigns[:2],
            {**ANN, name: value},
            [{"type": "purchase", "at": value, name: value}],
            None,
            {name: value},
        )


@settings(max_examples=30, **SETTINGS)  # type: ignore[arg-type]
@given(junk)
def test_junk_as_a_path_or_an_option(path: Any) -> None:
    for call in (
        lambda: Environment(strict=path),
        lambda: Environment().compile(path),
        lambda: Environment().check(path),
        lambda: mailweave.render(path, ANN),
    ):
        error = raised(call)
        assert error is None or error.diagnostics
