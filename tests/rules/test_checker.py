"""What checking yields: types, normal forms, names resolved, what may be unknown."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from mailweave.rules import CheckedDocument, check, parse
from mailweave.rules import typed as x
from mailweave.rules.checker.nullability import sources
from mailweave.rules.wording import spoken
from mailweave.schema import types as t
from mailweave.source import Source
from mailweave.values.calendar import CalendarWindow
from mailweave.values.durations import DAY

WINBACK = Path(__file__).resolve().parents[2] / "fixtures" / "rules" / "winback.rules"
HEAD = """
timezone tz else "America/New_York"
profile {
  country : enum(US, CA)?
  plan    : enum(free < club < gold)
  orders  : int min 0 max 1_000
  free_n  : int
  mood    : number?
  spent   : money(USD)
  signup  : instant?
  born    : date?
  tags    : set of text needs consent.p
  tz      : zone?
  id      : key
}
event click { url: text, n: int = 1 } keep 90 days
event buy { total: money(USD) } keep forever
consent p
score churn : ratio ttl 7 days else 0.5
score rfm : int by rfm(buy.total) ttl 7 days else unknown
lookup stock(text) : int ttl 15 minutes else 0
let recency = time since last(buy)
let clicks(w, most) = count(click in last w where n >= most)
segment buyers = orders >= 1
tier size {
  big = orders > 9
  otherwise small
}
tier loose {
  big = orders > 9
}
"""


def checked(text: str) -> CheckedDocument:
    found = check(parse(Source("t.rules", HEAD + text)).document)
    assert found.document is not None, [d.message for d in found.diagnostics]
    return found.document


def condition(text: str) -> x.Expr:
    return checked(f"segment it = {text}\n").segments["it"].condition


@pytest.fixture(scope="module")
def winback() -> CheckedDocument:
    source = Source("winback.rules", WINBACK.read_text(encoding="utf-8"))
    found = check(parse(source).document)
    assert found.diagnostics == ()
    assert found.document is not None
    return found.document


@pytest.mark.parametrize(
    "text",
    [
        "orders > 3", "consent.p", "buyers", "not buyers", "click in last 7 days", "never buy", "country is known",
        "count(click) > 3", "sum(buy.total) > 3 USD", "size == big", "score.churn > 0.5",
        'stock("x") > 0', "stock(id) > 0", "orders * 1_000 > 3", "orders - 3 > 1",
        "country is known and country == US", "country is unknown or country == US",
        "country is known and not (country == US)", "mood is known and mood + 1 > 2 and mood is known",
        "recency is known and recency < 3 days", "loose is known and loose == big",
        "country is known and (mood is unknown or mood > 1) and country in (US)",
    ],
)  # fmt: skip
def test_what_is_never_unknown(text: str) -> None:
    found = condition(text)
    if "mood + 1" not in text:  # may leave the range of doubles
        assert sources(found) == frozenset()
        assert not found.optional


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("country == US", {"country"}),
        ("not (country == US)", {"country"}),
        ("country == US and orders > 1", {"country"}),
        ("country is known or country == US", {"country"}),
        ("country is unknown and country == US", {"country"}),
        ("mood > 1 and country is known and country == US", {"mood"}),
        ("recency < 3 days", {"last(buy)"}),
        ("min(buy.total) > 3 USD", {"min(buy.total)"}),
        ("loose == big", {"loose"}),
        ("score.rfm == 555", {"score.rfm"}),
        ('tags contains "a"', {"tags"}),
        ("anniversary of born in next 7 calendar days", {"born"}),
        ("free_n * 2 > 3", {"free_n * 2"}),
        ("orders / orders > 3", {"orders / orders"}),
    ],
)
def test_what_may_be_unknown(text: str, missing: set[str]) -> None:
    found = condition(text)
    assert found.optional
    assert {spoken(each) for each in sources(found)} == missing


@pytest.mark.parametrize(
    ("text", "value", "type_"),
    [
        ("spent > 20.50 USD", 205_000, t.Money("USD")),
        ("mood > 3", 3.0, t.Number()),
        ("score.churn > 1", 1.0, t.Number()),
        ("orders > 1_0", 10, t.Int()),
        ("plan > club", "club", t.Enum(("free", "club", "gold"), True)),
        ("born > 0001-01-02", 2, t.Date()),
        ("signup > 1970-01-01T00:00Z", 0, t.Instant()),
        ("signup > 1970-01-01T00:00", 5 * 3_600_000_000, t.Instant()),
        ("signup > 1970-01-01T01:00:00+01:00", 0, t.Instant()),
        ("recency > 2 weeks", 14 * DAY, t.Duration()),
        ('id == "e\u0301"', "\u00e9", t.Text()),
        ("mood > -2 * 3", -6.0, t.Number()),
    ],
)
def test_constants_have_their_normal_form(text: str, value: object, type_: t.Type) -> None:
    found = condition(text)
    assert isinstance(found, x.Compare)
    if isinstance(found.right, x.Const):
        assert (found.right.value, found.right.type) == (value, type_)
    else:
        assert found.right.type == type_


def test_a_let_is_inlined_with_its_name() -> None:
    found = condition("clicks(14 days, 2) > 3")
    assert isinstance(found, x.Compare)
    assert isinstance(found.left, x.Inlined)
    assert found.left.name == "clicks"
    assert spoken(found.left) == "count(click in last 14 days where n >= 2)"


def test_windows_are_exact_or_whole() -> None:
    exact, whole = condition("signup in next 36 hours"), condition("signup in last 2 calendar months")
    assert isinstance(exact, x.InWindow)
    assert isinstance(whole, x.InWindow)
    assert exact.window == x.ExactWindow(36 * DAY // 24, False)
    assert whole.window == CalendarWindow(2, "month", True)


def test_order_follows_what_speaks_of_what() -> None:
    document = checked("segment a within b = c == x\nsegment b = not buyers\ntier c {\n  x = b\n}\n")
    place = document.order.index
    assert place("buyers") < place("b") < place("c") < place("a")


def test_shadowing_in_where() -> None:
    document = checked('segment it = count(click where url == "a" and n > 1 and orders > 3) > 1\n')
    names = [type(e).__name__ for e in x.walk(document.segments["it"].condition)]
    assert names.count("ItemField") == 2
    assert names.count("Attribute") == 1


def test_the_example(winback: CheckedDocument) -> None:
    assert (winback.name, winback.version, winback.budget) == ("cd-winback", 3, 2_000)
    assert winback.steps <= 2_000
    assert (winback.schema.timezone.attribute, winback.schema.timezone.zone) == ("tz", "America/New_York")
    assert winback.schema.profile["orders"].column == "nb_orders"
    assert winback.schema.events["purchase"].keep is None
    assert winback.schema.events["sent"].keep == 90 * DAY
    assert winback.schema.scores["rfm"].otherwise is None
    assert winback.schema.catalogs["cds"].key == "sku"
    assert [skip.name for skip in winback.skips] == ["no_consent", "complained"]
    assert winback.segments["big_spenders"].within == "customers"
    assert winback.tiers["spend"].answers == ("high", "medium", "low")


def test_the_content_of_the_example(winback: CheckedDocument) -> None:
    content = winback.content
    assert content.slots["subject"].is_text
    assert content.slots["offers"].max == 3
    # the last day in New York, and six in the evening there
    assert content.blocks["hero_vip"].expires == 1_801_458_000_000_000
    assert content.blocks["offer_cart"].expires == 1_798_153_200_000_000
    (matrix,) = content.matrices
    assert [column.policy for column in matrix.columns] == ["first", "priority", "collect"]
    assert matrix.ties == ("least recently sent", "order")
    assert [row.segment for row in matrix.rows][:2] == ["churn_risk", "big_spenders"]
    assert matrix.rows[0].cells[1] is not None
    assert matrix.rows[0].cells[1].number == 80
    experiment = content.experiments["short_hero"]
    assert experiment.holdout == Fraction(1, 20)
    assert [(arm.name, arm.share, arm.block) for arm in experiment.arms] == [
        ("control", Fraction(1, 2), "hero_vip"),
        ("short", Fraction(1, 2), "hero_vip_short"),
    ]


def test_the_tests_of_the_example(winback: CheckedDocument) -> None:
    first, second, *_ = winback.tests
    assert first.profile["lifetime_value"] == "900.00"
    assert first.events[0].fields == {"total": "120.00"}
    assert first.events[0].ago == 130 * DAY
    assert second.lists == {"for_you": ("CD-0007", "CD-0042")}
    assert second.arms == {"short_hero": "short"}
    assert [(fact.kind, fact.name, fact.answers) for fact in first.facts][-2:] == [
        ("slot", "hero", ("hero_winback",)),
        ("slot", "offers", ("offer_generic",)),
    ]


def test_a_text_with_mistakes_yields_no_document() -> None:
    parsed = parse(Source("t.rules", "segment a = = b\nsegment c = 1 == 1\n"))
    found = check(parsed.document)
    assert found.document is None
    assert found.diagnostics == ()
