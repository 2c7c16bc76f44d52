"""The façade: options, data, errors, slots, budgets."""

from __future__ import annotations

import collections
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Budget, BudgetExceeded, Template
from mailweave.liquid.failures import FilterRaised
from mailweave.source import Source

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def code_of(text: str, data: dict[str, Any] | None = None, **options: Any) -> str:
    with pytest.raises(TemplateError) as caught:
        Template.from_string(text, **options).render(data or {})
    return caught.value.diagnostics[0].code


# --- escaping ---


def test_values_are_escaped_and_own_markup_is_not() -> None:
    text = "{% capture c %}<b>{{ n }}</b>{% endcapture %}{{ c }} {{ c | append: n }} {{ n | escape }}"
    expected = "<b>&lt;i&gt;</b> <b>&lt;i&gt;</b>&lt;i&gt; &lt;i&gt;"
    assert Template.from_string(text).render({"n": "<i>"}) == expected


@pytest.mark.parametrize("text", ["{{ v }}", "{{ v | upcase }}", "{{ l[0] }}", "{{ l | join }}", "{{ d.k }}"])
def test_nothing_in_data_is_markup(text: str) -> None:
    hostile = Markup("<B>")
    made = Template.from_string(text).render({"v": hostile, "l": [hostile], "d": {"k": hostile}})
    assert made == "&lt;B&gt;"


def test_safe_needs_trust() -> None:
    assert Template.from_string("{{ v | safe }}").render({"v": "<b>"}) == "&lt;b&gt;"
    assert Template.from_string("{{ v | safe }}", trusted=True).render({"v": "<b>"}) == "<b>"


@pytest.mark.parametrize(
    "value", ["{{ x }}", "{% if %}", "<% x %>", "a {{", "{", "x\x00\x1b[31m", "a\u202eb"]
)
def test_text_is_plain(value: str) -> None:
    made = Template.from_string("[{{ v }}]", escape="text").render({"v": value})
    assert not any(alive in made for alive in ("{{", "{%", "<%", "\x00", "\x1b", "\u202e"))
    assert "{" + made.strip("[]") != "{{"


def test_text_is_not_html() -> None:
    assert Template.from_string("{{ v }}", escape="text").render({"v": "Tom & Jo's <3"}) == "Tom & Jo's <3"


# --- data ---


def test_a_key_may_be_called_self() -> None:
    assert Template.from_string("{{ self }}{{ self.a }}").render({"self": {"a": 1}}).endswith("1")


@pytest.mark.parametrize(
    "value",
    [os.environ, object(), collections.OrderedDict(a=1), collections.defaultdict(int), {1}, b"x", len],
)
@pytest.mark.parametrize(
    "text", ["{{ v }}", "{{ v.a }}", "{% for x in v %}{% endfor %}", "{% if v == 1 %}{% endif %}"]
)
def test_only_plain_data(value: Any, text: str) -> None:
    assert code_of(text, {"v": value}) == "MW408"


def test_constants_win_and_are_folded() -> None:
    template = Template.from_string("{{ c.x | upcase }} {{ n }}", constants={"c": {"x": "fixed"}})
    assert template.render({"c": {"x": "data"}, "n": 1}) == "FIXED 1"
    assert "FIXED" in template.source


def test_now_is_the_caller_s() -> None:
    template = Template.from_string("{{ now | date: '%F' }}")
    assert template.render({}, now=NOW) == "2026-11-22"
    assert template.render({"now": "2020-01-01"}, now=NOW) == "2020-01-01"
    assert template.render({}) == ""


# --- missing names ---


def test_strict() -> None:
    for text in (
        "{{ a }}",
        "{{ a | default: 'x' }}",
        "{% if a %}{% endif %}",
        "{{ d.x.y }}",
        "{% assign b = a %}",
    ):
        assert code_of(text, {"d": {"x": {}}}, undefined="strict") == "MW404"
    assert Template.from_string("{{ a }}", undefined="strict").render({"a": None}) == ""
    assert code_of("{{ b | default: a }}", {"b": "there"}, undefined="strict") == "MW404"


def test_default() -> None:
    for text in ("{{ a }}", "{{ a | upcase }}", "{% for x in a %}{% endfor %}"):
        assert code_of(text, undefined="default") == "MW404"
    text = "{{ a | default: 'x' }}{% if a %}y{% endif %}{% if a == 'b' or d.x %}z{% endif %}"
    template = Template.from_string(text, undefined="default")
    assert (template.render({}), template.deopts) == ("x", 0)


def test_a_missing_name_is_named_with_its_place() -> None:
    with pytest.raises(TemplateError) as caught:
        Template.from_string(Source("hero.html", "a\n {{ user.name }}"), undefined="strict").render(
            {"user": {}}
        )
    found = caught.value.diagnostics[0]
    assert (found.code, str(found.location), "user.name" in found.message) == ("MW404", "hero.html:2:5", True)


