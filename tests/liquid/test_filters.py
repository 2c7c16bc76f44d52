"""Our filters: each example of the documentation runs, and none fails but in our way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template
from mailweave.liquid.filters.catalog import GROUPS
from mailweave.liquid.filters.documentation import EXAMPLE_DATA, examples

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_ALL = [one for group in GROUPS.values() for one in group]


def render(text: str, data: dict[str, Any] | None = None, **options: Any) -> str:
    return Template.from_string(text, escape="none", **options).render(data or {}, now=NOW)


@pytest.mark.parametrize(
    ("template", "result"),
    [pytest.param(*example, id=f"{one.name}-{n}") for one in _ALL for n, example in enumerate(examples(one))],
)
def test_example(template: str, result: str) -> None:
    assert render(template, dict(EXAMPLE_DATA)).replace("\xa0", " ") == result


@pytest.mark.parametrize("name", [one.name for one in _ALL])
def test_is_documented(name: str) -> None:
    one = next(one for one in _ALL if one.name == name)
    assert one.run.__doc__
    assert list(examples(one))


_odd: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    10**30,
    2.5,
    float("inf"),
    float("nan"),
    "",
    "x",
    "9" * 300,
    "\ud800",
]
_odd += [
    [],
    {},
    [None],
    [[1], {"k": 1}],
    {"k": None},
    (1, 2),
    Decimal("1.10"),
    Decimal("NaN"),
    date(2026, 1, 1),
    NOW,
]
_odd += ["2026-13-45", "10:30", "now", "%", "{{", [1, "a"], {"size": 999}]
odd = st.sampled_from(_odd)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(name=st.sampled_from(_ALL), value=odd, arguments=st.lists(odd, max_size=3))
def test_leaks_nothing(name: Any, value: Any, arguments: list[Any]) -> None:
    given_names = ", ".join(f"a{n}" for n in range(len(arguments)))
    template = Template.from_string(
        f"{{{{ v | {name.name}{': ' if given_names else ''}{given_names} }}}}", escape="none"
    )
    data = {"v": value} | {f"a{n}": argument for n, argument in enumerate(arguments)}
    assert _end(template, data) in ("text", "MW405", "MW406", "MW407", "MW408")


def _end(template: Template, data: dict[str, Any]) -> str:
    try:
        template.render(data, now=NOW)
    except TemplateError as problem:
        return problem.diagnostics[0].code
    return "text"


def test_errors_show_no_data() -> None:
    with pytest.raises(TemplateError) as caught:
        render("{{ email | divided_by: 0 }}", {"email": "ann@example.com"})
    assert "ann@" not in str(caught.value) + repr(caught.value.diagnostics)


@pytest.mark.parametrize(
    ("template", "result"),
    [
        ("{{ 'now' | date: '%Y-%m-%d %H:%M' }}", "2026-11-22 09:30"),
        ("{{ 'today' | date: '%F' }}", "2026-11-22"),
        ("{{ now | date: '%F' }} {{ today }}", "2026-11-22 2026-11-22"),
        ("{{ '10:30' | date: '%H' }}", "10:30"),
        ("{{ 'March 14, 2016' | date: '%b %d, %y' }}", "Mar 14, 16"),
        ("{{ 0 | date: '%F %T %z' }}", "1970-01-01 00:00:00 +0000"),
        ("{{ '2026-07-01T12:00:00+00:00' | date: '%H:%M %Z' }}", "12:00 UTC"),
        ("{{ '2026-03-05' | date: '%e|%-m|%_m|%j|%^a|%3d|%%|%q' }}", " 5|3| 3|064|THU|005|%|%q"),
    ],
)
def test_dates(template: str, result: str) -> None:
    assert render(template) == result


def test_dates_follow_the_campaign() -> None:
    data = {"campaign": {"timezone": "Europe/Berlin", "locale": "de", "currency": "eur"}}
    text = (
        "{{ '2026-07-01T12:00:00+00:00' | date: '%H:%M' }} "
        "{{ '2026-07-01' | date: 'medium' }} {{ 9.5 | money }}"
    )
    assert render(text, data) == "14:00 01.07.2026 9,50\xa0€"


def test_no_clock_is_read() -> None:
    template = Template.from_string("{{ 'now' | date: '%Y' }}")
    with pytest.raises(TemplateError, match="no `now`"):
        template.render({})
    assert Template.from_string("[{{ now }}{{ today }}]").render({}) == "[]"