# --- mistakes ---


@pytest.mark.parametrize(
    ("text", "code", "help_"),
    [
        ("{{ a | upcas }}", "MW401", "upcase"),
        ("{% fro a in b %}", "MW402", "for"),
        ("{{ ${name} }}", "MW411", "first_name"),
        ("{{#if a}}", "MW411", "{% if %}"),
        ("{{ a) }}", "MW400", ""),
        ("{{ a..b }}", "MW400", "range"),
        ("{% if a %}", "MW400", "endif"),
        ("{% render 'nosuch' %}", "MW409", ""),
        ("{% if '2' < 3 %}{% endif %}", "MW406", ""),
        ("{{ 1 | divided_by: 0 }}", "MW407", ""),
    ],
)
def test_mistakes_are_explained(text: str, code: str, help_: str) -> None:
    with pytest.raises(TemplateError) as caught:
        Template.from_string(text).render({"a": 1})
    found = caught.value.diagnostics[0]
    assert (found.code, help_ in found.help, found.location is not None) == (code, True, True)


def test_several_at_once() -> None:
    with pytest.raises(TemplateError) as caught:
        Template.from_string("{{ a | upcas }}{{ b | downcas }}{% render 'nosuch' %}")
    assert len(caught.value.diagnostics) == 3
    with pytest.raises(TemplateError) as caught:
        Template.from_string("{{ a b }}\n{% fro %}\n{% if %}x{% endif %}\n{{ ok }}{{ | }}")
    assert [str(d.location) for d in caught.value.diagnostics] == [
        *("<template>:1:6", "<template>:2:4", "<template>:3:4", "<template>:4:12"),
    ]


def test_options_are_checked() -> None:
    with pytest.raises(ValueError, match="escape"):
        Template.from_string("", escape="latex")  # type: ignore[arg-type]


# --- slots ---


def test_slots() -> None:
    template = Template.from_string("<p>{% slot 'hero' %}|{% slot \"side\" %}</p>", slots=("hero", "side"))
    data = {"slots": {"hero": "<b>{{ x }}</b>"}}
    assert (template.render(data), template.deopts) == ("<p><b>{{ x }}</b>|</p>", 0)


def test_slots_are_known() -> None:
    assert code_of("{% slot 'hro' %}", slots=("hero",)) == "MW410"
    assert code_of("{% slot 'hero' %}") == "MW402"


@pytest.mark.parametrize(
    "text", ["{% for i in l %}SLOT{% endfor %}", "{% capture c %}<b>SLOT</b>{% endcapture %}"]
)
def test_slots_stand_once(text: str) -> None:
    slot = "{% slot 'hero' %}"
    assert code_of(text.replace("SLOT", slot), slots=("hero",)) == "MW410"
    assert code_of("{% render 'p' %}", slots=("hero",), partials={"p": slot}) == "MW410"


# --- budgets ---


@pytest.mark.parametrize(
    ("budget", "text"),
    [
        (Budget(steps=50), "{% for i in (1..60) %}{% endfor %}"),
        (Budget(steps=100), "{% for i in (1..30) %}{% endfor %}" * 4),
        (Budget(steps=100), "{% for i in (1..9) %}{% render 'p' %}{% endfor %}"),
        (Budget(output=50), "{% for i in (1..60) %}x{% endfor %}"),
        (Budget(output=5), "{{ name }}"),
        (
            Budget(allocation=5_000),
            "{% for i in (1..60) %}{% assign s = s | append: name | append: name %}{% endfor %}",
        ),
        (
            Budget(allocation=5_000),
            "{% capture s %}{% for i in (1..600) %}{{ name }}{% endfor %}{% endcapture %}",
        ),
        (Budget(source=10), "twelve chars"),
        (Budget(nodes=3), "{{ a }}" * 4),
    ],
)
def test_budget(budget: Budget, text: str) -> None:
    with pytest.raises(BudgetExceeded):
        Template.from_string(text, budget=budget, partials={"p": "{{ a }}" * 20}).render(
            {"name": "0123456789"}
        )


def test_over_budget_has_a_place() -> None:
    text = "one\n\n  {% for i in (1..n) %}\n{{ i }}{% endfor %}"
    with pytest.raises(BudgetExceeded) as caught:
        Template.from_string(Source("hero.html", text), budget=Budget(steps=10)).render({"n": 99})
    assert str(caught.value.diagnostics[0].location) == "hero.html:3:3"


def test_both_runners_stop_at_the_same_size() -> None:
    text = "{% for i in l %}{{ i }}{% capture c %}{{ i }}{{ i }}{% endcapture %}{{ c | upcase }}{% endfor %}"
    for limit in range(1, 400, 7):
        for budget in (Budget(steps=limit), Budget(output=limit), Budget(allocation=limit)):
            template = Template.from_string(text, budget=budget)
            ends = set()
            for run in (template.render, lambda data, t=template: t._interpret(data, None)):
                try:
                    ends.add(run({"l": ["abcdefgh" * 40] * 3 if limit % 2 else ["ab"] * 30}))
                except BudgetExceeded as problem:
                    ends.add(problem.diagnostics[0].message)
            assert len(ends) == 1, (limit, budget)


def test_over_budget_is_no_deopt() -> None:
    template = Template.from_string("{% for i in (1..n) %}{% endfor %}", budget=Budget(steps=10))
    with pytest.raises(BudgetExceeded):
        template.render({"n": 1000})
    assert (template.deopts, template.render({"n": 3})) == (0, "")


# --- the generated function ---


def test_what_recurs_is_written_from_either_branch() -> None:
    inner = "{% if b %}{{ a | upcase }}{% else %}{{ a | upcase }}!{% endif %}{{ a | upcase }};"
    text = "{% for x in l %}{% render 'p', a: x, b: forloop.first %}{% endfor %}"
    template = Template.from_string(text, partials={"p": inner})
    assert (template.render({"l": ["x", "y"]}), template.deopts) == ("XX;Y!Y;", 0)
    arms = "{% case a %}{% when 1 %}{% assign v = 1 %}{% when 2 %}{{ v }}{% endcase %}{{ v }}"
    template = Template.from_string(arms)
    assert ([template.render({"a": a, "v": "d"}) for a in (1, 2, 3)], template.deopts) == (
        ["1", "dd", "d"],
        0,
    )


def test_blocks_are_compiled_and_never_handed_back() -> None:
    blocks = sorted((ROOT / "blocks").glob("*/block.html"))
    for path in blocks:
        template = Template.from_string(Source(path.name, path.read_text(encoding="utf-8")))
        template.render({}, now=NOW)
        assert (bool(template.source), template.deopts) == (True, 0), path
    assert blocks


def test_a_partial_that_calls_itself_is_interpreted() -> None:
    partials = {"p": "{{ n }}{% if n > 0 %}{% assign m = n | minus: 1 %}{% render 'p', n: m %}{% endif %}"}
    template = Template.from_string("{% render 'p', n: 3 %}", partials=partials)
    assert (template.render({}), template.source, template.deopts) == ("3210", "", 1)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("{% if a == 1 %}{% capture v %}x{% endcapture %}{% elsif v %}V{% else %}none{% endif %}", "none"),
        ("{% if a == 1 %}{% assign v = 1 %}{% elsif v %}V{% elsif k %}{{ v }}K{% endif %}{{ v }}", "K"),
        ("{% include 'p', k: 3, b: k %}", "33"),
        ("{% render 'p', k: 3, b: k %}", "3[1]"),
    ],
)
def test_what_is_known_is_known_in_its_place_only(text: str, given: str) -> None:
    template = Template.from_string(text, constants={"k": [1]}, partials={"p": "{{ k }}{{ b | json }}"})
    assert (template.render({}), template.deopts) == (given, 0)
    assert template._interpret({}, None) == given


def test_a_partial_goes_on_where_a_loop_of_its_own_stopped() -> None:
    inner = (
        "{% for x in l limit: 2 %}{{ x }}{% endfor %}|{% for x in l offset: continue %}{{ x }}{% endfor %};"
    )
    template = Template.from_string("{% render 'p' %}{% render 'p' %}", partials={"p": inner})
    assert (template.render({"l": [1, 2, 3, 4]}), template.deopts) == ("12|34;12|34;", 0)


def test_template_lines_are_in_tracebacks() -> None:
    def fails(value: object) -> str:
        raise KeyError("own filter")

    template = Template.from_string("line\n\n{{ a | fails }}", filters={"fails": fails}, name="hero.html")
    compiled = template._program.compiled
    assert compiled is not None
    with pytest.raises(FilterRaised) as caught:
        compiled.render({"a": []}, None)
    assert [(entry.path, entry.lineno + 1) for entry in caught.traceback][-2] == ("<liquid hero.html>", 3)
    assert isinstance(caught.value.__cause__, KeyError)


def test_threads_share_a_template() -> None:
    template = Template.from_string("{% for i in l %}{{ i }}{{ n }}{% endfor %}")
    results: list[str] = []
    expected = {n: "".join(f"{i}{n}" for i in range(50)) for n in range(8)}

    def work(n: int) -> None:
        results.extend(template.render({"l": list(range(50)), "n": n}) for _ in range(20))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == sorted([text for text in expected.values() for _ in range(20)])


def test_pieces_are_one_text_now() -> None:
    out = ["<"]
    with pytest.warns(DeprecationWarning, match="render"):
        Template.from_string("a{{ x }}").parts({"x": "&"}, out)
    assert "".join(out) == "<a&amp;"
